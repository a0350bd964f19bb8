"""What a demonstration lets a reader change: numbers on a slider, choices in a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import NBSP, UNIT_SPELLINGS, write_number, write_quantity


@dataclass(frozen=True)
class Slider:
    """A number between two bounds.

    Attributes
    ----------
    label
        What it is, in French.
    low, high, step, start
        Bounds, step, and first value, in the unit as it is shown: 8 for 8 %.
    unit
        A key of `cmlib.french.UNIT_SPELLINGS`.

    Raises
    ------
    InvalidInput
        If the first value is out of bounds, the step is not above 0, or the unit is unknown.
    """

    label: str
    low: float
    high: float
    step: float
    start: float
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.start <= self.high or not 0 < self.step <= self.high - self.low:
            raise InvalidInput(f"« {self.label} » : le pas est positif, et la première valeur entre les bornes.")
        if self.unit not in UNIT_SPELLINGS:
            raise InvalidInput(f"« {self.label} » : l’unité « {self.unit} » n’est pas connue.")

    def read(self, given: object) -> float:
        """Return the value that the page gives: within the bounds, the first one where it is no number."""
        number = given if isinstance(given, int | float) and not isinstance(given, bool) and given == given else self.start
        return float(min(self.high, max(self.low, number)))

    def show(self, value: float) -> str:
        """Return a value in French, with its unit."""
        if self.unit == "%":
            return write_quantity(value / 100, "%", 2)
        if self.unit == "€":
            return f"{write_number(value)}{NBSP}€"  # as the page: « 1 000 € »
        return write_quantity(value, self.unit) if self.unit else write_number(value)

    def spec(self) -> dict[str, Any]:
        """Describe it for the page."""
        bounds = {"low": self.low, "high": self.high, "step": self.step, "start": self.start}
        return {"kind": "slider", "label": self.label, "unit": self.unit, **bounds}


@dataclass(frozen=True)
class Select:
    """A choice among options: their labels, by id; the first one to begin with, unless ``start`` names another."""

    label: str
    options: Mapping[str, str]
    start: str = ""

    def __post_init__(self) -> None:
        if len(self.options) < 2 or (self.start and self.start not in self.options):
            raise InvalidInput(f"« {self.label} » : il faut deux options au moins, et la première choisie parmi elles.")

    @property
    def first(self) -> str:
        """The option to begin with."""
        return self.start or next(iter(self.options))

    def read(self, given: object) -> str:
        """Return the option that the page gives, the first one where there is no such option."""
        return given if isinstance(given, str) and given in self.options else self.first

    def show(self, value: str) -> str:
        """Return the label of an option."""
        return self.options[value]

    def spec(self) -> dict[str, Any]:
        """Describe it for the page."""
        options = [[option, label] for option, label in self.options.items()]
        return {"kind": "select", "label": self.label, "options": options, "start": self.first}


Control = Slider | Select
