"""What one typed field asks for: a number, a day, a text, a choice, a range. The text typed is the answer, kept as typed.

A field reads a text, or says in one sentence why it cannot; forms and tables are made of fields.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from cmlib.errors import InvalidInput
from cmlib.french import (
    UNIT_SPELLINGS,
    Quantity,
    plural,
    read_date,
    read_datetime,
    read_quantity,
    untypeset,
    write_date,
    write_datetime,
    write_quantity,
)
from cmlib.texts import BLANK_LETTERS, plain

_RANGE = re.compile(r"(?:de |entre )?(?P<low>[0-9].*?) ?(?:à|et|-|/) ?(?P<high>[0-9].*)", re.IGNORECASE)
MAX_TYPED = 60  # characters that a number may take; a longer text is kept for the eye, and refused as a number
MAX_KEPT = 500
REMEMBERED = 2_000  # texts whose reading a field remembers
MAX_TEXT = 20_000  # characters kept of a text: ten pages


@dataclass(frozen=True)
class Field:
    """A field to fill in; each kind says how what was typed is read."""

    label: str

    @property
    def asked(self) -> str:
        """What is asked for beside the label, in a few words: a unit, a number of words; empty where the label says all."""
        return ""

    @property
    def example(self) -> str:
        """What an answer looks like; empty where that would say nothing."""
        return ""

    def keep(self, text: str) -> str:
        """Return what is kept of a typed text: one line, of a sensible length."""
        return " ".join(text.split())[:MAX_KEPT].rstrip()

    def read(self, text: str) -> Any:
        """Return the meaning of a typed text.

        Raises
        ------
        InvalidInput
            If it has no meaning, or two.
        """
        raise NotImplementedError

    def show(self, text: str) -> str:
        """Return how a text is understood, in French (see `read` for what it raises); empty where it speaks for itself."""
        raise NotImplementedError

    def judge(self, text: str) -> tuple[str, str]:
        """Return how a text is understood, and why it cannot be; one of the two is empty.

        Remembered: a table asks it of a thousand cells at each save, when one has changed.
        """
        if text not in self._judged:
            if len(self._judged) >= REMEMBERED:
                self._judged.clear()
            try:
                self._judged[text] = self.show(text), ""
            except InvalidInput as error:
                self._judged[text] = "", str(error)
        return self._judged[text]

    @cached_property
    def _judged(self) -> dict[str, tuple[str, str]]:
        return {}

    def recap(self, text: str) -> str:
        """Return what the reader of a copy sees: how the text was understood, what was typed, or why it cannot be read."""
        meaning, problem = self.judge(text) if text else ("", "")
        if problem:
            return f"{text} — illisible : {problem}"
        return text if not meaning else meaning if untypeset(meaning) == untypeset(text) else f"{meaning} (saisi : {text})"


@dataclass(frozen=True)
class NumberField(Field):
    """One number to give: its label and its unit (a key of `cmlib.french.UNIT_SPELLINGS`)."""

    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNIT_SPELLINGS:
            raise InvalidInput(f"L’unité « {self.unit} » n’est pas connue : choisissez parmi {', '.join(UNIT_SPELLINGS)}.")

    @property
    def asked(self) -> str:
        return self.unit

    @property
    def example(self) -> str:
        return f"en {self.unit}" if self.unit else "un nombre"

    def read(self, text: str) -> Quantity:
        if len(text) > MAX_TYPED:
            raise InvalidInput("Ce texte est trop long pour un nombre : écrivez le nombre et son unité, rien d’autre.")
        return read_quantity(text, self.unit)

    def show(self, text: str) -> str:
        return self.read(text).shown


@dataclass(frozen=True)
class Measure:
    """A figure as it was typed, which another cell gives its unit."""

    typed: str

    def value(self, unit: str) -> float:
        """Return it in a unit (a percentage is a fraction).

        Raises
        ------
        InvalidInput
            As `cmlib.french.read_quantity`.
        """
        return read_quantity(self.typed, unit).value


@dataclass(frozen=True)
class MeasureField(Field):
    """A figure with its unit, whatever the unit: that of the indicator chosen beside it, for one."""

    @property
    def example(self) -> str:
        return "8,3 %"

    def read(self, text: str) -> Measure:
        measure, wrong = Measure(text[: MAX_TYPED + 1]), None
        if len(text) > MAX_TYPED:
            raise InvalidInput("Ce texte est trop long pour un chiffre : écrivez le nombre et son unité, rien d’autre.")
        for unit in ("", *UNIT_SPELLINGS):
            try:
                measure.value(unit)
            except InvalidInput as error:
                wrong = wrong or error
            else:
                return measure
        raise InvalidInput(
            f"« {text} » n’est pas un chiffre avec son unité : écrivez par exemple 8,3 %, 12,50 € ou 1 234."
        ) from wrong

    def show(self, text: str) -> str:
        self.read(text)
        return ""


@dataclass(frozen=True)
class RangeField(Field):
    """Two bounds to give, « 25 à 34 ans »: the label and the unit, as for a number."""

    unit: str

    def __post_init__(self) -> None:
        NumberField(self.label, self.unit)

    @property
    def asked(self) -> str:
        return self.unit

    @property
    def example(self) -> str:
        return f"25 à 34 {self.unit}".strip()

    def read(self, text: str) -> tuple[float, float]:
        if len(text) > MAX_TYPED:
            raise InvalidInput(f"Ce texte est trop long pour deux bornes : écrivez par exemple {self.example}.")
        match = _RANGE.fullmatch(untypeset(text).replace("–", "-"))
        if match is None:
            raise InvalidInput(f"« {text} » : il faut deux bornes, par exemple {self.example}.")
        said_once = match["low"] if re.search("[^0-9., ]", match["low"]) else f"{match['low']} {self.unit}"
        low, high = read_quantity(said_once, self.unit).value, read_quantity(match["high"], self.unit).value
        if low > high:
            raise InvalidInput(f"« {text} » : la première borne dépasse la seconde ; écrivez d’abord la plus petite.")
        return low, high

    def show(self, text: str) -> str:
        low, high = self.read(text)
        return f"de {write_quantity(low, '')} à {write_quantity(high, self.unit)}"


@dataclass(frozen=True)
class MomentField(Field):
    """A day, or a day and an hour, to give: its label, its kind, the year of a day typed without one."""

    kind: Literal["date", "datetime"] = "date"
    year: int | None = None

    @property
    def example(self) -> str:
        return "12/03/2026" if self.kind == "date" else "12/03/2026 14 h 30"

    def read(self, text: str) -> date | datetime:
        return read_date(text, self.year) if self.kind == "date" else read_datetime(text, self.year)

    def show(self, text: str) -> str:
        moment = self.read(text)
        return write_datetime(moment) if isinstance(moment, datetime) else write_date(moment, "long")


@dataclass(frozen=True)
class TextField(Field):
    """A text to write: its label, and how many words are asked for (0: no bound)."""

    at_least: int = 0
    at_most: int = 0

    def __post_init__(self) -> None:
        if self.at_least < 0 or self.at_most < 0 or 0 < self.at_most < self.at_least:
            raise InvalidInput(f"Texte « {self.label} » : le nombre de mots va d’un minimum à un maximum plus grand.")

    @property
    def asked(self) -> str:
        if self.at_least and self.at_most:
            return f"de {self.at_least} à {self.at_most} mots"
        if self.at_least:
            return f"{self.at_least} {plural(self.at_least, 'mot')} au moins"
        return f"{self.at_most} {plural(self.at_most, 'mot')} au plus" if self.at_most else ""

    def keep(self, text: str) -> str:
        return text[:MAX_TEXT] if text.strip() else ""

    def read(self, text: str) -> str:
        count = words(text)
        if count < self.at_least or (self.at_most and count > self.at_most):
            raise InvalidInput(f"{count} {plural(count, 'mot')} ; demandé : {self.asked}.")
        return text.strip()

    def show(self, text: str) -> str:
        self.read(text)
        return ""

    def recap(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class ChoiceField(Field):
    """An option to choose, or several; what is typed or pasted is an option's label or id, several with « ; » or a comma.

    Attributes
    ----------
    options
        Label of each option, by id; an id holds no comma nor semicolon.
    """

    options: Mapping[str, str]
    several: bool = False

    def __post_init__(self) -> None:
        if len(self.options) < 2 or any(re.search("[,;|\n]", option) for option in self.options):
            raise InvalidInput(f"« {self.label} » demande au moins deux options, d’identifiants sans virgule ni point-virgule.")
        if len({_key(label) for label in self.options.values()}) < len(self.options):
            raise InvalidInput(f"« {self.label} » a deux options qui se lisent de même : changez l’une des deux.")

    @property
    def asked(self) -> str:
        return "plusieurs réponses possibles" if self.several else ""

    def keep(self, text: str) -> str:
        kept = super().keep(text)
        return "; ".join(self.read(kept)) if kept and not self.judge(kept)[1] else kept

    def read(self, text: str) -> tuple[str, ...]:
        if text in self.options:
            return (text,)
        known = self._known
        if _key(text) in known:
            return (known[_key(text)],)
        if not self.several:
            raise InvalidInput(f"« {text:.60} » n’est pas dans la liste : choisissez-y une réponse.")
        parts = [part for part in re.split(r"[;|\n]", text) if part.strip()]
        parts = [piece for part in parts for piece in ([part] if _key(part) in known else part.split(",")) if piece.strip()]
        for part in parts:
            if _key(part) not in known:
                raise InvalidInput(f"« {part.strip():.60} » n’est pas dans la liste : choisissez-y vos réponses.")
        return tuple(dict.fromkeys(known[_key(part)] for part in parts))

    def show(self, text: str) -> str:
        return " ; ".join(self.options[option] for option in self.read(text))

    def recap(self, text: str) -> str:
        shown, problem = self.judge(text) if text else ("", "")
        return f"{text} — hors de la liste" if problem else shown

    @cached_property
    def _known(self) -> dict[str, str]:
        by_label = {_key(label): option for option, label in self.options.items()}
        return {_key(option): option for option in self.options} | by_label


def _key(text: str) -> str:
    """Return what two spellings of an option share."""
    return plain(text) or text.strip()


def words(text: str) -> int:
    """Return how many words a text holds, as a word processor counts them: « l’école » is one, « – » is none.

    Examples
    --------
    >>> words("L’école à vélo – enfin !")
    4
    """
    return sum(any(sign.isalnum() and sign not in BLANK_LETTERS for sign in word) for word in text.split())
