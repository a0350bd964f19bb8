"""Deposits: each in its place, whatever Moodle, a browser or a clever student did to it."""

import errno
import io
import json
import stat
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.grading import deposit_zips, deposits
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.grading.deposits import Unpacked, unpack
from cmlib.grading.intake import admit
from cmlib.tp.answers import SHEET_NAME, Sheet
from tests.grading.conftest import HandIn, Make, expert
from tests.tp.test_answers import answer

MOODLE = "MARTIN Zoé_12345_assignsubmission_file_"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name twice is meant
        for name, content in files:
            archive.writestr(name, content)
    return path


def only(results: list[Unpacked]) -> Unpacked:
    assert len(results) == 1, results
    return results[0]


def refused(results: list[Unpacked], why: str) -> None:
    result = only(results)
    assert (result.folder, result.student) == (None, "")
    assert len(result.told) == 1
    assert why in untypeset(result.told[0])


def placed(course: Course) -> dict[str, list[str]]:
    submitted = course.root / "submitted"
    found = {path.parent.relative_to(submitted).as_posix(): [] for path in submitted.rglob("*") if path.is_file()}
    for path in sorted(submitted.rglob("*")):
        if path.is_file():
            found[path.parent.relative_to(submitted).as_posix()].append(path.name)
    return found


def test_a_deposit_goes_to_its_place_with_its_three_files(course: Course, make: Make) -> None:
    zipped = make("zoé")
    result = only(unpack(course, zipped, "tp1"))
    assert (result.source, result.student, result.told) == ("zoé__tp1.zip", "zoé", ())
    assert result.folder == course.root / "submitted" / "zoé" / "tp1"
    assert len(result.receipt) == 8
    assert result.time
    assert placed(course) == {"zoé/tp1": ["recu.json", SHEET_NAME, "tp1.ipynb"]}
    assert {path.name: path.read_bytes() for path in result.folder.iterdir()} == members(zipped)
    assert not list((course.root / "received").iterdir())


def test_a_deposit_is_a_sound_copy_for_intake(course: Course, make: Make, hand_in: HandIn) -> None:
    unpack(course, make("zoe"), "tp1")
    release = course.release_notebook("tp1").read_bytes()
    assert admit(course.root, "zoe", "tp1", release) == []
    assert not list((course.root / "received").iterdir())
    # Unzipped by hand in a subfolder, twice: the receipts are no surprise either.
    for name in ("zoe__tp1", "zoe__tp1 (1)"):
        inner = hand_in("bob") / name
        inner.mkdir()
        (inner / "recu.json").write_bytes(members(make("zoe"))["recu.json"])
    assert admit(course.root, "bob", "tp1", release) == []
    assert placed(course)["bob/tp1"] == ["recu.json", SHEET_NAME, "tp1.ipynb"]
    assert admit(course.root, "bob", "tp1", release) == []


def test_moodle_s_zip_its_folder_and_a_renamed_download_are_the_same(course: Course, make: Make, inbox: Path) -> None:
    zoe, bob = make("zoe").read_bytes(), make("bob").read_bytes()
    big = pack(inbox / "depots.zip", [(f"{MOODLE}/zoe__tp1 (1).zip", zoe), ("BO B_7_assignsubmission_file_/x.ZIP", bob)])
    results = unpack(course, big, "tp1")
    assert {result.source: result.student for result in results} == {
        f"depots.zip/{MOODLE}/zoe__tp1 (1).zip": "zoe",
        "depots.zip/BO B_7_assignsubmission_file_/x.ZIP": "bob",
    }
    assert set(placed(course)) == {"zoe/tp1", "bob/tp1"}
    (inbox / MOODLE).mkdir()
    (inbox / MOODLE / "zoe__tp1.zip").write_bytes(zoe)
    (inbox / ".DS_Store").touch()
    again = unpack(course, inbox, "tp1")
    assert len(again) == 3
    kept = [result for result in again if result.folder]
    assert {result.student for result in kept} == {"zoe", "bob"}
    assert all("déjà" in result.told[-1] for result in kept)
    assert ["le même fichier que « zoe__tp1" in result.told[0] for result in again if not result.folder] == [True]
    assert not list((course.root / "received").iterdir())


