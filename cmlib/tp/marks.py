"""Marks and scores: what an answer earns, and why, in French; and how criteria combine into others.

A criterion says its rule, then judges: it takes a question and a stored value and returns marks. A `Score` adds marks
and fails closed: whatever happens it is a finite number between 0 and its maximum, whose plain form nbgrader reads as a
grade and whose rich form the student reads as an explanation. Neither a rule nor an explanation ever gives the key.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from cmlib.errors import Explained, InvalidInput
from cmlib.french import plural, typeset, write_number
from cmlib.tp.display import CELL
from cmlib.tp.questions import Question

MAX_POINTS = 10_000.0  # beyond, or not a number: a mistake of the author, worth nothing


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

    @property
    def full(self) -> bool:
        """Whether all the points possible are earned, to a hair: a share of points may be rounded."""
        return self.points > _finite(self.possible) - 1e-9


@dataclass(frozen=True)
class Criterion:
    """One thing asked of an answer: what it is worth, the rule as a person is told, and how it is judged.

    Attributes
    ----------
    points
        Points possible.
    rule
        What is asked and how the points are shared, in French: « à 0,01 point près ; tout ou rien ». Never a value of
        the key. A function of the question where the words depend on it, for a unit; see `told`.
    judge
        From a question and a stored value to marks; pure.
    mistakes
        Sentences on the typical mistakes that are recognised.
    """

    points: float
    rule: str | Callable[[Question], str]
    judge: Callable[[Question, object], list[Mark]]
    mistakes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.points < MAX_POINTS:
            raise InvalidInput("Un critère vaut un nombre de points, plus de 0 : corrigez la cellule de correction.")

    def __call__(self, question: Question, value: object) -> list[Mark]:
        """Judge a stored value.

        Raises
        ------
        Explained
            If the marks do not add up to the points, or the question is not one that can be judged so: a mistake of the
            TP's author.
        """
        marks = self.judge(question, value)
        possible = math.fsum(_finite(mark.possible) for mark in marks)
        if not math.isclose(possible, self.points, abs_tol=1e-9):
            raise Explained(
                f"Exercice {question.id} : un critère annonce {_points(self.points)} et en répartit {_points(possible)}. "
                "Corrigez la cellule de correction."
            )
        return marks

    def told(self, question: Question) -> str:
        """Return the rule in the words of a question."""
        return self.rule if isinstance(self.rule, str) else self.rule(question)

    def names(self, question: Question) -> list[str]:
        """Return what its marks are called."""
        return [mark.name for mark in self(question, None)]


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


def renamed(name: str, criterion: Criterion) -> Criterion:
    """Give the marks of a criterion another name; several keep their own after it.

    Examples
    --------
    >>> from cmlib.tp.questions import Choice
    >>> network = Choice("2.1", "Réseau", 1, "", {"fb": "Facebook", "tt": "TikTok"})
    >>> always = Criterion(1, "toute réponse", lambda question, value: [Mark("Choix", 1, 1)])
    >>> renamed("Réseau principal", always).names(network)
    ['Réseau principal']
    """

    def judge(question: Question, value: object) -> list[Mark]:
        marks = criterion(question, value)
        return [replace(mark, name=name if len(marks) == 1 else f"{name} : {mark.name}") for mark in marks]

    return replace(criterion, judge=judge)


def only_if(condition: Criterion, then: Criterion) -> Criterion:
    """Let a criterion earn only where another has earned everything, and say so where it has not.

    The condition earns nothing here: where it is worth points of its own, give it beside. ::

        rate = close_to("taux", engagement_rate(posts), tolerance=0.0001, points=1)
        return [rate, only_if(rate, then=written("commentaire", points=1))]
    """

    def judge(question: Question, value: object) -> list[Mark]:
        failed = [mark.name for mark in condition(question, value) if not mark.full]
        marks = then(question, value)
        if not failed:
            return marks
        why = f"Compte seulement quand {_all_right(failed)}."
        return [replace(mark, earned=0, reason=why) if mark.points else mark for mark in marks]

    def told(question: Question) -> str:
        return f"{then.told(question)} ; compte seulement quand {_all_right(condition.names(question))}"

    return Criterion(then.points, told, judge, then.mistakes)


def best_of(*criteria: Criterion) -> Criterion:
    """Keep, as one mark under the first one's name, the best of several ways of answering that are as good: two definitions.

    Between two that earn as much, the one that recognises a mistake is told; else the first.

    Raises
    ------
    InvalidInput
        If there are fewer than two, or if they are not worth the same.
    """
    if len(criteria) < 2 or len({criterion.points for criterion in criteria}) > 1:
        raise InvalidInput("Entre deux critères au moins, best_of garde le meilleur ; ils valent les mêmes points.")
    points = criteria[0].points

    def judge(question: Question, value: object) -> list[Mark]:
        ways = [(criterion, criterion(question, value)) for criterion in criteria]
        _, best = max(ways, key=lambda way: (_earned(way[1]), any(mark.reason in way[0].mistakes for mark in way[1])))
        name = ", ".join(mark.name for mark in ways[0][1])
        reasons = [mark.reason if len(best) == 1 else f"{mark.name} : {mark.reason}" for mark in best if mark.reason]
        return [Mark(name, min(_earned(best), points), points, " ".join(reasons))]

    def told(question: Question) -> str:
        rules = list(dict.fromkeys(criterion.told(question) for criterion in criteria))
        return f"{len(criteria)} façons de répondre acceptées, la meilleure compte : {' ; ou '.join(rules)}"

    mistakes = dict.fromkeys(sentence for criterion in criteria for sentence in criterion.mistakes)
    return Criterion(points, told, judge, tuple(mistakes))


def _all_right(names: list[str]) -> str:
    quoted = [f"« {name} »" for name in names]
    return f"{quoted[0]} est juste" if len(names) == 1 else f"{', '.join(quoted[:-1])} et {quoted[-1]} sont justes"


def _earned(marks: list[Mark]) -> float:
    return math.fsum(mark.points for mark in marks)


def _finite(number: float) -> float:
    return max(0.0, number) if abs(number) < MAX_POINTS else 0.0


def _symbol(mark: Mark) -> str:
    if mark.full:
        return "✓"
    return "◐" if mark.points > 0 else "✗"


def _points(number: float) -> str:
    return write_number(_finite(number), 2)


def _html(text: str) -> str:
    return escape(typeset(text))
