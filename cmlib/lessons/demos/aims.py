"""What a brand wants from social media, how it would prove it, and what makes people follow it."""

from typing import NamedTuple

from cmlib.french import plural
from cmlib.kpis import FAMILIES, KPIS
from cmlib.lessons.demos.markup import chain, table
from cmlib.lessons.play import Drawn


class Aim(NamedTuple):
    """An aim of a brand, what it becomes on social media, and the indicators that prove it (our own attachment)."""

    text: str
    on_networks: str
    kpis: tuple[str, ...]


AIMS = {
    "clients": Aim("toucher de nouveaux clients", "se montrer à des inconnus, là où ils sont déjà", ("reach", "leads")),
    "innovation": Aim(
        "donner une image d’innovation", "montrer les essais et les coulisses, échecs compris", ("positive_share", "views")
    ),
    "fideliser": Aim("fidéliser", "traiter chaque plainte d’un client jusqu’au bout", ("complaints_resolved",)),
    "veille": Aim("faire de la veille", "écouter ce qui se dit de soi et des concurrents", ("share_of_voice",)),
    "informer": Aim("informer", "annoncer d’abord sur ses comptes, au bon moment", ("impressions", "frequency")),
    "discuter": Aim("faire discuter et partager", "publier ce qui donne envie d’être transmis", ("virality_rate", "shares")),
    "animer": Aim("échanger, répondre, animer", "répondre à toutes les questions, relancer", ("response_rate", "comments")),
    "champions": Aim(
        "connaître sa cible et repérer ses champions", "donner la parole aux membres les plus actifs", ("user_content",)
    ),
    "ventes": Aim("amener du trafic et des ventes", "relier chaque publication à une page utile", ("visits", "conversion_rate")),
    "evenement": Aim("créer l’événement", "faire vivre un rendez-vous, avant, pendant et après", ("press_mentions",)),
}
"""The ten aims of a brand (course, 2011 document); what follows each of them is our own proposal."""

AIMS_ASKED = {name: f"{aim.text[0].upper()}{aim.text[1:]}" for name, aim in AIMS.items()}


def three_dimensions(aim: str) -> Drawn:
    """Show the three dimensions of an aim: of communication, on social media, and the proof that it works.

    Parameters
    ----------
    aim
        A key of `AIMS`.

    Examples
    --------
    >>> "Part de voix" in three_dimensions("veille")[1]
    True
    """
    chosen = AIMS[aim]
    found = [KPIS[name] for name in chosen.kpis]
    proof = " ; ".join(f"{kpi.name.lower() if kpi.name[1:2].islower() else kpi.name} ({kpi.formula})" for kpi in found)
    page = chain(
        [
            ("Objectif de communication", f"{chosen.text}."),
            ("Objectif propre aux réseaux", f"{chosen.on_networks}."),
            ("Preuve que ça marche", f"{proof}."),
        ]
    )
    families = list(dict.fromkeys(FAMILIES[kpi.family] for kpi in found))
    told = f"Preuve : {' et '.join(f'« {kpi.name} »' for kpi in found)} ; "
    told += f"{plural(len(families), 'famille')} : {' et '.join(families)}. "
    return page, f"{told}L’objectif vient du cours (2011), la chaîne est notre proposition : une autre preuve peut convenir."


REASONS = {
    "promotions": "obtenir des promotions",
    "client": "être déjà client",
    "soutien": "afficher son soutien",
    "amusement": "s’amuser",
    "primeur": "avoir la primeur de l’information",
    "exclusivites": "recevoir des exclusivités",
    "recommandation": "suivre la recommandation de quelqu’un",
    "affinites": "partager des affinités",
}
"""The eight reasons to follow a brand, in the order of the course (2011 document)."""


class Post(NamedTuple):
    """A post that a brand could publish, and the reasons to follow that it serves (our own reading)."""

    text: str
    serves: tuple[str, ...]


POSTS = {
    "code": Post("Un code de réduction pour la rentrée", ("promotions",)),
    "carte": Post("La carte de la semaine, montrée la veille aux seuls abonnés", ("primeur", "exclusivites")),
    "quiz": Post("Un quiz : devinez le légume, gagnez un plat jamais vendu", ("amusement", "exclusivites")),
    "productrice": Post("Le portrait d’une maraîchère et de son combat pour sa terre", ("soutien", "affinites")),
    "reponse": Post("Comment réchauffer votre plat sans le dessécher", ("client",)),
    "produit": Post("Une photo du plat du jour avec son prix", ()),
}
"""Posts of « La Marmite du Coin », an invented brand."""

POSTS_ASKED = {name: post.text for name, post in POSTS.items()}


def reasons_served(post: str) -> Drawn:
    """Show which reasons to follow a brand a post serves.

    Parameters
    ----------
    post
        A key of `POSTS`.

    Examples
    --------
    >>> reasons_served("produit")[1].startswith("Cette publication ne sert aucune")
    True
    """
    served = POSTS[post].serves
    rows = [
        [f"{rank}. {reason}", "oui" if name in served else "non"] for rank, (name, reason) in enumerate(REASONS.items(), start=1)
    ]
    marked = [rank for rank, name in enumerate(REASONS) if name in served]
    page = table("Les huit raisons de suivre une marque, classement de 2011", ["Raison", "Servie ?"], rows, marked)
    if not served:
        told = "Cette publication ne sert aucune des huit raisons : elle parle de la marque, pas de ceux qui la suivent."
    else:
        first = list(REASONS).index(served[0]) + 1
        told = f"Cette publication sert {len(served)} {plural(len(served), 'raison')} sur {len(REASONS)} : "
        told += f"{' et '.join(REASONS[name] for name in served)}. "
        told += f"La mieux classée est au rang {first}. " if len(served) > 1 else f"Rang {first} du classement. "
        told += "Le rapprochement est notre lecture."
    return page, told


def never_served() -> list[str]:
    """Return the reasons that none of the posts serves.

    Examples
    --------
    >>> never_served()
    ['recommandation']
    """
    return [reason for reason in REASONS if not any(reason in post.serves for post in POSTS.values())]
