"""The printed marking: every point of a TP with its rule, in 120 columns or on a page, and nothing of the key."""

import asyncio
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cmlib.authoring import experts
from cmlib.authoring.brands.key import boxes, families
from cmlib.authoring.marking import WIDTH, MarkingTable, Row, marking_page, marking_text
from cmlib.authoring.marking_run import first_line, in_order
from cmlib.cases import case_study
from cmlib.cli import main
from cmlib.french import untypeset

STUDENT = "c.petit"
GRID = "### Grille\n\n=== BEGIN MARK SCHEME ===\n- **2 points** : une preuve < 10 mots\n- rien sinon\n=== END MARK SCHEME ==="


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ("marking", *arguments))
    return result.exit_code, result.output


@pytest.fixture
def source(clone: Path, folder: Path) -> Path:
    shutil.copytree(clone / "solutions" / "tp1", folder / "solutions" / "tp1")
    return folder / "solutions" / "tp1" / "tp1.ipynb"


def edit(source: Path, change: Any) -> None:
    notebook = json.loads(source.read_text(encoding="utf-8"))
    change(notebook["cells"], {cell["id"]: cell for cell in notebook["cells"]})
    source.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def printed(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The marking of TP 1 with a grid in it: on the screen, then as a page."""
    folder = tmp_path_factory.mktemp("école")
    source = Path(shutil.copytree(clone / "solutions" / "tp1", folder / "solutions" / "tp1")) / "tp1.ipynb"
    meta = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": True, "points": 2.5}
    task = {
        "cell_type": "markdown",
        "id": "grille-1-5",
        "source": GRID,
        "metadata": {"nbgrader": {**meta, "grade_id": "grille-1-5"}},
    }
    edit(source, lambda cells, by_id: cells.append(task))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    page = folder / "barème.html"
    code, said = run("tp1", "--course", str(folder), "--student", STUDENT, "--html", str(page))
    assert code == 0, said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path != page} == before
    return said, page.read_text(encoding="utf-8")


def text_of(page: str) -> str:
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL))


def test_every_point_is_told_with_its_rule_and_the_known_mistakes(printed: tuple[str, str]) -> None:
    for told in (untypeset(printed[0]), untypeset(text_of(printed[1]))):
        for expected in (
            "1.1 Six problèmes, quatre familles — 2 points",
            "part égale pour chaque élément bien placé",
            "Favorable ou défavorable",
            "à 0,01 point près ; la moitié des points à 0,06 point près",
            "Vous avez divisé par les impressions",
            "Erreur reconnue :",
            "Erreurs reconnues :",
            "Total : 22,5 points, dont 16 points automatiques et 6,5 points donnés par le formateur.",
            "« c.petit »",
        ):
            assert expected in told


def test_a_grid_is_a_row_of_its_exercise_under_its_first_line(printed: tuple[str, str]) -> None:
    for told in (untypeset(printed[0]), untypeset(text_of(printed[1]))):
        assert "1.5 Douze constats à placer dans la SWOT — 4,5 points" in told
        assert re.search("Grille de lecture +2,5 +formateur +2 points : une preuve < 10 mots", told)
        assert "rien sinon" not in told
        place = told.index("Douze constats")
        assert place < told.index("Grille de lecture", place) < told.index("1.6 ", place)


def test_nothing_of_the_key_is_printed(printed: tuple[str, str]) -> None:
    """No value, and no item: without the items, the name of a box says nothing."""
    case = case_study(STUDENT, "tp1")
    numbers = experts.tp1(case)["1.7"]
    assert isinstance(numbers, dict)
    for told in (untypeset(printed[0]), untypeset(text_of(printed[1]))):
        for value in numbers.values():
            assert not re.search(rf"(?<![\d,]){re.escape(untypeset(str(value)).removesuffix(' %'))}(?![\d,])", told)
        for item in (*case.problems.values(), *case.findings.values()):
            assert untypeset(str(item)) not in told
        for word in (*families(case), *boxes(case)):
            assert not re.search(rf"\b{re.escape(untypeset(word))}\b", told)


def test_the_table_fits_its_width_and_both_follow_french_typography(printed: tuple[str, str]) -> None:
    assert max(map(len, printed[0].splitlines())) <= WIDTH == 120
    for told in (printed[0], text_of(printed[1])):
        assert not re.search(r"« | [;!?»%€]|\w :", told)
        assert "\ufffd" not in told


def test_the_page_loads_nothing(printed: tuple[str, str]) -> None:
    assert "default-src 'none'" in printed[1]
    assert "size: A4" in printed[1]
    assert not re.search(r"https?:|src=|<link|<script|@import|url\(", printed[1])


def test_what_an_author_writes_is_wrapped_and_escaped() -> None:
    evil = "<script>alert(1)</script>\x1b[31m"
    rows = (
        Row("1.1", evil, "x" * 300, 1, "automatique", "mot " * 90 + evil, (evil,)),
        Row("9.9", "", "Grille", 1, "formateur", ""),
    )
    marking = MarkingTable(evil, evil, rows)
    text, page = marking_text(marking), marking_page(marking)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "<script" not in page
    assert "\x1b" not in text + page
    assert "9.9 — 1 point" in text


def test_the_first_line_of_a_grid_is_read_without_its_markup() -> None:
    assert first_line(GRID) == "2 points : une preuve < 10 mots"
    assert first_line("\n| Critère |\n| --- |") == "Critère"
    assert first_line("=== BEGIN MARK SCHEME ===\n=== END MARK SCHEME ===") == ""
    assert first_line("") == ""


def test_rows_follow_the_order_of_the_exercises() -> None:
    rows = [Row(exercise, "", "x", 1, by, "") for exercise, by in (("2", "auto"), ("10", "auto"), ("?", "hand"), ("2", "hand"))]
    ordered = [(row.exercise, row.by) for row in in_order({"10": "", "2": ""}, rows)]
    assert ordered == [("10", "auto"), ("2", "auto"), ("2", "hand"), ("?", "hand")]


def test_a_tp_that_fails_is_one_sentence_that_says_where(source: Path) -> None:
    edit(source, lambda _, by_id: by_id["donnees-marque"].update(source="1 / 0"))
    code, said = run("tp1", "--course", str(source.parents[2]))
    assert code == 1
    assert "cellule « donnees-marque » : elle échoue à la correction (ZeroDivisionError" in untypeset(said)
    assert len(said.splitlines()) == 1


def test_a_trainer_may_ask_from_a_notebook(source: Path) -> None:
    """The kernel of a notebook runs a loop of its own, and so does a browser under test."""

    async def cell() -> tuple[int, str]:
        return run("tp1", "--course", str(source.parents[2]))

    with ThreadPoolExecutor(max_workers=1) as pool:  # where no loop runs yet, whatever test came before
        code, said = pool.submit(lambda: asyncio.run(cell())).result()
    assert code == 0, said


def test_an_exercise_without_criteria_is_told(source: Path) -> None:
    edit(source, lambda cells, by_id: cells.remove(by_id["note-1-5"]))
    code, said = run("tp1", "--course", str(source.parents[2]))
    assert code == 1
    assert untypeset(said).startswith("⚠ « tp1.ipynb » : l’exercice 1.5 n’a pas de critères")


def test_a_notebook_that_opens_no_tp_is_told(source: Path) -> None:
    edit(source, lambda cells, _: cells.__delitem__(slice(1, None)))
    code, said = run("tp1", "--course", str(source.parents[2]))
    assert code == 1
    assert "il n’ouvre aucun TP" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tp9",), "Il n’y a pas de TP « tp9 »"),
        (("tp1", "--student", ""), "identifiant"),
        (("tp1", "--student", " "), "identifiant"),
    ],
)
def test_what_does_not_exist_is_told(source: Path, arguments: tuple[str, ...], told: str) -> None:
    code, said = run(*arguments, "--course", str(source.parents[2]))
    assert code == 1
    assert told in untypeset(said)


def test_a_notebook_that_cannot_be_read_is_told(source: Path) -> None:
    source.write_text("[", encoding="utf-8")
    code, said = run("tp1", "--course", str(source.parents[2]))
    assert code == 1
    assert said.startswith("⚠ «\u00a0tp1.ipynb\u00a0»")
    assert len(said.splitlines()) == 1
