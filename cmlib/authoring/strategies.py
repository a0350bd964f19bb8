"""Strategies that spend a scenario's budget without thinking: evenly, or at random; and what any strategy may spend it on.

A strategy keeps the brand, the targets, the goal, the levers, the crisis and R of the scenario, and the format and slot of the
posts that it plans; it decides euros of advertising and posts on each network that a target uses, articles and relays, week by
week. What the scenario had decided of them is replaced.
"""

import numpy as np

from cmlib.inputs import Array, number
from cmlib.noise import uniforms
from cmlib.references import load
from cmlib.scenario import Earned, Owned, Paid, Scenario

MOST_POSTS = 14
"""Posts a week on one network, at most: two a day."""

KINDS = ("paid", "owned", "articles", "relays")
"""Kinds of means, in the order of their rows."""


def uniform_strategy(scenario: Scenario) -> Scenario:
    """Share the budget evenly between advertising and posts on each usable network, articles and relays, the same every week.

    Posts stop at `MOST_POSTS` a week: what is left goes to the others.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE, planned_cost
    >>> even = uniform_strategy(_EXAMPLE)
    >>> even.paid[0].spend[0], even.articles[0], round(planned_cost(even), 2)
    (625.0, 2.5, 10000.0)
    """
    means = Means(scenario)
    return means.strategy(np.ones(means.shape))


def random_strategy(scenario: Scenario, seed: int) -> Scenario:
    """Share the budget at random between means, then each means between weeks: every way to share is as likely as another.

    Parameters
    ----------
    scenario
        What the strategy is for.
    seed
        The same seed gives the same strategy on every machine.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> random_strategy(_EXAMPLE, 1) == random_strategy(_EXAMPLE, 1) != random_strategy(_EXAMPLE, 2)
    True
    """
    luck = int(number(seed, "graine (seed)", at_least=0, whole=True))
    means = Means(scenario)
    count, weeks = means.shape
    shares = -np.log(uniforms(f"{luck}|stratégie|moyens", 0, count))
    when = -np.log(uniforms(f"{luck}|stratégie|semaines", 0, count * weeks)).reshape(means.shape)
    return means.strategy(shares[:, np.newaxis] * when / when.sum(axis=1, keepdims=True))


class Means:
    """The means of a scenario, in rows, and the weeks, in columns: weights of any size become decisions that fit the budget."""

    def __init__(self, scenario: Scenario) -> None:
        prices = load("modele").set_index("parameter")["value"].astype(float)
        self.scenario = scenario
        self.networks = list(
            dict.fromkeys(network for target in scenario.targets for network, share in target.usage.items() if share > 0)
        )
        count = len(self.networks)
        self.kinds = np.repeat(np.arange(len(KINDS)), [count, count, 1, 1])
        self.shape = (len(self.kinds), scenario.weeks)
        self.prices = np.repeat([1.0, prices["cout_post"], prices["cout_article"], prices["cout_relais"]], [count, count, 1, 1])
        self.caps = np.full(self.shape, 1e9) * self.prices[:, np.newaxis]
        self.caps[self.kinds == 1] = MOST_POSTS * prices["cout_post"]
        self.available = max(scenario.budget - sum(lever.cost for lever in scenario.levers), 0.0)

    def euros(self, weights: Array, share: float = 1.0) -> Array:
        """Spend a share of the budget in proportion to weights, no more on a cell than its cap, to the cent."""
        total = self.available * share
        spent = np.zeros(self.shape)
        weights = np.maximum(weights, 0)
        weights = weights / max(weights.max(), 1e-300)
        while (left := total - spent.sum()) > 1e-9 * max(total, 1):
            open_cells = spent < self.caps
            wanted = weights * open_cells
            if wanted.sum() <= 0:  # all that was wanted is full: the rest goes evenly to what is not
                wanted = open_cells.astype(float)
            if wanted.sum() <= 0:
                break
            spent = np.minimum(spent + left * (wanted / wanted.sum()), self.caps)
        cents = np.floor(spent * 100 + 1e-6) / 100
        rest = np.floor((total - cents.sum()) * 100 + 1e-6) / 100
        first = np.unravel_index(int(np.argmax(np.where(spent < self.caps, spent, -1))), self.shape)
        if rest > 0:
            cents[first] = min(cents[first] + rest, self.caps[first])
        return cents

    def strategy(self, weights: Array, share: float = 1.0) -> Scenario:
        """Make the scenario that spends so."""
        count, given = len(self.networks), {line.network: line for line in self.scenario.owned}
        rows = [[float(value) for value in row] for row in self.euros(weights, share) / self.prices[:, np.newaxis]]
        shown = {line.network: line.format for line in self.scenario.paid}
        paid = [
            Paid(network=network, spend=row, format=shown.get(network, "photo"))
            for network, row in zip(self.networks, rows, strict=False)
        ]
        owned = [
            Owned(network=network, posts=row, **given[network].model_dump(include={"format", "slot"}))
            if network in given
            else Owned(network=network, posts=row)
            for network, row in zip(self.networks, rows[count:], strict=False)
        ]
        earned = Earned(relays=rows[-1], transmission=self.scenario.earned.transmission)
        return Scenario(
            **{name: getattr(self.scenario, name) for name in Scenario.model_fields}
            | {"paid": paid, "owned": owned, "articles": rows[-2], "earned": earned}
        )
