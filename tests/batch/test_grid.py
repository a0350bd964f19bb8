"""A grid: one scenario per combination; what is not a scenario is told."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cmlib.batch.grid import _values, expand
from cmlib.cli import main
from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.scenario import read_scenario
from tests.batch.conftest import SHORT


def grid(folder: Path, **paths: object) -> Path:
    source = folder / "essai.yml"
    source.write_text(yaml.safe_dump(SHORT | {"grille": paths}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return source


def test_each_combination_is_a_scenario(folder: Path) -> None:
    source = grid(folder, **{"paid.facebook.spend": [100, 200], "seed": [1, 2], "goal.target": [0.11], "crisis.week": [2]})
    text = source.read_text(encoding="utf-8").replace("grille:", "crisis: {severity: 0.5}\ngrille:")
    source.write_text(text, encoding="utf-8")
    files, left_out = expand(source, folder / "g")
    assert not left_out and [path.name for path in files] == [f"essai-{rank}.yml" for rank in range(1, 5)]
    found = [read_scenario(path) for path in files]
    assert [(one.paid[0].spend, one.seed) for one in found] == [(100, 1), (100, 2), (200, 1), (200, 2)]
    assert files[0].read_text(encoding="utf-8").startswith("# paid.facebook.spend = 100, seed = 1")
    files, _ = expand(grid(folder, seed=[7, 8]), folder / "g")
    assert sorted((folder / "g").glob("*.yml")) == sorted(files)


def test_a_combination_over_the_budget_is_left_out_and_told(folder: Path) -> None:
    source = grid(folder, **{"paid.1.spend": [100, 5000]})
    done = CliRunner().invoke(main, ["scenarios", "grid", str(source), "--out", str(folder / "g")])
    said = untypeset(done.output.replace("\n", " "))
    assert done.exit_code == 0 and "1 scénario dans" in said and "1 combinaison écartée" in said and "retirez" in said


@given(st.integers(-50, 50), st.integers(0, 300), st.integers(1, 60))
def test_a_range_is_that_of_python_with_its_end(first: int, length: int, step: int) -> None:
    assert _values({"de": first, "à": first + length, "pas": step}) == list(range(first, first + length + 1, step))


def test_a_range_is_a_list_of_scenarios(folder: Path) -> None:
    paths = {"goal.target": {"de": 0.11, "à": 0.13, "pas": 0.01}, "seed": {"de": 1, "a": 2, "pas": 1}}
    files, _ = expand(grid(folder, **paths), folder / "g")
    found = [(one.goal.target, one.seed) for one in map(read_scenario, files)]
    assert found == [(target, seed) for target in (0.11, 0.12, 0.13) for seed in (1, 2)]


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ({}, "il manque « grille"),
        ({"seed": 3}, "grille, seed : il faut une liste"),
        ({"seed": {"de": 1, "à": 3}}, r"un intervalle, comme {de: 100, à: 500, pas: 100}"),
        ({"seed": {"de": 1, "à": float("nan"), "pas": 1}}, "un intervalle"),
        ({"seed": {"de": 1, "à": 1e9, "pas": 1}}, "cette grille fait 10001 scénarios"),
        ({"paid.tiktok.spend": [1]}, "ne mène à aucun champ"),
        ({"budget": [1, 2]}, "aucune combinaison n’est un scénario"),
        ({"seed": list(range(200)), "weeks": list(range(200))}, "cette grille fait 40000 scénarios"),
    ],
)
def test_a_grid_that_does_not_serve_is_one_sentence(paths: dict[str, object], said: str, folder: Path) -> None:
    with pytest.raises(Explained) as error:
        expand(grid(folder, **paths), folder / "g")
    assert re.search(said, untypeset(str(error.value))) and "\n" not in str(error.value)
    assert not (folder / "g").exists()
