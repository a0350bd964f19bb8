"""The data are found wherever the kit is, never in the working directory."""

import subprocess
import sys
from pathlib import Path

import pytest

from cmlib import data
from cmlib.cases import Case
from cmlib.errors import Explained


def test_datasets_may_be_chosen_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "brands").mkdir()
    monkeypatch.setenv("CMLIB_DATASETS", str(folder))
    assert data.datasets() == folder.resolve()
    monkeypatch.setenv("CMLIB_DATASETS", str(folder / "rien"))
    with pytest.raises(Explained, match="CMLIB_DATASETS"):
        data.datasets()


def test_datasets_are_never_taken_from_the_working_directory(folder: Path) -> None:
    """A submission could hold a folder named datasets."""
    forged = folder / "datasets" / "brands" / "velambule"
    forged.mkdir(parents=True)
    (forged / "marque.yml").write_text("nom: volée\n", encoding="utf-8")
    code = "from cmlib.cases import Case; print(len(Case('velambule', 0, 'essai').posts))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(Case("velambule", 0, "essai").posts)
