"""A case study before a signature: noted, then done; what cannot wait says so in one sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.utils.capture import capture_output

from cmlib.cases import Case, case_study
from cmlib.errors import Explained
from cmlib.tp import open_tp
from cmlib.tp.criteria import well_placed
from cmlib.tp.later import WAITING, Later, resolved
from cmlib.tp.marks import Score
from cmlib.tp.session import TP, GradedLater
from cmlib.tp.sheet import AnswerSheet
from tests.tp.test_session import BOXES, click, here, outputs, send, shell  # noqa: F401 (fixtures)

CASE = Case("velambule", 0, "essai")


def before() -> Any:
    """The case of nobody yet."""
    return Later(lambda: None)


@pytest.mark.parametrize(
    "ask",
    [
        lambda case: case.problems,
        lambda case: case.main_posts["published_at"],
        lambda case: case.posts_on(case.main_network)["reach"].sum(),
        lambda case: case.posts_on(network="Instagram").head(3),
        lambda case: case.posts[case.posts["network"] == "Instagram"]["reach"] + 1,
        lambda case: case.posts[(case.posts["spend"] > 0) & ~(case.posts["theme"] == "campagne")],
        lambda case: 100 * case.posts["likes"].sum() / case.posts["reach"].sum(),
        lambda case: {"a": [case.name, (case.brand_id, 3)], "b": "tel quel"},
    ],
)
def test_what_is_asked_before_is_what_one_gets_after(ask: Any) -> None:
    wanted = ask(CASE)
    for found in (resolved(ask(before()), CASE), resolved(ask(Later(lambda: CASE)), CASE)):
        if isinstance(wanted, pd.DataFrame | pd.Series):
            assert found.equals(wanted)
        else:
            assert found == wanted


@pytest.mark.parametrize("use", [len, list, bool, float, str, lambda name: f"{name}", lambda name: "x" in name, np.asarray])
def test_what_cannot_wait_says_what_to_do(use: Any) -> None:
    with pytest.raises(Explained, match="identifiant"):
        use(before().name)
    assert repr(before().posts) == WAITING


def test_once_signed_a_cell_of_one_s_own_has_values() -> None:
    case: Any = Later(lambda: CASE)
    assert list(case.problems) == list(CASE.problems)
    assert len(case.posts) == len(CASE.posts)
    assert f"{case.name}" == CASE.name
    assert bool(case.name == CASE.name)
    assert not bool(case.name == "autre")
    assert repr(case.name) == repr(CASE.name)
    assert np.asarray(case.posts["reach"]).sum() == CASE.posts["reach"].sum()


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
    assert tp._case == case_study("alice", "tp1")
    with capture_output() as captured:
        send(tp, {"type": "sign", "student": "bob", "sure": True}, of="header")
    assert tp._case == case_study("bob", "tp1")
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


def test_a_notebook_opened_as_one_student_and_signed_by_another_shows_the_other_s_data(
    here: Path,  # noqa: F811
) -> None:
    with capture_output():
        first = open_tp("tp1")
        fill_in(first)
        send(first, {"type": "sign", "student": "alice"}, of="header")
        again = open_tp("tp1")  # reopened: signed from the start
        fill_in(again)
        click(again, next(iter(case_study("alice", "tp1").problems)), "x")
        send(again, {"type": "sign", "student": "bob", "sure": False}, of="header")
        send(again, {"type": "sign", "student": "bob", "sure": True}, of="header")
    bob = case_study("bob", "tp1")
    assert again._cards["1.1"].question.items == bob.problems  # type: ignore[attr-defined]


def test_another_tab_that_signs_is_noticed(here: Path) -> None:  # noqa: F811
    with capture_output():
        tab, other = open_tp("tp1"), open_tp("tp1")
        fill_in(tab)
        fill_in(other)
        send(tab, {"type": "sign", "student": "alice"}, of="header")
        click(tab, next(iter(tab.case.problems)), "x")
        send(other, {"type": "sign", "student": "bob"}, of="header")
    assert other._header is not None
    assert "n’a pas la même étude de cas" in other._header.widget.status["question"]
    with capture_output():
        send(other, {"type": "sign", "student": "bob", "sure": True}, of="header")
        click(tab, next(iter(tab.case.problems)), "y")
    assert tab._case == case_study("bob", "tp1")


def test_a_mistake_in_a_cell_of_one_s_own_does_not_stop_the_others(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        tp.table(tp.case.posts.hed(), "Faute de frappe")
        fill_in(tp)
    with capture_output() as captured:
        assert send(tp, {"type": "sign", "student": "alice", "n": 3}, of="header")[0]["saved"]
    assert tp._cards["1.1"].question.items == case_study("alice", "tp1").problems  # type: ignore[attr-defined]
    assert "relancez sa cellule" in "".join(output.get("text/html", "") for output in outputs(captured))


def test_two_doubts_are_one_question(here: Path) -> None:  # noqa: F811
    (here / "liste.csv").write_text("identifiant\nalice\n", encoding="utf-8")
    with capture_output():
        tp = open_tp("tp1")
        fill_in(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        click(tp, next(iter(tp.case.problems)), "x")
        send(tp, {"type": "sign", "student": "martin"}, of="header")
    assert tp._header is not None
    question = tp._header.widget.status["question"]
    assert "pas dans la liste" in question
    assert "sont à refaire" in question
    with capture_output():
        send(tp, {"type": "sign", "student": "autre", "sure": True}, of="header")
    assert tp.sheet.sheet.student == "alice"  # sure of another name is sure of nothing
