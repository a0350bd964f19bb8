"""The catalogue of indicators (KPI): what each one means, how it is computed, and who expects it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import typeset

FAMILIES = {
    "visibilite": "Visibilité",
    "engagement": "Engagement",
    "opinion": "Opinion",
    "performance": "Performance",
}
"""The four families of objectives (course, chapter 1), by id, with their French label."""

Better = Literal["up", "down"]

COURSE = "cours, chapitre 1"
SEVEN = "cours, « 7 étapes du community management »"
SOCIAL = "cours, document de 2011 sur les réseaux sociaux"
MISSIONS = "cours, missions du community manager"
MARKET = "usage du marché"
OURS = "ajout du projet"
NAMED = f"qui le nomme sans formule ; formule : {MARKET}"


@dataclass(frozen=True)
class Kpi:
    """An indicator.

    Attributes
    ----------
    name, english
        Its French name and its English term.
    family
        A key of `FAMILIES`.
    formula, definition
        In French, in words.
    unit
        A key of `cmlib.french.UNIT_SPELLINGS`; a percentage is kept as a fraction.
    better
        ``"up"`` or ``"down"``: where the brand wants it to go.
    denominator
        What it is divided by, in French; empty for a count or a sum.
    source
        Where the indicator comes from, in French.
    function
        The function of the model that computes it, ``module.name``; empty when it is read or counted.
    at_least, at_most
        Bounds of its values; None where there is none.
    """

    name: str
    english: str
    family: str
    formula: str
    unit: str
    denominator: str
    definition: str
    source: str
    function: str = ""
    better: Better = "up"
    at_least: float | None = 0.0
    at_most: float | None = None

    def __post_init__(self) -> None:
        for field in ("name", "formula", "denominator", "definition", "source"):
            object.__setattr__(self, field, typeset(getattr(self, field)))


def _count(name: str, english: str, family: str, definition: str, source: str, unit: str = "", better: Better = "up") -> Kpi:
    return Kpi(name, english, family, "total de la période", unit, "", definition, source, better=better)


KPIS: dict[str, Kpi] = {
    # Visibilité
    "impressions": _count(
        "Impressions", "impressions", "visibilite", "Nombre d’affichages, plusieurs par personne comprises.", COURSE,
    ),
    "reach": Kpi(
        "Couverture sur cible", "reach", "visibilite", "personnes de la cible touchées / cible", "%", "effectif de la cible",
        "Part de la cible touchée au moins une fois.", COURSE, "reach.net_reach", at_most=1.0,
    ),
    "frequency": Kpi(
        "Répétition", "average frequency", "visibilite", "impressions / personnes touchées", "", "personnes touchées",
        "Nombre moyen de contacts par personne touchée.", COURSE, "reach.average_frequency", at_least=1.0,
    ),
    "grp": Kpi(
        "Points de couverture brute (GRP)", "gross rating points", "visibilite", "100 × couverture × répétition", "points",
        "100 personnes de la cible", "Nombre de contacts pour 100 personnes de la cible.", MARKET, "reach.grp",
    ),
    "memorised_reach": Kpi(
        "Couverture mémorisée", "memorised reach", "visibilite", "somme des parts touchées n fois × (1 − (1 − β)^n)", "%",
        "effectif de la cible", "Part de la cible qui se souvient ; β est la part qui retient après un seul contact.",
        "Morgensztern (années 1970)",
        "reach.memorised_reach", at_most=1.0,
    ),
    "views": _count(
        "Vues", "views", "visibilite", "Nombre de pages ou de vidéos vues : dire lesquelles, et après combien de secondes.",
        SOCIAL,
    ),
    "share_of_voice": Kpi(
        "Part de voix", "share of voice", "visibilite", "mentions de la marque / mentions de la marque et de ses concurrents",
        "%", "mentions de la marque et de ses concurrents", "Place de la marque dans les conversations de son secteur.",
        MARKET, "rates.share_of_voice", at_most=1.0,
    ),
    "press_mentions": _count(
        "Retombées presse", "press coverage", "visibilite", "Nombre d’articles et d’émissions qui citent la marque.",
        MISSIONS,
    ),
    "followers": Kpi(
        "Taille du réseau cumulé", "followers", "visibilite", "somme des abonnés de chaque compte, à une même date", "", "",
        "Abonnés de tous les comptes de la marque, doublons compris.", SOCIAL,
    ),
    "growth_rate": Kpi(
        "Croissance de la communauté", "follower growth rate", "visibilite",
        "(abonnés à la fin − abonnés au début) / abonnés au début", "%", "abonnés au début",
        "Abonnés gagnés ou perdus pendant la période, rapportés à ceux du début.", f"{SEVEN}, {NAMED}",
        "rates.growth_rate", at_least=-1.0,
    ),
    "cost_per_follower": Kpi(
        "Coût par nouvel abonné", "cost per follower", "visibilite", "dépense / nouveaux abonnés", "€", "nouveaux abonnés",
        "Ce que coûte en moyenne un nouvel abonné.", f"{SEVEN}, {NAMED}", "costs.cost_per_follower", better="down",
    ),
    "cpm": Kpi(
        "Coût pour mille (CPM)", "cost per mille", "visibilite", "1 000 × dépense / impressions", "€",
        "milliers d’impressions", "Ce que coûtent mille affichages.", MARKET, "costs.cpm", better="down",
    ),
    # Engagement
    "likes": _count("Mentions j’aime", "likes", "engagement", "Nombre de réactions « j’aime » et assimilées.", COURSE),
    "comments": _count("Commentaires", "comments", "engagement", "Nombre de commentaires, favorables ou non.", COURSE),
    "shares": _count(
        "Partages", "shares", "engagement", "Nombre de fois où le public relaie une publication ; mesure aussi l’influence.",
        COURSE,
    ),
    "video_interactions": _count(
        "Interactions vidéo", "video interactions", "engagement",
        "Nombre de gestes sur une vidéo : lire, remettre le son, agrandir.", COURSE,
    ),
    "engagement_rate_by_reach": Kpi(
        "Taux d’engagement par portée", "engagement rate by reach", "engagement",
        "(j’aime + commentaires + partages) / portée", "%", "personnes touchées",
        "Réactions pour 100 personnes touchées ; le taux du compte n’est pas la moyenne des taux des publications.", OURS,
        "rates.engagement_rate",
    ),
    "engagement_rate_by_followers": Kpi(
        "Taux d’engagement par abonné", "engagement rate by followers", "engagement",
        "(j’aime + commentaires + partages) / abonnés", "%", "abonnés à la date de la publication",
        "Réactions pour 100 abonnés.", OURS, "rates.engagement_rate",
    ),
    "engagement_rate_by_impressions": Kpi(
        "Taux d’engagement par impression", "engagement rate by impressions", "engagement",
        "(j’aime + commentaires + partages) / impressions", "%", "impressions", "Réactions pour 100 affichages.",
        OURS, "rates.engagement_rate",
    ),
    "virality_rate": Kpi(
        "Viralité", "virality rate", "engagement", "partages / impressions", "%", "impressions",
        "Part des affichages qui donnent lieu à un partage.", f"{SOCIAL}, {NAMED}",
        "rates.virality_rate",
    ),
    "user_content": _count(
        "Contenus créés par le public", "user-generated content", "engagement",
        "Nombre de contenus que les internautes publient au sujet de la marque.", SOCIAL,
    ),
    "time_spent": Kpi(
        "Temps passé", "time spent", "engagement", "durée totale d’attention / visites ou vues", "minutes",
        "visites ou vues : dire lesquelles", "Durée moyenne d’attention, sur une page ou une vidéo.", f"{SOCIAL}, {NAMED}",
    ),
    "response_rate": Kpi(
        "Taux de réponse", "response rate", "engagement", "questions qui ont reçu une réponse / questions posées", "%",
        "questions posées", "Part des questions du public auxquelles la marque répond.",
        f"{SOCIAL}, « réponse à toutes les questions » ; formule et famille : {OURS}", "rates.part", at_most=1.0,
    ),
    "complaints_resolved": Kpi(
        "Réclamations résolues", "resolution rate", "engagement", "réclamations résolues / réclamations reçues", "%",
        "réclamations reçues", "Part des plaintes closes à la satisfaction du client.",
        f"{MISSIONS} ; famille choisie par le projet", "rates.part", at_most=1.0,
    ),
    # Opinion
    "spontaneous_awareness": Kpi(
        "Notoriété spontanée", "unaided awareness", "opinion",
        "personnes qui citent la marque d’elles-mêmes / personnes interrogées", "%", "personnes interrogées",
        "Part du public qui nomme la marque sans aide.", COURSE, "rates.part", at_most=1.0,
    ),
    "aided_awareness": Kpi(
        "Notoriété assistée", "aided awareness", "opinion",
        "personnes qui reconnaissent la marque dans une liste / personnes interrogées", "%", "personnes interrogées",
        "Part du public qui dit connaître la marque quand on la lui présente.", COURSE, "rates.part", at_most=1.0,
    ),
    "flash_poll": Kpi(
        "Sondage à chaud (7 secondes)", "flash poll", "opinion", "avis favorables / personnes interrogées", "%",
        "personnes interrogées",
        "Part d’avis favorables recueillis juste après l’exposition (notre lecture : le cours donne le nom et les 7 secondes).",
        COURSE, "rates.part", at_most=1.0,
    ),
    "positive_mentions": _count(
        "Mentions positives", "positive mentions", "opinion", "Nombre de messages favorables à la marque.", MISSIONS,
    ),
    "negative_mentions": _count(
        "Mentions négatives", "negative mentions", "opinion", "Nombre de messages hostiles : le risque d’image.", MISSIONS,
        better="down",
    ),
    "positive_share": Kpi(
        "Tonalité", "sentiment", "opinion", "mentions positives / (mentions positives + négatives)", "%",
        "mentions qui prennent parti", "Part de messages favorables parmi ceux qui prennent parti.", OURS,
        "rates.positive_share", at_most=1.0,
    ),
    "reputation_ratio": Kpi(
        "Ratio d’e-réputation", "positive to negative ratio", "opinion", "mentions positives / mentions négatives", "",
        "mentions négatives", "Nombre de messages favorables pour un message hostile.", SOCIAL, "rates.reputation_ratio",
    ),
    "nps": Kpi(
        "Score de recommandation (NPS)", "net promoter score", "opinion", "% de notes 9-10 − % de notes 0-6", "points",
        "répondants", "Promoteurs moins détracteurs, de −100 à 100.", "Reichheld (2003)", "stats.nps", at_least=-100.0,
        at_most=100.0,
    ),
    # Performance
    "clicks": _count("Clics", "clicks", "performance", "Nombre de clics vers le site ou l’offre.", COURSE),
    "ctr": Kpi(
        "Taux de clic (CTR)", "click-through rate", "performance", "clics / impressions", "%", "impressions",
        "Part des affichages qui donnent un clic.", MARKET, "rates.ctr",
    ),
    "cpc": Kpi(
        "Coût par clic (CPC)", "cost per click", "performance", "dépense / clics", "€", "clics", "Ce que coûte un clic.",
        MARKET, "costs.cpc", better="down",
    ),
    "visits": _count("Visites", "visits", "performance", "Nombre de visites du site, par source.", COURSE),
    "conversion_rate": Kpi(
        "Taux de conversion", "conversion rate", "performance", "conversions / visites", "%", "visites",
        "Part des visites qui font l’action attendue.", f"{COURSE}, {NAMED}", "rates.conversion_rate",
    ),
    "leads": _count("Prospects", "leads", "performance", "Nombre d’inconnus devenus des contacts identifiés.", MISSIONS),
    "cpl": Kpi(
        "Coût par prospect (CPL)", "cost per lead", "performance", "dépense / prospects", "€", "prospects",
        "Ce que coûte un prospect.", MARKET, "costs.cpl", better="down",
    ),
    "sales": _count("Ventes", "sales", "performance", "Nombre de commandes.", COURSE),
    "cac": Kpi(
        "Coût d’acquisition d’un client (CAC)", "customer acquisition cost", "performance", "dépense / nouveaux clients", "€",
        "nouveaux clients", "Ce que coûte un nouveau client, publicité et travail compris.", MARKET, "costs.cac",
        better="down",
    ),
    "revenue": _count("Chiffre d’affaires", "revenue", "performance", "Ventes en euros.", COURSE, "€"),
    "roas": Kpi(
        "ROI du cours (ROAS)", "return on ad spend", "performance", "chiffre d’affaires / investissement", "",
        "investissement", "Euros de chiffre d’affaires pour un euro dépensé ; le marché dit ROAS.", COURSE, "costs.roas",
    ),
    "net_roi": Kpi(
        "ROI net", "return on investment", "performance", "(gain − coût) / coût", "%", "coût",
        "Gain net pour 100 € dépensés ; le gain est la marge ou, à défaut, le chiffre d’affaires : dire lequel.",
        "cours, chapitre 1, qui l’oppose au sien ; formule financière usuelle",
        "costs.net_roi", at_least=-1.0,
    ),
    "ltv": Kpi(
        "Valeur d’un client (LTV)", "customer lifetime value", "performance",
        "somme actualisée des marges à venir d’un client", "€", "client", "Ce qu’un client rapporte tant qu’il reste.",
        "Gupta et Lehmann (2003)", "funnel.ltv", at_least=None,
    ),
}  # fmt: skip
"""Every indicator, by id."""


class Return(NamedTuple):
    """A way to judge a presence on social media: what it asks, its indicators, and what only the eye can judge."""

    name: str
    question: str
    kpis: tuple[str, ...]
    signs: tuple[str, ...]


RETURNS: dict[str, Return] = {
    "roi": Return(
        "Retour sur investissement", "Que rapporte chaque euro ?", ("roas", "net_roi", "revenue", "cac"), ()
    ),
    "roo": Return(
        "Retour sur objectifs",
        "Avons-nous atteint ce que nous visions ?",
        ("virality_rate", "followers", "growth_rate", "user_content", "time_spent", "positive_share", "leads", "visits", "sales"),
        ("pénétration éditoriale", "relais et émetteurs", "place dans les moteurs de recherche"),
    ),
    "roe": Return(
        "Retour sur engagement",
        "Quelle relation avons-nous créée ?",
        ("response_rate", "complaints_resolved", "comments", "engagement_rate_by_reach"),
        ("qualité des contenus", "conversation suscitée", "suite hors ligne", "rencontre"),
    ),
}  # fmt: skip
"""From ROI to ROO to ROE (course, 2011 document), with the indicators of this catalogue that measure each."""

ROI_LIMITS = (
    "les gains et les coûts sont flous",
    "le calcul n’est pas normalisé",
    "une relation se chiffre mal",
    "les réseaux ne sont qu’un maillon du plan",
    "le ROI sert d’alibi pour ne rien faire",
)
"""Why ROI alone is not enough (course, 2011 document)."""


class Service(NamedTuple):
    """Where a community manager works, and the indicators expected there; none where the course gives none."""

    name: str
    kpis: tuple[str, ...]


SERVICES: dict[str, Service] = {
    "communication": Service("Service communication", ("positive_mentions", "negative_mentions")),
    "marketing": Service("Service marketing", ("visits", "sales", "leads", "complaints_resolved")),
    "presse": Service("Relations presse", ("press_mentions", "shares", "spontaneous_awareness", "aided_awareness", "views")),
    "direction": Service("Direction générale d’une PME", ()),
    "independant": Service("Indépendant", ()),
}
"""Indicators expected by the service to which the community manager belongs (course, missions du community manager)."""


def kpi(name: str) -> Kpi:
    """Return an indicator of the catalogue.

    Raises
    ------
    InvalidInput
        If it is not in the catalogue.

    Examples
    --------
    >>> kpi("ctr").formula
    'clics / impressions'
    """
    if name not in KPIS:
        raise InvalidInput(
            f"L’indicateur « {name} » n’est pas au catalogue : list(objectives.KPIS) montre les noms possibles, comme « ctr »."
        )
    return KPIS[name]


def family_kpis(family: str) -> dict[str, Kpi]:
    """Return the indicators of a family of objectives, by id.

    Raises
    ------
    InvalidInput
        If the family is not one of the four.

    Examples
    --------
    >>> sorted(family_kpis("opinion"))[:3]
    ['aided_awareness', 'flash_poll', 'negative_mentions']
    """
    if family not in FAMILIES:
        raise InvalidInput(f"« {family} » n’est pas une famille d’objectifs : choisissez parmi {', '.join(FAMILIES)}.")
    return {name: indicator for name, indicator in KPIS.items() if indicator.family == family}


def expected_kpis(service: str) -> dict[str, Kpi]:
    """Return the indicators that a service expects from its community manager, by id.

    Raises
    ------
    InvalidInput
        If the service is unknown, or the course names no indicator for it.

    Examples
    --------
    >>> [indicator.name for indicator in expected_kpis("marketing").values()]
    ['Visites', 'Ventes', 'Prospects', 'Réclamations résolues']
    """
    if service not in SERVICES:
        raise InvalidInput(f"« {service} » n’est pas un service connu : choisissez parmi {', '.join(SERVICES)}.")
    if not SERVICES[service].kpis:
        raise InvalidInput(
            f"{SERVICES[service].name} : le cours n’y attache aucun indicateur ; choisissez les vôtres d’après vos objectifs."
        )
    return {name: KPIS[name] for name in SERVICES[service].kpis}
