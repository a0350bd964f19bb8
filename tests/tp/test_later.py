"""A case study before a signature: noted, then done; what cannot wait says so in one sentence."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.utils.capture import capture_output

from cmlib.cases import Case, case_study
from cmlib.errors import Explained
from cmlib.tp import open_tp
from cmlib.tp.criteria import Score, well_placed
from cmlib.tp.later import WAITING, Later, resolved
from cmlib.tp.session import TP, GradedLater
from cmlib.tp.sheet import AnswerSheet
from tests.tp.test_session import BOXES, click, here, outputs, send, shell  # noqa: F401 (fixtures)

CASE = Case("velambule", 0, "essai")


@pytest.mark.parametrize(
    "ask",
    [
        lambda case: case.problems,
        lambda case: case.main_posts["published_at"],
        lambda case: case.posts_on(case.main_network)["reach"].sum(),
        lambda case: case.posts_on(network="Instagram").head(3),
        lambda case: {"a": [case.name, (case.brand_id, 3)], "b": "tel quel"},
    ],
)
def test_what_is_asked_before_is_what_one_gets_after(ask: Any) -> None:
    found, wanted = resolved(ask(Later()), CASE), ask(CASE)
    if isinstance(wanted, pd.DataFrame | pd.Series):
        assert found.equals(wanted)
    else:
        assert found == wanted


@pytest.mark.parametrize(
    "use", [len, list, bool, float, str, lambda later: later + 1, lambda later: later < 2, lambda later: f"{later}", pd.Series]
)
def test_what_cannot_wait_says_what_to_do(use: Any) -> None:
    with pytest.raises(Explained, match="identifiant"):
        use(Later().name)
    assert repr(Later().posts) == WAITING


def fill_in(tp: TP) -> None:
    tp.brand()
    tp.classify("1.1", title="Problèmes", points=2, items=tp.case.problems, into=BOXES)
    tp.table(tp.case.mentions_summary(), "Mentions")

    @tp.marking("1.1")
    def marking(case: Case) -> list[Any]:
        return [well_placed(key=dict.fromkeys(case.problems, "x"), points=2)]


def test_nobody_s_data_are_shown_before_a_signature_then_one_s_own_without_a_second_run(here: Path) -> None:  # noqa: F811
    with capture_output() as captured:
        tp = open_tp("tp1")
        fill_in(tp)
    html = "".join(output.get("text/html", "") for output in outputs(captured))
    assert WAITING in html
    assert not [name for name in ("Vélambule", "Prisalto", "Cadrélo", "Aubrelle", "Valserane", "Échos") if name in html]
    assert not tp._cards
    assert isinstance(tp.grade("1.1"), GradedLater)
    with capture_output() as captured:
        send(tp, {"type": "sign", "student": "Alice"}, of="header")
    shown = "".join(output.get("text/html", "") for output in outputs(captured))
    case = case_study("alice", "tp1")
    assert case.name in shown
    assert tp._cards["1.1"].question.items == case.problems  # type: ignore[attr-defined]
    with capture_output():
        first = next(iter(case.problems))
        click(tp, first, "x")
    assert AnswerSheet.open(here, "tp1").value("1.1") == {first: "x"}
    given = tp.grade("1.1")
    assert isinstance(given, Score)
    assert given.value == pytest.approx(0.33)


def test_a_corrected_identifier_changes_the_case_knowingly(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        fill_in(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        click(tp, next(iter(tp.case.problems)), "x")
        send(tp, {"type": "sign", "student": "bob"}, of="header")
    assert tp._header is not None
    assert "la marque et les données changent" in tp._header.widget.status["question"]
    assert tp.sheet.sheet.student == "alice"
    assert tp.case == case_study("alice", "tp1")
    with capture_output() as captured:
        send(tp, {"type": "sign", "student": "bob", "sure": True}, of="header")
    assert tp.case == case_study("bob", "tp1")
    assert tp._header.widget.status["brand"] == "Votre marque\u00a0: Les Échos voisins."
    assert "Échos voisins" in "".join(output.get("text/html", "") for output in outputs(captured))
    assert tp._cards["1.1"].widget.status["state"] == "pas commencé"


def test_another_spelling_of_the_same_student_asks_nothing(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        fill_in(tp)
        send(tp, {"type": "sign", "student": "Zoé"}, of="header")
        click(tp, next(iter(tp.case.problems)), "x")
        send(tp, {"type": "sign", "student": "ZOE"}, of="header")
    assert tp._header is not None
    assert tp._header.widget.status["question"] == ""
    assert tp.sheet.sheet.student == "ZOE"


def test_the_same_answer_sent_twice_is_undone_in_one_gesture(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        fill_in(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        one, other = list(tp.case.problems)[:2]
        click(tp, one, "y")
        click(tp, other, "x")
        click(tp, other, "x")  # the page had not heard that it was saved
        send(tp, {"type": "undo", "n": 9})
    assert tp.sheet.value("1.1") == {one: "y"}
