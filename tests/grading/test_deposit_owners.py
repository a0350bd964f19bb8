"""Deposits that say one thing and come from another place: two Moodle folders, no button, a backup, a receipt that follows."""

import csv
import json
import shutil
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from cmlib.cli import main
from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.grading import deposit_zips, deposits, receipts
from cmlib.grading.classroom import accept_identity, grade_class
from cmlib.grading.course import Course
from cmlib.grading.deposit_owners import Claim, InPlace, Sender, judge, split_moodle
from cmlib.grading.deposits import Unpacked, unpack
from cmlib.grading.report import class_csv, deposit_table
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME, Sheet
from cmlib.tp.handin import BUTTON, read_receipt
from tests.grading.conftest import HandIn, Make, expert
from tests.grading.test_deposit import encrypted, make_zip, members, only, pack, placed
from tests.tp.test_answers import answer, notebook

ALICE, BOB = Sender("ALICE A", "1"), Sender("BOB B", "2")


def moodle(sender: Sender) -> str:
    return f"{sender.name}_{sender.number}_assignsubmission_file_"


def put(inbox: Path, sender: Sender, name: str, content: bytes) -> Path:
    folder = inbox / moodle(sender)
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def later(zipped: bytes, hours: int = 1) -> bytes:
    """The same deposit, with a receipt of later."""
    files = members_of(zipped)
    receipt = json.loads(files["recu.json"])
    receipt["time"] = (datetime.fromisoformat(receipt["time"]) + timedelta(hours=hours)).isoformat()
    return make_zip({**files, "recu.json": json.dumps(receipt).encode()})


