"""The four phases of the work, and what is missed further on when one is skipped."""

from typing import TYPE_CHECKING, NamedTuple

from cmlib.charts.lines import (
    BAND,
    GAP,
    MARGIN,
    PADDING,
    Line,
    blank_page,
    draw_panel,
    height_of,
    paragraph,
    title_lines,
    write,
)
from cmlib.charts.style import BLUE, GREY, VERMILION, WIDTH, describe, drawn
from cmlib.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Phase(NamedTuple):
    """A phase: its name, what is done in it, and what each later phase lacks when it is skipped."""

    name: str
    done: tuple[str, ...]
    lacking: tuple[str, ...]


PHASES = {
    "conception": Phase(
        "Conception",
        (
            "objectifs",
            "veille et concurrents",
            "positionnement et image de marque",
            "personas, contenus, parcours, données",
            "plan d’action et budget",
        ),
        (
            "on fabrique sans savoir pour qui",
            "on publie sans ligne, au hasard des idées",
            "on ne sait pas quel résultat chercher",
        ),
    ),
    "production": Phase(
        "Production",
        ("site, application", "référencement (SEO)", "vidéo, contenus de marque", "événements", "e-mailing"),
        ("il n’y a rien à publier, ou de l’à-peu-près", "le visiteur arrive sur un site qui ne l’attend pas"),
    ),
    "publication": Phase(
        "Publication",
        (
            "devenir son propre média : blog, e-book, livre blanc, infographie",
            "community management",
            "achat d’espace",
            "relations presse et blogueurs",
        ),
        ("personne ne vient, donc pas d’audience à convertir",),
    ),
    "conversion": Phase("Conversion", ("une audience devient prospect", "puis client", "puis ambassadeur"), ()),
}
"""The phases of the course (chapter 2) in their order; what is lacking is the project's own reading."""

SKIPS = {"": "aucune phase", **{key: f"la phase de {phase.name.lower()}" for key, phase in PHASES.items()}}
"""What can be skipped."""


@drawn
def _board(skipped: str) -> "Figure":
    wide = (WIDTH - 2 * MARGIN - 3 * GAP) / 4
    inner = wide - 2 * PADDING
    title = title_lines("Les quatre phases du travail", WIDTH - 2 * MARGIN, 13)
    boxes = {key: _lines(key, skipped, inner) for key in PHASES}
    tall = BAND + 2 * PADDING + max(map(height_of, boxes.values()))
    top = MARGIN + height_of(title) + 0.15
    figure, axes = blank_page(top + tall + MARGIN)
    write(axes, title, MARGIN, MARGIN)
    for rank, (key, phase) in enumerate(PHASES.items()):
        x = MARGIN + rank * (wide + GAP)
        late = _lacking(key, skipped)
        colour = GREY if key == skipped else VERMILION if late else BLUE
        draw_panel(axes, x, top, wide, tall, colour, f"{rank + 1}. {phase.name}")
        write(axes, boxes[key], x + PADDING, top + BAND + PADDING)
    told = []
    for rank, (key, phase) in enumerate(PHASES.items(), start=1):
        state = " (sautée)" if key == skipped else ""
        late = _lacking(key, skipped)
        told.append(f"{rank}. {phase.name}{state} : {', '.join(phase.done)}{f' ; conséquence : {late}' if late else ''}.")
    return describe(figure, f"Les quatre phases du travail, dans l’ordre. {' '.join(told)}")


def phases(skipped: str) -> "tuple[Figure, str]":
    """Draw the four phases, one of them skipped or none.

    Parameters
    ----------
    skipped
        A key of `SKIPS`.

    Raises
    ------
    InvalidInput
        If there is no such phase.

    Examples
    --------
    >>> phases("publication")[1]
    'Sans publication, une phase le paie ensuite : conversion (personne ne vient, donc pas d’audience à convertir).'
    """
    if skipped not in SKIPS:
        raise InvalidInput(f"« {skipped} » n’est pas une phase : prenez {', '.join(PHASES)}.")
    figure = _board(skipped)
    if not skipped:
        return figure, "Les quatre phases se suivent de gauche à droite ; chacune se sert de ce que la précédente a laissé."
    later = [(phase.name.lower(), late) for key, phase in PHASES.items() if (late := _lacking(key, skipped))]
    if not later:
        return figure, (
            "Sans conversion, aucune phase ne manque de rien, et pourtant rien ne reste : une audience est venue, et personne "
            "n’est devenu prospect, client ni ambassadeur."
        )
    told = " ; ".join(f"{name} ({late})" for name, late in later)
    count = ("une phase le paie", "deux phases le paient", "trois phases le paient")[len(later) - 1]
    return figure, f"Sans {PHASES[skipped].name.lower()}, {count} ensuite : {told}."


def _lacking(key: str, skipped: str) -> str:
    """Return what a phase lacks when an earlier one is skipped, or nothing."""
    order = list(PHASES)
    if not skipped or order.index(key) <= order.index(skipped):
        return ""
    return PHASES[skipped].lacking[order.index(key) - order.index(skipped) - 1]


def _lines(key: str, skipped: str, width: float) -> list[Line]:
    if key == skipped:
        return paragraph("Phase sautée : rien de tout cela n’est fait.", width, Line("", 9.5, style="italic"))
    lines = []
    for done in PHASES[key].done:
        lines += paragraph(done, width, Line("", 9.5, before=0.04, indent=0.16, sign="•"))
    if late := _lacking(key, skipped):
        lines += paragraph(f"Conséquence : {late}.", width, Line("", 9.5, before=0.18, colour=VERMILION, weight="bold"))
    return lines
