"""Figures of simulated campaigns: scenarios side by side, a student's dashboard, what each decision brought."""

from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from cmlib.campaign import LEVELS, MEASURES, Result, goal_measure
from cmlib.charts import style
from cmlib.charts.style import WIDTH, describe, drawn, legible, new_figure, people, text_width, wrap
from cmlib.errors import InvalidInput
from cmlib.french import NBSP, NNBSP, plural, typeset, write_number
from cmlib.inputs import Array, mapping, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_UNITS = dict.fromkeys(("reach", "cumulative_reach", "sentiment", "awareness", "net_roi"), "%") | {"revenue": "€", "cost": "€"}
_LINES = ("-", "--", "-.", ":")
_MEDIA = {  # of POEM: what it is called, its fill, its hatch
    "paid": ("paid (acheté)", style.BLUE, ""),
    "owned": ("owned (comptes de la marque)", "#8fb1dd", "///"),
    "earned": ("earned (obtenu par d’autres)", style.PALE_VERMILION, "..."),
}
_PANELS = ("awareness", "cumulative_reach", "engagements", "sentiment", "visitors", "clients", "cost", "roas")
_SLICE = 3  # weeks


@drawn
def scenario_bands(results: Mapping[str, Result], measure: str) -> "Figure":
    """Draw a measure week by week for a few scenarios: the median of the draws, and the band that holds nine draws in ten.

    Parameters
    ----------
    results
        By name, what `cmlib.campaign.simulate` gives: one to four scenarios of as many weeks.
    measure
        A key of `cmlib.campaign.MEASURES`. The goal of a scenario is drawn when it aims at that measure and the measure is a
        level (awareness, cumulative reach): the goal of the others is a total over the campaign.

    Returns
    -------
    Figure
        Its alternative text gives the start, the end and the last band of each scenario, its goal, and which one ends higher.

    Raises
    ------
    InvalidInput
        If the measure is not simulated, there is no scenario or more than four, or their numbers of weeks differ.
    """
    found = _named(results, most=4)
    if measure not in MEASURES:
        raise InvalidInput(f"« {measure} » n’est pas simulé : choisissez parmi {', '.join(MEASURES)}.")
    bands = {name: result.bands(measure) for name, result in found.items()}
    sizes = {name: band.shape[1] for name, band in bands.items()}
    weeks = next(iter(sizes.values()))
    if len(set(sizes.values())) > 1:
        told = " et ".join(f"{size} pour {name}" for name, size in sizes.items())
        raise InvalidInput(f"Les scénarios doivent durer autant de semaines : {told} ; alignez leurs horizons (weeks).")
    unit, label = _UNITS.get(measure, ""), MEASURES[measure] + ("" if measure in LEVELS else " par semaine")
    goals: dict[float, list[str]] = {}
    for name, result in found.items():
        goal = result.scenario.goal
        if measure in LEVELS and measure == goal_measure(result.scenario):
            goals.setdefault(goal.target, []).append(name)

    side, size = 2.35, 8.5
    told = f"{label}, sur {weeks} {plural(weeks, 'semaine')}, médiane et bande de 5 à 95 % des tirages."
    blocks: list[tuple[float, list[str], str, str]] = []  # what is written at line ends: where, what, its colour, its mark
    for rank, (name, band) in enumerate(bands.items()):
        first, middle, last = (amount(float(value), unit) for value in band[:, -1])
        start = f"de {amount(float(band[1, 0]), unit)} à " if weeks > 1 else ""
        aim = next((f", objectif {amount(target, unit)}" for target, names in goals.items() if name in names), "")
        told += f" {name} : {start}{middle} (bande à la fin : de {first} à {last}){aim}."
        lines = [*few_lines(name, side * 0.84, size), middle, *wrap(f"de {first} à {last}", side * 0.84, size)]
        blocks.append((float(band[1, -1]), lines, style.PALETTE[rank], style.MARKERS[rank]))
    for target, names in goals.items():
        whose = "" if len(goals) == 1 and len(names) == len(found) else f" de {style.enumerate_in_french(names)}"
        lines = [*few_lines(f"objectif{whose}", side * 0.84, size), amount(target, unit)]
        blocks.append((target, lines, style.GREY, ""))
    low = min(0.0, *(float(band.min()) for band in bands.values()))
    high = max(0.0, *(float(band.max()) for band in bands.values()), *goals)
    low, high = (low - 0.05 * (high - low) * (low < 0), high + 0.05 * (high - low)) if high > low else (0.0, 1.0)
    heights = [0.165 * len(lines) + 0.1 for _, lines, *_ in blocks]
    tall, bottom = max(3.4, sum(heights)), 0.6
    height = tall + bottom + 0.5

    from matplotlib.ticker import MaxNLocator

    figure, page = new_page(height)
    ticks = [tick for tick in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high]
    written = [amount(round(float(tick), 12), unit) for tick in ticks]
    left = max(text_width(text, size) for text in written) + 0.25
    wide = WIDTH - left - side - 0.4
    axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, tall / height))
    x = np.arange(1, weeks + 1)
    for rank, band in enumerate(bands.values()):
        look: dict[str, Any] = {"color": style.PALETTE[rank], "linestyle": _LINES[rank]}
        if weeks == 1:
            at = np.full(2, 1 + 0.1 * (rank - (len(bands) - 1) / 2))
            axes.plot(at, band[[0, 2], 0], linewidth=1.4, **look)
            axes.plot(at, band[[1, 1], 0], marker=style.MARKERS[rank], markersize=6, **look)
            continue
        axes.fill_between(x, band[0], band[2], color=look["color"], alpha=0.13, linewidth=0)
        axes.plot(x, band[[0, 2]].T, linewidth=0.6, **look)
        marked = sorted({*range(rank, weeks, max(4, weeks // 6)), weeks - 1})
        axes.plot(x, band[1], marker=style.MARKERS[rank], markersize=5, markevery=marked, clip_on=False, **look)
    for target in goals:
        axes.axhline(target, color=style.GREY, linewidth=1.2, linestyle=(0, (7, 4)), zorder=1)
    axes.set_ylim(low, high)
    axes.set_xlim((0.5, 1.5) if weeks == 1 else (1, weeks))
    axes.set_yticks(ticks, written)
    weeks_shown = x if weeks <= 16 else sorted({1, *range(4, weeks + 1, 4)})
    axes.set_xticks(weeks_shown, [str(week) for week in weeks_shown])
    axes.set_xlabel("semaine")
    axes.grid(axis="y")
    axes.set_title(typeset(f"{label} : médiane et bande de 5 à 95 % des tirages"), x=-(left - 0.12) / wide)
    wanted = [bottom + tall * (value - low) / (high - low) for value, *_ in blocks]
    for (_, lines, colour, mark), start_y, y in zip(blocks, wanted, _spread(wanted, heights, bottom, bottom + tall), strict=True):
        ends = [left + wide + 0.08, left + wide + 0.26]
        page.plot(ends, [start_y, y], color=colour, linewidth=0.8, marker=mark, markersize=4.5, markevery=[1])
        write(page, ends[1] + 0.1, y, lines, size, color=colour, weight="bold")
    return describe(figure, told + _ends_higher({name: float(band[1, -1]) for name, band in bands.items()}, unit))


@drawn
def poem_mix(results: Mapping[str, Result]) -> "Figure":
    """Draw where the impressions of scenarios come from over the campaign: paid, owned or earned.

    Parameters
    ----------
    results
        By name, what `cmlib.campaign.simulate` gives: one to eight scenarios.

    Returns
    -------
    Figure
        Its alternative text gives, for each scenario, the total and the three shares. A scenario without any impression has no
        bar, and says so.

    Raises
    ------
    InvalidInput
        If there is no scenario, more than eight, or one has no name.
    """
    found = _named(results, most=8)
    counts = {name: {medium: result.outcome(medium) for medium in _MEDIA} for name, result in found.items()}
    names = {name: few_lines(name, 2.1, 9) for name in found}
    side = max(text_width(line, 9) for lines in names.values() for line in lines) + 0.3
    totals = {name: sum(parts.values()) for name, parts in counts.items()}
    ends = {name: people(total) if total >= 10 else amount(total, "") for name, total in totals.items()}
    right = max(1.0, *(text_width(text, 10, "bold") for text in ends.values())) + 0.3
    bar, row, top = WIDTH - side - right, 0.8, 0.85
    height = top + row * len(found) + 0.5

    figure, page = new_page(height)
    write(page, 0.12, height - 0.25, ["Impressions de la campagne : d’où elles viennent"], 11, weight="bold")
    write(page, side + bar + 0.12, height - top + 0.12, ["impressions"], color=style.GREY)
    told = []
    for rank, (name, parts) in enumerate(counts.items()):
        y = height - top - row * rank - 0.3
        write(page, side - 0.12, y, names[name], ha="right")
        write(page, side + bar + 0.12, y, [ends[name]], 10, weight="bold")
        if not totals[name]:
            write(page, side + 0.05, y, ["aucune impression"], style="italic")
            told.append(f"{name}, aucune impression")
            continue
        shares = {medium: count / totals[name] for medium, count in parts.items()}
        at, outside = side, []
        for medium, share in shares.items():
            _, fill, hatch = _MEDIA[medium]
            page.barh(y, share * bar, 0.4, at, facecolor=fill, edgecolor=style.INK if hatch else fill, hatch=hatch, linewidth=0.6)
            text = _share(share)
            if share * bar > text_width(text, 10, "bold") + 0.16:
                box = {"boxstyle": "round,pad=0.15", "facecolor": fill, "edgecolor": "none"}
                ink = style.FILLS[fill]
                write(page, at + share * bar / 2, y, [text], 10, ha="center", weight="bold", color=ink, bbox=box)
            elif share:
                outside.append(f"{medium} {text}")
            at += share * bar
        write(page, side + bar, y - 0.3, [", ".join(outside)], 8.5, ha="right")
        told.append(f"{name}, {ends[name]} : {', '.join(f'{medium} {_share(share)}' for medium, share in shares.items())}")
    legend(figure, {label: (fill, hatch, style.INK if hatch else fill) for label, fill, hatch in _MEDIA.values()})
    return describe(figure, f"Impressions de la campagne, et parts paid, owned et earned. {' ; '.join(told)}.")


@drawn
def three_week_dashboard(result: Result, week: int) -> "Figure":
    """Draw what a student sees after a slice of three weeks, against the slice before.

    Parameters
    ----------
    result
        What `cmlib.campaign.simulate` gives; the means of its draws are shown, its only draw where there is one.
    week
        Last week of the slice, from 3 on.

    Returns
    -------
    Figure
        Awareness, cumulative reach, tone and ROAS are those of the last week of the slice; interactions, visitors, clients and
        cost are its sums. Its alternative text gives each of them, and its difference with the slice before.

    Raises
    ------
    InvalidInput
        If the week is not one of the campaign, or is before the third.
    """
    weeks = result.mean["cost"].size
    if weeks < _SLICE:
        raise InvalidInput(f"Le tableau de bord couvre trois semaines : cette campagne n’en a que {weeks}.")
    last = int(number(week, "semaine (week)", at_least=_SLICE, at_most=weeks, whole=True))
    before = last - _SLICE if last >= 2 * _SLICE else None

    height, across, tall, gap = 4.62, 2.28, 1.92, 0.08
    figure, page = new_page(height)
    when = f"semaines {last - 2} à {last} sur {weeks}"
    against = "premières semaines, rien à comparer" if before is None else f"comparées aux semaines {before - 2} à {before}"
    brand = wrap(legible(result.scenario.brand.name), 4.2, 11)
    write(page, 0.12, height - 0.25, [f"{brand[0]}{'…' if brand[1:] else ''} : {when}"], 11, weight="bold")
    write(page, 0.12, height - 0.5, [against], color=style.GREY)
    told = []
    for place, measure in enumerate(_PANELS):
        unit, series = _UNITS.get(measure, ""), np.asarray(result.mean[measure])
        weekly = series if measure in LEVELS else np.convolve(series, np.ones(_SLICE))  # of the slice that ends each week
        value = float(weekly[last - 1])
        shown, change = amount(value, unit), "" if before is None else _change(value, float(weekly[before - 1]), unit)
        if measure == "roas" and not result.mean["cost"][:last].any():
            shown, change = "aucune dépense", ""
        x, y = 0.12 + place % 4 * (across + gap), height - 0.68 - place // 4 * (tall + gap)
        page.barh(y - tall / 2, across, tall, x, facecolor="white", edgecolor=style.GREY, linewidth=0.6)
        write(page, x + 0.12, y - 0.2, [("→ " if measure == "clients" else "") + MEASURES[measure]])
        fits = text_width(shown, 16, "bold") < across - 0.2
        write(page, x + 0.12, y - 0.52, [shown], 16 if fits else 12, weight="bold")
        write(page, x + 0.12, y - 0.84, [change])
        _sparkline(page, series[:last], (x + 0.12, y - 1.62, across - 0.24, 0.58))
        write(page, x + 0.12, y - 1.77, ["sem. 1"], 8, color=style.GREY)
        write(page, x + across - 0.12, y - 1.77, [f"sem. {last}"], 8, color=style.GREY, ha="right")
        told.append(f"{MEASURES[measure]} : {shown}" + (f", {change.split(' ', 1)[1]}" if change else ""))
    return describe(figure, f"Tableau de bord, {when}, {against}. {'. '.join(told)}.")


def _named(results: Mapping[str, Result], most: int) -> dict[str, Result]:
    """Return scenarios by the name that can be written."""
    given = mapping(results, "scénarios (results)", "{'scénario A': simulate(scenario)}")
    if not 1 <= len(given) <= most:
        raise InvalidInput(f"Scénarios (results) : il en faut de 1 à {most} pour les comparer, et non {len(given)}.")
    return dict(zip(distinct_names(given, "scénario"), given.values(), strict=True))


def distinct_names(names: Iterable[object], what: str) -> list[str]:
    """Return names that can be written, if each is one and differs from the others."""
    texts = [legible(name) for name in names]
    if not all(texts) or len(set(texts)) < len(texts):
        raise InvalidInput(f"Chaque {what} doit avoir un nom, différent des autres : corrigez les noms.")
    return texts


def amount(value: float, unit: str, like: float | None = None) -> str:
    """Write a value and its unit with three digits or more, or as many decimals as another value, if they show it."""
    scale = 100 if unit == "%" else 1
    size, other = abs(value) * scale, abs(value if like is None else like) * scale
    places = min(max(2 - floor(log10(other)), 0), 9) if other else 0
    if size and not round(size, places):
        places = min(-floor(log10(size)), 12)
    cents = unit == "€" and 0.1 <= size < 100 and places
    text = f"{size:.2f}".replace(".", ",") if cents else people(size) if size >= 999_950 else write_number(size, places)
    minus = "−" if value < 0 and set(text) & set("123456789") else ""
    sign = unit.removesuffix("s") if size < 2 else unit
    joint = NNBSP if unit == "%" else "" if unit == "€" and text.endswith(("M", "d")) else NBSP if unit else ""
    return f"{minus}{text}{joint}{sign}"


def signed(change: float, unit: str, like: float | None = None) -> str:
    """Write a change with its sign; between two percentages it is in points."""
    scale, unit = (100, "points") if unit == "%" else (1, unit)
    text = amount(abs(change) * scale, unit, None if like is None else like * scale)
    return ("+" if change > 0 else "−") + text if set(text) & set("123456789") else text


def _change(value: float, before: float, unit: str) -> str:
    """Say how a value changed."""
    if abs(value - before) <= 1e-9 * max(abs(value), abs(before)):
        return "= sans changement"
    more = value > before
    text = signed(value - before, unit, max(abs(value), abs(before)))[1:]
    return f"{'↑' if more else '↓'} {text} de {'plus' if more else 'moins'}"


def _share(share: float) -> str:
    text = "<\u00a01" if 0 < share < 0.005 else ">\u00a099" if 0.995 <= share < 1 else f"{100 * share:.0f}"
    return f"{text}{NNBSP}%"


def _ends_higher(ends: Mapping[str, float], unit: str) -> str:
    """Say which scenario ends higher, and by how much."""
    if len(ends) == 1:
        return ""
    ranked = sorted(ends, key=lambda name: -ends[name])
    top = ends[ranked[0]]
    equal = [name for name in ranked if top - ends[name] <= 1e-9 * abs(top)]
    if len(equal) > 1:
        return f" Finissent le plus haut, à égalité : {style.enumerate_in_french(equal)}."
    return f" Finit le plus haut : {ranked[0]}, {signed(top - ends[ranked[1]], unit, top)[1:]} de plus que {ranked[1]}."


def few_lines(text: str, width: float, size: float) -> list[str]:
    """Wrap a name on three lines at most, and show that it is cut."""
    lines = wrap(text, width - 0.12, size)
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2].rstrip(' ,;.')}…"]


def write(page: "Axes", x: float, y: float, lines: Sequence[str], size: float = 9, **look: Any) -> None:
    """Write lines, at half their height."""
    page.text(x, y, typeset("\n".join(lines)), va="center", size=size, linespacing=1.1, **look)


def _spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels as little as it takes for none to cover another, between two bounds that leave room for all."""
    order = sorted(range(len(wanted)), key=lambda index: -wanted[index])
    found = list(wanted)
    for index in order:
        found[index] = min(found[index], high - heights[index] / 2)
        high = found[index] - heights[index] / 2
    for index in reversed(order):
        found[index] = max(found[index], low + heights[index] / 2)
        low = found[index] + heights[index] / 2
    return found


def new_page(height: float) -> tuple["Figure", "Axes"]:
    """Return a figure, and axes over the whole of it, in inches from the bottom left."""
    figure = new_figure(height, layout=None)
    page = figure.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set_autoscale_on(False)
    page.set_xlim(0, WIDTH)
    page.set_ylim(0, height)
    return figure, page


def legend(figure: "Figure", kinds: Mapping[str, tuple[str, str, str]]) -> None:
    """Tell what fills and hatches mean, under the figure."""
    from matplotlib.patches import Patch

    marks = [Patch(facecolor=fill, hatch=hatch, edgecolor=edge, label=label) for label, (fill, hatch, edge) in kinds.items()]
    figure.legend(handles=marks, loc="lower left", ncols=3, handlelength=2.4, handleheight=1.1)


def _sparkline(page: "Axes", series: Array, box: tuple[float, float, float, float]) -> None:
    """Draw the weeks so far, from zero, the slice in bold on a band; the box is in inches: left, bottom, width, height.

    On the page itself: axes of their own would cost more than all that they hold.
    """
    left, bottom, wide, tall = box
    low, high = min(0.0, float(series.min())), max(0.0, float(series.max()))
    week, step = wide / (series.size + 0.8), tall / ((high - low) * 1.15 if high > low else 1)
    x, y = left + (np.arange(series.size) + 0.9) * week, bottom + (series - low) * step
    page.bar(x[-_SLICE] - 0.35 * week, tall, (_SLICE - 0.3) * week, bottom, align="edge", color=style.PALE_BLUE, linewidth=0)
    page.plot([left, left + wide], [bottom - low * step] * 2, color=style.GREY, linewidth=0.6)
    page.plot(x, y, color=style.GREY, linewidth=1.2)
    page.plot(x[-_SLICE:], y[-_SLICE:], color=style.BLUE, linewidth=2.2, marker="o", markersize=3.5)
