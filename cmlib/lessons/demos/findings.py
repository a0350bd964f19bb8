"""Findings of an audit: the box of the SWOT where each one goes, and what follows from a weakness."""

from typing import NamedTuple

from cmlib.charts import swot_grid
from cmlib.french import plural
from cmlib.lessons.demos.markup import MARK, chain
from cmlib.lessons.play import Drawn
from cmlib.swot import CATEGORIES, EFFECT, ORIGIN, REMEDIES


class Finding(NamedTuple):
    """A finding of the audit of « La Marmite du Coin », an invented brand; ``ours_to_improve``: could be done better at once."""

    text: str
    box: str
    ours_to_improve: bool = False


FINDINGS = {
    "renouvellement": Finding("Sept clients sur dix commandent de nouveau le mois suivant.", "forces"),
    "entraide": Finding("Des clients répondent d’eux-mêmes aux questions des nouveaux.", "forces"),
    "photos": Finding("Les photos des plats sont sombres.", "faiblesses", ours_to_improve=True),
    "trous": Finding("Trois semaines passent parfois sans publication.", "faiblesses", ours_to_improve=True),
    "cuisine": Finding("La cuisine ne peut pas dépasser 200 plats par jour.", "faiblesses"),
    "club": Finding("Un club de sport cherche qui livrerait ses adhérents.", "opportunites"),
    "local": Finding("La ville subventionne les emballages consignés.", "opportunites"),
    "frigoville": Finding("Frigoville ouvre à deux rues, 20 % moins cher.", "menaces"),
    "rumeur": Finding("Une vidéo accuse tous les plats livrés de trop d’emballages.", "menaces"),
}

FINDINGS_ASKED = {name: finding.text.rstrip(".") for name, finding in FINDINGS.items()}

SENSES = {
    "externe": "vient de l’extérieur (chapitre 1 du cours, et les TP)",
    "mieux": "pourrait être mieux fait sur les réseaux (document « missions du CM »)",
}
"""The two senses of « opportunité » in the course's documents."""


def swot_senses(finding: str, sense: str) -> Drawn:
    """Draw the SWOT of the invented brand in one sense of « opportunité », and say why a finding is in its box.

    Parameters
    ----------
    finding
        A key of `FINDINGS`.
    sense
        A key of `SENSES`.

    Examples
    --------
    >>> "Opportunités" in swot_senses("photos", "mieux")[1]
    True
    """
    boxes: dict[str, list[str]] = {category: [] for category in CATEGORIES}
    for name, found in FINDINGS.items():
        boxes[box_in(name, sense)].append(f"{MARK} {found.text}" if name == finding else found.text)
    box, told = box_in(finding, sense), FINDINGS[finding]
    origin, effect = ORIGIN[told.box], EFFECT[told.box]
    exists = (
        "se produirait même si la marque n’existait pas : externe" if origin == "externe" else "dépend de la marque : interne"
    )
    helps = "elle l’aide : favorable" if effect == "favorable" else "elle la gêne : défavorable"
    sentence = f"« {told.text} » Cette situation {exists} ; {helps}. Case : {CATEGORIES[box]}. "
    moved = moving()
    if sense == "mieux" and finding in moved:
        sentence += (
            f"Dans l’autre sens, c’était une faiblesse : {len(moved)} constats sur {len(FINDINGS)} changent ainsi de case, "
            "et la case Opportunités n’est plus réservée à ce qui vient de l’extérieur."
        )
    elif sense == "mieux":
        sentence += (
            f"Ce constat ne bouge pas ; {len(moved)} {plural(len(moved), 'autre')} sur {len(FINDINGS)} ont changé de case."
        )
    else:
        sentence += "C’est le sens retenu dans les TP."
    return swot_grid(boxes), sentence


def box_in(finding: str, sense: str) -> str:
    """Return the box of a finding (a key of `cmlib.swot.CATEGORIES`) in a sense of « opportunité ».

    Examples
    --------
    >>> box_in("photos", "externe"), box_in("photos", "mieux")
    ('faiblesses', 'opportunites')
    """
    found = FINDINGS[finding]
    return "opportunites" if sense == "mieux" and found.ours_to_improve else found.box


def moving() -> list[str]:
    """Return the findings whose box depends on the sense of « opportunité ».

    Examples
    --------
    >>> moving()
    ['photos', 'trous']
    """
    return [name for name in FINDINGS if box_in(name, "externe") != box_in(name, "mieux")]


WEAKNESSES = {f"faiblesse-{rank}": remedy.weakness for rank, remedy in enumerate(REMEDIES)}
SOLUTIONS = {f"solution-{rank}": REMEDIES[rank].solution for rank in (3, 0, 4, 1, 2)}
"""Weaknesses and solutions of the course, each list in an order of its own."""


def remedy(weakness: str, solution: str) -> Drawn:
    """Show a weakness, its cause and a solution, and say whether this solution acts on that cause.

    Parameters
    ----------
    weakness, solution
        Keys of `WEAKNESSES` and `SOLUTIONS`.

    Examples
    --------
    >>> remedy("faiblesse-0", "solution-0")[1].startswith("Oui")
    True
    """
    found = REMEDIES[list(WEAKNESSES).index(weakness)]
    page = chain(
        [
            ("Faiblesse", f"{found.weakness}."),
            ("Cause (pourquoi ?)", f"{found.cause}."),
            ("Solution proposée", f"{SOLUTIONS[solution]}."),
        ]
    )
    if SOLUTIONS[solution] == found.solution:
        return page, f"Oui : cette solution agit sur la cause, « {found.cause} ». C’est l’exemple du cours."
    return page, f"Non : la cause est « {found.cause} », et cette solution la laisse en place. La faiblesse reviendra."
