"""Static pieces of a TP page: headings, figures, tables."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from cmlib.french import typeset, write_number

CELL = "text-align:left;vertical-align:top;padding:2px 16px 2px 0"
"""Style of a table's cell, inline: formgrader and the feedback page each have a style sheet of their own."""

if TYPE_CHECKING:
    from pandas import DataFrame


def heading_bundle(heading: str, notes: Iterable[str]) -> dict[str, str]:
    """Return the head of a graded copy: whose it is, and what its reader must know."""
    lines = [typeset(heading), *(typeset(f"⚠ {note}") for note in notes)]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {"text/plain": "\n".join(lines), "text/html": f"<div class='cm-heading'>{html}</div>"}


def table_html(table: "DataFrame", caption: str) -> str:
    """Return a table with its caption; numbers are written in French."""
    shown = table.map(lambda cell: write_number(float(cell), 2) if isinstance(cell, int | float) else str(cell))
    html = shown.to_html(border=0, classes="cm-table", justify="right")
    return html.replace("<thead>", f"<caption style='text-align:left'>{escape(typeset(caption))}</caption><thead>", 1)
