"""A demonstration: controls, and the figure that the model draws for them.

The figure is an output of its own: it stays in the notebook, in print and on the site, where the controls are not.
"""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from IPython.display import HTML, display, update_display

from cmlib.charts.style import to_html
from cmlib.errors import Explained
from cmlib.french import typeset
from cmlib.lessons.controls import Control
from cmlib.tp.specs import typeset_all
from cmlib.tp.views import FRONT as CARDS
from cmlib.tp.views import CardWidget

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FRONT = Path(__file__).parent / "front"

Drawn: TypeAlias = "tuple[Figure | str, str]"
"""A figure with its alternative text, or HTML; and the sentence that says what to see in it."""


class PlayWidget(CardWidget):
    """The front end's side of a demonstration: its controls (``spec``), and what could not be drawn (``status``)."""

    _esm = "\n".join(path.read_text(encoding="utf-8") for path in (CARDS / "card.js", FRONT / "play.js"))
    _css = "\n".join(path.read_text(encoding="utf-8") for path in (CARDS / "card.css", FRONT / "play.css"))


class Play:
    """A demonstration shown in a chapter.

    Parameters
    ----------
    name
        Of the demonstration, unlike any other of the notebook.
    title, question
        What it is, and what the reader cannot answer without playing.
    draw
        From the values of the controls, by name, to what is shown.
    controls
        What can be changed, by name.
    """

    def __init__(self, name: str, title: str, question: str, draw: Callable[..., Drawn], controls: Mapping[str, Control]) -> None:
        self.name, self.title, self.question, self.draw, self.controls = name, title, question, draw, dict(controls)
        self.values: dict[str, Any] = {key: control.read(None) for key, control in self.controls.items()}

    def show(self, static: bool) -> None:
        """Display the controls, then the figure; the figure alone where nothing can be played."""
        if not static:
            spec = {
                "kind": "play",
                "title": self.title,
                "label": self.title,
                "classes": f"cm-card cm-play cm-play-{self.name}",
                "statement": self.question,
                "controls": [[key, control.spec()] for key, control in self.controls.items()],
            }
            self.widget = PlayWidget(spec=typeset_all(spec), status={"error": ""})
            self.widget.listen(self._act, lambda: None)
            display(self.widget)
        display(HTML(self.html(static)), display_id=self._place)

    def html(self, static: bool) -> str:
        """Return the figure for the present values, the sentence under it, and these values where the controls are not shown."""
        shown, sentence = self.draw(**self.values)
        picture = shown if isinstance(shown, str) else to_html(shown)
        told = f"<p class='cm-read'>{escape(typeset(sentence))}</p>"
        values = " ; ".join(f"{control.label} : {control.show(self.values[key])}" for key, control in self.controls.items())
        caption = f"<p class='cm-values'>{escape(typeset(f'Réglages de cette image : {values}.'))}</p>"
        head = f"<h4>{escape(typeset(self.title))}</h4><p>{escape(typeset(self.question))}</p>" if static else ""
        return f"<div class='cm-shown'>{head}{picture}{told}{caption}</div>"

    @property
    def _place(self) -> str:
        return f"cmlib-jeu-{self.name}"

    def _act(self, content: dict[str, Any], _: list[bytes]) -> bool:
        given = content.get("values")
        if content.get("type") != "look" or not isinstance(given, dict):
            return False
        self.values = {key: control.read(given.get(key)) for key, control in self.controls.items()}
        try:
            update_display(HTML(self.html(static=False)), display_id=self._place)
        except Explained as error:
            self.widget.status = {"error": typeset(str(error))}
            return False
        self.widget.status = {"error": ""}
        return True
