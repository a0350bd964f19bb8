"""What a budget touches, what is remembered: the bounds of every slider, and values computed otherwise."""

import numpy as np
import pytest
from scipy.stats import betabinom

from cmlib.lessons.demos import exposure
from tests.lessons.drawing import edges, sentence_of

BUDGETS, TARGETS = (100, exposure.LARGEST_BUDGET), (60_000, 300_000)


@pytest.mark.parametrize("network", exposure.prices())
@pytest.mark.parametrize("habit", exposure.HABITS)
def test_every_plan_stays_within_the_target(network: str, habit: str) -> None:
    for budget, people in edges(BUDGETS, TARGETS):
        for beta in exposure.online_betas().values():
            plan = exposure.plan(budget, network, people, habit, beta)
            assert 0 < plan.memorised < plan.reach <= 1
            assert plan.frequency >= 1
            assert plan.frequency * plan.reach * people == pytest.approx(plan.impressions)


def test_a_plan_is_the_beta_binomial_law_of_scipy() -> None:
    plan = exposure.plan(1_500, "facebook", 120_000, "courant", 0.11)
    once = 1_500_000 / 7.93 / 120_000 / exposure.DAYS
    spread = 1 / exposure.HABITS["courant"] - 1  # alpha + beta: one over it, plus one, is the share of habit
    law = betabinom(exposure.DAYS, once * spread, (1 - once) * spread)
    assert plan.reach == pytest.approx(1 - law.pmf(0))
    days = np.arange(exposure.DAYS + 1)
    assert plan.memorised == pytest.approx(float((law.pmf(days) * (1 - 0.89**days)).sum()))


@pytest.mark.parametrize(("budget", "people"), edges(BUDGETS, TARGETS))
def test_the_figure_holds_at_the_bounds(budget: float, people: float) -> None:
    sentence = sentence_of(exposure.reach_for_budget(budget, "x", people, "fidele", "vidéo en ligne"))
    assert f"{budget * 1000 / 1.82:.0f}" in sentence.replace(" ", "")


def test_money_buys_less_and_less_reach() -> None:
    halves = [exposure.plan(budget, "instagram", 100_000, "courant", 0.11).reach for budget in (1_000, 2_000, 3_000)]
    assert halves[1] - halves[0] > halves[2] - halves[1] > 0


@pytest.mark.parametrize("network", exposure.prices())
def test_each_price_says_its_source_and_year(network: str) -> None:
    told = exposure.prices_asked()[network]
    assert "2023" in told
    assert ("hypothèse" in told) == (network in ("linkedin", "snapchat"))


@pytest.mark.parametrize("medium", exposure.betas())
@pytest.mark.parametrize("contacts", [1, exposure.MOST_CONTACTS])
def test_each_medium_draws_each_of_its_sources(medium: str, contacts: int) -> None:
    figure, _ = drawn = exposure.memory_curves(medium, "télévision", contacts)
    sentence = sentence_of(drawn)
    assert ("1 contact," in sentence) == (contacts == 1)
    assert not isinstance(figure, str)
    shown = set(exposure.betas()[medium]) | set(exposure.betas()["télévision"])
    assert len(figure.legends[0].get_texts()) == len(shown)


def test_contacts_for_half_is_the_first_that_reaches_it() -> None:
    for beta in (0.05, 0.057, 0.11, 0.184, 0.75):
        needed = exposure.contacts_for(0.5, beta)
        assert 1 - (1 - beta) ** needed >= 0.5 > 1 - (1 - beta) ** (needed - 1)
