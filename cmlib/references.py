"""The reference tables of ``datasets/reperes/``: what studies and the course's documents say, each row with its year and source.

Two documents may contradict each other: both rows are kept, and which one to cite is an exercise. A row must
say where it comes from (``problems``), so that what a trainer adds is checked too.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from functools import lru_cache
from pathlib import Path

import pandas as pd

from cmlib.data import datasets
from cmlib.errors import Explained, reason
from cmlib.reference_checks import NUMERIC, source_problem, table_problems

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
    "parametre": "parameter",
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
    "modele": "parametre valeur unite annee origine remarque",
    "saison": "reseau hausse annee origine remarque",
    "simulateur": "reseau parametre valeur annee origine remarque",
}
COLUMNS: dict[str, dict[str, str]] = {
    name: {column: _ENGLISH.get(column, column) for column in columns.split()} for name, columns in _TABLES.items()
}
"""For each table, its columns: French in the file, the field's English terms in the library."""

_SEPARATORS = {";": "des points-virgules", "\t": "des tabulations"}  # what a French spreadsheet writes unless told otherwise


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
        If the table is unknown, missing or unreadable, lacks a column or rows, holds a word, a date, an hour or a number
        that is not allowed there, or has a row without a source; the sentence names the file, the line and the column.

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

    A row is sourced if its origin has three letters or more and either its year column contains a year, none of them to
    come, or its year is « inconnue » and its note says « à dater », or its origin starts with « hypothèse ».

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
    told = (
        source_problem(f"{name}.csv, ligne {int(index) + 2}", year, source, note)
        for index, year, source, note in zip(table.index, table["year"], table["source"], table["note"], strict=True)
    )
    return [sentence for sentence in told if sentence]


@lru_cache
def _load(folder: Path, name: str) -> pd.DataFrame:
    lines, rows = _rows(folder / FOLDER / f"{name}.csv")
    header = rows.pop(0) if rows else []
    missing = [column for column in COLUMNS[name] if column not in header]
    if missing:
        raise Explained(f"{name}.csv, ligne 1 : {_header_advice(header, missing)}.")
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(header):
            advice = "mettez entre guillemets droits un texte qui contient une virgule"
            raise Explained(f"{name}.csv, ligne {line} : {len(row)} cellules au lieu de {len(header)} ; {advice}.")
    cells = [{column: _tidy(row[header.index(column)]) for column in COLUMNS[name]} for row in rows]
    for problem in table_problems(name, list(zip(lines[1:], cells, strict=True))):
        raise Explained(problem)
    read: dict[str, list[str] | list[float]] = {}
    for french, english in COLUMNS[name].items():
        texts = [row[french] for row in cells]
        read[english] = [float(text) if text else math.nan for text in texts] if french in NUMERIC else texts
    return pd.DataFrame(read)


def _header_advice(header: list[str], missing: list[str]) -> str:
    """Say what is wrong with a header: another separator, or columns that are missing."""
    for separator, called in _SEPARATORS.items():
        if any(separator in cell for cell in header):
            save = "enregistrez la table en « CSV UTF-8 » et choisissez la virgule comme séparateur de champ"
            return f"les colonnes sont séparées par {called} ; {save}"
    return f"il manque la colonne {', '.join(missing)} (colonnes séparées par des virgules)"


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


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
