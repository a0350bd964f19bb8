import pytest

from cmlib.french import untypeset
from cmlib.lessons.demos.funnels import GOALS, counts, funnel, passages


def test_people_are_the_product_of_the_rates() -> None:
    found = counts(passages(6, 15, 20), 10_000)
    assert {state: round(people, 9) for state, people in found.items()} == {
        "visiteur": 10_000,
        "prospect": 600,
        "client": 90,
        "ambassadeur": 18,
    }


@pytest.mark.parametrize(
    ("rates", "goal", "best", "gain"),
    [
        ((6, 15, 20), "client", "visiteur → prospect", "15 clients"),  # 10 000 × 1 % × 15 %
        ((20, 15, 20), "ambassadeur", "prospect → client", "4 ambassadeurs"),  # 10 000 × 20 % × 1 % × 20 %
        ((60, 60, 1), "ambassadeur", "client → ambassadeur", "36 ambassadeurs"),
    ],
)
def test_the_best_point_is_told_with_its_gain(rates: tuple[float, float, float], goal: str, best: str, gain: str) -> None:
    shown, told = funnel(10_000, *rates, goal)
    assert f"au passage {best} qu’un point" in told and untypeset(gain) in untypeset(told)
    assert "alt='Entonnoir" in shown and "<caption " in shown and untypeset(gain.split()[0]) in untypeset(shown)


def test_the_gain_that_the_chapter_asks_for() -> None:
    shown, _ = funnel(10_000, 6, 15, 20, "client")
    assert untypeset("6 clients") in untypeset(shown)


@pytest.mark.parametrize("goal", GOALS)
def test_equal_passages_are_told_together(goal: str) -> None:
    _, told = funnel(1_000, 10, 10, 10, goal)
    assert "à égalité" in told
