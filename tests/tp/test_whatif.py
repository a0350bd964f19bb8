"""The what-if of the funnel against products of rates; what the card reads, says and refuses."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from cmlib.cases import Case, case_study
from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.tp import open_tp
from cmlib.tp.answers import SHEET_NAME, Sheet
from cmlib.tp.whatif_card import WhatIfCard, WhatIfWidget, sentence, what_if

YEAR = {"visiteur": 40_000, "prospect": 3_000, "client": 600, "ambassadeur": 90}
NOTHING = {"visiteur": "0", "prospect": "0", "client": "0"}
STARTS = list(NOTHING)


@pytest.fixture(autouse=True, scope="module")
def shell() -> Iterator[None]:
    """What `display` needs to publish anything."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


@st.composite
def years(draw: st.DrawFn) -> dict[str, int]:
    """Funnels of any size; nobody before the last step is missing."""
    visitors = draw(st.integers(1, 10**6))
    prospects = draw(st.integers(1, visitors))
    clients = draw(st.integers(1, prospects))
    return dict(zip(YEAR, (visitors, prospects, clients, draw(st.integers(0, clients))), strict=True))


moves = st.fixed_dictionaries({start: st.integers(-50, 50).map(lambda tenths: tenths / 10) for start in STARTS})


def by_hand(counts: dict[str, int], points: dict[str, float]) -> list[float]:
    """Multiply the rates, without our own code."""
    reached = [float(counts["visiteur"])]
    for start, (before, after) in zip(STARTS, pairwise(counts.values()), strict=True):
        rate = after / before + points.get(start, 0) / 100
        reached.append(reached[-1] * min(max(rate, 0), 1))
    return reached


@given(years(), moves)
def test_people_are_a_product_of_rates(counts: dict[str, int], points: dict[str, float]) -> None:
    assert list(what_if(counts, points).people.values()) == pytest.approx(by_hand(counts, points), rel=1e-9, abs=1e-6)


def test_a_case_computed_by_hand() -> None:
    found = what_if(YEAR, {"visiteur": 1, "client": -5})
    # 7,5 % + 1 point = 8,5 % of 40 000; then 20 %; then 15 % − 5 points = 10 %.
    assert found.people == pytest.approx({"visiteur": 40_000, "prospect": 3_400, "client": 680, "ambassadeur": 68})
    assert found.cut == {}


@given(years())
def test_no_point_gives_the_year(counts: dict[str, int]) -> None:
    found = what_if(counts, {})
    assert found.people == pytest.approx(counts, rel=1e-9, abs=1e-6)
    assert found.cut == {}
    assert untypeset(sentence(counts, found.people)) == "Rien ne change : ce sont les nombres de l’année."


@given(years(), moves, st.sampled_from(STARTS), st.floats(0, 5))
def test_more_points_never_bring_fewer_people(counts: dict[str, int], points: dict[str, float], start: str, more: float) -> None:
    before = what_if(counts, points).people
    after = what_if(counts, {**points, start: points[start] + more}).people
    assert all(after[state] >= before[state] - 1e-6 for state in before)


@given(years(), moves)
def test_nobody_is_added_on_the_way(counts: dict[str, int], points: dict[str, float]) -> None:
    people = list(what_if(counts, points).people.values())
    assert people[0] == counts["visiteur"]
    assert all(0 <= after <= before + 1e-6 for before, after in pairwise(people))


def test_a_rate_stays_a_rate() -> None:
    assert what_if(YEAR, {"visiteur": -100, "prospect": 200}).cut == {"visiteur": 0, "prospect": 1}
    everybody = dict.fromkeys(YEAR, 10)
    assert what_if(everybody, {"client": 0.1}).cut == {"client": 1}
    assert what_if(everybody, {"client": 0.1}).people["ambassadeur"] == pytest.approx(10)


