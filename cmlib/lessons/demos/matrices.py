"""Two maps of the course: what people say of a brand (relational territory), what they expect of a change (attitudes)."""

from functools import partial
from typing import TYPE_CHECKING, Any

from cmlib.charts.style import (
    BLUE,
    GREY,
    INK,
    PALE_BLUE,
    PALE_GREY,
    PALE_VERMILION,
    VERMILION,
    describe,
    drawn,
    enumerate_in_french,
    new_figure,
    number_ticks,
)
from cmlib.french import typeset, write_number, write_quantity
from cmlib.lessons.play import Drawn
from cmlib.targets import ATTITUDES, TERRITORIES, attitude_matrix, relational_territory

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUIET, LOVED = 5.0, 0.5
"""Mentions a week under which a brand is not talked about, and share from which it is loved: hypotheses of the project."""

MOST_MENTIONS = 40

SECTORS = {"non": "non : un plat, un vêtement, un spectacle", "oui": "oui : santé, sécurité ou enfance"}

_percent = partial(write_quantity, unit="%", decimals=0)


def territory(mentions: float, defended: float, sensitive: str) -> Drawn:
    """Draw the territories of a brand, and where it stands.

    Parameters
    ----------
    mentions
        Mentions a week.
    defended
        Mentions that praise or defend it, in points of all mentions.
    sensitive
        A key of `SECTORS`.

    Examples
    --------
    >>> territory(3, 80, "non")[1].startswith("Marque sous le radar")
    True
    """
    at_stake = sensitive == "oui"
    place = TERRITORIES[relational_territory(mentions, defended / 100, at_stake, QUIET, LOVED)]
    told = f"{place.name} ({place.sign}) : {place.action}. "
    if at_stake:
        told += "Le sujet l’emporte sur les mentions : bougez les curseurs, rien ne change."
    else:
        told += (
            f"Seuils pris par hypothèse : moins de {write_number(QUIET, 0)} mentions par semaine, on ne parle pas de vous ; "
            f"à partir de {_percent(LOVED)} de mentions qui défendent la marque, elle est aimée."
        )
    return _territory_figure(mentions, defended / 100, at_stake, place.name), told


