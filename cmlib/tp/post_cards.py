"""The post composer: posts to write, each a card, with what its network says of them on their day. These rules are public."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural, untypeset, write_date, write_number
from cmlib.networks import NETWORKS, network_name, rule
from cmlib.posts import UNCLICKABLE, Finding, Post, check_post, hashtags, length, links, mentions
from cmlib.reference_checks import is_rival
from cmlib.references import load
from cmlib.texts import plain
from cmlib.tp.fields import ChoiceField, Field, MomentField, TextField
from cmlib.tp.questions import Progress, Recap, State
from cmlib.tp.tables import Row, Table

VISUALS = {"aucun": "Aucun", "image": "Image", "video": "Vidéo"}
LEAST_WORDS = 10  # of a text; hypothesis of the course
LEAST_DIFFERENT = 5  # words of a text, hashtags, mentions and links aside; hypothesis of the course
MOST_CALL, MOST_ALT = 15, 60  # words; hypotheses of the course
DAY_S = 86_400  # no video of a post is longer than a day

_SECONDS = re.compile("([0-9]{1,9}) ?(?:s|sec|secondes?)?\\.?", re.ASCII | re.IGNORECASE)
_SIGNED = re.compile("(?<!\\w)(?:[#＃](\\w+)|[@＠](\\w(?:[\\w.-]*\\w)?))")
_PROFILE = re.compile("(?<![\\w#＃@＠])(?:profils?|bio)(?!\\w)", re.IGNORECASE)


@dataclass(frozen=True)
class SecondsField(Field):
    """A length to give in whole seconds: « 45 », « 45 s »."""

    @property
    def asked(self) -> str:
        return "en secondes"

    @property
    def example(self) -> str:
        return "45"

    def read(self, text: str) -> int:
        match = _SECONDS.fullmatch(untypeset(text))
        if match is None or not 0 < int(match[1]) <= DAY_S:
            raise InvalidInput(f"« {text:.40} » n’est pas une durée en secondes : écrivez un nombre entier, par exemple 45.")
        return int(match[1])

    def show(self, text: str) -> str:
        return f"{write_number(self.read(text))} s"


def post_fields(themes: Mapping[str, str], year: int) -> dict[str, Field]:
    """Return the fields of a post.

    Parameters
    ----------
    themes
        The lines that a post may be drawn from, label by id.
    year
        Year of a day typed without one.
    """
    return {
        "theme": ChoiceField("Tiré de la ligne", themes),
        "network": ChoiceField("Réseau", NETWORKS),
        "day": MomentField("Jour de publication", year=year),
        "visual": ChoiceField("Visuel", VISUALS),
        "text": TextField("Texte", LEAST_WORDS),
        "call": TextField("Appel à l’action, tel qu’il est écrit dans le texte", 1, MOST_CALL),
        "alt": TextField("Texte alternatif du visuel", 0, MOST_ALT),
        "seconds": SecondsField("Durée de la vidéo, facultative"),
    }


@dataclass(frozen=True)
class Posts(Table):
    """Posts to write; the fields are those of `post_fields`.

    Attributes
    ----------
    author
        Who publishes, as the preview shows it: the brand's name.
    """

    optional: frozenset[str] = frozenset({"alt", "seconds"})
    noun: str = "publication"
    cards: bool = True
    author: str = ""

    def __post_init__(self) -> None:
        if set(post_fields({"a": "A", "b": "B"}, 2026)) - set(self.fields):
            raise InvalidInput(f"L’exercice {self.id} compose des posts : prenez les champs de post_fields.")
        super().__post_init__()

    def progress(self, value: object) -> Progress:
        told = super().progress(value)
        for row in self.filled(value) if told.state is State.COMPLETE else ():
            if "alt" not in row.texts and row.read("visual") != ("aucun",):
                return Progress(State.INCOMPLETE, f"{row.label} : reste à remplir « {self.fields['alt'].label} ».")
        return told

    def recap(self, value: object) -> Recap:
        recap, rows = super().recap(value), self.filled(value)
        if not rows:
            return recap
        told = ["\n".join(f"{'✓' if kept else '✗'} {sentence}" for _, kept, sentence in findings(row)) for row in rows]
        return Recap((*recap.rows, ("Règles", *told)), recap.head)


def post_of(row: Row) -> tuple[Post, date] | None:
    """Return the post of a row and its day, as far as it is written; None while its network or its day cannot be read."""
    network, day = _read(row, "network"), _read(row, "day")
    if network is None or day is None:
        return None
    visual, (text, call, alt) = _read(row, "visual"), (row.texts.get(name, "").strip() for name in ("text", "call", "alt"))
    video = visual == ("video",)
    seconds = _read(row, "seconds") if video else None
    return Post(network[0], text, visual == ("image",), video, alt, seconds, call), day


def findings(row: Row) -> list[Finding]:
    """Return the rules that a post keeps or not: those of `cmlib.posts.check_post`, and what the course asks besides.

    Besides: words rather than hashtags, a hashtag at least, a way to act (a link, or the profile where a link cannot be
    followed), a call to action that is not the whole text, and an alternative text that describes a picture or a video.
    """
    found = post_of(row)
    if found is None:
        return []
    post, day = found
    told = {finding.rule: finding for finding in check_post(replace(post, has_image=post.has_image or post.has_video), day)}
    told["texte"] = _written(post, told["texte"])
    told["hashtags"] = _hashtags(post, told.get("hashtags"))
    told["lien"] = _link(post, told.get("lien"))
    told["appel"] = _call(post, told["appel"])
    if "alternative" in told:
        told["alternative"] = _alternative(post, told["alternative"])
    return [told[name] for name in ("texte", "longueur", "hashtags", "lien", "appel", "alternative", "video") if name in told]


def seen(row: Row) -> dict[str, Any]:
    """Return what the page shows beside a post: its date, its counters, its rules, and what to highlight in its text."""
    shown: dict[str, Any] = {"marks": marks(row.texts.get("text", ""))}
    found = post_of(row)
    if found is None:
        return shown
    post, day = found
    most = rule(post.network, "caracteres", day) or rule(post.network, "caracteres_description", day)
    counters = (
        ("Signes", length(post.text, post.network, day), most),
        ("Hashtags", len(hashtags(post.text)), rule(post.network, "hashtags", day)),
        ("Liens", len(links(post.text)), None),
        ("Mentions", len(mentions(post.text)), None),
    )
    return {
        **shown,
        "date": write_date(day, "long"),
        "counters": [[label, used, None if limit is None else int(limit)] for label, used, limit in counters],
        "findings": [[kept, sentence] for _, kept, sentence in findings(row)],
        "origin": origin(post.network, day),
    }


def marks(text: str) -> list[tuple[str, int, int]]:
    """Return where the links, hashtags and mentions of a text are, as a page counts (UTF-16), once it is normalised (NFC).

    Examples
    --------
    >>> marks("Avec @lyon : exemple.org #vélo")
    [('mention', 5, 10), ('link', 13, 24), ('hashtag', 25, 30)]
    """
    normal = unicodedata.normalize("NFC", text)
    wide, place, found = 0, 0, []
    for kind, start, end in _spans(normal):
        wide += sum(ord(sign) > 0xFFFF for sign in normal[place:start])
        more = sum(ord(sign) > 0xFFFF for sign in normal[start:end])
        found.append((kind, start + wide, end + wide + more))
        wide, place = wide + more, end
    return found


def origin(network: str, day: date) -> str:
    """Say where the rules of a network on a day come from, and of which year; empty where no source gives any.

    Examples
    --------
    >>> origin("x", date(2026, 3, 12))
    'Règles pour X (Twitter) au 12/03/2026, source (2025) : repères du projet, pages d’aide et guides publics relevés en 2025.'
    """
    rows, at = load("regles"), day.isoformat()[:10]
    held = rows[(rows["network"] == network) & (rows["since"] <= at) & ((rows["until"] == "") | (rows["until"] >= at))]
    held = held[[not is_rival(note) for note in held["note"]]]
    cited = (f"source ({year}) : {source}" for year, source in zip(held["year"], held["source"], strict=True))
    sources = " ; ".join(dict.fromkeys(cited))
    doubts = dict.fromkeys(note for note in held["note"] if "hypothèse" in note or "inconnue" in note)
    said = " ; ".join([f"Règles pour {network_name(network)} au {write_date(day)}, {sources}", *doubts])
    return f"{said}." if sources else ""


def _read(row: Row, column: str) -> Any:
    try:
        return row.read(column)
    except InvalidInput:
        return None


def _written(post: Post, told: Finding) -> Finding:
    different = len(_different(prose(post.text)))
    if not told.kept or different >= LEAST_DIFFERENT:
        return told
    said = f"{different} {plural(different, 'mot')}" if different else "Aucun mot"
    wrong = f"{said} hors hashtags, mentions et liens, sans compter les répétitions"
    return Finding("texte", False, f"{wrong} : écrivez-en au moins {LEAST_DIFFERENT} (hypothèse pédagogique).")


def _hashtags(post: Post, told: Finding | None) -> Finding:
    used = len(hashtags(post.text))
    if not used:
        return Finding("hashtags", False, "Aucun hashtag : ajoutez-en un, pour que l’on trouve le post.")
    unlimited = f"{used} {plural(used, 'hashtag')}, sans limite relevée pour {NETWORKS[post.network]}."
    return told or Finding("hashtags", True, unlimited)


def _link(post: Post, told: Finding | None) -> Finding:
    if told is not None:
        return told
    if post.network not in UNCLICKABLE:
        wrong = "Le texte n’a pas de lien : ajoutez l’adresse où le lecteur agit."
        return Finding("lien", *((True, "Le texte a un lien.") if links(post.text) else (False, wrong)))
    if _PROFILE.search(post.text):
        return Finding("lien", True, "Le texte renvoie au profil, où le lien se clique.")
    where = f"Sur {NETWORKS[post.network]}, un lien ne se clique que dans le profil"
    return Finding("lien", False, f"{where} : écrivez que le lien est dans la bio, ou dans le profil.")


def _call(post: Post, told: Finding) -> Finding:
    if not told.kept or plain(post.call_to_action) != plain(post.text):
        return told
    return Finding("appel", False, "L’appel à l’action recopie tout le texte : n’y mettez que ce qu’il faut faire.")


def _alternative(post: Post, told: Finding) -> Finding:
    visual = "de la vidéo" if post.has_video else "de l’image"
    words = re.findall(r"\w+", post.alt_text)
    repeated = len(words) > 1 and len(_different(post.alt_text)) == 1
    if told.kept and not repeated and plain(post.alt_text) != plain(post.text):
        return Finding("alternative", True, f"Le texte alternatif {visual} est écrit.")
    why = "manque" if not post.alt_text else "est trop court"
    if told.kept:
        why = "répète un seul mot" if repeated else "recopie le texte du post"
    return Finding("alternative", False, f"Le texte alternatif {visual} {why} : écrivez en quelques mots ce que l’on y voit.")


def prose(text: str) -> str:
    """Return a text without its links, hashtags and mentions.

    Examples
    --------
    >>> prose("Avec @lyon : exemple.org #vélo").split()
    ['Avec', ':']
    """
    normal = unicodedata.normalize("NFC", text)
    for _, start, end in reversed(_spans(normal)):
        normal = f"{normal[:start]} {normal[end:]}"
    return normal


def _different(text: str) -> set[str]:
    return {plain(word) for word in text.split()} - {""}


def _spans(normal: str) -> list[tuple[str, int, int]]:
    """Return what is found in a normalised text, in order; a sign is what `cmlib.posts` says it is."""
    found, place, rest = [], 0, normal
    for link in links(normal):
        place = normal.index(link, place)
        found.append(("link", place, place + len(link)))
        place += len(link)
    if found:
        ends = [0, *(end for _, _, end in found)]
        starts = [*(start for _, start, _ in found), len(normal)]
        pieces = [normal[end:start] for end, start in zip(ends, starts, strict=True)]
        widths = [" " * (end - start) for _, start, end in found]
        rest = "".join(piece + width for piece, width in zip(pieces, [*widths, ""], strict=True))
    tags, accounts = set(hashtags(normal)), set(mentions(normal))
    for match in _SIGNED.finditer(rest):
        if match[1] in tags:
            found.append(("hashtag", *match.span()))
        elif match[2] in accounts:
            found.append(("mention", *match.span()))
    return sorted(found, key=lambda span: span[1])
