"""Paid, owned and earned media: what a pressure does over time (carry-over, saturation), and how a message spreads.

Weeks run along the first axis, so that a table of weeks × draws is one call. Diffusion has a module of its own,
`cmlib.diffusion`, whose functions are also found here.
"""

import numpy as np
from numpy.typing import ArrayLike

from cmlib.diffusion import (
    bass_adoption_rate,
    bass_cumulative,
    bass_peak_time,
    branching_extinction,
    branching_total_size,
)
from cmlib.inputs import Array, Numbers, flag, number, numbers, plain

__all__ = [
    "bass_adoption_rate",
    "bass_cumulative",
    "bass_peak_time",
    "branching_extinction",
    "branching_total_size",
    "content_stock",
    "geometric_adstock",
    "hill",
    "logistic_saturation",
    "michaelis_menten",
    "recursive_adstock",
]

_SPEND = "dépense (x)"


def geometric_adstock(x: ArrayLike, alpha: float, l_max: int = 12, normalize: bool = False) -> Array:
    """Carry-over of a pressure over a limited number of weeks: what was spent is still remembered later, a little less each week.

    ``y[t] = Σ alpha**l · x[t − l]`` for ``l`` from 0 to ``l_max − 1``; nothing is known before the first week, which counts as 0.

    Parameters
    ----------
    x
        Spend or contacts of each week: shape (weeks,) or (weeks, …), not negative.
    alpha
        Share that remains from one week to the next, between 0 (no memory) and 1 (none lost within the window).
    l_max
        Length of the memory in weeks, the current one included: from 1 to 10,000.
    normalize
        Whether the weights are divided by their sum, so that a unit spent remains a unit, only spread over time.

    Returns
    -------
    ndarray
        Same shape and unit as ``x``.

    Raises
    ------
    InvalidInput
        If a spend is negative or missing, ``alpha`` is out of [0, 1], or ``l_max`` is not a whole number of weeks.

    References
    ----------
    Broadbent, S. (1979), « One way TV advertisements work », Journal of the Market Research Society 21(3), for the idea;
    Jin, Y. et al. (2017), « Bayesian methods for media mix modeling with carryover and shape effects », Google, for the form.

    Examples
    --------
    >>> geometric_adstock([100, 0, 0, 0], alpha=0.5, l_max=3)
    array([100.,  50.,  25.,   0.])
    """
    weeks = _weeks(x)
    kept = number(alpha, "mémoire (alpha)", at_least=0, at_most=1)
    length = int(number(l_max, "durée de la mémoire (l_max)", at_least=1, at_most=10_000, whole=True))
    weights = kept ** np.arange(length, dtype=float)
    if flag(normalize, "normaliser (normalize)"):
        weights /= weights.sum()
    carried: Array = weights[0] * weeks
    for lag in range(1, min(length, len(weeks))):
        carried[lag:] += weights[lag] * weeks[:-lag]
    return carried


def recursive_adstock(x: ArrayLike, theta: float) -> Array:
    """Carry-over of a pressure without limit in time: ``y[t] = x[t] + theta · y[t − 1]``.

    A unit spent ends up counting ``1 / (1 − theta)``.

    Parameters
    ----------
    x
        Spend or contacts of each week: shape (weeks,) or (weeks, …), not negative.
    theta
        Share that remains from one week to the next, from 0 to less than 1.

    Returns
    -------
    ndarray
        Same shape and unit as ``x``.

    Raises
    ------
    InvalidInput
        If a spend is negative or missing, or ``theta`` is out of [0, 1): at 1 nothing would ever be forgotten.

    References
    ----------
    Broadbent (1979). Usual values of ``theta`` a week (Robyn, Meta): television 0.3 to 0.8; poster, press and radio 0.1 to 0.4;
    digital 0 to 0.3.

    Examples
    --------
    >>> recursive_adstock([100, 0, 0, 0], theta=0.5)
    array([100. ,  50. ,  25. ,  12.5])
    """
    weeks = _weeks(x)
    kept = number(theta, "mémoire (theta)", at_least=0, below=1)
    stock = weeks.copy()
    for week in range(1, len(stock)):
        stock[week] += kept * stock[week - 1]
    return stock