def test_a_deposit_zipped_again_or_unzipped_is_found(course: Course, make: Make, inbox: Path) -> None:
    files = members(make("zoe"))
    pack(inbox / "zoe.zip", [(f"zoe__tp1\\{name}", content) for name, content in files.items()])
    aside = Sheet("tp1", "bob", {"1.1": answer({})}).to_bytes()
    pack(inbox / "b.zip", [("zoe__tp1.zip", make("eve").read_bytes()), (f"copies-mises-de-cote/c/{SHEET_NAME}", aside)])
    (inbox / "loose").mkdir()
    for name, content in members(make("ann")).items():
        (inbox / "loose" / name).write_bytes(content)
    assert [result.student for result in unpack(course, inbox, "tp1")] == ["ann", "eve", "zoe"]


def test_the_latest_of_two_deposits_wins_and_both_are_told(course: Course, make: Make, inbox: Path) -> None:
    for order in ("ab", "ba"):
        student = f"zoe{order}"
        for letter, value in zip(order, ("opinion", "visibilite"), strict=True):
            path = make(student, {"1.1": {"p1": value}})
            (inbox / f"{letter}-{student}.zip").write_bytes(path.read_bytes())
        results = {result.source: result for result in unpack(course, inbox, "tp1") if result.student == student}
        old, new = (results[f"{letter}-{student}.zip"] for letter in order)
        assert old.folder is None
        assert new.folder
        assert b"visibilite" in (new.folder / SHEET_NAME).read_bytes()
        for result in (old, new):
            assert f"« {order[1]}-{student}.zip » est gardé" in " ".join(result.told)


def test_a_former_copy_is_moved_to_received(course: Course, make: Make, hand_in: HandIn) -> None:
    plain = hand_in("Zoe", {"1.1": {"p1": "engagement"}})
    (plain / "brouillon.txt").write_text("à garder", encoding="utf-8")
    result = only(unpack(course, make("zoé"), "tp1"))
    assert result.folder == plain  # the same person, under the trainer's spelling
    assert "received/Zoe/" in " ".join(result.told)
    aside = course.root / "received" / "Zoe" / "tp1"
    assert b"engagement" in (aside / SHEET_NAME).read_bytes()
    assert (aside / "brouillon.txt").is_file()


def test_an_older_deposit_does_not_undo_a_newer_one(course: Course, make: Make, inbox: Path) -> None:
    old = inbox / "old.zip"
    old.write_bytes(make("zoe").read_bytes())
    unpack(course, make("zoe", {"1.5": {}}), "tp1")
    before = placed(course)
    result = only(unpack(course, old, "tp1"))
    assert result.folder is None
    assert "plus récent" in result.told[0]
    bare = pack(inbox / "bare.zip", [(SHEET_NAME, Sheet("tp1", "zoe").to_bytes())])
    assert "qui a un reçu" in " ".join(only(unpack(course, bare, "tp1")).told)
    assert placed(course) == before


