"""Cards: how a question looks in a session. A card holds nothing: it reads the sheet and writes to it.

The front is one small anywidget (the folder ``front``); every action it sends is acknowledged, so that the page itself knows
when the kernel has stopped listening.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display, update_display

from cmlib.errors import Explained
from cmlib.french import plural, write_moment
from cmlib.tp import identity
from cmlib.tp.handin import hand_in, stale
from cmlib.tp.plannings import Planning
from cmlib.tp.post_cards import Posts
from cmlib.tp.questions import Question, State
from cmlib.tp.recap import recap_bundle
from cmlib.tp.sheet import ASIDE_NAME, AnswerSheet, NotSaved
from cmlib.tp.specs import anchor, spec_of, status_of, typeset_all

FRONT = Path(__file__).parent / "front"
# One module for the page, in this order; what few cards need is sent to them alone.
SCRIPTS = ("card.js", "choices.js", "form.js", "table.js", "cells.js", "personas.js", "budget.js", "export.js", "header.js")
PLANNING_SCRIPTS = tuple(f"planning{part}.js" for part in ("_lines", "_month", "_list", "_slots", "_form", ""))

HEAVY = 20_000  # characters of a recap that the page feels
PAUSE = 0.6  # seconds
UNDOS = 30  # gestures that a card can take back


def _joined(*names: str) -> str:
    return "\n".join((FRONT / name).read_text(encoding="utf-8") for name in names)


class CardWidget(anywidget.AnyWidget):
    """The front end's side of a card.

    Attributes
    ----------
    spec
        What never changes: titles, items, categories.
    status
        What the kernel knows: value, state, messages, time of the last save.
    handed
        Name and content of a file to hand over with the next acknowledgement; no name, no file.
    """

    _esm = _joined(*SCRIPTS)
    _css: Path | str = _joined("card.css")
    spec = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    handed = ("", b"")

    def listen(self, act: Callable[[dict[str, Any], list[bytes]], bool], then: Callable[[], None]) -> None:
        """Call ``act`` for each message with its buffers, and acknowledge it once it is done; ``act`` tells whether it saved.

        A file that ``act`` leaves in ``handed`` goes with the acknowledgement. What need not be done before the page says
        « enregistré » is done by ``then``, after a save.
        """

        def received(_: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
            saved = act(content, [bytes(buffer) for buffer in buffers or ()]) if content.get("type") != "ping" else None
            (name, file), self.handed = self.handed, ("", b"")
            answer = {"type": "ack", "n": content.get("n"), "saved": saved}
            self.send({**answer, "file": name} if name else answer, [file] if name else None)
            if saved:
                then()

        self.on_msg(received)


class PlanningWidget(CardWidget):
    """The front end's side of the card of a planning."""

    _esm = _joined(*SCRIPTS, *PLANNING_SCRIPTS)
    _css = _joined("card.css", "planning.css")


class PostsWidget(CardWidget):
    """The front end's side of the card of posts."""

    _esm = _joined(*SCRIPTS, "posts.js")
    _css = _joined("card.css", "posts.css")


WIDGETS: dict[type[Question], type[CardWidget]] = {Planning: PlanningWidget, Posts: PostsWidget}
"""The widget of each kind of question that has one of its own."""


