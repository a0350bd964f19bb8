"""Strategies found by search beat greedy, greedy beats uniform, uniform beats luck: measured on scenarios drawn at random."""

import subprocess
import sys
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib.authoring.optimise import best_strategy, grade_share, greedy_strategy
from cmlib.authoring.strategies import MOST_POSTS, random_strategy, uniform_strategy
from cmlib.campaign import simulate
from cmlib.errors import InvalidInput
from cmlib.networks import NETWORKS
from cmlib.scenario import FORMATS, Scenario, planned_cost
from tests.conftest import SOAK

GOALS = ("awareness", "reach", "engagements", "visitors", "clients", "revenue")


def drawn(seed: int) -> Scenario:
    """Draw a scenario: a brand, one to three targets on two to five networks, a goal, sometimes a crisis and a lever."""
    luck = np.random.default_rng(seed)
    networks = [str(name) for name in luck.choice(list(NETWORKS), size=luck.integers(2, 6), replace=False)]
    weeks = int(luck.choice([4, 8, 12, 16]))
    budget = float(np.round(np.exp(luck.uniform(np.log(200), np.log(200_000))), 2))
    fields: dict[str, Any] = {
        "brand": {
            "name": "Marque",
            "followers": {name: float(luck.integers(0, 20_000)) for name in networks if luck.random() < 0.8},
            "awareness": float(luck.uniform(0, 0.5)),
            "visits": float(luck.integers(0, 3_000)),
            "basket": float(luck.uniform(10, 2_000)),
        },
        "targets": [
            {
                "name": f"cible {index}",
                "people": float(np.round(np.exp(luck.uniform(np.log(5_000), np.log(500_000))))),
                "usage": {name: float(luck.uniform(0.05, 0.9)) for name in networks},
            }
            for index in range(luck.integers(1, 4))
        ],
        "goal": {"kpi": GOALS[seed % len(GOALS)], "target": 1.0},
        "budget": budget,
        "weeks": weeks,
        "start": f"2026-{luck.integers(1, 13):02d}-05",
        "owned": [{"network": networks[0], "posts": 0, "format": str(luck.choice(FORMATS)), "slot": "jeudi 13:00"}],
        "seed": seed,
    }
    if luck.random() < 0.3:
        answer = str(luck.choice(["reponse", "silence", "suppression"]))
        fields["crisis"] = {"week": int(luck.integers(1, weeks + 1)), "severity": float(luck.random()), "response": answer}
    if luck.random() < 0.3:
        passage = str(luck.choice(["visiteur", "prospect", "client"]))
        fields["levers"] = [{"passage": passage, "points": 0.02, "cost": float(np.floor(budget * luck.uniform(0, 0.5)))}]
    return Scenario.model_validate(fields)


scenarios = st.integers(0, 100_000).map(drawn)


def assert_valid(strategy: Scenario, scenario: Scenario) -> None:
    """It is what the scenario asks, spends the budget to the cent, and plans no more posts than people can publish."""
    assert Scenario.model_validate(strategy.model_dump()) == strategy
    cost = planned_cost(strategy)
    assert scenario.budget - 0.011 <= cost <= scenario.budget + 0.005
    for line in strategy.owned:
        assert all(0 <= posts <= MOST_POSTS for posts in np.atleast_1d(line.posts))
    for name in ("brand", "targets", "goal", "budget", "start", "weeks", "levers", "crisis", "seed"):
        assert getattr(strategy, name) == getattr(scenario, name)
    assert strategy.earned.transmission == scenario.earned.transmission
    given = {line.network: (line.format, line.slot) for line in scenario.owned}
    assert given.items() <= {line.network: (line.format, line.slot) for line in strategy.owned}.items()


@given(scenarios, st.integers(0, 2**32))
def test_naive_strategies_are_valid(scenario: Scenario, seed: int) -> None:
    uniform = uniform_strategy(scenario)
    assert_valid(uniform, scenario)
    assert_valid(random_strategy(scenario, seed), scenario)
    assert len({*np.ravel([line.spend for line in uniform.paid])}) <= 3  # the same for all but the cents


