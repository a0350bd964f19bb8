"""Tables in files: what is written is read back, LibreOffice's files are read, what a cell holds is written in French."""

import csv
import io
import re
import time as clock
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.french import read_quantity, untypeset
from cmlib.spreadsheets import read_lines, read_table, to_csv, to_xlsx
from cmlib.texts import tidy_lines
from cmlib.workbooks import cell_text

FIXTURES = Path(__file__).parent / "fixtures"
PLAN = {
    "channel": "Levier",
    "cost": "Coût",
    "rate": "Taux de clic",
    "clicks": "Clics",
    "start": "Début",
    "meeting": "Réunion",
    "kept": "Retenu",
    "note": "Remarque",
}
COLUMNS = {"brand": "Marque", "cost": "Coût (€)", "share": "Part du budget"}

Writer = Callable[[Sequence[str], Sequence[Sequence[str | date]]], bytes]
WRITERS: dict[str, Writer] = {
    "csv": to_csv,
    "xlsx": lambda headers, rows: to_xlsx(headers, rows, "Été : budget [1/2], à l’essai pour voir"),
}

texts = st.text(max_size=25) | st.sampled_from(
    [
        "=1+1",
        "'=x",
        "''@y",
        "-5 %",
        "a\nb",
        " a \r\n\r\n=b ",
        "« Oui » : 8,3 %",
        "a;b,c\td",
        '"',
        "sep=;",
        "#REF!",
        "2026",
        "VRAI",
    ]
)
cells = texts | st.dates(date(1900, 3, 1), date(2100, 12, 31))
headers = st.lists(st.text("abcéÀ (€)%-=+", max_size=12), min_size=1, max_size=5).map(
    lambda names: [f"{rank}{name} {rank}" for rank, name in enumerate(names)]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str | date]]]:
    names = draw(headers)
    return names, draw(st.lists(st.lists(cells, min_size=len(names), max_size=len(names)), max_size=6))


@pytest.mark.parametrize("suffix", WRITERS)
@given(table=tables())
def test_what_is_written_is_read_back(suffix: str, table: tuple[list[str], list[list[str | date]]]) -> None:
    """Line breaks are kept; a line is one that holds a text."""
    names, rows = table
    columns = {f"column{rank}": name for rank, name in enumerate(names)}
    expected = []
    for row in rows:
        shown = [tidy_lines(cell_text(cell)) for cell in row]
        expected.append({column: text for column, text in zip(columns, shown, strict=True) if text})
    read = read_table(WRITERS[suffix](names, rows), f"tableau.{suffix}", columns)
    assert [line for _, line in read] == [line for line in expected if line]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_blank_model_is_a_table_without_lines_that_no_text_makes_run(suffix: str) -> None:
    assert read_table(WRITERS[suffix](list(COLUMNS.values()), []), f"modele.{suffix}", COLUMNS) == []
    content = WRITERS[suffix](["=1+1", "Coût"], [["@SOMME(A1)", "+33"], ["a\n=b", "-5 %"]])
    if suffix == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"} and len(sheet.title) <= 31
    else:
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)


def test_a_text_that_no_cell_holds_is_refused_rather_than_cut() -> None:
    with pytest.raises(InvalidInput, match="trop long"):
        to_xlsx(["Marque"], [["a" * 40_000]], "Tableau")


