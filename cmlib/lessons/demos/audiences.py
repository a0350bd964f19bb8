"""Who people are and what sets them apart: a segment of a survey, and the place a brand takes before a target."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cmlib.cases.case import Case
from cmlib.charts import survey_answers
from cmlib.french import plural, write_number, write_quantity
from cmlib.lessons.demos.markup import quotation, text
from cmlib.lessons.play import Drawn
from cmlib.segments import OVERREPRESENTED, Condition, Members, answers, index_100, segment, share
from cmlib.targets import Positioning, statement

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 30
"""Respondents under which a share says nothing sure: a hypothesis of work, as in TP 1."""

EVERYBODY = "tous"

AGES = {
    EVERYBODY: "tous les âges",
    "18-24": "18 à 24 ans",
    "25-34": "25 à 34 ans",
    "35-49": "35 à 49 ans",
    "50-64": "50 à 64 ans",
    "65-99": "65 ans ou plus",
}

QUESTIONS = {
    "reseaux": "Réseaux utilisés",
    "motivations": "Motivations",
    "freins_psychologiques": "Freins psychologiques",
    "freins_technologiques": "Freins technologiques",
    "attentes": "Attentes",
    "gouts": "Goûts",
    "aversions": "Aversions",
    "achat": "Habitudes d’achat",
}


@cache
def survey() -> "pd.DataFrame":
    """Return the survey of Vélambule, an invented brand of cargo bikes, drawn for the course."""
    return Case("velambule", 0, "cours").survey


def choices(column: str, everybody: str) -> dict[str, str]:
    """Return the answers of a column of the survey as options, everybody first.

    Examples
    --------
    >>> choices("habitat", "tous les habitats")["tous"]
    'tous les habitats'
    """
    found = sorted(set().union(*answers(survey(), column)))
    return {EVERYBODY: everybody} | {answer: answer for answer in found}


def members(age: str, job: str, home: str) -> Members:
    """Select the respondents of an age band, an occupation and a home; each may be everybody.

    Examples
    --------
    >>> int(members("tous", "tous", "tous").sum()) == len(survey())
    True
    """
    conditions: dict[str, Condition] = {}
    if age != EVERYBODY:
        low, high = age.split("-")
        conditions["age"] = (float(low), float(high))
    conditions |= {column: {answer} for column, answer in (("csp", job), ("habitat", home)) if answer != EVERYBODY}
    return segment(survey(), conditions)


def segment_answers(age: str, job: str, home: str, column: str) -> Drawn:
    """Draw what a segment answers beside everybody, and say how many people are in it.

    Parameters
    ----------
    age
        A key of `AGES`.
    job, home
        Answers of the columns ``csp`` and ``habitat``, or « tous ».
    column
        A key of `QUESTIONS`.

    Examples
    --------
    >>> "indice" in segment_answers("25-34", "tous", "tous", "motivations")[1]
    True
    """
    chosen = members(age, job, home)
    size, part = share(chosen)
    people = f"{write_number(size, 0)} {plural(size, 'personne')} sur {write_number(len(chosen), 0)}"
    replied = survey()[column].notna().to_numpy()
    if not (chosen & replied).any():
        page = f"<p>{text('Personne, dans l’enquête, ne répond à ce portrait : la figure serait vide.')}</p>"
        return page, f"Effectif : {people}. Élargissez le segment : un âge, un habitat ou un métier de moins."
    if size == len(chosen):
        return survey_answers(survey(), column), (
            f"Toute l’enquête : {write_number(size, 0)} personnes. Choisissez un âge, un métier ou un habitat : "
            "chaque réponse recevra son indice, base 100 pour l’ensemble."
        )
    table = index_100(survey(), chosen, column)
    top = table.iloc[0]
    told = f"Effectif : {people} ({write_quantity(part, '%', 1)}). "
    told += f"Ce qui les distingue le plus : « {table.index[0]} », indice {top['index']:.0f}, "
    told += f"cité par {write_number(float(top['count']), 0)} {plural(float(top['count']), 'personne')} "
    told += f"({write_quantity(float(top['share']), '%', 0)} contre {write_quantity(float(top['overall']), '%', 0)}). "
    if size < ENOUGH:
        told += f"Moins de {ENOUGH} personnes : un tel indice peut ne rien vouloir dire, élargissez le segment."
    elif top["index"] >= OVERREPRESENTED:
        told += f"Au-dessus de {OVERREPRESENTED:.0f}, la réponse distingue ce groupe (seuil d’usage, pris par hypothèse)."
    else:
        told += f"Aucun indice n’atteint {OVERREPRESENTED:.0f} : ce groupe répond à peu près comme tout le monde."
    return survey_answers(survey(), column, chosen), told


def highest(age: str, job: str, home: str, column: str) -> str:
    """Return the answer that sets a segment apart the most.

    Examples
    --------
    >>> highest("25-34", "tous", "tous", "reseaux") in choices("reseaux", "tous")
    True
    """
    return str(index_100(survey(), members(age, job, home), column).index[0])


class Promise(NamedTuple):
    """A benefit, and the proof that backs it."""

    benefit: str
    proof: str


PROMISES = {
    "goût": Promise("livre le lundi des plats mijotés le matin même", "sept clients sur dix commandent de nouveau"),
    "temps": Promise("rend une heure par jour à ceux qui cuisinent", "un plat se réchauffe en huit minutes, chronométrées"),
    "planète": Promise("livre sans un emballage jeté", "chaque plat part dans un bocal consigné, et neuf sur dix reviennent"),
}
"""What « La Marmite du Coin », an invented brand, could promise."""

BENEFITS = {name: promise.benefit for name, promise in PROMISES.items()}
PROOFS = {name: promise.proof for name, promise in PROMISES.items()}

FOR_WHOM = {
    "parents": ("les parents pressés", "veulent un vrai repas le soir"),
    "etudiants": ("les étudiants", "n’ont ni four ni temps"),
    "bureaux": ("les équipes de bureau", "déjeunent ensemble"),
}
"""Targets, and what each one needs."""

TARGETS = {name: who for name, (who, _) in FOR_WHOM.items()}


def positioning(target: str, benefit: str, proof: str) -> Drawn:
    """Write the positioning of the invented brand, and say whether its proof backs what it promises.

    Parameters
    ----------
    target
        A key of `FOR_WHOM`.
    benefit, proof
        Keys of `PROMISES`.

    Examples
    --------
    >>> positioning("parents", "temps", "temps")[1].startswith("La preuve soutient")
    True
    """
    who, need = FOR_WHOM[target]
    place = Positioning(
        "La Marmite du Coin", who, need, "le traiteur de quartier", PROMISES[benefit].benefit, PROMISES[proof].proof,
        "Frigoville, qui vend du surgelé toute l’année",
    )  # fmt: skip
    if benefit == proof:
        told = "La preuve soutient la promesse : elle montre, par un fait, que le bénéfice est réel. "
        told += (
            "Dernière épreuve : remplacez le nom par celui d’un concurrent ; si la phrase reste vraie, elle ne vous situe pas."
        )
    else:
        told = "La preuve ne porte pas sur la promesse : elle est peut-être vraie, mais elle ne fait pas croire à ce bénéfice-là."
    return quotation(statement(place)), told


def respondents(age: str, job: str, home: str) -> int:
    """Count the respondents of a segment.

    Examples
    --------
    >>> respondents("tous", "tous", "tous")
    400
    """
    return int(np.count_nonzero(members(age, job, home)))
