"""What makes a planning hold: horizon, silences, cadence, slots, mix, deadlines, events, duplicates.

The thresholds are pedagogical hypotheses, shown to the student and set by the trainer. Every check raises `InvalidInput` for an
empty planning.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_date, write_number, write_quantity
from cmlib.inputs import number
from cmlib.networks import NETWORKS, cadence, longest_silence, slots
from cmlib.planning import PROMOTIONAL, Entry, by_network, kind, longest_gap, same_title
from cmlib.planning_coverage import Days, Theme, served, spoken_of


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
    per_theme
        Fewest publications on each theme.
    """

    weeks: int = 26
    max_gap: int = 10
    posts_per_week: float | None = None
    in_slots: float = 0.7
    promotional: float = 0.3
    types: int = 4
    lead_days: int = 2
    around_event: int = 14
    per_theme: int = 4

    def __post_init__(self) -> None:
        counts = {"weeks": 1, "max_gap": 1, "types": 1, "lead_days": 0, "around_event": 1, "per_theme": 1}
        for field, least in counts.items():
            limit = int(number(getattr(self, field), f"seuil ({field})", at_least=least, at_most=10_000, whole=True))
            object.__setattr__(self, field, limit)
        for field in ("in_slots", "promotional"):
            object.__setattr__(self, field, number(getattr(self, field), f"seuil ({field})", at_least=0, at_most=1))
        if self.posts_per_week is not None:
            number(self.posts_per_week, "seuil (posts_per_week)", above=0)


DEFAULT = Thresholds()


class Check(NamedTuple):
    """A rule of the planning, whether it is kept, the sentence that says so, and how much of it is kept, a fraction."""

    rule: str
    kept: bool
    sentence: str
    share: float = 0.0


def check_planning(
    entries: Sequence[Entry],
    thresholds: Thresholds = DEFAULT,
    events: Mapping[str, Days] | None = None,
    themes: Sequence[Theme] = (),
) -> list[Check]:
    """Apply every rule to a planning.

    Parameters
    ----------
    entries
        Lines of the planning, in any order.
    thresholds
        Limits.
    events
        The brand's events: the day of each by name, or its first and last days.
    themes
        What the publications are about, for whom and where.

    Returns
    -------
    list of Check
        ``"horizon"``, ``"silences"``, ``"cadence"``, ``"equipe"``, ``"creneaux"``, ``"promotion"``, ``"varietes"``,
        ``"echeances"``, ``"thematiques"``, ``"temps forts"``, ``"doublons"``; a rule that has no object (no theme, no event, no
        advised slot) is left out.

    Examples
    --------
    >>> lines = [Entry("Balade", ("facebook",), date(2026, 3, 12)), Entry("Balade", ("facebook",), date(2026, 4, 2))]
    >>> [check.rule for check in check_planning(lines) if not check.kept]
    ['horizon', 'silences', 'cadence', 'creneaux', 'varietes', 'echeances', 'doublons']
    """
    _refuse_empty(entries)
    checks = [horizon(entries, thresholds.weeks), silences(entries, thresholds.max_gap), cadences(entries)]
    if thresholds.posts_per_week is not None:
        checks.append(team(entries, thresholds.posts_per_week))
    advised = advised_slots(entries, thresholds.in_slots)
    checks += [advised] if advised else []
    checks += [promotion(entries, thresholds.promotional), variety(entries, thresholds.types)]
    checks.append(deadlines(entries, thresholds.lead_days))
    if themes:
        checks.append(served_themes(entries, themes, thresholds.per_theme))
    if events:
        checks.append(covered_events(entries, events, thresholds.around_event))
    return [*checks, duplicates(entries)]


def span_weeks(entries: Sequence[Entry]) -> int:
    """Return the number of calendar weeks, Monday to Sunday, from the first publication to the last.

    Examples
    --------
    >>> span_weeks([Entry("A", ("x",), date(2026, 3, 1)), Entry("B", ("x",), date(2026, 3, 2))])
    2
    """
    _refuse_empty(entries)
    days = [entry.day for entry in entries]
    return (_monday(max(days)) - _monday(min(days))).days // 7 + 1


