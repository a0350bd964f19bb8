"""Criteria for posts: the rules that the card shows, asked of each post. They are public: there is no key."""

from collections.abc import Callable, Collection

from cmlib.errors import Explained
from cmlib.french import plural
from cmlib.posts import mentions
from cmlib.tp.fields import TextField
from cmlib.tp.marks import Criterion, Mark
from cmlib.tp.post_cards import LEAST_DIFFERENT, findings
from cmlib.tp.questions import Question
from cmlib.tp.row_criteria import Check, each_row
from cmlib.tp.tables import Row, Table

_BASE = ("network", "day", "text")  # what every rule of a network reads


def length_kept(rows: int, points: float) -> Criterion:
    """Ask for a text in words that is no longer than its network takes on its day."""
    rule = (
        f"au moins {LEAST_DIFFERENT} mots différents hors hashtags, mentions et liens, sans dépasser la longueur que le réseau "
        "prend ce jour-là"
    )
    return each_row("Texte et longueur", _kept(rule, "texte", "longueur"), rows=rows, points=points)


def hashtags_kept(rows: int, points: float) -> Criterion:
    """Ask for a hashtag at least, and no more than the network takes on that day."""
    rule = "un hashtag au moins, pas plus que le réseau n’en admet ce jour-là"
    return each_row("Hashtags", _kept(rule, "hashtags"), rows=rows, points=points)


def link_kept(rows: int, points: float) -> Criterion:
    """Ask for a link where the network lets people follow it; elsewhere for none, and for the profile to be named."""
    rule = "un lien là où le réseau le rend cliquable ; ailleurs aucun, et un renvoi au profil ou à la bio"
    return each_row("Lien", _kept(rule, "lien"), rows=rows, points=points)


def call_kept(rows: int, points: float) -> Criterion:
    """Ask for a call to action that is written in the text."""
    rule = "un appel à l’action écrit tel quel dans le texte, sans en être le tout : deux mots, ou un de quatre lettres, au moins"
    return each_row("Appel à l’action", _kept(rule, "appel", columns=("call",)), rows=rows, points=points)


def alt_kept(rows: int, points: float) -> Criterion:
    """Ask for a picture or a video, and for an alternative text that says what it shows."""
    rule = "une image ou une vidéo, et un texte alternatif qui la décrit, sans répéter un seul mot ni recopier le texte"
    kept = _kept(rule, "alternative", columns=("visual",))

    def fault(row: Row) -> str:
        row.read("alt")  # too long a text is not understood
        return "Il n’y a ni image ni vidéo à décrire." if row.read("visual") == ("aucun",) else kept.fault(row)

    return each_row("Texte alternatif", Check(kept.rule, fault, kept.columns), rows=rows, points=points)


def one_mention(points: float) -> Criterion:
    """Give the points once one of the posts mentions an account."""

    def judge(question: Question, value: object) -> list[Mark]:
        texts = _texts(question, value)
        if not texts:
            return [Mark("Mention", 0, points, "Pas de réponse.")]
        count = sum(bool(mentions(text)) for text in texts)
        found = f"{count} {plural(count, 'publication mentionne', 'publications mentionnent')} un compte."
        return [Mark("Mention", points if count else 0, points, found if count else "Aucun compte n’est mentionné avec @.")]

    return Criterion(points, "une publication au moins mentionne un compte avec @ ; tout ou rien", judge)


def drawn_from(networks_of: Callable[[str], Collection[str]], rows: int, points: float) -> Criterion:
    """Ask that a post be for a network of the line that it comes from.

    Parameters
    ----------
    networks_of
        From the id of a line to the ids of its networks; none while it is not filled in.
    """

    def fault(row: Row) -> str:
        (theme,), (network,) = row.read("theme"), row.read("network")
        known = networks_of(theme)
        if not known:
            return "La ligne dont elle est tirée n’est pas remplie."
        return "" if network in known else "Son réseau n’est pas celui de la ligne dont elle est tirée."

    check = Check("réseau que donne la ligne dont elle est tirée", fault, ("theme", "network", "text"))
    return each_row("Tirées de vos lignes", check, rows=rows, points=points)


def _kept(rule: str, *names: str, columns: tuple[str, ...] = ()) -> Check:
    """Ask that some rules of a post be kept; one that no source gives a value is kept."""

    def fault(row: Row) -> str:
        return next((found.sentence for found in findings(row) if found.rule in names and not found.kept), "")

    return Check(rule, fault, (*_BASE, *columns))


def _texts(question: Question, value: object) -> list[str]:
    """Return the texts that are written: those too short to be read are not."""
    if not isinstance(question, Table) or not isinstance(question.fields.get("text"), TextField):
        raise Explained(f"Exercice {question.id} : ce ne sont pas des publications. Corrigez la cellule de correction.")
    texts = [row.texts.get("text", "") for row in question.filled(value)]
    return [text for text in texts if text and not question.fields["text"].judge(text)[1]]