@pytest.mark.parametrize(("suffix", "second"), [("xlsx", 6), ("csv", 7)])
def test_files_made_by_libreoffice_are_read(suffix: str, second: int) -> None:
    """Made by soffice --convert-to xlsx, then csv with the filter options 59,34,76,1,,1036,false,true, from a flat sheet.

    It has a title, an empty line, headers in another order, French percents, euros, dates, booleans and decimals, a formula,
    a cell on two lines: in a .csv, lines are counted as a text editor shows them.
    """
    name = f"tableau-libreoffice.{suffix}"
    (line, first), (other, last) = read_table((FIXTURES / name).read_bytes(), name, PLAN, required=["channel", "cost"])
    assert (line, other) == (4, second)
    costs = [read_quantity(cells.pop("cost"), "€").value for cells in (first, last)]
    assert costs == [1234.5, -12.5]
    assert {column: untypeset(text) for column, text in first.items() if column != "note"} == {
        "channel": "Réseaux sociaux",
        "rate": "8,3 %",
        "clicks": "12",
        "start": "12/03/2026",
        "meeting": "12/03/2026 14:30",
        "kept": "VRAI",
    }
    assert [untypeset(part) for part in first["note"].split("\n")] == ["À l’été :", "« façade » ; cœur de cible"]
    assert {column: untypeset(text) for column, text in last.items()} == {
        "channel": "Référencement",
        "rate": "7,5 %",
        "clicks": "8,3",
        "start": "01/04/2026",
        "kept": "FAUX",
        "note": "=à part",
    }


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (8.3, "General", "8,3"),
        (12, "General", "12"),
        (12.0, "0.00", "12"),
        (-1234567.25, "#,##0.00", "-1234567,25"),
        (0.1 + 0.2, "General", "0,3"),
        (0.1 + 0.2 - 0.3, "General", "0"),
        (-1e-20, "General", "0"),
        (1e20, "General", "100000000000000000000"),
        (0.00001, "0.00E+00", "0,00001"),
        (0.083, "0.0%", "8,3 %"),
        (0.083, "0%", "8,3 %"),
        (1, "0%", "100 %"),
        (0.07, "0.00\\ %;[Red]-0.00\\ %", "7 %"),
        (8.3, '0.0" %"', "8,3 %"),
        (8.3, "0.0\\%", "8,3 %"),
        (12.5, "#,##0.00 €", "12,5 €"),
        (12.5, "#,##0.00\\ [$€-40C]", "12,5 €"),
        (12.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "12,5 €"),
        (-12.5, '#,##0\\ "€";[Red]\\-#,##0\\ "€"', "-12,5 €"),
        (12.5, "#,##0.00 [$EUR]", "12,5 €"),
        (12.5, '"$"#,##0.00', "12,5 $"),
        (12.5, "[$CHF-100C] #,##0.00", "12,5 CHF"),
        (12, '0\\ "k€"', "12 k€"),
        (12000, '#,##0,\\ "k€"', "12000 €"),
        (2_500_000, '0.0,,"M€"', "2500000 €"),
        (12.5, "[$-40C]#,##0.00", "12,5"),
        (True, '"VRAI";"VRAI";"FAUX"', "VRAI"),
        (False, "General", "FAUX"),
        (date(2026, 3, 12), "DD/MM/YYYY", "12/03/2026"),
        (datetime(2026, 3, 12), "DD/MM/YYYY", "12/03/2026"),
        (datetime(2026, 3, 12, 14, 30), "DD/MM/YYYY HH:MM", "12/03/2026 14:30"),
        (time(9, 5), "HH:MM", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        ("a_x000D_\nb", "General", "a\nb"),
        ("8.3", "0%", "8.3"),
    ],
)
def test_what_a_cell_holds_is_written_in_french(value: object, number_format: str, text: str) -> None:
    assert cell_text(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [(0.083, "0.0%", "8,3 %"), (12.5, "#,##0.00 [$€-40C]", "12,5 €"), (8.3, "General", "8,3"), ("a_x000D_\nb", "@", "a\nb")],
)
def test_the_format_of_a_cell_is_read_in_its_workbook(value: object, number_format: str, text: str) -> None:
    book, output = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["marque", "COÛT"])
    sheet.append(["Élan", value])
    sheet["B2"].number_format = number_format
    book.save(output)
    assert read_table(output.getvalue(), "T.XLSX", COLUMNS) == [(2, {"brand": "Élan", "cost": text})]


@given(value=st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9))
def test_a_number_is_read_back_within_what_a_spreadsheet_keeps(value: float) -> None:
    for number_format, unit in (("General", ""), ("0.00%", "%"), ("#,##0.00 €", "€")):
        read = read_quantity(cell_text(value, number_format), unit)
        assert read.value == pytest.approx(value, rel=1e-13, abs=1e-15)


