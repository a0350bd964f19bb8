"""The sheet of a network: objectives, advice, tools, public, rhythm, benchmarks, and the rules that held on a day."""

from datetime import date
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural, write_date, write_number, write_quantity
from cmlib.lessons.demos.markup import table
from cmlib.networks import Sheet, rule, sheet
from cmlib.references import load

DAYS = {
    "2017-11-06": "le 6 novembre 2017",
    "2017-11-07": "le 7 novembre 2017",
    "2025-11-30": "le 30 novembre 2025",
    "2025-12-01": "le 1er décembre 2025",
}
"""Days around which a rule changed: X in 2017, Instagram in 2025."""

UNDATED = "début non relevé"
"""What is said of a rule whose source does not tell since when it holds."""

TOPICS = {"objectif": "Objectifs", "conseil": "Conseils", "outil": "Outils"}
RULES = {
    "caracteres": "Caractères d’un post (maximum)",
    "caracteres_titre": "Caractères d’un titre (maximum)",
    "caracteres_description": "Caractères d’une description (maximum)",
    "caracteres_par_lien": "Caractères pour lesquels compte un lien",
    "caracteres_abonnes_payants": "Caractères d’un post, comptes payants (maximum)",
    "hashtags": "Hashtags (maximum)",
    "video_min_s": "Vidéo, durée minimale",
    "video_max_s": "Vidéo, durée maximale",
    "story_max_s": "Story, durée maximale",
}


def network_sheet(network: str, day: str) -> tuple[str, str]:
    """Show the sheet of a network, with the rules of a day.

    Parameters
    ----------
    network
        A key of `cmlib.networks.NETWORKS`.
    day
        A key of `DAYS`.

    Raises
    ------
    InvalidInput
        If the network is unknown, or the day is not one of the list.
    """
    if day not in DAYS:
        raise InvalidInput(f"« {day} » n’est pas un jour de la liste : prenez {', '.join(DAYS.values())}.")
    known, at = sheet(network), date.fromisoformat(day)
    held = _rules(known, at)
    head = ["Rubrique", "Ce que disent les sources", "Année", "Source"]
    shown = table(f"Fiche de {known.name}", head, [*_advice(known), *_public(known), *_rhythm(known), *_benchmarks(known)])
    shown += (
        table(f"Règles d’un post sur {known.name}, {DAYS[day]}", ["Règle", "Valeur", "Valable", "Source"], held) if held else ""
    )
    return shown, _sentence(known, at, DAYS[day], held)


def _advice(known: Sheet) -> list[list[str]]:
    """Return the advice of the sheet, a row for each topic, year and source."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for topic, title in TOPICS.items():
        for row in known.advice.to_dict("records"):
            if row["topic"] == topic:
                found.setdefault((title, row["year"], row["source"]), []).append(_text(row))
    return [[title, " ; ".join(texts), year, source] for (title, year, source), texts in found.items()]


def _text(row: dict[Any, Any]) -> str:
    return f"{row['text']} ({row['note']})" if row["note"] else str(row["text"])


def _public(known: Sheet) -> list[list[str]]:
    return [
        ["Public", f"{write_quantity(row['share'], '%', 1)} : {row['group']} ({row['area']})", row["year"], row["source"]]
        for row in known.profiles.to_dict("records")
    ]


def _rhythm(known: Sheet) -> list[list[str]]:
    least, most = known.cadence
    rows = load("cadences")
    row = rows[rows["network"] == known.network].iloc[0]
    slots = f"{len(known.slots)} {plural(len(known.slots), 'créneau conseillé', 'créneaux conseillés')} par semaine"
    told = [
        ["Rythme", f"de {write_number(least)} à {write_number(most)} publications par semaine", row["year"] or "–", row["source"]]
    ]
    if known.slots:
        source, _, year = known.slots[0].source.rpartition(", ")
        told.append(["Créneaux", slots, year, source])
    return told


def _benchmarks(known: Sheet) -> list[list[str]]:
    engagement = [
        [
            "Taux d’engagement",
            f"{write_quantity(row['rate'], '%', 3)}, dénominateur : {row['denominator']}",
            row["year"],
            row["source"],
        ]
        for row in known.engagement.to_dict("records")
    ]
    reach = [
        ["Portée organique", f"{_span(row['minimum'], row['maximum'])} des abonnés", row["year"], row["source"]]
        for row in known.organic_reach.to_dict("records")
    ]
    return engagement + reach


def _span(low: float, high: float) -> str:
    told = write_quantity(high, "%", 2)
    return told if low == high else f"de {write_quantity(low, '%', 2)} à {told}"


def _rules(known: Sheet, at: date) -> list[list[str]]:
    """Return the rules that held on a day, those that another source contradicts included."""
    day = at.isoformat()
    rows = known.rules
    held = rows[(rows["since"] <= day) & ((rows["until"] == "") | (rows["until"] >= day))]
    return [[_name(row), _amount(row), _period(row), f"{row['source']}, {row['year']}"] for row in held.to_dict("records")]


def _name(row: dict[Any, Any]) -> str:
    name = RULES.get(row["rule"], str(row["rule"]))
    return f"{name} (autre source)" if "autre source" in row["note"] else name


def _amount(row: dict[Any, Any]) -> str:
    value = float(row["value"])
    if row["unit"] != "secondes":
        return f"{write_number(value, 0)} {row['unit']}"
    return write_quantity(value / 60, "minutes") if value >= 120 else f"{write_number(value, 0)} secondes"


def _period(row: dict[Any, Any]) -> str:
    since = f"depuis le {write_date(date.fromisoformat(row['since']), 'long')}" if row["since"] else UNDATED
    return f"{since}, jusqu’au {write_date(date.fromisoformat(row['until']), 'long')}" if row["until"] else since


def _sentence(known: Sheet, at: date, day: str, held: list[list[str]]) -> str:
    goals = int((known.advice["topic"] == "objectif").sum())
    aims = f"{goals} {plural(goals, 'objectif')}" if goals else "aucun objectif dans le cours"
    if not held:
        return f"{known.name} : {aims} ; aucune règle relevée pour {day}."
    limits = [
        f"{write_number(value, 0)} {what}"
        for name, what in (("caracteres", "caractères"), ("hashtags", "hashtags"))
        if (value := rule(known.network, name, at))
    ]
    most = f", dont {' et '.join(limits)} au plus" if limits else ""
    old = _undated(sum(UNDATED in row[2] for row in held), len(held))
    told = f"{len(held)} {plural(len(held), 'règle', 'règles')} pour {day}{most}{old}"
    return f"{known.name} : {aims} ; {told}."


def _undated(count: int, rules: int) -> str:
    """Say of how many rules, among those shown, the beginning is not known."""
    if not count:
        return ""
    if count < rules:
        return f" ; pour {count} d’entre elles, la date du début n’est pas relevée"
    return f" ; la date de {plural(rules, 'son', 'leur')} début n’est pas relevée"
