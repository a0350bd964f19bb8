"""Tables in files that spreadsheets open, .xlsx and .csv: what people made is read as texts, line by line.

What is written is read back the same. Files made by Excel and LibreOffice are read too; what cannot be understood is refused
with its line and its column, and nothing of a table is left out in silence. A noun (« tableau », « planning ») says what the
table is in these sentences: it is masculine and begins with a consonant.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import PurePath
from typing import TypeAlias

from cmlib.errors import InvalidInput
from cmlib.french import printable
from cmlib.texts import one_line, plain, tidy_lines
from cmlib.workbooks import MOST_LINES, Rows, cell_text, read_workbook, too_large

LARGEST_FILE = 5_000_000
"""Bytes: a year of planning weighs a hundred times less."""

Found: TypeAlias = list[tuple[int, dict[str, str] | InvalidInput]]
"""Lines of a table: the number of each, then the texts of its filled columns, or why it is refused."""

_LONGEST_TEXT = 32_767  # signs that a cell of a workbook holds
_HEADER_WITHIN = 10
_LINE_HEIGHT = 15  # points
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def read_table(
    content: bytes, name: str, columns: Mapping[str, str], required: Sequence[str] = (), noun: str = "tableau"
) -> list[tuple[int, dict[str, str]]]:
    r"""Read a table whose every line is understood, or refuse the file.

    Parameters
    ----------
    content, name, columns, required, noun
        As in `read_lines`.

    Returns
    -------
    list of tuple
        As in `read_lines`.

    Raises
    ------
    InvalidInput
        If the file, or a line, is refused; the sentence gives the first line at fault, and how many others there are.

    Examples
    --------
    >>> read_table("COÛT;marque\n12,50 €;Élan\n".encode(), "essai.csv", {"brand": "Marque", "cost": "Coût"})
    [(2, {'cost': '12,50 €', 'brand': 'Élan'})]
    """
    read, wrong = [], []
    for line, cells in read_lines(content, name, columns, required, noun):
        if isinstance(cells, InvalidInput):
            wrong.append(f"ligne {line}, {cells}")
        else:
            read.append((line, cells))
    if wrong:
        raise InvalidInput(first_wrong(name, wrong))
    return read


def read_lines(
    content: bytes, name: str, columns: Mapping[str, str], required: Sequence[str] = (), noun: str = "tableau"
) -> Found:
    r"""Read the lines of a table from an .xlsx or .csv file, made by this kit or by people.

    Parameters
    ----------
    content
        Bytes of the file.
    name
        Its name, which tells its format.
    columns
        French header of each column, by id. A file has them in any order, whatever the accents, capitals and signs, within its
        first ten lines; its headers may also be the ids. A workbook has one sheet that holds lines.
    required
        Ids of the columns that must be there, and be filled on each line.
    noun
        What the table is, for the sentences.

    Returns
    -------
    list of tuple
        In the order of the file: the number of a line, then the texts of its filled columns, or why it is refused. Lines without
        any text are left out. A text keeps its line breaks. What a cell of a workbook holds is written in French, with all its
        digits whatever the format shows: « 8,3 », « 8,3 % », « 12,5 € », « 12/03/2026 », « 12/03/2026 14:30 », « VRAI ».

    Raises
    ------
    InvalidInput
        If the file is not such a table: another format, too large, damaged, several filled sheets, a formula in error, no
        header, a header that is unknown, given twice or missing; or if two columns have the same header.

    Examples
    --------
    >>> read_lines("Marque;Coût\n;3\n".encode(), "essai.csv", {"brand": "Marque", "cost": "Coût"}, required=["brand"])
    [(2, InvalidInput('colonne « Marque » vide : complétez-la.'))]
    """
    known = _known(columns)
    file, suffix = f"« {printable(name)} »", PurePath(name).suffix.casefold()
    if suffix not in (".xlsx", ".csv"):
        raise InvalidInput(f"{file} : un {noun} est un fichier .xlsx ou .csv ; enregistrez-le ainsi.")
    if len(content) > LARGEST_FILE:
        raise InvalidInput(f"{file} pèse plus de 5 Mo : ce n’est pas un {noun}.")
    try:
        raw = read_workbook(content, noun) if suffix == ".xlsx" else _from_csv(content, known, noun)
        if len(raw) > MOST_LINES:
            raise too_large(noun)
        rows = [(line, texts) for line, row in raw if (texts := _tidy(row))]
        top, places = _header(rows, columns, known, required, noun)
    except InvalidInput as error:
        raise InvalidInput(f"{file} : {error}") from error
    return [(line, _cells(row, places, columns, required, noun)) for line, row in rows[top + 1 :]]


def first_wrong(name: str, wrong: Sequence[str]) -> str:
    """Say the first problem of a file, and how many others there are.

    Parameters
    ----------
    name
        Name of the file.
    wrong
        Problems, at least one: each begins with where it is.

    Examples
    --------
    >>> first_wrong("essai.csv", ["ligne 2, coût illisible.", "ligne 4, coût illisible."])
    '« essai.csv », ligne 2, coût illisible. (1 autre à revoir)'
    """
    others = len(wrong) - 1
    return f"« {printable(name)} », {wrong[0]}" + (f" ({others} autre{'s' if others > 1 else ''} à revoir)" if others else "")


def to_csv(headers: Iterable[str], rows: Iterable[Iterable[str | date]]) -> bytes:
    """Write a table as French spreadsheets expect: semicolons, UTF-8 with its mark, no text taken for a formula.

    Parameters
    ----------
    headers
        Headers, in order.
    rows
        Lines, none to make a blank model: texts, whose line breaks are kept, dates or moments (to the minute; a moment at
        midnight is read back as a date).

    Examples
    --------
    >>> to_csv(["Marque", "Jour"], [["=1+1", date(2026, 3, 12)]]).decode("utf-8-sig").split()
    ['Marque;Jour', "'=1+1;12/03/2026"]
    """
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerows([_escaped(tidy_lines(cell_text(value))) for value in row] for row in [headers, *rows])
    return output.getvalue().encode("utf-8-sig")


def pasted_table(text: str, columns: Mapping[str, str]) -> bytes:
    r"""Return as a .csv what a spreadsheet puts on the clipboard: the headers of the columns first, added where they are not.

    Parameters
    ----------
    text
        Lines whose cells are separated by tabs.
    columns
        Headers of the table, by id; without a line of headers, cells are taken in their order.

    Raises
    ------
    InvalidInput
        If there is nothing, or a cell that no spreadsheet holds.

    Examples
    --------
    >>> pasted_table("Élan\t12", {"brand": "Marque", "cost": "Coût"}).decode("utf-8-sig").splitlines()
    ['Marque;Coût', 'Élan;12']
    """
    rows = [row for row in _pasted_rows(text[:LARGEST_FILE]) if any(map(str.strip, row))]
    if not rows:
        raise InvalidInput("Rien n’a été collé : copiez d’abord les lignes dans votre tableur.")
    known = _known(columns)
    if sum(plain(cell) in known for cell in rows[0]) > 1:
        return to_csv(rows[0], rows[1:])
    return to_csv(list(columns.values())[: max(map(len, rows))], rows)


def _pasted_rows(text: str) -> list[list[str]]:
    """Read what was pasted; quotes that close no cell are signs among others: Excel puts them on the clipboard as they are."""
    lines = io.StringIO(text, newline="")
    try:
        return list(csv.reader(lines, delimiter="\t", strict=True))
    except csv.Error:
        lines.seek(0)
    try:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise InvalidInput("Ce texte n’est pas un tableau : copiez les lignes dans votre tableur, puis collez-les.") from error


def to_xlsx(headers: Sequence[str], rows: Iterable[Iterable[str | date]], title: str) -> bytes:
    """Write a table as a workbook of one sheet: dates and moments are real ones, no text is taken for a formula.

    Parameters
    ----------
    headers, rows
        As in `to_csv`.
    title
        Name of the sheet; what a spreadsheet does not allow in it is left out.

    Raises
    ------
    InvalidInput
        If a text is longer than what a cell holds.

    Examples
    --------
    >>> columns = {"brand": "Marque", "day": "Jour"}
    >>> book = to_xlsx(list(columns.values()), [["=1+1", date(2026, 3, 12)]], "Essai")
    >>> read_table(book, "essai.xlsx", columns)
    [(2, {'brand': '=1+1', 'day': '12/03/2026'})]
    """
    from openpyxl import Workbook  # only spreadsheets need it
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = one_line(re.sub(r"[\\*?:/\[\]]", " ", title))[:31].strip("' ") or "Tableau"
    for line, row in enumerate([headers, *rows], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(line, place)
            if isinstance(value, date):
                cell.value = value
                cell.number_format = "DD/MM/YYYY HH:MM" if isinstance(value, datetime) else "DD/MM/YYYY"
            else:
                cell.value, cell.data_type = _kept(value), "s"  # a text, even when it looks like a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        # Told, for LibreOffice does not work it out: lines of texts that are wrapped would be printed over the next row.
        tall = [
            -(-len(text) // (_width(place) - 2)) for place, value in enumerate(row, 1) for text in cell_text(value).split("\n")
        ]
        sheet.row_dimensions[line].height = _LINE_HEIGHT * max(1, *tall)
    for place in range(1, len(headers) + 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _width(place)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    # Printed as a team pins it: as wide as the page, its headers on each.
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _width(place: int) -> int:
    """Return how many signs wide a column is."""
    return 34 if place == 1 else 20


# Lines


def _known(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the id of each column by what a header may be; two columns that a file could not tell apart are refused."""
    known: dict[str, str] = {}
    for column, label in columns.items():
        if not plain(label) or plain(label) in known:
            raise InvalidInput(
                f"« {label} » ne se distingue d’un autre titre de colonne ni par ses lettres ni par ses chiffres ; changez-le."
            )
        known[plain(label)] = column
    return {plain(column): column for column in columns} | known


