"""Questions answered in words and dates: short and long texts, moments.

What was typed is the answer, kept as typed; reading it, or counting its words, is done by functions of the kit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from cmlib.errors import InvalidInput
from cmlib.french import plural, read_date, read_datetime, write_date, write_datetime
from cmlib.tp.questions import Progress, RecapRow, State, TypedFields

MAX_TEXT = 20_000  # characters kept of a text: ten pages


@dataclass(frozen=True)
class TextField:
    """A text to write: its label, and how many words are asked for (0: no bound)."""

    label: str
    at_least: int = 0
    at_most: int = 0

    def __post_init__(self) -> None:
        if self.at_least < 0 or self.at_most < 0 or 0 < self.at_most < self.at_least:
            raise InvalidInput(f"Texte « {self.label} » : le nombre de mots va d’un minimum à un maximum plus grand.")

    @property
    def asked(self) -> str:
        """How many words are asked for, in French; empty where there is no bound."""
        if self.at_least and self.at_most:
            return f"de {self.at_least} à {self.at_most} mots"
        if self.at_least:
            return f"{self.at_least} {plural(self.at_least, 'mot')} au moins"
        return f"{self.at_most} {plural(self.at_most, 'mot')} au plus" if self.at_most else ""


@dataclass(frozen=True)
class Texts:
    """One or several texts; the value maps a field's id to what was typed, line breaks included."""

    id: str
    title: str
    points: float
    statement: str
    fields: Mapping[str, TextField]
    hints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fields:
            raise InvalidInput(f"L’exercice {self.id} demande au moins un texte.")

    def normalise(self, value: object) -> dict[str, str]:
        typed = value if isinstance(value, dict) else {}
        return {
            field: typed[field][:MAX_TEXT] for field in self.fields if isinstance(typed.get(field), str) and typed[field].strip()
        }

    def count(self, value: object, field: str) -> int:
        """Return how many words a field holds, as a word processor counts them: « l’école » is one, « – » is none."""
        return sum(any(sign.isalnum() for sign in word) for word in self.normalise(value).get(field, "").split())

    def progress(self, value: object) -> Progress:
        typed = self.normalise(value)
        if not typed:
            return Progress(State.UNTOUCHED, f"{len(self.fields)} {plural(len(self.fields), 'texte')} à écrire.")
        for name, field in self.fields.items():
            count = self.count(value, name)
            written = f"{count} {plural(count, 'mot')}"
            if name not in typed:
                return Progress(State.INCOMPLETE, f"« {field.label} » reste à écrire.")
            if count < field.at_least or (field.at_most and count > field.at_most):
                return Progress(State.INCOMPLETE, f"« {field.label} » : {written} ; demandé : {field.asked}.")
        return Progress(State.COMPLETE, "Tout est écrit.")

    def recap(self, value: object) -> list[RecapRow]:
        typed = self.normalise(value)
        return [RecapRow(field.label, typed.get(name, "")) for name, field in self.fields.items()]


@dataclass(frozen=True)
class MomentField:
    """A day, or a day and an hour, to give: its label, its kind, the year of a day typed without one."""

    label: str
    kind: Literal["date", "datetime"] = "date"
    year: int | None = None

    @property
    def example(self) -> str:
        """How it is typed."""
        return "12/03/2026" if self.kind == "date" else "12/03/2026 14 h 30"


@dataclass(frozen=True)
class Moments(TypedFields):
    """One or several days or hours; the value maps a field's id to the text that was typed."""

    noun: ClassVar[str] = "date"

    id: str
    title: str
    points: float
    statement: str
    fields: Mapping[str, MomentField]
    hints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fields:
            raise InvalidInput(f"L’exercice {self.id} demande au moins une date.")

    def read(self, value: object, field: str) -> date | datetime | None:
        """Return the meaning of a field, or None where nothing was typed.

        Raises
        ------
        InvalidInput
            If what was typed is no date, or no date and hour.
        """
        typed = self.normalise(value).get(field)
        if typed is None:
            return None
        asked = self.fields[field]
        return read_date(typed, asked.year) if asked.kind == "date" else read_datetime(typed, asked.year)

    def understood(self, value: object, field: str) -> str:
        moment = self.read(value, field)
        if moment is None:
            return ""
        return write_datetime(moment) if isinstance(moment, datetime) else write_date(moment, "long")
