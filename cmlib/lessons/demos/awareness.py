"""Awareness before and after a campaign: whether a sample proves that it moved."""

from typing import TYPE_CHECKING, NamedTuple

from cmlib.charts.style import BLUE, GREY, VERMILION, describe, drawn, number_ticks
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.lessons.demos.brands import brand_names, study
from cmlib.lessons.demos.pages import panels
from cmlib.lessons.play import Drawn
from cmlib.stats import Change, Interval, compare_shares, wilson_interval

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INDICATORS = {"assistee": "notoriété assistée", "spontanee": "notoriété spontanée"}
"""Awareness asked before and after the campaign, by the beginning of its columns."""

DESIGNS = {
    "panel": "les mêmes personnes, avant et après",
    "groupes": "deux moitiés : l’une avant, l’autre après",
}
"""Who is asked, by id: a panel (McNemar's test), or two halves without anybody in common (z-test)."""

THRESHOLD = 0.05  # the usual risk, a convention
LARGEST = 400


class Wave(NamedTuple):
    """A wave of a survey: who said yes, out of how many, and Wilson's interval."""

    yes: int
    asked: int
    interval: Interval


def before_after(brand: str, indicator: str, asked: float, design: str) -> Drawn:
    """Draw awareness before and after a campaign with its intervals, and tell whether the difference is more than chance.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    indicator
        A key of `INDICATORS`.
    asked
        Respondents kept: the first ones of the survey.
    design
        A key of `DESIGNS`.
    """
    change, waves = comparison(brand, indicator, int(asked), design)
    proved = change.pvalue < THRESHOLD
    moved = (change.after - change.before) * 100
    told = f"{'+' if moved > 0 else '−' if moved < 0 else ''}{write_quantity(abs(moved), 'points', 1)}"
    test = "test de McNemar" if change.test == "mcnemar" else "test z"
    chance = "moins de 0,1 %" if change.pvalue < 0.001 else write_quantity(change.pvalue, "%", 1)
    verdict = (
        "l’écart dépasse ce que le hasard explique d’ordinaire : on peut parler d’une hausse"
        if proved and moved > 0
        else "l’écart dépasse ce que le hasard explique d’ordinaire : on peut parler d’une baisse"
        if proved
        else "on ne peut rien conclure : un tel écart arrive trop souvent par hasard"
    )
    sentence = (
        f"{told} ({test}). Si la campagne n’avait rien changé, un écart au moins aussi grand arriverait dans {chance} des cas. "
        f"{verdict[0].upper()}{verdict[1:]}. "
        f"Chaque vague compte {write_number(waves[0].asked, 0)} {plural(waves[0].asked, 'réponse')}."
    )
    title = f"{brand_names()[brand]} : {INDICATORS[indicator]}, {DESIGNS[design]}"
    return _waves(title, waves, proved), sentence


def comparison(brand: str, indicator: str, asked: int, design: str) -> tuple[Change, tuple[Wave, Wave]]:
    """Compare both waves of the survey with the test that the design calls for; see `before_after`.

    Examples
    --------
    >>> comparison("velambule", "assistee", 400, "panel")[0].test
    'mcnemar'
    """
    people = study(brand).survey.head(asked)
    half = len(people) // 2
    first, second = (people, people) if design == "panel" else (people.head(half), people.iloc[half : 2 * half])
    answers = [
        dict(zip(wave["repondant"], wave[f"{indicator}_{when}"], strict=True))
        for wave, when in ((first, "avant"), (second, "apres"))
    ]
    before, after = (_wave([bool(answer) for answer in wave.values()]) for wave in answers)
    return compare_shares(*answers), (before, after)


def _wave(answers: list[bool]) -> Wave:
    return Wave(sum(answers), len(answers), wilson_interval(sum(answers), len(answers)))


@drawn
def _waves(title: str, waves: tuple[Wave, Wave], proved: bool) -> "Figure":
    figure, (axes,) = panels(3.2)
    told = []
    most = min(1.0, max(wave.interval.high for wave in waves) * 1.25)
    for row, (when, wave, colour) in enumerate(zip(("avant", "après"), waves, (GREY, BLUE), strict=True)):
        share, (low, high) = wave.yes / wave.asked, wave.interval
        axes.plot([low, high], [row, row], color=colour, linewidth=9, alpha=0.35, solid_capstyle="butt")
        axes.plot([share], [row], "o" if row else "s", color=colour, markersize=9)
        span = f"{write_quantity(share, '%', 1)}, entre {write_quantity(low, '%', 1)} et {write_quantity(high, '%', 1)}"
        end, side = (low, "left") if share < most / 2 else (high, "right")  # so that the words stay on the page
        axes.annotate(typeset(span), (end, row), xytext=(0, 12), textcoords="offset points", ha=side, weight="bold")
        told.append(f"{when}, {span} pour {write_number(wave.asked, 0)} réponses")
    axes.set_yticks((0, 1), ("avant", "après"), size=10)
    axes.set_ylim(1.45, -0.65)
    axes.set_xlim(0, most)
    number_ticks(axes.xaxis, "%")
    axes.grid(axis="x")
    axes.set_xlabel("part des personnes interrogées ; bande : intervalle de confiance à 95 % (Wilson)".replace(" %", "\u202f%"))
    axes.set_title(typeset(title), y=1.02)
    verdict = "écart significatif au seuil de 5 %" if proved else "écart non significatif au seuil de 5 %"
    axes.annotate(
        typeset(verdict), (0.99, 0.04), xycoords="axes fraction", ha="right", weight="bold", color=BLUE if proved else VERMILION
    )
    return describe(figure, f"{title}. {' ; '.join(told)}. {verdict[0].upper()}{verdict[1:]}.")
