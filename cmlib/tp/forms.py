"""A form: fields of any kind on one card. The value maps a field's id to the text that was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural
from cmlib.tp.fields import Field, MomentField, NumberField, TextField
from cmlib.tp.questions import Progress, Question, Recap, State


@dataclass(frozen=True)
class Form(Question):
    """One or several fields to fill in (see `cmlib.tp.fields`); those in ``optional`` may stay empty."""

    fields: Mapping[str, Field]
    optional: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.fields:
            raise InvalidInput(f"L’exercice {self.id} demande au moins un champ à remplir.")

    def normalise(self, value: object) -> dict[str, str]:
        typed = value if isinstance(value, dict) else {}
        kept = {name: field.keep(typed[name]) for name, field in self.fields.items() if isinstance(typed.get(name), str)}
        return {name: text for name, text in kept.items() if text}

    def read(self, value: object, name: str) -> Any:
        """Return the meaning of a field, or None where nothing was typed.

        Raises
        ------
        InvalidInput
            If what was typed has no meaning, or two.
        """
        typed = self.normalise(value).get(name)
        return None if typed is None else self.fields[name].read(typed)

    def progress(self, value: object) -> Progress:
        typed = self.normalise(value)
        if not typed:
            return Progress(State.UNTOUCHED, f"{self._left(len(self.fields))}.")
        for name, text in typed.items():
            if why := self.fields[name].judge(text)[1]:
                return Progress(State.INCOMPLETE, f"{self.fields[name].label} : {why}")
        missing = [field for name, field in self.fields.items() if name not in {*typed, *self.optional}]
        if len(missing) == 1:
            return Progress(State.INCOMPLETE, f"Reste à remplir : {missing[0].label}.")
        if missing:
            return Progress(State.INCOMPLETE, f"{self._left(len(missing))}.")
        return Progress(State.COMPLETE, "Tout est rempli.")

    def recap(self, value: object) -> Recap:
        typed = self.normalise(value)
        return Recap(rows=tuple((field.label, field.recap(typed.get(name, ""))) for name, field in self.fields.items()))

    def _left(self, count: int) -> str:
        kinds = {NumberField: ("nombre", "à donner"), MomentField: ("date", "à donner"), TextField: ("texte", "à écrire")}
        same = {type(field) for field in self.fields.values()}
        noun, verb = kinds.get(same.pop(), ("champ", "à remplir")) if len(same) == 1 else ("champ", "à remplir")
        return f"{count} {plural(count, noun)} {verb}"
