"""What a budget buys: contacts, people touched, how often; and what is remembered of a contact."""

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cmlib import reach
from cmlib.charts.style import BLUE, GREY, PURPLE, VERMILION, describe, drawn, new_figure, number_ticks
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.lessons.play import Drawn
from cmlib.networks import network_name
from cmlib.references import load

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DAYS = 30
"""Length of the campaign: a person sees it once a day at most (hypothesis)."""

LARGEST_BUDGET = 3_000
"""Euros; the curves stop there."""

HABITS = {"varie": 0.02, "courant": 0.1, "fidele": 0.3}
"""How far the same people are touched from one day to the next, by id: 0 is chance, 1 always the same (hypotheses)."""

HABITS_ASKED = {
    "varie": "presque au hasard, chaque jour d’autres personnes",
    "courant": "plutôt les personnes les plus connectées",
    "fidele": "surtout les mêmes, très connectées",
}

_percent = partial(write_quantity, unit="%", decimals=1)


class Plan(NamedTuple):
    """What a campaign gives: impressions, share of the target touched, contacts per person touched, share that remembers."""

    impressions: float
    reach: float
    frequency: float
    memorised: float


class Price(NamedTuple):
    """A cost per thousand: its value, taken as euros, and where it comes from."""

    value: float
    source: str


@lru_cache
def prices() -> dict[str, Price]:
    """Return the cost per thousand of each network that has one, from the table ``couts``; the middle where it is a range.

    Examples
    --------
    >>> prices()["facebook"].value
    7.93
    """
    table = load("couts")
    found = {}
    for row in table[table["indicator"] == "CPM"].to_dict("records"):
        low, high = float(row["minimum"]), float(row["maximum"])
        weak = ", valeur faible : hypothèse" if row["reliability"] == "faible" else ""
        found[str(row["network"])] = Price((low + high) / 2, f"{row['source']}{weak}")
    return found


def prices_asked() -> dict[str, str]:
    """Return what the networks cost, in words, by id."""
    return {
        network: f"{network_name(network)} : CPM {write_number(price.value)} US$ ({price.source})"
        for network, price in prices().items()
    }


def plan(budget: float, network: str, people: float, habit: str, beta: float) -> Plan:
    """Return what a budget gives on a network, over thirty days.

    Parameters
    ----------
    budget
        Euros.
    network
        A key of `prices`.
    people
        Size of the target.
    habit
        A key of `HABITS`.
    beta
        Share who remember after one contact.

    Examples
    --------
    >>> round(plan(1_000, "facebook", 100_000, "courant", 0.11).impressions)
    126103
    """
    impressions = 1000 * budget / prices()[network].value
    once = impressions / people / DAYS
    twice = once + (1 - HABITS[habit]) * once * (1 - once)
    exposures = reach.exposure_distribution(DAYS, *reach.beta_binomial_from_reach(once, twice))
    touched = reach.net_reach(exposures)
    times = float(reach.average_frequency(impressions, touched * people))
    return Plan(impressions, touched, times, reach.memorised_reach(exposures, beta))


def reach_for_budget(budget: float, network: str, people: float, habit: str, medium: str) -> Drawn:
    """Draw the share of a target that a budget touches, the share that remembers, and how often each person is touched.

    Parameters
    ----------
    budget, network, people, habit
        As in `plan`.
    medium
        A key of `online_betas`.

    Examples
    --------
    >>> from cmlib.french import untypeset
    >>> figure, sentence = reach_for_budget(1000, "instagram", 200_000, "courant", "internet")
    >>> untypeset(sentence)[:14]
    'Pour 1 000 € :'
    """
    beta, spent = online_betas()[medium], f"{write_number(budget, 0)} €"
    here, half = (plan(amount, network, people, habit, beta) for amount in (budget, budget / 2))
    told = (
        f"Pour {spent} : {write_number(here.impressions, 0)} impressions, qui touchent {_percent(here.reach)} de la cible, "
        f"{write_number(here.frequency, 1)} {plural(here.frequency, 'contact')} en moyenne par personne touchée ; "
        f"{_percent(here.memorised)} de la cible s’en souvient. "
        f"La première moitié du budget en touchait déjà {_percent(half.reach)} : "
        f"la seconde ajoute {write_quantity(100 * (here.reach - half.reach), 'points', 1)}, "
        f"et fait passer la répétition de {write_number(half.frequency, 1)} à {write_number(here.frequency, 1)}."
    )
    return _reach_figure(budget, network, people, habit, beta), told


