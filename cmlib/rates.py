"""How an audience reacts: rates of engagement, clicks, conversion, sharing; share of voice, tone, growth.

Rates are fractions. Lists are computed element by element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput
from cmlib.inputs import Numbers, numbers, plain, ratio, together

if TYPE_CHECKING:
    import pandas as pd  # heavy, and only a table of posts needs it

INTERACTIONS = ("likes", "comments", "shares")
"""What the course counts as a reaction to a post: « j’aime », comments, shares."""

Denominator = Literal["reach", "followers", "impressions"]
Aggregate = Literal["ratio_of_sums", "mean_of_ratios"]


def engagement_rate(
    posts: pd.DataFrame,
    by: Denominator = "reach",
    aggregate: Aggregate = "ratio_of_sums",
    interactions: Sequence[str] = INTERACTIONS,
) -> float:
    """Engagement rate of a set of posts: interactions over an audience, always with its denominator named.

    Published rates differ up to 80 times with the denominator (by follower or by impression; see
    ``datasets/README.md``): two rates compare only if ``by`` and ``aggregate`` are the same.

    Parameters
    ----------
    posts
        One row a post, with the columns of ``interactions`` and the one named by ``by``: counts, not negative.
        A post that misses one of them is left out of both numerator and denominator.
    by
        Denominator: people reached, followers at the date of the post, or impressions.
    aggregate
        ``"ratio_of_sums"``: all interactions over the whole audience, the rate of the account.
        ``"mean_of_ratios"``: the mean of the posts' own rates, where a post seen by twenty people weighs as
        much as one seen by twenty thousand; posts with no audience have no rate and are left out.
    interactions
        Columns that count as interactions.

    Returns
    -------
    float
        A fraction: 0.083 is 8,3 %.

    Raises
    ------
    InvalidInput
        If a column is missing, a count is negative or infinite, or no post has an audience.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"likes": [9, 30], "comments": [1, 0], "shares": [0, 0], "reach": [50, 950]})
    >>> engagement_rate(posts, by="reach")
    0.04
    >>> round(engagement_rate(posts, by="reach", aggregate="mean_of_ratios"), 4)
    0.1158
    """
    if by not in ("reach", "followers", "impressions"):
        raise InvalidInput(
            f'« {by} » n’est pas un dénominateur : écrivez by="reach" (personnes touchées), by="followers" (abonnés) '
            'ou by="impressions" (affichages).'
        )
    if aggregate not in ("ratio_of_sums", "mean_of_ratios"):
        raise InvalidInput(
            f'« {aggregate} » ne réunit pas des publications : écrivez aggregate="ratio_of_sums" (toutes les réactions sur toute '
            'l’audience) ou aggregate="mean_of_ratios" (moyenne des taux des publications).'
        )
    columns = [*interactions, by]
    missing = [column for column in columns if column not in posts.columns]
    if missing:
        raise InvalidInput(f"La table des publications n’a pas de colonne {', '.join(missing)} : vérifiez son en-tête.")
    if len(set(columns)) < len(columns) or posts.columns.duplicated().any():
        raise InvalidInput(
            "Une colonne est demandée deux fois, ou figure deux fois dans la table des publications : n’en gardez qu’une."
        )
    try:
        counts = posts[columns].astype(float).dropna()
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"Table des publications, colonnes {', '.join(columns)} : l’une contient autre chose que des nombres ; corrigez-la."
        ) from error
    values = counts.to_numpy()
    wrong = np.argwhere(~np.isfinite(values) | (values < 0))
    if wrong.size:
        row, column = counts.index[wrong[0][0]], columns[wrong[0][1]]
        raise InvalidInput(
            f"Table des publications, ligne {row}, colonne {column} : un nombre est négatif ou infini ; corrigez-le."
        )
    reacted = counts[list(interactions)].sum(axis=1)
    seen = counts[by]
    if not (seen > 0).any():
        raise InvalidInput(f"Aucune publication n’a d’audience dans la colonne {by} : le taux d’engagement n’existe pas.")
    if aggregate == "ratio_of_sums":
        return float(reacted.sum() / seen.sum())
    return float((reacted[seen > 0] / seen[seen > 0]).mean())


def share_of_voice(brand: ArrayLike, competitors: ArrayLike) -> float:
    """Share of voice: mentions of the brand over mentions of the brand and its competitors.

    Parameters
    ----------
    brand
        Mentions of the brand: a count, or counts to add (months, networks).
    competitors
        Mentions of each competitor: counts to add. References from another sector are not competitors.

    Returns
    -------
    float
        A fraction between 0 and 1.

    Raises
    ------
    InvalidInput
        If a count is missing, negative or infinite, or if nobody is mentioned.

    Examples
    --------
    >>> share_of_voice(300, [500, 200])
    0.3
    """
    own = float(numbers(brand, "mentions de la marque (brand)", at_least=0).sum())
    others = float(numbers(competitors, "mentions des concurrents (competitors)", at_least=0).sum())
    total = own + others
    if not np.isfinite(total):
        raise InvalidInput("Ces nombres de mentions sont trop grands : vérifiez-les.")
    if total == 0:
        raise InvalidInput(
            "Ni la marque ni ses concurrents ne sont mentionnés : la part de voix n’existe pas ; vérifiez la période."
        )
    return own / total


def ctr(clicks: ArrayLike, impressions: ArrayLike) -> Numbers:
    """Click-through rate (CTR): clicks over impressions.

    Parameters
    ----------
    clicks
        Clicks, not negative.
    impressions
        Impressions of the same posts or ads, above 0.

    Returns
    -------
    float or ndarray
        A fraction.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no impression.

    References
    ----------
    Usage of the market; the course does not name it.

    Examples
    --------
    >>> ctr(253, 10_000)
    0.0253
    """
    return ratio((clicks, "clics (clicks)"), (impressions, "impressions (impressions)"), "le taux de clic")


def conversion_rate(conversions: ArrayLike, visits: ArrayLike) -> Numbers:
    """Conversion rate: conversions over visits.

    Parameters
    ----------
    conversions
        People who did what was hoped for: a form, a purchase; not negative.
    visits
        Visits, or clicks, above 0: say which.

    Returns
    -------
    float or ndarray
        A fraction.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no visit.

    References
    ----------
    Usage of the market; the course names it without its formula.

    Examples
    --------
    >>> conversion_rate(439, 5_000)
    0.0878
    """
    return ratio((conversions, "conversions (conversions)"), (visits, "visites (visits)"), "le taux de conversion")


def part(some: ArrayLike, total: ArrayLike) -> Numbers:
    """Share of a whole: questions answered over questions asked, complaints resolved over complaints received.

    Parameters
    ----------
    some
        Those that count, not negative, never more than ``total``.
    total
        All of them, above 0.

    Returns
    -------
    float or ndarray
        A fraction between 0 and 1.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, the whole is zero, or the part exceeds it.

    References
    ----------
    Course, 2011 document: « réponse à toutes les questions » as a return on engagement.

    Examples
    --------
    >>> part(45, 60)
    0.75
    """
    share = ratio((some, "partie (some)"), (total, "total (total)"), "la part")
    if np.any(np.asarray(share) > 1):
        raise InvalidInput("La partie dépasse le total : vérifiez que les deux comptent la même chose, sur la même période.")
    return share


def virality_rate(shares: ArrayLike, impressions: ArrayLike) -> Numbers:
    """Virality rate: shares over impressions.

    Parameters
    ----------
    shares
        Shares, not negative.
    impressions
        Impressions of the same posts, above 0.

    Returns
    -------
    float or ndarray
        A fraction.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no impression.

    References
    ----------
    Usage of the market; the course names it without its formula.

    Examples
    --------
    >>> virality_rate(60, 4_000)
    0.015
    """
    return ratio((shares, "partages (shares)"), (impressions, "impressions (impressions)"), "la viralité")


def reputation_ratio(positive: ArrayLike, negative: ArrayLike) -> Numbers:
    """E-reputation ratio: positive mentions over negative ones.

    Parameters
    ----------
    positive
        Positive mentions, not negative.
    negative
        Negative mentions, above 0: without any, give the share of positive mentions instead.

    Returns
    -------
    float or ndarray
        Positive mentions per negative one: above 1, more praise than blame.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there is no negative mention.

    References
    ----------
    The course, 2011 document on social media (« mentions positives / négatives »).

    Examples
    --------
    >>> reputation_ratio(180, 60)
    3.0
    """
    return ratio(
        (positive, "mentions positives (positive)"), (negative, "mentions négatives (negative)"), "le ratio d’e-réputation"
    )


def positive_share(positive: ArrayLike, negative: ArrayLike) -> Numbers:
    """Tone: share of positive mentions among those that take sides.

    Parameters
    ----------
    positive
        Positive mentions, not negative.
    negative
        Negative mentions, not negative.

    Returns
    -------
    float or ndarray
        A fraction.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or no mention takes sides.

    References
    ----------
    Added by the project; the course (2011 document) names « sentiment », without a formula.

    Examples
    --------
    >>> positive_share(180, 60)
    0.75
    """
    favourable = numbers(positive, "mentions positives (positive)", at_least=0)
    against = numbers(negative, "mentions négatives (negative)", at_least=0)
    together((favourable, "mentions positives (positive)"), (against, "mentions négatives (negative)"))
    return ratio(
        (favourable, "mentions positives (positive)"), (favourable + against, "mentions qui prennent parti"), "la tonalité"
    )


def growth_rate(before: ArrayLike, after: ArrayLike) -> Numbers:
    """Growth of a community: new followers over those of the start.

    Parameters
    ----------
    before
        Followers at the start, above 0.
    after
        Followers at the end, not negative.

    Returns
    -------
    float or ndarray
        A fraction, negative when the community shrinks.

    Raises
    ------
    InvalidInput
        If a number is negative or missing, or there was no follower.

    References
    ----------
    Usage of the market; the course names it without its formula.

    Examples
    --------
    >>> growth_rate(4_000, 4_500)
    0.125
    """
    return plain(
        np.asarray(ratio((after, "abonnés à la fin (after)"), (before, "abonnés au début (before)"), "la croissance")) - 1
    )
