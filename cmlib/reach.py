"""Who is touched, and how often: exposure, net reach, frequency, GRP, memorisation.

Audiences, duplications and reaches are fractions of the target; GRP are points. Several media together have a module of their
own, `cmlib.duplication`, whose functions are also found here.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cmlib.duplication import AGOSTINI_K, agostini, sainsbury
from cmlib.errors import InvalidInput
from cmlib.inputs import Array, Numbers, number, numbers, plain, refuse_where, shown, together, vector

__all__ = [
    "AGOSTINI_K",
    "BetaBinomial",
    "agostini",
    "average_frequency",
    "beta_binomial_from_reach",
    "effective_reach",
    "exposure_distribution",
    "grp",
    "grp_of",
    "memorised",
    "memorised_reach",
    "net_reach",
    "sainsbury",
]

_INDEPENDENCE = 1e-9  # share of the possible gain under which a float no longer tells the two limits of the law apart


class BetaBinomial(NamedTuple):
    """Parameters of a beta-binomial law: how the chance of being exposed varies from a person to another."""

    alpha: float
    beta: float


def exposure_distribution(n: int, alpha: float, beta: float) -> Array:
    """Share of the target exposed 0, 1, … ``n`` times to a plan of ``n`` insertions (beta-binomial law).

    Parameters
    ----------
    n
        Insertions: a whole number, from 0 to a million.
    alpha, beta
        Parameters of the law, above 0, for instance from `beta_binomial_from_reach`.

    Returns
    -------
    ndarray
        Shape (n + 1,), whose sum is 1.

    Raises
    ------
    InvalidInput
        If ``n`` is not a whole number or is too large, or a parameter is not positive.

    References
    ----------
    Metheringham, R. A. (1964), « Measuring the net cumulative coverage of a print campaign », Journal of
    Advertising Research 4(4).

    Examples
    --------
    >>> exposure_distribution(2, alpha=1, beta=1).round(4)
    array([0.3333, 0.3333, 0.3333])
    """
    insertions = int(number(n, "insertions (n)", at_least=0, at_most=1e6, whole=True))
    a, b = (number(value, f"paramètre {name}", above=0) for value, name in ((alpha, "alpha"), (beta, "beta")))
    seen = np.arange(insertions)
    # From one number of exposures to the next, in logarithms: exact where the law's closed form subtracts huge numbers.
    steps = np.log(insertions - seen) - np.log(seen + 1) + np.log(a + seen) - np.log(b + (insertions - 1 - seen))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    shares = np.exp(logs - logs.max())
    return np.asarray(shares / shares.sum())


def beta_binomial_from_reach(r1: float, r2: float) -> BetaBinomial:
    """Fit the beta-binomial law on the reach of one insertion and the net reach of two.

    Parameters
    ----------
    r1
        Reach of one insertion, strictly between 0 and 1.
    r2
        Net reach of two: above ``r1``, below what chance alone would give, ``1 − (1 − r1)²``.

    Returns
    -------
    BetaBinomial
        ``(alpha, beta)``.

    Raises
    ------
    InvalidInput
        If the law does not exist: the second insertion reaches nobody new (``r2`` = ``r1``: the same people each time),
        or as many people as chance would (the binomial law, with no habit at all), or more.

    References
    ----------
    Metheringham (1964); method of moments: with ``D = 2 r1 − r1² − r2``, ``alpha = r1 (r2 − r1) / D`` and
    ``beta = (1 − r1) (r2 − r1) / D``.

    Examples
    --------
    >>> beta_binomial_from_reach(0.5, 0.625)
    BetaBinomial(alpha=0.5, beta=0.5)
    """
    once = number(r1, "couverture d’une insertion (r1)", above=0, below=1)
    twice = number(r2, "couverture de deux insertions (r2)", above=0, at_most=1)
    if twice < once:
        raise InvalidInput(
            f"La couverture de deux insertions (r2 = {shown(twice)}) est inférieure à celle d’une seule "
            f"(r1 = {shown(once)}) : vérifiez que r2 est la couverture cumulée."
        )
    gained = twice - once
    spread = once * (1 - once)
    if gained <= _INDEPENDENCE * spread:
        raise InvalidInput(
            f"r2 = r1 = {shown(once)} : la deuxième insertion ne touche personne de plus, ce sont toujours les mêmes ; "
            "la loi bêta-binomiale n’existe pas, la couverture reste r1 quel que soit le nombre d’insertions."
        )
    excess = spread - gained
    if excess <= _INDEPENDENCE * spread:
        chance = 1 - (1 - once) ** 2
        raise InvalidInput(
            f"r2 = {shown(twice)} atteint ou dépasse ce que donnerait le hasard ({shown(chance)} pour r1 = {shown(once)}) : "
            "la loi bêta-binomiale n’existe pas ; au hasard exactement, n insertions couvrent 1 − (1 − r1)^n."
        )
    return BetaBinomial(once * gained / excess, (1 - once) * gained / excess)


def net_reach(exposures: ArrayLike) -> float:
    """Reach of a plan: share of the target exposed at least once.

    Parameters
    ----------
    exposures
        Shares exposed 0, 1, … n times, as `exposure_distribution` returns.

    Returns
    -------
    float
        A fraction.

    Raises
    ------
    InvalidInput
        If the shares are not fractions whose sum is 1.

    Examples
    --------
    >>> net_reach([0.4, 0.4, 0.2])
    0.6
    """
    return float(1 - _distribution(exposures)[0])


def effective_reach(exposures: ArrayLike, minimum: int = 3) -> float:
    """Effective reach: share of the target exposed at least ``minimum`` times.

    Parameters
    ----------
    exposures
        As in `net_reach`.
    minimum
        Exposures needed, a whole number. Three is an old convention, not a law: a hypothesis to discuss.

    Returns
    -------
    float
        A fraction.

    Raises
    ------
    InvalidInput
        As `net_reach`.

    References
    ----------
    Krugman, H. E. (1972), « Why three exposures may be enough », Journal of Advertising Research 12(6).

    Examples
    --------
    >>> round(effective_reach([0.4, 0.3, 0.2, 0.1]), 4)
    0.1
    """
    least = int(number(minimum, "nombre minimal de contacts (minimum)", at_least=0, whole=True))
    return float(min(1.0, _distribution(exposures)[least:].sum()))


def average_frequency(contacts: ArrayLike, people: ArrayLike) -> Numbers:
    """Average frequency: contacts (impressions) per person reached.

    Parameters
    ----------
    contacts
        Impressions, or contacts per member of the target.
    people
        People reached, or reach: the same basis as ``contacts``, never more.

    Returns
    -------
    float or ndarray
        Contacts per person reached, at least 1.

    Raises
    ------
    InvalidInput
        If nobody is reached, or more people than there are contacts.

    Examples
    --------
    >>> average_frequency(12_000, 4_000)
    3.0
    """
    seen = numbers(contacts, "impressions (contacts)", at_least=0)
    touched = numbers(people, "personnes touchées (people)", at_least=0)
    together((seen, "impressions (contacts)"), (touched, "personnes touchées (people)"))
    refuse_where(touched == 0, touched, "personnes touchées (people)", "il en faut, sans quoi la répétition n’existe pas")
    more = np.broadcast_to(touched > seen * (1 + 1e-9), np.broadcast_shapes(touched.shape, seen.shape))
    refuse_where(
        more,
        np.broadcast_to(touched, more.shape),
        "personnes touchées (people)",
        "c’est plus que les impressions, alors qu’une personne touchée l’est au moins une fois : vérifiez les deux",
    )
    return plain(np.maximum(seen / touched, 1.0))


def grp(reach: ArrayLike, frequency: ArrayLike) -> Numbers:
    """Gross rating points: contacts per 100 members of the target, ``100 × reach × frequency``.

    Parameters
    ----------
    reach
        Share of the target reached, a fraction.
    frequency
        Average frequency: contacts per person reached, at least 1.

    Returns
    -------
    float or ndarray
        Points: 180 GRP are 1.8 contact per member of the target. They can exceed 100.

    Raises
    ------
    InvalidInput
        If the reach is not a fraction, or the frequency is below 1.

    Examples
    --------
    >>> grp(0.6, 3)
    180.0
    """
    covered = numbers(reach, "couverture (reach)", at_least=0, at_most=1)
    times = numbers(frequency, "répétition (frequency)", at_least=1)
    together((covered, "couverture (reach)"), (times, "répétition (frequency)"))
    return plain(100 * covered * times)


def grp_of(exposures: ArrayLike) -> float:
    """Gross rating points of a plan: mean number of contacts per 100 members of the target.

    Equals `grp` of `net_reach` and of the average frequency.

    Parameters
    ----------
    exposures
        As in `net_reach`.

    Returns
    -------
    float
        Points.

    Raises
    ------
    InvalidInput
        As `net_reach`.

    Examples
    --------
    >>> round(grp_of([0.4, 0.3, 0.2, 0.1]), 4)
    100.0
    """
    shares = _distribution(exposures)
    return float(100 * (shares @ np.arange(shares.size)))


def memorised(beta: float, n: ArrayLike) -> Numbers:
    """Share of the people exposed ``n`` times who remember the message: ``1 − (1 − β)**n``.

    Parameters
    ----------
    beta
        Share who remember after one exposure, a fraction: it depends on the medium, and dated sources disagree
        (television 15 % in e-marketing.fr, 18,4 % for Dentsu in 2018).
    n
        Exposures, not negative, any shape.

    Returns
    -------
    float or ndarray
        A fraction.

    Raises
    ------
    InvalidInput
        If ``beta`` is not a fraction, or ``n`` is negative.

    References
    ----------
    A. Morgensztern's « bêta de mémorisation » (1970s).

    Examples
    --------
    >>> round(memorised(0.1, 3), 4)
    0.271
    """
    rate = number(beta, "bêta de mémorisation (beta)", at_least=0, at_most=1)
    times = numbers(n, "expositions (n)", at_least=0)
    if rate == 1:
        return plain((times > 0).astype(float))
    return plain(-np.expm1(times * np.log1p(-rate)))


def memorised_reach(exposures: ArrayLike, beta: float) -> float:
    """Memorised reach of a plan: share of the target who remember, each according to their own number of exposures.

    Parameters
    ----------
    exposures
        As in `net_reach`.
    beta
        As in `memorised`.

    Returns
    -------
    float
        A fraction, never above the net reach.

    Raises
    ------
    InvalidInput
        As `net_reach` and `memorised`.

    References
    ----------
    Morgensztern's law averaged over Metheringham's distribution.

    Examples
    --------
    >>> round(memorised_reach([0.4, 0.4, 0.2], beta=0.1), 4)
    0.078
    """
    shares = _distribution(exposures)
    return float(shares @ np.atleast_1d(memorised(beta, np.arange(shares.size))))


def _distribution(exposures: ArrayLike) -> Array:
    shares = vector(exposures, "part exposée (exposures)", at_least=0, at_most=1)
    if abs(shares.sum() - 1) > 1e-6:
        raise InvalidInput(
            f"Les parts exposées 0, 1, 2… fois font {shown(float(shares.sum()))} au total, au lieu de 1 : vérifiez-les."
        )
    return np.asarray(shares / shares.sum())
