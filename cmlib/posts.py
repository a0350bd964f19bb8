"""A post, and the rules of its network applied to it as the network counts: length, links, hashtags, mentions, alt text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cmlib.french import plural, typeset, write_number
from cmlib.inputs import number
from cmlib.networks import network_name, rule

# A link as people write it: with its scheme, with www, or a bare domain that networks recognise.
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>«»\"]+|(?<![\w@.-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*"
    r"\.(?:fr|com|org|net|eu|be|ch|ca|io|info|co|app|shop)\b(?:/[^\s<>«»\"]*)?",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}…'’"
_HASHTAG = re.compile(r"(?<![\w#&/])#(?=\w*[^\W\d_])(\w+)")
_MENTION = re.compile(r"(?<![\w@])@(\w(?:[\w.-]*\w)?)")
_JOINER, _VARIATION, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
# Signs that X counts once; any other counts twice (its developer documentation, « Counting characters »).
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

UNCLICKABLE = ("instagram", "tiktok")
"""Networks where a link in the text of a post cannot be followed (usage, 2025)."""


@dataclass(frozen=True)
class Post:
    """A post for one network.

    Attributes
    ----------
    network
        A key of `cmlib.networks.NETWORKS`.
    text
        What is written, hashtags, mentions and links included.
    has_image, has_video
        What goes with it.
    alt_text
        What the image shows, for those who cannot see it.
    video_seconds
        Length of the video, in seconds.
    call_to_action
        What the reader is invited to do, as written in the text: « Réservez votre essai ».

    Raises
    ------
    InvalidInput
        If the network is unknown.

    Examples
    --------
    >>> Post("x", "Balade dimanche !").network
    'x'
    """

    network: str
    text: str
    has_image: bool = False
    has_video: bool = False
    alt_text: str = ""
    video_seconds: float | None = None
    call_to_action: str = ""

    def __post_init__(self) -> None:
        network_name(self.network)


class Finding(NamedTuple):
    """A rule, whether the post keeps it, and the sentence that says so."""

    rule: str
    kept: bool
    sentence: str


def links(text: str) -> list[str]:
    """Return the links of a text, in order, without the punctuation that ends a sentence.

    Examples
    --------
    >>> links("Réservez sur velambule.fr/essai, ou https://exemple.org !")
    ['velambule.fr/essai', 'https://exemple.org']
    """
    return [match[0].rstrip(_TRAILING) for match in _LINK.finditer(text)]


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text, in order, without their sign; a number alone (#1) is not one.

    Examples
    --------
    >>> hashtags("Notre n° #1 : #VéloCargo #famille")
    ['VéloCargo', 'famille']
    """
    return [match[1] for match in _HASHTAG.finditer(_without_links(text))]


def mentions(text: str) -> list[str]:
    """Return the accounts mentioned in a text, in order, without their sign; an e-mail address is not one.

    Examples
    --------
    >>> mentions("Merci @ville.de.lyon ! contact@velambule.fr")
    ['ville.de.lyon']
    """
    return [match[1] for match in _MENTION.finditer(_without_links(text))]


def length(text: str, network: str, day: date) -> int:
    """Return the length of a text as its network counts it on a day.

    X counts a link for 23 signs whatever its length, and an emoji or an ideogram for two; elsewhere each sign counts one.

    Parameters
    ----------
    text
        What is written.
    network
        A key of `cmlib.networks.NETWORKS`.
    day
        Day of publication.

    Raises
    ------
    InvalidInput
        If the network is unknown.

    References
    ----------
    X, developer documentation, « Counting characters » (weights of signs); table ``regles`` for links.

    Examples
    --------
    >>> length("Essayez https://exemple.org/une/adresse/tres/longue/vraiment", "x", date(2026, 3, 1))
    31
    """
    normal = unicodedata.normalize("NFC", text)
    per_link = rule(network, "caracteres_par_lien", day)
    fixed = 0
    if per_link is not None:
        fixed = int(per_link) * len(links(normal))
        normal = _without_links(normal)
    return fixed + (_weighted(normal) if network == "x" else len(normal))


