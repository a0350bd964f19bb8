"""What the author of a brand wrote, read and checked: one folder a brand, four files, beside the public ones.

``annee.yml`` sets the numbers of the year, ``publications.yml`` and ``mentions.yml`` hold the texts, ``audit.yml`` the
problems and findings to classify, each with its key. « python -m cmlib.authoring.brands.source velambule » checks a brand.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from cmlib.cases.brand import MULTIPLE, SINGLE, Brand, Facts, Image, Network, brand_folder, read_facts
from cmlib.data import YEAR
from cmlib.errors import Explained, reason
from cmlib.french import typeset

SOURCES = Path(__file__).resolve().parent
SLOT = re.compile(r"\{(\w+)\}")

Window: TypeAlias = tuple[date, date]
Words: TypeAlias = dict[str, tuple[str, ...]]
Texts: TypeAlias = tuple[str, ...]
Weights: TypeAlias = dict[str, float]


class NetworkYear(Facts):
    """A brand's year on a network: followers on the first and the last day, medians, pace, hours, formats, a silence."""

    followers: tuple[int, int] = Field(alias="abonnes")
    reach: float = Field(alias="portee", gt=0, lt=1)
    engagement: float = Field(gt=0, lt=0.2)
    posts_a_week: float = Field(alias="par_semaine", gt=0.3, le=7)
    hours: tuple[int, ...] = Field(alias="heures", min_length=2)
    formats: dict[str, float] = Field(min_length=1)
    silence: Window


class Theme(Facts):
    """How often a theme comes back, and how much it makes people react (1: as the others)."""

    weight: float = Field(alias="poids", gt=0)
    lift: float = Field(alias="effet", gt=0.2, lt=3)


class CampaignPlan(Facts):
    """The paid campaign of the year: when it may take place, for how many euros, on which networks."""

    name: str = Field(alias="nom")
    windows: tuple[Window, ...] = Field(alias="fenetres", min_length=2)
    budget: tuple[int, int]
    networks: tuple[Network, ...] = Field(alias="reseaux", min_length=1)


class Traffic(Facts):
    """Visits a week by source, rates of passage, basket, costs, season of the twelve months."""

    visitors: dict[Literal["owned", "earned", "paid_par_euro"], float] = Field(alias="visiteurs")
    rates: dict[Literal["prospects", "clients", "ambassadeurs"], float] = Field(alias="taux")
    basket: float = Field(alias="panier", gt=0)
    costs: dict[Literal["owned", "earned"], float] = Field(alias="couts")
    season: tuple[float, ...] = Field(alias="saison", min_length=12, max_length=12)


class MentionPace(Facts):
    """Mentions a week in ordinary times, where, and the shares of the two tones."""

    a_week: float = Field(alias="par_semaine", ge=5, le=40)
    networks: dict[Network, float] = Field(alias="reseaux", min_length=2)
    positive: float = Field(gt=0, lt=1)
    negative: float = Field(gt=0, lt=0.4)


class CrisisWindows(Facts):
    """When a crisis may begin."""

    windows: tuple[Window, ...] = Field(alias="fenetres", min_length=2)


class Segment(Facts):
    """A group of the survey: who is in it, what it likes more and less than the others."""

    name: str = Field(alias="nom")
    share: float = Field(alias="part", ge=0.15, le=0.6)
    age: tuple[int, int]
    women: float = Field(alias="femmes", ge=0, le=1)
    csp: Weights = Field(default_factory=dict)
    revenu: Weights = Field(default_factory=dict)
    habitat: Weights = Field(default_factory=dict)
    frequence: Weights = Field(default_factory=dict)
    achat: Weights = Field(default_factory=dict)
    networks: dict[Network, float] = Field(alias="reseaux")
    strong: dict[str, tuple[str, ...]] = Field(alias="fort")
    weak: dict[str, tuple[str, ...]] = Field(alias="faible", default_factory=dict)
    rating: float = Field(alias="recommandation", ge=0, le=10)
    gain: float = Field(ge=0, le=0.3)


class SurveySource(Facts):
    """The survey: awareness before the campaign, and the groups behind the answers."""

    awareness: dict[Literal["spontanee", "assistee"], float] = Field(alias="notoriete")
    segments: tuple[Segment, ...] = Field(min_length=3)


class Year(Facts):
    """The numbers of a brand's year (``annee.yml``)."""

    networks: dict[Network, NetworkYear] = Field(alias="reseaux")
    themes: dict[str, Theme] = Field(min_length=4)
    campaign: CampaignPlan = Field(alias="campagne")
    traffic: Traffic = Field(alias="trafic")
    mentions: MentionPace
    crises: CrisisWindows
    survey: SurveySource = Field(alias="enquete")


