"""The planning in files: round trips, files made by LibreOffice, a calendar read by another parser, and broken files."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.networks import NETWORKS
from cmlib.planning import COLUMNS, Entry
from cmlib.planning_files import UnreadablePlanning, read_planning, write_planning

FIXTURES = Path(__file__).parent / "fixtures"
FORMATS = ("xlsx", "csv", "ics")

words = st.text(max_size=25) | st.sampled_from(
    ["=1+1", "'=x", "@ville", '-5 % ; "été"', "a\nb", "« Oui » : 8,3 %", "\\n,;", "2026", "# "]
)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    listed = st.lists(words.map(lambda text: text.replace(",", " ").replace(";", " ")), max_size=3).map(tuple)
    return Entry(
        title=draw(words.filter(lambda text: bool(Entry("x" + text, ("x",), date(2026, 1, 1)).title[1:].strip()))),
        networks=tuple(draw(st.sets(st.sampled_from(list(NETWORKS)), min_size=1))),
        day=draw(days),
        at=draw(st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)) | st.just(time())),
        **{field: draw(words) for field in ("type", "objective", "market", "persona", "call_to_action")},
        keywords=draw(listed),
        tags=draw(listed),
        writing_due=draw(st.none() | days),
        approval_due=draw(st.none() | days),
    )


@pytest.mark.parametrize("suffix", FORMATS)
@given(lines=st.lists(entries(), max_size=6))
def test_what_is_written_is_read_back(suffix: str, lines: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("été à l’école") / f"planning.{suffix}"
    expected = sorted(lines, key=lambda entry: (entry.moment, entry.title))
    assert read_planning(write_planning(lines, path)) == expected


@pytest.mark.parametrize("name", ["planning-libreoffice.xlsx", "planning-libreoffice.csv"])
def test_files_made_by_libreoffice_are_read(name: str) -> None:
    """Headers in another order and without accents, a real date cell, a number as a title, an empty line, a formula."""
    first, second, third = read_planning(FIXTURES / name)
    assert first == Entry(
        "Balade du dimanche",
        ("instagram", "facebook"),
        date(2026, 3, 8),
        time(15),
        type="invitation",
        objective="engagement",
        tags=("#velo", "@ville"),
        writing_due=date(2026, 3, 2),
        approval_due=date(2026, 3, 5),
    )
    assert (second.title, second.day, second.at) == ("2026", date(2026, 3, 13), None)
    assert (third.title, third.networks, third.objective) == ("= deux promos", ("x",), "performance")
    assert (third.day, third.at, third.approval_due) == (date(2026, 4, 1), time(9), date(2026, 4, 1))


def test_another_calendar_parser_understands_the_events(folder: Path) -> None:
    lines = [
        Entry("Balade ; à vélo, dimanche", ("facebook",), date(2026, 3, 8), time(15), type="invitation", objective="engagement"),
        Entry("Été", ("x",), date(2026, 6, 21)),
    ]
    path = write_planning(lines, folder / "planning.ics")
    timed, whole_day = vobject.readOne(path.read_text(encoding="utf-8")).vevent_list
    assert timed.summary.value == "Balade ; à vélo, dimanche" and timed.dtstart.value == datetime(2026, 3, 8, 15)
    assert timed.dtend.value == datetime(2026, 3, 8, 15, 30) and "Réseaux : Facebook" in timed.description.value
    assert whole_day.dtstart.value == date(2026, 6, 21) and whole_day.dtend.value == date(2026, 6, 22)
    assert len({timed.uid.value, whole_day.uid.value}) == 2
    assert path.read_bytes() == write_planning(lines, folder / "encore.ics").read_bytes()
    assert all(len(line) <= 75 for line in path.read_bytes().split(b"\r\n"))


def test_an_event_moved_in_a_calendar_is_read_where_it_is_now(folder: Path) -> None:
    path = write_planning([Entry("Balade", ("facebook",), date(2026, 3, 8), time(15))], folder / "planning.ics")
    moved = path.read_text(encoding="utf-8").replace("DTSTART:20260308T150000", "DTSTART:20260709T160000Z").replace("\r\n", "\n")
    path.write_text(moved, encoding="utf-8", newline="\r\n")
    assert read_planning(path)[0].moment == datetime(2026, 7, 9, 18)  # Paris, in summer


def test_no_text_becomes_a_formula(folder: Path) -> None:
    line = Entry('=HYPERLINK("http://exemple.org")', ("x",), date(2026, 3, 8), tags=("@ville",), persona="+33")
    sheet = openpyxl.load_workbook(write_planning([line], folder / "p.xlsx")).worksheets[0]
    assert [cell.data_type for cell in sheet[2] if cell.value is not None].count("f") == 0
    assert sheet["J2"].is_date and sheet["A1"].value == "Titre ou sujet"
    text = write_planning([line], folder / "p.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and b"\r\n" in text
    row = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))[1]
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_files_of_other_tools_are_read(delimiter: str, encoding: str, folder: Path) -> None:
    path = folder / "planning.CSV"
    rows = ["Titre ou sujet", "Réseaux", "Jour de parution"], ["Été", "Twitter", "8 mars 2026"]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert read_planning(path) == [Entry("Été", ("x",), date(2026, 3, 8))]
    path.write_bytes(b"sep=;\r\n" + "\r\n".join(";".join(row) for row in rows).encode())
    assert len(read_planning(path)) == 1


HEADER = "Titre ou sujet;Réseaux;Jour de parution\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "est vide|il manque la colonne"),
        ("Titre ou sujet;Réseaux\nA;x", "il manque la colonne « Jour de parution »"),
        ("Titre ou sujet;Réseaux;Jour de parution;Jour de parution\nA;x;8/3/26;8/3/26", "figure deux fois"),
        ("Titre ou sujet;Réseaux;Jour de parution;Humeur\nA;x;8/3/26;bonne", "« Humeur » n’est pas une colonne"),
        (HEADER + "A;myspace;8/3/26", "ligne 2, colonne « Réseaux » : « myspace »"),
        (HEADER + "A;x;31/02/2026", "ligne 2, colonne « Jour de parution » : .*lu 31 février"),
        (HEADER + "A;x;8/3/26\n\nB;;8/3/26", "ligne 4, colonne « Réseaux » vide"),
        (HEADER + "A;x;8/3/26 25:00", "25 heures"),
        (HEADER + "A;x;8/3/26;perdu", "« perdu » dépasse la dernière colonne"),
        (HEADER + "A;x;hier\nB;x;demain\nC;y;8/3/26", r"ligne 2, .*\(2 autres à revoir\)"),
        (HEADER + '"A;x;8/3/26', "n’est pas un fichier CSV lisible"),
        (HEADER + "A;x;46093", "un tableur note ainsi"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(text: str, said: str, folder: Path) -> None:
    path = folder / "planning.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadablePlanning) as error:
        read_planning(path)
    assert re.search(said, untypeset(str(error.value))) and "\n" not in str(error.value)


def broken_zip(_: Path) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<not xml")
        archive.writestr("[Content_Types].xml", "<also not")
    return output.getvalue()


def bomb(_: Path) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for rank in range(11):
            archive.writestr(f"xl/{rank}.xml", b"0" * 10_000_000)
    return output.getvalue()


def error_cell(folder: Path) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Titre ou sujet", "Réseaux", "Jour de parution"])
    book.worksheets[0].append(["#REF!", "x", date(2026, 3, 8)])
    book.save(folder / "e.xlsx")
    return (folder / "e.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.xlsx", lambda _: b"PK\x03\x04 tronque", "n’est pas un classeur"),
        ("p.xlsx", lambda _: b"", "n’est pas un classeur"),
        ("p.xlsx", broken_zip, "n’est pas un classeur"),
        ("p.xlsx", bomb, "bien trop grand"),
        ("p.xlsx", error_cell, "une formule est en erreur"),
        ("p.csv", lambda _: b"0" * 5_000_001, "plus de 5 Mo"),
        ("p.ics", lambda _: b"BEGIN:VCALENDAR\r\nPAS FINI", "n’est pas un agenda"),
        ("p.ics", lambda _: b"\xff\xfe\x00", "n’est pas un agenda"),
        ("p.ods", lambda _: b"", ".xlsx, .csv ou .ics"),
        ("p", lambda _: b"", ".xlsx, .csv ou .ics"),
    ],
)
def test_a_file_that_is_not_a_planning_is_refused(name: str, content, said: str, folder: Path) -> None:  # type: ignore[no-untyped-def]
    path = folder / name
    path.write_bytes(content(folder))
    with pytest.raises(UnreadablePlanning, match=said):
        read_planning(path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["SUMMARY:Balade", "DTSTART:20260308"], "ne dit pas le réseau"),
        (["SUMMARY:Balade", "DESCRIPTION:Réseaux : X", "DTSTART:20260308", "RRULE:FREQ=DAILY"], "il se répète"),
        (["SUMMARY:Balade", "DESCRIPTION:Réseaux : X"], "pas de date"),
        (["DESCRIPTION:Réseaux : X", "DTSTART:20260308"], "pas de titre"),
    ],
)
def test_an_event_that_is_not_a_line_of_the_planning_is_named(lines: list[str], said: str, folder: Path) -> None:
    path = folder / "p.ics"
    text = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    path.write_text("\r\n".join(text), encoding="utf-8", newline="")
    with pytest.raises(UnreadablePlanning, match=said):
        read_planning(path)


def test_a_missing_file_and_a_folder_are_told_in_one_sentence(folder: Path) -> None:
    with pytest.raises(UnreadablePlanning, match="n’a pas pu être lu"):
        read_planning(folder / "absent.csv")
    (folder / "dossier.xlsx").mkdir()
    with pytest.raises(UnreadablePlanning, match="n’a pas pu être lu"):
        read_planning(folder / "dossier.xlsx")
    with pytest.raises(Explained, match="n’a pas pu être écrit"):
        write_planning([], folder / "dossier.xlsx")


def test_the_eleven_columns_are_those_of_the_course(folder: Path) -> None:
    assert len(COLUMNS) == 11
    sheet = openpyxl.load_workbook(write_planning([], folder / "p.xlsx")).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS.values())
