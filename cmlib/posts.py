"""A post, and the rules of its network applied to it as the network counts: length, links, hashtags, mentions, alt text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cmlib.errors import InvalidInput
from cmlib.french import plural, printable, typeset, untypeset, write_number
from cmlib.inputs import flag, number
from cmlib.networks import network_name, rule
from cmlib.texts import BLANK_LETTERS

# A link as people write it: with its scheme, with www, or a bare domain: followed by a path or a query, any ending of two
# letters or more; alone, an ending that is common on the web.
_ENDINGS = "com|org|net|fr|eu|io|info|app|shop|store|paris|bzh|alsace|corsica|dev|blog|be|ch|lu|co|co\\.uk|tv"
_WORDS = "ca|de|es|it|me"  # endings that a hasty writer may glue to a sentence (« Bonjour.ca va »): no capital before them
_LABEL = "[A-Za-zÀ-ÖØ-öø-ÿ0-9](?:[A-Za-zÀ-ÖØ-öø-ÿ0-9-]*[A-Za-zÀ-ÖØ-öø-ÿ0-9])?"
_REST = r"[^\s<>«»\"]"
_LINK = re.compile(
    rf"(?i:https?://|www\.)(?=\w){_REST}+"
    rf"|(?<![\w@.-])(?:{_LABEL}\.)+[a-z]{{2,}}(?:/{_REST}*|\?[\w.-]+={_REST}*)"
    rf"|(?<![\w@.-])(?:{_LABEL}\.)*(?:(?=[\wÀ-ÿ-]{{3}}){_LABEL}\.(?:{_ENDINGS})"
    rf"|(?=[a-zà-ÿ0-9-]{{3}}){_LABEL}\.(?:{_WORDS}))(?![\w@-]|\.[a-z])"
)
_TRAILING = ".,;:!?…'’"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_HASHTAG = re.compile(r"(?<![\w#＃&/])[#＃](?=\w*[^\W\d_])(\w+)")
_MENTION = re.compile(r"(?<![\w@＠])[@＠](\w(?:[\w.-]*\w)?)")

# What X counts for two signs, however many it is made of: a key (1️⃣), a flag, a flag of tags (England), a sign that asks
# to be drawn as an emoji (©️), and an emoji with its look or skin tone, joined to three others at most (a family).
_BASE = (
    "[\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_DRAWN = f"{_BASE}[\ufe0f\U0001f3fb-\U0001f3ff]?"
_EMOJI = re.compile(
    "[#*0-9]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f|[©®]\ufe0f"
    f"|{_DRAWN}(?:\u200d{_DRAWN}){{0,3}}"
)
_LEAST_CALL_LETTERS = 4  # of a call to action of one word: « Venez »; hypothesis of the project
_LEAST_ALT_WORDS, _LEAST_ALT_LETTERS = 3, 10  # below both, an alternative text describes nothing; hypothesis of the project
_APOSTROPHES = str.maketrans("‘’ʼ", "'''")
_WORD = re.compile(rf"[^\W\d_{BLANK_LETTERS}]+")
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
        What the image shows, for those who cannot see it: three words, or ten letters, at least.
    video_seconds
        Length of the video, in seconds.
    call_to_action
        What the reader is invited to do, as written in the text: « Réservez votre essai »; two words, or one of four letters
        (« Venez ») at least.

    Raises
    ------
    InvalidInput
        If the network is unknown, or a part is not of its kind (a missing value of a table is not a text).

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
        for field, name in (("text", "le texte"), ("alt_text", "le texte alternatif"), ("call_to_action", "l’appel à l’action")):
            if not isinstance(getattr(self, field), str):
                wrong = printable(str(getattr(self, field)))[:40]
                raise InvalidInput(f"Post : {name} ({field}) est un texte entre guillemets, et non « {wrong} » ; corrigez-le.")
        flag(self.has_image, "présence d’une image (has_image)")
        flag(self.has_video, "présence d’une vidéo (has_video)")


class Finding(NamedTuple):
    """A rule, whether the post keeps it, and the sentence that says so."""

    rule: str
    kept: bool
    sentence: str


def links(text: str) -> list[str]:
    """Return the links of a text, in order, without the punctuation that ends a sentence.

    Networks recognise a bare domain by a list of more than a thousand endings (X: its library twitter-text). This is an
    approximation: any ending in small letters where a path or a query follows (bit.ly/abc), else only common ones, after a
    name of three letters or more. It errs where a sentence goes on without a space (« demain.fr »).

    Examples
    --------
    >>> links("Réservez sur velambule.fr/essai, ou https://exemple.org !")
    ['velambule.fr/essai', 'https://exemple.org']
    """
    return [_trimmed(match[0]) for match in _LINK.finditer(text)]


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text, in order, without their sign; a number alone (#1) is not one.

    Examples
    --------
    >>> hashtags("Notre n° #1 : #VéloCargo #famille")
    ['VéloCargo', 'famille']
    """
    return [match[1] for match in _HASHTAG.finditer(_without_links(unicodedata.normalize("NFC", text)))]


