"""Waves of criticism: dates found against those of simulated timelines, tables against pandas, rules one by one."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cmlib import reputation, responses
from cmlib.errors import InvalidInput
from cmlib.reputation import Crisis, daily_sentiment, detect_crisis
from cmlib.responses import Reply, response_problems
from tests.conftest import SOAK


class Timeline(NamedTuple):
    """Mentions of a brand, and the crisis that was put in them (None: no crisis)."""

    mentions: pd.DataFrame
    start: date | None
    last: date | None
    clear: bool


def table_of(
    counts: dict[str, NDArray[Any]], first: str = "2025-01-01", random: np.random.Generator | None = None
) -> pd.DataFrame:
    """One row a mention, at any time of its day, in any order."""
    random = random or np.random.default_rng(0)
    days = pd.date_range(first, periods=len(next(iter(counts.values()))), freq="D")
    parts = [
        pd.DataFrame({"published_at": np.repeat(days.to_numpy(), number), "sentiment": sentiment})
        for sentiment, number in counts.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    table["published_at"] += pd.to_timedelta(random.integers(0, 86_400, len(table)), unit="s")
    table["network"], table["text"] = "Instagram", "Un avis."
    return table.iloc[random.permutation(len(table))].reset_index(drop=True)


def timeline(random: np.random.Generator) -> Timeline:
    """A brand's months of mentions: weekly rhythm, drift, overdispersion, campaigns, blips, and a crisis three times in five."""
    size = int(random.integers(90, 366))
    base = float(np.exp(random.uniform(np.log(0.5), np.log(20))))
    rhythm = 1 + random.uniform(-0.4, 0.4, 7)
    first = pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(random.integers(0, 400)))
    weekday = (first.day_of_week + np.arange(size)) % 7
    ordinary = base * (rhythm / rhythm.mean())[weekday] * np.linspace(1, random.uniform(0.75, 1.35), size)
    extra = np.zeros(size)
    start = last = None
    busy = np.zeros(size, dtype=bool)
    clear = False
    if random.random() < 0.6:
        start = int(random.integers(15, size - 4))
        ramp, plateau = int(random.integers(1, 5)), int(random.integers(0, 4))
        half_life = random.uniform(1, 5)
        factor = np.exp(random.uniform(np.log(3), np.log(40)))
        top = factor * (base + 1) - base  # above the ordinary
        shape = np.concatenate(
            [
                np.arange(1, ramp + 1) / ramp,
                np.ones(plateau),
                0.5 ** (np.arange(1, 60) / half_life),
            ]
        )
        wave = (top * shape)[: size - start]
        lasts = int(np.flatnonzero(wave >= base / 2 + 0.5)[-1])
        extra[start : start + len(wave)] = wave
        last = start + lasts
        busy[max(0, start - 4) : last + 5] = True
        clear = (ordinary + extra).max() >= 6 * base + 6
    for _ in range(int(random.integers(0, 4))):
        day = int(random.integers(0, size))
        if not busy[day]:
            extra[day] += random.uniform(3, 10) * (base + 1)
            busy[max(0, day - 4) : day + 5] = True
    shape_parameter = random.uniform(3, 30)

    def draw(mean: NDArray[Any]) -> NDArray[Any]:
        return random.poisson(mean * random.gamma(shape_parameter, 1 / shape_parameter, size))  # a negative binomial

    cheer = ordinary * random.uniform(1, 4)
    for _ in range(int(random.integers(0, 5))):
        day = int(random.integers(0, size))
        cheer[day : day + int(random.integers(1, 4))] *= random.uniform(3, 15)
    counts = {"negative": draw(ordinary + extra), "positive": draw(cheer), "neutral": draw(ordinary * 2 + 0.3 * extra)}
    counts["neutral"][[0, -1]] += 1  # the table spans the whole period
    dates = [None if place is None else (first + pd.Timedelta(days=place)).date() for place in (start, last)]
    return Timeline(table_of(counts, str(first.date()), random), *dates, clear)


class Score(NamedTuple):
    """How a detector fares: crises announced that are true, clear crises found, quiet timelines left quiet, delays in days."""

    precision: float
    recall: float
    quiet: float
    delays: NDArray[Any]


