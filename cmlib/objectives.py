"""Objectives and their indicators: the four families of the course, engagement rate, share of voice."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput

FAMILIES = {
    "visibilite": "Visibilité",
    "engagement": "Engagement",
    "opinion": "Opinion",
    "performance": "Performance",
}
"""The four families of objectives (course, chapter 1), by id, with their French label."""

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
    >>> posts = pd.DataFrame({"likes": [9, 30], "comments": [1, 0], "shares": [0, 0], "reach": [50, 950]})
    >>> engagement_rate(posts, by="reach")
    0.04
    >>> round(engagement_rate(posts, by="reach", aggregate="mean_of_ratios"), 4)
    0.1158
    """
    if by not in ("reach", "followers", "impressions"):
        raise InvalidInput(f"Le taux d’engagement se calcule par reach, followers ou impressions, pas par « {by} ».")
    if aggregate not in ("ratio_of_sums", "mean_of_ratios"):
        raise InvalidInput(f"L’agrégation est ratio_of_sums ou mean_of_ratios, pas « {aggregate} ».")
    columns = [*interactions, by]
    missing = [column for column in columns if column not in posts.columns]
    if missing:
        raise InvalidInput(f"La table des publications n’a pas de colonne {', '.join(missing)} : vérifiez son en-tête.")
    if len(set(columns)) < len(columns) or posts.columns.duplicated().any():
        raise InvalidInput("Une colonne est demandée ou présente deux fois : chaque colonne compte une seule fois.")
    try:
        counts = posts[columns].astype(float).dropna()
    except (TypeError, ValueError) as error:
        raise InvalidInput("La table des publications contient autre chose que des nombres : corrigez-la.") from error
    values = counts.to_numpy()
    if not np.isfinite(values).all() or (values < 0).any():
        raise InvalidInput("La table des publications contient un nombre négatif ou infini : corrigez-la avant de calculer.")
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
    own = _counts(brand, "de la marque")
    others = _counts(competitors, "des concurrents")
    total = own + others
    if not np.isfinite(total):
        raise InvalidInput("Ces nombres de mentions sont trop grands : vérifiez-les.")
    if total == 0:
        raise InvalidInput("Personne n’est mentionné : la part de voix n’existe pas.")
    return own / total


def _counts(counts: ArrayLike, whose: str) -> float:
    try:
        values = np.asarray(counts, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"Le nombre de mentions {whose} n’est pas un nombre : corrigez-le.") from error
    if not np.isfinite(values).all() or (values < 0).any():
        raise InvalidInput(f"Le nombre de mentions {whose} est manquant, négatif ou infini : corrigez-le avant de calculer.")
    return float(values.sum())
