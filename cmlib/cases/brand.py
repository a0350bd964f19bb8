"""What everybody may know of a brand: ``datasets/brands/<brand>/marque.yml``, its brief, its texts to classify."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cmlib.data import datasets
from cmlib.errors import Explained
from cmlib.networks import NETWORKS
from cmlib.validation import first_problem

IMAGES = {
    "atelier": "atelier ou gestes",
    "portrait": "portrait",
    "produit": "produit",
    "paysage": "paysage ou lieu",
    "evenement": "événement",
    "citation": "citation",
    "illustration": "illustration",
    "ecran": "capture d’écran",
    "banque": "photo de banque d’images",
    "montage": "montage surchargé",
}
"""Kinds of pictures that a post may carry, by id, with their French label."""

CORNERS = {
    "bas-droite": "en bas à droite",
    "bas-gauche": "en bas à gauche",
    "haut-droite": "en haut à droite",
    "haut-gauche": "en haut à gauche",
}
"""Where a logo may be, by id, with its French label."""

SINGLE = ("csp", "revenu", "habitat", "frequence", "achat")
MULTIPLE = (
    "interets", "attentes", "gouts", "aversions", "motivations", "freins_psychologiques", "freins_technologiques",
)  # fmt: skip
"""Questions of the survey with one answer a respondent, and with several."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times faster where it was compiled

Image: TypeAlias = Literal[
    "atelier", "portrait", "produit", "paysage", "evenement", "citation", "illustration", "ecran", "banque", "montage"
]
Corner: TypeAlias = Literal["bas-droite", "bas-gauche", "haut-droite", "haut-gauche"]
Network: TypeAlias = Literal["facebook", "instagram", "tiktok", "linkedin", "snapchat", "youtube", "x", "pinterest"]
M = TypeVar("M", bound=BaseModel)


class Facts(BaseModel):
    """Part of a description: French names in the file, no unknown field, no change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)


class Team(Facts):
    """Who runs the networks, and what they can sustain."""

    people: int = Field(alias="personnes", ge=1)
    hours_a_week: float = Field(alias="heures_par_semaine", gt=0)
    posts_a_week: float = Field(alias="publications_par_semaine", gt=0)


class Palette(Facts):
    """Colours of the graphic charter, by French name: ``#RRGGBB``."""

    backgrounds: dict[str, str] = Field(alias="fonds", min_length=2)
    accents: dict[str, str] = Field(min_length=1)


class Charter(Facts):
    """The graphic charter, and the tone in one sentence."""

    colours: Palette = Field(alias="couleurs")
    logo: Corner
    images: tuple[Image, ...] = Field(min_length=3)
    refused_images: tuple[Image, ...] = Field(alias="images_ecartees", min_length=2)
    typography: str = Field(alias="typographie")
    tone: str = Field(alias="ton")


class Event(Facts):
    """A highlight of the brand's calendar, last year and the year that is planned."""

    id: str
    name: str = Field(alias="nom")
    start: date = Field(alias="debut")
    end: date = Field(alias="fin")
    next_start: date = Field(alias="debut_2026")
    next_end: date = Field(alias="fin_2026")
    description: str


class Competitor(Facts):
    """A competitor, or a reference of another sector; yearly orders of magnitude, on the brand's main network."""

    name: str = Field(alias="nom")
    kind: Literal["concurrent", "référence"] = Field(alias="type")
    sector: str = Field(alias="secteur")
    mentions: int = Field(gt=0)
    followers: int = Field(alias="abonnes", gt=0)
    posts_a_week: float = Field(alias="publications_par_semaine", gt=0)
    interactions_a_post: float = Field(alias="interactions_par_publication", gt=0)
    strength: str = Field(alias="point_fort")


class SurveyPlan(Facts):
    """Who was asked, and the answers that each question offers."""

    population: str
    choices: dict[str, tuple[str, ...]] = Field(alias="modalites")

    @model_validator(mode="after")
    def _complete(self) -> "SurveyPlan":
        if set(self.choices) != {*SINGLE, *MULTIPLE}:
            raise ValueError(f"les questions sont {', '.join((*SINGLE, *MULTIPLE))}")
        for name, offered in self.choices.items():
            if len(set(offered)) != len(offered) or len(offered) < 3 or any("|" in text or not text.strip() for text in offered):
                raise ValueError(f"« {name} » : il faut trois réponses au moins, distinctes et sans barre verticale")
        return self


class Brand(Facts):
    """What everybody may know of a brand."""

    name: str = Field(alias="nom", min_length=1)
    sector: str = Field(alias="secteur")
    presentation: str
    main_network: Network = Field(alias="reseau_principal")
    networks: tuple[Network, ...] = Field(alias="reseaux", min_length=2)
    team: Team = Field(alias="equipe")
    annual_budget: float = Field(alias="budget_annuel", gt=0)
    charter: Charter = Field(alias="charte")
    events: tuple[Event, ...] = Field(alias="temps_forts", min_length=3)
    competitors: tuple[Competitor, ...] = Field(alias="concurrents")
    survey: SurveyPlan = Field(alias="enquete")

    @model_validator(mode="after")
    def _coherent(self) -> "Brand":
        if self.main_network not in self.networks:
            raise ValueError("le réseau principal n’est pas parmi les réseaux")
        if sorted(other.kind for other in self.competitors) != ["concurrent"] * 3 + ["référence"] * 2:
            raise ValueError("il faut trois concurrents et deux références d’un autre secteur")
        if set(self.charter.images) & set(self.charter.refused_images):
            raise ValueError("une image est à la fois permise et écartée")
        if any(event.end < event.start or event.next_end < event.next_start for event in self.events):
            raise ValueError("un temps fort finit avant de commencer")
        return self

    @property
    def main_network_name(self) -> str:
        """The main network as it is written: « Instagram »."""
        return NETWORKS[self.main_network]


@cache
def _brand(path: Path, modified: int) -> Brand:
    return read_facts(Brand, path)


def load_brand(brand_id: str) -> Brand:
    """Read the public facts of a brand.

    Raises
    ------
    Explained
        If its file is missing, or says something that cannot be.
    """
    path = brand_folder(brand_id) / "marque.yml"
    try:
        return _brand(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise Explained(f"La marque « {brand_id} » manque : réinstallez le kit.") from error


def brand_folder(brand_id: str) -> Path:
    """Return the folder of a brand in ``datasets/``."""
    return datasets() / "brands" / brand_id


def read_facts(model: type[M], path: Path) -> M:
    """Read a YAML file as a description.

    Raises
    ------
    Explained
        If it is not YAML, or not what the description asks for: the sentence names the file and the field.
    OSError
        If it cannot be read.
    """
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f", ligne {line + 1}" if line is not None else ""
        raise Explained(f"« {path.parent.name}/{path.name} » n’est pas un fichier YAML lisible{where} : corrigez-le.") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise Explained(f"« {path.parent.name}/{path.name} » : {first_problem(error)}") from error
