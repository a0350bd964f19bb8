"""The planning in files: round trips, files made by LibreOffice, a calendar read by another parser, and broken files."""

import csv
import io
import random
import re
import time as clock
import zipfile
from collections.abc import Callable
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
    [
        "=1+1",
        "'=x",
        "''@y",
        "<p>a</p> <br>b",
        "&amp; &eacute; < 3",
        "@ville",
        '-5 % ; "été"',
        "a\nb",
        "« Oui » : 8,3 %",
        "\\n,;",
        "2026",
        "# ",
    ]
)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31)) | st.dates(date(1900, 1, 1), date(2100, 12, 31))


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
        (HEADER + "A;x;8/3/26;perdu", "ligne 2, « perdu » dépasse la dernière colonne ; rangez ce texte .*effacez-le\\.$"),
        ("Titre ou sujet;;Réseaux;Jour de parution\nA;perdu;x;8/3/26", "ligne 2, « perdu » est dans une colonne sans titre"),
        ('Titre ou sujet;Réseaux;Jour de parution\n"A\nB";x;8/3/26\nC;x;hier', "ligne 4, "),
        ("sep=;\n" + HEADER + "A;x;hier", "ligne 3, "),
        (HEADER + "A;x;14:30", "« 14:30 » est une heure sans jour"),
        (HEADER + "A;x;14 h 30", "est une heure sans jour"),
        (HEADER + "A;x;8/3/26 14:30:15", "retirez les secondes"),
        ("\n" * 10 + HEADER + "A;x;8/3/26", "aucune de ses 10 premières lignes n’a de titre de colonne ; mettez-y"),
        ("Mon planning\nrien d’autre", "aucune de ses 10 premières lignes"),
        *(
            (
                f"Titre ou sujet;Réseaux;Jour de parution;Échéances internes\nA;x;8/3/26;{dues}",
                f"ligne 2, colonne « Échéances.*{said}",
            )
            for dues, said in [
                ("04/03/2026, 02/03/2026", "deux façons"),
                ("01/03/2026, 02/03/2026, 03/03/2026", "deux façons"),
                ("rédaction 02/03/2026, 04/03/2026, 05/03/2026", "deux façons"),
                ("rédaction 02/03/2026, rédaction 04/03/2026", "deux fois"),
                ("validation 02/03/2026, 04/03/2026", "deux façons"),
                ("relecture 02/03/2026", "n’est pas une date"),
            ]
        ),
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
        ("p.csv", lambda _: b"Titre ou sujet\0", "n’est pas un fichier CSV lisible"),
        ("p.csv", lambda _: b"\xff\xfeA", "n’est pas un fichier CSV lisible"),
        ("p.csv", lambda _: b"\xe9\x81", "n’est pas un fichier CSV lisible"),
        ("p.csv", lambda _: HEADER.encode() + b"a\n" * 6000, "bien trop grand"),
        ("p.ics", lambda _: b"A" * 3_000_000, "bien trop grand"),
        ("p.ics", lambda _: "SUMMARY:Été".encode("cp1252"), "pas en UTF-8"),
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


BALADE = ["SUMMARY:Balade", "DESCRIPTION:Réseaux : X", "DTSTART:20260308"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["SUMMARY:Balade", "DTSTART:20260308"], "ne dit pas le réseau"),
        (["SUMMARY:Balade", "DESCRIPTION:Réseaux : X", "DTSTART:20260308", "RRULE:FREQ=DAILY"], "il se répète"),
        (["SUMMARY:Balade", "DESCRIPTION:Réseaux : X"], "pas de date"),
        (["DESCRIPTION:Réseaux : X", "DTSTART:20260308"], "pas de titre"),
        ([*BALADE, "RDATE:20260310"], "il se répète"),
        ([*BALADE, "RRULE:COUNT=2"], "il se répète"),
        ([*BALADE, "STATUS:CANCELLED"], "il est annulé"),
        ([*BALADE, "SUMMARY:Autre"], "SUMMARY y figure deux fois"),
        ([*BALADE, "DTSTART:20260309"], "DTSTART y figure deux fois"),
        ([BALADE[0], BALADE[2], "DESCRIPTION:Réseaux : X\\nObjectif: a\\nObjectif : b"], "« Objectif » figure deux fois"),
        *(
            ([*BALADE[:2], f"DTSTART{start}"], r"événement 1 \(« Balade »\) : (sa date est illisible|il n’a pas de date)")
            for start in (
                *(":20261399T999999", ":garbage", ";VALUE=PERIOD:20260101T000000Z/PT1H", ";VALUE=DURATION:PT1H", ""),
                *(":99991231T233000Z", ";VALUE=TIME:101010"),
            )
        ),
        ([*BALADE[:2], "DTSTART;TZID=Ailleurs:20260308T150000"], "fuseau horaire est inconnu"),
    ],
)
def test_an_event_that_is_not_a_line_of_the_planning_is_named(lines: list[str], said: str, folder: Path) -> None:
    path = folder / "p.ics"
    text = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    path.write_text("\r\n".join(text), encoding="utf-8", newline="")
    with pytest.raises(UnreadablePlanning) as error:
        read_planning(path)
    assert re.search(said, untypeset(str(error.value)))


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


