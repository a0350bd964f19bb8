"""What a formula accepts: numbers that exist, within their bounds; anything else is refused by name, in one sentence.

A name is what the reader sees: the French word, then the argument in parentheses, « dépense (x) ».
"""

from collections.abc import Hashable
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cmlib.errors import InvalidInput
from cmlib.french import plural, printable, write_number

Array: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = float | Array
"""What an elementwise formula returns: a float for a number, an array for an array."""

LARGEST = 1e100
"""Beyond, a product of two numbers could leave what a float holds; no quantity of marketing comes near."""

_LARGEST_COUNT = 1e15  # beyond, a float no longer tells a whole number from the next
_NOISE = 1e-12  # what sums and products of floats may add to a bound


def numbers(
    values: ArrayLike,
    name: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> Array:
    """Return an array of floats of the same shape, or refuse the first value that has no meaning.

    It may be the caller's own array: a formula never writes in it.

    Parameters
    ----------
    values
        Numbers, of any shape.
    name
        What they are, for the message.
    at_least, at_most
        Bounds that are allowed.
    above, below
        Bounds that are not.
    whole
        Whether they are counts.

    Raises
    ------
    InvalidInput
        If a value is missing, is not a finite number, or is out of bounds.

    Examples
    --------
    >>> numbers([0.2, 0.3], "audience (audiences)", at_least=0, at_most=1)
    array([0.2, 0.3])
    >>> numbers([10, -5], "dépense (x)", at_least=0)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    cmlib.errors.InvalidInput: dépense (x) : -5 à la 2e place ; il faut un nombre au moins égal à 0.
    """
    array = _floats(values, name)
    if array.size == 0:
        return array
    largest = _LARGEST_COUNT if whole else LARGEST
    low, high = float(array.min()), float(array.max())  # not a number as soon as one value is not: two passes tell all
    if not (low >= -largest and high <= largest):
        refuse_where(np.isnan(array), array, name, "il faut un nombre")
        refuse_where(np.abs(array) > largest, array, name, "c’est bien trop grand pour être juste, vérifiez la saisie")
    if whole:
        rounded = np.rint(array)
        refuse_where(np.abs(array - rounded) > 1e-9 * np.maximum(1, np.abs(array)), array, name, "il faut un nombre entier")
        array = rounded
    percent = " (50 % s’écrit 0.5)" if 1 in (at_most, below) else ""
    if at_least is not None and low < at_least:
        refuse_where(array < at_least - _NOISE, array, name, f"il faut un nombre au moins égal à {shown(at_least)}")
        array = np.maximum(array, at_least)
    if at_most is not None and high > at_most:
        refuse_where(array > at_most + _NOISE, array, name, f"il faut un nombre au plus égal à {shown(at_most)}{percent}")
        array = np.minimum(array, at_most)
    if above is not None and low <= above:
        refuse_where(array <= above, array, name, f"il faut un nombre supérieur à {shown(above)}")
    if below is not None and high >= below:
        refuse_where(array >= below, array, name, f"il faut un nombre inférieur à {shown(below)}{percent}")
    return array


def number(value: ArrayLike, name: str, **bounds: Any) -> float:
    """Return one number as a float, within the bounds of `numbers`.

    Raises
    ------
    InvalidInput
        If it is not a single number, or is out of bounds.

    Examples
    --------
    >>> number(3, "adresse")
    3.0
    """
    array = _floats(value, name)
    if array.ndim != 0:
        raise InvalidInput(f"{name} : il faut un seul nombre, et non {_shape(array)}.")
    return float(numbers(array, name, **bounds))


def vector(values: ArrayLike, name: str, length: int | None = None, **bounds: Any) -> Array:
    """Return a list of numbers as a one-dimensional array, within the bounds of `numbers`.

    Raises
    ------
    InvalidInput
        If it is not a list, if it is empty or of another length, or if a value is out of bounds.

    Examples
    --------
    >>> vector([1, 2], "clics", length=2)
    array([1., 2.])
    """
    array = numbers(values, name, **bounds)
    if array.ndim != 1:
        raise InvalidInput(f"{name} : il faut une liste de nombres, et non {_shape(array)}.")
    if array.size == 0:
        raise InvalidInput(f"{name} : la liste est vide, il faut au moins un nombre.")
    if length is not None and array.size != length:
        raise InvalidInput(f"{name} : il faut {length} {plural(length, 'nombre')}, et non {array.size}.")
    return array


def matrix(values: ArrayLike, name: str, **bounds: Any) -> Array:
    """Return a table of numbers as a two-dimensional array, within the bounds of `numbers`.

    Raises
    ------
    InvalidInput
        If it is not a table, if it is empty, or if a value is out of bounds.

    Examples
    --------
    >>> matrix([[1, 0]], "Q").shape
    (1, 2)
    """
    array = numbers(values, name, **bounds)
    if array.ndim != 2 or array.size == 0:
        raise InvalidInput(f"{name} : il faut un tableau de lignes et de colonnes, et non {_shape(array)}.")
    return array


def together(*arrays: tuple[Array, str]) -> None:
    """Refuse arrays whose shapes do not go together (numpy's broadcasting).

    Raises
    ------
    InvalidInput
        If one has, say, three values and another two.
    """
    try:
        np.broadcast_shapes(*(array.shape for array, _ in arrays))
    except ValueError as error:
        sizes = " et ".join(f"{_shape(array)} pour {name}" for array, name in arrays)
        raise InvalidInput(
            f"Ces listes doivent avoir la même longueur : {sizes} ; complétez ou raccourcissez l’une d’elles."
        ) from error


def ratio(numerator: tuple[ArrayLike, str], denominator: tuple[ArrayLike, str], what: str) -> Numbers:
    """Divide counts or sums that are not negative, element by element.

    Parameters
    ----------
    numerator, denominator
        Numbers, and what they are.
    what
        What the ratio is, for the message.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or the denominator is zero: the ratio then does not exist.

    Examples
    --------
    >>> ratio((3, "clics"), (4, "impressions"), "le taux de clic")
    0.75
    """
    above, below = numbers(*numerator, at_least=0), numbers(*denominator, at_least=0)
    together((above, numerator[1]), (below, denominator[1]))
    too_small = below < 1 / LARGEST  # zero, or next to it
    refuse_where(too_small, below, denominator[1], f"il faut un nombre supérieur à 0, sans quoi {what} n’existe pas")
    return plain(above / below)


def plain(result: Any) -> Numbers:
    """Return a float for a single number, an array otherwise."""
    return float(result) if np.ndim(result) == 0 else np.asarray(result, dtype=float)


def flag(value: object, name: str) -> bool:
    """Return True or False, and nothing that only looks like it: a choice that moves a result is never guessed.

    Raises
    ------
    InvalidInput
        If it is anything else.

    Examples
    --------
    >>> flag(True, "normaliser (normalize)")
    True
    """
    if not isinstance(value, bool | np.bool_):
        raise InvalidInput(f"{name} : il faut True ou False, et non « {_cut(value)} ».")
    return bool(value)


def mapping(values: object, name: str, example: str) -> dict[Hashable, Any]:
    """Return a dictionary from a dictionary or a pandas Series.

    Raises
    ------
    InvalidInput
        If it is anything else.

    Examples
    --------
    >>> mapping({"a": 1}, "effets", "{'blog': 0.5}")
    {'a': 1}
    """
    items = getattr(values, "items", None)
    if not callable(items):
        raise InvalidInput(f"{name} : il faut un dictionnaire, par exemple {example}.")
    return dict(items())


def refuse_where(wrong: NDArray[np.bool_], array: Array, name: str, needed: str) -> None:
    """Refuse the first value marked as wrong, with its place, and say what is needed instead.

    Raises
    ------
    InvalidInput
        If any is wrong.
    """
    if not wrong.any():
        return
    where = tuple(int(index) for index in np.argwhere(wrong)[0])
    value = float(array[where])
    what = "une valeur manque" if np.isnan(value) else "l’infini" if np.isinf(value) else shown(value)
    raise InvalidInput(f"{name} : {what}{_place(where)} ; {needed}.")


def shown(value: float) -> str:
    """Write a number in French with all its digits, so that two numbers that differ never look the same.

    Examples
    --------
    >>> shown(0.30001), shown(29)
    ('0,30001', '29')
    """
    if value == round(value) and abs(value) < _LARGEST_COUNT:
        return write_number(value + 0.0, 0)  # −0 is written 0
    return np.format_float_positional(value, trim="-").replace(".", ",")


def _floats(values: ArrayLike, name: str) -> Array:
    try:
        given = np.asarray(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan) if np.ma.is_masked(values) else values)
    except ValueError as error:
        raise InvalidInput(f"{name} : les lignes n’ont pas toutes la même longueur ; complétez-les.") from error
    if given.dtype.kind == "O":
        stranger = next((value for value in given.flat if not _may_be_missing_or_real(value)), None)
    else:
        stranger = None if given.dtype.kind in "biuf" or given.size == 0 else given.flat[0]
    if stranger is not None:
        raise InvalidInput(f"{name} : « {_cut(stranger)} » n’est pas un nombre ; corrigez-le (1,5 s’écrit 1.5 en Python).")
    try:
        return (
            np.asarray([_float(value) for value in given.flat]).reshape(given.shape)
            if given.dtype.kind == "O"
            else given.astype(float, copy=False)
        )
    except OverflowError as error:
        raise InvalidInput(f"{name} : une valeur est bien trop grande pour être juste ; vérifiez la saisie.") from error


def _may_be_missing_or_real(value: object) -> bool:
    return value is None or isinstance(value, Real | Decimal) or type(value).__name__ == "NAType"


def _float(value: Any) -> float:
    """Return a float; what is missing (None, pandas' NA, a Decimal that is no number) is NaN, refused by name later."""
    return float(value) if isinstance(value, Real) or (isinstance(value, Decimal) and value.is_finite()) else np.nan


def _cut(value: object) -> str:
    text = printable(str(value))
    return text if len(text) <= 40 else f"{text[:39]}…"


def _place(where: tuple[int, ...]) -> str:
    if not where:
        return ""
    if len(where) == 1:
        return f" à la {where[0] + 1}{'re' if where[0] == 0 else 'e'} place"
    if len(where) == 2:
        return f" à la ligne {where[0] + 1}, colonne {where[1] + 1}"
    return f" à la place ({' ; '.join(str(index + 1) for index in where)})"


def _shape(array: Array) -> str:
    if array.ndim == 0:
        return "un seul nombre"
    if array.ndim == 1:
        return f"une liste de {array.size} {plural(array.size, 'nombre')}"
    return f"un tableau de {' × '.join(str(size) for size in array.shape)}"
