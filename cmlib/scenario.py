"""A campaign scenario: what is decided, week by week, and for whom; checked as a whole before anything is simulated."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from cmlib.errors import Explained, InvalidInput
from cmlib.french import read_time, untypeset, write_quantity
from cmlib.inputs import Array
from cmlib.networks import NETWORKS, WEEKDAYS, in_advised_slot
from cmlib.references import load
from cmlib.validation import first_problem

FORMATS = ("photo", "video", "carrousel", "lien", "story")
"""Formats of a post; their effect is in the table ``modele``."""

GOALS = ("awareness", "reach", "engagements", "visitors", "prospects", "clients", "revenue")
"""What a campaign may aim at: a measure of `cmlib.campaign.simulate`."""

Network: TypeAlias = Literal["facebook", "instagram", "tiktok", "linkedin", "snapchat", "youtube", "x", "pinterest"]
Format: TypeAlias = Literal["photo", "video", "carrousel", "lien", "story"]
Fraction: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Amount: TypeAlias = Annotated[float, Field(ge=0, le=1e9)]
Weekly: TypeAlias = Amount | list[Amount]
Formats: TypeAlias = Format | list[Format]
Slots: TypeAlias = str | list[str | None] | None
"""The same every week, or one value a week."""


class ScenarioError(Explained):
    """A scenario that cannot be simulated: the sentence names the field and what it needs."""


_inside: ContextVar[bool] = ContextVar("inside a scenario", default=False)


class Part(BaseModel):
    """A part of a scenario: no unknown field, no change once it is made, errors in French."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _tell_in_french(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if _inside.get():  # the outermost part tells, with the whole path to the field
            part = handler(value)
            if problem := part.problem():
                raise ValueError(problem)
            return part
        token = _inside.set(True)
        try:
            part = handler(value)
        except ValidationError as error:
            raise ScenarioError(first_problem(error)) from error
        finally:
            _inside.reset(token)
        if problem := part.problem():
            raise ScenarioError(problem)
        return part

    def problem(self) -> str:
        """Say in French what does not hold together in this part; nothing when all is well."""
        return ""


class Target(Part):
    """People to reach, and the share of them who use each network."""

    name: str = Field(min_length=1)
    people: float = Field(gt=0, le=1e9)
    usage: dict[Network, Fraction] = Field(min_length=1)


class Brand(Part):
    """Where the brand starts from: followers by network, awareness, visits a week, average basket in euros."""

    name: str = Field(min_length=1)
    followers: dict[Network, Amount] = {}
    awareness: float = Field(default=0.1, ge=0, lt=1)
    visits: Amount = 0.0
    basket: Amount = 0.0


class Goal(Part):
    """What the campaign aims at: a measure, and its value at the end (awareness) or in total."""

    kpi: Literal["awareness", "reach", "engagements", "visitors", "prospects", "clients", "revenue"]
    target: float = Field(ge=1e-6, le=1e12)

    def problem(self) -> str:
        """Say that a share cannot exceed everybody."""
        if self.kpi in ("awareness", "reach") and self.target > 1:
            return f"target : {self.target:g} ; il faut une part entre 0 et 1 (50 % s’écrit 0.5)."
        return ""


class Paid(Part):
    """Advertising on a network: euros a week, and the format of what is shown."""

    network: Network
    spend: Weekly
    format: Formats = "photo"


class Owned(Part):
    """Posts on the brand's own account: how many a week, in which format, at which moment (« jeudi 13:00 »)."""

    network: Network
    posts: Weekly
    format: Formats = "photo"
    slot: Slots = None

    def problem(self) -> str:
        """Say what is wrong with a slot."""
        try:
            for slot in self.slot if isinstance(self.slot, list) else [self.slot]:
                _moment(slot or "lundi 9:00")
        except InvalidInput as error:
            return f"slot : {error}"
        return ""

    def advised(self, weeks: int) -> list[bool]:
        """Tell for each week whether the slot is one that a source advises on that network."""
        slots = each_week(self.slot, weeks)
        known = {slot: bool(slot) and in_advised_slot(self.network, _moment(slot)) is True for slot in set(slots)}
        return [known[slot] for slot in slots]


class Earned(Part):
    """What others say: relays of influence a week, and how far a share carries (R, people who share in turn)."""

    relays: Weekly = 0.0
    transmission: float | None = Field(default=None, ge=0, le=5)


class Lever(Part):
    """Work on a passage of the funnel: points gained (0.01 is one point) and what they cost in all, in euros."""

    passage: Literal["visiteur", "prospect", "client"]
    points: float = Field(ge=0, le=0.2)
    cost: Amount = 0.0


class CrisisEvent(Part):
    """A wave of criticism: its week, how hard it hits the tone (0 to 1), and what the brand does."""

    week: int = Field(ge=1)
    severity: Fraction
    response: Literal["reponse", "silence", "suppression"] = "silence"