@pytest.mark.parametrize(
    "description",
    [
        "Réseaux: Instagram\\nObjectif: vendre",
        "Réseaux\u00a0: Instagram\\nObjectif\u202f: vendre\\nRejoindre : https://exemple.org",
        "<p>Réseaux&nbsp;: Instagram</p><p>Objectif : <b>vendre</b></p>",
        "<html><body>Bonjour<br>R&eacute;seaux : Instagram<br/><ul><li>Objectif : vendre</li></ul></body></html>",
        "Titre ou sujet : Autre\\nRéseaux : Instagram\\nObjectif : vendre",
    ],
)
def test_descriptions_of_real_calendars_are_read(description: str, folder: Path) -> None:
    path = folder / "p.ics"
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:Balade", f"DESCRIPTION:{description}", "DTSTART:20260308T143015"]
    text = "\r\n".join([*lines, "CATEGORIES:photo", "END:VEVENT", "END:VCALENDAR", ""])
    path.write_bytes(text.encode("utf-8-sig"))
    assert read_planning(path) == [Entry("Balade", ("instagram",), date(2026, 3, 8), time(14, 30), "photo", "vendre")]


def test_a_damaged_calendar_is_refused_and_nothing_else(folder: Path) -> None:
    zone = [
        "BEGIN:VTIMEZONE",
        "TZID:Paris",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ]
    zone += ["TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"]
    event = ["BEGIN:VEVENT", "SUMMARY:Balade", "DTSTART;TZID=Paris:20260308T150000", "CATEGORIES:photo,vidéo"]
    event += ["DESCRIPTION:<p>Réseaux&nbsp;: Instagram</p>Objectif: vendre", "END:VEVENT"]
    whole = ["BEGIN:VCALENDAR", *zone, *event, "END:VCALENDAR", ""]
    said = [
        "VALUE=PERIOD:",
        "VALUE=TIME:",
        "99991231T233000Z",
        "garbage",
        ";",
        ":",
        "=",
        "RRULE:COUNT=2",
        "BEGIN:VEVENT",
        "\0",
        "\u2028",
    ]
    path, told = folder / "p.ics", []
    for seed in range(500):
        draw, lines = random.Random(seed), list(whole)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(lines))
            cut = draw.randrange(len(lines[at]) + 1)
            match draw.randrange(4):
                case 0:
                    lines.insert(draw.randrange(len(lines)), lines[at])
                case 1:
                    del lines[at]
                case _:
                    lines[at] = lines[at][:cut] + draw.choice(said) + lines[at][cut + draw.randint(0, 8) :]
        path.write_bytes("\r\n".join(lines).encode())
        try:
            read_planning(path)
        except UnreadablePlanning as error:
            told.append(str(error))
    assert 20 < len(told) < 480 and all("\n" not in sentence and "Traceback" not in sentence for sentence in told)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, output = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(output)
    return output.getvalue()


def two_lines(book: openpyxl.Workbook) -> None:
    book.worksheets[0].append(["Titre ou sujet", "Réseaux", "Jour de parution"])
    book.worksheets[0].append(["Balade", "x", datetime(2026, 3, 8, 14, 30, 15)])


