"""Columns of whole numbers in few bytes, and still text: base 36, as many digits for each number.

A hundred and twenty variants take a third less than as JSON lists, and differences stay readable in the history.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def packed(values: Sequence[int]) -> dict[str, Any]:
    """Return a column as text.

    Parameters
    ----------
    values
        Whole numbers from 0.

    Raises
    ------
    ValueError
        If one is negative.

    Examples
    --------
    >>> packed([0, 35, 36])
    {'chiffres': 2, 'base36': '000z10'}
    """
    if min(values, default=0) < 0:
        raise ValueError("a packed column holds no negative number")
    written = [_base36(value) for value in values]
    width = max(map(len, written), default=1)
    return {"chiffres": width, "base36": "".join(text.rjust(width, "0") for text in written)}


def unpacked(column: dict[str, Any]) -> NDArray[np.int64]:
    """Return a packed column as numbers.

    Examples
    --------
    >>> unpacked({"chiffres": 2, "base36": "000z10"}).tolist()
    [0, 35, 36]
    """
    width, text = column["chiffres"], column["base36"]
    return np.array([int(text[place : place + width], 36) for place in range(0, len(text), width)], dtype=np.int64)


def _base36(value: int) -> str:
    text = ""
    while True:
        value, digit = divmod(value, 36)
        text = DIGITS[digit] + text
        if not value:
            return text
