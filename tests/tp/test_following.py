"""An exercise that asks for rows of another one follows it; targets are taken up from an earlier TP, or given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from cmlib.cases import case_study
from cmlib.errors import Explained
from cmlib.segments import segment
from cmlib.texts import plain
from cmlib.tp import open_tp
from cmlib.tp.answers import SHEET_NAME, Sheet
from cmlib.tp.earlier import earlier_rows
from cmlib.tp.fields import ChoiceField, RangeField, TextField
from cmlib.tp.personas import age_groups
from cmlib.tp.session import TP
from cmlib.tp.sheet import AnswerSheet
from cmlib.tp.tables import options_of

FIELDS = {"name": TextField("Prénom", 1, 3), "age": RangeField("Âge", "ans")}
WAITING = {"r1": "Cible 1 (à remplir)", "r2": "Cible 2 (à remplir)"}
TARGETS = [{"name": "Nora", "age": "18 à 29 ans"}, {"name": "Basile", "age": "30 à 49 ans"}]


@pytest.fixture(autouse=True, scope="module")
def shell() -> Iterator[None]:
    """What `display` needs to publish anything."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder / "tp2").mkdir()
    monkeypatch.chdir(folder / "tp2")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    AnswerSheet.open(folder / "tp2", "tp2").sign("a.martin")
    return folder


def shown() -> TP:
    """Targets, and a table whose lists name them, which a planning follows in turn."""
    tp = open_tp("tp2")
    starts = {"Reprendre": tp.earlier("tp1", "1.3"), "Proposer": lambda: TARGETS}
    tp.personas("2.0", title="Cibles", points=0, fields=FIELDS, at_least=2, at_most=3, starts=starts)

    def columns(case: object) -> dict[str, Any]:
        return {"theme": TextField("Thème", 1, 8), "cible": ChoiceField("Cible", options_of(tp.rows("2.0"), "name", WAITING))}

    tp.fill_table("2.2", title="Thèmes", points=1, columns=columns, rows={"t1": "Un", "t2": "Deux"})

    def names() -> list[str]:
        return [row.fields["cible"].show(row.texts["cible"]) for row in tp.rows("2.2")]

    tp.plan_posts("2.4", title="Planning", points=1, events={}, team=6, personas=names)
    return tp


def send(tp: TP, of: str, **content: object) -> dict[str, Any]:
    received: list[dict[str, Any]] = []
    widget = tp._cards[of].widget
    widget.send = lambda message, buffers=None: received.append(message)
    widget._handle_custom_msg({"n": 1, **content}, [])
    return received[0]


def options(tp: TP) -> list[str]:
    return [label for _, label in tp._cards["2.2"].widget.spec["fields"][1]["options"]]


def test_a_list_follows_the_rows_that_it_names_and_so_does_what_follows_it(here: Path) -> None:
    with capture_output():
        tp = shown()
        assert options(tp) == list(WAITING.values())
        first = tp._cards["2.2"]
        send(tp, "2.0", type="set", entries={"r1.name": "Nora", "r2.name": "Basile"})
        assert options(tp) == ["Nora", "Basile"]
        send(tp, "2.2", type="set", entries={"t1.cible": "r2"})
        assert tp._cards["2.4"].widget.status["personas"] == ["Basile"]
        send(tp, "2.0", type="set", entries={"r2.name": "nora"})
    assert tp._cards["2.2"] is first  # the same card, asked otherwise
    assert options(tp) == ["Nora (Fiche 1)", "nora (Fiche 2)"]
    assert tp._cards["2.4"].widget.status["personas"] == ["nora (Fiche 2)"]


def test_given_targets_replace_those_that_are_there_and_can_be_undone(here: Path) -> None:
    with capture_output():
        tp = shown()
        send(tp, "2.0", type="set", entries={"lignes": "r7 r8 r9", "r7.name": "Jeanne"})
        assert send(tp, "2.0", type="start", rank=1)["saved"]
        assert [row.texts for row in tp.rows("2.0")] == TARGETS
        assert "2 fiches reprises" in tp._cards["2.0"].widget.status["note"]
        send(tp, "2.0", type="undo")
        assert [row.texts for row in tp.rows("2.0")] == [{"name": "Jeanne"}]
        for rank in (7, -1, "0", None):
            assert not send(tp, "2.0", type="start", rank=rank)["saved"]


def test_targets_of_an_earlier_tp_are_copied_once_for_their_owner_alone(here: Path) -> None:
    with capture_output():
        tp = shown()
        assert not send(tp, "2.0", type="start", rank=0)["saved"]
        assert "Pas de dossier « tp1 »" in tp._cards["2.0"].widget.status["note"].replace("\xa0", " ")
        (here / "tp1").mkdir()
        assert not send(tp, "2.0", type="start", rank=0)["saved"]
        before = AnswerSheet.open(here / "tp1", "tp1")
        before.sign("a.martin")
        before.save("1.3", {"lignes": "r2 r1", "r1.name": "Nora", "r2.name": "Basile", "r1.part": "22 %"})
        assert send(tp, "2.0", type="start", rank=0)["saved"]
    assert [row.texts for row in tp.rows("2.0")] == [{"name": "Basile"}, {"name": "Nora"}]
    before.save("1.3", {})
    assert [row.texts["name"] for row in tp.rows("2.0")] == ["Basile", "Nora"]
    with pytest.raises(Explained, match="n’a pas de réponse"):
        earlier_rows(here / "tp1", "tp1", "1.3", "a.martin")
    with pytest.raises(Explained, match=r"signée a\.martin"):
        earlier_rows(here / "tp1", "tp1", "1.3", "b.durand")


def test_a_sheet_of_another_tp_is_told(here: Path) -> None:
    (here / "tp1").mkdir()
    (here / "tp1" / SHEET_NAME).write_bytes(Sheet("tp3").to_bytes())
    with pytest.raises(Explained):
        earlier_rows(here / "tp1", "tp1", "1.3", "a.martin")


@pytest.mark.parametrize("student", ["a.martin", "b.durand", "c.petit", "d.roux"])
def test_given_targets_share_everybody_who_gave_an_age_out(student: str) -> None:
    survey = case_study(student, "tp2").survey
    bounds = [RangeField("Âge", "ans").read(target["age"]) for target in age_groups(survey, ("Un", "Deux", "Trois"))]
    sizes = [int(segment(survey, {"age": pair}).sum()) for pair in bounds]
    assert sum(sizes) == survey["age"].notna().sum()
    assert min(sizes) >= 30


@pytest.mark.parametrize(
    "names",
    [
        {"r1.name": "Nora", "r2.name": "nora", "r3.name": "Nora (Fiche 1)"},
        {"r2.name": "Cible 1 à remplir"},
        {"r1.name": "🚲", "r2.name": "🚲", "r3.name": "Fiche 2"},
        {"r1.name": "A", "r2.name": "a", "r3.name": "A (Fiche 1)", "r4.name": "A (Fiche 1) (3)"},
    ],
)
def test_whatever_targets_are_called_no_two_options_read_alike(here: Path, names: dict[str, str]) -> None:
    with capture_output():
        tp = shown()
        assert send(tp, "2.0", type="set", entries=names)["saved"]
    assert len(set(map(plain, options(tp)))) == len(options(tp)) >= 2
    assert [row.id for row in tp.rows("2.0")] == [name.partition(".")[0] for name in names]
