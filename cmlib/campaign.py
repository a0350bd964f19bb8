"""The campaign simulator: a scenario in, its weeks out, for many draws of luck at once.

Each relation is a formula of this library, with its figures in the tables ``simulateur`` and ``modele``;
`docs/modele.md` tells them one by one. Luck depends on the seed alone (`cmlib.noise`): with one seed, only decisions differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from cmlib import media
from cmlib.data import remembered
from cmlib.errors import InvalidInput
from cmlib.inputs import Array, number
from cmlib.networks import cadence
from cmlib.noise import lognormals
from cmlib.references import load
from cmlib.scenario import Formats, Scenario, each_week, spliced, weekly, weekly_cost

MEASURES = {
    "paid": "Impressions achetées (paid)",
    "owned": "Impressions des comptes de la marque (owned)",
    "earned": "Impressions obtenues par d’autres (earned)",
    "impressions": "Impressions",
    "reach": "Couverture de la semaine",
    "cumulative_reach": "Couverture depuis le début",
    "frequency": "Répétition",
    "grp": "GRP",
    "engagements": "Interactions",
    "sentiment": "Tonalité",
    "awareness": "Notoriété",
    "visitors": "Visiteurs",
    "prospects": "Nouveaux prospects",
    "clients": "Nouveaux clients",
    "ambassadors": "Nouveaux ambassadeurs",
    "lost": "Perdus",
    "revenue": "Chiffre d’affaires",
    "cost": "Coût",
    "roas": "ROAS depuis le début",
    "net_roi": "ROI net depuis le début",
}
"""What is simulated each week, by id, with its French label."""

LEVELS = ("reach", "cumulative_reach", "frequency", "sentiment", "awareness", "roas", "net_roi")
"""Measures that a campaign ends at; the others add up."""

_NOBODY = 1e-12  # a share of the audience that is only the noise of floats

_CENT = 0.01

CHUNK = 4096
"""Draws simulated at once, and kept for the bands: memory grows by eight bytes a draw, no more."""


@dataclass(frozen=True)
class Result:
    """What a scenario gives.

    Attributes
    ----------
    scenario
        What was simulated.
    draws, seed
        Number of draws of luck, and where they come from.
    mean
        By measure, its mean over all draws: shape (weeks,).
    kept
        By measure, the first draws one by one: shape (weeks, at most `CHUNK`).
    goal_ends
        The goal's measure at the end of the campaign, for every draw: shape (draws,).
    """

    scenario: Scenario
    draws: int
    seed: int
    mean: Mapping[str, Array]
    kept: Mapping[str, Array]
    goal_ends: Array

    def bands(self, measure: str, levels: tuple[float, ...] = (0.05, 0.5, 0.95)) -> Array:
        """Return quantiles of a measure over the draws kept: shape (levels, weeks)."""
        _known(measure)
        return np.asarray(np.quantile(self.kept[measure], levels, axis=1))

    def outcome(self, measure: str) -> float:
        """Return the mean of a measure at the end of the campaign: its last week for a level, its sum for the others."""
        _known(measure)
        return float(self.mean[measure][-1] if measure in LEVELS else self.mean[measure].sum())

    def outcomes(self, measure: str) -> Array:
        """Return a measure at the end of the campaign for each draw kept."""
        _known(measure)
        return _ends(measure, self.kept[measure])

    def objective(self) -> float:
        """Return the mean outcome of the scenario's goal."""
        return self.outcome(goal_measure(self.scenario))


