"""What is written when JupyterLab saves: recaps instead of widgets, everything else untouched."""

from typing import Any

import pytest

from cmlib.saving import WIDGET_VIEW, strip_widgets
from cmlib.tp.answers import ANSWER_MIME
from cmlib.tp.recap import FOLDED


def saved(*outputs: dict[str, Any]) -> list[dict[str, Any]]:
    model = {
        "type": "notebook",
        "content": {"metadata": {"widgets": {}}, "cells": [{"cell_type": "code", "outputs": list(outputs)}]},
    }
    strip_widgets(model)
    assert model["content"]["metadata"] == {}  # type: ignore[index]
    return list(model["content"]["cells"][0]["outputs"])  # type: ignore[index]


def test_a_view_alone_goes_and_what_is_beside_it_stays() -> None:
    assert saved({"data": {WIDGET_VIEW: {}, "text/plain": "CardWidget()"}}) == []
    assert saved({"data": {WIDGET_VIEW: {}, "image/png": "x"}}) == [{"data": {"image/png": "x"}}]


def test_a_recap_unfolds_and_says_how_to_go_on() -> None:
    recap = saved({"data": {ANSWER_MIME: {"tp": "tp1"}, "text/html": [FOLDED, "corps"]}})[0]["data"]
    assert "Pour reprendre" in recap["text/html"]
    assert recap[ANSWER_MIME] == {"tp": "tp1"}


def test_other_outputs_are_untouched() -> None:
    others = [{"output_type": "stream", "text": "x"}, {"data": None}, {"data": {"text/html": FOLDED}}]
    assert saved(*others) == others


@pytest.mark.parametrize(
    "model",
    [{"type": "file"}, {"type": "notebook", "content": None}, {"type": "notebook", "content": {"cells": None, "metadata": None}}],
)
def test_what_is_not_a_notebook_is_left_alone(model: dict[str, Any]) -> None:
    before = dict(model)
    strip_widgets(model)
    assert model == before
