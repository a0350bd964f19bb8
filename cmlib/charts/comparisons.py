"""Figures of what is compared: the four boxes of a SWOT, the audiences of networks, the steps of a funnel."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cmlib.charts.style import (
    BLUE,
    GREY,
    INK,
    PALE_BLUE,
    PALE_GREY,
    PALE_VERMILION,
    VERMILION,
    WIDTH,
    check_table,
    describe,
    drawn,
    enumerate_in_french,
    legible,
    levels,
    new_figure,
    people,
    shorten,
    text_width,
    wrap,
)
from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, untypeset, write_number, write_quantity
from cmlib.funnel import FORWARD, STATES, passages_from_counts
from cmlib.inputs import mapping, vector
from cmlib.swot import CATEGORIES, EFFECT, ORIGIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_LONGEST = 400  # signs of a finding that are measured: more than three lines of a box ever hold


@drawn
def swot_grid(entries: Mapping[str, Sequence[str]]) -> "Figure":
    """Draw the four boxes of a SWOT on their two axes, with what each one holds.

    Parameters
    ----------
    entries
        Findings of each box, by id (a key of `cmlib.swot.CATEGORIES`); a box left out is empty.

    Returns
    -------
    Figure
        A finding longer than three lines is cut, and findings that do not fit are counted; the alternative text has all
        of them in full.

    Raises
    ------
    InvalidInput
        If a box does not exist, does not hold a list of texts, or all are empty.
    """
    boxes_given = mapping(entries, "cases de la SWOT (entries)", "{'forces': ['un constat']}")
    for category in boxes_given:
        if category not in CATEGORIES:
            raise InvalidInput(f"« {category} » n’est pas une case de la SWOT : prenez {', '.join(CATEGORIES)}.")
    found = {category: _findings(category, boxes_given.get(category, ())) for category in CATEGORIES}
    if not any(found.values()):
        raise InvalidInput("La SWOT est vide : il faut au moins un constat pour la dessiner.")

    figure = new_figure(6.2, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)  # a unit is an inch
    axes.set_ylim(6.2, 0)
    left, top, width, height = 0.45, 0.45, 4.5, 2.8
    lefts = {"favorable": left, "défavorable": left + width + 0.08}
    tops = {"interne": top, "externe": top + height + 0.08}
    for effect, x in lefts.items():
        axes.text(x + width / 2, 0.25, effect, ha="center", va="center", size=11)
    for origin, y in tops.items():
        axes.text(0.25, y + height / 2, origin, ha="center", va="center", size=11, rotation=90)
    for category, texts in found.items():
        _write_box(axes, category, texts, lefts[EFFECT[category]], tops[ORIGIN[category]], width, height)

    boxes = []
    for category, texts in found.items():
        head = f"{CATEGORIES[category]} ({ORIGIN[category]}, {EFFECT[category]})"
        listed = " ; ".join(text.strip().rstrip(".;") for text in texts)
        boxes.append(f"{head}, {len(texts)} : {listed}." if texts else f"{head} : case vide.")
    total = sum(map(len, found.values()))
    return describe(figure, f"Matrice SWOT de {write_number(total, 0)} {plural(total, 'constat')}. {' '.join(boxes)}")


@drawn
def network_panorama(audiences: pd.DataFrame) -> "Figure":
    """Draw the audiences of networks: a line a network, every value that a source gives, contradictory ones side by side.

    Parameters
    ----------
    audiences
        Columns ``network`` (name to show), ``value`` (people), ``year``, ``source``; a line a value.

    Returns
    -------
    Figure
        Its alternative text names the largest network, and those whose values disagree, with by how much.

    Raises
    ------
    InvalidInput
        If there is no line, a column is missing, or a value is missing or negative.
    """
    check_table(audiences, ("network", "value", "year", "source"), "Audiences")
    if audiences.empty:
        raise InvalidInput("Audiences : la table est vide, il faut au moins une valeur pour dessiner.")
    if audiences[["network", "year", "source"]].isna().any(axis=None):
        raise InvalidInput("Audiences : un réseau, une année ou une source manque ; une valeur ne se cite pas sans eux.")
    values = vector(audiences["value"], "audience (value)", at_least=0)
    table = audiences.assign(value=values).sort_values("value", ascending=False, kind="stable")
    groups = {str(name): table[table["network"] == name] for name in table["network"].unique()}

    size = 8.0
    named = {name: shorten(legible(name), 24) for name in groups}
    texts = {name: [_label(*row, size) for row in _values(rows)] for name, rows in groups.items()}
    side = max(text_width(name, 9, "bold") for name in named.values())
    room = WIDTH - side - 0.5  # inches for dots and labels, which are written to the right of their dot
    widths = [text_width(text, size) for name in groups for text in texts[name]]
    ends = [(value, width) for value, width in zip(pd.concat(list(groups.values()))["value"], widths, strict=True) if value > 0]
    scale = min([(room - max(width, 0.5)) / value for value, width in ends], default=1.0)  # inches a person
    stacked = {
        name: levels(list(rows["value"] * scale), [text_width(text, size) + 0.2 for text in texts[name]])
        for name, rows in groups.items()
    }
    rows_of = {name: max(found) + 1 for name, found in stacked.items()}  # lines of labels under the dots
    height = sum(0.36 + 0.18 * rows for rows in rows_of.values())

    figure = new_figure(height + 1.0, layout=None)
    full = height + 1.0
    axes = figure.add_axes(((side + 0.25) / WIDTH, 0.55 / full, (WIDTH - side - 0.35) / WIDTH, height / full))
    axes.set_xlim(0, (WIDTH - side - 0.35) / scale)
    axes.set_ylim(height, 0)  # a unit is an inch
    top, centres = 0.0, []
    for rank, (name, rows) in enumerate(groups.items()):
        tall = 0.36 + 0.18 * rows_of[name]
        y = top + 0.17
        if rank % 2 == 0:
            axes.axhspan(top, top + tall, color=PALE_GREY, linewidth=0, zorder=0)
        axes.plot([rows["value"].min(), rows["value"].max()], [y, y], color=GREY, linewidth=1.2, zorder=1)
        axes.scatter(rows["value"], [y] * len(rows), s=44, color=BLUE, zorder=3, clip_on=False)
        for value, text, level in zip(rows["value"], texts[name], stacked[name], strict=True):
            below = y + 0.2 + 0.18 * level
            axes.plot([value, value], [y, below + 0.05], color=GREY, linewidth=0.8, zorder=1)
            axes.text(value + 0.05 / scale, below, text, va="center", size=size)
        centres.append(y)
        top += tall
    axes.set_yticks(centres, list(named.values()), size=9, weight="bold")
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= values.max() * 1.02]
    axes.set_xticks(ticks, [people(tick) for tick in ticks])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_bounds(0, float(values.max()))
    axes.set_xlabel("personnes", loc="left")
    axes.set_title(typeset("Audience des réseaux : une valeur par source"), x=0)

    first = next(iter(groups))
    told = (
        f"Audience de {len(groups)} {plural(len(groups), 'réseau', 'réseaux')}, "
        f"{write_number(len(table), 0)} {plural(len(table), 'valeur')}. "
        f"La plus grande : {first}, {people(float(values.max()))}. "
    )
    told += "Par réseau : " + " ; ".join(f"{name}, {enumerate_in_french(_in_full(rows))}" for name, rows in groups.items()) + ". "
    apart = [
        f"{name} de {people(low)} à {people(high)} (écart de {people(high - low)})"
        for name, low, high in ((name, float(rows["value"].min()), float(rows["value"].max())) for name, rows in groups.items())
        if high > low
    ]
    told += (
        f"Valeurs qui diffèrent d’une source à l’autre : {' ; '.join(apart)}."
        if apart
        else "Aucun réseau n’a de valeurs qui diffèrent d’une source à l’autre."
    )
    return describe(figure, told)


@drawn
def funnel_chart(counts: Mapping[str, float]) -> "Figure":
    """Draw the funnel: people counted at each step, the rate of each passage, the narrowest one marked « goulot ».

    Parameters
    ----------
    counts
        People counted in each state but « perdu » (keys of `cmlib.funnel.STATES`), over the same period.

    Returns
    -------
    Figure
        Its alternative text gives the counts, the rates, the narrowest passage and the rate from end to end.

    Raises
    ------
    InvalidInput
        As `cmlib.funnel.passages_from_counts`, or if the first step has less than one person (a share is not a count).
    """
    passages = passages_from_counts(counts)
    rates = {start: passages[start][end] for start, end in FORWARD.items()}
    narrowest = [start for start in rates if rates[start] <= min(rates.values()) * (1 + 1e-9)]
    states = [state for state in STATES if state != "perdu"]
    most = float(counts[states[0]])
    if most < 1:
        advice = "il faut au moins une personne ; donnez des effectifs et non des parts"
        raise InvalidInput(f"{STATES[states[0]]} : {write_number(most, 6)}, or {advice}.")

    figure = new_figure(4.0)
    axes = figure.add_subplot()
    for row, state in enumerate(states):
        axes.barh(row, counts[state], height=0.42, color=BLUE)
        axes.annotate(
            _persons(counts[state]),
            (counts[state], row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            size=10,
            weight="bold",
        )
        if state in rates:
            narrow = state in narrowest
            text = f"↓ {write_quantity(rates[state], '%', 1)} passent" + (" : goulot" if narrow else "")
            box = {"boxstyle": "round,pad=0.3", "facecolor": PALE_VERMILION, "edgecolor": VERMILION} if narrow else None
            weight = "bold" if narrow else "normal"
            axes.annotate(
                typeset(text),
                (0, row + 0.5),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                size=9.5,
                weight=weight,
                bbox=box,
            )
    axes.set_yticks(range(len(states)), [STATES[state] for state in states], size=10)
    axes.set_ylim(len(states) - 0.6, -0.4)
    axes.set_xlim(0, most * 1.12)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_title(typeset("Entonnoir : personnes à chaque étape et taux de passage"))

    steps = ", ".join(f"{STATES[state].lower()} {_persons(counts[state])}" for state in states)
    told = ", ".join(f"de {start} à {FORWARD[start]} {write_quantity(rate, '%', 1)}" for start, rate in rates.items())
    tight = enumerate_in_french([f"de {start} à {FORWARD[start]}" for start in narrowest])
    through = write_quantity(float(counts[states[-1]]) / most, "%", 2)
    return describe(
        figure,
        f"Entonnoir : {steps}. Taux de passage : {told}. Goulot, le passage le plus étroit : {tight}. "
        f"D’un bout à l’autre : {through} des visiteurs deviennent ambassadeurs.",
    )


def _findings(category: str, given: object) -> list[str]:
    """Return the findings of a box, without those that say nothing."""
    if not isinstance(given, list | tuple) or not all(isinstance(text, str) for text in given):
        raise InvalidInput(f'Case « {category} » de la SWOT : il faut une liste de textes, par exemple ["un constat"].')
    return [text for text in given if untypeset(text)]


def _persons(count: float) -> str:
    """Write a count; an average that is small keeps its decimals."""
    return write_number(count, 0 if count >= 100 else 2)


def _values(rows: pd.DataFrame) -> list[tuple[float, str, str]]:
    return [(float(value), str(source), str(year)) for value, source, year in rows[["value", "source", "year"]].to_numpy()]


def _label(value: float, source: str, year: str, size: float) -> str:
    """Write a value with its source and year, the source cut where the label is longer than 4.4 inches."""
    when = shorten(legible(year), 28)
    cut = len(legible(source))
    while cut > 1 and text_width(f"{people(value)} ({shorten(legible(source), cut)}, {when})", size) > 4.4:
        cut -= 1
    return f"{people(value)} ({shorten(legible(source), cut)}, {when})"


def _in_full(rows: pd.DataFrame) -> list[str]:
    return [f"{people(value)} ({source}, {year})" for value, source, year in _values(rows)]


def _cut(lines: list[str], width: float, size: float) -> list[str]:
    """Keep three lines of a text, and show that it is cut."""
    if len(lines) <= 3:
        return lines
    last = lines[2]
    while text_width(f"{last}…", size) > width:
        last = last[:-1]
    return [*lines[:2], f"{last.rstrip()}…"]


def _write_box(axes: "Axes", category: str, texts: Sequence[str], x: float, y: float, width: float, height: float) -> None:
    """Write a box of the SWOT and as many of its findings as fit; positions in inches, from the top left."""
    from matplotlib.patches import Rectangle

    good = EFFECT[category] == "favorable"
    axes.add_patch(
        Rectangle((x, y), width, height, facecolor=PALE_BLUE if good else PALE_VERMILION, edgecolor=BLUE if good else VERMILION)
    )
    axes.text(x + 0.12, y + 0.2, f"{CATEGORIES[category]} ({len(texts)})", va="center", size=11, weight="bold")
    size, line = 9.0, 0.17
    room = int((height - 0.45) / line)
    if not texts:
        axes.text(x + 0.12, y + 0.5, "Case vide", va="center", size=size, style="italic")
        return
    inner = width - 0.45
    blocks: list[list[str]] = []
    for text in texts:
        if sum(map(len, blocks)) > room:
            break
        blocks.append(_cut(wrap(legible(shorten(text, _LONGEST)), inner, size), inner, size))
    shown = len(blocks)
    while sum(map(len, blocks[:shown])) + (shown < len(texts)) > room:
        shown -= 1
    at = y + 0.5
    for lines in blocks[:shown]:
        for rank, text in enumerate(lines):
            if rank == 0:
                axes.text(x + 0.12, at, "•", va="center", size=size, color=INK)
            axes.text(x + 0.26, at, text, va="center", size=size)
            at += line
    left = len(texts) - shown
    if left:
        axes.text(x + 0.26, at, f"… et {left} {plural(left, 'autre')}", va="center", size=size, style="italic")