def simulate(scenario: Scenario, draws: int = 1000, seed: int | None = None) -> Result:
    """Simulate a campaign.

    Parameters
    ----------
    scenario
        Decisions, week by week.
    draws
        Number of draws of luck, from 1 to 10 million.
    seed
        Luck; that of the scenario by default.

    Returns
    -------
    Result
        Means, draws and bands of `MEASURES`: people, euros, fractions (``reach``, ``sentiment``, ``awareness``), GRP in points.
        ``frequency`` is 0 in a week without contact, both ROIs are 0 before the first cent is spent.

    Raises
    ------
    InvalidInput
        If the number of draws is not one.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> simulate(_EXAMPLE, draws=10).outcome("awareness")
    0.1
    """
    count = int(number(draws, "tirages (draws)", at_least=1, at_most=1e7, whole=True))
    luck = scenario.seed if seed is None else int(number(seed, "graine (seed)", at_least=0, whole=True))
    totals = {measure: np.zeros(scenario.weeks) for measure in MEASURES}
    kept: dict[str, Array] = {}
    goal, goal_ends = goal_measure(scenario), np.empty(count)
    for first in range(0, count, CHUNK):
        chunk = _simulate_chunk(scenario, luck, first, min(CHUNK, count - first))
        kept = kept or chunk
        goal_ends[first : first + CHUNK] = _ends(goal, chunk[goal])
        for measure, values in chunk.items():
            totals[measure] += values.sum(axis=1)
    return Result(scenario, count, luck, {measure: total / count for measure, total in totals.items()}, kept, goal_ends)


def continue_from(
    scenario: Scenario, week: int, decisions: Mapping[str, Any], draws: int = 1000, seed: int | None = None
) -> Result:
    """Simulate a campaign whose decisions change from a week on, with the same luck: the weeks before stay what they were.

    Parameters
    ----------
    scenario, week, decisions
        As in `cmlib.scenario.spliced`.
    draws, seed
        As in `simulate`.

    Raises
    ------
    ScenarioError
        If the new decisions do not hold.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> continue_from(_EXAMPLE, 2, {"articles": 1}, draws=10).outcome("cost")
    750.0
    """
    return simulate(spliced(scenario, week, decisions), draws, seed)


def goal_measure(scenario: Scenario) -> str:
    """Return the measure that a scenario aims at: its coverage is that of the whole campaign.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> goal_measure(_EXAMPLE)
    'awareness'
    """
    return "cumulative_reach" if scenario.goal.kpi == "reach" else scenario.goal.kpi


def _simulate_chunk(scenario: Scenario, seed: int, first: int, count: int) -> dict[str, Array]:
    model = _model_figures()
    people = sum(target.people for target in scenario.targets)
    tone = _tone(scenario, model)[:, np.newaxis]
    mood = tone / model["tonalite"]  # 1 on an ordinary week

    def luck(kind: str, sigma: str) -> Array:
        return np.array([lognormals(f"{seed}|{kind}|{week}", model[sigma], first, count) for week in range(scenario.weeks)])

    untouched, never_touched, forgetful = (np.ones((scenario.weeks, count)) for _ in range(3))
    ads, own, engagements, clicks = (np.zeros((scenario.weeks, count)) for _ in range(4))
    for line in _lines(scenario, model):
        audience = sum(target.people * target.usage.get(line.network, 0.0) for target in scenario.targets)  # type: ignore[call-overload]
        told = _tell(scenario, line, audience, model, luck)
        untouched *= 1 - audience / people * told.touched
        never_touched *= 1 - audience / people * told.ever
        forgetful *= 1 - audience / people * told.remembered
        ads += told.paid
        own += told.owned
        engagements += told.engaged * mood
        clicks += told.clicks * mood
    relays = weekly(scenario.earned.relays, scenario.weeks)[:, np.newaxis]
    r = model["transmission"] if scenario.earned.transmission is None else scenario.earned.transmission
    sharers = media.branching_total_size(np.minimum(r * mood, model["transmission_max"]), engagements * model["partage"])
    heard = np.asarray(sharers) * model["touches_par_partage"] + relays * model["abonnes_relais"]
    by_others = _touched(heard / people)
    untouched *= 1 - by_others
    never_touched *= 1 - _touched(np.cumsum(heard, axis=0) / people)
    forgetful *= 1 - by_others * model["memorisation_relais"]
    impressions = ads + own + heard
    clicks += heard * model["clic_organique"] * mood

    reach = 1 - untouched
    start = scenario.brand.awareness
    memory = media.recursive_adstock(1 - forgetful, model["notoriete_memoire"])
    stock = media.content_stock(weekly(scenario.articles, scenario.weeks), model["contenu_demi_vie"])[:, np.newaxis]
    usual = scenario.brand.visits + stock * model["visites_par_contenu"]
    late = media.recursive_adstock(clicks, model["adstock"]) * (1 - model["adstock"])  # some come back a week later
    visitors = usual * luck("visites", "alea_visites") + late
    funnel = _funnel(scenario, model, visitors, mood, luck("conversion", "alea_conversion"))
    cost = np.broadcast_to(weekly_cost(scenario)[:, np.newaxis], visitors.shape)
    revenue = funnel["clients"] * scenario.brand.basket
    spent, earned = np.cumsum(cost, axis=0), np.cumsum(revenue, axis=0)
    paying = spent >= _CENT
    roas = np.where(paying, earned / np.where(paying, spent, 1.0), 0.0)
    return {
        "paid": ads,
        "owned": own,
        "earned": heard,
        "impressions": impressions,
        "reach": reach,
        "cumulative_reach": 1 - never_touched,
        "frequency": impressions / np.where(reach > _NOBODY, reach * people, np.inf),
        "grp": 100 * impressions / people,
        "engagements": engagements,
        "sentiment": np.broadcast_to(tone, reach.shape),
        "awareness": start + (1 - start) * np.asarray(media.logistic_saturation(memory, model["notoriete_vitesse"])),
        "visitors": visitors,
        **funnel,
        "revenue": revenue,
        "cost": cost,
        "roas": roas,
        "net_roi": np.where(paying, roas - 1, 0.0),
    }