def test_a_receipt_that_does_not_match_is_accepted_and_told(course: Course, make: Make, inbox: Path) -> None:
    files = members(make("zoe"))
    files[SHEET_NAME] = Sheet("tp1", "zoe", {"1.1": answer({"p1": "visibilite"}, 9)}).to_bytes()
    result = only(unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1"))
    assert result.folder
    assert "Le reçu ne correspond pas" in " ".join(result.told)


@pytest.mark.parametrize(("receipt", "why"), [(None, "pas de reçu"), (b"{", "reçu est illisible"), (b"[]", "reçu est illisible")])
def test_without_a_readable_receipt_the_sheet_says_who(
    course: Course, make: Make, inbox: Path, receipt: bytes | None, why: str
) -> None:
    files = members(make("zoe"))
    del files["recu.json"]
    if receipt is not None:
        files["recu.json"] = receipt
    result = only(unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1"))
    assert (result.student, result.receipt, result.time) == ("zoe", "", None)
    assert result.folder
    assert why in " ".join(result.told)


def test_a_receipt_in_another_s_name_waits_for_the_trainer(course: Course, make: Make, inbox: Path) -> None:
    files = {**members(make("zoe")), "recu.json": members(make("bob"))["recu.json"]}
    result = only(unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1"))
    assert result.student == "bob"
    assert "identité à confirmer" in " ".join(result.told)
    assert "Identité à confirmer" in grade_class(course, "tp1")[0].notes[0]


def test_a_receipt_from_the_future_is_told(course: Course, make: Make, inbox: Path) -> None:
    files = members(make("zoe"))
    files["recu.json"] = json.dumps({**json.loads(files["recu.json"]), "time": "2099-01-01T00:00:00+01:00"}).encode()
    assert "dans le futur" in " ".join(only(unpack(course, pack(inbox / "z.zip", list(files.items())), "tp1")).told)


def test_another_tp_nobody_or_nothing_is_refused_in_one_sentence(course: Course, make: Make, inbox: Path) -> None:
    refused(unpack(course, make("zoe", tp="tp2"), "tp1"), "TP « tp2 »")
    other = pack(inbox / "tp2.zip", [(SHEET_NAME, Sheet("tp2", "zoe").to_bytes())])
    refused(unpack(course, other, "tp1"), "c’est une feuille du TP « tp2 »")
    nobody = pack(inbox / "nobody.zip", [(SHEET_NAME, Sheet("tp1").to_bytes())])
    refused(unpack(course, nobody, "tp1"), "rien n’y est signé")
    alone = pack(inbox / "alone.zip", [("recu.json", members(make("zoe"))["recu.json"])])
    refused(unpack(course, alone, "tp1"), "ni feuille de réponses ni carnet")
    refused(unpack(course, pack(inbox / "photo.zip", [("photo.png", b"x")]), "tp1"), "ne contient aucun dépôt")
    (inbox / "vide").mkdir()
    with pytest.raises(Explained, match="Aucun dépôt"):
        unpack(course, inbox / "vide", "tp1")
    with pytest.raises(Explained, match="n’existe pas"):
        unpack(course, inbox / "absent", "tp1")
    with pytest.raises(Explained, match="pas de TP"):
        unpack(course, inbox, "tp9")
    assert placed(course) == {}


def info(name: str, mode: int = 0, **fields: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(member, field, value)
    return member


def encrypted(content: bytes) -> bytes:
    """Set the flag that says « encrypted » on every member, in both places."""
    data = bytearray(content)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def hostile(kind: str, sound: dict[str, bytes], path: Path) -> str:
    """Write a hostile zip; return a piece of what is told."""
    sheet = sound[SHEET_NAME]
    if kind == "not a zip":
        path.write_bytes(b"%PDF-1.7")
    elif kind == "empty":
        path.touch()
    elif kind == "truncated":
        content = pack(path, list(sound.items())).read_bytes()
        path.write_bytes(content[: len(content) * 2 // 3])
    elif kind == "encrypted":
        path.write_bytes(encrypted(pack(path, list(sound.items())).read_bytes()))
        return "mot de passe"
    elif kind == "damaged":
        content = bytearray(pack(path, list(sound.items())).read_bytes())
        at = content.find(b"PK\3\4", 10)
        content[at + 60 : at + 90] = b"\xff" * 30
        path.write_bytes(content)
        return "est abîmé"
    elif kind == "bomb":
        pack(path, [(SHEET_NAME, b" " * 4_900_000), ("recu.json", sound["recu.json"])])
        return "au-delà du raisonnable"
    elif kind == "too big":
        pack(path, [("tp1.ipynb", b" " * 20_000_001), *sound.items()][:1])
        return "est trop gros"
    elif kind == "nested bomb":
        pack(path, [("a.zip", b"\0" * 39_000_000)])
        return "au-delà du raisonnable"
    elif kind == "too many":
        pack(path, [*sound.items(), *((f"{number}.txt", b"") for number in range(deposit_zips.MAX_ENTRIES))])
        return "trop de fichiers"
    elif kind == "long list":
        content = bytearray(pack(path, list(sound.items())).read_bytes())
        struct.pack_into("<L", content, len(content) - 22 + 12, 2**31)
        path.write_bytes(content)
        return "trop de fichiers"
    elif kind == "twice":
        pack(path, [*sound.items(), (SHEET_NAME, sheet)])
        return f"contient deux fois « {SHEET_NAME} »"
    elif kind == "parent":
        pack(path, [(f"../../zoe/tp1/{SHEET_NAME}", sheet)])
        return "sort de l’archive"
    elif kind == "absolute":
        pack(path, [(f"/tmp/{SHEET_NAME}", sheet)])
        return "sort de l’archive"
    elif kind == "drive":
        pack(path, [(f"C:\\zoe\\{SHEET_NAME}", sheet)])
        return "sort de l’archive"
    elif kind == "link":
        pack(path, [(info(SHEET_NAME, stat.S_IFLNK | 0o777), b"/etc/passwd")])
        return "est un lien"
    elif kind == "device":
        pack(path, [(info(SHEET_NAME, stat.S_IFCHR | 0o666), b"")])
        return "n’est pas un fichier"
    elif kind == "deep":
        content = make_zip({"zoe__tp1.zip": make_zip(sound)})
        pack(path, [("a.zip", make_zip({"b.zip": content}))])
        return "dans trop d’autres"
    return "n’est pas une archive zip"


def make_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


KINDS = [
    "not a zip", "empty", "truncated", "encrypted", "damaged", "bomb", "too big", "nested bomb", "too many", "long list", "twice",
    "parent", "absolute", "drive", "link", "device", "deep",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_zip_is_one_sentence_and_never_stops_the_others(course: Course, make: Make, inbox: Path, kind: str) -> None:
    sound = make("zoe")
    why = hostile(kind, members(sound), inbox / "a.zip")
    (inbox / "b.zip").write_bytes(sound.read_bytes())
    results = unpack(course, inbox, "tp1")
    assert [result.student for result in results] == ["", "zoe"]
    assert results[0].folder is None
    assert len(results[0].told) == 1
    assert why in results[0].told[0]
    assert results[0].told[0].isprintable()
    assert placed(course) == {"zoe/tp1": ["recu.json", SHEET_NAME, "tp1.ipynb"]}
    refused([result for result in unpack(course, inbox / "a.zip", "tp1") if not result.student], why)


def test_what_else_a_deposit_holds_is_told_and_left_there(course: Course, make: Make, inbox: Path) -> None:
    files: list[tuple[str | zipfile.ZipInfo, bytes]] = list(members(make("zoe")).items())
    files += [("kit.py", b"vol"), (info("lien", stat.S_IFLNK), b"/etc/passwd"), ("__MACOSX/._x", b""), (".cache/x", b"")]
    result = only(unpack(course, pack(inbox / "z.zip", files), "tp1"))
    assert result.told == ("« lien » est un lien vers un autre fichier : écarté.", "1 autre fichier écarté.")
    assert placed(course) == {"zoe/tp1": ["recu.json", SHEET_NAME, "tp1.ipynb"]}


def test_a_budget_bounds_a_whole_run(course: Course, make: Make, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for student in ("a", "b"):
        (inbox / f"{student}.zip").write_bytes(make(student).read_bytes())
    monkeypatch.setattr(deposit_zips, "MAX_DEPOSITS", 1)
    assert "trop pour une fois" in unpack(course, inbox, "tp1")[1].told[0]
    monkeypatch.setattr(deposit_zips, "MAX_DEPOSITS", 10)
    monkeypatch.setattr(deposit_zips, "MAX_TOTAL_BYTES", 100)
    assert all("trop gros" in result.told[0] for result in unpack(course, inbox, "tp1"))
    monkeypatch.setattr(deposit_zips, "MAX_ENTRIES", 1)
    with pytest.raises(Explained, match="plus de 1 fichiers"):
        unpack(course, inbox, "tp1")


def test_a_bomb_takes_no_memory(course: Course, make: Make, inbox: Path) -> None:
    pack(inbox / "a.zip", [("tp1.ipynb", b" " * 19_000_000)])
    pack(inbox / "b.zip", [("x.zip", b" " * 39_000_000)])
    tracemalloc.start()
    unpack(course, inbox, "tp1")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_size_that_lies_is_found_out(course: Course, make: Make, inbox: Path) -> None:
    content = bytearray(make_zip({SHEET_NAME: b"x" * 1000}))
    struct.pack_into("<L", content, content.find(b"PK\1\2") + 24, 10)
    (inbox / "a.zip").write_bytes(content)
    refused(unpack(course, inbox / "a.zip", "tp1"), "est abîmé")


def test_strays_are_told_without_flooding(course: Course, make: Make, inbox: Path) -> None:
    files: list[tuple[str | zipfile.ZipInfo, bytes]] = [(f"{number}/copie.rar", b"") for number in range(9)]
    results = unpack(course, pack(inbox / "z.zip", files), "tp1")
    assert len(results) == 6
    assert "n’est pas un dépôt du kit" in results[0].told[0]
    assert "4 autres fichiers" in results[5].told[0]


@pytest.mark.posix
def test_links_in_the_folder_or_in_the_course_are_never_followed(course: Course, make: Make, inbox: Path, tmp_path: Path) -> None:
    zoe = make("zoe")
    (inbox / "lien.zip").symlink_to(zoe)
    (inbox / "boucle").symlink_to(inbox, target_is_directory=True)
    assert "est un lien" in only([r for r in unpack(course, inbox, "tp1") if r.source == "lien.zip"]).told[0]
    target = tmp_path / "ailleurs"
    (target / "tp1").mkdir(parents=True)
    (course.root / "submitted").mkdir(exist_ok=True)
    (course.root / "submitted" / "zoe").symlink_to(target, target_is_directory=True)
    assert only(unpack(course, zoe, "tp1")).folder
    assert not (course.root / "submitted" / "zoe").is_symlink()
    assert not list((target / "tp1").iterdir())


def test_a_full_disk_leaves_the_former_copy(course: Course, make: Make, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in hand_in("zoe").iterdir()}
    zoe = make("zoe")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "non")

    monkeypatch.setattr(deposits, "replace_file", fail)
    refused(unpack(course, zoe, "tp1"), "disque plein")
    assert {path.name: path.read_bytes() for path in (course.root / "submitted/zoe/tp1").iterdir()} == before
    assert not list((course.root / "received").iterdir())


def test_an_identifier_that_no_folder_can_carry_is_told(course: Course, make: Make) -> None:
    result = only(unpack(course, make("a/b"), "tp1"))
    assert result.folder
    assert result.folder.parent.name.startswith("a_b-")
    assert "ne peut pas nommer un dossier" in result.told[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    changes=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.just(None) | st.integers(0, 2_000),
)
def test_no_bytes_make_it_raise_or_write_elsewhere(
    course: Course, make: Make, inbox: Path, changes: list[tuple[int, int]], cut: int | None
) -> None:
    zoe = inbox.parent / "travail" / "zoe" / "tp1" / "zoe__tp1.zip"
    content = bytearray((zoe if zoe.exists() else make("zoe", with_notebook=False)).read_bytes())
    for at, value in changes:
        content[at % len(content)] = value
    (inbox / "z.zip").write_bytes(make_zip({"x/zoe__tp1.zip": bytes(content[:cut])}))
    results = unpack(course, inbox, "tp1")
    assert results
    assert all(result.folder or result.told for result in results)
    assert all(set(names) <= {"recu.json", SHEET_NAME} for names in placed(course).values())


def test_a_deposit_gets_the_score_of_a_plain_copy(course: Course, make: Make, hand_in: HandIn, inbox: Path) -> None:
    partial = {name: value for name, value in expert("zoé").items() if name != "1.7"}
    whole, most, bare = make("Ann", expert("Ann")), make("zoé", partial), make("eve", expert("eve"), with_notebook=False)
    pack(inbox / "depots.zip", [(f"{index}/{path.name}", path.read_bytes()) for index, path in enumerate((whole, most, bare))])
    unpack(course, inbox / "depots.zip", "tp1")
    deposited = {outcome.student: outcome for outcome in grade_class(course, "tp1")}
    assert set(deposited) == {"Ann", "zoé", "eve"}
    waiting = ["Une partie attend votre note dans formgrader : exercices 1.4, 1.6, 1.6b, 1.8."]
    assert all(outcome.notes == waiting and outcome.feedback for outcome in deposited.values())
    for student, answers in (("Ann", expert("Ann")), ("zoé", partial), ("eve", expert("eve"))):
        for path in (course.root / "submitted" / student / "tp1").iterdir():
            path.unlink()
        hand_in(student, answers)
    plain = {outcome.student: outcome.score for outcome in grade_class(course, "tp1")}
    assert {student: outcome.score for student, outcome in deposited.items()} == plain
    assert plain["Ann"] == plain["eve"]
    assert plain["zoé"] is not None and plain["Ann"] is not None and 0 < plain["zoé"] < plain["Ann"]
