"""Luck, the same on every machine and for every decision: common random numbers.

numpy guarantees the raw bits of PCG64, not its distributions: uniforms are made here from raw bits, each kind of luck from
a stream of its own. Changing a decision, adding weeks or cutting the draws into pieces therefore changes no luck.
"""

import hashlib
from functools import lru_cache

import numpy as np

from cmlib.inputs import Array


def stream(name: str) -> np.random.PCG64:
    """Return the stream of raw bits of a name, whatever the machine and the version.

    Examples
    --------
    >>> int(stream("essai").random_raw())
    10029059978234021665
    """
    # A hash with fixed bytes, so that neither Python's hash() nor numpy's SeedSequence matters.
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {
            "state": int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big"),
            "inc": 0x5851F42D4C957F2D14057B7EF767814F,
        },
        "has_uint32": 0,
        "uinteger": 0,
    }
    return bits


def uniforms(name: str, first: int, count: int) -> Array:
    """Return numbers ``first`` to ``first + count − 1`` of a stream, each in (0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> bool((uniforms("essai", 3, 2) == uniforms("essai", 0, 5)[3:]).all())
    True
    """
    bits = stream(name)
    bits.advance(first)
    raw = np.asarray(bits.random_raw(count)) >> np.uint64(11)
    return (raw.astype(float) + 0.5) / 2.0**53


@lru_cache(maxsize=512)  # a debriefing draws the same luck a dozen times; at most 16 MB in chunks of 4 096
def lognormals(name: str, sigma: float, first: int, count: int) -> Array:
    """Return positive factors of mean 1 and of spread ``sigma`` (standard deviation of their logarithm).

    Examples
    --------
    >>> round(float(lognormals("essai", 0.2, 0, 100_000).mean()), 2)
    1.0
    """
    from scipy.special import ndtri  # slow to import, for simulations only

    factors = np.asarray(np.exp(sigma * ndtri(uniforms(name, first, count)) - sigma**2 / 2))
    factors.setflags(write=False)  # it is shared
    return factors
