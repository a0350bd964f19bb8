"""A brand's year of conversations, its crisis, and what becomes of it when the brand replies, keeps silent or erases.

The year and the clock are counted on the mentions of the brand; what a reaction does to the tone is the model's, whose
figures are hypotheses (table ``modele``).
"""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cmlib.campaign import simulate
from cmlib.charts import sentiment_timeline
from cmlib.charts.style import BLUE, GREY, PURPLE, VERMILION, describe, drawn, number_ticks, to_html
from cmlib.data import datasets
from cmlib.french import plural, typeset, write_date, write_number, write_quantity
from cmlib.inputs import Array
from cmlib.lessons.demos.brands import brand_names, study
from cmlib.lessons.demos.markup import text
from cmlib.lessons.demos.pages import LEGEND, legend_below, panels
from cmlib.lessons.play import Drawn
from cmlib.references import load
from cmlib.reputation import Crisis, daily_sentiment, detect_crisis, reputation_around, tone_around
from cmlib.responses import Reply, response_problems
from cmlib.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEVER = 97.0
"""Hours of delay beyond which nothing is planned: the end of the sliders."""

VIEWS = {"annee": "toute l’année", "crise": "les semaines de la crise"}
REMOVED = {"rien": "rien", "injures": "les seules injures", "critiques": "les critiques"}
MANNERS = {
    "complete": "s’excuse et annonce des actes datés",
    "excuses": "s’excuse, sans annoncer d’acte",
    "actes": "annonce des actes, sans s’excuser",
    "defense": "se défend : ni excuse, ni acte",
}
PLACES = {"meme": "sur la même plateforme", "ailleurs": "ailleurs (site, communiqué)"}
REACTIONS = {"reponse": "répondre dans les règles", "silence": "se taire", "suppression": "effacer les critiques"}
"""What the model knows how to simulate, by id."""

WEEKS = 26
_HIT_WEEK = 3
_AROUND = 14  # days shown before and after a crisis
_LOST = 0.05  # within five points of the ordinary tone, the crisis is over: a hypothesis of the demonstration


class Story(NamedTuple):
    """The crisis of a brand, and the moments of its negative mentions, in hours from the first one."""

    crisis: Crisis
    hours: Array


def year(brand: str, view: str) -> Drawn:
    """Draw the mentions of a brand over its year, and the crisis that they hold.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    view
        A key of `VIEWS`.
    """
    mentions, crisis = study(brand).mentions, story(brand).crisis
    tone, ratio = tone_around(mentions, crisis), reputation_around(mentions, crisis)
    assert crisis.end is not None and None not in (*tone, *ratio)
    days = (crisis.end - crisis.start).days + 1
    before, during, after = (write_quantity(share or 0.0, "%", 0) for share in tone)
    sentence = (
        f"{write_number(len(mentions), 0)} mentions en un an. La crise dure {days} jours et culmine le "
        f"{write_date(crisis.peak, 'long')}, avec {crisis.worst} critiques en un jour, contre {write_number(crisis.baseline, 1)} "
        f"un jour ordinaire. Part des mentions positives parmi celles qui prennent parti : {before} avant, {during} pendant, "
        f"{after} après ; soit {write_number(ratio.before or 0.0, 1)} mentions positives pour une négative avant, "
        f"{write_number(ratio.during or 0.0, 2)} pendant."
    )
    daily = daily_sentiment(mentions)
    if view == "crise":
        around = pd.Timedelta(days=_AROUND)
        daily = daily.loc[pd.Timestamp(crisis.start) - around : pd.Timestamp(crisis.end) + around]
    figure = sentiment_timeline(daily, crisis)
    figure.set_layout_engine("none")  # it is laid out: once is enough
    return figure, sentence


