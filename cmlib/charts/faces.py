"""The face of a persona: a drawing of a few simple shapes, the same in a figure and in a page; it looks like nobody.

Faces differ by their hair and clothes, drawn by lot from the name: nothing in them tells an age, a sex or an origin.
"""

import hashlib
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from cmlib.charts.style import BLUE, GREEN, INK, PALE_BLUE, PURPLE, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLOTHES = (BLUE, GREEN, PURPLE, VERMILION)
SIDE = 100  # a face is drawn in a square of this side, inside its circle


class Oval(NamedTuple):
    """An ellipse: its centre, its half axes, its colours; a line is drawn where ``edge`` is given."""

    x: float
    y: float
    rx: float
    ry: float
    fill: str
    edge: str = "none"


_HAIRS = (
    (Oval(50, 40, 22, 22, INK),),  # short
    (Oval(50, 52, 26, 33, INK),),  # long
    (Oval(50, 14, 9, 9, INK), Oval(50, 40, 22, 22, INK)),  # a bun
    tuple(Oval(50 + x, 38 + y, 11, 11, INK) for x, y in ((-16, -2), (-9, -14), (3, -18), (14, -10), (18, 2), (-19, 8), (20, 10))),
)  # curls
_SMILE = tuple((50 + step, 56.5 - step**2 / 18) for step in range(-6, 7, 2))


def face(name: str) -> list[Oval]:
    """Return the shapes of a face, from back to front: the same for the same name."""
    drawn = hashlib.sha256(name.strip().casefold().encode(errors="replace")).digest()
    hair, clothes = _HAIRS[drawn[0] % len(_HAIRS)], CLOTHES[drawn[1] % len(CLOTHES)]
    return [
        Oval(50, 50, 50, 50, PALE_BLUE),
        *hair,
        Oval(50, 106, 38, 34, clothes),
        Oval(50, 72, 8, 11, "#ffffff", INK),
        Oval(50, 47, 18, 21, "#ffffff", INK),
        Oval(50, 29, 15, 6.5, INK),
        Oval(43, 46, 2, 2.4, INK),
        Oval(57, 46, 2, 2.4, INK),
    ]


def draw_face(axes: "Axes", name: str, x: float, y: float, side: float) -> None:
    """Draw a face in a square of axes whose ordinates go down; ``x`` and ``y`` are its top left corner."""
    from matplotlib.patches import Ellipse

    scale = side / SIDE
    round_ = Ellipse((x + side / 2, y + side / 2), side, side, transform=axes.transData)
    for oval in face(name):
        middle = (x + oval.x * scale, y + oval.y * scale)
        shape = Ellipse(middle, 2 * oval.rx * scale, 2 * oval.ry * scale, facecolor=oval.fill, edgecolor=oval.edge, linewidth=1.2)
        axes.add_patch(shape)
        shape.set_clip_path(round_)
    across, down = zip(*((x + at * scale, y + below * scale) for at, below in _SMILE), strict=True)
    axes.plot(across, down, color=INK, linewidth=1.4, solid_capstyle="round")
    axes.add_patch(Ellipse((x + side / 2, y + side / 2), side, side, fill=False, edgecolor=INK, linewidth=1.2))


def svg_face(name: str, label: str = "") -> str:
    """Return a face as a drawing inside a page; without a label, a screen reader says nothing of it."""
    told = f'role="img" aria-label="{escape(label, quote=True)}"' if label else 'aria-hidden="true"'
    shapes = "".join(
        f'<ellipse cx="{oval.x}" cy="{oval.y}" rx="{oval.rx}" ry="{oval.ry}" fill="{oval.fill}" stroke="{oval.edge}"/>'
        for oval in face(name)
    )
    smile = " ".join(f"{x},{y:.1f}" for x, y in _SMILE)
    line = f'<polyline points="{smile}" fill="none" stroke="{INK}" stroke-width="1.6" stroke-linecap="round"/>'
    edge = f'<circle cx="50" cy="50" r="49" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    return f'<svg class="face" viewBox="0 0 {SIDE} {SIDE}" {told}>{shapes}{line}{edge}</svg>'
