"""The editorial planning: eleven columns a publication, series that recur, and how regular it is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.inputs import flag, number
from cmlib.networks import WEEKDAYS, network_name
from cmlib.texts import bare, one_line

COLUMNS = {
    "title": "Titre ou sujet",
    "type": "Type de publication",
    "objective": "Objectif",
    "market": "Langue / marché",
    "persona": "Persona ciblé",
    "keywords": "Mots-clés SEO",
    "call_to_action": "Action suggérée (CTA)",
    "networks": "Réseaux",
    "tags": "Mots-clics (#) et mention (@)",
    "published": "Jour de parution",
    "deadlines": "Échéances internes",
}
"""The eleven columns of the course (« gestionnaire de communautés »), by id, with their French header."""

TYPES = (
    *("nouvelle", "article", "étude de cas", "compte rendu", "communiqué", "invitation"),
    *("promotion", "offre spéciale", "avant-première", "actualité", "conseil pratique", "animation", "témoignage", "interview"),
    *(
        "anecdote",
        "statistique",
        "question",
        "sondage",
        "top 10",
        "guide",
        "direct",
        "rétrospective",
        "livre blanc",
        "jeu ou quiz",
    ),
    *("opinion", "photo", "vidéo", "publication", "lien", "idée cadeau", "blogueur invité"),
)
"""Types of publication that the course names; another one is allowed."""

PROMOTIONAL = ("promotion", "promo", "offre spéciale", "soldes", "bon plan")
"""Types that sell: too many of them tire a community (course, « erreurs : le tout-commercial »)."""

_NUMBERED = re.compile(r"(.*) \(n°[ \u00a0](\d{1,4})\)")  # a title of a series


@dataclass(frozen=True)
class Entry:
    """One line of the planning.

    Texts are kept on one line, without leading or trailing spaces; days are between 1900 and 2100.

    Attributes
    ----------
    title, type, objective, market, persona, call_to_action
        Texts; only the title is required.
    networks
        Keys of `cmlib.networks.NETWORKS`, at least one.
    day
        Day of publication.
    at
        Time of publication in France, to the minute: seconds are cut; None when it is not decided.
    keywords, tags
        Search keywords; hashtags (#) and partners mentioned (@). No comma nor semicolon inside one.
    writing_due, approval_due
        Internal deadlines: the text is written, then approved.

    Raises
    ------
    InvalidInput
        If there is no title, no network, an unknown one, no date, a keyword that holds a comma or a semicolon, or if a field
        is not of its kind.

    Examples
    --------
    >>> Entry("Essai gratuit", ("facebook",), date(2026, 3, 12), type="promotion").moment
    datetime.datetime(2026, 3, 12, 0, 0)
    """

    title: str
    networks: tuple[str, ...]
    day: date
    at: time | None = None
    type: str = ""
    objective: str = ""
    market: str = ""
    persona: str = ""
    keywords: tuple[str, ...] = ()
    call_to_action: str = ""
    tags: tuple[str, ...] = ()
    writing_due: date | None = None
    approval_due: date | None = None

    def __post_init__(self) -> None:
        title = _text(self.title, "title", "Une ligne du planning")
        if not title:
            raise InvalidInput("Une ligne du planning n’a pas de titre : donnez-lui-en un.")
        where = f"« {title} »"
        kept: dict[str, object] = {"title": title, "day": as_day(self.day, "jour de parution (day)", where)}
        for field in ("type", "objective", "market", "persona", "call_to_action"):
            kept[field] = _text(getattr(self, field), field, where)
        for field in ("networks", "keywords", "tags"):
            listed = (_text(part, field, where) for part in _list(getattr(self, field), f"{COLUMNS[field]} ({field})", where))
            kept[field] = tuple(dict.fromkeys(filter(None, listed)))
        for field, name in (("writing_due", "échéance de rédaction"), ("approval_due", "échéance de validation")):
            due = getattr(self, field)
            kept[field] = due if due is None else as_day(due, f"{name} ({field})", where)
        kept["at"] = None if self.at is None else _time(self.at, where)
        for field, value in kept.items():
            object.__setattr__(self, field, value)
        if not self.networks:
            raise InvalidInput(f"{where} : il manque le réseau ; choisissez-en au moins un.")
        for network in self.networks:
            network_name(network)
        split = [word for word in (*self.keywords, *self.tags) if "," in word or ";" in word]
        if split:
            raise InvalidInput(f"{where} : « {split[0]} » contient une virgule ou un point-virgule ; faites-en deux mots-clés.")

    @property
    def moment(self) -> datetime:
        """Day and time of publication, midnight when the time is not decided."""
        return datetime.combine(self.day, self.at or time())


def _text(value: object, field: str, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(
            f"{where} : {COLUMNS[field]} ({field}) est un texte, et non « {value!r:.40} » ; mettez-le entre guillemets."
        )
    return one_line(value)


def _list(value: object, name: str, where: str) -> list[object]:
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise InvalidInput(f"{where} : {name} est une liste, et non « {value!r:.40} » ; mettez-le entre crochets.")
    return list(value)


def _time(value: object, where: str) -> time:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise InvalidInput(
            f"{where} : l’heure (at) est une heure sans fuseau, et non « {value!r:.40} » ; écrivez par exemple time(14, 30)."
        )
    return value.replace(second=0, microsecond=0)


def as_day(value: object, name: str, where: str) -> date:
    """Return a day between 1900 and 2100, or refuse it by name; a moment is not a day.

    Raises
    ------
    InvalidInput
        If it is anything else.

    Examples
    --------
    >>> as_day(date(2026, 3, 12), "jour", "« Balade »")
    datetime.date(2026, 3, 12)
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InvalidInput(f"{where} : {name} est une date, et non « {value!r:.40} » ; écrivez par exemple date(2026, 3, 12).")
    if not 1900 <= value.year <= 2100:
        raise InvalidInput(f"{where} : {name} est en {value.year} ; donnez une date entre 1900 et 2100.")
    return value


def words(text: str) -> list[str]:
    """Return the words of a text, without accents nor capitals; a hashtag is split at its capitals and figures.

    Examples
    --------
    >>> words("À la #FêteDuVélo2026")
    ['a', 'la', 'fete', 'du', 'velo', '2026']
    """
    split = re.sub(
        r"#\w+",
        lambda tag: re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z]|[0-9])|(?<=[0-9])(?=[A-Za-z])", " ", tag[0]),
        bare(text),
    )
    return re.findall(r"[^\W_]+", split.casefold())


