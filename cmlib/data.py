"""Finding and loading `datasets/`: reference figures and the brands' tables.

The folder is ``CMLIB_DATASETS`` if set, else the one beside the package (a clone), else the copy inside the package (a
wheel). Never the working directory, which a submission could fill.
"""

import os
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from cmlib.errors import Explained

_P = ParamSpec("_P")
_T = TypeVar("_T")

PACKAGE = Path(__file__).resolve().parent
YEAR = 2025  # that of the brands' data

# Column names: French in the files, which students open; the field's English terms in the library.
POST_COLUMNS = {
    "id": "id",
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
    "fond": "background",
    "accent": "accent",
    "logo": "logo",
    "image": "image",
}
COMPETITOR_COLUMNS = {
    "nom": "name",
    "type": "type",
    "secteur": "sector",
    "mentions": "mentions",
    "abonnes": "followers",
    "publications_par_semaine": "posts_per_week",
    "interactions_par_publication": "interactions_per_post",
    "point_fort": "strength",
}
MENTION_COLUMNS = {
    "date_heure": "published_at",
    "reseau": "network",
    "texte": "text",
    "portee_auteur": "author_reach",
    "tonalite": "sentiment",
}
TRAFFIC_COLUMNS = {
    "semaine": "week",
    "source": "source",
    "visiteurs": "visitors",
    "prospects": "prospects",
    "clients": "clients",
    "ambassadeurs": "advocates",
    "chiffre_affaires": "revenue",
    "cout": "cost",
}


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


def remembered(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Keep what a function reads in the tables, for its arguments and for this folder of data; nobody may change it."""

    @cache
    def read(folder: Path, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return function(*args, **kwargs)

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return read(datasets(), *args, **kwargs)  # type: ignore[arg-type]

    return call
