"""What to change in a campaign: each decision tried a little stronger and a little weaker, with the same luck."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cmlib.campaign import Result, goal_measure, simulate
from cmlib.charts.campaigns import amount as written
from cmlib.networks import NETWORKS
from cmlib.scenario import Scenario, Weekly, planned_cost, weekly

STEP = 0.1
"""Share of what the decisions cost that is moved, added or taken away."""


@dataclass(frozen=True)
class Change:
    """A change that was simulated.

    Attributes
    ----------
    name
        What is changed, in French; spaces are plain but within an amount.
    effect
        Expected outcome with it, less the outcome as decided.
    cost
        Euros that it adds.
    chance
        Share of the draws that reach the target with it.
    affordable
        Whether it fits in the budget.
    """

    name: str
    effect: float
    cost: float
    chance: float
    affordable: bool


def changes(scenario: Scenario, result: Result) -> list[Change]:
    """Try changes, one at a time, then the best move of money from one decision to another.

    Parameters
    ----------
    scenario, result
        What is decided, and what `cmlib.campaign.simulate` gives for it.

    Returns
    -------
    list of Change
        The best first.
    """
    cost = planned_cost(scenario)
    step = round(STEP * cost)
    found = {}
    if step >= 1:
        amounts = {name: cost - planned_cost(_scaled(scenario, name, 0.0)) for name in _adjustable(scenario)}
        amounts = {name: amount for name, amount in amounts.items() if amount > 0.005}
        euros = written(step, "€")
        more = {name: _scaled(scenario, name, 1 + step / amount) for name, amount in amounts.items()}
        less = {name: _scaled(scenario, name, 1 - step / amount) for name, amount in amounts.items() if amount >= step}
        added = {name: _tried(f"{name}, {euros} de plus", scenario, changed, result) for name, changed in more.items()}
        taken = {name: _tried(f"{name}, {euros} de moins", scenario, changed, result) for name, changed in less.items()}
        found = {change.name: change for change in [*added.values(), *taken.values()]}
        moves = [
            (taken[giver].effect + added[taker].effect, giver, taker) for giver in taken for taker in added if giver != taker
        ]
        if moves:
            _, giver, taker = max(moves)
            moved = _scaled(less[giver], taker, 1 + step / amounts[taker])
            move = _tried(f"Déplacer {euros} de « {giver} » vers « {taker} »", scenario, moved, result)
            found[move.name] = move
    if scenario.crisis is not None and scenario.crisis.response != "reponse":
        answered = scenario.model_copy(update={"crisis": scenario.crisis.model_copy(update={"response": "reponse"})})
        found["answer"] = _tried("Répondre à la crise", scenario, answered, result)
    return sorted(found.values(), key=lambda change: (-change.effect, change.name))


def best(tried: Iterable[Change], outcome: float, unit: str) -> Change | None:
    """Return the change to advise: the best that the budget allows, if it is worth telling (0.1 % of the outcome).

    When the outcome is in euros, a change that costs more than it brings is not worth it.
    """
    for change in tried:
        least = max(0.001 * abs(outcome), change.cost if unit == "€" else 0.0)
        if change.affordable and change.effect > least:
            return change
    return None


def _tried(name: str, scenario: Scenario, changed: Scenario, before: Result) -> Change:
    after = simulate(changed, before.draws, before.seed)
    measure = goal_measure(scenario)
    cost = planned_cost(changed)
    return Change(
        name,
        after.outcome(measure) - before.outcome(measure),
        round(cost - planned_cost(scenario), 2) + 0.0,
        float((after.outcomes(measure) >= scenario.goal.target).mean()),
        cost <= scenario.budget + 0.005,
    )


def _adjustable(scenario: Scenario) -> list[str]:
    names = [f"Publicité sur {NETWORKS[line.network]}" for line in scenario.paid]
    names += [f"Publications sur {NETWORKS[line.network]}" for line in scenario.owned]
    return [*names, "Articles du site", "Relais d’influence"]


def _scaled(scenario: Scenario, name: str, factor: float) -> Scenario:
    """Return the scenario with a decision made stronger or weaker; it may cost more than the budget."""

    def times(value: Weekly) -> Weekly:
        scaled = np.maximum(weekly(value, scenario.weeks) * factor, 0.0)
        return [float(amount) for amount in scaled]

    if name == "Articles du site":
        return scenario.model_copy(update={"articles": times(scenario.articles)})
    if name == "Relais d’influence":
        return scenario.model_copy(
            update={"earned": scenario.earned.model_copy(update={"relays": times(scenario.earned.relays)})}
        )
    paid = [
        line.model_copy(update={"spend": times(line.spend)}) if name == f"Publicité sur {NETWORKS[line.network]}" else line
        for line in scenario.paid
    ]
    owned = [
        line.model_copy(update={"posts": times(line.posts)}) if name == f"Publications sur {NETWORKS[line.network]}" else line
        for line in scenario.owned
    ]
    return scenario.model_copy(update={"paid": paid, "owned": owned})
