"""Figures that a student keeps: the SWOT with its evidence, the card of a persona. Every word shows, however many.

Letters get smaller down to a floor that still reads once printed; beyond, the figure grows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cmlib.charts.faces import draw_face
from cmlib.charts.lines import (
    BAND,
    GAP,
    MARGIN,
    NONE_YET,
    PADDING,
    Chip,
    Line,
    blank_page,
    chips_of,
    draw_chip,
    draw_frame,
    draw_panel,
    fitting_size,
    height_of,
    paragraph,
    shared,
    title_lines,
    write,
)
from cmlib.charts.style import BLUE, GREEN, GREY, INK, PALE_GREY, PURPLE, VERMILION, WIDTH, describe, drawn, legible
from cmlib.errors import InvalidInput
from cmlib.french import plural, untypeset, write_number, write_quantity
from cmlib.inputs import mapping
from cmlib.networks import NETWORKS
from cmlib.swot import CATEGORIES, EFFECT, ORIGIN, Entry
from cmlib.targets import TRAITS, Persona

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"forces": BLUE, "faiblesses": VERMILION, "opportunites": GREEN, "menaces": PURPLE}
"""Colour of each box; its title says the same in words."""

EVIDENCE = "↳"

# The two axes, as they are named: its head, then what it means.
EFFECTS = {"favorable": ("Favorable", "ce qui aide"), "défavorable": ("Défavorable", "ce qui freine")}
ORIGINS = {"interne": ("Interne", "dépend de la marque"), "externe": ("Externe", "vient du marché")}
_TRAIT_COLOURS = dict(zip(TRAITS.values(), (BLUE, VERMILION, GREEN, PURPLE), strict=True))


@dataclass(frozen=True)
class PersonaCard:
    """What is shown of a target, in words; anything but its name may still be missing.

    Attributes
    ----------
    name, age, situation
        As they read: « de 18 à 25 ans ».
    networks
        Names of networks; None where they are not asked.
    traits
        By label (« Attentes »), what the card says of it; an empty one shows that it is to be filled in.
    extra
        Other facts by label, for example « Part » : « 15,5 % de l’enquête ».
    """

    name: str
    age: str = ""
    situation: str = ""
    networks: tuple[str, ...] | None = ()
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


def card_of(persona: Persona, extra: Mapping[str, str] | None = None) -> PersonaCard:
    """Return what is shown of a persona.

    Examples
    --------
    >>> card_of(Persona("Léa", (18, 25), "étudiante", ("x",), motivations=("le prix",))).networks
    ('X (Twitter)',)
    """
    low, high = persona.age
    age = f"de {write_number(low, 0)} à {write_quantity(high, 'ans', 0)}"
    traits = {label: tuple(getattr(persona, trait)) for trait, label in TRAITS.items()}
    networks = tuple(NETWORKS[network] for network in persona.networks)
    return PersonaCard(persona.name, age, persona.situation, networks, traits, dict(extra or {}))


@drawn
def swot_board(entries: Mapping[str, Sequence[Entry]], brand: str) -> "Figure":
    """Draw the matrix of a SWOT, each finding with its evidence: interne or externe, favorable or défavorable.

    Parameters
    ----------
    entries
        Findings of each box, by id (a key of `cmlib.swot.CATEGORIES`), as `cmlib.swot.matrix` gives; a box left out is empty.
    brand
        Name of the brand.

    Returns
    -------
    Figure
        Nothing in it is cut.

    Raises
    ------
    InvalidInput
        If a box does not exist, holds anything but entries, or all are empty.
    """
    given = mapping(entries, "cases de la SWOT (entries)", '{"forces": [Entry("forces", "un constat")]}')
    for category, found in given.items():
        if category not in CATEGORIES:
            raise InvalidInput(f"« {category} » n’est pas une case de la SWOT : prenez {', '.join(CATEGORIES)}.")
        if not isinstance(found, list | tuple) or not all(isinstance(entry, Entry) for entry in found):
            raise InvalidInput(f'Case « {category} » : il faut une liste de constats, par exemple [Entry("{category}", "…")].')
    boxes: dict[str, list[Entry]] = {category: list(given.get(category, ())) for category in CATEGORIES}
    total = sum(map(len, boxes.values()))
    if not total:
        raise InvalidInput("La SWOT est vide : il faut au moins un constat pour la dessiner.")

    title = title_lines(f"SWOT — {brand}", WIDTH - 2 * MARGIN)
    side = 0.62
    top = MARGIN + height_of(title) + 0.5
    wide = (WIDTH - 2 * MARGIN - side - GAP) / 2
    room = 6.75 - top - GAP - MARGIN

    def rows_in(size: float) -> list[float]:
        tall = {category: height_of(_findings(found, wide - 2 * PADDING, size)) for category, found in boxes.items()}
        return [
            max(1.7, BAND + 2 * PADDING + max(tall[category] for category in CATEGORIES if ORIGIN[category] == origin))
            for origin in ORIGINS
        ]

    signs = sum(len(entry.text) + len(entry.evidence) for found in boxes.values() for entry in found)
    size = fitting_size(signs, lambda size: sum(rows_in(size)), room)
    rows = shared(rows_in(size), room)
    height = top + sum(rows) + GAP + MARGIN
    figure, axes = blank_page(height)
    write(axes, title, MARGIN, MARGIN)
    lefts = {effect: MARGIN + side + rank * (wide + GAP) for rank, effect in enumerate(EFFECTS)}
    tops = dict(zip(ORIGINS, (top, top + rows[0] + GAP), strict=True))
    talls = dict(zip(ORIGINS, rows, strict=True))
    for effect, (head, meaning) in EFFECTS.items():
        middle = lefts[effect] + wide / 2
        axes.text(middle, top - 0.33, head, ha="center", va="center", size=11, weight="bold")
        axes.text(middle, top - 0.13, meaning, ha="center", va="center", size=9, color=GREY)
    for origin, (head, meaning) in ORIGINS.items():
        middle = tops[origin] + talls[origin] / 2
        axes.text(MARGIN + 0.14, middle, head, ha="center", va="center", size=11, weight="bold", rotation=90)
        axes.text(MARGIN + 0.38, middle, meaning, ha="center", va="center", size=9, color=GREY, rotation=90)
    for category, found in boxes.items():
        x, y, tall = lefts[EFFECT[category]], tops[ORIGIN[category]], talls[ORIGIN[category]]
        draw_panel(axes, x, y, wide, tall, COLOURS[category], CATEGORIES[category])
        write(axes, _findings(found, wide - 2 * PADDING, size), x + PADDING, y + BAND + PADDING)

    told = [f"SWOT de {brand}, {write_number(total, 0)} {plural(total, 'constat')}"]
    for category, found in boxes.items():
        head = f"{CATEGORIES[category]} ({ORIGIN[category]}, {EFFECT[category]})"
        listed = " ; ".join(_told(entry) for entry in found)
        told.append(f"{head}, {len(found)} : {listed}" if found else f"{head} : case vide")
    return describe(figure, _sentences(told))


@drawn
def persona_sheet(persona: Persona | PersonaCard, brand: str, extra: Mapping[str, str] | None = None) -> "Figure":
    """Draw the card of a target: who it is and where it is found, what draws it, what holds it back.

    Parameters
    ----------
    persona
        The target, or what a half-filled sheet says of it.
    brand
        Name of the brand.
    extra
        Other facts by label, for example {"Effectif": "62 personnes, 15,5 % de l’enquête"}.

    Returns
    -------
    Figure
        Nothing in it is cut.
    """
    card = card_of(persona) if isinstance(persona, Persona) else persona
    facts = {**card.extra, **(extra or {})}
    left = 2.75
    inner = left - 2 * PADDING
    right = WIDTH - 2 * MARGIN - left - GAP
    face = 1.45
    title = title_lines(f"Cible de {brand}", WIDTH - 2 * MARGIN, 10.5, GREY)
    top = MARGIN + height_of(title) + 0.1

    def side_in(size: float) -> tuple[list[Line], list[Chip], list[Line], float]:
        who, chips, also = _who(card, inner, size), chips_of(card.networks, inner, size - 0.5), _facts(facts, inner, size)
        under = 0.52 + chips[-1].y + chips[-1].tall if chips else 0.1
        return who, chips, also, 2 * PADDING + face + height_of(who) + under + height_of(also)

    def rows_in(size: float) -> list[float]:
        return [
            max(1.35, *(BAND + 2 * PADDING + height_of(box.lines) for box in row)) for row in _traits(card.traits, right, size)
        ]

    def right_in(size: float) -> float:
        rows = rows_in(size)
        return sum(rows) + GAP * max(0, len(rows) - 1)

    room = 5.1
    small = fitting_size(len(card.situation) + sum(map(len, facts.values())), lambda size: side_in(size)[3], room)
    who, chips, also, tall = side_in(min(small, 11.0))
    size = fitting_size(sum(len(part) for parts in card.traits.values() for part in parts), right_in, max(room, tall))
    needed = max(tall, right_in(size), 4.4)
    rows = rows_in(size)
    rows = shared(rows, needed - GAP * max(0, len(rows) - 1))
    figure, axes = blank_page(top + needed + MARGIN)
    write(axes, title, MARGIN, MARGIN)
    draw_frame(axes, MARGIN, top, left, needed, INK, PALE_GREY)
    draw_face(axes, card.name, MARGIN + (left - face) / 2, top + PADDING, face)
    at = write(axes, who, MARGIN + PADDING, top + PADDING + face, centre=inner)
    if chips:
        axes.text(MARGIN + PADDING, at + 0.24, "Réseaux utilisés", va="center", size=9, weight="bold", color=GREY)
        for chip in chips:
            draw_chip(axes, chip, MARGIN + PADDING, at + 0.42)
        at += 0.42 + chips[-1].y + chips[-1].tall
    write(axes, also, MARGIN + PADDING, at + 0.1)
    y = top
    for row, high in zip(_traits(card.traits, right, size), rows, strict=True):
        for box in row:
            x = MARGIN + left + GAP + box.x
            draw_panel(axes, x, y, box.wide, high, box.colour, box.head)
            write(axes, box.lines, x + PADDING, y + BAND + PADDING)
        y += high + GAP

    known = [card.name, card.age, card.situation]
    told = [f"Fiche d’une cible de {brand} : {', '.join(_bare(text) for text in known if untypeset(text)) or 'sans nom'}"]
    told += [] if card.networks is None else [f"Réseaux : {', '.join(map(_bare, card.networks)) or 'à compléter'}"]
    told += [f"{label} : {' ; '.join(map(_bare, parts)) or 'à compléter'}" for label, parts in card.traits.items()]
    told += [f"{label} : {_bare(text)}" for label, text in facts.items()]
    return describe(figure, _sentences(told))


class _Box(NamedTuple):
    head: str
    colour: str
    x: float
    wide: float
    lines: list[Line]


def _findings(entries: Sequence[Entry], width: float, size: float) -> list[Line]:
    if not entries:
        return [Line(NONE_YET, size, colour=GREY, style="italic")]
    lines: list[Line] = []
    for rank, entry in enumerate(entries):
        lines += paragraph(entry.text, width, Line("", size, before=0.11 if rank else 0, indent=0.17, sign="•"))
        if untypeset(entry.evidence):
            proof = Line("", size - 0.5, before=0.02, indent=0.36, sign=EVIDENCE, colour=GREY)
            lines += paragraph(entry.evidence, width, proof)
    return lines


def _who(card: PersonaCard, width: float, size: float) -> list[Line]:
    name = card.name if untypeset(card.name) else "Sans prénom"
    lines = paragraph(name, width, Line("", 17, before=0.08, weight="bold"))
    if untypeset(card.age):
        lines += paragraph(card.age, width, Line("", size + 0.5, before=0.02, weight="bold", colour=GREY))
    if untypeset(card.situation):
        lines += paragraph(card.situation, width, Line("", size, before=0.06))
    return lines


def _facts(facts: Mapping[str, str], width: float, size: float) -> list[Line]:
    lines: list[Line] = []
    for label, text in facts.items():
        lines += paragraph(label, width, Line("", 9, before=0.08, weight="bold", colour=GREY))
        lines += paragraph(text if untypeset(text) else NONE_YET, width, Line("", size, before=0.02))
    return lines


def _traits(traits: Mapping[str, tuple[str, ...]], width: float, size: float) -> list[list[_Box]]:
    """Lay the traits out, two by two; the last of an odd number has a row of its own."""
    boxes: list[list[_Box]] = []
    for rank, (label, parts) in enumerate(traits.items()):
        alone = rank % 2 == 0 and rank == len(traits) - 1
        wide = width if alone else (width - GAP) / 2
        lines: list[Line] = []
        for place, part in enumerate(parts):
            line = Line("", size, before=0.06 if place else 0, indent=0.17, sign="•")
            lines += paragraph(part, wide - 2 * PADDING, line)
        lines = lines or [Line(NONE_YET, size, colour=GREY, style="italic")]
        box = _Box(label, _TRAIT_COLOURS.get(label, INK), 0 if rank % 2 == 0 else wide + GAP, wide, lines)
        boxes = [*boxes, [box]] if rank % 2 == 0 else [*boxes[:-1], [*boxes[-1], box]]
    return boxes


def _told(entry: Entry) -> str:
    return f"{_bare(entry.text)} ({_bare(entry.evidence)})" if untypeset(entry.evidence) else _bare(entry.text)


def _bare(text: str) -> str:
    return legible(text).strip().rstrip(".; ")


def _sentences(told: Sequence[str]) -> str:
    return " ".join(f"{sentence.rstrip('. ')}." for sentence in told)
