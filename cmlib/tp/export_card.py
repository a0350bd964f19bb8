"""The card that exports: one button, what was written, what is missing. Nothing is written before a click."""

from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from IPython.display import HTML, display, update_display

from cmlib.errors import Explained
from cmlib.french import plural, typeset
from cmlib.tp.board_page import Boards
from cmlib.tp.display import place_html
from cmlib.tp.exports import EXPORTS_NAME, Written, gather, write_boards
from cmlib.tp.questions import Question
from cmlib.tp.sheet import AnswerSheet
from cmlib.tp.specs import typeset_all
from cmlib.tp.views import CardWidget

BUTTON = "Exporter ma SWOT et mes cibles"


class ExportCard:
    """One button, under which the links to what it wrote.

    Parameters
    ----------
    questions
        Those of the session, by id: read at each click.
    ids
        The exercises of the SWOT, of the personas, of the objectives.
    """

    def __init__(self, title: str, sheet: AnswerSheet, questions: Mapping[str, Question], ids: tuple[str, str, str]) -> None:
        self.title, self.sheet, self.questions, self.ids = title, sheet, questions, ids
        self._brand = self._place = ""
        swot, personas, objectives = ids
        spec = {
            "kind": "export",
            "title": BUTTON,
            "label": BUTTON,
            "classes": "cm-card cm-export",
            "button": BUTTON,
            "statement": (
                f"Des images et une page à imprimer, avec ce que contiennent les exercices {swot} (SWOT), {personas} (cibles) et "
                f"{objectives} (objectifs). Les fichiers vont dans le dossier « {EXPORTS_NAME} », à côté de ce carnet ; un "
                "nouvel export remplace le précédent. Ils ne font pas partie de votre dépôt."
            ),
        }
        self.widget = CardWidget(spec=typeset_all(spec), status={"told": [], "missing": [], "error": ""})
        self.widget.listen(self._act, lambda: None)

    def show(self, brand: str, place: str, again: bool) -> None:
        """Display the card, or that it waits for a signature while there is no brand; links will follow it."""
        self._brand, self._place = brand, f"{place}-fichiers"
        display(self.widget if brand else HTML(place_html(BUTTON)), display_id=place, update=again)
        display(HTML(""), display_id=self._place, update=again)

    def _act(self, content: dict[str, Any], _: list[bytes]) -> bool:
        if content.get("type") != "export":
            return False
        about = Boards(self.title, self._brand, self.sheet.student)
        boards = gather(self.questions, self.sheet.value, about, *self.ids)
        missing = list(boards.missing)
        try:
            if self.sheet.on_hold:
                raise Explained(self.sheet.on_hold)
            written = write_boards(boards, self.sheet.folder, self.sheet.tp, date.today())
        except Explained as error:
            self.widget.status = typeset_all({"told": [], "missing": missing, "error": str(error)})
            return False
        self.widget.status = typeset_all({"told": _told(written), "missing": missing, "error": ""})
        update_display(HTML(links_html(written)), display_id=self._place)
        return True


def links_html(written: Written) -> str:
    """Return links to what was written, which open in JupyterLab: it follows those of an output, relative to the notebook."""
    items = "".join(
        f"<li><a href='{EXPORTS_NAME}/{quote(name)}'>{escape(typeset(f'{what} ({Path(name).name})'))}</a></li>"
        for name, what in written.files.items()
    )
    return f"<ul class='cm-files'>{items}</ul>"


def _told(written: Written) -> list[str]:
    count = len(written.files)
    told = [
        f"{count} {plural(count, 'fichier écrit', 'fichiers écrits')} dans le dossier « {EXPORTS_NAME} » : les liens sont sous "
        "ce cadre."
    ]
    if written.former:
        told.append(
            f"D’un export précédent, il reste {', '.join(f'« {name} »' for name in written.former)} : à vous de garder ou non."
        )
    return told