def content_stock(published: ArrayLike, half_life: float, initial: float = 0.0) -> Array:
    """Owned media: contents still at work, when each loses half of its power every ``half_life`` weeks.

    Parameters
    ----------
    published
        Contents put online each week: shape (weeks,) or (weeks, …), not negative.
    half_life
        Weeks after which a content works half as much: a hypothesis of whoever models, no published figure holds for all sites.
    initial
        Stock just before the first week, in contents at full power.

    Returns
    -------
    ndarray
        Stock of each week, in contents at full power.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or the half-life is zero.

    References
    ----------
    The goodwill stock of Nerlove, M. and Arrow, K. J. (1962), « Optimal advertising policy under dynamic conditions »,
    Economica 29.

    Examples
    --------
    >>> content_stock([4, 0, 0], half_life=1)
    array([4., 2., 1.])
    """
    contents = numbers(published, "contenus publiés (published)", at_least=0)
    remaining = 0.5 ** (1 / number(half_life, "demi-vie (half_life)", above=0))
    before = number(initial, "stock de départ (initial)", at_least=0)
    if contents.ndim == 0:
        contents = contents[np.newaxis]
    if contents.size == 0:
        return contents
    first = contents.copy()
    first[0] += remaining * before
    return recursive_adstock(first, min(remaining, np.nextafter(1, 0)))


def hill(x: ArrayLike, slope: float, kappa: float) -> Numbers:
    """Saturation in S or in a bend: ``x**slope / (kappa**slope + x**slope)``.

    Parameters
    ----------
    x
        Pressure (spend, contacts, adstock): not negative, any shape.
    slope
        Steepness, above 0: over 1 the curve starts slowly (an S), else it bends from the start.
    kappa
        Pressure that gives half of the effect, above 0, in the unit of ``x``.

    Returns
    -------
    float or ndarray
        Share of the largest effect, between 0 and 1.

    Raises
    ------
    InvalidInput
        If a pressure is negative or missing, or a parameter is not positive.

    References
    ----------
    Hill, A. V. (1910), Journal of Physiology 40; for media, Jin et al. (2017).

    Examples
    --------
    >>> hill(500, slope=2, kappa=500)
    0.5
    """
    pressure = numbers(x, "pression (x)", at_least=0)
    steepness = number(slope, "pente (slope)", above=0)
    half = number(kappa, "demi-effet (kappa)", above=0)
    with np.errstate(divide="ignore"):  # log 0 is −∞, whose share is 0
        logit = steepness * (np.log(pressure) - np.log(half))
    return plain(np.exp(-np.logaddexp(0, -logit)))  # 1 / (1 + exp(−logit)), which cannot overflow


def logistic_saturation(x: ArrayLike, lam: float) -> Numbers:
    """Saturation without an S: ``(1 − exp(−lam · x)) / (1 + exp(−lam · x))``.

    Parameters
    ----------
    x
        Pressure: not negative, any shape.
    lam
        Speed of saturation, above 0, in 1 / unit of ``x``.

    Returns
    -------
    float or ndarray
        Share of the largest effect, between 0 and 1.

    Raises
    ------
    InvalidInput
        If a pressure is negative or missing, or ``lam`` is not positive.

    References
    ----------
    The logistic curve of Verhulst (1838) moved to start at 0; the parametrisation is that of pymc-marketing.

    Examples
    --------
    >>> round(logistic_saturation(2, lam=1), 4)
    0.7616
    """
    pressure = numbers(x, "pression (x)", at_least=0)
    with np.errstate(over="ignore"):  # an infinite exponent is a share of 1
        return plain(np.tanh(pressure * number(lam, "vitesse de saturation (lam)", above=0) / 2))


def michaelis_menten(x: ArrayLike, alpha: float, lam: float) -> Numbers:
    """Saturation by diminishing returns: ``alpha · x / (lam + x)``.

    Parameters
    ----------
    x
        Pressure: not negative, any shape.
    alpha
        Largest effect, which is never reached: not negative, in the unit of the effect.
    lam
        Pressure that gives half of it, above 0, in the unit of ``x``.

    Returns
    -------
    float or ndarray
        Effect, between 0 and ``alpha``.

    Raises
    ------
    InvalidInput
        If a pressure is negative or missing, ``alpha`` is negative, or ``lam`` is not positive.

    References
    ----------
    Michaelis, L. and Menten, M. (1913), Biochemische Zeitschrift 49; it is `hill` with a slope of 1.

    Examples
    --------
    >>> michaelis_menten([0, 10, 30], alpha=100, lam=10)
    array([ 0., 50., 75.])
    """
    pressure = numbers(x, "pression (x)", at_least=0)
    largest = number(alpha, "effet maximal (alpha)", at_least=0)
    half = number(lam, "demi-effet (lam)", above=0)
    larger = np.maximum(pressure, half)  # both are divided by the larger: their sum cannot overflow
    return plain(largest * ((pressure / larger) / (half / larger + pressure / larger)))


def _weeks(x: ArrayLike) -> Array:
    weeks = numbers(x, _SPEND, at_least=0)
    return weeks[np.newaxis] if weeks.ndim == 0 else weeks