@given(scenarios, st.integers(0, 30))
@settings(max_examples=200 if SOAK else 5)
def test_searched_strategies_are_valid_and_never_worse_than_greedy_or_uniform(scenario: Scenario, extra: int) -> None:
    greedy = greedy_strategy(scenario, draws=2, steps=3)
    assert_valid(greedy, scenario)
    found = best_strategy(scenario, draws=2, steps=3, max_evaluations=25 + extra)
    assert_valid(found.scenario, scenario)
    assert found.outcome == simulate(found.scenario, 2).objective()
    for simple in (greedy, uniform_strategy(scenario)):
        assert found.outcome >= simulate(simple, 2).objective()


def with_budget(budget: float, **changes: Any) -> Scenario:
    """Change the budget of a drawn scenario that has neither crisis nor lever."""
    plan = drawn(1).model_dump() | {"budget": budget, "crisis": None, "levers": []}
    return Scenario.model_validate(plan | changes)


@pytest.mark.parametrize("budget", [0, 0.004, 0.01, 1, 1e9])
def test_extreme_budgets(budget: float) -> None:
    scenario = with_budget(budget)
    found = best_strategy(scenario, draws=1, steps=2, max_evaluations=30)
    for strategy in (uniform_strategy(scenario), random_strategy(scenario, 0), greedy_strategy(scenario, 1, 2), found.scenario):
        assert_valid(strategy, scenario)


def test_a_budget_eaten_by_levers_leaves_nothing_to_share() -> None:
    scenario = with_budget(500, levers=[{"passage": "client", "points": 0.01, "cost": 500}])
    assert_valid(uniform_strategy(scenario), scenario)
    assert not any(np.ravel([line.spend for line in uniform_strategy(scenario).paid]))


def test_one_week_and_one_network_that_nobody_uses() -> None:
    target = {"name": "cible", "people": 5_000, "usage": {"facebook": 0.5, "x": 0.0}}
    scenario = with_budget(3_000, weeks=1, targets=[target], owned=[])
    found = best_strategy(scenario, draws=2, steps=4, max_evaluations=60)
    assert_valid(found.scenario, scenario)
    assert [line.network for line in found.scenario.paid] == ["facebook"]


def test_posts_stop_at_their_cap_and_the_rest_goes_elsewhere() -> None:
    uniform = uniform_strategy(with_budget(1_000_000))
    assert all(posts == MOST_POSTS for line in uniform.owned for posts in np.atleast_1d(line.posts))


def test_without_time_the_better_of_greedy_and_uniform_is_returned() -> None:
    for seed in range(3):
        scenario = drawn(seed)
        found = best_strategy(scenario, seconds=0, draws=2, steps=4)
        simple = [uniform_strategy(scenario), greedy_strategy(scenario, draws=2, steps=4)]
        assert found.outcome == max(simulate(one, 2).objective() for one in simple)
        assert found.scenario in simple
        assert best_strategy(scenario, draws=2, steps=4, max_evaluations=0).scenario == found.scenario


def test_evaluations_stop_at_the_cap() -> None:
    for cap in (60, 75):
        assert best_strategy(drawn(2), seconds=0, draws=1, steps=3, max_evaluations=cap).evaluations in (cap - 2, cap)


def test_a_search_that_improves_nothing_ends() -> None:
    plan = with_budget(300, goal={"kpi": "revenue", "target": 1}, brand={"name": "Marque", "basket": 0}, weeks=2)
    found = best_strategy(plan, draws=1, steps=2, max_evaluations=5_000)
    assert found.evaluations < 5_000 and found.outcome == 0
    with pytest.raises(InvalidInput, match="ne permet pas de noter"):
        grade_share(0, uniform=0, best=found.outcome)


