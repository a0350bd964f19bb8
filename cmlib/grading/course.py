"""A course folder: its TPs, their release, their registration in nbgrader's gradebook."""

import logging
import os
import shutil
import sysconfig
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from traitlets.log import get_logger

from cmlib.errors import Explained
from cmlib.grading.config import configure
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME

LOG_NAME = "nbgrader.log"


class Course:
    """A folder with ``solutions/`` and ``exercises/``, and what nbgrader adds to it.

    Parameters
    ----------
    root
        The course folder; the clone itself, or any folder with an ``nbgrader_config.py`` like ours.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if set(str(self.root)) & set("[]*?%#"):  # nbgrader searches by patterns, and its gradebook has an address
            raise Explained(f"Le chemin « {self.root} » contient l’un des signes [ ] * ? % # : renommez ce dossier.")

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open nbgrader's gradebook of this folder, made if it is not there."""
        with scripts_on_path(), Gradebook(CourseDirectory(config=self.config()).db_url) as gradebook:
            yield gradebook

    def config(self) -> Config:
        """Return nbgrader's configuration for this folder: its own file if it has one, else ours."""
        path = self.root / "nbgrader_config.py"
        if path.is_file():
            config: Config = PyFileConfigLoader(path.name, path=str(self.root)).load_config()
        else:
            config = Config()
            configure(config)
        config.CourseDirectory.root = str(self.root)
        return config

    def tps(self) -> list[str]:
        """Short names of the TPs, in order."""
        return sorted(path.parent.name for path in self.root.glob("solutions/*/*.ipynb") if path.stem == path.parent.name)

    def source_folder(self, tp: str) -> Path:
        """Return the folder where a TP is edited.

        Raises
        ------
        Explained
            If there is no such TP, or if the folder holds a file that would overwrite students' answers.
        """
        folder = self.root / "solutions" / tp
        if not (folder / f"{tp}.ipynb").is_file():
            raise Explained(
                f"Il n’y a pas de TP « {tp} » : « solutions/{tp}/{tp}.ipynb » manque. TP connus : {', '.join(self.tps())}."
            )
        for name in (SHEET_NAME, BACKUP_NAME):
            if (folder / name).exists():
                # nbgrader copies every file of this folder over the submission.
                raise Explained(f"« solutions/{tp}/{name} » écraserait les réponses de tous les étudiants : déplacez ce fichier.")
        return folder

    def release_notebook(self, tp: str) -> Path:
        """Return the notebook that students receive.

        Raises
        ------
        Explained
            If the TP has not been released.
        """
        path = self.root / "exercises" / tp / f"{tp}.ipynb"
        if not path.is_file():
            raise Explained(f"Le TP « {tp} » n’a pas de version étudiante : lancez « cmlib release {tp} ».")
        return path

    def release(self, tp: str) -> Path:
        """Generate the students' version of a TP, without the gradebook, and swap it into ``exercises/``.

        Returns
        -------
        Path
            The folder released.
        """
        check_source(self.source_folder(tp) / f"{tp}.ipynb")
        target = self.root / "exercises" / tp
        with tempfile.TemporaryDirectory(prefix="cmlib-") as work:
            try:
                generated = self._generate(tp, Path(work), no_database=True)
            except NbGraderException as error:
                raise Explained(f"nbgrader n’a pas pu publier « {tp} » : la fin de nbgrader.log dit pourquoi.") from error
            staged = target.with_name(f".{tp}.new")
            shutil.rmtree(staged, ignore_errors=True)
            shutil.copytree(generated, staged)
        if target.exists():
            shutil.rmtree(target)
        staged.rename(target)
        return target

    def register(self, tp: str) -> bool:
        """Make the gradebook know the cells of a TP as they are now; return whether it had to change.

        Raises
        ------
        Explained
            If copies are graded already and cells have been added or removed since.
        """
        source = self.source_folder(tp) / f"{tp}.ipynb"
        with self.gradebook() as gradebook:
            if _registered_cells(gradebook, tp) == _nbgrader_cells(source):
                return False
        check_source(source)
        with tempfile.TemporaryDirectory(prefix="cmlib-") as work:
            released = self._generate(tp, Path(work), no_database=True) / f"{tp}.ipynb"
            if _nbgrader_cells(released) != _nbgrader_cells(self.release_notebook(tp)):
                raise Explained(
                    f"« exercises/{tp} » n’est plus à jour : lancez « cmlib release {tp} », puis corrigez de nouveau."
                )
        try:
            with tempfile.TemporaryDirectory(prefix="cmlib-") as work:
                self._generate(tp, Path(work), no_database=False)
        except NbGraderException as error:
            raise Explained(
                f"Le TP « {tp} » a gagné ou perdu des cellules depuis que des copies sont notées : enregistrez-le sous un "
                f"autre nom, par exemple « {tp}b », dans « solutions/ »."
            ) from error
        return True

    def _generate(self, tp: str, work: Path, no_database: bool) -> Path:
        config = self.config()
        config.CourseDirectory.release_directory = str(work)
        config.CourseDirectory.assignment_id = tp
        config.GenerateAssignment.no_database = no_database
        config.GenerateAssignment.force = True
        config.SaveCells.enabled = not no_database
        run_nbgrader(GenerateAssignment, config, self.root)
        return work / tp


