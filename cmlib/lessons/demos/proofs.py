"""Figures of the course to quote, or not: each one with its year, and the age that it has on the day it is quoted."""

from functools import lru_cache
from typing import NamedTuple

from cmlib.french import plural, write_number
from cmlib.lessons.demos.markup import table
from cmlib.lessons.play import Drawn
from cmlib.references import load


class Proof(NamedTuple):
    """A fact of the table ``preuves``: its words, its value as it reads, its year as written, the last one named, its origin."""

    fact: str
    value: str
    year: str
    last: int
    source: str
    note: str


QUOTED = ("avis avant achat", "confiance", "partage d’avis", "achat sur Facebook", "maîtrise du discours", "blogs")
"""Subjects that a chapter quotes, as the table writes them."""

YEARS = {str(year): str(year) for year in (2012, 2017, 2020, 2023, 2026, 2030)}
"""Years when a figure may be quoted."""

OLD = 5
"""Years from which a figure on usages is checked before it is quoted: a hypothesis of work."""


@lru_cache
def proofs() -> dict[str, Proof]:
    """Return the facts that may be quoted, by id.

    Examples
    --------
    >>> found = proofs()["preuve-1"]
    >>> found.value.endswith("%"), found.last
    (True, 2011)
    """
    rows = load("preuves")
    rows = rows[rows["subject"].isin(QUOTED)]
    found = {}
    for rank, row in enumerate(rows.to_dict("records"), start=1):
        year = str(row["year"])
        value = f"{write_number(100 * float(row['value']), 0)} %"
        fact = str(row["fact"])
        proof = Proof(f"{fact[0].upper()}{fact[1:]}", value, year, int(year[-4:]), str(row["source"]), str(row["note"]))
        found[f"preuve-{rank}"] = proof
    return found


def proofs_asked() -> dict[str, str]:
    """Return the words of the facts, by id."""
    return {name: proof.fact for name, proof in proofs().items()}


def proof_card(proof: str, year: str) -> Drawn:
    """Show a figure as it should be quoted, and how old it is.

    Parameters
    ----------
    proof
        A key of `proofs`.
    year
        Year when it is quoted: a key of `YEARS`.

    Examples
    --------
    >>> "15 ans" in proof_card("preuve-1", "2026")[1]
    True
    """
    chosen = proofs()[proof]
    age = int(year) - chosen.last
    rows = [[found.fact, found.value, found.year, found.source] for found in proofs().values()]
    page = table(
        "Les preuves du cours, avec leur année",
        ["Ce qui est affirmé", "Valeur", "Année", "Origine"],
        rows,
        [list(proofs()).index(proof)],
    )
    old = f"{age} {plural(age, 'an')}"
    if age >= OLD:
        advice = (
            f"ce chiffre a {old} : il décrit une autre époque ; citez-le comme un repère historique, ou cherchez plus récent."
        )
    elif age < 0:
        advice = "ce chiffre n’existe pas encore."
    else:
        advice = f"ce chiffre a {old} : il peut encore se citer, avec son année."
    return (
        page,
        f"« {chosen.fact} : {chosen.value} ({chosen.source.split(' ', 1)[1]}, {chosen.year}) ». En {int(year)}, {advice}",
    )
