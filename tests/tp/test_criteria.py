"""Scores: partial credit, reasons without the key, and failing closed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import Explained, InvalidInput
from cmlib.swot import CATEGORIES, EFFECT, ORIGIN
from cmlib.tp.criteria import chosen, close_to, well_placed, well_placed_on_axes
from cmlib.tp.fields import NumberField
from cmlib.tp.forms import Form
from cmlib.tp.marks import Mark, Score, score
from cmlib.tp.questions import Choice, Classification
from tests.tp.test_answers import values

KEY = {"c1": "forces", "c2": "faiblesses", "c3": "opportunites", "c4": "menaces"}
SWOT = Classification("1.5", "SWOT", 2, "", {name: f"constat {name}" for name in KEY}, CATEGORIES)
RATE = Form("1.7", "Taux", 1, "", {"taux": NumberField("Taux", "%")})
AXES = well_placed_on_axes(KEY, {"Interne ou externe": ORIGIN, "Effet": EFFECT}, points=2)
placements = st.dictionaries(st.sampled_from(sorted(KEY)), st.sampled_from(sorted(CATEGORIES)))


def test_everything_right_earns_everything_and_nothing_earns_nothing() -> None:
    for criterion in (well_placed(KEY, 2), AXES):
        assert score(SWOT, KEY, (criterion,)).value == 2
        assert score(SWOT, None, (criterion,)).value == 0


@given(placements)
def test_partial_credit_is_the_share_of_items_well_placed(placed: dict[str, str]) -> None:
    right = sum(placed.get(item) == box for item, box in KEY.items())
    assert score(SWOT, placed, (well_placed(KEY, 2),)).value == pytest.approx(2 * right / 4, abs=0.005)


@given(placements)
def test_each_axis_counts_for_half(placed: dict[str, str]) -> None:
    origin = sum(ORIGIN[placed[item]] == ORIGIN[KEY[item]] for item in placed)
    effect = sum(EFFECT[placed[item]] == EFFECT[KEY[item]] for item in placed)
    assert score(SWOT, placed, (AXES,)).value == pytest.approx((origin + effect) / 4, abs=0.005)


@given(placements)
def test_the_explanation_never_gives_the_key(placed: dict[str, str]) -> None:
    """On two-sided axes, naming a misplaced item would give its box away: items are only counted."""
    html = score(SWOT, placed, (AXES,))._repr_html_()
    assert not any(text in html for text in SWOT.items.values())
    assert not any(label in html for label in CATEGORIES.values())


def test_a_misplaced_item_is_named_where_that_does_not_give_the_key() -> None:
    html = score(SWOT, {**KEY, "c1": "menaces"}, (well_placed(KEY, 2, advice="Relisez le cours."),))._repr_html_()
    assert "constat c1" in html
    assert "constat c2" not in html
    assert "Relisez le cours." in html


CLOSE = close_to("taux", 0.0397, 0.0005, 1, mistakes={"Moyenne des taux.": 0.052})


@pytest.mark.parametrize(
    ("typed", "points", "reason"),
    [
        ("3,97 %", 1, "juste"),
        ("4", 1, "juste"),
        ("4,02 %", 1, "juste"),
        ("4,03 %", 0, "reprenez le calcul"),
        ("5,2 %", 0, "Moyenne des taux."),
        ("0,0397", 0, "veut-il dire"),
        ("12 €", 0, "unité demandée"),
        ("", 0, "Pas de réponse."),
    ],
)
def test_a_number_is_judged_within_its_tolerance_and_mistakes_have_a_name(typed: str, points: float, reason: str) -> None:
    result = score(RATE, {"taux": typed}, (CLOSE,))
    assert result.value == points
    assert reason in result.marks[0].reason
    assert typed.startswith("0,0397") or "3,97" not in result._repr_html_()  # there, only what was typed is said again


@given(values)
def test_any_stored_value_is_marked(value: object) -> None:
    assert score(SWOT, value, (AXES,)).value == 0 or isinstance(value, dict)
    assert score(RATE, value, (CLOSE,)).value == 0 or isinstance(value, dict)


marks = st.builds(Mark, st.just("x"), st.floats(), st.floats(-5, 1000) | st.just(math.nan))


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


def test_an_explanation_is_escaped() -> None:
    html = Score((Mark("<script>alert(1)</script>", 0, 1, "<img src=x onerror=alert(1)>"),))._repr_html_()
    assert "<script" not in html
    assert "<img" not in html


def test_criteria_that_do_not_add_up_are_the_author_s_mistake() -> None:
    with pytest.raises(Explained, match="le total des critères"):
        score(SWOT, KEY, (well_placed(KEY, 1),))


@pytest.mark.parametrize("key", [{"c1": "forces"}, {**KEY, "c9": "forces"}, {**KEY, "c1": "force"}])
def test_a_key_that_does_not_fit_the_items_is_the_author_s_mistake(key: dict[str, str]) -> None:
    with pytest.raises(Explained, match="la clé"):
        score(SWOT, KEY, (well_placed(key, 2),))


def test_a_criterion_for_another_kind_of_question_is_the_author_s_mistake() -> None:
    with pytest.raises(Explained):
        score(RATE, {}, (well_placed(KEY, 1),))
    with pytest.raises(Explained):
        score(SWOT, {}, (CLOSE,))
    with pytest.raises(Explained, match="absent"):
        score(RATE, {}, (close_to("absent", 1, 0, 1),))


@pytest.mark.parametrize("expected", [math.nan, math.inf])
def test_an_expected_value_that_is_not_a_number_is_refused(expected: float) -> None:
    with pytest.raises(InvalidInput):
        close_to("taux", expected, 0.1, 1)


NETWORK = Choice("2.1", "Réseau", 1, "", {"fb": "Facebook", "tt": "TikTok"})
NETWORKS = Choice("2.2", "Réseaux", 1, "", {"fb": "Facebook", "tt": "TikTok", "x": "X", "li": "LinkedIn"}, several=True)


@pytest.mark.parametrize(
    ("question", "key", "value", "points"),
    [
        (NETWORK, {"tt"}, {"choix": "tt"}, 1),
        (NETWORK, {"tt"}, {"choix": "fb"}, 0),
        (NETWORK, {"tt", "fb"}, {"choix": "fb"}, 1),
        (NETWORK, {"tt"}, None, 0),
        (NETWORKS, {"fb", "tt"}, {"fb": "oui", "tt": "oui"}, 1),
        (NETWORKS, {"fb", "tt"}, {"fb": "oui"}, 0.5),
        (NETWORKS, {"fb", "tt"}, {"fb": "oui", "x": "oui"}, 0),
        (NETWORKS, {"fb", "tt"}, dict.fromkeys(["fb", "tt", "x", "li"], "oui"), 0),
    ],
)
def test_a_choice_earns_its_share_and_ticking_everything_earns_nothing(
    question: Choice, key: set[str], value: object, points: float
) -> None:
    result = score(question, value, (chosen(key, 1),))
    assert result.value == points
    assert not any(f"{label}<" in result._repr_html_() for label in question.options.values())


@pytest.mark.parametrize("key", [set(), {"inconnu"}])
def test_a_key_that_does_not_fit_the_options_is_the_author_s_mistake(key: set[str]) -> None:
    with pytest.raises(Explained, match="la clé"):
        score(NETWORK, {"choix": "tt"}, (chosen(key, 1),))
