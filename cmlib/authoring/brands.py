"""Generator of the brands' tables: the same bytes on every machine.

numpy guarantees the raw bits of PCG64, not its distributions: uniforms are made here from raw bits, and turned into
other laws by inverse functions of the standard library. Counts are whole numbers, so that a last digit of a
logarithm never shows. Everything is a pedagogical hypothesis except the orders of magnitude named below.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from statistics import NormalDist
from typing import TypeVar

from cmlib.noise import stream

YEAR = 2025
FIRST_DAY = date(YEAR, 1, 1)
LAST_DAY = date(YEAR, 12, 31)
NORMAL = NormalDist()

T = TypeVar("T")


class Draw:
    """Uniform numbers from the raw bits of PCG64, and what follows from them."""

    def __init__(self, seed: str) -> None:
        self._bits = stream(seed)

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        return float(int(self._bits.random_raw()) >> 11) / 2**53

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.uniform()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of several things."""
        return choices[int(self.uniform() * len(choices))]

    def lognormal(self, sigma: float) -> float:
        """Return a positive factor of median 1."""
        return math.exp(sigma * NORMAL.inv_cdf(min(max(self.uniform(), 1e-9), 1 - 1e-9)))


@dataclass(frozen=True)
class Network:
    """How a brand behaves on a network.

    Attributes
    ----------
    followers
        On the first and on the last day of the year.
    reach_rate
        Median organic reach by follower. Orders of magnitude: Facebook 1,65-2,2 % (Vervocity 2025), Instagram 13,51 %
        (Socialinsider 2022); TikTok is a hypothesis.
    engagement
        Median interactions by person reached (hypothesis).
    gaps
        Shortest and longest usual time between two posts, in days.
    silence
        A long silence: its first day and its last, both without a post.
    hours
        Hours of publication.
    """

    name: str
    followers: tuple[int, int]
    reach_rate: float
    engagement: float
    gaps: tuple[int, int]
    silence: tuple[date, date]
    hours: tuple[int, ...]
    formats: Mapping[str, float]


VELAMBULE_NETWORKS = (
    Network(
        "Facebook", (8420, 9310), 0.021, 0.052, (2, 5), (date(YEAR, 2, 11), date(YEAR, 2, 26)), (9, 13, 15),
        {"photo": 1.0, "vidéo": 1.35, "lien": 0.55},
    ),
    Network(
        "Instagram", (5160, 7480), 0.135, 0.049, (2, 5), (date(YEAR, 7, 26), date(YEAR, 8, 14)), (7, 12, 17, 18),
        {"photo": 0.9, "carrousel": 1.1, "réel": 1.9},
    ),
    Network(
        "TikTok", (640, 2950), 0.24, 0.063, (3, 9), (date(YEAR, 10, 3), date(YEAR, 10, 24)), (17, 18, 20),
        {"vidéo": 1.0},
    ),
)  # fmt: skip

VELAMBULE_TEXTS: dict[str, tuple[str, ...]] = {
    "coulisses": (
        "À l’atelier, Maud règle les freins d’un biporteur avant livraison.",
        "On soude, on ponce, on peint : trois jours dans la vie d’un cadre.",
        "Premier essai de la nouvelle béquille : le verdict de l’équipe.",
    ),
    "conseil": (
        "Quel casque pour un enfant de trois ans ? Nos repères de taille.",
        "Cinq minutes pour vérifier son vélo avant le départ.",
        "Rouler sous la pluie avec deux enfants : notre liste d’équipement.",
    ),
    "témoignage": (
        "Inès et ses jumeaux ont remplacé la deuxième voiture : ils racontent.",
        "« On arrive à l’école de bonne humeur » : le trajet de la famille Koné.",
        "Après 2 000 km, Paul fait le point sur son biporteur.",
    ),
    "produit": (
        "Le Vélambule Duo arrive en vert sauge.",
        "La cape de pluie enfants est de retour en stock.",
        "Deux sièges, un panier, une batterie : le détail du modèle Trio.",
    ),
    "promotion": (
        "Ce mois-ci, la révision des 500 km est offerte pour tout achat de vélo.",
        "Week-end d’essai gratuit : réservez votre créneau.",
        "Parrainez une famille et recevez une paire de gants.",
    ),
    "communauté": (
        "Ce mois-ci, balade familiale : rendez-vous à dix heures devant l’atelier.",
        "Votre plus belle photo de trajet : le vote est ouvert.",
        "Pédibus ou vélobus ? Dites-nous comment vous vous organisez.",
    ),
}
THEME_LIFT = {
    "coulisses": 1.15, "conseil": 1.0, "témoignage": 1.3, "produit": 0.85, "promotion": 0.5, "communauté": 1.4,
}  # fmt: skip

VELAMBULE_COMPETITORS = (
    # nom, type, secteur, mentions par mois, abonnés Instagram, publications par semaine
    ("Roulibou", "concurrent", "vélos pour familles", (120, 190), 18400, 4.2),
    ("Cargolin", "concurrent", "vélos pour familles", (60, 95), 9100, 3.1),
    ("Les Cycles Fanette", "concurrent", "vélos pour familles", (25, 48), 3900, 1.4),
    ("Campalune", "référence", "tentes familiales", (170, 260), 41200, 5.5),
    ("Le Petit Fournil de Lison", "référence", "pâtisserie à emporter", (35, 60), 12700, 6.3),
)

