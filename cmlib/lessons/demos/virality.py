"""Why a message dies out or spreads: the threshold R = 1, then adoption by imitation."""

from typing import TYPE_CHECKING

import numpy as np

from cmlib.charts.style import BLUE, GREY, VERMILION, describe, drawn, number_ticks, people
from cmlib.diffusion import bass_adoption_rate, bass_cumulative, bass_peak_time, branching_extinction, branching_total_size
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.lessons.demos.pages import panels
from cmlib.lessons.play import Drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

R_MAX = 2.0
WEEKS = 26
NEARLY = 0.99


def chain(r: float, seeds: float) -> Drawn:
    """Draw what a message becomes, whose sharers make ``r`` other people share it on average.

    Parameters
    ----------
    r
        People whom a sharer makes share, on average.
    seeds
        People who share at the start.
    """
    total = float(branching_total_size(r, seeds))
    out = float(branching_extinction(r)) ** seeds  # each of the seeds starts a chain of its own
    start = f"{write_number(seeds, 0)} {plural(seeds, 'personne')} au départ"
    if np.isfinite(total):
        each, further = float(branching_total_size(r, 1)), (1 + r) / 2
        assert np.isclose(branching_total_size(further, seeds), 2 * total)
        sentence = (
            f"R = {write_number(r)}, sous 1 : la chaîne s’éteint toujours. Avec {start}, elle compte en moyenne "
            f"{write_number(total, 0)} {plural(total, 'partage')} en tout, départ compris : "
            f"{write_number(each, 1)} par personne recrutée au départ. "
            f"Pour doubler ce total : deux fois plus de monde au départ, ou un message dont R vaut {write_number(further, 3)}."
        )
    elif r == 1:
        sentence = (
            f"R = 1, juste le seuil : la chaîne finit toujours par s’éteindre, mais sa taille moyenne n’a plus de limite. "
            f"Avec {start}, tout tient à la chance des premiers partages."
        )
    else:
        sentence = (
            f"R = {write_number(r)}, au-dessus de 1 : avec {start}, le message s’éteint malgré tout "
            f"{_times(out)}. Sinon, seule la taille du public l’arrête."
        )
    return _threshold(r, seeds, total, out), sentence


def adoption(p: float, q: float) -> Drawn:
    """Draw Bass's curve of adoption: those who come by themselves, and those who follow.

    Parameters
    ----------
    p
        Innovation, a week, in % of those who will adopt.
    q
        Imitation, a week, in %.
    """
    innovation, imitation = p / 100, q / 100
    peak = bass_peak_time(innovation, imitation)
    end = float(bass_cumulative(WEEKS, innovation, imitation))
    when = f"culmine en semaine {write_number(peak, 0)}" if peak >= 1 else "décroît dès le lancement, faute d’imitation"
    if peak > WEEKS:
        when = f"n’a pas encore culminé (le sommet viendrait en semaine {write_number(peak, 0)})"
    sentence = (
        f"Le nombre de nouveaux adeptes {when} ; au bout de {WEEKS} semaines, {write_quantity(end, '%', 1)} du public qui "
        "finira par venir est là. "
        "Les premiers viennent d’eux-mêmes (p) ; les suivants viennent parce qu’ils voient les autres (q)."
    )
    return _bass(innovation, imitation, peak, end), sentence


def _times(chance: float) -> str:
    """Say a probability.

    Examples
    --------
    >>> _times(0.004), _times(0.2)
    ('moins d’une fois sur cent', '20\u202f% du temps')
    """
    return "moins d’une fois sur cent" if chance < 0.01 else f"{write_quantity(chance, '%', 0)} du temps"


