"""The planning in files that other tools open: .xlsx and .csv with the eleven columns, .ics for a calendar.

What is written is read back the same. Files made by Excel and LibreOffice are read too; what cannot be understood is refused
with its line and its column, and nothing is left out in silence.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cmlib.errors import Explained, InvalidInput, reason
from cmlib.french import read_date, read_datetime, write_date
from cmlib.networks import NETWORKS, network_id
from cmlib.planning import COLUMNS, Entry, one_line

LARGEST_FILE = 5_000_000
"""Bytes: a year of planning weighs a hundred times less."""

_REQUIRED = ("title", "networks", "published")
_PARIS = ZoneInfo("Europe/Paris")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DEADLINES = (("writing_due", "rédaction"), ("approval_due", "validation"))
_EVENT = timedelta(minutes=30)


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
    writers = {".xlsx": _to_xlsx, ".csv": _to_csv, ".ics": _to_ics}
    content = writers[_format(path)](lines)
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
        File to read. Headers are those of `cmlib.planning.COLUMNS`, in any order, whatever the accents and capitals.

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
    if kind == ".ics":
        return _from_ics(content, path.name)
    return _from_rows(_xlsx_rows(content, path.name) if kind == ".xlsx" else _csv_rows(content, path.name), path.name)


def _format(path: Path) -> str:
    suffix = path.suffix.casefold()
    if suffix not in (".xlsx", ".csv", ".ics"):
        raise UnreadablePlanning(f"« {path.name} » : un planning est un fichier .xlsx, .csv ou .ics ; enregistrez-le ainsi.")
    return suffix


# From an entry to the texts of its columns, and back


def _cells(entry: Entry) -> dict[str, str]:
    moment = write_date(entry.day) + (f" {entry.at:%H:%M}" if entry.at is not None else "")
    dues = [(label, getattr(entry, field)) for field, label in _DEADLINES]
    return {
        "title": entry.title,
        "type": entry.type,
        "objective": entry.objective,
        "market": entry.market,
        "persona": entry.persona,
        "keywords": ", ".join(entry.keywords),
        "call_to_action": entry.call_to_action,
        "networks": ", ".join(NETWORKS[network] for network in entry.networks),
        "tags": ", ".join(entry.tags),
        "published": moment,
        "deadlines": ", ".join(f"{label} {write_date(due)}" for label, due in dues if due is not None),
    }


def _entry(cells: dict[str, str]) -> Entry:
    """Make an entry of the texts of a line; a refusal names its column."""
    fields: dict[str, Any] = {}
    for column, text in cells.items():
        try:
            match column:
                case "published":
                    fields["day"], fields["at"] = _moment(text)
                case "deadlines":
                    fields |= _dues(text)
                case "networks":
                    fields["networks"] = tuple(network_id(part) for part in re.split(r"[,;/]|\bet\b", text) if part.strip())
                case "keywords" | "tags":
                    fields[column] = tuple(part for part in re.split("[,;]", text) if part.strip())
                case _:
                    fields[column] = text
        except InvalidInput as error:
            raise InvalidInput(f"colonne « {COLUMNS[column]} » : {error}") from error
    return Entry(**fields)


def _moment(text: str) -> tuple[date, time | None]:
    if re.search(r"[0-9] ?[h:H]", text):
        moment = read_datetime(text)
        return moment.date(), moment.time()
    return read_date(text), None


def _dues(text: str) -> dict[str, date]:
    """Read « rédaction 02/03/2026, validation 04/03/2026 »; a lone date is that of the approval."""
    dues: dict[str, date] = {}
    for part in filter(str.strip, re.split("[,;]", text)):
        words = _plain(part)
        field = "writing_due" if words.startswith(("redaction", "ecriture")) else "approval_due"
        dues[field] = read_date(re.sub(r"^\s*(?:r[ée]daction|[ée]criture|validation)\s*:?", "", part, flags=re.IGNORECASE))
    return dues


# Tables


def _from_rows(rows: Sequence[Sequence[str]], name: str) -> list[Entry]:
    if not rows:
        raise UnreadablePlanning(f"« {name} » est vide : la première ligne porte les onze titres de colonnes.")
    columns = _header(rows[0], name)
    entries, wrong = [], []
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: one_line(text) for column, text in zip(columns, row, strict=False) if column and one_line(text)}
        beyond = [text for text in row[len(columns) :] if one_line(text)]
        if not cells and not beyond:
            continue
        try:
            if beyond:
                raise InvalidInput(f"« {beyond[0]} » dépasse la dernière colonne : rangez ce texte")
            missing = [COLUMNS[column] for column in _REQUIRED if column not in cells]
            if missing:
                raise InvalidInput(f"colonne « {missing[0]} » vide : complétez-la.")
            entries.append(_entry(cells))
        except InvalidInput as error:
            wrong.append(f"ligne {number}, {error}")
    if wrong:
        others = f" ({len(wrong) - 1} autre{'s' if len(wrong) > 2 else ''} à revoir)" if len(wrong) > 1 else ""
        raise UnreadablePlanning(f"« {name} », {wrong[0]}{others}")
    return entries


def _header(row: Sequence[str], name: str) -> list[str]:
    known = {_plain(label): column for column, label in COLUMNS.items()} | {_plain(column): column for column in COLUMNS}
    columns = []
    for text in row:
        if one_line(text) and _plain(text) not in known:
            raise UnreadablePlanning(
                f"« {name} » : « {one_line(text)} » n’est pas une colonne du planning ; renommez-la ou retirez-la."
            )
        columns.append(known.get(_plain(text), ""))
    while columns and not columns[-1]:
        columns.pop()
    twice = [column for column in columns if column and columns.count(column) > 1]
    missing = [column for column in _REQUIRED if column not in columns]
    if twice or missing:
        what = (
            f"la colonne « {COLUMNS[twice[0]]} » figure deux fois" if twice else f"il manque la colonne « {COLUMNS[missing[0]]} »"
        )
        raise UnreadablePlanning(f"« {name} » : {what} ; corrigez la première ligne.")
    return columns


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def _to_csv(entries: Sequence[Entry]) -> bytes:
    """Write as French spreadsheets expect: semicolons, UTF-8 with its mark, no text taken for a formula."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for entry in entries:
        cells = _cells(entry)
        writer.writerow(f"'{cells[column]}" if _FORMULA.match(cells[column]) else cells[column] for column in COLUMNS)
    return output.getvalue().encode("utf-8-sig")


