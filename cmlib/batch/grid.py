"""Many scenarios from one: each combination of the values of a grid, as a file of its own."""

import math
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

from cmlib.batch.folders import claimed, refused, write
from cmlib.errors import Explained
from cmlib.french import printable, untypeset
from cmlib.scenario import Scenario
from cmlib.yaml_files import read_yaml

KEY = "grille"
MOST = 10_000


def expand(source: Path, out: Path) -> tuple[list[Path], list[str]]:
    """Write the scenarios of a grid.

    Parameters
    ----------
    source
        A scenario in YAML, with a key ``grille``: by path (« budget », « paid.facebook.spend », « owned.1.posts »), a list of
        values, or a range (« {de: 100, à: 500, pas: 100} », both ends included). In a path, a network or a rank (from 1) names
        a line.
    out
        Folder of scenarios: new, empty, or that of a former grid, whose files are replaced.

    Returns
    -------
    tuple
        Files written; and why each combination that is not a scenario was left out.

    Raises
    ------
    Explained
        If the file is not a grid, no combination is a scenario, or the folder cannot be written.
    """
    import yaml

    base, grid = _read(source)
    paths, values = list(grid), list(grid.values())
    width = len(str(math.prod(len(found) for found in values)))
    files: dict[str, bytes] = {}
    left_out = []
    for rank, chosen in enumerate(product(*values), start=1):
        told = ", ".join(f"{path} = {value}" for path, value in zip(paths, chosen, strict=True))
        data = deepcopy(base)
        for path, value in zip(paths, chosen, strict=True):
            _set(data, path, value, source.name)
        try:
            Scenario.model_validate(data)
        except Explained as error:
            left_out.append(f"{told} : {untypeset(str(error))}")
            continue
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
        files[f"{source.stem}-{rank:0{width}}.yml"] = f"# {printable(told)}\n{text}".encode()
    if not files:
        raise Explained(f"« {source.name} » : aucune combinaison n’est un scénario possible ; la première : {left_out[0]}")
    with claimed(out, "scénarios"):
        try:
            ours = re.compile(rf"{re.escape(source.stem)}-\d+\.yml")
            for old in out.iterdir():
                if ours.fullmatch(old.name) and old.name not in files:
                    old.unlink()
            for name, content in files.items():
                write(out / name, content)
        except OSError as error:
            raise refused(out, error) from error
    return [out / name for name in files], left_out


def _read(source: Path) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    data = read_yaml(source)
    grid = data.pop(KEY, None) if isinstance(data, dict) else None
    if not isinstance(grid, dict) or not grid:
        raise Explained(f"« {source.name} » : il manque « {KEY} : », suivi de lignes comme « budget: [3000, 6000] ».")
    for path, told in grid.items():
        grid[path] = _values(told)
        if not isinstance(path, str) or not grid[path]:
            form = "il faut une liste de valeurs, comme [100, 200], ou un intervalle, comme {de: 100, à: 500, pas: 100}"
            raise Explained(f"« {source.name} », {KEY}, {path} : {form}.")
    count = math.prod(len(values) for values in grid.values())
    if count > MOST:
        raise Explained(f"« {source.name} » : cette grille fait {count} scénarios ; le plus est {MOST}, retirez des valeurs.")
    return data, grid


def _values(told: Any) -> list[Any]:
    """Return the values of a list or of a range; none if it is neither.

    Examples
    --------
    >>> _values({"de": 0.1, "à": 0.3, "pas": 0.1}), _values({"de": 3, "à": 1, "pas": 1})
    ([0.1, 0.2, 0.3], [])
    """
    if not isinstance(told, dict):
        return told if isinstance(told, list) else []
    bounds = [told.get("de"), told.get("à", told.get("a")), told.get("pas")]
    numbers = [bound for bound in bounds if isinstance(bound, int | float) and not isinstance(bound, bool) and abs(bound) <= 1e12]
    if len(numbers) < 3 or len(told) > 3 or numbers[2] <= 0 or numbers[1] < numbers[0]:
        return []
    first, last, step = numbers
    count = min(math.floor((last - first) / step + 1e-9), MOST) + 1
    return [round(first + rank * step, 9) for rank in range(count)]


def _set(data: dict[str, Any], path: str, value: Any, name: str) -> None:
    *steps, last = path.split(".")
    place: Any = data
    for step in steps:
        place = _step(place, step)
    line = _step(place, last) if isinstance(place, list) else None
    if isinstance(place, dict):
        place[last] = deepcopy(value)
    elif line is not None:
        place[place.index(line)] = deepcopy(value)
    else:
        raise Explained(f"« {name} », {KEY}, {path} : ce chemin ne mène à aucun champ du scénario ; vérifiez-le.")


def _step(place: Any, step: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(step, {}) if step else None
    return next(_lines(place, step), None) if isinstance(place, list) else None


def _lines(lines: list[Any], step: str) -> Iterator[Any]:
    for rank, line in enumerate(lines, start=1):
        if step == str(rank) or (
            isinstance(line, Mapping) and step in (line.get("network"), line.get("name"), line.get("passage"))
        ):
            yield line
