"""The card of the survey explorer, and the segments kept from one session to the next.

Nothing here is an answer: kept segments are notes, in a small file of their own beside the sheet, under the name of whoever
works there. The intake of copies leaves that file out, as it leaves out locks.
"""

import hashlib
import json
from typing import Any

from cmlib.cases import Case, student_key
from cmlib.errors import reason
from cmlib.french import printable, typeset, untypeset
from cmlib.tp.answers import UnreadableSheet, load_json
from cmlib.tp.explorer import SurveyExplorer
from cmlib.tp.explorer_words import Filter
from cmlib.tp.sheet import TEMPORARY_PREFIX, AnswerSheet, read_regular, replace_file
from cmlib.tp.views import FRONT, CardWidget

KEPT_NAME = f"{TEMPORARY_PREFIX}segments.json"
MOST_KEPT = 3
MAX_NAME = 40  # characters
MAX_OWNERS = 8  # whose segments the file remembers: signatures that were corrected
MAX_BYTES = 100_000

STATEMENT = (
    "Filtrez l’enquête, regardez ce qui distingue les personnes retenues, gardez jusqu’à trois segments et comparez-les. "
    "Rien n’est noté ici : les réponses se donnent dans les exercices."
)
INDEX = (
    "L’indice compare le segment à toute l’enquête. 100 : la réponse y est aussi fréquente que chez tous ; 150 : une fois et "
    "demie plus fréquente ; 50 : deux fois moins. Au-dessus de 120 elle est dite sur-représentée, en dessous de 80 "
    "sous-représentée : c’est une convention, donc une hypothèse."
)


class ExplorerWidget(CardWidget):
    """The front end's side of the explorer: what it lets ask (``spec``), and what the kernel found (``status``)."""

    _esm = "\n".join((FRONT / name).read_text(encoding="utf-8") for name in ("card.js", "explorer_parts.js", "explorer.js"))
    _css = "\n".join((FRONT / name).read_text(encoding="utf-8") for name in ("card.css", "explorer.css"))


class ExplorerCard:
    """The explorer of a case study's survey.

    Parameters
    ----------
    case
        Whose survey is explored.
    sheet
        Beside which kept segments are written; no answer goes there.
    """

    def __init__(self, case: Case, sheet: AnswerSheet) -> None:
        self.explorer = SurveyExplorer(case.survey, case.brand.survey.choices)
        self.sheet = sheet
        self._owner = student_key(sheet.student)
        self._view = self.explorer.first_view()
        self._note = ""
        self._kept = self._read()
        folder = hashlib.sha256(str(sheet.folder).encode()).hexdigest()[:12]
        told = {
            "kind": "explorer",
            "title": "Explorer l’enquête",
            "label": "Explorer l’enquête",
            "classes": "cm-card cm-explorer",
            "statement": STATEMENT,
            "index": INDEX,
        }
        spec = {name: typeset(text) for name, text in told.items()}
        key = f"{folder}/{sheet.tp}/{self._owner}/{sheet.sheet.started_at}"
        self.widget = ExplorerWidget(spec={**spec, **self.explorer.spec(), "key": key, "most": MOST_KEPT})
        self.widget.listen(self._act, lambda: None)
        self.refresh()

    def refresh(self) -> None:
        """Show what the view asks for."""
        kept = self.explorer.compare(self._kept, self._view)
        self.widget.status = {**self.explorer.look(self._view), "kept": kept, "note": typeset(self._note)}

    def _act(self, content: dict[str, Any], _: list[bytes]) -> bool:
        view = self.explorer.read_view(content.get("view"))
        if view is None:
            return False
        kept = self._changed(content, view.filter)
        if kept is None:
            return False
        self._view, self._note = view, ""
        if kept != self._kept:
            self._kept = kept
            self._write()
        self.refresh()
        return True

    def _changed(self, content: dict[str, Any], present: Filter) -> list[tuple[str, Filter]] | None:
        """Return the kept segments once a message is obeyed; None if it makes no sense."""
        kind, place, kept = content.get("type"), content.get("place"), list(self._kept)
        if kind == "look":
            return kept
        if kind == "keep" and len(kept) < MOST_KEPT:
            return [*kept, (self._named(content.get("name"), kept), present)]
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(kept):
            return None
        others = [*kept[:place], *kept[place + 1 :]]
        if kind == "drop":
            return others
        if kind == "rename":
            return [*kept[:place], (self._named(content.get("name"), others), kept[place][1]), *kept[place + 1 :]]
        return None

    def _named(self, name: object, others: list[tuple[str, Filter]]) -> str:
        """Return a name for a segment: what was typed, or its rank; never one that another has."""
        typed = printable(untypeset(name))[:MAX_NAME] if isinstance(name, str) else ""
        taken = {other for other, _ in others}
        proposed = [typed, *(f"{typed or 'Segment'} {rank}" for rank in range(1 if not typed else 2, MOST_KEPT + 2))]
        return next(one for one in proposed if one and one not in taken)

    def _stored(self) -> dict[str, Any]:
        try:
            content = read_regular(self.sheet.folder / KEPT_NAME)
            stored = load_json(content) if content and len(content) <= MAX_BYTES else {}
        except (OSError, UnreadableSheet):  # notes only: they are made again
            return {}
        return stored if isinstance(stored, dict) else {}

    def _read(self) -> list[tuple[str, Filter]]:
        """Return the segments that this person had kept, as far as this survey still understands them."""
        kept: list[tuple[str, Filter]] = []
        found = self._stored().get(self._owner)
        for one in found[:MOST_KEPT] if isinstance(found, list) else []:
            of = self.explorer.read_filter(one)
            if of is not None:
                kept.append((self._named(one.get("name"), kept), of))
        return kept

    def _write(self) -> None:
        others = {owner: found for owner, found in self._stored().items() if owner != self._owner}
        recent = dict(list(others.items())[1 - MAX_OWNERS :])
        mine = [{"name": name, **of.as_json()} for name, of in self._kept]
        lost = "vos segments gardés seront perdus à la fermeture du noyau"
        if self.sheet.on_hold:
            self._note = f"{self.sheet.on_hold} D’ici là, {lost}."
            return
        try:
            content = json.dumps({**recent, self._owner: mine}, ensure_ascii=False, indent=1).encode()
            replace_file(self.sheet.folder / KEPT_NAME, content)
        except OSError as error:
            self._note = f"Le fichier des segments n’a pas pu être écrit ({reason(error)}) : {lost}."