def clock(brand: str, acknowledged: float, answered: float, manner: str, removed: str, place: str) -> Drawn:
    """Draw the criticism as it piles up hour by hour, when the brand speaks, and the rules that its reply breaks.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    acknowledged, answered
        Hours from the first criticism to the acknowledgement, and to the answer in substance; `NEVER`: not planned.
    manner, removed, place
        Keys of `MANNERS`, `REMOVED`, `PLACES`.
    """
    hours = story(brand).hours
    seen, said = (None if delay >= NEVER else delay for delay in (acknowledged, answered))
    if seen is None or (said is not None and said < seen):
        seen = said  # an answer in substance also acknowledges
    planned = Reply(
        _delay(seen),
        _delay(said),
        same_platform=place == "meme",
        deleted_messages={"rien": 0, "injures": 2, "critiques": 6}[removed],
        deleted_illegal=2 if removed == "injures" else 0,
        apologises=manner in ("complete", "excuses"),
        announces_action=manner in ("complete", "actes"),
        legal_risk=False,
        lawyer_consulted=False,
    )
    broken = response_problems(planned)
    told = "".join(f"<li>{text(sentence)}</li>" for sentence in broken)
    verdict = (
        f"<p><strong>{text(f'À revoir ({len(broken)}) :')}</strong></p><ul>{told}</ul>"
        if broken
        else f"<p><strong>{text('Aucune règle n’est enfreinte.')}</strong></p>"
    )
    total = hours.size
    sentence = f"{brand_names()[brand]} : {total} critiques pendant la crise, la moitié dans les "
    sentence += f"{write_number(float(np.median(hours)), 0)} premières heures. "
    if seen is None:
        sentence += "Vous ne dites rien : tout le récit s’écrit sans vous."
    else:
        first = int((hours <= seen).sum())
        sentence += f"Quand vous prenez la parole, {first} {plural(first, 'critique est', 'critiques sont')} déjà en ligne."
        if said is not None and said > seen:
            later = int((hours <= said).sum())
            sentence += f" Quand vous répondez sur le fond, il y en a {later}."
    return to_html(_piled(brand_names()[brand], hours, seen, said)) + verdict, sentence


def aftermath(brand: str, reaction: str) -> Drawn:
    """Draw the tone week after week that the model gives for three reactions to the crisis of a brand.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`; the severity of the crisis is read in its mentions.
    reaction
        A key of `REACTIONS`.
    """
    severity = fall(brand)
    tones = {name: tone_after(severity, name) for name in REACTIONS}
    figures = load("modele").set_index("parameter")["value"].astype(float)
    back = {name: weeks_to_recover(tone) for name, tone in tones.items()}
    chosen = tones[reaction]
    answered, silent = figures["crise_demi_vie_repondue"], figures["crise_demi_vie_muette"]
    sentence = (
        f"{brand_names()[brand]} : la tonalité perd {write_quantity(severity, '%', 0)} de sa valeur. "
        f"{REACTIONS[reaction][0].upper()}{REACTIONS[reaction][1:]} : {write_quantity(float(chosen.min()), '%', 0)} au plus bas, "
        f"retour à moins de {write_quantity(100 * _LOST, 'points', 0)} de l’ordinaire {_when(back[reaction])}"
        + ("." if reaction == "reponse" else f" ; en répondant, {_when(back['reponse'])}.")
        + f" Hypothèses du modèle : l’écart se réduit de moitié en {write_number(answered, 1)} {plural(answered, 'semaine')} si "
        f"la marque répond bien, en {write_number(silent, 1)} si elle se tait ; effacer multiplie le choc par "
        f"{write_number(figures['crise_suppression'], 1)}."
    )
    return _recovery(brand_names()[brand], tones, reaction, float(figures["tonalite"])), sentence


@cache
def story(brand: str) -> Story:
    """Find the crisis of a brand, and when its criticism came."""
    mentions = study(brand).mentions
    crisis = detect_crisis(mentions)
    assert crisis is not None and crisis.end is not None, "each brand of the kit has a crisis that is over"
    days = mentions["published_at"].dt.normalize()
    during = (days >= pd.Timestamp(crisis.start)) & (days <= pd.Timestamp(crisis.end))
    moments = mentions.loc[during & (mentions["sentiment"] == "negative"), "published_at"].sort_values()
    return Story(crisis, ((moments - moments.iloc[0]) / pd.Timedelta(hours=1)).to_numpy(float))


def fall(brand: str) -> float:
    """Return how much of its tone a brand lost during its crisis: 0 nothing, 1 all of it.

    Examples
    --------
    >>> 0.5 < fall("velambule") < 1
    True
    """
    tone = tone_around(study(brand).mentions, story(brand).crisis)
    assert tone.before and tone.during is not None
    return max(0.0, 1 - tone.during / tone.before)


@cache
def tone_after(severity: float, reaction: str) -> Array:
    """Return the tone of each week that the model gives, when a crisis hits in the third one."""
    base = read_scenario(datasets() / "scenarios" / "velambule-crise.yml")
    quiet = {"weeks": WEEKS, "paid": [], "owned": [], "articles": 0.0, "earned": {}, "levers": []}
    hit = {"crisis": {"week": _HIT_WEEK, "severity": severity, "response": reaction}}
    return simulate(Scenario.model_validate(base.model_dump() | quiet | hit), draws=1).mean["sentiment"]