def horizon(entries: Sequence[Entry], weeks: int) -> Check:
    """Check that the planning is long enough, in calendar weeks.

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

    Where a network is advised less than a post in ``max_gap`` days (a video in four weeks), it is that pace that counts.

    Examples
    --------
    >>> silences([Entry("A", ("x",), date(2026, 3, 1)), Entry("B", ("x",), date(2026, 3, 20))], max_gap=10).kept
    False
    """
    _refuse_empty(entries)
    first, last = min(entry.day for entry in entries), max(entry.day for entry in entries)
    worst = {}
    for network, lines in by_network(entries).items():
        days = {first, last, *(entry.day for entry in lines)}
        worst[network] = longest_gap(days) if len(days) > 1 else 0
    limits = {network: longest_silence(network, max_gap) for network in worst}
    network = max(worst, key=lambda name: worst[name] - limits[name])
    told = f"le plus long silence est de {worst[network]} {plural(worst[network], 'jour')}, sur {NETWORKS[network]}"
    wrong = f"Trop long silence : {told} ; publiez-y au moins tous les {limits[network]} jours."
    return _check("silences", worst[network] <= limits[network], f"Aucun trou : {told}.", wrong)


def cadences(entries: Sequence[Entry]) -> Check:
    """Check that each network gets as many posts a week as the table ``cadences`` advises, all along the planning.

    Two figures must be within the bounds: the average, from the first day of the planning to the last (a week at least), and the
    median week, Monday to Sunday, so that a pile of posts in one week does not buy the others' silence. Where the minimum is
    under one post a week (one video in four weeks), blocks of four weeks are judged instead of weeks. Posts do not split:
    bounds are rounded outwards to whole posts (3,5 a week is three posts one week, four the next). A hypothesis of the project.

    Examples
    --------
    >>> cadences([Entry("A", ("linkedin",), date(2026, 3, 1))]).kept
    True
    """
    weeks, first, last = span_weeks(entries), min(entry.day for entry in entries), max(entry.day for entry in entries)
    length = max(1.0, ((last - first).days + 1) / 7)
    wrong = []
    for network, lines in by_network(entries).items():
        least, most = cadence(network)
        block = 1 if least >= 1 else min(4, weeks)
        posts = Counter((entry.day - _monday(first)).days // 7 // block for entry in lines)
        typical = median(posts[rank] for rank in range(weeks // block))
        total = len(lines)
        if not (
            math.floor(least * length) <= total <= math.ceil(most * length)
            and math.floor(least * block) <= typical <= math.ceil(most * block)
        ):
            rate = total / length
            average = _apart(rate, least if rate < least else most, write_number, 1)[0]
            window = "dans la semaine médiane" if block == 1 else f"sur {block} semaines (médiane)"
            bounds = f"au lieu de {write_number(least)} à {write_number(most)} par semaine"
            wrong.append(f"{NETWORKS[network]} : {average} par semaine en moyenne et {write_number(typical)} {window}, {bounds}")
    well = "Chaque réseau a sa cadence, en moyenne et dans la semaine médiane."
    return _check("cadence", not wrong, well, f"Cadence à revoir : {' ; '.join(wrong)}.")


def team(entries: Sequence[Entry], posts_per_week: float) -> Check:
    """Check that no week asks more publications than the team can make.

    Examples
    --------
    >>> team([Entry("A", ("x", "facebook"), date(2026, 3, 1))], posts_per_week=1).kept
    False
    """
    _refuse_empty(entries)
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
    _refuse_empty(entries)
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
    written, limit = _apart(inside, share, _percent)
    told = "des publications sont à un créneau conseillé"
    return _check("creneaux", inside >= share, f"{_percent(inside, 0)} {told}.", f"{written} {told} : visez {limit}.")


def promotion(entries: Sequence[Entry], most: float) -> Check:
    """Check that not too many publications sell.

    Examples
    --------
    >>> promotion([Entry("A", ("x",), date(2026, 3, 1), type="Promotion")], most=0.3).kept
    False
    """
    _refuse_empty(entries)
    sells = {kind(name) for name in PROMOTIONAL}
    selling = sum(kind(entry.type) in sells or kind(entry.type).split(" ")[0] in sells for entry in entries) / len(entries)
    written, limit = _apart(selling, most, _percent)
    told = "de publications promotionnelles"
    return _check(
        "promotion", selling <= most, f"{_percent(selling, 0)} {told}.", f"{written} {told} : restez à {limit} au plus."
    )


def variety(entries: Sequence[Entry], types: int) -> Check:
    """Check that the planning has enough types of publication, however they are spelt.

    From 20 lines on, a type counts when it comes at least twice: a hypothesis of the project.

    Examples
    --------
    >>> variety([Entry("A", ("x",), date(2026, 3, 1), type="article")], types=1).kept
    True
    """
    _refuse_empty(entries)
    least = 2 if len(entries) >= 20 else 1
    counts = Counter(kind(entry.type) for entry in entries if kind(entry.type))
    found = [name for name, count in counts.items() if count >= least]
    told = f"{len(found)} {plural(len(found), 'type')} de publication"
    told += " (un type compte à partir de deux publications)" if least == 2 else ""
    return _check("varietes", len(found) >= types, f"{told}.", f"{told} : variez, il en faut au moins {types}.")


def deadlines(entries: Sequence[Entry], lead_days: int) -> Check:
    """Check that each publication has an internal deadline early enough, the text being approved after it is written.

    Examples
    --------
    >>> deadlines([Entry("A", ("x",), date(2026, 3, 5), writing_due=date(2026, 3, 3))], lead_days=2).kept
    True
    """
    _refuse_empty(entries)
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


def served_themes(entries: Sequence[Entry], themes: Sequence[Theme], least: int) -> Check:
    """Check that each theme has its publications, for its target and on its networks (see `cmlib.planning_coverage.served`).

    Examples
    --------
    >>> served_themes([Entry("Balade", ("x",), date(2026, 3, 1))], [Theme("La balade du dimanche")], least=1).kept
    False
    """
    _refuse_empty(entries)
    counts = served(entries, themes)
    missing = [f"« {name} » ({count} sur {least})" for name, count in counts.items() if count < least]
    share = 1 - len(missing) / len(counts)
    well = f"Chaque thématique a au moins {least} {plural(least, 'publication')}."
    advice = "citez la thématique dans le titre ou les mots-clés, avec sa cible et l’un de ses réseaux"
    return _check("thematiques", not missing, well, f"Thématiques à servir : {', '.join(missing)} ; {advice}.", share)


def covered_events(entries: Sequence[Entry], events: Mapping[str, Days], around: int) -> Check:
    """Check that each event is spoken of before, during and after (see `cmlib.planning_coverage.spoken_of`).

    Examples
    --------
    >>> lines = [Entry("Fête du vélo", ("x",), date(2026, 6, day)) for day in (1, 6, 7)]
    >>> covered_events(lines, {"fête du vélo": date(2026, 6, 6)}, around=14).kept
    True
    """
    _refuse_empty(entries)
    found = spoken_of(entries, events, around)
    missing = [f"{told} : {', '.join(said.missing)}" for told, said in found.items() if said.missing]
    share = 1 - sum(len(said.missing) for said in found.values()) / (3 * len(found))
    well = "Chaque temps fort est préparé, vécu et prolongé."
    return _check("temps forts", not missing, well, f"Temps forts à couvrir : {' ; '.join(missing)}.", share)


def duplicates(entries: Sequence[Entry]) -> Check:
    """Check that no network gets the same title twice, nor two publications at the same moment.

    Titles are compared without accents, capitals, spaces nor signs other than « + » and « − »; one made of signs is kept as is.

    Examples
    --------
    >>> duplicates([Entry("A", ("x",), date(2026, 3, 1)), Entry(" a ", ("x",), date(2026, 4, 1))]).kept
    False
    """
    _refuse_empty(entries)
    seen: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.moment):
        for network in entry.networks:
            keys = [(network, same_title(entry.title))]
            keys += [(network, entry.moment.isoformat())] if entry.at is not None else []
            for key in keys:
                if key in seen:
                    told = f"« {seen[key].title} » ({write_date(seen[key].day)}) et « {entry.title} » ({write_date(entry.day)})"
                    return _check("doublons", False, "", f"Doublon sur {NETWORKS[network]} : {told} ; changez-en un.")
                seen[key] = entry
    return _check("doublons", True, "Aucun doublon.", "")


def _check(rule: str, kept: bool, well: str, wrong: str, share: float = 0.0) -> Check:
    return Check(rule, kept, typeset(well if kept else wrong), 1.0 if kept else share)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _refuse_empty(entries: Sequence[Any]) -> None:
    if not entries:
        raise InvalidInput("Le planning est vide : ajoutez des publications.")
    stranger = next((line for line in entries if not isinstance(line, Entry)), None)
    if stranger is not None:
        raise InvalidInput(f"« {stranger!r:.40} » n’est pas une ligne de planning : donnez des Entry.")


def _percent(value: float, decimals: int) -> str:
    return write_quantity(value, "%", decimals)


def _apart(value: float, limit: float, write: Callable[[float, int], str], decimals: int = 0) -> tuple[str, str]:
    """Write two numbers with as many decimals as it takes to tell one from the other, and the first one from zero."""
    while decimals < 12 and write(value, decimals) in (write(limit, decimals), write(0, decimals) if value else ""):
        decimals += 1
    return write(value, decimals), write(limit, decimals)
