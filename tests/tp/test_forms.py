"""Texts, dates and orders: what is kept, what is said of it, what it earns."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.tp.criteria import in_order, on_the_day, written
from cmlib.tp.fields import MomentField, TextField, words
from cmlib.tp.forms import Form
from cmlib.tp.marks import score
from cmlib.tp.ordering import Ordering, pairs_in_order
from cmlib.tp.questions import Choice, State

TEXTS = Form(
    "1.4", "Positionnement", 2, "", {"valeur": TextField("Proposition de valeur", 5, 10), "mot": TextField("Un mot", 0, 3)}
)
MOMENTS = Form("3.3", "Crise", 2, "", {"debut": MomentField("Début", year=2025), "pic": MomentField("Pic", "datetime")})
STEPS = {"c": "Agir", "a": "Vérifier", "d": "Rendre compte", "b": "Reconnaître"}
ORDER = Ordering("2.6", "Réponse", 1, "", STEPS)
anything: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(anything | st.fixed_dictionaries({"valeur": anything, "debut": anything, "ordre": anything}))
def test_whatever_a_sheet_holds_nothing_raises(value: object) -> None:
    for question in (TEXTS, MOMENTS, ORDER):
        kept = question.normalise(value)
        assert question.normalise(kept) == kept
        assert question.progress(value).state in State
        assert question.recap(value).rows


def test_a_text_says_how_many_words_it_still_lacks() -> None:
    assert TEXTS.progress({}).state is State.UNTOUCHED
    short = {"valeur": "L’école à vélo – enfin !", "mot": "vélo"}
    assert words(short["valeur"]) == 4  # « – » and « ! » are no words, « L’école » is one
    assert "4 mots ; demandé : de 5 à 10 mots" in untypeset(TEXTS.progress(short).message)
    assert TEXTS.progress({**short, "valeur": "un deux trois quatre cinq"}).state is State.COMPLETE
    assert TEXTS.progress({"valeur": "un deux trois quatre cinq"}).message == "Reste à remplir : Un mot."
    assert TEXTS.normalise({"valeur": "deux\n\nlignes  et des espaces "})["valeur"] == "deux\n\nlignes  et des espaces "
    with pytest.raises(InvalidInput, match="minimum"):
        TextField("Essai", 10, 5)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("11/07/2025", "11 juillet 2025"),
        ("11 juillet", "11 juillet 2025"),
        ("1er avril 2025", "1er avril 2025"),
        ("2025-07-11", "11 juillet 2025"),
    ],
)
def test_a_day_is_understood_as_it_is_typed(typed: str, understood: str) -> None:
    assert " ".join(MOMENTS.fields["debut"].show(typed).split()) == understood
    assert MOMENTS.normalise({"debut": typed}) == {"debut": typed}


@pytest.mark.parametrize("typed", ["32/01/2025", "hier", "11/07", "1" * 80, "11/07/2025 25 h"])
def test_what_is_no_day_is_said_in_one_sentence(typed: str) -> None:
    question = Form("3.3", "Crise", 2, "", {"debut": MomentField("Début")})
    progress = question.progress({"debut": typed})
    assert progress.state is State.INCOMPLETE
    assert progress.message.startswith("Début : ")
    assert "illisible" in question.recap({"debut": typed}).rows[0][1]


@pytest.mark.parametrize(
    ("typed", "earned"), [("11/07/2025", 2), ("12/07/2025", 2), ("13/07/2025", 0), ("9/7/2025", 0), ("", 0), ("hier", 0)]
)
def test_a_day_is_judged_with_its_tolerance(typed: str, earned: float) -> None:
    question = Form("3.3", "Crise", 2, "", {"debut": MomentField("Début")})
    marking = (on_the_day("debut", date(2025, 7, 11), 1, 2, "Regardez le premier jour de la vague."),)
    given_score = score(question, {"debut": typed}, marking)
    assert given_score.value == earned
    assert "11" not in given_score.marks[0].reason or earned


@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_pairs_in_order_are_kendall_s(order: list[str]) -> None:
    tau = kendalltau([order.index(item) for item in "abcde"], range(5)).statistic
    assert 2 * pairs_in_order(order, list("abcde")) - 1 == pytest.approx(tau)


def test_an_order_earns_by_its_pairs_and_chance_earns_nothing_on_average() -> None:
    marking = (in_order(["a", "b", "c", "d"], 1, advice="Vérifier vient avant tout."),)
    assert score(ORDER, {"ordre": "a b c d"}, marking).value == 1
    assert score(ORDER, {"ordre": "d c b a"}, marking).value == 0
    assert score(ORDER, {}, marking).value == 0
    near = score(ORDER, {"ordre": "b a c d"}, marking)
    assert near.value == pytest.approx(0.67)
    assert near.marks[0].reason == "5 paires d’étapes sur 6 sont dans le bon sens. Vérifier vient avant tout."
    shares = [2 * pairs_in_order(order, "abcd") - 1 for order in permutations("abcd")]
    assert sum(shares) == pytest.approx(0)


def test_an_order_keeps_to_the_items_of_the_exercise() -> None:
    assert ORDER.order({"ordre": "b b zzz a"}) == ["b", "a", "c", "d"]
    assert ORDER.order({"ordre": "zzz"}) == []
    assert [step for _, step in ORDER.recap({"ordre": "a b c d"}).rows] == ["Vérifier", "Reconnaître", "Agir", "Rendre compte"]
    with pytest.raises(InvalidInput, match="deux étapes"):
        Ordering("2.6", "", 1, "", {"a b": "x", "c": "y"})


def test_a_text_earns_for_its_form_alone() -> None:
    marking = (written("valeur", 1), written("mot", 1))
    assert score(TEXTS, {"valeur": "un deux trois quatre cinq", "mot": "vélo"}, marking).value == 2
    short = score(TEXTS, {"valeur": "trop court"}, marking)
    assert short.value == 0
    assert [untypeset(mark.reason) for mark in short.marks] == ["2 mots ; demandé : de 5 à 10 mots.", "Pas de réponse."]


def test_a_criterion_on_the_wrong_kind_is_the_author_s_mistake() -> None:
    other = Choice("1", "", 1, "", {"a": "A", "b": "B"})
    for criterion in (in_order(["a", "b"], 1), on_the_day("x", date(2025, 1, 1), 0, 1, ""), written("x", 1)):
        with pytest.raises(Explained, match="cellule de correction"):
            criterion(other, {})