HEADER = "Marque;Coût (€);Part du budget\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "« t.csv » : il est vide ; sa première ligne porte les titres des colonnes."),
        ("rien\n", "aucune de ses 10 premières lignes n’a de titre de colonne ; mettez-y « Marque »…"),
        ("Marque;Humeur\n", "« t.csv » : « Humeur » n’est pas une colonne du tableau ; renommez-la ou retirez-la."),
        ("Coût\n1\n", "il manque la colonne « Marque » ; corrigez la ligne 1."),
        ("Marque;cout;COÛT\n", "la colonne « Coût (€) » figure deux fois ; corrigez la ligne 1."),
        (
            HEADER + "Élan;1;2;perdu",
            "« t.csv », ligne 2, « perdu » dépasse la dernière colonne ; rangez ce texte dans une colonne du ",
        ),
        ("Marque;;Part du budget\nÉlan;perdu", "ligne 2, « perdu » est dans une colonne sans titre ; rangez ce texte"),
        (HEADER + "Élan\n;3\n\n;4\n;5", "« t.csv », ligne 3, colonne « Marque » vide : complétez-la. (2 autres à revoir)"),
        (
            HEADER + "Élan\n" * 5_001,
            "il est bien trop grand pour un tableau ; n’y gardez que les lignes utiles, sans autre tableau.",
        ),
        (HEADER + '"Élan', "ce n’est pas un fichier CSV lisible à partir de la ligne 2"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_table(text.encode(), "t.csv", COLUMNS, required=["brand"])
    assert said in untypeset(str(error.value))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.ods", b"", "« t.ods » : un tableau est un fichier .xlsx ou .csv ; enregistrez-le ainsi."),
        ("t\n.pdf", b"", "un tableau est un fichier"),
        ("t.csv", b"0" * 5_000_001, "« t.csv » pèse plus de 5 Mo : ce n’est pas un tableau."),
        ("t.xlsx", b"PK\x03\x04", "« t.xlsx » : ce n’est pas un classeur .xlsx lisible"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_table(content, name, COLUMNS)
    assert said in untypeset(str(error.value)) and "\n" not in str(error.value)


@pytest.mark.parametrize("code", ["[" * 1_000_000, '"' * 1_000_000])
def test_a_number_format_that_would_take_hours_to_read_is_refused_at_once(code: str) -> None:
    book, output = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Marque", "Coût"])
    book.worksheets[0].append(["Élan", 1.5])
    book.worksheets[0]["B2"].number_format = code
    book.save(output)
    start = clock.perf_counter()
    with pytest.raises(InvalidInput, match="n’est pas un classeur"):
        read_table(output.getvalue(), "t.xlsx", COLUMNS)
    assert clock.perf_counter() - start < 5


def test_a_refused_line_leaves_the_others_readable() -> None:
    first, second = read_lines((HEADER + ";3;4\nÉlan\n").encode(), "t.csv", COLUMNS, required=["brand"])
    assert first[0] == 2 and isinstance(first[1], InvalidInput) and re.search("« Marque » vide", untypeset(str(first[1])))
    assert second == (3, {"brand": "Élan"})


def test_sentences_name_what_the_table_is() -> None:
    book, output = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Marque"])
    book.create_sheet().append(["oubli"])
    book.save(output)
    with pytest.raises(InvalidInput, match=r"2 de ses feuilles sont remplies.* gardez le barème sur une"):
        read_table(output.getvalue(), "t.xlsx", COLUMNS, noun="barème")


@pytest.mark.parametrize("columns", [{"a": "Part (%)", "b": "Part (€)"}, {"a": "%"}])
def test_columns_that_a_file_could_not_tell_apart_are_refused(columns: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInput, match="ne se distingue d’un autre titre de colonne"):
        read_table(b"", "t.csv", columns)


def test_a_header_wins_over_an_id() -> None:
    assert read_table(b"Cost;Price\n1;2\n", "t.csv", {"price": "Cost", "other": "Price"}) == [(2, {"price": "1", "other": "2"})]
