"""Which channel a conversion owes what: attribution by removal in a Markov chain of order 1."""

from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput
from cmlib.funnel import absorbing_chain
from cmlib.inputs import mapping, number, vector


def markov_removal_effects(paths: Sequence[Sequence[str]], conversions: ArrayLike, nulls: ArrayLike) -> dict[str, float]:
    """Removal effect of each channel: share of the conversions that would be lost without it.

    The paths give the probabilities of going from a channel to the next (order 1). Without a channel, whoever would have come
    to it is lost. Exact: the chain is solved, nothing is drawn at random.

    Parameters
    ----------
    paths
        Channels met, in order, by the people of each path: at least one channel a path.
    conversions
        People who converted at the end of each path: not negative.
    nulls
        People who did not.

    Returns
    -------
    dict
        Removal effect by channel, a fraction, in order of first appearance. They do not add up to 1: see `attributed`.

    Raises
    ------
    InvalidInput
        If the lists have different lengths, a path is empty, or nobody converted.

    References
    ----------
    Anderl, E., Becker, I., von Wangenheim, F. and Schumann, J. H. (2016), « Mapping the customer journey », International
    Journal of Research in Marketing 33(3).

    Examples
    --------
    >>> markov_removal_effects([["C1", "C2", "C3"], ["C1"], ["C2", "C3"]], conversions=[1, 0, 0], nulls=[0, 1, 1])
    {'C1': 0.5, 'C2': 1.0, 'C3': 1.0}
    """
    journeys = _journeys(paths)
    bought = vector(conversions, "conversions (conversions)", length=len(journeys), at_least=0)
    left = vector(nulls, "parcours sans conversion (nulls)", length=len(journeys), at_least=0)
    if bought.sum() == 0:
        raise InvalidInput("Aucun parcours ne mène à une conversion : il n’y a rien à attribuer.")
    channels = list(dict.fromkeys(channel for journey in journeys for channel in journey))
    place = {channel: 1 + index for index, channel in enumerate(channels)}  # 0 is the start
    moves = np.zeros((len(place) + 1, len(place) + 1))
    ends = np.zeros((len(place) + 1, 2))
    for journey, converted, lost in zip(journeys, bought, left, strict=True):
        stops = [0, *(place[channel] for channel in journey)]
        np.add.at(moves, (stops[:-1], stops[1:]), converted + lost)
        ends[stops[-1]] += converted, lost
    people = moves.sum(axis=1) + ends.sum(axis=1)
    ends[people == 0, 1] = 1.0  # a channel that nobody met leads nowhere
    people[people == 0] = 1.0
    visits, _, ended = absorbing_chain(moves / people[:, np.newaxis], ends / people[:, np.newaxis])
    if ended[0, 0] == 0:
        raise InvalidInput("Les conversions sont trop rares devant le reste pour être attribuées : vérifiez les nombres.")
    # Removing a channel loses those who come to it one day and convert from there.
    lost_conversions = visits[0] / np.diag(visits) * ended[:, 0] / ended[0, 0]
    return {channel: float(min(1.0, lost_conversions[index])) for channel, index in place.items()}


def attributed(removal_effects: Mapping[str, float], total: float = 1.0) -> dict[str, float]:
    """Share out conversions (or revenue) between channels, in proportion to their removal effects.

    Parameters
    ----------
    removal_effects
        As `markov_removal_effects` returns.
    total
        What is shared out: 1 gives fractions.

    Returns
    -------
    dict
        By channel, in the unit of ``total``; the sum is ``total``.

    Raises
    ------
    InvalidInput
        If an effect is negative, or none is positive.

    References
    ----------
    Anderl et al. (2016).

    Examples
    --------
    >>> attributed({"C1": 0.5, "C2": 1.0, "C3": 1.0}, total=10)
    {'C1': 2.0, 'C2': 4.0, 'C3': 4.0}
    """
    shared = number(total, "total à répartir (total)", at_least=0)
    given = mapping(removal_effects, "effets de retrait (removal_effects)", "{'blog': 0.5}")
    effects = {str(channel): number(effect, f"effet de {channel}", at_least=0) for channel, effect in given.items()}
    whole = sum(effects.values())
    if whole == 0:
        raise InvalidInput("Aucun canal n’a d’effet : il n’y a rien à répartir.")
    return {channel: shared * (effect / whole) for channel, effect in effects.items()}


def _journeys(paths: Sequence[Sequence[str]]) -> list[list[str]]:
    if isinstance(paths, str) or not isinstance(paths, Iterable):
        raise InvalidInput("Les parcours sont une liste de listes de canaux, par exemple [['instagram', 'blog'], ['blog']].")
    journeys = []
    for rank, path in enumerate(paths, start=1):
        if isinstance(path, str | bytes | Mapping | Set) or not isinstance(path, Iterable):
            raise InvalidInput(f"Le parcours {rank} n’est pas une liste de canaux dans l’ordre, comme ['instagram', 'blog'].")
        journeys.append(list(path))
    if not journeys:
        raise InvalidInput("Il n’y a aucun parcours : donnez-en au moins un.")
    for rank, journey in enumerate(journeys, start=1):
        if not journey:
            raise InvalidInput(f"Le parcours {rank} est vide : retirez-le, ou donnez ses canaux.")
        if not all(isinstance(channel, str) and channel for channel in journey):
            raise InvalidInput(f"Le parcours {rank} contient autre chose que des noms de canaux : corrigez-le.")
    return journeys
