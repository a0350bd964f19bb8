"""A table inside a page: escaped, in French typography, with a caption and headers that a screen reader tells."""

from collections.abc import Sequence
from html import escape

from cmlib.french import typeset


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
    titles = "".join(f"<th scope='col'>{_text(title)}</th>" for title in head)
    lines = "".join(
        f"<tr><th scope='row'>{_text(first)}</th>{''.join(f'<td>{_text(cell)}</td>' for cell in rest)}</tr>"
        for first, *rest in rows
    )
    return (
        f"<table class='cm-table'><caption>{_text(caption)}</caption>"
        f"<thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"
    )


def note(text: str) -> str:
    """Return a paragraph as HTML."""
    return f"<p>{_text(text)}</p>"


def _text(text: str) -> str:
    return escape(typeset(text))
