"""The results of a scenario as JSON: a pure function of the scenario, the same bytes wherever it is run.

================  ==========================================================================================================
key               meaning
================  ==========================================================================================================
schema            version of this table
brand, weeks      name of the brand, horizon
seed, draws       luck, and how many draws of it
budget, cost      euros: what may be spent, what the decisions cost
goal              kpi and measure aimed at, target, expected outcome, low and high (9 draws in 10 end between), chance
measures          by measure of the simulator: mean, low and high at the end of the campaign
weekly            by measure of `WEEKLY`: the mean of each week
decisions         by decision, its effect on the goal; baseline is the outcome of none, joint what they do together; null after
                  a simulation alone
changes           what was tried: name, effect on the goal, euros added, chance, affordable; null after a simulation alone
================  ==========================================================================================================

The goal's figures count every draw; the low and high of the other measures, the first 4 096 (`cmlib.campaign.CHUNK`).
Floats keep six significant digits: beyond, they are noise of the machine.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
from pydantic import BaseModel, Field, FiniteFloat

from cmlib.batch.changes import Change
from cmlib.campaign import MEASURES, Result, goal_measure
from cmlib.data import PACKAGE, datasets
from cmlib.debrief import Debrief
from cmlib.french import write_quantity
from cmlib.scenario import Scenario, planned_cost

SCHEMA = 1
MIME = "application/vnd.cmlib.resultats+json"
WEEKLY = ("awareness", "cumulative_reach", "engagements", "visitors", "clients", "revenue", "cost")
GOALS = {
    "awareness": ("Notoriété", "%"),
    "reach": ("Couverture de la campagne", "%"),
    "engagements": ("Interactions", ""),
    "visitors": ("Visiteurs", ""),
    "prospects": ("Nouveaux prospects", ""),
    "clients": ("Nouveaux clients", ""),
    "revenue": ("Chiffre d’affaires", "€"),
}
"""By goal, its French label and its unit."""


def results_of(
    scenario: Scenario, result: Result, made: Debrief | None = None, tried: Sequence[Change] | None = None
) -> dict[str, Any]:
    """Return the results of a scenario, ready for JSON; the module's page tells what each key means."""
    goal = scenario.goal
    low, high = np.quantile(result.goal_ends, [0.05, 0.95])
    found = {
        "schema": SCHEMA,
        "brand": scenario.brand.name,
        "weeks": scenario.weeks,
        "seed": result.seed,
        "draws": result.draws,
        "budget": scenario.budget,
        "cost": planned_cost(scenario),
        "goal": {
            "kpi": goal.kpi,
            "measure": goal_measure(scenario),
            "target": goal.target,
            "expected": result.objective(),
            "low": float(low),
            "high": float(high),
            "chance": float((result.goal_ends >= goal.target).mean()),
        },
        "measures": {measure: _spread(result, measure) for measure in MEASURES},
        "weekly": {measure: [float(value) for value in result.mean[measure]] for measure in WEEKLY},
        "decisions": made and {"baseline": made.baseline, "effects": dict(made.effects), "joint": made.joint},
        "changes": tried if tried is None else [asdict(change) for change in tried],
    }
    return dict(rounded(found))


def _spread(result: Result, measure: str) -> dict[str, float]:
    low, high = np.quantile(result.outcomes(measure), [0.05, 0.95])
    return {"mean": result.outcome(measure), "low": float(low), "high": float(high)}


class _Goal(BaseModel):
    kpi: str
    target: FiniteFloat = Field(gt=0)
    expected: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    chance: FiniteFloat


class _Tried(BaseModel):
    name: str
    effect: FiniteFloat
    cost: FiniteFloat
    chance: FiniteFloat
    affordable: bool


class _Compared(BaseModel):
    brand: str
    draws: int
    budget: FiniteFloat
    cost: FiniteFloat
    goal: _Goal
    decisions: dict[str, Any] | None
    changes: list[_Tried] | None


def are_results(found: Any) -> bool:
    """Tell whether what a notebook shows as results can be compared and written: one's own notebook may show anything."""
    try:
        goal = _Compared.model_validate(found, strict=True).goal
        to_json(found)
    except ValueError:  # pydantic's own is one; a number that JSON cannot write is another
        return False
    return found.get("schema") == SCHEMA and goal.kpi in GOALS


def part_of_draws(share: float) -> str:
    """Write a share of draws: one that is almost none or almost all does not pass for none or all.

    Examples
    --------
    >>> part_of_draws(0.001), part_of_draws(0.9999)
    ('moins de 1 %', 'plus de 99 %')
    """
    if 0 < share < 0.005 or 0.995 <= share < 1:
        return "moins de 1 %" if share < 0.5 else "plus de 99 %"
    return write_quantity(share, "%", 0)


def rounded(value: Any) -> Any:
    """Keep six significant digits of every float.

    Examples
    --------
    >>> rounded({"a": [1 / 3, 12]})
    {'a': [0.333333, 12]}
    """
    if isinstance(value, float):
        return float(f"{value:.6g}") + 0.0  # no minus zero
    if isinstance(value, Mapping):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def fingerprint(scenario: Scenario, made_by: bytes) -> str:
    """Return what results depend on, as one hash: the scenario, a notebook or a number of draws, cmlib and its tables.

    A comment or a key moved in the YAML file changes nothing. A version would not be enough: a trainer may change a formula.
    """
    return _hash(scenario.model_dump_json().encode(), made_by, _library().encode())


@cache
def _library() -> str:
    code = (path for suffix in ("py", "j2", "css", "mplstyle") for path in PACKAGE.rglob(f"*.{suffix}"))
    return _hash(*(path.read_bytes() for path in [*sorted(code), *sorted((datasets() / "reperes").glob("*.csv"))]))


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def to_json(value: Mapping[str, Any]) -> bytes:
    """Write results as JSON: sorted keys, one line a value, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
