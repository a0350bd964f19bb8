"""What TP 1 asks of objectives, targets and quoted figures: checks for the hidden blocks, from the student's own tables."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from cmlib.cases import Case
from cmlib.cases.dashboard import Reading
from cmlib.errors import InvalidInput
from cmlib.segments import OVERREPRESENTED, Condition, Members, dominant, index_100, segment, share
from cmlib.tp.marks import Criterion, Mark
from cmlib.tp.questions import Question
from cmlib.tp.row_criteria import Check, among, cell, close
from cmlib.tp.tables import Row, Table

SMALLEST = 30
"""Respondents below which a segment says nothing sure: a hypothesis of the course, told in the statement."""
FURTHEST = 2.0
"""An objective may at most double its indicator, or halve a cost, in a year: a hypothesis of the course, told too."""
MOST_NETWORKS = 3
OF_THOSE_WITH_AN_AGE = "Vous avez rapporté le segment à ceux qui ont donné leur âge : la part se calcule sur toute l’enquête."
BARRIERS = ("freins_psychologiques", "freins_technologiques")


# Objectives


def right_family(case: Case) -> Check:
    """Ask that the indicator be one of the family announced."""
    readings = case.dashboard
    return cell(
        "kpi",
        "indicateur de la famille annoncée",
        lambda chosen, row: readings[chosen[0]].family == row.read("famille")[0],
        "Cet indicateur relève d’une autre famille : relisez la définition des quatre familles.",
        needs=("famille",),
    )


def right_start(case: Case) -> Check:
    """Ask for the value read on the dashboard, within 1 %."""
    readings = case.dashboard
    return close(
        "depart",
        lambda row: _reading(readings, row, "kpi").value,
        relative=0.01,
        mistakes={"Vous avez donné la valeur d’un autre indicateur du tableau de bord.": lambda row: _another(readings, row)},
        reason="Cette valeur n’est pas celle du tableau de bord : relisez-la, avec son unité.",
        unit=lambda row: _reading(readings, row, "kpi").unit,
        needs=("kpi",),
    )


def better_and_within_reach(case: Case) -> Check:
    """Ask for a target strictly better than the start, and no further than the hypothesis `FURTHEST`."""
    readings = case.dashboard

    def fault(row: Row) -> str:
        reading = _reading(readings, row, "kpi")
        start, target = reading.value, row.read("cible").value(reading.unit)
        gain = target - start if reading.better == "up" else start - target
        if gain <= 0:
            way = "au-dessus" if reading.better == "up" else "en dessous"
            return f"La valeur visée doit être strictement {way} de la valeur de départ."
        # A score on a scale from −100 to 100 may start near nought, or below: twice nought would be out of reach.
        furthest = 50.0 if reading.unit == "points" else (FURTHEST - 1) * start if reading.better == "up" else start / FURTHEST
        if gain > furthest * (1 + 1e-9) or (reading.unit == "%" and target > 1):
            return (
                "La valeur visée est hors d’atteinte en un an : au plus le double ; pour un coût, la moitié ; pour un score de "
                "recommandation, 50 points de plus ; et jamais plus de 100 %."
            )
        return ""

    rule = "« cible » meilleure que le départ, au plus le double (un coût : au moins la moitié ; un score : 50 points de plus)"
    return Check(rule, fault, ("kpi", "cible"))


def _reading(readings: Mapping[str, Reading], row: Row, column: str) -> Reading:
    chosen = row.read(column)
    if not chosen:
        raise InvalidInput("L’indicateur n’est pas choisi.")
    return readings[chosen[0]]


def _another(readings: Mapping[str, Reading], row: Row) -> float | None:
    own = _reading(readings, row, "kpi")
    answer = row.read("depart").value(own.unit)
    others = [reading.value for reading in readings.values() if reading.unit == own.unit and reading is not own]
    return next((value for value in others if abs(value - answer) <= 0.01 * abs(value)), None)


# Targets


def members_of(survey: pd.DataFrame, row: Row) -> Members:
    """Return who a persona card speaks of: its ages, and the occupations and places of living that it names.

    Raises
    ------
    InvalidInput
        If the ages are missing or cannot be read.
    """
    age = row.read("age")
    if age is None:
        raise InvalidInput("L’âge manque : sans lui, on ne sait pas de qui la fiche parle.")
    conditions: dict[str, Condition] = {"age": age}
    for column in ("csp", "habitat"):
        chosen = row.read(column)
        if chosen:
            conditions[column] = {row.fields[column].options[option] for option in chosen}  # type: ignore[attr-defined]
    return segment(survey, conditions)


def right_size(case: Case) -> tuple[Check, Check]:
    """Ask for the number of people of the segment, exact, and its share of the survey, within 0,1 point."""
    survey = case.survey

    def size(row: Row) -> tuple[int, float]:
        return share(members_of(survey, row))

    return (
        close(
            "effectif",
            lambda row: size(row)[0],
            reason="Ce n’est pas l’effectif du segment décrit par la fiche (âge, catégorie, habitat).",
            needs=("age",),
        ),
        close(
            "part",
            lambda row: size(row)[1],
            tolerance=0.001,
            gap="0,1 point",
            mistakes={OF_THOSE_WITH_AN_AGE: lambda row: size(row)[0] / int(survey["age"].notna().sum())},
            reason="Ce n’est pas la part du segment : effectif divisé par le nombre de personnes interrogées.",
            needs=("age",),
        ),
    )


def dominant_networks(case: Case) -> Check:
    """Ask that the networks chosen be among those that most of the segment uses."""
    survey = case.survey

    def right(chosen: tuple[str, ...], row: Row) -> bool:
        options = row.fields["networks"].options  # type: ignore[attr-defined]
        most = dominant(survey, members_of(survey, row), "reseaux", most=MOST_NETWORKS)
        return {options[option] for option in chosen} <= set(most)

    return cell(
        "networks",
        f"réseaux parmi les {MOST_NETWORKS} les plus utilisés du segment",
        right,
        f"Un réseau choisi n’est pas parmi les {MOST_NETWORKS} que ce segment utilise le plus : comptez dans l’explorateur.",
        needs=("age",),
    )


def overrepresented(case: Case, column: str, *questions: str) -> Check:
    """Ask that each answer chosen be given markedly more by the segment than by everybody."""
    survey = case.survey

    def right(chosen: tuple[str, ...], row: Row) -> bool:
        options, members = row.fields[column].options, members_of(survey, row)  # type: ignore[attr-defined]
        index: dict[str, float] = {}
        for question in questions:
            index |= {str(answer): float(value) for answer, value in index_100(survey, members, question)["index"].items()}
        return all(index.get(options[option], 0.0) > OVERREPRESENTED for option in chosen)

    return cell(
        column,
        f"« {column} » d’indice supérieur à {OVERREPRESENTED:.0f} dans le segment",
        right,
        "L’une des réponses choisies ne distingue pas ce segment : son indice ne dépasse pas 120.",
        needs=("age",),
    )


def disjoint_segments(case: Case, points: float, rows: int = 2) -> Criterion:
    """Give the points to segments large enough to speak of, which share nobody; half to those of which two alone overlap."""
    survey = case.survey

    def judge(question: Question, value: object) -> list[Mark]:
        assert isinstance(question, Table)
        segments, faults = [], []
        for row in question.filled(value):
            try:
                members = members_of(survey, row)
            except InvalidInput as error:
                faults.append(f"{row.label} : {error}")
                continue
            if members.sum() < SMALLEST:
                faults.append(f"{row.label} : moins de {SMALLEST} personnes, trop peu pour conclure.")
            segments.append((row.label, members))
        if not segments:
            return [Mark("Segments", 0, points, faults[0] if faults else "Pas de réponse.")]
        if len(segments) < rows:
            faults.append(f"Il faut {rows} segments au moins.")
        faults += [
            f"{one} et {other} ont des personnes en commun : deux segments n’en partagent aucune."
            for (one, first), (other, second) in combinations(segments, 2)
            if (first & second).any()
        ]
        said = " ".join(faults) or "Les segments sont disjoints et assez grands."
        return [Mark("Segments", 0 if faults else points, points, said)]

    return Criterion(points, f"segments disjoints, de {SMALLEST} personnes au moins (hypothèse) ; tout ou rien", judge)


# Figures quoted in the SWOT


def quoted(case: Case) -> tuple[Check, Check]:
    """Ask for a figure of the tables, exact within 1 %: one of the brand for what is internal, of the market for the rest."""
    brand, market = case.dashboard, case.market
    readings = {**brand, **market}
    side = among(
        "indicateur",
        lambda row: set(brand if row.id in ("forces", "faiblesses") else market),
        "donnée de la marque pour l’interne, du marché pour l’externe",
        "Cette donnée n’est pas du bon côté : une force ou une faiblesse se prouve par un chiffre de la marque, une opportunité "
        "ou une menace par un chiffre du marché.",
    )
    value = close(
        "valeur",
        lambda row: _reading(readings, row, "indicateur").value,
        relative=0.01,
        reason="Le chiffre cité n’est pas celui de vos tableaux : relisez-le, avec son unité.",
        unit=lambda row: _reading(readings, row, "indicateur").unit,
        needs=("constat", "indicateur"),
    )
    return side, value