class _Line(NamedTuple):
    """What is decided on a network, one row a week: euros, posts that count, taste for the formats, worth of the slots."""

    network: str
    spend: Array
    ad_taste: Array
    posts: Array
    post_taste: Array
    slot: Array


class _Told(NamedTuple):
    """What a network does, shape (weeks, draws): contacts, shares of its audience, interactions and clicks."""

    paid: Array
    owned: Array
    touched: Array
    ever: Array
    remembered: Array
    engaged: Array
    clicks: Array


def _lines(scenario: Scenario, model: Mapping[str, float]) -> Iterator[_Line]:
    """Give what is decided on each network: its ads, its posts, or both."""
    ads = {line.network: line for line in scenario.paid}
    own = {line.network: line for line in scenario.owned}
    weeks = scenario.weeks
    for network in dict.fromkeys([*ads, *own]):
        ad, page = ads.get(network), own.get(network)
        posts = weekly(page.posts if page else 0.0, weeks)
        most = cadence(network)[1]
        advised = page.advised(weeks) if page else [False] * weeks
        yield _Line(
            network,
            weekly(ad.spend if ad else 0.0, weeks)[:, np.newaxis],
            _tastes(ad.format if ad else "photo", weeks, model),
            # Beyond the advised cadence a post counts half.
            (np.minimum(posts, most) + np.maximum(posts - most, 0) / 2)[:, np.newaxis],
            _tastes(page.format if page else "photo", weeks, model),
            np.where(np.array(advised)[:, np.newaxis], model["creneau"], 1.0),
        )


def _tell(
    scenario: Scenario, line: _Line, audience: float, model: Mapping[str, float], luck: Callable[[str, str], Array]
) -> _Told:
    """Turn what is decided on a network into contacts, people touched, memories, interactions and clicks."""
    table, network = _network_figures(line.network), line.network
    price = table["cpm"] * (1 + table["hausse_t4"] * _season(scenario))[:, np.newaxis] * luck(f"cpm|{network}", "alea_cpm")
    paid = 1000 * line.spend / price
    useful = audience * np.asarray(media.michaelis_menten(paid / audience, model["usure"], model["usure"]))
    followers = scenario.brand.followers.get(network, 0.0)  # type: ignore[call-overload]
    rate = np.minimum(table["portee_organique"] * line.slot * luck(f"portee|{network}", "alea_portee"), 0.9)
    owned = followers * rate * line.posts
    page = min(followers, audience) / audience

    def touched(by_ads: Array, by_posts: Array) -> Array:
        return np.asarray(1 - (1 - _touched(by_ads)) * (1 - page * _touched(by_posts)))

    this_week = touched(paid / audience, rate * line.posts)
    times = (paid + owned) / np.where(this_week > _NOBODY, this_week * audience, np.inf)
    return _Told(
        paid,
        owned,
        this_week,
        touched(np.cumsum(paid, axis=0) / audience, np.cumsum(rate * line.posts, axis=0)),
        this_week * -np.expm1(times * np.log1p(-table["memorisation"])),
        (useful * line.ad_taste + owned * line.post_taste)
        * table["engagement"]
        * luck(f"engagement|{network}", "alea_engagement"),
        useful * table["ctr"] + owned * model["clic_organique"],
    )


