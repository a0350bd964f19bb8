"""The funnel as a chain: a published example, conservation, simulation; lifetime value as a sum."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib import funnel
from cmlib.errors import InvalidInput

COUNTS = {"visiteur": 10_000, "prospect": 800, "client": 200, "ambassadeur": 30}


def test_the_drunkard_of_the_handbook() -> None:
    """Grinstead and Snell, Introduction to Probability, chapter 11: five corners, home and bar at the ends."""
    N, t, B = funnel.absorbing_chain([[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]], [[0.5, 0], [0, 0], [0, 0.5]])  # noqa: N806
    np.testing.assert_allclose(N, [[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]])
    np.testing.assert_allclose(t, [3, 4, 3])
    np.testing.assert_allclose(B, [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]])


@st.composite
def chains(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    k, m = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    weights = np.array(draw(st.lists(st.floats(0, 1), min_size=k * (k + m), max_size=k * (k + m)))).reshape(k, k + m)
    weights[:, -1] += 0.05
    weights /= weights.sum(axis=1, keepdims=True)
    return weights[:, :k], weights[:, k:]


@given(chains())
def test_everybody_ends_somewhere(chain: tuple[np.ndarray, np.ndarray]) -> None:
    Q, R = chain  # noqa: N806
    N, t, B = funnel.absorbing_chain(Q, R)  # noqa: N806
    np.testing.assert_allclose(B.sum(axis=1), 1)
    np.testing.assert_allclose(N, np.eye(len(Q)) + Q @ N, atol=1e-8)  # visits now, and after a step
    np.testing.assert_allclose(t, 1 + Q @ t)
    power = np.linalg.matrix_power(np.block([[Q, R], [np.zeros((R.shape[1], len(Q))), np.eye(R.shape[1])]]), 4096)
    np.testing.assert_allclose(B, power[: len(Q), len(Q) :], atol=1e-8)


def test_named_states_against_simulated_people() -> None:
    passages = {
        "visiteur": {"visiteur": 0.3, "prospect": 0.1, "perdu": 0.6},
        "prospect": {"prospect": 0.5, "client": 0.2, "visiteur": 0.05, "perdu": 0.25},
        "client": {"client": 0.6, "ambassadeur": 0.1, "prospect": 0.1, "perdu": 0.2},
    }
    states = list(funnel.STATES)
    law = np.eye(5)
    for start, row in passages.items():
        law[states.index(start)] = [row.get(state, 0) for state in states]
    random = np.random.default_rng(11)
    people, met = np.zeros(200_000, dtype=int), np.zeros((200_000, 5), dtype=bool)
    steps = 0.0
    for _ in range(200):
        met[np.arange(people.size), people] = True
        steps += (people < 3).mean()
        people = (random.random((people.size, 1)) > law.cumsum(axis=1)[people]).sum(axis=1).clip(max=4)
    assert funnel.named_chain(passages).t[0] == pytest.approx(steps, rel=0.01)
    for state in ("prospect", "client", "ambassadeur", "perdu"):
        assert funnel.probability(passages, state) == pytest.approx(met[:, states.index(state)].mean(), abs=0.004)


def test_a_counted_funnel() -> None:
    passages = funnel.passages_from_counts(COUNTS)
    chain = funnel.named_chain(passages)
    assert chain.B[0] == pytest.approx([0.003, 0.997])
    assert funnel.probability(passages, "client") == pytest.approx(0.02)
    assert funnel.bottleneck(passages) == ("visiteur", "prospect", pytest.approx(0.08))


@given(st.tuples(*[st.floats(0.001, 1)] * 3))
def test_the_next_point_brings_the_most_at_the_bottleneck(rates: tuple[float, float, float]) -> None:
    visitors = 1e6
    counts = dict(zip(COUNTS, visitors * np.cumprod([1, *rates]), strict=True))
    passages = funnel.passages_from_counts(counts)
    gains = funnel.one_point_gains(passages, visitors=visitors)
    a, b, c = rates
    steps = [min(0.01, 1 - rate) for rate in rates]
    expected = [visitors * steps[0] * b * c, visitors * a * steps[1] * c, visitors * a * b * steps[2]]
    assert list(gains.values()) == pytest.approx(expected, rel=1e-6, abs=1e-4)
    narrow = funnel.bottleneck(passages)
    if max(rates) <= 0.99:
        assert gains[narrow.start, narrow.end] == pytest.approx(max(gains.values()), rel=1e-6)


def test_a_rare_exit_keeps_its_digits() -> None:
    _, t, B = funnel.absorbing_chain([[1 - 1e-12, 0], [0.5, 0]], [[0.4e-12, 0.6e-12], [0.5, 0]])  # noqa: N806
    assert t[0] == pytest.approx(1e12) and B[0] == pytest.approx([0.4, 0.6]) and B[1] == pytest.approx([0.7, 0.3])


def test_decimals_as_read_from_a_student_and_rounded_rates_are_taken() -> None:
    passages = funnel.passages_from_counts(pd.Series(COUNTS))  # type: ignore[arg-type]
    typed = {start: {end: Decimal(str(round(rate, 6))) for end, rate in row.items()} for start, row in passages.items()}
    assert funnel.one_point_gains(typed) == pytest.approx(funnel.one_point_gains(passages))  # type: ignore[arg-type]
    rounded = {"visiteur": {"prospect": 0.9999999}, "prospect": {"client": 1}, "client": {"ambassadeur": 1}}
    assert funnel.named_chain(rounded).B[0].sum() == pytest.approx(1, abs=1e-15)


def test_a_passage_that_loses_nobody_has_nothing_to_gain() -> None:
    passages = funnel.passages_from_counts({"visiteur": 100, "prospect": 100, "client": 50, "ambassadeur": 10})
    assert funnel.one_point_gains(passages)["visiteur", "prospect"] == 0


@given(st.floats(-1e4, 1e4), st.floats(0, 0.99), st.floats(0.0, 1))
def test_lifetime_value_is_the_sum_of_the_margins(margin: float, retention: float, discount: float) -> None:
    periods = np.arange(4000)
    margins = margin * (retention / (1 + discount)) ** periods
    now = funnel.ltv(margin, retention, discount, first_margin_at_t0=True)
    assert now == pytest.approx(margins.sum(), rel=1e-6, abs=1e-6)
    assert funnel.ltv(margin, retention, discount, first_margin_at_t0=False) == pytest.approx(now - margin, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: funnel.absorbing_chain([[0.5]], [[0.4]]), "ligne 1"),
        (lambda: funnel.absorbing_chain([[1.0]], [[0.0]]), "jamais"),
        (lambda: funnel.absorbing_chain([[0, 1], [1, 0]], [[0], [0]]), "état 1"),
        (lambda: funnel.absorbing_chain([[0.5, 0.0], [0.0, 1.0]], [[0.5], [0.0]]), "état 2"),
        (lambda: funnel.absorbing_chain([[0, 1], [1, 0]], [[0], [1e-17]]), "rarement"),
        (lambda: funnel.absorbing_chain([[1.2]], [[-0.2]]), "au plus égal à 1"),
        (lambda: funnel.absorbing_chain([[0.5, 0.5]], [[0.0]]), "carrée"),
        (lambda: funnel.absorbing_chain([[0.5]], [[0.5], [1]]), "autant de lignes"),
        (lambda: funnel.absorbing_chain([0.5], [0.5]), "tableau"),
        (lambda: funnel.absorbing_chain([], []), "tableau"),
        (lambda: funnel.absorbing_chain([[float("nan")]], [[0.5]]), "ligne 1, colonne 1"),
        (lambda: funnel.passages_from_counts(COUNTS | {"visiteur": 0}), "aucun visiteur"),
        (lambda: funnel.passages_from_counts(COUNTS | {"client": 900}), "plus de personnes"),
        (lambda: funnel.passages_from_counts(COUNTS | {"client": -1}), "client"),
        (lambda: funnel.passages_from_counts({"visiteur": 10}), "Donnez un nombre"),
        (lambda: funnel.passages_from_counts(COUNTS | {"fan": 1}), "fan"),
        (lambda: funnel.named_chain({"visiteur": {"fan": 1}, "prospect": {}, "client": {}}), "fan"),
        (
            lambda: funnel.named_chain({"visiteur": {"prospect": 0.5}, "prospect": {"client": 1}, "client": {"perdu": 1}}),
            "visiteur font 0,5",
        ),
        (lambda: funnel.probability(funnel.passages_from_counts(COUNTS), "fan"), "fan"),
        (lambda: funnel.probability(funnel.passages_from_counts(COUNTS), "client", start="perdu"), "perdu"),
        (lambda: funnel.one_point_gains(funnel.passages_from_counts(COUNTS), goal="perdu"), "perdu"),
        (lambda: funnel.one_point_gains(funnel.passages_from_counts(COUNTS), visitors=-1), "visitors"),
        (lambda: funnel.passages_from_counts(None), "dictionnaire"),  # type: ignore[arg-type]
        (lambda: funnel.passages_from_counts(COUNTS | {"perdu": 9}), "les perdus s’en déduisent"),
        (lambda: funnel.named_chain({"visiteur": {"prospect": 0.5}}), "manque les passages depuis prospect, client"),
        (lambda: funnel.ltv(100, 0.8, 0.1, "False"), "True ou False"),  # type: ignore[arg-type]
        (lambda: funnel.ltv(100, 1, 0, True), "infinie"),
        (lambda: funnel.ltv(100, 1.1, 0.1, True), "au plus égal à 1"),
        (lambda: funnel.ltv(100, 0.8, -0.1, True), "au moins égal à 0"),
        (lambda: funnel.ltv(float("nan"), 0.8, 0.1, True), "manque"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said) as error:
        call()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
