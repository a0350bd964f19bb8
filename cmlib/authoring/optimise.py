"""The best strategy that a search finds for a scenario: the top of the scale of exercise 3.2, whose bottom is the uniform one."""

import heapq
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from time import monotonic

import numpy as np

from cmlib.authoring.strategies import KINDS, Means
from cmlib.campaign import CHUNK, simulate
from cmlib.errors import InvalidInput
from cmlib.inputs import Array, number
from cmlib.scenario import Scenario

_STEEP = 20.0  # a tilt of 1 makes the last week weigh e^40 times the first: a burst
_ELSEWHERE = 2**31  # far from any seed that a trainer types
_STEPS = (0.3, 0.1, 0.03)  # how far COBYLA looks around its start, first the widest
_TILTS = (-1.0, -0.3, -0.1, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Strategy:
    """What a search found.

    Attributes
    ----------
    scenario
        The scenario with the decisions of the strategy.
    outcome
        Mean outcome of the goal, on the draws of the search.
    evaluations, seconds
        Simulations run, and time taken.
    """

    scenario: Scenario
    outcome: float
    evaluations: int
    seconds: float


def greedy_strategy(scenario: Scenario, draws: int = 64, steps: int = 20, seed: int | None = None) -> Scenario:
    """Give the budget slice by slice, each to the means where it brings most of the goal, the same every week.

    Gains are tried again only for the means that looked best (lazy greedy): exact as long as returns diminish, which they do in
    the simulator, and close to it otherwise.

    Parameters
    ----------
    scenario
        What the strategy is for.
    draws, seed
        Draws of luck that every try shares; the seed is the scenario's by default.
    steps
        Number of slices.

    Raises
    ------
    InvalidInput
        If there is not at least one slice and one draw.

    Examples
    --------
    >>> from cmlib.authoring.strategies import uniform_strategy
    >>> from cmlib.scenario import _EXAMPLE
    >>> found = greedy_strategy(_EXAMPLE, draws=4, steps=4)
    >>> simulate(found, 4).objective() > simulate(uniform_strategy(_EXAMPLE), 4).objective()
    True
    """
    trial = _Trial(scenario, draws, seed)
    return trial.means.strategy(_greedy(trial, _slices(steps), np.ones(scenario.weeks)))


def best_strategy(
    scenario: Scenario,
    seconds: float = 20.0,
    draws: int = 64,
    seed: int | None = None,
    max_evaluations: int | None = None,
    steps: int = 20,
) -> Strategy:
    """Search the best strategy, on the same draws of luck for all: the objective is then a plain function of the decisions.

    1. The uniform and the greedy strategies: never less than the better of the two is returned.
    2. The same shares, early or late in the campaign, from a slope to a burst; then greedy again with the profile that won.
    3. From the best so far and from the uniform one, `scipy.optimize.minimize` (COBYLA: no derivative, few evaluations) on the
       share of each means and, for advertising, posts, articles and relays, two numbers of profile: early or late, and middle
       or ends. It starts again with smaller steps until time or evaluations run out or nothing improves.
    4. What was found is confirmed on other draws, four times as many: if it only made the most of the luck of the first ones
       (a week that happened to be cheap), the better of uniform and greedy is returned.

    Parameters
    ----------
    scenario
        What the strategy is for.
    seconds
        Time to search, looked at between two evaluations; uniform and greedy are computed whatever it is.
    draws, seed
        Draws of luck; the seed is the scenario's by default.
    max_evaluations
        Number of simulations instead of a time: the result is then the same at every run and does not depend on the machine's
        speed. Uniform and greedy are computed whatever it is.
    steps
        Slices of the greedy strategy.

    Raises
    ------
    InvalidInput
        If a number is out of bounds.

    Examples
    --------
    >>> from cmlib.scenario import _EXAMPLE
    >>> from cmlib.authoring.strategies import uniform_strategy
    >>> best = best_strategy(_EXAMPLE, draws=4, max_evaluations=60, steps=5)
    >>> best.outcome >= simulate(uniform_strategy(_EXAMPLE), 4).objective(), best.evaluations <= 60
    (True, True)
    """
    started = monotonic()
    limit = number(seconds, "secondes (seconds)", at_least=0)
    slices = _slices(steps)
    trial = _Trial(scenario, draws, seed)
    most = None if max_evaluations is None else number(max_evaluations, "essais (max_evaluations)", at_least=0, whole=True)
    even = np.ones(trial.means.shape)
    trial.value(even)
    greedy = _greedy(trial, slices, np.ones(scenario.weeks))
    trial.value(greedy)
    simple, simple_value = trial.best, trial.best_value
    trial.limit(inf if most is None else most - 2, started + limit if most is None else inf)  # 2 for the confirmation
    with suppress(_Stop):
        _refine(trial, greedy, even, slices)
    kept, value = trial.best, trial.best_value
    if value > simple_value and not trial.confirmed(kept, simple):
        kept, value = simple, simple_value
    return Strategy(trial.means.strategy(kept), value, trial.evaluations, monotonic() - started)


def grade_share(outcome: float, uniform: float, best: float) -> float:
    """Place an outcome between the uniform strategy (0) and the best known (1), bounded to [0, 1].

    Raises
    ------
    InvalidInput
        If the best known is not better than the uniform one: the scenario then grades nobody.

    Examples
    --------
    >>> grade_share(15, uniform=10, best=30), grade_share(5, uniform=10, best=30)
    (0.25, 0.0)
    """
    got = number(outcome, "résultat (outcome)")
    low, high = number(uniform, "stratégie uniforme (uniform)"), number(best, "meilleure stratégie (best)")
    if high <= low:
        raise InvalidInput(
            "Ce scénario ne permet pas de noter : la meilleure stratégie connue ne fait pas mieux que la stratégie uniforme ; "
            "changez l’objectif, le budget ou les cibles."
        )
    return min(max((got - low) / (high - low), 0.0), 1.0)


class _Stop(Exception):
    """Time or evaluations have run out."""


class _Trial:
    """The goal of a scenario as a function of weights, on common draws; it remembers the best whole budget."""

    def __init__(self, scenario: Scenario, draws: int, seed: int | None) -> None:
        self.means = Means(scenario)
        self.draws = int(number(draws, "tirages (draws)", at_least=1, at_most=1e7, whole=True))
        self.seed = scenario.seed if seed is None else int(number(seed, "graine (seed)", at_least=0, whole=True))
        self.evaluations = 0
        self.most, self.until = inf, inf
        self.best, self.best_value = np.ones(self.means.shape), -inf

    def limit(self, evaluations: float, until: float) -> None:
        """Stop from now on at so many evaluations, or at a time of the clock."""
        self.most, self.until = evaluations, until

    def value(self, weights: Array, share: float = 1.0) -> float:
        """Simulate a strategy; the first of two equal ones is kept."""
        if self.evaluations >= self.most or (self.until < inf and monotonic() >= self.until):
            raise _Stop
        self.evaluations += 1
        found = simulate(self.means.strategy(weights, share), self.draws, self.seed).objective()
        if share == 1 and found > self.best_value:
            self.best, self.best_value = weights.copy(), found
        return found

    def confirmed(self, weights: Array, simple: Array) -> bool:
        """Tell whether a strategy beats a simpler one on other draws, by more than twice the error of their difference."""
        goal = self.means.scenario.goal.kpi
        measure = "cumulative_reach" if goal == "reach" else goal
        self.evaluations += 2
        ours, theirs = (
            simulate(self.means.strategy(plan), min(4 * self.draws, CHUNK), self.seed + _ELSEWHERE).outcomes(measure)
            for plan in (weights, simple)
        )
        gains = ours - theirs
        return bool(gains.mean() > 2 * gains.std() / np.sqrt(len(gains)))


def _slices(steps: int) -> int:
    return int(number(steps, "tranches (steps)", at_least=1, at_most=10_000, whole=True))


def _greedy(trial: _Trial, steps: int, profile: Array) -> Array:
    """Give weights slice by slice; ties go to the means first in the list, and slices that bring nothing are spread evenly."""
    count = trial.means.shape[0]
    when = profile / profile.sum()
    given = np.zeros(count)
    reached = trial.value(np.zeros(trial.means.shape), 0.0)
    # The gain that each means promised when it was last tried, and at which slice: what was tried long ago is tried again.
    promised = [(-inf, index, -1) for index in range(count)]
    for step in range(steps):
        while True:
            gain, index, tried = promised[0]
            if tried == step:
                break
            next_given = given.copy()
            next_given[index] += 1
            gained = trial.value(next_given[:, np.newaxis] * when, (step + 1) / steps) - reached
            heapq.heapreplace(promised, (-gained, index, step))
        if gain >= 0:  # no means brings anything more
            given += (steps - step) / count
            break
        given[index] += 1
        reached -= gain
    return np.asarray(given[:, np.newaxis] * when, dtype=np.float64)


def _refine(trial: _Trial, greedy: Array, even: Array, steps: int) -> None:
    """Search from the two strategies, until the trial stops it or nothing improves; what is best is kept in the trial."""
    coordinates = _Coordinates(trial.means)
    profile, kinds = 0.0, len(KINDS)
    shares = [weights.sum(axis=1) / weights.sum() for weights in (greedy, even)]
    starts = [np.concatenate([share, np.zeros(2 * kinds)]) for share in shares]
    best = trial.best_value
    for tilt in _TILTS:
        for share in shares:
            start = np.concatenate([share, np.full(kinds, tilt), np.zeros(kinds)])
            if (found := trial.value(coordinates.weights(start))) > best:
                best, profile, starts[0] = found, tilt, start
    if profile:
        again = _greedy(trial, steps, coordinates.profile(profile, 0.0))
        start = np.concatenate([again.sum(axis=1) / again.sum(), np.full(kinds, profile), np.zeros(kinds)])
        if trial.value(coordinates.weights(start)) > best:
            starts[0] = start
    reached, point = max((_descend(trial, coordinates, start, _STEPS[0]) for start in starts), key=_first)
    while True:
        before = reached
        for step in (*_STEPS[1:], _STEPS[0]):
            reached, point = max((reached, point), _descend(trial, coordinates, point, step), key=_first)
        if reached <= before + 1e-6 * abs(before):
            return


def _first(found: tuple[float, Array]) -> float:
    return found[0]


class _Coordinates:
    """A point of the search, every coordinate within bounds: shares of the means, then tilt and hump of each kind of means."""

    def __init__(self, means: Means) -> None:
        self.means = means
        count = means.shape[0]
        self.low = np.repeat([0.0, -1.0], [count, 2 * len(KINDS)])
        self.time = np.linspace(-1, 1, means.shape[1]) if means.shape[1] > 1 else np.zeros(1)

    def profile(self, tilt: float, hump: float) -> Array:
        """Weigh the weeks: late if the tilt is positive, the middle if the hump is."""
        powers = _STEEP * (tilt * self.time - hump * self.time**2)
        weights: Array = np.exp(powers - powers.max())
        return weights

    def weights(self, point: Array) -> Array:
        """Turn a point into weights of means and weeks; out of bounds, the nearest point."""
        point = np.clip(point, self.low, 1)
        count, kinds = self.means.shape[0], len(KINDS)
        tilts, humps = point[count : count + kinds], point[count + kinds :]
        profiles = np.array([self.profile(tilt, hump) for tilt, hump in zip(tilts, humps, strict=True)])
        profiles /= profiles.sum(axis=1, keepdims=True)
        return np.asarray(point[:count, np.newaxis] * profiles[self.means.kinds], dtype=np.float64)


def _descend(trial: _Trial, coordinates: _Coordinates, start: Array, step: float) -> tuple[float, Array]:
    """Search around a point, from so far to a thousandth; return the best value met, and where."""
    from scipy.optimize import Bounds, minimize  # slow to import

    scale = trial.best_value or 1.0  # the search stops on relative differences
    best = (-inf, start)

    def loss(point: Array) -> float:
        nonlocal best
        value = trial.value(coordinates.weights(point))
        best = max(best, (value, point.copy()), key=_first)
        return -value / scale

    bounds = Bounds(coordinates.low, np.ones(len(start)))
    minimize(loss, start, method="COBYLA", bounds=bounds, tol=1e-3, options={"rhobeg": step, "maxiter": 1_000_000})
    return best
