"""The what-if of the funnel: points added to a passage, and how many people would come to each step.

Nothing here is an answer, and nothing is kept. Rates are never shown: exercises ask for them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import NBSP, plural, printable, read_quantity, typeset, untypeset, write_number
from cmlib.funnel import FORWARD, STATES, passages_from_counts, probability
from cmlib.tp.views import FRONT, CardWidget

MOST = 5.0  # points, more or fewer
MAX_TYPED = 40  # characters of what was typed that are told
TITLE = "Et si un taux de passage changeait ?"
STATEMENT = (
    "Ajoutez des points à un taux de passage, ou retirez-en, et lisez combien de personnes arriveraient à chaque étape. Un point "
    "de plus : sur cent personnes, une de plus passe à l’étape suivante. Point de départ : les personnes comptées en une année "
    "dans le trafic de votre marque. Rien n’est noté ici : les réponses se donnent dans les exercices."
)
READING = (
    "Tous les contours ont la même longueur : une barre se compare à son contour, pas au nombre de personnes des autres étapes."
)
MODEL = (
    "Hypothèses : le nombre de visiteurs ne change pas, et à une même étape chaque personne garde les mêmes chances de passer à "
    "la suivante. C’est le modèle de l’entonnoir à états absorbants : chacun finit ambassadeur ou perdu. Il donne des moyennes, "
    "d’où les dixièmes de personne."
)
CUT = {
    0.0: "Un taux ne descend pas sous 0 % : il est arrêté là, plus personne ne passe.",
    1.0: "Un taux ne dépasse pas 100 % : il est arrêté là, tout le monde passe.",
}


class WhatIf(NamedTuple):
    """What becomes of the same visitors when passages change.

    Attributes
    ----------
    people
        People at each step, on average.
    cut
        The bound, 0 or 1, where the rate of a passage was stopped, by the state it leaves; only those that were.
    """

    people: dict[str, float]
    cut: dict[str, float]


def what_if(counts: Mapping[str, float], points: Mapping[str, float]) -> WhatIf:
    """People at each step of the funnel, for the same visitors, if passages gained or lost some points.

    Parameters
    ----------
    counts
        People counted in each state, as `cmlib.funnel.passages_from_counts`.
    points
        Points added to the rate of a passage, by the state it leaves; none where nothing is said. A rate stays in 0–100 %.

    Raises
    ------
    InvalidInput
        As `cmlib.funnel.passages_from_counts`.

    Examples
    --------
    >>> counts = {"visiteur": 1000, "prospect": 80, "client": 20, "ambassadeur": 5}
    >>> {state: round(people, 2) for state, people in what_if(counts, {"visiteur": 2}).people.items()}
    {'visiteur': 1000.0, 'prospect': 100.0, 'client': 25.0, 'ambassadeur': 6.25}
    """
    passages = dict(passages_from_counts(counts))
    cut = {}
    for start, end in FORWARD.items():
        wanted = passages[start][end] + points.get(start, 0.0) / 100
        rate = min(1.0, max(0.0, wanted))
        if abs(rate - wanted) > _NOISE:
            cut[start] = rate
        passages[start] = {end: rate, "perdu": 1 - rate}
    visitors = float(counts["visiteur"])
    reached = {state: visitors * probability(passages, state) for state in FORWARD.values()}
    return WhatIf({"visiteur": visitors, **reached}, cut)


class WhatIfWidget(CardWidget):
    """The front end's side of the what-if: the passages (``spec``), and what the kernel computed (``status``)."""

    _esm = "\n".join((FRONT / name).read_text(encoding="utf-8") for name in ("card.js", "whatif.js"))
    _css = "\n".join((FRONT / name).read_text(encoding="utf-8") for name in ("card.css", "whatif.css"))


