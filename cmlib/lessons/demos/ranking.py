"""A toy that orders five posts for a reader, all its parts in the open: a teaching model, of no network.

A post has four marks between 0 and 1; its score is their average, each weighed as the reader of the lesson decides.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cmlib.charts.style import PALETTE, describe, drawn, new_figure, wrap
from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_number, write_quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = {
    "relation": "relation avec l’auteur",
    "reaction": "réaction probable",
    "freshness": "fraîcheur",
    "format": "format préféré",
}
"""What a post is marked on."""

HALF_LIFE = 24.0
"""Hours after which a post has lost half of its freshness: a hypothesis of the toy."""


class Post(NamedTuple):
    """An invented post: who wrote it, its format and its age in hours."""

    title: str
    format: str
    hours: float


class Reader(NamedTuple):
    """An invented reader: marks for relation and probable reaction, a post each, and for formats."""

    name: str
    relation: tuple[float, ...]
    reaction: tuple[float, ...]
    formats: dict[str, float]


POSTS = (
    Post("Vélambule : l’atelier en vidéo", "vidéo", 20),
    Post("Une cousine : photo de vacances", "photo", 36),
    Post("Un journal local : lien vers un article", "lien", 1),
    Post("Un inconnu : vidéo très partagée", "vidéo", 10),
    Post("Vélambule : photo d’une promotion", "photo", 2),
)
"""Invented; « Vélambule » is a brand of the kit."""

READERS = {
    "ines": Reader(
        "Inès, qui suit Vélambule et regarde des vidéos",
        (0.8, 0.9, 0.2, 0.0, 0.8),
        (0.6, 0.7, 0.3, 0.9, 0.1),
        {"vidéo": 1.0, "photo": 0.5, "lien": 0.1},
    ),
    "karim": Reader(
        "Karim, qui lit la presse et ouvre des liens",
        (0.3, 0.4, 0.9, 0.0, 0.3),
        (0.2, 0.5, 0.8, 0.4, 0.2),
        {"vidéo": 0.2, "photo": 0.4, "lien": 1.0},
    ),
}


def marks(reader: str) -> dict[str, tuple[float, ...]]:
    """Return the four marks of each post for a reader, by part.

    Raises
    ------
    InvalidInput
        If there is no such reader.

    Examples
    --------
    >>> marks("ines")["relation"]
    (0.8, 0.9, 0.2, 0.0, 0.8)
    """
    if reader not in READERS:
        raise InvalidInput(f"« {reader} » n’est pas un lecteur de la démonstration : prenez {', '.join(READERS)}.")
    who = READERS[reader]
    return {
        "relation": who.relation,
        "reaction": who.reaction,
        "freshness": tuple(0.5 ** (post.hours / HALF_LIFE) for post in POSTS),
        "format": tuple(who.formats[post.format] for post in POSTS),
    }


def shares(reader: str, weights: dict[str, float]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return what each part brings to the score of each post, out of 100: shape (parts, posts); zeros where all weights are.

    Examples
    --------
    >>> shares("ines", {"relation": 1, "reaction": 0, "freshness": 0, "format": 0}).sum(axis=0).tolist()
    [80.0, 90.0, 20.0, 0.0, 80.0]
    """
    weighed = np.array([weights[part] for part in PARTS], dtype=float)
    noted = np.array([marks(reader)[part] for part in PARTS])
    total = float(weighed.sum())
    brought: np.ndarray[tuple[int, int], np.dtype[np.float64]] = 100 * noted * weighed[:, np.newaxis] / (total or 1.0)
    return brought


def order(scores: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[int]:
    """Return posts from the highest score to the lowest, the most recent first where scores are equal."""
    return sorted(range(len(POSTS)), key=lambda post: (-round(float(scores[post]), 9), POSTS[post].hours))


@drawn
def _bars(reader: str, weights: dict[str, float]) -> "Figure":
    brought = shares(reader, weights)
    scores = brought.sum(axis=0)
    ranked = order(scores)
    figure = new_figure(4.2, layout=None)  # placed by hand: a slider redraws it at each step
    axes = figure.add_axes((0.3, 0.22, 0.68, 0.69))
    left = np.zeros(len(POSTS))
    for part, (name, colour) in enumerate(zip(PARTS.values(), PALETTE, strict=False)):
        widths = brought[part, ranked]
        axes.barh(range(len(POSTS)), widths, left=left, height=0.6, color=colour, label=name, edgecolor="white", linewidth=0.8)
        for row, (start, width) in enumerate(zip(left, widths, strict=True)):
            if width >= 4:
                text = write_number(float(width), 0)
                axes.text(start + width / 2, row, text, ha="center", va="center", size=8.5, color="#ffffff")
        left = left + widths
    for row, post in enumerate(ranked):
        score = write_number(float(scores[post]), 0)
        axes.annotate(score, (scores[post], row), xytext=(5, 0), textcoords="offset points", va="center", size=10, weight="bold")
    labels = [
        f"{rank}. {POSTS[post].title}, il y a {write_quantity(POSTS[post].hours, 'heures')}" for rank, post in _ranks(ranked)
    ]
    axes.set_yticks(range(len(POSTS)), ["\n".join(wrap(typeset(label), 2.6, 9)) for label in labels], size=9)
    axes.set_ylim(len(POSTS) - 0.5, -0.5)
    axes.set_xlim(0, 108)
    axes.set_xlabel("score sur 100")
    axes.spines["left"].set_visible(False)
    axes.set_title(
        typeset(f"Fil de {READERS[reader].name.split(',')[0]} : un modèle d’enseignement, pas celui d’un réseau"), x=-0.41
    )
    figure.legend(*axes.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.02, 0), ncols=4)
    told = " ; ".join(
        f"{label}, {write_number(float(scores[post]), 0)} sur 100 ("
        + ", ".join(f"{name} {write_number(float(brought[part, post]), 0)}" for part, name in enumerate(PARTS.values()))
        + ")"
        for label, post in zip(labels, ranked, strict=True)
    )
    return describe(figure, f"Cinq publications inventées, dans l’ordre du modèle pour {READERS[reader].name} : {told}.")


def ranking(reader: str, relation: float, reaction: float, freshness: float, format: float) -> "tuple[Figure, str]":
    """Draw five posts in the order of their score, and what each part brings to it.

    Parameters
    ----------
    reader
        A key of `READERS`.
    relation, reaction, freshness, format
        Weights, not negative.
    """
    weights = {"relation": relation, "reaction": reaction, "freshness": freshness, "format": format}
    if min(weights.values()) < 0:
        raise InvalidInput("Un poids n’est pas négatif : remettez-le à zéro ou au-dessus.")
    figure = _bars(reader, weights)
    if not any(weights.values()):
        return figure, "Tous les poids sont à zéro : plus rien ne départage, et le fil va du plus récent au plus ancien."
    scores = shares(reader, weights).sum(axis=0)
    ranked = order(scores)
    first = POSTS[ranked[0]].title
    promotion = ranked.index(len(POSTS) - 1) + 1
    gap = round(float(scores[ranked[0]])) - round(float(scores[ranked[1]]))
    ahead = f"avec {gap} {plural(gap, 'point')} d’avance" if gap else "de très peu"
    place = "première" if promotion == 1 else f"{promotion}ᵉ"
    return figure, f"En tête, {ahead} : « {first} ». La promotion de Vélambule arrive {place} sur cinq."


def _ranks(ranked: list[int]) -> list[tuple[int, int]]:
    return list(enumerate(ranked, start=1))
