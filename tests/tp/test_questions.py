"""Questions: three states, feedback on the form alone, and any stored value survived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.tp.fields import NumberField
from cmlib.tp.forms import Form
from cmlib.tp.questions import Choice, Classification, Question, State
from tests.tp.test_answers import values

SWOT = Classification(
    "1.5",
    "SWOT",
    2,
    "",
    {"c1": "un", "c2": "deux", "c3": "trois"},
    {"forces": "Forces", "menaces": "Menaces"},
    noun="constat",
)
PROOFS = Form("1.7", "Preuves", 2, "", {"taux": NumberField("Taux", "%"), "gap": NumberField("Silence", "jours")})


@pytest.mark.parametrize(
    ("value", "state", "message"),
    [
        (None, State.UNTOUCHED, "3 constats à classer."),
        ({}, State.UNTOUCHED, "3 constats à classer."),
        ({"c1": "forces"}, State.INCOMPLETE, "2 constats restent à classer."),
        ({"c1": "forces", "c2": "menaces"}, State.INCOMPLETE, "1 constat reste à classer."),
        ({"c1": "forces", "c2": "menaces", "c3": "forces"}, State.COMPLETE, "Tout est classé."),
    ],
)
def test_classification_tells_what_is_left(value: object, state: State, message: str) -> None:
    assert SWOT.progress(value).state is state
    assert SWOT.progress(value).message == message


def test_feedback_on_the_form_is_the_same_for_right_and_wrong_answers() -> None:
    assert SWOT.progress({"c1": "forces"}) == SWOT.progress({"c1": "menaces"})


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (None, State.UNTOUCHED),
        ({"taux": "  "}, State.UNTOUCHED),
        ({"taux": "8,3 %"}, State.INCOMPLETE),
        ({"taux": "8,3 %", "gap": "12"}, State.COMPLETE),
        ({"taux": "0,083", "gap": "12"}, State.INCOMPLETE),
        ({"taux": "8,3 %", "gap": "12 €"}, State.INCOMPLETE),
        ({"taux": "n’importe quoi", "gap": "12"}, State.INCOMPLETE),
    ],
)
def test_numbers_are_complete_when_each_has_one_meaning(value: object, state: State) -> None:
    assert PROOFS.progress(value).state is state


def test_an_ambiguous_percentage_is_questioned_in_the_card() -> None:
    assert "veut-il dire" in PROOFS.progress({"taux": "0,083"}).message


def test_the_recap_shows_how_a_number_was_understood() -> None:
    rows = PROOFS.recap({"taux": "8,3", "gap": "douze"}).rows
    assert rows[0] == ("Taux", "8,3\u202f% (saisi : 8,3)")
    assert "illisible" in rows[1][1]
    assert PROOFS.recap(None).rows[0] == ("Taux", "")


@pytest.mark.parametrize("question", [SWOT, PROOFS])
@given(value=values | st.dictionaries(st.sampled_from(["c1", "c2", "taux", "gap", "x"]), values))
def test_any_stored_value_is_survived(question: Question, value: object) -> None:
    kept = question.normalise(value)
    assert question.normalise(kept) == kept
    assert question.progress(value) == question.progress(kept)
    assert question.recap(value) == question.recap(kept)


def test_a_question_without_content_is_the_author_s_mistake() -> None:
    with pytest.raises(InvalidInput):
        Classification("1", "", 1, "", {}, {"a": "A", "b": "B"})
    with pytest.raises(InvalidInput):
        Classification("1", "", 1, "", {"x": "X"}, {"a": "A"})
    with pytest.raises(InvalidInput):
        Form("1", "", 1, "", {})


ONE = Choice("2.1", "Réseau", 1, "", {"fb": "Facebook", "tt": "TikTok"})
SEVERAL = Choice("2.2", "Réseaux", 1, "", {"fb": "Facebook", "tt": "TikTok", "x": "X"}, several=True)


@pytest.mark.parametrize(
    ("question", "value", "state", "chosen"),
    [
        (ONE, None, State.UNTOUCHED, set()),
        (ONE, {"choix": "tt"}, State.COMPLETE, {"tt"}),
        (ONE, {"choix": "inconnu"}, State.UNTOUCHED, set()),
        (SEVERAL, {"fb": "oui", "x": "oui", "tt": "non"}, State.COMPLETE, {"fb", "x"}),
        (SEVERAL, {"choix": "fb"}, State.UNTOUCHED, set()),
    ],
)
def test_a_choice_is_complete_once_something_is_chosen(question: Choice, value: object, state: State, chosen: set[str]) -> None:
    assert question.progress(value).state is state
    assert question.chosen(value) == chosen
    assert {asked for asked, answered in question.recap(value).rows if answered == "choisi"} == {
        question.options[o] for o in chosen
    }


@pytest.mark.parametrize("question", [ONE, SEVERAL])
@given(value=values | st.dictionaries(st.sampled_from(["choix", "fb", "tt", "z"]), values | st.just("oui")))
def test_any_stored_choice_is_survived(question: Choice, value: object) -> None:
    assert question.normalise(question.normalise(value)) == question.normalise(value)
    question.progress(value)
    question.recap(value)


def test_a_choice_between_one_thing_is_the_author_s_mistake() -> None:
    with pytest.raises(InvalidInput):
        Choice("1", "", 1, "", {"a": "A"})
