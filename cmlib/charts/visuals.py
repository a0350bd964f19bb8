"""What a brand shows: the pictures of its posts, and its graphic charter.

Pictures are our own drawings, in SVG: no photograph, no library, nothing to load.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from cmlib.cases.brand import CORNERS, IMAGES, Charter
from cmlib.charts.style import (
    GREY,
    INK,
    check_table,
    day_of,
    short_date,
    shorten,
)
from cmlib.errors import InvalidInput
from cmlib.french import printable, typeset, untypeset, write_date

if TYPE_CHECKING:
    pass

_PLACES = {"bas-droite": (103, 104), "bas-gauche": (17, 104), "haut-droite": (103, 17), "haut-gauche": (17, 17)}
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_BURST = '<path d="M84 8 l4 9 9 -4 -4 9 9 4 -9 4 4 9 -9 -4 -4 9 -4 -9 -9 4 4 -9 -9 -4 9 -4 -4 -9 9 4 Z"/>'

# A picture is 120 by 120; its kind is drawn in the middle, in three colours: {ink} stands out on the background, {pale} is the
# background's own, {accent}. A stock photograph has its smiles, its handshake, its watermark; a montage has everything at once.
PICTURES = {
    "atelier": (
        '<path d="M38 66 L66 32" stroke="{ink}" stroke-width="6" stroke-linecap="round"/>'
        '<path d="M56 22 L80 40 L74 48 L50 30 Z" fill="{ink}"/>'
        '<path d="M46 32 L82 66" stroke="{accent}" stroke-width="5" stroke-linecap="round"/>'
        '<path d="M28 72 H92" stroke="{ink}" stroke-width="4"/>'
    ),
    "portrait": (
        '<circle cx="60" cy="32" r="13" fill="{ink}"/><path d="M34 72 C34 52 46 48 60 48 C74 48 86 52 86 72 Z" fill="{ink}"/>'
        '<path d="M50 49 L60 62 L70 49" fill="none" stroke="{accent}" stroke-width="4"/>'
    ),
    "produit": (
        '<path d="M36 36 L60 26 L84 36 V62 L60 73 L36 62 Z" fill="none" stroke="{ink}" stroke-width="4" stroke-linejoin="round"/>'
        '<path d="M36 36 L60 46 L84 36 M60 46 V73" fill="none" stroke="{ink}" stroke-width="4"/>'
        '<path d="M47 31 L71 41 V50" fill="none" stroke="{accent}" stroke-width="4"/>'
    ),
    "paysage": (
        '<circle cx="78" cy="30" r="9" fill="{accent}"/><path d="M22 72 L48 34 L64 58 L74 46 L98 72 Z" fill="{ink}"/>'
        '<path d="M42 43 L48 34 L54 43 L48 48 Z" fill="{pale}"/>'
    ),
    "evenement": (
        '<rect x="36" y="30" width="48" height="42" rx="4" fill="none" stroke="{ink}" stroke-width="4"/>'
        '<path d="M36 42 H84 M48 24 V34 M72 24 V34" stroke="{ink}" stroke-width="4"/>'
        '<path d="M60 46 l3.5 7 7.5 1 -5.5 5.4 1.3 7.6 -6.8 -3.6 -6.8 3.6 1.3 -7.6 -5.5 -5.4 7.5 -1 Z" '
        'fill="{accent}"/>'
    ),
    "citation": (
        '<path d="M34 30 H50 V46 C50 56 44 60 36 62 V55 C41 53 42 51 42 47 H34 Z M56 30 H72 V46 C72 56 66 60 58 62 V55 C63 53 '
        '64 51 64 47 H56 Z" fill="{ink}"/><path d="M78 36 H94 M78 46 H94 M78 56 H88" stroke="{accent}" stroke-width="4"/>'
    ),
    "illustration": (
        '<path d="M30 64 C36 40 50 66 58 48 S78 30 90 40" fill="none" stroke="{ink}" stroke-width="4" stroke-linecap="round"/>'
        '<circle cx="42" cy="34" r="9" fill="none" stroke="{accent}" stroke-width="4"/>'
        '<path d="M70 72 L80 54 L90 72 Z" fill="none" stroke="{ink}" stroke-width="4" stroke-linejoin="round"/>'
        '<path d="M86 22 L96 32 L78 36 Z" fill="{ink}"/>'
    ),
    "ecran": (
        '<rect x="30" y="24" width="60" height="40" rx="3" fill="none" stroke="{ink}" stroke-width="4"/>'
        '<path d="M50 72 H70 M60 64 V72 M38 34 H62 M38 43 H82" stroke="{ink}" stroke-width="4"/>'
        '<rect x="38" y="49" width="20" height="8" fill="{accent}"/>'
    ),
    "banque": (
        '<circle cx="42" cy="32" r="11" fill="{ink}"/><circle cx="78" cy="32" r="11" fill="{ink}"/>'
        '<path d="M36 33 Q42 41 48 33 M72 33 Q78 41 84 33" fill="none" stroke="{pale}" stroke-width="2.5"/>'
        '<path d="M24 72 C24 54 32 47 42 47 C48 47 54 52 60 57 C66 52 72 47 78 47 C88 47 96 54 96 72 Z" fill="{ink}"/>'
        '<path d="M40 66 L56 60 L64 64 L80 66" fill="none" stroke="{pale}" stroke-width="5" stroke-linecap="round"/>'
        '<path d="M0 40 L40 0 M0 80 L80 0 M0 120 L120 0 M40 120 L120 40 M80 120 L120 80" stroke="#ffffff" stroke-width="2" '
        'opacity="0.6"/><path d="M0 40 L40 0 M0 80 L80 0 M0 120 L120 0 M40 120 L120 40 M80 120 L120 80" stroke="#000000" '
        'stroke-width="0.6" opacity="0.5" transform="translate(2 2)"/>'
        '<path d="M60 12 l2.5 7.5 7.5 2.5 -7.5 2.5 -2.5 7.5 -2.5 -7.5 -7.5 -2.5 7.5 -2.5 Z" fill="#ffffff" stroke="{ink}"/>'
    ),
    "montage": (
        '<rect x="26" y="26" width="34" height="26" fill="{pale}" stroke="{ink}" stroke-width="3" transform="rotate(-14 43 39)"/>'
        '<rect x="58" y="36" width="36" height="26" fill="{ink}" transform="rotate(11 76 49)"/>'
        '<circle cx="44" cy="62" r="12" fill="{accent}" stroke="{ink}" stroke-width="3"/>'
        '<path d="M62 50 L74 74 L50 74 Z" fill="{pale}" stroke="{ink}" stroke-width="3"/>'
        '<g fill="{accent}" stroke="{ink}" stroke-width="2">{burst}<g transform="translate(-46 34)">{burst}</g></g>'
        '<path d="M32 20 L52 14 M30 82 L94 80 M66 84 L90 66" stroke="{ink}" stroke-width="4" stroke-dasharray="5 3"/>'
    ),
}


@dataclass(frozen=True)
class _Look:
    """What a post's picture looks like: two colours, the place of its logo (or ``absent``), its kind."""

    background: str
    accent: str
    logo: str
    image: str


