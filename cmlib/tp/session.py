"""A TP as its notebook sees it: the same calls serve a student's session and grading.

In a session an exercise is a card that writes to the answer sheet. Under nbgrader there is no front end: the same
call shows the answer as a static recap, and `TP.grade` returns the score.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

from IPython.display import HTML, display

from cmlib.cases import Case, case_study
from cmlib.charts.style import to_html
from cmlib.errors import Explained
from cmlib.french import plural, typeset, write_number
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.display import brand_html, heading_bundle, place_html, table_html
from cmlib.tp.earlier import earlier_rows
from cmlib.tp.exercises import Exercises, Heading
from cmlib.tp.identity import same
from cmlib.tp.later import Later, resolved
from cmlib.tp.marks import Criterion, Score, score
from cmlib.tp.questions import Question, by_hand
from cmlib.tp.recap import reading, recap_bundle
from cmlib.tp.sheet import AnswerSheet
from cmlib.tp.tables import Row, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from cmlib.tp.views import Card, Header


Marking: TypeAlias = Callable[[Any], Iterable[Criterion]]
"""From a case study to the criteria of an exercise."""


@dataclass(frozen=True)
class GradedLater:
    """What a grade cell shows to a student: nothing is judged in a session."""

    heading: Heading

    def __repr__(self) -> str:
        given = self.heading.points - self.heading.by_hand
        points = f"{write_number(given)} {plural(given, 'point')}"
        others = f" ; {by_hand(self.heading.by_hand)} en plus" if self.heading.by_hand else ""
        return typeset(f"Exercice {self.heading.id} : noté sur {points}, après le dépôt de votre copie{others}.")


class TP(Exercises):
    """A TP opened in a notebook (see `open_tp`).

    What depends on the case study is shown once the sheet is signed, and again if the signature changes.

    Attributes
    ----------
    name
        Short name, for example ``tp1``.
    """

    def __init__(self, name: str, title: str, sheet: AnswerSheet, grading: bool) -> None:
        self.name = name
        self.title = title or name
        self.sheet = sheet
        self.grading = grading
        self._owner = ""
        self._case: Case | None = None
        self._asked = False  # once the case has been asked for, what follows speaks of it
        self._questions: dict[str, Question] = {}
        self._asks: dict[str, Callable[[], Question]] = {}
        self._headings: dict[str, Heading] = {}
        self._reads: dict[str, set[str]] = {}  # exercises whose rows each one asks for
        self._read: set[str] = set()
        self._markings: dict[str, Marking] = {}
        self._cards: dict[str, Card] = {}
        self._header: Header | None = None
        self._blocks: dict[str, Callable[[bool], None]] = {}

    @property
    def case(self) -> Any:
        """The student's case study: a `cmlib.cases.Case` under grading; in a session, what follows the signature (`Later`)."""
        self._asked = True
        return self._case if self.grading else Later(lambda: self._case)

    def rows(self, id: str) -> list[Row]:
        """Return the rows filled in so far in another exercise: what asks for them follows them."""
        self._read.add(id)
        question = self._questions.get(id)
        return question.filled(self.sheet.value(id)) if isinstance(question, Table) else []

    def earlier(self, tp: str, id: str) -> Callable[[], list[dict[str, str]]]:
        """Return what finds the rows of an exercise of an earlier TP, beside this one: to take them up (see `personas`)."""
        return lambda: earlier_rows(self.sheet.folder.parent / tp, tp, id, self.sheet.student)

    def picture(self, draw: "Callable[..., Figure]", *arguments: object) -> None:
        """Show the figure that ``draw(*arguments)`` returns, with its alternative text; nothing under grading."""
        self._block(lambda given: to_html(draw(*given)), arguments)

    def table(self, table: "DataFrame", caption: str) -> None:
        """Show a table with a caption, its numbers written in French."""
        self._block(lambda given: table_html(given, caption), table)

    def brand(self) -> None:
        """Present the brand of the student's case study, with its brief to unfold and what its data needed."""
        self._block(brand_html, self.case, waiting=place_html(""))

    def export_boards(self, swot: str = "1.6", personas: str = "1.3", objectives: str = "1.2") -> None:
        """Show the button that makes pictures and a page to print of three exercises, given by their ids; in a session alone."""
        if self.grading:
            return
        from cmlib.tp.export_card import ExportCard

        place = f"cmlib-{self.name}-exports"

        def show(again: bool) -> None:
            card = ExportCard(self.title, self.sheet, self._questions, (swot, personas, objectives))
            card.show(self._case.name if self._case else "", place, again)

        self._blocks[place] = show
        show(False)

    def explore_survey(self) -> None:
        """Show the explorer of the student's survey, a card where nothing is marked; nothing under grading."""

        def card(case: Case) -> object:
            from cmlib.tp.explorer_card import ExplorerCard

            return ExplorerCard(case, self.sheet).widget

        self._block(card, self.case, waiting=place_html("Explorer l’enquête"))

    def what_if(self, counts: Any) -> None:
        """Show the what-if of a funnel, a card where nothing is marked; nothing under grading.

        ``counts`` maps each state to people counted, or is a function of the case that returns such a mapping.
        """

        def card(given: dict[str, float]) -> object:
            from cmlib.tp.whatif_card import WhatIfCard

            return WhatIfCard(given).widget

        if isinstance(counts, FunctionType):
            counts = Later(lambda: self._case, (counts, (), {}))
            self._asked = True
        self._block(card, counts, waiting=place_html("Et si un taux de passage changeait ?"))

    def marking(self, id: str, *criteria: Criterion) -> Callable[[Marking], None]:
        """Give the criteria of an exercise, in the hidden block of its grade cell.

        Those that need the student's case are returned by a function of it, called when there is one::

            @tp.marking("1.1")
            def marking(case):
                return [well_placed(key=families(case), points=2)]
        """

        def by_case(marking: Marking) -> None:
            self._markings[id] = marking

        if criteria:
            by_case(lambda _: criteria)
        return by_case

    def grade(self, id: str) -> Score | GradedLater:
        """Mark an exercise: the last expression of its grade cell.

        Raises
        ------
        Explained
            Under grading, if the hidden block has not given the criteria: a missing key never gives points.
        """
        if id not in self._headings:
            raise Explained(f"L’exercice {id} n’a pas été affiché : menu Exécution, Exécuter toutes les cellules.")
        if id in self._markings and id in self._questions:
            return score(self._questions[id], self.sheet.value(id), self._criteria(id))
        if self.grading:
            raise Explained(
                f"Exercice {id} : la clé manque, il n’est pas noté. Vérifiez sa cellule de correction dans solutions/."
            )
        return GradedLater(self._headings[id])

    def marked(self) -> Iterator[tuple[Question, tuple[Criterion, ...]]]:
        """Yield the exercises shown so far, each with its criteria; none in what students receive."""
        for id, question in self._questions.items():
            yield question, self._criteria(id)

    def _criteria(self, id: str) -> tuple[Criterion, ...]:
        marking = self._markings.get(id)
        return tuple(marking(self._case)) if marking else ()

    def _open(self) -> None:
        if self.grading:
            self._meet(read_owner(self.sheet.folder))
            self._show_identity()
            return
        from cmlib.tp.views import Header

        self._header = Header(self.title, self.sheet, self._changed_hands)
        self._meet(self.sheet.student)
        self._header.show()
        self._follow()

    def _meet(self, student: str) -> bool:
        """Take the case study of whoever signs; tell whether it is another one than before."""
        if not student or (self._owner and same(student, self._owner)):
            return False
        self._owner, self._case = student, case_study(student, self.name)
        return True

    def _block(self, write: Callable[[Any], object], given: object, waiting: str = "") -> None:
        """Show HTML, or a widget, made from the case, ``waiting`` until there is one; in a session alone."""
        if self.grading:
            return
        name = f"cmlib-{self.name}-bloc-{len(self._blocks)}"

        def show(again: bool) -> None:
            shown = waiting if self._waits() else write(resolved(given, self._case))
            display(HTML(shown) if isinstance(shown, str) else shown, display_id=name, update=again)

        self._blocks[name] = show
        show(False)

    def _exercise(self, heading: Heading, ask: Callable[[Any], Question], given: object) -> None:
        id = heading.id
        self._headings[id] = heading
        if isinstance(given, FunctionType):  # the author's function of the case
            given = Later(lambda: self._case, (given, (), {}))
            self._asked = True

        def asked() -> Question:
            self._read = set()
            question = ask(resolved(given, self._case))
            self._reads[id] = self._read
            return question

        self._asks[id] = asked
        if self.grading:
            self._questions[id] = question = asked()
            bundle = recap_bundle(question, self.sheet.sheet, folded=False)
            display(bundle, raw=True, metadata=reading(question, self.sheet.sheet))
            return
        from cmlib.tp.views import Card

        place = f"cmlib-{self.name}-{id}-carte"

        def show(again: bool) -> None:
            self._questions.pop(id, None)
            self._cards.pop(id, None)
            if self._waits():
                display(HTML(place_html(f"{id}. {heading.title}")), display_id=place, update=again)
                display(HTML(""), display_id=f"cmlib-{self.name}-{id}", update=again)  # where the recap will be
            else:
                self._questions[id] = asked()
                self._cards[id] = Card(self._questions[id], self.sheet, lambda: self._follow(id))
                self._cards[id].show(again)

        self._blocks[place] = show
        show(False)
        self._follow()

    def _waits(self) -> bool:
        return self._asked and self._case is None

    def _follow(self, changed: str = "") -> None:
        self._ask_again(changed)
        if self._header and self.sheet.student and self._owner and not same(self.sheet.student, self._owner):
            self._changed_hands()  # signed anew in another tab
        elif self._header:
            in_order = [self._questions[id] for id in self._headings if id in self._questions]
            self._header.refresh(in_order, self._case.name if self._case else "")

    def _ask_again(self, changed: str) -> None:
        """Let the exercises that ask for rows of the one that has changed follow it, and those that ask for theirs."""
        stale = {changed}
        for id, card in self._cards.items():
            if self._reads[id] & stale:
                self._questions[id] = self._asks[id]()
                card.ask(self._questions[id])
                stale.add(id)

    def _changed_hands(self) -> None:
        """Let the page follow a new signature, or a new owner, without a second Run All."""
        if self._meet(self.sheet.student):
            for name, show in list(self._blocks.items()):
                try:
                    show(True)
                except Exception as error:  # noqa: BLE001 (an author's or a student's own cell: told in its place, raised when rerun)
                    why = (
                        str(error)
                        if isinstance(error, Explained)
                        else "Cette partie n’a pas suivi votre signature : relancez sa cellule."
                    )
                    display(HTML(f"<p>⚠ {escape(typeset(why))}</p>"), display_id=name, update=True)
        for card in self._cards.values():
            card.forget_undo()
            card.refresh()
            card.refresh_recap()
        self._follow()

    def _show_identity(self) -> None:
        brand = f" — {self._case.name}" if self._case else ""
        heading = f"{self.title}{brand} — copie de {self.sheet.sheet.student}"
        display(heading_bundle(heading, read_incidents(self.sheet.folder)), raw=True)


