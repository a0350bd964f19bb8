"""A student's case study in a session, where who works here may change: what is asked of it is noted, and done when it is shown.

A notebook runs from top to bottom before the student has written who they are, and a signature may be corrected afterwards;
nobody's data must stand for theirs. So ``tp.case.posts_on("Instagram")`` is a `Later`, which the calls of a TP resolve each
time they draw. What needs a value at once (a loop, a comparison, ``print``) has the value of the present signature.
"""

import operator
from collections.abc import Callable
from typing import Any

from cmlib.errors import Explained

WAITING = "Vos données s’affichent dès que vous avez écrit votre identifiant, tout en haut de ce carnet."

Step = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Later:
    """An attribute, an item, a call or an operation on something that may not be there yet.

    Parameters
    ----------
    present
        Returns the case study of the present signature, or None.
    """

    def __init__(self, present: Callable[[], Any], *steps: Step) -> None:
        self._present, self._steps = present, steps

    def _then(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> "Later":
        return Later(self._present, *self._steps, (act, arguments, named))

    def __getattr__(self, name: str) -> "Later":
        if name.startswith("_"):  # Python and IPython ask for many of these
            raise AttributeError(name)
        return self._then(getattr, name)

    def __getitem__(self, key: object) -> "Later":
        return self._then(operator.getitem, key)

    def __call__(self, *arguments: object, **named: object) -> "Later":  # noqa: D102 (the class says it)
        return self._then(_call, *arguments, **named)

    __hash__ = None  # type: ignore[assignment]

    def _now(self) -> Any:
        case = self._present()
        if case is None:
            raise Explained(
                "Ce calcul attend un identifiant : écrivez le vôtre tout en haut du carnet, puis relancez cette cellule."
            )
        return resolved(self, case)

    def __repr__(self) -> str:
        return WAITING if self._present() is None else repr(self._now())

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if self._present() is None:
            print(WAITING)
        else:
            display(self._now())

    def __array__(self, *arguments: Any, **named: Any) -> Any:
        import numpy as np

        return np.asarray(self._now(), *arguments, **named)

    def __format__(self, how: str) -> str:
        return format(self._now(), how)


def _call(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


def _swapped(act: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: act(other, one)


def _noted(act: Callable[..., Any]) -> Callable[..., Later]:
    return lambda later, *others: later._then(act, *others)


def _needed(act: Callable[..., Any]) -> Callable[..., Any]:
    return lambda later, *others: act(later._now(), *others)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or"):
    _act = getattr(operator, f"{_name}_" if _name in ("and", "or") else _name)
    setattr(Later, f"__{_name}__", _noted(_act))
    setattr(Later, f"__r{_name}__", _noted(_swapped(_act)))
for _name in ("eq", "ne", "lt", "le", "gt", "ge", "neg", "invert", "abs"):
    setattr(Later, f"__{_name}__", _noted(getattr(operator, _name)))
_NEEDED: dict[str, Callable[..., Any]] = {
    "iter": iter, "len": len, "bool": bool, "float": float, "int": int, "str": str, "index": operator.index,
    "contains": operator.contains, "round": round,
}  # fmt: skip
for _name, _act in _NEEDED.items():
    setattr(Later, f"__{_name}__", _needed(_act))


def resolved(value: Any, case: object) -> Any:
    """Return a value, with what waited in it taken from ``case``."""
    if isinstance(value, dict):
        return {key: resolved(inner, case) for key, inner in value.items()}
    if type(value) in (list, tuple):
        return type(value)(resolved(inner, case) for inner in value)
    if not isinstance(value, Later):
        return value
    found: Any = case
    for act, arguments, named in value._steps:
        found = act(found, *resolved(arguments, case), **resolved(named, case))
    return found
