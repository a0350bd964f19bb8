"""Six engagement rates of one account, checked by plain division."""

import pytest

from cmlib.lessons.demos import engagement
from cmlib.lessons.demos.brands import IDS, study
from tests.lessons.helpers import every, one


def test_every_brand_and_choice_draws() -> None:
    for said, sentence in every(engagement.denominators, IDS, engagement.POSTS):
        assert "six taux justes" in sentence and "par abonné" in said


@pytest.mark.parametrize("brand", IDS)
def test_rates_are_plain_divisions(brand: str) -> None:
    posts = study(brand).posts
    reacted = posts["likes"] + posts["comments"] + posts["shares"]
    found, count = engagement.rates(brand, "toutes")
    assert count == len(posts)
    assert found["reach", "ratio_of_sums"] == pytest.approx(reacted.sum() / posts["reach"].sum())
    assert found["followers", "mean_of_ratios"] == pytest.approx((reacted / posts["followers"]).mean())


def test_paid_posts_and_the_others_are_all_the_posts() -> None:
    for brand in IDS:
        counts = {posts: engagement.rates(brand, posts)[1] for posts in engagement.POSTS}
        assert counts["organiques"] + counts["payees"] == counts["toutes"]


@pytest.mark.parametrize("brand", IDS)
def test_bought_reach_lowers_the_rate(brand: str) -> None:
    """What the question and the third check of the chapter say."""
    everything, organic = (engagement.rates(brand, posts)[0]["reach", "ratio_of_sums"] for posts in ("toutes", "organiques"))
    assert organic > 1.2 * everything
    found = engagement.rates(brand, "toutes")[0]
    assert max(found.values()) > 5 * min(found.values())


def test_the_sentence_gives_both_ends() -> None:
    said, sentence = one(engagement.denominators, "velambule", "toutes")
    assert (
        "304 publications" in sentence and "de 0,65 % (par abonné) à 5,17 % (par personne touchée), soit 8 fois plus" in sentence
    )
    assert "0,65 %" in said and "la moyenne des taux dépasse" in sentence
