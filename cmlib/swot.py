"""SWOT: four boxes on two axes (course, chapter 1), and what follows from a weakness: cause, then solution."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cmlib.errors import InvalidInput
from cmlib.french import typeset

CATEGORIES = {
    "forces": "Forces",
    "faiblesses": "Faiblesses",
    "opportunites": "Opportunités",
    "menaces": "Menaces",
}
"""The four boxes, by id, with their French label."""

ORIGIN = {"forces": "interne", "faiblesses": "interne", "opportunites": "externe", "menaces": "externe"}
"""First axis: does it depend on the brand?"""

EFFECT = {"forces": "favorable", "opportunites": "favorable", "faiblesses": "défavorable", "menaces": "défavorable"}
"""Second axis: does it help the brand?"""


@dataclass(frozen=True)
class Entry:
    """One line of a SWOT.

    Attributes
    ----------
    category
        Its box: a key of `CATEGORIES`.
    text
        What is found, in one sentence.
    evidence
        The figure or the fact that backs it, with where it was read.

    Raises
    ------
    InvalidInput
        If the box does not exist or the text is empty.

    Examples
    --------
    >>> Entry("forces", "Les vidéos font réagir.", "8,3 % d’engagement par portée en 2025").category
    'forces'
    """

    category: str
    text: str
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise InvalidInput(f"« {self.category} » n’est pas une case de la SWOT : prenez {', '.join(CATEGORIES)}.")
        if not self.text.strip():
            raise InvalidInput(f"{CATEGORIES[self.category]} : une entrée est vide ; écrivez le constat, ou retirez la ligne.")


@dataclass(frozen=True)
class Remedy:
    """A weakness, its cause, what is done about it, and the indicator that will tell whether it worked.

    Raises
    ------
    InvalidInput
        If one of the first three is empty.

    Examples
    --------
    >>> Remedy("fréquence irrégulière", "pas de calendrier", "un calendrier de contenus").solution
    'un calendrier de contenus'
    """

    weakness: str
    cause: str
    solution: str
    indicator: str = ""

    def __post_init__(self) -> None:
        for text, name in ((self.weakness, "la faiblesse"), (self.cause, "la cause"), (self.solution, "la solution")):
            if not text.strip():
                raise InvalidInput(f"Faiblesse, cause, solution : il manque {name} ; complétez la ligne.")


REMEDIES = (
    Remedy("fautes", "publication précipitée", "relecture par un tiers"),
    Remedy("fréquence irrégulière", "pas de calendrier", "calendrier de contenus"),
    Remedy("moins d’interactions qu’un concurrent", "pas d’animation", "relances et membres engagés"),
    Remedy("image froide", "iconographie trop lisse", "gabarit de directeur artistique plutôt que banques d’images"),
    Remedy("plaintes sur un produit", "qualité", "remplacement et remontée aux équipes"),
)
"""Examples of the course (missions du community manager)."""


def category_of(origin: Literal["interne", "externe"], effect: Literal["favorable", "défavorable"]) -> str:
    """Return the box where two answers lead: does it depend on the brand, and does it help it.

    Raises
    ------
    InvalidInput
        If an answer is neither of the two.

    Examples
    --------
    >>> category_of("externe", "favorable")
    'opportunites'
    """
    for category in CATEGORIES:
        if (ORIGIN[category], EFFECT[category]) == (origin, effect):
            return category
    raise InvalidInput(f"« {origin} » et « {effect} » : répondez interne ou externe, puis favorable ou défavorable.")


def matrix(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Group entries by box, all four boxes present, in the order of `CATEGORIES`.

    Examples
    --------
    >>> {category: len(found) for category, found in matrix([Entry("menaces", "Un concurrent arrive.")]).items()}
    {'forces': 0, 'faiblesses': 0, 'opportunites': 0, 'menaces': 1}
    """
    found = list(entries)
    return {category: [entry for entry in found if entry.category == category] for category in CATEGORIES}


def matrix_problems(entries: Sequence[Entry], minimum: int = 1) -> list[str]:
    """Say what a SWOT lacks: a box too empty, a finding without evidence, the same finding twice.

    Parameters
    ----------
    entries
        Lines of the SWOT.
    minimum
        Entries wanted in each box.

    Returns
    -------
    list of str
        French sentences; empty when all is well.

    Examples
    --------
    >>> len(matrix_problems([Entry("forces", "Les vidéos font réagir.", "8,3 %")]))
    3
    """
    problems = []
    for category, found in matrix(entries).items():
        if len(found) < minimum:
            problems.append(typeset(f"{CATEGORIES[category]} : {len(found)} sur {minimum} au moins ; complétez cette case."))
        problems += [
            typeset(f"{CATEGORIES[category]} : « {entry.text} » n’est étayé par aucune donnée ; citez un chiffre ou un fait.")
            for entry in found
            if not entry.evidence.strip()
        ]
    texts = [" ".join(entry.text.casefold().split()) for entry in entries]
    for rank, entry in enumerate(entries):
        if texts.index(texts[rank]) < rank:
            problems.append(typeset(f"« {entry.text} » figure deux fois : gardez-le dans une seule case."))
    return problems