def members_of(zipped: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(zipped)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def where(results: list[Unpacked]) -> dict[str, bool]:
    """For each source, whether it is in its place."""
    return {result.source.replace("_assignsubmission_file_", ""): result.folder is not None for result in results}


def receipt_in(course: Course, student: str) -> datetime:
    return read_receipt((course.root / "submitted" / student / "tp1" / "recu.json").read_bytes()).time


@pytest.mark.parametrize("first", [ALICE, BOB])
def test_a_later_deposit_in_another_s_folder_does_not_replace_the_owner_s(
    course: Course, make: Make, inbox: Path, first: Sender
) -> None:
    other = BOB if first is ALICE else ALICE
    owner, thief = Sender(first.name, "1"), Sender(other.name, "2")  # before or after, in the order found
    mine = make("alice").read_bytes()
    put(inbox, owner, "alice__tp1.zip", mine)
    put(inbox, thief, "alice__tp1.zip", later(mine))
    put(inbox, thief, "bob__tp1.zip", make("bob").read_bytes())
    for _ in range(2):  # a second run decides the same
        results = unpack(course, inbox, "tp1")
        assert where(results) == {
            f"{owner.name}_1/alice__tp1.zip": True,
            f"{thief.name}_2/alice__tp1.zip": False,
            f"{thief.name}_2/bob__tp1.zip": True,
        }
        assert receipt_in(course, "alice") == read_receipt(members_of(mine)["recu.json"]).time
        disputed = [result for result in results if result.student == "alice"]
        for result in disputed:
            assert f"« {owner.name} »" in result.to_settle and f"« {thief.name} »" in result.to_settle
            assert f"celle de « {owner.name} »" in result.to_settle
        assert not [result.to_settle for result in results if result.student == "bob" and result.to_settle]
        assert untypeset(deposit_table(results)).count("⚠ La copie de « alice » vient de deux dossiers Moodle") == 1
    assert not list((course.root / "received").iterdir())


def test_where_nothing_tells_whose_a_copy_is_nothing_is_put_in_place_and_the_trainer_is_asked(
    course: Course, make: Make, inbox: Path
) -> None:
    mine = make("alice").read_bytes()
    alice = put(inbox, ALICE, "a.zip", mine)
    put(inbox, BOB, "alice__tp1.zip", later(mine))
    results = unpack(course, inbox, "tp1")
    assert [result.folder for result in results] == [None, None]
    assert all("aucune n’est rangée" in result.to_settle for result in results)
    assert placed(course) == {}
    done = CliRunner().invoke(main, ["deposits", "tp1", str(inbox), "--course", str(course.root)])
    assert done.exit_code == 2
    assert "⚠ La copie de" in done.output
    # What the sentence says to do: the folder of the author alone. From then on, that one is known.
    assert only(unpack(course, alice, "tp1")).folder
    results = unpack(course, inbox, "tp1")
    assert [result.folder is not None for result in results] == [True, False]
    assert all("celle de « ALICE A », déjà rangée avant, est gardée" in result.to_settle for result in results)
    # The one who has it goes on updating it.
    newer = make("alice", {"1.1": {"p1": "visibilite"}}).read_bytes()
    put(inbox, ALICE, "a.zip", newer)
    assert [result.folder is not None for result in unpack(course, inbox, "tp1")] == [True, False]
    assert b"visibilite" in (course.root / "submitted/alice/tp1" / SHEET_NAME).read_bytes()
    # The trainer rules the other way, as the sentence says.
    shutil.rmtree(course.root / "submitted/alice/tp1")
    assert only(unpack(course, inbox / moodle(BOB), "tp1")).folder
    assert [result.folder is not None for result in unpack(course, inbox, "tp1")] == [False, True]


def test_a_deposit_alone_in_a_later_download_does_not_replace_another_account_s(course: Course, make: Make, inbox: Path) -> None:
    mine = make("alice").read_bytes()
    put(inbox, ALICE, "a.zip", mine)
    assert only(unpack(course, inbox, "tp1")).folder
    shutil.rmtree(inbox / moodle(ALICE))
    put(inbox, BOB, "a.zip", later(mine))
    result = only(unpack(course, inbox, "tp1"))
    assert result.folder is None
    assert "celle de « ALICE A »" in result.to_settle and "« BOB B »" in result.to_settle
    # In another activity, Moodle gives the same person another number.
    shutil.rmtree(inbox / moodle(BOB))
    put(inbox, Sender("ALICE A", "77"), "a.zip", later(mine, 2))
    again = only(unpack(course, inbox, "tp1"))
    assert (again.folder is not None, again.to_settle) == (True, "")


def test_a_damaged_record_of_the_accounts_is_told(course: Course, make: Make, inbox: Path) -> None:
    (course.root / "senders.json").write_text("[", encoding="utf-8")
    with pytest.raises(Explained, match=r"senders\.json"):
        unpack(course, make("zoe"), "tp1")


@pytest.mark.parametrize("owner_first", [True, False])
def test_the_same_file_in_two_folders_stays_in_place_and_is_told(
    course: Course, make: Make, inbox: Path, owner_first: bool
) -> None:
    mine = make("alice").read_bytes()
    owner, friend = (ALICE, BOB) if owner_first else (Sender("ZOE Z", "1"), BOB)
    put(inbox, owner, "alice__tp1.zip", mine)
    if not owner_first:
        put(inbox, friend, "bob__tp1.zip", make("bob").read_bytes())
    else:
        assert only(unpack(course, inbox, "tp1")).folder
    put(inbox, friend, "alice__tp1.zip", mine)
    results = [result for result in unpack(course, inbox, "tp1") if result.student == "alice"]
    kept = [result for result in results if result.folder]
    assert [result.source.split("/")[0] for result in kept] == [moodle(owner)]
    for result in results:
        assert "Deux étudiants ont remis le même fichier, la copie de « alice »" in result.to_settle
    assert "alice/tp1" in placed(course)
    assert not list((course.root / "received").iterdir())


def test_without_a_rule_the_first_of_two_same_files_is_put_in_place() -> None:
    claims = [Claim("a", ALICE, {"x": "1"}, (True, datetime.now(UTC))), Claim("b", BOB, {"x": "1"}, (True, datetime.now(UTC)))]
    assert judge("alice", claims, set(), InPlace("submitted/alice/tp1/")).kept == 0
    former = InPlace("submitted/alice/tp1/", {"x": "1"}, BOB)
    assert judge("alice", claims, set(), former).kept == 1
    assert "même fichier" in judge("alice", claims[:1], set(), former).to_settle
    unknown = InPlace("submitted/alice/tp1/", {"x": "2"})
    different = [claims[0], Claim("b", BOB, {"x": "2"}, (False, datetime.now(UTC)))]
    assert judge("alice", different, set(), unknown).kept == 1  # what is there stays


def test_namesakes_and_anonymous_accounts_are_told_apart_by_their_number() -> None:
    now = datetime.now(UTC)
    for name in ("MARTIN Zoé", "Participant"):
        claims = [Claim(str(number), Sender(name, str(number)), {"x": str(number)}, (True, now)) for number in range(200)]
        ruling = judge("zoe", claims, set(), InPlace("submitted/zoe/tp1/"))
        assert ruling.kept is None
        assert f"« {name}_0 », « {name}_1 », « {name}_2 » et d’autres" in ruling.to_settle
    elsewhere = InPlace("submitted/zoe/tp1/", {"x": "0"}, Sender("Participant", "9"))
    assert judge("zoe", claims[:1], set(), elsewhere).to_settle


def test_two_hundred_students_of_one_name_each_keep_their_own(course: Course, inbox: Path) -> None:
    for number in range(200):
        put(inbox, Sender("MARTIN Zoé", str(number)), SHEET_NAME, Sheet("tp1", f"martin{number}").to_bytes())
    results = unpack(course, inbox, "tp1")
    assert len(placed(course)) == 200
    assert all(result.folder and not result.to_settle for result in results)


def test_a_forged_moodle_folder_inside_a_zip_does_not_count(course: Course, make: Make, inbox: Path) -> None:
    mine = make("alice").read_bytes()
    put(inbox, ALICE, "a.zip", mine)
    pack(put(inbox, BOB, "bob__tp1.zip", make("bob").read_bytes()) / "z.zip", [(f"{moodle(ALICE)}/alice__tp1.zip", later(mine))])
    results = unpack(course, inbox, "tp1")
    assert [result.folder is not None for result in results if result.student == "alice"] == [True, False]
    assert all("« BOB B »" in result.to_settle for result in results if result.student == "alice")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MARTIN Zoé_12_assignsubmission_file_", (Sender("MARTIN Zoé", "12"), "")),
        ("MARTIN Zoé_12_assignsubmission_file", (Sender("MARTIN Zoé", "12"), "")),
        ("Participant_3_assignsubmission_file_", (Sender("Participant", "3"), "")),
        ("A_1_assignsubmission_file_x__tp1.zip", (Sender("A", "1"), "x__tp1.zip")),
        ("A_1_assignsubmission_file_B_2_assignsubmission_file_.zip", (Sender("A", "1"), "B_2_assignsubmission_file_.zip")),
        ("MARTIN Zoé", None),
        ("_1_assignsubmission", None),
    ],
)
def test_moodle_s_names_are_read(name: str, expected: object) -> None:
    assert split_moodle(name) == expected


