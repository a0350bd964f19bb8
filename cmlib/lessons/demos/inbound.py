"""Inbound against outbound: the same money in articles that last or in clicks that do not, month after month."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cmlib.charts.style import BLUE, GREY, MARKERS, VERMILION, describe, drawn, new_figure, number_ticks
from cmlib.costs import cpc as cost_per_click
from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.inputs import Array
from cmlib.media import content_stock
from cmlib.references import load

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONTHS = 24
WEEKS = 4
"""Weeks of a month: a hypothesis that keeps months alike."""


class Paths(NamedTuple):
    """What each way brings and costs, month by month: visitors, then euros a visitor since the start.

    Attributes
    ----------
    content, clicks
        Visitors of each month.
    content_cost, click_cost
        Euros a visitor, from the first month to this one.
    """

    content: Array
    clicks: Array
    content_cost: Array
    click_cost: Array

    @property
    def crossing(self) -> int | None:
        """First month, from 1, when a visitor has cost less by content than by clicks, and does until the end."""
        dearer = np.flatnonzero(self.content_cost >= self.click_cost)
        first = int(dearer[-1]) + 2 if dearer.size else 1
        return first if first <= MONTHS else None


def hypothesis(name: str) -> float:
    """Return a hypothesis of the table ``modele``: ``cout_article``, ``visites_par_contenu``, ``contenu_demi_vie``."""
    table = load("modele")
    return float(table.loc[table["parameter"] == name, "value"].iloc[0])


def paths(budget: float, half_life: float, click_price: float, stop: float) -> Paths:
    """Return what the same monthly budget brings in articles and in clicks.

    Parameters
    ----------
    budget
        Euros a month, for each of the two.
    half_life
        Weeks after which an article attracts half as many people.
    click_price
        Euros a click.
    stop
        Month after which nothing more is spent.

    Raises
    ------
    InvalidInput
        If a number is not one to compute with.

    Examples
    --------
    >>> paths(budget=1000, half_life=26, click_price=1.88, stop=24).crossing
    10
    """
    if min(budget, half_life, click_price) <= 0 or not 1 <= stop <= MONTHS:
        raise InvalidInput(f"Budget, demi-vie et coût par clic sont positifs, et l’arrêt entre 1 et {MONTHS} mois.")
    spent = np.where(np.arange(MONTHS) < stop, budget, 0.0)
    weekly = np.repeat(spent, WEEKS) / WEEKS / hypothesis("cout_article")
    visits = content_stock(weekly, half_life) * hypothesis("visites_par_contenu")
    content = visits.reshape(MONTHS, WEEKS).sum(axis=1)
    clicks = spent / click_price
    money = np.cumsum(spent)
    content_cost = np.asarray(cost_per_click(money, np.cumsum(content)), dtype=float)
    click_cost = np.asarray(cost_per_click(money, np.cumsum(clicks)), dtype=float)
    return Paths(content, clicks, content_cost, click_cost)


@drawn
def _curves(found: Paths, stop: int) -> "Figure":
    figure = new_figure(5.2, layout=None)  # placed by hand: a slider redraws it at each step
    lower = figure.add_axes((0.08, 0.17, 0.9, 0.31))
    upper = figure.add_axes((0.08, 0.6, 0.9, 0.34), sharex=lower)
    upper.tick_params(labelbottom=False)
    months = np.arange(1, MONTHS + 1)
    shown: tuple[tuple[Axes, Array, Array], ...] = (
        (upper, found.content_cost, found.click_cost),
        (lower, found.content, found.clicks),
    )
    for axes, content, clicks in shown:
        axes.plot(months, content, color=BLUE, marker=MARKERS[0], markersize=4, label="entrant : articles")
        axes.plot(months, clicks, color=VERMILION, marker=MARKERS[1], markersize=4, label="sortant : clics achetés")
        axes.set_ylim(0, float(max(content.max(), clicks.max())) * 1.12)
        axes.grid(axis="y")
        if stop < MONTHS:
            axes.axvline(stop + 0.5, color=GREY, linewidth=1, linestyle=(0, (4, 2)))
    upper.set_title("Coût d’un visiteur depuis le début")
    number_ticks(upper.yaxis, "€")
    lower.set_title("Visiteurs du mois")
    number_ticks(lower.yaxis)
    lower.set_xlabel("mois de quatre semaines")
    lower.set_xticks([1, *range(4, MONTHS + 1, 4)])
    if stop < MONTHS:
        lower.annotate(
            typeset("on arrête de payer"), (stop + 0.6, 1), xycoords=("data", "axes fraction"), va="top", size=8, color=GREY
        )
    crossing = found.crossing
    if crossing and crossing > 1:
        upper.scatter([crossing], [found.content_cost[crossing - 1]], s=120, facecolor="none", edgecolor=BLUE, linewidth=1.6)
    figure.legend(*upper.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.07, 0), ncols=2)
    told = " ; ".join(f"mois {month} : {_told(found, month - 1)}" for month in (1, MONTHS // 2, MONTHS))
    halt = f" On arrête de payer après le mois {stop}." if stop < MONTHS else ""
    return describe(
        figure, f"Deux courbes sur {MONTHS} mois : coût d’un visiteur depuis le début, et visiteurs du mois.{halt} {told}."
    )


def inbound(budget: float, half_life: float, click_price: float, stop: float) -> "tuple[Figure, str]":
    """Draw what a visitor costs, and how many come, by content and by clicks (see `paths`)."""
    month = round(stop)
    found = paths(budget, half_life, click_price, month)
    crossing = found.crossing
    content, clicks = (write_quantity(float(cost[-1]), "€") for cost in (found.content_cost, found.click_cost))
    if crossing is None:
        told = f"Sur {MONTHS} mois, les articles ne passent pas sous le prix d’un clic : {content} le visiteur, contre {clicks}."
    elif crossing == 1:
        told = (
            f"Dès le premier mois, un visiteur coûte moins par les articles ; après {MONTHS} mois : {content}, contre {clicks}."
        )
    else:
        told = f"Les courbes se croisent au mois {crossing} ; au bout de {MONTHS} mois, {content} le visiteur, contre {clicks}."
    if month < MONTHS:
        after = float(found.content[month:].sum())
        told += f" Après l’arrêt, les articles amènent encore {_visitors(after)} ; les clics, plus aucun."
    return _curves(found, month), told


def _told(found: Paths, month: int) -> str:
    ways = {"entrant": (found.content_cost, found.content), "sortant": (found.click_cost, found.clicks)}
    return ", ".join(
        f"{name} {write_quantity(float(cost[month]), '€')} le visiteur et {_visitors(float(come[month]))}"
        for name, (cost, come) in ways.items()
    )


def _visitors(count: float) -> str:
    return f"{write_number(count, 0)} {plural(round(count), 'visiteur')}"
