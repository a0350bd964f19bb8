"""Grading a class: every copy graded by nbgrader, one after the other, none able to stop the others."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException

from cmlib.errors import Explained
from cmlib.grading.course import Course, run_nbgrader
from cmlib.grading.identity import IdentityToConfirm, accept, check_identity
from cmlib.grading.intake import admit
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.sheet import resolve_folder


@dataclass(frozen=True)
class Outcome:
    """What grading made of one copy.

    Attributes
    ----------
    score, maximum
        Points in the gradebook; ``score`` is None for a copy that has not been scored.
    notes
        What the trainer must know, in French.
    feedback
        The page for the student, if there is one.
    needs_trainer
        Whether something is left to do: an identity to confirm, a correction that failed, a part to mark.
    """

    student: str
    score: float | None
    maximum: float
    notes: list[str] = field(default_factory=list)
    feedback: Path | None = None
    needs_trainer: bool = False


def students_of(course: Course, tp: str) -> list[str]:
    """Return who has handed in a TP: the folders ``submitted/<student>/<tp>``."""
    submitted = course.root / "submitted"
    folders = sorted(submitted.iterdir()) if submitted.is_dir() else []
    return [folder.name for folder in folders if (folder / tp).is_symlink() or (folder / tp).is_dir()]


def grade_class(
    course: Course, tp: str, students: Iterable[str] | None = None, graded: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Grade every copy of a TP and write its feedback page.

    Parameters
    ----------
    students
        Whom to grade; everybody who has handed in by default.
    graded
        Called after each copy.

    Raises
    ------
    Explained
        If the TP itself cannot be graded. A bad copy never raises: its outcome says what is wrong.
    """
    course.source_folder(tp)
    course.register(tp)
    chosen = students_of(course, tp) if students is None else list(students)
    if not chosen:
        raise Explained(f"Aucune copie à corriger : placez-les dans « submitted/<identifiant>/{tp}/ ».")
    # Every copy is made safe before nbgrader reads the first one.
    problems = {student: _intake(course, tp, student) for student in chosen}
    outcomes = []
    for student in chosen:
        outcomes.append(_grade_copy(course, tp, student, problems[student]))
        graded(outcomes[-1])
    return outcomes


def accept_identity(course: Course, tp: str, student: str) -> Outcome:
    """Rule that a copy is its student's, in spite of the name that it carries, and grade it.

    Raises
    ------
    Explained
        If this student has handed in nothing.
    """
    if student not in students_of(course, tp):
        raise Explained(f"« {student} » n’a pas de copie dans « submitted/{student}/{tp}/ » : vérifiez l’identifiant.")
    signatures = resolve_folder(course.root / "submitted" / student / tp, tp).signatures
    accept(course.root, tp, student, frozenset().union(*signatures))
    return grade_class(course, tp, [student])[0]


def _intake(course: Course, tp: str, student: str) -> Explained | None:
    try:
        admit(course.root, student, tp, course.release_notebook(tp).read_bytes())
        check_identity(course.root, tp, student, resolve_folder(course.root / "submitted" / student / tp, tp).signatures)
    except Explained as error:
        return error
    return None


def _grade_copy(course: Course, tp: str, student: str, problem: Explained | None) -> Outcome:
    maximum = _maximum(course, tp)
    if problem:
        _forget_scores(course, tp, student)
        note = str(problem) if isinstance(problem, IdentityToConfirm) else f"Copie non notée : {problem}"
        return Outcome(student, None, maximum, [note], needs_trainer=True)
    folder = course.root / "autograded" / student / tp
    if not (_convert(Autograde, course, tp, student) and (folder / f"{tp}.ipynb").is_file()):
        _forget_scores(course, tp, student)
        return Outcome(student, None, maximum, ["Copie non notée : nbgrader a échoué, voyez nbgrader.log."], needs_trainer=True)
    notes = list(json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))["incidents"])
    failed = failed_cells(folder / f"{tp}.ipynb")
    notes += [f"La correction de « {name} » a échoué et compte 0 : {why}." for name, why in failed.items()]
    page = course.root / "feedback" / student / tp / f"{tp}.html"
    if not (_convert(GenerateFeedback, course, tp, student) and page.is_file()):
        notes.append("La page de retour n’a pas pu être écrite, voyez nbgrader.log.")
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(tp, student)
        waiting = bool(submission.needs_manual_grade)
        score = float(submission.score)
    if waiting:
        notes.append("Une partie attend votre note dans formgrader.")
    return Outcome(student, score, maximum, notes, page if page.is_file() else None, bool(failed) or waiting)


def failed_cells(notebook: Path) -> dict[str, str]:
    """Return the grade cells that failed, by id, with the last line of the error: the trainer's cell is at fault."""
    return {
        cell.metadata.nbgrader.grade_id: f"{output.ename} : {output.evalue}".strip(" :")
        for cell in nbformat.read(notebook, as_version=4).cells
        if cell.cell_type == "code" and utils.is_locked(cell)
        for output in cell.outputs
        if output.output_type == "error"
    }


def _convert(converter: type[BaseConverter], course: Course, tp: str, student: str) -> bool:
    config = course.config()
    config.CourseDirectory.assignment_id = tp
    config.CourseDirectory.student_id = escape(student)
    config.CourseDirectory.notebook_id = tp
    config[converter.__name__].force = True
    try:
        run_nbgrader(converter, config, course.root)
    except NbGraderException:
        return False  # the log has the details
    return True


def _maximum(course: Course, tp: str) -> float:
    with course.gradebook() as gradebook:
        return float(gradebook.find_assignment(tp).max_score)


def _forget_scores(course: Course, tp: str, student: str) -> None:
    """Leave no earlier automatic score, graded copy or feedback standing for a copy that is not scored.

    What the trainer wrote (manual points, comments) stays in the gradebook.
    """
    with course.gradebook() as gradebook:
        try:
            notebooks = gradebook.find_submission(tp, student).notebooks
        except MissingEntry:
            notebooks = []
        for grade in [grade for notebook in notebooks for grade in notebook.grades]:
            grade.auto_score = None
            grade.needs_manual_grade = True
        gradebook.db.commit()
    for step in ("autograded", "feedback"):
        _remove(course.root / step / student / tp)


def _remove(folder: Path) -> None:
    """Remove a folder that nbgrader may have left read-only."""
    if folder.is_dir() and not folder.is_symlink():
        utils.rmtree(str(folder))
