"""Intake: what nbgrader is allowed to read."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.grading import intake
from cmlib.grading.course import Course
from cmlib.grading.intake import admit, before_nbgrader, is_sound_notebook, survey_folder
from cmlib.tp.answers import SHEET_NAME, Sheet
from cmlib.tp.sheet import resolve_folder
from tests.grading.conftest import HandIn
from tests.tp.test_answers import answer, notebook, values


@pytest.fixture
def release(course: Course) -> bytes:
    return course.release_notebook("tp1").read_bytes()


def contents(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_sound_copy_is_left_alone(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    inode = deposit.stat().st_ino
    assert admit(course.root, "a.martin", "tp1", release) == []
    assert deposit.stat().st_ino == inode
    assert not (course.root / "received").exists()


@pytest.mark.posix
def test_what_is_put_aside_is_kept_whole_and_told_again(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    (deposit / "kit.py").write_text("vol", encoding="utf-8")
    os.mkfifo(deposit / "tube")
    (deposit / "lien").symlink_to("/etc/passwd")
    notes = admit(course.root, "a.martin", "tp1", release)
    assert len(notes) == 3
    assert contents(deposit) == [SHEET_NAME, "tp1.ipynb"]
    assert contents(course.root / "received" / "a.martin" / "tp1") == ["kit.py", "lien", SHEET_NAME, "tp1.ipynb", "tube"]
    assert admit(course.root, "a.martin", "tp1", release) == notes


def test_a_new_deposit_does_not_overwrite_the_former_nor_repeat_its_notes(
    course: Course, hand_in: HandIn, release: bytes
) -> None:
    for content in ("un", "deux"):
        (hand_in("a.martin") / "kit.py").write_text(content, encoding="utf-8")
        admit(course.root, "a.martin", "tp1", release)
    received = course.root / "received" / "a.martin"
    assert [(received / name / "kit.py").read_text(encoding="utf-8") for name in ("tp1", "tp1-2")] == ["un", "deux"]
    hand_in("a.martin", {})
    assert admit(course.root, "a.martin", "tp1", release) == []


@pytest.mark.posix
@pytest.mark.parametrize("linked", ["submitted/a.martin", "submitted/a.martin/tp1"])
def test_a_folder_that_is_a_link_is_never_entered(course: Course, hand_in: HandIn, release: bytes, linked: str) -> None:
    target = hand_in("victime")
    path = course.root / linked
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target if path.name == "tp1" else target.parent, target_is_directory=True)
    notes = admit(course.root, "a.martin", "tp1", release)
    assert "est un lien" in notes[0]
    assert contents(course.root / "submitted" / "a.martin" / "tp1") == ["tp1.ipynb"]
    assert contents(target) == [SHEET_NAME, "tp1.ipynb"]


def test_an_unzipped_folder_inside_the_folder_is_found(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    inner = deposit / "tp1"
    inner.mkdir()
    for name in ("tp1.ipynb", SHEET_NAME):
        (deposit / name).rename(inner / name)
    (deposit / "__MACOSX").mkdir()
    (deposit / "__MACOSX" / "._tp1.ipynb").write_bytes(b"\0\5\26\7")
    (inner / ".ipynb_checkpoints").mkdir()
    assert admit(course.root, "a.martin", "tp1", release) == []
    assert contents(deposit) == [SHEET_NAME, "tp1.ipynb"]


def test_exports_handed_in_with_the_folder_are_put_aside_without_a_word(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    sheet = (deposit / SHEET_NAME).read_bytes()
    exports = deposit / "exports"
    exports.mkdir()
    for name in ("swot.png", "persona-1-lea.png", "tp1.html"):
        (exports / name).write_bytes(b"\x89PNG")
    assert admit(course.root, "a.martin", "tp1", release) == []
    assert contents(deposit) == [SHEET_NAME, "tp1.ipynb"] and (deposit / SHEET_NAME).read_bytes() == sheet
    assert (course.root / "received" / "a.martin" / "tp1" / "exports" / "swot.png").is_file()


def test_a_notebook_among_exports_is_still_read_and_anything_else_still_told(
    course: Course, hand_in: HandIn, release: bytes
) -> None:
    deposit = hand_in("a.martin")
    exports = deposit / "exports"
    exports.mkdir()
    (exports / "tp1.ipynb").write_bytes((deposit / "tp1.ipynb").read_bytes() + b" ")
    (exports / "virus.exe").write_bytes(b"MZ")
    (deposit / "swot.png").write_bytes(b"\x89PNG")
    told = admit(course.root, "a.martin", "tp1", release)
    assert len(told) == 2 and "exports/virus.exe" in told[1] and "« swot.png »" in told[0].replace("\u00a0", " ")
    assert len([name for name in contents(deposit) if name.endswith(".ipynb")]) == 2


def test_every_notebook_is_kept_as_a_source_of_answers(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    (deposit / "tp1.ipynb").rename(deposit / "tp1 (1).ipynb")
    (deposit / "tp1 (2).ipynb").write_bytes((deposit / "tp1 (1).ipynb").read_bytes() + b" ")
    (deposit / "brouillon.ipynb").write_bytes(b"{")
    admit(course.root, "a.martin", "tp1", release)
    kept = contents(deposit)
    assert "tp1.ipynb" in kept
    assert len(kept) == 4


@pytest.mark.parametrize("content", [b"", b"{", b'{"nbformat": 3, "cells": []}', b'{"nbformat": 4}', b"[]", b"\xff"])
def test_an_unreadable_notebook_gives_way_to_the_release_one(
    course: Course, hand_in: HandIn, release: bytes, content: bytes
) -> None:
    deposit = hand_in("a.martin")
    (deposit / "tp1.ipynb").write_bytes(content)
    admit(course.root, "a.martin", "tp1", release)
    assert (deposit / "tp1.ipynb").read_bytes() == release
    assert (deposit / SHEET_NAME).is_file()


def test_an_unreadable_date_is_put_aside_and_a_good_one_kept(course: Course, hand_in: HandIn, release: bytes) -> None:
    good = hand_in("a.martin")
    (good / "timestamp.txt").write_text("2026-03-12 14:32:00 UTC", encoding="utf-8")
    bad = hand_in("b.durand")
    (bad / "timestamp.txt").write_bytes(b"hier\xff")
    assert admit(course.root, "a.martin", "tp1", release) == []
    assert (good / "timestamp.txt").is_file()
    assert "date de dépôt" in admit(course.root, "b.durand", "tp1", release)[0]
    assert not (bad / "timestamp.txt").exists()


def test_a_failure_halfway_leaves_nothing_for_nbgrader(course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader only logs what its hook raises, then goes on with what it finds."""
    deposit = hand_in("a.martin")
    (deposit / "kit.py").write_text("vol", encoding="utf-8")
    monkeypatch.chdir(course.root)
    notebooks = [str(deposit / "tp1.ipynb")]

    def fail(*_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(intake, "replace_file", fail)
    with pytest.raises(OSError, match="disque plein"):
        before_nbgrader("tp1", "*", notebooks)
    assert notebooks == []
    assert contents(deposit) == []


@given(st.dictionaries(st.sampled_from(["nbformat", "nbformat_minor", "metadata", "cells"]), values))
def test_no_json_makes_the_notebook_reader_raise(data: dict[str, object]) -> None:
    is_sound_notebook(json.dumps({"nbformat": 4, "nbformat_minor": 5, **data}).encode())


def test_screenshots_by_the_hundred_do_not_hide_the_answers(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    (deposit / "Captures").mkdir()
    for number in range(250):
        (deposit / "Captures" / f"{number}.png").touch()
    notes = admit(course.root, "a.martin", "tp1", release)
    assert contents(deposit) == [SHEET_NAME, "tp1.ipynb"]
    assert len(notes) == 6
    assert notes[-1] == "245 autres fichiers écartés."


def test_a_folder_without_end_is_cut_short(course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    deposit = hand_in("a.martin")
    monkeypatch.setattr(intake, "MAX_ENTRIES", 5)
    for number in range(20):
        (deposit / f"x{number:02d}.txt").touch()
    survey = survey_folder(deposit, "tp1")
    assert not survey.sound
    assert set(survey.answers) == {SHEET_NAME, "tp1.ipynb"}
    assert "plus de 5 fichiers" in " ".join(survey.refused)


def test_only_so_much_is_read_into_memory(course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    deposit = hand_in("a.martin")
    size = (deposit / SHEET_NAME).stat().st_size + (deposit / "tp1.ipynb").stat().st_size
    monkeypatch.setattr(intake, "MAX_TOTAL_BYTES", size + 10)
    (deposit / "un.ipynb").write_bytes(b"x" * 100)
    survey = survey_folder(deposit, "tp1")
    assert set(survey.answers) == {SHEET_NAME, "tp1.ipynb"}
    assert survey.refused == ["« un.ipynb » est trop gros : écarté."]


def test_a_newer_sheet_in_a_subfolder_or_downloaded_twice_is_a_source_too(
    course: Course, hand_in: HandIn, release: bytes
) -> None:
    deposit = hand_in("a.martin", {"1.1": {"p1": "visibilite"}})
    (deposit / "tp1").mkdir()
    newer = Sheet("tp1", "a.martin", {"1.1": answer({"p1": "opinion"}, 9)})
    (deposit / "tp1" / SHEET_NAME).write_bytes(newer.to_bytes())
    other = Sheet("tp1", "a.martin", {"1.5": answer({"c01": "forces"})})
    (deposit / "reponses (1).json").write_bytes(other.to_bytes())
    (deposit / "TP1 rendu.IPYNB").write_bytes(notebook(Sheet("tp1", "a.martin", {"1.7": answer({"voix": "1 %"})})))
    assert admit(course.root, "a.martin", "tp1", release) == []
    found = resolve_folder(deposit, "tp1").sheet.answers
    assert {name: kept.value for name, kept in found.items()} == {
        "1.1": {"p1": "opinion"},
        "1.5": {"c01": "forces"},
        "1.7": {"voix": "1 %"},
    }


@pytest.mark.parametrize(
    "date", ["12:3012345678901212345678901220260101T", "12:30and+2400", "0001-01-01 00:00 +1400", "2026-02-31 12:00"]
)
def test_a_date_that_nbgrader_could_not_read_is_put_aside(course: Course, hand_in: HandIn, release: bytes, date: str) -> None:
    deposit = hand_in("a.martin")
    (deposit / "timestamp.txt").write_text(date, encoding="utf-8")
    assert "date de dépôt" in admit(course.root, "a.martin", "tp1", release)[0]


@pytest.mark.parametrize("name", ["2026-03-12 14:32:00.123456 UTC", "2026-03-12 14:32:00 +0100", "2026-03-12T14:32:00Z"])
def test_a_date_that_a_collector_writes_is_kept(course: Course, hand_in: HandIn, release: bytes, name: str) -> None:
    deposit = hand_in("a.martin")
    (deposit / "timestamp.txt").write_text(name, encoding="utf-8")
    assert admit(course.root, "a.martin", "tp1", release) == []


@pytest.mark.posix
def test_a_file_name_cannot_write_on_the_trainer_s_screen(course: Course, hand_in: HandIn, release: bytes) -> None:
    deposit = hand_in("a.martin")
    (deposit / "a\n exacte  7 sur 7\x1b[2J.txt").touch()
    os.close(os.open(os.fsencode(deposit) + b"/Cl\xe9a.txt", os.O_CREAT | os.O_WRONLY))
    notes = admit(course.root, "a.martin", "tp1", release)
    assert len(notes) == 2
    assert all(note.isprintable() for note in notes)