class WhatIfCard:
    """The what-if of a funnel.

    Parameters
    ----------
    counts
        People counted in each state, as `what_if`.
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        self.counts = counts
        self._points = dict.fromkeys(FORWARD, 0.0)
        self._told: dict[str, str] = {}
        self._unread: list[str] = []
        self._best = what_if(counts, dict.fromkeys(FORWARD, MOST)).people
        self._scale = max(self._best[state] / count for state, count in counts.items() if count)
        told = {
            "kind": "whatif",
            "title": TITLE,
            "label": TITLE,
            "classes": "cm-card cm-whatif",
            "statement": STATEMENT,
            "reading": READING,
            "model": MODEL,
        }
        spec = {name: typeset(text) for name, text in told.items()}
        passages = [[start, f"{start} → {end}"] for start, end in FORWARD.items()]
        self.widget = WhatIfWidget(spec={**spec, "passages": passages, "most": MOST})
        self.widget.listen(self._act, lambda: None)
        self.refresh()

    def refresh(self) -> None:
        """Show what the points ask for."""
        found = what_if(self.counts, self._points)
        cut = {start: CUT[bound] for start, bound in found.cut.items()}
        self.widget.status = {
            "points": dict(self._points),
            "steps": [self._step(state, people) for state, people in found.people.items()],
            "sentence": typeset(sentence(self.counts, found.people)),
            "told": {start: typeset(self._told.get(start) or cut.get(start, "")) for start in FORWARD},
            "unread": list(self._unread),
        }

    def _step(self, state: str, people: float) -> dict[str, Any]:
        """Return what one step shows; a bar is as long as its count is to the year's, whatever the step."""
        now = self.counts[state]
        whole = now * self._scale if now else self._best[state] or 1.0
        return {
            "label": STATES[state],
            "now": write_number(now, 1),
            "then": write_number(people, 1),
            "bars": [now / whole, people / whole],
        }

    def _act(self, content: dict[str, Any], _: list[bytes]) -> bool:
        typed = content.get("points")
        if content.get("type") != "look" or not isinstance(typed, dict):
            return False
        if not all(isinstance(typed.get(start), str) for start in FORWARD):
            return False
        self._told, self._unread = {}, []
        for start in FORWARD:
            self._read(start, typed[start])
        self.refresh()
        return True

    def _read(self, start: str, text: str) -> None:
        """Take the points typed for a passage; what cannot be read changes nothing, and is said."""
        try:
            wanted = read_quantity(text, "points").value if untypeset(text) else 0.0
        except InvalidInput:
            typed = printable(untypeset(text))[:MAX_TYPED]
            self._told[start] = f"« {typed} » n’est pas un nombre de points : écrivez par exemple 1,5, entre −5 et +5."
            self._unread.append(start)
            return
        kept = round(max(-MOST, min(MOST, wanted)), 1) + 0.0  # never −0
        if abs(kept - wanted) > _NOISE:
            self._told[start] = f"De −5 à +5 points, par 0,1 : {_signed(kept)} est retenu."
        self._points[start] = kept


def sentence(counts: Mapping[str, float], people: Mapping[str, float]) -> str:
    """Say how many people more or fewer than in the year would come to each step after the first."""
    visitors = counts["visiteur"]
    changes = {state: round(people[state], 1) - round(counts[state], 1) for state in FORWARD.values()}
    if not any(abs(change) > _NOISE for change in changes.values()):
        return "Rien ne change : ce sont les nombres de l’année."
    told = []
    for state, change in changes.items():
        if abs(change) <= _NOISE:
            told.append(f"autant {'d’' if state[0] in 'aeiou' else 'de '}{state}s que dans l’année")
        else:
            size = write_number(abs(change), 1)
            told.append(f"{size}{NBSP}{plural(round(abs(change), 1), state)} {'de plus' if change > 0 else 'de moins'}")
    same = "le même visiteur" if visitors == 1 else f"les mêmes {write_number(visitors, 1)} visiteurs"
    return f"Pour {same} : {', '.join(told)}."


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{write_number(abs(points), 1)}"


_NOISE = 1e-9  # of floating point