@drawn
def _reach_figure(budget: float, network: str, people: float, habit: str, beta: float) -> "Figure":
    amounts = np.arange(100, LARGEST_BUDGET + 1, 100)
    plans = [plan(float(amount), network, people, habit, beta) for amount in amounts]
    here = plan(budget, network, people, habit, beta)
    figure = new_figure(3.9, layout=None)  # no layout to look for: the picture follows the hand twice as fast
    left, right = figure.add_axes((0.06, 0.24, 0.53, 0.68)), figure.add_axes((0.65, 0.24, 0.34, 0.68))
    curves = [
        ("touchés", [found.reach for found in plans], here.reach, BLUE, "-", "o"),
        ("se souviennent", [found.memorised for found in plans], here.memorised, PURPLE, "--", "s"),
    ]
    for name, values, value, colour, line, marker in curves:
        left.plot([0, *amounts], [0, *values], color=colour, linestyle=line, label=typeset(f"{name} : {_percent(value)}"))
        left.plot([budget], [value], color=colour, marker=marker, markersize=8, linestyle="none")
    left.set_ylim(0, 1.12)
    left.set_yticks(np.arange(0, 1.01, 0.2))
    number_ticks(left.yaxis, "%")
    left.set_title("Part de la cible")
    times = f"contacts par personne touchée : {write_number(here.frequency, 1)}"
    right.plot(amounts, [found.frequency for found in plans], color=VERMILION, label=typeset(times))
    right.locator_params(axis="y", nbins=5)
    right.plot([budget], [here.frequency], color=VERMILION, marker="^", markersize=8, linestyle="none")
    right.set_ylim(0, max(2.0, plans[-1].frequency * 1.2))
    number_ticks(right.yaxis)
    right.set_title("Répétition")
    for axes in (left, right):
        axes.axvline(budget, color=GREY, linewidth=1, linestyle=":")
        axes.set_xlim(0, LARGEST_BUDGET * 1.02)
        axes.set_xticks(range(0, LARGEST_BUDGET + 1, 1000))
        number_ticks(axes.xaxis)
        axes.set_xlabel("budget, en euros")
        axes.grid(axis="y")
    figure.legend(loc="lower left", ncols=3)
    last, spent = plans[-1], f"{write_number(budget, 0)} €"
    return describe(
        figure,
        f"Deux courbes selon le budget, de 100 à {write_number(LARGEST_BUDGET, 0)} €. Part de la cible touchée : "
        f"{_percent(plans[0].reach)} à 100 €, {_percent(here.reach)} à {spent}, {_percent(last.reach)} au plus "
        f"grand budget. Part qui se souvient : {_percent(here.memorised)} à {spent}. Répétition : "
        f"{write_number(plans[0].frequency, 1)} à 100 €, {write_number(here.frequency, 1)} à {spent}, "
        f"{write_number(last.frequency, 1)} au plus grand budget.",
    )


class Beta(NamedTuple):
    """A share who remember after one contact, and where it comes from."""

    value: float
    source: str


@lru_cache
def betas() -> dict[str, tuple[Beta, ...]]:
    """Return the memory of each medium: every value that the table ``memorisation`` gives, sources that disagree included.

    Examples
    --------
    >>> [found.value for found in betas()["télévision"]]
    [0.15, 0.184]
    """
    found: dict[str, tuple[Beta, ...]] = {}
    for row in load("memorisation").to_dict("records"):
        origin = str(row["source"]).removeprefix("β de Morgensztern, ").replace(" que le relevé ne nomme pas", " non nommée")
        year = str(row["year"])
        dated = origin if year in origin else f"{origin}, {'année inconnue' if year == 'inconnue' else year}"
        medium = str(row["medium"])
        found[medium] = (*found.get(medium, ()), Beta(float(row["beta"]), dated))
    return found


