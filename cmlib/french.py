"""Numbers, money, dates and times, read and written the French way; plurals and typography.

Reading is strict where a guess could be wrong: a text that has two meanings is refused with the sentence
that tells both, never resolved in silence.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

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
    "heures": ("heures", "heure", "h"),
    "minutes": ("minutes", "minute", "min", "mn"),
    "points": ("points", "point", "pts", "pt"),
    "ans": ("ans", "an"),
    "personnes": ("personnes", "personne", "pers"),
    "": (),
}
_SCALES = {"€": {"k€": 1000, "keuros": 1000, "m€": 1_000_000, "meuros": 1_000_000}}  # 25 k€, 4 M€

_MONTHS = (
    ("janvier", "janv", "jan"),
    ("février", "fevrier", "févr", "fevr", "fév", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("août", "aout"),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("décembre", "decembre", "déc", "dec"),
)
_MONTH_OF = {spelling: number for number, spellings in enumerate(_MONTHS, start=1) for spelling in spellings}
_DAY_NAME = re.compile(r"(?:le )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? )?(?:le )?")
_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_IN_FIGURES = re.compile(rf"{_DAY} ?(?P<sep>[/.-]) ?(?P<month>[0-9]{{1,2}})(?: ?(?P=sep) ?{_YEAR})?", re.ASCII)
_IN_WORDS = re.compile(rf"{_DAY}(?:er)? (?P<month>[a-zéû]+)\.?(?: {_YEAR})?")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(?: ?h(?: ?(?P<minute>[0-9]{2}))?|:(?P<minutes>[0-9]{2})(?::00)?)", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)


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
        raise InvalidInput(
            f"« {_shorten(tidy)} » a trop de chiffres (15 au plus avant la virgule, 15 au plus après) : vérifiez la saisie."
        )
    return Decimal(f"{match['sign']}{whole}.{decimals or '0'}")


def read_quantity(text: str, unit: str) -> Quantity:
    """Read a number and the unit written after it, when the question asks for ``unit``.

    Money may be in thousands or millions (25 k€, 4 M€). The unit may be left out where that cannot mislead: ``8,3`` is
    8,3 % where a percentage is asked, but ``0,083`` could be 8,3 % or 0,083 % and is questioned.

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
    scale = _SCALES.get(unit, {}).get(written.replace(" ", ""), 1)
    if written and scale == 1 and written not in UNIT_SPELLINGS[unit]:
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
    value *= scale
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
    if not unit:
        return write_number(value, decimals)
    return f"{write_number(value, decimals)}{NBSP}{plural(value, unit.removesuffix('s'))}"


def read_date(text: str, year: int | None = None) -> date:
    """Read a date written in French: the day comes first.

    Accepts ``12/03/2026``, ``12/3/26``, ``12.03.2026``, ``12 mars 2026``, ``1er avril 2026``, ``jeudi 12 mars 2026``, and the
    international ``2026-03-12``. A year of two figures is of the 2000s.

    Parameters
    ----------
    text
        What a person typed or pasted.
    year
        Year of a date written without one (``12 mars``); without it, such a date is refused.

    Raises
    ------
    InvalidInput
        If it is not a date, or not one that exists; the sentence says what was understood.

    Examples
    --------
    >>> read_date("1er avril 2026")
    datetime.date(2026, 4, 1)
    """
    tidy = _tidy(text)
    if not tidy:
        raise InvalidInput("Il manque une date : écrivez-la en jour, mois, année, par exemple 12/03/2026.")
    body = _DAY_NAME.sub("", tidy.casefold(), count=1)
    match = _ISO.fullmatch(body) or _IN_FIGURES.fullmatch(body) or _IN_WORDS.fullmatch(body)
    if match is None:
        raise InvalidInput(f"« {_shorten(tidy)} » n’est pas une date : {_if_serial(body)}écrivez par exemple 12/03/2026.")
    day, month = int(match["day"]), int(_MONTH_OF.get(match["month"], 0) or (match["month"] if match["month"].isdigit() else 0))
    if not match["year"] and year is None:
        raise InvalidInput(
            f"« {tidy} » : il manque l’année ; écrivez par exemple {tidy}{match.groupdict().get('sep') or ' '}2026."
        )
    this_year = year if not match["year"] else int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    assert this_year is not None
    if month == 0:
        raise InvalidInput(f"« {tidy} » : « {match['month']} » n’est pas un mois ; écrivez par exemple 12 mars 2026.")
    if month > 12:
        advice = "écrivez par exemple 12/03/2026"
        if 1 <= day <= 12 and month <= 31:
            advice = f"si c’est le {month} {_MONTHS[day - 1][0]}, écrivez {month:02}/{day:02}/{this_year}"
        raise InvalidInput(f"« {tidy} » : lu jour {day}, mois {month}, or il n’y a que 12 mois ; {advice}.")
    try:
        read = date(this_year, month, day)
    except ValueError as error:
        raise InvalidInput(
            f"« {tidy} » : lu {day} {_MONTHS[month - 1][0]} {this_year}, un jour qui n’existe pas ; corrigez la date."
        ) from error
    if not 1900 <= read.year <= 2100:
        raise InvalidInput(f"« {tidy} » : lu {write_date(read, 'long')} ; écrivez une année entre 1900 et 2100.")
    return read


