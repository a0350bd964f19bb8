"""What is said of a brand: tone day by day, a wave of criticism and its dates, the rules of a reply to it.

A table of mentions has one row a mention: ``published_at`` (date and time, without time zone), ``network``, ``text``,
``author_reach`` (may be absent) and ``sentiment`` (an id of `SENTIMENTS`). Shares are fractions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cmlib.errors import InvalidInput
from cmlib.french import printable
from cmlib.inputs import Array, Numbers, number
from cmlib.rates import positive_share, reputation_ratio

if TYPE_CHECKING:
    import pandas as pd  # heavy, and only a table of mentions needs it

SENTIMENTS = {"positive": "positive", "neutral": "neutre", "negative": "négative"}
"""The three tones of a mention, by id, with their French label."""

_LEAST_DAYS = 28  # four weeks: below, nothing tells what is ordinary
_ORDINARY_DAYS = 2  # a wave is over when as many ordinary days follow each other
_WEEKDAY_PRIOR = 8  # weeks after which a weekday's own level weighs as much as that of the whole week


class Crisis(NamedTuple):
    """A wave of negative mentions: its days, and the negative mentions of an ordinary day and of the worst one."""

    start: date
    peak: date
    end: date | None  # None: the data stop before two ordinary days
    baseline: float
    worst: int


class Around(NamedTuple):
    """A measure before, during and after a crisis; None where it does not exist."""

    before: float | None
    during: float | None
    after: float | None


def daily_sentiment(mentions: pd.DataFrame) -> pd.DataFrame:
    """Count the mentions of each tone, day by day.

    Parameters
    ----------
    mentions
        Table of mentions (see the module), rows in any order.

    Returns
    -------
    DataFrame
        One row a day from the first mention to the last, zeros on silent days; columns ``positive``, ``neutral``,
        ``negative``, ``total``, and ``tone``, the share of `positive_share`: NaN on the days when nobody takes sides, for
        it is a table to draw, and a curve breaks there instead of touching zero.

    Raises
    ------
    InvalidInput
        If the table is empty, misses a column, a date or a tone, has an unknown tone, or dates with a time zone.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-03-01 09:00", "2025-03-03 18:30", "2025-03-03 20:00"])
    >>> table = daily_sentiment(pd.DataFrame({"published_at": days, "sentiment": ["neutral", "positive", "negative"]}))
    >>> table["negative"].tolist(), table["tone"].tolist()
    ([0, 0, 1], [nan, nan, 0.5])
    """
    import pandas as pd

    _check_mentions(mentions)
    days = mentions["published_at"].dt.normalize()
    every_day = pd.date_range(days.min(), days.max(), freq="D", name="day")
    place, tones = every_day.get_indexer(pd.DatetimeIndex(days)), mentions["sentiment"].to_numpy(dtype=object)
    table = pd.DataFrame({tone: np.bincount(place[tones == tone], minlength=len(every_day)) for tone in SENTIMENTS}, every_day)
    table["total"] = table.sum(axis=1)
    table["tone"] = table["positive"] / (table["positive"] + table["negative"])
    return table


def detect_crisis(
    mentions: pd.DataFrame,
    *,
    z: float = 3.5,
    at_least_times: float = 2.0,
    at_least_days: int = 2,
    smallest_peak: int = 5,
    always_ordinary: float = 2,
) -> Crisis | None:
    """Find, afterwards, the main wave of negative mentions; None if there is none.

    What is ordinary is learnt from calm days: the sums of seven days in a row, where the rhythm of the week cancels out,
    set aside the weeks beyond their median by three robust standard deviations (from the MAD); the other days give a mean,
    a level for each weekday and a dispersion, again and again without those above Farrington's limit. A wave is a run of
    days above that limit, with no two ordinary days in a row; the main one is that with most mentions beyond the
    ordinary. Positive and neutral mentions play no part. A crisis that fills half of the data passes for ordinary.

    Parameters
    ----------
    mentions
        Table of mentions (see the module), over four weeks at least, rows in any order.
    z, at_least_times
        Limit of the ordinary: so many standard deviations above, and so many times at least. Hypothèses: 3,5 and 2.
    at_least_days, smallest_peak
        Days above the limit, and negative mentions on the worst day, below which it is an incident, no crisis.
        Hypothèses: 2 and 5.
    always_ordinary
        Negative mentions a day that are ordinary for any brand, even one that nobody ever blamed: the limit is never below.
        Hypothèse: 2.

    Raises
    ------
    InvalidInput
        If the table is refused by `daily_sentiment`, covers less than four weeks, or a threshold has no meaning.

    References
    ----------
    Farrington et al. (1996), Journal of the Royal Statistical Society A 159 (limit on a 2/3 power scale, overdispersion,
    past outbreaks left out); Hampel (1974), Journal of the American Statistical Association 69 (median and MAD);
    Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers (3.5, and the mean deviation where the MAD is zero).

    Examples
    --------
    >>> import pandas as pd
    >>> negative = [2] * 40 + [9, 30, 22, 12, 8] + [2] * 15
    >>> days = pd.date_range("2025-01-01", periods=60).repeat(negative)
    >>> crisis = detect_crisis(pd.DataFrame({"published_at": days, "sentiment": "negative"}))
    >>> str(crisis.start), str(crisis.peak), str(crisis.end), crisis.worst
    ('2025-02-10', '2025-02-11', '2025-02-14', 30)
    """
    deviations = number(z, "seuil en écarts types (z)", above=0)
    times = number(at_least_times, "multiple de l’ordinaire (at_least_times)", at_least=1)
    shortest = number(at_least_days, "jours au-dessus (at_least_days)", at_least=1, whole=True)
    least = number(smallest_peak, "plus petit pic (smallest_peak)", at_least=1, whole=True)
    floor = number(always_ordinary, "mentions toujours ordinaires (always_ordinary)", at_least=0)
    table = daily_sentiment(mentions)
    days = [day.date() for day in table.index]
    if len(table) < _LEAST_DAYS:
        raise InvalidInput(
            f"Jours couverts par les mentions : {len(table)} ; il en faut {_LEAST_DAYS} pour connaître l’ordinaire."
        )
    negative = table["negative"].to_numpy(float)
    expected, limit = _ordinary(negative, np.array([day.weekday() for day in days]), deviations, times)
    above = np.flatnonzero(negative > np.maximum(limit, floor))
    runs = np.split(above, np.flatnonzero(np.diff(above) > _ORDINARY_DAYS) + 1)
    waves = [slice(int(run[0]), int(run[-1]) + 1) for run in runs if run.size >= shortest]
    if not waves:
        return None
    wave = max(waves, key=lambda wave: float((negative - expected)[wave].sum()))
    peak = wave.start + int(np.argmax(negative[wave]))
    if negative[peak] < least:
        return None
    end = days[wave.stop - 1] if wave.stop + _ORDINARY_DAYS <= len(days) else None
    return Crisis(days[wave.start], days[peak], end, float(expected.mean()), int(negative[peak]))


def tone_around(mentions: pd.DataFrame, crisis: Crisis) -> Around:
    """Share of positive mentions among those that take sides: before, during and after a crisis.

    Each is a ratio of sums, not a mean of daily shares; None in a period where nobody takes sides, or that has no day
    (a crisis from the first day, or still going on).

    Parameters
    ----------
    mentions
        Table of mentions (see the module).
    crisis
        As `detect_crisis` returns it; both its first and last day count as during.

    Raises
    ------
    InvalidInput
        If the table is refused by `daily_sentiment`, or the crisis is none, out of order, or outside the table.

    References
    ----------
    `cmlib.rates.positive_share`: usage of the market.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-03"])
    >>> mentions = pd.DataFrame({"published_at": days, "sentiment": ["positive", "negative", "positive", "negative"]})
    >>> tone_around(mentions, Crisis(date(2025, 3, 2), date(2025, 3, 2), date(2025, 3, 2), baseline=0.5, worst=1))
    Around(before=1.0, during=0.0, after=0.5)
    """
    return _around(mentions, crisis, positive_share, ("positive", "negative"))


def reputation_around(mentions: pd.DataFrame, crisis: Crisis) -> Around:
    """E-reputation ratio, positive mentions over negative ones: before, during and after a crisis.

    Each is a ratio of sums, None in a period without a negative mention. Parameters: see `tone_around`.

    Raises
    ------
    InvalidInput
        As `tone_around`.

    References
    ----------
    `cmlib.rates.reputation_ratio`: the course, 2011 document.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-03"])
    >>> mentions = pd.DataFrame({"published_at": days, "sentiment": ["positive", "negative", "positive", "negative"]})
    >>> reputation_around(mentions, Crisis(date(2025, 3, 2), date(2025, 3, 2), date(2025, 3, 2), baseline=0.5, worst=1))
    Around(before=None, during=0.0, after=1.0)
    """
    return _around(mentions, crisis, reputation_ratio, ("negative",))


def _ordinary(negative: Array, weekday: NDArray[np.int64], z: float, times: float) -> tuple[Array, Array]:
    """Return what each day would hold if it were ordinary, and its limit; twice the mentions give twice both."""
    weeks = np.convolve(negative, np.ones(7), "valid")
    away = np.abs(weeks - np.median(weeks))
    spread = 1.4826 * float(np.median(away)) or 1.2533 * float(away.mean())
    calm = weeks <= np.median(weeks) + 3 * spread
    in_calm, in_agitated = np.convolve(calm, np.ones(7)) > 0, np.convolve(~calm, np.ones(7)) > 0
    kept = in_calm if in_agitated.all() else ~in_agitated
    while (mean := float(negative[kept].mean())) > 0:
        days = np.bincount(weekday[kept], minlength=7)
        sums = np.bincount(weekday[kept], negative[kept], minlength=7)
        expected = mean * ((sums / mean + _WEEKDAY_PRIOR) / (days + _WEEKDAY_PRIOR))[weekday]
        pearson = ((negative - expected) ** 2 / expected)[kept].sum() / max(1, int(kept.sum()) - 7)
        limit = np.maximum(times, (1 + 2 / 3 * z * np.sqrt(pearson / expected)) ** 1.5) * expected
        fewer = kept & (negative <= limit)  # a day set aside stays so: the crisis cannot come back in
        if (fewer == kept).all():
            return expected, limit
        kept = fewer
    return np.zeros_like(negative), np.zeros_like(negative)


def _around(mentions: pd.DataFrame, crisis: Crisis, measure: Callable[..., Numbers], needed: tuple[str, ...]) -> Around:
    import pandas as pd

    table = daily_sentiment(mentions)
    bounds = (crisis.start, crisis.end or table.index[-1]) if isinstance(crisis, Crisis) else (None,)
    if any(not isinstance(day, date) or pd.isna(day) for day in bounds):
        raise InvalidInput("Il n’y a pas de crise datée (crisis) : sans ses dates, rien n’est avant ni après.")
    start, end = (pd.Timestamp(day.year, day.month, day.day) for day in bounds)
    if start > end or start > table.index[-1] or end < table.index[0]:
        raise InvalidInput("Les dates de la crise (crisis) se contredisent ou sortent de la table : vérifiez les deux.")
    periods = (table.index < start, (table.index >= start) & (table.index <= end), table.index > end)
    sums = [table.loc[days, ["positive", "negative"]].sum() for days in periods]
    return Around(*(float(measure(s["positive"], s["negative"])) if s[list(needed)].sum() else None for s in sums))


def _check_mentions(mentions: pd.DataFrame) -> None:
    import pandas as pd

    for column in ("published_at", "sentiment"):
        if not isinstance(mentions, pd.DataFrame) or list(mentions.columns).count(column) != 1:
            raise InvalidInput(f"La table des mentions doit avoir une colonne {column}, une seule : vérifiez son en-tête.")
    if mentions.empty:
        raise InvalidInput("La table des mentions est vide : il faut au moins une mention.")
    moments, tones = mentions["published_at"], mentions["sentiment"]
    if isinstance(moments.dtype, pd.DatetimeTZDtype):
        raise InvalidInput("Les dates de published_at ont un fuseau : donnez l’heure locale, sans lui (dt.tz_localize(None)).")
    if not pd.api.types.is_datetime64_dtype(moments):
        raise InvalidInput("La colonne published_at ne contient pas des dates : convertissez-la avec pd.to_datetime.")
    for wrong, what in ((moments.isna(), "n’a pas de date"), (tones.isna(), "n’a pas de tonalité")):
        if wrong.any():
            raise InvalidInput(f"La mention de la ligne {int(wrong.argmax()) + 1} {what} : complétez-la ou retirez-la.")
    unknown = ~tones.isin(list(SENTIMENTS))
    if unknown.any():
        value = printable(str(tones[unknown].iloc[0]))[:40]
        raise InvalidInput(f"La tonalité « {value} » est inconnue : sentiment vaut {', '.join(SENTIMENTS)}.")
