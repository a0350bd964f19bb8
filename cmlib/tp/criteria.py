"""The criteria that a grade cell can give: what each asks of an answer, how it shares its points, and what it says.

They combine with `cmlib.tp.marks.only_if`, `best_of` and `renamed`.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cmlib.errors import Explained, InvalidInput
from cmlib.french import plural, write_quantity
from cmlib.tp.fields import ChoiceField, Field, MomentField, NumberField, TextField, words
from cmlib.tp.forms import Form
from cmlib.tp.marks import Criterion, Mark
from cmlib.tp.ordering import Ordering, pairs_in_order
from cmlib.tp.questions import Choice, Classification, Question


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

    def judge(question: Question, value: object) -> list[Mark]:
        placed = _placed(question, value, key)
        wrong = [item for item in key if item in placed and placed[item] != key[item]]
        return [_share("Classement", points, key, placed, wrong, question, advice)]

    return Criterion(points, "part égale pour chaque élément bien placé", judge)


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

    def judge(question: Question, value: object) -> list[Mark]:
        placed = _placed(question, value, key)
        if isinstance(question, Classification) and any(set(question.categories) - set(side) for side in axes.values()):
            raise Explained(f"Exercice {question.id} : un axe oublie une catégorie. Corrigez la cellule de correction.")
        marks = []
        for name, side in axes.items():
            wrong = [item for item in key if item in placed and side[placed[item]] != side[key[item]]]
            # Naming the items per axis would give the key away where an axis has two sides: they are only counted.
            marks.append(_share(name, points / len(axes), key, placed, wrong, None, (advice or {}).get(name, "")))
        return marks

    rule = "part égale pour chaque élément du bon côté de l’axe"
    return Criterion(points, f"{rule}, et pour chaque axe" if len(axes) > 1 else rule, judge)


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

    def judge(question: Question, value: object) -> list[Mark]:
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

    def told(question: Question) -> str:
        if isinstance(question, Choice) and question.several:
            return "part égale pour chaque bonne réponse choisie ; chaque réponse de trop en retire autant"
        return "tout ou rien"

    return Criterion(points, told, judge)


def close_to(
    field: str,
    expected: float,
    tolerance: float = 0.0,
    points: float = 1.0,
    mistakes: Mapping[str, float] | None = None,
    reason: str = "La valeur ne correspond pas à vos données : reprenez le calcul.",
    *,
    relative: float = 0.0,
    near: float = 0.0,
    near_share: float = 0.5,
    near_reason: str = "La valeur est proche, sans être assez précise : vérifiez l’arrondi et les nombres recopiés.",
) -> Criterion:
    """Give the points to a number close to the expected one, and a part of them to one that is nearly so.

    Parameters
    ----------
    field
        A number of a form.
    expected, tolerance
        In the model's convention (a percentage is a fraction).
    mistakes
        Typical wrong results, by the sentence that names the mistake without giving the value; they earn nothing, even near.
    reason
        What is said of any other value; never the key.
    relative
        Tolerance as a share of the expected value, 0.01 for « à ±1 % près »; the wider of the two counts.
    near, near_share, near_reason
        Within ``near`` of the expected value, the share of the points that is earned, and what is said.
    """
    sound = all(math.isfinite(number) for number in (expected, tolerance, near)) and tolerance >= 0 and 0 <= relative < 1
    margin = max(tolerance, relative * abs(expected)) if sound else math.nan
    if not math.isfinite(margin):
        raise InvalidInput(f"« {field} » : la valeur attendue ou sa tolérance n’est pas un nombre : vérifiez les données du TP.")
    if near and not (near > margin and 0 < near_share < 1):
        raise InvalidInput(f"« {field} » : une valeur proche est plus loin qu’une valeur juste, et vaut une part des points.")

    def judge(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, NumberField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        if within(margin, answer.value, expected):
            return [Mark(label, points, points, "La valeur est juste.")]
        for sentence, result in (mistakes or {}).items():
            if within(margin, answer.value, result):
                return [Mark(label, 0, points, sentence)]
        if near and within(near, answer.value, expected):
            return [Mark(label, points * near_share, points, near_reason)]
        return [Mark(label, 0, points, reason)]

    def told(question: Question) -> str:
        right = f"à ±{write_quantity(relative, '%', 6)} près" if relative else ""
        if tolerance or not relative:
            fixed = f"à {_gap(tolerance, question, field)} près" if tolerance else "valeur exacte"
            right = f"{fixed}, ou {right}" if right else fixed
        if not near:
            return f"{right} ; tout ou rien"
        share = "la moitié" if near_share == 0.5 else write_quantity(near_share, "%")
        return f"{right} ; {share} des points à {_gap(near, question, field)} près"

    return Criterion(points, told, judge, tuple(mistakes or ()))


def picked(field: str, key: Collection[str], points: float, reason: str) -> Criterion:
    """Give the points to the right options of a list of a form: all of them, and no other.

    Parameters
    ----------
    field
        A choice of a form.
    key
        The right options, by id.
    reason
        What to think about again; never the key.
    """

    def judge(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, ChoiceField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        asked = question.fields[field] if isinstance(question, Form) else None
        if not key or not isinstance(asked, ChoiceField) or not set(key) <= set(asked.options):
            raise Explained(f"Exercice {question.id} : la clé de « {field} » ne convient pas. Corrigez la cellule de correction.")
        right = set(answer) == set(key)
        return [Mark(label, points if right else 0, points, "Le choix est juste." if right else reason)]

    return Criterion(points, "tout ou rien", judge)


def in_order(key: Sequence[str], points: float, advice: str = "") -> Criterion:
    """Give all the points to the right order, none to an order as far from it as chance; in between, by pairs in order.

    Parameters
    ----------
    key
        Ids of the items in the right order; items left out of it may be anywhere.
    advice
        What to think about again; never the key.
    """

    def judge(question: Question, value: object) -> list[Mark]:
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

    rule = "en proportion des paires d’étapes dans le bon sens, au-delà de ce que donnerait le hasard (la moitié des paires)"
    return Criterion(points, rule, judge)


def on_the_day(field: str, expected: date, tolerance: int, points: float, reason: str) -> Criterion:
    """Give the points to a day within ``tolerance`` days of the expected one.

    Parameters
    ----------
    field
        A day of a form.
    reason
        What to look at again, for a student who is further; never the day.
    """

    def judge(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, MomentField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        day = answer.date() if isinstance(answer, datetime) else answer
        right = abs((day - expected).days) <= tolerance
        return [Mark(label, points if right else 0, points, "La date est juste." if right else reason)]

    exact = "au jour exact" if tolerance == 0 else f"à {write_quantity(tolerance, 'jours')} près"
    return Criterion(points, f"{exact} ; tout ou rien", judge)


def written(field: str, points: float) -> Criterion:
    """Give the points to a text that has the number of words asked for: its form alone, its worth is the trainer's to judge."""

    def judge(question: Question, value: object) -> list[Mark]:
        label, answer = _answer(question, value, field, TextField)
        if isinstance(answer, Reason):
            return [Mark(label, 0, points, answer)]
        count = words(answer)
        return [Mark(label, points, points, f"{count} {plural(count, 'mot')}.")]

    def told(question: Question) -> str:
        asked = question.fields[field].asked if isinstance(question, Form) and field in question.fields else ""
        return f"{asked or 'un texte'} ; tout ou rien, sur la longueur seule"

    return Criterion(points, told, judge)


def within(margin: float, value: float, expected: float) -> bool:
    """Tell whether a value is within a margin of the expected one."""
    # A hair more than the margin, for decimals that binary fractions cannot hold.
    return abs(value - expected) <= margin * (1 + 1e-9) + 1e-12


def _gap(size: float, question: Question, field: str) -> str:
    """Write a difference between two values of a field: between two percentages, in points."""
    asked = question.fields.get(field) if isinstance(question, Form) else None
    unit = asked.unit if isinstance(asked, NumberField) else ""
    return write_quantity(100 * size, "points", 6) if unit == "%" else write_quantity(size, unit, 6)


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
