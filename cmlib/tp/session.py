"""A TP as its notebook sees it: the same calls serve a student's session and grading.

In a session an exercise is a card that writes to the answer sheet. Under nbgrader there is no front end: the same
call shows the answer as a static recap, and `TP.grade` returns the score.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import HTML, display

from cmlib.cases import Case, case_study
from cmlib.charts.style import to_html
from cmlib.errors import Explained
from cmlib.french import plural, typeset, write_number
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.criteria import Criterion, Score, score
from cmlib.tp.display import heading_bundle, table_html
from cmlib.tp.questions import Choice, Classification, NumberField, Numbers, Question
from cmlib.tp.recap import recap_bundle
from cmlib.tp.sheet import AnswerSheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from cmlib.tp.views import Card, Header


@dataclass(frozen=True)
class GradedLater:
    """What a grade cell shows to a student: nothing is judged in a session."""

    question: Question

    def __repr__(self) -> str:
        points = f"{write_number(self.question.points)} {plural(self.question.points, 'point')}"
        return typeset(f"Exercice {self.question.id} : noté sur {points}, après le dépôt de votre copie.")


class TP:
    """A TP opened in a notebook (see `open_tp`).

    Attributes
    ----------
    name
        Short name, for example ``tp1``.
    case
        The student's case study: brand and tables.
    """

    def __init__(self, name: str, title: str, sheet: AnswerSheet, grading: bool) -> None:
        self.name = name
        self._title = title
        self.sheet = sheet
        self.grading = grading
        self.case: Case = case_study(sheet.sheet.student, name)
        self._questions: dict[str, Question] = {}
        self._criteria: dict[str, tuple[Criterion, ...]] = {}
        self._cards: dict[str, Card] = {}
        self._header: Header | None = None

    @property
    def title(self) -> str:
        """The title of the TP and its brand."""
        return f"{self._title or self.name} — {self.case.brand}"

    def classify(
        self,
        id: str,
        title: str,
        points: float,
        items: Mapping[str, str],
        into: Mapping[str, str],
        statement: str = "",
        noun: str = "élément",
        hints: Sequence[str] = (),
    ) -> None:
        """Show an exercise that puts items into categories (see `cmlib.tp.questions.Classification`)."""
        self._show(Classification(id, title, points, statement, dict(items), dict(into), noun, tuple(hints)))

    def choose(
        self,
        id: str,
        title: str,
        points: float,
        options: Mapping[str, str],
        several: bool = False,
        statement: str = "",
        hints: Sequence[str] = (),
    ) -> None:
        """Show an exercise that asks to choose one option, or several (see `cmlib.tp.questions.Choice`)."""
        self._show(Choice(id, title, points, statement, dict(options), several, tuple(hints)))

    def numbers(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, tuple[str, str]],
        statement: str = "",
        hints: Sequence[str] = (),
    ) -> None:
        """Show an exercise that asks for numbers; ``fields`` gives each one's label and unit."""
        asked = {name: NumberField(label, unit) for name, (label, unit) in fields.items()}
        self._show(Numbers(id, title, points, statement, asked, tuple(hints)))

    def picture(self, draw: "Callable[..., Figure]", *arguments: object) -> None:
        """Show the figure that ``draw(*arguments)`` returns, with its alternative text; nothing under grading."""
        if not self.grading:
            display(HTML(to_html(draw(*arguments))))

    def table(self, table: "DataFrame", caption: str) -> None:
        """Show a table with a caption, its numbers written in French."""
        if not self.grading:
            display(HTML(table_html(table, caption)))

    def marking(self, id: str, *criteria: Criterion) -> None:
        """Give the criteria of an exercise: called in the hidden block of its grade cell."""
        self._criteria[id] = criteria

    def grade(self, id: str) -> Score | GradedLater:
        """Mark an exercise: the last expression of its grade cell.

        Raises
        ------
        Explained
            Under grading, if the hidden block has not given the criteria: a missing key never gives points.
        """
        question = self._questions.get(id)
        if question is None:
            raise Explained(f"L’exercice {id} n’a pas été affiché : menu Exécution, Exécuter toutes les cellules.")
        criteria = self._criteria.get(id)
        if criteria:
            return score(question, self.sheet.value(id), criteria)
        if self.grading:
            raise Explained(
                f"Exercice {id} : la clé manque, il n’est pas noté. Vérifiez sa cellule de correction dans solutions/."
            )
        return GradedLater(question)

    def _open(self) -> None:
        if self.grading:
            self._show_identity()
            return
        from cmlib.tp.views import Header

        self._header = Header(self.title, self.sheet, self._changed_hands)
        self._header.show()

    def _show(self, question: Question) -> None:
        self._questions[question.id] = question
        if self.grading:
            display(recap_bundle(question, self.sheet.sheet, folded=False), raw=True)
            return
        from cmlib.tp.views import Card

        self._cards[question.id] = Card(question, self.sheet, self._follow)
        self._cards[question.id].show()
        self._follow()

    def _follow(self) -> None:
        if self._header:
            self._header.refresh(self._questions.values())

    def _changed_hands(self) -> None:
        """Let the cards follow a new signature, or a new owner, without a second Run All."""
        for card in self._cards.values():
            card.forget_undo()
            card.refresh()
            card.refresh_recap()
        self._follow()

    def _show_identity(self) -> None:
        heading = f"{self.title} — copie de {self.sheet.sheet.student}"
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


def read_incidents(folder: Path) -> list[str]:
    """Return what the grading side wrote in a graded copy about its submission."""
    data: dict[str, Any] = json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))
    return [str(incident) for incident in data.get("incidents", [])]
