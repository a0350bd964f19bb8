"""Handing in: one zip, whole or not at all, that holds this copy and nothing else of the folder."""

import errno
import hashlib
import json
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from cmlib.cases import student_key
from cmlib.errors import Explained, InvalidInput
from cmlib.tp import handin
from cmlib.tp.answers import MAX_NAME_CHARS, SHEET_NAME, Sheet, read_sheet
from cmlib.tp.handin import Deposit, Receipt, hand_in, read_receipt, receipt_code, safe_name, stale
from cmlib.tp.identity import read_student
from cmlib.tp.sheet import LOCK_NAME, AnswerSheet, NotSaved
from tests.tp.test_answers import notebook, values
from tests.tp.test_questions import PROOFS, SWOT

QUESTIONS = [SWOT, PROOFS]
WHOLE = {"1.5": {"c1": "forces", "c2": "menaces", "c3": "forces"}, "1.7": {"taux": "8 %", "gap": "3"}}


def session(folder: Path, student: str = "zoé", answers: dict[str, dict[str, str]] | None = None) -> AnswerSheet:
    """A signed sheet, with the notebook as JupyterLab saved it."""
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.sign(student)
    for name, value in (WHOLE if answers is None else answers).items():
        sheet.save(name, dict(value))
    (folder / "tp1.ipynb").write_bytes(notebook(sheet.sheet))
    return sheet


