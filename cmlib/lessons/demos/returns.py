"""Two numbers called « ROI »: the course's, revenue over cost, and the financial one, what is left over cost."""

from functools import partial
from typing import TYPE_CHECKING

from cmlib.charts.style import BLUE, GREEN, INK, VERMILION, describe, drawn, new_figure, number_ticks, text_width
from cmlib.costs import net_roi, roas
from cmlib.french import typeset, write_number, write_quantity
from cmlib.lessons.play import Drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_percent = partial(write_quantity, unit="%", decimals=0)


def two_returns(cost: float, revenue: float, margin: float) -> Drawn:
    """Draw what a campaign costs, sells and leaves, and give both returns.

    Parameters
    ----------
    cost, revenue
        Euros.
    margin
        What is left of a sale before the campaign is paid, in points: 30 for 30 %.

    Examples
    --------
    >>> figure, sentence = two_returns(1000, 3000, 25)
    >>> "perd 250 €" in sentence
    True
    """
    gain = revenue * margin / 100
    course, net, on_sales = float(roas(revenue, cost)), float(net_roi(gain, cost)), float(net_roi(revenue, cost))
    left = gain - cost
    verdict = f"gagne {_euros(left)}" if left > 0 else f"perd {_euros(-left)}" if left < 0 else "ne gagne ni ne perd rien"
    told = (
        f"ROI du cours (ROAS) : {write_number(course, 2)}, soit {write_number(course, 2)} € de ventes pour 1 €. "
        f"ROI net sur la marge : {_percent(net)} ; la campagne {verdict}. "
        f"Le même ROI net calculé sur le chiffre d’affaires dirait {_percent(on_sales)} : dites toujours quel gain vous comptez. "
        f"À {write_number(margin, 0)} % de marge, il faut un ROI du cours de {write_number(break_even(margin), 2)} "
        "pour ne rien perdre."
    )
    return _returns_figure(cost, revenue, gain, margin), told


def break_even(margin: float) -> float:
    """Return the course's return from which a campaign no longer loses money, for a margin in points.

    Examples
    --------
    >>> break_even(25)
    4.0
    """
    return float(roas(100, margin))


@drawn
def _returns_figure(cost: float, revenue: float, gain: float, margin: float) -> "Figure":
    needed = break_even(margin) * cost
    bars = [("Chiffre d’affaires", revenue, BLUE), ("Marge sur ces ventes", gain, GREEN), ("Investissement", cost, VERMILION)]
    figure = new_figure(3.0)
    axes = figure.add_subplot()
    widest = max(revenue, needed, cost)
    for place, (_, value, colour) in enumerate(bars):
        axes.barh(place, value, height=0.55, color=colour)
        axes.annotate(
            typeset(_euros(value)), (value, place), xytext=(5, 0), textcoords="offset points", va="center", weight="bold"
        )
    axes.plot([needed, needed], [-0.42, 0.42], color=INK, linewidth=2, linestyle="--")
    label = f"seuil : {_euros(needed)}"
    room = text_width(label, 8.5) / 7.5 * widest
    axes.annotate(
        typeset(label),
        (needed, -0.45),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right" if needed + room > 1.2 * widest else "left" if needed < room else "center",
        va="bottom",
        size=8.5,
    )
    axes.set_yticks(range(len(bars)), [name for name, *_ in bars])
    axes.set_ylim(2.5, -0.85)
    axes.set_xlim(0, widest * 1.2)
    number_ticks(axes.xaxis)
    axes.set_xlabel("euros")
    axes.set_title("Ce que la campagne coûte, vend et laisse")
    return describe(
        figure,
        f"Trois barres : chiffre d’affaires {_euros(revenue)}, marge sur ces ventes {_euros(gain)}, "
        f"investissement {_euros(cost)}. "
        f"Un trait marque le chiffre d’affaires à partir duquel la marge paie la campagne : {_euros(needed)}.",
    )


def _euros(amount: float) -> str:
    return f"{write_number(amount, 0)} €"
