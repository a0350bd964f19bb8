"""What the front end is told: of a question, everything but its answer; of an answer, how it is understood."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_number
from cmlib.tp.budget import Budget
from cmlib.tp.fields import ChoiceField, Field, TextField
from cmlib.tp.forms import Form
from cmlib.tp.ordering import Ordering
from cmlib.tp.planning_specs import planning_spec, planning_status
from cmlib.tp.plannings import Planning
from cmlib.tp.post_cards import Posts, seen
from cmlib.tp.questions import Choice, Classification, Question, by_hand
from cmlib.tp.tables import Table

SHORT = 25  # words below which a text is typed on one line


def anchor(exercise: str) -> str:
    """Return the class by which a card is found in the page."""
    return f"cm-q-{exercise.replace('.', '-')}"


def spec_of(question: Question) -> dict[str, Any]:
    """Describe a question for the front end: everything but the value."""
    spec: dict[str, Any] = {
        "title": f"{question.id}. {question.title}",
        "label": f"Exercice {question.id}",
        "points": worth(question),
        "statement": question.statement,
        "hints": list(question.hints),
        "classes": f"cm-card {anchor(question.id)}",
    }
    if isinstance(question, Classification):
        return {**spec, "kind": "classification", "items": _pairs(question.items), "categories": _pairs(question.categories)}
    if isinstance(question, Form):
        return {**spec, "kind": "form", "fields": [field_spec(name, field) for name, field in question.fields.items()]}
    if isinstance(question, Choice):
        return {**spec, "kind": "choice", "options": _pairs(question.options), "several": question.several}
    if isinstance(question, Ordering):
        return {**spec, "kind": "ordering", "items": _pairs(question.items)}
    if isinstance(question, Posts):
        return {**spec, **table_spec(question), "kind": "posts", "author": question.author}
    if isinstance(question, Table):
        return {**spec, **table_spec(question)}
    if isinstance(question, Planning):
        return {**spec, **planning_spec(question)}
    if isinstance(question, Budget):
        return {**spec, "kind": "budget", "lines": _pairs(question.lines), "total": question.total, "unit": question.unit}
    raise TypeError(f"no view for {type(question).__name__}")


def worth(question: Question) -> str:
    """Say what an exercise is worth, and which part of it is not given by the kit."""
    if not question.points:
        return "non noté"
    points = f"{write_number(question.points)} {plural(question.points, 'point')}"
    if not question.by_hand:
        return points
    return f"{points}, dont {by_hand(question.by_hand)}" if question.automatic else by_hand(question.points)


def field_spec(name: str, field: Field) -> dict[str, Any]:
    """Describe a field for the front end."""
    spec = {"name": name, "label": field.label, "asked": field.asked, "example": field.example, "input": "line"}
    if isinstance(field, TextField):
        return {**spec, "input": "line" if 0 < field.at_most <= SHORT else "text", "words": True}
    if isinstance(field, ChoiceField):
        return {**spec, "input": "several" if field.several else "one", "options": _pairs(field.options)}
    return spec


def table_spec(table: Table) -> dict[str, Any]:
    """Describe a table for the front end."""
    return {
        "kind": "personas" if table.cards else "table",
        "fields": [field_spec(name, field) for name, field in table.fields.items()],
        "rows": _pairs(table.rows),
        "first": table.order(None),
        "most": len(table.rows) or table.at_most,
        "noun": table.noun,
        "optional": sorted(table.optional),
        "starts": list(table.starts),
    }


def status_of(question: Question, value: object) -> dict[str, Any]:
    """Return what is said of an answer while it is given: how what was typed is understood, by entry, and what cannot be."""
    if isinstance(question, Form):
        understood = {name: _understood(question.fields[name], text) for name, text in question.normalise(value).items()}
        return {"readings": understood}
    if isinstance(question, Table):
        rows = question.filled(value)
        understood = {f"{row.id}.{name}": _understood(row.fields[name], text) for row in rows for name, text in row.texts.items()}
        posts = {"posts": {row.id: seen(row) for row in rows}} if isinstance(question, Posts) else {}
        said = {entry: text for entry, text in understood.items() if text}
        return {"readings": said, "problems": question.problems(value), **posts}
    if isinstance(question, Planning):
        return planning_status(question, value)
    if isinstance(question, Budget):
        amounts = {}
        for line, text in question.normalise(value).items():
            with suppress(InvalidInput):  # told by the card: the other amounts still count
                amounts[line] = question.amounts({line: text})[line]
        return {"amounts": amounts}
    return {}


def _understood(field: Field, text: str) -> str:
    shown, _ = field.judge(text)
    return f"compris : {shown}" if shown and not isinstance(field, ChoiceField) else ""


def _pairs(mapping: Mapping[str, str]) -> list[list[str]]:
    return [[key, text] for key, text in mapping.items()]


def typeset_all(data: Any) -> Any:
    """Apply French typography to every text of a structure."""
    if isinstance(data, dict):
        return {key: typeset_all(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [typeset_all(value) for value in data]
    return typeset(data) if isinstance(data, str) else data