def test_moodle_s_download_without_folders_is_read_too(course: Course, make: Make, inbox: Path) -> None:
    files = [(f"{moodle(ALICE)}{name}", content) for name, content in members(make("alice")).items()]
    files += [(f"{moodle(BOB)}bob__tp1.zip", make("bob").read_bytes()), (f"{moodle(BOB)}.DS_Store", b"")]
    results = unpack(course, pack(inbox / "depots.zip", list(files)), "tp1")
    assert [(result.student, result.told) for result in results] == [("alice", ()), ("bob", ())]


@pytest.mark.parametrize("name", ["tp1 (1).ipynb", "tp1.ipynb", "CON.ipynb", "Copie de tp1.ipynb"])
def test_a_notebook_alone_is_put_in_place_and_it_is_said(course: Course, inbox: Path, name: str) -> None:
    worked = notebook(Sheet("tp1", "zoe", {"1.1": answer({"p1": "opinion"})}))
    pack(inbox / "depots.zip", [(f"{moodle(ALICE)}/{name}", worked)])
    result = only(unpack(course, inbox, "tp1"))
    assert result.told == (f"Déposé sans le bouton « {BUTTON} » : pas de reçu.",)
    assert placed(course) == {"zoe/tp1": ["tp1.ipynb"]}


def test_a_mended_identifier_is_still_one_student(course: Course, inbox: Path) -> None:
    first, second = {"1.1": answer({"p1": "opinion"})}, {"1.5": answer({})}
    mended = notebook(Sheet("tp1", "zoé.martn", first), Sheet("tp1", "zoé.martin", {**first, **second}))
    put(inbox, ALICE, "tp1 (1).ipynb", mended)
    assert only(unpack(course, inbox, "tp1")).student == "zoé.martin"