def altered(part: str, old: bytes, new: bytes, given: bytes | None = None) -> bytes:
    """Return a workbook, that of two lines by default, with something else in one of its parts."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(given or workbook(two_lines))) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if part in name else content)
    return output.getvalue()


def beside(cells: bytes) -> bytes:
    return altered("sheet1", b"</sheetData>", cells + b"</sheetData>")


def chart_first(book: openpyxl.Workbook) -> None:
    two_lines(book)
    book.create_chartsheet(index=0).add_chart(openpyxl.chart.BarChart())


def blank_first(book: openpyxl.Workbook) -> None:
    two_lines(book)
    book.create_sheet(index=0)


def header_lower(book: openpyxl.Workbook) -> None:
    book.worksheets[0].append(["Planning 2026"])
    book.worksheets[0].append([])
    two_lines(book)


def merge(where: bytes) -> bytes:
    return altered("sheet1", b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="' + where + b'"/></mergeCells>')


@pytest.mark.parametrize(
    "content",
    [
        workbook(chart_first),
        workbook(blank_first),
        workbook(header_lower),
        merge(b"A1:XFD1048576"),
        merge(b"A3:A1048576"),
        beside(b'<row r="20000"><c r="A20000" s="1"/></row>'),
        beside(b'<row r="4"><c r="A4" t="str"><f>""</f><v></v></c></row>'),
    ],
)
def test_workbooks_that_look_odd_are_read(content: bytes, folder: Path) -> None:
    (folder / "p.xlsx").write_bytes(content)
    start = clock.perf_counter()
    assert read_planning(folder / "p.xlsx") == [Entry("Balade", ("x",), date(2026, 3, 8), time(14, 30))]
    assert clock.perf_counter() - start < 5


SHARED = (FIXTURES / "planning-libreoffice.xlsx").read_bytes()  # its texts are in a part of their own


def two_sheets(book: openpyxl.Workbook) -> None:
    two_lines(book)
    book.create_sheet().append(["oublié"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(two_sheets), "2 de ses feuilles sont remplies"),
        (altered("sharedStrings", b"</sst>", b"<si/>" * 1_600_000 + b"</sst>", SHARED), "bien trop grand"),
        (altered("sharedStrings", b"</sst>", b"<si>" + b" " * 10_000_000 + b"</si></sst>", SHARED), "bien trop grand"),
        (
            altered("sheet1", b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 200_000),
            "bien trop grand",
        ),
        (beside(b'<row r="4"><c r="XFD4"><v>3</v></c></row>'), "bien trop grand"),
        (beside(b'<row r="900000000000"><c><v>3</v></c></row>'), "bien trop grand"),
        (beside(b'<row r="4"><c r="A4" t="s"><v>999</v></c></row>'), "n’est pas un classeur"),
        (beside(b'<row r="4"><c r="A4"><v>1e999</v></c></row>'), r"ligne 4, .*impossible \(inf\)"),
        (beside(b'<row r="4"><c r="A4"><f>1+1</f><v></v></c></row>'), "ligne 4, formule sans valeur : ouvrez et enregistrez"),
        (altered("sheet1", b"<v>46089.", b"<v>99946089."), r"ligne 2, .*date impossible \(#VALUE!\)"),
        (altered("sheet1", b"<v>46089.", b"<v>0."), "« 14:30 » est une heure sans jour"),
    ],
)
def test_workbooks_that_are_damaged_or_hostile_are_refused_at_once(content: bytes, said: str, folder: Path) -> None:
    (folder / "p.xlsx").write_bytes(content)
    start = clock.perf_counter()
    with pytest.raises(UnreadablePlanning) as error:
        read_planning(folder / "p.xlsx")
    assert re.search(said, untypeset(str(error.value))) and clock.perf_counter() - start < 5


def test_a_bad_style_is_no_traceback(folder: Path) -> None:
    (folder / "p.xlsx").write_bytes(altered("sheet1", b' s="1"', b' s="999"'))
    with pytest.raises(UnreadablePlanning):
        read_planning(folder / "p.xlsx")


def test_a_csv_of_the_kit_saved_as_xlsx_by_libreoffice_is_read_back() -> None:
    """Made by `write_planning`, then soffice --convert-to xlsx --infilter="CSV:59,34,76,1,,1036,false,true": French dates."""
    formula, midnight, number, apostrophe = read_planning(FIXTURES / "planning-du-kit-libreoffice.xlsx")
    assert (formula.title, formula.tags, formula.at) == ("=1+1", ("@ville", "#vélo"), time(15))
    assert (formula.writing_due, formula.approval_due) == (date(2026, 3, 2), date(2026, 3, 5))
    assert (midnight.at, midnight.persona, midnight.call_to_action) == (time(0), "+33", "-5 % dimanche")
    assert (number.title, number.at, apostrophe.title, apostrophe.at) == ("2026", None, "'=déjà", time(9, 30))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_csv_with_a_title_above_its_header_is_read(encoding: str, folder: Path) -> None:
    header = "Titre ou sujet\tRéseaux\tJour de parution\tÉchéances internes"
    text = f"Planning, 2026 ; à relire\r\n\r\n{header}\r\nÉté\tx\t8/3/26\t02/03/2026, 04/03/2026\r\n"
    (folder / "p.csv").write_bytes(text.encode(encoding))
    dues = {"writing_due": date(2026, 3, 2), "approval_due": date(2026, 3, 4)}
    assert read_planning(folder / "p.csv") == [Entry("Été", ("x",), date(2026, 3, 8), **dues)]  # type: ignore[arg-type]
