"""The students' kit: the library without grading nor authoring, the TPs without keys, and how to install them."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from cmlib.errors import Explained

README = Path(__file__).with_name("LISEZMOI.txt")
FORBIDDEN = ("solutions/", "cmlib/grading/", "cmlib/authoring/", "tests/")
FORBIDDEN_TEXT = (b"HIDDEN TESTS", b"MARK SCHEME", b"tp.marking(")


def build_kit(root: Path, folder: Path) -> Path:
    """Build the kit of a clone.

    Parameters
    ----------
    root
        The clone.
    folder
        Emptied, then filled with the wheel, the pinned versions and the instructions, and their zip archive.

    Returns
    -------
    Path
        The archive to give to students.

    Raises
    ------
    Explained
        If the wheel cannot be built, or if it would hold a correction.
    """
    shutil.rmtree(folder, ignore_errors=True)
    contents = folder / "cmlib-kit"
    contents.mkdir(parents=True)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(contents)]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    if done.returncode:
        raise Explained(f"Le kit n’a pas pu être construit : {done.stderr.strip().splitlines()[-1]}")
    wheel = next(contents.glob("*.whl"))
    leaks = leaks_in(wheel)
    if leaks:
        shutil.rmtree(folder)
        raise Explained(f"Le kit contiendrait des corrigés ({', '.join(leaks)}) : il n’a pas été construit.")
    shutil.copyfile(root / "requirements.lock", contents / "versions.txt")
    shutil.copyfile(root / "environment.yml", contents / "environment.yml")
    text = README.read_text(encoding="utf-8").replace("{wheel}", wheel.name)
    # Opened with Notepad by students on Windows: a byte order mark and its line endings.
    (contents / README.name).write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode("utf-8"))
    return Path(shutil.make_archive(str(folder / "cmlib-kit"), "zip", folder, "cmlib-kit"))


def leaks_in(wheel: Path) -> list[str]:
    """Return the names of the files of a wheel that belong to the trainer."""
    with zipfile.ZipFile(wheel) as archive:
        return [
            name
            for name in archive.namelist()
            if name.startswith(FORBIDDEN)
            or (name.endswith(".ipynb") and any(text in archive.read(name) for text in FORBIDDEN_TEXT))
        ]
