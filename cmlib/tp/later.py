"""A case study before anybody has signed: what is asked of it is noted, and done once somebody has.

A notebook runs from top to bottom before the student has written who they are; nobody's data must not stand for theirs. So
``tp.case.posts_on("Instagram")`` gives a `Later`, which the calls of a TP resolve as soon as the sheet is signed.
"""

from typing import Any, NoReturn, TypeVar

from cmlib.errors import Explained

T = TypeVar("T")
WAITING = "Vos données s’affichent dès que vous avez écrit votre identifiant, tout en haut de ce carnet."


class Later:
    """An attribute, an item or a call of something that is not there yet."""

    def __init__(self, *steps: tuple[str, Any]) -> None:
        self._steps = steps

    def __getattr__(self, name: str) -> "Later":
        if name.startswith("_"):  # Python and IPython ask for many of these
            raise AttributeError(name)
        return Later(*self._steps, ("attribute", name))

    def __getitem__(self, key: object) -> "Later":
        return Later(*self._steps, ("item", key))

    def __call__(self, *arguments: object, **named: object) -> "Later":  # noqa: D102 (the class says it)
        return Later(*self._steps, ("call", (arguments, named)))

    def __repr__(self) -> str:
        return WAITING

    def _cannot(self, *_: object) -> NoReturn:
        raise Explained("Ce calcul attend un identifiant : écrivez le vôtre tout en haut du carnet, puis relancez cette cellule.")

    __iter__ = __len__ = __bool__ = __float__ = __int__ = __index__ = __array__ = __str__ = __contains__ = _cannot
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _cannot
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = _cannot


def resolved(value: Any, case: object) -> Any:
    """Return a value, with what waited in it taken from ``case``."""
    if isinstance(value, dict):
        return {key: resolved(inner, case) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(resolved(inner, case) for inner in value)
    if not isinstance(value, Later):
        return value
    found: Any = case
    for kind, what in value._steps:
        if kind == "attribute":
            found = getattr(found, what)
        elif kind == "item":
            found = found[resolved(what, case)]
        else:
            arguments, named = what
            found = found(*resolved(arguments, case), **resolved(named, case))
    return found
