"""A chapter as its notebook sees it: one call a demonstration, a question, a glossary."""

import os
from collections.abc import Callable, Collection, Mapping
from html import escape
from pathlib import Path

from IPython.display import HTML, display

from cmlib.errors import Explained, reason
from cmlib.french import typeset
from cmlib.kpis import KPIS
from cmlib.lessons.checks import Checked, CheckedChoice, CheckedClassification, CheckedNumber, answer_of
from cmlib.lessons.controls import Control
from cmlib.lessons.play import Drawn, Play
from cmlib.tp.fields import NumberField
from cmlib.tp.sheet import AnswerSheet

STATIC = "CMLIB_STATIC"
"""Environment variable: 1 where a page is made for readers without a kernel."""


class Lesson:
    """A chapter opened in a notebook (see `open_lesson`).

    Attributes
    ----------
    name
        Short name: ``chapitre1``.
    """

    def __init__(self, name: str, sheet: AnswerSheet | None) -> None:
        self.name, self.sheet = name, sheet
        self._asked: list[Checked] = []

    def play(self, name: str, title: str, question: str, draw: Callable[..., Drawn], /, **controls: Control) -> None:
        """Show a demonstration (see `cmlib.lessons.play.Play`), its controls given by name."""
        Play(name, title, question, draw, controls).show(static=self.sheet is None)

    def ask(
        self,
        id: str,
        question: str,
        options: Mapping[str, str],
        right: str | Collection[str],
        why: str,
        instead: Mapping[str, str] | None = None,
        title: str = "À vous de jouer",
    ) -> None:
        """Ask to choose one option, or several where several are right; the answer comes at once, and nothing is marked."""
        known = frozenset([right] if isinstance(right, str) else right)
        self._ask(
            CheckedChoice(
                id, title, 0, question, dict(options), len(known) > 1, right=known, why=why, instead=dict(instead or {})
            )
        )

    def sort(
        self,
        id: str,
        question: str,
        items: Mapping[str, str],
        into: Mapping[str, str],
        key: Mapping[str, str],
        why: str,
        title: str = "À vous de jouer",
    ) -> None:
        """Ask to put items into categories; once all are placed, the answer comes, and nothing is marked."""
        self._ask(CheckedClassification(id, title, 0, question, dict(items), dict(into), key=dict(key), why=why))

    def find(
        self,
        id: str,
        question: str,
        label: str,
        unit: str,
        expected: float,
        tolerance: float,
        why: str,
        title: str = "À vous de jouer",
    ) -> None:
        """Ask for a number; the answer comes at once, and nothing is marked. A percentage is a fraction: 0,083 for 8,3 %."""
        field = NumberField(label, unit)
        self._ask(CheckedNumber(id, title, 0, question, {"reponse": field}, expected=expected, tolerance=tolerance, why=why))

    def glossary(self) -> None:
        """Show the glossary of indicators: French, English, definition, formula, by family."""
        from cmlib.kpis import FAMILIES

        rows = "".join(
            f"<tr><th scope='row'>{_text(kpi.name)}</th><td lang='en'>{escape(kpi.english)}</td><td>{_text(kpi.definition)}</td>"
            f"<td>{_text(kpi.formula)}</td><td>{_text(FAMILIES[kpi.family])}</td></tr>"
            for kpi in sorted(KPIS.values(), key=lambda kpi: (list(FAMILIES).index(kpi.family), kpi.name))
        )
        head = "".join(
            f"<th scope='col'>{title}</th>" for title in ("Indicateur", "En anglais", "Définition", "Calcul", "Famille")
        )
        display(HTML(f"<div class='cm-glossary'><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"))

    def _ask(self, question: Checked) -> None:
        self._asked.append(question)
        if self.sheet is None:
            display(HTML(static_question(question)))
            return
        from cmlib.tp.views import Card

        Card(question, self.sheet, lambda: None).show()


def open_lesson(name: str) -> Lesson:
    """Open a chapter in the folder of its notebook; answers are kept beside it, as those of a TP.

    Parameters
    ----------
    name
        Short name of the chapter, for example ``chapitre1``.

    Raises
    ------
    Explained
        If answers cannot be kept there, or if the folder holds those of something else.
    """
    if os.environ.get(STATIC) == "1":
        return Lesson(name, None)
    try:
        here = Path.cwd()
        folder = here if here.name == name else here / f"reponses-{name}"  # beside other chapters, as in the clone
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Explained(f"Le dossier du carnet refuse l’écriture ({reason(error)}) : copiez le carnet ailleurs.") from error
    return Lesson(name, AnswerSheet.open(folder, name))


def static_question(question: Checked) -> str:
    """Return a question with its answer folded, for a page where nothing can be answered."""
    asked = ""
    if isinstance(question, CheckedChoice):
        asked = "".join(f"<li>{_text(text)}</li>" for text in question.options.values())
    elif isinstance(question, CheckedClassification):
        asked = "".join(f"<li>{_text(text)}</li>" for text in question.items.values())
    listed = f"<ul>{asked}</ul>" if asked else ""
    if isinstance(question, CheckedClassification):
        boxes = ", ".join(question.categories.values())
        listed += f"<p>{_text(f'À classer dans : {boxes}.')}</p>"
    return (
        f"<div class='cm-asked'><p><strong>{_text(question.title)}.</strong> {_text(question.statement)}</p>{listed}"
        f"<details><summary>Voir la réponse</summary><p>{_text(answer_of(question))}</p></details></div>"
    )


def _text(text: str) -> str:
    return escape(typeset(text))
