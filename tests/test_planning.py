from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.planning import TYPES, Entry, longest_gap, series
from cmlib.planning_checks import Thresholds, check_planning, span_weeks

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
