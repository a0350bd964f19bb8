import numpy as np
import pytest

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.inbound import MONTHS, WEEKS, hypothesis, inbound, paths


def by_hand(budget: float, half_life: float, stop: int) -> list[float]:
    """Visitors of each month, an article at a time."""
    each_week = budget / WEEKS / hypothesis("cout_article")
    visits = [0.0] * (MONTHS * WEEKS)
    for born in range(stop * WEEKS):
        for week in range(born, MONTHS * WEEKS):
            visits[week] += each_week * hypothesis("visites_par_contenu") * 0.5 ** ((week - born) / half_life)
    return [sum(visits[month * WEEKS : (month + 1) * WEEKS]) for month in range(MONTHS)]


@pytest.mark.parametrize(("budget", "half_life", "stop"), [(1000, 8, 24), (200, 2, 1), (4000, 52, 12)])
def test_articles_add_up_and_fade(budget: float, half_life: float, stop: int) -> None:
    found = paths(budget, half_life, 1.88, stop)
    np.testing.assert_allclose(found.content, by_hand(budget, half_life, stop), rtol=1e-9)
    np.testing.assert_allclose(found.clicks, [budget / 1.88] * stop + [0] * (MONTHS - stop))
    np.testing.assert_allclose(found.click_cost, 1.88)
    np.testing.assert_allclose(found.content_cost[-1], budget * stop / found.content.sum())


def test_what_the_chapter_asks_has_the_answer_it_gives() -> None:
    crossings = {half_life: paths(1000, half_life, 1.88, 24).crossing for half_life in range(2, 53, 2)}
    assert next(half_life for half_life, month in crossings.items() if month) == 14
    assert crossings[14] == 17
    assert len({paths(budget, 26, 1.88, 24).crossing for budget in (200, 1000, 4000)}) == 1


def test_the_sentence_tells_the_crossing_and_what_is_left_after_the_end() -> None:
    figure, told = inbound(1000, 26, 1.88, 12)
    assert "au mois 10" in told
    assert untypeset("encore 6 598 visiteurs") in untypeset(told)
    assert "On arrête de payer après le mois 12" in untypeset(str(figure.get_label()))
    assert "ne passent pas sous le prix" in inbound(1000, 8, 1.88, 24)[1]
    assert "Dès le premier mois" in inbound(1000, 52, 100, 24)[1]


@pytest.mark.parametrize("wrong", [(0, 8, 1, 24), (1000, 0, 1, 24), (1000, 8, 0, 24), (1000, 8, 1, 25), (1000, 8, 1, 0)])
def test_what_cannot_be_computed_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(InvalidInput):
        paths(*wrong)
