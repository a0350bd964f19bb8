"""Finding and loading `datasets/`: reference figures and the brands' tables.

The folder is ``CMLIB_DATASETS`` if set, else the one beside the package (a clone), else the copy inside the package (a
wheel). Never the working directory, which a submission could fill.
"""

import os
from pathlib import Path

import pandas as pd

from cmlib.errors import Explained

PACKAGE = Path(__file__).resolve().parent

# Column names: French in the files, which students open; the field's English terms in the library.
POST_COLUMNS = {
    "date_heure": "published_at",
    "reseau": "network",
    "format": "format",
    "theme": "theme",
    "texte": "text",
    "impressions": "impressions",
    "portee": "reach",
    "jaime": "likes",
    "commentaires": "comments",
    "partages": "shares",
    "enregistrements": "saves",
    "clics": "clicks",
    "depense": "spend",
    "abonnes": "followers",
}
COMPETITOR_COLUMNS = {
    "nom": "name",
    "type": "type",
    "secteur": "sector",
    "mentions": "mentions",
    "abonnes_instagram": "instagram_followers",
    "publications_par_semaine": "posts_per_week",
}
MENTION_COLUMNS = {"mois": "month", "mentions": "mentions"}


def bundled(name: str) -> Path:
    """Return a folder of the project (``datasets``, ``exercises``, ``notebooks``), in a clone or in a wheel.

    Raises
    ------
    Explained
        If it is in neither place.
    """
    folders = [PACKAGE.parent / name] if is_clone() else []
    for folder in [*folders, PACKAGE / f"_{name}"]:
        if folder.is_dir():
            return folder
    raise Explained(f"Le dossier « {name} » du kit manque : réinstallez le kit.")


def is_clone() -> bool:
    """Tell whether the package is imported from a clone of the project, where trainers work.

    A folder named « datasets » proves nothing: another package of the environment may own it.
    """
    return (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "solutions").is_dir()


def datasets() -> Path:
    """Return the folder of the data.

    Raises
    ------
    Explained
        If ``CMLIB_DATASETS`` names a folder that is not there, or if the kit is incomplete.
    """
    chosen = os.environ.get("CMLIB_DATASETS")
    if chosen is None:
        return bundled("datasets")
    if not (Path(chosen) / "brands").is_dir():
        raise Explained(f"CMLIB_DATASETS désigne « {chosen} », qui n’est pas un dossier de données du kit.")
    return Path(chosen).resolve()


def load_table(brand: str, name: str, columns: dict[str, str] | None = None) -> pd.DataFrame:
    """Load a table of a brand, its columns renamed by ``columns`` (file's name to library's name).

    Raises
    ------
    Explained
        If the table, or one of its columns, is missing.
    """
    path = datasets() / "brands" / brand / f"{name}.csv"
    try:
        table = pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])
    except FileNotFoundError as error:
        raise Explained(f"La table « {name} » de la marque « {brand} » manque : réinstallez le kit.") from error
    except ValueError as error:  # an empty file, another encoding, rows of unequal length
        raise Explained(f"La table « {name} » de la marque « {brand} » est illisible (CSV en UTF-8 attendu).") from error
    if columns:
        missing = sorted(set(columns) - set(table.columns))
        if missing:
            raise Explained(f"La table « {name} » de la marque « {brand} » n’a pas de colonne {', '.join(missing)}.")
        table = table[list(columns)].rename(columns=columns)
    return table


def load_texts(brand: str, name: str) -> dict[str, str]:
    """Load a list of short texts of a brand, by id (columns ``id`` and ``texte``)."""
    table = load_table(brand, name, {"id": "id", "texte": "text"})
    if table["id"].isna().any() or table["id"].duplicated().any():
        raise Explained(f"La table « {name} » de la marque « {brand} » a un identifiant vide ou répété : corrigez-la.")
    return dict(zip(table["id"].astype(str), table["text"].astype(str), strict=True))
