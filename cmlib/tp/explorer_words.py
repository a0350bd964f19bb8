"""How the explorer of a survey speaks: a filter as a sentence, sizes, shares and indices written in French."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cmlib.french import NNBSP, plural, typeset, write_number, write_quantity
from cmlib.segments import OVERREPRESENTED, Members, share

FEW = 30
"""Persons under which nothing is concluded of a segment: a usual rule of thumb, here a hypothesis."""

UNDERREPRESENTED = 80.0
"""Index below which an answer is said to be rarer in a segment: the counterpart of `OVERREPRESENTED`, here a hypothesis."""

_PHRASES = {"revenu": "revenu : {}", "habitat": "habitat : {}", "frequence": "usage des réseaux : {}", "reseaux": "sur {}",
            "achat": "achat : {}"}  # fmt: skip
_PLURALS = {"femme": "femmes", "homme": "hommes"}


@dataclass(frozen=True)
class Filter:
    """Who is selected: a range of ages, each bound optional, and for some columns any of several answers."""

    age: tuple[float | None, float | None] = (None, None)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_all(self) -> bool:
        """Whether nobody is left out."""
        return self.age == (None, None) and not self.chosen

    def as_json(self) -> dict[str, Any]:
        """Return what `SurveyExplorer.read_filter` reads back."""
        return {"age": list(self.age), "chosen": {name: list(wanted) for name, wanted in self.chosen.items()}}


def sentence(of: Filter) -> str:
    """Say in French who a filter keeps.

    Examples
    --------
    >>> from cmlib.french import untypeset
    >>> untypeset(sentence(Filter((25, 34), {"csp": ("cadres", "employés")})))
    '25 à 34 ans, cadres ou employés'
    """
    low, high = of.age
    parts = []
    if low is not None and high is not None:
        parts.append(_years(high) if low == high else f"{write_number(low)} à {_years(high)}")
    elif low is not None:
        parts.append(f"{_years(low)} et plus")
    elif high is not None:
        parts.append(f"{_years(high)} et moins")
    for name, wanted in of.chosen.items():
        told = listed([legible(_PLURALS.get(answer, answer)) for answer in wanted], "ou")
        parts.append(_PHRASES.get(name, "{}").format(told))
    told = (" ; " if any(", " in part for part in parts) else ", ").join(parts) or "toute l’enquête"
    return typeset(told[0].upper() + told[1:])


def size(members: Members) -> str:
    """Say how many a segment is, and its share of the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from cmlib.french import untypeset
    >>> untypeset(size(np.arange(400) < 62))
    '62 personnes, 15,5 % des 400 interrogées'
    """
    count, part = share(members)
    return typeset(f"{persons(count)}, {percent(part)} des {write_number(members.size)} interrogées")


def warning(members: Members) -> str:
    """Say that a segment is too small, where it is."""
    count, _ = share(members)
    if count >= FEW:
        return ""
    if not count:
        return "Personne ne répond à tous ces filtres : retirez-en un."
    return typeset(f"Moins de {FEW} personnes : trop peu pour conclure (seuil d’usage, une hypothèse).")


def mark(index: float) -> str:
    """Say in words and by a sign that an answer is more, or less, frequent than in the survey."""
    if index > OVERREPRESENTED:
        return "▲ plus que les autres"
    return "▼ moins que les autres" if index < UNDERREPRESENTED else ""


def write_index(index: float) -> str:
    """Write an index, to the unit unless that would put it on the other side of a threshold.

    Examples
    --------
    >>> write_index(153.4), write_index(120.3)
    ('153', '120,3')
    """
    decimals = next((d for d in range(6) if mark(round(index, d)) == mark(index)), 6)
    return write_number(index, decimals)


def listed(texts: Sequence[str], word: str) -> str:
    """Join texts in French: « a, b ou c »."""
    return f" {word} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def legible(answer: str) -> str:
    """Return an answer with French typography; spaces between thousands do not break."""
    return typeset(re.sub(r"(?<=\d) (?=\d{3}(?!\d))", NNBSP, answer))


def percent(part: float, decimals: int = 1) -> str:
    """Write a share in French."""
    return write_quantity(float(part), "%", decimals)


def persons(count: int) -> str:
    """Write a number of persons."""
    return f"{write_number(count)} {plural(count, 'personne')}"


def in_common(count: int) -> str:
    """Say how many persons two segments share."""
    return f"{persons(count) if count else 'Aucune personne'} en commun"


def _years(age: float) -> str:
    return f"{write_number(age)} {plural(age, 'an')}"
