"""Parts marked by reading: a task cell holds the grid, and its answer waits for the trainer unless there is none.

For nbgrader a task cell is graded by hand alone. It queues every copy once, blank ones too, and never looks again at a
score that was typed, whatever the student hands in afterwards (`SaveAutoGrades` leaves the grades of task cells alone).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Column, MetaData, String, Table

from cmlib.tp.recap import READING

PREFIX = "grille-"
BEGIN_SCHEME, END_SCHEME = "BEGIN MARK SCHEME", "END MARK SCHEME"  # what nbgrader looks for, anywhere in a line

# In the gradebook, beside the scores: to which answer, and out of how many points, each copy was last graded.
SEEN = Table("cmlib_seen", MetaData(), Column("grade", String(32), primary_key=True), Column("seen", String(100), nullable=False))


class SettleTasks(NbGraderPreprocessor):  # type: ignore[misc]
    """Give 0 to a task that has no answer, and queue the others unless the trainer has read this very answer.

    A blank answer gets an automatic 0, as nbgrader does for a text left as it was given; the trainer's own score is
    never written nor erased. It holds as long as every grading finds the answer for which it was given.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        copy, readings = resources["nbgrader"], readings_of(nb)
        with Gradebook(copy["db_url"]) as gradebook:
            SEEN.create(gradebook.db.connection(), checkfirst=True)
            for cell in filter(utils.is_task, nb.cells):
                name = cell.metadata.nbgrader.grade_id
                grade = gradebook.find_grade(name, copy["notebook"], copy["assignment"], copy["student"])
                reading = readings.get(name, {})  # nothing where the card has failed: a person will look
                blank = bool(reading.get("untouched"))
                same = self._is_seen_again(gradebook, grade, f"{reading.get('digest', '')}/{grade.max_score:g}")
                settled = blank if grade.manual_score is None else same and not grade.needs_manual_grade
                grade.auto_score = 0.0 if blank else None
                grade.needs_manual_grade = not settled
            gradebook.db.commit()
        return nb, resources

    def _is_seen_again(self, gradebook: Gradebook, grade: Any, seen: str) -> bool:
        """Tell whether the last grading found the same answer for the same points, and remember this one."""
        row = SEEN.c.grade == grade.id
        before = gradebook.db.execute(SEEN.select().where(row)).first()
        gradebook.db.execute(SEEN.delete().where(row))
        gradebook.db.execute(SEEN.insert().values(grade=grade.id, seen=seen))
        return before is not None and before.seen == seen


def readings_of(notebook: NotebookNode) -> dict[str, Mapping[str, Any]]:
    """Return what the recaps of a graded copy say of each answer, by the id of the task cell of its exercise."""
    told = [output.get("metadata", {}).get(READING) for cell in notebook.cells for output in cell.get("outputs", [])]
    return {task_id(reading["exercise"]): reading for reading in told if reading}


def task_id(exercise: str) -> str:
    """Return how the task cell of an exercise is called.

    Examples
    --------
    >>> task_id("1.4")
    'grille-1-4'
    """
    return PREFIX + exercise.replace(".", "-")


def exercise_of(cell_id: str) -> str:
    """Return the number of an exercise from the id of a cell that grades it, or the id itself where it holds none.

    Examples
    --------
    >>> exercise_of("grille-1-4"), exercise_of("note-1-4"), exercise_of("bilan")
    ('1.4', '1.4', 'bilan')
    """
    named = re.fullmatch(r"[a-z]+-(\d.*)", cell_id)
    return named[1].replace("-", ".") if named else cell_id


def visible_grid(source: str) -> str:
    """Return what students see of a task cell: all but its mark scheme, to the end of the text if that is not closed."""
    shown, hidden = [], False
    for line in source.split("\n"):
        if BEGIN_SCHEME in line or END_SCHEME in line:
            hidden = BEGIN_SCHEME in line
        elif not hidden:
            shown.append(line)
    return "\n".join(shown).strip()


def told_of_waiting(grades: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield why grades of the gradebook wait for the trainer, in French, and the numbers of their exercises."""
    waiting = [grade for grade in grades if grade.needs_manual_grade]
    unread = [grade for grade in waiting if grade.manual_score is None]
    given = [grade for grade in waiting if grade.manual_score is not None]
    for why, chosen in (
        ("Une partie attend votre note dans formgrader", unread),
        (
            "La réponse, ou ce qu’elle vaut, a changé depuis votre note, à confirmer dans formgrader",
            [grade for grade in given if _is_read(grade)],
        ),
        (
            "Une note automatique que vous avez changée est à confirmer dans formgrader",
            [grade for grade in given if not _is_read(grade)],
        ),
    ):
        if chosen:
            yield why, sorted((exercise_of(grade.name) for grade in chosen), key=_in_order)


def _is_read(grade: Any) -> bool:
    return bool(grade.cell.type == "TaskCell")


def _in_order(exercise: str) -> list[tuple[int, str]]:
    """Sort key: « 1.6b » comes between « 1.6 » and « 1.7 », and « 1.10 » after « 1.9 »."""
    parts = (re.match(r"(\d*)(.*)", part) for part in exercise.split("."))
    return [(int(part[1] or 0), part[2]) for part in parts if part]