def check_post(post: Post, day: date) -> list[Finding]:
    """Apply to a post the rules that hold on its network on a day.

    A rule that no source gives is not invented: it has no line.

    Parameters
    ----------
    post
        The post.
    day
        Day of publication.

    Returns
    -------
    list of Finding
        ``"texte"``, ``"longueur"``, ``"hashtags"``, ``"video"``, ``"alternative"``, ``"appel"`` (to action), ``"lien"``.

    Examples
    --------
    >>> findings = check_post(Post("instagram", "Dimanche ! " + "#vélo " * 8), date(2026, 3, 1))
    >>> [finding.rule for finding in findings if not finding.kept]
    ['hashtags', 'appel']
    """
    name = network_name(post.network)
    findings = [_written(post), *_length(post, name, day), *_hashtags(post, name, day), *_video(post, name, day)]
    if post.has_image:
        findings.append(
            _finding(
                "alternative",
                bool(post.alt_text.strip()),
                "L’image a son texte alternatif.",
                "L’image n’a pas de texte alternatif : écrivez ce qu’elle montre.",
            )
        )
    findings.append(_call(post))
    if post.network in UNCLICKABLE and links(post.text):
        sentence = f"Sur {name}, un lien écrit sous le post n’est pas cliquable : mettez-le dans le profil."
        findings.append(Finding("lien", False, typeset(sentence)))
    return findings


def _finding(rule_name: str, kept: bool, well: str, wrong: str) -> Finding:
    return Finding(rule_name, kept, typeset(well if kept else wrong))


def _written(post: Post) -> Finding:
    return _finding("texte", bool(post.text.strip()), "Le texte est écrit.", "Le post n’a pas de texte : écrivez-le.")


def _length(post: Post, name: str, day: date) -> list[Finding]:
    most = rule(post.network, "caracteres", day)
    if most is None:  # YouTube and Pinterest: a title, then a description
        most = rule(post.network, "caracteres_description", day)
    if most is None:
        return []
    used = length(post.text, post.network, day)
    counted = f"{write_number(used)} {plural(used, 'signe')} sur {write_number(most)} pour {name}"
    return [_finding("longueur", used <= most, f"{counted}.", f"{counted} : raccourcissez de {write_number(used - most)}.")]


def _hashtags(post: Post, name: str, day: date) -> list[Finding]:
    most = rule(post.network, "hashtags", day)
    if most is None:
        return []
    used = len(hashtags(post.text))
    counted = f"{used} {plural(used, 'hashtag')}, {write_number(most)} au plus pour {name}"
    return [_finding("hashtags", used <= most, f"{counted}.", f"{counted} : gardez les plus utiles.")]


def _video(post: Post, name: str, day: date) -> list[Finding]:
    if not post.has_video or post.video_seconds is None:
        return []
    seconds = number(post.video_seconds, "durée de la vidéo, en secondes (video_seconds)", above=0)
    most, least = rule(post.network, "video_max_s", day), rule(post.network, "video_min_s", day)
    kept = (most is None or seconds <= most) and (least is None or seconds >= least)
    if most is None and least is None:
        return []
    bounds = f"{write_number(least or 0)} s au moins"
    if most is not None:
        bounds = f"de {write_number(least or 0)} à {write_number(most)} s"
    told = f"Vidéo de {write_number(seconds)} s, {bounds} pour {name}"
    return [_finding("video", kept, f"{told}.", f"{told} : changez sa durée.")]


def _call(post: Post) -> Finding:
    wanted = " ".join(post.call_to_action.split()).casefold()
    kept = bool(wanted) and wanted in " ".join(post.text.split()).casefold()
    wrong = "Le post n’invite à rien : ajoutez un appel à l’action, comme « Réservez votre essai »."
    if wanted:
        wrong = f"L’appel à l’action « {post.call_to_action.strip()} » ne figure pas dans le texte : écrivez-le tel quel."
    return _finding("appel", kept, "Le post invite à agir.", wrong)


def _without_links(text: str) -> str:
    return _LINK.sub(lambda match: match[0][len(match[0].rstrip(_TRAILING)) :], text)


def _weighted(text: str) -> int:
    """Count signs as X does: one for most alphabets, two for the others; an emoji, however it is made, for two."""
    total, joined, flag = 0, False, False
    for sign in text:
        code = ord(sign)
        if sign == _JOINER:
            joined = True
        elif sign in (_VARIATION, _KEYCAP) or 0x1F3FB <= code <= 0x1F3FF:  # the look of the emoji before it
            pass
        elif 0x1F1E6 <= code <= 0x1F1FF:  # two letters make a flag
            total += 0 if flag else 2
            flag = not flag
            continue
        elif joined:
            joined = False
        else:
            total += 1 if any(low <= code <= high for low, high in _SINGLE) else 2
        flag = False
    return total
