"""A student's tables as tools export them: French dates and decimals, and the defects that real exports have.

Every defect is one that a student may meet, named in the trainer's guide, and undone by `cmlib.cases.cleaning` with a sentence
that says so. A column that is not in `HEADERS` stays behind.
"""

from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cmlib.data import YEAR
from cmlib.networks import NETWORKS
from cmlib.noise import uniforms
from cmlib.reputation import SENTIMENTS

HEADERS = {
    "publications": (
        "id", "date_heure", "reseau", "format", "theme", "texte", "impressions", "portee", "jaime", "commentaires", "partages",
        "enregistrements", "clics", "depense", "abonnes", "fond", "accent", "logo", "image",
    ),
    "mentions": ("date_heure", "reseau", "texte", "portee_auteur", "tonalite"),
    "enquete": (
        "repondant", "age", "sexe", "csp", "revenu", "habitat", "frequence", "reseaux", "achat", "interets", "attentes", "gouts",
        "aversions", "motivations", "freins_psychologiques", "freins_technologiques", "spontanee_avant", "assistee_avant",
        "spontanee_apres", "assistee_apres", "recommandation",
    ),
    "trafic": ("semaine", "source", "visiteurs", "prospects", "clients", "ambassadeurs", "chiffre_affaires", "cout"),
    "concurrents": (
        "nom", "type", "secteur", "mentions", "abonnes", "publications_par_semaine", "interactions_par_publication", "point_fort",
    ),
}  # fmt: skip
"""Columns of each exported table, in order."""

Rows: TypeAlias = NDArray[np.intp]

MOMENT, DAY = "%d/%m/%Y %H:%M", "%d/%m/%Y"


def exported(tables: dict[str, pd.DataFrame], stream: str) -> dict[str, pd.DataFrame]:
    """Return a student's tables as text, as tools would export them, defects included.

    Parameters
    ----------
    tables
        Exact tables (`cmlib.cases.draw.own_tables`), left as they are.
    stream
        Name of the student's stream: defects are the student's own.
    """
    writers = {"publications": _posts, "mentions": _mentions, "enquete": _survey, "trafic": _traffic, "concurrents": _competitors}
    return {name: write(tables[name].copy(), stream)[list(HEADERS[name])].astype(str) for name, write in writers.items()}


def _some(stream: str, name: str, among: Rows, count: int) -> Rows:
    """Return some rows of ``among``, in order."""
    luck = uniforms(f"{stream}/defauts/{name}", 0, len(among))
    return np.sort(among[np.argsort(luck, kind="stable")[:count]])


def _amid_others(table: pd.DataFrame) -> Rows:
    """Return the rows whose network published not long before and after: without one of them, no silence is longer."""
    moments = table.groupby("reseau")["date_heure"]
    near = pd.Timedelta(days=8)
    amid = (moments.diff() < near) & (-moments.diff(-1) < near)
    return np.flatnonzero(amid.to_numpy())


def _twice(table: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Write some rows twice, the second right after the first."""
    order = np.sort(np.concatenate([np.arange(len(table)), rows]))
    return table.iloc[order].reset_index(drop=True)


def _decimal(values: "pd.Series[float]", decimals: int) -> list[str]:
    return [f"{value:.{decimals}f}".replace(".", ",") for value in values]


def _posts(table: pd.DataFrame, stream: str) -> pd.DataFrame:
    rows = np.arange(len(table))
    organic = rows[(table["depense"] == 0).to_numpy()]
    # The two columns were exchanged on two lines: more people reached than displays cannot be.
    wrong = _some(stream, "portee", np.intersect1d(organic, _amid_others(table)), 2)
    impressions, reach = table["impressions"].to_numpy(copy=True), table["portee"].to_numpy(copy=True)
    impressions[wrong], reach[wrong] = reach[wrong], impressions[wrong]
    table["impressions"], table["portee"] = impressions, reach
    blank = _some(stream, "enregistrements", rows, len(table) // 25)
    table["enregistrements"] = ["" if row in set(blank) else str(saves) for row, saves in enumerate(table["enregistrements"])]
    table["depense"] = _decimal(table["depense"], 2)
    table["date_heure"] = table["date_heure"].dt.strftime(MOMENT)
    table["reseau"] = table["reseau"].map(NETWORKS)
    return _twice(table, _some(stream, "doublons", np.setdiff1d(organic, wrong), 2))


def _mentions(table: pd.DataFrame, stream: str) -> pd.DataFrame:
    table["date_heure"] = table["date_heure"].dt.strftime(MOMENT)
    table["reseau"] = table["reseau"].map(NETWORKS)
    table["tonalite"] = table["tonalite"].map(SENTIMENTS)
    return _twice(table, _some(stream, "collectees", np.arange(len(table)), len(table) // 100))


def _survey(table: pd.DataFrame, stream: str) -> pd.DataFrame:
    rows = np.arange(len(table))
    ages = table["age"].astype(object).to_numpy(copy=True)
    for row in _some(stream, "naissance", rows, 3):
        ages[row] = YEAR - ages[row]  # the year of birth was typed
    for row in _some(stream, "age", rows[[age < 150 for age in ages]], 3):
        ages[row] = ""
    table["age"] = ages
    for name, rate in (("revenu", 20), ("achat", 60), ("frequence", 80)):
        table.loc[_some(stream, name, rows, len(table) // rate), name] = ""
    rated = table["assistee_apres"]
    table["recommandation"] = [str(note) if known else "" for note, known in zip(table["recommandation"], rated, strict=True)]
    for name in ("spontanee_avant", "spontanee_apres", "assistee_avant", "assistee_apres"):
        table[name] = np.where(table[name], "oui", "non")
    return table


def _traffic(table: pd.DataFrame, stream: str) -> pd.DataFrame:
    table["semaine"] = table["semaine"].dt.strftime(DAY)
    for name in ("chiffre_affaires", "cout"):
        table[name] = _decimal(table[name], 2)
    return table


def _competitors(table: pd.DataFrame, stream: str) -> pd.DataFrame:
    for name in ("publications_par_semaine", "interactions_par_publication"):
        table[name] = _decimal(table[name], 1)
    return table
