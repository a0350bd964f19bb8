"""The funnel as an absorbing Markov chain: who converts, in how many steps, where it leaks; and what a customer is worth."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from cmlib.errors import InvalidInput
from cmlib.inputs import Array, flag, mapping, matrix, number, shown

STATES = {
    "visiteur": "Visiteurs",
    "prospect": "Prospects",
    "client": "Clients",
    "ambassadeur": "Ambassadeurs",
    "perdu": "Perdus",
}
"""States of the inbound funnel (course, chapter 2), with « perdu » so that nobody disappears."""

FORWARD = {"visiteur": "prospect", "prospect": "client", "client": "ambassadeur"}
"""The passage that each state hopes for."""

ENDS = ("ambassadeur", "perdu")
"""States that nobody leaves."""

Passages: TypeAlias = Mapping[str, Mapping[str, float]]
"""Probabilities of going from a state to another in one step: ``{"visiteur": {"prospect": 0.08, "perdu": 0.92}, …}``."""

_TOLERANCE = 1e-6  # on what should add up to 1: people round


class AbsorbingChain(NamedTuple):
    """What an absorbing Markov chain says of each transient state.

    Attributes
    ----------
    N
        Expected number of steps spent in each transient state, by state of departure: shape (k, k).
    t
        Expected number of steps before absorption: shape (k,).
    B
        Probability of ending in each absorbing state: shape (k, m), rows of sum 1.
    """

    N: Array
    t: Array
    B: Array


class Passage(NamedTuple):
    """A passage of the funnel and its rate, a fraction."""

    start: str
    end: str
    rate: float


def absorbing_chain(Q: ArrayLike, R: ArrayLike) -> AbsorbingChain:
    """Fundamental matrix, time to absorption and absorption probabilities of a Markov chain.

    ``N = (I − Q)⁻¹``, ``t = N · 1``, ``B = N · R``.

    Parameters
    ----------
    Q
        Probabilities between transient states: shape (k, k).
    R
        Probabilities from transient to absorbing states: shape (k, m). Each row of Q and R together adds up to 1.

    Returns
    -------
    AbsorbingChain
        ``(N, t, B)``.

    Raises
    ------
    InvalidInput
        If the shapes do not fit, an entry is not a probability, a row does not add up to 1, or a state never ends.

    References
    ----------
    Kemeny, J. G. and Snell, J. L. (1960), Finite Markov Chains, chapter 3.

    Examples
    --------
    >>> N, t, B = absorbing_chain([[0, 0.2], [0, 0]], [[0, 0.8], [0.5, 0.5]])
    >>> B
    array([[0.1, 0.9],
           [0.5, 0.5]])
    """
    inner = matrix(Q, "passages entre états transitoires (Q)", at_least=0, at_most=1)
    outer = matrix(R, "passages vers les états finaux (R)", at_least=0, at_most=1)
    if inner.shape[0] != inner.shape[1] or outer.shape[0] != inner.shape[0]:
        raise InvalidInput(
            f"Q a {inner.shape[0]} × {inner.shape[1]} cases et R {outer.shape[0]} × {outer.shape[1]} : "
            "Q doit être carrée, et R avoir autant de lignes qu’elle."
        )
    for row, total in enumerate(inner.sum(axis=1) + outer.sum(axis=1), start=1):
        if abs(total - 1) > _TOLERANCE:
            raise InvalidInput(
                f"La ligne {row} de Q et R fait {shown(float(total))} au total, au lieu de 1 : "
                "vérifiez-la, sans oublier la part de ceux qui sont perdus."
            )
    ending = outer.any(axis=1)
    for _ in range(len(inner)):
        ending = ending | (inner[:, ending].sum(axis=1) > 0)
    if not ending.all():
        stuck = int(np.argmin(ending)) + 1
        raise InvalidInput(f"Depuis l’état {stuck}, on n’arrive jamais à un état final : ajoutez la sortie qui manque.")
    leaving = inner - np.diag(np.diag(inner))
    system = np.diag(leaving.sum(axis=1) + outer.sum(axis=1)) - leaving  # I − Q, without the digits that 1 − q would lose
    try:
        visits: Array = np.asarray(np.linalg.inv(system), dtype=float)
    except np.linalg.LinAlgError as error:
        raise InvalidInput(_TOO_SLOW) from error
    ended = visits @ outer
    totals = ended.sum(axis=1, keepdims=True)
    if not (np.abs(totals - 1) < _TOLERANCE).all():  # almost singular: the digits are lost, and nothing else would say so
        raise InvalidInput(_TOO_SLOW)
    return AbsorbingChain(visits, visits.sum(axis=1), ended / totals)


def passages_from_counts(counts: Mapping[str, float]) -> Passages:
    """Passages of a funnel read from the people counted in each state; those who do not go on are lost.

    Parameters
    ----------
    counts
        People counted in each state but « perdu », over the same period.

    Returns
    -------
    mapping
        As `Passages`.

    Raises
    ------
    InvalidInput
        If a state is missing or unknown, a state is empty before the last, or more people come out of a passage than go in.

    Examples
    --------
    >>> passages_from_counts({"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5})["visiteur"]
    {'prospect': 0.08, 'perdu': 0.92}
    """
    given = mapping(counts, "personnes comptées (counts)", "{'visiteur': 1000, 'prospect': 80, …}")
    expected = [state for state in STATES if state != "perdu"]
    if set(given) != set(expected):
        names = ", ".join(map(str, given)) or "rien"
        raise InvalidInput(
            f"Donnez un nombre de personnes pour chacun de ces états : {', '.join(expected)} (les perdus s’en déduisent) ; "
            f"vous avez donné : {names}."
        )
    people = {state: number(given[state], f"nombre de personnes ({state})", at_least=0) for state in expected}
    passages: dict[str, Mapping[str, float]] = {}
    for start, end in FORWARD.items():
        if people[start] == 0:
            raise InvalidInput(f"Il n’y a aucun {start} : le taux de passage vers {end} n’existe pas.")
        if people[end] > people[start]:
            raise InvalidInput(
                f"Il y a plus de personnes à l’état {end} ({shown(people[end])}) qu’à l’état {start} "
                f"({shown(people[start])}) : comptez-les sur une même période, assez longue."
            )
        rate = people[end] / people[start]
        passages[start] = {end: rate, "perdu": 1 - rate}
    return passages


def named_chain(passages: Passages) -> AbsorbingChain:
    """Absorbing chain of a funnel with named states.

    Parameters
    ----------
    passages
        For each state that people leave, the probability of each next state: to stay and to go back are allowed.

    Returns
    -------
    AbsorbingChain
        Rows and columns of N and t: visiteur, prospect, client. Columns of B: ambassadeur, perdu.

    Raises
    ------
    InvalidInput
        If a state is unknown or missing, or as `absorbing_chain`.

    Examples
    --------
    >>> chain = named_chain(passages_from_counts({"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5}))
    >>> round(float(chain.B[0, 0]), 4)
    0.005
    """
    rows = _rows(passages)
    return absorbing_chain(
        [[rows[start].get(end, 0.0) for end in FORWARD] for start in FORWARD],
        [[rows[start].get(end, 0.0) for end in ENDS] for start in FORWARD],
    )


def probability(passages: Passages, state: str, start: str = "visiteur") -> float:
    """Probability that a person who is at ``start`` will be at ``state`` one day.

    Parameters
    ----------
    passages
        As in `named_chain`.
    state, start
        States of the funnel; ``start`` is one that people leave.

    Returns
    -------
    float
        A probability.

    Raises
    ------
    InvalidInput
        As `named_chain`.

    Examples
    --------
    >>> funnel = passages_from_counts({"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5})
    >>> round(probability(funnel, "client"), 4)
    0.02
    """
    _known(state, STATES, "un état de l’entonnoir")
    _known(start, FORWARD, "un état que l’on quitte")
    chain = named_chain(passages)
    row = list(FORWARD).index(start)
    if state in ENDS:
        return float(chain.B[row, ENDS.index(state)])
    column = list(FORWARD).index(state)
    return float(chain.N[row, column] / chain.N[column, column])


def bottleneck(passages: Passages) -> Passage:
    """Passage of the funnel that the smallest share of people end up going through.

    Where each passage is tried once, it is also the one whose next point brings the most ambassadors (`one_point_gains`).

    Parameters
    ----------
    passages
        As in `named_chain`.

    Returns
    -------
    Passage
        ``(start, end, rate)``; the first of equals.

    Raises
    ------
    InvalidInput
        As `named_chain`.

    Examples
    --------
    >>> bottleneck(passages_from_counts({"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5}))
    Passage(start='visiteur', end='prospect', rate=0.08)
    """
    rates = [Passage(start, end, probability(passages, end, start)) for start, end in FORWARD.items()]
    return min(rates, key=lambda passage: passage.rate)


def one_point_gains(
    passages: Passages, goal: str = "ambassadeur", visitors: float = 1.0, point: float = 0.01
) -> dict[tuple[str, str], float]:
    """What one point more at each passage would bring, the others unchanged: the point is taken from the people lost there.

    Parameters
    ----------
    passages
        As in `named_chain`.
    goal
        State that counts.
    visitors
        People who enter the funnel.
    point
        Size of the improvement, a fraction. A passage that loses fewer people than that gains only what it loses.

    Returns
    -------
    dict
        By passage ``(start, end)``, how many more people reach the goal.

    Raises
    ------
    InvalidInput
        If the goal is not a state to hope for, or as `named_chain`.

    Examples
    --------
    >>> funnel = passages_from_counts({"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5})
    >>> gains = one_point_gains(funnel, goal="client", visitors=1000)
    >>> {passage: round(gain, 2) for passage, gain in gains.items()}
    {('visiteur', 'prospect'): 2.5, ('prospect', 'client'): 0.8, ('client', 'ambassadeur'): 0.0}
    """
    _known(goal, FORWARD.values(), "un but de l’entonnoir")
    entering = number(visitors, "visiteurs (visitors)", at_least=0)
    step = number(point, "amélioration (point)", at_least=0, at_most=1)
    rows = _rows(passages)
    before = probability(rows, goal)
    gains = {}
    for start, end in FORWARD.items():
        row = dict(rows[start])
        moved = min(step, row.get("perdu", 0.0))
        row |= {end: row.get(end, 0.0) + moved, "perdu": row.get("perdu", 0.0) - moved}
        gains[start, end] = entering * (probability({**rows, start: row}, goal) - before)
    return gains


def ltv(margin: float, retention: float, discount: float, first_margin_at_t0: bool) -> float:
    """Lifetime value of a customer whose margin and loyalty are constant: the present value of all margins to come.

    Parameters
    ----------
    margin
        Margin of a customer each period, in euros.
    retention
        Share of customers who are still there a period later, a fraction.
    discount
        Discount rate of a period, a fraction, not negative.
    first_margin_at_t0
        True: the first margin is cashed now and not discounted, ``margin · (1 + d) / (1 + d − r)``.
        False: it is cashed in one period, by those who stayed, and discounted, ``margin · r / (1 + d − r)``.
        The two differ by one margin: say which one you use.

    Returns
    -------
    float
        Euros, before the cost of acquisition.

    Raises
    ------
    InvalidInput
        If the retention is not a fraction, the discount is negative, or nothing ever fades (r = 1 and d = 0).

    References
    ----------
    Gupta, S. and Lehmann, D. R. (2003), « Customers as assets », Journal of Interactive Marketing 17(1).

    Examples
    --------
    >>> round(ltv(100, retention=0.8, discount=0.1, first_margin_at_t0=True), 2)
    366.67
    >>> round(ltv(100, retention=0.8, discount=0.1, first_margin_at_t0=False), 2)
    266.67
    """
    euros = number(margin, "marge (margin)")
    kept = number(retention, "rétention (retention)", at_least=0, at_most=1)
    rate = number(discount, "actualisation (discount)", at_least=0)
    now = flag(first_margin_at_t0, "première marge encaissée tout de suite (first_margin_at_t0)")
    fading = 1 - kept + rate  # in this order: 1 + d − r would lose the digits of a small d
    if fading < _TINY:
        raise InvalidInput(
            "Avec une rétention de 100 % et sans actualisation, la valeur d’un client est infinie : changez l’une des deux."
        )
    return euros * ((1 + rate) if now else kept) / fading


def _rows(passages: Passages) -> dict[str, dict[str, float]]:
    """Check the passages of a funnel and return them as floats, each row of sum 1."""
    given = mapping(passages, "passages (passages)", "{'visiteur': {'prospect': 0.08, 'perdu': 0.92}, …}")
    for start in given:
        _known(start, FORWARD, "un état que l’on quitte")
    if set(given) != set(FORWARD):
        missing = ", ".join(start for start in FORWARD if start not in given)
        raise InvalidInput(f"Il manque les passages depuis {missing} : ajoutez-les.")
    rows = {}
    for start in FORWARD:
        row = mapping(given[start], f"passages depuis l’état {start}", "{'prospect': 0.08, 'perdu': 0.92}")
        for end in row:
            _known(end, STATES, "un état de l’entonnoir")
        rates = {str(end): number(rate, f"passage {start} → {end}", at_least=0, at_most=1) for end, rate in row.items()}
        total = sum(rates.values())
        if abs(total - 1) > _TOLERANCE:
            raise InvalidInput(
                f"Les passages depuis l’état {start} font {shown(total)} au total, au lieu de 1 : "
                "vérifiez-les ; comptez sous « perdu » ceux qui ne passent à aucun autre état."
            )
        rows[start] = {end: rate / total for end, rate in rates.items()}
    return rows


def _known(state: object, states: Iterable[str], what: str) -> None:
    if state not in list(states):
        raise InvalidInput(f"« {state} » n’est pas {what} : choisissez parmi {', '.join(states)}.")


_TINY = 1e-15
_TOO_SLOW = "Un état se quitte si rarement que le calcul n’a plus de sens : vérifiez ses probabilités de sortie."
