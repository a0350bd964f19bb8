"""Criteria: partial credit, rules and reasons without the key, and the mistakes of an author."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset, write_quantity
from cmlib.swot import CATEGORIES, EFFECT, ORIGIN
from cmlib.tp.criteria import chosen, close_to, on_the_day, well_placed, well_placed_on_axes, written
from cmlib.tp.fields import NumberField, TextField
from cmlib.tp.forms import Form
from cmlib.tp.marks import Criterion, score
from cmlib.tp.questions import Choice, Classification, Question
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
    with pytest.raises(InvalidInput):
        close_to("taux", 1, abs(expected), 1)


@pytest.mark.parametrize("near", [{"near": 0.0001}, {"near": -1}, {"near": 1, "near_share": 1}, {"near": 1, "near_share": 0}])
def test_a_nearly_right_value_is_further_than_a_right_one_and_worth_less(near: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="une part des points"):
        close_to("taux", 0.04, 0.0005, **near)  # type: ignore[arg-type]


NEAR = close_to("taux", 0.04, 0.0001, 1, mistakes={"Moyenne des taux.": 0.0405}, near=0.001, near_share=0.5)


@pytest.mark.parametrize(
    ("typed", "points", "reason"),
    [
        ("4,01 %", 1, "juste"),
        ("4,1 %", 0.5, "proche"),
        ("3,9 %", 0.5, "proche"),
        ("4,05 %", 0, "Moyenne des taux."),
        ("4,11 %", 0, "reprenez le calcul"),
    ],
)
def test_a_nearly_right_value_earns_its_share_but_a_known_mistake_does_not(typed: str, points: float, reason: str) -> None:
    result = score(RATE, {"taux": typed}, (NEAR,))
    assert result.value == points
    assert reason in result.marks[0].reason


BUDGET = Form("3.2", "Budget", 1, "", {"budget": NumberField("Budget", "€"), "nombre": NumberField("Nombre", "")})


@pytest.mark.parametrize(
    ("typed", "share", "tolerance", "points"),
    [("1212", 0.01, 0, 1), ("1188", 0.01, 0, 1), ("1212,01", 0.01, 0, 0), ("1213", 0.01, 20, 1), ("1221", 0.01, 20, 0)],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_tolerance_may_be_a_share_of_the_value(typed: str, share: float, tolerance: float, points: float, sign: int) -> None:
    criterion = close_to("budget", sign * 1200, tolerance, relative=share)
    assert score(BUDGET, {"budget": f"{'-' if sign < 0 else ''}{typed}"}, (criterion,)).value == points


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


TEXTS = Form("1.4", "Positionnement", 1, "", {"mot": TextField("Un mot", 0, 3)})


@pytest.mark.parametrize(
    ("question", "criterion", "rule"),
    [
        (RATE, close_to("taux", 0.04, 0.0001), "à 0,01 point près ; tout ou rien"),
        (RATE, close_to("taux", 0.04), "valeur exacte ; tout ou rien"),
        (RATE, NEAR, "à 0,01 point près ; la moitié des points à 0,1 point près"),
        (BUDGET, close_to("budget", 1200, relative=0.01), "à ±1 % près ; tout ou rien"),
        (BUDGET, close_to("budget", 1200, 5, relative=0.01), "à 5,00 € près, ou à ±1 % près ; tout ou rien"),
        (BUDGET, close_to("nombre", 12, 1, near=3, near_share=0.3), "à 1 près ; 30 % des points à 3 près"),
        (NETWORK, chosen({"tt"}, 1), "tout ou rien"),
        (NETWORKS, chosen({"tt"}, 1), "part égale pour chaque bonne réponse choisie ; chaque réponse de trop en retire autant"),
        (SWOT, well_placed(KEY, 2), "part égale pour chaque élément bien placé"),
        (SWOT, AXES, "part égale pour chaque élément du bon côté de l’axe, et pour chaque axe"),
        (RATE, on_the_day("x", date(2025, 7, 11), 0, 1, ""), "au jour exact ; tout ou rien"),
        (RATE, on_the_day("x", date(2025, 7, 11), 2, 1, ""), "à 2 jours près ; tout ou rien"),
        (TEXTS, written("mot", 1), "3 mots au plus ; tout ou rien, sur la longueur seule"),
    ],
)
def test_a_criterion_tells_its_rule_in_the_words_of_its_question(question: Question, criterion: Criterion, rule: str) -> None:
    assert untypeset(criterion.told(question)) == rule


SENTENCES = {
    "La valeur est juste.",
    "La valeur est proche, sans être assez précise : vérifiez l’arrondi et les nombres recopiés.",
    "La valeur ne correspond pas à vos données : reprenez le calcul.",
    "Erreur connue.",
}
sizes = st.floats(-1e9, 1e9) | st.floats(-1, 1)


@given(sizes, sizes, st.floats(0, 1e6), st.sampled_from(["€", "%", "", "jours"]))
def test_neither_a_reason_nor_a_rule_depends_on_the_expected_value(expected: float, typed: float, gap: float, unit: str) -> None:
    """What is said of a number is one of four sentences, and the rule is the same whatever the key."""
    question = Form("1", "Un", 1, "", {"x": NumberField("Valeur", unit)})

    def criterion(expected: float) -> Criterion:
        return close_to("x", expected, gap, 1, {"Erreur connue.": expected + gap + 1}, near=gap + 0.5)

    answer = {"x": write_quantity(typed, unit, 4)}
    (mark,) = criterion(expected)(question, answer)
    assert mark.reason in SENTENCES or mark.reason == criterion(expected + 1)(question, answer)[0].reason
    assert criterion(expected).told(question) == criterion(expected + 1).told(question)
