"""What the cells of an .xlsx workbook hold, as French texts, within limits that a hostile file does not pass."""

import io
import lzma
import math
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from cmlib.errors import InvalidInput
from cmlib.french import write_date, write_datetime

MOST_LINES = 5_000
"""Lines that hold a text, in a table."""

Rows: TypeAlias = list[tuple[int, dict[int, str]]]
"""Lines that hold something: the number of each, then its texts by place."""

_LARGEST_XML, _PARTS = 10_000_000, 500  # of a workbook, once decompressed
_TAGS, _SLOW_TAGS = 400_000, 60_000  # of all kinds; of those other than cells, slower to read
_SLOW = re.compile(rb"<(?!/|(?:c|v|row|t|r|is|f)\b)")
_HOSTILE = re.compile(rb"<!ENTITY|formatCode\s*=\s*(?:\"[^\"]{600}|'[^']{600})")  # openpyxl is slow on long number formats
_PLACES, _AREA = 60, 2_000_000  # columns that hold a text; cells gone through, empty ones included
_BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, OSError, RuntimeError, EOFError),
    *(AssertionError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
"""What zipfile and openpyxl raise on a damaged workbook, as fuzzing shows."""

_NOT_CODE = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')  # what a number format shows as it is, or not
_LONGEST_FORMAT = 255  # signs, as Excel allows
_UNIT = re.compile(r"(?:[kKmM]|Md)?[€$£%]|\b[A-Z]{3}\b")
_IN_THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")  # a comma after the last figure: 12 000 is shown as 12


class _Cell(NamedTuple):
    value: object
    kind: str
    number_format: str


def read_workbook(content: bytes, noun: str) -> Rows:
    """Read the one sheet of a workbook that holds something.

    Parameters
    ----------
    content
        Bytes of the file.
    noun
        What the workbook should hold, masculine, for the sentences.

    Raises
    ------
    InvalidInput
        If it is no workbook, is too large, has several filled sheets, or a formula in error or never computed.

    Examples
    --------
    >>> read_workbook(b"PK", "planning")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    cmlib.errors.InvalidInput: ce n’est pas un classeur .xlsx lisible ; réenregistrez-le depuis le tableur.
    """
    try:
        computed = _has_formulas(content, noun)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells in English what the sentences below tell
            sheets = _sheets(content, noun, data_only=True)
            formulas = _sheets(content, noun, data_only=False) if computed else sheets
    except InvalidInput:
        raise
    except _BROKEN as error:
        raise InvalidInput("ce n’est pas un classeur .xlsx lisible ; réenregistrez-le depuis le tableur.") from error
    filled = [rank for rank, cells in enumerate(formulas) if cells]
    if len(filled) > 1:
        raise InvalidInput(f"{len(filled)} de ses feuilles sont remplies ; gardez le {noun} sur une seule, effacez les autres.")
    rows: dict[int, dict[int, str]] = {}
    for rank in filled:
        for (line, place), written in formulas[rank].items():
            if written.kind == "f" and (line, place) not in sheets[rank]:
                raise InvalidInput(f"ligne {line}, formule sans valeur : ouvrez et enregistrez dans le tableur.")
            value, kind, number_format = sheets[rank].get((line, place), written)
            if kind == "e" or (isinstance(value, float) and not math.isfinite(value)):
                raise InvalidInput(
                    f"ligne {line}, une formule est en erreur ou une date impossible ({value}) ; corrigez-la dans le tableur."
                )
            rows.setdefault(line, {})[place] = cell_text(value, number_format)
    return list(rows.items())


def cell_text(value: object, number_format: str = "General") -> str:
    """Write in French what a cell holds: all its digits (15, as spreadsheets keep), and the unit that its format shows.

    Parameters
    ----------
    value
        Text, number, boolean, date, moment, time or duration.
    number_format
        Its format, as the file has it: it tells a percentage from its fraction, and an amount of money from a number.

    Examples
    --------
    >>> cell_text(0.083, "0.0%"), cell_text(12.5, "#,##0.00 [$€-40C]"), cell_text(8.3)
    ('8,3 %', '12,5 €', '8,3')
    >>> cell_text(datetime(2026, 3, 12, 14, 30)), cell_text(True)
    ('12/03/2026 14:30', 'VRAI')
    """
    match value:
        case datetime() if value.time() != time():
            return write_datetime(value)
        case date():
            return write_date(value)
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return f"{value // timedelta(hours=1):02}:{value // timedelta(minutes=1) % 60:02}"
        case bool():
            return "VRAI" if value else "FAUX"
        case int() | float():
            return _number_text(value, number_format)
        case _:
            return str(value).replace("_x000D_", "")  # how Excel keeps the carriage return of a pasted text


def too_large(noun: str) -> InvalidInput:
    """Return the refusal of a file that has too many lines, or would take too long to read.

    Examples
    --------
    >>> too_large("planning")
    InvalidInput('il est bien trop grand pour un planning ; n’y gardez que les lignes utiles, sans autre tableau.')
    """
    return InvalidInput(f"il est bien trop grand pour un {noun} ; n’y gardez que les lignes utiles, sans autre tableau.")


def _number_text(value: float, number_format: str) -> str:
    number_format = number_format[:_LONGEST_FORMAT]
    code = _NOT_CODE.sub("", number_format).partition(";")[0]
    shown = _NOT_CODE.sub(lambda part: "".join(part.groups("")), number_format).partition(";")[0]
    amount = Decimal(f"{value:.15g}" if isinstance(value, float) else value)
    if "%" in code:
        amount *= 100
    figures = f"{amount:.15f}".rstrip("0").rstrip(".").replace(".", ",")
    found = _UNIT.search(shown)
    unit = "" if found is None else found[0].replace("EUR", "€")
    if _IN_THOUSANDS.search(code) and not unit.isalpha():
        unit = unit[-1:]  # the cell holds euros, that the format shows as k€ or M€
    return f"{'0' if figures == '-0' else figures} {unit}".strip()


def _has_formulas(content: bytes, noun: str) -> bool:
    """Tell whether a workbook has formulas; refuse one long to read: a few kilobytes may hold millions of cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.infolist()
        if len(listed) > _PARTS or sum(part.file_size for part in listed) > _LARGEST_XML:
            raise too_large(noun)
        parts = [archive.read(part).replace(b"\0", b"") for part in listed if not part.filename.startswith("xl/media/")]
    if sum(part.count(b"<") for part in parts) > _TAGS or sum(len(_SLOW.findall(part)) for part in parts) > _SLOW_TAGS:
        raise too_large(noun)
    if any(_HOSTILE.search(part) for part in parts):
        raise ValueError("an entity, or a number format longer than spreadsheets allow")
    return any(re.search(rb"[<:]f[ />]", part) for part in parts)


def _sheets(content: bytes, noun: str, data_only: bool) -> list[dict[tuple[int, int], _Cell]]:
    """Read the cells of each sheet that hold something, by line and place; merges are not looked at."""
    from openpyxl import load_workbook  # only spreadsheets need it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheets = []
    area = 0
    for sheet in book.worksheets:
        cells: dict[tuple[int, int], _Cell] = {}
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for line, row in enumerate(sheet.iter_rows(min_row=1), start=1):
            area += len(row) + 1
            for place, cell in enumerate(row):
                empty_formula = cell.data_type == "str"  # ="": a formula whose value is an empty text
                if (cell.value is not None and str(cell.value).strip()) or empty_formula:
                    value = "" if cell.value is None else cell.value
                    cells[line, place] = _Cell(value, cell.data_type, cell.number_format or "General")
                    if line > 20 * MOST_LINES or place >= _PLACES:
                        raise too_large(noun)
            if area > _AREA:
                raise too_large(noun)
        sheets.append(cells)
    book.close()
    return sheets
