"""What the explorer shows of a filter, against pandas; what it refuses; the segments that are kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from cmlib.cases import case_study
from cmlib.errors import InvalidInput
from cmlib.french import NNBSP, untypeset
from cmlib.segments import segment
from cmlib.tp import open_tp
from cmlib.tp.answers import SHEET_NAME, Sheet
from cmlib.tp.explorer import SurveyExplorer, View
from cmlib.tp.explorer_card import KEPT_NAME, ExplorerCard, ExplorerWidget
from cmlib.tp.explorer_words import Filter, mark, sentence, size, warning, write_index
from cmlib.tp.sheet import AnswerSheet

NETWORKS = ["Facebook", "Instagram", "TikTok"]
JOBS = ["cadres", "employés", "ouvriers"]
EVERYBODY: dict[str, Any] = {"age": [None, None], "chosen": {}, "question": "reseaux", "sort": "index", "cross": ""}


@pytest.fixture(scope="module")
def alice() -> SurveyExplorer:
    case = case_study("alice", "tp1")
    return SurveyExplorer(case.survey, case.brand.survey.choices)


@pytest.fixture(autouse=True, scope="module")
def shell() -> Iterator[None]:
    """What `display` needs to publish anything."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@st.composite
def surveys(draw: st.DrawFn) -> pd.DataFrame:
    """Surveys of any size where anything may be missing; the first respondent has answered everything."""
    person = st.tuples(
        st.one_of(st.none(), st.integers(15, 80)),
        st.one_of(st.none(), st.sampled_from(JOBS)),
        st.sets(st.sampled_from(NETWORKS)).map(lambda found: " | ".join(sorted(found)) or None),
        st.booleans(),
    )
    rows = [(30, "cadres", "Facebook | TikTok", True), *draw(st.lists(person, max_size=25))]
    table = pd.DataFrame(rows, columns=["age", "csp", "reseaux", "assistee_avant"])
    return table.assign(age=table["age"].astype(float), assistee_avant=table["assistee_avant"].astype(bool))


filters = st.builds(
    lambda ages, jobs, networks: Filter(
        (min(ages), max(ages)) if ages else (None, None),
        {name: tuple(wanted) for name, wanted in (("csp", jobs), ("reseaux", networks)) if wanted},
    ),
    st.lists(st.integers(10, 90).map(float), max_size=2),
    st.lists(st.sampled_from(JOBS), unique=True),
    st.lists(st.sampled_from(NETWORKS), unique=True),
)


