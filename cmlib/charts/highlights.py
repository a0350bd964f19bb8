"""A brand's highlights on the twelve months of a year."""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from cmlib.charts.style import (
    BLUE,
    FIRST_YEAR,
    INK,
    LAST_YEAR,
    MONTHS,
    PALE_GREY,
    WIDTH,
    check_table,
    day_of,
    describe,
    drawn,
    enumerate_in_french,
    legible,
    new_figure,
    short_date,
    shorten,
    text_width,
)
from cmlib.errors import InvalidInput
from cmlib.french import NBSP, plural, write_date
from cmlib.inputs import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
def events_year(events: pd.DataFrame, year: int) -> "Figure":
    """Draw the highlights of a year on its twelve months, a line each, with their days.

    Parameters
    ----------
    events
        Columns ``name``, ``start``, ``end``; those of other years are left out.
    year
        Year shown.

    Returns
    -------
    Figure
        Its alternative text gives the days of each highlight, and the months without any.

    Raises
    ------
    InvalidInput
        If there is no line, a column or a date is missing, one ends before it starts, or the year has none.
    """
    check_table(events, ["name", "start", "end"], "Temps forts")
    if events.empty:
        raise InvalidInput("Temps forts : la table est vide, il faut au moins une ligne pour dessiner.")
    shown = int(number(year, "année (year)", at_least=FIRST_YEAR, at_most=LAST_YEAR, whole=True))
    spans = [
        (day_of(row.start, "temps forts"), day_of(row.end, "temps forts"), str(row.name))
        for row in events[["start", "end", "name"]].itertuples()
    ]
    if wrong := [what for start, end, what in spans if end < start]:
        raise InvalidInput(f"« {shorten(wrong[0], 40)} » finit avant de commencer : corrigez ses dates.")
    kept = sorted(span for span in spans if span[0].year <= shown <= span[1].year)
    if not kept:
        raise InvalidInput(f"Aucun temps fort en {shown} : choisissez une année de la table.")

    height = 0.75 + 0.34 * len(kept)
    figure = new_figure(height, layout=None)
    axes = figure.add_axes((0.01, 0.1 / height, 0.98, (height - 0.65) / height))
    first = date(shown, 1, 1)
    months = [(date(shown, month, 1) - first).days for month in range(1, 13)] + [(date(shown, 12, 31) - first).days + 1]
    for month, (opens, closes) in enumerate(pairwise(months), start=1):
        axes.text((opens + closes) / 2, -0.62, MONTHS[month], ha="center", va="bottom", size=8.5)
        if month % 2:
            axes.axvspan(opens, closes, color=PALE_GREY, linewidth=0, zorder=0)
    inch = months[-1] / (WIDTH * 0.98)  # days
    busy: set[int] = set()
    for row, (start, end, what) in enumerate(kept):
        left, right = max(0.0, (start - first).days), min(float(months[-1]), (end - first).days + 1)
        busy |= {month for month in range(1, 13) if left < months[month] and right > months[month - 1]}
        width = max(right - left, 0.07 * inch)  # a day alone would be too thin
        left = min(left, months[-1] - width)
        right = left + width
        axes.barh(row, width, left=left, height=0.5, color=BLUE)
        sides = {  # where the name may be: room in days, start, alignment, colour
            "after": (months[-1] - right, right, "left", INK),
            "before": (left, left, "right", INK),
            "inside": (width, left, "left", "#ffffff"),
        }
        beside = "after" if months[-1] - right >= left else "before"
        room, x, aligned, colour = sides[beside if sides[beside][0] > 2.5 * inch else "inside"]
        axes.text(
            x + (-0.08 if aligned == "right" else 0.08) * inch,
            row,
            _fitted(legible(shorten(what, 120)), f", {_days(start, end, shown)}", room / inch - 0.16),
            ha=aligned,
            va="center",
            size=9,
            color=colour,
        )
    axes.set_xlim(0, months[-1])
    axes.set_ylim(len(kept) - 0.4, -0.6)
    axes.set_axis_off()
    figure.text(0.01, 1 - 0.2 / height, f"Temps forts de {shown}", size=11, weight="bold", va="center")
    listed = " ; ".join(f"{what}, {_days_told(start, end)}" for start, end, what in kept)
    quiet = enumerate_in_french(
        [write_date(date(shown, month, 2), "long").split(" ")[1] for month in range(1, 13) if month not in busy]
    )
    rest = f"Mois sans temps fort : {quiet}." if quiet else "Chaque mois a son temps fort."
    return describe(figure, f"{len(kept)} {plural(len(kept), 'temps fort', 'temps forts')} en {shown} : {listed}. {rest}")


def _fitted(name: str, days: str, room: float) -> str:
    """Cut a name so that it fits, days after it, in a room in inches."""
    longest = len(name)
    while longest > 1 and text_width(shorten(name, longest) + days, 9) > room:
        longest -= 1
    return shorten(name, longest) + days


def _days(start: date, end: date, year: int) -> str:
    """Write the days of a highlight in short, with the year where it is another."""
    first, last = (short_date(day, with_year=day.year != year) for day in (start, end))
    if start == end:
        return first
    same = (start.month, start.year) == (end.month, end.year)
    return f"{first.split(NBSP)[0]}–{last}" if same else f"{first} – {last}"


def _days_told(start: date, end: date) -> str:
    last = write_date(end, "long")
    return f"le {last}" if start == end else f"du {write_date(start, 'long')} au {last}"