@drawn
def _territory_figure(mentions: float, defended: float, at_stake: bool, name: str) -> "Figure":
    figure = new_figure(3.9, layout=None)
    axes = figure.add_axes((0.08, 0.13, 0.9, 0.78))
    zones = [
        ("radar", 0.0, 0.0, QUIET, 1.0, PALE_GREY),
        ("aimee", QUIET, LOVED, MOST_MENTIONS - QUIET, 1 - LOVED, PALE_BLUE),
        ("fonctionnelle", QUIET, 0.0, MOST_MENTIONS - QUIET, LOVED, "#ffffff"),
    ]
    for zone, x, y, width, height, fill in zones:
        axes.fill([x, x + width, x + width, x], [y, y, y + height, y + height], facecolor=fill, edgecolor=GREY, linewidth=0.8)
        if not at_stake:
            turned = 90 if zone == "radar" else 0
            words = TERRITORIES[zone].name if zone == "radar" else f"{TERRITORIES[zone].name}\n{TERRITORIES[zone].action}"
            weight = "bold" if TERRITORIES[zone].name == name else "normal"
            axes.text(
                x + width / 2, y + height / 2, typeset(words), ha="center", va="center", size=9.5, weight=weight, rotation=turned
            )
    if at_stake:
        axes.fill(
            [0, MOST_MENTIONS, MOST_MENTIONS, 0],
            [0, 0, 1, 1],
            facecolor=PALE_VERMILION,
            edgecolor=VERMILION,
            hatch="//",
            alpha=0.8,
        )
        words = f"{name}\n{TERRITORIES['sensible'].action}"
        box = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 4}
        axes.text(MOST_MENTIONS / 2, 0.5, words, ha="center", va="center", size=10.5, weight="bold", bbox=box)
    axes.plot([mentions], [defended], marker="o", markersize=13, color=BLUE, markeredgecolor="#ffffff", clip_on=False, zorder=5)
    late = mentions > 0.75 * MOST_MENTIONS
    axes.annotate(
        "votre marque",
        (mentions, defended),
        xytext=(-11 if late else 11, 0),
        textcoords="offset points",
        ha="right" if late else "left",
        va="center",
        weight="bold",
        color=BLUE,
        bbox={"facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.85, "pad": 1},
    )
    axes.set_xlim(0, MOST_MENTIONS)
    axes.set_ylim(0, 1)
    number_ticks(axes.yaxis, "%")
    number_ticks(axes.xaxis)
    axes.set_xlabel("mentions de la marque par semaine")
    axes.set_ylabel("part qui la défend")
    axes.set_title("Territoire relationnel", pad=12)
    return describe(
        figure,
        f"Carte des territoires relationnels : {write_number(mentions, 0)} mentions par semaine, dont {_percent(defended)} "
        f"défendent la marque. Elle est dans le territoire « {name} ».",
    )


PERCEPTIONS = {
    "gain": "y voit un gain, aucune perte",
    "gain-perte": "y voit un gain et une perte",
    "rien": "n’y voit ni gain ni perte",
    "perte": "y voit une perte, aucun gain",
}
"""What a public sees in a change, by id."""

_SEEN = {"gain": (True, False), "gain-perte": (True, True), "rien": (False, False), "perte": (False, True)}

PUBLICS = {"regulars": "clients réguliers", "parents": "parents du quartier", "neighbours": "restaurateurs voisins"}
"""Publics of « La Marmite du Coin », by the name of their control."""


def attitudes(regulars: str, parents: str, neighbours: str) -> Drawn:
    """Draw the matrix of attitudes with three publics in it, and say in which order to speak to them.

    Parameters
    ----------
    regulars, parents, neighbours
        What each public sees in the change: keys of `PERCEPTIONS`.

    Examples
    --------
    >>> attitudes("gain", "rien", "perte")[1].startswith("1. clients réguliers")
    True
    """
    seen = dict(zip(PUBLICS.values(), (regulars, parents, neighbours), strict=True))
    placed = attitude_matrix({who: _SEEN[what] for who, what in seen.items()})
    filled = [(ATTITUDES[name], who) for name, who in placed.items() if who]
    told = " ; ".join(
        f"{rank}. {enumerate_in_french(who)}, {attitude.name.lower()} → {attitude.action}"
        for rank, (attitude, who) in enumerate(filled, start=1)
    )
    receptive = placed["receptifs"]
    advice = (
        "Commencez par les réceptifs : ils relaieront." if receptive else "Aucun réceptif : personne ne relaiera de lui-même."
    )
    return _attitudes_figure(placed), f"{told}. {advice}"


@drawn
def _attitudes_figure(placed: dict[str, list[str]]) -> "Figure":
    figure = new_figure(4.3, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 9.6)
    axes.set_ylim(4.3, 0)
    columns, rows = {False: 0.6, True: 5.1}, {True: 0.55, False: 2.4}
    for loss, x in columns.items():
        axes.text(x + 2.2, 0.3, "perte perçue" if loss else "aucune perte perçue", ha="center", va="center", size=10.5)
    for gain, y in rows.items():
        axes.text(0.35, y + 0.9, "gain perçu" if gain else "aucun gain perçu", ha="center", va="center", size=10.5, rotation=90)
    for rank, (name, attitude) in enumerate(ATTITUDES.items(), start=1):
        x, y, who = columns[attitude.loss], rows[attitude.gain], placed[name]
        right, bottom = x + 4.4, y + 1.75
        edge: dict[str, Any] = {"edgecolor": BLUE if who else GREY, "linewidth": 2 if who else 0.8}
        axes.fill([x, right, right, x], [y, y, bottom, bottom], facecolor=PALE_BLUE if who else PALE_GREY, **edge)
        axes.text(x + 0.15, y + 0.25, f"{rank}. {attitude.name}", va="center", size=11, weight="bold")
        axes.text(x + 0.15, y + 0.55, f"→ {attitude.action}", va="center", size=9.5)
        for line, public in enumerate(who):
            axes.text(x + 0.15, y + 0.92 + 0.27 * line, f"● {public}", va="center", size=10, color=INK, weight="bold")
    told = [
        f"{attitude.name}, {', '.join(placed[name]) or 'personne'}, {attitude.action}" for name, attitude in ATTITUDES.items()
    ]
    return describe(
        figure, f"Matrice des attitudes, gain et perte perçus, dans l’ordre où s’adresser à eux : {' ; '.join(told)}."
    )