@pytest.mark.parametrize(
    ("sheets", "why"),
    [
        ([], "n’est signé par personne"),
        ([Sheet("tp1", "", {"1.1": answer({})})], "n’est signé par personne"),
        ([Sheet("tp1", "a", {"1.1": answer({})}), Sheet("tp1", "b", {"1.5": answer({})})], "plusieurs signatures"),
    ],
)
def test_a_notebook_that_does_not_say_whose_it_is_is_refused(course: Course, inbox: Path, sheets: list[Sheet], why: str) -> None:
    put(inbox, ALICE, "tp1.ipynb", notebook(*sheets))
    result = only(unpack(course, inbox, "tp1"))
    assert (result.folder, result.student) == (None, "")
    assert why in result.told[0]


def test_a_notebook_of_another_tp_is_told(course: Course, inbox: Path) -> None:
    put(inbox, ALICE, "tp2.ipynb", notebook(Sheet("tp2", "zoe", {"1.1": answer({})})))
    assert "est un carnet du TP « tp2 »" in untypeset(only(unpack(course, inbox, "tp1")).told[0])


def test_of_two_notebooks_the_latest_answer_wins_whatever_the_order(course: Course, inbox: Path) -> None:
    old = answer({"p1": "opinion"})
    new = old.model_copy(update={"saved_at": old.saved_at + timedelta(hours=1)})
    put(inbox, ALICE, "tp1 (1).ipynb", notebook(Sheet("tp1", "zoe", {"1.1": new})))
    put(inbox, ALICE, "tp1.ipynb", notebook(Sheet("tp1", "zoe", {"1.1": old})))
    for _ in range(2):
        assert [result.folder is not None for result in unpack(course, inbox, "tp1")] == [True, False]
    assert not list((course.root / "received").iterdir())


def test_a_damaged_sheet_beside_its_backup_is_put_in_place_and_graded(course: Course, inbox: Path) -> None:
    blank = course.release_notebook("tp1").read_bytes()
    whole = Sheet("tp1", "zoe", {name: answer(value) for name, value in expert("zoe").items()}).to_bytes()
    for name, content in ((SHEET_NAME, b'{"schema": 1, "tp'), (BACKUP_NAME, whole), ("tp1.ipynb", blank)):
        put(inbox, ALICE, name, content)
    result = only(unpack(course, inbox, "tp1"))
    assert result.folder
    assert "relues dans les autres fichiers" in " ".join(result.told)
    assert placed(course) == {"zoe/tp1": [SHEET_NAME, BACKUP_NAME, "tp1.ipynb"]}
    outcome = only_of(course)
    assert outcome.score == 16


def only_of(course: Course):  # type: ignore[no-untyped-def]
    outcomes = grade_class(course, "tp1")
    assert len(outcomes) == 1
    return outcomes[0]


def test_a_backup_of_somebody_else_or_out_of_the_receipt_is_left_out(course: Course, make: Make, inbox: Path) -> None:
    forged = Sheet("tp1", "zoe", {"1.1": answer({"p1": "visibilite"}, 9)}).to_bytes()
    pack(inbox / "a.zip", [*members(make("zoe")).items(), (BACKUP_NAME, forged)])
    mine = Sheet("tp1", "bob", {"1.1": answer({})}).to_bytes()
    pack(inbox / "b.zip", [(SHEET_NAME, mine), (BACKUP_NAME, Sheet("tp1", "eve", {"1.1": answer({}, 9)}).to_bytes())])
    told = {result.student: " ".join(result.told) for result in unpack(course, inbox, "tp1")}
    assert "n’est pas dans le reçu" in told["zoe"]
    assert "est signé « eve », et non « bob »" in told["bob"]
    assert placed(course) == {"bob/tp1": [SHEET_NAME], "zoe/tp1": ["recu.json", SHEET_NAME, "tp1.ipynb"]}


def test_a_receipt_that_does_not_fit_follows_the_copy_to_the_table_and_the_csv(course: Course, make: Make, inbox: Path) -> None:
    files = members(make("zoe", {"1.1": {"p1": "opinion"}}))
    files[SHEET_NAME] = Sheet("tp1", "zoe", {name: answer(value, 9) for name, value in expert("zoe").items()}).to_bytes()
    unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1")
    outcome = only_of(course)
    assert outcome.score == 16
    assert ["Le reçu ne correspond pas" in note for note in outcome.notes] == [True, False]  # and a part to read
    row = list(csv.reader(StringIO(class_csv([outcome])), delimiter=";"))[1]
    assert "Le reçu ne correspond pas" in row[-1]
    assert outcome.feedback
    assert "reçu" not in outcome.feedback.read_text(encoding="utf-8")  # the trainer's business