def test_the_same_search_elsewhere_finds_the_same() -> None:
    code = (
        "from tests.test_optimise import drawn, best_strategy, random_strategy\n"
        "found = best_strategy(drawn(3), draws=4, steps=3, max_evaluations=60)\n"
        "print(repr(found.outcome), found.scenario.model_dump_json(), sep='\\n')\n"
        "print(random_strategy(drawn(3), 7).model_dump_json())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    outcome, plan, luck = run.stdout.splitlines()
    found = best_strategy(drawn(3), draws=4, steps=3, max_evaluations=60)
    assert float(outcome) == pytest.approx(found.outcome, rel=1e-9)
    assert Scenario.model_validate_json(plan) == found.scenario
    assert Scenario.model_validate_json(luck) == random_strategy(drawn(3), 7)


@pytest.mark.parametrize(
    "wrong", [{"draws": 0}, {"steps": 0}, {"seconds": -1}, {"max_evaluations": 1.5}, {"seconds": float("nan")}, {"seed": -1}]
)
def test_what_makes_no_search_is_refused_in_french(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="il faut"):
        best_strategy(drawn(0), **wrong)


outcomes = st.floats(-1e9, 1e9)


@given(outcomes, outcomes, outcomes, outcomes)
def test_the_share_of_a_grade_is_bounded_and_grows_with_the_outcome(a: float, b: float, low: float, high: float) -> None:
    if high <= low:
        with pytest.raises(InvalidInput, match="ne permet pas de noter"):
            grade_share(a, low, high)
        return
    assert grade_share(low, low, high) == 0 and grade_share(high, low, high) == 1
    assert 0 <= grade_share(min(a, b), low, high) <= grade_share(max(a, b), low, high) <= 1


PROOF = 300 if SOAK else 30
CAP = 100
"""Simulations of each search of the proof."""
CHAIN = ("optimisée", "gloutonne", "uniforme", "aléatoire")


def compared(seed: int) -> tuple[float, ...]:
    """Return what each strategy of the chain gives on fresh draws, then the mean of four random ones."""
    scenario = drawn(seed)
    found = best_strategy(scenario, draws=32, steps=10, max_evaluations=CAP).scenario
    greedy = greedy_strategy(scenario, draws=32, steps=10)
    lucky = [random_strategy(scenario, seed + 1_000 * time) for time in range(4)]
    fresh = [simulate(one, 2_000, seed + 1_000_000).objective() for one in (found, greedy, uniform_strategy(scenario), *lucky)]
    return (*fresh[:4], float(np.mean(fresh[3:])))


def reported(outcomes: np.ndarray) -> dict[str, float]:
    """Return the share of scenarios where each strategy beats each of the next ones, and median gains."""
    found: dict[str, float] = {}
    for (i, better), (j, worse) in combinations(enumerate(CHAIN), 2):
        found[f"{better} > {worse}"] = float(np.mean(outcomes[:, i] > outcomes[:, j]))
        found[f"gain médian {better} / {worse}"] = float(np.median(outcomes[:, i] / outcomes[:, j] - 1))
    found["optimisée >= gloutonne à 0,1 % près"] = float(np.mean(outcomes[:, 0] >= outcomes[:, 1] * 0.999))
    found["gloutonne >= uniforme à 0,1 % près"] = float(np.mean(outcomes[:, 1] >= outcomes[:, 2] * 0.999))
    found["optimisée > gloutonne > uniforme"] = float(np.mean((np.diff(outcomes[:, :3], axis=1) < 0).all(axis=1)))
    found["toute la chaîne"] = float(np.mean((np.diff(outcomes[:, :4], axis=1) < 0).all(axis=1)))
    found["uniforme > moyenne de 4 aléatoires"] = float(np.mean(outcomes[:, 2] > outcomes[:, 4]))
    return found


def test_optimised_beats_greedy_beats_uniform_on_fresh_draws(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = np.array([compared(seed) for seed in range(PROOF)])
    found = reported(outcomes)
    concave = np.isin(np.arange(PROOF) % len(GOALS), [GOALS.index("awareness"), GOALS.index("reach")])
    found["uniforme > moyenne de 4 aléatoires (notoriété, couverture)"] = reported(outcomes[concave])[
        "uniforme > moyenne de 4 aléatoires"
    ]
    with capsys.disabled():
        print(f"\n{PROOF} scénarios, {CAP} simulations par recherche, tirages neufs :")
        print("\n".join(f"  {name} : {value:.3f}" for name, value in found.items()))
    assert found["optimisée >= gloutonne à 0,1 % près"] >= 0.98
    assert found["optimisée > gloutonne"] >= 0.7  # elsewhere greedy was already the best known
    assert found["optimisée > uniforme"] >= 0.98
    assert found["gloutonne >= uniforme à 0,1 % près"] >= 0.98
    assert found["gloutonne > uniforme"] >= 0.95
    assert found["gain médian optimisée / uniforme"] >= 0.1
    # Engagements, visitors and, nearly, clients and revenue grow in proportion to what is bought: the average random strategy is
    # then worth the uniform one, and which of the two wins is a coin toss. Spreading only pays where returns diminish.
    assert 0.35 <= found["uniforme > aléatoire"] <= 0.75
    if SOAK:  # 100 scenarios of awareness and reach, against 10
        assert found["uniforme > moyenne de 4 aléatoires (notoriété, couverture)"] >= 0.65
