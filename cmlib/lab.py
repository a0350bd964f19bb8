"""The students' Lab: a working folder that is never overwritten, and JupyterLab in French."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cmlib.data import PACKAGE, bundled, is_clone
from cmlib.errors import Explained

HOME_NOTEBOOK = "accueil.ipynb"
CONFIG = PACKAGE / "jupyter"


def default_folder() -> Path:
    """Return where TPs are done: ``travail/`` in the clone, or in the current folder for a student's kit."""
    return (PACKAGE.parent if is_clone() else Path.cwd()) / "travail"


def prepare(folder: Path) -> list[str]:
    """Copy what is missing from the working folder: the home notebook and each TP; never overwrite anything.

    Returns
    -------
    list of str
        Names copied.

    Raises
    ------
    Explained
        If the folder cannot be written.
    """
    wanted = {HOME_NOTEBOOK: bundled("notebooks") / HOME_NOTEBOOK}
    wanted |= {tp.name: tp for tp in sorted(bundled("exercises").iterdir()) if tp.is_dir()}
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in wanted.items():
            target = folder / name
            if target.exists():
                continue
            # Copied beside, then renamed: an interrupted copy is not mistaken for a TP.
            partial = folder / f".{name}.partiel"
            _remove(partial)
            shutil.copytree(source, partial) if source.is_dir() else shutil.copyfile(source, partial)
            partial.rename(target)
            copied.append(name)
    except OSError as error:
        raise Explained(
            f"Le dossier de travail « {folder} » refuse l’écriture ({error.strerror}) : choisissez-en un autre."
        ) from error
    return copied


def environment() -> dict[str, str]:
    """Return the environment of the students' Lab: French, no news, no update check, nbgrader's tools off."""
    paths = [str(CONFIG), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def command(folder: Path, *options: str) -> list[str]:
    """Return the command line that opens JupyterLab on the home notebook of a working folder."""
    url = f"/lab/tree/{HOME_NOTEBOOK}"
    settings = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={url}", f"--ServerApp.default_url={url}"]
    return [sys.executable, "-m", "jupyterlab", *settings, *options]


def open_lab(folder: Path, *options: str) -> int:
    """Open JupyterLab and wait until it is closed; return its exit code."""
    try:
        return subprocess.call(command(folder, *options), env=environment(), cwd=folder)  # noqa: S603 (our own command)
    except KeyboardInterrupt:
        return 0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
