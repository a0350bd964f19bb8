"""A TP of three exercises for tests: one marked by its criteria, one half by reading, one by reading alone."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cmlib.grading.course import Course
from cmlib.tp.answers import SHEET_NAME, Answer, Sheet

TP = "essai"
HIDDEN = (
    "### BEGIN HIDDEN TESTS\nfrom cmlib.tp.criteria import {0}\n\ntp.marking('{1}', {2})\n### END HIDDEN TESTS\ntp.grade('{1}')"
)
SECRET = "Une bonne réponse parle de la cible."
SCHEME = f"### BEGIN MARK SCHEME\n{SECRET}\n### END MARK SCHEME"
ANSWERS = {
    "1.1": {"choix": "oui"},
    "1.4": {"texte": "Un texte assez long pour cet essai."},
    "1.6": {"avis": "Je garderais le ton et changerais l’heure."},
}


def known_cell(kind: Callable[..., NotebookNode], name: str, source: str, **known: object) -> NotebookNode:
    meta = {"grade": False, "grade_id": name, "locked": True, "solution": False, "task": False, "schema_version": 3, **known}
    return kind(source, id=name, metadata={"nbgrader": meta})


def small_tp() -> NotebookNode:
    """An automatic exercise, one of which half is read, one that is read whole."""
    opening = "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import TextField\n\ntp = open_tp('essai', title='Essai')"
    ask = "tp.write('{}', title='Dire', points=2, by_hand={}, fields={{'{}': TextField('Votre texte')}}, hints=['Osez.'])"
    choice = "tp.choose('1.1', title='Choisir', points=1, options={'oui': 'Oui', 'non': 'Non'}, hints=['Lisez.'])"
    grid = "Grille : le ton (1 point).\n\n| point | pour |\n| --- | --- |\n| 1 | un *ton* juste |"
    key = "chosen({'oui'}, points=1)", "written('texte', points=1)"
    cells = [
        known_cell(new_code_cell, "ouvrir", opening),
        known_cell(new_code_cell, "exercice-1-1", choice),
        known_cell(new_code_cell, "note-1-1", HIDDEN.format("chosen", "1.1", key[0]), grade=True, points=1),
        known_cell(new_code_cell, "exercice-1-4", ask.format("1.4", 1, "texte")),
        known_cell(new_code_cell, "note-1-4", HIDDEN.format("written", "1.4", key[1]), grade=True, points=1),
        known_cell(new_markdown_cell, "grille-1-4", grid, task=True, points=1),
        known_cell(new_code_cell, "exercice-1-6", ask.format("1.6", 2, "avis")),
        known_cell(new_markdown_cell, "grille-1-6", f"Grille : l’avis (2 points).\n\n{SCHEME}", task=True, points=2),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "title": "Essai"})


def small_course(clone: Path, folder: Path) -> Course:
    """A course folder with this TP alone, released."""
    (folder / "solutions" / TP).mkdir(parents=True)
    nbformat.write(small_tp(), folder / "solutions" / TP / f"{TP}.ipynb")
    shutil.copyfile(clone / "nbgrader_config.py", folder / "nbgrader_config.py")
    course = Course(folder)
    course.release(TP)
    return course


def hand_in(course: Course, student: str, answers: dict[str, object], signed: str = "") -> Path:
    deposit = course.root / "submitted" / student / TP
    deposit.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(course.release_notebook(TP), deposit / f"{TP}.ipynb")
    saved = {name: Answer(revision=1, saved_at=datetime.now(UTC), value=value) for name, value in answers.items()}  # type: ignore[arg-type]
    (deposit / SHEET_NAME).write_bytes(Sheet(TP, signed or student, saved).to_bytes())
    return deposit / f"{TP}.ipynb"
