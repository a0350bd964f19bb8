"""What JupyterLab's server does when a TP is saved: a reopened notebook shows recaps, never a widget error.

A widget's view means nothing without its kernel: reopened, it reads « Error displaying widget ». The recap under each card
is plain HTML: on disk it takes the card's place, open, and says how to go on. The live page is not touched.
"""

from typing import Any

from cmlib.tp.answers import ANSWER_MIME
from cmlib.tp.recap import FOLDED, REOPENED

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def strip_widgets(model: dict[str, Any], **_: object) -> None:
    """Server's ``ContentsManager.pre_save_hook``: leave widget views out of what is written, and unfold recaps."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    content = model["content"]
    (content.get("metadata") or {}).pop("widgets", None)
    for cell in content.get("cells") or []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and cell.get("outputs"):
            cell["outputs"] = [kept for output in cell["outputs"] if (kept := _without_view(output)) is not None]


def _without_view(output: dict[str, Any]) -> dict[str, Any] | None:
    data = output.get("data") or {}
    if WIDGET_VIEW in data:
        rest = {mime: content for mime, content in data.items() if mime != WIDGET_VIEW}
        return {**output, "data": rest} if set(rest) - {"text/plain"} else None
    html = data.get("text/html")
    if ANSWER_MIME in data and html is not None:
        text = html if isinstance(html, str) else "".join(html)
        return {**output, "data": {**data, "text/html": text.replace(FOLDED, REOPENED)}}
    return output
