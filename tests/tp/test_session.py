"""A TP as its notebook sees it, in a session and under grading; recaps; cards without a front end."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from cmlib.errors import Explained
from cmlib.tp import open_tp
from cmlib.tp.answers import ANSWER_MIME, BACKUP_NAME, SHEET_NAME, Answer, Sheet, sheet_from_json
from cmlib.tp.criteria import well_placed
from cmlib.tp.marks import Score
from cmlib.tp.questions import Classification
from cmlib.tp.recap import recap_bundle
from cmlib.tp.session import TP
from cmlib.tp.sheet import AnswerSheet
from tests.tp.test_answers import NOON, answer

ITEMS = {"a": "Un <b>premier</b>", "b": "Un second"}
BOXES = {"x": "Ixe", "y": "Ygrec"}
KEY = {"a": "x", "b": "y"}


def classify(tp: TP) -> None:
    tp.classify("1.1", title="Essai", points=2, items=ITEMS, into=BOXES)


@pytest.fixture(autouse=True, scope="module")
def shell() -> Iterator[None]:
    """What `display` needs to publish anything."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


@pytest.fixture
def grading(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    return here


def send(tp: TP, content: dict[str, Any], of: str = "1.1") -> list[dict[str, Any]]:
    """Do what the front end does, and return what it receives."""
    assert tp._header is not None
    widget = tp._header.widget if of == "header" else tp._cards[of].widget
    received: list[dict[str, Any]] = []
    widget.send = lambda message, buffers=None: received.append(message)
    widget._handle_custom_msg(content, [])
    return received


def click(tp: TP, entry: str, value: str) -> list[dict[str, Any]]:
    return send(tp, {"type": "set", "entries": {entry: value}, "n": 7})


def outputs(captured: Any) -> list[dict[str, Any]]:
    return [output._repr_mimebundle_()[0] if hasattr(output, "_repr_mimebundle_") else output.data for output in captured.outputs]


def test_opening_a_blank_tp_writes_nothing(here: Path) -> None:
    with capture_output() as captured:
        classify(open_tp("tp1"))
    assert not (here / SHEET_NAME).exists()
    assert captured.outputs


def test_a_session_judges_nothing(here: Path) -> None:
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
    shown = repr(tp.grade("1.1"))
    assert "2 points" in shown
    with pytest.raises(ValueError, match="could not convert"):
        float(shown)


def test_a_click_is_saved_and_written_in_the_notebook(here: Path) -> None:
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
        acknowledged = click(tp, "a", "y")
    assert AnswerSheet.open(here, "tp1").value("1.1") == {"a": "y"}
    status = tp._cards["1.1"].widget.status
    assert status["message"] == "1 élément reste à classer."
    assert status["saved"].startswith("enregistré à")
    assert acknowledged == [{"type": "ack", "n": 7, "saved": True}]


def test_answers_are_undone_from_the_last_to_the_first(here: Path) -> None:
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
        click(tp, "a", "x")
        click(tp, "a", "y")
        assert tp._cards["1.1"].widget.status["can_undo"]
        send(tp, {"type": "undo", "n": 8})
        assert AnswerSheet.open(here, "tp1").value("1.1") == {"a": "x"}
        assert tp._cards["1.1"].widget.status["can_undo"]
        send(tp, {"type": "undo", "n": 9})
    assert AnswerSheet.open(here, "tp1").value("1.1") == {}
    assert not tp._cards["1.1"].widget.status["can_undo"]


def test_a_message_that_makes_no_sense_changes_nothing(here: Path) -> None:
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
        for content in ({}, {"type": "set"}, {"type": "set", "entries": 3}, {"type": "undo"}, {"type": "ping", "n": 1}):
            assert not send(tp, content)[0]["saved"]
    assert not (here / SHEET_NAME).exists()


def test_an_answer_comes_back_without_being_saved_again(here: Path) -> None:
    AnswerSheet.open(here, "tp1").save("1.1", {"a": "x"})
    before = (here / SHEET_NAME).read_bytes()
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
    assert tp._cards["1.1"].widget.status["value"] == {"a": "x"}
    assert (here / SHEET_NAME).read_bytes() == before


def test_a_failed_save_is_said_in_red_and_loses_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
        (here / SHEET_NAME).write_bytes(Sheet("tp2").to_bytes())
        assert click(tp, "a", "x") == [{"type": "ack", "n": 7, "saved": False}]
    assert "ne peut pas servir ici" in tp._cards["1.1"].widget.status["error"]
    assert (here / SHEET_NAME).read_bytes() == Sheet("tp2").to_bytes()


def test_grading_shows_a_recap_and_returns_the_score(grading: Path) -> None:
    (grading / SHEET_NAME).write_bytes(Sheet("tp1", "a.martin", {"1.1": answer({"a": "x"})}).to_bytes())
    with capture_output() as captured:
        tp = open_tp("tp1")
        classify(tp)
    shown = outputs(captured)
    assert "a.martin" in shown[0]["text/plain"]
    assert "Ixe" in shown[1]["text/plain"]
    assert not any("widget" in mime for bundle in shown for mime in bundle)
    tp.marking("1.1", well_placed(KEY, 2))
    result = tp.grade("1.1")
    assert isinstance(result, Score)
    assert result.value == 1


def test_grading_without_its_key_raises(grading: Path) -> None:
    (grading / SHEET_NAME).write_bytes(Sheet("tp1", "a.martin").to_bytes())
    with capture_output():
        tp = open_tp("tp1")
        classify(tp)
    with pytest.raises(Explained, match="la clé manque"):
        tp.grade("1.1")


def test_grading_without_a_prepared_sheet_raises(grading: Path) -> None:
    with pytest.raises(Explained, match="n’a pas été préparée"):
        open_tp("tp1")


def test_grading_reads_the_validated_sheet_alone(grading: Path) -> None:
    """A backup beside the validated sheet could hold a higher revision: the trusted side has already resolved."""
    (grading / SHEET_NAME).write_bytes(Sheet("tp1", "a.martin", {"1.1": answer({"a": "y"})}).to_bytes())
    (grading / BACKUP_NAME).write_bytes(Sheet("tp1", "a.martin", {"1.1": answer({"a": "x"}, 9)}).to_bytes())
    with capture_output():
        assert open_tp("tp1").sheet.value("1.1") == {"a": "y"}


def test_a_cell_run_out_of_order_is_explained(here: Path) -> None:
    with capture_output():
        tp = open_tp("tp1")
    with pytest.raises(Explained, match="Exécuter toutes les cellules"):
        tp.grade("1.1")


@pytest.mark.posix
def test_a_folder_that_has_vanished_is_explained(here: Path) -> None:
    (here / "parti").mkdir()
    os.chdir(here / "parti")
    (here / "parti").rmdir()
    with pytest.raises(Explained, match="rouvrez-le"):
        open_tp("tp1")
    os.chdir(here)


def test_a_problem_shows_no_traceback_in_a_notebook() -> None:
    assert Explained("Une phrase : claire.")._render_traceback_() == ["⚠ Une phrase\u00a0: claire."]


def test_a_recap_carries_the_answer_and_escapes_everything() -> None:
    question = Classification("1.1", "<Essai>", 1, "", ITEMS, BOXES)
    sheet = Sheet("tp1", "a.martin", {"1.1": Answer(revision=3, saved_at=NOON, value={"a": "x"}), "1.5": answer("autre")})
    bundle = recap_bundle(question, sheet, folded=False)
    assert "<b>" not in bundle["text/html"]
    assert "<Essai>" not in bundle["text/html"]
    assert "Ixe" in bundle["text/html"]
    carried = sheet_from_json(json.loads(json.dumps(bundle[ANSWER_MIME])), "tp1")
    assert carried == Sheet("tp1", "a.martin", {"1.1": sheet.answers["1.1"]})


def test_the_examples_of_the_guide_can_be_copied(grading: Path, clone: Path) -> None:
    """Each call and each criterion that « Créer un TP » shows works, and a blank copy earns nothing."""
    guide = (clone / "docs" / "creer-un-tp.md").read_text(encoding="utf-8")
    (grading / SHEET_NAME).write_bytes(Sheet("monTP", "a.martin").to_bytes())
    names: dict[str, Any] = {}
    with capture_output():
        for block in guide.split("```python\n")[1:]:
            exec(block.split("```")[0], names)
    scores = {question.id: names["tp"].grade(question.id) for question, criteria in names["tp"].marked() if criteria}
    assert len(scores) == 10
    assert set(map(float, scores.values())) == {0.0}
