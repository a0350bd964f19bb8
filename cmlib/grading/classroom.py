"""Grading a class: every copy graded by nbgrader, one after the other, none able to stop the others."""

import json
import os
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import nbformat
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException

from cmlib.errors import Explained
from cmlib.french import plural, printable, write_number
from cmlib.grading.course import LOG_NAME, Course, run_nbgrader
from cmlib.grading.identity import IdentityToConfirm, accept, check_identity
from cmlib.grading.intake import admit
from cmlib.grading.receipts import doubts_in
from cmlib.grading.tasks import told_of_waiting
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.identity import same
from cmlib.tp.sheet import kind_of, resolve_folder

T = TypeVar("T")


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
        Whether the score cannot be trusted yet: an identity to confirm, a correction that failed, answers that could not be
        read.
    waiting
        Numbers of the exercises of which a part waits for points that the trainer gives or confirms by hand.
    """

    student: str
    score: float | None
    maximum: float
    notes: list[str] = field(default_factory=list)
    feedback: Path | None = None
    needs_trainer: bool = False
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why a copy is not scored, in one French sentence."""

    told: str


def students_of(course: Course, tp: str) -> list[str]:
    """Return who has handed in a TP: the folders ``submitted/<student>/<tp>``."""
    return [folder.name for folder in _student_folders(course) if (folder / tp).is_symlink() or (folder / tp).is_dir()]


def misplaced(course: Course, tp: str) -> dict[str, str]:
    """Return the students whose copy is not where nbgrader looks for it, with a sentence that says so."""
    found = {}
    for folder in _student_folders(course):
        if os.path.lexists(folder / tp) or folder.is_symlink() or not folder.is_dir():
            continue
        strays = [path.name for path in folder.iterdir() if kind_of(path.name) or path.name.casefold() == tp.casefold()]
        if strays:
            seen = printable(", ".join(sorted(strays)[:3]))
            found[folder.name] = f"Copie mal rangée ({seen}) : déplacez-la dans submitted/{printable(folder.name)}/{tp}/."
    return found


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
        If the TP itself cannot be graded, or a student has handed in nothing. A bad copy never raises: its outcome says
        what is wrong.
    """
    course.source_folder(tp)
    course.register(tp)
    present = students_of(course, tp)
    chosen = present if students is None else list(students)
    unknown = [student for student in chosen if student not in present]
    if unknown:
        raise Explained(f"« {unknown[0]} » n’a pas de copie dans « submitted/{unknown[0]}/{tp}/ » : vérifiez l’identifiant.")
    strays = misplaced(course, tp) if students is None else {}
    if not chosen and not strays:
        raise Explained(f"Aucune copie à corriger : placez chaque copie dans « submitted/<identifiant>/{tp}/ ».")
    maximum = _maximum(course, tp)
    # Every copy is made safe before nbgrader reads the first one.
    refusals = {student: _guarded(course, student, partial(_intake, course, tp, student)) for student in chosen}
    outcomes = []
    for student in chosen:
        refusal = refusals[student]
        result = refusal if refusal else _guarded(course, student, partial(_grade_copy, course, tp, student))
        outcome = _unscored(course, tp, student, result.told, maximum) if isinstance(result, Refusal) else result
        twins = [other for other in present if other != student and same(other, student)]
        if twins:
            told = f"Même étudiant que « {printable(twins[0])} » pour le kit, donc mêmes données : vérifiez les deux copies."
            outcome = replace(outcome, notes=[*outcome.notes, told], needs_trainer=True)
        outcomes.append(outcome)
        graded(outcome)
    return outcomes + [Outcome(student, None, maximum, [told], needs_trainer=True) for student, told in strays.items()]


def accept_identity(course: Course, tp: str, student: str) -> Outcome:
    """Rule that a copy is its student's, in spite of the name that it carries, and grade it.

    Raises
    ------
    Explained
        If this student has handed in nothing.
    """
    if student in students_of(course, tp):
        signatures = resolve_folder(course.root / "submitted" / student / tp, tp).signatures
        accept(course.root, tp, student, frozenset().union(*signatures))
    return grade_class(course, tp, [student])[0]


def failed_cells(notebook: Path) -> dict[str, str]:
    """Return the grade cells that failed, by id, with the reason: the trainer's cell is at fault, no student code runs."""
    return {
        cell.metadata.nbgrader.grade_id: " ".join(f"{output.ename} : {output.evalue}".split()).strip(" :.")
        for cell in nbformat.read(notebook, as_version=4).cells
        if cell.cell_type == "code" and utils.is_locked(cell)
        for output in cell.outputs
        if output.output_type == "error"
    }


