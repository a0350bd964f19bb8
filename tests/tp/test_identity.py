"""Who is at the keyboard: asked once, kept, changed knowingly; somebody else's copy is recognised and never mixed."""

from pathlib import Path

import pytest
from IPython.utils.capture import capture_output

from cmlib.errors import InvalidInput
from cmlib.tp import identity, open_tp
from cmlib.tp.answers import Sheet
from cmlib.tp.session import TP
from cmlib.tp.sheet import ASIDE_NAME, SHEET_NAME, AnswerSheet, NotSaved, resolve_folder
from tests.tp.test_answers import notebook
from tests.tp.test_session import classify, click, send, shell  # noqa: F401 (fixture)


@pytest.fixture
def work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two TPs."""
    (folder / "accueil.ipynb").touch()
    for tp in ("tp1", "tp2"):
        (folder / tp).mkdir()
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


def opened(work: Path, monkeypatch: pytest.MonkeyPatch, tp: str = "tp1") -> TP:
    monkeypatch.chdir(work / tp)
    with capture_output():
        session = open_tp(tp)
        classify(session)
    return session


def status(session: TP) -> dict[str, object]:
    assert session._header is not None
    return dict(session._header.widget.status)


def test_the_identifier_is_asked_once_for_all_tps(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(work, monkeypatch)
    assert status(first)["student"] == ""
    send(first, {"type": "sign", "student": " e\u0301mile  zola "}, of="header")
    assert status(first)["student"] == "émile zola"
    second = opened(work, monkeypatch, "tp2")
    assert status(second)["student"] == "émile zola"
    assert not (work / "tp2" / "reponses.json").exists()
    click(second, "a", "x")
    assert AnswerSheet.open(work / "tp2", "tp2").sheet.student == "émile zola"


def test_a_hub_tells_who_is_there(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "a.martin")
    assert status(opened(work, monkeypatch))["student"] == "a.martin"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", None, 3])
def test_an_identifier_that_is_none_is_refused_in_one_sentence(work: Path, monkeypatch: pytest.MonkeyPatch, name: object) -> None:
    with pytest.raises(InvalidInput):
        identity.read_student(name)
    session = opened(work, monkeypatch)
    send(session, {"type": "sign", "student": name}, of="header")
    assert status(session)["error"]
    assert not (work / "tp1" / "reponses.json").exists()


def test_an_identifier_outside_the_class_list_is_asked_again(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "liste.csv").write_text("Nom;Identifiant\nMartin;a.martin\nDurand;b.durand\n;\n", encoding="utf-8-sig")
    session = opened(work, monkeypatch)
    assert status(session)["roster"] == ["a.martin", "b.durand"]
    send(session, {"type": "sign", "student": "a.martn"}, of="header")
    assert "pas dans la liste" in str(status(session)["question"])
    assert status(session)["student"] == ""
    send(session, {"type": "sign", "student": "A.MARTIN"}, of="header")
    assert status(session)["student"] == "A.MARTIN"
    send(session, {"type": "sign", "student": "c.inconnue"}, of="header")
    send(session, {"type": "sign", "student": "c.inconnue", "sure": True}, of="header")
    assert status(session)["student"] == "c.inconnue"
    assert status(session)["question"] == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\xef\xbb\xbf", b"x" * 200_000, b"\xff\xfe", b"a.martin\nb.durand\n", b"identifiant,nom\na.martin,Martin\n"],
)
def test_any_class_list_is_read_or_ignored(folder: Path, content: bytes) -> None:
    (folder / "liste.csv").write_bytes(content)
    assert all(isinstance(name, str) for name in identity.class_list(folder))


def test_the_cards_follow_a_signature_without_a_second_run(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(work, monkeypatch)
    click(session, "a", "x")
    send(session, {"type": "sign", "student": "a.martin"}, of="header")
    assert session._cards["1.1"]._recap()["application/vnd.cmlib.answers+json"]["student"] == "a.martin"


def test_somebody_else_s_copy_is_recognised_and_nothing_is_written_before_a_choice(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AnswerSheet.open(work / "tp1", "tp1").save("1.1", {"a": "x"})
    AnswerSheet.open(work / "tp1", "tp1").sign("alice")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    session = opened(work, monkeypatch)
    assert "signée alice, et vous êtes bob" in str(status(session)["conflict"])
    before = (work / "tp1" / "reponses.json").read_bytes()
    assert not click(session, "a", "y")[0]["saved"]
    assert "à qui est cette copie" in session._cards["1.1"].widget.status["error"]
    assert (work / "tp1" / "reponses.json").read_bytes() == before


def test_continuing_as_the_other_keeps_everything(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AnswerSheet.open(work / "tp1", "tp1").sign("alice")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    session = opened(work, monkeypatch)
    send(session, {"type": "keep"}, of="header")
    assert status(session)["conflict"] == ""
    assert click(session, "a", "y")[0]["saved"]
    assert AnswerSheet.open(work / "tp1", "tp1").sheet.student == "alice"


@pytest.mark.parametrize("newcomer", ["bob", ""])
def test_a_copy_put_aside_is_whole_and_no_longer_counts(work: Path, monkeypatch: pytest.MonkeyPatch, newcomer: str) -> None:
    """The notebook still carries the former owner's answers in its outputs."""
    former = AnswerSheet.open(work / "tp1", "tp1")
    former.sign("alice")
    former.save("1.1", {"a": "x"})
    former.save("1.5", "d’alice")
    (work / "tp1" / "tp1.ipynb").write_bytes(notebook(former.sheet))
    if newcomer:
        monkeypatch.setenv("JUPYTERHUB_USER", newcomer)
    session = opened(work, monkeypatch)
    send(session, {"type": "start_over", "from": "alice"}, of="header")
    assert session._cards["1.1"].widget.status["value"] == {}
    assert status(session)["student"] == newcomer
    click(session, "a", "y")

    reopened = AnswerSheet.open(work / "tp1", "tp1")
    assert (reopened.value("1.1"), reopened.value("1.5"), reopened.sheet.student) == ({"a": "y"}, None, newcomer)
    aside = next((work / "tp1" / ASIDE_NAME).iterdir())
    assert resolve_folder(aside, "tp1").sheet.answers.keys() == {"1.1", "1.5"}
    assert resolve_folder(aside, "tp1").sheet.student == "alice"
    # And the trainer, who receives the folder, sees the newcomer's answers alone.
    received = resolve_folder(work / "tp1", "tp1")
    assert {name: kept.value for name, kept in received.sheet.answers.items()} == {"1.1": {"a": "y"}}
    assert received.signatures == (frozenset({newcomer}),)


