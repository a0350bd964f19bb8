"""Publication over time: how regular it is."""

from collections.abc import Iterable
from datetime import date

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
    days = pd.Series(pd.to_datetime(list(dates)))
    if days.isna().any():
        raise InvalidInput("Une date de publication manque : complétez la table avant de mesurer la régularité.")
    days = days.dt.normalize().drop_duplicates().sort_values()
    if len(days) < 2:
        raise InvalidInput("Il faut au moins deux jours de publication pour mesurer un silence.")
    return int(days.diff().max().days)
