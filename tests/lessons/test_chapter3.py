"""The notebook of chapter 3: demonstrations draw from every control, questions hold, notions are where they are said."""

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest

from cmlib.french import write_number
from cmlib.lessons.checks import Checked, CheckedChoice, CheckedClassification
from cmlib.lessons.controls import Control, Slider
from cmlib.lessons.lesson import Lesson
from cmlib.lessons.play import Play
from cmlib.tp.questions import State

ROOT = Path(__file__).resolve().parents[2]
CELLS = {cell.id: cell for cell in nbformat.read(ROOT / "notebooks" / "chapitre3.ipynb", as_version=4).cells}


class Heard(Lesson):
    """A chapter that shows nothing and remembers what it is given."""

    def __init__(self) -> None:
        super().__init__("chapitre3", None)
        self.plays: dict[str, Play] = {}

    def play(self, name: str, title: str, question: str, draw: Any, **controls: Control) -> None:
        assert name not in self.plays
        self.plays[name] = Play(name, title, question, draw, controls)


def heard() -> Heard:
    """Run the code of the notebook."""
    lesson, names = Heard(), {}  # type: ignore[var-annotated]
    with patch("cmlib.lessons.open_lesson", return_value=lesson), patch("cmlib.lessons.lesson.display"):
        for cell in CELLS.values():
            if cell.cell_type == "code":
                exec(cell.source, names)
    return lesson


LESSON = heard()


@pytest.mark.parametrize("name", LESSON.plays)
def test_each_control_draws_at_its_bounds(name: str) -> None:
    play = LESSON.plays[name]
    start = dict(play.values)
    for key, control in play.controls.items():
        for value in (control.low, control.high) if isinstance(control, Slider) else (list(control.options)[-1],):
            play.values = {**start, key: value}
            page = play.html(static=False)
            assert (
                "cm-read" in page and page.count("<img") == page.count("alt=") and page.count("<table") == page.count("<caption")
            )


def test_a_section_has_its_questions_and_the_end_its_five() -> None:
    ids = [question.id for question in LESSON._asked]
    assert len(set(ids)) == len(ids) and {id.split(".")[0] for id in ids} == {str(number) for number in range(1, 12)}
    assert [question.title for question in LESSON._asked][-5:] == [f"{number} sur 5" for number in range(1, 6)]


def answers(question: Checked) -> tuple[dict[str, str], dict[str, str]]:
    """Return the right answer of a question as a reader gives it, and a wrong one."""
    if isinstance(question, CheckedChoice):
        wrong = next(option for option in question.options if option not in question.right)
        if question.several:
            return dict.fromkeys(question.right, "oui"), {wrong: "oui"}
        return {"choix": next(iter(question.right))}, {"choix": wrong}
    if isinstance(question, CheckedClassification):
        first, *others = question.categories
        return dict(question.key), dict.fromkeys(question.items, first if set(question.key.values()) != {first} else others[0])
    return {"reponse": write_number(question.expected)}, {"reponse": write_number(question.expected + 1)}


@pytest.mark.parametrize("question", LESSON._asked, ids=lambda question: question.id)
def test_the_right_answer_alone_is_right(question: Checked) -> None:
    right, wrong = (question.progress(given) for given in answers(question))
    assert right.state is State.COMPLETE and wrong.state is State.INCOMPLETE
    assert question.why in right.message and question.why not in wrong.message
    if isinstance(question, CheckedChoice):
        assert set(question.instead) <= set(question.options) - question.right


def test_cells_are_folded_and_short() -> None:
    for name, cell in CELLS.items():
        assert len(name) < 40
        if cell.cell_type == "code":
            assert cell.metadata["jupyter"]["source_hidden"] and not cell.outputs and cell.execution_count is None
        else:
            assert len(cell.source.split()) < 330, name


def test_each_notion_is_in_its_cell() -> None:
    lines = (ROOT / "docs" / "notions" / "chapitre3.md").read_text(encoding="utf-8").splitlines()
    rows = [re.fullmatch(r"\| (.+) \| (.+) \| (\S+) \|", line) for line in lines if line.startswith("| ")][2:]
    assert len(rows) > 200
    for row in rows:
        assert row and row[2] in CELLS[row[3]].source, row
