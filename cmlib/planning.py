"""Publication over time: how regular it is."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import pandas as pd

from cmlib.errors import InvalidInput


def longest_gap(dates: Iterable[date | pd.Timestamp]) -> int:
    """Longest silence between two consecutive publications, in days.

    Two posts on 1 and 20 August make a gap of 19 days.

    Parameters
    ----------
    dates
        Dates of publication, in any order; times of day do not count.

    Raises
    ------
    InvalidInput
        If there are fewer than two days of publication, or a date is missing.

    Examples
    --------
    >>> longest_gap([date(2025, 8, 20), date(2025, 8, 1), date(2025, 7, 30)])
    19
    """
    given = list(dates)
    if not all(isinstance(day, date) and not pd.isna(day) for day in given):
        raise InvalidInput(
            "Une date de publication est absente ou illisible : complétez la table avant de mesurer la régularité."
        )
    days = sorted({date(day.year, day.month, day.day) for day in given})
    if len(days) < 2:
        raise InvalidInput("Il faut au moins deux jours de publication pour mesurer un silence.")
    return max((following - day).days for day, following in pairwise(days))
