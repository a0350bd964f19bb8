"""Social networks: what the sourced tables say of each one, gathered on a sheet.

Contradictory values stay side by side, each with its origin and year: which one to cite is the reader's decision.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cmlib.data import remembered
from cmlib.errors import InvalidInput
from cmlib.french import printable
from cmlib.reference_checks import is_rival
from cmlib.references import load

if TYPE_CHECKING:
    import pandas as pd

NETWORKS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "snapchat": "Snapchat",
    "youtube": "YouTube",
    "x": "X (Twitter)",
    "pinterest": "Pinterest",
}
"""Networks of the course and of the tables, by id."""

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Slot:
    """An advised time to post: from ``start`` to ``end`` on a weekday (0 is Monday); it may cross midnight."""

    weekday: int
    start: time
    end: time
    source: str

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the next day."""
        return self.end <= self.start

    def holds(self, moment: datetime) -> bool:
        """Whether a moment falls in the slot; the end itself does not."""
        at, weekday = moment.time(), moment.weekday()
        if not self.crosses_midnight:
            return weekday == self.weekday and self.start <= at < self.end
        return (weekday == self.weekday and at >= self.start) or (weekday == (self.weekday + 1) % 7 and at < self.end)


@dataclass(frozen=True)
class Sheet:
    """What is known of a network; every table keeps its ``year`` and ``source`` columns.

    Attributes
    ----------
    network, name
        Its id and its name.
    audiences, profiles
        Audiences and shares by age and sex.
    advice
        Objectives, advice and tools (column ``topic``).
    slots
        Advised times to post; empty where no source gives any.
    rules, formats
        Rules of a post and formats, as dated.
    cadence
        Posts a week, (minimum, maximum).
    engagement, costs, organic_reach
        Market benchmarks: a rate never goes without its denominator.
    """

    network: str
    name: str
    audiences: "pd.DataFrame"
    profiles: "pd.DataFrame"
    advice: "pd.DataFrame"
    slots: tuple[Slot, ...]
    rules: "pd.DataFrame"
    formats: "pd.DataFrame"
    cadence: tuple[float, float]
    engagement: "pd.DataFrame"
    costs: "pd.DataFrame"
    organic_reach: "pd.DataFrame"


def sheet(network: str) -> Sheet:
    """Gather what the tables say of a network.

    Parameters
    ----------
    network
        A key of `NETWORKS`.

    Raises
    ------
    InvalidInput
        If the network is unknown.
    Explained
        If a table of the kit is missing or broken.

    Examples
    --------
    >>> instagram = sheet("instagram")
    >>> instagram.name, instagram.cadence
    ('Instagram', (2.0, 7.0))
    """
    name = network_name(network)
    return Sheet(
        network=network,
        name=name,
        audiences=_rows("audiences", network),
        profiles=_rows("profils", network),
        advice=_rows("conseils", network),
        slots=slots(network),
        rules=_rows("regles", network),
        formats=_rows("formats", network),
        cadence=cadence(network),
        engagement=_rows("engagement", network),
        costs=_rows("couts", network),
        organic_reach=_rows("portee", network),
    )


def network_name(network: str) -> str:
    """Return the name of a network.

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> network_name("x")
    'X (Twitter)'
    """
    if not isinstance(network, str) or network not in NETWORKS:
        raise InvalidInput(f"« {printable(str(network))[:40]} » n’est pas un réseau connu : prenez {', '.join(NETWORKS)}.")
    return NETWORKS[network]


def network_id(name: str) -> str:
    """Return the id of a network written by a person: any case, « Twitter » for X.

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> network_id("LinkedIn"), network_id("twitter"), network_id(" X ")
    ('linkedin', 'x', 'x')
    """
    if not isinstance(name, str):
        raise InvalidInput(f"Le nom d’un réseau est un texte, et non « {name} » : prenez {', '.join(NETWORKS.values())}.")
    wanted = " ".join(name.split()).casefold()
    spellings = {label.casefold(): network for network, label in NETWORKS.items()} | {
        "twitter": "x",
        "twitter/x": "x",
        "x/twitter": "x",
    }
    if wanted in NETWORKS:
        return wanted
    if wanted not in spellings:
        raise InvalidInput(f"« {name} » n’est pas un réseau connu : prenez {', '.join(NETWORKS.values())}.")
    return spellings[wanted]


