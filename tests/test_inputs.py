"""Bad input is refused in one sentence that says what, where and what is needed."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.inputs import flag, mapping, matrix, number, numbers, ratio, together, vector


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        (1.0, 2.0),
        np.array([1, 2], dtype=np.int8),
        pd.Series([1, 2], index=["a", "b"]),
        pd.array([1, 2], dtype="Int64"),
        [Decimal(1), Fraction(2)],
        np.array([1, 2], dtype=object),
        range(1, 3),
    ],
)
def test_takes_what_holds_numbers(values: object) -> None:
    taken = numbers(values, "n")  # type: ignore[arg-type]
    assert taken.dtype == float and taken.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (None, "manque"),
        ([1, None], "manque"),
        ([1, float("nan")], "2e place"),
        ([float("inf")], "trop grand"),
        (pd.array([1, None], dtype="Int64"), "manque"),
        (pd.Series([1.0, None]), "manque"),
        (np.ma.masked_array([1.0, 2.0], mask=[False, True]), "manque"),
        ("12", "pas un nombre"),
        (["1,5"], "« 1,5 » n’est pas un nombre .*1.5 en Python"),
        ([Decimal("sNaN")], "manque"),
        ([np.complex64(1)], "pas un nombre"),
        ([1e101], "trop grand"),
        ([1, "2"], "pas un nombre"),
        ([1j], "pas un nombre"),
        ([b"1"], "« b'1' » n’est pas un nombre"),
        ({"a": 1}, "pas un nombre"),
        ({1, 2}, "pas un nombre"),
        ((n for n in (1, 2)), "pas un nombre"),
        (np.array(["2026-01-01"], dtype="datetime64[D]"), "pas un nombre"),
        ([[1, 2], [3]], "longueur"),
        ([10**400], "trop grand"),
        (object(), "pas un nombre"),
    ],
)
def test_refuses_what_does_not(values: object, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        numbers(values, "abonnés (n)")  # type: ignore[arg-type]
    assert re.search(f"^abonnés \\(n\\) : .*{said}", untypeset(str(error.value)))


@given(hnp.arrays(float, hnp.array_shapes(max_dims=3), elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_what_comes_out_is_finite_and_in_bounds_or_nothing_does(values: np.ndarray) -> None:
    before = values.copy()
    if (np.isfinite(values) & (values >= 0) & (values < 100)).all():
        taken = numbers(values, "n", at_least=0, below=100)
        np.testing.assert_array_equal(taken, values)
    elif not ((values < 0) & (values > -1e-9)).any():
        with pytest.raises(InvalidInput):
            numbers(values, "n", at_least=0, below=100)
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: number([1, 2], "prix"), "un seul nombre, et non une liste de 2 nombres"),
        (lambda: vector(3, "prix"), "une liste de nombres, et non un seul nombre"),
        (lambda: vector([], "prix"), "vide"),
        (lambda: vector([1, 2], "prix", length=1), "il faut 1 nombre, et non 2"),
        (lambda: matrix([1, 2], "prix"), "lignes et de colonnes, et non une liste de 2 nombres"),
        (lambda: matrix([[1, -2]], "prix", at_least=0), "-2 à la ligne 1, colonne 2"),
        (lambda: matrix(np.zeros((2, 2, 2)), "prix"), "2 × 2 × 2"),
        (lambda: number(1e-9, "prix", at_least=1), "0,000000001"),
        (lambda: number(1e20, "prix", at_most=1), "100000000000000000000"),
        (lambda: number(2.5, "prix", whole=True), "2,5.*entier"),
        (
            lambda: together((np.zeros(2), "a"), (np.zeros(3), "b")),
            "une liste de 2 nombres pour a et une liste de 3 nombres pour b",
        ),
        (lambda: ratio((1, "clics"), (0, "impressions"), "le CTR"), "impressions.*sans quoi le CTR n’existe pas"),
        (lambda: ratio((1e100, "clics"), (1e-308, "impressions"), "le CTR"), "le CTR n’existe pas"),
        (lambda: number(50, "part", at_most=1), "50 % s’écrit 0.5"),
        (lambda: number([0.1, 2], "part", at_most=1), "un seul nombre"),
        (lambda: numbers(np.full((2, 1, 2), np.nan), "prix"), r"à la place \(1 ; 1 ; 1\)"),
        (lambda: flag(1, "choix"), "True ou False, et non « 1 »"),
        (lambda: mapping([1], "effets", "{'blog': 1}"), "dictionnaire, par exemple"),
    ],
)
def test_the_sentence_says_where(call: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        call()
    assert re.search(said, untypeset(str(error.value)))