def _csv_rows(content: bytes, name: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what Excel writes under Windows
    if text.startswith("sep="):
        text = text.partition("\n")[2]
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadablePlanning(f"« {name} » n’est pas un fichier CSV lisible : réenregistrez-le depuis le tableur.") from error
    return [[cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell for cell in row] for row in rows]


def _to_xlsx(entries: Sequence[Entry]) -> bytes:
    from openpyxl import Workbook  # only spreadsheets need it
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Planning"
    sheet.append(list(COLUMNS.values()))
    for row, entry in enumerate(entries, start=2):
        for place, text in enumerate(_cells(entry).values(), start=1):
            cell = sheet.cell(row, place)
            cell.value, cell.data_type = text, "s"  # a text, even when it looks like a formula
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


def _xlsx_rows(content: bytes, name: str) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    refusal = f"« {name} » n’est pas un classeur .xlsx lisible : réenregistrez-le depuis le tableur."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > 20 * LARGEST_FILE:
                raise UnreadablePlanning(f"« {name} » est bien trop grand pour un planning.")
        book = load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        raise UnreadablePlanning(refusal) from error
    sheet = book.worksheets[0] if book.worksheets else None
    if sheet is None or sheet.max_column > 200 or sheet.max_row > 10_000:
        raise UnreadablePlanning(refusal)
    cells = list(sheet.iter_rows())
    for line, row in enumerate(cells, start=1):
        wrong = next((cell.value for cell in row if cell.data_type == "e"), None)
        if wrong is not None:
            raise UnreadablePlanning(
                f"« {name} », ligne {line} : une formule est en erreur ({wrong}) ; corrigez-la dans le tableur."
            )
    return [[_cell_text(cell.value) for cell in row] for row in cells]


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime() if value.time() == time():
            return write_date(value)
        case datetime():
            return f"{write_date(value)} {value:%H:%M}"
        case date():
            return write_date(value)
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


# Calendars


def _to_ics(entries: Sequence[Entry]) -> bytes:
    """Write one event a line, in local time; the columns are the lines of its description, which any calendar keeps."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//cmlib//planning//FR")
    calendar.add("version", "2.0")
    for rank, entry in enumerate(entries):
        cells = _cells(entry)
        described = "\n".join(
            f"{COLUMNS[column]} : {text}" for column, text in cells.items() if text and column not in ("title", "published")
        )
        event = Event()
        event.add("uid", f"{sha256(f'{rank}|{cells}'.encode()).hexdigest()[:32]}@cmlib")
        event.add("dtstamp", datetime.combine(entry.day, time(), ZoneInfo("UTC")))
        event.add("summary", entry.title)
        event.add("description", described)
        if entry.type:
            event.add("categories", [entry.type])
        event.add("dtstart", entry.day if entry.at is None else entry.moment)
        event.add("dtend", entry.day + timedelta(days=1) if entry.at is None else entry.moment + _EVENT)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _from_ics(content: bytes, name: str) -> list[Entry]:
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise UnreadablePlanning(f"« {name} » n’est pas un agenda .ics lisible : exportez-le de nouveau.") from error
    entries, wrong = [], []
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        title = one_line(str(event.get("summary", "")))
        try:
            entries.append(_entry(_event_cells(event, title)))
        except InvalidInput as error:
            wrong.append(f"événement {number} (« {title} ») : {error}")
    if wrong:
        others = f" ({len(wrong) - 1} autre{'s' if len(wrong) > 2 else ''} à revoir)" if len(wrong) > 1 else ""
        raise UnreadablePlanning(f"« {name} », {wrong[0]}{others}")
    return entries


def _event_cells(event: Any, title: str) -> dict[str, str]:
    labels = {_plain(label): column for column, label in COLUMNS.items()}
    cells = {"title": title}
    for line in str(event.get("description", "")).splitlines():
        label, _, text = line.partition(" : ")
        if _plain(label) in labels and one_line(text):
            cells[labels[_plain(label)]] = one_line(text)
    if "networks" not in cells:
        raise InvalidInput("sa description ne dit pas le réseau ; ajoutez-y une ligne « Réseaux : Instagram ».")
    if event.get("rrule") is not None:
        raise InvalidInput("il se répète ; enregistrez chaque date à part.")
    if event.get("dtstart") is None:
        raise InvalidInput("il n’a pas de date ; donnez-lui-en une.")
    start = event.decoded("dtstart")
    if isinstance(start, datetime):
        local = start.astimezone(_PARIS) if start.tzinfo else start
        return cells | {"published": f"{write_date(local)} {local:%H:%M}"}
    return cells | {"published": write_date(start)}
