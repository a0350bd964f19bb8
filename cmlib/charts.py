"""Figures: each function returns a Figure that carries its alternative text, computed from the data."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from babel.dates import get_month_names

from cmlib.french import LOCALE, plural

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE = "#0b5fa5"  # contrast on white 6.5:1
GRID = "#c8c8c8"


def posting_calendar(dates: Iterable[date | pd.Timestamp], network: str) -> "Figure":
    """Draw a year of publications: a line a month, a mark each day with a post.

    Parameters
    ----------
    dates
        Dates of publication, within one year.
    network
        Where, for the title.
    """
    from matplotlib.figure import Figure  # half a second: grading, which draws nothing, does without

    days = pd.DatetimeIndex(pd.to_datetime(list(dates))).normalize().unique().sort_values()
    figure = Figure(figsize=(9.6, 3.6))
    axes = figure.add_subplot()
    axes.scatter(days.day, days.month, marker="s", s=52, color=BLUE)
    axes.set_title(f"Jours de publication sur {network} en {days[0].year}", loc="left", fontsize=11)
    names = get_month_names("abbreviated", locale=LOCALE)
    axes.set_yticks(range(1, 13), [names[month] for month in range(1, 13)])
    axes.set_xticks(range(1, 32))
    axes.tick_params(labelsize=8, length=0)
    axes.set_xlim(0.4, 31.6)
    axes.set_ylim(12.6, 0.4)
    axes.set_xlabel("jour du mois", fontsize=9)
    axes.grid(color=GRID, linewidth=0.4)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    told = " ; ".join(
        f"{names[month]} {', '.join(str(day) for day in days.day[days.month == month]) or 'aucun'}" for month in range(1, 13)
    )
    total = f"{len(days)} {plural(len(days), 'jour')} avec une publication"
    figure.set_label(f"Calendrier {days[0].year} des publications sur {network}, {total} : {told}.")
    return figure
