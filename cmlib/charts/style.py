"""What every figure shares: one style, one palette, French labels, texts measured so that none is cut, an alternative text."""

import base64
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial, wraps
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import numpy as np
import pandas as pd
from babel.dates import get_month_names

from cmlib.errors import InvalidInput
from cmlib.french import LOCALE, NBSP, plural, printable, typeset, untypeset, write_number, write_quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("cmlib.mplstyle")
WIDTH = 9.6  # inches: the page of a TP is 960 px wide
DPI = 110
LONGEST_LINE = 400  # signs: more than fit in the width of a page, however narrow

# Okabe and Ito's hues, darkened: each has a contrast of 4.5:1 or more on white, and any two can be told apart by every eye
# (CAM02-UCS difference of 16 or more in normal vision, deuteranopia, protanopia and tritanopia; measured by the tests).
BLUE = "#0f4b98"
VERMILION = "#c33d09"
GREEN = "#128557"
PURPLE = "#9c628c"
INK = "#1a1a1a"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, INK)
GREY = "#595959"  # what is said in passing; never told apart from another colour by itself
MARKERS = "os^DvPX"

# Filled areas, each with the colour of what is written on it.
FILLS = {
    "#e4ecf7": INK,
    "#bcd0ec": INK,
    "#8fb1dd": INK,
    "#3d70b6": "#ffffff",
    BLUE: "#ffffff",
    "#fbe9e1": INK,
    "#f2f2f2": INK,
}
BLUES = tuple(FILLS)[:5]
PALE_BLUE, PALE_VERMILION, PALE_GREY = "#e4ecf7", "#fbe9e1", "#f2f2f2"

FIRST_YEAR, LAST_YEAR = 1900, 2100  # as `cmlib.french.read_date`
MONTHS = get_month_names("abbreviated", locale=LOCALE)

_P = ParamSpec("_P")


def drawn(function: "Callable[_P, Figure]") -> "Callable[_P, Figure]":
    """Make a function draw its figure in our style, to the last pixel, and leave the session's settings as they were."""

    @wraps(function)
    def draw(*args: _P.args, **kwargs: _P.kwargs) -> "Figure":
        import matplotlib.style  # half a second: grading, which draws nothing, does without

        with matplotlib.style.context(["default", STYLE]):
            figure = function(*args, **kwargs)
            rendered(figure)  # ticks are made now, in our style, and not when the session saves the picture
        return figure

    return draw


def rendered(figure: "Figure") -> None:
    """Draw a figure's pixels, which `to_html` then only has to write: a figure is drawn once, and this is most of its cost."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]


def new_figure(height: float, layout: Literal["constrained"] | None = "constrained") -> "Figure":
    """Return an empty figure of the page's width, of a height in inches, known to no pyplot; a notebook shows it by itself."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout=layout)
    figure._repr_html_ = partial(to_html, figure)  # type: ignore[method-assign]  # without pyplot, IPython would print its name
    return figure


def to_html(figure: "Figure") -> str:
    """Return a figure as a picture inside a page, with its alternative text.

    Raises
    ------
    ValueError
        If the figure has none: a picture that a screen reader cannot tell is not finished.
    """
    alt = str(figure.get_label())
    if not alt:
        raise ValueError("the figure has no alternative text")
    data = base64.b64encode(to_png(figure)).decode()
    return f"<img style='max-width:100%' alt='{escape(typeset(alt), quote=True)}' src='data:image/png;base64,{data}'>"


def to_png(figure: "Figure") -> bytes:
    """Return a figure as a picture: as it was drawn, or drawn again if it was not by us or has changed since."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    buffer = BytesIO()
    if isinstance(figure.canvas, FigureCanvasAgg) and not figure.stale:
        pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba()))  # type: ignore[no-untyped-call]
        pixels.convert("RGB").save(buffer, "png", compress_level=3)  # twice as fast as 6, for as few bytes
    else:
        figure.savefig(buffer, format="png", dpi=DPI, bbox_inches="tight")
    return buffer.getvalue()


def describe(figure: "Figure", text: str) -> "Figure":
    """Give a figure its alternative text, with French typography, and return it."""
    figure.set_label(typeset(text))
    return figure


def legible(text: object) -> str:
    """Return a text on one line that our font can write: a sign that it lacks (🚲) becomes a box instead of a warning."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    fonts = [get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight))) for weight in ("normal", "bold")]
    clean = printable(untypeset(str(text))).replace("\ufe0f", "")
    return typeset("".join(sign if all(font.get_char_index(ord(sign)) for font in fonts) else "□" for sign in clean))


def shorten(text: str, longest: int) -> str:
    """Cut a text that has more than ``longest`` signs, and show that it is cut."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in inches, for a size in points; a little more, as pixels round each letter up."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72 * 1.06


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Cut a text into lines at most ``width`` inches wide; a word too long for a line (an address) is cut too."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if text_width(longer[:LONGEST_LINE], size, weight) <= width and len(longer) <= LONGEST_LINE:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while len(word) > (fits := _fitting(word, width, size, weight)):
            lines[-1:] = [word[:fits], ""]
            word = word[fits:]
        lines[-1] = word
    return lines


def _fitting(word: str, width: float, size: float, weight: str) -> int:
    """Count the first signs of a word that fit in a width: one at least."""
    most = min(len(word), LONGEST_LINE)
    return max(1, bisect_right(range(1, most + 1), width, key=lambda signs: text_width(word[:signs], size, weight)))


def levels(starts: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Stack labels written to the right of their mark so that no two overlap, and no line from a mark to its label crosses one.

    Parameters
    ----------
    starts, widths
        Where each label starts, and how wide it is; same unit.

    Returns
    -------
    list of int
        Level of each label, from 0, next to the marks.

    Examples
    --------
    >>> levels([0, 1, 10], [5, 5, 5])
    [1, 0, 0]
    """
    found = [0] * len(starts)
    placed: list[int] = []
    for index in sorted(range(len(starts)), key=lambda i: starts[i], reverse=True):  # from the right: what it may meet is there
        end = starts[index] + widths[index]
        found[index] = max((found[other] + 1 for other in placed if starts[other] < end), default=0)
        placed.append(index)
    return found