def run_nbgrader(converter: type[BaseConverter], config: Config, root: Path) -> None:
    """Run one of nbgrader's converters; what it says goes to ``nbgrader.log``, not to a trainer's screen.

    Raises
    ------
    NbGraderException
        If it fails; the log has the details.
    """
    log = get_logger()
    if isinstance(log, logging.LoggerAdapter):
        log = log.logger
    kept, level, propagate = log.handlers[:], log.level, log.propagate
    handler = logging.FileHandler(root / LOG_NAME, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    told: list[warnings.WarningMessage] = []
    try:
        with scripts_on_path(), warnings.catch_warnings(record=True) as recorded:
            warnings.simplefilter("always")
            told = recorded
            converter(coursedir=CourseDirectory(config=config), config=config).start()
    finally:
        for warning in told:  # from nbgrader and its libraries: nothing that a trainer can act on
            log.info("%s", warning.message)
        handler.close()
        log.handlers[:] = kept
        log.setLevel(level)
        log.propagate = propagate


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find « alembic », which it calls by name, even where the environment is not activated."""
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), path])
    try:
        yield
    finally:
        os.environ["PATH"] = path


def check_source(notebook: Path) -> None:
    """Refuse a TP that the locked mode of grading cannot mark.

    Raises
    ------
    Explained
        If a cell is meant to be filled in by the student with code or text: nothing but answer sheets is read here.
    """
    for cell in nbformat.read(notebook, as_version=4).cells:
        if utils.is_solution(cell):
            raise Explained(
                f"« {notebook.name} », cellule « {cell.metadata.nbgrader.grade_id} » : le kit note des feuilles de réponses, "
                "pas des cellules à compléter. Remplacez-la par un exercice du kit."
            )


def _nbgrader_cells(notebook: Path) -> dict[str, tuple[str, float]]:
    """Return the source and the points of each cell that nbgrader keeps, by id."""
    return {
        cell.metadata.nbgrader.grade_id: (cell.source, float(cell.metadata.nbgrader.get("points", 0)))
        for cell in nbformat.read(notebook, as_version=4).cells
        if utils.is_grade(cell) or utils.is_locked(cell) or utils.is_task(cell)
    }


def _registered_cells(gradebook: Gradebook, tp: str) -> dict[str, tuple[str, float]]:
    try:
        notebook = gradebook.find_notebook(tp, tp)
    except MissingEntry:
        return {}
    points = {cell.name: float(cell.max_score) for cell in [*notebook.grade_cells, *notebook.task_cells]}
    return {cell.name: (cell.source, points.get(cell.name, 0.0)) for cell in notebook.source_cells}
