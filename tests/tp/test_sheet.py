"""The sheet on disk: what is saved stays saved."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest

from cmlib.tp import sheet as sheet_module
from cmlib.tp.answers import BACKUP_NAME, SCHEMA, SHEET_NAME, Sheet, read_sheet
from cmlib.tp.sheet import AnswerSheet, NotSaved, read_regular, replace_file


def test_an_answer_survives_reopening(folder: Path) -> None:
    AnswerSheet.open(folder, "tp1").save("1.1", {"p1": "visibilite"})
    reopened = AnswerSheet.open(folder, "tp1")
    assert reopened.value("1.1") == {"p1": "visibilite"}
    assert reopened.notices == []
    assert reopened.value("1.5") is None


def test_each_save_raises_the_revision_and_writes_the_backup(folder: Path) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    assert [sheet.save("1.1", {"p1": value}).revision for value in ("a", "b", "c")] == [1, 2, 3]
    assert (folder / SHEET_NAME).read_bytes() == (folder / BACKUP_NAME).read_bytes()
    assert not list(folder.glob("*.tmp"))


def test_two_tabs_keep_each_other_s_answers(folder: Path) -> None:
    one, two = AnswerSheet.open(folder, "tp1"), AnswerSheet.open(folder, "tp1")
    one.save("1.1", "premier")
    two.save("1.5", "second")
    one.save("1.7", "troisième")
    kept = read_sheet((folder / SHEET_NAME).read_bytes(), "tp1").answers
    assert {name: answer.value for name, answer in kept.items()} == {"1.1": "premier", "1.5": "second", "1.7": "troisième"}


def test_the_last_tab_to_save_an_answer_wins(folder: Path) -> None:
    one, two = AnswerSheet.open(folder, "tp1"), AnswerSheet.open(folder, "tp1")
    one.save("1.1", "ancien")
    assert two.save("1.1", "nouveau").revision == 2
    assert AnswerSheet.open(folder, "tp1").value("1.1") == "nouveau"


def save_many(folder: str, name: str, times: int) -> None:
    sheet = AnswerSheet.open(Path(folder), "tp1")
    for number in range(times):
        sheet.save(f"{name}.{number}", number)


def test_two_processes_lose_nothing(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=save_many, args=(str(folder), name, 40)) for name in ("a", "b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(AnswerSheet.open(folder, "tp1").sheet.answers) == 80


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\x00\xfe", b'{"schema": 1, "tp": 3}', b"[1]"])
def test_a_damaged_sheet_is_read_from_the_backup_and_set_aside_at_the_next_save(folder: Path, damage: bytes) -> None:
    AnswerSheet.open(folder, "tp1").save("1.1", "gardé")
    (folder / SHEET_NAME).write_bytes(damage)
    sheet = AnswerSheet.open(folder, "tp1")
    assert sheet.value("1.1") == "gardé"
    assert "relues dans les autres fichiers" in " ".join(sheet.notices)
    sheet.save("1.5", "ajouté")
    reopened = AnswerSheet.open(folder, "tp1")
    assert (reopened.value("1.1"), reopened.value("1.5"), reopened.notices) == ("gardé", "ajouté", [])
    assert [path.read_bytes() for path in folder.glob("reponses.abime-*.json")] == [damage]


def test_memory_is_kept_when_both_files_are_damaged_under_an_open_notebook(folder: Path) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.save("1.1", "en mémoire")
    for name in (SHEET_NAME, BACKUP_NAME):
        (folder / name).write_bytes(b"\x00")
    sheet.save("1.5", "ensuite")
    assert AnswerSheet.open(folder, "tp1").value("1.1") == "en mémoire"


@pytest.mark.parametrize(
    "foreign", [Sheet("tp2").to_bytes(), json.dumps({**Sheet("tp1").to_json(), "schema": SCHEMA + 1}).encode()]
)
def test_a_foreign_sheet_is_never_overwritten(folder: Path, foreign: bytes) -> None:
    (folder / SHEET_NAME).write_bytes(foreign)
    with pytest.raises(NotSaved, match="ne peut pas servir ici"):
        AnswerSheet.open(folder, "tp1")
    with pytest.raises(NotSaved):
        AnswerSheet(folder, "tp1").save("1.1", "x")
    assert (folder / SHEET_NAME).read_bytes() == foreign


@pytest.mark.parametrize("value", ["a" * 500_000, "\ud800", json.loads("[" * 30 + "]" * 30)])
def test_what_could_not_be_read_back_is_not_saved(folder: Path, value: object) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.save("1.1", "avant")
    with pytest.raises(NotSaved):
        sheet.save("1.1", value)  # type: ignore[arg-type]
    assert AnswerSheet.open(folder, "tp1").value("1.1") == "avant"


def test_a_full_disk_keeps_the_previous_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.save("1.1", "avant")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSaved, match="Non enregistré"):
        sheet.save("1.1", "après")
    monkeypatch.undo()
    assert AnswerSheet.open(folder, "tp1").value("1.1") == "avant"
    assert not list(folder.glob(".*.tmp"))


def test_a_file_held_by_an_antivirus_is_retried(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' code path: the rename is refused for a moment."""
    refusals = [PermissionError(13, "held")] * 3
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(sheet_module, "REPLACE_PAUSE", 0)
    monkeypatch.setattr(sheet_module, "IS_WINDOWS", True)
    replace_file(folder / "x", b"contenu")
    assert (folder / "x").read_bytes() == b"contenu"
    refusals[:] = [PermissionError(13, "held")] * 100
    with pytest.raises(PermissionError):
        replace_file(folder / "x", b"autre")
    assert (folder / "x").read_bytes() == b"contenu"


def test_the_notebook_alone_gives_the_answers_back(folder: Path) -> None:
    from tests.tp.test_answers import answer, notebook

    (folder / "tp1 (1).ipynb").write_bytes(notebook(Sheet("tp1", "a.martin", {"1.1": answer("repris")})))
    sheet = AnswerSheet.open(folder, "tp1")
    assert sheet.value("1.1") == "repris"
    assert sheet.save("1.1", "modifié").revision == 2


@pytest.mark.posix
def test_links_and_special_files_are_never_read(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    (folder / "lien").symlink_to(secret)
    os.mkfifo(folder / "tube")
    assert read_regular(folder / "lien") is None
    assert read_regular(folder / "tube") is None
    assert read_regular(folder) is None
    assert read_regular(secret) == b"secret"


def test_signing_keeps_the_answers(folder: Path) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.save("1.1", "x")
    sheet.sign("  a.martin ")
    reopened = AnswerSheet.open(folder, "tp1")
    assert (reopened.sheet.student, reopened.value("1.1")) == ("a.martin", "x")
