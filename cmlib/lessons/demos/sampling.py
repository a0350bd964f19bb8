"""Sampling a community: a net promoter score, and how far it may be from that of everybody."""

from typing import TYPE_CHECKING

import numpy as np

from cmlib.cases.dashboard import PASSIVE, PROMOTER
from cmlib.charts.style import BLUE, GREY, VERMILION, describe, drawn, number_ticks
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.lessons.demos.brands import brand_names, study
from cmlib.lessons.demos.pages import LEGEND, legend_below, panels
from cmlib.lessons.play import Drawn
from cmlib.stats import NetPromoterScore, nps

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SMALLEST, LARGEST, STEP = 10, 160, 5


def recommendation(brand: str, asked: float) -> Drawn:
    """Draw the NPS of the first answers of a survey with its interval, beside that of every other size of sample.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    asked
        Answers counted.
    """
    size = int(asked)
    counts, found = groups(brand, size), score(brand, size)
    sizes = list(range(SMALLEST, LARGEST + 1, STEP))
    scores = [score(brand, other) for other in sizes]
    width = (found.high - found.low) / 2
    side = (
        "tout l’intervalle est au-dessus de zéro"
        if found.low > 0
        else "tout l’intervalle est sous zéro"
        if found.high < 0
        else "zéro est dans l’intervalle : on ne sait pas si les promoteurs l’emportent"
    )
    promoters, passives, detractors = counts
    sentence = (
        f"{_count(promoters, 'promoteur')}, {_count(passives, 'passif')}, {_count(detractors, 'détracteur')} : NPS de "
        f"{_points(found.score)}, à {write_quantity(width, 'points', 0)} près environ ({_points(found.low)} à "
        f"{_points(found.high)}) ; {side}. Pour diviser cette marge par deux, il faut quatre fois plus de réponses."
    )
    return _curve(brand_names()[brand], sizes, scores, size, found), sentence


def groups(brand: str, asked: int) -> tuple[int, int, int]:
    """Count promoters (9 or 10), passives (7 or 8) and detractors (0 to 6) among the first answers of a survey.

    Examples
    --------
    >>> sum(groups("velambule", 40))
    40
    """
    marks = study(brand).survey["recommandation"].dropna().head(asked)
    promoters, passives = int((marks >= PROMOTER).sum()), int(((marks >= PASSIVE) & (marks < PROMOTER)).sum())
    return promoters, passives, len(marks) - promoters - passives


def score(brand: str, asked: int) -> NetPromoterScore:
    """Return the NPS of the first answers of a survey, with its interval."""
    return nps(*groups(brand, asked))


def _count(count: int, noun: str) -> str:
    return f"{count} {plural(count, noun)}"


def _points(value: float) -> str:
    rounded = round(value)
    return f"{'−' if rounded < 0 else '+' if rounded > 0 else ''}{write_number(abs(rounded), 0)}"


@drawn
def _curve(name: str, sizes: list[int], scores: list[NetPromoterScore], size: int, found: NetPromoterScore) -> "Figure":
    figure, (axes,) = panels(3.8, below=0.5 + LEGEND)
    low, middle, high = (np.array([getattr(one, part) for one in scores]) for part in ("low", "score", "high"))
    axes.fill_between(sizes, low, high, color=BLUE, alpha=0.18, linewidth=0, label="intervalle de confiance à 95\u202f%")
    axes.plot(sizes, middle, color=BLUE, label="NPS des premières réponses")
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.errorbar(
        [size],
        [found.score],
        [[found.score - found.low], [found.high - found.score]],
        fmt="o",
        color=VERMILION,
        markersize=8,
        capsize=6,
        label="votre échantillon",
    )
    axes.set_xlim(0, LARGEST + 5)
    axes.set_ylim(-75, 75)
    number_ticks(axes.yaxis)
    axes.grid(axis="y")
    axes.set_xlabel("réponses comptées")
    axes.set_ylabel("NPS, en points")
    axes.set_title(typeset(f"{name} : le NPS selon le nombre de réponses"), y=1.02)
    legend_below(figure, 3)
    span = [f"{_points(one.low)} à {_points(one.high)}" for one in (scores[0], scores[-1], found)]
    ends = f"{span[0]} pour {sizes[0]} réponses, {span[1]} pour {sizes[-1]}"
    return describe(
        figure,
        f"{name} : NPS de {_points(found.score)} avec {size} réponses, intervalle de {span[2]}. "
        f"L’intervalle se resserre quand on interroge plus de monde : {ends}.",
    )