def test_a_tab_left_open_does_not_bring_the_former_owner_back(work: Path) -> None:
    old_tab = AnswerSheet.open(work / "tp1", "tp1")
    old_tab.sign("alice")
    old_tab.save("1.1", "d’alice")
    AnswerSheet.open(work / "tp1", "tp1").start_over("bob")
    for _ in range(2):
        with pytest.raises(NotSaved, match="changé de main"):
            old_tab.save("1.5", "tapé dans l’ancien onglet")
    kept = AnswerSheet.open(work / "tp1", "tp1").sheet
    assert (kept.student, kept.answers) == ("bob", {})


def test_a_clock_set_back_loses_nothing(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = AnswerSheet.open(work / "tp1", "tp1")
    sheet.start_over("bob")
    ahead = Sheet("tp1", "bob", {}, sheet.sheet.started_at.replace(year=2090))  # type: ignore[union-attr]
    (work / "tp1" / "reponses.json").write_bytes(ahead.to_bytes())
    AnswerSheet.open(work / "tp1", "tp1").save("1.1", "gardé")
    assert AnswerSheet.open(work / "tp1", "tp1").value("1.1") == "gardé"


def test_a_newcomer_is_not_taken_for_the_former_owner_after_a_restart(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(work, monkeypatch)
    send(session, {"type": "sign", "student": "alice"}, of="header")
    send(session, {"type": "start_over", "from": "alice"}, of="header")
    click(session, "a", "y")
    assert status(opened(work, monkeypatch))["student"] == ""
    assert status(opened(work, monkeypatch, "tp2"))["student"] == ""


def test_a_copy_that_cannot_be_put_aside_stays_whole_and_on_hold(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    former = AnswerSheet.open(work / "tp1", "tp1")
    former.sign("alice")
    former.save("1.1", {"a": "x"})
    (work / "tp1" / ASIDE_NAME).touch()
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    session = opened(work, monkeypatch)
    send(session, {"type": "start_over", "from": "alice"}, of="header")
    assert "mise de côté" in str(status(session)["error"])
    assert not click(session, "a", "y")[0]["saved"]
    kept = AnswerSheet.open(work / "tp1", "tp1")
    assert (kept.sheet.student, kept.value("1.1")) == ("alice", {"a": "x"})


def test_a_second_click_does_not_put_the_newcomer_aside(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AnswerSheet.open(work / "tp1", "tp1").sign("alice")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    session = opened(work, monkeypatch)
    send(session, {"type": "start_over", "from": "alice"}, of="header")
    click(session, "a", "y")
    send(session, {"type": "start_over", "from": "alice"}, of="header")
    kept = AnswerSheet.open(work / "tp1", "tp1")
    assert (kept.sheet.student, kept.value("1.1")) == ("bob", {"a": "y"})


def test_unsigned_answers_are_not_adopted_in_silence(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AnswerSheet.open(work / "tp2", "tp2").save("1.1", {"a": "x"})
    send(opened(work, monkeypatch), {"type": "sign", "student": "bob"}, of="header")
    second = opened(work, monkeypatch, "tp2")
    assert (status(second)["student"], status(second)["proposed"]) == ("", "bob")


def test_a_former_sheet_put_back_is_told_and_kept(work: Path) -> None:
    former = AnswerSheet.open(work / "tp1", "tp1")
    former.save("1.1", "d’alice")
    aside = former.start_over("bob")
    (work / "tp1" / SHEET_NAME).write_bytes((aside / SHEET_NAME).read_bytes())
    reopened = AnswerSheet.open(work / "tp1", "tp1")
    assert "d’avant le début" in reopened.notices[0]
    reopened.save("1.5", "de bob")
    assert any("d’alice" in path.read_text(encoding="utf-8") for path in (work / "tp1").glob("reponses.abime-*.json"))


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa", b"alice\nbob", b"", b"x" * 500])
def test_a_damaged_memory_names_nobody(work: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    (work / identity.MEMORY_NAME).write_bytes(content)
    assert status(opened(work, monkeypatch))["student"] == ""


@pytest.mark.parametrize(
    "content",
    [
        "Nom;Identifiant\nZola;é.zola\n".encode("cp1252"),
        b"sep=;\nNom;Identifiant\nZola;\xc3\xa9.zola\n",
        "\n\nNom\tIdentifiant\nZola\té.zola\n".encode(),
        'identifiant,nom\n"é.zola",Zola\n'.encode("utf-8-sig"),
    ],
)
def test_class_lists_from_excel_are_read(folder: Path, content: bytes) -> None:
    (folder / "liste.csv").write_bytes(content)
    assert identity.class_list(folder) == ["é.zola"]