@remembered
def slots(network: str) -> tuple[Slot, ...]:
    """Return the advised times to post on a network, from the course; empty where it gives none.

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> any(slot.crosses_midnight for slot in slots("snapchat")), slots("pinterest")
    (True, ())
    """
    network_name(network)
    return tuple(
        Slot(
            WEEKDAYS.index(str(row["weekday"])),
            time.fromisoformat(str(row["start"])),
            time.fromisoformat(str(row["end"])),
            f"{row['source']}, {row['year']}",
        )
        for row in _rows("creneaux", network).to_dict("records")
    )


def in_advised_slot(network: str, moment: datetime) -> bool | None:
    """Tell whether a moment falls in an advised slot; None where no source advises any.

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> in_advised_slot("snapchat", datetime(2026, 3, 13, 0, 30)), in_advised_slot("x", datetime(2026, 3, 13, 9))
    (True, None)
    """
    advised = slots(network)
    return any(slot.holds(moment) for slot in advised) if advised else None


@remembered
def cadence(network: str) -> tuple[float, float]:
    """Return the smallest and largest number of posts a week, from the table ``cadences`` (mostly hypotheses).

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> cadence("facebook")
    (3.5, 7.0)
    """
    network_name(network)
    row = _rows("cadences", network).iloc[0]
    return float(row["minimum"]), float(row["maximum"])


def longest_silence(network: str, max_gap: int) -> int:
    """Return the longest silence allowed on a network, in days: what its own pace asks, where that is slower.

    Examples
    --------
    >>> longest_silence("facebook", 10), longest_silence("youtube", 10)
    (10, 28)
    """
    return max(max_gap, math.ceil(7 / cadence(network)[0]))


def rule(network: str, name: str, day: date) -> float | None:
    """Return the value of a rule of a network on a day; None where no source gives one.

    Parameters
    ----------
    network
        A key of `NETWORKS`.
    name
        A rule of the table ``regles``: ``"caracteres"``, ``"hashtags"``…
    day
        Day of publication, or its date and time. Rules change: Instagram went from 30 hashtags to 5 in December 2025.

    Raises
    ------
    InvalidInput
        If the network is unknown, or the day is not a date.

    Examples
    --------
    >>> rule("instagram", "hashtags", date(2025, 11, 30)), rule("instagram", "hashtags", date(2025, 12, 1))
    (30.0, 5.0)
    """
    network_name(network)
    rows = _rows("regles", network)
    at = _iso(day)
    held = rows[(rows["rule"] == name) & (rows["since"] <= at) & ((rows["until"] == "") | (rows["until"] >= at))]
    held = held[[not is_rival(note) for note in held["note"]]]
    return float(held["value"].iloc[0]) if len(held) else None


def audience_values(area: str = "France", measures: tuple[str, ...] | None = None) -> "pd.DataFrame":
    """Return the audiences of all networks in people, contradictory values included, largest first.

    Parameters
    ----------
    area
        ``"France"`` or ``"monde"``.
    measures
        Keep only these measures; all by default.

    Returns
    -------
    DataFrame
        Columns ``network``, ``name``, ``measure``, ``value`` (people), ``year``, ``source``, ``note``.

    Raises
    ------
    InvalidInput
        If no audience is known for that area.

    Examples
    --------
    >>> values = audience_values("France")
    >>> values.loc[values["network"] == "linkedin", "value"].tolist()
    [9700000.0, 3700000.0]
    """
    table = load("audiences")
    table = table[(table["area"] == area) & (table["unit"] == "personnes") & table["network"].isin(list(NETWORKS))]
    if measures is not None:
        table = table[table["measure"].isin(measures)]
    if table.empty:
        raise InvalidInput(f"Aucune audience n’est connue pour « {area} » : prenez France ou monde.")
    table = table.assign(name=table["network"].map(NETWORKS)).sort_values("value", ascending=False, kind="stable")
    return table[["network", "name", "measure", "value", "year", "source", "note"]].reset_index(drop=True)


def _iso(day: date) -> str:
    """Return the day of a date or a moment as the table writes it; a missing one (NaT) differs from itself."""
    if not isinstance(day, date) or day != day:
        raise InvalidInput(
            f"Le jour (day) doit être une date, par exemple date(2026, 3, 12), et non « {printable(str(day))[:40]} »."
        )
    return (day.date() if isinstance(day, datetime) else day).isoformat()


def _rows(table: str, network: str) -> "pd.DataFrame":
    rows = load(table)
    return rows[rows["network"] == network].reset_index(drop=True)