def thumbnails(posts: pd.DataFrame, charter: Charter) -> str:
    """Draw the pictures of posts: background, accent, place of the logo and kind of picture, and nothing that judges them.

    Parameters
    ----------
    posts
        Columns ``id``, ``published_at``, ``background``, ``accent``, ``logo``, ``image``; a line a post.
    charter
        Graphic charter of the brand: its colours are shown above the pictures, to compare.

    Returns
    -------
    str
        HTML: a picture a post, with its description, its id and its day. What departs from the charter is not marked.

    Raises
    ------
    InvalidInput
        If there is no line, a column is missing, or a post has a day, a colour, a place or a kind that is not one.
    """
    columns = ["id", "published_at", "background", "accent", "logo", "image"]
    _check(posts, columns, "Visuels")
    figures = []
    for post, moment, background, accent, logo, image in posts[columns].astype(object).itertuples(index=False):
        name = shorten(printable(untypeset(str(post))), 20)
        day = day_of(moment, f"publication {name}")
        look = _look(name, str(background), str(accent), str(logo), str(image))
        caption = f"<strong>{_text(name)}</strong><br/>{_text(short_date(day, with_year=True))}"
        figures.append(_captioned(_picture(look, f"Visuel de {name}, {write_date(day, 'long')} : {_told(look)}"), caption))
    return _page(_swatches("Couleurs de la charte", charter.colours.backgrounds | charter.colours.accents) + _row(figures))


def charter_card(charter: Charter, name: str) -> str:
    """Draw a graphic charter: its colours, the place of its logo, the pictures it allows and turns down, its types, its tone.

    Parameters
    ----------
    charter
        Graphic charter of a brand.
    name
        The brand's name.

    Returns
    -------
    str
        HTML, each picture with its description.

    Raises
    ------
    InvalidInput
        If a colour is not one.
    """
    of_brand = charter.colours
    background, accent = (next(iter(found.values())) for found in (of_brand.backgrounds, of_brand.accents))
    looks = {kind: _look(f"charte de {name}", background, accent, charter.logo, kind) for kind in IMAGES}
    shown = {kind: _captioned(_picture(look, IMAGES[kind]), _text(IMAGES[kind])) for kind, look in looks.items()}
    logo = _picture(looks[charter.images[0]], f"Visuel dont le logo est {CORNERS[charter.logo]}")
    identity = [
        _swatches("Fonds", of_brand.backgrounds),
        _swatches("Accents", of_brand.accents),
        _titled("Logo", _row([_captioned(logo, _text(f"toujours {CORNERS[charter.logo]}"))])),
    ]
    parts = [
        _titled(f"Charte graphique : {name}", "", "15px"),
        f'<div style="display:flex;flex-wrap:wrap;gap:0 32px;margin-top:10px">{"".join(identity)}</div>',
        _titled("Images admises", _row([shown[kind] for kind in charter.images])),
        _titled("Images écartées", _row([shown[kind] for kind in charter.refused_images])),
        _titled("Typographie", f'<p style="margin:4px 0 12px">{_text(charter.typography)}</p>'),
        _titled("Ton", f'<p style="margin:4px 0">{_text(charter.tone)}</p>'),
    ]
    return _page("".join(parts))


