"""The students' Lab: a working folder that is never overwritten, and JupyterLab in French."""

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path

from cmlib.data import PACKAGE, bundled, is_clone
from cmlib.errors import Explained, reason

HOME_NOTEBOOK = "accueil.ipynb"
CONFIG = PACKAGE / "jupyter"
TRAINER_CONFIG = PACKAGE / "jupyter-formateur"


def default_folder() -> Path:
    """Return where TPs are done: ``travail/`` in the clone, or in the current folder for a student's kit."""
    return (PACKAGE.parent if is_clone() else Path.cwd()) / "travail"


def prepare(folder: Path) -> list[str]:
    """Copy what is missing from the working folder: the home notebook, each chapter and each TP; never overwrite anything.

    A chapter has a folder of its own, as a TP does: its answers are kept beside it.

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
    wanted |= {tp.name: tp for tp in sorted(bundled("exercises").iterdir()) if (tp / f"{tp.name}.ipynb").is_file()}
    wanted |= {f"{path.stem}/{path.name}": path for path in sorted(bundled("notebooks").glob("chapitre*.ipynb"))}
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in wanted.items():
            target = folder / name
            if os.path.lexists(target) or (os.path.lexists(target.parent) and not target.parent.is_dir()):
                continue  # a link to a drive that is not plugged in is somebody's work too
            target.parent.mkdir(exist_ok=True)
            _copy(source, target)
            copied.append(name)
    except OSError as error:
        raise Explained(f"Le dossier « {folder} » refuse l’écriture ({reason(error)}) : choisissez-en un autre.") from error
    return copied


def environment(config: Path = CONFIG) -> dict[str, str]:
    """Return the environment of a Lab in French, without news nor update check; the students' has nbgrader's tools off."""
    paths = [str(config), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def command(folder: Path, *options: str, url: str = f"/lab/tree/{HOME_NOTEBOOK}") -> list[str]:
    """Return the command line that opens JupyterLab on a page of a folder: the home notebook by default."""
    settings = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={url}", f"--ServerApp.default_url={url}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container: JupyterLab would refuse to start
        settings.append("--allow-root")
    return [sys.executable, "-m", "jupyterlab", *settings, *options]


def open_lab(folder: Path, *options: str) -> int:
    """Open the students' JupyterLab and wait until it is closed; return its exit code."""
    return _run(command(folder, *options), environment(), folder)


def trainers_environment() -> dict[str, str]:
    """Return the environment of the trainer's Lab: nbgrader's tools on, and nothing loaded from a network."""
    surroundings = environment(TRAINER_CONFIG)
    # formgrader's pages would load MathJax from a CDN: our template of that name comes first, and loads nothing.
    surroundings["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TRAINER_CONFIG), os.environ.get("JUPYTER_PATH")]))
    # formgrader calls « alembic » by name, which an environment that is not activated does not find.
    surroundings["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), surroundings.get("PATH", "")])
    return surroundings


def open_formgrader(course: Path, *options: str) -> int:
    """Open the trainer's JupyterLab on a course folder, nbgrader's tools on; return its exit code."""
    return _run(command(course, *options, url="/lab"), trainers_environment(), course)


def _run(line: list[str], surroundings: dict[str, str], folder: Path) -> int:
    try:
        return subprocess.call(line, env=surroundings, cwd=folder)  # noqa: S603 (our own command)
    except KeyboardInterrupt:
        return 0


def _copy(source: Path, target: Path) -> None:
    """Copy beside, then rename: an interrupted copy is never mistaken for a TP."""
    with tempfile.TemporaryDirectory(prefix=".cmlib-", dir=target.parent) as work:
        partial = Path(work) / target.name
        if source.is_dir():
            shutil.copytree(source, partial, copy_function=shutil.copyfile)
            for path in [partial, *partial.rglob("*")]:
                path.chmod(path.stat().st_mode | stat.S_IWUSR)  # the kit itself may be installed read-only
        else:
            shutil.copyfile(source, partial)
        with suppress(FileExistsError):  # another Lab, opened at the same time, has just copied it
            partial.rename(target)
