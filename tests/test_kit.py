"""The students' kit: installs alone, works, and holds no key."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cmlib.authoring import kit
from cmlib.errors import Explained


@pytest.fixture(scope="module")
def archive(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kit.build_kit(clone, tmp_path_factory.mktemp("kit") / "kit")


def test_the_kit_installs_and_prepares_the_work_without_the_clone(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    unpacked = folder / "cmlib-kit"
    wheel = next(unpacked.glob("*.whl"))
    site = folder / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import cmlib.cli, cmlib.data, cmlib.lab\n"
        f"assert cmlib.__file__.startswith({str(site)!r}), cmlib.__file__\n"
        "from cmlib.cases import case_study\n"
        "assert len(case_study('alice', 'tp1').posts) > 200\n"
        "from cmlib.networks import NETWORKS, sheet\n"
        "assert all(len(sheet(network).rules) for network in NETWORKS)\n"
        "from cmlib.charts import reach_curve\n"
        "reach_curve([0.3, 0.42]).savefig('courbe.png')\n"
        "assert not cmlib.cli.IS_TRAINER and list(cmlib.cli.main.commands) == ['lab', 'scenarios']\n"
        "print(cmlib.lab.default_folder(), cmlib.lab.prepare(cmlib.lab.default_folder()))"
    )
    # -S keeps the clone's editable install out; the libraries are still needed.
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.append({libraries!r})\n{code}"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (unpacked / "travail" / "tp1" / "tp1.ipynb").is_file()


def test_the_kit_holds_no_key(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    wheel = next((folder / "cmlib-kit").glob("*.whl"))
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        assert "cmlib/_exercises/tp1/tp1.ipynb" in names
        assert not [name for name in names if "grading" in name or "authoring" in name or "solutions" in name]
        everything = b"".join(opened.read(name) for name in names)
    assert b'"c02": "opportunites"' not in everything
    assert b"c02', 'opportunites" not in everything


def test_the_instructions_name_the_wheel_and_open_in_notepad(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        text = opened.read("cmlib-kit/LISEZMOI.txt")
        wheel = next(Path(name).name for name in opened.namelist() if name.endswith(".whl"))
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(wheel.encode()) == 3
    assert b"\r\n" in text


def test_a_kit_that_would_leak_is_not_built(clone: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "FORBIDDEN", ("cmlib/tp/",))
    with pytest.raises(Explained, match="corrigés"):
        kit.build_kit(clone, folder / "kit")
    assert not (folder / "kit").exists()
