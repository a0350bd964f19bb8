"""Criteria for tables, persona cards and budgets: what each row is asked, and how its points are shared.

A `Check` judges one row; `each_row` shares points between the rows that pass all of its checks. Rows beyond those asked for
enlarge what is shared: filling in ten lines to have two right earns a fifth.
"""

import math
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cmlib.errors import Explained, InvalidInput
from cmlib.french import Quantity, plural, write_date, write_number, write_quantity
from cmlib.texts import plain
from cmlib.tp.budget import Budget
from cmlib.tp.criteria import within
from cmlib.tp.marks import Criterion, Mark
from cmlib.tp.questions import Question
from cmlib.tp.tables import Row, Table


@dataclass(frozen=True)
class Check:
    """One thing asked of a row.

    Attributes
    ----------
    rule
        What is asked, in a few French words that finish a sentence: « départ à ±1 % près ». Never a value of the key.
    fault
        From a row whose every cell can be read to why it fails, in French; empty where it passes.
    columns
        The columns that it reads: a row that leaves one empty, or unreadable, fails before.
    mistakes
        Sentences on the typical mistakes that are recognised.
    """

    rule: str
    fault: Callable[[Row], str]
    columns: tuple[str, ...]
    mistakes: tuple[str, ...] = ()


def cell(column: str, rule: str, right: Callable[[Any, Row], bool], reason: str, needs: tuple[str, ...] = ()) -> Check:
    """Ask anything of the meaning of a cell.

    Parameters
    ----------
    right
        From the meaning of the cell, and its row for what depends on another cell, to whether it is right.
    reason
        What is said of a row that is not; never the key.
    needs
        Other columns that it reads.
    """
    return Check(rule, lambda row: "" if right(row.read(column), row) else reason, (*needs, column))


def close(
    column: str,
    expected: Callable[[Row], float | None],
    tolerance: float = 0.0,
    relative: float = 0.0,
    mistakes: Mapping[str, Callable[[Row], float | None]] | None = None,
    reason: str = "La valeur ne correspond pas à vos données : reprenez la lecture ou le calcul.",
    unit: Callable[[Row], str] | None = None,
    needs: tuple[str, ...] = (),
    gap: str = "",
) -> Check:
    """Ask that a number be close to the one expected on its row.

    Parameters
    ----------
    expected
        From a row to the value expected, in the model's convention (a percentage is a fraction); None where nothing can be.
    tolerance, relative
        Gap allowed, in units of the value or as a share of it; the wider of the two counts.
    mistakes
        Typical wrong results, by the sentence that names the mistake without giving the value.
    unit
        From a row to the unit of the value, where the cell is a `cmlib.tp.fields.MeasureField`.
    needs
        Other columns that decide what is expected.
    gap
        The tolerance as a person is told, where the number alone would mislead: « 0,1 point » for a percentage.
    """
    if not (tolerance >= 0 and 0 <= relative < 1):
        raise InvalidInput(f"« {column} » : une tolérance est positive, et relative, plus petite que 1 : corrigez la correction.")

    def fault(row: Row) -> str:
        answer = row.read(column).value(unit(row)) if unit else row.read(column).value
        value = expected(row)
        if value is None or not math.isfinite(value):
            return reason
        margin = max(tolerance, relative * abs(value))
        if within(margin, answer, value):
            return ""
        for sentence, result in (mistakes or {}).items():
            wrong = result(row)
            if wrong is not None and within(margin, answer, wrong):
                return sentence
        return reason

    gaps = [f"±{write_quantity(relative, '%', 6)}"] if relative else []
    gaps += [gap or write_number(tolerance, 6)] if tolerance else []
    rule = f"« {column} » à {' ou à '.join(gaps)} près" if gaps else f"« {column} » exact"
    return Check(rule, fault, (*needs, column), tuple(mistakes or ()))


def among(column: str, accepted: Callable[[Row], Collection[str]], rule: str, reason: str) -> Check:
    """Ask that every option chosen in a cell be among those accepted on its row."""
    return Check(rule, lambda row: "" if set(row.read(column)) <= set(accepted(row)) else reason, (column,))


def between_days(column: str, first: date, last: date, reason: str) -> Check:
    """Ask that a day be from ``first`` to ``last``, both included; these are told, they are no secret."""

    def fault(row: Row) -> str:
        moment = row.read(column)
        day = moment.date() if isinstance(moment, datetime) else moment
        return "" if first <= day <= last else reason

    return Check(f"« {column} » du {write_date(first)} au {write_date(last)}", fault, (column,))


def each_row(name: str, *checks: Check, rows: int, points: float) -> Criterion:
    """Share points equally between the rows asked for: a row earns its part if it passes every check.

    Parameters
    ----------
    name
        What is judged, as the student reads it: « Valeur de départ ».
    rows
        How many rows are asked for.
    """
    if not checks or rows < 1:
        raise InvalidInput(f"« {name} » juge au moins une chose d’au moins une ligne : corrigez la cellule de correction.")
    columns = tuple(dict.fromkeys(column for check in checks for column in check.columns))

    def judge(question: Question, value: object) -> list[Mark]:
        filled = _rows(question, value, columns)
        if not filled:
            return [Mark(name, 0, points, "Pas de réponse.")]
        faults = [(row.label, why) for row in filled if (why := _first_fault(row, columns, checks))]
        asked = max(rows, len(filled))
        right = len(filled) - len(faults)
        said = [f"{right} {plural(right, 'ligne juste', 'lignes justes')} sur {asked}."]
        said += [f"{label} : {_sentence(why)}" for label, why in faults]
        if len(filled) < rows:
            said.append(f"{rows - len(filled)} sans réponse.")
        return [Mark(name, points * right / asked, points, " ".join(said))]

    def told(question: Question) -> str:
        rules = " ; ".join(_labelled(check.rule, question) for check in checks)
        return f"part égale pour chacune des {rows} lignes : {rules}" if rows > 1 else rules

    return Criterion(points, told, judge, tuple(dict.fromkeys(sentence for check in checks for sentence in check.mistakes)))