def contents(deposit: Deposit) -> dict[str, bytes]:
    with zipfile.ZipFile(deposit.path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def receipt_of(deposit: Deposit) -> Receipt:
    return read_receipt(contents(deposit)["recu.json"])


def test_the_zip_holds_the_copy_and_a_receipt_that_vouches_for_it(folder: Path) -> None:
    sheet = session(folder)
    deposit = hand_in(sheet, QUESTIONS)
    assert deposit.path == folder.resolve() / "zoé__tp1.zip"
    files = contents(deposit)
    assert list(files) == ["recu.json", "reponses.json", "tp1.ipynb"]
    assert files["tp1.ipynb"] == (folder / "tp1.ipynb").read_bytes()
    assert read_sheet(files[SHEET_NAME], "tp1") == sheet.sheet
    raw = json.loads(files["recu.json"])
    assert raw["files"] == {name: hashlib.sha256(files[name]).hexdigest() for name in (SHEET_NAME, "tp1.ipynb")}
    assert (raw["schema"], raw["tp"], raw["student"], raw["complete"]) == (1, "tp1", "zoé", ["1.5", "1.7"])
    assert datetime.fromisoformat(raw["time"]).utcoffset() is not None
    receipt = receipt_of(deposit)
    assert receipt.matches({name: files[name] for name in (SHEET_NAME, "tp1.ipynb")})
    assert not receipt.matches({SHEET_NAME: files[SHEET_NAME]})
    assert deposit.missing == ()
    assert deposit.receipt == receipt_code(files["recu.json"])
    assert len(deposit.receipt) == 8
    assert "zoé__tp1.zip" in deposit.told
    assert deposit.receipt in deposit.told
    assert not list(folder.glob("*.tmp"))


def test_what_is_not_complete_is_told_and_does_not_stop_the_deposit(folder: Path) -> None:
    deposit = hand_in(session(folder, answers={"1.5": {"c1": "forces"}}), QUESTIONS)
    assert deposit.missing == (
        "Exercice 1.5, « SWOT » : 2 constats restent à classer.",
        "Exercice 1.7, « Preuves » : 2 nombres à donner.",
    )
    assert (receipt_of(deposit).complete, receipt_of(deposit).incomplete) == ([], ["1.5", "1.7"])


def test_an_unsigned_sheet_is_refused_in_one_sentence(folder: Path) -> None:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.expected = "zoé"
    with pytest.raises(NotSaved, match="attend votre signature"):
        hand_in(sheet, QUESTIONS)
    assert not list(folder.glob("*.zip"))


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff"])
def test_without_a_readable_notebook_the_sheet_is_handed_in_and_it_is_said(folder: Path, content: bytes | None) -> None:
    sheet = session(folder)
    (folder / "tp1.ipynb").unlink()
    if content is not None:
        (folder / "tp1.ipynb").write_bytes(content)
    deposit = hand_in(sheet, QUESTIONS)
    assert list(contents(deposit)) == ["recu.json", "reponses.json"]
    assert "sans lui" in deposit.told


def test_nothing_else_of_the_folder_is_handed_in(folder: Path) -> None:
    former = session(folder, "bob")
    hand_in(former, QUESTIONS)
    former.start_over("zoé")
    (folder / "liste.csv").write_text("identifiant\nbob", encoding="utf-8")
    (folder / "reponses (1).json").write_bytes(b"{}")
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.save("1.5", {"c1": "forces"})
    deposit = hand_in(sheet, QUESTIONS)
    # The notebook on disk still shows the former student's answers: it waits for a save.
    assert list(contents(deposit)) == ["recu.json", "reponses.json"]
    assert "Enregistrez-le" in deposit.told
    assert "D’autres dépôts" in deposit.told
    assert b"bob" not in deposit.path.read_bytes()
    (folder / "tp1.ipynb").write_bytes(notebook(sheet.sheet))
    assert "tp1.ipynb" in contents(hand_in(sheet, QUESTIONS))


def test_an_answer_of_another_tab_is_handed_in(folder: Path) -> None:
    sheet = session(folder)
    AnswerSheet.open(folder, "tp1").save("1.7", {"taux": "9 %", "gap": "4"})
    kept = read_sheet(contents(hand_in(sheet, QUESTIONS))[SHEET_NAME], "tp1")
    assert kept.answers["1.7"].value == {"taux": "9 %", "gap": "4"}


def test_a_copy_that_has_changed_hands_is_refused(folder: Path) -> None:
    sheet = session(folder)
    AnswerSheet.open(folder, "tp1").start_over("bob")
    with pytest.raises(NotSaved, match="changé de main"):
        hand_in(sheet, QUESTIONS)
    sheet.on_hold = "En attente."
    with pytest.raises(NotSaved, match="En attente"):
        hand_in(sheet, QUESTIONS)


def test_another_tp_s_sheet_is_refused(folder: Path) -> None:
    sheet = session(folder)
    (folder / SHEET_NAME).write_bytes(Sheet("tp2", "zoé").to_bytes())
    with pytest.raises(Explained, match="tp2"):
        hand_in(sheet, QUESTIONS)


@pytest.mark.parametrize(("code", "why"), [(errno.ENOSPC, "disque plein"), (errno.EROFS, "lecture seule")])
def test_what_cannot_be_written_leaves_the_former_zip(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, why: str) -> None:
    sheet = session(folder)
    before = hand_in(sheet, QUESTIONS).path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(code, "non")

    monkeypatch.setattr("cmlib.tp.sheet.os.fsync", fail)
    with pytest.raises(NotSaved, match=why):
        hand_in(sheet, QUESTIONS)
    assert (folder / "zoé__tp1.zip").read_bytes() == before
    assert not list(folder.glob("*.tmp"))


def test_another_tab_that_writes_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = session(folder)
    monkeypatch.setattr(handin, "LOCK_SECONDS", 0)
    with FileLock(folder / LOCK_NAME), pytest.raises(NotSaved, match="un autre onglet"):
        hand_in(sheet, QUESTIONS)


def test_a_change_after_the_deposit_is_noticed_until_the_next_one(folder: Path) -> None:
    sheet = session(folder)
    assert stale(sheet) == ""
    deposit = hand_in(sheet, QUESTIONS)
    assert stale(sheet) == ""
    first = deposit.receipt
    sheet.save_entries("1.7", {"gap": "4"})
    told = stale(sheet)
    assert (
        told
        == f"Vous avez changé une réponse depuis le dernier dépôt ({datetime.now().astimezone():%H:%M}) : déposez de nouveau."
    )
    sheet.save_entries("1.7", {"gap": "3"})
    assert stale(sheet) == ""
    sheet.save_entries("1.7", {"gap": "5"})
    again = hand_in(sheet, QUESTIONS)
    assert stale(sheet) == ""
    assert again.path == deposit.path
    assert again.receipt != first


def test_a_deposit_of_another_day_says_its_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = session(folder)

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2025, 3, 12, 14, 32, tzinfo=UTC).astimezone()

    with monkeypatch.context() as patch:
        patch.setattr(handin, "datetime", Earlier)
        one, two = (hand_in(sheet, QUESTIONS).path.read_bytes() for _ in range(2))
    assert one == two  # the same copy at the same time: the same bytes
    sheet.save_entries("1.7", {"gap": "4"})
    assert "12 mars 2025" in stale(sheet)