def score(seed: int, number: int) -> Score:
    random = np.random.default_rng(seed)
    announced, clear, quiet, delays = [], [], [], []
    for _ in range(number):
        mentions, start, last, is_clear = timeline(random)
        crisis = detect_crisis(mentions)
        day = timedelta(days=1)
        true = crisis is not None and start is not None and last is not None and start - day <= crisis.peak <= last + day
        if crisis is not None:
            announced.append(true)
        if start is None:
            quiet.append(crisis is None)
        if is_clear:
            clear.append(true)
        if is_clear and true:
            delays.append((crisis.start - start).days)
    return Score(float(np.mean(announced)), float(np.mean(clear)), float(np.mean(quiet)), np.array(delays))


def test_crises_are_found_when_they_start(capsys: pytest.CaptureFixture[str]) -> None:
    """The detector was tuned on other seeds; a crisis is clear when its peak is worth 6 ordinary days, and 6 mentions more."""
    number = 2000 if SOAK else 200
    precision, recall, quiet, delays = score(20250301, number)
    middle, late = np.median(np.abs(delays)), np.percentile(np.abs(delays), 95)
    with capsys.disabled():
        print(
            f"\n{number} timelines, {len(delays)} clear crises found: precision {precision:.3f}, recall {recall:.3f}, "
            f"quiet left quiet {quiet:.3f}, start |delay| median {middle:.0f} d, p95 {late:.0f} d"
        )
    assert precision >= 0.95
    assert recall >= 0.95
    assert quiet >= 0.95
    assert middle <= 1


WAVE = [9, 30, 22, 12, 8]


def negatives(counts: list[int], first: str = "2025-01-01") -> pd.DataFrame:
    """Only negative mentions, and a neutral one a day so that no day is lost."""
    return table_of({"negative": np.array(counts), "neutral": np.ones(len(counts), dtype=int)}, first)


def test_a_wave_has_its_dates() -> None:
    crisis = detect_crisis(negatives([2] * 40 + WAVE + [2] * 15))
    assert crisis == Crisis(date(2025, 2, 10), date(2025, 2, 11), date(2025, 2, 14), crisis.baseline, 30)  # type: ignore[union-attr]
    assert crisis.baseline == pytest.approx(2)
    assert type(crisis.start) is date and type(crisis.worst) is int


@pytest.mark.parametrize(("after", "ended"), [(0, False), (1, False), (2, True)])
def test_a_crisis_ends_with_two_ordinary_days(after: int, ended: bool) -> None:
    crisis = detect_crisis(negatives([2] * 60 + WAVE + [2] * after))
    assert crisis is not None and crisis.start == date(2025, 3, 2)
    assert crisis.end == (date(2025, 3, 6) if ended else None)


def test_one_ordinary_day_does_not_cut_a_wave_and_two_do() -> None:
    one = detect_crisis(negatives([2] * 40 + [9, 30, 2, 22, 12] + [2] * 15))
    two = detect_crisis(negatives([2] * 40 + [9, 30, 2, 2, 22, 12] + [2] * 15))
    assert one is not None and one.end == date(2025, 2, 14)
    assert two is not None and two.end == date(2025, 2, 11)


def test_the_larger_of_two_waves_is_the_crisis() -> None:
    counts = [2] * 30 + [10, 12, 9] + [2] * 30 + WAVE + [2] * 30
    crisis = detect_crisis(negatives(counts))
    assert crisis is not None and crisis.start == date(2025, 3, 5)


@pytest.mark.parametrize(
    "counts",
    [
        [2] * 40 + [60] + [2] * 20,  # one day is an incident
        [0] * 60,
        [1] * 60,
        [5] * 60,
        [0] * 30 + [1, 1] + [0] * 30,
        [0] * 30 + [4, 4, 4] + [0] * 30,  # too few mentions for a crisis
        [0] * 28 + [1, 5] + [0] * 14,  # a mention a day is ordinary for any brand
        [0] * 28 + [2, 5, 2] + [0] * 14,
        [8, 8, 8, 8, 8, 1, 1] * 10,  # the week's rhythm
        [0, 0, 0, 0, 0, 9, 9] * 10,  # people complain on weekends
    ],
)
def test_what_is_no_crisis(counts: list[int]) -> None:
    assert detect_crisis(negatives(counts)) is None


def test_a_brand_nobody_ever_blamed_may_meet_a_crisis() -> None:
    crisis = detect_crisis(negatives([0] * 50 + [20, 20] + [0] * 20))
    assert crisis == Crisis(date(2025, 2, 20), date(2025, 2, 20), date(2025, 2, 21), 0.0, 20)


