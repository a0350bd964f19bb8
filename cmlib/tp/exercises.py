"""The exercises that a TP can show: one call each, from what its author writes to a question."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import FunctionType
from typing import Any

from cmlib.planning_checks import DEFAULT, Thresholds
from cmlib.planning_coverage import Theme
from cmlib.tp.budget import Budget
from cmlib.tp.fields import Field, MomentField, NumberField, TextField
from cmlib.tp.forms import Form
from cmlib.tp.later import resolved
from cmlib.tp.ordering import Ordering
from cmlib.tp.personas import persona_fields
from cmlib.tp.plannings import Planning
from cmlib.tp.post_cards import Posts, post_fields
from cmlib.tp.questions import Choice, Classification, Question
from cmlib.tp.tables import MOST_ROWS, Table


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
        optional: Collection[str] = (),
    ) -> None:
        """Show an exercise that asks for fields of any kind (see `cmlib.tp.forms.Form`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)
        may_be_empty = frozenset(optional)
        self._exercise(heading, lambda fields: Form(fields=dict(fields), optional=may_be_empty, **asdict(heading)), fields)

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

    def fill_table(
        self,
        id: str,
        title: str,
        points: float,
        columns: Mapping[str, Field],
        rows: Mapping[str, str] | None = None,
        at_least: int = 1,
        at_most: int = MOST_ROWS,
        optional: Collection[str] = (),
        noun: str = "ligne",
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for rows: those given in ``rows``, or as many as one adds (see `cmlib.tp.tables.Table`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(columns: Mapping[str, Field]) -> Question:
            return Table(
                fields=dict(columns),
                rows=dict(rows or {}),
                at_least=at_least,
                at_most=at_most,
                optional=frozenset(optional),
                noun=noun,
                **asdict(heading),
            )

        self._exercise(heading, ask, columns)

    def personas(
        self,
        id: str,
        title: str,
        points: float,
        fields: Mapping[str, Field] | None = None,
        at_least: int = 1,
        at_most: int = 6,
        optional: Collection[str] = (),
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
        starts: Mapping[str, Callable[[], Sequence[Mapping[str, str]]]] | None = None,
    ) -> None:
        """Show an exercise that asks for persona cards; ``fields`` are by default those of `cmlib.tp.personas.persona_fields`.

        ``starts`` gives buttons that fill the cards in (see `cmlib.tp.tables.Table`).
        """
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(fields: Mapping[str, Field]) -> Question:
            return Table(
                fields=dict(fields),
                at_least=at_least,
                at_most=at_most,
                optional=frozenset(optional),
                noun="fiche",
                cards=True,
                starts=dict(starts or {}),
                **asdict(heading),
            )

        self._exercise(heading, ask, persona_fields() if fields is None else fields)

    def plan_posts(
        self,
        id: str,
        title: str,
        points: float,
        events: Mapping[str, tuple[date, date]],
        team: float,
        thresholds: Thresholds = DEFAULT,
        themes: Callable[[], Sequence[Theme]] = tuple,
        personas: Callable[[], Sequence[str]] = tuple,
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for an editorial planning (see `cmlib.tp.plannings.Planning`).

        ``team`` is what the team can publish in a week; ``themes`` and ``personas`` return what other exercises say when they
        are asked, with `TP.rows`.
        """
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(given: tuple[Mapping[str, tuple[date, date]], float]) -> Question:
            return Planning(
                events=dict(given[0]),
                thresholds=replace(thresholds, posts_per_week=given[1]),
                themes=tuple(themes()),
                personas=tuple(personas()),
                year=min((days[0].year for days in given[0].values()), default=0),
                **asdict(heading),
            )

        self._exercise(heading, ask, (events, team))

    def compose_posts(
        self,
        id: str,
        title: str,
        points: float,
        themes: Mapping[str, str] | Callable[[Any], Mapping[str, str]],
        author: str | Callable[[Any], str] = "",
        year: int = 2026,
        at_least: int = 2,
        at_most: int = 2,
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that asks for posts (see `cmlib.tp.post_cards.Posts`).

        ``themes`` are the lines that a post may be drawn from, label by id; ``author`` is the brand's name, for the preview.
        Both may be functions of the case.
        """
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(given: tuple[Mapping[str, str], str]) -> Question:
            fields = post_fields(dict(given[0]), year)
            return Posts(fields=fields, at_least=at_least, at_most=at_most, author=given[1], **asdict(heading))

        def by_case(case: Any) -> tuple[Any, ...]:
            return tuple(part(case) if isinstance(part, FunctionType) else resolved(part, case) for part in (themes, author))

        waits = isinstance(themes, FunctionType) or isinstance(author, FunctionType)
        self._exercise(heading, ask, by_case if waits else (themes, author))

    def share_out(
        self,
        id: str,
        title: str,
        points: float,
        lines: Mapping[str, str],
        total: float,
        unit: str = "€",
        statement: str = "",
        hints: Sequence[str] = (),
        by_hand: float = 0.0,
    ) -> None:
        """Show an exercise that shares a total out between lines (see `cmlib.tp.budget.Budget`)."""
        heading = Heading(id, title, points, statement, tuple(hints), by_hand)

        def ask(given: tuple[Mapping[str, str], float]) -> Question:
            return Budget(lines=dict(given[0]), total=given[1], unit=unit, **asdict(heading))

        self._exercise(heading, ask, (lines, total))