def _student_folders(course: Course) -> list[Path]:
    submitted = course.root / "submitted"
    folders = sorted(submitted.iterdir()) if submitted.is_dir() else []
    return [folder for folder in folders if not folder.name.startswith(".") and folder.name != "__MACOSX"]


def _guarded(course: Course, student: str, step: Callable[[], T]) -> T | Refusal:
    """Run a step of one copy; whatever goes wrong stays with this copy, and is told in one sentence.

    A broad catch, on purpose: a class of two hundred must not stop at the copy that nobody foresaw.
    """
    try:
        return step()
    except IdentityToConfirm as error:
        return Refusal(str(error))
    except Explained as error:
        return Refusal(f"Copie non notée. {error}")
    except Exception:  # noqa: BLE001 (logged whole)
        with (course.root / LOG_NAME).open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{printable(student)}\n{traceback.format_exc()}\n")
        return Refusal(f"Copie non notée : elle a fait échouer la correction, la fin de {LOG_NAME} dit pourquoi.")


def _intake(course: Course, tp: str, student: str) -> Refusal | None:
    """Make a copy safe to read and check whose it is; None if it may be graded."""
    if not student.isprintable() or student != student.strip() or set(student) & set("[]*?"):
        raise Explained(
            "le nom de son dossier contient un signe que nbgrader ne suit pas ([ ] * ? ou une espace au bord), renommez-le."
        )
    admit(course.root, student, tp, course.release_notebook(tp).read_bytes())
    check_identity(course.root, tp, student, resolve_folder(course.root / "submitted" / student / tp, tp).signatures)
    return None


def _grade_copy(course: Course, tp: str, student: str) -> Outcome:
    folder = course.root / "autograded" / student / tp
    if not (_convert(Autograde, course, tp, student) and (folder / f"{tp}.ipynb").is_file()):
        raise Explained(f"nbgrader a échoué, la fin de {LOG_NAME} dit pourquoi.")
    rebuilt = json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))
    notes = list(rebuilt["incidents"])
    failed = failed_cells(folder / f"{tp}.ipynb")
    notes += doubts_in(course.root / "submitted" / student / tp, tp, student)
    notes += [f"La correction de « {name} » a échoué et compte 0 : {why}." for name, why in failed.items()]
    page = course.root / "feedback" / student / tp / f"{tp}.html"
    if not (_convert(GenerateFeedback, course, tp, student) and page.is_file()):
        notes.append(f"La page de retour n’a pas pu être écrite, la fin de {LOG_NAME} dit pourquoi.")
    waiting: list[str] = []
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(tp, student)
        penalty = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
        score, maximum = max(0.0, float(submission.score) - penalty), float(submission.max_score)
        for why, exercises in told_of_waiting(grade for notebook in submission.notebooks for grade in notebook.grades):
            waiting += exercises
            notes.append(f"{why} : {plural(len(exercises), 'exercice')} {', '.join(exercises)}.")
    if penalty:
        notes.append(f"Retard : {write_number(penalty)} {plural(penalty, 'point retiré', 'points retirés')}.")
    return Outcome(
        student, score, maximum, notes, page if page.is_file() else None, bool(failed) or rebuilt["lost"], tuple(waiting)
    )


def _unscored(course: Course, tp: str, student: str, told: str, maximum: float) -> Outcome:
    """Leave no earlier automatic score, graded copy or feedback standing for a copy that is not scored.

    What the trainer wrote (manual points, comments) stays in the gradebook.
    """
    if student.isprintable():  # else the gradebook has never heard of it, and could not
        with course.gradebook() as gradebook:
            try:
                notebooks = gradebook.find_submission(tp, student).notebooks
            except MissingEntry:
                notebooks = []
            for grade in [grade for notebook in notebooks for grade in notebook.grades]:
                grade.auto_score = None
                # A task that was read stays read: the next grading compares its answer with the one that was.
                grade.needs_manual_grade |= not (grade.cell.type == "TaskCell" and grade.manual_score is not None)
            gradebook.db.commit()
    for step in ("autograded", "feedback"):
        folder = course.root / step / student / tp
        if folder.is_dir() and not folder.is_symlink():
            utils.rmtree(str(folder))
    return Outcome(student, None, maximum, [told], needs_trainer=True)


def _convert(converter: type[BaseConverter], course: Course, tp: str, student: str) -> bool:
    config = course.config()
    config.CourseDirectory.assignment_id = tp
    config.CourseDirectory.student_id = student
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
