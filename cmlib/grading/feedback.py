"""The feedback page: the student's own answers, the points, the reasons; no source code, nothing from a network."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from mistune import HTMLRenderer, create_markdown
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import GetGrades
from traitlets import default

from cmlib.french import plural, typeset, write_number
from cmlib.grading.tasks import visible_grid

TEMPLATES = Path(__file__).parent / "templates"
READ_BY_HAND = "Partie lue par votre formateur"


@dataclass(frozen=True)
class Part:
    """One block of the page: a recap or a heading (``html`` alone), or a graded exercise.

    Attributes
    ----------
    title
        What stands above the points, where ``html`` does not begin with them.
    waiting
        Points that nobody has given yet.
    """

    html: Markup
    points: str = ""
    note: str = ""
    title: str = ""
    waiting: float = 0.0
    comment: Markup = Markup()  # noqa: RUF009 (immutable)


class GetVerdicts(GetGrades):  # type: ignore[misc]
    """Write the grades in the metadata, as nbgrader does, and for a task whether somebody has read it.

    nbgrader's own score of a task that nobody has read is 0, and nothing tells it from a 0 that was given.
    """

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        if utils.is_task(cell):
            where = (cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id)
            grade = self.gradebook.find_grade(*where)
            cell.metadata.nbgrader.update(read=grade.manual_score is not None, queued=grade.needs_manual_grade)


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
        parts = [part for cell in copy.cells for part in parts_of(cell)]
        waiting = sum(part.waiting for part in parts)
        page = templates.get_template("feedback.html.j2").render(
            tp=copy.metadata.get("title", grades["assignment"]),
            student=grades["student"],
            total=_out_of(score, maximum),
            mark=f"{write_number(20 * score / maximum if maximum else 0)} / 20",
            penalty=write_number(float(grades["late_penalty"])) if grades["late_penalty"] else "",
            waiting=f"{write_number(waiting)} {plural(waiting, 'point attend', 'points attendent')}" if waiting else "",
            parts=parts,
        )
        return page, resources


def parts_of(cell: NotebookNode) -> list[Part]:
    """Return what a cell gives to the page: never its source, and of its outputs only recaps and scores."""
    if utils.is_task(cell):
        return [_graded_by_reading(cell)]
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
    return Part(html, _out_of(float(grade["score"]), float(grade["points"])), note)


def _graded_by_reading(cell: NotebookNode) -> Part:
    grade, possible = cell.metadata.nbgrader, float(cell.metadata.nbgrader["points"])
    grid, comment = inert(visible_grid(cell.source)), inert(grade.get("comment") or "", hard_wrap=True)
    points, note = _out_of(float(grade["score"]), possible), ""
    if not grade["read"] and grade["queued"]:
        points = f"{write_number(possible)} {plural(possible, 'point')}, en attente de la lecture de votre formateur"
        return Part(grid, points, note, READ_BY_HAND, possible, comment)
    if grade["queued"]:
        note = "À confirmer par votre formateur : la réponse, ou ce qu’elle vaut, a changé depuis sa lecture."
    elif not grade["read"]:
        note = "Il n’y avait pas de réponse à lire."
    return Part(grid, points, note, READ_BY_HAND, 0.0, comment)


def inert(markdown: str, hard_wrap: bool = False) -> Markup:
    """Return Markdown as HTML that runs nothing and loads nothing: tags are shown as they were typed, pictures by their words."""
    render = create_markdown(renderer=_Inert(escape=True), hard_wrap=hard_wrap, plugins=["table", "strikethrough"])
    return Markup(render(markdown))


class _Inert(HTMLRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text if text == url else f"{text} ({escape(url)})"


def _rich(output: NotebookNode) -> Markup:
    # Trusted: only locked cells have run, and recaps and scores escape what the student wrote.
    return Markup(output.data.get("text/html", ""))


def _out_of(score: float, maximum: float) -> str:
    return f"{write_number(score)} / {write_number(maximum)} {plural(maximum, 'point')}"