def _tidy(row: Mapping[int, str]) -> dict[int, str]:
    return {place: text for place, cell in row.items() if (text := tidy_lines(_unescaped(cell)))}


def _header(
    rows: Rows, columns: Mapping[str, str], known: Mapping[str, str], required: Sequence[str], noun: str
) -> tuple[int, dict[int, str]]:
    """Find the rank of the line of the headers, and the column of each place."""
    if not rows:
        raise InvalidInput("il est vide ; sa première ligne porte les titres des colonnes.")
    found = [sum(plain(text) in known for text in row.values()) if line <= _HEADER_WITHIN else 0 for line, row in rows]
    top = next((rank for rank, count in enumerate(found) if count > 1), found.index(max(found)))
    if not found[top]:
        wanted = [f"« {columns[column]} »" for column in required or list(columns)[:3]]
        raise InvalidInput(
            f"aucune de ses {_HEADER_WITHIN} premières lignes n’a de titre de colonne ; mettez-y {', '.join(wanted)}"
            + ("…" if len(wanted) < len(columns) else ".")
        )
    line, row = rows[top]
    stranger = next((one_line(text) for text in row.values() if plain(text) not in known), None)
    if stranger is not None:
        raise InvalidInput(f"« {stranger:.80} » n’est pas une colonne du {noun} ; renommez-la ou retirez-la.")
    places = {place: known[plain(text)] for place, text in row.items()}
    present = list(places.values())
    twice = [column for column in present if present.count(column) > 1]
    missing = [column for column in required if column not in present]
    if twice:
        raise InvalidInput(f"la colonne « {columns[twice[0]]} » figure deux fois ; corrigez la ligne {line}.")
    if missing:
        raise InvalidInput(f"il manque la colonne « {columns[missing[0]]} » ; corrigez la ligne {line}.")
    return top, places


