import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.planning import TYPES, Entry, longest_gap, series
from cmlib.planning_checks import (
    Thresholds,
    advised_slots,
    cadences,
    check_planning,
    covered_events,
    deadlines,
    duplicates,
    horizon,
    promotion,
    silences,
    span_weeks,
    team,
    variety,
)

days = st.lists(st.integers(0, 2000), min_size=2, max_size=60, unique=True).map(
    lambda offsets: [date(2023, 1, 1) + timedelta(days=offset) for offset in offsets]
)


@given(days)
def test_the_longest_gap_is_found_whatever_the_order(dates: list[date]) -> None:
    ordered = sorted(dates)
    assert longest_gap(dates) == max((b - a).days for a, b in pairwise(ordered))


def test_two_posts_on_one_day_make_no_gap() -> None:
    assert longest_gap([date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 4)]) == 3


@pytest.mark.parametrize("dates", [[], [date(2025, 1, 1)], [date(2025, 1, 1), None], ["hier", "demain"]])
def test_too_few_or_missing_dates_are_refused(dates: list[date]) -> None:
    with pytest.raises(InvalidInput):
        longest_gap(dates)


def lines(first: date, count: int, every: int, network: str = "facebook", **more: object) -> list[Entry]:
    """Regular posts, numbered, at noon on their day."""
    fields = {"at": time(15), "type": "article", "approval_due": None} | more
    return [
        Entry(f"Post {network} {n}", (network,), day, writing_due=day - timedelta(days=4), **fields)  # type: ignore[arg-type]
        for n in range(count)
        for day in (first + timedelta(days=every * n),)
    ]


@given(st.integers(1, 9999), st.integers(1, 30))
def test_a_series_counts_on_from_a_title_that_has_its_number(rank: int, count: int) -> None:
    first = Entry(f"Question du mardi (n°\u00a0{rank})", ("instagram",), date(2026, 1, 6))
    found = series(first, until=first.day + timedelta(weeks=count - 1))
    assert [line.title for line in found] == [f"Question du mardi (n°\u00a0{rank + more})" for more in range(count)]
    assert {line.title for line in series(first, until=first.day + timedelta(weeks=count), numbered=False)} == {first.title}


def verdicts(entries: list[Entry], **more: object) -> dict[str, bool]:
    return {check.rule: check.kept for check in check_planning(entries, **more)}  # type: ignore[arg-type]


def test_a_good_planning_keeps_every_rule() -> None:
    entries = [
        replace(line, type=TYPES[n % 6], title=f"{line.title} Fête du vélo" if n % 2 else line.title)
        for n, line in enumerate(lines(date(2026, 1, 3), 26, 7) + lines(date(2026, 1, 4), 26, 7))
    ]
    entries = [replace(line, title=f"{line.title} {line.day}") for line in entries]
    entries += lines(date(2026, 1, 7), 64, 3, at=time(9, 30), type="sondage")
    events = {"fête du vélo": entries[25].day}
    found = check_planning(entries, Thresholds(in_slots=0.5), events)
    assert [check.rule for check in found if not check.kept] == []
    assert all(check.sentence.endswith(".") for check in found)


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        (lines(date(2026, 1, 5), 25, 7), "horizon"),
        (lines(date(2026, 1, 5), 20, 11), "silences"),
        (lines(date(2026, 1, 5), 30, 7) + lines(date(2026, 1, 5), 3, 3, "linkedin"), "silences"),
        (lines(date(2026, 1, 5), 30, 7), "cadence"),
        (lines(date(2026, 1, 5), 30, 1, at=time(4)), "creneaux"),
        (lines(date(2026, 1, 5), 30, 1, at=None), "creneaux"),
        (lines(date(2026, 1, 5), 30, 1, type="Promotion"), "promotion"),
        (lines(date(2026, 1, 5), 30, 1), "varietes"),
        ([replace(line, writing_due=None) for line in lines(date(2026, 1, 5), 30, 1)], "echeances"),
        ([replace(line, approval_due=line.day - timedelta(days=1)) for line in lines(date(2026, 1, 5), 30, 1)], "echeances"),
        ([replace(line, approval_due=line.day - timedelta(days=9)) for line in lines(date(2026, 1, 5), 30, 1)], "echeances"),
        ([replace(line, title="Le même") for line in lines(date(2026, 1, 5), 30, 1)], "doublons"),
    ],
)
def test_each_rule_is_broken_by_its_fault(entries: list[Entry], rule: str) -> None:
    assert verdicts(entries)[rule] is False


