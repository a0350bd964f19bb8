"""Carry-over, saturation, diffusion: against scipy, published values, and the properties that make them models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.signal import fftconvolve, lfilter

from cmlib import media
from cmlib.errors import InvalidInput

spends = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)
positive = st.floats(1e-3, 1e3)
SATURATIONS = {
    "hill": lambda x, a, b: media.hill(x, slope=a, kappa=b),
    "logistic": lambda x, a, b: media.logistic_saturation(x, lam=a),
    "michaelis": lambda x, a, b: np.asarray(media.michaelis_menten(x, alpha=a, lam=b)) / a,
}


@given(spends, st.floats(0, 1), st.integers(1, 80))
def test_geometric_adstock_is_a_convolution(x: list[float], alpha: float, l_max: int) -> None:
    weights = np.array([alpha**lag for lag in range(l_max)])
    expected = fftconvolve(x, weights)[: len(x)]
    scale = max(x) * l_max + 1
    np.testing.assert_allclose(media.geometric_adstock(x, alpha, l_max), expected, atol=1e-9 * scale)
    normalised = media.geometric_adstock(x, alpha, l_max, normalize=True)
    np.testing.assert_allclose(normalised, expected / weights.sum(), atol=1e-9 * scale)


@given(spends, st.floats(0, 0.99))
def test_recursive_adstock_is_the_geometric_one_without_its_limit(x: list[float], theta: float) -> None:
    endless = media.recursive_adstock(x, theta)
    np.testing.assert_allclose(endless, lfilter([1], [1, -theta], x))
    np.testing.assert_allclose(endless, media.geometric_adstock(x, theta, l_max=len(x)), rtol=1e-9, atol=1e-6)


def test_a_pulse_normalised_is_only_spread_and_otherwise_counts_one_over_one_minus_theta() -> None:
    pulse = [100.0] + [0.0] * 400
    assert media.geometric_adstock(pulse, 0.7, l_max=12, normalize=True).sum() == pytest.approx(100)
    assert media.recursive_adstock(pulse, 0.7).sum() == pytest.approx(100 / 0.3)


def test_weeks_by_draws_is_one_call() -> None:
    table = np.random.default_rng(1).random((20, 7))
    for adstock in (lambda x: media.geometric_adstock(x, 0.6, 5), lambda x: media.recursive_adstock(x, 0.6)):
        np.testing.assert_allclose(adstock(table), np.column_stack([adstock(column) for column in table.T]))


def test_the_spend_given_is_left_as_it_was() -> None:
    x = np.array([1.0, 2.0, 3.0])
    for adstock in (
        lambda: media.geometric_adstock(x, 0.0, 1),
        lambda: media.recursive_adstock(x, 0.0),
        lambda: media.content_stock(x, 2.0, initial=5),
    ):
        adstock()[:] = -1
        assert x.tolist() == [1, 2, 3]


def test_contents_lose_half_of_their_power_each_half_life() -> None:
    stock = media.content_stock([8, 0, 0, 0, 0, 0, 0], half_life=3)
    assert stock[[0, 3, 6]] == pytest.approx([8, 4, 2])
    assert media.content_stock([0, 0], half_life=1, initial=8) == pytest.approx([4, 2])
    assert media.content_stock([1] * 5, half_life=1e90) == pytest.approx([1, 2, 3, 4, 5])
    assert media.content_stock([1] * 3, half_life=1e-90) == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("saturation", SATURATIONS.values(), ids=SATURATIONS)
@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=40), positive, positive)
def test_saturation_never_goes_down_and_stays_a_share(saturation, x: list[float], a: float, b: float) -> None:  # type: ignore[no-untyped-def]
    effect = saturation(sorted(x), a, b)
    assert np.all(np.diff(effect) >= -1e-15) and np.all((effect >= 0) & (effect <= 1 + 1e-15))
    assert saturation(0, a, b) == 0


@given(st.floats(0, 1e6), st.floats(0.1, 5), positive, positive)
def test_saturations_are_their_written_formulas(x: float, slope: float, kappa: float, lam: float) -> None:
    assert media.hill(x, slope, kappa) == pytest.approx(x**slope / (kappa**slope + x**slope), rel=1e-9)
    assert media.michaelis_menten(x, kappa, lam) == pytest.approx(kappa * x / (lam + x), rel=1e-12)
    assert media.michaelis_menten(x, 1, lam) == pytest.approx(media.hill(x, 1, lam), rel=1e-9)
    if lam * x < 700:
        assert media.logistic_saturation(x, lam) == pytest.approx((1 - np.exp(-lam * x)) / (1 + np.exp(-lam * x)), abs=1e-12)


@pytest.mark.parametrize(("p", "q"), [(0.03, 0.38), (0.0104, 0.4186), (0.4, 0.1), (0.2, 0.0)])
def test_bass_solves_its_differential_equation(p: float, q: float) -> None:
    """Adoption rate = (p + q F) (1 − F), integrated by scipy."""
    times = np.linspace(0, 25, 60)
    solved = solve_ivp(lambda _, f: (p + q * f) * (1 - f), (0, 25), [0.0], t_eval=times, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(media.bass_cumulative(times, p, q), solved.y[0], atol=1e-7)
    assert quad(lambda t: media.bass_adoption_rate(t, p, q), 0, 10)[0] == pytest.approx(media.bass_cumulative(10, p, q))
    grid = np.linspace(0, 60, 200_001)
    assert media.bass_peak_time(p, q) == pytest.approx(grid[np.argmax(media.bass_adoption_rate(grid, p, q))], abs=1e-3)


@pytest.mark.parametrize(("p", "q", "peak"), [(0.0103998, 0.41861, 8.6), (0.0172042, 0.35688, 8.1)])
def test_bass_peaks_where_his_paper_says(p: float, q: float, peak: float) -> None:
    """Bass 1969: room air conditioners, clothes dryers."""
    assert round(media.bass_peak_time(p, q), 1) == peak


@given(st.floats(1e-6, 1), st.floats(0, 5), st.floats(0, 1e6), st.floats(0, 1e6))
def test_bass_never_loses_an_adopter(p: float, q: float, early: float, late: float) -> None:
    early, late = sorted((early, late))
    assert 0 <= media.bass_cumulative(early, p, q) <= media.bass_cumulative(late, p, q) + 1e-12 <= 1 + 2e-12
    assert np.isfinite(media.bass_adoption_rate(late, p, q))


@pytest.mark.parametrize(("R", "table"), [(1.5, 0.4172), (2.0, 0.2032), (3.0, 0.0595)])
def test_extinction_is_the_published_one(R: float, table: float) -> None:  # noqa: N803
    """Standard values of the branching process with a Poisson number of children."""
    assert round(media.branching_extinction(R), 4) == table


@given(st.floats(1.0001, 50))
def test_extinction_is_the_smallest_root(R: float) -> None:  # noqa: N803
    root = brentq(lambda s: np.exp(R * (s - 1)) - s, 0, 1 - (R - 1) / R**2 / 2, xtol=1e-15)
    assert media.branching_extinction(R) == pytest.approx(root, abs=1e-9)


@given(st.floats(0, 1e9))
def test_extinction_is_a_probability_at_any_rate_even_next_to_one(R: float) -> None:  # noqa: N803
    for rate in (R, 1 + R * 1e-22, 1 + R * 1e-15):
        assert 0 <= media.branching_extinction(rate) <= 1
        assert (media.branching_extinction(rate) == 1) == (rate <= 1)


def test_total_size_is_the_mean_of_simulated_chains() -> None:
    random = np.random.default_rng(20260101)
    generation = np.full(200_000, 3)
    total = generation.copy()
    while generation.any():
        generation = random.poisson(0.6 * generation)
        total += generation
    assert media.branching_total_size(0.6, 3) == pytest.approx(total.mean(), rel=0.01)
    assert media.branching_total_size([0, 0.5, 1, 3], [10, 10, 10, 0]).tolist() == [10, 20, np.inf, 0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "call",
    [
        lambda: media.geometric_adstock([1, -5], 0.5),
        lambda: media.geometric_adstock([1, float("nan")], 0.5),
        lambda: media.geometric_adstock([1, None], 0.5),  # type: ignore[list-item]
        lambda: media.geometric_adstock(["1"], 0.5),  # type: ignore[list-item]
        lambda: media.geometric_adstock([1], 1.2),
        lambda: media.geometric_adstock([1], -0.1),
        lambda: media.geometric_adstock([1], 0.5, l_max=0),
        lambda: media.geometric_adstock([1], 0.5, l_max=2.5),  # type: ignore[arg-type]
        lambda: media.geometric_adstock([1], 0.5, normalize="non"),  # type: ignore[arg-type]
        lambda: media.geometric_adstock([1], 0.5, l_max=10**30),
        lambda: media.geometric_adstock([1], [0.5, 0.6]),  # type: ignore[arg-type]
        lambda: media.recursive_adstock([1e308], 0.5),
        lambda: media.recursive_adstock([1], 1),
        lambda: media.recursive_adstock([-1], 0.5),
        lambda: media.recursive_adstock([[1, 2], [3]], 0.5),  # type: ignore[list-item]
        lambda: media.content_stock([1], 0),
        lambda: media.content_stock([-1], 2),
        lambda: media.hill(-1, 1, 1),
        lambda: media.hill(1, 0, 1),
        lambda: media.hill(1, 1, 0),
        lambda: media.hill(float("inf"), 1, 1),
        lambda: media.logistic_saturation(1, 0),
        lambda: media.michaelis_menten(1, -1, 1),
        lambda: media.michaelis_menten(1, 1, float("nan")),
        lambda: media.bass_cumulative(-1, 0.03, 0.4),
        lambda: media.bass_cumulative(1, 0, 0.4),
        lambda: media.bass_adoption_rate(1, 0.03, -0.4),
        lambda: media.bass_peak_time([0.1, 0.2], 0.4),  # type: ignore[arg-type]
        lambda: media.branching_extinction(-0.1),
        lambda: media.branching_extinction(float("nan")),
        lambda: media.branching_total_size(0.5, -1),
        lambda: media.branching_total_size([0.5, 0.6], [1, 2, 3]),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_sentence(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput) as error:
        call()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


def test_the_refusal_says_which_week() -> None:
    with pytest.raises(InvalidInput, match=r"dépense \(x\)\u00a0: -5 à la 2e place"):
        media.recursive_adstock([3, -5, 2], 0.5)
