"""Intervals and tests: against statsmodels, scipy, Newcombe's published table, and simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from cmlib import stats
from cmlib.errors import InvalidInput

samples = st.integers(1, 5000).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))
levels = st.floats(0.5, 0.999)


@given(samples, levels)
def test_wilson_is_that_of_statsmodels(sample: tuple[int, int], confidence: float) -> None:
    count, nobs = sample
    expected = proportion_confint(count, nobs, alpha=1 - confidence, method="wilson")
    low, high = stats.wilson_interval(count, nobs, confidence)
    assert (low, high) == pytest.approx(expected, abs=1e-9)
    assert 0 <= low <= count / nobs <= high <= 1


@pytest.mark.parametrize(
    ("count", "nobs", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_that_of_newcombe(count: int, nobs: int, low: float, high: float) -> None:
    """Newcombe (1998), the four examples, score method without continuity correction."""
    assert [round(bound, 4) for bound in stats.wilson_interval(count, nobs)] == [low, high]


@given(samples, samples)
def test_the_z_test_is_that_of_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    count, nobs = [first[0], second[0]], [first[1], second[1]]
    assume(0 < sum(count) < sum(nobs))
    statistic, pvalue = stats.two_proportion_ztest(count, nobs)
    expected = proportions_ztest(np.array(count), np.array(nobs))
    assert (statistic, pvalue) == pytest.approx(expected, rel=1e-7, abs=1e-12)
    assert stats.two_proportion_ztest(count[::-1], nobs[::-1]) == pytest.approx((-statistic, pvalue), rel=1e-7, abs=1e-12)


@given(st.tuples(*[st.integers(0, 400)] * 4).filter(any))
def test_mcnemar_is_that_of_statsmodels_and_of_scipy(cells: tuple[int, int, int, int]) -> None:
    table = np.reshape(cells, (2, 2))
    statistic, pvalue = stats.mcnemar(table)
    lost, won = int(table[0, 1]), int(table[1, 0])
    assert statistic == min(lost, won)
    if lost + won:
        assert pvalue == pytest.approx(binomtest(lost, lost + won, 0.5).pvalue, rel=1e-9)
        assert pvalue == pytest.approx(statsmodels_mcnemar(table, exact=True).pvalue, rel=1e-9)
    else:
        assert pvalue == 1


def test_mcnemar_holds_for_the_largest_panels() -> None:
    assert stats.mcnemar([[0, 5], [2**31 + 7, 0]]).pvalue == 0
    assert stats.mcnemar([[0, 10**9], [10**9, 0]]).pvalue == 1


def test_a_count_with_the_noise_of_a_float_is_a_count() -> None:
    assert stats.wilson_interval(0.29 * 100, 100) == stats.wilson_interval(29, 100)


def test_unanimous_samples_do_not_differ() -> None:
    assert stats.two_proportion_ztest([0, 0], [10, 20]) == (0, 1)
    assert stats.two_proportion_ztest([10, 20], [10, 20]) == (0, 1)
    assert stats.mcnemar([[3, 0], [0, 9]]) == (0, 1)


def test_nps_interval_covers_as_it_promises() -> None:
    """The multinomial variance, seen in 4,000 simulated surveys of 300 people: 95 % of the intervals hold the truth."""
    random = np.random.default_rng(3)
    truth = 100 * (0.42 - 0.25)
    surveys = random.multinomial(300, [0.42, 0.33, 0.25], size=4000)
    intervals = [stats.nps(*map(int, survey)) for survey in surveys]
    covered = np.mean([low <= truth <= high for _, low, high in intervals])
    assert covered == pytest.approx(0.95, abs=0.012)
    spread = np.std([score for score, _, _ in intervals])
    assert spread == pytest.approx(100 * np.sqrt((0.67 - 0.17**2) / 300), rel=0.04)


@given(st.tuples(*[st.integers(0, 500)] * 3).filter(any), levels)
def test_nps_stays_within_its_interval_and_the_scale(groups: tuple[int, int, int], confidence: float) -> None:
    score, low, high = stats.nps(*groups, confidence=confidence)
    assert -100 <= low <= score <= high <= 100
    assert score == pytest.approx(100 * (groups[0] - groups[2]) / sum(groups))
    assert high - low > 0  # no sample promises certainty


def test_a_single_respondent_proves_almost_nothing() -> None:
    assert stats.nps(1, 0, 0) == (100, pytest.approx(-58.7, abs=0.1), 100)
    assert stats.wilson_interval(1, 1) == pytest.approx((0.2065, 1), abs=1e-4)


def test_the_same_people_call_for_mcnemar_and_others_for_the_z_test() -> None:
    random = np.random.default_rng(5)
    before = pd.Series(random.random(300) < 0.3)
    after = before | (random.random(300) < 0.08)
    change = stats.compare_shares(before, after)  # type: ignore[arg-type]
    assert change.test == "mcnemar"
    assert (change.before, change.after) == (before.mean(), after.mean())
    assert change.pvalue == stats.mcnemar(pd.crosstab(~before, ~after)).pvalue < 0.001
    shuffled = after.sample(frac=1, random_state=1)
    assert stats.compare_shares(before, shuffled) == change  # type: ignore[arg-type]
    assert stats.compare_shares(before.astype(float), after.astype(int)) == change  # type: ignore[arg-type]
    others = after.set_axis(range(1000, 1300))
    independent = stats.compare_shares(before, others)  # type: ignore[arg-type]
    assert independent.test == "ztest" and independent.pvalue > change.pvalue
    assert independent.statistic > 0  # a gain is positive


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stats.wilson_interval(0, 0), "au moins égal à 1"),
        (lambda: stats.wilson_interval(3, 2), "plus de réponses"),
        (lambda: stats.wilson_interval(0.3, 10), "entier"),
        (lambda: stats.wilson_interval(1, 10, confidence=95), "inférieur à 1"),
        (lambda: stats.wilson_interval(float("nan"), 10), "manque"),
        (lambda: stats.two_proportion_ztest([1, 2], [0, 5]), "répondants"),
        (lambda: stats.two_proportion_ztest([1, 2, 3], [5, 5, 5]), "2 nombres"),
        (lambda: stats.two_proportion_ztest([2, 9], [5, 5]), "échantillon 2"),
        (lambda: stats.mcnemar([[1, 2, 3], [4, 5, 6]]), "deux lignes"),
        (lambda: stats.mcnemar([[0, 0], [0, 0]]), "vide"),
        (lambda: stats.mcnemar([[1, -2], [3, 4]]), "ligne 1, colonne 2"),
        (lambda: stats.nps(0, 0, 0), "Personne"),
        (lambda: stats.nps(1.5, 0, 0), "entier"),
        (lambda: stats.nps(-1, 2, 3), "promoteurs"),
        (lambda: stats.compare_shares({"a": True, "b": False}, {"a": True, "c": True}), "partie de leurs répondants"),
        (lambda: stats.same_panel([True], [False]), "dictionnaire"),  # type: ignore[arg-type]
        (lambda: stats.compare_shares({"a": 2}, {"a": 1}), "ni oui"),  # type: ignore[dict-item]
        (lambda: stats.compare_shares({}, {"a": True}), "avant"),
        (lambda: stats.compare_shares({"a": True}, {}), "après"),
        (lambda: stats.compare_shares({"a": float("nan")}, {"a": True}), "ni oui"),  # type: ignore[dict-item]
        (lambda: stats.compare_shares({"a": "oui"}, {"a": True}), "ni oui"),  # type: ignore[dict-item]
    ],
)
def test_what_cannot_be_is_refused_by_name(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said) as error:
        call()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
