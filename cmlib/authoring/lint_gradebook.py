"""What forbids to grade again the copies of a TP that changed: the gradebook, compared with the source."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from cmlib.authoring.lint_cells import Finding, problem
from cmlib.grading.course import Course


def lint_gradebook(course: Course, tp: str, notebook: nbformat.NotebookNode) -> Iterator[Finding]:
    """Find what forbids to grade again copies that are in the gradebook; a copy of it is read."""
    address = CourseDirectory(config=course.config()).db_url
    path = Path(address.removeprefix("sqlite:///"))
    if not address.startswith("sqlite:///") or not path.is_file():
        return
    try:
        with tempfile.TemporaryDirectory(prefix="cmlib-", ignore_cleanup_errors=True) as work:
            copy = shutil.copyfile(path, Path(work) / path.name)
            with Gradebook(f"sqlite:///{copy.as_posix()}") as gradebook:
                known = gradebook.find_notebook(tp, tp)
                if known.submissions:
                    before = [{cell.name for cell in of} for of in (known.source_cells, known.grade_cells, known.task_cells)]
                    yield from changed_cells(tp, before, _cells_of_nbgrader(notebook))
    except MissingEntry:
        return
    except (SQLAlchemyError, OSError):
        yield problem(f"« {path.name} »", "le carnet de notes n’a pas pu être lu", "remettez-en une copie saine, ou déplacez-le")


def _cells_of_nbgrader(notebook: nbformat.NotebookNode) -> list[set[str]]:
    metas = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    kinds = ("grade", "solution", "locked", "task")
    kept = [meta for meta in metas if isinstance(meta, dict) and any(meta.get(kind) for kind in kinds)]
    return [{str(meta.get("grade_id")) for meta in kept if not kind or meta.get(kind)} for kind in ("", "grade", "task")]


def changed_cells(tp: str, before: Sequence[set[str]], now: Sequence[set[str]]) -> Iterator[Finding]:
    """Compare the cells that graded copies have, then those that grade and those that are read, with the source's."""
    added = set[str]().union(*(new - old for old, new in zip(before, now, strict=True)))
    removed = set[str]().union(*(old - new for old, new in zip(before, now, strict=True)))
    told = [f"{verb} « {' », « '.join(sorted(names))} »" for verb, names in (("gagné", added), ("perdu", removed)) if names]
    if told:
        yield problem(
            f"« {tp}.ipynb »",
            f"des copies sont déjà notées, et il a depuis {' et '.join(told)}",
            f"enregistrez-le sous un autre nom, par exemple « {tp}b », dans « solutions/ »",
        )
