from itertools import product

import pytest

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.ranking import PARTS, POSTS, READERS, marks, order, ranking, shares

PROMOTION = len(POSTS) - 1
STRANGER = 3


def first(reader: str, *weights: float) -> int:
    return order(shares(reader, dict(zip(PARTS, weights, strict=True))).sum(axis=0))[0]


@pytest.mark.parametrize("reader", READERS)
def test_a_score_is_the_weighed_average_of_marks(reader: str) -> None:
    found = shares(reader, {"relation": 4, "reaction": 3, "freshness": 2, "format": 1}).sum(axis=0)
    noted = marks(reader)
    for post in range(len(POSTS)):
        by_hand = 10 * sum(weight * noted[part][post] for part, weight in zip(PARTS, (4, 3, 2, 1), strict=True))
        assert found[post] == pytest.approx(by_hand)
    assert all(0 <= mark <= 1 for part in noted.values() for mark in part)


def test_what_the_chapter_asks_has_the_answer_it_gives() -> None:
    pairs = [weights for weights in product((0, 10), repeat=4) if sum(weights) == 20]
    assert [weights for weights in pairs if first("ines", *weights) == PROMOTION] == [(10, 0, 10, 0)]
    assert first("ines", 0, 10, 0, 0) == STRANGER and first("ines", 10, 0, 0, 0) != STRANGER != first("ines", 0, 0, 10, 0)
    scores = shares("ines", dict.fromkeys(PARTS, 5))
    assert order(scores.sum(axis=0)).index(PROMOTION) == 3 and scores[:, PROMOTION].argmin() == list(PARTS).index("reaction")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("weights", [(5, 5, 5, 5), (10, 0, 10, 0), (0, 10, 0, 0), (0, 0, 0, 0)])
def test_weights_draw_what_the_sentence_says(reader: str, weights: tuple[float, ...]) -> None:
    figure, told = ranking(reader, *weights)
    alt = untypeset(str(figure.get_label()))
    assert all(post.title in alt for post in POSTS)
    assert (POSTS[first(reader, *weights)].title in told) == bool(sum(weights))


def test_the_figure_says_that_it_is_no_network() -> None:
    figure, _ = ranking("ines", 5, 5, 5, 5)
    assert "modèle d’enseignement" in figure.axes[0].get_title(loc="left")


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput):
        ranking("personne", 1, 1, 1, 1)
    with pytest.raises(InvalidInput):
        ranking("ines", -1, 1, 1, 1)