@pytest.mark.parametrize("content", [b"", b"PK\5\6", b"PK\5\6" + b"\0" * 18])
def test_an_unreadable_deposit_is_said(folder: Path, content: bytes) -> None:
    sheet = session(folder)
    (folder / "zoé__tp1.zip").write_bytes(content)
    assert stale(sheet) == "Le dernier dépôt est illisible : déposez de nouveau."
    hand_in(sheet, QUESTIONS)
    assert stale(sheet) == ""


def test_a_sheet_that_is_not_signed_has_no_deposit(folder: Path) -> None:
    assert stale(AnswerSheet.open(folder, "tp1")) == ""


@pytest.mark.parametrize(
    "student", ["a/b", "..", ".caché", "CON", "nul.txt", "a:b", "x" * 90, "é" * 70, "[a]", "fin.", "a-0a1b2c3d", "日本語" * 30]
)
def test_a_name_that_windows_refuses_is_replaced_and_told_apart(folder: Path, student: str) -> None:
    deposit = hand_in(session(folder, student), QUESTIONS)
    assert deposit.path.parent == folder.resolve()
    assert deposit.path.is_file()
    assert receipt_of(deposit).student == read_student(student)


STUDENTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=MAX_NAME_CHARS) | st.text(
    "ab/:.-_ é\u0301", min_size=1, max_size=4
)


@given(STUDENTS, STUDENTS)
def test_two_students_never_share_a_name_and_every_name_is_safe(one: str, two: str) -> None:
    names = []
    for student in (one, two):
        try:
            names.append(safe_name(student))
        except InvalidInput:
            return
    for name in names:
        assert unicodedata.normalize("NFC", name) == name
        assert not set(name) & set('<>:"/\\|?*[]')
        assert name.isprintable()
        assert name == name.strip(" .")
        assert len(f".cmlib-{name}__tp1.zip.1234567.tmp".encode()) < 255
    if student_key(one) != student_key(two):
        assert names[0].casefold() != names[1].casefold()


@given(st.dictionaries(st.sampled_from(["1.5", "1.7", "x"]), values, max_size=3))
def test_whatever_the_answers_the_deposit_holds_them_and_is_not_stale(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("tp")
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.sign("zoé")
    for name, value in kept.items():
        try:
            sheet.save(name, value)  # type: ignore[arg-type]
        except NotSaved:
            continue
    deposit = hand_in(sheet, QUESTIONS)
    assert read_sheet(contents(deposit)[SHEET_NAME], "tp1") == sheet.sheet
    assert stale(sheet) == ""


@given(
    st.binary(max_size=300)
    | st.builds(
        lambda data: json.dumps(data).encode(),
        st.dictionaries(st.sampled_from(["schema", "tp", "student", "time", "files"]), values),
    )
)
def test_no_bytes_make_the_receipt_reader_raise_anything_else(content: bytes) -> None:
    try:
        assert read_receipt(content).time.year >= 2000
    except ValueError:
        return


@given(st.binary())
def test_a_code_has_eight_signs_that_nobody_reads_for_others(content: bytes) -> None:
    code = receipt_code(content)
    assert len(code) == 8
    assert not set(code) & set("0O1IL5S2Z8B")


@pytest.mark.posix
def test_a_link_in_the_place_of_the_zip_is_replaced_not_followed(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "ailleurs"
    target.write_text("intact", encoding="utf-8")
    sheet = session(folder)
    (folder / "zoé__tp1.zip").symlink_to(target)
    assert stale(sheet) == ""
    assert not hand_in(sheet, QUESTIONS).path.is_symlink()
    assert target.read_text(encoding="utf-8") == "intact"


def test_a_clock_before_zips_does_not_stop_a_deposit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = session(folder)

    class Old(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=1)

    monkeypatch.setattr(handin, "datetime", Old)
    assert list(contents(hand_in(sheet, QUESTIONS))) == ["recu.json", "reponses.json", "tp1.ipynb"]