def mentions(text: str) -> list[str]:
    """Return the accounts mentioned in a text, in order, without their sign; an e-mail address is not one.

    Examples
    --------
    >>> mentions("Merci @ville.de.lyon ! contact@velambule.fr")
    ['ville.de.lyon']
    """
    return [match[1] for match in _MENTION.finditer(_without_links(unicodedata.normalize("NFC", text)))]


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
    X, developer documentation, « Counting characters », and its library twitter-text, version 3 (weights of signs); table
    ``regles`` for links. Emoji are recognised by their form, not by the list of those that exist: an approximation.

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
        wrong = "est trop court" if post.alt_text.strip() else "manque"
        findings.append(
            _finding(
                "alternative",
                _describes(post.alt_text),
                "L’image a son texte alternatif.",
                f"Le texte alternatif de l’image {wrong} : écrivez en quelques mots ce qu’elle montre.",
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
    wanted, words = _plain(post.call_to_action), _WORD.findall(post.call_to_action)
    kept = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", _plain(post.text)) is not None
    shown = f"L’appel à l’action « {post.call_to_action.strip()} »"
    wrong = f"{shown} ne figure pas dans le texte : écrivez-le tel quel."
    if len(words) < 2 and max(map(len, words), default=0) < _LEAST_CALL_LETTERS:
        kept, wrong = False, f"{shown} est trop court : dites quoi faire, comme « Réservez votre essai »."
    if not wanted:
        wrong = "Le post n’invite à rien : ajoutez un appel à l’action, comme « Réservez votre essai »."
    return _finding("appel", kept, "Le post invite à agir.", wrong)


def _describes(alt_text: str) -> bool:
    words = _WORD.findall(unicodedata.normalize("NFC", alt_text))
    return len(words) >= _LEAST_ALT_WORDS or sum(map(len, words)) >= _LEAST_ALT_LETTERS


def _plain(text: str) -> str:
    """Return a text fit for comparison: one kind of space and of apostrophe, accents in one sign, no capital."""
    return untypeset(unicodedata.normalize("NFC", text).translate(_APOSTROPHES)).casefold()


def _trimmed(link: str) -> str:
    """Return a link without the punctuation that follows it; a bracket stays if it was opened in the link."""
    while link[-1] in _TRAILING or (link[-1] in _CLOSING and link.count(link[-1]) > link.count(_CLOSING[link[-1]])):
        link = link[:-1]
    return link


def _without_links(text: str) -> str:
    return _LINK.sub(lambda match: match[0][len(_trimmed(match[0])) :], text)


def _weighted(text: str) -> int:
    """Count signs as X does: one for most alphabets, two for the others; an emoji, however it is made, for two."""
    emoji = _EMOJI.findall(text)
    rest = (ord(sign) for sign in _EMOJI.sub("", text))
    return 2 * len(emoji) + sum(1 if any(low <= code <= high for low, high in _SINGLE) else 2 for code in rest)
