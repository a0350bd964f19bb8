"""What a planning speaks of: the themes that it serves, and the events that it prepares, lives and prolongs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from cmlib.errors import InvalidInput
from cmlib.french import write_date
from cmlib.inputs import mapping
from cmlib.planning import Entry, as_day, speaks_of, words
from cmlib.texts import plain

MOST_EVENTS = 2
"""Events that a publication may speak of: a hypothesis of the project."""

Days: TypeAlias = date | tuple[date, date]
"""When an event happens: its day, or its first and last days."""


@dataclass(frozen=True)
class Theme:
    """Something to speak of, for a target, on some networks.

    Attributes
    ----------
    name
        Its words: a publication is about it when it holds them, in their order.
    persona
        Name of the target; empty for anybody.
    networks
        Keys of `cmlib.networks.NETWORKS`; empty for any.

    Raises
    ------
    InvalidInput
        If the name has neither letter nor figure.

    Examples
    --------
    >>> Theme("La balade du dimanche", networks=("facebook",)).persona
    ''
    """

    name: str
    persona: str = ""
    networks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not words(self.name):
            raise InvalidInput(f"Thématique « {self.name} » : son nom n’a ni lettre ni chiffre ; donnez-lui-en un.")


class Spoken(NamedTuple):
    """How many publications speak of an event before it, during it and after it."""

    before: int
    during: int
    after: int

    @property
    def missing(self) -> tuple[str, ...]:
        """When nothing is said of it, in French."""
        counts = {"avant": self.before, "pendant": self.during, "après": self.after}
        return tuple(when for when, count in counts.items() if not count)


def served(entries: Sequence[Entry], themes: Sequence[Theme]) -> dict[str, int]:
    """Count the publications that serve each theme.

    A publication serves a theme when its title, its objective, a keyword or a tag holds the words of the theme's name, in their
    order, whatever the accents and capitals; when it is for its target, and on one of its networks. It serves one theme, the
    first that it could: citing them all in each publication serves the others no better.

    Parameters
    ----------
    entries
        Lines of the planning.
    themes
        The themes.

    Returns
    -------
    dict
        Publications, by name of the theme.

    Examples
    --------
    >>> lines = [Entry("Balade", ("facebook",), date(2026, 3, 12), persona="Nora", keywords=("à l’abri",))]
    >>> served(lines, [Theme("à l’abri", "Nora", ("facebook",)), Theme("À l’abri", "Basile")])
    {'à l’abri': 1, 'À l’abri': 0}
    """
    counts = dict.fromkeys((theme.name for theme in themes), 0)
    for entry in entries:
        found = next((theme.name for theme in themes if _serves(entry, theme)), None)
        if found is not None:
            counts[found] += 1
    return counts


def _serves(entry: Entry, theme: Theme) -> bool:
    return (
        plain(theme.persona) in ("", plain(entry.persona))
        and (not theme.networks or bool(set(theme.networks) & set(entry.networks)))
        and speaks_of(entry, words(theme.name))
    )


def spoken_of(entries: Sequence[Entry], events: Mapping[str, Days], around: int) -> dict[str, Spoken]:
    """Count the publications that speak of each event before, during and after it.

    A publication speaks of an event when its title, objective, a keyword or a tag holds the words of the event's name, in their
    order, whatever the accents and capitals; « #FêteDuVélo » is three words. One that names more than two events is a list, and
    speaks of none.

    Parameters
    ----------
    entries
        Lines of the planning.
    events
        Days, by name; one without a name or a date is refused.
    around
        Days before and after in which to speak of it.

    Returns
    -------
    dict
        By name followed by its day, « Fête du vélo (06/06/2026) ».

    Raises
    ------
    InvalidInput
        If an event has no name, no date, or ends before it begins.

    Examples
    --------
    >>> lines = [Entry("Fête du vélo", ("x",), date(2026, 6, day)) for day in (1, 6, 7)]
    >>> spoken_of(lines, {"fête du vélo": (date(2026, 6, 5), date(2026, 6, 6))}, around=14)
    {'fête du vélo (05/06/2026)': Spoken(before=1, during=1, after=1)}
    """
    named: dict[str, tuple[date, date]] = {}
    cited: Counter[int] = Counter()
    speaking: dict[str, list[int]] = {}
    for name, given in mapping(events, "temps forts (events)", "{'Fête du vélo': date(2026, 6, 6)}").items():
        wanted = words(name) if isinstance(name, str) else []
        if not wanted:
            raise InvalidInput(f"Temps fort « {name} » : son nom n’a ni lettre ni chiffre ; donnez-lui-en un.")
        first, last = (_day(day, str(name)) for day in (given if isinstance(given, tuple) else (given, given)))
        if last < first:
            raise InvalidInput(f"Temps fort « {name} » : il finit avant de commencer ; corrigez ses dates.")
        told = f"{name} ({write_date(first)})"
        named[told] = first, last
        speaking[told] = [rank for rank, entry in enumerate(entries) if speaks_of(entry, wanted)]
        cited.update(speaking[told])
    found = {}
    for told, (first, last) in named.items():
        days = [entries[rank].day for rank in speaking[told] if cited[rank] <= MOST_EVENTS]
        found[told] = Spoken(
            sum(0 < (first - day).days <= around for day in days),
            sum(first <= day <= last for day in days),
            sum(0 < (day - last).days <= around for day in days),
        )
    return found


def within(events: Mapping[str, tuple[date, date]], first: date, last: date) -> dict[str, Days]:
    """Keep the events that a planning can prepare and prolong: they begin after its first day, and end before its last.

    Examples
    --------
    >>> within({"Salon": (date(2026, 3, 1), date(2026, 3, 2))}, date(2026, 3, 1), date(2026, 6, 1))
    {}
    """
    return {name: days for name, days in events.items() if first < days[0] and days[1] < last}


def _day(given: object, name: str) -> date:
    day = given.date() if isinstance(given, datetime) and given == given else given  # a missing date differs from itself
    return as_day(day, "le jour", f"Temps fort « {name} »")