def test_a_campaign_that_pleases_is_no_crisis() -> None:
    cheer = np.full(60, 5)
    cheer[30:34] = 400
    assert detect_crisis(table_of({"positive": cheer, "negative": np.full(60, 2), "neutral": cheer})) is None


def test_a_brand_with_negative_mentions_only() -> None:
    table = table_of({"negative": np.array([2] * 40 + WAVE + [2] * 15)})
    crisis = detect_crisis(table)
    assert crisis is not None and crisis.worst == 30
    assert reputation.tone_around(table, crisis) == reputation.reputation_around(table, crisis) == (0, 0, 0)


def test_a_month_long_crisis_in_a_year_does_not_hide_itself() -> None:
    random = np.random.default_rng(8)
    counts = random.poisson(4, 365)
    counts[200:240] += random.poisson(40, 40)
    crisis = detect_crisis(negatives(counts.tolist()))
    assert crisis is not None and crisis.baseline == pytest.approx(4, rel=0.15)
    assert (crisis.start, crisis.end) == (date(2025, 7, 20), date(2025, 8, 28))


def test_thresholds_are_the_readers_choice() -> None:
    incident = negatives([2] * 40 + [60] + [2] * 20)
    assert detect_crisis(incident, at_least_days=1) is not None
    wave = negatives([2] * 40 + WAVE + [2] * 15)
    assert detect_crisis(wave, smallest_peak=31) is None
    assert detect_crisis(negatives([0] * 28 + [1, 5] + [0] * 14), always_ordinary=0) is not None
    assert detect_crisis(wave, always_ordinary=30) is None
    assert detect_crisis(wave, at_least_times=20) is None
    assert detect_crisis(negatives(np.random.default_rng(1).poisson(3, 200).tolist()), z=40) is None


tables = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 86_399), st.sampled_from(list(reputation.SENTIMENTS))), min_size=1, max_size=80
)


def from_rows(rows: list[tuple[int, int, str]]) -> pd.DataFrame:
    days, seconds, tones = zip(*rows, strict=True)
    moments = pd.Timestamp("2024-02-10") + pd.to_timedelta(list(days), unit="D") + pd.to_timedelta(list(seconds), unit="s")
    return pd.DataFrame({"published_at": moments, "sentiment": tones})


@given(tables, st.randoms(use_true_random=False))
def test_the_table_by_day_is_that_of_pandas(rows: list[tuple[int, int, str]], random: Any) -> None:
    mentions = from_rows(rows)
    table = daily_sentiment(mentions)
    assert table.columns.tolist() == ["positive", "neutral", "negative", "total", "tone"]
    assert table["total"].sum() == len(rows)
    for tone in reputation.SENTIMENTS:
        expected = (mentions["sentiment"] == tone).set_axis(mentions["published_at"]).sort_index().resample("D").sum()
        assert table[tone].tolist() == expected.tolist() and list(table.index) == list(expected.index)
    sides = mentions[mentions["sentiment"] != "neutral"]
    means = (sides["sentiment"] == "positive").groupby(sides["published_at"].dt.date).mean()
    shown = table["tone"].dropna()
    assert [day.date() for day in shown.index] == list(means.index)
    assert shown.tolist() == pytest.approx(means.tolist())
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(daily_sentiment(from_rows(shuffled)), table)


days_of_a_brand = st.tuples(
    st.lists(st.integers(0, 6), min_size=28, max_size=70), st.integers(0, 60), st.lists(st.integers(0, 40), max_size=6)
)


@given(days_of_a_brand, st.integers(0, 2**32 - 1))
def test_dates_do_not_depend_on_the_order_nor_on_the_scale(brand: tuple[list[int], int, list[int]], seed: int) -> None:
    counts, place, wave = brand
    mentions = negatives(counts[:place] + wave + counts[place:])
    crisis = detect_crisis(mentions)
    assert detect_crisis(mentions.sample(frac=1, random_state=seed)) == crisis
    doubled = pd.concat([mentions, mentions])  # its row labels appear twice
    twice = detect_crisis(doubled, smallest_peak=10, always_ordinary=4)  # the two thresholds that are numbers of mentions
    assert (twice is None) == (crisis is None)
    if crisis is not None and twice is not None:
        assert twice[:3] == crisis[:3] and twice[3:] == (pytest.approx(2 * crisis.baseline), 2 * crisis.worst)


