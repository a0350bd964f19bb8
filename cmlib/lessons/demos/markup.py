"""The few pieces of HTML that demonstrations show: a table with its caption, a chain of steps, a quotation."""

from collections.abc import Collection, Sequence
from html import escape

from cmlib.french import typeset

CELL = "text-align:left;vertical-align:top;padding:4px 16px 4px 0"
"""Style of a cell, inline: the page of the site and a printed notebook each have a style sheet of their own."""

MARK = "▶"
"""Before what is pointed at; nothing is told by a colour alone."""


def text(words: str) -> str:
    """Return words as HTML, with French typography.

    Examples
    --------
    >>> text("a < b").replace("&lt;", "inférieur à")
    'a inférieur à b'
    """
    return escape(typeset(words))


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], marked: Collection[int] = ()) -> str:
    """Return a table whose first column names its rows.

    Parameters
    ----------
    caption
        What it is.
    head
        Names of the columns.
    rows
        Texts, as many as columns in each row.
    marked
        Places of the rows pointed at: their name is in bold, after a mark.

    Examples
    --------
    >>> "scope='row'" in table("Réseaux", ["Réseau", "CPM"], [["X", "1,82"]])
    True
    """
    columns = "".join(f"<th scope='col' style='{CELL}'>{text(name)}</th>" for name in head)
    lines = ""
    for place, (name, *cells) in enumerate(rows):
        first = f"{MARK} {name}" if place in marked else name
        weight = "" if place in marked else ";font-weight:normal"
        data = "".join(f"<td style='{CELL}'>{text(cell)}</td>" for cell in cells)
        lines += f"<tr><th scope='row' style='{CELL}{weight}'>{text(first)}</th>{data}</tr>"
    title = f"<caption style='text-align:left;font-weight:bold;padding:4px 0'>{text(caption)}</caption>"
    body = f"{title}<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody>"
    return f"<div style='overflow-x:auto'><table class='cm-table'>{body}</table></div>"


def note(words: str) -> str:
    """Return a paragraph as HTML.

    Examples
    --------
    >>> note("Voyez.")
    '<p>Voyez.</p>'
    """
    return f"<p>{text(words)}</p>"


def chain(steps: Sequence[tuple[str, str]]) -> str:
    """Return steps that follow from each other, each with its name, as a numbered list.

    Examples
    --------
    >>> chain([("Cause", "pas de calendrier")]).count("<li")
    1
    """
    items = "".join(
        f"<li style='margin:6px 0'><strong>{text(name)}.</strong> {text(words[:1].upper() + words[1:])}</li>"
        for name, words in steps
    )
    return f"<ol style='border-left:4px solid #0f4b98;margin:8px 0;padding-left:36px'>{items}</ol>"


def quotation(words: str) -> str:
    """Return a sentence set apart.

    Examples
    --------
    >>> quotation("Pour vous.").startswith("<blockquote")
    True
    """
    style = "border-left:4px solid #0f4b98;margin:8px 0;padding:4px 16px;font-size:1.1em"
    return f"<blockquote style='{style}'>{text(words)}</blockquote>"
