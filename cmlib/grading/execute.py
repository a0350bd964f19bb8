"""Execution of a graded copy: the trainer's locked cells alone, and a grade that fails closed."""

import math
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import List, Unicode

FAILURE = "CorrectionEnErreur"


class ExecuteLocked(Execute):  # type: ignore[misc]
    """Run locked and grade cells only, in a kernel that ignores the folder it works in.

    A ``cmlib.py`` left in the folder would otherwise be imported in place of the library. nbgrader gives full marks
    to a grade cell that returns None, nan, a negative number or « 1,5 », and loses the whole copy above the maximum:
    anything but a finite number between 0 and the points of the cell becomes an error, which scores 0 and is reported.
    """

    extra_arguments = List(
        ["--InteractiveShellApp.ignore_cwd=True", "--HistoryManager.hist_file=:memory:", "--Application.log_level=ERROR"],
        help="Arguments passed to the kernel.",
    ).tag(config=True)

    # Nothing to save in the kernel: waiting for a polite end costs up to three seconds a copy.
    shutdown_kernel = Unicode("immediate", help="How the kernel is stopped.").tag(config=True)

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        if cell.cell_type != "code" or not utils.is_locked(cell):
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, index)
        if utils.is_grade(cell):
            fail_closed(cell)
        return cell, resources


def fail_closed(cell: NotebookNode) -> None:
    """Turn the result of a grade cell into an error unless it is a grade that nbgrader reads as such."""
    problem = problem_with_grade(cell)
    if problem:
        cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
        cell.outputs.append(new_output("error", ename=FAILURE, evalue=problem, traceback=[f"{FAILURE} : {problem}"]))


def problem_with_grade(cell: NotebookNode) -> str | None:
    """Say in French why the result of a grade cell is not a grade; None if it is one, or if the cell has failed already."""
    if any(output.output_type == "error" for output in cell.outputs):
        return None
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if len(results) != 1:
        return "la cellule ne rend pas de note"
    plain = results[0].data.get("text/plain", "")
    try:
        grade = float(plain)
    except (TypeError, ValueError):
        hint = ", convertissez-la avec float()" if "float" in str(plain) or "int" in str(plain) else ""
        return f"« {str(plain)[:40]} » n’est pas une note{hint}"
    points = float(cell.metadata.nbgrader.points)
    if not (math.isfinite(grade) and 0 <= grade <= points):
        return f"la note {grade} n’est pas comprise entre 0 et {points:g}"
    return None
