"""What a sample can prove: intervals, comparisons of two shares, NPS.

Shares are fractions; the NPS is in points, from −100 to 100.
"""

from collections.abc import Hashable, Mapping
from math import erfc, sqrt
from numbers import Real
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput
from cmlib.inputs import mapping, matrix, number, shown, vector


class Interval(NamedTuple):
    """Bounds of a confidence interval."""

    low: float
    high: float


class Comparison(NamedTuple):
    """Statistic of a test and its two-sided p-value."""

    statistic: float
    pvalue: float


class NetPromoterScore(NamedTuple):
    """NPS and its confidence interval, in points."""

    score: float
    low: float
    high: float


class Change(NamedTuple):
    """A share before and after, and the test that tells whether the change is more than chance.

    Attributes
    ----------
    test
        ``"mcnemar"`` or ``"ztest"``.
    before, after
        Shares, fractions.
    statistic, pvalue
        As the test returns them.
    """

    test: str
    before: float
    after: float
    statistic: float
    pvalue: float


def wilson_interval(count: float, nobs: float, confidence: float = 0.95) -> Interval:
    """Wilson's confidence interval of a share: it holds for small samples and for shares near 0 or 1.

    Parameters
    ----------
    count
        Respondents who said yes: a whole number.
    nobs
        Respondents: at least one.
    confidence
        Level of confidence, between 0 and 1.

    Returns
    -------
    Interval
        ``(low, high)``, fractions.

    Raises
    ------
    InvalidInput
        If nobody answered, a count is not a whole number, or more said yes than answered.

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22; checked against the table of Newcombe (1998),
    Statistics in Medicine 17.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    size, yes = _sample(count, nobs)
    z = _quantile(confidence)
    share = yes / size
    center = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    low = 0.0 if yes == 0 else max(0.0, float(center - half))
    high = 1.0 if yes == size else min(1.0, float(center + half))
    return Interval(low, high)


def two_proportion_ztest(count: ArrayLike, nobs: ArrayLike) -> Comparison:
    """Compare the shares of two independent samples (pooled z-test, two-sided).

    It is not for the same people asked twice: see `mcnemar` and `compare_shares`.

    Parameters
    ----------
    count
        Respondents who said yes in each sample: two whole numbers.
    nobs
        Respondents of each sample: two whole numbers, at least 1.

    Returns
    -------
    Comparison
        ``(statistic, pvalue)``; the statistic is positive when the first share is the larger. When both samples are
        unanimous and agree, nothing differs: ``(0, 1)``.

    Raises
    ------
    InvalidInput
        If a sample is empty, a count is not a whole number, or more said yes than answered.

    References
    ----------
    Any statistics handbook; checked against ``statsmodels.stats.proportion.proportions_ztest``.

    Examples
    --------
    >>> result = two_proportion_ztest([45, 30], [200, 200])
    >>> round(result.statistic, 3), round(result.pvalue, 3)
    (1.922, 0.055)
    """
    yes = vector(count, "réponses positives (count)", length=2)
    size = vector(nobs, "répondants (nobs)", length=2)
    for place in (0, 1):
        _sample(yes[place], size[place], f" de l’échantillon {place + 1}")
    pooled = yes.sum() / size.sum()
    variance = pooled * (1 - pooled) * (1 / size).sum()
    if variance == 0:
        return Comparison(0.0, 1.0)
    z = (yes[0] / size[0] - yes[1] / size[1]) / np.sqrt(variance)
    return Comparison(float(z), erfc(abs(z) / sqrt(2)))


def mcnemar(table: ArrayLike) -> Comparison:
    """Compare the answers of the same people before and after (McNemar's exact test, two-sided).

    Only those who changed their mind tell something.

    Parameters
    ----------
    table
        People counted by answer: rows before (yes, no), columns after (yes, no); shape (2, 2).

    Returns
    -------
    Comparison
        ``(statistic, pvalue)``: the smaller number of changes, and the binomial p-value. When nobody changed: ``(0, 1)``.

    Raises
    ------
    InvalidInput
        If the table is not two by two, a count is not a whole number, or it is empty.

    References
    ----------
    McNemar, Q. (1947), Psychometrika 12; checked against ``statsmodels.stats.contingency_tables.mcnemar(exact=True)``.

    Examples
    --------
    >>> result = mcnemar([[60, 5], [20, 115]])
    >>> result.statistic, round(result.pvalue, 4)
    (5.0, 0.0041)
    """
    people = matrix(table, "tableau avant-après (table)", at_least=0, whole=True)
    if people.shape != (2, 2):
        raise InvalidInput("Le tableau avant-après a deux lignes (oui, non avant) et deux colonnes (oui, non après).")
    if people.sum() == 0:
        raise InvalidInput("Le tableau avant-après est vide : il faut au moins un répondant.")
    lost, won = float(people[0, 1]), float(people[1, 0])
    from scipy.special import betainc  # slow to import, for this one function

    fewer, more = min(lost, won), max(lost, won)
    tail = betainc(more, fewer + 1, 0.5) if more else 0.5  # binomial law of the smaller number, when each change is a coin
    return Comparison(fewer, float(np.minimum(1.0, 2 * tail)))


def nps(promoters: float, passives: float, detractors: float, confidence: float = 0.95) -> NetPromoterScore:
    """Net promoter score with its confidence interval, in points.

    Promoters answer 9 or 10, detractors 0 to 6. The variance is that of a multinomial sample, estimated by its own shares:
    ``(p + d − (p − d)²) / n``, divided by n and not by n − 1; the interval is normal, cut at −100 and 100. When all
    respondents are in one group (a single respondent, for instance), that variance is 0 and would promise certainty: the
    interval then comes from Wilson's bound on the size of that group.

    Parameters
    ----------
    promoters, passives, detractors
        Respondents of each group: whole numbers, at least one respondent in all.
    confidence
        Level of confidence, between 0 and 1.

    Returns
    -------
    NetPromoterScore
        ``(score, low, high)``, points.

    Raises
    ------
    InvalidInput
        If nobody answered, or a count is not a whole number.

    References
    ----------
    Reichheld, F. F. (2003), « The one number you need to grow », Harvard Business Review 81(12); Rocks, B. (2016), « Interval
    estimation for the net promoter score », The American Statistician 70(4).

    Examples
    --------
    >>> score, low, high = nps(promoters=50, passives=30, detractors=20)
    >>> round(score), round(low, 1), round(high, 1)
    (30, 14.7, 45.3)
    """
    groups = np.array(
        [
            number(people, name, at_least=0, whole=True)
            for people, name in (
                (promoters, "promoteurs (promoters)"),
                (passives, "passifs (passives)"),
                (detractors, "détracteurs (detractors)"),
            )
        ]
    )
    size = float(groups.sum())
    if size == 0:
        raise InvalidInput("Personne n’a répondu : le NPS n’existe pas.")
    for_it, against = groups[0] / size, groups[2] / size
    score = for_it - against
    if groups.max() == size:
        moved = 2 if groups[1] == 0 else 1  # a promoter turned detractor moves the score by two shares, a passive by one
        unsure = moved * (1 - wilson_interval(size, size, confidence).low)
    else:
        unsure = _quantile(confidence) * np.sqrt((for_it + against - score**2) / size)
    low, high = max(-1.0, score - unsure), min(1.0, score + unsure)
    return NetPromoterScore(float(100 * score), float(100 * low), float(100 * high))


def compare_shares(before: Mapping[Hashable, bool], after: Mapping[Hashable, bool]) -> Change:
    """Compare a share before and after with the test that the samples call for: the same-panel rule.

    The same people asked twice (a panel): McNemar's test, which looks at each person's change. Different people: the z-test
    of two independent samples. Using the z-test on a panel ignores that each person is compared with themselves, and most
    often misses a real gain.

    Parameters
    ----------
    before, after
        Yes or no (True or False, 1 or 0), by respondent.

    Returns
    -------
    Change
        ``(test, before, after, statistic, pvalue)``.

    Raises
    ------
    InvalidInput
        If a wave is empty or an answer is missing, or if some respondents only are common to both waves: neither test holds.

    Examples
    --------
    >>> before = {"r1": False, "r2": False, "r3": True, "r4": False}
    >>> after = {"r1": True, "r2": False, "r3": True, "r4": True}
    >>> compare_shares(before, after)
    Change(test='mcnemar', before=0.25, after=0.75, statistic=0.0, pvalue=0.5)
    """
    first, second = _answers(before, "avant"), _answers(after, "après")
    counts = np.array([sum(first.values()), sum(second.values())])
    sizes = np.array([len(first), len(second)])
    shares = (float(counts[0] / sizes[0]), float(counts[1] / sizes[1]))
    if same_panel(first, second):
        pairs = [(first[who], second[who]) for who in first]
        table = [[pairs.count((was, now)) for now in (True, False)] for was in (True, False)]
        return Change("mcnemar", *shares, *mcnemar(table))
    return Change("ztest", *shares, *two_proportion_ztest(counts[::-1], sizes[::-1]))


def same_panel(before: Mapping[Hashable, object], after: Mapping[Hashable, object]) -> bool:
    """Tell whether two waves asked the same people (McNemar's test) or different ones (z-test).

    Parameters
    ----------
    before, after
        Anything keyed by respondent.

    Raises
    ------
    InvalidInput
        If some respondents only are common: a test on all of them would be wrong.

    Examples
    --------
    >>> same_panel({"r1": 1, "r2": 0}, {"r2": 1, "r1": 1}), same_panel({"r1": 1}, {"r9": 1})
    (True, False)
    """
    first, second = (set(mapping(wave, "vague d’enquête", "{'r1': True}")) for wave in (before, after))
    if first == second:
        return True
    if first & second:
        raise InvalidInput(
            f"Les deux vagues n’ont qu’une partie de leurs répondants en commun ({len(first & second)}) : "
            "ne gardez que ceux-là (test de McNemar), ou interrogez deux groupes sans personne en commun (test z)."
        )
    return False


def _answers(wave: Mapping[Hashable, bool], when: str) -> dict[Hashable, bool]:
    answers = mapping(wave, f"vague d’{when}", "{'r1': True, 'r2': False}")
    if not answers:
        raise InvalidInput(f"La vague d’{when} n’a aucun répondant : il en faut au moins un.")
    for who, answer in answers.items():
        if not (isinstance(answer, Real | np.bool_) and answer in (0, 1)):
            raise InvalidInput(
                f"Dans la vague d’{when}, la réponse de « {who} » n’est ni oui (True) ni non (False) : corrigez-la."
            )
    return {who: bool(answer) for who, answer in answers.items()}


def _sample(count: float, nobs: float, which: str = "") -> tuple[float, float]:
    size = number(nobs, f"répondants{which} (nobs)", at_least=1, whole=True)
    yes = number(count, f"réponses positives{which} (count)", at_least=0, whole=True)
    if yes > size:
        raise InvalidInput(
            f"Il y a plus de réponses positives{which} ({shown(yes)}) que de répondants ({shown(size)}) : vérifiez les deux."
        )
    return size, yes


def _quantile(confidence: float) -> float:
    level = number(confidence, "niveau de confiance (confidence)", above=0, below=1)
    return -NormalDist().inv_cdf((1 - level) / 2)
