"""Expert answers: what a student who gets everything right would write. For the demonstration class and the tests.

A test grades them with the TP's own hidden blocks: the two can never drift apart in silence.
"""

from cmlib.authoring.experts.tp1_answers import tp1
from cmlib.authoring.experts.tp2_answers import tp2

__all__ = ["tp1", "tp2"]
