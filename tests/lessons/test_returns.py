"""The two returns called « ROI », at the bounds of the sliders."""

import pytest

from cmlib.lessons.demos import returns
from tests.lessons.drawing import edges, sentence_of


@pytest.mark.parametrize(("cost", "revenue", "margin"), edges((500, 10_000), (0, 50_000), (5, 90)))
def test_both_returns_at_the_bounds(cost: float, revenue: float, margin: float) -> None:
    sentence = sentence_of(returns.two_returns(cost, revenue, margin))
    left = revenue * margin / 100 - cost
    assert ("la campagne gagne" in sentence) == (left > 0)
    assert f"{abs(left):.0f}" in sentence.replace(" ", "")


def test_a_campaign_that_breaks_even_says_so() -> None:
    assert "ne gagne ni ne perd rien" in sentence_of(returns.two_returns(2_000, 8_000, 25))


@pytest.mark.parametrize("margin", [5, 25, 40, 90])
def test_the_threshold_is_one_over_the_margin(margin: float) -> None:
    assert returns.break_even(margin) == pytest.approx(100 / margin)
