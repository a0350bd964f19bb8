"""What the trainer reads."""

import csv
from io import StringIO
from pathlib import Path

from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.grading.classroom import Outcome
from cmlib.grading.deposits import Unpacked
from cmlib.grading.report import class_csv, class_table, deposit_table, mark_out_of_20

CLASS = [
    Outcome("a.martin", 5.5, 7, [], Path("/cours/feedback/a.martin/tp1/tp1.html")),
    Outcome("b.durand", 2, 7, ["Une partie attend votre note."], Path("/cours/f"), waiting=("1.4", "1.6")),
    Outcome("=1+1", None, 7, ["Identité à confirmer."], None, True),
]


def test_the_table_shows_marks_out_of_20_and_what_calls_for_attention() -> None:
    table = class_table(CLASS, Path("/cours"))
    assert "15,71" in table
    assert "feedback/a.martin/tp1/tp1.html" in table
    assert "⚠ =1+1" in table
    assert "3 copies, dont 1 non notée." in table


def test_what_is_told_of_a_copy_keeps_its_french_spaces_and_no_control_code() -> None:
    said = class_table([Outcome("a", None, 7, [str(Explained("Identité à confirmer : « b\x1b[2J » ?"))])], Path("/cours"))
    assert "Identité à confirmer\u00a0: «\u00a0b\ufffd[2J\u00a0»\u202f?" in said


def test_the_table_of_deposits_says_who_where_and_why() -> None:
    both = "« 1.zip » et « 2.zip » sont deux dépôts de « zoe » : « 2.zip » est gardé."
    lines = deposit_table(
        [
            Unpacked("1.zip", "zoe", None, "AAAAAAAA", told=(both,)),
            Unpacked("2.zip", "zoe", Path("submitted/zoe/tp1"), "CCCCCCCC", told=(both,)),
            Unpacked("3\n.zip", told=("« 3.zip » est trop gros : demandez un nouveau dépôt.",)),
        ]
    ).splitlines()
    assert [" ".join(line.split()) for line in lines[2:5]] == ["— AAAAAAAA 1.zip", "zoe CCCCCCCC 2.zip", "— — 3\ufffd.zip"]
    assert [untypeset(line) for line in lines[6:9]] == [
        "À savoir :",
        f"· zoe : {both}",
        "⚠ « 3.zip » est trop gros : demandez un nouveau dépôt.",
    ]
    assert lines[-1] == "3 dépôts, dont 2 non rangés."


def test_the_csv_opens_in_excel_and_runs_no_formula() -> None:
    text = class_csv(CLASS)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert rows[1] == ["a.martin", "5,5", "7", "15,71", "", ""]
    assert rows[2][4:] == ["exercice 1.4, 1.6", "Une partie attend votre note."]
    assert rows[3][0] == "'=1+1"
    assert rows[3][1] == ""


def test_a_tp_worth_nothing_has_no_mark() -> None:
    assert mark_out_of_20(Outcome("a", 0, 0)) == "—"
