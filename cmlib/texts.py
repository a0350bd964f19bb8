"""Texts that people type or paste, tidied, and compared whatever their accents, capitals and signs."""

import re
import unicodedata

BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
"""Letters for Unicode, of which nothing is seen (the fillers of Korean): they make no word."""


def one_line(text: str) -> str:
    r"""Return a text on one line: line breaks, tabs and control signs become spaces; unbreakable spaces are kept.

    Examples
    --------
    >>> one_line(" Balade\n du dimanche ")
    'Balade du dimanche'
    """
    printable = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    printable = printable.replace("\ufffe", " ").replace("\uffff", " ")
    return re.sub(" +", " ", printable).strip()


def tidy_lines(text: str) -> str:
    r"""Return a text with its line breaks, each line being made one by `one_line`, without empty lines around.

    Examples
    --------
    >>> tidy_lines("\n Balade \r\ndu  dimanche ")
    'Balade\ndu dimanche'
    """
    return "\n".join(map(one_line, text.splitlines())).strip()


def bare(text: str) -> str:
    """Return a text without accents.

    Examples
    --------
    >>> bare("Échéance d’été")
    'Echeance d’ete'
    """
    split = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign) and sign not in BLANK_LETTERS)


def plain(text: str) -> str:
    """Return a text without accents, capitals, signs nor spaces, to compare names.

    Examples
    --------
    >>> plain("#FêteDuVélo") == plain("fête du vélo")
    True
    """
    return "".join(sign for sign in bare(text).casefold() if sign.isalnum())
