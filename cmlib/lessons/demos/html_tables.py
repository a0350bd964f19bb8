"""A table inside a page: escaped, in French typography, with a caption and headers that a screen reader tells."""

from collections.abc import Sequence
from html import escape

from cmlib.french import typeset

_LEFT = "style='text-align:left'"  # JupyterLab aligns cells to the right, as for numbers


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as HTML; the first cell of a row is its header.

    Parameters
    ----------
    caption
        What the table holds.
    head
        Titles of the columns.
    rows
        Texts, one a column.

    Examples
    --------
    >>> table("Essai", ["a", "b"], [["1", "<2>"]]).count("&lt;2&gt;")
    1
    """
    titles = "".join(f"<th scope='col' {_LEFT}>{_text(title)}</th>" for title in head)
    lines = "".join(f"<tr><th scope='row' {_LEFT}>{_text(first)}</th>{_cells(rest)}</tr>" for first, *rest in rows)
    return (
        f"<table class='cm-table'><caption {_LEFT}>{_text(caption)}</caption>"
        f"<thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"
    )


def note(text: str) -> str:
    """Return a paragraph as HTML."""
    return f"<p>{_text(text)}</p>"


def _cells(texts: Sequence[str]) -> str:
    return "".join(f"<td {_LEFT}>{_text(text)}</td>" for text in texts)


def _text(text: str) -> str:
    return escape(typeset(text))