def _touched(contacts: Array) -> Array:
    """Share of an audience touched by so many contacts a head: they spread as a negative binomial law of dispersion 1."""
    return np.asarray(media.michaelis_menten(contacts, 1.0, 1.0))


def _tastes(formats: Formats, weeks: int, model: Mapping[str, float]) -> Array:
    return np.array([[model[f"format_{name}"]] for name in each_week(formats, weeks)])


@remembered
def _model_figures() -> Mapping[str, float]:
    table = load("modele")
    return dict(zip(table["parameter"], table["value"].astype(float), strict=True))


@remembered
def _network_figures(network: str) -> Mapping[str, float]:
    table = load("simulateur")
    rows = table[table["network"] == network]
    return dict(zip(rows["parameter"], rows["value"].astype(float), strict=True))


def _season(scenario: Scenario) -> Array:
    """Return, for each week, how far prices are on their way from the first quarter (0) to the fourth (1)."""
    days = [scenario.start + timedelta(weeks=week, days=3) for week in range(scenario.weeks)]
    return np.array([(day.month - 1) // 3 / 3 for day in days])


def _tone(scenario: Scenario, model: Mapping[str, float]) -> Array:
    """Return the tone of each week: ordinary, then hit by the crisis, then on its way back, faster if the brand answers."""
    tone = np.full(scenario.weeks, model["tonalite"])
    crisis = scenario.crisis
    if crisis is not None:
        since = np.arange(scenario.weeks) - (crisis.week - 1)
        worse = model["crise_suppression"] if crisis.response == "suppression" else 1.0
        half_life = model["crise_demi_vie_repondue" if crisis.response == "reponse" else "crise_demi_vie_muette"]
        fall = min(1.0, crisis.severity * worse) * 0.5 ** (np.maximum(since, 0) / half_life)
        tone = np.where(since >= 0, tone * (1 - fall), tone)
    return tone


def _funnel(scenario: Scenario, model: Mapping[str, float], visitors: Array, mood: Array, luck: Array) -> dict[str, Array]:
    """Move people through the funnel week after week; it starts in the balance that the usual visits maintain."""
    gained = {
        passage: sum(lever.points for lever in scenario.levers if lever.passage == passage)
        for passage in ("visiteur", "prospect", "client")
    }
    steps = (("visiteur", "visiteur_prospect"), ("prospect", "prospect_client"), ("client", "client_ambassadeur"))
    first, second, third = (np.minimum((model[rate] + gained[passage]) * mood * luck, 1.0) for passage, rate in steps)
    stays = {
        passage: np.minimum(model[f"{passage}_reste"], 1 - rate) for passage, rate in (("prospect", second), ("client", third))
    }
    prospects = np.full(visitors.shape[1], scenario.brand.visits * model["visiteur_prospect"] / (1 - model["prospect_reste"]))
    clients = prospects * model["prospect_client"] / (1 - model["client_reste"])
    flows = {name: np.empty_like(visitors) for name in ("prospects", "clients", "ambassadors", "lost")}
    for week, seen in enumerate(visitors):
        flows["prospects"][week] = seen * first[week]
        flows["clients"][week] = prospects * second[week]
        flows["ambassadors"][week] = clients * third[week]
        kept_prospects, kept_clients = prospects * stays["prospect"][week], clients * stays["client"][week]
        flows["lost"][week] = (
            seen - flows["prospects"][week]
            + prospects - kept_prospects - flows["clients"][week]
            + clients - kept_clients - flows["ambassadors"][week]
        )  # fmt: skip
        prospects, clients = kept_prospects + flows["prospects"][week], kept_clients + flows["clients"][week]
    return flows


def _ends(measure: str, values: Array) -> Array:
    return np.asarray(values[-1] if measure in LEVELS else values.sum(axis=0))


def _known(measure: str) -> None:
    if measure not in MEASURES:
        raise InvalidInput(f"« {measure} » n’est pas simulé : choisissez parmi {', '.join(MEASURES)}.")
