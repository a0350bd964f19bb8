"""Exposure, net reach, GRP, memorisation, duplication: against scipy, simulation, and what reach cannot do."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from cmlib import reach
from cmlib.errors import InvalidInput

shape = st.floats(0.01, 200)
fraction = st.floats(0, 1)


@given(st.integers(0, 200), shape, shape)
def test_exposures_follow_the_beta_binomial_law_of_scipy(n: int, alpha: float, beta: float) -> None:
    exposures = reach.exposure_distribution(n, alpha, beta)
    np.testing.assert_allclose(exposures, betabinom.pmf(np.arange(n + 1), n, alpha, beta), rtol=1e-7, atol=1e-12)
    assert exposures.sum() == pytest.approx(1)


def test_exposures_become_binomial_when_everyone_is_alike() -> None:
    """Where the closed form subtracts huge numbers, the recurrence keeps its digits."""
    exposures = reach.exposure_distribution(20, 3e11, 7e11)
    np.testing.assert_allclose(exposures, binom.pmf(np.arange(21), 20, 0.3), rtol=1e-9)


@pytest.mark.parametrize("n", [1, 3, 10, 200])
def test_exposures_are_all_or_nothing_when_everyone_has_a_fixed_habit(n: int) -> None:
    exposures = reach.exposure_distribution(n, 1e-15, 1e-15)
    assert [exposures[0], exposures[-1]] == pytest.approx([0.5, 0.5])
    assert np.isfinite(reach.exposure_distribution(n, 0.5, 1e-99)).all()


def test_a_law_is_found_for_tiny_audiences_too() -> None:
    alpha, beta = reach.beta_binomial_from_reach(1e-6, 1.5e-6)
    assert reach.net_reach(reach.exposure_distribution(2, alpha, beta)) == pytest.approx(1.5e-6)


@given(st.floats(0.001, 0.999), st.floats(0.01, 0.99))
def test_the_fitted_law_gives_back_the_two_reaches(r1: float, part_of_chance: float) -> None:
    r2 = r1 + part_of_chance * r1 * (1 - r1)
    alpha, beta = reach.beta_binomial_from_reach(r1, r2)
    assert reach.net_reach(reach.exposure_distribution(1, alpha, beta)) == pytest.approx(r1)
    assert reach.net_reach(reach.exposure_distribution(2, alpha, beta)) == pytest.approx(r2)


@given(st.integers(1, 60), shape, shape, fraction)
def test_reach_grows_with_insertions_and_grp_is_reach_times_frequency(n: int, alpha: float, beta: float, memory: float) -> None:
    exposures = reach.exposure_distribution(n, alpha, beta)
    covered = reach.net_reach(exposures)
    assert covered <= reach.net_reach(reach.exposure_distribution(n + 1, alpha, beta)) + 1e-12 <= 1 + 2e-12
    assert reach.effective_reach(exposures, 1) == pytest.approx(covered)
    assert reach.effective_reach(exposures, 0) == pytest.approx(1) and reach.effective_reach(exposures, 0) <= 1
    assume(covered > 1e-6)
    points = reach.grp_of(exposures)
    assert points == pytest.approx(100 * n * alpha / (alpha + beta))  # the law's mean
    assert points == pytest.approx(reach.grp(covered, reach.average_frequency(points / 100, covered)))
    remembered = reach.memorised_reach(exposures, memory)
    assert 0 <= remembered <= covered + 1e-12
    assert reach.memorised_reach(exposures, 1.0) == pytest.approx(covered)


def test_memorised_reach_is_what_simulated_people_remember() -> None:
    random = np.random.default_rng(7)
    exposed = random.binomial(6, random.beta(0.8, 2.0, size=400_000))
    remembered = random.random(exposed.size) < 1 - 0.85**exposed
    assert reach.memorised_reach(reach.exposure_distribution(6, 0.8, 2.0), 0.15) == pytest.approx(remembered.mean(), abs=0.004)


def test_memorisation_after_n_exposures() -> None:
    """β of 10 %: 10, 19, 27.1 %… (Morgensztern)."""
    assert reach.memorised(0.1, [0, 1, 2, 3]) == pytest.approx([0, 0.1, 0.19, 0.271])
    assert reach.memorised(1, [0, 1]) == pytest.approx([0, 1])


@given(st.lists(fraction, min_size=1, max_size=8))
def test_sainsbury_lies_between_the_largest_audience_and_the_sum(audiences: list[float]) -> None:
    assert max(audiences) - 1e-12 <= reach.sainsbury(audiences) <= min(1, sum(audiences)) + 1e-12


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_agostini_with_the_duplications_of_real_people_is_a_possible_reach(seed: int, media: int) -> None:
    random = np.random.default_rng(seed)
    people = random.random((300, media)) < random.random(media) * random.random((300, 1)) ** 0.5
    audiences = people.mean(axis=0)
    common = {(i, j): float((people[:, i] & people[:, j]).mean()) for i in range(media) for j in range(i + 1, media)}
    estimated = reach.agostini(audiences, common)
    assert audiences.max() - 1e-12 <= estimated <= min(1, audiences.sum()) + 1e-12
    assert reach.agostini(audiences, {pair[::-1]: share for pair, share in common.items()}) == pytest.approx(estimated)


def test_agostini_as_written() -> None:
    audiences, common = [0.4, 0.3, 0.2], {(0, 1): 0.14, (0, 2): 0.09, (1, 2): 0.06}
    assert reach.agostini(audiences, common) == pytest.approx(0.9**2 / (0.9 + 1.125 * 0.29))
    assert reach.agostini(audiences, common, k=0) == pytest.approx(0.9)
    assert reach.agostini([0.4], {}) == pytest.approx(0.4)
    assert reach.agostini([0.4, 0.3], {(0.0, np.int64(1)): 0.14}) == reach.agostini([0.4, 0.3], {(0, 1): 0.14})  # type: ignore[dict-item]
    assert reach.agostini([0, 0], {(0, 1): 0}) == 0
    assert reach.agostini([0.8, 0.8], {(0, 1): 0.64}) == 1  # 1.103 by the formula: more than everybody
    assert reach.agostini([0.8, 0.3], {(0, 1): 0.3}) == pytest.approx(1.21 / 1.4375)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: reach.beta_binomial_from_reach(0.3, 0.3), "personne de plus"),
        (lambda: reach.beta_binomial_from_reach(0.3, 1 - 0.7**2), "hasard"),
        (lambda: reach.beta_binomial_from_reach(0.3, 0.6), "hasard"),
        (lambda: reach.beta_binomial_from_reach(0.3, 0.2), "inférieure"),
        (lambda: reach.beta_binomial_from_reach(0, 0.2), "supérieur à 0"),
        (lambda: reach.beta_binomial_from_reach(1, 1), "inférieur à 1"),
        (lambda: reach.beta_binomial_from_reach(30, 40), "inférieur à 1"),
        (lambda: reach.beta_binomial_from_reach(float("nan"), 0.2), "manque"),
        (lambda: reach.exposure_distribution(2.5, 1, 1), "entier"),  # type: ignore[arg-type]
        (lambda: reach.exposure_distribution(-1, 1, 1), "au moins égal à 0"),
        (lambda: reach.exposure_distribution(2, 0, 1), "supérieur à 0"),
        (lambda: reach.net_reach([0.5, 0.4]), "au lieu de 1"),
        (lambda: reach.net_reach([]), "vide"),
        (lambda: reach.average_frequency(0, 0), "la répétition n’existe pas"),
        (lambda: reach.average_frequency(900, 1000), "plus que les impressions"),
        (lambda: reach.grp(60, 3), "au plus égal à 1"),
        (lambda: reach.grp(0.6, 0.5), "au moins égal à 1"),
        (lambda: reach.grp([0.6, 0.5], [1, 2, 3]), "même longueur"),
        (lambda: reach.memorised(15, 3), "au plus égal à 1"),
        (lambda: reach.memorised(0.1, -1), "au moins égal à 0"),
        (lambda: reach.sainsbury([]), "vide"),
        (lambda: reach.sainsbury([0.4, 1.3]), "2e place"),
        (lambda: reach.agostini([0.4, 0.3], {}), r"manque la duplication \(0, 1\)"),
        (lambda: reach.agostini([0.4, 0.3], [[0.4, 0.14], [0.14, 0.3]]), "dictionnaire"),  # type: ignore[arg-type]
        (lambda: reach.agostini([0.4], {(0, 1): 0.1}), "un seul support"),
        (lambda: reach.agostini([0.3, 0.3], {(0, 1): 0.30001}), "0,30001 est impossible"),
        (lambda: reach.net_reach([0.33333] * 3), "font 0,99999 au total"),
        (lambda: reach.agostini([0.4, 0.3], {(0, 1): 0.35}), "impossible"),
        (lambda: reach.agostini([0.8, 0.7], {(0, 1): 0.4}), "impossible"),
        (lambda: reach.agostini([0.4, 0.3], {(0, 2): 0.1}), "ne désigne pas"),
        (lambda: reach.agostini([0.4, 0.3], {"ab": 0.1}), "ne désigne pas"),  # type: ignore[dict-item]
        (lambda: reach.agostini([0.4, 0.3], {(0, 1): 0.1, (1, 0): 0.1}), "deux fois"),
        (lambda: reach.agostini([0.4, 0.3], {(0, 1): float("nan")}), "manque"),
        (lambda: reach.agostini([0.5, 0.4, 0.3], {(0, 1): 0, (0, 2): 0, (1, 2): 0}), "dépassent la cible"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said) as error:
        call()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
