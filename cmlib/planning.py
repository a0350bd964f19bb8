"""The editorial planning: eleven columns a publication, series that recur, and how regular it is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from cmlib.errors import InvalidInput
from cmlib.inputs import number
from cmlib.networks import WEEKDAYS, network_name

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

PROMOTIONAL = ("promotion", "offre spéciale")
"""Types that sell: too many of them tire a community (course, « erreurs : le tout-commercial »)."""


@dataclass(frozen=True)
class Entry:
    """One line of the planning.

    Texts are kept on one line, without leading or trailing spaces.

    Attributes
    ----------
    title, type, objective, market, persona, call_to_action
        Texts; only the title is required.
    networks
        Keys of `cmlib.networks.NETWORKS`, at least one.
    day
        Day of publication.
    at
        Time of publication; None when it is not decided.
    keywords, tags
        Search keywords; hashtags (#) and partners mentioned (@). No comma inside one.
    writing_due, approval_due
        Internal deadlines: the text is written, then approved.

    Raises
    ------
    InvalidInput
        If there is no title, no network, an unknown one, no date, or a keyword that holds a comma.

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
        for field in ("title", "type", "objective", "market", "persona", "call_to_action"):
            object.__setattr__(self, field, one_line(getattr(self, field)))
        for field in ("networks", "keywords", "tags"):
            object.__setattr__(self, field, tuple(dict.fromkeys(filter(None, map(one_line, getattr(self, field))))))
        if not self.title:
            raise InvalidInput("Une ligne du planning n’a pas de titre : donnez-lui-en un.")
        if not self.networks:
            raise InvalidInput(f"« {self.title} » : il manque le réseau ; choisissez-en au moins un.")
        for network in self.networks:
            network_name(network)
        if isinstance(self.day, datetime) or not isinstance(self.day, date):
            raise InvalidInput(f"« {self.title} » : le jour de parution est une date, par exemple date(2026, 3, 12).")
        commas = [word for word in (*self.keywords, *self.tags) if "," in word]
        if commas:
            raise InvalidInput(f"« {self.title} » : « {commas[0]} » contient une virgule ; faites-en deux mots-clés.")

    @property
    def moment(self) -> datetime:
        """Day and time of publication, midnight when the time is not decided."""
        return datetime.combine(self.day, self.at or time())


def one_line(text: str) -> str:
    r"""Return a text on one line: line breaks, tabs and control signs become spaces; unbreakable spaces are kept.

    Examples
    --------
    >>> one_line(" Balade\n du dimanche ")
    'Balade du dimanche'
    """
    printable = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    printable = printable.replace("\ufffe", " ").replace("\uffff", " ")
    return re.sub(" +", " ", printable).strip()


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
        Whether titles get their number, « (n° 2) », so that no two are the same.

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

    if until < entry.day:
        raise InvalidInput(f"« {entry.title} » : la série finit avant de commencer ; changez la date de fin.")
    days = sorted({int(number(day, "jour de la semaine (weekdays)", at_least=0, at_most=6, whole=True)) for day in weekdays})
    step = int(number(every_weeks, "intervalle en semaines (every_weeks)", at_least=1, whole=True))
    found = rrule(
        WEEKLY,
        dtstart=datetime.combine(entry.day, time()),
        until=datetime.combine(until, time()),
        interval=step,
        byweekday=days or [entry.day.weekday()],
    )
    lines = []
    for rank, moment in enumerate(found, start=1):
        moved = moment.date() - entry.day
        title = f"{entry.title} (n°\u00a0{rank})" if numbered else entry.title
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
