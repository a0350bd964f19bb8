"""A budget to share out between lines, to the last euro."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cmlib.errors import InvalidInput
from cmlib.french import NBSP, write_number, write_quantity
from cmlib.tp.fields import NumberField
from cmlib.tp.questions import Progress, Question, Recap, State

CENT = 0.005  # half a cent: below, two amounts are the same


@dataclass(frozen=True)
class Budget(Question):
    """An amount to share out; the value maps a line's id to the amount typed. A line left empty receives nothing.

    Attributes
    ----------
    lines
        Label of each line, by id.
    total
        Amount to share out.
    unit
        Its unit, a key of `cmlib.french.UNIT_SPELLINGS`: « € », « heures ».
    """

    lines: Mapping[str, str]
    total: float
    unit: str = "€"

    def __post_init__(self) -> None:
        if len(self.lines) < 2 or not (math.isfinite(self.total) and self.total > 0):
            raise InvalidInput(f"L’exercice {self.id} demande au moins deux lignes, et un total positif à répartir.")
        NumberField("", self.unit)

    def normalise(self, value: object) -> dict[str, str]:
        typed = value if isinstance(value, dict) else {}
        field = NumberField("", self.unit)
        kept = {line: field.keep(typed[line]) for line in self.lines if isinstance(typed.get(line), str)}
        return {line: text for line, text in kept.items() if text}

    def amounts(self, value: object) -> dict[str, float]:
        """Return the amount of each line, nought where nothing was typed.

        Raises
        ------
        InvalidInput
            If an amount cannot be read, or is negative.
        """
        amounts = dict.fromkeys(self.lines, 0.0)
        for line, text in self.normalise(value).items():
            try:
                amounts[line] = NumberField("", self.unit).read(text).value
            except InvalidInput as error:
                raise InvalidInput(f"{self.lines[line]} : {error}") from error
            if amounts[line] < 0:
                raise InvalidInput(f"{self.lines[line]} : un budget n’est pas négatif ; écrivez un montant, ou rien.")
        return amounts

    def left(self, value: object) -> float:
        """Return what is left to share out, negative beyond the total (see `amounts` for what it raises)."""
        left = self.total - math.fsum(self.amounts(value).values())
        return 0.0 if abs(left) < CENT else left

    def progress(self, value: object) -> Progress:
        if not self.normalise(value):
            return Progress(State.UNTOUCHED, f"{self._written(self.total)} à répartir.")
        try:
            left = self.left(value)
        except InvalidInput as error:
            return Progress(State.INCOMPLETE, str(error))
        if left > 0:
            return Progress(State.INCOMPLETE, f"Il reste {self._written(left)} à répartir.")
        if left < 0:
            return Progress(State.INCOMPLETE, f"Le total dépasse de {self._written(-left)} le budget à répartir.")
        return Progress(State.COMPLETE, f"{self._written(self.total)} répartis, il ne reste rien.")

    def recap(self, value: object) -> Recap:
        typed = self.normalise(value)
        rows = []
        for line, label in self.lines.items():
            shown = NumberField("", self.unit).recap(typed.get(line, ""))
            try:
                amount = self.amounts({line: typed.get(line)})[line]
                shown += f" — {write_quantity(amount / self.total, '%', 1)}" if shown else ""
            except InvalidInput:
                pass  # told beside what was typed
            rows.append((label, shown))
        return Recap(tuple(rows))

    def _written(self, amount: float) -> str:
        return f"{write_number(amount)}{NBSP}{self.unit}"
