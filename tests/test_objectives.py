import importlib
from dataclasses import asdict
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib import objectives
from cmlib.errors import InvalidInput
from cmlib.french import UNIT_SPELLINGS
from cmlib.objectives import (
    FAMILIES,
    KPIS,
    RETURNS,
    SERVICES,
    Objective,
    describe,
    engagement_rate,
    expected_kpis,
    family_kpis,
    plan_problems,
    progress,
    share_of_voice,
)

counts = st.integers(0, 10**6)
posts_tables = st.lists(st.tuples(counts, counts, counts, st.integers(1, 10**7)), min_size=1, max_size=30).map(
    lambda rows: pd.DataFrame(rows, columns=["likes", "comments", "shares", "reach"])
)


def test_the_two_aggregates_differ_as_a_weighted_mean_does(  # numpy's weighted mean is the independent check
) -> None:
    posts = pd.DataFrame({"likes": [9, 30, 4], "comments": [1, 0, 2], "shares": [0, 5, 0], "reach": [50, 950, 100]})
    rates = np.array([10 / 50, 35 / 950, 6 / 100])
    assert engagement_rate(posts) == pytest.approx(np.average(rates, weights=posts["reach"]))
    assert engagement_rate(posts, aggregate="mean_of_ratios") == pytest.approx(rates.mean())


@pytest.mark.parametrize("by", ["reach", "followers", "impressions"])
def test_each_denominator_is_its_own(by: str) -> None:
    posts = pd.DataFrame(
        {"likes": [10], "comments": [0], "shares": [0], "reach": [100], "followers": [500], "impressions": [200]}
    )
    assert engagement_rate(posts, by=by) == pytest.approx(10 / posts[by][0])  # type: ignore[arg-type]


@given(posts_tables)
def test_the_rate_lies_between_the_lowest_and_the_highest(posts: pd.DataFrame) -> None:
    rates = posts[["likes", "comments", "shares"]].sum(axis=1) / posts["reach"]
    assert rates.min() - 1e-9 <= engagement_rate(posts) <= rates.max() + 1e-9
    assert rates.min() - 1e-9 <= engagement_rate(posts, aggregate="mean_of_ratios") <= rates.max() + 1e-9


@given(posts_tables, st.integers(2, 50))
def test_repeating_the_posts_changes_nothing(posts: pd.DataFrame, times: int) -> None:
    repeated = pd.concat([posts] * times, ignore_index=True)
    assert engagement_rate(repeated) == pytest.approx(engagement_rate(posts))


def test_a_post_with_a_missing_value_is_left_out_of_both_sides() -> None:
    posts = pd.DataFrame({"likes": [10, 99], "comments": [0, 0], "shares": [0, 0], "reach": [100, None]})
    assert engagement_rate(posts) == pytest.approx(0.1)


def test_a_post_that_nobody_saw_has_no_rate() -> None:
    posts = pd.DataFrame({"likes": [10, 0], "comments": [0, 0], "shares": [0, 0], "reach": [100, 0]})
    assert engagement_rate(posts, aggregate="mean_of_ratios") == pytest.approx(0.1)


@pytest.mark.parametrize(
    "change",
    [
        {"likes": [-1]},
        {"reach": [0]},
        {"reach": [np.nan]},
        {"reach": [np.inf]},
        {"likes": ["douze"]},
    ],
)
def test_degenerate_tables_are_refused_by_name(change: dict[str, list[object]]) -> None:
    posts = pd.DataFrame({"likes": [1], "comments": [0], "shares": [0], "reach": [10], **change})
    with pytest.raises(InvalidInput):
        engagement_rate(posts)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InvalidInput, match="shares"):
        engagement_rate(pd.DataFrame({"likes": [1], "comments": [1], "reach": [10]}))


def test_unknown_denominator_and_aggregate_are_refused() -> None:
    posts = pd.DataFrame({"likes": [1], "comments": [0], "shares": [0], "reach": [10]})
    with pytest.raises(InvalidInput, match="clicks"):
        engagement_rate(posts, by="clicks")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="median"):
        engagement_rate(posts, aggregate="median")  # type: ignore[arg-type]


