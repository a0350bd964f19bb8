"""From an identifier to a brand and a base variant: a hash of fixed bytes, the same on every machine and in every version.

Never Python's ``hash()``, which changes at each start, nor the time. Adding a brand or a variant would move students who have
already begun: it takes a new `SCHEME`, and the old one stays for those who hold it.
"""

import hashlib
import unicodedata
from typing import NamedTuple

from cmlib.errors import InvalidInput

SCHEME = "cmlib/cas/1"
BRAND_IDS = ("aubrelle", "cadrelo", "echos-voisins", "prisalto", "valserane", "velambule")
VARIANTS = 20


SPELLINGS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "`": "'"})
"""Letters and signs that a keyboard writes in another way."""

BLANKS = "\u2800\u3164\u115f\u1160\uffa0"  # seen as nothing, though Unicode calls them letters or symbols


class Assignment(NamedTuple):
    """A brand, one of its base variants (0 to `VARIANTS` − 1), and the name of the student's own stream of luck."""

    brand_id: str
    variant: int
    stream: str


def student_key(student_id: str) -> str:
    """Return what makes two identifiers the same student: neither accents, nor case, nor spaces, nor invisible signs count.

    Parameters
    ----------
    student_id
        As typed.

    Raises
    ------
    InvalidInput
        If nothing is left of it: nobody has no case study.

    Examples
    --------
    >>> student_key(" Zoé  MARTIN ") == student_key("zoe martin")
    True
    """
    given = unicodedata.normalize("NFKD", student_id.casefold()) if isinstance(student_id, str) else ""
    # Again after folding: some capitals fold into a letter and its accent.
    kept = unicodedata.normalize("NFKD", given.casefold()).translate(SPELLINGS)
    key = "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in kept if not _is_unseen(sign))
    if not key:
        raise InvalidInput("L’identifiant est vide : écrivez celui que votre formateur vous a donné.")
    return key


def _is_unseen(sign: str) -> bool:
    """Tell whether a sign is a space, a control, an accent put on a letter, or blank."""
    return unicodedata.category(sign)[0] in "ZC" or "\u0300" <= sign <= "\u036f" or "\ufe00" <= sign <= "\ufe0f" or sign in BLANKS


def assign(student_id: str) -> Assignment:
    """Return the brand, the base variant and the stream of a student.

    Raises
    ------
    InvalidInput
        If the identifier is empty.

    Examples
    --------
    >>> assign("alice")[:2] == assign("ALICE ")[:2]
    True
    """
    stream = f"{SCHEME}/{student_key(student_id)}"
    digest = hashlib.sha256(stream.encode()).digest()
    brand, variant = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")
    return Assignment(BRAND_IDS[brand % len(BRAND_IDS)], variant % VARIANTS, stream)