def number_ticks(axis: "Axis", unit: str = "") -> None:
    """Write the ticks of an axis in French: « 1 234,5 », « 8,3 % »; a percentage is a fraction."""
    axis.set_major_formatter(lambda value, _: write_quantity(value, unit, 1) if unit else write_number(value, 2))


def people(value: float) -> str:
    """Write a number of people in short: « 3,7 M », « 1,2 Md », « 850 000 ».

    Examples
    --------
    >>> untypeset(people(3_700_000)), untypeset(people(12_500))
    ('3,7 M', '12 500')
    """
    for scale, sign in ((1e9, "Md"), (1e6, "M")):
        if value >= scale * 0.99995:  # 999 960 is already written 1 M
            return f"{write_number(value / scale, 2)}{NBSP}{sign}"
    return write_number(value, 0)


def short_date(day: date, with_year: bool = False) -> str:
    """Write a date in short: « 3 mars », « 28 nov. 2026 »."""
    year = f"{NBSP}{day.year}" if with_year else ""
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{MONTHS[day.month]}{year}"


def date_ticks(axes: "Axes", start: date, end: date) -> None:
    """Mark the time axis in French: weeks up to ten weeks, months up to a year and a half, quarters or years beyond.

    Parameters
    ----------
    axes
        What is drawn, with dates as x.
    start, end
        First and last day shown.
    """
    span = (end - start).days
    if span <= 70:
        step = max(1, -(-span // 9))
        step = step if step < 4 else 7
        days = [start + timedelta(days=shift) for shift in range(0, span + 1, step)]
        texts = [short_date(day) for day in days]
    else:
        months = pd.date_range(start, end, freq="MS")
        step = next(step for step in (1, 3, 6, 12, 12 * len(months)) if len(months) <= 18 * step)
        days = [month.date() for month in months if (month.month - 1) % min(step, 12) == 0]
        if not days or (days[0] - start).days > span * 0.07:  # enough room to write the first day
            days.insert(0, start)
        texts = [MONTHS[day.month] if day.day == 1 else short_date(day) for day in days]
    new_year = [not i or day.year != days[i - 1].year for i, day in enumerate(days)]
    texts = [f"{text}\n{day.year}" if new else text for text, day, new in zip(texts, days, new_year, strict=True)]
    axes.set_xticks(np.array(days, dtype="datetime64[D]").tolist(), texts)
    axes.set_xlim(*(np.array([start - timedelta(days=1), end + timedelta(days=1)], dtype="datetime64[D]").tolist()))


def listed(given: Iterable[Any], what: str) -> list[Any]:
    """Return a list of what is to be drawn.

    Raises
    ------
    InvalidInput
        If it is a text, or a single thing.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        wrong = shorten(printable(str(given)), 40)
        raise InvalidInput(f"« {wrong} » n’est pas une liste ({what}) : mettez-la entre crochets, par exemple [a, b].")
    return list(given)


def check_table(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Refuse what is not a table with these columns.

    Raises
    ------
    InvalidInput
        If it is not a table, misses a column, or has one twice.
    """
    if not isinstance(table, pd.DataFrame):
        raise InvalidInput(f"{what} : il faut une table (DataFrame de pandas), et non « {shorten(printable(str(table)), 40)} ».")
    names = list(table.columns)
    lacking = [column for column in columns if column not in names]
    if lacking:
        raise InvalidInput(f"{what} : il manque {plural(len(lacking), 'la colonne', 'les colonnes')} {', '.join(lacking)}.")
    twice = [column for column in columns if names.count(column) > 1]
    if twice:
        raise InvalidInput(f"{what} : la colonne {twice[0]} figure deux fois ; renommez ou retirez l’autre.")


def days_of(dates: Iterable[Any], what: str) -> list[date]:
    """Return the days of dates or moments, in order, each once.

    Raises
    ------
    InvalidInput
        If there is none, or one is missing or is not a date.
    """
    given = listed(dates, what)
    if not given:
        raise InvalidInput(f"Il n’y a aucune date ({what}) : il en faut au moins une pour dessiner.")
    return sorted({day_of(day, what) for day in given})


def day_of(day: Any, what: str) -> date:
    """Return the day of a date or a moment.

    Raises
    ------
    InvalidInput
        If it is missing, is not a date, or is not between 1900 and 2100.
    """
    known = day.astype("datetime64[D]").item() if isinstance(day, np.datetime64) else day  # beyond the year 9999, a number
    if isinstance(known, int) or not isinstance(known, date) or pd.isna(known):
        raise InvalidInput(f"Une date est absente ou illisible ({what}) : complétez-la avant de dessiner.")
    if not FIRST_YEAR <= known.year <= LAST_YEAR:
        raise InvalidInput(f"L’année {known.year} ({what}) est hors de {FIRST_YEAR} à {LAST_YEAR} : corrigez la date.")
    return date(known.year, known.month, known.day)


def enumerate_in_french(parts: Sequence[str]) -> str:
    """Join words in a sentence.

    Examples
    --------
    >>> enumerate_in_french(["a", "b", "c"])
    'a, b et c'
    """
    return " et ".join([*([", ".join(parts[:-1])] if parts[:-1] else []), *parts[-1:]])
