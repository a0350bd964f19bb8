import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.objectives import engagement_rate, share_of_voice

counts = st.integers(0, 10**6)
posts_tables = st.lists(st.tuples(counts, counts, counts, st.integers(1, 10**7)), min_size=1, max_size=30).map(
    lambda rows: pd.DataFrame(rows, columns=["likes", "comments", "shares", "reach"])
)


def test_the_two_aggregates_differ_as_a_weighted_mean_does(  # numpy's weighted mean is the independent check
) -> None:
    posts = pd.DataFrame({"likes": [9, 30, 4], "comments": [1, 0, 2], "shares": [0, 5, 0], "reach": [50, 950, 100]})
    rates = np.array([10 / 50, 35 / 950, 6 / 100])
    assert engagement_rate(posts) == pytest.approx(np.average(rates, weights=posts["reach"]))
    assert engagement_rate(posts, aggregate="mean_of_ratios") == pytest.approx(rates.mean())


@pytest.mark.parametrize("by", ["reach", "followers", "impressions"])
def test_each_denominator_is_its_own(by: str) -> None:
    posts = pd.DataFrame(
        {"likes": [10], "comments": [0], "shares": [0], "reach": [100], "followers": [500], "impressions": [200]}
    )
    assert engagement_rate(posts, by=by) == pytest.approx(10 / posts[by][0])  # type: ignore[arg-type]


@given(posts_tables)
def test_the_rate_lies_between_the_lowest_and_the_highest(posts: pd.DataFrame) -> None:
    rates = posts[["likes", "comments", "shares"]].sum(axis=1) / posts["reach"]
    assert rates.min() - 1e-9 <= engagement_rate(posts) <= rates.max() + 1e-9
    assert rates.min() - 1e-9 <= engagement_rate(posts, aggregate="mean_of_ratios") <= rates.max() + 1e-9


@given(posts_tables, st.integers(2, 50))
def test_repeating_the_posts_changes_nothing(posts: pd.DataFrame, times: int) -> None:
    repeated = pd.concat([posts] * times, ignore_index=True)
    assert engagement_rate(repeated) == pytest.approx(engagement_rate(posts))


def test_a_post_with_a_missing_value_is_left_out_of_both_sides() -> None:
    posts = pd.DataFrame({"likes": [10, 99], "comments": [0, 0], "shares": [0, 0], "reach": [100, None]})
    assert engagement_rate(posts) == pytest.approx(0.1)


def test_a_post_that_nobody_saw_has_no_rate() -> None:
    posts = pd.DataFrame({"likes": [10, 0], "comments": [0, 0], "shares": [0, 0], "reach": [100, 0]})
    assert engagement_rate(posts, aggregate="mean_of_ratios") == pytest.approx(0.1)


@pytest.mark.parametrize(
    "change",
    [
        {"likes": [-1]},
        {"reach": [0]},
        {"reach": [np.nan]},
        {"reach": [np.inf]},
        {"likes": ["douze"]},
    ],
)
def test_degenerate_tables_are_refused_by_name(change: dict[str, list[object]]) -> None:
    posts = pd.DataFrame({"likes": [1], "comments": [0], "shares": [0], "reach": [10], **change})
    with pytest.raises(InvalidInput):
        engagement_rate(posts)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InvalidInput, match="shares"):
        engagement_rate(pd.DataFrame({"likes": [1], "comments": [1], "reach": [10]}))


def test_unknown_denominator_and_aggregate_are_refused() -> None:
    posts = pd.DataFrame({"likes": [1], "comments": [0], "shares": [0], "reach": [10]})
    with pytest.raises(InvalidInput, match="clicks"):
        engagement_rate(posts, by="clicks")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="median"):
        engagement_rate(posts, aggregate="median")  # type: ignore[arg-type]


def test_share_of_voice_of_all_parts_adds_up_to_one() -> None:
    mentions = [120, 300, 80]
    shares = [share_of_voice(own, [other for other in mentions if other != own]) for own in mentions]
    assert sum(shares) == pytest.approx(1)


def test_share_of_voice_adds_months() -> None:
    assert share_of_voice(pd.Series([10, 20]), [[30, 40]]) == pytest.approx(0.3)


@pytest.mark.parametrize(("brand", "others"), [(0, [0]), (-1, [3]), (np.nan, [3]), (1, [np.inf]), ("x", [1])])
def test_share_of_voice_refuses_what_has_no_meaning(brand: object, others: list[float]) -> None:
    with pytest.raises(InvalidInput):
        share_of_voice(brand, others)  # type: ignore[arg-type]
