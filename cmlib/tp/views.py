"""Cards: how a question looks in a session. A card holds nothing: it reads the sheet and writes to it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import HTML, display, update_display

from cmlib.french import plural, typeset, write_moment, write_number
from cmlib.tp.questions import Classification, Numbers, Question, State
from cmlib.tp.recap import recap_bundle
from cmlib.tp.sheet import AnswerSheet, NotSaved

Commit = Callable[[str, str | None], None]

STYLE = Path(__file__).with_name("card.css")


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
        self._title = widgets.HTML()
        self._message = widgets.HTML()
        self._status = widgets.HTML()
        # Restored before anything is observed: opening a notebook must never write.
        controls = _controls(question, question.normalise(sheet.value(question.id)), self._commit)
        footer = widgets.HBox([self._message, self._status])
        parts = [self._title, widgets.HTML(f"<p>{_html(question.statement)}</p>"), controls, footer]
        self.box = _styled(widgets.VBox(parts), "cm-card", f"cm-q-{question.id.replace('.', '-')}")
        footer.add_class("cm-footer")
        self._refresh()

    def show(self) -> None:
        """Display the card, then its recap under it."""
        display(self.box)
        display(self._recap(), raw=True, display_id=self._recap_id)

    def refresh_recap(self) -> None:
        """Write the answer, as the sheet now holds it, in the notebook's own copy."""
        update_display(self._recap(), raw=True, display_id=self._recap_id)

    @property
    def _recap_id(self) -> str:
        return f"cmlib-{self.sheet.tp}-{self.question.id}"

    def _recap(self) -> dict[str, Any]:
        return recap_bundle(self.question, self.sheet.sheet, folded=True)

    def _commit(self, entry: str, value: str | None) -> None:
        try:
            self.sheet.save_entry(self.question.id, entry, value)
        except NotSaved as error:
            self._status.value = f"<span class='cm-error' role='alert'>{_html(str(error))}</span>"
            return
        self._refresh()
        self.refresh_recap()
        self._saved()

    def _refresh(self) -> None:
        question = self.question
        progress = question.progress(self.sheet.value(question.id))
        points = f"{write_number(question.points)} {plural(question.points, 'point')}"
        self._title.value = (
            f"<h3 class='cm-title'><span>{question.id}. {_html(question.title)}</span>"
            f"<span class='cm-state'>{_html(points)} · {progress.state.symbol} {progress.state.value}</span></h3>"
        )
        self._message.value = f"<span aria-live='polite'>{_html(progress.message)}</span>"
        answer = self.sheet.sheet.answers.get(question.id)
        now = datetime.now().astimezone()
        saved = f"enregistré {write_moment(answer.saved_at.astimezone(), now)}" if answer else ""
        self._status.value = f"<span class='cm-saved' aria-live='polite'>{_html(saved)}</span>"


class Header:
    """The head of a TP: brand, identity, progress."""

    def __init__(self, title: str, sheet: AnswerSheet, signed: Callable[[], None]) -> None:
        self.sheet = sheet
        self._signed = signed
        self._progress = widgets.HTML()
        self._status = widgets.HTML()
        self._identity = widgets.Text(
            value=sheet.sheet.student,
            description="Identifiant",
            placeholder="celui de la liste de classe, par exemple a.martin",
            continuous_update=False,
        )
        self._identity.add_class("cm-identity")
        self._identity.observe(self._sign, "value")
        notices = "".join(f"<p class='cm-error' role='alert'>{_html(notice)}</p>" for notice in sheet.notices)
        parts = [
            widgets.HTML(f"<h2 class='cm-title'>{_html(title)}</h2>{notices}"),
            widgets.HBox([self._identity, self._status]),
            self._progress,
        ]
        self.box = _styled(widgets.VBox(parts), "cm-card", "cm-header")
        self._tell()

    def show(self) -> None:
        """Display the header and the style that every card shares."""
        display(HTML(f"<style>{STYLE.read_text(encoding='utf-8')}</style>"))
        display(self.box)

    def refresh(self, questions: Iterable[Question]) -> None:
        """Follow the progress of the questions shown so far."""
        states = {question.id: question.progress(self.sheet.value(question.id)).state for question in questions}
        done = sum(state is State.COMPLETE for state in states.values())
        following = next((name for name, state in states.items() if state is not State.COMPLETE), None)
        advice = f"À faire ensuite : exercice {following}." if following else "Tout est rempli."
        text = f"{done} {plural(done, 'exercice complet', 'exercices complets')} sur {len(states)}. {advice}"
        self._progress.value = f"<p aria-live='polite'>{_html(text)}</p>"

    def _sign(self, change: dict[str, Any]) -> None:
        try:
            self.sheet.sign(change["new"][:100])
        except NotSaved as error:
            self._status.value = f"<span class='cm-error' role='alert'>{_html(str(error))}</span>"
            return
        self._tell()
        self._signed()

    def _tell(self) -> None:
        student = self.sheet.sheet.student
        text = f"Vous travaillez en tant que {student}." if student else "Écrivez votre identifiant pour signer votre copie."
        self._status.value = f"<span>{_html(text)}</span>"


def _controls(question: Question, value: dict[str, str], commit: Commit) -> widgets.Widget:
    if isinstance(question, Classification):
        return _classification_controls(question, value, commit)
    if isinstance(question, Numbers):
        return _number_controls(question, value, commit)
    raise TypeError(f"no view for {type(question).__name__}")


def _classification_controls(question: Classification, value: dict[str, str], commit: Commit) -> widgets.Widget:
    def changed(item: str, change: dict[str, Any]) -> None:
        commit(item, change["new"])

    rows = []
    options = [(typeset(label), category) for category, label in question.categories.items()]
    for item, text in question.items.items():
        choice = widgets.ToggleButtons(options=options, value=value.get(item))
        choice.observe(partial(changed, item), "value")
        label = widgets.HTML(f"<span>{_html(text)}</span>")
        label.add_class("cm-item-text")
        rows.append(_styled(widgets.HBox([label, choice]), "cm-item", f"cm-item-{item}"))
    return widgets.VBox(rows)


def _number_controls(question: Numbers, value: dict[str, str], commit: Commit) -> widgets.Widget:
    readings: dict[str, widgets.HTML] = {}

    def read(name: str, typed: str) -> None:
        row = question.recap({name: typed})[list(question.fields).index(name)]
        readings[name].value = f"<span>{_html(f'compris : {row.answered}' if row.answered else '')}</span>"

    def changed(name: str, change: dict[str, Any]) -> None:
        read(name, change["new"])
        commit(name, change["new"] if change["new"].strip() else None)

    rows = []
    for name, field in question.fields.items():
        entry = widgets.Text(value=value.get(name, ""), placeholder=f"en {field.unit}", continuous_update=False)
        readings[name] = widgets.HTML()
        read(name, entry.value)
        entry.observe(partial(changed, name), "value")
        label = widgets.HTML(f"<span>{_html(field.label)} ({_html(field.unit)})</span>")
        label.add_class("cm-item-text")
        rows.append(_styled(widgets.HBox([label, entry, readings[name]]), "cm-item", f"cm-item-{name}"))
    return widgets.VBox(rows)


def _styled(box: widgets.Box, *names: str) -> widgets.Box:
    for name in names:
        box.add_class(name)
    return box


def _html(text: str) -> str:
    return escape(typeset(text))
