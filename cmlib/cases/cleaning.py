"""Reading back exported tables: typed columns, defects set aside, and one French sentence for each kind of defect.

The rules are few and said to the student: a line exported twice counts once; a post that reaches more people than it has
displays is set aside; an age that cannot be is unknown. Nothing is guessed: no value is put in place of a missing one.
"""

from collections.abc import Callable

import pandas as pd

from cmlib.cases.export import DAY, MOMENT
from cmlib.data import COMPETITOR_COLUMNS, MENTION_COLUMNS, POST_COLUMNS, TRAFFIC_COLUMNS
from cmlib.french import plural, write_date
from cmlib.reputation import SENTIMENTS

OLDEST = 110

Cleaned = tuple[pd.DataFrame, list[str]]


def cleaned(name: str, raw: pd.DataFrame) -> Cleaned:
    """Return a table ready for formulas, and what was put right in it.

    Parameters
    ----------
    name
        ``publications``, ``mentions``, ``enquete``, ``trafic`` or ``concurrents``.
    raw
        As `cmlib.cases.export.exported` returns it.

    Returns
    -------
    tuple
        The table, columns in the library's terms except for the survey's; French sentences, one a kind of defect.
    """
    readers: dict[str, Callable[[pd.DataFrame], Cleaned]] = {
        "publications": _posts, "mentions": _mentions, "enquete": _survey, "trafic": _traffic, "concurrents": _competitors,
    }  # fmt: skip
    return readers[name](raw)


def _once(raw: pd.DataFrame, noun: str) -> Cleaned:
    kept = raw.drop_duplicates().reset_index(drop=True)
    twice = len(raw) - len(kept)
    told = f"{twice} {plural(twice, noun)} en double : {plural(twice, 'comptée', 'comptées')} une seule fois."
    return kept, [told] if twice else []


def _numbers(table: pd.DataFrame, *names: str) -> None:
    for name in names:
        table[name] = pd.to_numeric(table[name].str.replace(",", ".", regex=False).replace("", None))


def _posts(raw: pd.DataFrame) -> Cleaned:
    kept, notes = _once(raw, "publication")
    table = kept.rename(columns=POST_COLUMNS)
    table["published_at"] = pd.to_datetime(table["published_at"], format=MOMENT)
    counts = ("impressions", "reach", "likes", "comments", "shares", "clicks", "followers")
    _numbers(table, *counts, "saves", "spend")
    impossible = table["reach"] > table["impressions"]
    count = int(impossible.sum())
    if count:
        aside = plural(count, "mise", "mises")
        notes.append(f"{count} {plural(count, 'publication')} avec une portée supérieure aux impressions : {aside} de côté.")
    blank = int(table["saves"].isna().sum())
    if blank:
        notes.append(f"{blank} {plural(blank, 'publication')} sans nombre d’enregistrements : laissé vide.")
    return table[~impossible].reset_index(drop=True), notes


def _mentions(raw: pd.DataFrame) -> Cleaned:
    kept, notes = _once(raw, "mention")
    table = kept.rename(columns=MENTION_COLUMNS)
    table["published_at"] = pd.to_datetime(table["published_at"], format=MOMENT)
    table["sentiment"] = table["sentiment"].map({label: tone for tone, label in SENTIMENTS.items()})
    _numbers(table, "author_reach")
    return table, notes


def _survey(raw: pd.DataFrame) -> Cleaned:
    kept, notes = _once(raw, "réponse")
    table = kept.replace("", None)
    _numbers(table, "age", "recommandation")
    impossible = table["age"] > OLDEST
    table["age"] = table["age"].where(~impossible)
    count, blank = int(impossible.sum()), int(table["age"].isna().sum())
    if count:
        notes.append(
            f"{count} {plural(count, 'âge')} impossible{'s' if count > 1 else ''} (une année de naissance) : laissé vide."
        )
    if blank > count:
        notes.append(f"{blank - count} {plural(blank - count, 'âge')} non {plural(blank - count, 'donné')} : laissé vide.")
    for name in ("spontanee_avant", "spontanee_apres", "assistee_avant", "assistee_apres"):
        table[name] = table[name] == "oui"
    return table, notes


def _traffic(raw: pd.DataFrame) -> Cleaned:
    kept, notes = _once(raw, "ligne")
    table = kept.rename(columns=TRAFFIC_COLUMNS)
    table["week"] = pd.to_datetime(table["week"], format=DAY)
    _numbers(table, "visitors", "prospects", "clients", "advocates", "revenue", "cost")
    weeks = table["week"]
    for missing in pd.date_range(weeks.min(), weeks.max(), freq="7D").difference(pd.DatetimeIndex(weeks)):
        day = write_date(missing.date())
        notes.append(f"Semaine du {day} absente : la mesure était en panne, ce n’est pas une semaine à zéro.")
    return table, notes


def _competitors(raw: pd.DataFrame) -> Cleaned:
    table = raw.rename(columns=COMPETITOR_COLUMNS)
    _numbers(table, "mentions", "followers", "posts_per_week", "interactions_per_post")
    return table, []