def test_the_team_and_the_events_are_checked_when_they_are_known() -> None:
    entries = lines(date(2026, 1, 5), 30, 1)
    assert "equipe" not in verdicts(entries) and "temps forts" not in verdicts(entries)
    assert verdicts(entries, thresholds=Thresholds(posts_per_week=7))["equipe"]
    assert not verdicts(entries, thresholds=Thresholds(posts_per_week=6))["equipe"]
    event = {"Fête du vélo": date(2026, 1, 15)}
    assert not verdicts(entries, events=event)["temps forts"]
    around = [replace(line, tags=("#FêteDuVélo",)) for line in entries if abs((line.day - date(2026, 1, 15)).days) <= 1]
    assert verdicts(entries + around, events=event)["temps forts"]
    without_after = [line for line in around if line.day <= date(2026, 1, 15)]
    (told,) = [check.sentence for check in check_planning(without_after, events=event) if check.rule == "temps forts"]
    assert "après" in told and "avant" not in told
    with pytest.raises(InvalidInput):
        check_planning([])


days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(days_of_2026, st.sampled_from(["x", "facebook"])), min_size=1))
def test_checks_do_not_depend_on_the_order_of_the_lines(drawn: list[tuple[date, str]]) -> None:
    entries = [Entry(f"Post {n}", (network,), day) for n, (day, network) in enumerate(drawn)]
    assert verdicts(entries) == verdicts(entries[::-1])
    mondays = {line.day - timedelta(days=line.day.weekday()) for line in entries}
    assert span_weeks(entries) == (max(mondays) - min(mondays)).days // 7 + 1


@given(days_of_2026, st.integers(0, 200), st.sets(st.integers(0, 6), min_size=1), st.integers(1, 4))
def test_a_series_falls_on_its_days_and_moves_its_deadlines(first: date, length: int, weekdays: set[int], step: int) -> None:
    entry = Entry("Rendez-vous", ("x",), first, writing_due=first - timedelta(days=3))
    until = first + timedelta(days=length)
    monday = first - timedelta(days=first.weekday())
    expected = [
        day
        for offset in range(length + 7)
        for day in (first + timedelta(days=offset),)
        if day <= until and day.weekday() in weekdays and ((day - monday).days // 7) % step == 0
    ]
    if not expected:
        with pytest.raises(InvalidInput, match="aucun"):
            series(entry, until, tuple(weekdays), step)
        return
    found = series(entry, until, tuple(weekdays), step)
    assert [line.day for line in found] == expected
    assert all(line.day - line.writing_due == timedelta(days=3) for line in found if line.writing_due)
    assert len({line.title for line in found}) == len(found)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Entry(" ", ("x",), date(2026, 1, 1)), "titre"),
        (lambda: Entry("A", (), date(2026, 1, 1)), "réseau"),
        (lambda: Entry("A", ("myspace",), date(2026, 1, 1)), "myspace"),
        (lambda: Entry("A", ("x",), "2026-01-01"), "date"),  # type: ignore[arg-type]
        (lambda: Entry("A", ("x",), date(2026, 1, 1), keywords=("a, b",)), "virgule"),
        (lambda: series(Entry("A", ("x",), date(2026, 1, 2)), date(2026, 1, 1)), "finit avant"),
        (lambda: series(Entry("A", ("x",), date(2026, 1, 2)), date(2026, 2, 1), weekdays=(7,)), "weekdays"),
        (lambda: series(Entry("A", ("x",), date(2026, 1, 2)), date(2026, 2, 1), every_weeks=0), "every_weeks"),
        (lambda: span_weeks([]), "vide"),
    ],
)
def test_a_line_that_is_not_one_is_refused(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said):
        call()


