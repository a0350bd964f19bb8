"""What the explorer of a survey shows of a filter: who is selected, what sets them apart, how segments overlap.

Pure data: every number is computed by `cmlib.segments`, and written in French here; the page only draws it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from cmlib.errors import InvalidInput
from cmlib.french import typeset, untypeset, write_number
from cmlib.segments import OVERREPRESENTED, Condition, Members, answers, are_disjoint, dominant, index_100, overlap, segment
from cmlib.tp.explorer_words import (
    Filter,
    in_common,
    legible,
    listed,
    mark,
    percent,
    persons,
    sentence,
    size,
    warning,
    write_index,
)

if TYPE_CHECKING:
    import pandas as pd

FILTERS = {
    "sexe": "Sexe", "csp": "Catégorie socioprofessionnelle", "revenu": "Revenu", "habitat": "Habitat",
    "frequence": "Fréquence d’usage", "reseaux": "Réseaux utilisés", "achat": "Habitudes d’achat",
}  # fmt: skip
"""Columns that a filter may bear on, with the age."""

QUESTIONS = {
    "Ce qu’ils font et ce qu’ils aiment": {
        "reseaux": "Réseaux utilisés", "attentes": "Attentes", "gouts": "Goûts", "aversions": "Aversions",
        "motivations": "Motivations", "freins_psychologiques": "Freins psychologiques",
        "freins_technologiques": "Freins technologiques", "interets": "Centres d’intérêt", "achat": "Habitudes d’achat",
    },
    "La marque": {
        "spontanee_avant": "Notoriété spontanée, avant", "spontanee_apres": "Notoriété spontanée, après",
        "assistee_avant": "Notoriété assistée, avant", "assistee_apres": "Notoriété assistée, après",
        "recommandation": "Recommandation",
    },
    "Qui ils sont": {"tranche": "Âge", "sexe": "Sexe", "csp": "Catégorie socioprofessionnelle", "revenu": "Revenu",
                     "habitat": "Habitat", "frequence": "Fréquence d’usage des réseaux"},
}  # fmt: skip
"""Questions of the survey, by group, as the page offers them."""

AGES = (18, 25, 35, 45, 55, 65)
"""First ages of the usual groups of media surveys."""

_LABELS = {name: label for group in QUESTIONS.values() for name, label in group.items()}
_OLDEST = 150
_REMEMBERED = 500  # masks of conditions


@dataclass(frozen=True)
class View:
    """What is looked at: a filter, a question and the order of its answers, and maybe a second question to cross it with."""

    filter: Filter
    question: str
    by_count: bool = False
    cross: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `SurveyExplorer.read_view` reads back."""
        shown = {"question": self.question, "sort": "count" if self.by_count else "index", "cross": self.cross}
        return {**self.filter.as_json(), **shown}