def kind(name: str) -> str:
    """Return a type without accents, capitals, signs nor plurals: « Offres spéciales » is « offre spéciale ».

    Examples
    --------
    >>> kind("Offres spéciales")
    'offre speciale'
    """
    return " ".join(word.removesuffix("s") for word in words(name))


def speaks_of(entry: Entry, wanted: Sequence[str]) -> bool:
    """Tell whether the title, the objective, the keywords or a tag of a line holds words that follow each other.

    A name with a comma is cut in two keywords: these are read one after the other.

    Examples
    --------
    >>> speaks_of(Entry("Été", ("x",), date(2026, 3, 12), tags=("#FêteDuVélo",)), ["fete", "du", "velo"])
    True
    """
    joined, sought = "".join(wanted), tuple(wanted)
    for text in (entry.title, entry.objective, " ".join(entry.keywords), *entry.tags):
        said, tags = _said(text)
        if joined in tags or any(said[rank : rank + len(sought)] == sought for rank in range(len(said))):
            return True
    return False


@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a text and its hashtags; remembered, as a planning is judged each time a line of it changes."""
    return tuple(words(text)), tuple(re.findall(r"#(\w+)", bare(text).casefold()))


def same_title(title: str) -> str:
    """Return what two titles that are the same have in common.

    Examples
    --------
    >>> same_title("Essai +") == same_title("Essai -")
    False
    """
    text = re.sub(r"(?<=\w)[-\u2010\u2011](?=\w)", "", bare(title).casefold())  # a hyphen inside a word is no minus sign
    kept = "".join(sign for sign in text.replace("−", "-") if sign.isalnum() or sign in "+-")
    return kept if any(sign.isalnum() for sign in kept) else " ".join(title.casefold().split())


def series(entry: Entry, until: date, weekdays: Sequence[int] = (), every_weeks: int = 1, numbered: bool = True) -> list[Entry]:
    """Repeat a line of the planning, week after week, from its day on.

    Parameters
    ----------
    entry
        First line; its deadlines move with its day.
    until
        Last possible day.
    weekdays
        Days of the week, Monday is 0; that of the entry by default.
    every_weeks
        1 for every week, 2 for one week in two…
    numbered
        Whether titles get their number, « (n° 2) », so that no two are the same; a title that has one already counts on from it.

    Returns
    -------
    list of Entry
        In order of date; the first days before the entry's own are left out.

    Raises
    ------
    InvalidInput
        If the end comes before the beginning, or a weekday or the step is out of bounds.

    Examples
    --------
    >>> first = Entry("Question du mardi", ("instagram",), date(2026, 3, 3))
    >>> [f"{line.day:%d/%m}" for line in series(first, until=date(2026, 3, 17))]
    ['03/03', '10/03', '17/03']
    """
    from dateutil.rrule import WEEKLY, rrule  # only series need it

    until = as_day(until, "la date de fin (until)", f"« {entry.title} »")
    numbered = flag(numbered, "titres numérotés (numbered)")
    if until < entry.day:
        raise InvalidInput(f"« {entry.title} » : la série finit avant de commencer ; changez la date de fin.")
    listed: list[Any] = _list(weekdays, "les jours de la semaine (weekdays)", f"« {entry.title} »")
    days = sorted({int(number(day, "jour de la semaine (weekdays)", at_least=0, at_most=6, whole=True)) for day in listed})
    step = int(number(every_weeks, "intervalle en semaines (every_weeks)", at_least=1, at_most=10_000, whole=True))
    found = rrule(
        WEEKLY,
        dtstart=datetime.combine(entry.day, time()),
        until=datetime.combine(until, time()),
        interval=step,
        byweekday=days or [entry.day.weekday()],
    )
    lines = []
    already = _NUMBERED.fullmatch(entry.title)
    name, first = (already[1], int(already[2])) if already else (entry.title, 1)
    for rank, moment in enumerate(found, start=first):
        moved = moment.date() - entry.day
        title = f"{name} (n°\u00a0{rank})" if numbered else entry.title
        lines.append(
            replace(
                entry,
                title=title,
                day=moment.date(),
                writing_due=entry.writing_due and entry.writing_due + moved,
                approval_due=entry.approval_due and entry.approval_due + moved,
            )
        )
    if not lines:
        wanted = ", ".join(WEEKDAYS[day] for day in days)
        raise InvalidInput(f"« {entry.title} » : aucun {wanted} avant la date de fin ; changez l’un ou l’autre.")
    return lines


def by_network(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Group lines by network, in order of date; a line on two networks is in both groups.

    Examples
    --------
    >>> by_network([Entry("Balade", ("facebook", "x"), date(2026, 3, 12))]).keys()
    dict_keys(['facebook', 'x'])
    """
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.moment):
        for network in entry.networks:
            groups.setdefault(network, []).append(entry)
    return groups


def longest_gap(dates: Iterable[date]) -> int:
    """Longest silence between two consecutive publications, in days.

    Two posts on 1 and 20 August make a gap of 19 days.

    Parameters
    ----------
    dates
        Dates of publication (pandas timestamps too), in any order; times of day do not count.

    Raises
    ------
    InvalidInput
        If there are fewer than two days of publication, or a date is missing.

    Examples
    --------
    >>> longest_gap([date(2025, 8, 20), date(2025, 8, 1), date(2025, 7, 30)])
    19
    """
    given = list(dates)
    if not all(isinstance(day, date) and day == day for day in given):  # a missing date is not equal to itself
        raise InvalidInput(
            "Une date de publication est absente ou illisible : complétez la table avant de mesurer la régularité."
        )
    days = sorted({date(day.year, day.month, day.day) for day in given})
    if len(days) < 2:
        raise InvalidInput("Il faut au moins deux jours de publication pour mesurer un silence.")
    return max((following - day) // timedelta(days=1) for day, following in pairwise(days))
