"""Removal effects: a published example, and an independent computation by following every path."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cmlib.attribution import attributed, markov_removal_effects
from cmlib.errors import InvalidInput

channels = st.sampled_from(["social", "search", "email", "display"])
journeys = st.lists(
    st.tuples(st.lists(channels, min_size=1, max_size=5), st.integers(0, 20), st.integers(0, 50)), min_size=1, max_size=12
)


def test_the_example_everyone_redoes() -> None:
    """Three customer paths, one conversion (S. Bryl, 2016, after Anderl et al.): effects 1/2, 1, 1."""
    effects = markov_removal_effects([["C1", "C2", "C3"], ["C1"], ["C2", "C3"]], [1, 0, 0], [0, 1, 1])
    assert effects == pytest.approx({"C1": 0.5, "C2": 1, "C3": 1})
    assert attributed(effects) == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


def conversion_without(removed: str | None, paths: list[list[str]], bought: list[int], left: list[int]) -> float:
    """Walk the chain step by step until everybody has ended: no matrix is inverted."""
    moves: dict[str, dict[str, float]] = {}
    for path, converted, lost in zip(paths, bought, left, strict=True):
        stops = ["(start)", *path]
        for here, there in pairwise(stops):
            moves.setdefault(here, {}).setdefault(there, 0)
            moves[here][there] += converted + lost
        for end, people in (("(yes)", converted), ("(no)", lost)):
            moves.setdefault(path[-1], {}).setdefault(end, 0)
            moves[path[-1]][end] += people
    people, converted_share = {"(start)": 1.0}, 0.0
    for _ in range(3000):
        following: dict[str, float] = {}
        for here, share in people.items():
            total = sum(moves[here].values())
            for there, weight in moves[here].items():
                if there == "(yes)":
                    converted_share += share * weight / total
                elif there != "(no)" and there != removed and weight:
                    following[there] = following.get(there, 0) + share * weight / total
        people = following
        if sum(people.values()) < 1e-13:
            break
    return converted_share


@given(journeys)
def test_removal_is_what_a_walk_without_the_channel_loses(rows: list[tuple[list[str], int, int]]) -> None:
    paths, bought, left = (list(column) for column in zip(*rows, strict=True))
    assume(sum(bought))
    everything = conversion_without(None, paths, bought, left)
    effects = markov_removal_effects(paths, bought, left)
    assert list(effects) == list(dict.fromkeys(channel for path in paths for channel in path))
    for channel, effect in effects.items():
        assert effect == pytest.approx(1 - conversion_without(channel, paths, bought, left) / everything, abs=1e-7)
    assert sum(attributed(effects, total=sum(bought)).values()) == pytest.approx(sum(bought))


def test_a_channel_that_nobody_met_owes_nothing() -> None:
    assert markov_removal_effects([["a"], ["b", "a"]], [3, 0], [1, 0]) == {"a": 1, "b": 0}


def test_paths_may_be_any_ordered_lists() -> None:
    expected = markov_removal_effects([["a", "b"], ["b"]], [1, 1], [1, 0])
    assert markov_removal_effects((path for path in (("a", "b"), np.array(["b"]))), [1, 1], [1, 0]) == expected  # type: ignore[arg-type]


def test_a_channel_met_many_times_in_a_row() -> None:
    effects = markov_removal_effects([["a"] * 50 + ["b"], ["b"]], np.array([1, 1]), np.array([3, 0]))
    assert all(0 <= effect <= 1 for effect in effects.values())


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: markov_removal_effects([["a"]], [0], [5]), "Aucun parcours"),
        (lambda: markov_removal_effects([], [], []), "aucun parcours"),
        (lambda: markov_removal_effects([["a"], []], [1, 1], [0, 0]), "parcours 2 est vide"),
        (lambda: markov_removal_effects([["a"]], [1, 2], [0]), "1 nombre"),
        (lambda: markov_removal_effects([["a"]], [-1], [0]), "conversions"),
        (lambda: markov_removal_effects([["a"]], [1], [float("nan")]), "nulls"),
        (lambda: markov_removal_effects(["social"], [1], [0]), "dans l’ordre"),
        (lambda: markov_removal_effects([["a", 3]], [1], [0]), "noms de canaux"),  # type: ignore[list-item]
        (lambda: markov_removal_effects([{"a", "b"}], [1], [0]), "dans l’ordre"),  # type: ignore[list-item]
        (lambda: markov_removal_effects([None], [1], [0]), "dans l’ordre"),  # type: ignore[list-item]
        (lambda: markov_removal_effects(None, [1], [0]), "liste de listes"),  # type: ignore[arg-type]
        (lambda: markov_removal_effects([["a", "b"], ["b"]], [1e-300, 0], [0, 1e99]), "trop rares"),
        (lambda: attributed([0.5]), "dictionnaire"),  # type: ignore[arg-type]
        (lambda: attributed({"a": 0.0}), "Aucun canal"),
        (lambda: attributed({"a": -1.0}), "effet de a"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said) as error:
        call()
    assert str(error.value).endswith(".") and "\n" not in str(error.value)
