"""The reference tables of ``datasets/reperes/``: what studies and the course's documents say, each row with its year and source.

Two documents may contradict each other: both rows are kept, and which one to cite is an exercise. A row must
say where it comes from (``problems``), so that what a trainer adds is checked too.
"""

from __future__ import annotations

import csv
import math
import re
from functools import lru_cache
from pathlib import Path

import pandas as pd

from cmlib.data import datasets
from cmlib.errors import Explained, reason

FOLDER = "reperes"

_ENGLISH = {  # the other columns have the same name in both
    "annee": "year",
    "critere": "criterion",
    "debut": "start",
    "denominateur": "denominator",
    "depuis": "since",
    "effectif": "people",
    "fait": "fact",
    "fiabilite": "reliability",
    "fin": "end",
    "groupe": "group",
    "hausse": "rise",
    "indicateur": "indicator",
    "jour": "weekday",
    "jusqua": "until",
    "libelle": "label",
    "media": "medium",
    "mesure": "measure",
    "origine": "source",
    "part": "share",
    "periode": "period",
    "rapport": "aspect_ratio",
    "regle": "rule",
    "remarque": "note",
    "reseau": "network",
    "rubrique": "topic",
    "sujet": "subject",
    "taux": "rate",
    "texte": "text",
    "unite": "unit",
    "valeur": "value",
    "zone": "area",
}
_TABLES = {
    "adstock": "media theta_min theta_max annee origine remarque",
    "audiences": "reseau zone mesure valeur unite annee origine remarque",
    "cadences": "reseau minimum maximum unite annee origine remarque",
    "conseils": "reseau rubrique texte annee origine remarque",
    "couts": "reseau indicateur minimum maximum unite annee origine fiabilite remarque",
    "creneaux": "reseau jour debut fin libelle annee origine remarque",
    "engagement": "reseau denominateur taux periode annee origine remarque",
    "formats": "reseau format rapport annee origine remarque",
    "memorisation": "media beta annee origine remarque",
    "population": "zone critere groupe age_min age_max effectif annee origine remarque",
    "portee": "reseau minimum maximum annee origine fiabilite remarque",
    "preuves": "sujet fait valeur unite annee origine remarque",
    "profils": "reseau zone critere groupe age_min age_max part annee origine remarque",
    "regles": "reseau regle valeur unite depuis jusqua annee origine remarque",
    "saison": "reseau hausse annee origine remarque",
}
COLUMNS: dict[str, dict[str, str]] = {
    name: {column: _ENGLISH.get(column, column) for column in columns.split()} for name, columns in _TABLES.items()
}
"""For each table, its columns: French in the file, the field's English terms in the library."""

_NUMERIC = {"valeur", "age_min", "age_max", "part", "effectif", "minimum", "maximum"}
_NUMERIC |= {"taux", "hausse", "beta", "theta_min", "theta_max"}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)


def load(name: str) -> pd.DataFrame:
    """Load a reference table, columns in English: numbers as floats (empty: NaN), the rest as text (empty: ``""``).

    Parameters
    ----------
    name
        A key of ``COLUMNS``.

    Returns
    -------
    pandas.DataFrame
        The caller's own copy.

    Raises
    ------
    Explained
        If the table is unknown, missing or unreadable, lacks a column, holds a number that is not one, or has
        a row without a source; the sentence names the file, the line and the column.

    Examples
    --------
    >>> audiences = load("audiences")
    >>> france = audiences[(audiences["network"] == "linkedin") & (audiences["area"] == "France")]
    >>> france[france["unit"] == "personnes"][["value", "year"]].values.tolist()[1]
    [9700000.0, 'vers 2018-2019']
    """
    if name not in COLUMNS:
        raise Explained(f"Aucune table de repères ne s’appelle « {name} » : choisissez parmi {', '.join(COLUMNS)}.")
    return _load(datasets(), name).copy()


def problems(table: pd.DataFrame, name: str) -> list[str]:
    """Say in French which rows of a reference table have no source.

    A row is sourced if its origin is not empty and either its year column contains a year, or its year is
    « inconnue » and its note says « à dater », or its origin starts with « hypothèse ».

    Parameters
    ----------
    table
        A table with the columns of the library; the row of index 0 is line 2 of the file.
    name
        The table's name, for the sentences.

    Returns
    -------
    list of str
        A sentence for each row without a source, in their order.

    Examples
    --------
    >>> row = {"year": "2011", "source": "", "note": ""}
    >>> problems(pd.DataFrame([row]), "audiences")
    ['audiences.csv, ligne 2, colonne « origine » : dites d’où vient la valeur, ou écrivez « hypothèse ».']
    """
    found = []
    for index, year, source, note in zip(table.index, table["year"], table["source"], table["note"], strict=True):
        place = f"{name}.csv, ligne {int(index) + 2}, colonne"
        if not source.strip():
            found.append(f"{place} « origine » : dites d’où vient la valeur, ou écrivez « hypothèse ».")
        elif not (_YEAR.search(year) or source.startswith("hypothèse") or (year == "inconnue" and "à dater" in note)):
            rule = "donnez l’année, ou écrivez « inconnue » ici et « à dater » en remarque"
            found.append(f"{place} « annee » : {rule}, ou commencez l’origine par « hypothèse ».")
    return found


@lru_cache
def _load(folder: Path, name: str) -> pd.DataFrame:
    lines, rows = _rows(folder / FOLDER / f"{name}.csv")
    header = rows.pop(0) if rows else []
    missing = [column for column in COLUMNS[name] if column not in header]
    if missing:
        raise Explained(f"{name}.csv, ligne 1 : il manque la colonne {', '.join(missing)} (colonnes séparées par des virgules).")
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(header):
            advice = "mettez entre guillemets droits un texte qui contient une virgule"
            raise Explained(f"{name}.csv, ligne {line} : {len(row)} cellules au lieu de {len(header)} ; {advice}.")
    read: dict[str, list[str] | list[float]] = {}
    for french, english in COLUMNS[name].items():
        cells = [row[header.index(french)].strip() for row in rows]
        if french in _NUMERIC:
            places = [f"{name}.csv, ligne {line}, colonne « {french} »" for line in lines[1:]]
            read[english] = [_number(cell, place) for cell, place in zip(cells, places, strict=True)]
        else:
            read[english] = cells
    table = pd.DataFrame(read, index=[line - 2 for line in lines[1:]])
    for problem in problems(table, name):
        raise Explained(problem)
    return table.reset_index(drop=True)


def _rows(path: Path) -> tuple[list[int], list[list[str]]]:
    """Read the rows that are not blank, with the line where each ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            read = [(reader.line_num, row) for row in reader if any(row)]
    except FileNotFoundError as error:
        raise Explained(f"La table de repères « {path.name} » manque : réinstallez le kit.") from error
    except OSError as error:
        raise Explained(f"La table de repères « {path.name} » ne s’ouvre pas : {reason(error)}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Explained(f"La table de repères « {path.name} » est illisible (CSV en UTF-8 attendu).") from error
    return [line for line, _ in read], [row for _, row in read]


def _number(cell: str, place: str) -> float:
    if not cell:
        return math.nan
    if not _NUMBER.fullmatch(cell):
        raise Explained(f"{place} : « {cell} » n’est pas un nombre (chiffres sans espace, point pour la décimale).")
    return float(cell)
