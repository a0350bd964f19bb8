"""Questions as pure logic: what a value may be, and whether its form is complete.

A question knows nothing of widgets, points earned or keys. `normalise` accepts whatever a sheet holds and keeps what
makes sense; `progress` speaks of the form alone (« 2 constats restent à classer »), never of the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural, write_number


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
class Recap:
    """An answer as a table to read: in each row what was asked, then what was answered, empty where nothing was."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ("Question", "Réponse")


@dataclass(frozen=True)
class Gesture:
    """What a gesture other than typing does to an answer.

    Attributes
    ----------
    entries
        Entries of the answer to change, all in one save; None removes one.
    told
        What is said once they are saved, in French.
    file
        Name and content of a file to hand over to the page; none where it is empty.
    """

    entries: Mapping[str, str | None] = field(default_factory=dict)
    told: str = ""
    file: tuple[str, bytes] = ("", b"")


@dataclass(frozen=True)
class Question:
    """What every kind of question has, and offers; each kind adds what it asks about.

    Attributes
    ----------
    by_hand
        Of its points, those that the trainer gives by reading.
    """

    id: str
    title: str
    points: float
    statement: str
    hints: tuple[str, ...] = field(default=(), kw_only=True)
    by_hand: float = field(default=0.0, kw_only=True)

    @property
    def automatic(self) -> float:
        """Points given by criteria."""
        return self.points - self.by_hand

    def normalise(self, value: object) -> dict[str, str]:
        """Return what makes sense in a stored value, as a typed value. Never raises."""
        raise NotImplementedError

    def progress(self, value: object) -> Progress:
        """Judge the form of a stored value."""
        raise NotImplementedError

    def recap(self, value: object) -> Recap:
        """Describe a stored value as readable lines."""
        raise NotImplementedError

    def gesture(self, value: object, asked: Mapping[str, Any], files: Sequence[bytes]) -> Gesture | None:
        """Return what a gesture does to a stored value: to import a file, to place a series. None where it is not one.

        Parameters
        ----------
        value
            The stored value.
        asked
            What the page asks; ``type`` says which gesture. It is checked as anything that comes from outside.
        files
            Content of the files that go with it.

        Raises
        ------
        Explained
            If it cannot be done, in French.
        """
        return None


@dataclass(frozen=True)
class Classification(Question):
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

    items: Mapping[str, str]
    categories: Mapping[str, str]
    noun: str = "élément"

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

    def recap(self, value: object) -> Recap:
        placed = self.normalise(value)
        return Recap(tuple((text, self.categories.get(placed.get(item, ""), "")) for item, text in self.items.items()))


@dataclass(frozen=True)
class Choice(Question):
    """One option to choose, or several; the value maps « choix » to an option, or each chosen option to « oui »."""

    options: Mapping[str, str]
    several: bool = False

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

    def recap(self, value: object) -> Recap:
        chosen = self.chosen(value)
        return Recap(
            tuple(
                (text, "choisi" if option in chosen else "non choisi" if chosen else "") for option, text in self.options.items()
            )
        )


def by_hand(points: float) -> str:
    """Say in French how many points the trainer gives by reading."""
    return f"{write_number(points)} {plural(points, 'point donné', 'points donnés')} par votre formateur"
