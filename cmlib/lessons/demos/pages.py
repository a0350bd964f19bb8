"""Panels and bars that several demonstrations share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cmlib.charts.campaigns import amount, few_lines
from cmlib.charts.style import BLUE, WIDTH, describe, drawn, new_figure, text_width
from cmlib.french import typeset

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PALE = "#8fb1dd"


LEGEND = 0.27  # inches of a legend on one line


def panels(
    height: float, *, rows: int = 1, columns: int = 1, left: float = 0.7, above: float = 0.35, below: float = 0.5, **shape: Any
) -> "tuple[Figure, list[Axes]]":
    """Return a figure and its panels, laid out once and for all: a picture that moves with a slider is drawn in a blink.

    Parameters
    ----------
    height
        In inches, margins included.
    rows, columns
        Panels, top left first.
    left, above, below
        Inches left of each panel for its ticks, above them for a title, below for the axis (and `LEGEND`).
    shape
        As in matplotlib's ``subplots``.
    """
    figure = new_figure(height, layout=None)
    wide = (WIDTH - columns * left - 0.25) / columns
    room = {"left": left / WIDTH, "right": 1 - 0.25 / WIDTH, "bottom": below / height, "top": 1 - above / height}
    grid = room | {"wspace": left / wide, "hspace": 0.45}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=grid, **shape)
    return figure, list(axes.ravel())


def legend_below(figure: "Figure", columns: int) -> None:
    """Write the legend of a figure on a line at its foot, where `LEGEND` was left below the panels."""
    figure.legend(loc="lower left", ncols=columns, borderaxespad=0.2)


@drawn
def ranked_bars(
    title: str, values: Mapping[str, float], unit: str, best: str, notes: Mapping[str, str] | None = None
) -> "Figure":
    """Draw values as bars, one under the other, the best one darker and in bold.

    Parameters
    ----------
    title
        What is shown, its denominator included.
    values
        By name; a percentage is a fraction.
    unit
        A key of `cmlib.french.UNIT_SPELLINGS`.
    best
        The name of the best one.
    notes
        What is written after a value, by name.
    """
    said = {name: f"{amount(value, unit)}{_note(notes, name)}" for name, value in values.items()}
    names = {name: few_lines(name, 2.6, 9.5) for name in values}
    side = max(text_width(line, 9.5, "bold") for lines in names.values() for line in lines) + 0.25
    room = max(text_width(typeset(text), 9.5, "bold") for text in said.values()) + 0.25
    tall = 0.42 * len(values)
    height = tall + 0.6
    figure = new_figure(height, layout=None)
    axes = figure.add_axes((side / WIDTH, 0.08 / height, (WIDTH - side - room) / WIDTH, tall / height))
    for row, (name, value) in enumerate(values.items()):
        first = name == best
        axes.barh(row, value, 0.66, color=BLUE if first else _PALE)
        axes.annotate(
            typeset(said[name]), (max(value, 0), row), xytext=(5, 0), textcoords="offset points", va="center", size=9.5,
            weight="bold" if first else "normal", annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(range(len(values)), ["\n".join(lines) for lines in names.values()], size=9.5)
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.set_xlim(min(0.0, *values.values()), max(*values.values(), 1e-9))
    axes.axvline(0, color="#595959", linewidth=0.8)
    axes.xaxis.set_visible(False)
    for spine in ("bottom", "left"):
        axes.spines[spine].set_visible(False)
    figure.text(0.008, 1 - 0.25 / height, typeset(title), size=11, weight="bold", va="center")
    return describe(figure, f"{title} : {' ; '.join(f'{name}, {text}' for name, text in said.items())}. Le meilleur : {best}.")


def _note(notes: Mapping[str, str] | None, name: str) -> str:
    return f" · {notes[name]}" if notes and notes.get(name) else ""
