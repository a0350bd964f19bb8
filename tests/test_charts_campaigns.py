"""Figures of simulated campaigns: what they tell follows the data, nothing is cut or covered whatever the data."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from cmlib import charts
from cmlib.campaign import MEASURES, Result, simulate
from cmlib.charts import campaigns, counterfactuals, style
from cmlib.errors import InvalidInput
from cmlib.french import typeset, untypeset
from cmlib.scenario import Scenario
from tests.test_charts import alt, contrast, png, texts

BASE: dict[str, Any] = {
    "brand": {"name": "Vélambule", "followers": {"facebook": 9000, "instagram": 7000}, "awareness": 0.12, "visits": 900,
              "basket": 1900},
    "targets": [{"name": "familles", "people": 60_000, "usage": {"facebook": 0.7, "instagram": 0.6, "tiktok": 0.3}}],
    "goal": {"kpi": "awareness", "target": 0.2},
    "budget": 100_000,
    "paid": [{"network": "facebook", "spend": 300}, {"network": "instagram", "spend": 250}],
    "owned": [{"network": "instagram", "posts": 3, "format": "video", "slot": "jeudi 13:00"}],
    "articles": 0.5,
    "earned": {"relays": 0.25},
}  # fmt: skip
NOTHING: dict[str, Any] = {"paid": [], "owned": [], "articles": 0, "earned": {}}
LONG = "Tout miser sur les relais d’influence des associations de parents d’élèves et des clubs, puis sur le bouche à oreille 🚲"


def result(draws: int = 60, **changes: Any) -> Result:
    return simulate(Scenario(**(BASE | changes)), draws)


def scaled(factor: float) -> Result:
    base = result()
    return replace(
        base,
        mean={name: values * factor for name, values in base.mean.items()},
        kept={name: values * factor for name, values in base.kept.items()},
    )


def four(**changes: Any) -> dict[str, Result]:
    return {
        LONG: result(**changes),
        LONG.replace("relais", "contenus"): result(**changes, paid=[{"network": "facebook", "spend": 310}]),
        "Rien": result(**changes, **NOTHING),
        "Publications": result(**changes, **(NOTHING | {"owned": [{"network": "facebook", "posts": 4}]})),
    }


EFFECTS = {"publicité": 0.05, "publications": 0.02, "articles": -0.01, "relais d’influence": 0.0004}


def waterfall(effects: dict[str, float] = EFFECTS, unit: str = "%", **changes: Any) -> Figure:
    values = {"baseline": 0.12, "joint": -0.004, "luck": -0.0123, "title": "Notoriété à la fin de la campagne"} | changes
    expected = values["baseline"] + sum(effects.values()) + values["joint"]
    told: dict[str, Any] = {"expected": expected, "actual": expected + values["luck"]} | values
    return charts.counterfactual_waterfall(effects=effects, unit=unit, **told)


CRISIS = {"week": 5, "severity": 0.8}
SAMPLES: dict[str, Callable[[], Figure]] = {
    "bands-two": lambda: charts.scenario_bands(
        {"Publicité et publications": result(), "Sans publicité": result(paid=[])}, "awareness"
    ),
    "bands-one": lambda: charts.scenario_bands({"Vélambule": result()}, "visitors"),
    "bands-one-week": lambda: charts.scenario_bands(four(weeks=1), "clients"),
    "bands-year": lambda: charts.scenario_bands(four(weeks=52, goal={"kpi": "reach", "target": 0.5}), "cumulative_reach"),
    "bands-four": lambda: charts.scenario_bands(four(), "awareness"),
    "bands-goals": lambda: charts.scenario_bands(
        {"A": result(), "B": result(goal={"kpi": "awareness", "target": 0.21})}, "awareness"
    ),
    "bands-zero": lambda: charts.scenario_bands({"Rien": result(**NOTHING)}, "paid"),
    "bands-roi": lambda: charts.scenario_bands({"Cher": result(brand={"name": "X"}), "Vélambule": result()}, "net_roi"),
    "bands-huge": lambda: charts.scenario_bands({"Géant": scaled(1e9), "Grand": scaled(4e8)}, "revenue"),
    "bands-tiny": lambda: charts.scenario_bands({"Minuscule": scaled(1e-7)}, "sentiment"),
    "poem": lambda: charts.poem_mix({"Vélambule": result(), "Sans publicité": result(paid=[]), "Rien": result(**NOTHING)}),
    "poem-four": lambda: charts.poem_mix(four(weeks=52)),
    "poem-one": lambda: charts.poem_mix({"Vélambule": result()}),
    "poem-zero": lambda: charts.poem_mix({"Rien": result(**NOTHING)}),
    "poem-huge": lambda: charts.poem_mix({"Géant": scaled(1e9), "Minuscule": scaled(1e-9)}),
    "dashboard": lambda: charts.three_week_dashboard(result(crisis=CRISIS), 6),
    "dashboard-first": lambda: charts.three_week_dashboard(result(), 3),
    "dashboard-year": lambda: charts.three_week_dashboard(result(weeks=52, brand=BASE["brand"] | {"name": LONG}), 52),
    "dashboard-nothing": lambda: charts.three_week_dashboard(result(**NOTHING, brand={"name": "X"}), 12),
    "dashboard-huge": lambda: charts.three_week_dashboard(scaled(1e9), 12),
    "dashboard-tiny": lambda: charts.three_week_dashboard(scaled(1e-7), 12),
    "waterfall": lambda: waterfall(),
    "waterfall-euros": lambda: waterfall(
        {LONG: 12_500.5, LONG[:60]: -45_000, "articles": 20_000}, "€", baseline=30_000, joint=1500, luck=-60_000, title=LONG * 2
    ),
    "waterfall-huge": lambda: waterfall({"a": 3e14, "b": -1e14}, "", baseline=1e14, joint=0, luck=5),
    "waterfall-tiny": lambda: waterfall({"a": 2e-7}, "jours", baseline=0, joint=0, luck=-3e-7),
    "waterfall-nothing": lambda: waterfall({"a": 0, "b": 0}, "points", baseline=0, joint=0, luck=0),
    "waterfall-many": lambda: waterfall({f"décision n° {rank}": rank * (-1) ** rank for rank in range(1, 13)}, ""),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    return {name: draw() for name, draw in SAMPLES.items()}


def shown(figure: Figure) -> list[str]:
    return [untypeset(text.get_text()) for text in texts(figure)]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_figure_renders_within_the_page(name: str, drawn: dict[str, Figure]) -> None:
    assert drawn[name].get_size_inches()[0] <= 9.6
    assert png(drawn[name]).startswith(b"\x89PNG")


@pytest.mark.parametrize("dpi", [72, 100, 144])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_is_cut_or_covers_another(name: str, dpi: int, drawn: dict[str, Figure]) -> None:
    figure = drawn[name]
    figure.set_dpi(dpi)
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    figure.set_dpi(100)
    assert boxes
    for text, box in boxes:
        assert box.x0 >= 0 and box.x1 <= 9.6 * dpi, f"{text!r} leaves the figure"
        assert box.y0 >= 0 and box.y1 <= figure.get_size_inches()[1] * dpi, f"{text!r} leaves the figure"
    for (one, first), (other, second) in combinations(boxes, 2):
        width = min(first.x1, second.x1) - max(first.x0, second.x0)
        height = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert width <= 0.5 or height <= 0.5, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("dashboard")])
def test_what_a_panel_holds_stays_within_its_edges(name: str, drawn: dict[str, Figure]) -> None:
    page = drawn[name].axes[0]
    drawn[name].draw_without_rendering()
    panels, bands = ([patch.get_window_extent() for patch in page.patches[first::2]] for first in (0, 1))
    assert len(panels) == len(bands) == 8
    assert all(panel.contains(*band.min) and panel.contains(*band.max) for panel, band in zip(panels, bands, strict=True))
    for text in page.texts[2:]:
        extent = text.get_window_extent()
        assert sum(panel.contains(*extent.min) and panel.contains(*extent.max) for panel in panels) == 1, text.get_text()


@pytest.mark.parametrize("name", SAMPLES)
def test_words_have_french_typography(name: str, drawn: dict[str, Figure]) -> None:
    for text in [str(drawn[name].get_label()), *(text.get_text() for text in texts(drawn[name]))]:
        assert not re.search(
            r" [:;!?%»€]|« |[^\s\u202f][;!?]|[0-9]\.[0-9]|nan|inf|  |[0-9]-|-[0-9]", text.replace("influ", "")
        ), text
        assert typeset(text) == text
    label = str(drawn[name].get_label())
    assert label.endswith(".") and ".." not in label and "\n" not in label


def test_words_stand_out_on_the_bars() -> None:
    for _, fill, _ in campaigns._MEDIA.values():
        assert contrast(fill, style.FILLS[fill]) >= 4.5
    fills = [(fill, hatch) for _, fill, hatch in campaigns._MEDIA.values()]
    kinds = [(fill, hatch) for fill, hatch, _ in counterfactuals._KINDS.values()]
    assert all(len({hatch for _, hatch in group}) == len(group) for group in (fills, kinds))


# --- what is told


def test_the_bands_tell_where_each_scenario_starts_and_ends() -> None:
    flat = result()
    told = {
        name: replace(flat, kept=dict(flat.kept) | {"awareness": np.linspace(0.1, end, 12)[:, None] + np.linspace(0, 0.1, 101)})
        for name, end in (("A", 0.2), ("B", 0.3))
    }
    figure = charts.scenario_bands(told, "awareness")
    assert alt(figure) == (
        "Notoriété, sur 12 semaines, médiane et bande de 5 à 95 % des tirages. "
        "A : de 15 % à 25 % (bande à la fin : de 20,5 % à 29,5 %), objectif 20 %. "
        "B : de 15 % à 35 % (bande à la fin : de 30,5 % à 39,5 %), objectif 20 %. Finit le plus haut : B, "
        "10 points de plus que A."
    )
    assert {"A 25 % de 20,5 % à 29,5 %", "B 35 % de 30,5 % à 39,5 %", "objectif 20 %"} <= set(shown(figure))
    assert "à égalité : A et C." in alt(charts.scenario_bands({"A": flat, "C": flat}, "awareness"))
    assert "plus haut" not in alt(charts.scenario_bands({"A": flat}, "awareness"))


def test_a_goal_is_drawn_where_it_is_a_value_of_the_measure() -> None:
    visitors = result(goal={"kpi": "visitors", "target": 9000})
    assert "objectif" not in alt(charts.scenario_bands({"A": visitors}, "visitors"))
    assert "objectif" not in alt(charts.scenario_bands({"A": result()}, "reach"))
    reach = result(goal={"kpi": "reach", "target": 0.5})
    assert "objectif 50 %" in alt(charts.scenario_bands({"A": reach}, "cumulative_reach"))
    mixed = charts.scenario_bands({"A": result(), "B": visitors}, "awareness")
    assert alt(mixed).count("objectif") == 1 and "objectif de A 20 %" in shown(mixed)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_can_be_drawn(measure: str) -> None:
    figure = charts.scenario_bands({"A": result(draws=5), "B": result(draws=5, seed=2)}, measure)
    assert alt(figure).startswith(untypeset(MEASURES[measure]))


def test_the_mix_tells_shares_and_totals() -> None:
    base = result()
    parts = {"paid": 620.0, "owned": 378.0, "earned": 2.0}
    figure = charts.poem_mix({"A": replace(base, mean={name: np.full(1, count) for name, count in parts.items()})})
    assert alt(figure).endswith("A, 1 000 : paid 62 %, owned 38 %, earned < 1 %.")
    assert {"62 %", "38 %", "earned < 1 %", "1 000"} <= set(shown(figure))
    assert "Rien, aucune impression." in alt(charts.poem_mix({"Rien": result(**NOTHING)}))


def test_the_dashboard_tells_the_slice_against_the_one_before() -> None:
    base = result()
    series = {name: np.zeros(12) for name in MEASURES} | {
        "awareness": np.linspace(0.10, 0.21, 12),
        "clients": np.repeat([5.0, 4.0, 4.0, 9.0], 3),
        "cost": np.repeat([100.0, 100.0, 0.0, 0.0], 3),
        "roas": np.full(12, 2.5),
    }
    six = charts.three_week_dashboard(replace(base, mean=series), 6)
    assert alt(six).startswith(
        "Tableau de bord, semaines 4 à 6 sur 12, comparées aux semaines 1 à 3. Notoriété : 15 %, 3 points de"
    )
    assert "Nouveaux clients : 12, 3 de moins. Coût : 300 €, sans changement. ROAS depuis le début : 2,5, sans" in alt(six)
    assert {"↑ 3 points de plus", "↓ 3 de moins", "= sans changement", "300 €"} <= set(shown(six))
    twelve = charts.three_week_dashboard(replace(base, mean=series), 12)
    assert "Nouveaux clients : 27, 15 de plus." in alt(twelve) and "sem. 12" in shown(twelve)
    assert "rien à comparer" in alt(charts.three_week_dashboard(base, 5))
    assert "ROAS depuis le début : aucune dépense." in alt(charts.three_week_dashboard(result(**NOTHING), 6))


def test_the_waterfall_tells_every_step_in_order() -> None:
    figure = waterfall()
    assert alt(figure) == (
        "Notoriété à la fin de la campagne : sans rien décider, 12 %. Effet de chaque décision, du plus grand au plus petit : "
        "publicité +5 points ; publications +2 points ; articles −1 point ; relais d’influence +0,04 point. "
        "Effet conjoint : −0,4 point. Attendu : 17,6 %. Chance : −1,2 point. Obtenu : 16,4 %. "
        "La décision qui pèse le plus : publicité."
    )
    assert {"+5 points", "−1 point", "17,6 %"} <= set(shown(figure))
    assert "qui pèse le plus : articles." in alt(waterfall({"publicité": 0.02, "articles": -0.03}))
    assert "Effet conjoint : +3,00 €" in alt(waterfall({"effet conjoint": -2.0}, "€", joint=3))


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 1)), min_size=1, max_size=8))
def test_labels_at_line_ends_never_meet(labels: list[tuple[float, float]]) -> None:
    heights = [height for _, height in labels]
    found = campaigns._spread([wanted for wanted, _ in labels], heights, 0, 10)
    for (one, first), (other, second) in combinations(zip(found, heights, strict=True), 2):
        assert abs(one - other) >= (first + second) / 2 - 1e-9
    assert all(y - height / 2 >= -1e-9 and y + height / 2 <= 10 + 1e-9 for y, height in zip(found, heights, strict=True))


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0, "", "0"), (0.1234, "%", "12,3 %"), (0.000123, "%", "0,0123 %"), (-0.5, "%", "−50 %"), (12345.6, "", "12 346"),
        (3_700_000, "€", "3,7 M€"), (45.3, "€", "45,30 €"), (-1200, "€", "−1 200 €"), (1.5, "points", "1,5 point"),
        (2, "jours", "2 jours"), (2e-12, "", "0,000000000002"), (-1e-30, "", "0"), (0.02, "€", "0,02 €"), (999_999.7, "", "1 M"),
    ],
)  # fmt: skip
def test_amounts_are_written_in_short(value: float, unit: str, written: str) -> None:
    assert untypeset(campaigns.amount(value, unit)) == written


# --- what is refused


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: charts.scenario_bands({}, "awareness"), "de 1 à 4"),
        (lambda: charts.scenario_bands(dict.fromkeys("abcde", result()), "awareness"), "et non 5"),
        (lambda: charts.scenario_bands({"A": result()}, "notoriété"), "n’est pas simulé"),
        (lambda: charts.scenario_bands({"A": result(), "B": result(weeks=4)}, "awareness"), "12 pour A et 4 pour B"),
        (lambda: charts.scenario_bands({"A": result(), " ": result()}, "awareness"), "doit avoir un nom"),
        (lambda: charts.scenario_bands([result()], "awareness"), "il faut un dictionnaire"),  # type: ignore[arg-type]
        (lambda: charts.poem_mix({}), "de 1 à 8"),
        (lambda: charts.poem_mix({"A": result(), "A ": result()}), "différent des autres"),
        (lambda: charts.three_week_dashboard(result(), 2), "au moins égal à 3"),
        (lambda: charts.three_week_dashboard(result(), 13), "au plus égal à 12"),
        (lambda: charts.three_week_dashboard(result(), 4.5), "nombre entier"),  # type: ignore[arg-type]
        (lambda: charts.three_week_dashboard(result(weeks=2), 2), "n’en a que 2"),
        (lambda: waterfall({}), "au moins une décision"),
        (lambda: waterfall({" ": 1}), "doit avoir un nom"),
        (lambda: waterfall(unit="euros"), "n’est pas une unité"),
        (lambda: waterfall({"a": float("nan")}), "effet de a : une valeur manque"),
        (lambda: waterfall({"a": 1e16}), "au plus égal"),
        (lambda: waterfall(title=" "), "titre"),
        (lambda: waterfall(expected=0.17), "mène à expected fait 0,1764 et non 0,17"),
        (lambda: waterfall(actual=0.1641 * (1 + 2e-6)), "mène à actual fait"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(draw: Callable[[], Figure], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw()
    assert told in untypeset(str(refused.value))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_sums_are_checked_to_one_millionth() -> None:
    assert waterfall(expected=0.1764 * (1 + 5e-7))
