from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.planning import longest_gap

days = st.lists(st.integers(0, 2000), min_size=2, max_size=60, unique=True).map(
    lambda offsets: [date(2023, 1, 1) + timedelta(days=offset) for offset in offsets]
)


@given(days)
def test_the_longest_gap_is_found_whatever_the_order(dates: list[date]) -> None:
    ordered = sorted(dates)
    assert longest_gap(dates) == max((b - a).days for a, b in pairwise(ordered))


def test_two_posts_on_one_day_make_no_gap() -> None:
    assert longest_gap([date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 4)]) == 3


@pytest.mark.parametrize("dates", [[], [date(2025, 1, 1)], [date(2025, 1, 1), None], ["hier", "demain"]])
def test_too_few_or_missing_dates_are_refused(dates: list[date]) -> None:
    with pytest.raises(InvalidInput):
        longest_gap(dates)
