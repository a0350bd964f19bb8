"""Segments of a survey: who is in them, what sets them apart (index base 100), which networks they use, how they overlap.

A survey is a table of one row a respondent. A column that holds several answers separates them by « | ».
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from cmlib.errors import InvalidInput
from cmlib.french import printable, untypeset
from cmlib.inputs import mapping, number

if TYPE_CHECKING:
    import pandas as pd

SEPARATOR = "|"
"""Between the answers of one respondent, where several are possible."""

OVERREPRESENTED = 120.0
"""Index from which an answer is said to set a segment apart: a convention of media planning, here a hypothesis."""

Members: TypeAlias = NDArray[np.bool_]
Condition: TypeAlias = tuple[float, float] | str | Collection[str]


def segment(survey: "pd.DataFrame", conditions: Mapping[str, Condition]) -> Members:
    """Select the respondents who meet all conditions.

    Parameters
    ----------
    survey
        One row a respondent.
    conditions
        By column: a pair of numbers is a range, both bounds included; a text, or a set of texts, is any of these answers.

    Returns
    -------
    ndarray of bool
        Shape (respondents,). A respondent who did not answer is not selected.

    Raises
    ------
    InvalidInput
        If a column or an answer does not exist in the survey, a range is upside down, or a condition is neither.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({"age": [19, 34, 52], "reseaux": ["Instagram|TikTok", "Facebook", "Facebook|Instagram"]})
    >>> segment(survey, {"age": (18, 35), "reseaux": {"Instagram"}}).tolist()
    [True, False, False]
    """
    _check_survey(survey)
    chosen: Members = np.ones(len(survey), dtype=bool)
    for name, wanted in mapping(conditions, "conditions", "{'age': (18, 35)}").items():
        column = cast(str, name)
        if isinstance(wanted, tuple):
            chosen &= _in_range(survey, column, wanted)
        elif isinstance(wanted, str):
            chosen &= _answered(survey, column, {wanted})
        elif isinstance(wanted, Collection):
            chosen &= _answered(survey, column, {str(answer) for answer in wanted})
        else:
            advice = "donnez un intervalle, comme (18, 35), une réponse ou un ensemble de réponses"
            raise InvalidInput(f"Colonne « {column} » : « {printable(str(wanted))[:40]} » n’est pas une condition ; {advice}.")
    return chosen


def share(members: Members) -> tuple[int, float]:
    """Size of a segment, and its share of the survey.

    Raises
    ------
    InvalidInput
        If the survey is empty.

    Examples
    --------
    >>> share(np.array([True, False, False, False]))
    (1, 0.25)
    """
    chosen = _members(members)
    return int(chosen.sum()), float(chosen.mean())


def index_100(survey: "pd.DataFrame", members: Members, column: str) -> "pd.DataFrame":
    """Compare the answers of a segment with those of everybody: index base 100.

    An index of 150 says that the answer is one and a half times as frequent in the segment as in the survey.

    Parameters
    ----------
    survey
        One row a respondent.
    members
        Segment, as `segment` returns.
    column
        Question, with one or several answers a respondent.

    Returns
    -------
    DataFrame
        One row an answer, the highest index first: ``count`` (in the segment), ``share`` (of those of the segment who answered),
        ``overall`` (same, of the survey), ``index``.

    Raises
    ------
    InvalidInput
        If the column does not exist, or nobody in the segment answered.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({"reseaux": ["Instagram", "Facebook", "Facebook", "Facebook|Instagram"]})
    >>> index_100(survey, np.array([True, False, False, True]), "reseaux")["index"].tolist()
    [200.0, 66.666666667]
    """
    import pandas as pd  # heavy, and only tables need it

    chosen = _members(members, len(survey))
    given = answers(survey, column)
    replied = np.array([bool(found) for found in given])
    inside = chosen & replied
    if not inside.any():
        raise InvalidInput(f"Personne du segment n’a répondu à la colonne « {column} » : élargissez le segment.")
    found = sorted(set().union(*given))
    has = np.array([[answer in given_by_one for given_by_one in given] for answer in found])
    counts, own, overall = (has & inside).sum(axis=1), (has & inside).sum(axis=1) / inside.sum(), has.sum(axis=1) / replied.sum()
    index = np.round(100 * own / overall, 9)  # 120 is 120, whatever the last binary digit: thresholds are read off it
    order = sorted(range(len(found)), key=lambda place: (-index[place], -counts[place]))
    columns = {"count": counts[order], "share": own[order], "overall": overall[order], "index": index[order]}
    return pd.DataFrame(columns, index=pd.Index([found[place] for place in order], name="answer"))


def dominant(survey: "pd.DataFrame", members: Members, column: str, most: int = 3) -> list[str]:
    """Return the answers that most of a segment gives, most frequent first.

    Parameters
    ----------
    survey, members, column
        As in `index_100`.
    most
        How many at most, 1 or more; those that tie with the last one are kept.

    Raises
    ------
    InvalidInput
        As `index_100`, or if ``most`` is not a whole number from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({"reseaux": ["Instagram", "Facebook", "Facebook", "Facebook|Instagram"]})
    >>> dominant(survey, np.array([True, True, True, True]), "reseaux", most=1)
    ['Facebook']
    """
    kept = int(number(most, "nombre de réponses (most)", at_least=1, whole=True))
    counts = index_100(survey, members, column)["count"].sort_values(ascending=False, kind="stable")
    counts = counts[counts > 0]
    return [str(answer) for answer in counts.index[counts >= counts.iloc[min(kept, len(counts)) - 1]]]


def overlap(segments: Mapping[str, Members]) -> "pd.DataFrame":
    """Count the respondents that segments have in common, two by two; zeros off the diagonal mean that they are disjoint.

    Parameters
    ----------
    segments
        Segments of one survey, by name.

    Returns
    -------
    DataFrame
        Square, a row and a column a segment; the diagonal holds their sizes.

    Raises
    ------
    InvalidInput
        If there is no segment, or they do not come from one survey.

    Examples
    --------
    >>> overlap({"jeunes": np.array([True, True, False]), "urbains": np.array([False, True, True])}).loc["jeunes", "urbains"]
    np.int64(1)
    """
    import pandas as pd  # heavy, and only tables need it

    if segments is None or len(segments) == 0:
        raise InvalidInput("Il n’y a aucun segment : donnez-en au moins un.")
    named = mapping(segments, "segments", "{'jeunes': segment(...)}")
    length = _members(next(iter(named.values()))).size
    table = np.array([_members(members, length) for members in named.values()], dtype=int)
    return pd.DataFrame(table @ table.T, index=list(named), columns=list(named))


def are_disjoint(segments: Mapping[str, Members]) -> bool:
    """Tell whether no respondent is in two segments.

    Raises
    ------
    InvalidInput
        As `overlap`.

    Examples
    --------
    >>> are_disjoint({"jeunes": np.array([True, False]), "seniors": np.array([False, True])})
    True
    """
    common = overlap(segments)
    return all(common.iloc[i, j] == 0 for i, j in combinations(range(len(common)), 2))


def answers(survey: "pd.DataFrame", column: str) -> list[frozenset[str]]:
    """Return the answers of each respondent to a question; an empty set where there is none.

    Raises
    ------
    InvalidInput
        If the survey is not a table, or the column does not exist or exists twice.

    Examples
    --------
    >>> import pandas as pd
    >>> [sorted(found) for found in answers(pd.DataFrame({"gouts": ["sport|nature", None]}), "gouts")]
    [['nature', 'sport'], []]
    """
    _check_survey(survey)
    found = list(survey.columns).count(column)
    if found > 1:
        raise InvalidInput(f"L’enquête a {found} colonnes « {column} » : renommez ou retirez les autres.")
    if not found:
        raise InvalidInput(f"L’enquête n’a pas de colonne « {column} » : choisissez parmi {', '.join(map(str, survey.columns))}.")
    given = survey[column]
    missing = given.isna().to_numpy()
    values = given.to_numpy(dtype=object)
    return [_parts("" if absent else str(value)) for value, absent in zip(values, missing, strict=True)]


@lru_cache(maxsize=4096)
def _parts(text: str) -> frozenset[str]:
    """Read what a respondent answered; a survey says the same things again and again, and is asked about many times."""
    return frozenset(part for part in map(untypeset, text.split(SEPARATOR)) if part)


def _check_survey(survey: "pd.DataFrame") -> None:
    import pandas as pd  # heavy, and only tables need it

    if not isinstance(survey, pd.DataFrame):
        raise InvalidInput("L’enquête (survey) doit être une table, une ligne par répondant : lisez-la avec pandas.")


def _in_range(survey: "pd.DataFrame", column: str, bounds: tuple[float, float]) -> Members:
    answers(survey, column)  # the column exists
    if len(bounds) != 2 or not number(bounds[0], f"« {column} »") <= number(bounds[1], f"« {column} »"):
        raise InvalidInput(f"« {column} » : un intervalle va du plus petit au plus grand, par exemple (18, 35).")
    try:
        values = survey[column].astype(float).to_numpy()
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"La colonne « {column} » n’est pas faite de nombres : donnez des réponses, pas un intervalle."
        ) from error
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]))


def _answered(survey: "pd.DataFrame", column: str, wanted: set[str]) -> Members:
    given = answers(survey, column)
    known = set().union(*given)
    unknown = sorted(answer for answer in wanted if untypeset(answer) not in known)
    if unknown or not wanted:
        asked = f"« {unknown[0]} » n’est pas une réponse" if unknown else "aucune réponse n’est demandée"
        raise InvalidInput(f"Colonne « {column} » : {asked} ; choisissez parmi {', '.join(sorted(known))}.")
    asked_for = {untypeset(answer) for answer in wanted}
    return np.array([bool(found & asked_for) for found in given], dtype=bool)


def _members(members: Members, length: int | None = None) -> Members:
    try:
        chosen = np.asarray(members)
    except ValueError as error:  # rows of several lengths
        raise InvalidInput("Un segment est une seule liste de oui ou de non : formez-le avec segment().") from error
    if chosen.dtype != bool or chosen.ndim != 1 or chosen.size == 0:
        raise InvalidInput("Un segment dit oui ou non pour chaque répondant d’une enquête : formez-le avec segment().")
    if length is not None and chosen.size != length:
        raise InvalidInput(f"Ce segment a {chosen.size} répondants et l’enquête {length} : formez-le sur la même enquête.")
    return chosen