FIRST = date(2026, 1, 7)


@pytest.mark.parametrize(
    "more",
    [
        {"title": None},
        {"title": 3},
        {"type": 3},
        {"networks": None},
        {"networks": "x"},
        {"networks": (3,)},
        {"keywords": "velo"},
        {"keywords": ("a; b",)},
        {"at": "9h"},
        {"at": datetime(2026, 1, 1, 9)},
        {"at": time(9, tzinfo=UTC)},
        {"day": datetime(2026, 1, 1)},
        {"day": date(1899, 12, 31)},
        {"day": date(2101, 1, 1)},
        {"writing_due": "2026"},
        {"approval_due": datetime(2026, 1, 1)},
    ],
)
def test_a_field_that_is_not_of_its_kind_is_refused_by_name(more: dict[str, object]) -> None:
    (field,) = more
    with pytest.raises(InvalidInput, match=f"({field})|point-virgule"):
        Entry(**{"title": "A", "networks": ("x",), "day": FIRST} | more)  # type: ignore[arg-type]


def test_seconds_are_cut() -> None:
    assert Entry("A", ("x",), FIRST, time(9, 30, 15, 2)).at == time(9, 30)


@pytest.mark.parametrize(
    "more",
    [
        *({"weeks": 0}, {"weeks": "six"}, {"max_gap": 1.5}, {"in_slots": 70}, {"promotional": -1}, {"lead_days": -1}),
        *({"types": None}, {"posts_per_week": 0}, {"around_event": 0}),
    ],
)
def test_a_threshold_without_meaning_is_refused_by_name(more: dict[str, object]) -> None:
    (field,) = more
    with pytest.raises(InvalidInput, match=field):
        Thresholds(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "check",
    [
        lambda lines: horizon(lines, 2),
        lambda lines: silences(lines, 2),
        cadences,
        lambda lines: team(lines, 2),
        lambda lines: advised_slots(lines, 0.5),
        lambda lines: promotion(lines, 0.5),
        lambda lines: variety(lines, 2),
        lambda lines: deadlines(lines, 2),
        lambda lines: covered_events(lines, {"A": FIRST}, 2),
        duplicates,
    ],
)
@pytest.mark.parametrize("lines", [[], ["Balade"]])
def test_every_check_refuses_what_is_not_a_planning(check, lines: list[Entry]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput):
        check(lines)


@pytest.mark.parametrize("events", [["Noël"], {"🎉": FIRST}, {"": FIRST}, {3: FIRST}, {"Noël": "demain"}, {"Noël": None}])
def test_an_event_without_a_name_or_a_day_is_refused(events: dict[str, date]) -> None:
    with pytest.raises(InvalidInput):
        check_planning([Entry("A", ("x",), FIRST)], events=events)


@pytest.mark.parametrize("kind", ["Promotions", "promo", "PROMO !", "Offre speciale", "Offres spéciales", "offre spe\u0301ciale"])
def test_what_sells_is_told_whatever_its_spelling(kind: str) -> None:
    assert not promotion([Entry("A", ("x",), FIRST, type=kind)], 0.3).kept


def test_a_type_is_counted_once_however_it_is_spelt_and_from_two_lines_on() -> None:
    spellings = ["Vidéo", "video", "vidéos", unicodedata.normalize("NFD", "vidéo")]
    assert not variety([Entry("A", ("x",), FIRST, type=kind) for kind in spellings], 2).kept
    kinds = [*TYPES[:3], *["article"] * 20]
    told = variety([Entry("A", ("x",), FIRST, type=kind) for kind in kinds], 3)
    assert not told.kept and told.sentence.startswith("1 type de publication (un type compte à partir de deux")
    assert variety([Entry("A", ("x",), FIRST, type=kind) for kind in kinds * 2], 3).kept


