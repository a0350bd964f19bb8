"""Paid, owned, earned: what a same budget brings when it is shared out, and what remains of a pressure week after week."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cmlib.campaign import Result, simulate
from cmlib.charts import poem_mix
from cmlib.charts.campaigns import amount
from cmlib.charts.style import BLUE, GREEN, GREY, VERMILION, describe, drawn, enumerate_in_french, number_ticks, people
from cmlib.data import datasets
from cmlib.french import NBSP, plural, typeset, write_number, write_quantity
from cmlib.inputs import Array
from cmlib.lessons.demos.pages import LEGEND, legend_below, panels
from cmlib.lessons.play import Drawn
from cmlib.media import michaelis_menten, recursive_adstock
from cmlib.references import load
from cmlib.scenario import Scenario, planned_cost, read_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWS = 200
WEEKS = 12
BUDGET = 6000.0  # euros over the twelve weeks: a hypothesis of the demonstration
RHYTHMS = {
    "continu": "la même somme chaque semaine",
    "alterne": "une semaine sur deux",
    "masse": "tout dans les deux premières semaines",
}
"""How a same budget is spread over twelve weeks, by id."""

_WHEN = {"continu": range(WEEKS), "alterne": range(0, WEEKS, 2), "masse": range(2)}


def poem(paid: float, owned: float) -> Drawn:
    """Draw where the impressions of a campaign come from when its budget is shared out.

    Parameters
    ----------
    paid
        Share of the budget that buys space, in %.
    owned
        Share of the rest that makes the brand's own posts, in %; what is left pays relays of influence.
    """
    chosen = _campaign(paid, owned)
    only = _campaign(100.0, 0.0)
    results = {"votre répartition": chosen, "tout en publicité": only, "rien en publicité": _campaign(0.0, 50.0)}
    figure = poem_mix(results)
    total, earned = chosen.outcome("impressions"), chosen.outcome("earned")
    visits = chosen.outcome("visitors") - only.outcome("visitors")
    change = "autant de visites"
    if abs(visits) >= 1:
        change = f"{write_number(abs(visits), 0)} {plural(visits, 'visite')} de {'plus' if visits > 0 else 'moins'}"
    sentence = (
        f"Avec {amount(planned_cost(chosen.scenario), '€')} en {chosen.scenario.weeks} semaines, votre répartition donne "
        f"{people(total)} impressions, dont {write_quantity(earned / total if total else 0.0, '%', 0)} obtenues par d’autres, et "
        f"une notoriété finale de {write_quantity(chosen.outcome('awareness'), '%', 1)} ; c’est {change} sur le site que si "
        "tout allait à la publicité. "
        "Les impressions ne se valent pas : celles que vous achetez s’arrêtent avec le budget."
    )
    return figure, sentence


def carry_over(rhythm: str, theta: float, half: float) -> Drawn:
    """Draw the pressure that a budget keeps on its audience, week after week, and its effect once saturation is counted.

    Parameters
    ----------
    rhythm
        A key of `RHYTHMS`.
    theta
        Share of the pressure that remains from one week to the next.
    half
        Pressure, in euros a week, that gives half of the largest effect.
    """
    effects = {name: _effect(name, theta, half) for name in RHYTHMS}
    spend, pressure = _spend(rhythm), recursive_adstock(_spend(rhythm), theta)
    mean = {name: float(effect.mean()) for name, effect in effects.items()}
    best = max(mean, key=lambda name: mean[name])
    known = load("adstock")
    usual = known.loc[known["theta_min"].le(theta) & known["theta_max"].ge(theta), "medium"].tolist()
    where = f"courante en {enumerate_in_french(usual)} (Robyn, sans année connue)" if usual else "hors des fourchettes de Robyn"
    order = "votre rythme est le meilleur des trois" if best == rhythm else f"le meilleur des trois est « {RHYTHMS[best]} »"
    left = round(float(recursive_adstock(np.append(spend, 0.0), theta)[-1]))
    sentence = (
        f"θ = {write_number(theta)} est une valeur {where}. L’effet moyen des {WEEKS} semaines est de "
        f"{write_quantity(mean[rhythm], '%', 1)} du maximum ; {order}, à {write_quantity(mean[best], '%', 1)}. "
        f"Une semaine après la douzième, il reste l’équivalent de {amount(left, '€')} de pression."
    )
    return _carried(spend, pressure, effects[rhythm], typeset(RHYTHMS[rhythm]), half), sentence


@cache
def _campaign(paid: float, owned: float) -> Result:
    """Simulate the campaign of the demonstration: the brand and the targets of a scenario of the kit, these decisions."""
    base = read_scenario(datasets() / "scenarios" / "velambule-printemps.yml")
    prices = load("modele").set_index("parameter")["value"]
    weekly = BUDGET / base.weeks
    bought, made = weekly * paid / 100, weekly * (1 - paid / 100) * owned / 100
    relayed = weekly - bought - made
    networks = ("facebook", "instagram")
    decisions = {
        "paid": [{"network": network, "spend": bought / 2} for network in networks],
        "owned": [
            {"network": network, "posts": made / 2 / float(prices["cout_post"]), "format": "video"} for network in networks
        ],
        "articles": 0.0,
        "earned": {"relays": max(0.0, relayed) / float(prices["cout_relais"])},
        "levers": [],
    }
    return simulate(Scenario.model_validate(base.model_dump() | decisions), DRAWS)


def _spend(rhythm: str) -> Array:
    weeks = _WHEN[rhythm]
    spent = np.zeros(WEEKS)
    spent[list(weeks)] = BUDGET / len(weeks)
    return spent


def _effect(rhythm: str, theta: float, half: float) -> Array:
    return np.asarray(michaelis_menten(recursive_adstock(_spend(rhythm), theta), 1.0, half))


@drawn
def _carried(spend: Array, pressure: Array, effect: Array, rhythm: str, half: float) -> "Figure":
    figure, (above, below) = panels(4.8, below=0.5 + LEGEND, rows=2, sharex=True, height_ratios=(3, 2))
    weeks = np.arange(1, WEEKS + 1)
    above.bar(weeks, spend, 0.62, color="#bcd0ec", edgecolor=BLUE, hatch="///", linewidth=0.6, label="dépense de la semaine")
    above.plot(weeks, pressure, color=VERMILION, marker="o", markersize=5, label="pression encore en mémoire (adstock)")
    above.axhline(half, color=GREY, linestyle=":", linewidth=1.2, label="pression de demi-effet")
    above.set_ylim(0, max(float(pressure.max()), half) * 1.12)
    above.set_title(typeset(f"Dépense et pression : {rhythm}"), y=1.02)
    above.yaxis.set_major_formatter(lambda value, _: amount(value, "€"))
    above.locator_params(axis="y", nbins=4)
    above.grid(axis="y")
    below.plot(weeks, effect, color=GREEN, marker="s", markersize=5, label="effet, en part du maximum")
    below.fill_between(weeks, effect, color=GREEN, alpha=0.15, linewidth=0)
    below.set_ylim(0, 1)
    below.set_yticks((0, 0.5, 1))
    below.set_xticks(weeks)
    below.set_xlabel("semaine")
    below.set_title("Effet, une fois la saturation comptée", y=1.02)
    number_ticks(below.yaxis, "%")
    below.grid(axis="y")
    legend_below(figure, 4)
    top, last = int(pressure.argmax()), WEEKS - 1
    return describe(
        figure,
        f"Budget de {amount(float(spend.sum()), '€')} sur {WEEKS} semaines, {rhythm}. Pression la plus forte : "
        f"{amount(float(pressure[top]), '€')} en semaine {top + 1} ; en semaine {WEEKS}, "
        f"{amount(float(pressure[last]), '€')}. Effet : {write_quantity(float(effect.max()), '%', 1)} du maximum "
        f"au plus fort, {write_quantity(float(effect.mean()), '%', 1)} en moyenne, "
        f"{write_quantity(float(effect[last]), '%', 1)} en semaine{NBSP}{WEEKS}.",
    )