def test_share_of_voice_of_all_parts_adds_up_to_one() -> None:
    mentions = [120, 300, 80]
    shares = [share_of_voice(own, [other for other in mentions if other != own]) for own in mentions]
    assert sum(shares) == pytest.approx(1)


def test_share_of_voice_adds_months() -> None:
    assert share_of_voice(pd.Series([10, 20]), [[30, 40]]) == pytest.approx(0.3)


@pytest.mark.parametrize(("brand", "others"), [(0, [0]), (-1, [3]), (np.nan, [3]), (1, [np.inf]), ("x", [1])])
def test_share_of_voice_refuses_what_has_no_meaning(brand: object, others: list[float]) -> None:
    with pytest.raises(InvalidInput):
        share_of_voice(brand, others)  # type: ignore[arg-type]


amounts = st.floats(0, 1e9)
DIVISIONS = {
    "cpc": ("cost", "clicks"),
    "cpl": ("cost", "leads"),
    "cac": ("cost", "customers"),
    "cost_per_follower": ("cost", "new_followers"),
    "roas": ("revenue", "cost"),
    "ctr": ("clicks", "impressions"),
    "conversion_rate": ("conversions", "visits"),
    "virality_rate": ("shares", "impressions"),
    "reputation_ratio": ("positive", "negative"),
}


@pytest.mark.parametrize("name", DIVISIONS)
@given(amounts, st.floats(0.01, 1e9))
def test_costs_and_rates_are_their_divisions(name: str, above: float, below: float) -> None:
    formula = getattr(objectives, name)
    assert formula(above, below) == pytest.approx(above / below)
    assert formula([above, 0], below) == pytest.approx([above / below, 0])


@pytest.mark.parametrize("name", [*DIVISIONS, "cpm", "net_roi", "part"])
def test_nothing_to_divide_by_is_refused_by_name(name: str) -> None:
    for nothing in (0, [4, 0]):
        with pytest.raises(InvalidInput, match="n’existe pas"):
            getattr(objectives, name)(3, nothing)
    for wrong in (-1, float("nan"), "3", None):
        with pytest.raises(InvalidInput):
            getattr(objectives, name)(wrong, 3)


@given(amounts, st.floats(0.01, 1e9))
def test_both_rois_are_named_and_differ_by_one(revenue: float, cost: float) -> None:
    assert objectives.net_roi(revenue, cost) == pytest.approx(objectives.roas(revenue, cost) - 1)


def test_the_course_example_of_roi() -> None:
    assert objectives.roas(15, 1) == 15 and objectives.net_roi(15, 1) == 14


def test_published_orders_of_magnitude() -> None:
    """WordStream 2024, lead campaigns: CTR 2.53 %, CPC 1.88 $, conversion 8.78 %: a lead costs 1.88 / 8.78 % = 21.4 $."""
    clicks = 0.0253 * 100_000
    assert objectives.ctr(clicks, 100_000) == pytest.approx(0.0253)
    assert objectives.cpl(clicks * 1.88, clicks * 0.0878) == pytest.approx(21.98, rel=0.03)
    assert objectives.cpm(clicks * 1.88, 100_000) == pytest.approx(47.56, abs=0.01)


def test_growth_tone_and_parts() -> None:
    assert objectives.growth_rate(200, 150) == pytest.approx(-0.25)
    assert objectives.positive_share([3, 0], [1, 2]) == pytest.approx([0.75, 0])
    assert objectives.part(2, 8) == 0.25
    for call in (
        lambda: objectives.part(9, 8),
        lambda: objectives.positive_share(0, 0),
        lambda: objectives.growth_rate(0, 5),
        lambda: objectives.ctr([1, 2], [1, 2, 3]),
    ):
        with pytest.raises(InvalidInput):
            call()


