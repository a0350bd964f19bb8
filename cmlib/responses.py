"""How to answer a wave of criticism: the rules that the course teaches, and the check of a planned reply.

The text of the rules is the course's idea in our words; the delays are hypotheses of the project.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import plural
from cmlib.inputs import flag, number, shown


class Principle(NamedTuple):
    """A rule of reply: what to do, why, and who says so."""

    text: str
    why: str
    source: str


@dataclass(frozen=True)
class Reply:
    """What is planned in reply to a crisis; delays run from its first message, None where nothing is planned."""

    acknowledged_after: timedelta | None
    answered_after: timedelta | None  # in substance
    same_platform: bool
    deleted_messages: int
    deleted_illegal: int  # of those, the insulting or unlawful ones
    apologises: bool
    announces_action: bool
    legal_risk: bool  # disparagement, insult, libel
    lawyer_consulted: bool  # or an agency

    def __post_init__(self) -> None:
        """Refuse what no reply can be."""
        delays = [delay for delay in (self.acknowledged_after, self.answered_after) if delay is not None]
        if [_delay(delay, "délai de la réponse (reply)") for delay in delays] != sorted(delays):
            raise InvalidInput("L’accusé de réception suit la réponse de fond : corrigez l’un des deux délais.")
        for choice in ("same_platform", "apologises", "announces_action", "legal_risk", "lawyer_consulted"):
            flag(getattr(self, choice), f"réponse ({choice})")
        deleted = number(self.deleted_messages, "messages supprimés (deleted_messages)", at_least=0, whole=True)
        number(self.deleted_illegal, "dont illicites (deleted_illegal)", at_least=0, at_most=deleted, whole=True)


_COURSE, _ARTICLE = "Cours, chapitre 3, « bad buzz »", "Article « 7 étapes du community management », étape 7"
_BLOG, _PRESS = "Blogue « gestionnaire de communautés », erreurs sur Facebook", "loi du 29 juillet 1881"

RESPONSE_PRINCIPLES = (
    Principle("Ne pas réagir trop vite.", "Une réponse sous le coup de l’émotion, sans les faits, relance la vague.", _COURSE),
    Principle("Ne rien supprimer.", "Une critique effacée revient en capture d’écran, et devient le sujet.", _COURSE),
    Principle("S’excuser.", "Reconnaître le tort subi rend la suite audible.", _COURSE),
    Principle("Rester calme et mesuré.", "Tout le monde lit l’échange : le ton compte autant que les arguments.", _COURSE),
    Principle("Communiquer sur les actions menées.", "Des actes datés prouvent que l’excuse est sincère.", _COURSE),
    Principle("Répondre rapidement, sans impulsivité.", "Le silence laisse les autres raconter l’histoire.", _ARTICLE),
    Principle("Identifier l’origine de l’attaque.", "Client déçu, concurrent, rumeur : la réponse n’est pas la même.", _ARTICLE),
    Principle("Rester professionnel.", "Une pique fait oublier vos arguments et donne raison à qui vous attaque.", _ARTICLE),
    Principle("Répondre sur la même plateforme.", "Qui a lu la critique doit pouvoir lire la réponse.", _ARTICLE),
    Principle(
        "Dans les cas graves, faire appel à une agence d’e-réputation ou à un avocat.",
        "Dénigrement, injure et diffamation relèvent du droit ; les deux dernières se prescrivent en principe en trois mois.",
        f"{_ARTICLE} ; {_PRESS}, article 65",
    ),
)
"""Once the watch has seen the wave come: five rules of the course, then five of an article."""

FAST_AND_NOT_TOO_FAST = (
    "Le cours dit « pas trop vite » et l’article « vite » : ils ne parlent pas du même message. L’accusé de réception "
    "(« nous avons vu, nous vérifions, nous revenons vers vous ») part vite ; la réponse de fond, mesurée, attend les faits."
)
"""How two rules that seem to contradict each other agree."""

EXCEPTIONS = (
    Principle("Les injures.", "Elles n’imputent aucun fait : les retirer ne cache rien.", f"{_BLOG} ; {_PRESS}, article 29"),
    Principle("Les propos illicites.", "Les laisser en ligne expose la page et blesse ceux qu’ils visent.", _BLOG),
)
"""What may be removed all the same, once a capture is kept."""


def response_problems(
    reply: Reply,
    *,
    acknowledge_within: timedelta = timedelta(hours=12),
    answer_not_before: timedelta = timedelta(hours=2),
    answer_within: timedelta = timedelta(hours=72),
) -> list[str]:
    """Name, in French, the rules that a planned reply breaks; an empty list if it breaks none.

    Parameters
    ----------
    reply
        What is planned. An answer in substance also acknowledges.
    acknowledge_within, answer_not_before, answer_within
        Longest silence, least time to establish the facts, longest wait for an answer in substance. Hypothèses: 12, 2
        and 72 hours; the course gives no delay.

    Raises
    ------
    InvalidInput
        If ``reply`` is no `Reply`, or a delay is negative or out of order.

    References
    ----------
    `RESPONSE_PRINCIPLES` and `EXCEPTIONS`: the course and its article.

    Examples
    --------
    >>> response_problems(Reply(timedelta(hours=6), timedelta(days=1), True, 3, 2, True, True, False, False))
    ['1 critique licite supprimée : on ne retire que les injures et les propos illicites.']
    """
    if not isinstance(reply, Reply):
        raise InvalidInput("La réponse (reply) doit être une Reply : décrivez-la avec tous ses champs.")
    delays = {"acknowledge_within": acknowledge_within, "answer_not_before": answer_not_before, "answer_within": answer_within}
    late, soon, last = (_delay(delay, name) for name, delay in delays.items())
    late_h, soon_h, last_h = (f"{shown(round(delay / timedelta(hours=1), 1))} h" for delay in (late, soon, last))
    if soon > last:
        raise InvalidInput("Une réponse serait à la fois trop tôt et trop tard : answer_not_before dépasse answer_within.")
    answered, kept_out = reply.answered_after, int(reply.deleted_messages - reply.deleted_illegal)
    seen = answered if reply.acknowledged_after is None else reply.acknowledged_after
    removed = plural(kept_out, "critique licite supprimée", "critiques licites supprimées")
    rules = [
        (seen is None, "Personne n’accuse réception : dites vite que vous avez vu et que vous vérifiez."),
        (seen is not None and seen > late, f"L’accusé de réception part après plus de {late_h} : répondez plus vite."),
        (answered is None, "Aucune réponse de fond n’est prévue : l’accusé de réception ne suffit pas."),
        (answered is not None and answered < soon, f"La réponse de fond part en moins de {soon_h} : vérifiez les faits."),
        (answered is not None and answered > last, f"La réponse de fond part après plus de {last_h} : c’est trop tard."),
        (not reply.same_platform, "La réponse paraît ailleurs que l’attaque : répondez sur la même plateforme."),
        (kept_out > 0, f"{kept_out} {removed} : on ne retire que les injures et les propos illicites."),
        (not reply.apologises, "La réponse ne s’excuse pas : reconnaissez le tort subi."),
        (not reply.announces_action, "La réponse n’annonce aucune action : dites ce qui est fait, et quand."),
        (reply.legal_risk and not reply.lawyer_consulted, "Le cas est grave : consultez une agence d’e-réputation ou un avocat."),
    ]
    return [sentence for broken, sentence in rules if broken]


def _delay(delay: timedelta, name: str) -> timedelta:
    if not isinstance(delay, timedelta) or delay < timedelta(0):
        raise InvalidInput(f"{name} : il faut une durée (timedelta) qui ne soit pas négative.")
    return delay