@pytest.mark.parametrize(
    ("event", "said", "kept"),
    [
        ("vélo", "Un vélogement", False),
        ("vélo", "À vélo !", True),
        ("Fête du vélo", "Vélo du fête", False),
        ("Fête du vélo", "#FêteDuVélo2026", True),
        ("Fête du vélo", "Venez : #feteduvelo", True),
        ("JPO 2026", "#JPO2026", True),
        ("JPO2026", "#JPO2026", True),
        ("Noël", unicodedata.normalize("NFD", "NOËL arrive"), True),
    ],
)
def test_an_event_is_spoken_of_by_its_words(event: str, said: str, kept: bool) -> None:
    lines = [Entry(said, ("x",), FIRST + timedelta(days=shift)) for shift in (-1, 0, 1)]
    assert covered_events(lines, {event: FIRST}, 3).kept is kept
    assert covered_events(lines, {event: datetime(2026, 1, 7, 14)}, 3).kept is kept


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        *(("🎉", "👍", True), ("🎉", "🎉", False), ("Essai +", "Essai -", True), ("Essai −", "essai -", False)),
        *(("???", "!!!", True), ("Avant-première", "avant première", False), ("C", "C++", True)),
    ],
)
def test_titles_made_of_signs_are_told_apart(first: str, second: str, kept: bool) -> None:
    assert duplicates([Entry(first, ("x",), FIRST), Entry(second, ("x",), date(2026, 2, 1))]).kept is kept


def test_a_sentence_never_shows_the_limit_it_says_is_passed() -> None:
    lines = [Entry(f"A{n}", ("x",), FIRST, type="promo" if n < 7 else "") for n in range(23)]
    assert promotion(lines, 0.3).sentence.startswith("30,4\u202f%")
    video = [Entry(f"V{n}", ("youtube",), FIRST + timedelta(days=364 * n)) for n in range(2)]
    assert "0,04 par semaine en moyenne" in cadences(video).sentence


def every(step: int, count: int, network: str = "facebook", start: date = FIRST) -> list[Entry]:
    return [Entry(f"{network} {n}", (network,), start + timedelta(days=step * n)) for n in range(count)]


@pytest.mark.parametrize("start", [date(2026, 1, 5) + timedelta(days=shift) for shift in range(7)])
@pytest.mark.parametrize(
    ("step", "count", "network"), [(1, 182, "facebook"), (2, 91, "facebook"), (2, 95, "facebook"), (7, 26, "linkedin")]
)
def test_a_regular_planning_keeps_its_cadence_whatever_its_first_day(step: int, count: int, network: str, start: date) -> None:
    assert cadences(every(step, count, network, start)).kept
    rare = every(1, 182, start=start) + every(28, 6, "youtube", start + timedelta(days=10))
    assert cadences(rare).kept


def test_a_pile_of_posts_does_not_buy_a_cadence() -> None:
    ends = every(1, 1) + every(1, 1, start=FIRST + timedelta(days=56))
    pile = [Entry(f"Pile {n}", ("facebook",), FIRST, time(9, n)) for n in range(25)]
    told = cadences(ends + pile)
    assert not told.kept and "la semaine médiane" in told.sentence
    assert not cadences(pile[:8]).kept
    videos = [Entry(f"V{n}", ("youtube",), FIRST) for n in range(7)]
    assert not cadences(every(1, 182) + videos).kept


@pytest.mark.parametrize("more", [{"until": "2026"}, {"weekdays": 3}, {"weekdays": "lundi"}, {"numbered": "oui"}])
def test_a_series_of_something_else_is_refused_by_name(more: dict[str, object]) -> None:
    (name,) = more
    with pytest.raises(InvalidInput, match=name):
        series(Entry("A", ("x",), FIRST), **{"until": date(2026, 3, 1)} | more)  # type: ignore[arg-type]
