"""What every demonstration of a chapter must do: draw at each option and at the bounds of each slider."""

import re
from collections.abc import Callable, Iterable
from html import unescape
from itertools import product
from typing import Any

from matplotlib.figure import Figure

from cmlib.french import untypeset
from cmlib.lessons.play import Drawn


def every(draw: Callable[..., Drawn], *values: Iterable[Any]) -> list[tuple[str, str]]:
    """Draw for each combination of values; return what a screen reader says, and the sentence, with plain spaces."""
    found = []
    for given in product(*values):
        shown, sentence = draw(*given)
        if isinstance(shown, Figure):
            alts = [str(shown.get_label())]
        else:
            alts = re.findall(r"<img[^>]* alt='([^']*)'", shown) or [re.sub("<[^>]+>", " ", shown)]
        said = untypeset(unescape(" ".join(alts)))
        assert len(said) > 60, given
        assert sentence.endswith((".", "!", "?")) and not re.search(r"\b(nan|inf)\b", sentence), (given, sentence)
        assert not re.search(r"\b1 (personnes|semaines|points|critiques|publications)\b", untypeset(sentence)), (given, sentence)
        found.append((said, untypeset(sentence)))
    return found


def one(draw: Callable[..., Drawn], *values: Any) -> tuple[str, str]:
    """Draw once; as `every`."""
    return every(draw, *([value] for value in values))[0]