def online_betas() -> dict[str, float]:
    """Return the memory of the two media that social networks are, by name.

    Examples
    --------
    >>> online_betas()
    {'internet': 0.11, 'vidéo en ligne': 0.057}
    """
    return {medium: betas()[medium][0].value for medium in ("internet", "vidéo en ligne")}


def online_asked() -> dict[str, str]:
    """Return the memory of the two online media, in words, by name."""
    return {medium: f"{medium} : β = {_percent(value)} ({betas()[medium][0].source})" for medium, value in online_betas().items()}


MOST_CONTACTS = 20


def memory_curves(medium: str, other: str, contacts: float) -> Drawn:
    """Draw what people remember after one contact, two, twenty: two media, and each source of each one.

    Parameters
    ----------
    medium, other
        Keys of `betas`.
    contacts
        Contacts to read the curves at.

    Examples
    --------
    >>> "47,8" in memory_curves("télévision", "radio", 4)[1]
    True
    """
    times = int(contacts)
    parts = []
    for name in dict.fromkeys([medium, other]):
        kept = [_percent(float(reach.memorised(beta.value, times))) for beta in betas()[name]]
        told = f"{name}, {' ou '.join(kept)} selon la source" if len(kept) > 1 else f"{name}, {kept[0]}"
        halves = [contacts_for(0.5, beta.value) for beta in betas()[name]]
        need = " ou ".join(dict.fromkeys(str(half) for half in halves))
        parts.append(f"{told} (la moitié au bout de {need} {plural(max(halves), 'contact')})")
    after = f"{times} {plural(times, 'contact')}"
    return _memory_figure(medium, other, times), f"Après {after}, se souviennent du message : {' ; '.join(parts)}."


def contacts_for(share: float, beta: float) -> int:
    """Return the contacts needed for a share of people to remember.

    Examples
    --------
    >>> contacts_for(0.5, 0.75), contacts_for(0.5, 0.057)
    (1, 12)
    """
    counts = np.arange(1, 1001)
    return int(counts[np.argmax(np.asarray(reach.memorised(beta, counts)) >= share)])


@drawn
def _memory_figure(medium: str, other: str, times: int) -> "Figure":
    lines = len(betas()[medium]) + (len(betas()[other]) if other != medium else 0)
    height = 3.9 + 0.2 * lines
    figure = new_figure(height, layout=None)
    bottom = (0.65 + 0.2 * lines) / height
    axes = figure.add_axes((0.08, bottom, 0.91, 1 - bottom - 0.3 / height))
    counts = np.arange(1, MOST_CONTACTS + 1)
    told = []
    for name, colour, marker in ((medium, BLUE, "o"), (other, VERMILION, "^")):
        if colour == VERMILION and medium == other:
            continue
        for beta, line in zip(betas()[name], ("-", "--"), strict=False):
            values = np.asarray(reach.memorised(beta.value, counts))
            here = _percent(float(values[times - 1]))
            label = f"{name}, β = {_percent(beta.value)} ({beta.source}) : {here}"
            axes.plot(counts, values, color=colour, linestyle=line, marker=marker, markersize=4, label=typeset(label))
            axes.plot([times], [values[times - 1]], color=colour, marker=marker, markersize=9, linestyle="none")
            told.append(f"{label} après {times} {plural(times, 'contact')}, {_percent(float(values[-1]))} après {MOST_CONTACTS}")
    axes.axvline(times, color=GREY, linewidth=1, linestyle=":")
    axes.axhline(0.5, color=GREY, linewidth=0.8)
    axes.annotate("la moitié", (MOST_CONTACTS, 0.5), xytext=(0, -3), textcoords="offset points", ha="right", va="top", color=GREY)
    axes.set_ylim(0, 1.04)
    axes.set_xlim(0.6, MOST_CONTACTS + 0.4)
    axes.set_xticks(range(1, MOST_CONTACTS + 1))
    number_ticks(axes.yaxis, "%")
    axes.grid(axis="y")
    axes.set_xlabel("nombre de contacts avec le message")
    axes.set_ylabel("part qui se souvient")
    axes.set_title(typeset(f"Ce qui reste après {times} {plural(times, 'contact')}"))
    figure.legend(loc="lower left", ncols=1)
    return describe(figure, f"Courbes de mémorisation selon le nombre de contacts : {' ; '.join(told)}.")
