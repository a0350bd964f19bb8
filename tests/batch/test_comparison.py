"""Scenarios compared: the order, what a page of thousands holds, the figure that says it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cmlib.batch import comparison
from cmlib.batch.comparison import LISTED, goal_intervals, ranked, write_comparison
from cmlib.french import untypeset

shares = st.floats(0, 1)


def result(chance: float = 0.5, kpi: str = "clients", expected: float = 12.0, cost: float = 100.0) -> dict[str, Any]:
    """Return what a comparison looks at."""
    goal = {"kpi": kpi, "target": 10.0, "expected": expected, "low": expected - 4, "high": expected + 4, "chance": chance}
    change = {"name": "Articles du site : 10 € de plus", "effect": 2.0, "cost": 10.0, "chance": 0.6, "affordable": True}
    base = {"brand": "Vélambule", "draws": 1000, "budget": 200.0, "cost": cost, "decisions": {}}
    return base | {"goal": goal, "changes": [change | {"affordable": False, "name": "trop cher"}, change]}


@given(st.dictionaries(st.text(min_size=1), st.tuples(shares, st.sampled_from(["clients", "revenue"])), max_size=8), st.randoms())
def test_the_surest_comes_first_whatever_the_order_they_were_run_in(found: dict[str, tuple[float, str]], luck: Any) -> None:
    results = {name: result(chance, kpi) for name, (chance, kpi) in found.items()}
    names = ranked(results, "clients")
    assert set(names) == {name for name, (_, kpi) in found.items() if kpi == "clients"}
    chances = [found[name][0] for name in names]
    assert chances == sorted(chances, reverse=True)
    shuffled = list(results)
    luck.shuffle(shuffled)
    assert ranked({name: results[name] for name in shuffled}, "clients") == names


def test_between_two_as_sure_the_further_then_the_cheaper_comes_first() -> None:
    results = {"cher": result(cost=200), "loin": result(expected=13), "a": result(), "b": result()}
    assert ranked(results, "clients") == ["loin", "a", "b", "cher"]


def test_a_page_of_thousands_holds_the_first_and_the_tables_hold_all(folder: Path) -> None:
    results = {f"s{rank:04}": result(1 - rank / 5000) for rank in range(LISTED + 200)}
    write_comparison(results, {"raté": "sa marque n’a pas de nom."}, folder)
    page = untypeset((folder / "index.html").read_text(encoding="utf-8"))
    assert page.count('<th scope="row">') == LISTED and f"s{LISTED - 1:04}" in page and f"s{LISTED:04}" not in page
    assert "1 200 scénarios, 1 000 tirages chacun, les 30 premiers en image, les 1 000 premiers dans le tableau" in page
    assert "sa marque n’a pas de nom." in page and "Articles du site : 10 € de plus (+2 )" not in page
    assert (folder / "comparaison.csv").read_text(encoding="utf-8-sig").count("\n") == LISTED + 201
    sheet = load_workbook(folder / "comparaison.xlsx").active
    assert sheet is not None and sheet.max_row == LISTED + 201
    assert sheet["M2"].value is not None and untypeset(str(sheet["M2"].value)).startswith("Articles du site : 10 € de plus")
    assert (folder / "figures" / "clients.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (12.0, "recouvre celle de « b » : entre les deux, la chance peut décider"),
        (1.0, "tout entière au-dessus de celle de « b »"),
    ],
)
def test_it_says_whether_luck_could_change_the_first_place(second: float, said: str) -> None:
    results = {"a": result(0.9), "b": result(0.1, expected=second)}
    assert said in untypeset(comparison._told(results, ["a", "b"]))


def test_the_figure_tells_each_line_in_its_alternative_text() -> None:
    figure = goal_intervals({"un nom très long " * 6: result(), "<b>": result(1.0)}, "clients")
    told = untypeset(str(figure.get_label()))
    assert "<b> 120 % de l’objectif (de 80 % à 160 %), atteint dans 100 % des tirages" in told and "50 % des tirages" in told
