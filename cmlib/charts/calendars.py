"""Figures of when: days of a year, hours of a week, a planning over several networks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.charts.style import (
    BLUE,
    BLUES,
    FILLS,
    GREY,
    MARKERS,
    MONTHS,
    PALE_VERMILION,
    PALETTE,
    VERMILION,
    date_ticks,
    day_of,
    days_of,
    describe,
    drawn,
    enumerate_in_french,
    legible,
    levels,
    listed,
    new_figure,
    short_date,
    shorten,
    text_width,
)
from cmlib.errors import InvalidInput
from cmlib.french import plural, write_date, write_number, write_quantity
from cmlib.inputs import mapping, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@drawn
def posting_calendar(dates: Iterable[date | pd.Timestamp], network: str) -> "Figure":
    """Draw a year of publications: a line a month, a mark each day with a post.

    Parameters
    ----------
    dates
        Dates of publication, within one year; several on a day make one mark.
    network
        Where, for the title.

    Returns
    -------
    Figure
        Its alternative text gives the days of each month.

    Raises
    ------
    InvalidInput
        If there is no date, one is missing, or they span two years.
    """
    days = days_of(dates, "publications")
    year = days[0].year
    if days[-1].year != year:
        raise InvalidInput(f"Le calendrier montre une seule année, et les dates vont de {year} à {days[-1].year} : triez-les.")
    figure = new_figure(3.8)
    axes = figure.add_subplot()
    axes.scatter([day.day for day in days], [day.month for day in days], marker="s", s=52, color=BLUE)
    axes.set_title(f"Jours de publication sur {shorten(legible(network), 60)} en {year}")
    axes.set_yticks(range(1, 13), [MONTHS[month] for month in range(1, 13)])
    axes.set_xticks(range(1, 32))
    axes.tick_params(length=0)
    axes.set_xlim(0.4, 31.6)
    axes.set_ylim(12.6, 0.4)
    axes.set_xlabel("jour du mois")
    axes.grid()
    axes.spines[:].set_visible(False)
    by_month = {month: [str(day.day) for day in days if day.month == month] for month in range(1, 13)}
    told = " ; ".join(f"{MONTHS[month]} {', '.join(of_month) or 'aucun'}" for month, of_month in by_month.items())
    total = f"{len(days)} {plural(len(days), 'jour')} avec une publication"
    return describe(figure, f"Calendrier {year} des publications sur {network}, {total} : {told}.")


@drawn
def posting_heatmap(
    moments: Iterable[datetime], slots: Mapping[int, Sequence[tuple[time, time]]] | None = None, network: str = ""
) -> "Figure":
    """Count posts by weekday and hour, and outline the advised times.

    Parameters
    ----------
    moments
        Dates and times of publication.
    slots
        Advised times, (start, end), by weekday of the start (0 is Monday); one that ends at or before its start goes on the
        next day.
    network
        Where, for the title.

    Returns
    -------
    Figure
        Its alternative text gives the total, the peak, the count of each weekday, and how many posts are at an advised time.

    Raises
    ------
    InvalidInput
        If there is no moment, one is missing or has no time, or a weekday is not between 0 and 6.
    """
    given = listed(moments, "publications")
    if not given:
        raise InvalidInput("Il n’y a aucune publication : il en faut au moins une pour dessiner.")
    if not all(isinstance(moment, datetime) and not pd.isna(moment) for moment in given):
        raise InvalidInput("Une date ou une heure de publication manque : complétez-la avant de dessiner.")
    pieces = _pieces(slots or {})
    counts = np.zeros((7, 24), dtype=int)
    for moment in given:
        counts[moment.weekday(), moment.hour] += 1
    most = int(counts.max())

    figure = new_figure(3.9)
    axes = figure.add_subplot()
    for weekday, hour in np.argwhere(counts):
        count = int(counts[weekday, hour])
        fill = BLUES[-(-count * len(BLUES) // most) - 1]
        axes.add_patch(_rectangle(float(hour), float(weekday) - 0.5, 1, 1, fill))
        size = 8.5 if count < 1000 else 6
        behind = {"facecolor": fill, "edgecolor": "none", "pad": 0.8}  # a slot may start at half past, where the number is
        text = write_number(count, 0)
        axes.text(hour + 0.5, weekday, text, ha="center", va="center", color=FILLS[fill], size=size, bbox=behind, zorder=5)
    axes.set_xticks(range(25), [f"{hour}\u00a0h" if hour % 2 == 0 else "" for hour in range(25)])
    axes.set_yticks(range(7), _WEEKDAYS)
    axes.set_xlim(0, 24)
    axes.set_ylim(6.55, -0.55)
    axes.vlines(range(25), -0.5, 6.5, color="#d0d0d0", linewidth=0.5, zorder=0.5)
    axes.hlines(np.arange(-0.5, 7), 0, 24, color="#d0d0d0", linewidth=0.5, zorder=0.5)
    axes.spines[:].set_visible(False)
    where = f" sur {network}" if network else ""
    where_shown = f" sur {shorten(legible(network), 50)}" if network else ""
    axes.set_title(f"Publications par jour et par heure{where_shown}")
    for weekday, start, end, from_before, to_after in pieces:
        _outline(axes, weekday, start, end, from_before, to_after)
    if pieces:
        axes.plot([], [], color=VERMILION, linewidth=2.2, label="créneau conseillé")
        figure.legend(loc="outside lower left")

    peaks = [f"{_WEEKDAYS[day]} {hour} h" for day, hour in np.argwhere(counts == most)]
    more = len(peaks) - 5
    peak = enumerate_in_french(peaks[:5]) + (f" et {more} {plural(more, 'autre case', 'autres cases')}" if more > 0 else "")
    by_day = ", ".join(f"{name} {write_number(total, 0)}" for name, total in zip(_WEEKDAYS, counts.sum(axis=1), strict=True))
    told = (
        f"Publications{where} par jour de la semaine et par heure : {write_number(len(given), 0)} au total ; "
        f"le plus dans une heure : {write_number(most, 0)} ({peak}). Par jour : {by_day}."
    )
    if pieces:
        inside = sum(_advised(moment, pieces) for moment in given)
        share = f"{write_number(inside, 0)} sur {write_number(len(given), 0)} ({write_quantity(inside / len(given), '%', 1)})"
        told += f" Dans un créneau conseillé : {share}."
    return describe(figure, told)


@drawn
def planning_view(dates: Mapping[str, Iterable[date]], events: Mapping[str, date] | None = None, max_gap: float = 10) -> "Figure":
    """Draw a planning: a line a network, a mark each day with a post, events as vertical lines, long silences shaded.

    Parameters
    ----------
    dates
        Dates of publication, by network; a network may have none.
    events
        Day of each event, by name.
    max_gap
        Days between two posts above which a silence is shown.

    Returns
    -------
    Figure
        Its alternative text gives, for each network, the number of days with a post, the first, the last and the long
        silences; then the events.

    Raises
    ------
    InvalidInput
        If there is no network or no date, one is missing, or the gap is not above 0.
    """
    longest = number(max_gap, "silence maximal en jours (max_gap)", above=0)
    by_name = mapping(dates, "dates par réseau (dates)", "{'Instagram': [date(2026, 3, 2)]}")
    lists = {str(name): listed(given, str(name)) for name, given in by_name.items()}
    rows = {name: days_of(given, name) if given else [] for name, given in lists.items()}
    named = mapping(events or {}, "événements (events)", "{'Salon': date(2026, 4, 2)}")
    marks = {str(name): day_of(day, str(name)) for name, day in named.items()}
    if not any(rows.values()):
        raise InvalidInput("Le planning est vide : il faut au moins une date de publication pour dessiner.")
    everything = [day for days in rows.values() for day in days] + list(marks.values())
    start, end = min(everything), max(everything)
    gaps = {name: [pair for pair in pairwise(days) if (pair[1] - pair[0]).days > longest] for name, days in rows.items()}

    figure = new_figure(1.5 + 0.5 * len(rows))
    axes = figure.add_subplot()
    date_ticks(axes, start, end)
    axes.set_yticks(range(len(rows)), [shorten(legible(name), 24) for name in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    for row, (name, days) in enumerate(rows.items()):
        axes.axhline(row, color="#d0d0d0", linewidth=0.5, zorder=0.5)
        for before, after in gaps[name]:
            _silence(axes, row, before, after, share=(after - before).days / ((end - start).days + 2))
        x = np.array(days, dtype="datetime64[D]")
        look: dict[str, Any] = {"marker": MARKERS[row % 7], "color": PALETTE[row % 5]}
        axes.scatter(x.tolist(), [row] * len(days), s=26, zorder=3, clip_on=False, **look)
        if not days:
            white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            at = ("axes fraction", "data")
            axes.annotate(
                "aucune publication", (0.01, row), xycoords=at, va="center", size=8.5, style="italic", bbox=white, zorder=3
            )
    axes.set_title("Planning de publication")
    if any(gaps.values()):
        axes.fill_between([], [], **_HATCHED, label=f"silence de plus de {write_quantity(longest, 'jours')}")
        figure.legend(loc="outside lower left")
    if marks:
        _write_events(figure, axes, marks)

    told = f"Planning de publication du {write_date(min(everything), 'long')} au {write_date(max(everything), 'long')}, "
    total = sum(len(days) for days in rows.values())
    told += f"{write_number(total, 0)} {plural(total, 'jour')} de publication en tout."
    for name, days in rows.items():
        told += f" {name} : " + (_told_row(days, gaps[name], longest) if days else "aucune publication") + "."
    if marks:
        happening = [f"{name} le {write_date(day, 'long')}" for name, day in sorted(marks.items(), key=lambda mark: mark[1])]
        told += f" {plural(len(happening), 'Événement')} : {enumerate_in_french(happening)}."
    return describe(figure, told)


_HATCHED: dict[str, Any] = {"facecolor": PALE_VERMILION, "edgecolor": VERMILION, "linewidth": 0.6, "hatch": "////"}


def _rectangle(x: float, y: float, width: float, height: float, fill: str) -> "Rectangle":
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, facecolor=fill, edgecolor="white", linewidth=0.8)


def _pieces(slots: Mapping[int, Sequence[tuple[time, time]]]) -> list[tuple[int, float, float, bool, bool]]:
    """Cut slots at midnight: weekday, start, end in hours, whether it comes from the day before, whether it goes on."""
    pieces = []
    for weekday, advised in slots.items():
        if weekday not in range(7):
            raise InvalidInput(f"« {weekday} » n’est pas un jour de la semaine : écrivez 0 pour lundi, jusqu’à 6 pour dimanche.")
        for start, end in advised:
            first, last = (moment.hour + moment.minute / 60 for moment in (start, end))
            if last > first:
                pieces.append((weekday, first, last, False, False))
            else:
                pieces.append((weekday, first, 24.0, False, last > 0))
                if last > 0:
                    pieces.append(((weekday + 1) % 7, 0.0, last, True, False))
    return pieces


def _advised(moment: datetime, pieces: Iterable[tuple[int, float, float, bool, bool]]) -> bool:
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    return any(moment.weekday() == weekday and start <= hour < end for weekday, start, end, _, _ in pieces)


def _outline(axes: "Axes", weekday: int, start: float, end: float, from_before: bool, to_after: bool) -> None:
    """Draw the edge of a slot; it stays open at midnight where the slot goes on."""
    top, bottom = weekday - 0.44, weekday + 0.44
    left, right = start + 0.05, end - 0.05
    if from_before:
        sides = [(0, top), (right, top), (right, bottom), (0, bottom)]
    elif to_after:
        sides = [(24, top), (left, top), (left, bottom), (24, bottom)]
    else:
        sides = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    axes.plot(*zip(*sides, strict=True), color=VERMILION, linewidth=2.2, zorder=4, clip_on=False, solid_joinstyle="miter")


def _silence(axes: "Axes", row: int, before: date, after: date, share: float) -> None:
    """Shade a silence between two posts, and write its days where there is room; ``share`` is its part of the axis."""
    x = np.array([before, after], dtype="datetime64[D]").tolist()
    axes.fill_between(x, row - 0.22, row + 0.22, **_HATCHED, zorder=1)
    text = f"{write_number((after - before).days, 0)}\u00a0j"
    if share * 6.5 > text_width(text, 7.5) + 0.2:  # the axis is at least 6.5 inches wide; marks need some
        middle: Any = before + (after - before) / 2
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        axes.text(middle, row, text, ha="center", va="center", size=7.5, bbox=box, zorder=2)


def _write_events(figure: "Figure", axes: "Axes", marks: Mapping[str, date]) -> None:
    """Draw events as dashed lines, each with its name above the axes, stacked where names would overlap."""
    line = 0.17  # inches between two levels of names
    texts = [f"{shorten(legible(name), 40)}, {short_date(day)}" for name, day in marks.items()]
    x = np.array(list(marks.values()), dtype="datetime64[D]").tolist()
    labels = [
        axes.annotate(text, (at, 1), xycoords=("data", "axes fraction"), xytext=(3, 0), textcoords="offset points", size=8)
        for text, at in zip(texts, x, strict=True)
    ]
    figure.draw_without_rendering()  # where a day is depends on how far the last name reaches
    boxes = [label.get_window_extent() for label in labels]
    stacked = levels([box.x0 / figure.dpi for box in boxes], [box.width / figure.dpi + 0.15 for box in boxes])
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + line * (max(stacked) + 1))
    arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 1, "linestyle": (0, (4, 2)), "shrinkA": 0, "shrinkB": 0}
    for label, at, level in zip(labels, x, stacked, strict=True):
        up = 3 + 72 * line * level
        label.set_position((3, up))
        coords = ("data", "axes fraction")
        axes.annotate("", (at, 0), xycoords=coords, xytext=(at, 1), textcoords=coords, arrowprops=arrow, zorder=1.5)
        axes.annotate("", (at, 1), xycoords=coords, xytext=(0, up + 8), textcoords="offset points", arrowprops=arrow)
    axes.set_title(axes.get_title(loc="left"), pad=8 + 72 * line * (max(stacked) + 1))


def _told_row(days: Sequence[date], gaps: Sequence[tuple[date, date]], longest: float) -> str:
    told = f"{write_quantity(len(days), 'jours')}, "
    told += f"du {write_date(days[0])} au {write_date(days[-1])}" if len(days) > 1 else f"le {write_date(days[0])}"
    if len(days) < 2:
        return told
    if not gaps:
        return f"{told}, aucun silence de plus de {write_quantity(longest, 'jours')}"
    before, after = max(gaps, key=lambda gap: gap[1] - gap[0])
    count = f"{write_number(len(gaps), 0)} {plural(len(gaps), 'silence')} de plus de {write_quantity(longest, 'jours')}"
    return f"{told}, {count}, le plus long de {write_quantity((after - before).days, 'jours')} à partir du {write_date(before)}"
