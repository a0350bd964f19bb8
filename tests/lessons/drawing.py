"""What every demonstration owes its reader, whatever the controls: something to see, words for it, one sentence."""

from itertools import product

from matplotlib.figure import Figure

from cmlib.french import typeset, untypeset
from cmlib.lessons.play import Drawn


def sentence_of(drawn: Drawn) -> str:
    """Return the sentence with plain spaces, once what is shown is fit to be shown."""
    shown, sentence = drawn
    if isinstance(shown, Figure):
        assert len(str(shown.get_label())) > 40
        assert "nan" not in str(shown.get_label())
    else:
        assert shown.count("<table") == shown.count("<caption")
        assert "<script" not in shown
        assert shown == typeset(shown) or "style=" in shown
    assert sentence[-1] in ".!?»"
    assert "nan" not in sentence
    assert "inf " not in sentence
    return untypeset(sentence)


def edges(*bounds: tuple[float, float]) -> list[tuple[float, ...]]:
    """Return every mix of the bounds of some sliders."""
    return list(product(*bounds))
