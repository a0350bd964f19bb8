"""Every control of chapter 2, at its bounds, draws a picture that everybody can read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest

from cmlib.lessons.controls import Control, Slider
from cmlib.lessons.play import Play

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "chapitre2.ipynb"


def plays() -> dict[str, Play]:
    """Return the demonstrations of the notebook, undisplayed."""
    found: dict[str, Play] = {}

    class Recorder:
        def play(self, name: str, title: str, question: str, draw: Any, **controls: Control) -> None:
            found[name] = Play(name, title, question, draw, controls)

        def __getattr__(self, _: str) -> Any:
            return lambda *args, **kwargs: None

    names: dict[str, Any] = {}
    with patch("cmlib.lessons.open_lesson", return_value=Recorder()):
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
    return found


PLAYS = plays()


def settings(play: Play) -> Iterator[dict[str, Any]]:
    """Yield the first values, then each control at each of its bounds or options, the others unmoved."""
    yield dict(play.values)
    for name, control in play.controls.items():
        for value in (control.low, control.high) if isinstance(control, Slider) else control.options:
            yield {**play.values, name: value}


@pytest.mark.parametrize("name", PLAYS)
def test_controls_draw_at_their_bounds(name: str) -> None:
    play = PLAYS[name]
    for values in settings(play):
        play.values = values
        page = play.html(static=False)
        assert "nan" not in page.split("cm-read")[1] and len(page) > 300
        assert page.count("<img") == page.count("alt='")
        assert page.count("<table") == page.count("<caption ")


def test_the_chapter_has_its_demonstrations() -> None:
    assert set(PLAYS) == {"phases", "entrant", "entonnoir", "panorama", "fiches", "creneaux", "classement"}