def test_what_intake_does_to_a_sound_deposit_leaves_no_doubt(course: Course, make: Make, inbox: Path) -> None:
    unpack(course, make("zoe", with_notebook=False), "tp1")  # intake adds a blank notebook
    unsound = make("bob", with_notebook=False).parent
    (unsound / "tp1.ipynb").write_bytes(notebook(Sheet("tp1", "bob")))  # intake renames what nbgrader cannot open
    unpack(course, make("bob", with_notebook=False), "tp1")
    assert (course.root / "submitted/bob/tp1/tp1.ipynb").is_file()
    assert [outcome.notes for outcome in grade_class(course, "tp1")] == [[], []]


def test_what_else_a_receipt_leaves_in_doubt(course: Course, make: Make, hand_in: HandIn, folder: Path) -> None:
    receipt = members(make("zoe"))["recu.json"]
    copy = hand_in("zoe")
    (copy / "recu.json").write_bytes(b"{")
    assert "illisible" in receipts.doubts_in(copy, "tp1", "zoe")[0]
    (copy / "recu.json").write_bytes(receipt.replace(b'"tp1"', b'"tp2"'))
    assert "celui du TP « tp2 »" in receipts.doubts_in(copy, "tp1", "zoe")[0]
    (copy / "recu.json").write_bytes(receipt)
    assert "au nom de « zoe »" in receipts.doubts_in(copy, "tp1", "bob")[-1]
    (copy / "recu.json").unlink()
    assert receipts.doubts_in(copy, "tp1", "zoe") == []
    unpack(course, make("a/b", {}), "tp1")
    home = next(path for path in (course.root / "submitted").iterdir() if path.name.startswith("a_b"))
    assert receipts.doubts_in(home / "tp1", "tp1", home.name) == []


def test_the_button_is_called_by_its_name(clone: Path) -> None:
    for path in ("cmlib/tp/front/header.js", "solutions/tp1/tp1.ipynb", "exercises/tp1/tp1.ipynb", "docs/formateur.md"):
        assert BUTTON in (clone / path).read_text(encoding="utf-8"), path


def test_what_is_said_of_several_students_is_said_of_each() -> None:
    told = ("Déposé sans le bouton : pas de reçu.",)
    table = untypeset(deposit_table([Unpacked("1", "ann", Path("a"), told=told), Unpacked("2", "bob", Path("b"), told=told)]))
    assert "· ann, bob : Déposé sans le bouton" in table


def test_two_deposits_of_one_folder_are_called_by_the_person(course: Course, make: Make, inbox: Path) -> None:
    mine = make("alice").read_bytes()
    put(inbox, ALICE, "alice__tp1.zip", mine)
    put(inbox, ALICE, "alice__tp1 (1).zip", later(mine))
    told = " ".join(unpack(course, inbox, "tp1")[0].told)
    one, two = "« alice__tp1 (1).zip »", "« alice__tp1.zip »"
    assert told == f"{one} et {two} (ALICE A) sont deux dépôts de « alice » : {one} est gardé."


def test_names_that_differ_by_case_or_accents_are_no_second_file(course: Course, make: Make, inbox: Path) -> None:
    files: list[tuple[str | zipfile.ZipInfo, bytes]] = list(members(make("zoe")).items())
    result = only(unpack(course, pack(inbox / "a.zip", [*files, ("REPONSES.json", b"{}"), ("TP1.ipynb", b"{}")]), "tp1"))
    assert result.told == ("2 autres fichiers écartés.",)
    assert placed(course) == {"zoe/tp1": ["recu.json", SHEET_NAME, "tp1.ipynb"]}
    upper = [(name.upper(), content) for name, content in members(make("bob")).items()]
    assert only(unpack(course, pack(inbox / "b.zip", list(upper)), "tp1")).student == "bob"
    names = [f"e\u0301t\u00e9/{SHEET_NAME}", unicodedata.normalize("NFC", f"e\u0301t\u00e9/{SHEET_NAME}")]
    twice = pack(inbox / "c.zip", [(name, Sheet("tp1", "eve").to_bytes()) for name in names])
    assert "contient deux fois" in only(unpack(course, twice, "tp1")).told[0]


