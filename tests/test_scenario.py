"""A scenario is checked as a whole, in French; what changes on the way leaves the past as it was."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cmlib.french import untypeset
from cmlib.scenario import Owned, Paid, Scenario, ScenarioError, planned_cost, read_scenario, spliced, weekly_cost

BASE: dict[str, Any] = {
    "brand": {"name": "V"},
    "targets": [{"name": "familles", "people": 20_000, "usage": {"facebook": 0.7, "instagram": 0.5}}],
    "goal": {"kpi": "awareness", "target": 0.2},
    "budget": 3_000,
}
ADS = {"network": "facebook", "spend": 5}


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "datasets" / "scenarios").glob("*.yml")), ids=lambda path: path.stem
)
def test_the_scenarios_of_the_kit_hold(path: Path) -> None:
    scenario = read_scenario(path)
    assert 0 < planned_cost(scenario) <= scenario.budget
    assert len(scenario.story) > 80
    assert all(all(line.advised(scenario.weeks)) for line in scenario.owned if line.slot)
    assert Scenario.model_validate(yaml.safe_load(yaml.safe_dump(scenario.model_dump(mode="json")))) == scenario


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paid": [{"network": "facebook", "spend": -5}]}, r"^paid, 1, spend : -5 ; il faut un nombre au moins égal à 0\.$"),
        ({"paid": [{"network": "myspace", "spend": 5}]}, "^paid, 1, network : myspace ; choisissez parmi facebook"),
        ({"owned": [{"network": "facebook", "posts": 1, "format": ["photo"]}]}, "format : 1 valeurs pour 12 semaines"),
        ({"owned": [{"network": "facebook", "posts": 1, "slot": ["demain"] * 12}]}, "« demain » n’est pas un créneau"),
        ({"paid": [{"network": "facebook", "spend": [1, 2]}]}, "^paid, facebook, spend : 2 valeurs pour 12 semaines"),
        ({"paid": [{"network": "facebook", "spend": [5] * 11 + [-1]}]}, "^paid, 1, spend, 12 : -1"),
        ({"paid": [{"network": "facebook", "spend": 500}]}, "6 000,00 € pour un budget de 3 000,00 € : retirez 3 000,00 €"),
        ({"paid": [ADS, ADS]}, "Facebook figure deux fois"),
        ({"paid": [{"network": "tiktok", "spend": 5}]}, "TikTok : aucune cible"),
        ({"paid": [ADS], "targets": [{"name": "f", "people": 1, "usage": {"facebook": 0}}]}, "Facebook : aucune cible"),
        ({"owned": [{"network": "facebook", "posts": 1, "slot": "jeudi 25:00"}]}, "^owned, 1 : slot : .*lu 25 heures"),
        ({"owned": [{"network": "facebook", "posts": 1, "slot": "demain"}]}, "« demain » n’est pas un créneau"),
        ({"owned": [{"network": "facebook", "posts": 1, "format": "pavé"}]}, "pavé ; choisissez parmi photo"),
        ({"budget": "x"}, "^budget : x ; il faut un nombre"),
        ({"budget": float("nan")}, "nombre fini"),
        ({"budget": -1}, "^budget : -1 ; il faut un nombre au moins égal à 0"),
        ({"weeks": 90}, "^weeks : 90 ; il faut un nombre au plus égal à 52"),
        ({"weeks": 1.5}, "^weeks : 1.5 ; il faut un nombre"),
        ({"start": "hier"}, "^start : hier ; il faut une date"),
        ({"humeur": 1}, "^humeur : ce champ n’existe pas"),
        ({"goal": {"kpi": "likes", "target": 1}}, "^goal, kpi : likes ; choisissez"),
        ({"goal": {"kpi": "reach", "target": 50}}, "^goal : target : 50 ; il faut une part entre 0 et 1"),
        ({"goal": {"kpi": "reach"}}, "^goal, target : ce champ manque"),
        ({"targets": []}, "^targets : il en faut au moins 1"),
        (
            {"targets": [{"name": "f", "people": 0, "usage": {"x": 1}}]},
            "^targets, 1, people : 0 ; il faut un nombre supérieur à 0",
        ),
        ({"targets": [{"name": "f", "people": 1, "usage": {"x": 2}}]}, "^targets, 1, usage, x : 2 ; .*au plus égal à 1"),
        ({"crisis": {"week": 20, "severity": 0.5}}, "^crisis, week : 20 ; il faut une semaine entre 1 et 12"),
        ({"crisis": {"week": 2, "severity": 1.5}}, "^crisis, severity : 1.5"),
        ({"levers": [{"passage": "perdu", "points": 0.1}]}, "^levers, 1, passage : perdu"),
        ({"levers": [{"passage": "client", "points": 0.01, "cost": 9_999}]}, "retirez"),
        ({"seed": -1}, "^seed : -1"),
        ({"brand": {"name": "", "awareness": 1}}, r"\(1 autre à revoir\)"),
    ],
)
def test_a_scenario_that_does_not_hold_is_refused_with_its_field(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        Scenario(**(BASE | change))
    assert re.search(said, untypeset(str(error.value))), str(error.value)
    assert "\n" not in str(error.value) and "pydantic" not in str(error.value)
    with pytest.raises(ScenarioError):
        Scenario.model_validate(BASE | change)


def test_a_part_alone_speaks_french_too() -> None:
    with pytest.raises(ScenarioError, match="spend"):
        Paid(network="facebook", spend=-1)
    assert Owned(network="snapchat", posts=1, slot="lundi 0 h 30").advised(2) == [True, True]
    assert Owned(network="snapchat", posts=1, slot=["lundi 12:00", None]).advised(2) == [False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "commence par des champs"),
        ("- 1\n- 2", "commence par des champs"),
        ("brand: {name: V\n", "« s.yml », ligne 2 : ce n’est pas du YAML"),
        ("brand: [", "YAML lisible"),
        ("budget: 12", "« s.yml », brand : ce champ manque"),
        ("!!python/object/apply:os.system ['true']", "YAML lisible"),
        ("\x00", "YAML lisible"),
    ],
)
def test_a_file_that_is_not_a_scenario_is_refused(text: str, said: str, folder: Path) -> None:
    path = folder / "s.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_scenario(path)
    assert re.search(said, untypeset(str(error.value))), str(error.value)
    with pytest.raises(ScenarioError, match="n’a pas pu être lu"):
        read_scenario(folder / "absent.yml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="YAML"):
        read_scenario(path)


@given(st.lists(st.floats(0, 50), min_size=12, max_size=12), st.floats(0, 10), st.floats(0, 2), st.floats(0, 200))
def test_the_cost_is_the_sum_of_what_is_decided(spend: list[float], posts: float, relays: float, lever: float) -> None:
    scenario = Scenario(
        **(
            BASE
            | {
                "budget": 1e6,
                "paid": [{"network": "facebook", "spend": spend}],
                "owned": [{"network": "instagram", "posts": posts}],
                "earned": {"relays": relays},
                "levers": [{"passage": "client", "points": 0.01, "cost": lever}],
            }
        )
    )
    assert planned_cost(scenario) == pytest.approx(sum(spend) + 12 * (60 * posts + 150 * relays) + lever)
    assert weekly_cost(scenario).shape == (12,)


def test_a_change_on_the_way_replaces_the_weeks_to_come() -> None:
    scenario = Scenario(**(BASE | {"weeks": 4, "paid": [ADS], "articles": 1}))
    changed = spliced(scenario, 3, {"paid": [{"network": "instagram", "spend": 9}], "articles": [0, 0, 2, 3]})
    assert {line.network: line.spend for line in changed.paid} == {"facebook": [5, 5, 0, 0], "instagram": [0, 0, 9, 9]}
    assert changed.articles == [1, 1, 2, 3] and changed.seed == scenario.seed
    assert spliced(scenario, 1, {}).paid[0].spend == [5, 5, 5, 5]
    for week, decisions, said in (
        (0, {}, "entre 1 et 4"),
        (5, {}, "entre 1 et 4"),
        (2, {"budget": 9}, "ne se change pas en route"),
        (2, {"levers": []}, "ne se change pas en route"),
        (2, {"earned": {"transmission": 2}}, "R ne se décide pas en route"),
        (2, {"paid": [{"network": "facebook", "spend": 1e6}]}, "pour un budget"),
        (2, {"paid": [{"network": "facebook", "spend": -1}]}, r"spend.: -1"),
    ):
        with pytest.raises(ScenarioError, match=said):
            spliced(scenario, week, copy.deepcopy(decisions))