class PostText(Facts):
    """A text of the brand, with the kinds of picture that suit it."""

    text: str = Field(alias="texte", min_length=20)
    images: tuple[Image, ...] = Field(min_length=1)
    off_tone: bool = Field(alias="hors_ton", default=False)


class EventTexts(Facts):
    """What the brand publishes around a highlight."""

    before: Texts = Field(alias="avant", min_length=1)
    during: Texts = Field(alias="pendant", min_length=1)
    after: Texts = Field(alias="apres", min_length=1)


class PostTexts(Facts):
    """The texts of the brand (``publications.yml``)."""

    words: Words = Field(alias="mots", default_factory=dict)
    themes: dict[str, tuple[PostText, ...]]
    campaign: tuple[PostText, ...] = Field(alias="campagne", min_length=4)
    events: dict[str, EventTexts] = Field(alias="temps_forts")


class CrisisPost(Facts):
    """The post that a crisis is born from."""

    network: Network = Field(alias="reseau")
    format: str
    theme: str
    image: Image
    text: str = Field(alias="texte")


class Crisis(Facts):
    """A crisis: its cause, what people say in each phase, what the brand answers."""

    id: str
    summary: str = Field(alias="resume")
    post: CrisisPost = Field(alias="publication")
    reply: str = Field(alias="reponse")
    alert: Texts = Field(alias="alerte", min_length=5)
    anger: Texts = Field(alias="colere", min_length=15)
    relay: Texts = Field(alias="relais", min_length=4)
    support: Texts = Field(alias="soutien", min_length=3)
    calm: Texts = Field(alias="apaisement", min_length=4)


class CampaignReactions(Facts):
    """What people say of the campaign."""

    positive: Texts
    neutral: Texts = Field(alias="neutre")
    negative: Texts


class EventReactions(Facts):
    """What people say of the highlights."""

    positive: Texts
    neutral: Texts = Field(alias="neutre")


class MentionTexts(Facts):
    """What people say (``mentions.yml``)."""

    words: Words = Field(alias="mots", default_factory=dict)
    positive: Texts = Field(min_length=30)
    neutral: Texts = Field(alias="neutre", min_length=30)
    negative: Texts = Field(min_length=20)
    irony: Texts = Field(alias="ironie", min_length=4)
    campaign: CampaignReactions = Field(alias="campagne")
    events: EventReactions = Field(alias="temps_forts")
    crises: tuple[Crisis, ...] = Field(min_length=2)


class Problem(Facts):
    """A problem of the brand, and the family of objectives that answers it; its id never changes, and tells nothing."""

    id: str = Field(pattern=r"^[a-z]{3,12}$")
    text: str = Field(alias="texte")
    key: Literal["visibilite", "engagement", "opinion", "performance"] = Field(alias="famille")


class Finding(Facts):
    """A finding of the audit, and its place in the SWOT; its id never changes, and tells nothing."""

    id: str = Field(pattern=r"^[a-z]{3,12}$")
    text: str = Field(alias="texte")
    key: Literal["forces", "faiblesses", "opportunites", "menaces"] = Field(alias="case")


class Audit(Facts):
    """Problems and findings (``audit.yml``): as many for each key, so that a draw can take the same number of each."""

    problems: tuple[Problem, ...] = Field(alias="problemes", min_length=8)
    findings: tuple[Finding, ...] = Field(alias="constats", min_length=12)

    @model_validator(mode="after")
    def _balanced(self) -> "Audit":
        for what, items, least in (("problèmes", self.problems, 2), ("constats", self.findings, 4)):
            keys = [item.key for item in items]
            if min(map(keys.count, set(keys))) < least or len(set(keys)) < 4:
                raise ValueError(f"{what} : il en faut au moins {least} pour chacune des quatre cases")
            if len({item.text for item in items}) < len(items):
                raise ValueError(f"{what} : un texte est écrit deux fois")
            if len({item.id for item in items}) < len(items):
                raise ValueError(f"{what} : un identifiant sert deux fois")
        return self


@dataclass(frozen=True)
class Source:
    """Everything the author of a brand wrote."""

    brand_id: str
    brand: Brand
    year: Year
    posts: PostTexts
    mentions: MentionTexts
    audit: Audit


def read_source(brand_id: str) -> Source:
    """Read what the author of a brand wrote.

    Raises
    ------
    Explained
        If a file is missing or wrong, or if two files disagree: every disagreement is told.
    """
    folder = SOURCES / brand_id
    try:
        source = Source(
            brand_id,
            read_facts(Brand, brand_folder(brand_id) / "marque.yml"),
            read_facts(Year, folder / "annee.yml"),
            read_facts(PostTexts, folder / "publications.yml"),
            read_facts(MentionTexts, folder / "mentions.yml"),
            read_audit(brand_id),
        )
    except OSError as error:
        raise Explained(f"Marque « {brand_id} » : « {Path(str(error.filename)).name} » manque ({reason(error)}).") from error
    wrong = list(_disagreements(source))
    if wrong:
        raise Explained(f"Marque « {brand_id} » : {' ; '.join(wrong)}.")
    return source


