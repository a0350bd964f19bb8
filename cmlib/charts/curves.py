"""Figures of what evolves: reach over insertions, opinion over days."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cmlib.charts.style import (
    BLUE,
    GREEN,
    GREY,
    PALE_VERMILION,
    PURPLE,
    VERMILION,
    check_table,
    date_ticks,
    day_of,
    describe,
    drawn,
    new_figure,
    number_ticks,
    short_date,
    text_width,
)
from cmlib.errors import InvalidInput
from cmlib.french import plural, write_date, write_number, write_quantity
from cmlib.inputs import Array, matrix, vector

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Crisis(Protocol):
    """A crisis: its first day, its peak, its last day (None while it lasts)."""

    @property
    def start(self) -> date: ...  # noqa: D102
    @property
    def peak(self) -> date: ...  # noqa: D102
    @property
    def end(self) -> date | None: ...  # noqa: D102


_OPINIONS = {
    "positive": ("positives", GREEN, "-", "o"),
    "neutral": ("neutres", GREY, ":", "s"),
    "negative": ("négatives", VERMILION, "--", "^"),
}


@drawn
def reach_curve(reaches: ArrayLike, memorised: ArrayLike | None = None) -> "Figure":
    """Draw the reach after each insertion, and what is remembered of it.

    Parameters
    ----------
    reaches
        Cumulative reach after 1, 2… n insertions, fractions: shape (n,).
    memorised
        Share of the target that remembers, after as many insertions, fractions: shape (n,).

    Returns
    -------
    Figure
        Its alternative text gives the first and the last reach, and what the last insertion brings.

    Raises
    ------
    InvalidInput
        If there is no value, one is not a fraction, the reach decreases, or the lengths differ.
    """
    reach = vector(reaches, "portée (reaches)", at_least=0, at_most=1)
    n = reach.size
    if (np.diff(reach) < -1e-9).any():
        raise InvalidInput("La portée cumulée ne peut pas baisser d’une insertion à la suivante : vérifiez l’ordre des valeurs.")
    kept = None if memorised is None else vector(memorised, "mémorisation (memorised)", length=n, at_least=0, at_most=1)

    figure = new_figure(4.0)
    axes = figure.add_subplot()
    x = np.arange(1, n + 1)
    curves = [("portée", reach, BLUE, "o", "-")]
    if kept is not None:
        curves.append(("mémorisation", kept, PURPLE, "s", "--"))
    marked = sorted({*range(0, n, max(1, n // 40)), n - 1})
    above = reach if kept is None or reach[-1] >= kept[-1] else kept
    for name, values, colour, marker, line in curves:
        axes.plot(x, values, color=colour, marker=marker, linestyle=line, markersize=5, markevery=marked, label=name)
        text = f"{name}\u00a0: {write_quantity(float(values[-1]), '%', 1)}"
        up = values is above
        axes.annotate(
            text,
            (n, values[-1]),
            xytext=(8, 1 if up else -1),
            textcoords="offset points",
            va="bottom" if up else "top",
            color=colour,
            weight="bold",
            annotation_clip=False,
        )
    top = max(float(values.max()) for _, values, *_ in curves)
    axes.set_ylim(0, top * 1.1 if top > 0 else 0.1)
    axes.set_xlim(1 - 0.03 * n, n + 0.03 * n)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, n) if n <= 20 * step or step == n)
    ticks = [1, *range(step, n + 1, step)] if step > 1 else list(x)
    axes.set_xticks(ticks, [write_number(float(tick), 0) for tick in ticks])
    number_ticks(axes.yaxis, "%")
    axes.grid(axis="y")
    axes.set_xlabel("nombre d’insertions")
    axes.set_ylabel("part de la cible")
    gain = float(reach[-1] - reach[-2]) * 100 if n > 1 else None
    brought = "" if gain is None else f"la {write_number(n, 0)}e insertion apporte {write_quantity(gain, 'points', 2)} de portée"
    axes.set_title("Portée cumulée" + (f"\u00a0: {brought}" if brought else ""))

    told = f"Courbe de portée, {write_number(n, 0)} {plural(n, 'insertion')} : "
    told += f"{write_quantity(float(reach[0]), '%', 1)} de la cible après la première"
    if n > 1:
        told += f", {write_quantity(float(reach[-1]), '%', 1)} après la dernière ; {brought}"
        told += f", la 2e en apportait {write_number(float(reach[1] - reach[0]) * 100, 2)}" if n > 2 else ""
    if kept is not None:
        told += f". Mémorisation : {write_quantity(float(kept[0]), '%', 1)} après la première"
        told += f", {write_quantity(float(kept[-1]), '%', 1)} après la dernière" if n > 1 else ""
    return describe(figure, f"{told}.")


@drawn
def sentiment_timeline(daily: pd.DataFrame, crisis: Crisis | None = None) -> "Figure":
    """Draw positive, neutral and negative mentions day by day, and the crisis where there is one.

    Parameters
    ----------
    daily
        Mentions a day: an index of dates, columns ``positive``, ``neutral``, ``negative``.
    crisis
        Its first day, its peak and its last day (None while it lasts).

    Returns
    -------
    Figure
        Its alternative text gives the totals, the day with the most negative mentions, the crisis, and the share of negative
        mentions during it and outside.

    Raises
    ------
    InvalidInput
        If there is no day, a column is missing, a count is missing or negative, a day appears twice, or the crisis is not
        within the data, in order.
    """
    check_table(daily, _OPINIONS, "Mentions par jour")
    if daily.empty:
        raise InvalidInput("Mentions par jour : la table est vide, il faut au moins un jour pour dessiner.")
    days = [day_of(day, "mentions par jour") for day in daily.index]
    if len(set(days)) < len(days):
        raise InvalidInput("Mentions par jour : un même jour figure deux fois ; additionnez ses lignes.")
    order = np.argsort(np.array(days, dtype="datetime64[D]"))
    days = [days[index] for index in order]
    counts = matrix(daily[list(_OPINIONS)], "mentions par jour", at_least=0)[order]
    first, peak, last = _bounds(crisis, days)

    figure = new_figure(4.2)
    axes = figure.add_subplot()
    x = np.array(days, dtype="datetime64[D]")
    for (name, colour, line, marker), values in zip(_OPINIONS.values(), counts.T, strict=True):
        axes.plot(
            x.tolist(), values, color=colour, linestyle=line, marker=marker if len(days) <= 31 else None, label=f"mentions {name}"
        )
    axes.set_ylim(0, max(1.0, float(counts.max()) * 1.08))
    date_ticks(axes, days[0], days[-1])
    number_ticks(axes.yaxis)
    axes.grid(axis="y")
    axes.set_ylabel("mentions par jour")
    axes.set_title("Mentions par jour et par opinion", pad=24 if crisis else 8)
    figure.legend(loc="outside lower left", ncols=3)
    totals = dict(zip(_OPINIONS, counts.sum(axis=0), strict=True))
    total = float(counts.sum())
    told = (
        f"Mentions du {write_date(days[0], 'long')} au {write_date(days[-1], 'long')} : {write_number(total, 0)} au total, "
        + ", ".join(f"{write_number(totals[key], 0)} {_agreed(key, totals[key])}" for key in _OPINIONS)
    )
    worst = int(counts[:, 2].argmax())
    if totals["negative"]:
        told += f". Le plus de négatives : {write_number(counts[worst, 2], 0)} le {write_date(days[worst], 'long')}"
    if crisis and first and peak:
        shown_end = last or days[-1]
        edges = np.array([first, shown_end, peak], dtype="datetime64[D]")
        axes.axvspan(edges[0].tolist(), edges[1].tolist(), facecolor=PALE_VERMILION, edgecolor=VERMILION, linewidth=0.8, zorder=0)
        axes.axvline(edges[2].tolist(), color=VERMILION, linewidth=1, zorder=1)
        during = f"du {short_date(first)} au {short_date(last)}" if last else f"depuis le {short_date(first)}"
        label = f"crise {during}, pic le {short_date(peak)}"
        middle = ((first - days[0]).days + (shown_end - days[0]).days) / 2 / max(1, (days[-1] - days[0]).days)
        half = text_width(label, 8.5) / 2 / 8  # the axis is about 8 inches wide
        place = min(max(middle, half), max(1 - half, half))
        axes.annotate(
            label, (place, 1.02), xycoords="axes fraction", ha="center", va="bottom", size=8.5, color=VERMILION, weight="bold"
        )
        inside = (x >= edges[0]) & (x <= edges[1])
        told += f". Crise du {write_date(first, 'long')} " + (
            f"au {write_date(last, 'long')}" if last else "à la fin des données"
        )
        shares = f"{_share(counts[inside])} pendant, {_share(counts[~inside])} hors crise"
        told += f", pic le {write_date(peak, 'long')} ; part des négatives : {shares}"
    return describe(figure, f"{told}.")


def _agreed(key: str, count: float) -> str:
    several = _OPINIONS[key][0]
    return plural(count, several.removesuffix("s"), several)


def _share(counts: Array) -> str:
    total = float(counts.sum())
    return write_quantity(float(counts[:, 2].sum()) / total, "%", 1) if total else "aucune mention"


def _bounds(crisis: Crisis | None, days: list[date]) -> tuple[date | None, date | None, date | None]:
    if crisis is None:
        return None, None, None
    first, peak = day_of(crisis.start, "début de la crise"), day_of(crisis.peak, "pic de la crise")
    last = None if crisis.end is None else day_of(crisis.end, "fin de la crise")
    if not days[0] <= first <= peak <= (last or days[-1]) <= days[-1]:
        raise InvalidInput(
            "La crise doit commencer, culminer puis finir dans les jours de la table : vérifiez ses dates (start, peak, end)."
        )
    return first, peak, last
