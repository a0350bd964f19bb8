"""Best contents, best platform, costs and returns: figures of the brands, checked by plain division."""

import pytest

from cmlib.french import untypeset, write_quantity
from cmlib.lessons.demos import results
from cmlib.lessons.demos.brands import IDS, study
from cmlib.lessons.demos.markup import table
from tests.lessons.helpers import every, one


def test_every_brand_and_choice_draws() -> None:
    every(results.contents, IDS, results.CONTENTS)
    every(results.platforms, IDS, results.TARGETS)
    every(results.value, IDS, results.MEASURES)
    every(results.dashboard, IDS)


@pytest.mark.parametrize("brand", IDS)
@pytest.mark.parametrize("by", results.CONTENTS)
def test_the_best_content_is_the_one_with_the_highest_rate(brand: str, by: str) -> None:
    posts = study(brand).posts
    posts = posts.assign(reacted=posts["likes"] + posts["comments"] + posts["shares"])
    sums = posts.groupby(by)[["reacted", "reach"]].sum()
    rate = (sums["reacted"] / sums["reach"]).sort_values()
    sentence = one(results.contents, brand, by)[1]
    assert write_quantity(float(rate.iloc[-1]), "%", 1).replace("\u202f", " ") in sentence
    assert str(rate.index[-1]) in sentence or by == "theme"


def test_themes_are_spelt() -> None:
    assert "gîtes" in one(results.contents, "valserane", "theme")[0]


def test_small_groups_are_named() -> None:
    assert "Prudence : moins de 20 publications pour « campagne »" in one(results.contents, "velambule", "theme")[1]


def test_what_the_chapter_says_of_formats_and_targets() -> None:
    assert "« document » fait réagir 5 %" in one(results.contents, "cadrelo", "format")[1]
    said, sentence = one(results.platforms, "velambule", "aines")
    assert sentence.startswith("Facebook est le réseau où les 50 ans et plus") and "TikTok" in sentence
    assert "TikTok, indice 19" in said
    assert "le moins sous-représentés (indice 99)" in one(results.platforms, "cadrelo", "aines")[1]


@pytest.mark.parametrize("brand", IDS)
def test_costs_and_returns_are_plain_divisions(brand: str) -> None:
    traffic = study(brand).traffic
    sums = traffic[traffic["source"] == "paid"][["prospects", "clients", "revenue", "cost"]].sum()
    expected = {
        "cpl": sums["cost"] / sums["prospects"],
        "cac": sums["cost"] / sums["clients"],
        "roas": sums["revenue"] / sums["cost"],
        "net_roi": (sums["revenue"] - sums["cost"]) / sums["cost"],
    }
    assert {measure: results.by_source(brand, measure)["paid"] for measure in results.MEASURES} == pytest.approx(expected)


def test_a_cost_is_best_low_and_a_return_high() -> None:
    for measure in results.MEASURES:
        assert "Le meilleur : bouche-à-oreille (earned)" in one(results.value, "velambule", measure)[0]
    assert "à perte : publicité (paid)" in one(results.value, "prisalto", "net_roi")[1]
    assert "aucune source n’est à perte" in one(results.value, "velambule", "net_roi")[1]


def test_the_dashboard_is_a_table_that_a_screen_reader_can_walk() -> None:
    page, sentence = results.dashboard("aubrelle")
    assert isinstance(page, str) and page.count("scope='row'") == 12 and page.count("scope='col'") == 4 and "<caption" in page
    assert untypeset(sentence).startswith("12 indicateurs, quatre familles : 2 doivent baisser")


def test_words_of_a_table_are_escaped() -> None:
    page = table("<b>", ["<i>", "x"], [["<script>", "a & b"]])
    assert "<script>" not in page and "<b>" not in page and "&lt;script&gt;" in page and "a &amp; b" in page
