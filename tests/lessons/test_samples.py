"""What a sample proves: NPS and awareness of the brands, against counts made otherwise and statsmodels."""

import re

import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from cmlib.lessons.demos import awareness, sampling
from cmlib.lessons.demos.brands import IDS, brand_names, study
from tests.lessons.helpers import every, one


def test_brands_are_those_of_the_kit() -> None:
    assert list(brand_names()) == list(IDS) and len(set(brand_names().values())) == 6


def test_every_brand_and_bound_draws() -> None:
    every(sampling.recommendation, IDS, (float(sampling.SMALLEST), float(sampling.LARGEST)))
    every(awareness.before_after, IDS, awareness.INDICATORS, (40.0, float(awareness.LARGEST)), awareness.DESIGNS)


@pytest.mark.parametrize("brand", IDS)
def test_there_are_as_many_marks_as_the_slider_offers(brand: str) -> None:
    assert sum(sampling.groups(brand, sampling.LARGEST)) == sampling.LARGEST
    assert len(study(brand).survey) == awareness.LARGEST


def test_score_is_promoters_less_detractors() -> None:
    marks = study("velambule").survey["recommandation"].dropna().head(40).tolist()
    score = 100 * (sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)) / 40
    said, sentence = one(sampling.recommendation, "velambule", 40.0)
    assert f"NPS de +{round(score)}" in sentence and "zéro est dans l’intervalle" in sentence
    assert "avec 40 réponses" in said


def test_a_score_above_zero_is_told() -> None:
    found = sampling.score("cadrelo", 160)
    assert found.low > 0 and "tout l’intervalle est au-dessus de zéro" in one(sampling.recommendation, "cadrelo", 160.0)[1]


@pytest.mark.parametrize("brand", IDS)
@pytest.mark.parametrize("indicator", awareness.INDICATORS)
def test_a_panel_is_compared_by_mcnemar(brand: str, indicator: str) -> None:
    survey = study(brand).survey.head(200)
    before, after = survey[f"{indicator}_avant"], survey[f"{indicator}_apres"]
    table = [
        [int((before & after).sum()), int((before & ~after).sum())],
        [int((~before & after).sum()), int((~before & ~after).sum())],
    ]
    change, waves = awareness.comparison(brand, indicator, 200, "panel")
    assert change.test == "mcnemar" and change.pvalue == pytest.approx(mcnemar(table, exact=True).pvalue)
    assert tuple(waves[0].interval) == pytest.approx(proportion_confint(int(before.sum()), 200, method="wilson"))


@pytest.mark.parametrize("brand", IDS)
def test_two_halves_are_compared_by_a_z_test(brand: str) -> None:
    survey = study(brand).survey
    counts = [int(survey["assistee_avant"][:200].sum()), int(survey["assistee_apres"][200:].sum())]
    change, _ = awareness.comparison(brand, "assistee", 400, "groupes")
    assert change.test == "ztest" and change.pvalue == pytest.approx(proportions_ztest(counts, [200, 200])[1])


def test_the_verdict_follows_the_test() -> None:
    said, sentence = one(awareness.before_after, "velambule", "assistee", 400.0, "panel")
    assert "+11,2 points (test de McNemar)" in sentence and "on peut parler d’une hausse" in sentence
    assert "Écart significatif" in said
    said, sentence = one(awareness.before_after, "valserane", "spontanee", 400.0, "groupes")
    assert sentence.startswith("−2,5 points (test z)") and "On ne peut rien conclure" in sentence
    assert "Écart non significatif" in said and "200 réponses" in said


def test_stopping_when_it_pleases_finds_something() -> None:
    """What the chapter says of Les Échos voisins: proved at 300, no longer at 400."""
    proved = {size: awareness.comparison("echos-voisins", "assistee", size, "panel")[0].pvalue < 0.05 for size in (300, 400)}
    assert proved == {300: True, 400: False}


def test_shares_are_written_as_counted() -> None:
    survey = study("aubrelle").survey.head(100)
    said = one(awareness.before_after, "aubrelle", "spontanee", 100.0, "panel")[0]
    assert re.search(rf"avant, {int(survey['spontanee_avant'].sum())} %, entre", said)
