"""Luck of the generator: the same bytes on every machine.

numpy guarantees the raw bits of PCG64, not its distributions: uniforms are made here from raw bits, and turned into other
laws by inverse functions. Results are whole numbers or choices, so that the last digit of a logarithm never shows.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

import numpy as np

from cmlib.noise import stream

T = TypeVar("T")
NORMAL = NormalDist()
SALT = "f3b1c0de-lichen-41"  # the students' kit has `stream` too: without this name it cannot draw what the generator drew


class Draw:
    """Uniform numbers from the raw bits of PCG64, and what follows from them."""

    def __init__(self, name: str) -> None:
        self._bits = stream(f"{SALT}/{name}")
        self._ahead: list[int] = []

    def uniform(self) -> float:
        """Return a number in (0, 1)."""
        if not self._ahead:  # many at a time: asking numpy for one costs ten times more
            self._ahead = np.asarray(self._bits.random_raw(512)).tolist()[::-1]
        return ((self._ahead.pop() >> 11) + 0.5) / 2**53

    def between(self, low: float, high: float) -> float:
        """Return a number from low to high."""
        return low + (high - low) * self.uniform()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """Return True with this probability."""
        return self.uniform() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of several things."""
        return choices[int(self.uniform() * len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return one of several things, each in proportion to its weight."""
        left = self.uniform() * sum(weights.values())
        for choice, weight in weights.items():
            left -= weight
            if left < 0:
                return choice
        return next(reversed([choice for choice, weight in weights.items() if weight > 0]))

    def lognormal(self, sigma: float) -> float:
        """Return a positive factor of median 1."""
        return math.exp(sigma * NORMAL.inv_cdf(self.uniform()))

    def poisson(self, mean: float) -> int:
        """Return a count, by the inverse of Poisson's distribution function (means up to a few hundred)."""
        wanted, count, term = self.uniform(), 0, math.exp(-mean)
        total = term
        while wanted > total and count < 10 * mean + 100:
            count += 1
            term *= mean / count
            total += term
        return count

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the things in another order (Fisher and Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.whole(0, last)
            order[last], order[other] = order[other], order[last]
        return order
