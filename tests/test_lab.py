"""The working folder: made when missing, never overwritten."""

import json
import os
import shutil
from pathlib import Path

import pytest

from cmlib import lab
from cmlib.errors import Explained

CLONE = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(path.stem for path in (CLONE / "notebooks").glob("chapitre*.ipynb"))
TPS = sorted(path.name for path in (CLONE / "exercises").iterdir() if path.is_dir())
EVERYTHING = ["accueil.ipynb", *TPS, *(f"{name}/{name}.ipynb" for name in CHAPTERS)]


def test_the_folder_is_filled_once_and_never_overwritten(folder: Path) -> None:
    assert lab.prepare(folder) == EVERYTHING
    (folder / "tp1" / "reponses.json").write_text("{}", encoding="utf-8")
    (folder / "tp1" / "tp1.ipynb").write_text("travail", encoding="utf-8")
    (folder / "accueil.ipynb").unlink()
    assert lab.prepare(folder) == ["accueil.ipynb"]
    assert (folder / "tp1" / "tp1.ipynb").read_text(encoding="utf-8") == "travail"
    assert sorted(path.name for path in folder.iterdir()) == sorted(["accueil.ipynb", *TPS, *CHAPTERS])


def test_an_interrupted_copy_leaves_no_half_tp(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(source: object, target: object, **_: object) -> None:
        Path(str(target)).mkdir()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", interrupted)
        with pytest.raises(Explained, match="refuse l’écriture"):
            lab.prepare(folder)
    assert not (folder / "tp1").exists()
    assert "tp1" in lab.prepare(folder)


@pytest.mark.posix
def test_work_on_a_drive_that_is_not_plugged_in_is_left_alone(folder: Path) -> None:
    (folder / "tp1").symlink_to(folder / "absent", target_is_directory=True)
    assert lab.prepare(folder) == [name for name in EVERYTHING if name != "tp1"]
    assert (folder / "tp1").is_symlink()


@pytest.mark.posix
def test_a_kit_installed_read_only_gives_a_folder_that_can_be_written(
    clone: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = folder / "kit"
    shutil.copytree(clone / "exercises", kit / "exercises")
    shutil.copytree(clone / "notebooks", kit / "notebooks")
    for path in sorted(kit.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setattr(lab, "bundled", lambda name: kit / name)
    lab.prepare(folder / "travail")
    for path in (folder / "travail").rglob("*"):
        assert path.stat().st_mode & 0o200
    for path in [kit, *kit.rglob("*")]:
        path.chmod(0o755)


def test_a_folder_that_cannot_be_made_is_one_sentence(folder: Path) -> None:
    (folder / "fichier").touch()
    with pytest.raises(Explained, match="choisissez-en un autre"):
        lab.prepare(folder / "fichier" / "travail")


def test_the_students_lab_is_in_french_without_news_nor_grading_tools() -> None:
    first = Path(lab.environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
    settings = json.loads((first / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "fr_FR"
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    extensions = json.loads((first / "jupyter_server_config.json").read_text(encoding="utf-8"))["ServerApp"][
        "jpserver_extensions"
    ]
    assert not any(extensions.values())
