"""What every test shares: the clone, how many examples to try, a folder with spaces and accents."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from cmlib.charts import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOAK = bool(os.environ.get("CMLIB_SOAK"))

settings.register_profile("test", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", parent=settings.get_profile("test"), max_examples=2000)
settings.load_profile("soak" if SOAK else "test")


_rendered = style.rendered


def _rendered_within_the_page(figure: "Figure") -> None:
    """Draw a figure as the kit does; whatever test draws it, nothing of it may be cut by the edges."""
    _rendered(figure)
    inked, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    outside = [-inked.x0, -inked.y0, inked.x1 - width, inked.y1 - height]
    figure.stale = False  # measuring it has not changed its pixels
    assert max(outside) < 0.01, f"{figure.get_label()}: left, bottom, right, top are cut by {outside} inches"


style.rendered = _rendered_within_the_page


@pytest.fixture(scope="session")
def clone() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder as people name them."""
    path = tmp_path / "Été 2026 à l’école"
    path.mkdir()
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why a test that needs links, pipes, owners or signals of Unix is not run on Windows."""
    if os.name != "posix":
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason="liens, tubes, droits et signaux d’Unix"))
