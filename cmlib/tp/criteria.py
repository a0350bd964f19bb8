"""Criteria and scores: what an answer earns, and why, in French.

A criterion takes a question and a stored value and returns marks. A `Score` adds marks and fails closed: whatever
happens it is a finite number between 0 and its maximum, whose plain form nbgrader reads as a grade and whose rich
form the student reads as an explanation. An explanation never gives the key.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from cmlib.errors import Explained, InvalidInput
from cmlib.french import plural, typeset, write_number
from cmlib.tp.display import CELL
from cmlib.tp.fields import Field, MomentField, NumberField, TextField, words
from cmlib.tp.forms import Form
from cmlib.tp.ordering import Ordering, pairs_in_order
from cmlib.tp.questions import Choice, Classification, Question


@dataclass(frozen=True)
class Mark:
    """What one criterion gives: its name, points earned of points possible, and the reason in French."""

    name: str
    earned: float
    possible: float
    reason: str = ""

    @property
    def points(self) -> float:
        """Points that count: finite, between 0 and those possible."""
        return min(_finite(self.earned), _finite(self.possible))


MAX_POINTS = 10_000.0  # beyond, or not a number: a mistake of the author, worth nothing

Criterion = Callable[[Question, object], list[Mark]]


@dataclass(frozen=True)
class Score:
    """The score of an exercise.

    ``repr(score)`` is a float that nbgrader reads as partial credit, with a decimal point; the rich form is the
    table of its marks.
    """

    marks: tuple[Mark, ...]

    @property
    def maximum(self) -> float:
        """Points possible."""
        return round(math.fsum(_finite(mark.possible) for mark in self.marks), 6)

    @property
    def value(self) -> float:
        """Points earned: finite, two decimals, between 0 and the maximum."""
        earned = math.fsum(mark.points for mark in self.marks)
        return max(0.0, min(round(earned, 2), self.maximum))

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        return repr(self.value)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='{CELL}'>{_symbol(mark)} {_html(mark.name)}</td><td style='{CELL};white-space:nowrap'>"
            f"{_points(mark.points)} / {_points(mark.possible)}</td><td style='{CELL}'>{_html(mark.reason)}</td></tr>"
            for mark in self.marks
        )
        head = "".join(f"<th style='{CELL}'>{title}</th>" for title in ("Critère", "Points", "Pourquoi"))
        total = f"{_points(self.value)} / {_points(self.maximum)} {plural(self.maximum, 'point')}"
        return (
            f"<div class='cm-score'><p><strong>{_html(total)}</strong></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def score(question: Question, value: object, criteria: tuple[Criterion, ...]) -> Score:
    """Mark a stored value.

    Raises
    ------
    Explained
        If the criteria do not add up to the points of the question: a mistake of the TP's author.
    """
    result = Score(tuple(mark for criterion in criteria for mark in criterion(question, value)))
    if not math.isclose(result.maximum, question.automatic, abs_tol=1e-9):
        raise Explained(
            f"Exercice {question.id} : le total des critères est {_points(result.maximum)}, celui de l’exercice "
            f"{_points(question.automatic)}. Corrigez la cellule de correction."
        )
    return result


def well_placed(key: Mapping[str, str], points: float, advice: str = "") -> Criterion:
    """Give each item put into the category of the key an equal share of the points.

    Parameters
    ----------
    key
        Category of each item, by ids.
    points
        Points when all are right.
    advice
        What to think about again, for a student who missed some; never the key.
    """

    def criterion(question: Question, value: object) -> list[Mark]:
        placed = _placed(question, value, key)
        wrong = [item for item in key if item in placed and placed[item] != key[item]]
        return [_share("Classement", points, key, placed, wrong, question, advice)]

    return criterion


def well_placed_on_axes(
    key: Mapping[str, str], axes: Mapping[str, Mapping[str, str]], points: float, advice: Mapping[str, str] | None = None
) -> Criterion:
    """Judge a classification on several axes at once, each for an equal share of the points.

    A strength put among weaknesses is still right on the internal / external axis.

    Parameters
    ----------
    key
        Category of each item, by ids.
    axes
        For each axis, by its French name, the side on which each category lies.
    points
        Points when all are right on all axes.
    advice
        For each axis, what to think about again; never the key.
    """

    def criterion(question: Question, value: object) -> list[Mark]:
        placed = _placed(question, value, key)
        if isinstance(question, Classification) and any(set(question.categories) - set(side) for side in axes.values()):
            raise Explained(f"Exercice {question.id} : un axe oublie une catégorie. Corrigez la cellule de correction.")
        marks = []
        for name, side in axes.items():
            wrong = [item for item in key if item in placed and side[placed[item]] != side[key[item]]]
            # Naming the items per axis would give the key away where an axis has two sides: they are only counted.
            marks.append(_share(name, points / len(axes), key, placed, wrong, None, (advice or {}).get(name, "")))
        return marks

    return criterion


def chosen(key: set[str], points: float, advice: str = "") -> Criterion:
    """Give the points to the right choice; among several, each right option counts, and each wrong one takes as much away.

    Parameters
    ----------
    key
        The right options, by id: one of them, where one is asked, is enough.
    points
        Points when the choice is right.
    advice
        What to think about again; never the key.
    """

    def criterion(question: Question, value: object) -> list[Mark]:
        if not isinstance(question, Choice) or not key or not key <= set(question.options):
            raise Explained(f"Exercice {question.id} : la clé ne convient pas à ce choix. Corrigez la cellule de correction.")
        picked = question.chosen(value)
        if not picked:
            return [Mark("Choix", 0, points, "Pas de réponse.")]
        right, wrong = len(picked & key), len(picked - key)
        share = (right - wrong) / len(key) if question.several else float(right)
        if share == 1:
            return [Mark("Choix", points, points, "Le choix est juste.")]
        told = (
            f"{right} sur {len(key)} bien {plural(right, 'choisi')}, {wrong} de trop."
            if question.several
            else "Ce choix ne convient pas."
        )
        return [Mark("Choix", points * max(0.0, share), points, " ".join(filter(None, [told, advice])))]

    return criterion


def close_to(
    field: str,
    expected: float,
    tolerance: float,
    points: float,
    mistakes: Mapping[str, float] | None = None,
    reason: str = "La valeur ne correspond pas à vos données : reprenez le calcul.",
) -> Criterion:
    """Give the points to a number within ``tolerance`` of the expected one.

    Parameters
    ----------
    field
        A number of a form.
    expected, tolerance
        In the model's convention (a percentage is a fraction).
    mistakes
        Typical wrong results, by the sentence that names the mistake without giving the value.
    """
    if not (math.isfinite(expected) and tolerance >= 0):
        raise InvalidInput(f"La valeur attendue pour « {field} » n’est pas un nombre : vérifiez les données du TP.")

    def criterion(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, NumberField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        # A hair more than the tolerance, for decimals that binary fractions cannot hold.
        margin = tolerance * (1 + 1e-9) + 1e-12
        if abs(answer.value - expected) <= margin:
            return [Mark(label, points, points, "La valeur est juste.")]
        for sentence, result in (mistakes or {}).items():
            if abs(answer.value - result) <= margin:
                return [Mark(label, 0, points, sentence)]
        return [Mark(label, 0, points, reason)]

    return criterion


def in_order(key: Sequence[str], points: float, advice: str = "") -> Criterion:
    """Give all the points to the right order, none to an order as far from it as chance; in between, by pairs in order.

    Parameters
    ----------
    key
        Ids of the items in the right order; items left out of it may be anywhere.
    advice
        What to think about again; never the key.
    """

    def criterion(question: Question, value: object) -> list[Mark]:
        if not isinstance(question, Ordering) or not set(key) <= set(question.items) or len(set(key)) < 2:
            raise Explained(f"Exercice {question.id} : la clé ne convient pas à cet ordre. Corrigez la cellule de correction.")
        order = question.order(value)
        if not order:
            return [Mark("Ordre", 0, points, "Pas de réponse.")]
        share = pairs_in_order(order, key)
        if share == 1:
            return [Mark("Ordre", points, points, "L’ordre est juste.")]
        pairs = len(key) * (len(key) - 1) // 2
        told = f"{round(share * pairs)} paires d’étapes sur {pairs} sont dans le bon sens."
        return [Mark("Ordre", points * max(0.0, 2 * share - 1), points, " ".join(filter(None, [told, advice])))]

    return criterion


def on_the_day(field: str, expected: date, tolerance: int, points: float, reason: str) -> Criterion:
    """Give the points to a day within ``tolerance`` days of the expected one.

    Parameters
    ----------
    field
        A day of a form.
    reason
        What to look at again, for a student who is further; never the day.
    """

    def criterion(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, MomentField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        day = answer.date() if isinstance(answer, datetime) else answer
        right = abs((day - expected).days) <= tolerance
        return [Mark(label, points if right else 0, points, "La date est juste." if right else reason)]

    return criterion


def written(field: str, points: float) -> Criterion:
    """Give the points to a text that has the number of words asked for: its form alone, its worth is the trainer's to judge."""

    def criterion(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, TextField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        count = words(answer)
        return [Mark(label, points, points, f"{count} {plural(count, 'mot')}.")]

    return criterion


class Reason(str):
    """Why a field earns nothing, in French; not an answer."""


def _answer(question: Question, value: object, field: str, kind: type[Field]) -> tuple[str, Any]:
    """Return the label of a field and its meaning, or the reason why it earns nothing."""
    asked = question.fields.get(field) if isinstance(question, Form) else None
    if not isinstance(question, Form) or not isinstance(asked, kind):
        raise Explained(f"Exercice {question.id} : pas de champ « {field} » de cette sorte. Corrigez la cellule de correction.")
    try:
        answer = question.read(value, field)
    except InvalidInput as error:
        return asked.label, Reason(error)
    return asked.label, Reason("Pas de réponse.") if answer is None else answer


def _placed(question: Question, value: object, key: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(question, Classification):
        raise Explained(f"Exercice {question.id} : ce n’est pas un classement. Corrigez la cellule de correction.")
    if set(key) != set(question.items) or not set(key.values()) <= set(question.categories):
        raise Explained(
            f"Exercice {question.id} : la clé ne couvre pas exactement les éléments à classer. Corrigez la cellule de correction."
        )
    return question.normalise(value)


def _share(
    name: str,
    points: float,
    key: Mapping[str, str],
    placed: Mapping[str, str],
    wrong: list[str],
    naming: Question | None,
    advice: str,
) -> Mark:
    right = len(placed) - len(wrong)
    said = [f"{right} sur {len(key)} bien {plural(right, 'placé')}."]
    if len(placed) < len(key):
        missing = len(key) - len(placed)
        said.append(f"{missing} sans réponse.")
    if wrong and isinstance(naming, Classification):
        said.append("Mal placés : " + " ; ".join(f"« {naming.items[item]} »" for item in wrong) + ".")
    if wrong and advice:
        said.append(advice)
    return Mark(name, points * right / len(key), points, " ".join(said))


def _finite(number: float) -> float:
    return max(0.0, number) if abs(number) < MAX_POINTS else 0.0


def _symbol(mark: Mark) -> str:
    if mark.points >= mark.possible:
        return "✓"
    return "◐" if mark.points > 0 else "✗"


def _points(number: float) -> str:
    return write_number(_finite(number), 2)


def _html(text: str) -> str:
    return escape(typeset(text))