def open_tp(name: str, title: str = "") -> TP:
    """Open a TP in the folder of its notebook, and show its header.

    Parameters
    ----------
    name
        Short name of the TP: the name of its folder, for example ``tp1``.
    title
        What the header says, for example « TP 1. Cibles et SWOT ».

    Raises
    ------
    Explained
        If the data of the kit are missing, or if the folder holds another TP's sheet.
    """
    grading = os.environ.get("NBGRADER_EXECUTION") == "autograde"
    try:
        folder = Path.cwd()
    except FileNotFoundError as error:
        raise Explained("Le dossier de ce carnet a été déplacé ou effacé : fermez le carnet, puis rouvrez-le.") from error
    if grading and not (folder / SHEET_NAME).is_file():
        raise Explained(f"La copie n’a pas été préparée ({SHEET_NAME} manque), rien n’est noté : relancez cmlib grade.")
    tp = TP(name, title, AnswerSheet.open(folder, name, sheet_alone=grading), grading)
    tp._open()
    return tp


def read_owner(folder: Path) -> str:
    """Return whose case study a graded copy worked on: who signed it, whom the trainer may have accepted under another name."""
    data: dict[str, Any] = json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))
    return str(data.get("case") or data.get("student") or "")


def read_incidents(folder: Path) -> list[str]:
    """Return what the grading side wrote in a graded copy about its submission."""
    data: dict[str, Any] = json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))
    return [str(incident) for incident in data.get("incidents", [])]