class Scenario(Part):
    """A campaign: decisions, week by week, within a budget.

    Attributes
    ----------
    story
        What a report tells first: where the brand stands, what it tries.
    brand, targets, goal
        For whom, and what for.
    budget
        Euros; what is decided must fit in it.
    start
        First day of week 1: prices follow the season.
    weeks
        Horizon, from 1 to 52.
    paid, owned, articles, earned, levers
        Decisions; at most one line a network, articles a week for the site and the blog.
    crisis
        A wave of criticism that the scenario foresees, or None.
    seed
        Draws the luck: the same seed is the same luck, whatever is decided.

    Raises
    ------
    ScenarioError
        If a field is missing, unknown or out of bounds, or the decisions cost more than the budget.

    Examples
    --------
    >>> families = {"name": "familles", "people": 20_000, "usage": {"facebook": 0.7}}
    >>> plan = {"brand": {"name": "Vélambule"}, "targets": [families], "goal": {"kpi": "awareness", "target": 0.2},
    ...     "budget": 3_000, "weeks": 12, "paid": [{"network": "facebook", "spend": 200}]}
    >>> planned_cost(Scenario(**plan))
    2400.0
    """

    story: str = Field(default="", max_length=2_000)
    brand: Brand
    targets: list[Target] = Field(min_length=1)
    goal: Goal
    budget: Amount
    start: date = date(2026, 1, 5)
    weeks: int = Field(default=12, ge=1, le=52)
    paid: list[Paid] = []
    owned: list[Owned] = []
    articles: Weekly = 0.0
    earned: Earned = Earned()
    levers: list[Lever] = []
    crisis: CrisisEvent | None = None
    seed: int = Field(default=1, ge=0)

    def problem(self) -> str:
        """Say which decisions do not hold together, or cost more than the budget."""
        if not 1900 <= self.start.year <= 2100:
            return f"start : {self.start} ; il faut une date entre 1900 et 2100."
        used = {network for target in self.targets for network, share in target.usage.items() if share > 0}
        paid, owned = [line.network for line in self.paid], [line.network for line in self.owned]
        for kind, networks in (("paid", paid), ("owned", owned)):
            for network in networks:
                if networks.count(network) > 1:
                    return f"{kind} : {NETWORKS[network]} figure deux fois ; gardez une seule ligne par réseau."
                if network not in used:
                    return f"{NETWORKS[network]} : aucune cible ne l’utilise (targets, usage) ; retirez-le, ou changez l’usage."
        named = [
            *((f"paid, {line.network}, spend", line.spend) for line in self.paid),
            *((f"paid, {line.network}, format", line.format) for line in self.paid),
            *((f"owned, {line.network}, posts", line.posts) for line in self.owned),
            *((f"owned, {line.network}, format", line.format) for line in self.owned),
            *((f"owned, {line.network}, slot", line.slot) for line in self.owned),
            ("articles", self.articles),
            ("earned, relays", self.earned.relays),
        ]
        for name, value in named:
            if isinstance(value, list) and len(value) != self.weeks:
                return f"{name} : {len(value)} valeurs pour {self.weeks} semaines ; donnez-en une par semaine, ou une seule."
        if self.crisis is not None and self.crisis.week > self.weeks:
            return f"crisis, week : {self.crisis.week} ; il faut une semaine entre 1 et {self.weeks}."
        cost = planned_cost(self)
        if cost > self.budget + 0.005:
            planned, budget = write_quantity(cost, "€"), write_quantity(self.budget, "€")
            excess = write_quantity(cost - self.budget, "€")
            return f"Les décisions coûtent {planned} pour un budget de {budget} : retirez {excess}, ou changez « budget »."
        return ""


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a YAML file.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not YAML, or does not hold a scenario.

    Examples
    --------
    >>> from cmlib.data import datasets
    >>> read_scenario(datasets() / "scenarios" / "velambule-printemps.yml").weeks
    12
    """
    from cmlib.yaml_files import read_yaml

    try:
        data = read_yaml(path)
    except Explained as error:
        raise ScenarioError(untypeset(str(error))) from error
    if not isinstance(data, dict):
        raise ScenarioError(f"« {path.name} » : un scénario commence par des champs comme brand, targets, budget.")
    try:
        return Scenario.model_validate(data)
    except ScenarioError as error:
        said = untypeset(str(error))
        raise ScenarioError(f"« {path.name} »{' :' if said[0].isupper() else ','} {said}") from error


def each_week(value: Any, weeks: int) -> list[Any]:
    """Return one value a week, of any kind.

    Examples
    --------
    >>> each_week("photo", 2)
    ['photo', 'photo']
    """
    return list(value) if isinstance(value, list) else [value] * weeks


def weekly(value: Weekly, weeks: int) -> Array:
    """Return one value a week.

    Examples
    --------
    >>> weekly(3, 2)
    array([3., 3.])
    """
    return np.asarray(value, dtype=float) if isinstance(value, list) else np.full(weeks, float(value))


def weekly_cost(scenario: Scenario) -> Array:
    """Return what the decisions cost each week, in euros; levers are paid on the first.

    Examples
    --------
    >>> float(weekly_cost(_EXAMPLE)[0])
    0.0
    """
    prices = load("modele").set_index("parameter")["value"]
    weeks = scenario.weeks
    cost = sum((weekly(line.spend, weeks) for line in scenario.paid), np.zeros(weeks))
    cost = cost + float(prices["cout_post"]) * sum((weekly(line.posts, weeks) for line in scenario.owned), np.zeros(weeks))
    cost = cost + float(prices["cout_article"]) * weekly(scenario.articles, weeks)
    cost = cost + float(prices["cout_relais"]) * weekly(scenario.earned.relays, weeks)
    cost[0] += sum(lever.cost for lever in scenario.levers)
    return cost


def planned_cost(scenario: Scenario) -> float:
    """Return what all the decisions cost, in euros.

    Examples
    --------
    >>> planned_cost(_EXAMPLE)
    0.0
    """
    return float(weekly_cost(scenario).sum())


def spliced(scenario: Scenario, week: int, decisions: Mapping[str, Any]) -> Scenario:
    """Change decisions from a week on: what was decided before is kept.

    Parameters
    ----------
    scenario
        Decisions so far.
    week
        First week of the new decisions, from 1.
    decisions
        Any of ``paid``, ``owned``, ``articles``, ``earned`` (its relays), as in `Scenario`. What they say of the weeks from
        ``week`` on replaces what was decided; a network that they do not name stops.

    Raises
    ------
    ScenarioError
        If the week is out of the horizon, a decision is unknown, or the whole no longer holds.

    Examples
    --------
    >>> spliced(_EXAMPLE, 3, {"articles": 1}).articles
    [0.0, 0.0, 1.0, 1.0]
    """
    weeks = scenario.weeks
    if not 1 <= week <= weeks:
        raise ScenarioError(f"Semaine {week} : il faut une semaine entre 1 et {weeks}.")
    unknown = [name for name in decisions if name not in ("paid", "owned", "articles", "earned")]
    if unknown:
        raise ScenarioError(f"« {unknown[0]} » ne se change pas en route : prenez paid, owned, articles ou earned.")
    new = Scenario.model_validate(scenario.model_dump() | {"budget": 1e9} | dict(decisions))
    if "earned" in decisions and new.earned.transmission != scenario.earned.transmission:
        raise ScenarioError("earned, transmission : R ne se décide pas en route ; ne changez que les relais (relays).")

    def joined(before: Any, after: Any) -> list[Any]:
        return [*each_week(before, weeks)[: week - 1], *each_week(after, weeks)[week - 1 :]]

    def lines(kind: str, amount: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
        old = {line.network: line for line in getattr(scenario, kind)}
        changed = {line.network: line for line in getattr(new, kind)}
        found = []
        for network in dict.fromkeys([*old, *changed]):
            before, after = old.get(network, changed.get(network)), changed.get(network, old.get(network))
            amounts = getattr(old.get(network), amount, 0.0), getattr(changed.get(network), amount, 0.0)
            line = {field: joined(getattr(before, field), getattr(after, field)) for field in fields}
            found.append({"network": network, amount: joined(*amounts)} | line)
        return found

    return Scenario.model_validate(
        scenario.model_dump()
        | {
            "paid": lines("paid", "spend", ("format",)),
            "owned": lines("owned", "posts", ("format", "slot")),
            "articles": joined(scenario.articles, new.articles),
            "earned": scenario.earned.model_dump() | {"relays": joined(scenario.earned.relays, new.earned.relays)},
        }
    )


def _moment(slot: str) -> datetime:
    """Read « jeudi 13:00 »: a moment of the week, on any week."""
    day, _, at = untypeset(slot).partition(" ")
    if day.casefold() not in WEEKDAYS:
        raise InvalidInput(f"« {slot} » n’est pas un créneau : écrivez un jour et une heure, par exemple jeudi 13:00.")
    return datetime.combine(date(2026, 1, 5) + timedelta(days=WEEKDAYS.index(day.casefold())), read_time(at))


_EXAMPLE = Scenario(
    brand=Brand(name="Vélambule"),
    targets=[Target(name="familles", people=20_000, usage={"facebook": 0.7})],
    goal=Goal(kpi="awareness", target=0.2),
    budget=10_000,
    weeks=4,
)