class Card:
    """The card of one question, with its recap.

    Parameters
    ----------
    question
        The question shown.
    sheet
        Where the answer is read and written.
    saved
        Called after each save, so that the header follows.
    """

    def __init__(self, question: Question, sheet: AnswerSheet, saved: Callable[[], None]) -> None:
        self.question = question
        self.sheet = sheet
        self._saved = saved
        self._undo: deque[dict[str, str | None]] = deque(maxlen=UNDOS)
        self._error = self._note = ""
        self._recap_due: asyncio.TimerHandle | None = None
        # What the page keeps unsaved belongs to this copy, in this folder, and to no other.
        folder = hashlib.sha256(str(sheet.folder).encode()).hexdigest()[:12]
        self._key = f"{folder}/{sheet.tp}/{question.id}/{sheet.sheet.started_at}"
        self.widget = WIDGETS.get(type(question), CardWidget)(spec=self._spec())
        self.widget.listen(self._act, self._after_a_save)
        self.refresh()

    def show(self, again: bool = False) -> None:
        """Display the card, then its recap under it; ``again`` puts them in the place of what a former call displayed."""
        display(self.widget, display_id=f"{self._recap_id}-carte", update=again)
        display(self._recap(), raw=True, display_id=self._recap_id, update=again)

    def ask(self, question: Question) -> None:
        """Ask the same exercise otherwise, in its place: another answer that it depends on has changed."""
        before = self.question.progress(self.sheet.value(question.id))
        self.question = question
        self.widget.spec = self._spec()
        self.refresh()
        if question.progress(self.sheet.value(question.id)) != before:
            self.refresh_recap()

    def _spec(self) -> dict[str, Any]:
        return {**typeset_all(spec_of(self.question)), "key": self._key}

    def refresh(self) -> None:
        """Show the answer as the sheet now holds it."""
        question = self.question
        value = self.sheet.value(question.id)
        progress = question.progress(value)
        answer = self.sheet.sheet.answers.get(question.id)
        now = datetime.now().astimezone()
        status = {
            "value": question.normalise(value),
            "state": progress.state.value,
            "symbol": progress.state.symbol,
            "message": progress.message,
            "saved": f"enregistré {write_moment(answer.saved_at.astimezone(), now)}" if answer else "",
            "error": self._error,
            "note": self._note,
            **status_of(question, value),
            "can_undo": bool(self._undo),
            "copy": str(self.sheet.sheet.started_at),
        }
        # The typed value is left as it was typed: typography would change it.
        self.widget.status = {**typeset_all(status), "value": status["value"]}

    def refresh_recap(self) -> None:
        """Write the answer, as the sheet now holds it, in the notebook's own copy."""
        update_display(self._recap(), raw=True, display_id=self._recap_id)

    def forget_undo(self) -> None:
        """Forget what could be undone: the sheet has changed hands."""
        self._undo.clear()

    @property
    def _recap_id(self) -> str:
        return f"cmlib-{self.sheet.tp}-{self.question.id}"

    def _recap(self) -> dict[str, Any]:
        return recap_bundle(self.question, self.sheet.sheet, folded=True)

    def _act(self, content: dict[str, Any], buffers: list[bytes]) -> bool:
        kind = content.get("type")
        self._note = ""
        if kind == "set" and isinstance(content.get("entries"), dict):
            entries = {entry: value if isinstance(value, str) else None for entry, value in content["entries"].items() if entry}
            saved = self._save(entries)
        elif kind == "undo" and self._undo:
            saved = self._take_back()
        else:
            saved = self._gesture(content, buffers)
        self.refresh()
        return saved

    def _after_a_save(self) -> None:
        recap = self._recap()
        if self._recap_due:
            self._recap_due.cancel()
        if len(recap["text/html"]) < HEAVY:
            update_display(recap, raw=True, display_id=self._recap_id)
        else:  # the page takes a tenth of a second to draw it: it waits for a pause, the sheet has the answer already
            self._recap_due = asyncio.get_running_loop().call_later(PAUSE, self.refresh_recap)
        self._saved()

    def _gesture(self, content: dict[str, Any], buffers: list[bytes]) -> bool:
        """Do what the question makes of a gesture, or say why it cannot be done."""
        try:
            # Read again: what looks blank here may have been filled in by another tab.
            value = AnswerSheet.open(self.sheet.folder, self.sheet.tp).value(self.question.id)
            gesture = self.question.gesture(value, content, buffers)
        except Explained as error:
            self._note = str(error)
            return False
        if gesture is None:
            return False
        self.widget.handed = gesture.file
        if not gesture.entries:
            self._note = gesture.told
            return False
        saved = self._save(dict(gesture.entries))
        self._note = gesture.told if saved else ""
        return saved

    def _take_back(self) -> bool:
        """Give back what the last gesture replaced, then the one before, and so on."""
        last = self._undo.pop()
        before = len(self._undo)
        saved = self._save(last)
        if not saved:
            self._undo.append(last)
        elif len(self._undo) > before:
            self._undo.pop()  # what this has replaced in turn
        return saved

    def _save(self, entries: dict[str, str | None]) -> bool:
        value = self.sheet.value(self.question.id)
        stored = value if isinstance(value, dict) else {}
        before = {entry: stored.get(entry) for entry in entries}
        try:
            self.sheet.save_entries(self.question.id, entries)
        except NotSaved as error:
            self._error = str(error)
            return False
        self._error = ""
        # The page sends again what nobody acknowledged: the same answer twice must not hide what was there before.
        if before != entries:
            self._undo.append({entry: text if isinstance(text, str) else None for entry, text in before.items()})
        return True


