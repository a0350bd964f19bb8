"""The planning in files that other tools open: .xlsx and .csv with the eleven columns, .ics for a calendar.

What is written is read back the same. Files made by Excel and LibreOffice are read too; what cannot be understood is refused
with its line and its column, and nothing of a table is left out in silence.
"""

import csv
import io
import lzma
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from cmlib.errors import Explained, InvalidInput, reason
from cmlib.french import write_date
from cmlib.planning import COLUMNS, Entry
from cmlib.planning_calendar import from_ics, to_ics
from cmlib.planning_texts import entry_of, texts_of
from cmlib.texts import one_line, plain

LARGEST_FILE = 5_000_000
"""Bytes: a year of planning weighs a hundred times less."""

Found: TypeAlias = list[tuple[str, dict[str, str] | InvalidInput]]
"""Lines of a file: where each is, then the texts of its columns, or why it is refused."""

_LARGEST_XML, _PARTS = 10_000_000, 500  # of a workbook, once decompressed
_TAGS, _SLOW_TAGS = 400_000, 60_000  # of all kinds; of those other than cells, slower to read
_SLOW = re.compile(rb"<(?!/|(?:c|v|row|t|r|is|f)\b)")
_ROWS, _PLACES, _AREA = 5_000, 60, 2_000_000  # lines and columns that hold a text; cells gone through, empty ones included
_HEADER_WITHIN = 10
_TOO_LARGE = "il est bien trop grand pour un planning ; gardez-y une seule année, sans autre tableau."
_REQUIRED = ("title", "networks", "published")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_KNOWN = {plain(label): column for column, label in COLUMNS.items()} | {plain(column): column for column in COLUMNS}
_BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, OSError, RuntimeError, EOFError),
    *(AssertionError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
"""What zipfile and openpyxl raise on a damaged workbook, as fuzzing shows."""


class UnreadablePlanning(Explained):
    """A file that is not a planning, or holds a line that is not one."""


def write_planning(entries: Iterable[Entry], path: Path) -> Path:
    """Write a planning in the format that its file name asks for: .xlsx, .csv or .ics.

    Parameters
    ----------
    entries
        Lines; they are written in order of date.
    path
        File to write; an existing one is replaced.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    Explained
        If the format is another one, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_planning([Entry("Balade", ("facebook",), date(2026, 3, 12))], Path(folder) / "planning.csv")
    ...     read_planning(path)[0].title
    'Balade'
    """
    lines = sorted(entries, key=lambda entry: (entry.moment, entry.title))
    writers = {".xlsx": _to_xlsx, ".csv": _to_csv, ".ics": to_ics}
    content = writers[_format(path)]([(entry, texts_of(entry)) for entry in lines])
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Explained(
            f"« {path.name} » n’a pas pu être écrit ({reason(error)}) : fermez-le s’il est ouvert, puis réessayez."
        ) from error
    return path


def read_planning(path: Path) -> list[Entry]:
    """Read a planning from an .xlsx, .csv or .ics file, made by this kit or by people.

    Parameters
    ----------
    path
        File to read. Headers are those of `cmlib.planning.COLUMNS`, in any order, whatever the accents and capitals, within its
        first ten lines. A workbook has one sheet that holds lines. Of a calendar, see `cmlib.planning_calendar`.

    Returns
    -------
    list of Entry
        In the order of the file.

    Raises
    ------
    UnreadablePlanning
        If the file is not a planning; the sentence gives the first line at fault, its column, and how many others there are.

    Examples
    --------
    >>> read_planning(Path("planning.pdf"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    cmlib.planning_files.UnreadablePlanning: « planning.pdf » : un planning est un fichier .xlsx, .csv ou .ics…
    """
    kind = _format(path)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        raise UnreadablePlanning(f"« {path.name} » n’a pas pu être lu ({reason(error)}).") from error
    if size > LARGEST_FILE:
        raise UnreadablePlanning(f"« {path.name} » pèse plus de 5 Mo : ce n’est pas un planning.")
    readers = {".xlsx": _from_xlsx, ".csv": _from_csv, ".ics": from_ics}
    try:
        found = readers[kind](content)
    except InvalidInput as error:
        raise UnreadablePlanning(f"« {path.name} » : {error}") from error
    entries, wrong = [], []
    for where, cells in found:
        try:
            if isinstance(cells, InvalidInput):
                raise cells
            entries.append(entry_of(cells))
        except InvalidInput as error:
            wrong.append(f"{where}{error}")
    if wrong:
        others = f" ({len(wrong) - 1} autre{'s' if len(wrong) > 2 else ''} à revoir)" if len(wrong) > 1 else ""
        raise UnreadablePlanning(f"« {path.name} », {wrong[0]}{others}")
    return entries


def _format(path: Path) -> str:
    suffix = path.suffix.casefold()
    if suffix not in (".xlsx", ".csv", ".ics"):
        raise UnreadablePlanning(f"« {path.name} » : un planning est un fichier .xlsx, .csv ou .ics ; enregistrez-le ainsi.")
    return suffix


# Tables


def _from_rows(rows: Sequence[tuple[int, dict[int, str]]]) -> Found:
    """Read the lines of a table: each has its number, and its texts by place."""
    if not rows:
        raise InvalidInput("il est vide ; sa première ligne porte les onze titres de colonnes.")
    if len(rows) > _ROWS:
        raise InvalidInput(_TOO_LARGE)
    known = [sum(plain(text) in _KNOWN for text in row.values()) if line <= _HEADER_WITHIN else 0 for line, row in rows]
    top = next((rank for rank, count in enumerate(known) if count > 1), known.index(max(known)))
    if not known[top]:
        raise InvalidInput(
            f"aucune de ses {_HEADER_WITHIN} premières lignes n’a de titre de colonne ; mettez-y « {COLUMNS['title']} », "
            f"« {COLUMNS['networks']} », « {COLUMNS['published']} »…"
        )
    columns = _header(*rows[top])
    return [(f"ligne {line}, ", _row(columns, row)) for line, row in rows[top + 1 :]]


def _row(columns: dict[int, str], row: dict[int, str]) -> dict[str, str] | InvalidInput:
    cells = {columns[place]: one_line(text) for place, text in row.items() if place in columns}
    stray = [place for place in row if place not in columns]
    if stray:
        where = "dépasse la dernière colonne" if stray[0] > max(columns) else "est dans une colonne sans titre"
        return InvalidInput(
            f"« {one_line(row[stray[0]]):.80} » {where} ; rangez ce texte dans une colonne du planning, ou effacez-le."
        )
    missing = [COLUMNS[column] for column in _REQUIRED if column not in cells]
    return InvalidInput(f"colonne « {missing[0]} » vide : complétez-la.") if missing else cells


def _header(line: int, row: dict[int, str]) -> dict[int, str]:
    stranger = next((one_line(text) for text in row.values() if plain(text) not in _KNOWN), None)
    if stranger is not None:
        raise InvalidInput(f"« {stranger:.80} » n’est pas une colonne du planning ; renommez-la ou retirez-la.")
    columns = {place: _KNOWN[plain(text)] for place, text in row.items()}
    present = list(columns.values())
    twice = [column for column in present if present.count(column) > 1]
    missing = [column for column in _REQUIRED if column not in present]
    if twice:
        raise InvalidInput(f"la colonne « {COLUMNS[twice[0]]} » figure deux fois ; corrigez la ligne {line}.")
    if missing:
        raise InvalidInput(f"il manque la colonne « {COLUMNS[missing[0]]} » ; corrigez la ligne {line}.")
    return columns


def _to_csv(lines: Iterable[tuple[Entry, dict[str, str]]]) -> bytes:
    """Write as French spreadsheets expect: semicolons, UTF-8 with its mark, no text taken for a formula."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for _, cells in lines:
        writer.writerow(f"'{text}" if _FORMULA.match(text) else text for text in cells.values())
    return output.getvalue().encode("utf-8-sig")


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _from_csv(content: bytes) -> Found:
    text = _decoded(content)
    skipped = 1 if text.startswith("sep=") else 0
    text = text.partition("\n")[2] if skipped else text
    top = [line[:10_000] for line in islice(io.StringIO(text, newline=""), _HEADER_WITHIN)]
    delimiter = max(
        ";\t,", key=lambda mark: max((sum(plain(part) in _KNOWN for part in line.split(mark)) for line in top), default=0)
    )
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        line = 1 + skipped
        for row in reader:
            texts = {place: _unescaped(cell) for place, cell in enumerate(row) if cell and one_line(cell)}
            rows += [(line, texts)] if texts else []
            if len(rows) > _ROWS or line > 20 * _ROWS:
                raise InvalidInput(_TOO_LARGE)
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise InvalidInput(
            f"ce n’est pas un fichier CSV lisible à partir de la ligne {line} ; réenregistrez-le depuis le tableur."
        ) from error
    return _from_rows(rows)


def _decoded(content: bytes) -> str:
    """Decode UTF-8, what Excel writes under Windows, or its « Texte Unicode »."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("ce n’est pas un fichier CSV lisible ; réenregistrez-le depuis le tableur, en « CSV UTF-8 ».")


def _to_xlsx(lines: Iterable[tuple[Entry, dict[str, str]]]) -> bytes:
    from openpyxl import Workbook  # only spreadsheets need it
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Planning"
    sheet.append(list(COLUMNS.values()))
    for row, (entry, cells) in enumerate(lines, start=2):
        for place, text in enumerate(cells.values(), start=1):
            cell = sheet.cell(row, place)
            cell.value, cell.data_type = text, "s"  # a text, even when it looks like a formula
            if _unescaped(text) != text:
                cell.value = f"'{text}"  # the apostrophe that reading takes away
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if entry.at != time():  # at midnight a date and a moment are the same cell: that one stays a text
            moment = sheet.cell(row, list(COLUMNS).index("published") + 1)
            moment.value = entry.day if entry.at is None else entry.moment
            moment.number_format = "DD/MM/YYYY" if entry.at is None else "DD/MM/YYYY HH:MM"
    for place, column in enumerate(COLUMNS, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 34 if column == "title" else 20
    sheet.freeze_panes = "B2"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _from_xlsx(content: bytes) -> Found:
    try:
        computed = _has_formulas(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells in English what the sentences below tell
            sheets = _sheets(content, data_only=True)
            formulas = _sheets(content, data_only=False) if computed else sheets
    except InvalidInput:
        raise
    except _BROKEN as error:
        raise InvalidInput("ce n’est pas un classeur .xlsx lisible ; réenregistrez-le depuis le tableur.") from error
    filled = [rank for rank, cells in enumerate(formulas) if cells]
    if len(filled) > 1:
        raise InvalidInput(f"{len(filled)} de ses feuilles sont remplies ; gardez le planning sur une seule, effacez les autres.")
    rows: dict[int, dict[int, str]] = {}
    for rank in filled:
        for (line, place), (value, kind) in formulas[rank].items():
            if kind == "f" and (line, place) not in sheets[rank]:
                raise InvalidInput(f"ligne {line}, formule sans valeur : ouvrez et enregistrez dans le tableur.")
            value, kind = sheets[rank].get((line, place), (value, kind))
            if kind == "e" or (isinstance(value, float) and not math.isfinite(value)):
                raise InvalidInput(
                    f"ligne {line}, une formule est en erreur ou une date impossible ({value}) ; corrigez-la dans le tableur."
                )
            text = _unescaped(_cell_text(value))
            if one_line(text):
                rows.setdefault(line, {})[place] = text
    return _from_rows(list(rows.items()))


def _has_formulas(content: bytes) -> bool:
    """Tell whether a workbook has formulas; refuse one long to read: a few kilobytes may hold millions of cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.infolist()
        if len(listed) > _PARTS or sum(part.file_size for part in listed) > _LARGEST_XML:
            raise InvalidInput(_TOO_LARGE)
        parts = [archive.read(part).replace(b"\0", b"") for part in listed if not part.filename.startswith("xl/media/")]
    if sum(part.count(b"<") for part in parts) > _TAGS or sum(len(_SLOW.findall(part)) for part in parts) > _SLOW_TAGS:
        raise InvalidInput(_TOO_LARGE)
    return any(re.search(rb"[<:]f[ />]", part) for part in parts)


def _sheets(content: bytes, data_only: bool) -> list[dict[tuple[int, int], tuple[object, str]]]:
    """Read the cells of each sheet that hold something, by line and place, with their kind; merges are not looked at."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheets = []
    area = 0
    for sheet in book.worksheets:
        cells: dict[tuple[int, int], tuple[object, str]] = {}
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for line, row in enumerate(sheet.iter_rows(min_row=1), start=1):
            area += len(row) + 1
            for place, cell in enumerate(row):
                empty_formula = cell.data_type == "str"  # ="": a formula whose value is an empty text
                if (cell.value is not None and str(cell.value).strip()) or empty_formula:
                    cells[line, place] = ("" if cell.value is None else cell.value, cell.data_type)
                    if line > 20 * _ROWS or place >= _PLACES:
                        raise InvalidInput(_TOO_LARGE)
            if area > _AREA:
                raise InvalidInput(_TOO_LARGE)
        sheets.append(cells)
    book.close()
    return sheets


def _cell_text(value: object) -> str:
    match value:
        case datetime() if value.time() == time():
            return write_date(value)
        case datetime():
            return f"{write_date(value)} {value:%H:%M}"
        case date():
            return write_date(value)
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return f"{value // timedelta(hours=1):02}:{value // timedelta(minutes=1) % 60:02}"
        case bool():
            return "VRAI" if value else "FAUX"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
