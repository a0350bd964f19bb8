"""An executed notebook as a page that loads nothing: its texts and what its cells show, no code."""

import re
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from cmlib.batch.results import MIME, are_results
from cmlib.french import typeset

TEMPLATES = Path(__file__).with_name("templates")


@cache
def templates() -> Any:
    """Return the pages' templates; what they write is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    found.filters["typeset"] = typeset
    return found


def report_page(notebook: Any, title: str) -> str:
    """Return an executed notebook as a page.

    Parameters
    ----------
    notebook
        What nbformat reads.
    title
        Name of the scenario.
    """
    from markupsafe import Markup, escape
    from mistune import create_markdown

    markdown = create_markdown(escape=True, plugins=["table"])
    pieces = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.get("id") != "titre":
            pieces.append(f"<section>{markdown(cell.source)}</section>")
        elif cell.cell_type == "code":
            for output in cell.outputs:
                html = output.get("data", {}).get("text/html")
                if html is not None:
                    pieces.append(f"<div class='shown'>{html if isinstance(html, str) else ''.join(html)}</div>")
                elif output.output_type == "stream":
                    pieces.append(f"<pre>{escape(output.text)}</pre>")
    page = Markup(_wide("\n".join(pieces)))  # noqa: S704 (our own cells, which escape what a scenario says)
    return str(templates().get_template("report.html.j2").render(title=title, page=page))


def results_in(notebook: Any) -> dict[str, Any] | None:
    """Return the results that an executed notebook carries; None if it carries none."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get(MIME)
            if are_results(found):
                return dict(found)
    return None


def _wide(html: str) -> str:
    """Let a table or a picture that is wider than a phone move sideways."""
    numbers = count(1)

    def moved(wide: re.Match[str]) -> str:
        label = f"{'Tableau' if wide[1] else 'Image'}, élément {next(numbers)}"
        return f"<div class='wide' tabindex='0' role='region' aria-label='{label}'>{wide[0]}</div>"

    return re.sub(r"<(table).*?</table>|<img [^>]*>", moved, html, flags=re.DOTALL)