PROBLEMS = {
    "p1": "Dans l’agglomération, huit parents sur dix n’ont jamais vu passer un contenu de la marque.",
    "p2": "Les abonnés voient les publications mais n’y réagissent presque pas.",
    "p3": "Beaucoup de parents jugent le vélo cargo dangereux et la marque peu rassurante.",
    "p4": "Les visiteurs du site regardent les modèles puis repartent sans réserver d’essai.",
    "p5": "Interrogés sans aide, peu de parents citent le nom de Vélambule.",
    "p6": "Les campagnes coûtent plus que le chiffre d’affaires qu’elles engendrent.",
}
FINDINGS = {
    "c01": "Nos vidéos de témoignages clients font réagir bien plus que nos vidéos de produits.",
    "c02": "La métropole subventionne l’achat d’un vélo cargo à partir de cette année.",
    "c03": "Rien n’a été publié sur Instagram pendant trois semaines cet été.",
    "c04": "Un concurrent national ouvre un magasin dans la ville.",
    "c05": "L’équipe sait filmer et monter elle-même ses vidéos.",
    "c06": "Les parents sont de plus en plus nombreux à chercher des solutions sans voiture.",
    "c07": "Une seule personne publie, sans calendrier ni relecture.",
    "c08": "Les plateformes montrent de moins en moins les publications des entreprises aux abonnés de leurs pages.",
    "c09": "Notre page réunit une communauté soudée : les clients fidèles y répondent aux nouveaux.",
    "c10": "Les messages privés restent souvent sans réponse plus de deux jours.",
    "c11": "Un média local prépare une série sur les familles à vélo et cherche des familles à interroger.",
    "c12": "Des parents partagent la vidéo d’un accident de vélo cargo d’une autre marque, et s’inquiètent.",
}

POSTS_HEADER = (
    "date_heure", "reseau", "format", "theme", "texte", "impressions", "portee", "jaime", "commentaires", "partages",
    "enregistrements", "clics", "depense", "abonnes",
)  # fmt: skip


def velambule_tables() -> dict[str, str]:
    """Return the tables of Vélambule as CSV text, by file name."""
    posts = [row for network in VELAMBULE_NETWORKS for row in _posts(network, Draw(f"velambule/{network.name}"))]
    posts.sort(key=lambda row: (row[0], row[1]))
    draw = Draw("velambule/mentions")
    mentions = [(f"{YEAR}-{month:02d}", draw.whole(38, 74)) for month in range(1, 13)]
    competitors = [
        (name, kind, sector, sum(draw.whole(*monthly) for _ in range(12)), followers, weekly)
        for name, kind, sector, monthly, followers, weekly in VELAMBULE_COMPETITORS
    ]
    return {
        "publications.csv": _csv(POSTS_HEADER, posts),
        "mentions.csv": _csv(("mois", "mentions"), mentions),
        "concurrents.csv": _csv(
            ("nom", "type", "secteur", "mentions", "abonnes_instagram", "publications_par_semaine"), competitors
        ),
        "problemes.csv": _csv(("id", "texte"), list(PROBLEMS.items())),
        "constats.csv": _csv(("id", "texte"), list(FINDINGS.items())),
    }


def write_tables(datasets: Path) -> list[Path]:
    """Write the tables of every brand under ``datasets/brands/`` and return their paths."""
    written = []
    for name, text in velambule_tables().items():
        path = datasets / "brands" / "velambule" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        written.append(path)
    return written


def _posts(network: Network, draw: Draw) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    day = FIRST_DAY + timedelta(days=draw.whole(1, network.gaps[1]))
    while day <= LAST_DAY:
        rows.append(_post(network, draw, day))
        day += timedelta(days=draw.whole(*network.gaps))
        first, last = network.silence
        if first <= day <= last:
            day = last + timedelta(days=1)
    return rows


def _post(network: Network, draw: Draw, day: date) -> tuple[object, ...]:
    moment = datetime(day.year, day.month, day.day, draw.pick(network.hours), draw.pick((0, 15, 30, 45)))
    start, end = network.followers
    elapsed = (day - FIRST_DAY).days / 364
    followers = int(start + (end - start) * elapsed**1.2)
    theme = draw.pick(tuple(VELAMBULE_TEXTS))
    form = draw.pick(tuple(network.formats))
    text = draw.pick(VELAMBULE_TEXTS[theme])
    spread = draw.lognormal(0.5)
    boosted = theme == "promotion" and draw.uniform() < 0.5
    spend = draw.whole(8, 30) * 5 if boosted else 0
    organic = followers * network.reach_rate * network.formats[form] * spread
    reach = max(20, int(organic + spend * draw.between(28, 46)))
    impressions = int(reach * draw.between(1.06, 1.65))
    # The wider a post spreads, the less each person it reaches reacts: that is what parts the two aggregates.
    rate = network.engagement * THEME_LIFT[theme] * draw.lognormal(0.3) * (organic / reach) * spread**-0.45
    interactions = min(int(reach * rate), reach)
    comments = int(interactions * draw.between(0.04, 0.14))
    shares = int(interactions * draw.between(0.02, 0.1))
    likes = interactions - comments - shares
    saves = int(interactions * draw.between(0.0, 0.12))
    clicks = int(reach * draw.between(0.002, 0.018) * (2 if form == "lien" else 1))
    stamp = moment.strftime("%Y-%m-%d %H:%M")
    counts = (impressions, reach, likes, comments, shares, saves, clicks, spend, followers)
    return (stamp, network.name, form, theme, text, *counts)


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
