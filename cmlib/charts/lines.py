"""Pages made of boxes and lines of text: every line is measured before the page has a height, so that none is cut.

Positions are in inches, from the top left.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cmlib.charts.style import INK, WIDTH, legible, new_figure, text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZES = (12.5, 12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Sizes of letters tried, in points; a page grows once the last one, which still reads in print, is not enough."""

NONE_YET = "À compléter"
LEADING = 1.36  # from a line to the next, in heights of a letter
MARGIN, GAP, BAND = 0.3, 0.12, 0.36  # inches
PADDING = 0.16
LONG = 3_000  # signs beyond which a page gets the smallest letters: trying the others would take seconds


def fitting_size(signs: int, tall: Callable[[float], float], room: float) -> float:
    """Return the largest size in which what is ``tall`` fits in a room; the smallest one where none does."""
    if signs > LONG:
        return SIZES[-1]
    return SIZES[min(bisect_left(SIZES, True, key=lambda size: tall(size) <= room), len(SIZES) - 1)]


class Line(NamedTuple):
    """A line of text: what is before it (inches), how far it starts from the left, a sign written in that room."""

    text: str
    size: float
    before: float = 0.0
    indent: float = 0.0
    sign: str = ""
    colour: str = INK
    weight: str = "normal"
    style: str = "normal"

    @property
    def tall(self) -> float:
        """Its height, with what is before it."""
        return self.before + self.size * LEADING / 72


def height_of(lines: Sequence[Line]) -> float:
    """Return the height of lines written one under the other."""
    return sum(line.tall for line in lines)


def paragraph(text: str, width: float, first: Line) -> list[Line]:
    """Wrap a text into lines that look like ``first``, whose sign and space before go with the first one alone."""
    wrapped = _wrapped(text, width - first.indent, first.size, first.weight)
    rest = first._replace(before=0.0, sign="")
    return [(rest if rank else first)._replace(text=line) for rank, line in enumerate(wrapped)]


@lru_cache(maxsize=500)  # a size is tried, then kept: the same lines are asked for again
def _wrapped(text: str, width: float, size: float, weight: str) -> tuple[str, ...]:
    return tuple(wrap(legible(text), width, size, weight))


def title_lines(text: str, width: float, size: float = 16.0, colour: str = INK) -> list[Line]:
    """Return the lines of a title."""
    return paragraph(text, width, Line("", size, colour=colour, weight="bold"))


class Chip(NamedTuple):
    """A name in a rounded box, placed from where the first chip starts."""

    lines: list[Line]
    x: float
    y: float
    wide: float
    tall: float


def chips_of(names: Sequence[str] | None, width: float, size: float) -> list[Chip]:
    """Lay names out one after the other, as many on a row as fit; one chip asks for them where there is none yet."""
    chips: list[Chip] = []
    if names is None:
        return chips
    x = y = 0.0
    for name in names or (NONE_YET,):
        lines = paragraph(name, width - 0.24, Line("", size))
        wide = max(text_width(line.text, size) for line in lines) + 0.24
        tall = height_of(lines) + 0.1
        if chips and x + wide > width:
            x, y = 0.0, max(chip.y + chip.tall for chip in chips) + 0.07
        chips.append(Chip(lines, x, y, wide, tall))
        x += wide + 0.07
    return chips


def shared(rows: Sequence[float], room: float) -> list[float]:
    """Raise rows to fill a room, the smaller ones first: even rows where what they hold allows it.

    Examples
    --------
    >>> shared([1, 2], 6), shared([1, 4], 6), shared([3, 4], 6)
    ([3.0, 3.0], [2.0, 4], [3, 4])
    """
    fixed: list[float] = []
    for row in sorted(rows, reverse=True):
        level = (room - sum(fixed)) / (len(rows) - len(fixed))
        if row <= level:
            return [max(row, level) for row in rows]
        fixed.append(row)
    return list(rows)


def blank_page(height: float) -> "tuple[Figure, Axes]":
    """Return a figure of the page's width and its axes, whose units are inches."""
    figure = new_figure(height, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    return figure, axes


def write(axes: "Axes", lines: Sequence[Line], x: float, y: float, centre: float = 0.0) -> float:
    """Write lines one under the other, centred in a width where one is given; return where they end."""
    for line in lines:
        baseline = y + line.before + line.size * 1.03 / 72
        look: dict[str, Any] = {"size": line.size, "color": line.colour, "weight": line.weight, "style": line.style}
        at, side = (x + centre / 2, "center") if centre else (x + line.indent, "left")
        axes.text(at, baseline, line.text, ha=side, va="baseline", **look)
        if line.sign:
            axes.text(x + max(0.0, line.indent - 0.18), baseline, line.sign, va="baseline", **look)
        y += line.tall
    return y


def draw_frame(axes: "Axes", x: float, y: float, wide: float, tall: float, edge: str, fill: str) -> None:
    """Draw the edges and the background of a box."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), wide, tall, facecolor=fill, edgecolor=edge, linewidth=1.2, gid="panel"))


def draw_panel(axes: "Axes", x: float, y: float, wide: float, tall: float, colour: str, head: str) -> None:
    """Draw a box with its title in a band."""
    from matplotlib.patches import Rectangle

    draw_frame(axes, x, y, wide, tall, colour, "#ffffff")
    axes.add_patch(Rectangle((x, y), wide, BAND, facecolor=colour, edgecolor=colour, linewidth=1.2))
    title, room = legible(head), wide - 2 * PADDING
    size = next((size for size in (11.5, 10.5, 9.5) if text_width(title, size, "bold") <= room), 8.5)
    while text_width(title, size, "bold") > room:  # a name that nobody gives a box: the alternative text has it whole
        title = f"{title.rstrip('…')[:-1]}…"
    axes.text(x + PADDING, y + BAND / 2, title, va="center", size=size, weight="bold", color="#ffffff")


def draw_chip(axes: "Axes", chip: Chip, x: float, y: float) -> None:
    """Draw a chip; ``x`` and ``y`` are where the first one starts."""
    from matplotlib.patches import FancyBboxPatch

    radius = min(0.13, chip.tall / 2)
    shape = f"round,pad=0,rounding_size={radius}"
    corner = (x + chip.x, y + chip.y)
    axes.add_patch(FancyBboxPatch(corner, chip.wide, chip.tall, boxstyle=shape, facecolor="#ffffff", edgecolor=INK, linewidth=1))
    write(axes, chip.lines, x + chip.x, y + chip.y + 0.05, centre=chip.wide)