def distinct(name: str, *columns: str, rows: int, points: float, reason: str = "Des lignes disent la même chose.") -> Criterion:
    """Share points between the rows asked for that differ from all others in these columns, taken together.

    Texts are compared without accents, capitals nor signs. A row of which one of these cells is empty, or cannot be read, says
    nothing.
    """
    if not columns or rows < 2:
        raise InvalidInput(f"« {name} » compare au moins deux lignes, sur une colonne au moins : corrigez la correction.")

    def judge(question: Question, value: object) -> list[Mark]:
        filled = _rows(question, value, columns)
        said = [row for row in filled if all(c in row.texts and not row.fields[c].judge(row.texts[c])[1] for c in columns)]
        seen = [tuple(_compared(row, column) for column in columns) for row in said]
        if not seen:
            unread = any(column in row.texts for row in filled for column in columns)
            return [Mark(name, 0, points, "Rien de complet ni de lisible à comparer." if unread else "Pas de réponse.")]
        asked = max(rows, len(filled))
        different = len(set(seen))
        told = f"{different} {plural(different, 'ligne différente', 'lignes différentes')} sur {asked}."
        return [Mark(name, points * different / asked, points, told if len(set(seen)) == len(seen) else f"{told} {reason}")]

    def told(question: Question) -> str:
        labels = " et ".join(_labelled(f"« {column} »", question) for column in columns)
        return f"part égale pour chacune des {rows} lignes, différentes par {labels}"

    return Criterion(points, told, judge)


def complete(name: str, *columns: str, rows: int, points: float) -> Criterion:
    """Share points between the rows asked for whose cells are filled in and can be read: their form alone."""
    return each_row(name, Check("cases remplies et lisibles", lambda row: "", columns), rows=rows, points=points)


def all_shared_out(points: float) -> Criterion:
    """Give the points to a budget shared out to the last cent."""

    def judge(question: Question, value: object) -> list[Mark]:
        budget = _budget(question)
        if not budget.normalise(value):
            return [Mark("Total", 0, points, "Pas de réponse.")]
        right = budget.progress(value).state.value == "complet"
        return [Mark("Total", points if right else 0, points, "Tout est réparti." if right else budget.progress(value).message)]

    return Criterion(points, "tout le budget est réparti, sans dépassement", judge)


def share_between(line: str, at_least: float, at_most: float, points: float, reason: str) -> Criterion:
    """Give the points to a line that receives from ``at_least`` to ``at_most`` of the total, fractions of 1.

    Nothing is earned by a budget that exceeds its total, nor by one that says nothing of any line.
    """
    if not 0 <= at_least <= at_most <= 1:
        raise InvalidInput(f"« {line} » : une part du budget va de 0 à 1 : corrigez la cellule de correction.")

    def judge(question: Question, value: object) -> list[Mark]:
        budget = _budget(question)
        if line not in budget.lines:
            raise Explained(f"Exercice {question.id} : pas de ligne « {line} ». Corrigez la cellule de correction.")
        label = budget.lines[line]
        if not budget.normalise(value):
            return [Mark(label, 0, points, "Pas de réponse.")]
        try:
            left, share = budget.left(value), budget.amounts(value)[line] / budget.total
        except InvalidInput as error:
            return [Mark(label, 0, points, str(error))]
        if left < 0:
            return [Mark(label, 0, points, "Le total dépasse le budget.")]
        right = at_least - 1e-9 <= share <= at_most + 1e-9
        return [Mark(label, points if right else 0, points, "La part convient." if right else reason)]

    return Criterion(points, "part du budget dans la fourchette attendue ; tout ou rien", judge)


def _rows(question: Question, value: object, columns: Collection[str]) -> list[Row]:
    if not isinstance(question, Table) or set(columns) - set(question.fields):
        raise Explained(f"Exercice {question.id} : le tableau n’a pas ces colonnes. Corrigez la cellule de correction.")
    return question.filled(value)


def _first_fault(row: Row, columns: tuple[str, ...], checks: tuple[Check, ...]) -> str:
    for column in columns:
        label = row.fields[column].label
        if column not in row.texts:
            return f"« {label} » n’est pas rempli."
        try:
            row.read(column)
        except InvalidInput as error:
            return f"« {label} », {error}"
    try:
        return next((why for check in checks if (why := check.fault(row))), "")
    except InvalidInput as error:  # another cell, which the check reads too
        return str(error)


def _compared(row: Row, column: str) -> Hashable:
    meaning = row.read(column)
    if isinstance(meaning, Quantity):
        return meaning.value
    return plain(meaning) or meaning if isinstance(meaning, str) else meaning


def _labelled(rule: str, question: Question) -> str:
    """Return a rule in which columns are called as in the table."""
    for column, field in question.fields.items() if isinstance(question, Table) else ():
        rule = rule.replace(f"« {column} »", f"« {field.label} »")
    return rule


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text}."


def _budget(question: Question) -> Budget:
    if not isinstance(question, Budget):
        raise Explained(f"Exercice {question.id} : ce n’est pas un budget. Corrigez la cellule de correction.")
    return question