@given(tables, st.integers(0, 40), st.integers(0, 40))
def test_measures_around_a_crisis_are_those_of_pandas(rows: list[tuple[int, int, str]], one: int, other: int) -> None:
    mentions = from_rows([*rows, (0, 0, "neutral"), (40, 0, "neutral")])
    first = pd.Timestamp("2024-02-10")
    start, end = (first + pd.Timedelta(days=day) for day in sorted((one, other)))
    crisis = Crisis(start.date(), start.date(), end.date(), 1, 1)
    day = mentions["published_at"].dt.floor("D")
    tones, ratios = reputation.tone_around(mentions, crisis), reputation.reputation_around(mentions, crisis)
    for place, period in enumerate((day < start, (day >= start) & (day <= end), day > end)):
        good, bad = ((mentions.loc[period, "sentiment"] == tone).sum() for tone in ("positive", "negative"))
        assert tones[place] == (pytest.approx(good / (good + bad)) if good + bad else None)
        assert ratios[place] == (pytest.approx(good / bad) if bad else None)


def test_nothing_comes_after_a_crisis_still_going_on() -> None:
    mentions = negatives([2] * 40 + WAVE)
    crisis = detect_crisis(mentions)
    assert crisis is not None and crisis.end is None
    assert reputation.tone_around(mentions, crisis) == (0, 0, None)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_dates_of_any_precision_and_tones_of_any_kind(unit: str) -> None:
    mentions = negatives([2] * 40 + WAVE + [2] * 15)
    other = mentions.assign(
        published_at=mentions["published_at"].astype(f"datetime64[{unit}]"), sentiment=mentions["sentiment"].astype("category")
    )
    assert detect_crisis(other) == detect_crisis(mentions)


