"""The exercises that a TP can show: one call each, from what its author writes to a question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cmlib.tp.fields import Field, MomentField, NumberField, TextField
from cmlib.tp.forms import Form
from cmlib.tp.ordering import Ordering
from cmlib.tp.questions import Choice, Classification, Question


@dataclass(frozen=True)
class Heading:
    """What every exercise has: its number, title, points, statement, hints, and the points that the trainer gives by reading."""

    id: str
    title: str
    points: float
    statement: str
    hints: tuple[str, ...]
    by_hand: float


class Exercises:
    """The calls of a notebook that show an exercise.

    In each of them ``points`` is the whole worth of the exercise and ``by_hand`` the part of it that the trainer gives by
    reading, in the task cell that follows; what depends on ``tp.case`` follows the signature.
    """

    def _exercise(self, heading: Heading, ask: Callable[[Any], Question], given: object) -> None:
        """Show the exercise that ``ask`` makes of what is ``given``, once what waits in it for the case is there."""
        raise NotImplementedError

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
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that puts items into categories (see `cmlib.tp.questions.Classification`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)
        self._exercise(
            heading, lambda items: Classification(items=dict(items), categories=dict(into), noun=noun, **asdict(heading)), items
        )

    def choose(
        self,
        id: str,
        title: str,
        points: float,
        options: Mapping[str, str],
        several: bool = False,
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks to choose one option, or several (see `cmlib.tp.questions.Choice`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)
        self._exercise(heading, lambda options: Choice(options=dict(options), several=several, **asdict(heading)), options)

    def order(
        self,
        id: str,
        title: str,
        points: float,
        items: Mapping[str, str],
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks to put steps in order (see `cmlib.tp.ordering.Ordering`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)
        self._exercise(heading, lambda items: Ordering(items=dict(items), **asdict(heading)), items)

    def fill_in(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, Field],
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for fields of any kind (see `cmlib.tp.forms.Form`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)
        self._exercise(heading, lambda fields: Form(fields=dict(fields), **asdict(heading)), fields)

    def numbers(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, tuple[str, str]],
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for numbers; ``fields`` gives each one's label and unit."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(fields: Mapping[str, tuple[str, str]]) -> Question:
            return Form(fields={name: NumberField(label, unit) for name, (label, unit) in fields.items()}, **asdict(heading))

        self._exercise(heading, ask, fields)

    def write(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, TextField],
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for texts."""
        self.fill_in(id, title, points, fields, statement, hints, by_hand)

    def dates(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, MomentField],
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for days, or for days and hours."""
        self.fill_in(id, title, points, fields, statement, hints, by_hand)
