"""A question that asks to put steps in order; pairs that stand in the right order measure how near an answer is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cmlib.errors import InvalidInput
from cmlib.tp.questions import Progress, Question, Recap, State

ENTRY = "ordre"


@dataclass(frozen=True)
class Ordering(Question):
    """Items to put in order; the value maps « ordre » to their ids, first to last, separated by spaces.

    Attributes
    ----------
    items
        Text of each item, by id, in the order first shown: never the right one. An id holds no space.
    """

    items: Mapping[str, str]

    def __post_init__(self) -> None:
        if len(self.items) < 2 or any(len(item.split()) != 1 for item in self.items):
            raise InvalidInput(f"L’exercice {self.id} demande au moins deux étapes, d’identifiants sans espace.")

    def normalise(self, value: object) -> dict[str, str]:
        stored = value.get(ENTRY) if isinstance(value, dict) else None
        order = stored.split() if isinstance(stored, str) else []
        kept = list(dict.fromkeys(item for item in order if item in self.items))
        # An item added to the exercise after the answer comes last, where its author shows it.
        return {ENTRY: " ".join([*kept, *(item for item in self.items if item not in kept)])} if kept else {}

    def order(self, value: object) -> list[str]:
        """Return the ids in the student's order; empty where nothing was moved."""
        return self.normalise(value).get(ENTRY, "").split()

    def progress(self, value: object) -> Progress:
        if not self.order(value):
            return Progress(State.UNTOUCHED, "Déplacez les étapes, ou confirmez l’ordre affiché.")
        return Progress(State.COMPLETE, "Un ordre est donné.")

    def recap(self, value: object) -> Recap:
        order = self.order(value)
        if not order:
            return Recap(tuple((text, "") for text in self.items.values()))
        return Recap(tuple((f"{rank}.", self.items[item]) for rank, item in enumerate(order, start=1)))


def pairs_in_order(order: Sequence[str], key: Sequence[str]) -> float:
    """Return the share of the pairs of ``key`` that ``order`` puts the same way round: 1 for the key, 0 for its reverse.

    Parameters
    ----------
    order
        Ids, each once.
    key
        The right order: two ids at least, all of them in ``order``, which may hold others.

    Raises
    ------
    InvalidInput
        If the key has fewer than two ids, or one that is not in the order.

    References
    ----------
    Kendall (1938), « A new measure of rank correlation », Biometrika 30: his tau is twice this share, minus one.

    Examples
    --------
    >>> pairs_in_order(["a", "c", "b"], ["a", "b", "c"])
    0.6666666666666666
    """
    rank = {item: place for place, item in enumerate(order)}
    if len(set(key)) < 2 or set(key) - set(rank):
        raise InvalidInput("Un ordre se compare à une clé d’au moins deux étapes, toutes présentes : corrigez la clé.")
    pairs = list(combinations(key, 2))
    return sum(rank[first] < rank[second] for first, second in pairs) / len(pairs)
