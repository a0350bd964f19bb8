"""The chapters as a static site: each one run in a fresh process, then written as a page that loads nothing and runs nothing."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain, count
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from mistune import HTMLRenderer, create_markdown
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from cmlib.errors import Explained, reason
from cmlib.french import typeset
from cmlib.lessons.lesson import STATIC

TEMPLATES = Path(__file__).with_name("templates")
TIMEOUT = 180  # seconds a cell
_WIDE = re.compile(r"<(table).*?</table>|<img [^>]*>", re.DOTALL)
"""What is wider than a phone: it is moved with a finger, or with the arrows once it has the focus."""
_NAMES = {"table": "Tableau", None: "Image"}


@dataclass(frozen=True)
class Chapter:
    """A chapter as a page.

    Attributes
    ----------
    name, title
        Name of its notebook, and its first heading.
    html
        Its content.
    sections
        Anchor and text of its headings of the second level.
    """

    name: str
    title: str
    html: Markup
    sections: tuple[tuple[str, str], ...]


def build_site(notebooks: Path, folder: Path, told: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write the chapters as a static site.

    Parameters
    ----------
    notebooks
        Folder of ``chapitre*.ipynb``.
    folder
        Where to write; pages of a former build are replaced, other files are left alone.
    told
        Called with what has just been done, in French.

    Returns
    -------
    list of Path
        Pages, the home page first.

    Raises
    ------
    Explained
        If there is no chapter, a cell fails, or the folder cannot be written.
    """
    paths = sorted(notebooks.glob("chapitre*.ipynb"))
    if not paths:
        raise Explained(f"« {notebooks} » n’a aucun chapitre (chapitre1.ipynb…) : lancez la commande depuis le dossier du cours.")
    chapters = []
    for path in paths:
        chapters.append(page_of(path.stem, run_static(path)))
        told(f"{path.name} : exécuté")
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    templates.filters["typeset"] = typeset
    template = templates.get_template("site.html.j2")
    pages = {"index": template.render(chapters=chapters, chapter=None)}
    pages |= {chapter.name: template.render(chapters=chapters, chapter=chapter) for chapter in chapters}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise Explained(f"« {folder} » n’a pas pu être écrit ({reason(error)}) : choisissez un autre dossier.") from error
    return [folder / f"{name}.html" for name in pages]


def run_static(path: Path) -> NotebookNode:
    """Run a chapter in a fresh process, for readers without a kernel; return it with its outputs.

    Raises
    ------
    Explained
        If a cell fails.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="cmlib-") as work:
        client = NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": work}})
        client.extra_arguments = ["--Application.log_level=ERROR"]
        try:
            client.execute(env={**os.environ, STATIC: "1"})
        except CellExecutionError as error:
            cell = next(cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", [])))
            raise Explained(f"« {path.name} », cellule « {cell.id} » : {error.ename}, {error.evalue}") from error
    return notebook


def page_of(name: str, notebook: NotebookNode) -> Chapter:
    """Return a notebook that has run as a page: its texts, and of its outputs what is HTML."""
    renderer = _Page()
    markdown = create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    html = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            html.append(f"<section>{markdown(cell.source)}</section>")
        else:
            html += [f"<div class='shown'>{shown}</div>" for shown in _shown(cell)]
    page = _WIDE.sub(
        lambda wide: f"<div class='wide' tabindex='0' role='region' aria-label='{_NAMES[wide[1]]}'>{wide[0]}</div>",
        "\n".join(html),
    )
    return Chapter(name, renderer.title or name, Markup(page), tuple(renderer.sections))  # noqa: S704 (our own cells)


def _shown(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        html = output.get("data", {}).get("text/html")
        if html:
            yield html if isinstance(html, str) else "".join(html)


class _Page(HTMLRenderer):
    """Markdown of a notebook as HTML of a page: headings have anchors, a link to a notebook goes to its page, if it has one."""

    def __init__(self) -> None:
        super().__init__(escape=True)
        self.title = ""
        self.sections: list[tuple[str, str]] = []
        self._anchors: set[str] = set()

    def heading(self, text: str, level: int, **attrs: object) -> str:
        said = _words(text)
        if level == 1 and not self.title:
            self.title = said
        bare = _anchor(said) or "partie"
        anchor = next(name for name in chain([bare], (f"{bare}-{rank}" for rank in count(2))) if name not in self._anchors)
        self._anchors.add(anchor)
        if level == 2:
            self.sections.append((anchor, said))
        return f"<h{level} id='{anchor}'>{text}</h{level}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        chapter = re.search(r"(chapitre[0-9]+)\.ipynb(#.*)?$", url)
        if chapter:
            return f"<a href='{chapter[1]}.html'>{text}</a>"
        return text if url.endswith(".ipynb") else str(super().link(text, url, title))


def _words(html: str) -> str:
    return unescape(re.sub("<[^>]+>", "", html))


def _anchor(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub("[^a-z0-9]+", "-", bare.lower()).strip("-")
