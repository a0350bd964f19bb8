"""The simulator: against the same model written as a plain loop, and the properties a trainer would be asked about."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib.campaign import CHUNK, LEVELS, MEASURES, continue_from, simulate
from cmlib.debrief import compare, counterfactuals, debrief, nothing_decided
from cmlib.errors import InvalidInput
from cmlib.references import load
from cmlib.scenario import Scenario
from tests.plain_campaign import campaign

NETWORKS = ["facebook", "instagram", "tiktok", "linkedin"]
FAMILIES = {
    "brand": {
        "name": "Vélambule",
        "followers": {"facebook": 9_000, "instagram": 7_000},
        "awareness": 0.12,
        "visits": 900,
        "basket": 1_900,
    },
    "targets": [{"name": "familles", "people": 60_000, "usage": {"facebook": 0.7, "instagram": 0.6, "tiktok": 0.3}}],
    "goal": {"kpi": "awareness", "target": 0.2},
    "budget": 12_000,
    "paid": [{"network": "facebook", "spend": 300}, {"network": "tiktok", "spend": 150}],
    "owned": [
        {"network": "instagram", "posts": 3, "format": "video", "slot": "jeudi 13:00"},
        {"network": "facebook", "posts": 2},
    ],
    "articles": 0.5,
    "earned": {"relays": 0.25},
}


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    weeks = draw(st.integers(1, 16))
    amounts = st.floats(0, 2_000) | st.lists(st.floats(0, 2_000), min_size=weeks, max_size=weeks)
    few = st.floats(0, 12) | st.lists(st.floats(0, 12), min_size=weeks, max_size=weeks)
    taste = st.sampled_from(["photo", "video", "lien", "story"])
    tastes = taste | st.lists(taste, min_size=weeks, max_size=weeks)
    paid, owned = (draw(st.sets(st.sampled_from(NETWORKS))) for _ in range(2))
    crisis = {
        "week": draw(st.integers(1, weeks)),
        "severity": draw(st.floats(0, 1)),
        "response": draw(st.sampled_from(["reponse", "silence", "suppression"])),
    }
    lever = {"passage": draw(st.sampled_from(["visiteur", "prospect", "client"])), "points": draw(st.floats(0, 0.2)), "cost": 100}
    return {
        "brand": {
            "name": "Marque",
            "followers": {network: draw(st.floats(0, 1e5)) for network in owned},
            "awareness": draw(st.floats(0, 0.9)),
            "visits": draw(st.floats(0, 1e4)),
            "basket": draw(st.floats(0, 1e3)),
        },
        "targets": [
            {"name": "cible", "people": draw(st.floats(1e3, 1e6)), "usage": {name: draw(st.floats(0.05, 1)) for name in NETWORKS}}
        ],
        "goal": {"kpi": "clients", "target": 10},
        "budget": 1e7,
        "weeks": weeks,
        "paid": [{"network": name, "spend": draw(amounts), "format": draw(tastes)} for name in sorted(paid)],
        "owned": [{"network": name, "posts": draw(few), "format": draw(tastes)} for name in sorted(owned)],
        "articles": draw(few),
        "earned": {"relays": draw(few), "transmission": draw(st.none() | st.floats(0, 2))},
        "levers": draw(st.sampled_from([[], [lever]])),
        "crisis": draw(st.none() | st.just(crisis)),
    }


@settings(max_examples=25)
@given(scenarios(), st.integers(0, 3), st.integers(0, 10**6))
def test_it_is_the_model_written_as_a_plain_loop(fields: dict[str, Any], draw: int, seed: int) -> None:
    scenario = Scenario(**fields)
    kept = simulate(scenario, draws=4, seed=seed).kept
    expected = campaign(scenario, draw, seed)
    for measure in MEASURES:
        np.testing.assert_allclose(kept[measure][:, draw], [week[measure] for week in expected], rtol=1e-9, atol=1e-9)


@given(scenarios(), st.sampled_from(NETWORKS), st.floats(0, 5_000))
def test_more_money_never_lowers_what_it_buys(fields: dict[str, Any], network: str, more: float) -> None:
    fields["crisis"] = None
    fields["paid"] = [line | {"format": "photo"} for line in fields["paid"]]
    before = simulate(Scenario(**fields), draws=8)
    spent = {line["network"]: line["spend"] for line in fields["paid"]}
    old = spent.get(network, 0)
    spent[network] = [amount + more for amount in old] if isinstance(old, list) else old + more
    after = simulate(
        Scenario(**(fields | {"paid": [{"network": name, "spend": spend} for name, spend in spent.items()]})), draws=8
    )
    for measure in ("impressions", "reach", "cumulative_reach", "grp", "engagements", "awareness", "visitors", "prospects"):
        assert np.all(after.kept[measure] >= before.kept[measure] - 1e-9 * np.maximum(1, before.kept[measure])), measure


@given(scenarios())
def test_every_measure_keeps_within_its_bounds(fields: dict[str, Any]) -> None:
    scenario = Scenario(**fields)
    kept = simulate(scenario, draws=8).kept
    for measure in ("reach", "cumulative_reach", "sentiment", "awareness"):
        assert np.all((kept[measure] >= 0) & (kept[measure] <= 1))
    assert np.all(kept["cumulative_reach"] >= kept["reach"] - 1e-9)
    assert np.all(np.diff(kept["cumulative_reach"], axis=0) >= -1e-9)
    np.testing.assert_allclose(kept["grp"], 100 * kept["reach"] * kept["frequency"], rtol=1e-9, atol=1e-9)
    assert np.all((kept["frequency"] >= 1 - 1e-6) | (kept["impressions"] < 1e-3))
    np.testing.assert_allclose(kept["paid"] + kept["owned"] + kept["earned"], kept["impressions"])
    assert all(np.isfinite(values).all() and values.shape == (scenario.weeks, 8) for values in kept.values())
    assert all(np.all(kept[measure] >= 0) for measure in MEASURES if measure != "net_roi" and measure != "lost")
    assert np.all(kept["lost"] >= -1e-6)


@given(scenarios())
def test_nobody_disappears_from_the_funnel(fields: dict[str, Any]) -> None:
    """Those who enter are in the funnel, lost, or ambassadors: the pools rebuilt from the flows never go below zero."""
    scenario = Scenario(**fields)
    kept = simulate(scenario, draws=4).kept
    model = dict(zip(load("modele")["parameter"], load("modele")["value"], strict=True))
    at_start = scenario.brand.visits * model["visiteur_prospect"] / (1 - model["prospect_reste"])
    at_start *= 1 + model["prospect_client"] / (1 - model["client_reste"])
    inside = at_start + np.cumsum(kept["visitors"] - kept["lost"] - kept["ambassadors"], axis=0)
    assert np.all(inside >= -1e-6 * (1 + at_start + kept["visitors"].sum()))
    waiting = at_start + np.cumsum(kept["prospects"], axis=0)
    assert np.all(inside <= waiting + 1e-6 * (1 + waiting))


def test_a_zero_campaign_leaves_the_baseline() -> None:
    result = simulate(nothing_decided(Scenario(**FAMILIES)), draws=4000)
    assert np.all(result.kept["awareness"] == pytest.approx(0.12)) and result.outcome("impressions") == 0
    assert result.outcome("cost") == result.outcome("roas") == result.outcome("net_roi") == 0
    assert result.mean["visitors"] == pytest.approx(np.full(12, 900), rel=0.01)
    assert result.mean["prospects"] == pytest.approx(np.full(12, 900 * 0.0878), rel=0.02)
    assert result.mean["clients"] == pytest.approx(np.full(12, result.mean["clients"].mean()), rel=0.03)


def test_the_same_seed_gives_the_same_numbers_in_another_process_and_on_another_machine() -> None:
    code = (
        "import json; from cmlib.scenario import Scenario; from cmlib.campaign import simulate\n"
        f"result = simulate(Scenario(**json.loads('{json.dumps(FAMILIES)}')), draws=50)\n"
        "print(json.dumps({name: values.tolist() for name, values in result.kept.items()}))"
    )
    there = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    here = simulate(Scenario(**FAMILIES), draws=50).kept
    for measure in MEASURES:
        np.testing.assert_array_equal(here[measure], there[measure])
    vectors = {"impressions": IMPRESSIONS, "awareness": AWARENESS, "clients": CLIENTS}
    for measure, value in vectors.items():
        assert here[measure][[0, 11], [0, 49]] == pytest.approx(value, rel=1e-9)


def test_draws_may_be_cut_into_pieces_and_weeks_added_without_changing_luck() -> None:
    scenario = Scenario(**FAMILIES)
    many, few = simulate(scenario, draws=CHUNK + 10), simulate(scenario, draws=100)
    assert many.kept["clients"].shape == (12, CHUNK)
    longer = simulate(Scenario(**(FAMILIES | {"weeks": 14, "budget": 20_000})), draws=100)
    for measure in MEASURES:
        np.testing.assert_array_equal(many.kept[measure][:, :100], few.kept[measure])
        np.testing.assert_allclose(longer.kept[measure][:12], few.kept[measure], rtol=1e-12)
    assert many.outcome("clients") == pytest.approx(few.outcome("clients"), rel=0.05)
    assert many.goal_ends.mean() == pytest.approx(many.objective(), rel=1e-12)
    np.testing.assert_array_equal(many.goal_ends[:CHUNK], many.outcomes(FAMILIES["goal"]["kpi"]))


@given(scenarios(), st.integers(1, 16), st.floats(0, 500))
def test_new_decisions_change_nothing_of_the_past(fields: dict[str, Any], week: int, spend: float) -> None:
    scenario = Scenario(**(fields | {"levers": []}))
    week = min(week, scenario.weeks)
    before = simulate(scenario, draws=5)
    posts = {"network": "instagram", "posts": 2, "format": "video", "slot": "jeudi 13:00"}
    decisions = {"paid": [{"network": "facebook", "spend": spend, "format": "carrousel"}], "owned": [posts]}
    after = continue_from(scenario, week, decisions, draws=5)
    for measure in MEASURES:
        np.testing.assert_allclose(after.kept[measure][: week - 1], before.kept[measure][: week - 1], rtol=1e-12)
    paid = after.kept["paid"][week - 1 :]
    assert np.all((paid > 0) == (spend > 0))


def test_awareness_is_built_week_after_week_and_advertising_wears_out() -> None:
    """A burst in the last week must not beat a steady presence, and money must not buy clicks without end."""

    def awareness(spend: list[float]) -> float:
        fields = FAMILIES | {"owned": [], "articles": 0, "earned": {}, "paid": [{"network": "facebook", "spend": spend}]}
        return simulate(Scenario(**fields), draws=50).outcome("awareness")

    burst = [0.0] * 11 + [12_000.0]
    assert awareness([1_000.0] * 12) > awareness(burst) > awareness(burst[::-1]) > 0.12
    small = {"budget": 1e7, "targets": [FAMILIES["targets"][0] | {"people": 5_000}]}  # type: ignore[index]
    rich = [
        simulate(Scenario(**(FAMILIES | small | {"paid": [{"network": "facebook", "spend": spend}]})), 20) for spend in (5e4, 5e5)
    ]
    assert rich[1].outcome("engagements") < 1.2 * rich[0].outcome("engagements")


def test_a_crisis_hurts_and_an_answer_helps() -> None:
    def clients(response: str | None) -> float:
        crisis = response and {"week": 3, "severity": 0.8, "response": response}
        return simulate(Scenario(**(FAMILIES | {"crisis": crisis})), draws=200).outcome("clients")

    assert clients(None) > clients("reponse") > clients("silence") > clients("suppression")


def test_the_debrief_adds_up_and_tells_luck_apart() -> None:
    scenario = Scenario(**(FAMILIES | {"crisis": {"week": 3, "severity": 0.5, "response": "reponse"}}))
    found = debrief(scenario, draw=7, draws=500)
    assert found.baseline + sum(found.effects.values()) + found.joint == pytest.approx(found.expected)
    assert found.expected + found.luck == pytest.approx(found.actual) and found.low < found.expected < found.high
    assert set(found.effects) == set(counterfactuals(scenario)) and "Réaction à la crise" in found.effects
    assert list(map(abs, found.effects.values())) == sorted(map(abs, found.effects.values()), reverse=True)
    outcomes = simulate(scenario, draws=500).outcomes("awareness")
    assert found.chance == (outcomes >= 0.2).mean() and found.rank == (outcomes < found.actual).mean()
    lucks = [debrief(scenario, draw=draw, draws=50).luck for draw in range(50)]
    assert np.mean(lucks) == pytest.approx(0, abs=1e-12)
    assert debrief(scenario, draws=20, measure="revenue").chance is None


@given(scenarios())
@settings(max_examples=15)
def test_without_a_decision_its_counterfactual_differs_from_it_alone(fields: dict[str, Any]) -> None:
    scenario = Scenario(**fields)
    for name, without in counterfactuals(scenario).items():
        changed = [field for field in Scenario.model_fields if getattr(without, field) != getattr(scenario, field)]
        assert len(changed) == 1, name
        assert compare(simulate(without, draws=3), simulate(scenario, draws=3), "cost") >= 0


def test_common_luck_makes_a_small_effect_visible() -> None:
    """With luck of its own on each side, the effect of 20 euros a week drowns; with the same luck it is certain."""
    more = Scenario(**(FAMILIES | {"paid": [{"network": "facebook", "spend": 320}, FAMILIES["paid"][1]]}))  # type: ignore[index]
    before, after = simulate(Scenario(**FAMILIES), 200), simulate(more, 200)
    paired = after.outcomes("visitors") - before.outcomes("visitors")
    alone = simulate(more, 200, seed=99).outcomes("visitors") - before.outcomes("visitors")
    assert np.all(paired > 0) and paired.std() < alone.std() / 20
    assert compare(before, after, "visitors") == pytest.approx(paired.mean())


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: simulate(s, draws=0), "draws"),
        (lambda s: simulate(s, draws=1.5), "entier"),
        (lambda s: simulate(s, draws=2, seed=-1), "seed"),
        (lambda s: simulate(s, draws=2).outcome("likes"), "likes"),
        (lambda s: simulate(s, draws=2).bands("likes"), "likes"),
        (lambda s: debrief(s, draw=5, draws=3), "draw"),
        (lambda s: compare(simulate(s, 2), simulate(s, 3), "clients"), "mêmes tirages"),
        (lambda s: compare(simulate(s, 2), simulate(s, 2), "likes"), "likes"),
    ],
)
def test_what_cannot_be_simulated_is_refused(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match=said):
        call(Scenario(**FAMILIES))


def test_bands_are_quantiles_of_the_draws() -> None:
    result = simulate(Scenario(**FAMILIES), draws=300)
    np.testing.assert_allclose(result.bands("clients", (0.1, 0.9)), np.quantile(result.kept["clients"], [0.1, 0.9], axis=1))
    assert result.objective() == result.outcome("awareness") and set(LEVELS) <= set(MEASURES)


def test_orders_of_magnitude_are_those_published() -> None:
    """The table of docs/modele.md: what a week of advertising costs, against market benchmarks."""
    fields = FAMILIES | {"owned": [], "articles": 0, "earned": {}, "paid": [{"network": "facebook", "spend": 500}]}
    many = [FAMILIES["targets"][0] | {"people": 2_000_000}]  # type: ignore[index]  # far from wear
    still = fields | {"brand": FAMILIES["brand"] | {"visits": 0}, "targets": many}  # type: ignore[operator]
    result = simulate(Scenario(**still), draws=2000)
    week = {measure: float(values[0]) for measure, values in result.mean.items()}
    assert 500 * 1000 / week["paid"] == pytest.approx(7.93, rel=0.1)  # CPM, Gupta Media 2023
    assert 500 / (week["paid"] * 0.0042) == pytest.approx(1.88, rel=0.1)  # CPC, WordStream 2024
    assert 500 / (week["paid"] * 0.0042 * 0.0878) == pytest.approx(21.98, rel=0.1)  # CPL, WordStream 2024
    assert week["engagements"] / week["paid"] == pytest.approx(0.0507, rel=0.1)  # per impression, Buffer 2025


IMPRESSIONS = [83492.74442763621, 77207.20452448109]
AWARENESS = [0.13786278042496997, 0.2478182536262813]
CLIENTS = [18.78516036569552, 22.69529228906383]
