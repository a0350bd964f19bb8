"""The planning in files that other tools open: .xlsx and .csv with the eleven columns, .ics for a calendar.

What is written is read back the same. Files made by Excel and LibreOffice are read too; what cannot be understood is refused
with its line and its column, and nothing of a table is left out in silence.
"""

from collections.abc import Iterable
from datetime import date, time
from pathlib import Path, PurePath

from cmlib.errors import Explained, InvalidInput, reason
from cmlib.planning import COLUMNS, Entry
from cmlib.planning_calendar import from_ics, to_ics
from cmlib.planning_texts import entry_of, texts_of
from cmlib.spreadsheets import LARGEST_FILE, first_wrong, read_lines, to_csv, to_xlsx
from cmlib.texts import one_line

_REQUIRED = ("title", "networks", "published")


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
    content = planning_file(entries, path.name)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Explained(
            f"« {path.name} » n’a pas pu être écrit ({reason(error)}) : fermez-le s’il est ouvert, puis réessayez."
        ) from error
    return path


def planning_file(entries: Iterable[Entry], name: str) -> bytes:
    """Return the content of a file that holds a planning, in order of date, in the format that its name asks for.

    Raises
    ------
    UnreadablePlanning
        If the format is another one than .xlsx, .csv or .ics.

    Examples
    --------
    >>> planning_file([], "planning.ics")[:15]
    b'BEGIN:VCALENDAR'
    """
    lines = sorted(entries, key=lambda entry: (entry.moment, entry.title))
    match _format(name):
        case ".xlsx":
            return to_xlsx(list(COLUMNS.values()), map(_row, lines), "Planning")
        case ".csv":
            return to_csv(COLUMNS.values(), map(_row, lines))
        case _:
            return to_ics([(entry, texts_of(entry)) for entry in lines])


def read_planning(path: Path) -> list[Entry]:
    """Read a planning from a file on disk.

    Parameters
    ----------
    path
        File to read: see `planning_in`.

    Returns
    -------
    list of Entry
        In the order of the file.

    Raises
    ------
    UnreadablePlanning
        If it cannot be read, or as `planning_in`.

    Examples
    --------
    >>> read_planning(Path("planning.pdf"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    cmlib.planning_files.UnreadablePlanning: « planning.pdf » : un planning est un fichier .xlsx, .csv ou .ics…
    """
    _format(path.name)
    try:
        _refuse_heavy(path.stat().st_size, path.name)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePlanning(f"« {path.name} » n’a pas pu être lu ({reason(error)}).") from error
    return planning_in(content, path.name)


def planning_in(content: bytes, name: str) -> list[Entry]:
    """Read a planning from the content of an .xlsx, .csv or .ics file, made by this kit or by people.

    Parameters
    ----------
    content
        Bytes of the file. Headers are those of `cmlib.planning.COLUMNS`, in any order, whatever the accents and capitals, within
        its first ten lines. A workbook has one sheet that holds lines. Of a calendar, see `cmlib.planning_calendar`.
    name
        Its name, which says its format.

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
    >>> [entry.title for entry in planning_in(planning_file([Entry("Balade", ("x",), date(2026, 3, 12))], "p.csv"), "p.csv")]
    ['Balade']
    """
    kind = _format(name)
    _refuse_heavy(len(content), name)
    try:
        found = _found(content, name, kind)
    except InvalidInput as error:
        raise UnreadablePlanning(str(error)) from error
    entries, wrong = [], []
    for where, cells in found:
        try:
            if isinstance(cells, InvalidInput):
                raise cells
            entries.append(entry_of(cells))
        except InvalidInput as error:
            wrong.append(f"{where}{error}")
    if wrong:
        raise UnreadablePlanning(first_wrong(name, wrong))
    return entries


def _refuse_heavy(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        raise UnreadablePlanning(f"« {name} » pèse plus de 5 Mo : ce n’est pas un planning.")


def _format(name: str) -> str:
    suffix = PurePath(name).suffix.casefold()
    if suffix not in (".xlsx", ".csv", ".ics"):
        raise UnreadablePlanning(f"« {name} » : un planning est un fichier .xlsx, .csv ou .ics ; enregistrez-le ainsi.")
    return suffix


def _found(content: bytes, name: str, kind: str) -> list[tuple[str, dict[str, str] | InvalidInput]]:
    """Read the lines of a file: where each is, then the texts of its columns, or why it is refused."""
    if kind == ".ics":
        try:
            return from_ics(content)
        except InvalidInput as error:
            raise InvalidInput(f"« {name} » : {error}") from error
    lines = read_lines(content, name, COLUMNS, _REQUIRED, noun="planning")
    return [
        (f"ligne {line}, ", cells if isinstance(cells, InvalidInput) else {key: one_line(text) for key, text in cells.items()})
        for line, cells in lines
    ]


def _row(entry: Entry) -> list[str | date]:
    """Return the cells of a line: its day is a date for the spreadsheet, to sort and filter."""
    cells: dict[str, str | date] = {**texts_of(entry)}
    if entry.at != time():  # at midnight a date and a moment are the same cell: that one stays a text
        cells["published"] = entry.day if entry.at is None else entry.moment
    return list(cells.values())
