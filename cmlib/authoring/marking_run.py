"""Read the marking of a TP by running its source on the case of a student, in a temporary folder."""

import re
from collections.abc import Iterator, Mapping, Sequence

import nbformat
from nbgrader.coursedir import CourseDirectory

from cmlib.authoring.lint_cells import read_notebook
from cmlib.authoring.lint_run import Bench, read_folder
from cmlib.authoring.marking import MIME, MarkingTable, Row, show_marking
from cmlib.cases import case_study
from cmlib.errors import Explained, reason
from cmlib.grading.course import Course
from cmlib.grading.tasks import exercise_of
from cmlib.tp.answers import MAX_NOTEBOOK_BYTES, UnreadableSheet

EXTRA = "cmlib-marking"  # the cell added to the source
SCHEME = re.compile(r"BEGIN MARK SCHEME.*\n(?P<grid>(?:.*\n)*?).*END MARK SCHEME")
MARKUP = re.compile(r"^[\s#>*|+-]+|[*_`|]+")


def read_marking(course: Course, tp: str, student: str) -> MarkingTable:
    """Run the source of a TP on the case of a student, in a temporary folder, and return its marking.

    Raises
    ------
    Explained
        If there is no such TP, if its notebook cannot be read, or if it fails: the sentence says where.
    """
    case_study(student, tp)
    folder = course.source_folder(tp)
    path = folder / f"{tp}.ipynb"
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            raise UnreadableSheet("ce fichier est trop gros pour un carnet")
        files = read_folder(tp, folder, CourseDirectory(config=course.config()).ignore)[1]
        notebook = read_notebook(path.read_bytes())
    except (UnreadableSheet, OSError) as error:
        why = str(error) if isinstance(error, UnreadableSheet) else f"il n’a pas pu être lu ({reason(error)})"
        raise Explained(f"« {path.name} » : {why} ; reprenez une version saine, par exemple celle de git.") from error
    code = f"from {show_marking.__module__} import show_marking\nshow_marking(globals().get('tp'))"
    notebook.cells.append(nbformat.v4.new_code_cell(code, id=EXTRA))
    run = Bench(tp, notebook, folder, files).grade(student, {})
    for cell, where, told in run.errors(tp):
        if cell.get("id") == EXTRA:
            raise Explained(f"« {path.name} » : {told}.")
        raise Explained(f"{where} : elle échoue à la correction ({told}) ; « cmlib check {tp} » dit tout ce qui ne va pas.")
    said = next((output.data[MIME] for output in run.notebook.cells[-1].outputs if MIME in output.get("data", {})), None)
    if said is None:
        raise Explained(f"« {path.name} » : ses critères n’ont pas été lus ; « cmlib check {tp} » dit tout ce qui ne va pas.")
    rows = [Row(**{**row, "mistakes": tuple(row["mistakes"])}) for row in said["rows"]]
    rows += by_hand(notebook, said["titles"])
    return MarkingTable(said["title"], student, tuple(in_order(said["titles"], rows)))


def by_hand(notebook: nbformat.NotebookNode, titles: Mapping[str, str]) -> Iterator[Row]:
    """Yield what the trainer gives by reading: the task cells, « grille-1-4 » for exercise 1.4."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader")
        if isinstance(meta, dict) and meta.get("task") and isinstance(meta.get("points"), int | float):
            exercise = exercise_of(str(meta.get("grade_id", "")))
            yield Row(
                exercise, titles.get(exercise, ""), "Grille de lecture", meta["points"], "formateur", first_line(cell.source)
            )


def first_line(source: str) -> str:
    """Return the first line of a grid, without its markup: of its mark scheme if it has one.

    Examples
    --------
    >>> first_line("- **2 points** si la cible a un âge")
    '2 points si la cible a un âge'
    """
    scheme = SCHEME.search(source)
    lines = (MARKUP.sub("", line).strip() for line in (scheme["grid"] if scheme else source).splitlines())
    return next(filter(None, lines), "")


def in_order(titles: Mapping[str, str], rows: Sequence[Row]) -> list[Row]:
    """Put rows in the order of the exercises, what is automatic first; of an exercise that is not shown, at the end."""
    rank = {exercise: place for place, exercise in enumerate(titles)}
    return sorted(rows, key=lambda row: (rank.get(row.exercise, len(rank)), row.exercise))