@pytest.mark.parametrize("counts", [{}, {**YEAR, "client": 0}, {**YEAR, "prospect": 50_000}, {"visiteur": 3}])
def test_counts_that_are_not_a_funnel_are_refused(counts: dict[str, float]) -> None:
    with pytest.raises(InvalidInput):
        WhatIfCard(counts)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ((3_400, 680, 102), "400 prospects de plus, 80 clients de plus, 12 ambassadeurs de plus"),
        (
            (3_000, 600, 88.52),
            "autant de prospects que dans l’année, autant de clients que dans l’année, 1,5 ambassadeur de moins",
        ),
        ((3_001.26, 600.24, 90.04), "1,3 prospect de plus, 0,2 client de plus, autant d’ambassadeurs que dans l’année"),
    ],
)
def test_a_change_is_told_as_it_is_shown(people: tuple[float, ...], told: str) -> None:
    found = dict(zip(YEAR, (40_000, *people), strict=True))
    assert untypeset(sentence(YEAR, found)) == f"Pour les mêmes 40 000 visiteurs : {told}."


# The card.


def send(shown: WhatIfCard, **points: str) -> bool | None:
    """Do what the page does, and return whether the kernel obeyed."""
    return post(shown, {"type": "look", "points": {**NOTHING, **points}})


def post(shown: WhatIfCard, content: dict[str, Any]) -> bool | None:
    received: list[dict[str, Any]] = []
    shown.widget.send = lambda message, buffers=None: received.append(message)
    shown.widget._handle_custom_msg({**content, "n": 4}, [])
    assert [message["n"] for message in received] == [4]
    return received[0]["saved"]


def test_the_year_is_shown_first() -> None:
    status = WhatIfCard(YEAR).widget.status
    assert [untypeset(step["now"]) for step in status["steps"]] == ["40 000", "3 000", "600", "90"]
    assert all(step["now"] == step["then"] and step["bars"][0] == pytest.approx(step["bars"][1]) for step in status["steps"])
    assert json.loads(json.dumps(status)) == status


def test_points_move_the_numbers() -> None:
    shown = WhatIfCard(YEAR)
    assert send(shown, visiteur="1.5")
    status = shown.widget.status
    assert [untypeset(step["then"]) for step in status["steps"]] == ["40 000", "3 600", "720", "108"]
    assert status["points"] == {"visiteur": 1.5, "prospect": 0, "client": 0}
    assert "600 prospects de plus" in untypeset(status["sentence"])
    assert [step["bars"][1] / step["bars"][0] for step in status["steps"]] == pytest.approx([1, 1.2, 1.2, 1.2])
    assert send(shown, client="2,6 points")
    assert [untypeset(step["then"]) for step in shown.widget.status["steps"]] == ["40 000", "3 000", "600", "105,6"]


@given(years(), moves)
def test_every_bar_fits(counts: dict[str, int], points: dict[str, float]) -> None:
    shown = WhatIfCard(counts)
    assert send(shown, **{start: str(value) for start, value in points.items()})
    steps = shown.widget.status["steps"]
    assert all(0 <= part <= 1 + 1e-9 for step in steps for part in step["bars"])
    assert len({round(step["bars"][0], 9) for step in steps if step["now"] != "0"}) == 1  # contours are alike


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("1,5", 1.5, ""),
        ("+1,5 point", 1.5, ""),
        ("−0,3", -0.3, ""),
        ("", 0, ""),
        ("-0", 0, ""),
        ("12", 5, "De −5 à +5 points, par 0,1 : +5 est retenu."),
        ("-7", -5, "De −5 à +5 points, par 0,1 : −5 est retenu."),
        ("0,04", 0, "De −5 à +5 points, par 0,1 : 0 est retenu."),
    ],
)
def test_points_are_read_in_french(typed: str, kept: float, told: str) -> None:
    shown = WhatIfCard(YEAR)
    assert send(shown, visiteur=typed)
    assert str(shown.widget.status["points"]["visiteur"]) == str(float(kept))
    assert untypeset(shown.widget.status["told"]["visiteur"]) == told
    assert shown.widget.status["unread"] == []


def test_a_text_that_is_not_a_number_changes_nothing_and_is_told() -> None:
    shown = WhatIfCard(YEAR)
    send(shown, visiteur="2")
    before = shown.widget.status
    assert send(shown, visiteur="deux")
    assert shown.widget.status["points"] == before["points"]
    assert shown.widget.status["steps"] == before["steps"]
    assert shown.widget.status["unread"] == ["visiteur"]
    assert "« deux » n’est pas un nombre de points" in untypeset(shown.widget.status["told"]["visiteur"])
    assert send(shown, visiteur="2 %")
    assert "« 2 % » n’est pas un nombre de points" in untypeset(shown.widget.status["told"]["visiteur"])
    assert send(shown, visiteur="2")
    assert shown.widget.status == before


