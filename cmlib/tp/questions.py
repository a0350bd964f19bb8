"""Questions as pure logic: what a value may be, and whether its form is complete.

A question knows nothing of widgets, points earned or keys. `normalise` accepts whatever a sheet holds and keeps what
makes sense; `progress` speaks of the form alone (« 2 constats restent à classer »), never of the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from cmlib.errors import InvalidInput
from cmlib.french import UNIT_SPELLINGS, Quantity, plural, read_quantity

MAX_TYPED = 60  # characters that a number may take; a longer text is kept for the eye, and refused as a number
MAX_KEPT = 500


class State(StrEnum):
    """Where the student stands with a question."""

    UNTOUCHED = "pas commencé"
    INCOMPLETE = "à revoir"
    COMPLETE = "complet"

    @property
    def symbol(self) -> str:
        """The sign shown beside the title."""
        return {"pas commencé": "○", "à revoir": "◐", "complet": "●"}[self.value]


@dataclass(frozen=True)
class Progress:
    """The state of an answer and the sentence that says what its form still lacks."""

    state: State
    message: str


@dataclass(frozen=True)
class RecapRow:
    """One line of a recap: what was asked, what was answered (empty where nothing was)."""

    asked: str
    answered: str


class Question(Protocol):
    """What every kind of question offers."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def statement(self) -> str: ...
    @property
    def hints(self) -> tuple[str, ...]: ...

    def normalise(self, value: object) -> dict[str, str]:
        """Return what makes sense in a stored value, as a typed value. Never raises."""
        ...

    def progress(self, value: object) -> Progress:
        """Judge the form of a stored value."""
        ...

    def recap(self, value: object) -> list[RecapRow]:
        """Describe a stored value as readable lines."""
        ...


@dataclass(frozen=True)
class Classification:
    """Items to put into categories; the value maps an item's id to a category's id.

    Attributes
    ----------
    items
        Text of each item, by id. Ids say nothing of the key.
    categories
        Label of each category, by id.
    noun
        What an item is called in messages: « constat ».
    """

    id: str
    title: str
    points: float
    statement: str
    items: Mapping[str, str]
    categories: Mapping[str, str]
    noun: str = "élément"
    hints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.items or len(self.categories) < 2:
            raise InvalidInput(f"L’exercice {self.id} demande au moins un élément et deux catégories.")

    def normalise(self, value: object) -> dict[str, str]:
        placed = value if isinstance(value, dict) else {}
        return {
            item: placed[item] for item in self.items if isinstance(placed.get(item), str) and placed[item] in self.categories
        }

    def progress(self, value: object) -> Progress:
        missing = len(self.items) - len(self.normalise(value))
        if missing == len(self.items):
            return Progress(State.UNTOUCHED, f"{missing} {plural(missing, self.noun)} à classer.")
        if missing:
            verb = plural(missing, "reste", "restent")
            return Progress(State.INCOMPLETE, f"{missing} {plural(missing, self.noun)} {verb} à classer.")
        return Progress(State.COMPLETE, "Tout est classé.")

    def recap(self, value: object) -> list[RecapRow]:
        placed = self.normalise(value)
        return [RecapRow(text, self.categories.get(placed.get(item, ""), "")) for item, text in self.items.items()]


@dataclass(frozen=True)
class NumberField:
    """One number to give: its label and its unit (a key of `cmlib.french.UNIT_SPELLINGS`)."""

    label: str
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNIT_SPELLINGS:
            raise InvalidInput(f"L’unité « {self.unit} » n’est pas connue : choisissez parmi {', '.join(UNIT_SPELLINGS)}.")