def read_audit(brand_id: str) -> Audit:
    """Read the problems and findings of a brand, with their keys (see `cmlib.cases.brand.read_facts` for what it raises)."""
    return read_facts(Audit, SOURCES / brand_id / "audit.yml")


def _disagreements(source: Source) -> Iterable[str]:
    brand, year = source.brand, source.year
    if set(year.networks) != set(brand.networks):
        yield "annee.yml n’a pas les réseaux de marque.yml"
    if set(year.themes) != set(source.posts.themes):
        yield "annee.yml n’a pas les thèmes de publications.yml"
    elif min(year.themes, key=lambda name: year.themes[name].lift) != "promotion":
        yield "le thème « promotion » doit avoir l’effet le plus bas"
    if set(source.posts.events) != {event.id for event in brand.events}:
        yield "publications.yml n’a pas les temps forts de marque.yml"
    yield from _wrong_images(source)
    yield from _wrong_answers(source)
    for name, texts, words in (
        ("publications.yml", _post_texts(source.posts), source.posts.words),
        ("mentions.yml", _mention_texts(source.mentions), source.mentions.words),
    ):
        unknown = sorted({slot for text in texts for slot in SLOT.findall(text)} - set(words))
        if unknown:
            yield f"{name} : {', '.join(unknown)} n’est pas dans « mots »"
    for crisis in source.mentions.crises:
        if crisis.post.network not in year.networks or crisis.post.theme not in year.themes:
            yield f"la crise « {crisis.id} » naît sur un réseau ou un thème que la marque n’a pas"
        elif crisis.post.format not in year.networks[crisis.post.network].formats:
            yield f"la crise « {crisis.id} » naît d’un format absent de {crisis.post.network}"
    for first, last in (*year.campaign.windows, *year.crises.windows, *(network.silence for network in year.networks.values())):
        if not first < last or first.year != YEAR or last.year != YEAR:
            yield f"la période du {first} au {last} n’est pas dans {YEAR}"
    if abs(sum(segment.share for segment in year.survey.segments) - 1) > 1e-9:
        yield "les parts des segments ne font pas 1"


def _wrong_images(source: Source) -> Iterable[str]:
    allowed = set(source.brand.charter.images)
    used = {image for texts in source.posts.themes.values() for text in texts for image in text.images}
    used |= {image for text in source.posts.campaign for image in text.images}
    used |= {crisis.post.image for crisis in source.mentions.crises}
    if used - allowed:
        yield f"images hors charte dans les textes : {', '.join(sorted(used - allowed))}"


def _wrong_answers(source: Source) -> Iterable[str]:
    choices = source.brand.survey.choices
    for segment in source.year.survey.segments:
        given = {name: tuple(getattr(segment, name)) for name in SINGLE}
        for name, answers in (*given.items(), *segment.strong.items(), *segment.weak.items()):
            unknown = [answer for answer in answers if answer not in choices.get(name, ())]
            if unknown:
                yield f"segment « {segment.name} », {name} : « {unknown[0]} » n’est pas dans marque.yml"
        if not set(segment.strong) <= set(MULTIPLE) or not set(segment.weak) <= set(MULTIPLE):
            yield f"segment « {segment.name} » : fort et faible ne portent que sur {', '.join(MULTIPLE)}"
        if not {"motivations", "freins_psychologiques"} <= set(segment.strong):
            yield f"segment « {segment.name} » : il faut au moins une motivation et un frein psychologique forts"
    for name in ("motivations", "freins_psychologiques"):
        strong = [answer for segment in source.year.survey.segments for answer in segment.strong.get(name, ())]
        if len(set(strong)) < len(strong):
            yield f"deux segments partagent une réponse forte en {name}"


def _post_texts(posts: PostTexts) -> Iterable[str]:
    yield from (text.text for texts in posts.themes.values() for text in texts)
    yield from (text.text for text in posts.campaign)
    for event in posts.events.values():
        yield from (*event.before, *event.during, *event.after)


def _mention_texts(mentions: MentionTexts) -> Iterable[str]:
    yield from (*mentions.positive, *mentions.neutral, *mentions.negative, *mentions.irony)
    yield from (*mentions.campaign.positive, *mentions.campaign.neutral, *mentions.campaign.negative)
    yield from (*mentions.events.positive, *mentions.events.neutral)
    for crisis in mentions.crises:
        yield from (*crisis.alert, *crisis.anger, *crisis.relay, *crisis.support, *crisis.calm)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        try:
            read_source(name)
            print(f"{name} : les fichiers de la marque se lisent et s’accordent.")
        except Explained as error:
            sys.exit(typeset(f"⚠ {error}"))