def weeks_to_recover(tone: Array) -> int | None:
    """Count the weeks between the crisis and a tone within five points of the ordinary one; None beyond the horizon.

    Examples
    --------
    >>> weeks_to_recover(np.array([0.7, 0.7, 0.2, 0.5, 0.66]))
    2
    """
    back = np.flatnonzero(tone[_HIT_WEEK - 1 :] >= tone[0] - _LOST)
    return int(back[0]) if back.size else None


def _delay(hours: float | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=hours)


def _when(weeks: int | None) -> str:
    if weeks is None:
        return f"après plus de {WEEKS - _HIT_WEEK} semaines"
    return f"en {weeks} {plural(weeks, 'semaine')}"


@drawn
def _piled(name: str, hours: Array, seen: float | None, said: float | None) -> "Figure":
    figure, (axes,) = panels(3.3)
    last = float(max(hours[-1], 100.0))
    axes.step([*hours, last], [*range(1, hours.size + 1), hours.size], where="post", color=VERMILION)
    axes.fill_between(
        [*hours, last], [*range(1, hours.size + 1), hours.size], step="post", color=VERMILION, alpha=0.12, linewidth=0
    )
    marks = [(said, "réponse de fond", PURPLE, 0.62), (seen if seen != said else None, "accusé de réception", BLUE, 0.82)]
    told = []
    for moment, what, colour, height in marks:
        if moment is None:
            continue
        count = int((hours <= moment).sum())
        axes.axvline(moment, color=colour, linewidth=2, linestyle="-" if colour == BLUE else "--")
        right = moment > last * 0.6
        label = f"{what} : {write_number(moment, 0)} h, {count} {plural(count, 'critique')}"
        axes.annotate(
            typeset(label), (moment, height), xycoords=("data", "axes fraction"), xytext=(-6 if right else 6, 0),
            textcoords="offset points", ha="right" if right else "left", color=colour, weight="bold",
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
        told.append(label)
    axes.set_xlim(0, last)
    axes.set_ylim(0, hours.size * 1.08)
    number_ticks(axes.yaxis)
    axes.set_xticks(range(0, int(last) + 1, 24), [f"{hour}\u00a0h" for hour in range(0, int(last) + 1, 24)])
    axes.grid(axis="y")
    axes.set_xlabel("heures depuis la première critique")
    axes.set_title(typeset(f"{name} : les critiques s’accumulent"), y=1.02)
    half = float(np.median(hours))
    spoken = " ; ".join(reversed(told)) if told else "la marque ne dit rien"
    return describe(
        figure,
        f"{name} : {hours.size} critiques en {write_number(float(hours[-1]), 0)} heures, la moitié en {write_number(half, 0)}. "
        f"{spoken[0].upper()}{spoken[1:]}.",
    )


@drawn
def _recovery(name: str, tones: dict[str, Array], reaction: str, usual: float) -> "Figure":
    figure, (axes,) = panels(3.8, below=0.5 + LEGEND)
    weeks = np.arange(1, WEEKS + 1)
    looks = {"reponse": (BLUE, "-", "o"), "silence": (PURPLE, "--", "s"), "suppression": (VERMILION, "-.", "^")}
    for other, tone in tones.items():
        colour, line, marker = looks[other]
        own = other == reaction
        axes.plot(
            weeks, tone, color=colour, linestyle=line, marker=marker, markersize=7 if own else 4, linewidth=3 if own else 1.3,
            alpha=1 if own else 0.75, zorder=3 if own else 2, label=REACTIONS[other] + (" (votre choix)" if own else ""),
        )  # fmt: skip
    axes.axhline(usual, color=GREY, linestyle=":", linewidth=1.2)
    axes.annotate(
        typeset(f"ordinaire : {write_quantity(usual, '%', 0)}"), (WEEKS, usual), xytext=(0, 4), textcoords="offset points",
        ha="right", size=8.5,
    )  # fmt: skip
    axes.set_ylim(0, 1)
    axes.set_xlim(0.5, WEEKS + 0.5)
    axes.set_xticks(weeks[::2])
    number_ticks(axes.yaxis, "%")
    axes.grid(axis="y")
    axes.set_xlabel(f"semaine ; la crise frappe en semaine {_HIT_WEEK}")
    axes.set_title(typeset(f"{name} : tonalité selon la réaction (modèle, hypothèses)"), y=1.02)
    legend_below(figure, 3)
    told = " ; ".join(
        f"{REACTIONS[other]}, {write_quantity(float(tone.min()), '%', 0)} au plus bas, "
        f"{write_quantity(float(tone[-1]), '%', 0)} en semaine {WEEKS}"
        for other, tone in tones.items()
    )
    return describe(figure, f"{name}, tonalité par semaine selon le modèle, ordinaire {write_quantity(usual, '%', 0)}. {told}.")
