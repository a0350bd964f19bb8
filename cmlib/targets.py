"""Targets: who they are (persona), where they are found (affinity with a network), how the brand places itself before them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import typeset
from cmlib.inputs import number, vector
from cmlib.networks import network_name
from cmlib.references import load
from cmlib.segments import Members, index_100

if TYPE_CHECKING:
    import pandas as pd

TRAITS = {
    "expectations": "Attentes",
    "dislikes": "Aversions",
    "motivations": "Motivations",
    "barriers": "Freins",
}
"""What a persona hopes for, dislikes, buys for, holds back from (course, chapters 1 and 3), by field of `Persona`."""


@dataclass(frozen=True)
class Persona:
    """A target, told as a person (course, chapters 1 and 3).

    Attributes
    ----------
    name
        Its first name or nickname, invented.
    age
        Youngest and oldest age, in years, both included.
    situation
        Job, household, place.
    networks
        Networks it uses: keys of `cmlib.networks.NETWORKS`.
    expectations, dislikes, motivations
        What it hopes for, what it dislikes, what makes it buy.
    barriers
        What holds it back, psychological or technological.

    Raises
    ------
    InvalidInput
        If the name is empty, the ages make no range of human ages, a network is unknown, a list holds no texts, or no motivation.

    Examples
    --------
    >>> Persona("Léa", (18, 25), "étudiante à Grenoble", ("instagram",), motivations=("le prix",)).age
    (18, 25)
    """

    name: str
    age: tuple[float, float]
    situation: str
    networks: tuple[str, ...]
    expectations: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    motivations: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidInput("La cible n’a pas de nom (name) : donnez-lui un prénom, inventé.")
        _ages(self.age)
        if not isinstance(self.situation, str):
            raise InvalidInput(f"{self.name} : la situation (situation) est un texte ; écrivez-la entre guillemets.")
        for field in ("networks", "expectations", "dislikes", "motivations", "barriers"):
            listed = getattr(self, field)
            if not isinstance(listed, tuple | list) or not all(isinstance(text, str) for text in listed):
                raise InvalidInput(f'{self.name} : {field} est une suite de textes ; écrivez par exemple ("le prix",).')
        for network in self.networks:
            network_name(network)
        if not any(text.strip() for text in self.motivations):
            raise InvalidInput(f"{self.name} : il manque une motivation ; dites ce qui la ferait venir.")


def affinity_in_survey(survey: "pd.DataFrame", members: Members, network: str, column: str = "reseaux") -> float:
    """Affinity of a target with a network, measured in a survey: index base 100 of its use.

    Parameters
    ----------
    survey
        One row a respondent.
    members
        The target, as `cmlib.segments.segment` returns.
    network
        An answer of the column.
    column
        Column of the networks used.

    Returns
    -------
    float
        100 when the target uses the network as everybody does, 150 when half as much again; 0 when nobody in it does.

    Raises
    ------
    InvalidInput
        If nobody in the survey uses the network, or as `cmlib.segments.index_100`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> survey = pd.DataFrame({"reseaux": ["Instagram", "Facebook", "Facebook", "Facebook|Instagram"]})
    >>> affinity_in_survey(survey, np.array([True, False, False, True]), "Instagram")
    200.0
    """
    table = index_100(survey, members, column)
    if network not in table.index:
        raise InvalidInput(
            f"Personne n’utilise « {network} » dans l’enquête : choisissez parmi {', '.join(sorted(table.index))}."
        )
    return float(table.loc[network, "index"])  # type: ignore[arg-type]


class TableAffinity(NamedTuple):
    """Affinity read from published profiles, with what it rests on.

    Attributes
    ----------
    base_100
        Index: 100 is the population.
    source
        Profile used: group, origin, year.
    """

    base_100: float
    source: str


def affinity_in_tables(age: tuple[float, float], network: str) -> list[TableAffinity]:
    """Affinity of an age range with a network, from the published profiles of its users: base 100 is the population.

    Each profile says which share of the users is in a group of ages, so which share is not. Compared with the population of the
    same ages, that is an index for the group and one for the others; a target that straddles both gets their mean, weighted by
    population. Within a group and a census band, ages are taken as even: a hypothesis.

    Parameters
    ----------
    age
        Youngest and oldest age, in years, both included.
    network
        A key of `cmlib.networks.NETWORKS`.

    Returns
    -------
    list of TableAffinity
        One for each published profile of the network by age (they may disagree); empty when there is none.

    Raises
    ------
    InvalidInput
        If the network is unknown, or the ages make no range within 15 to 99 years.

    References
    ----------
    Tables ``profils`` (course) and ``population`` (Insee, census of 2015), each row with its origin and year.

    Examples
    --------
    >>> [round(found.base_100) for found in affinity_in_tables((40, 60), "linkedin")]
    [120]
    """
    network_name(network)
    youngest, oldest = _ages(age)
    profiles = load("profils")
    profiles = profiles[(profiles["network"] == network) & (profiles["criterion"] == "age")]
    found = []
    for row in profiles.to_dict("records"):
        low, high = float(row["age_min"]), float(row["age_max"])
        inside, everyone = _people(low, high), _people(min(low, YOUNGEST), OLDEST)
        group = row["share"] / (inside / everyone)
        others = (1 - row["share"]) / (1 - inside / everyone) if inside < everyone else 0.0  # a group of all ages leaves none
        common = _people(max(low, youngest), min(high, oldest))
        whole = _people(youngest, oldest)
        index = 100 * (group * common + others * (whole - common)) / whole
        found.append(TableAffinity(float(index), _cited(row)))
    return found


def affinity_by_sex(sex: Literal["femmes", "hommes"], network: str) -> list[TableAffinity]:
    """Affinity of women or men with a network, from the published profiles of its users: base 100 is the population.

    Raises
    ------
    InvalidInput
        If the network or the group is unknown.

    References
    ----------
    Tables ``profils`` (course) and ``population`` (Insee, 2022).

    Examples
    --------
    >>> [round(found.base_100) for found in affinity_by_sex("femmes", "snapchat")]
    [118]
    """
    network_name(network)
    population = load("population")
    people = population[population["criterion"] == "sexe"].set_index("group")["people"]
    if sex not in people.index:
        raise InvalidInput(f"« {sex} » n’est pas un groupe de la table population : choisissez parmi {', '.join(people.index)}.")
    profiles = load("profils")
    rows = profiles[(profiles["network"] == network) & (profiles["criterion"] == "sexe") & (profiles["group"] == sex)]
    base = float(people[sex] / people.sum())
    return [TableAffinity(100 * float(row["share"]) / base, _cited(row)) for row in rows.to_dict("records")]


@dataclass(frozen=True)
class Positioning:
    """A positioning: the identity that the brand wants people to see (course, chapter 1).

    Who are we, in what are we different, how do we touch the target?

    Raises
    ------
    InvalidInput
        If one part is empty.

    References
    ----------
    The order of the parts is that of Moore, G. A. (1991), Crossing the Chasm.

    Examples
    --------
    >>> place = Positioning(
    ...     brand="Vélambule", target="les familles citadines", need="veulent aller à l’école sans voiture",
    ...     category="le fabricant de vélos", benefit="rend le trajet sûr et gai", proof="chaque vélo s’essaie une semaine",
    ...     alternative="la voiture",
    ... )
    >>> statement(place).startswith("Pour les familles citadines qui veulent")
    True
    """

    brand: str
    target: str
    need: str
    category: str
    benefit: str
    proof: str
    alternative: str

    def __post_init__(self) -> None:
        names = {"brand": "la marque", "target": "la cible", "need": "son besoin", "category": "ce qu’est la marque"}
        names |= {"benefit": "ce qu’elle apporte", "proof": "la preuve", "alternative": "ce à quoi on la compare"}
        for field, name in names.items():
            if not isinstance(getattr(self, field), str) or not getattr(self, field).strip():
                raise InvalidInput(f"Positionnement : il manque {name} ({field}) ; complétez-le.")


def statement(positioning: Positioning) -> str:
    """Write a positioning as one French sentence.

    Examples
    --------
    >>> statement(Positioning("A", "B", "C", "D", "E", "F", "G"))
    'Pour B qui C, A est D qui E, parce que F, contrairement à G.'
    >>> statement(Positioning("A", "B", "C", "D", "E", "un fait le montre", "G"))
    'Pour B qui C, A est D qui E, parce qu’un fait le montre, contrairement à G.'
    """
    it = positioning
    elided = it.proof.lstrip().casefold().startswith(tuple("aàâeéèêëiîïoôuùûœ")) and not it.proof.lstrip().startswith("onz")
    because = "parce qu’" if elided else "parce que "
    return typeset(
        f"Pour {it.target} qui {it.need}, {it.brand} est {it.category} qui {it.benefit}, "
        f"{because}{it.proof}, contrairement à {it.alternative}."
    )


class Territory(NamedTuple):
    """A relational territory: what people say of the brand, and what to do (course, 2011 document)."""

    name: str
    sign: str
    action: str


TERRITORIES = {
    "sensible": Territory("Marque sensible", "santé, sécurité, enfance", "rassurer, informer, répondre"),
    "radar": Territory("Marque sous le radar", "peu de discours", "sortir du cadre"),
    "aimee": Territory("Marque aimée", "on la défend", "répondre, animer, remercier"),
    "fonctionnelle": Territory("Marque fonctionnelle", "on parle de l’usage", "community management, forums, e-réputation"),
}
"""The four territories of the course, by id."""


def relational_territory(
    mentions_per_week: float, defended: float, sensitive: bool, quiet_below: float = 5.0, loved_from: float = 0.5
) -> str:
    """Place a brand in its relational territory, by what people say of it.

    Parameters
    ----------
    mentions_per_week
        Mentions of the brand a week, not negative.
    defended
        Share of mentions that praise or defend it, a fraction; the others speak of its use.
    sensitive
        Whether it deals with health, safety or childhood.
    quiet_below, loved_from
        Mentions under which the brand is not talked about, and share from which it is loved: hypotheses of the project, the
        course gives no figure.

    Returns
    -------
    str
        A key of `TERRITORIES`.

    Raises
    ------
    InvalidInput
        If a number is out of bounds.

    Examples
    --------
    >>> relational_territory(40, defended=0.7, sensitive=False)
    'aimee'
    """
    heard = number(mentions_per_week, "mentions par semaine (mentions_per_week)", at_least=0)
    love = number(defended, "part des mentions qui défendent la marque (defended)", at_least=0, at_most=1)
    if sensitive:
        return "sensible"
    if heard < number(quiet_below, "seuil de silence (quiet_below)", at_least=0):
        return "radar"
    return "aimee" if love >= number(loved_from, "seuil d’attachement (loved_from)", at_least=0, at_most=1) else "fonctionnelle"


class Attitude(NamedTuple):
    """An attitude before a change: what people see in it, and what to do (course, 2011 document)."""

    name: str
    gain: bool
    loss: bool
    action: str


ATTITUDES = {
    "receptifs": Attitude("Réceptifs", gain=True, loss=False, action="mobiliser"),
    "hesitants": Attitude("Hésitants", gain=True, loss=True, action="rassurer, informer"),
    "indifferents": Attitude("Indifférents", gain=False, loss=False, action="motiver, montrer les avantages"),
    "opposants": Attitude("Opposants", gain=False, loss=True, action="lever les freins, ouvrir le dialogue"),
}
"""Attitudes by perceived gain and loss, in the order of the course: begin with the receptive."""


def attitude(gain: bool, loss: bool) -> str:
    """Return the attitude (a key of `ATTITUDES`) of people who see, or not, a gain and a loss.

    Examples
    --------
    >>> attitude(gain=True, loss=True)
    'hesitants'
    """
    return next(name for name, found in ATTITUDES.items() if (found.gain, found.loss) == (bool(gain), bool(loss)))


def attitude_matrix(groups: Mapping[str, tuple[bool, bool]]) -> dict[str, list[str]]:
    """Group audiences by attitude, in the order in which the course advises to address them.

    Parameters
    ----------
    groups
        By audience: does it see a gain, does it see a loss?

    Examples
    --------
    >>> attitude_matrix({"clients": (True, False), "riverains": (False, True)})["opposants"]
    ['riverains']
    """
    return {name: [who for who, seen in groups.items() if attitude(*seen) == name] for name in ATTITUDES}


YOUNGEST, OLDEST = 15, 99
"""Ages of the published profiles: nobody younger is counted."""


def _ages(age: tuple[float, float]) -> tuple[float, float]:
    youngest, oldest = vector(age, "âge (age)", length=2, at_least=YOUNGEST, at_most=OLDEST, whole=True).tolist()
    if youngest > oldest:
        raise InvalidInput("Un âge va du plus jeune au plus vieux, par exemple (18, 25) : inversez les deux.")
    return youngest, oldest


def _people(youngest: float, oldest: float) -> float:
    """Population of an age range, both ages included, even within a census band."""
    table = load("population")
    total = 0.0
    for row in table[table["criterion"] == "age"].to_dict("records"):
        low, high = float(row["age_min"]), float(row["age_max"])
        years = min(high, oldest) - max(low, youngest) + 1
        total += max(0.0, years) / (high - low + 1) * float(row["people"])
    return total


def _cited(row: Mapping[Hashable, object]) -> str:
    return f"{row['group']}, {row['area']}, {row['source']}, {row['year']}"
