"""Numbers and times, read and written the French way.

Reading is strict where a guess could be wrong: a text that has two meanings is refused with the sentence
that tells both, never resolved in silence.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from cmlib.errors import InvalidInput

LOCALE = "fr_FR"
NBSP = "\u00a0"  # before « : », « % » and between a number and its unit
NNBSP = "\u202f"  # before « ; », « ! » and « ? », and between thousands
EXAMPLE = f"1{NNBSP}234,5"

_SPACES = re.compile("[ \u00a0\u202f\u2007\u2009\t\r\n]+")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")  # what a web page or a spreadsheet pastes along
_MINUS = str.maketrans({"−": "-", "–": "-", "\u2011": "-"})
_NUMBER = re.compile(r"(?P<sign>[+-]?) ?(?P<body>[0-9][0-9 .,]*)", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")

# How people write a unit, for each unit that a question may ask.
UNIT_SPELLINGS: dict[str, tuple[str, ...]] = {
    "%": ("%", "pourcent", "pour cent"),
    "€": ("€", "euro", "euros", "eur"),
    "jours": ("jours", "jour", "j"),
    "points": ("points", "point", "pts", "pt"),
    "": (),
}


@dataclass(frozen=True)
class Quantity:
    """A number read with its unit.

    Attributes
    ----------
    value
        The number in the model's convention: a percentage is a fraction (8,3 % is 0.083).
    unit
        The unit asked by the question.
    shown
        The reading, written back in French, so that the reader can check what was understood.
    """

    value: float
    unit: str
    shown: str


def read_number(text: str) -> Decimal:
    """Read a number written in French.

    Accepts ``1 234,5`` (any space), ``1234,5``, ``1.234,5``, ``-3``, and a decimal point (``1.5``).

    Raises
    ------
    InvalidInput
        If the text is not a number, or has two meanings (``1.234``).
    """
    tidy = _tidy(text)
    if not tidy:
        raise InvalidInput(f"Il manque un nombre : écrivez-le en chiffres, par exemple {EXAMPLE}.")
    match = _NUMBER.fullmatch(tidy)
    if match is None:
        raise InvalidInput(f"« {_shorten(text)} » n’est pas un nombre : écrivez-le en chiffres, par exemple {EXAMPLE}.")
    body = match["body"]
    whole, comma, decimals = body.partition(",")
    if comma:
        if "," in decimals:
            raise InvalidInput(f"« {tidy} » a deux virgules : une seule sépare les décimales, par exemple {EXAMPLE}.")
        if "." in decimals:
            raise InvalidInput(f"« {tidy} » mélange virgule et point : écrivez par exemple {EXAMPLE}.")
        whole = whole.replace(".", "") if _DOTTED.fullmatch(whole) else whole
    elif whole.count(".") == 1:
        if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", whole):
            thousands, rest = whole.split(".")
            raise InvalidInput(
                f"« {tidy} » peut se lire {thousands}{NNBSP}{rest} ou {thousands},{rest} : écrivez l’un des deux, sans point."
            )
        whole, _, decimals = whole.partition(".")
    elif _DOTTED.fullmatch(whole):
        whole = whole.replace(".", "")
    whole = whole.replace(" ", "") if _GROUPED.fullmatch(whole) else whole
    if not (re.fullmatch("[0-9]+", whole) and re.fullmatch("[0-9]*", decimals)):
        raise InvalidInput(f"« {tidy} » n’est pas un nombre : écrivez-le en chiffres, par exemple {EXAMPLE}.")
    if len(whole) > 15 or len(decimals) > 15:
        raise InvalidInput("Ce nombre a trop de chiffres : vérifiez la saisie.")
    return Decimal(f"{match['sign']}{whole}.{decimals or '0'}")


def read_quantity(text: str, unit: str) -> Quantity:
    """Read a number and the unit written after it, when the question asks for ``unit``.

    The unit may be left out where that cannot mislead: ``8,3`` is 8,3 % where a percentage is asked, but
    ``0,083`` could be 8,3 % or 0,083 % and is questioned.

    Parameters
    ----------
    text
        What a person typed.
    unit
        A key of `UNIT_SPELLINGS`.

    Raises
    ------
    InvalidInput
        If there is no number, another unit, or two possible meanings.
    """
    tidy = _tidy(text)
    number = re.match(r"[+-]?[0-9., ]*", tidy, re.ASCII)[0]  # type: ignore[index]  # it matches at least nothing
    written = tidy[len(number) :].strip().rstrip(".").casefold()
    if written and not number.strip():
        raise InvalidInput(f"« {_shorten(tidy)} » n’est pas un nombre : écrivez-le en chiffres, par exemple {_example(unit)}.")
    value = read_number(number)
    if written and written not in UNIT_SPELLINGS[unit]:
        asked = f"en {unit}" if unit else "sans unité"
        raise InvalidInput(
            f"« {_shorten(written)} » n’est pas l’unité demandée : répondez {asked}, par exemple {_example(unit)}."
        )
    if unit == "%":
        if not written and 0 < abs(value) < 1:
            as_fraction = write_quantity(float(value), "%", decimals=6)
            as_percent = write_quantity(float(value / 100), "%", decimals=6)
            raise InvalidInput(f"« {tidy} » veut-il dire {as_fraction} ou {as_percent} ? Écrivez l’un des deux, avec le signe %.")
        value /= 100
    return Quantity(float(value), unit, write_quantity(float(value), unit, decimals=6))


def write_number(value: float, decimals: int = 2) -> str:
    """Write a number in French, with at most ``decimals`` decimals: ``1 234,5``."""
    return str(format_decimal(round(value, decimals), format=f"#,##0.{'#' * decimals}", locale=LOCALE))


def write_quantity(value: float, unit: str, decimals: int = 2) -> str:
    """Write a number with its unit in French; a percentage is given as a fraction."""
    if unit == "%":
        pattern = f"#,##0.{'#' * decimals}{NNBSP}%"
        return str(format_percent(round(value, decimals + 2), format=pattern, locale=LOCALE))
    if unit == "€":
        pattern = f"#,##0.00{'#' * (decimals - 2)}{NBSP}¤"
        return str(format_currency(round(value, decimals), "EUR", pattern, locale=LOCALE, currency_digits=False))
    if unit == "jours":
        return f"{write_number(value, decimals)}{NBSP}{'jour' if abs(value) < 2 else 'jours'}"
    return write_number(value, decimals) + (f"{NBSP}{unit}" if unit else "")


def write_moment(moment: datetime, now: datetime) -> str:
    """Write when something happened: « à 14:32 » today, « le 12 mars à 14:32 » on another day."""
    time = f"à {format_time(moment, 'HH:mm', locale=LOCALE)}"
    if moment.date() == now.date():
        return time
    pattern = "d MMMM" if moment.year == now.year else "d MMMM y"
    return f"le {format_date(moment, pattern, locale=LOCALE)} {time}"


def typeset(text: str) -> str:
    """Put the unbreakable spaces of French typography where a text has plain ones."""
    text = re.sub(r" (?=[;!?])", NNBSP, text)
    text = re.sub(r" (?=[:»%€])", NBSP, text)
    return re.sub("« ", f"«{NBSP}", text)


def printable(text: str) -> str:
    """Return a text that comes from outside (a file name, an identifier) fit for a screen: one line, no control code."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def plural(count: float, singular: str, several: str | None = None) -> str:
    """Agree a noun with its number: French takes the plural from 2 on (1,5 point, 2 points)."""
    return singular if abs(count) < 2 else several or f"{singular}s"


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", text.translate(_MINUS))).strip()


def _example(unit: str) -> str:
    return {"%": "8,3 %", "€": "12,50 €", "jours": "12 jours", "points": "4 points", "": EXAMPLE}[unit]


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
