"""What the tests of scenarios share: three short scenarios, a folder of them, the report's notebook."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

SHORT: dict[str, Any] = {
    "brand": {"name": "Vélambule", "followers": {"facebook": 9000}, "awareness": 0.1, "visits": 500, "basket": 100},
    "targets": [{"name": "familles", "people": 20_000, "usage": {"facebook": 0.7, "instagram": 0.5}}],
    "goal": {"kpi": "awareness", "target": 0.11},
    "budget": 3_000,
    "start": "2026-03-02",
    "weeks": 4,
    "paid": [{"network": "facebook", "spend": 200}],
    "seed": 3,
}
CHANGES: dict[str, dict[str, Any]] = {
    "calme": {},
    "silence": {"crisis": {"week": 2, "severity": 0.8}, "goal": {"kpi": "clients", "target": 30}},
    "vif": {"paid": [{"network": "instagram", "spend": 300, "format": "video"}], "earned": {"relays": 1}},
}

Scenarios = Callable[..., Path]


@pytest.fixture
def scenarios(folder: Path) -> Scenarios:
    """Write scenarios in a folder, by name; the three short ones by default."""

    def write(**changes: dict[str, Any]) -> Path:
        place = folder / "scénarios"
        place.mkdir(exist_ok=True)
        for name, change in (changes or CHANGES).items():
            (place / f"{name}.yml").write_text(yaml.safe_dump(SHORT | change, allow_unicode=True), encoding="utf-8")
        return place

    return write


@pytest.fixture
def notebook(clone: Path) -> Path:
    """The report, as it is committed."""
    return clone / "notebooks" / "scenario.ipynb"