def test_a_rate_that_is_stopped_is_told_without_giving_it() -> None:
    shown = WhatIfCard({"visiteur": 1000, "prospect": 20, "client": 19, "ambassadeur": 0})
    send(shown, visiteur="-5", prospect="5")
    told = {start: untypeset(text) for start, text in shown.widget.status["told"].items()}
    assert told["visiteur"] == "Un taux ne descend pas sous 0 % : il est arrêté là, plus personne ne passe."
    assert told["prospect"] == "" and shown.widget.status["steps"][3]["bars"] == [0, 0]
    send(shown, prospect="5")
    shown = WhatIfCard({"visiteur": 1000, "prospect": 20, "client": 20, "ambassadeur": 0})
    send(shown, prospect="0.1")
    assert "ne dépasse pas 100 %" in untypeset(shown.widget.status["told"]["prospect"])


def test_no_rate_is_shown() -> None:
    shown = WhatIfCard(YEAR)
    send(shown, visiteur="1", client="-3")
    said = json.dumps({**shown.widget.spec, **shown.widget.status, "model": ""}, ensure_ascii=False)
    assert "%" not in said


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"type": "look"},
        {"type": "look", "points": []},
        {"type": "look", "points": {"visiteur": "1"}},
        {"type": "look", "points": {**NOTHING, "client": 1}},
        {"type": "keep", "points": NOTHING},
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(content: dict[str, Any]) -> None:
    shown = WhatIfCard(YEAR)
    before = shown.widget.status
    assert post(shown, content) is False
    assert shown.widget.status == before


# In a notebook.


def test_the_year_is_that_of_the_traffic() -> None:
    case = case_study("alice", "tp2")
    assert case.funnel_counts == {
        "visiteur": case.traffic["visitors"].sum(),
        "prospect": case.traffic["prospects"].sum(),
        "client": case.traffic["clients"].sum(),
        "ambassadeur": case.traffic["advocates"].sum(),
    }
    assert {type(count) for count in case.funnel_counts.values()} == {int}
    table = case.funnel_table().reset_index()
    assert list(table.columns) == ["Étape", "Personnes"]
    assert list(table["Étape"]) == ["Visiteurs", "Prospects", "Clients", "Ambassadeurs"]
    assert list(table["Personnes"]) == list(case.funnel_counts.values())


def counted(case: Case) -> dict[str, int]:
    """What a notebook's own function may be."""
    return case.funnel_counts


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tp2").mkdir()
    monkeypatch.chdir(tmp_path / "tp2")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path / "tp2"


@pytest.mark.parametrize("by_function", [True, False])
def test_a_notebook_shows_the_card_of_who_signs(here: Path, monkeypatch: pytest.MonkeyPatch, by_function: bool) -> None:
    made: list[int] = []
    monkeypatch.setattr(WhatIfCard, "refresh", lambda self: made.append(self.counts["visiteur"]))
    with capture_output() as captured:
        tp = open_tp("tp2")
        tp.what_if(counted if by_function else tp.case.funnel_counts)
    assert made == []
    assert "Et si un taux de passage changeait" in str(captured.outputs[-1].data)
    assert tp._header is not None
    with capture_output():
        tp._header.widget._handle_custom_msg({"type": "sign", "student": "alice", "n": 1}, [])
        tp._header.widget._handle_custom_msg({"type": "sign", "student": "bob", "n": 2}, [])
    assert made == [case_study(student, "tp2").funnel_counts["visiteur"] for student in ("alice", "bob")]
    assert [path.name for path in here.iterdir() if "reponses" not in path.name] == []


def test_counts_of_nobody_need_no_signature(here: Path) -> None:
    with capture_output() as captured:
        open_tp("tp2").what_if(YEAR)
    assert "Vos données" not in str(captured.outputs[-1].data)


def test_grading_shows_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (here / SHEET_NAME).write_bytes(Sheet("tp2", "alice", {}).to_bytes())
    with capture_output():
        tp = open_tp("tp2")
    with capture_output() as captured:
        tp.what_if(counted)
        tp.what_if(tp.case.funnel_counts)
    assert captured.outputs == []


def test_the_front_holds_no_network_address() -> None:
    assert "http" not in WhatIfWidget._esm
    assert "url(" not in str(WhatIfWidget._css)