@pytest.mark.parametrize("name", KPIS)
def test_every_indicator_is_whole(name: str) -> None:
    indicator = KPIS[name]
    assert indicator.family in FAMILIES and indicator.unit in UNIT_SPELLINGS and indicator.better in ("up", "down")
    for field in ("name", "english", "formula", "definition", "source"):
        assert getattr(indicator, field).strip(), field
    assert indicator.definition.endswith((".", ")."))
    assert bool(indicator.denominator) == (indicator.formula not in ("total de la période", KPIS["followers"].formula))
    if indicator.function:
        module, function = indicator.function.split(".")
        assert callable(getattr(importlib.import_module(f"cmlib.{module}"), function))
    assert not any(" :" in text or " ;" in text or " %" in text for text in asdict(indicator).values() if isinstance(text, str))


def test_a_rate_never_appears_without_its_denominator() -> None:
    assert all(indicator.denominator for indicator in KPIS.values() if indicator.unit == "%")
    names = [indicator.name for indicator in KPIS.values()]
    assert len(set(names)) == len(names)


def test_families_services_and_returns_only_name_indicators_that_exist() -> None:
    assert {name for family in FAMILIES for name in family_kpis(family)} == set(KPIS)
    assert all(len(family_kpis(family)) >= 5 for family in FAMILIES)
    named = [name for service in SERVICES.values() for name in service.kpis]
    named += [name for way in RETURNS.values() for name in way.kpis]
    assert set(named) <= set(KPIS) and list(RETURNS) == ["roi", "roo", "roe"]
    assert "press_mentions" in expected_kpis("presse")
    for call in (lambda: expected_kpis("independant"), lambda: expected_kpis("rh"), lambda: family_kpis("rh")):
        with pytest.raises(InvalidInput):
            call()


END = date(2026, 12, 31)


def goal(**change: object) -> Objective:
    return Objective(**({"kpi": "aided_awareness", "baseline": 0.4, "target": 0.5, "deadline": END, "rank": 1} | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kpi": "likes per second"}, "catalogue"),
        ({"target": 0.4}, "strictement supérieure"),
        ({"target": 0.3}, "strictement supérieure"),
        ({"target": 1.2}, "au plus égal à 1"),
        ({"baseline": -0.1}, "au moins égal à 0"),
        ({"baseline": float("nan")}, "manque"),
        ({"kpi": "cpl", "baseline": 10, "target": 12}, "strictement inférieure"),
        ({"deadline": "2026-12-31"}, "date"),
        ({"deadline": datetime(2026, 12, 31)}, "date"),
        ({"deadline": None}, "date"),
        ({"rank": 0}, "au moins égal à 1"),
        ({"rank": 1.5}, "entier"),
    ],
)
def test_an_objective_that_is_not_one_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        goal(**change)


def test_an_objective_reads_as_a_sentence_and_is_followed() -> None:
    assert describe(goal()) == (
        "Priorité 1\u00a0: Notoriété assistée, de 40\u202f% à 50\u202f% au plus tard le 31 décembre 2026."
    )
    assert "de 12,00\u00a0€ à 9,50\u00a0€" in describe(goal(kpi="cpl", baseline=12, target=9.5))
    assert "de 3 à 4" in describe(goal(kpi="roas", baseline=3, target=4))
    assert [progress(goal(), value) for value in (0.4, 0.45, 0.5, 0.35)] == pytest.approx([0, 0.5, 1, -0.5])
    with pytest.raises(InvalidInput):
        progress(goal(), 1.5)


def test_a_plan_says_what_is_wrong_in_it() -> None:
    start = date(2026, 1, 1)
    assert plan_problems([goal(), goal(kpi="ctr", baseline=0.01, target=0.02, rank=2)], start, END) == []
    problems = plan_problems([goal(), goal(), goal(kpi="nps", deadline=date(2027, 1, 1), rank=3)], start, END)
    assert [("hors du plan" in text, "de 1 à 3" in text, "deux objectifs" in text) for text in problems] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