@pytest.mark.parametrize("student", ["CON", "nul.txt", "..", "a" * 100, "=1+1", "__MACOSX", ".caché"])
def test_an_identifier_that_windows_or_nbgrader_refuses_finds_a_place(course: Course, inbox: Path, student: str) -> None:
    put(inbox, ALICE, SHEET_NAME, Sheet("tp1", student).to_bytes())
    result = only(unpack(course, inbox, "tp1"))
    assert result.folder
    assert result.folder.resolve().parent.parent == (course.root / "submitted").resolve()
    assert not result.folder.parent.name.startswith((".", "CON", "nul"))


def test_one_student_does_not_use_up_the_room_of_the_others(
    course: Course, make: Make, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [(f"{number}/{SHEET_NAME}", Sheet("tp1", f"x{number}").to_bytes()) for number in range(20)]
    pack(put(inbox, ALICE, "x", b"") / "z.zip", list(many))
    put(inbox, BOB, "bob__tp1.zip", make("bob").read_bytes())
    for limit, value in (("MAX_SENDER_DEPOSITS", 5), ("MAX_SENDER_BYTES", 100_000)):
        with monkeypatch.context() as patched:
            patched.setattr(deposit_zips, limit, value)
            if limit == "MAX_SENDER_BYTES":
                put(inbox, ALICE, "y.zip", make_zip({f"big/{SHEET_NAME}": b" " * 120_000}))
            results = unpack(course, inbox, "tp1")
        assert "bob" in {result.student for result in results if result.folder}
        assert [result for result in results if not result.student]


def test_other_hostile_zips_in_a_moodle_folder_are_one_sentence(course: Course, make: Make, inbox: Path) -> None:
    sound = make("zoe")
    put(inbox, ALICE, "zoe__tp1.zip", b"")
    put(inbox, BOB, "zoe__tp1.zip", encrypted(pack(inbox / "x", list(members(sound).items())).read_bytes()))
    (inbox / "x").unlink()
    noise = [(f"__MACOSX/._{SHEET_NAME}", b"x"), (".DS_Store", b""), ("zoe\\tp1\\.DS_Store", b"")]
    files = [(f"zoe\\tp1\\{name}", content) for name, content in members(sound).items()]
    pack(put(inbox, Sender("ZOE", "3"), "Thumbs.db", b"") / "eve__tp1.zip", [*noise, *files])
    results = unpack(course, inbox, "tp1")
    assert [(result.student, len(result.told)) for result in results] == [("", 1), ("", 1), ("zoe", 0)]
    assert not any(result.to_settle for result in results)


def test_a_download_that_changes_under_the_hand_is_told(
    course: Course, make: Make, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped = put(inbox, ALICE, "a.zip", make("alice").read_bytes()) / "a.zip"
    newer = make("alice", {"1.5": {}}).read_bytes()
    ruled = deposits._ruled

    def change(*args: object) -> object:
        zipped.write_bytes(newer)
        return ruled(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(deposits, "_ruled", change)
    with pytest.raises(Explained, match="a changé pendant le rangement"):
        unpack(course, inbox, "tp1")
    assert placed(course) == {}


def test_an_accepted_copy_says_what_its_receipt_is_worth(course: Course, make: Make, inbox: Path) -> None:
    files = {**members(make("zoe")), "recu.json": members(make("bob"))["recu.json"]}
    unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1")
    assert grade_class(course, "tp1")[0].score is None
    assert "Le reçu ne correspond pas" in " ".join(accept_identity(course, "tp1", "bob").notes)


def test_one_student_does_not_flood_the_table(course: Course, make: Make, inbox: Path) -> None:
    pack(put(inbox, ALICE, "x", b"") / "z.zip", [(f"{number}/{SHEET_NAME}", b"{}") for number in range(1000)])
    put(inbox, BOB, "bob__tp1.zip", make("bob").read_bytes())
    results = unpack(course, inbox, "tp1")
    assert len(results) < 80
    assert "bob" in {result.student for result in results if result.folder}
    assert untypeset(results[-1].told[0]).startswith(f"« {moodle(ALICE)} » contient encore 940 fichiers refusés")
