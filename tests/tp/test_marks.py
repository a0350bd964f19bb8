"""Marks and scores: failing closed, criteria that tell their rule, and ways to combine them."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.tp.criteria import close_to, written
from cmlib.tp.fields import NumberField, TextField
from cmlib.tp.forms import Form
from cmlib.tp.marks import Criterion, Mark, Score, best_of, only_if, renamed, score
from tests.tp.test_answers import values

FIELDS = {"taux": NumberField("Taux", "%"), "voix": NumberField("Voix", "%"), "texte": TextField("Preuve", 2)}
FORM = Form("1.7", "Preuve", 1, "", FIELDS)
RATE = close_to("taux", 0.04, 0.0001, 1, mistakes={"Moyenne des taux.": 0.05})
OTHER_RATE = close_to("taux", 0.06, 0.0001, 1, mistakes={"Total sans les partages.": 0.07})
TEXT = written("texte", 1)
numbers = st.floats() | st.floats(-5, 1000) | st.sampled_from([math.nan, math.inf, 1e300])
marks = st.builds(Mark, st.just("x"), numbers, numbers)


def giving(*given: Mark, points: float = 1) -> Criterion:
    return Criterion(points, "une règle", lambda question, value: list(given))


@given(st.lists(marks, max_size=5).map(tuple))
def test_a_score_fails_closed(given_marks: tuple[Mark, ...]) -> None:
    """Whatever a criterion returns: finite, within bounds, and a plain form that nbgrader reads as the same grade."""
    result = Score(given_marks)
    assert math.isfinite(result.value)
    assert 0 <= result.value <= result.maximum
    assert float(repr(result)) == result.value == float(result)
    result._repr_html_()


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_points_that_add_up_leave_no_hair_above_the_maximum(thirds: list[int]) -> None:
    result = Score(tuple(Mark("x", number / 3, number / 3) for number in thirds))
    assert result.value <= result.maximum


@given(st.integers(1, 500), st.integers(1, 60))
def test_all_of_n_parts_is_everything(hundredths: int, parts: int) -> None:
    points = hundredths / 100
    assert Mark("x", points * parts / parts, points).full
    assert not Mark("x", points * (parts - 1) / parts, points).full


def test_an_explanation_is_escaped() -> None:
    html = Score((Mark("<script>alert(1)</script>", 0, 1, "<img src=x onerror=alert(1)>"),))._repr_html_()
    assert "<script" not in html
    assert "<img" not in html


def test_criteria_that_do_not_add_up_are_the_author_s_mistake() -> None:
    with pytest.raises(Explained, match="le total des critères"):
        score(FORM, {}, (RATE, TEXT))


@pytest.mark.parametrize("possible", [0.5, 2, math.nan, -1])
def test_a_criterion_gives_the_points_it_announces(possible: float) -> None:
    with pytest.raises(Explained, match="un critère annonce 1"):
        giving(Mark("x", 0, possible))(FORM, {})
    assert giving(Mark("x", 0, 0.5), Mark("y", 0, 0.5))(FORM, {})


@pytest.mark.parametrize("points", [0, -1, math.nan, math.inf, 1e9])
def test_a_criterion_is_worth_something(points: float) -> None:
    with pytest.raises(InvalidInput, match="plus de 0"):
        giving(points=points)


def test_a_criterion_tells_its_rule_and_its_names_without_an_answer() -> None:
    assert giving(Mark("x", 0, 1)).told(FORM) == "une règle"
    assert RATE.told(FORM) == "à 0,01\u00a0point près ; tout ou rien"
    assert RATE.names(FORM) == ["Taux"]


def test_another_name_changes_nothing_else() -> None:
    assert renamed("Engagement", RATE)(FORM, {"taux": "4 %"}) == [Mark("Engagement", 1, 1, "La valeur est juste.")]
    assert renamed("Engagement", RATE).told(FORM) == RATE.told(FORM)
    assert renamed("Engagement", RATE).mistakes == RATE.mistakes
    assert renamed("A", giving(Mark("x", 0, 0.5), Mark("y", 0, 0.5))).names(FORM) == ["A : x", "A : y"]


@pytest.mark.parametrize(
    ("taux", "texte", "points", "reason"),
    [
        ("4 %", "une preuve", 1, "2 mots."),
        ("5 %", "une preuve", 0, "Compte seulement quand « Taux » est juste."),
        ("", "une preuve", 0, "Compte seulement quand « Taux » est juste."),
        ("5 %", "preuve", 0, "1 mot ; demandé : 2 mots au moins."),
        ("4 %", "", 0, "Pas de réponse."),
    ],
)
def test_a_criterion_can_wait_for_another(taux: str, texte: str, points: float, reason: str) -> None:
    (mark,) = only_if(RATE, then=TEXT)(FORM, {"taux": taux, "texte": texte})
    assert (mark.name, mark.earned, mark.possible, untypeset(mark.reason)) == ("Preuve", points, 1, reason)


def test_a_condition_in_several_marks_names_those_that_fail() -> None:
    both = giving(Mark("x", 0, 0.5), Mark("y", 0.4, 0.5))
    assert only_if(both, then=TEXT)(FORM, {"texte": "a b"})[0].reason == "Compte seulement quand « x » et « y » sont justes."
    assert only_if(both, then=TEXT).told(FORM).endswith("compte seulement quand « x » et « y » sont justes")


@pytest.mark.parametrize(
    ("typed", "points", "reason"),
    [
        ("4 %", 1, "juste"),
        ("6 %", 1, "juste"),
        ("5 %", 0, "Moyenne des taux."),
        ("7 %", 0, "Total sans les partages."),
        ("9 %", 0, "reprenez le calcul"),
        ("", 0, "Pas de réponse."),
    ],
)
def test_of_two_accepted_ways_the_best_counts_and_its_mistakes_are_recognised(typed: str, points: float, reason: str) -> None:
    either = best_of(RATE, OTHER_RATE)
    (mark,) = either(FORM, {"taux": typed})
    assert (mark.name, mark.earned, mark.possible) == ("Taux", points, 1)
    assert reason in mark.reason
    assert set(either.mistakes) == {"Moyenne des taux.", "Total sans les partages."}
    assert either.told(FORM) == "2 façons de répondre acceptées, la meilleure compte : à 0,01\u00a0point près ; tout ou rien"


def test_ways_of_answering_are_as_good_as_one_another() -> None:
    for criteria in ((), (RATE,), (RATE, written("texte", 2))):
        with pytest.raises(InvalidInput, match="best_of"):
            best_of(*criteria)


def test_several_marks_become_one() -> None:
    halves = giving(Mark("x", 0.5, 0.5, "Bien."), Mark("y", 0, 0.5, "Revoyez."))
    assert best_of(halves, giving(Mark("z", 0.2, 1)))(FORM, {}) == [Mark("x, y", 0.5, 1, "x : Bien. y : Revoyez.")]


wild = st.builds(Mark, st.just("x"), numbers, st.just(1.0)).map(giving)
combined = st.recursive(
    st.sampled_from([RATE, OTHER_RATE, TEXT]) | wild,
    lambda inner: (
        st.tuples(inner, inner).map(lambda pair: best_of(*pair))
        | st.tuples(inner, inner).map(lambda pair: only_if(*pair))
        | inner.map(lambda criterion: renamed("nom", criterion))
    ),
    max_leaves=6,
)
answers = values | st.fixed_dictionaries({name: values | st.sampled_from(["4 %", "6 %", "une preuve"]) for name in FORM.fields})


@given(combined, answers)
def test_combining_never_gives_more_than_the_points(criterion: Criterion, value: object) -> None:
    result = score(FORM, value, (criterion,))
    assert math.isfinite(result.value)
    assert 0 <= result.value <= result.maximum == criterion.points == 1
    assert criterion.told(FORM)


@given(combined, combined, answers)
def test_the_best_of_two_is_the_better_and_a_condition_never_adds(one: Criterion, other: Criterion, value: object) -> None:
    earned: Callable[[Criterion], float] = lambda criterion: score(FORM, value, (criterion,)).value  # noqa: E731
    assert earned(best_of(one, other)) == max(earned(one), earned(other))
    assert earned(only_if(one, then=other)) in (0, earned(other))


def test_the_author_s_mistake_in_a_part_is_told() -> None:
    for criterion in (renamed("nom", close_to("absent", 1)), only_if(RATE, then=close_to("absent", 1))):
        with pytest.raises(Explained, match="absent"):
            criterion(FORM, {})
