"""Base variants: compact columns under ``datasets/brands/<brand>/variantes/``, read back as tables."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from cmlib.cases.brand import MULTIPLE, SINGLE, Brand, brand_folder
from cmlib.cases.packing import unpacked
from cmlib.data import YEAR
from cmlib.errors import Explained
from cmlib.networks import NETWORKS

START = pd.Timestamp(year=YEAR, month=1, day=1)
AWARENESS = ("spontanee_avant", "spontanee_apres", "assistee_avant", "assistee_apres")


def texts_of(brand_id: str) -> dict[str, Any]:
    """Return the texts of a brand: posts and mentions by rank, problems and findings by id."""
    return _load(brand_folder(brand_id) / "textes.json")


def variant_tables(brand_id: str, variant: int, brand: Brand) -> dict[str, pd.DataFrame]:
    """Return the tables of a base variant by name: ``publications``, ``mentions``, ``enquete``, ``trafic``.

    Raises
    ------
    Explained
        If the file of the variant is missing or damaged.
    """
    columns = _columns(brand_id, variant)
    texts = texts_of(brand_id)
    try:
        posts, mentions, survey, traffic = (_table(columns[name]) for name in ("publications", "mentions", "enquete", "trafic"))
        for table, name in ((posts, "publications"), (mentions, "mentions")):
            table["texte"] = np.array(texts[name], dtype=object)[table["texte"]]
            table.insert(0, "date_heure", START + pd.to_timedelta(table.pop("minute"), unit="min"))
        for name in ("prospects", "clients", "ambassadeurs"):
            traffic[name] = traffic[name] / 10_000
        traffic["panier"] = traffic["panier"] / 100
        traffic["semaine"] = START + pd.to_timedelta(traffic["semaine"], unit="D")
        return {"publications": posts, "mentions": mentions, "enquete": _survey(survey, brand), "trafic": traffic}
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Explained(f"La variante {variant:02d} de « {brand_id} » est abîmée : réinstallez le kit.") from error


def items_asked(brand_id: str, variant: int, kind: str) -> dict[str, str]:
    """Return the problems (``problemes``) or the findings (``constats``) that a variant asks about, by id."""
    try:
        texts = cast(dict[str, str], texts_of(brand_id)[kind])
        return {name: texts[name] for name in _columns(brand_id, variant)["audit"][kind]}
    except (KeyError, TypeError) as error:
        raise Explained(f"La variante {variant:02d} de « {brand_id} » est abîmée : réinstallez le kit.") from error


def _columns(brand_id: str, variant: int) -> dict[str, Any]:
    return _load(brand_folder(brand_id) / "variantes" / f"{variant:02d}.json")


@lru_cache(maxsize=8)
def _load(path: Path) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], json.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise Explained(f"« {path.parent.name}/{path.name} » manque ou est abîmé : réinstallez le kit.") from error


def _table(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: np.array(column["mots"], dtype=object)[unpacked(column["rangs"])] if "mots" in column else unpacked(column)
            for name, column in columns.items()
        }
    )


def _survey(coded: pd.DataFrame, brand: Brand) -> pd.DataFrame:
    table = pd.DataFrame({"age": coded["age"], "sexe": np.where(coded["femme"] == 1, "femme", "homme")})
    for name in SINGLE:
        table[name] = np.array(brand.survey.choices[name], dtype=object)[coded[name]]
    offered = {"reseaux": tuple(NETWORKS.values()), **{name: brand.survey.choices[name] for name in MULTIPLE}}
    for name, answers in offered.items():
        table[name] = [
            " | ".join(answer for place, answer in enumerate(answers) if mask >> place & 1) for mask in coded[name].tolist()
        ]
    for place, name in enumerate(AWARENESS):
        table[name] = (coded["notoriete"].to_numpy() >> place & 1).astype(bool)
    return table.assign(recommandation=coded["recommandation"])
