"""What a campaign costs and what it brings: CPM, CPC, CPL, CAC, ROAS, net ROI.

Money is in euros. Lists are computed element by element.
"""

import numpy as np
from numpy.typing import ArrayLike

from cmlib.inputs import Numbers, plain, ratio


def cpm(cost: ArrayLike, impressions: ArrayLike) -> Numbers:
    """Cost per thousand impressions (CPM).

    Parameters
    ----------
    cost
        Money spent, in euros, not negative.
    impressions
        Impressions bought, above 0.

    Returns
    -------
    float or ndarray
        Euros per thousand impressions.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no impression.

    References
    ----------
    Usage of the market; the course does not name it.

    Examples
    --------
    >>> cpm(79.3, 10_000)
    7.93
    """
    return plain(1000 * np.asarray(ratio((cost, "dépense (cost)"), (impressions, "impressions (impressions)"), "le CPM")))


def cpc(cost: ArrayLike, clicks: ArrayLike) -> Numbers:
    """Cost per click (CPC).

    Parameters
    ----------
    cost
        Money spent, in euros, not negative.
    clicks
        Clicks obtained, above 0.

    Returns
    -------
    float or ndarray
        Euros per click.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no click.

    References
    ----------
    Usage of the market; the course names it without its formula.

    Examples
    --------
    >>> cpc(94, 50)
    1.88
    """
    return ratio((cost, "dépense (cost)"), (clicks, "clics (clicks)"), "le coût par clic")


def cpl(cost: ArrayLike, leads: ArrayLike) -> Numbers:
    """Cost per lead (CPL).

    Parameters
    ----------
    cost
        Money spent, in euros, not negative.
    leads
        Leads (prospects identified), above 0.

    Returns
    -------
    float or ndarray
        Euros per lead.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no lead.

    References
    ----------
    Usage of the market; the course does not name it.

    Examples
    --------
    >>> cpl(2_198, 100)
    21.98
    """
    return ratio((cost, "dépense (cost)"), (leads, "prospects (leads)"), "le coût par prospect")


def cac(cost: ArrayLike, customers: ArrayLike) -> Numbers:
    """Customer acquisition cost (CAC).

    Parameters
    ----------
    cost
        All that was spent to acquire them, advertising and work, in euros, not negative.
    customers
        New customers, above 0.

    Returns
    -------
    float or ndarray
        Euros per new customer.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no customer.

    References
    ----------
    Usage of the market; the course does not name it.

    Examples
    --------
    >>> cac(6_000, 120)
    50.0
    """
    return ratio((cost, "dépense (cost)"), (customers, "nouveaux clients (customers)"), "le coût d’acquisition")


def cost_per_follower(cost: ArrayLike, new_followers: ArrayLike) -> Numbers:
    """Cost per new follower.

    Parameters
    ----------
    cost
        Money spent to recruit, in euros, not negative.
    new_followers
        New followers, above 0.

    Returns
    -------
    float or ndarray
        Euros per new follower.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no new follower.

    References
    ----------
    The course (« 7 étapes du community management », step 3) names it without its formula.

    Examples
    --------
    >>> cost_per_follower(300, 400)
    0.75
    """
    return ratio((cost, "dépense (cost)"), (new_followers, "nouveaux abonnés (new_followers)"), "le coût par nouvel abonné")


def roas(revenue: ArrayLike, cost: ArrayLike) -> Numbers:
    """Return on ad spend: revenue over cost. It is what the course calls ROI.

    Parameters
    ----------
    revenue
        Revenue due to the campaign, in euros, not negative.
    cost
        Money spent, in euros, above 0.

    Returns
    -------
    float or ndarray
        Euros of revenue per euro spent: 15 is the course’s « ROI 15 ».

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or nothing was spent.

    References
    ----------
    The course, chapter 1, for the definition; the market calls it ROAS. See `net_roi`.

    Examples
    --------
    >>> roas(15_000, 1_000)
    15.0
    """
    return ratio((revenue, "chiffre d’affaires (revenue)"), (cost, "dépense (cost)"), "le ROAS")


def net_roi(gain: ArrayLike, cost: ArrayLike) -> Numbers:
    """Net return on investment, the financial one: (gain − cost) over cost.

    Parameters
    ----------
    gain
        What the campaign brought, in euros, not negative: its margin if it is known, else its revenue. Say which.
    cost
        Money spent, in euros, above 0.

    Returns
    -------
    float or ndarray
        A fraction: 0.5 is 50 % earned on top of the stake; −1, all lost.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or nothing was spent.

    References
    ----------
    The course, chapter 1. With the revenue as gain, it is `roas` − 1.

    Examples
    --------
    >>> net_roi(15_000, 1_000)
    14.0
    """
    return plain(np.asarray(ratio((gain, "gain (gain)"), (cost, "dépense (cost)"), "le ROI net")) - 1)