@drawn
def _threshold(r: float, seeds: float, total: float, out: float) -> "Figure":
    figure, (left, right) = panels(3.6, columns=2)
    below = np.linspace(0, NEARLY, 200)
    left.plot(below, np.asarray(branching_total_size(below, seeds)), color=BLUE)
    left.set_yscale("log")
    left.set_ylim(seeds * 0.8, seeds * 100)
    left.minorticks_off()
    ticks = [seeds, seeds * 2, seeds * 5, seeds * 10, seeds * 50, seeds * 100]
    left.set_yticks(ticks, [people(tick) for tick in ticks])
    left.set_title(typeset("Partages en tout, en moyenne"), y=1.02)
    line = np.linspace(0, R_MAX, 401)
    right.plot(line, np.asarray(branching_extinction(line)) ** seeds, color=BLUE)
    right.set_ylim(0, 1.08)
    right.set_yticks((0, 0.25, 0.5, 0.75, 1))
    number_ticks(right.yaxis, "%")
    right.set_title(typeset("Probabilité que la chaîne s’éteigne"), y=1.02)
    for axes in (left, right):
        axes.axvline(1, color=GREY, linestyle=":", linewidth=1.2)
        axes.annotate(
            "seuil R = 1", (1, 0.93), xycoords=("data", "axes fraction"), xytext=(4, 0), textcoords="offset points", size=8.5
        )
        axes.set_xlim(0, R_MAX)
        axes.set_xticks((0, 0.5, 1, 1.5, 2))
        axes.set_xlabel("R : personnes qu’un partage fait partager")
        axes.grid(axis="y")
        number_ticks(axes.xaxis)
    left.axvspan(1, R_MAX, color="#f2f2f2", zorder=0)
    left.annotate(
        typeset("pas de limite :\nseule la taille\ndu public arrête"),
        (1.5, 0.5),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="center",
    )
    finite = np.isfinite(total)
    if finite:
        left.plot([r], [min(total, seeds * 100)], "o", color=VERMILION, markersize=9, clip_on=False)
    right.plot([r], [out], "o", color=VERMILION, markersize=9, clip_on=False)
    reached = (
        f"{write_number(total, 0)} {plural(total, 'partage')} en tout, en moyenne" if finite else "taille moyenne sans limite"
    )
    return describe(
        figure,
        f"Partage en chaîne pour R = {write_number(r)}, {write_number(seeds, 0)} {plural(seeds, 'personne')} au départ : "
        f"{reached} ; "
        f"probabilité d’extinction {write_quantity(out, '%', 1)}. À gauche, le total s’envole quand R approche 1 ; à droite, "
        "l’extinction est certaine jusqu’à R = 1, puis de moins en moins probable.",
    )


@drawn
def _bass(p: float, q: float, peak: float, end: float) -> "Figure":
    figure, (left, right) = panels(3.4, columns=2)
    weeks = np.linspace(0, WEEKS, 261)
    left.plot(weeks, np.asarray(bass_adoption_rate(weeks, p, q)), color=VERMILION)
    left.set_title("Nouveaux adeptes, par semaine", y=1.02)
    if 0 < peak <= WEEKS:
        left.axvline(peak, color=GREY, linestyle=":", linewidth=1.2)
        left.annotate(
            typeset(f"sommet : semaine {write_number(peak, 0)}"),
            (peak, 0.04),
            xycoords=("data", "axes fraction"),
            xytext=(4, 0),
            textcoords="offset points",
            size=8.5,
        )
    left.set_ylim(bottom=0)
    right.plot(weeks, np.asarray(bass_cumulative(weeks, p, q)), color=BLUE)
    right.set_title("Adeptes depuis le lancement", y=1.02)
    right.set_ylim(0, 1.05)
    right.set_yticks((0, 0.25, 0.5, 0.75, 1))
    for axes in (left, right):
        axes.set_xlim(0, WEEKS)
        axes.set_xticks(range(0, WEEKS + 1, 5))
        axes.set_xlabel("semaine")
        number_ticks(axes.yaxis, "%")
        number_ticks(axes.xaxis)
        axes.grid(axis="y")
    at = f"sommet en semaine {write_number(peak, 0)}" if peak > 0 else "pas de sommet, la courbe décroît"
    return describe(
        figure,
        f"Diffusion de Bass avec p = {write_quantity(p, '%')} et q = {write_quantity(q, '%')} par semaine : {at} ; "
        f"{write_quantity(end, '%', 1)} des adeptes au bout de {WEEKS} semaines.",
    )
