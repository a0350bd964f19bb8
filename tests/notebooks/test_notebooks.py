"""Notebooks: the released ones are the sources without keys, all are clean, and the sources earn full marks."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from cmlib.authoring import experts
from cmlib.cases import Case, case_study
from cmlib.charts import posting_calendar
from cmlib.charts.style import to_html
from cmlib.grading.course import Course
from cmlib.tp.answers import ANSWER_MIME, SHEET_NAME, Answer, Sheet
from cmlib.tp.display import table_html

CLONE = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path for folder in ("notebooks", "solutions", "exercises") for path in (CLONE / folder).rglob("*.ipynb"))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_exercises_are_the_sources_without_their_keys(clone: Path, folder: Path) -> None:
    """Run « make release » if this fails."""
    shutil.copytree(clone / "solutions", folder / "solutions")
    course = Course(folder)
    for tp in course.tps():
        course.release(tp)
    assert files(folder / "exercises") == files(clone / "exercises")
    assert not (folder / "gradebook.db").exists()


def test_no_key_in_what_students_receive(clone: Path) -> None:
    for path in [*(clone / "exercises").rglob("*.ipynb"), *(clone / "notebooks").rglob("*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        assert "HIDDEN" not in text
        assert "marking" not in text
        assert "authoring" not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(CLONE).as_posix())
def test_a_notebook_is_committed_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert all(cell_id.replace("-", "").isalnum() and not cell_id.isdigit() and len(cell_id) < 40 for cell_id in ids)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    opening = notebook.cells[0].source
    for word in ("Prérequis", "Durée"):
        assert word in opening


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(CLONE).as_posix())
def test_a_notebook_runs_top_to_bottom(path: Path, folder: Path) -> None:
    """A student who only presses Run All gets a page ready to be filled in, never an error."""
    outputs = run(path, folder)
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    assert not (folder / SHEET_NAME).exists()


def run(path: Path, folder: Path) -> list[dict[str, Any]]:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.extra_arguments = ["--Application.log_level=ERROR"]
    client.execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.parametrize(("tp", "points"), [("tp1", [2, 3, 4, 2, 1, 3, 1]), ("tp2", [2, 3, 1, 2, 6, 2, 1])])
def test_the_source_gives_expert_answers_full_marks_and_recaps_carry_them(
    clone: Path, folder: Path, tp: str, points: list[float]
) -> None:
    case = case_study("a.martin", tp)
    answers = {"tp1": experts.tp1, "tp2": experts.tp2}[tp](case)
    kept = {name: Answer(revision=1, saved_at=datetime.now(UTC), value=value) for name, value in answers.items()}
    (folder / SHEET_NAME).write_bytes(Sheet(tp, "a.martin", kept).to_bytes())
    outputs = run(clone / "solutions" / tp / f"{tp}.ipynb", folder)
    results = [output["data"]["text/plain"] for output in outputs if output["output_type"] == "execute_result"]
    assert [float(result) for result in results] == points
    carried = [output["data"][ANSWER_MIME] for output in outputs if ANSWER_MIME in output.get("data", {})]
    assert {name: kept["value"] for sheet in carried for name, kept in sheet["answers"].items()} == answers
    html = "".join(output["data"].get("text/html", "") for output in outputs if "data" in output)
    assert {"tp1": f"alt='Calendrier 2025 des publications sur {case.main_network}", "tp2": "alt='Audience de 7 réseaux"}[
        tp
    ] in html


def test_points_announced_are_points_graded(clone: Path) -> None:
    for path in (clone / "solutions").rglob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        graded = {cell.id: cell.metadata.nbgrader for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")}
        assert graded
        for cell_id, metadata in graded.items():
            card = next(cell for cell in cells if cell.id == cell_id.replace("note-", "exercice-"))
            points, read = (re.search(rf"\b{name}=([0-9.]+),", card.source) for name in ("points", "by_hand"))
            assert points and float(points[1]) - float(read[1] if read else 0) == metadata["points"]
            assert metadata["grade_id"] == cell_id
        assert all(cell.metadata.nbgrader.locked for cell in cells if cell.cell_type == "code")


def test_a_figure_tells_in_words_what_it_shows() -> None:
    posts = Case("velambule", 0, "essai").posts_on("Instagram")
    figure = posting_calendar(posts["published_at"], "Instagram")
    html = to_html(figure)
    first = posts["published_at"].min()
    assert f"janv. {first.day}," in html
    figure.set_label("")
    with pytest.raises(ValueError, match="alternative text"):
        to_html(figure)


def test_a_table_is_written_in_french_with_its_caption() -> None:
    html = table_html(Case("velambule", 0, "essai").interactions_summary(), "Publications : l’année")
    assert "<caption" in html
    assert "Publications\u00a0: l’année" in html
    assert "\u202f" in html
    assert not [cell for cell in html.split("<td>")[1:] if "." in cell.split("</td>")[0]]


def prose_of(path: Path) -> str:
    """Return what a person reads of a document: no code, no link target."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)


DOCUMENTS = [*NOTEBOOKS, *CLONE.glob("*.md"), *CLONE.glob("docs/**/*.md"), CLONE / "datasets" / "README.md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(CLONE).as_posix())
def test_french_typography_uses_unbreakable_spaces(path: Path) -> None:
    found = re.findall(r".{0,20}(?:« | [;!?»%€]|(?<!\|) :(?!-)).{0,10}", prose_of(path))
    assert found == []


@pytest.mark.parametrize("path", sorted((CLONE / "cmlib").rglob("front/*.js")), ids=lambda path: path.name)
def test_french_typography_of_what_the_page_itself_says(path: Path) -> None:
    """What the kernel sends is typeset there; what a script writes itself is not, an ``aria-label`` apart, which nobody sees."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if "aria-label" not in line)
    told = "\n".join(re.sub(r"(?:^|\s)//.*", "", line) for line in lines)
    while (inner := re.sub(r"\$\{[^{}]*\}", "…", told)) != told:
        told = inner
    said = re.findall(r"\"[^\"\n]*\"|`[^`\n]*`", told)
    assert [text for text in said if re.search(r"« |(?:[\w…»]|^.) [;:!?»](?=[\s.…]|.$)", text)] == []
