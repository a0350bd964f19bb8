"""How a product or a message spreads from person to person: Bass's model, and sharing as a branching process."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cmlib.inputs import Array, Numbers, number, numbers, plain, together


def bass_cumulative(t: ArrayLike, p: float, q: float) -> Numbers:
    """Bass diffusion: share of the future adopters who have adopted by time ``t``.

    Parameters
    ----------
    t
        Time since the launch, not negative, any shape; its unit (year, week) is that of ``p`` and ``q``.
    p
        Innovation: rate of those who adopt by themselves, above 0 (with none of them, nothing ever starts).
    q
        Imitation: rate of those who follow the others, not negative.

    Returns
    -------
    float or ndarray
        A fraction between 0 and 1.

    Raises
    ------
    InvalidInput
        If a time or ``q`` is negative, or ``p`` is not positive.

    References
    ----------
    Bass, F. M. (1969), « A new product growth for model consumer durables », Management Science 15(5).

    Examples
    --------
    >>> round(bass_cumulative(8.6, p=0.0104, q=0.4186), 3)
    0.486
    """
    time, innovation, imitation = _bass(t, p, q)
    exponent = (innovation + imitation) * time
    left = np.exp(-exponent)

    return plain(innovation * -np.expm1(-exponent) / (innovation + imitation * left))


def bass_adoption_rate(t: ArrayLike, p: float, q: float) -> Numbers:
    """Bass diffusion: share of the future adopters who adopt per unit of time, at time ``t``.

    The derivative of `bass_cumulative`; times the size of the market, the curve of sales. At the launch it is ``p``.

    Parameters
    ----------
    t, p, q
        As in `bass_cumulative`.

    Returns
    -------
    float or ndarray
        A fraction per unit of time.

    Raises
    ------
    InvalidInput
        As `bass_cumulative`.

    References
    ----------
    Bass (1969).

    Examples
    --------
    >>> round(bass_adoption_rate(0, p=0.03, q=0.38), 4)
    0.03
    """
    time, innovation, imitation = _bass(t, p, q)
    half = np.exp(-(innovation + imitation) * time / 2)  # half of the exponent on each factor: their square stays a float
    root = half * (innovation + imitation) / (innovation + imitation * half**2)
    return plain(innovation * root**2)


def bass_peak_time(p: float, q: float) -> float:
    """Bass diffusion: time of the peak of adoptions, ``ln(q / p) / (p + q)``; 0 when imitation does not exceed innovation.

    Parameters
    ----------
    p, q
        As in `bass_cumulative`.

    Returns
    -------
    float
        In the unit of time of ``p`` and ``q``.

    Raises
    ------
    InvalidInput
        As `bass_cumulative`.

    References
    ----------
    Bass (1969): 8.6 years for air conditioners, with p = 0.0104 and q = 0.4186.

    Examples
    --------
    >>> round(bass_peak_time(p=0.0104, q=0.4186), 1)
    8.6
    """
    _, innovation, imitation = _bass(0, p, q)
    if imitation <= innovation:
        return 0.0
    return float((np.log(imitation) - np.log(innovation)) / (innovation + imitation))


def branching_extinction(R: ArrayLike) -> Numbers:
    """Sharing as a branching process: probability that the chain started by one person dies out.

    Each person passes the message on to a random number of others, a Poisson law of mean ``R``. The chain always dies out if
    ``R`` ≤ 1; beyond, with the smallest root ``s`` of ``s = exp(R (s − 1))``. Started by ``k`` people, it dies with ``s**k``.

    Parameters
    ----------
    R
        Mean number of people to whom one person passes the message on: not negative, any shape.

    Returns
    -------
    float or ndarray
        A probability.

    Raises
    ------
    InvalidInput
        If ``R`` is negative or missing.

    References
    ----------
    Harris, T. E. (1963), The Theory of Branching Processes; the root by Lambert's function, Corless, R. et al. (1996),
    Advances in Computational Mathematics 5.

    Examples
    --------
    >>> round(branching_extinction(2), 4)
    0.2032
    """
    from scipy.special import lambertw  # slow to import, for this one function

    passed = numbers(R, "transmission (R)", at_least=0)
    grows = passed > 1
    mean = np.where(grows, passed, 2.0)  # where it dies out for certain, any value over 1 will do: it is not kept
    argument: NDArray[np.complex128] = np.asarray(-mean * np.exp(-mean), dtype=complex)
    by_root = -np.real(lambertw(argument)) / mean  # type: ignore[call-overload]  # its stubs know no array of unknown shape
    excess = np.minimum(mean - 1, 1e-4)  # up to there a series: lambertw has no digits left at its branch point, R = 1
    by_series = 1 - 2 * excess + 8 / 3 * excess**2 - 28 / 9 * excess**3
    return plain(np.where(grows, np.where(excess < 1e-4, by_series, by_root), 1.0))


def branching_total_size(R: ArrayLike, seeds: ArrayLike) -> Numbers:
    """Sharing as a branching process: expected number of people reached, those of the start included.

    ``seeds / (1 − R)`` when ``R`` < 1. From ``R`` = 1 on the expectation is infinite: only the size of
    the audience stops the chain.

    Parameters
    ----------
    R
        As in `branching_extinction`.
    seeds
        People who start: not negative, any shape that goes with that of ``R``.

    Returns
    -------
    float or ndarray
        People; ``inf`` where ``R`` ≥ 1, 0 without seeds.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or the shapes do not go together.

    References
    ----------
    Harris (1963).

    Examples
    --------
    >>> branching_total_size(0.75, seeds=100)
    400.0
    """
    passed = numbers(R, "transmission (R)", at_least=0)
    start = numbers(seeds, "personnes au départ (seeds)", at_least=0)
    together((passed, "transmission (R)"), (start, "personnes au départ (seeds)"))
    factor = np.where(passed < 1, 1 / np.where(passed < 1, 1 - passed, 1), np.inf)
    return plain(np.where(start > 0, factor * np.where(start > 0, start, 1), 0.0))


def _bass(t: ArrayLike, p: float, q: float) -> tuple[Array, float, float]:
    return (
        numbers(t, "temps (t)", at_least=0),
        number(p, "innovation (p)", above=0),
        number(q, "imitation (q)", at_least=0),
    )