class Header:
    """The head of a TP: brand, identity, progress.

    Parameters
    ----------
    title
        Title of the TP and brand.
    sheet
        The student's sheet, which it signs.
    changed
        Called when the sheet has another name or another owner, so that the cards follow.
    """

    def __init__(self, title: str, sheet: AnswerSheet, changed: Callable[[], None]) -> None:
        self.sheet = sheet
        self._changed = changed
        self._questions: list[Question] = []
        self._brand = ""
        self._deposit: list[str] = []
        self._error = self._question = self._proposed = ""
        self._roster = identity.class_list(sheet.folder)
        expected = identity.expected_student(sheet.folder)
        self._newcomer = ""
        if not sheet.sheet.student and (identity.from_hub() or not sheet.sheet.answers):
            sheet.expected = expected
        elif not sheet.sheet.student:
            self._proposed = expected  # answers that nobody signed: whoever signed elsewhere is only proposed
        elif expected and not identity.same(expected, sheet.sheet.student):
            # Somebody else's copy on a shared machine: nothing is written until the person at the keyboard says who.
            self._newcomer = expected
            sheet.on_hold = "Non enregistré : dites d’abord, dans l’en-tête, à qui est cette copie."
        spec = {"kind": "header", "title": title, "label": title, "classes": "cm-card cm-header"}
        self.widget = CardWidget(spec=typeset_all(spec))
        self.widget.listen(self._act, lambda: None)
        self.refresh()

    def show(self) -> None:
        """Display the header."""
        display(self.widget)

    def refresh(self, questions: Iterable[Question] | None = None, brand: str = "") -> None:
        """Follow the sheet; ``questions`` are those shown so far, ``brand`` that of the case study."""
        if questions is not None:
            self._questions, self._brand = list(questions), brand
        sheet = self.sheet
        states = [(question, question.progress(sheet.value(question.id)).state) for question in self._questions]
        done = sum(state is State.COMPLETE for _, state in states)
        following = next((question for question, state in states if state is not State.COMPLETE), None)
        student = sheet.student
        progress = f"{done} {plural(done, 'exercice complet', 'exercices complets')} sur {len(states)}." if states else ""
        status = {
            "student": student,
            "brand": f"Votre marque : {self._brand}." if self._brand else "",
            "proposed": self._proposed,
            "question": self._question,
            "roster": self._roster,
            "notices": sheet.notices,
            "error": self._error,
            "conflict": self._conflict() if self._newcomer else "",
            "start_over": f"La copie de {student} sera rangée entière dans « {ASIDE_NAME} », à côté du carnet.",
            "deposit": [*self._deposit, *filter(None, [stale(sheet)])] if student else [],
            "progress": progress
            + (
                " Tout est rempli : enregistrez le carnet (Ctrl + S), puis préparez votre dépôt."
                if states and not following
                else ""
            ),
            "exercises": [[q.id, anchor(q.id), state.symbol, state.value] for q, state in states],
            "next": [following.id, anchor(following.id)] if following and done else None,
        }
        self.widget.status = {**typeset_all(status), "student": student, "proposed": self._proposed, "roster": self._roster}

    def _conflict(self) -> str:
        return (
            f"Cette copie est signée {self.sheet.sheet.student}, et vous êtes {self._newcomer}. "
            f"Une copie mise de côté reste entière dans « {ASIDE_NAME} »."
        )

    def _act(self, content: dict[str, Any], _: list[bytes]) -> bool:
        kind = content.get("type")
        done = False
        try:
            if kind == "sign":
                done = self._sign(content.get("student"), content.get("sure") is True)
            elif kind == "hand_in":
                deposit = hand_in(self.sheet, self._questions)
                self._deposit = [deposit.told, *deposit.missing]
                done = True
            elif kind == "keep":
                self._settle(self.sheet.sheet.student)
                done = True
            elif kind == "start_over" and content.get("from") == (self.sheet.sheet.student or self.sheet.expected):
                # Whoever leaves is named by the click: a second click does not put the newcomer aside too.
                newcomer = self._newcomer
                self.sheet.start_over(newcomer)
                self._settle(newcomer)
                done = True
            self._error = "" if done else self._error
        except Explained as error:
            self._error = str(error)
        self.refresh()
        if done and kind != "hand_in":
            self._changed()
        return done

    def _sign(self, name: object, sure: bool) -> bool:
        student = identity.read_student(name)
        doubts = self._doubts(student)
        if doubts and not (sure and student == self._proposed):
            self._proposed = student
            self._question = " ".join([*doubts, "Corrigez, ou confirmez si c’est bien votre identifiant."])
            return False
        self.sheet.sign(student)
        self._settle(student)
        return True

    def _doubts(self, student: str) -> list[str]:
        """Return why this identifier may be a mistake; the sheet is read again, for another tab may have signed it."""
        on_disk = AnswerSheet.open(self.sheet.folder, self.sheet.tp).sheet
        signed, answered = on_disk.student or self.sheet.student, on_disk.answers or self.sheet.sheet.answers
        doubts = []
        if self._roster and not any(identity.same(student, known) for known in self._roster):
            doubts.append(f"« {student} » n’est pas dans la liste de classe.")
        if signed and answered and not identity.same(student, signed):
            doubts.append(
                f"« {student} » n’a pas la même étude de cas que « {signed} » : la marque et les données changent, et vos "
                "réponses sont à refaire."
            )
        return doubts

    def _settle(self, student: str) -> None:
        self._newcomer = self._question = self._proposed = self.sheet.on_hold = ""
        identity.remember(self.sheet.folder, student)
