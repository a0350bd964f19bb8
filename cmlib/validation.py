"""What pydantic finds wrong, said in one French sentence: the path to the field, what was given, what is needed."""

from pydantic import ValidationError

from cmlib.french import printable
from cmlib.inputs import shown

_NEEDS = {
    "missing": "ce champ manque",
    "extra_forbidden": "ce champ n’existe pas ; retirez-le ou corrigez son nom",
    "greater_than": "il faut un nombre supérieur à {gt}",
    "greater_than_equal": "il faut un nombre au moins égal à {ge}",
    "less_than": "il faut un nombre inférieur à {lt}",
    "less_than_equal": "il faut un nombre au plus égal à {le}",
    "literal_error": "choisissez parmi {expected}",
    "finite_number": "il faut un nombre fini",
    "too_short": "il en faut au moins {min_length}",
    "string_too_short": "il faut un texte",
    "value_error": "{error}",
}
_KINDS = {"float": "il faut un nombre", "int": "il faut un nombre entier", "date": "il faut une date, par exemple 2026-01-05"}
_WITHOUT_VALUE = ("missing", "extra_forbidden", "value_error")


def first_problem(error: ValidationError) -> str:
    """Say the first problem: the path to its field, what was given, what is needed, and how many others there are."""
    problems = error.errors(include_url=False)
    paths = [[step for step in found["loc"] if not _is_branch(step)] for found in problems]
    # A value that is neither a number nor a list has one problem as each: the one that goes deepest is what was meant.
    field = paths[0][:3]
    first = max(
        (found for found, path in zip(problems, paths, strict=True) if path[:3] == field), key=lambda found: len(found["loc"])
    )
    steps = [step for step in first["loc"] if not _is_branch(step)]
    path = ", ".join(str(step + 1) if isinstance(step, int) else _brief(step) for step in steps)
    kind, limits, given = str(first["type"]), first.get("ctx", {}), first.get("input")
    if kind in _NEEDS:
        told = {key: shown(value) if isinstance(value, int | float) else str(value) for key, value in limits.items()}
        need = _NEEDS[kind].format(**told).replace(" or ", " ou ").replace("'", "")
    else:
        need = next((words for sign, words in _KINDS.items() if sign in kind), "cette valeur ne convient pas")
    what = f"{_brief(given)} ; " if isinstance(given, str | int | float) and kind not in _WITHOUT_VALUE else ""
    sentence = f"{path or 'scénario'} : {what}{need}".rstrip(".") + "."
    others = len({tuple(path[:3]) for path in paths}) - 1
    return sentence if not others else f"{sentence[:-1]} ({others} autre{'s' if others > 1 else ''} à revoir)."


def _brief(given: object) -> str:
    """Write what was given on one line, its beginning at least."""
    text = printable(str(given))
    return text if len(text) <= 80 else f"{text[:79]}…"


def _is_branch(step: int | str) -> bool:
    """Tell whether a step of the path is one of pydantic's own: a choice between a number and a list, a dictionary's key."""
    return isinstance(step, str) and (step.startswith(("float", "list[", "constrained", "function")) or step == "[key]")