def _check(table: pd.DataFrame, columns: list[str], what: str) -> None:
    check_table(table, columns, what)
    if table.empty:
        raise InvalidInput(f"{what} : la table est vide, il faut au moins une ligne pour dessiner.")


def _look(what: str, background: str, accent: str, logo: str, image: str) -> _Look:
    """Return what a picture looks like, if it can be drawn."""
    for part, colour in (("fond", background), ("accent", accent)):
        _colour(f"{what}, {part}", colour)
    for part, given, known in (("logo", logo, (*_PLACES, "absent")), ("image", image, (*IMAGES,))):
        if given not in known:
            wrong = shorten(printable(given), 20)
            raise InvalidInput(f"{what}, {part} : « {wrong} » n’existe pas ; choisissez parmi {', '.join(known)}.")
    return _Look(background, accent, logo, image)


def _colour(what: str, code: str) -> str:
    if not _COLOUR.fullmatch(code):
        wrong = shorten(printable(code), 20)
        raise InvalidInput(f"{what} : « {wrong} » n’est pas une couleur ; écrivez par exemple #1F2F4A.")
    return code


def _told(look: _Look) -> str:
    place = f"logo {CORNERS[look.logo]}" if look.logo in CORNERS else "aucun logo"
    return f"{IMAGES[look.image]}, fond {look.background}, accent {look.accent}, {place}"


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _picture(look: _Look, label: str) -> str:
    """Draw a picture: its kind, the band of its accent, two lines of writing, its logo."""
    ink = INK if _luminance(look.background) > 0.2 else "#ffffff"  # at 0.2, as far from one as from the other
    drawing = PICTURES[look.image].format(ink=ink, pale=look.background, accent=look.accent, burst=_BURST)
    mark = ""
    if look.logo in _PLACES:
        x, y = _PLACES[look.logo]
        mark = (
            f'<g transform="translate({x} {y})"><circle r="11.5" fill="#ffffff" stroke="{INK}" stroke-width="1.5"/>'
            f'<path d="M-6 4.5 L0 -7 L6 4.5 Z" fill="{INK}"/><circle cy="0.5" r="2" fill="#ffffff"/></g>'
        )
    return (
        f'<svg role="img" aria-label="{_text(label)}" viewBox="0 0 120 120" width="120" height="120" '
        f'style="display:block;border:1px solid {GREY}"><rect width="120" height="120" fill="{look.background}"/>'
        f'<rect y="80" width="120" height="10" fill="{look.accent}"/>'
        f'<path d="M38 100 H82 M44 109 H76" stroke="{ink}" stroke-width="4"/>{drawing}{mark}</svg>'
    )


def _swatches(title: str, colours: dict[str, str]) -> str:
    """Show colours with their names and codes."""
    shown = [
        f'<div style="width:104px"><div style="height:40px;border:1px solid {GREY};background:{_colour(name, code)}"></div>'
        f"{_text(name)}<br/><code style='background:none;color:inherit'>{code}</code></div>"
        for name, code in colours.items()
    ]
    return _titled(title, _row(shown))


def _text(text: str) -> str:
    return escape(typeset(printable(untypeset(text))), quote=True)


def _titled(title: str, html: str, size: str = "13px") -> str:
    return f'<div><p style="margin:0;font-size:{size}"><strong>{_text(title)}</strong></p>{html}</div>'


def _captioned(picture: str, html: str) -> str:
    return f'<figure style="margin:0;width:122px">{picture}<figcaption>{html}</figcaption></figure>'


def _row(blocks: list[str]) -> str:
    return f'<div style="display:flex;flex-wrap:wrap;gap:12px;margin:6px 0 14px">{"".join(blocks)}</div>'


def _page(html: str) -> str:
    look = f"background:#ffffff;color:{INK};font-family:sans-serif;font-size:13px;line-height:1.4;padding:10px"
    return f'<div style="{look}">{html}</div>'