def read_datetime(text: str, year: int | None = None) -> datetime:
    """Read a date and a time written in French: ``12/03/2026 à 14 h 30``, ``12/03/2026 14:30``, ``2026-03-12T14:30``.

    Parameters
    ----------
    text, year
        As in `read_date`.

    Raises
    ------
    InvalidInput
        If there is no date, no time, or one that does not exist; the sentence says what was understood.

    Examples
    --------
    >>> read_datetime("12/03/2026 à 9 h")
    datetime.datetime(2026, 3, 12, 9, 0)
    """
    tidy = _tidy(text)
    match = re.fullmatch(r"(?P<date>.*?)(?:,? à | à|,? |(?<=[0-9])[tT](?=[0-9]))(?P<time>[0-9]{1,2} ?[h:H].*)", tidy)
    if match is None:
        raise InvalidInput(f"« {_shorten(tidy)} » : il faut une date et une heure, par exemple 12/03/2026 à 14:30.")
    return datetime.combine(read_date(match["date"], year), read_time(match["time"]))


def read_time(text: str) -> time:
    """Read a time of day written in French: ``14:30``, ``14h30``, ``14 h 30``, ``9 h``.

    Raises
    ------
    InvalidInput
        If it is not a time of day.

    Examples
    --------
    >>> read_time("9 h 05")
    datetime.time(9, 5)
    """
    tidy = _tidy(text)
    match = _TIME.fullmatch(tidy.casefold())
    if match is None:
        raise InvalidInput(f"« {_shorten(tidy)} » n’est pas une heure : écrivez par exemple 14:30 ou 14 h 30.")
    hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or 0)
    if hour > 23 or minute > 59:
        raise InvalidInput(f"« {tidy} » : lu {hour} heures {minute} ; une heure va de 00:00 à 23:59.")
    return time(hour, minute)


def write_date(day: date, style: Literal["short", "long"] = "short") -> str:
    """Write a date in French: ``12/03/2026``, or ``12 mars 2026`` when it is long.

    Examples
    --------
    >>> write_date(date(2026, 4, 1)), write_date(date(2026, 4, 1), "long")
    ('01/04/2026', '1er avril 2026')
    """
    if style == "short":
        return f"{day.day:02}/{day.month:02}/{day.year:04}"
    return f"{_day(day)} {_MONTHS[day.month - 1][0]} {day.year}"


def write_datetime(moment: datetime) -> str:
    """Write a date and a time in French, to the minute: ``12/03/2026 14:30``.

    Examples
    --------
    >>> write_datetime(datetime(2026, 3, 12, 14, 30))
    '12/03/2026 14:30'
    """
    return f"{write_date(moment)} {moment:%H:%M}"


def write_moment(moment: datetime, now: datetime) -> str:
    """Write when something happened: « à 14:32 » today, « le 12 mars à 14:32 » on another day."""
    at = f"à {moment:%H:%M}"
    if moment.date() == now.date():
        return at
    day = write_date(moment, "long") if moment.year != now.year else f"{_day(moment)} {_MONTHS[moment.month - 1][0]}"
    return f"le {day} {at}"


def typeset(text: str) -> str:
    """Put the unbreakable spaces of French typography where a text has plain ones."""
    text = re.sub(r" (?=[;!?])", NNBSP, text)
    text = re.sub(r" (?=[:»%€])", NBSP, text)
    return re.sub("« ", f"«{NBSP}", text)


def untypeset(text: str) -> str:
    """Return a text on one line with plain spaces, without the invisible signs that a web page or a spreadsheet pastes along.

    Examples
    --------
    >>> untypeset("  8,3\u202f% ")
    '8,3 %'
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def printable(text: str) -> str:
    """Return a text that comes from outside (a file name, an identifier) fit for a screen: one line, no control code."""
    return "".join(sign if sign.isprintable() or sign in (NBSP, NNBSP) else "\ufffd" for sign in text)


def plural(count: float, singular: str, several: str | None = None) -> str:
    """Agree a noun with its number: French takes the plural from 2 on (1,5 point, 2 points)."""
    return singular if abs(count) < 2 else several or f"{singular}s"


def _tidy(text: str) -> str:
    return untypeset(text.translate(_MINUS))


def _example(unit: str) -> str:
    return {"%": "8,3 %", "€": "12,50 €", "": EXAMPLE}.get(unit, f"12 {unit}")


def _day(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _if_serial(body: str) -> str:
    """Recognise the number of days that a spreadsheet shows for a date whose cell is not formatted."""
    if re.fullmatch("[2-7][0-9]{4}", body):
        meant = write_date(_EXCEL_EPOCH + timedelta(days=int(body)))
        return f"un tableur note ainsi le {meant} ; donnez à la colonne le format date, ou "
    return ""


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
