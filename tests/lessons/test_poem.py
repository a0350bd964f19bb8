"""A budget shared between media, then spread over weeks: sums, mean effects, and figures that can be told."""

import numpy as np
import pytest

from cmlib.lessons.demos import poem
from tests.lessons.helpers import every, one


def test_every_share_of_the_budget_draws() -> None:
    for said, _ in every(poem.poem, (0.0, 60.0, 100.0), (0.0, 50.0, 100.0)):
        assert "votre répartition" in said and "paid" in said


def test_a_budget_is_spent_whole_whatever_its_shares() -> None:
    for paid, owned in ((0.0, 0.0), (0.0, 100.0), (60.0, 50.0), (100.0, 0.0)):
        assert "Avec 6 000 €" in one(poem.poem, paid, owned)[1]


def test_without_ads_relays_reach_more_people_than_posts() -> None:
    # 6 000 € / 150 € a relay × 4 000 people.
    assert "160 000 impressions, dont 100 % obtenues" in one(poem.poem, 0.0, 0.0)[1]
    assert "autant de visites" in one(poem.poem, 100.0, 30.0)[1]


def test_every_rhythm_draws_at_the_bounds() -> None:
    every(poem.carry_over, poem.RHYTHMS, (0.0, 0.8), (250.0, 2000.0))


def test_pressure_that_remains_is_a_sum_of_powers() -> None:
    theta, weekly = 0.5, poem.BUDGET / poem.WEEKS
    left = sum(weekly * theta**lag for lag in range(1, poem.WEEKS + 1))
    assert f"l’équivalent de {round(left)} € de pression" in one(poem.carry_over, "continu", theta, 500.0)[1]


@pytest.mark.parametrize(("theta", "half", "best"), [(0.2, 500.0, "continu"), (0.8, 1500.0, "masse")])
def test_the_best_rhythm_depends_on_memory(theta: float, half: float, best: str) -> None:
    """What the question of the chapter says."""
    for rhythm in poem.RHYTHMS:
        sentence = one(poem.carry_over, rhythm, theta, half)[1]
        assert ("votre rythme est le meilleur" in sentence) == (rhythm == best)
        assert rhythm == best or poem.RHYTHMS[best] in sentence


def test_effect_without_memory_is_that_of_each_week() -> None:
    spend = poem.BUDGET / 2
    mean = np.mean([spend / (500 + spend)] * 2 + [0.0] * (poem.WEEKS - 2))
    assert f"{100 * mean:.1f}".replace(".", ",") + " % du maximum" in one(poem.carry_over, "masse", 0.0, 500.0)[1]


def test_memory_is_named_after_its_source() -> None:
    assert "courante en télévision (Robyn" in one(poem.carry_over, "continu", 0.6, 500.0)[1]
    assert "digital" in one(poem.carry_over, "continu", 0.2, 500.0)[1]
