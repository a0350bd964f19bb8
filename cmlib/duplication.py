"""Net reach of several media used together, by what their audiences have in common.

Audiences, duplications and reaches are fractions of the target.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput
from cmlib.inputs import Array, mapping, number, shown, vector

AGOSTINI_K = 1.125
"""Agostini's constant, fitted on French magazines (Agostini 1961): a network is not a magazine, it is a hypothesis there."""


def sainsbury(audiences: ArrayLike) -> float:
    """Net reach of several media used once each, as if chance alone made duplications: ``1 − Π (1 − a)``.

    Parameters
    ----------
    audiences
        Audience of each medium: fractions of the target.

    Returns
    -------
    float
        A fraction.

    Raises
    ------
    InvalidInput
        If there is no medium, or an audience is not a fraction.

    References
    ----------
    The formula of E. J. Sainsbury (London Press Exchange); Caffyn, J. and Sagovsky, M. (1963), « Net audiences of British
    newspapers », Journal of Advertising Research 3(1), compare it with Agostini's.

    Examples
    --------
    >>> round(sainsbury([0.4, 0.3]), 4)
    0.58
    """
    with np.errstate(divide="ignore"):  # a medium that everybody meets: log 0 is −∞, and its complement 1
        return float(-np.expm1(np.log1p(-_audiences(audiences)).sum()))


def agostini(audiences: ArrayLike, duplications: Mapping[tuple[int, int], float], k: float = AGOSTINI_K) -> float:
    """Net reach of several media used once each, from their observed duplications two by two: ``A² / (A + k · D)``.

    ``A`` is the sum of the audiences, ``D`` that of the duplications. The formula is empirical, an approximation even for two
    media (whose exact reach is ``a + b − d``); with heavy audiences it can exceed 1. The result is kept between the largest
    audience and 1.

    Parameters
    ----------
    audiences
        Audience of each medium: fractions of the target.
    duplications
        Share of the target common to each pair of media, keyed by their places: ``{(0, 1): 0.14}``. Every pair is needed.
    k
        Agostini's constant, not negative.

    Returns
    -------
    float
        A fraction.

    Raises
    ------
    InvalidInput
        If a pair is missing, given twice, or impossible: more common people than the smaller medium has, or fewer than two
        media that share the same 100 % must have; if media without a common reader add up to more than the target.

    References
    ----------
    Agostini, J.-M. (1961), « How to estimate unduplicated audiences », Journal of Advertising Research 1(3).

    Examples
    --------
    >>> round(agostini([0.4, 0.3], {(0, 1): 0.14}), 4)
    0.5714
    """
    shares = _audiences(audiences)
    constant = number(k, "constante d’Agostini (k)", at_least=0)
    common = _duplications(shares, duplications)
    total = float(shares.sum())
    if total == 0:
        return 0.0
    shared = float(sum(common.values()))
    if shared == 0 and total > 1 + 1e-9:
        raise InvalidInput(
            f"Sans aucune duplication, ces audiences dépassent la cible ({shown(total)} au total) : vérifiez les duplications."
        )
    return float(np.clip(total**2 / (total + constant * shared), shares.max(), 1.0))


def _audiences(audiences: ArrayLike) -> Array:
    return vector(audiences, "audience (audiences)", at_least=0, at_most=1)


def _duplications(shares: Array, duplications: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    pairs = list(combinations(range(shares.size), 2))
    known = {key: pair for pair in pairs for key in (pair, pair[::-1])}
    common: dict[tuple[int, int], float] = {}
    for key, value in mapping(duplications, "duplications (duplications)", "{(0, 1): 0.14}").items():
        pair = known.get(key)  # type: ignore[call-overload]  # any key may be given
        if pair is None:
            last = shares.size - 1
            advice = f"écrivez les numéros de deux supports différents, de 0 (le premier) à {last} (le dernier)"
            if not pairs:
                advice = "n’en donnez aucune, un seul support ne se recoupe pas"
            raise InvalidInput(f"La duplication {key} ne désigne pas deux supports : {advice}.")
        if pair in common:
            raise InvalidInput(f"La duplication {pair} est donnée deux fois : gardez-en une.")
        name = f"duplication {pair}"
        smaller, least = float(min(shares[list(pair)])), float(max(shares[list(pair)].sum() - 1, 0))
        share = number(value, name)
        if not least - 1e-9 <= share <= smaller + 1e-9:
            raise InvalidInput(
                f"{name} : {shown(share)} est impossible avec ces audiences, il faut entre {shown(least)} et {shown(smaller)}."
            )
        common[pair] = share
    missing = [pair for pair in pairs if pair not in common]
    if missing:
        raise InvalidInput(
            f"Il manque la duplication {missing[0]} : donnez-la, la formule d’Agostini demande celle de chaque paire."
        )
    return common