class SurveyExplorer:
    """A survey made ready to be looked at from any side.

    Parameters
    ----------
    survey
        One row a respondent, as `cmlib.cases.Case.survey`; a column that it lacks is not offered.
    choices
        By column, its answers in the order in which they are offered; others come after, by frequency.

    Raises
    ------
    InvalidInput
        If nobody answered anything.
    """

    def __init__(self, survey: "pd.DataFrame", choices: Mapping[str, Sequence[str]] | None = None) -> None:
        self.table = _prepared(survey)
        self.everybody: Members = np.ones(len(self.table), dtype=bool)
        self._masks: dict[tuple[str, Condition], Members] = {}
        self.offered: dict[str, list[str]] = {}
        for name in _LABELS:
            if name in self.table.columns and (given := self._given(name)):
                first = [untypeset(answer) for answer in (choices or {}).get(name, ())]
                self.offered[name] = [*(a for a in first if a in given), *(a for a in given if a not in first)]
        if not self.offered:
            raise InvalidInput("Cette enquête n’a aucune réponse : il n’y a rien à explorer.")
        self.filters = [name for name in FILTERS if name in self.offered]
        found = {name: [len(given) for given in answers(self.table, name)] for name in self.offered}
        self.several = {name for name, counts in found.items() if max(counts) > 1}
        self._replied: dict[str, Members] = {name: np.array(counts) > 0 for name, counts in found.items()}
        known = self.table["age"].dropna() if "age" in self.table.columns else ()
        self.years = np.bincount(np.asarray(known, dtype=int)) if len(known) else np.zeros(0, dtype=int)

    def spec(self) -> dict[str, Any]:
        """Describe for the page what may be asked: ages, filters and their answers, questions by group."""
        first = int(np.flatnonzero(self.years)[0]) if self.years.size else 0
        return {
            "ages": {"first": first, "counts": self.years[first:].tolist()} if self.years.size else None,
            "no_age": _silent(int(self.table["age"].isna().sum())) if self.years.size else "",
            "filters": [
                {
                    "name": name,
                    "label": FILTERS[name],
                    "answers": self._labels(name),
                    "silent": _silent(int((~self._replied[name]).sum())),
                }
                for name in self.filters
            ],
            "questions": [
                {"group": group, "options": [[name, label] for name, label in inside.items() if name in self.offered]}
                for group, inside in QUESTIONS.items()
            ],
        }

    def first_view(self) -> View:
        """Return what is shown at first: everybody, and the first question of the survey."""
        return View(Filter(), "attentes" if "attentes" in self.offered else next(iter(self.offered)))

    def read_filter(self, raw: object) -> Filter | None:
        """Read a filter that comes from outside; None if it asks for what this survey does not have."""
        age, chosen = (raw.get("age"), raw.get("chosen")) if isinstance(raw, dict) else (None, None)
        if not (isinstance(age, list) and len(age) == 2 and isinstance(chosen, dict) and set(chosen) <= set(self.filters)):
            return None
        low, high = map(_bound, age)
        if not (0 <= (low or 0) <= (_OLDEST if high is None else high) <= _OLDEST):
            return None
        if (low is not None or high is not None) and not self.years.size:
            return None
        kept = {}
        for name in self.filters:
            wanted = chosen.get(name, [])
            if not isinstance(wanted, list) or any(answer not in self.offered[name] for answer in wanted):
                return None
            if wanted:
                kept[name] = tuple(answer for answer in self.offered[name] if answer in wanted)
        return Filter((low, high), kept)

    def read_view(self, raw: object) -> View | None:
        """Read what the page asks for; None if it makes no sense here."""
        asked = self.read_filter(raw)
        if asked is None or not isinstance(raw, dict):
            return None
        question, cross, sort = raw.get("question"), raw.get("cross"), raw.get("sort")
        offered = list(self.offered)  # a list may be asked whether it holds anything, even a dictionary
        if question not in offered or cross not in ["", *offered] or sort not in ("index", "count"):
            return None
        return View(asked, str(question), sort == "count", "" if cross == question else str(cross))

    def members(self, of: Filter, without: str = "") -> Members:
        """Select the respondents that a filter keeps; ``without`` names a column whose condition is left out."""
        conditions: dict[str, Condition] = {name: frozenset(wanted) for name, wanted in of.chosen.items() if name != without}
        if of.age != (None, None):
            low, high = of.age
            conditions["age"] = (0.0 if low is None else low, float(_OLDEST) if high is None else high)
        return reduce(lambda one, other: one & other, (self._mask(*item) for item in conditions.items()), self.everybody)

    def look(self, view: View) -> dict[str, Any]:
        """Return everything that the page shows of a view."""
        members = self.members(view.filter)
        return {
            "view": view.as_json(),
            **self.told(view.filter, members),
            "facets": {name: self._facet(view.filter, name) for name in self.filters},
            "answers": self._answers(view, members),
            "cross": self._cross(view, members) if view.cross else None,
        }

    def told(self, of: Filter, members: Members) -> dict[str, str]:
        """Say who a filter keeps, how many they are, and whether that is enough."""
        return {"sentence": sentence(of), "size": size(members), "warning": warning(members)}

    def compare(self, kept: Sequence[tuple[str, Filter]], view: View) -> dict[str, Any]:
        """Set named segments side by side: sizes, persons in common, and their answers to the question of a view."""
        groups = {str(place): self.members(of) for place, (_, of) in enumerate(kept)}
        common = overlap({**groups, "now": self.members(view.filter)}).to_numpy()
        cards = []
        for (name, of), members, both in zip(kept, groups.values(), common[-1], strict=False):
            now = "C’est le segment affiché." if of == view.filter else f"{in_common(int(both))} avec le segment affiché."
            cards.append({"name": name, "filter": of.as_json(), **self.told(of, members), "now": now})
        pairs = []
        for i, j in combinations(range(len(kept)), 2):
            sign = "≠" if common[i, j] else "✓"
            pairs.append(typeset(f"{sign} « {kept[i][0]} » et « {kept[j][0]} » : {in_common(int(common[i, j])).lower()}."))
        verdict = ""
        if len(kept) > 1 and are_disjoint(groups):
            verdict = "✓ Ces segments sont disjoints : personne n’est dans deux segments."
        elif len(kept) > 1:
            verdict = "≠ Ces segments se chevauchent : une même personne est dans plusieurs segments."
        table = self._side_by_side(kept, groups, view)
        return {"cards": cards, "pairs": pairs, "verdict": typeset(verdict), "table": table}

    def _given(self, name: str) -> list[str]:
        """Return the answers to a question, most frequent first."""
        if not any(answers(self.table, name)):
            return []
        counts = index_100(self.table, self.everybody, name)["count"]
        return [str(answer) for answer in counts.sort_values(ascending=False, kind="stable").index]

    def _labels(self, name: str) -> list[list[str]]:
        return [[answer, legible(answer)] for answer in self.offered[name]]

    def _mask(self, name: str, condition: Condition) -> Members:
        if (name, condition) not in self._masks:
            if len(self._masks) >= _REMEMBERED:
                self._masks.clear()
            self._masks[name, condition] = segment(self.table, {name: condition})
        return self._masks[name, condition]

    def _facet(self, of: Filter, name: str) -> dict[str, str]:
        """Count each answer among those whom the other conditions keep: what ticking it alone would select."""
        try:
            counts = index_100(self.table, self.members(of, without=name), name)["count"]
        except InvalidInput:  # nobody there answered
            return {answer: "0" for answer in self.offered[name]}
        return {answer: write_number(int(counts.get(answer, 0))) for answer in self.offered[name]}

    def _answers(self, view: View, members: Members) -> dict[str, Any]:
        name = view.question
        told: dict[str, Any] = {"label": _LABELS[name], "rows": [], "about": "", "note": ""}
        try:
            table = index_100(self.table, members, name)
        except InvalidInput:
            return {**told, "about": "Personne dans ce segment n’a répondu à cette question : élargissez le segment."}
        if view.by_count:
            table = table.sort_values("count", ascending=False, kind="stable")
        most = dominant(self.table, members, name)
        replied = members & self._replied[name]
        several = " Plusieurs réponses possibles : le total des parts peut dépasser 100 %." if name in self.several else ""
        rows = [
            {
                "label": legible(str(answer)),
                "count": write_number(row["count"], 0),
                "share": percent(row["share"]),
                "overall": percent(row["overall"]),
                "index": write_index(row["index"]),
                "mark": mark(row["index"]),
                "bars": [float(row["share"]), float(row["overall"])],
            }
            for answer, row in table.iterrows()
        ]
        top = float(table[["share", "overall"]].to_numpy().max())
        base = f"Parts de ceux qui ont répondu : {write_number(int(replied.sum()))} sur {persons(int(members.sum()))}.{several}"
        about = self._about(view, table, most)
        return {**told, "rows": rows, "scale": min(1.0, math.ceil(top * 10) / 10), "about": about, "note": typeset(base)}

    def _about(self, view: View, table: "pd.DataFrame", most: list[str]) -> str:
        often = f"Le plus souvent : {listed([legible(answer) for answer in most], 'et')}."
        if view.filter.is_all:
            return typeset(f"{often} Toute l’enquête est affichée : chaque indice vaut 100. Filtrez pour voir des différences.")
        high = table[table["index"] > OVERREPRESENTED].sort_values("index", ascending=False, kind="stable")
        apart = [f"{legible(str(answer))} (indice {write_index(row['index'])})" for answer, row in high.head(3).iterrows()]
        told = f"Ce qui le distingue : {listed(apart, 'et')}." if apart else "Aucun indice ne dépasse 120."
        return typeset(f"{often} {told}")

    def _cross(self, view: View, members: Members) -> dict[str, Any]:
        """Return a row for each answer to the second question: how those of the segment who give it answer the first."""
        columns, rows = self.offered[view.question], []
        for answer in self.offered[view.cross]:
            group = members & self._mask(view.cross, frozenset({answer}))
            try:
                shares = index_100(self.table, group, view.question)["share"]
            except InvalidInput:
                cells = ["–"] * len(columns)
            else:
                cells = [percent(shares.get(column, 0.0), 0) for column in columns]
            rows.append([legible(answer), write_number(int(group.sum())), *cells])
        several = " Les lignes peuvent dépasser 100 % : plusieurs réponses possibles." if view.question in self.several else ""
        caption = f"{_LABELS[view.question]}, selon : {_LABELS[view.cross]}. Part de ceux de la ligne qui ont répondu.{several}"
        head = [_LABELS[view.cross], "Effectif", *(legible(column) for column in columns)]
        return {"caption": typeset(caption), "head": head, "rows": rows}

    def _side_by_side(self, kept: Sequence[tuple[str, Filter]], groups: Mapping[str, Members], view: View) -> dict[str, Any]:
        columns = []
        for members in groups.values():
            try:
                table = index_100(self.table, members, view.question)
            except InvalidInput:
                columns.append(dict.fromkeys(self.offered[view.question], "–"))
            else:
                columns.append({str(answer): _share_and_index(row) for answer, row in table.iterrows()})
        rows = [[legible(answer), *(column[answer] for column in columns)] for answer in self.offered[view.question]]
        caption = f"{_LABELS[view.question]} : part de chaque segment, et indice."
        return {"caption": typeset(caption), "head": ["Réponse", *(name for name, _ in kept)], "rows": rows}


