"""One account, six engagement rates: by which audience, and how posts are put together."""

from typing import TYPE_CHECKING

from cmlib.charts.style import BLUE, describe, drawn
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.lessons.demos.brands import brand_names, study
from cmlib.lessons.demos.pages import LEGEND, legend_below, panels
from cmlib.lessons.play import Drawn
from cmlib.rates import Aggregate, Denominator, engagement_rate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DENOMINATORS: dict[Denominator, str] = {
    "reach": "par personne touchée",
    "impressions": "par impression",
    "followers": "par abonné",
}
"""What interactions are divided by, in French."""

AGGREGATES: dict[Aggregate, str] = {
    "ratio_of_sums": "toutes les interactions / toute l’audience",
    "mean_of_ratios": "moyenne des taux des publications",
}
"""How posts are put together, in French."""

POSTS = {
    "toutes": "toutes ses publications",
    "organiques": "sans celles qui ont été payées",
    "payees": "les seules publications payées",
}
"""Posts counted, by id."""

Rates = dict[tuple[Denominator, Aggregate], float]


def denominators(brand: str, posts: str) -> Drawn:
    """Draw the engagement rates of a brand's posts: by reach, by impressions and by followers, put together in two ways.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    posts
        A key of `POSTS`.
    """
    found, count = rates(brand, posts)
    low, high = min(found, key=lambda key: found[key]), max(found, key=lambda key: found[key])
    by_sums, by_mean = found["reach", "ratio_of_sums"], found["reach", "mean_of_ratios"]
    why = "les deux calculs se valent"
    if by_mean > 1.1 * by_sums:
        why = (
            "la moyenne des taux dépasse le rapport des sommes : des publications très vues, qui font peu réagir, "
            "pèsent peu dans cette moyenne"
        )
    elif by_sums > 1.1 * by_mean:
        why = "le rapport des sommes dépasse la moyenne des taux : les publications très vues font plus réagir que les autres"
    sentence = (
        f"{write_number(count, 0)} {plural(count, 'publication')}, six taux justes : de {write_quantity(found[low], '%')} "
        f"({DENOMINATORS[low[0]]}) à {write_quantity(found[high], '%')} ({DENOMINATORS[high[0]]}), soit "
        f"{write_number(found[high] / found[low], 1)} fois plus. Par personne touchée, {why}."
    )
    return _grouped(f"{brand_names()[brand]}, {POSTS[posts]}", found), sentence


def rates(brand: str, posts: str) -> tuple[Rates, int]:
    """Return the six rates, and the number of posts that they count; see `denominators`.

    Examples
    --------
    >>> len(rates("velambule", "toutes")[0])
    6
    """
    table = study(brand).posts
    if posts != "toutes":
        table = table[(table["spend"] > 0) == (posts == "payees")]
    return {(by, how): engagement_rate(table, by, how) for by in DENOMINATORS for how in AGGREGATES}, len(table)


@drawn
def _grouped(title: str, found: Rates) -> "Figure":
    figure, (axes,) = panels(3.3, left=1.6, below=0.1 + LEGEND)
    for rank, (how, label) in enumerate(AGGREGATES.items()):
        places = [row + (rank - 0.5) * 0.38 for row in range(len(DENOMINATORS))]
        values = [found[by, how] for by in DENOMINATORS]
        fill = {"color": BLUE} if rank == 0 else {"facecolor": "#bcd0ec", "edgecolor": BLUE, "hatch": "///", "linewidth": 0.6}
        axes.barh(places, values, 0.36, label=label, **fill)
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                write_quantity(value, "%"), (value, place), xytext=(5, 0), textcoords="offset points", va="center", weight="bold"
            )
    axes.set_yticks(range(len(DENOMINATORS)), list(DENOMINATORS.values()), size=10)
    axes.set_ylim(len(DENOMINATORS) - 0.4, -0.6)
    axes.set_xlim(0, max(found.values()) * 1.12)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_title(typeset(f"Taux d’engagement : {title}"), y=1.02)
    legend_below(figure, 2)
    said = {key: f"{write_quantity(rate, '%')} ({AGGREGATES[key[1]]})" for key, rate in found.items()}
    told = " ; ".join(f"{label}, {' et '.join(said[by, how] for how in AGGREGATES)}" for by, label in DENOMINATORS.items())
    return describe(figure, f"Taux d’engagement, {title}. {told[0].upper()}{told[1:]}.")
