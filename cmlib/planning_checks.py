"""What makes a planning hold: horizon, silences, cadence, slots, mix, deadlines, events, duplicates.

The thresholds are pedagogical hypotheses, shown to the student and set by the trainer.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_date, write_number, write_quantity
from cmlib.networks import NETWORKS, cadence, slots
from cmlib.planning import PROMOTIONAL, Entry, by_network, longest_gap


@dataclass(frozen=True)
class Thresholds:
    """Limits of the checks: hypotheses of the project, not facts.

    Attributes
    ----------
    weeks
        Shortest horizon: 26 for six months, 52 for a year.
    max_gap
        Longest silence on a network, in days.
    posts_per_week
        What the team can publish, all networks together; None when it is not known.
    in_slots
        Smallest share of publications at an advised time, where there is one.
    promotional
        Largest share of publications that sell.
    types
        Fewest types of publication.
    lead_days
        Fewest days between the last internal deadline and the publication.
    around_event
        Days before and after an event in which it must be spoken of.
    """

    weeks: int = 26
    max_gap: int = 10
    posts_per_week: float | None = None
    in_slots: float = 0.7
    promotional: float = 0.3
    types: int = 4
    lead_days: int = 2
    around_event: int = 14


DEFAULT = Thresholds()


class Check(NamedTuple):
    """A rule of the planning, whether it is kept, and the sentence that says so."""

    rule: str
    kept: bool
    sentence: str


def check_planning(
    entries: Sequence[Entry], thresholds: Thresholds = DEFAULT, events: Mapping[str, date] | None = None
) -> list[Check]:
    """Apply every rule to a planning.

    Parameters
    ----------
    entries
        Lines of the planning, in any order.
    thresholds
        Limits.
    events
        Days of the brand's events, by name.

    Returns
    -------
    list of Check
        ``"horizon"``, ``"silences"``, ``"cadence"``, ``"equipe"``, ``"creneaux"``, ``"promotion"``, ``"varietes"``,
        ``"echeances"``, ``"temps forts"``, ``"doublons"``; a rule that has no object (no event, no advised slot) is left out.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> lines = [Entry("Balade", ("facebook",), date(2026, 3, 12)), Entry("Balade", ("facebook",), date(2026, 4, 2))]
    >>> [check.rule for check in check_planning(lines) if not check.kept]
    ['horizon', 'silences', 'cadence', 'creneaux', 'varietes', 'echeances', 'doublons']
    """
    if not entries:
        raise InvalidInput("Le planning est vide : ajoutez des publications.")
    checks = [horizon(entries, thresholds.weeks), silences(entries, thresholds.max_gap), cadences(entries)]
    if thresholds.posts_per_week is not None:
        checks.append(team(entries, thresholds.posts_per_week))
    advised = advised_slots(entries, thresholds.in_slots)
    checks += [advised] if advised else []
    checks += [promotion(entries, thresholds.promotional), variety(entries, thresholds.types)]
    checks.append(deadlines(entries, thresholds.lead_days))
    if events:
        checks.append(covered_events(entries, events, thresholds.around_event))
    return [*checks, duplicates(entries)]


def span_weeks(entries: Sequence[Entry]) -> int:
    """Return the number of calendar weeks, Monday to Sunday, from the first publication to the last.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> span_weeks([Entry("A", ("x",), date(2026, 3, 1)), Entry("B", ("x",), date(2026, 3, 2))])
    2
    """
    if not entries:
        raise InvalidInput("Le planning est vide : ajoutez des publications.")
    days = [entry.day for entry in entries]
    return (_monday(max(days)) - _monday(min(days))).days // 7 + 1


def horizon(entries: Sequence[Entry], weeks: int) -> Check:
    """Check that the planning is long enough, in calendar weeks.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> horizon([Entry("A", ("x",), date(2026, 3, 1))], weeks=1).kept
    True
    """
    covered = span_weeks(entries)
    told = f"Le planning couvre {covered} {plural(covered, 'semaine')}"
    return _check("horizon", covered >= weeks, f"{told}.", f"{told} : prolongez-le jusqu’à {weeks}.")


def silences(entries: Sequence[Entry], max_gap: int) -> Check:
    """Check that no network stays silent too long, from the first day of the planning to the last.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> silences([Entry("A", ("x",), date(2026, 3, 1)), Entry("B", ("x",), date(2026, 3, 20))], max_gap=10).kept
    False
    """
    first, last = min(entry.day for entry in entries), max(entry.day for entry in entries)
    worst = {}
    for network, lines in by_network(entries).items():
        days = {first, last, *(entry.day for entry in lines)}
        worst[network] = longest_gap(days) if len(days) > 1 else 0
    network = max(worst, key=lambda name: worst[name])
    told = f"le plus long silence est de {worst[network]} {plural(worst[network], 'jour')}, sur {NETWORKS[network]}"
    wrong = f"Trop long silence : {told} ; publiez au moins tous les {max_gap} jours sur chaque réseau retenu."
    return _check("silences", worst[network] <= max_gap, f"Aucun trou : {told}.", wrong)


def cadences(entries: Sequence[Entry]) -> Check:
    """Check that each network gets as many posts a week, on average, as the table ``cadences`` advises.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> cadences([Entry("A", ("linkedin",), date(2026, 3, 1))]).kept
    True
    """
    weeks = span_weeks(entries)
    wrong = []
    for network, lines in by_network(entries).items():
        least, most = cadence(network)
        rate = len(lines) / weeks
        if not least <= rate <= most:
            bounds = f"{write_number(least)} à {write_number(most)}"
            wrong.append(f"{NETWORKS[network]} : {write_number(rate, 1)} par semaine au lieu de {bounds}")
    return _check("cadence", not wrong, "Chaque réseau a sa cadence.", f"Cadence à revoir : {' ; '.join(wrong)}.")


def team(entries: Sequence[Entry], posts_per_week: float) -> Check:
    """Check that no week asks more publications than the team can make.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> team([Entry("A", ("x", "facebook"), date(2026, 3, 1))], posts_per_week=1).kept
    False
    """
    if not entries:
        raise InvalidInput("Le planning est vide : ajoutez des publications.")
    weeks = Counter(_monday(entry.day) for entry in entries for _ in entry.networks)
    busiest, posts = max(weeks.items(), key=lambda week: (week[1], -week[0].toordinal()))
    told = f"La semaine la plus chargée, celle du {write_date(busiest)}, a {posts} {plural(posts, 'publication')}"
    limit = write_number(posts_per_week)
    return _check("equipe", posts <= posts_per_week, f"{told}.", f"{told} : l’équipe peut en faire {limit}, répartissez-les.")


def advised_slots(entries: Sequence[Entry], share: float) -> Check | None:
    """Check the share of publications at an advised time, where a source advises one; None where none does.

    A publication without a time is not at an advised one.

    Examples
    --------
    >>> advised_slots([Entry("A", ("pinterest",), date(2026, 3, 1))], share=0.7) is None
    True
    """
    advised = {network: slots(network) for network in by_network(entries)}
    judged = [
        entry.at is not None and any(slot.holds(entry.moment) for slot in advised[network])
        for entry in entries
        for network in entry.networks
        if advised[network]
    ]
    if not judged:
        return None
    inside = sum(judged) / len(judged)
    told = f"{write_quantity(inside, '%', 0)} des publications sont à un créneau conseillé"
    return _check("creneaux", inside >= share, f"{told}.", f"{told} : visez {write_quantity(share, '%', 0)}.")


def promotion(entries: Sequence[Entry], most: float) -> Check:
    """Check that not too many publications sell.

    Raises
    ------
    InvalidInput
        If the planning is empty.

    Examples
    --------
    >>> promotion([Entry("A", ("x",), date(2026, 3, 1), type="Promotion")], most=0.3).kept
    False
    """
    if not entries:
        raise InvalidInput("Le planning est vide : ajoutez des publications.")
    selling = sum(entry.type.casefold() in PROMOTIONAL for entry in entries) / len(entries)
    told = f"{write_quantity(selling, '%', 0)} de publications promotionnelles"
    return _check("promotion", selling <= most, f"{told}.", f"{told} : restez à {write_quantity(most, '%', 0)} au plus.")


def variety(entries: Sequence[Entry], types: int) -> Check:
    """Check that the planning has enough types of publication.

    Examples
    --------
    >>> variety([Entry("A", ("x",), date(2026, 3, 1), type="article")], types=1).kept
    True
    """
    found = {entry.type.casefold() for entry in entries if entry.type}
    told = f"{len(found)} {plural(len(found), 'type')} de publication"
    return _check("varietes", len(found) >= types, f"{told}.", f"{told} : variez, il en faut au moins {types}.")


def deadlines(entries: Sequence[Entry], lead_days: int) -> Check:
    """Check that each publication has an internal deadline early enough, the text being approved after it is written.

    Examples
    --------
    >>> deadlines([Entry("A", ("x",), date(2026, 3, 5), writing_due=date(2026, 3, 3))], lead_days=2).kept
    True
    """
    wrong = []
    for entry in entries:
        due = [day for day in (entry.writing_due, entry.approval_due) if day is not None]
        ordered = len(due) < 2 or due[0] <= due[1]
        if not due or not ordered or (entry.day - max(due)).days < lead_days:
            wrong.append(entry)
    if not wrong:
        return _check("echeances", True, "Chaque publication a son échéance interne à temps.", "")
    worst = min(wrong, key=lambda entry: entry.moment)
    told = f"{len(wrong)} {plural(len(wrong), 'publication')} sans échéance interne à temps, comme « {worst.title} »"
    return _check("echeances", False, "", f"{told} : faites valider au moins {lead_days} jours avant, après la rédaction.")


def covered_events(entries: Sequence[Entry], events: Mapping[str, date], around: int) -> Check:
    """Check that each event is spoken of before, on the day, and after.

    A publication speaks of an event when its title, objective, keywords or tags hold the event's name, whatever the accents.

    Parameters
    ----------
    entries
        Lines of the planning.
    events
        Days, by name.
    around
        Days before and after in which to speak of it.

    Examples
    --------
    >>> lines = [Entry("Fête du vélo", ("x",), date(2026, 6, day)) for day in (1, 6, 7)]
    >>> covered_events(lines, {"fête du vélo": date(2026, 6, 6)}, around=14).kept
    True
    """
    missing = []
    for name, day in events.items():
        spoken = [(entry.day - day).days for entry in entries if _plain(name) in _plain(_said(entry))]
        for when, kept in (
            ("avant", any(-around <= days < 0 for days in spoken)),
            ("pendant", 0 in spoken),
            ("après", any(0 < days <= around for days in spoken)),
        ):
            if not kept:
                missing.append(f"{name} ({write_date(day)}), {when}")
    well = "Chaque temps fort est préparé, vécu et prolongé."
    return _check("temps forts", not missing, well, f"Temps forts à couvrir : {' ; '.join(missing)}.")


def duplicates(entries: Sequence[Entry]) -> Check:
    """Check that no network gets the same title twice, nor two publications at the same moment.

    Examples
    --------
    >>> duplicates([Entry("A", ("x",), date(2026, 3, 1)), Entry(" a ", ("x",), date(2026, 4, 1))]).kept
    False
    """
    seen: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.moment):
        for network in entry.networks:
            keys = [(network, _plain(entry.title))]
            keys += [(network, entry.moment.isoformat())] if entry.at is not None else []
            for key in keys:
                if key in seen:
                    told = f"« {seen[key].title} » ({write_date(seen[key].day)}) et « {entry.title} » ({write_date(entry.day)})"
                    return _check("doublons", False, "", f"Doublon sur {NETWORKS[network]} : {told} ; changez-en un.")
                seen[key] = entry
    return _check("doublons", True, "Aucun doublon.", "")


def _check(rule: str, kept: bool, well: str, wrong: str) -> Check:
    return Check(rule, kept, typeset(well if kept else wrong))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _said(entry: Entry) -> str:
    return " ".join((entry.title, entry.objective, *entry.keywords, *entry.tags))


def _plain(text: str) -> str:
    """Return a text without accents, capitals, signs nor spaces, to compare names: « #FêteDuVélo » is « fête du vélo »."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum())