def _prepared(survey: "pd.DataFrame") -> "pd.DataFrame":
    """Return the survey with words where it has numbers: yes or no, groups of ages, the three groups of recommendation."""
    import pandas as pd  # heavy, and only tables need it

    table = survey.loc[:, ~survey.columns.duplicated()].reset_index(drop=True)
    words = {True: "oui", False: "non"}
    for name in table.columns:
        if pd.api.types.is_bool_dtype(table[name]):
            table[name] = table[name].map(words)
    if "age" in table.columns:
        ages = pd.to_numeric(table["age"], errors="coerce")
        table["age"] = ages.where(ages.between(0, _OLDEST))
        table["tranche"] = table["age"].map(_age_group, na_action="ignore")
    if "recommandation" in table.columns:
        notes = pd.to_numeric(table["recommandation"], errors="coerce")
        table["recommandation"] = notes.map(_promoter, na_action="ignore")
    return table


def _age_group(age: float) -> str:
    if age < AGES[0]:
        return f"moins de {AGES[0]} ans"
    first = max(start for start in AGES if start <= age)
    return f"{first} ans et plus" if first == AGES[-1] else f"{first} à {AGES[AGES.index(first) + 1] - 1} ans"


def _promoter(note: float) -> str:
    return "promoteurs (9 ou 10)" if note >= 9 else "passifs (7 ou 8)" if note >= 7 else "détracteurs (0 à 6)"


def _bound(value: object) -> float | None:
    """Read a bound; what is not a number becomes one that no range accepts."""
    if value is None:
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6 else math.nan


def _silent(count: int) -> str:
    if not count:
        return ""
    told = "personne n’a pas répondu" if count == 1 else "personnes n’ont pas répondu"
    return f"{write_number(count)} {told} : un filtre ici les écarte."


def _share_and_index(row: "pd.Series[Any]") -> str:
    sign = mark(row["index"])[:1]
    return typeset(f"{percent(row['share'], 0)} ({write_index(row['index'])}{f' {sign}' if sign else ''})")