GOOD = negatives([1] * 30)
CRISIS = Crisis(date(2025, 1, 5), date(2025, 1, 6), date(2025, 1, 7), 1.0, 9)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: daily_sentiment(GOOD[:0]), "est vide"),
        (lambda: daily_sentiment(GOOD.drop(columns="published_at")), "colonne published_at"),
        (lambda: daily_sentiment(GOOD.drop(columns="sentiment")), "colonne sentiment"),
        (lambda: daily_sentiment(pd.concat([GOOD, GOOD], axis=1)), "une seule"),
        (lambda: daily_sentiment(None), "colonne published_at"),  # type: ignore[arg-type]
        (
            lambda: daily_sentiment(GOOD.assign(published_at=GOOD["published_at"].where(GOOD.index != 3))),
            "ligne 4 n’a pas de date",
        ),
        (lambda: daily_sentiment(GOOD.assign(published_at=GOOD["published_at"].astype(str))), "pd.to_datetime"),
        (lambda: daily_sentiment(GOOD.assign(published_at=GOOD["published_at"].dt.tz_localize("UTC"))), "fuseau"),
        (lambda: daily_sentiment(GOOD.assign(sentiment="furieux")), "« furieux » est inconnue"),
        (lambda: daily_sentiment(GOOD.assign(sentiment=3)), "« 3 » est inconnue"),
        (lambda: daily_sentiment(GOOD.assign(sentiment=None)), "ligne 1 n’a pas de tonalité"),
        (lambda: detect_crisis(negatives([3])), "1 ; il en faut 28"),
        (lambda: detect_crisis(negatives([3] * 27)), "27 ; il en faut 28"),
        (lambda: detect_crisis(GOOD, z=0), "seuil en écarts types (z)"),
        (lambda: detect_crisis(GOOD, at_least_times=0.5), "at_least_times"),
        (lambda: detect_crisis(GOOD, at_least_days=1.5), "at_least_days"),  # type: ignore[arg-type]
        (lambda: detect_crisis(GOOD, smallest_peak=0), "smallest_peak"),
        (lambda: detect_crisis(GOOD, always_ordinary=-1), "always_ordinary"),
        (lambda: reputation.tone_around(GOOD, None), "pas de crise"),  # type: ignore[arg-type]
        (lambda: reputation.tone_around(GOOD, CRISIS._replace(start=None)), "pas de crise"),
        (lambda: reputation.tone_around(GOOD, CRISIS._replace(start=date(2025, 1, 8))), "se contredisent"),
        (lambda: reputation.reputation_around(GOOD, CRISIS._replace(start=date(2026, 1, 1), end=None)), "se contredisent"),
        (lambda: reputation.reputation_around(GOOD, CRISIS._replace(start=date(2020, 1, 1), end=date(2020, 1, 2))), "sortent"),
        (lambda: response_problems(None), "doit être une Reply"),  # type: ignore[arg-type]
        (lambda: response_problems(EXEMPLARY, answer_within=timedelta(0)), "trop tôt et trop tard"),
        (lambda: response_problems(EXEMPLARY, acknowledge_within=-timedelta(1)), "acknowledge_within"),
        (lambda: replace(EXEMPLARY, acknowledged_after=-timedelta(1)), "durée"),
        (lambda: replace(EXEMPLARY, answered_after=3), "durée"),
        (lambda: replace(EXEMPLARY, acknowledged_after=timedelta(30)), "suit la réponse"),
        (lambda: replace(EXEMPLARY, deleted_messages=-1), "deleted_messages"),
        (lambda: replace(EXEMPLARY, deleted_messages=1.5), "deleted_messages"),
        (lambda: replace(EXEMPLARY, deleted_messages=2, deleted_illegal=3), "deleted_illegal"),
        (lambda: replace(EXEMPLARY, apologises="oui"), "apologises"),
    ],
)
def test_refusals_say_what_to_correct(call: Any, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        call()
    message = refusal.value.args[0]
    assert said in message and message.endswith(".") and "'" not in message


HOUR = timedelta(hours=1)
EXEMPLARY = Reply(
    acknowledged_after=3 * HOUR,
    answered_after=24 * HOUR,
    same_platform=True,
    deleted_messages=2,
    deleted_illegal=2,
    apologises=True,
    announces_action=True,
    legal_risk=True,
    lawyer_consulted=True,
)


def test_an_exemplary_reply_breaks_no_rule() -> None:
    assert response_problems(EXEMPLARY) == []
    assert response_problems(replace(EXEMPLARY, legal_risk=False, lawyer_consulted=False)) == []
    assert response_problems(replace(EXEMPLARY, acknowledged_after=None, answered_after=6 * HOUR)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"acknowledged_after": 13 * HOUR}, "après plus de 12 h"),
        ({"acknowledged_after": None}, "après plus de 12 h"),
        ({"answered_after": None}, "Aucune réponse de fond"),
        ({"acknowledged_after": HOUR, "answered_after": HOUR}, "en moins de 2 h"),
        ({"answered_after": 73 * HOUR}, "après plus de 72 h"),
        ({"same_platform": False}, "même plateforme"),
        ({"deleted_messages": 3}, "1 critique licite supprimée :"),
        ({"deleted_messages": 5}, "3 critiques licites supprimées :"),
        ({"apologises": False}, "ne s’excuse pas"),
        ({"announces_action": False}, "aucune action"),
        ({"lawyer_consulted": False}, "avocat"),
    ],
)
def test_each_rule_broken_is_named_alone(change: dict[str, Any], said: str) -> None:
    (problem,) = response_problems(replace(EXEMPLARY, **change))
    assert said in problem


def test_the_worst_reply_breaks_every_rule_it_can() -> None:
    silent = Reply(None, None, False, 4, 0, False, False, True, False)
    assert len(response_problems(silent)) == 7
    hot = replace(silent, answered_after=timedelta(minutes=5))
    assert len(response_problems(hot)) == 6


def test_the_delays_are_the_readers_choice() -> None:
    assert response_problems(EXEMPLARY, acknowledge_within=2 * HOUR) != []
    assert response_problems(EXEMPLARY, answer_not_before=30 * HOUR) != []
    assert response_problems(EXEMPLARY, answer_within=20 * HOUR) != []


def test_principles_are_ten_sentences_with_their_reasons_and_sources() -> None:
    principles = [*responses.RESPONSE_PRINCIPLES, *responses.EXCEPTIONS]
    assert len(responses.RESPONSE_PRINCIPLES) == 10 and len({principle.text for principle in principles}) == 12
    for principle in principles:
        assert principle.text.endswith(".") and principle.why.endswith(".") and principle.source
        assert "'" not in "".join(principle)


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, cmlib.reputation, cmlib.responses; print(sorted(set(sys.modules) & {'pandas', 'scipy', 'matplotlib'}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
