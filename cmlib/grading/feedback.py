"""The feedback page: the student's own answers, the points, the reasons; no source code, nothing from a network."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import default

from cmlib.french import plural, typeset, write_number

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """One block of the page: a recap or a heading (``html`` alone), or a graded exercise."""

    html: Markup
    points: str = ""
    note: str = ""
    comment: Markup = Markup()  # noqa: RUF009 (immutable)


class FeedbackExporter(Exporter):
    """Export a graded copy, with its grades in the metadata, as one self-contained French HTML page."""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        copy, resources = super().from_notebook_node(nb, resources, **kw)
        grades = resources["nbgrader"]
        score, maximum = max(0.0, float(grades["score"])), float(grades["max_score"])
        templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        templates.filters["typeset"] = typeset
        page = templates.get_template("feedback.html.j2").render(
            tp=copy.metadata.get("title", grades["assignment"]),
            student=grades["student"],
            total=_out_of(score, maximum),
            mark=f"{write_number(20 * score / maximum if maximum else 0)} / 20",
            penalty=write_number(float(grades["late_penalty"])) if grades["late_penalty"] else "",
            parts=[part for cell in copy.cells for part in parts_of(cell)],
        )
        return page, resources


def parts_of(cell: NotebookNode) -> list[Part]:
    """Return what a cell gives to the page: never its source, and of its outputs only recaps and scores."""
    if utils.is_task(cell):
        return [_graded(cell, Markup(), "")]
    if cell.cell_type != "code":
        return []
    if utils.is_grade(cell):
        return [_graded_by_the_kit(cell)]
    shown = [output for output in cell.outputs if output.output_type in ("display_data", "execute_result")]
    return [Part(_rich(output)) for output in shown if "text/html" in output.data]


def _graded_by_the_kit(cell: NotebookNode) -> Part:
    if any(output.output_type == "error" for output in cell.outputs):
        # The traceback quotes the hidden test: it stays on the trainer's side.
        return _graded(cell, Markup(), "La correction automatique de cet exercice a échoué : votre formateur le vérifiera.")
    result = next(output for output in cell.outputs if output.output_type == "execute_result")
    automatic = float(result.data["text/plain"])
    adjusted = abs(float(cell.metadata.nbgrader.score) - automatic) > 1e-9
    return _graded(cell, _rich(result), "Note ajustée par votre formateur." if adjusted else "")


def _graded(cell: NotebookNode, html: Markup, note: str) -> Part:
    grade = cell.metadata.nbgrader
    score = grade.get("score")
    points = _out_of(float(score), float(grade["points"])) if score is not None else "en attente de note"
    comment = Markup(markdown2html(grade["comment"])) if grade.get("comment") else Markup()
    return Part(html, points, note, comment)


def _rich(output: NotebookNode) -> Markup:
    # Trusted: only locked cells have run, and recaps and scores escape what the student wrote.
    return Markup(output.data.get("text/html", ""))


def _out_of(score: float, maximum: float) -> str:
    return f"{write_number(score)} / {write_number(maximum)} {plural(maximum, 'point')}"