def _cells(
    row: dict[int, str], places: dict[int, str], columns: Mapping[str, str], required: Sequence[str], noun: str
) -> dict[str, str] | InvalidInput:
    stray = [place for place in row if place not in places]
    if stray:
        where = "dépasse la dernière colonne" if stray[0] > max(places) else "est dans une colonne sans titre"
        return InvalidInput(
            f"« {one_line(row[stray[0]]):.80} » {where} ; rangez ce texte dans une colonne du {noun}, ou effacez-le."
        )
    cells = {places[place]: text for place, text in row.items()}
    missing = [columns[column] for column in required if column not in cells]
    return InvalidInput(f"colonne « {missing[0]} » vide : complétez-la.") if missing else cells


# Texts that a spreadsheet would take for formulas


def _escaped(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _kept(value: str) -> str:
    """Return a text as a cell of a workbook holds it: with one more apostrophe if reading takes one away."""
    text = tidy_lines(value)
    text = f"'{text}" if _unescaped(text) != text else text
    if len(text) > _LONGEST_TEXT:
        raise InvalidInput(f"« {one_line(text):.40}… » est trop long pour une cellule de tableur ; raccourcissez-le.")
    return text


# CSV


def _from_csv(content: bytes, known: Mapping[str, str], noun: str) -> Rows:
    text = _decoded(content)
    skipped = 1 if text.startswith("sep=") else 0
    text = text.partition("\n")[2] if skipped else text
    top = [line[:10_000] for line in islice(io.StringIO(text, newline=""), _HEADER_WITHIN)]
    delimiter = max(
        ";\t,", key=lambda mark: max((sum(plain(part) in known for part in line.split(mark)) for line in top), default=0)
    )
    rows: Rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        line = 1 + skipped
        for row in reader:
            texts = {place: cell for place, cell in enumerate(row) if cell.strip()}
            rows += [(line, texts)] if texts else []
            if len(rows) > MOST_LINES or line > 20 * MOST_LINES:
                raise too_large(noun)
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise InvalidInput(
            f"ce n’est pas un fichier CSV lisible à partir de la ligne {line} ; réenregistrez-le depuis le tableur."
        ) from error
    return rows


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