class TypedFields:
    """Fields to type, each with one meaning: a number, a date. The typed text is the answer, so that nothing typed is ever lost.

    A kind of question adds its fields (each has a ``label``), how one is understood, and what it is called.
    """

    fields: Mapping[str, Any]
    noun: ClassVar[str]

    def understood(self, value: object, field: str) -> str:
        """Return how a field was understood, in French; empty where nothing was typed.

        Raises
        ------
        InvalidInput
            If what was typed has no meaning, or two.
        """
        raise NotImplementedError

    def normalise(self, value: object) -> dict[str, str]:
        typed = value if isinstance(value, dict) else {}
        return {
            field: " ".join(typed[field].split())[:MAX_KEPT]
            for field in self.fields
            if isinstance(typed.get(field), str) and typed[field].strip()
        }

    def progress(self, value: object) -> Progress:
        typed = self.normalise(value)
        if not typed:
            return Progress(State.UNTOUCHED, f"{len(self.fields)} {plural(len(self.fields), self.noun)} à donner.")
        for field in typed:
            try:
                self.understood(value, field)
            except InvalidInput as error:
                return Progress(State.INCOMPLETE, f"{self.fields[field].label} : {error}")
        missing = len(self.fields) - len(typed)
        if missing:
            verb = plural(missing, "reste", "restent")
            return Progress(State.INCOMPLETE, f"{missing} {plural(missing, self.noun)} {verb} à donner.")
        return Progress(State.COMPLETE, "Tout est rempli.")

    def recap(self, value: object) -> list[RecapRow]:
        typed = self.normalise(value)
        rows = []
        for name, field in self.fields.items():
            shown = typed.get(name, "")
            if shown:
                try:
                    meaning = self.understood(value, name)
                    shown = meaning if " ".join(meaning.split()) == shown else f"{meaning} (saisi : {shown})"
                except InvalidInput as error:
                    shown = f"{shown} — illisible : {error}"
            rows.append(RecapRow(field.label, shown))
        return rows


@dataclass(frozen=True)
class Numbers(TypedFields):
    """One or several numbers with their unit; the value maps a field's id to the text that was typed."""

    noun: ClassVar[str] = "nombre"

    id: str
    title: str
    points: float
    statement: str
    fields: Mapping[str, NumberField]
    hints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fields:
            raise InvalidInput(f"L’exercice {self.id} demande au moins un nombre.")

    def read(self, value: object, field: str) -> Quantity | None:
        """Return the meaning of a field, or None where nothing was typed.

        Raises
        ------
        InvalidInput
            If what was typed has no meaning, or two.
        """
        typed = self.normalise(value).get(field)
        if typed is None:
            return None
        if len(typed) > MAX_TYPED:
            raise InvalidInput("Ce texte est trop long pour un nombre : écrivez le nombre et son unité, rien d’autre.")
        return read_quantity(typed, self.fields[field].unit)

    def understood(self, value: object, field: str) -> str:
        quantity = self.read(value, field)
        return quantity.shown if quantity else ""


@dataclass(frozen=True)
class Choice:
    """One option to choose, or several; the value maps « choix » to an option, or each chosen option to « oui »."""

    id: str
    title: str
    points: float
    statement: str
    options: Mapping[str, str]
    several: bool = False
    hints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise InvalidInput(f"L’exercice {self.id} demande au moins deux options.")

    def normalise(self, value: object) -> dict[str, str]:
        stored = value if isinstance(value, dict) else {}
        if self.several:
            return {option: "oui" for option in self.options if stored.get(option) == "oui"}
        choice = stored.get("choix")
        return {"choix": choice} if isinstance(choice, str) and choice in self.options else {}

    def chosen(self, value: object) -> set[str]:
        """Return the options chosen."""
        kept = self.normalise(value)
        return set(kept) if self.several else set(kept.values())

    def progress(self, value: object) -> Progress:
        chosen = len(self.chosen(value))
        if not chosen:
            return Progress(
                State.UNTOUCHED, "Choisissez une ou plusieurs réponses." if self.several else "Choisissez une réponse."
            )
        return Progress(State.COMPLETE, f"{chosen} {plural(chosen, 'réponse choisie', 'réponses choisies')}.")

    def recap(self, value: object) -> list[RecapRow]:
        chosen = self.chosen(value)
        return [
            RecapRow(text, "choisi" if option in chosen else "non choisi" if chosen else "")
            for option, text in self.options.items()
        ]