def dummies(survey: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return who gives which answer, those who gave none left out, the pandas way."""
    return survey[column].dropna().str.replace(" | ", "|").str.get_dummies("|")


def by_hand(survey: pd.DataFrame, of: Filter) -> "pd.Series[bool]":
    """Select without our own code."""
    chosen = pd.Series(True, index=survey.index)
    if of.age != (None, None):
        chosen &= survey["age"].between(of.age[0], of.age[1])
    for name, wanted in of.chosen.items():
        found = dummies(survey, name).reindex(columns=list(wanted), fill_value=0).any(axis=1)
        chosen &= found.reindex(survey.index, fill_value=False)
    return chosen


def known(explorer: SurveyExplorer, of: Filter) -> Filter:
    """Keep of a filter the answers that somebody gave: others are refused before they get there."""
    chosen = {name: tuple(a for a in wanted if a in explorer.offered.get(name, ())) for name, wanted in of.chosen.items()}
    return Filter(of.age, {name: wanted for name, wanted in chosen.items() if wanted})


@given(survey=surveys(), of=filters, by_count=st.booleans())
def test_every_number_is_that_of_pandas(survey: pd.DataFrame, of: Filter, by_count: bool) -> None:
    explorer = SurveyExplorer(survey)
    of = known(explorer, of)
    chosen = by_hand(survey, of)
    assert explorer.members(of).tolist() == chosen.tolist()
    shown = explorer.look(View(of, "reseaux", by_count, cross="csp"))
    assert untypeset(shown["size"]).startswith(f"{int(chosen.sum())} personne")
    table = dummies(survey, "reseaux")
    inside = table[chosen.reindex(table.index)]
    rows = shown["answers"]["rows"]
    assert bool(rows) == bool(len(inside))
    for row in rows:
        assert int(row["count"]) == inside[row["label"]].sum()
        assert row["bars"] == pytest.approx([inside[row["label"]].mean(), table[row["label"]].mean()])
        assert row["mark"] == mark(round(100 * row["bars"][0] / row["bars"][1], 9))
    order = [int(row["count"]) if by_count else round(100 * row["bars"][0] / row["bars"][1], 9) for row in rows]
    assert order == sorted(order, reverse=True)


@given(survey=surveys(), of=filters)
def test_a_cross_table_is_that_of_pandas(survey: pd.DataFrame, of: Filter) -> None:
    explorer = SurveyExplorer(survey)
    of = known(explorer, of)
    members = by_hand(survey, of)
    shown = explorer.look(View(of, "csp", cross="assistee_avant"))["cross"]
    words = survey["assistee_avant"].map({True: "oui", False: "non"})
    counts = words[members].value_counts()
    wanted = pd.crosstab(words[members], survey["csp"][members], normalize="index")
    for answer, count, *cells in shown["rows"]:
        assert int(count) == counts.get(answer, 0)
        for column, cell in zip(shown["head"][2:], cells, strict=True):
            if answer not in wanted.index:
                assert cell == "–"
            else:
                value = wanted.loc[answer, column] if column in wanted.columns else 0.0
                assert float(cell[:-2]) / 100 == pytest.approx(value, abs=0.0051)


@given(survey=surveys(), of=filters)
def test_each_answer_says_how_many_it_would_select_alone(survey: pd.DataFrame, of: Filter) -> None:
    explorer = SurveyExplorer(survey)
    of = known(explorer, of)
    facets = explorer.look(View(of, "reseaux"))["facets"]
    for name, counts in facets.items():
        for answer, count in counts.items():
            alone = Filter(of.age, {**of.chosen, name: (answer,)})
            assert int(count) == by_hand(survey, alone).sum()


@given(survey=surveys(), kept=st.lists(filters, max_size=3), now=filters)
def test_persons_in_common_are_counted(survey: pd.DataFrame, kept: list[Filter], now: Filter) -> None:
    explorer = SurveyExplorer(survey)
    kept, now = [known(explorer, of) for of in kept], known(explorer, now)
    shown = explorer.compare([(f"S{place}", of) for place, of in enumerate(kept)], View(now, "reseaux"))
    masks = [by_hand(survey, of) for of in kept]
    pairs = [int((masks[i] & masks[j]).sum()) for i in range(len(kept)) for j in range(i + 1, len(kept))]
    for text, both in zip(shown["pairs"], pairs, strict=True):
        assert (f": {both} personne" if both else "aucune personne en commun") in untypeset(text)
    assert shown["verdict"][:1] == ("" if len(kept) < 2 else "≠" if any(pairs) else "✓")
    for card, of, mask in zip(shown["cards"], kept, masks, strict=True):
        both = int((mask & by_hand(survey, now)).sum())
        told = "segment affiché." if of == now else f"{both} personne" if both else "Aucune personne"
        assert told in untypeset(card["now"])


@given(st.floats(0, 1000))
def test_an_index_is_never_written_on_the_other_side_of_a_threshold(index: float) -> None:
    shown = float(untypeset(write_index(index)).replace(" ", "").replace(",", "."))
    assert mark(shown) == mark(index) or abs(shown - index) < 1e-6


def test_marks_are_words_and_signs() -> None:
    assert [mark(index)[:1] for index in (120.1, 120, 80, 79.9, 0)] == ["▲", "", "", "▼", "▼"]
    assert "plus" in mark(150)
    assert "moins" in mark(10)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (Filter(), "Toute l’enquête"),
        (Filter((25, 34), {"csp": ("cadres", "employés")}), "25 à 34 ans, cadres ou employés"),
        (Filter((65, None)), "65 ans et plus"),
        (Filter((None, 17)), "17 ans et moins"),
        (Filter((30, 30), {"sexe": ("femme",)}), "30 ans, femmes"),
        (Filter((None, None), {"reseaux": ("X (Twitter)", "TikTok")}), "Sur X (Twitter) ou TikTok"),
        (Filter((None, None), {"csp": ("a", "b", "c"), "habitat": ("village",)}), "A, b ou c ; habitat : village"),
        (Filter((None, None), {"revenu": ("1 500 à 2 500 €",)}), "Revenu : 1 500 à 2 500 €"),
    ],
)
def test_a_filter_is_told_in_a_sentence(of: Filter, told: str) -> None:
    assert untypeset(sentence(of)) == told


def test_sizes_are_french_and_small_segments_are_warned_of() -> None:
    assert size(np.arange(400) < 62) == f"62 personnes, 15,5{NNBSP}% des 400 interrogées"
    assert untypeset(size(np.arange(1200) < 1)) == "1 personne, 0,1 % des 1 200 interrogées"
    assert warning(np.arange(400) < 30) == ""
    assert "trop peu pour conclure" in warning(np.arange(400) < 29)
    assert "hypothèse" in warning(np.arange(400) < 29)
    assert "retirez" in warning(np.arange(400) < 0)


def test_an_empty_segment_is_told_and_breaks_nothing(alice: SurveyExplorer) -> None:
    view = alice.read_view({**EVERYBODY, "age": [17, 17], "chosen": {"csp": ["cadres"]}, "cross": "sexe"})
    assert view is not None
    shown = alice.look(view)
    assert shown["size"].startswith("0 personne,")
    assert shown["answers"]["rows"] == []
    assert "élargissez" in shown["answers"]["about"]
    assert set(shown["cross"]["rows"][0][2:]) == {"–"}
    assert alice.compare([("Vide", view.filter)], view)["table"]["rows"][0][1] == "–"


def test_who_gave_no_age_is_selected_only_without_a_range(alice: SurveyExplorer) -> None:
    missing = alice.table["age"].isna().to_numpy()
    assert missing.any()
    assert (alice.members(Filter()) & missing).any()
    assert not (alice.members(Filter((None, 99))) & missing).any()
    assert alice.spec()["no_age"].startswith(f"{int(missing.sum())} personnes")


def test_odd_surveys_are_offered_for_what_they_have() -> None:
    ages = [np.nan, np.nan, np.nan]
    explorer = SurveyExplorer(pd.DataFrame({"age": ages, "csp": ["cadres", None, ""], "revenu": [None, None, None]}))
    spec = explorer.spec()
    assert spec["ages"] is None
    assert [filter_["name"] for filter_ in spec["filters"]] == ["csp"]
    assert explorer.read_filter({"age": [20, None], "chosen": {}}) is None
    assert explorer.look(explorer.first_view())["answers"]["rows"][0]["count"] == "1"
    with pytest.raises(InvalidInput, match="aucune réponse"):
        SurveyExplorer(pd.DataFrame({"age": [20.0], "autre": ["x"]}).iloc[:0])
    with pytest.raises(InvalidInput, match="aucune réponse"):
        SurveyExplorer(pd.DataFrame({"csp": [None, None]}))
    strange = SurveyExplorer(pd.DataFrame({"age": ["20", "vieux", -4, 999], "sexe": ["femme", "homme", "femme", "homme"]}))
    assert strange.spec()["ages"] == {"first": 20, "counts": [1]}


def test_everybody_has_an_index_of_a_hundred(alice: SurveyExplorer) -> None:
    for name in alice.offered:
        rows = alice.look(View(Filter(), name))["answers"]["rows"]
        assert {row["index"] for row in rows} == {"100"}
        assert [row["label"] for row in rows if row["mark"]] == []


def test_conditions_together_are_those_of_a_segment(alice: SurveyExplorer) -> None:
    of = Filter((20, 40), {"csp": ("cadres", "employés"), "reseaux": ("Instagram",)})
    wanted = segment(case_study("alice", "tp1").survey, {"age": (20, 40), "csp": {"cadres", "employés"}, "reseaux": "Instagram"})
    assert alice.members(of).tolist() == wanted.tolist()
    assert alice.members(of, without="csp").sum() > wanted.sum()


def test_answers_are_offered_in_the_order_of_their_author(alice: SurveyExplorer) -> None:
    offered = {filter_["name"]: [answer for answer, _ in filter_["answers"]] for filter_ in alice.spec()["filters"]}
    assert offered["revenu"][0].startswith("moins de")
    assert offered["revenu"][-1].startswith("plus de")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        3,
        {},
        {"age": [20], "chosen": {}},
        {"age": ["20", 30], "chosen": {}},
        {"age": [True, None], "chosen": {}},
        {"age": [40, 20], "chosen": {}},
        {"age": [-1, None], "chosen": {}},
        {"age": [None, 1e300], "chosen": {}},
        {"age": [float("nan"), None], "chosen": {}},
        {"age": [10**400, None], "chosen": {}},
        {"age": [None, None], "chosen": []},
        {"age": [None, None], "chosen": {"csp": ["astronautes"]}},
        {"age": [None, None], "chosen": {"csp": [["cadres"]]}},
        {"age": [None, None], "chosen": {"csp": "cadres"}},
        {"age": [None, None], "chosen": {"repondant": ["R001"]}},
        {"age": [None, None], "chosen": {"gouts": ["humour"]}},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(alice: SurveyExplorer, raw: object) -> None:
    assert alice.read_filter(raw) is None
    assert alice.read_view({**EVERYBODY, **raw} if isinstance(raw, dict) and raw else raw) is None


@pytest.mark.parametrize(
    "change", [{"question": "age"}, {"question": []}, {"cross": None}, {"cross": {}}, {"sort": "nom"}, {"sort": 1}]
)
def test_a_view_that_makes_no_sense_is_refused(alice: SurveyExplorer, change: dict[str, object]) -> None:
    assert alice.read_view({**EVERYBODY, **change}) is None


def test_a_view_is_read_back(alice: SurveyExplorer) -> None:
    raw = {"age": [20, None], "chosen": {"csp": ["cadres"]}, "question": "gouts", "sort": "count", "cross": "sexe"}
    view = alice.read_view(raw)
    assert view is not None
    assert view.as_json() == raw
    assert alice.read_view(json.loads(json.dumps(view.as_json()))) == view
    crossed_with_itself = alice.read_view({**raw, "cross": "gouts"})
    assert crossed_with_itself is not None
    assert crossed_with_itself.cross == ""


# The card.


def card(folder: Path, student: str = "alice") -> ExplorerCard:
    sheet = AnswerSheet.open(folder, "tp1")
    sheet.expected = student
    with capture_output():
        return ExplorerCard(case_study(student, "tp1"), sheet)


def send(shown: ExplorerCard, content: dict[str, Any]) -> bool | None:
    """Do what the page does, and return whether the kernel obeyed."""
    received: list[dict[str, Any]] = []
    shown.widget.send = lambda message, buffers=None: received.append(message)
    shown.widget._handle_custom_msg({**content, "n": 4}, [])
    assert [message["n"] for message in received] == [4]
    return received[0]["saved"]


def names(shown: ExplorerCard) -> list[str]:
    return [segment["name"] for segment in shown.widget.status["kept"]["cards"]]


def test_a_change_is_one_message(folder: Path) -> None:
    shown = card(folder)
    assert send(shown, {"type": "look", "view": {**EVERYBODY, "age": [25, 34]}})
    assert untypeset(shown.widget.status["sentence"]) == "25 à 34 ans"
    assert shown.widget.status["view"]["question"] == "reseaux"
    assert list(folder.iterdir()) == []
    assert json.loads(json.dumps(shown.widget.status)) == shown.widget.status


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"type": "look"},
        {"type": "look", "view": {**EVERYBODY, "chosen": {"csp": ["astronautes"]}}},
        {"type": "autre", "view": EVERYBODY},
        {"type": "drop", "view": EVERYBODY, "place": 1},
        {"type": "drop", "view": EVERYBODY, "place": -1},
        {"type": "rename", "view": EVERYBODY, "place": "0", "name": "x"},
        {"type": "rename", "view": EVERYBODY, "place": True, "name": "x"},
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(folder: Path, content: dict[str, Any]) -> None:
    shown = card(folder)
    send(shown, {"type": "keep", "name": "Un", "view": EVERYBODY})
    before = shown.widget.status
    assert send(shown, content) is False
    assert shown.widget.status == before


def test_segments_are_kept_renamed_and_removed(folder: Path) -> None:
    shown = card(folder)
    young = {**EVERYBODY, "age": [None, 30]}
    assert send(shown, {"type": "keep", "name": " Jeunes\n", "view": young})
    assert send(shown, {"type": "keep", "name": "Jeunes", "view": EVERYBODY})
    assert send(shown, {"type": "keep", "name": None, "view": EVERYBODY})
    assert names(shown) == ["Jeunes", "Jeunes 2", "Segment 1"]
    assert send(shown, {"type": "keep", "name": "Un de trop", "view": EVERYBODY}) is False
    assert send(shown, {"type": "rename", "place": 1, "name": "x" * 80, "view": EVERYBODY})
    assert names(shown) == ["Jeunes", "x" * 40, "Segment 1"]
    assert send(shown, {"type": "drop", "place": 1, "view": EVERYBODY})
    again = card(folder)
    assert names(again) == ["Jeunes", "Segment 1"]
    assert untypeset(again.widget.status["kept"]["cards"][0]["sentence"]) == "30 ans et moins"
    assert not (folder / SHEET_NAME).exists()


def test_kept_segments_belong_to_who_kept_them(folder: Path) -> None:
    send(card(folder), {"type": "keep", "name": "Mien", "view": EVERYBODY})
    other = card(folder, "bob")
    assert names(other) == []
    send(other, {"type": "keep", "name": "Autre", "view": EVERYBODY})
    assert names(card(folder, "Alice ")) == ["Mien"]
    for number in range(9):
        send(card(folder, f"passant{number}"), {"type": "keep", "view": EVERYBODY})
    assert len(json.loads((folder / KEPT_NAME).read_bytes())) == 8


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"alice": 3}',
        b'{"alice": [3, {"name": "x"}]}',
        b'{"alice": [{"age": [null, null], "chosen": {"csp": ["x"]}}]}',
    ],
)
def test_a_damaged_file_is_forgotten(folder: Path, content: bytes) -> None:
    (folder / KEPT_NAME).write_bytes(content)
    shown = card(folder)
    assert names(shown) == []
    assert send(shown, {"type": "keep", "name": "Un", "view": EVERYBODY})
    assert names(card(folder)) == ["Un"]


def test_what_could_not_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = card(folder)

    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("cmlib.tp.explorer_card.replace_file", full)
    assert send(shown, {"type": "keep", "name": "Un", "view": EVERYBODY})
    assert "disque plein" in shown.widget.status["note"]
    assert "perdus" in shown.widget.status["note"]
    assert names(shown) == ["Un"]
    monkeypatch.undo()
    shown.sheet.on_hold = "Non enregistré : dites qui vous êtes."
    assert send(shown, {"type": "keep", "name": "Deux", "view": EVERYBODY})
    assert shown.widget.status["note"].startswith("Non enregistré")
    assert not (folder / KEPT_NAME).exists()


# In a notebook.


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


def test_it_waits_for_a_signature_then_follows_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(ExplorerCard, "refresh", lambda self: made.append(self._owner))
    with capture_output() as captured:
        tp = open_tp("tp1")
        tp.explore_survey()
    assert made == []
    assert "Explorer l’enquête" in str(captured.outputs[-1].data)
    assert tp._header is not None
    with capture_output() as captured:
        tp._header.widget._handle_custom_msg({"type": "sign", "student": "alice", "n": 1}, [])
        tp._header.widget._handle_custom_msg({"type": "sign", "student": "bob", "n": 2}, [])
    assert made == ["alice", "bob"]


def test_grading_shows_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (here / SHEET_NAME).write_bytes(Sheet("tp1", "alice", {}).to_bytes())
    with capture_output():
        tp = open_tp("tp1")
    with capture_output() as captured:
        tp.explore_survey()
    assert captured.outputs == []


def test_the_front_holds_no_network_address() -> None:
    assert "http" not in ExplorerWidget._esm
    assert "url(" not in str(ExplorerWidget._css)
