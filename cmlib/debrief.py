"""What a campaign teaches: the effect of each decision, luck apart from decision, forecast against actual.

Everything is measured with the same luck (common random numbers): a difference is the effect of what was changed, and of
nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cmlib.campaign import MEASURES, Result, goal_measure, simulate
from cmlib.errors import InvalidInput
from cmlib.inputs import number
from cmlib.networks import NETWORKS
from cmlib.scenario import Earned, Scenario

PASSAGES = {"visiteur": "convertir", "prospect": "conclure", "client": "fidéliser"}


@dataclass(frozen=True)
class Debrief:
    """A campaign, read backwards.

    Attributes
    ----------
    measure
        What is looked at: a key of `cmlib.campaign.MEASURES`.
    baseline
        Expected outcome if nothing had been decided.
    effects
        By decision, in French: expected outcome with it less without it, everything else as decided.
    joint
        What decisions do together beyond their own effects: they help, or get in the way of, each other.
    expected
        Expected outcome of the decisions, over all draws of luck: baseline + effects + joint.
    low, high
        Forecast: 9 draws in 10 end between the two.
    actual
        Outcome of the draw that happened.
    luck
        actual − expected: nobody's merit, nobody's fault.
    rank
        Share of the draws that end lower than the one that happened.
    target, chance
        Value aimed at, and share of the draws that reach it; None when the measure is not the scenario's goal.
    """

    measure: str
    baseline: float
    effects: Mapping[str, float]
    joint: float
    expected: float
    low: float
    high: float
    actual: float
    luck: float
    rank: float
    target: float | None
    chance: float | None


def debrief(scenario: Scenario, draw: int = 0, draws: int = 1000, seed: int | None = None, measure: str | None = None) -> Debrief:
    """Tell decision from luck in a campaign.

    Parameters
    ----------
    scenario
        What was decided.
    draw
        Which draw of luck happened: from 0 to the draws kept (`cmlib.campaign.CHUNK`).
    draws, seed
        As in `cmlib.campaign.simulate`.
    measure
        What is looked at; the scenario's goal by default.

    Raises
    ------
    InvalidInput
        If the draw is not one of those simulated.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> found = debrief(_EXAMPLE, draws=10)
    >>> found.expected - found.baseline, found.effects
    (0.0, {})
    """
    goal = goal_measure(scenario)
    looked_at = measure or goal
    done = simulate(scenario, draws, seed)
    outcomes = done.outcomes(looked_at)
    happened = int(number(draw, "tirage (draw)", at_least=0, at_most=outcomes.size - 1, whole=True))
    expected = done.outcome(looked_at)
    effects = {
        name: expected - simulate(without, draws, seed).outcome(looked_at) for name, without in counterfactuals(scenario).items()
    }
    baseline = simulate(nothing_decided(scenario), draws, seed).outcome(looked_at)
    low, high = np.quantile(outcomes, [0.05, 0.95])
    actual = float(outcomes[happened])
    return Debrief(
        measure=looked_at,
        baseline=baseline,
        effects=dict(sorted(effects.items(), key=lambda effect: -abs(effect[1]))),
        joint=expected - baseline - sum(effects.values()),
        expected=expected,
        low=float(low),
        high=float(high),
        actual=actual,
        luck=actual - expected,
        rank=float((outcomes < actual).mean()),
        target=scenario.goal.target if looked_at == goal else None,
        chance=float((outcomes >= scenario.goal.target).mean()) if looked_at == goal else None,
    )


def counterfactuals(scenario: Scenario) -> dict[str, Scenario]:
    """Return, for each decision that was made, the scenario without it.

    A crisis is not a decision, but the answer to it is: without it, the brand stays silent.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> list(counterfactuals(_EXAMPLE.model_copy(update={"articles": 1.0})))
    ['Articles du site']
    """
    changes: dict[str, dict[str, object]] = {}
    for ad in scenario.paid:
        if np.any(ad.spend):
            changes[f"Publicité sur {NETWORKS[ad.network]}"] = {"paid": [line for line in scenario.paid if line is not ad]}
    for page in scenario.owned:
        if np.any(page.posts):
            changes[f"Publications sur {NETWORKS[page.network]}"] = {
                "owned": [line for line in scenario.owned if line is not page]
            }
    if np.any(scenario.articles):
        changes["Articles du site"] = {"articles": 0.0}
    if np.any(scenario.earned.relays):
        changes["Relais d’influence"] = {"earned": scenario.earned.model_copy(update={"relays": 0.0})}
    for passage, verb in PASSAGES.items():
        if any(lever.passage == passage and lever.points for lever in scenario.levers):
            kept = [lever for lever in scenario.levers if lever.passage != passage]
            changes[f"Leviers pour {verb}"] = {"levers": kept}
    if scenario.crisis is not None and scenario.crisis.response != "silence":
        changes["Réaction à la crise"] = {"crisis": scenario.crisis.model_copy(update={"response": "silence"})}
    return {name: scenario.model_copy(update=change) for name, change in changes.items()}


def nothing_decided(scenario: Scenario) -> Scenario:
    """Return the same brand, with the same luck and the same crisis, where nothing is decided.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE, planned_cost
    >>> planned_cost(nothing_decided(_EXAMPLE))
    0.0
    """
    crisis = scenario.crisis and scenario.crisis.model_copy(update={"response": "silence"})
    nothing = {"paid": [], "owned": [], "articles": 0.0, "levers": [], "crisis": crisis}
    earned = Earned(transmission=scenario.earned.transmission)
    return scenario.model_copy(update=nothing | {"earned": earned})


def compare(before: Result, after: Result, measure: str) -> float:
    """Return the effect of a change of decision: expected outcome after it less before it, with the same luck.

    Parameters
    ----------
    before, after
        Results of two scenarios.
    measure
        A key of `cmlib.campaign.MEASURES`.

    Raises
    ------
    InvalidInput
        If the two were not drawn with the same luck: their difference would mix decision and chance.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> compare(simulate(_EXAMPLE, 10), simulate(_EXAMPLE, 10), "awareness")
    0.0
    """
    if (before.seed, before.draws) != (after.seed, after.draws):
        raise InvalidInput(
            "Ces deux simulations n’ont pas les mêmes tirages : prenez la même graine (seed) et autant de tirages (draws)."
        )
    if measure not in MEASURES:
        raise InvalidInput(f"« {measure} » n’est pas simulé : choisissez parmi {', '.join(MEASURES)}.")
    return after.outcome(measure) - before.outcome(measure)
