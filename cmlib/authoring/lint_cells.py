"""The source of a TP as the lint reads it: its cells, the calls that they make, what students receive of them."""

import ast
import inspect
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4.rwbase import rejoin_lines
from nbformat.validator import iter_validate

from cmlib.french import plural, printable, typeset, write_number
from cmlib.grading.tasks import BEGIN_SCHEME, END_SCHEME
from cmlib.tp.answers import UnreadableSheet, load_json
from cmlib.tp.session import TP

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"  # what nbgrader looks for, anywhere in a line


class Severity(StrEnum):
    """Whether a TP can be given as it is."""

    PROBLEM = "problème"
    REMARK = "remarque"


@dataclass(frozen=True)
class Finding:
    """One thing found in a TP: where, what, and what to do, in French with plain spaces."""

    severity: Severity
    where: str
    what: str
    advice: str

    def __str__(self) -> str:
        sign = "⚠" if self.severity is Severity.PROBLEM else "·"
        return typeset(printable(f"{sign} {self.where} : {self.what} ; {self.advice}."))


def problem(where: str, what: str, advice: str) -> Finding:
    """Return what must be put right."""
    return Finding(Severity.PROBLEM, where, what, advice)


def remark(where: str, what: str, advice: str) -> Finding:
    """Return what is only worth knowing."""
    return Finding(Severity.REMARK, where, what, advice)


@dataclass(frozen=True)
class Card:
    """A call that shows an exercise; ``points``, or the part given ``by_hand``, is None where not written as a number."""

    exercise: str
    points: float | None
    by_hand: float | None
    hints: bool

    @property
    def automatic(self) -> float | None:
        """Points that its grade cell gives; None where they are not known."""
        return None if self.points is None or self.by_hand is None else self.points - self.by_hand

    @property
    def is_worth_nothing(self) -> bool:
        """Whether it is there for the student alone, as a self-assessment: nothing to grade, nothing to hint at."""
        return self.points == 0

    @property
    def is_read_alone(self) -> bool:
        """Whether it needs no grade cell: the trainer gives all its points, as far as they can be read."""
        return self.by_hand != 0 and (self.automatic is None or self.automatic <= 0)


@dataclass(frozen=True)
class Cell:
    """A cell as it is read.

    Attributes
    ----------
    where
        Its place, as a person is told.
    meta
        What nbgrader knows of it; empty if nothing, or nothing sound.
    visible
        Its source without the hidden block: what students receive.
    fault
        What is wrong with the marks of its hidden block, or with its code; empty if nothing.
    hides
        Whether it has a hidden block.
    grades, marks
        Exercises that it grades with ``tp.grade``, and to which it gives criteria.
    """

    where: str
    node: nbformat.NotebookNode
    meta: Mapping[str, Any]
    visible: str
    fault: str
    hides: bool
    cards: tuple[Card, ...] = ()
    grades: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether it is code."""
        return bool(self.node.cell_type == "code")

    @property
    def is_grade(self) -> bool:
        """Whether nbgrader takes a grade from it."""
        return bool(self.meta.get("grade"))

    @property
    def is_task(self) -> bool:
        """Whether nbgrader takes it for a part that the trainer marks by reading."""
        return bool(self.meta.get("task"))

    @property
    def points(self) -> float | None:
        """Points of a grade or task cell; None if they are not a number."""
        points = self.meta.get("points")
        sound = isinstance(points, int | float) and not isinstance(points, bool) and math.isfinite(points) and points >= 0
        return float(points) if sound else None  # type: ignore[arg-type]


def place(tp: str, node: nbformat.NotebookNode, number: int) -> str:
    """Say where a cell is."""
    return f"« {tp}.ipynb », " + (f"cellule « {node['id']} »" if node.get("id") else f"cellule n° {number}")


def read_notebook(content: bytes) -> nbformat.NotebookNode:
    """Read a notebook as it is: nothing put right, ids included, so that what is wrong can be told.

    Raises
    ------
    UnreadableSheet
        If it is not a notebook of today's format; the message says why, after the file's name.
    """
    data = load_json(content)
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(data, dict) or data.get("nbformat") != 4 or not isinstance(cells, list):
        raise UnreadableSheet("ce n’est pas un carnet Jupyter d’aujourd’hui")
    ids = [{**cell, "id": f"cellule-{number}"} for number, cell in enumerate(cells) if _has_sound_id(cell)]
    sound = {**data, "cells": ids, "nbformat_minor": 5}
    if len(ids) < len(cells) or next(iter_validate(sound, version=4, version_minor=5), None) is not None:
        raise UnreadableSheet("ce carnet Jupyter est mal formé")
    notebook: nbformat.NotebookNode = rejoin_lines(nbformat.from_dict(data))
    return notebook


def _has_sound_id(cell: object) -> bool:
    return isinstance(cell, dict) and isinstance(cell.get("id", ""), str)


def split_hidden(source: str) -> tuple[str, str]:
    """Return what a student receives of a source, and what is wrong with its hidden block, as nbgrader reads it."""
    return _split(source, BEGIN, END, "bloc caché")


def split_scheme(source: str) -> tuple[str, str]:
    """Return what a student receives of a grid, and what is wrong with its mark scheme, as nbgrader reads it."""
    return _split(source, BEGIN_SCHEME, END_SCHEME, "corrigé caché")


def _split(source: str, begin: str, end: str, name: str) -> tuple[str, str]:
    visible, hidden, fault = [], False, ""
    for line in source.split("\n"):
        if begin in line:
            fault = fault or (f"un {name} en ouvre un autre" if hidden else "")
            hidden = True
        elif end in line:
            fault = fault or ("" if hidden else f"un {name} se ferme sans s’être ouvert")
            hidden = False
        elif not hidden:
            visible.append(line)
    return "\n".join(visible), fault or (f"le {name} n’est pas fermé" if hidden else "")


def read_cells(tp: str, notebook: nbformat.NotebookNode) -> list[Cell]:
    """Read the cells of a notebook."""
    return [_read_cell(place(tp, node, number), node) for number, node in enumerate(notebook.cells, start=1)]


def all_read(cells: Sequence[Cell]) -> bool:
    """Tell whether all code could be read: what could not may hold the other half of a pair, and is told already."""
    return all(_tree(cell.node.source) is not None for cell in cells if cell.is_code)


def _read_cell(where: str, node: nbformat.NotebookNode) -> Cell:
    known = node.metadata.get("nbgrader")
    meta = known if isinstance(known, dict) else {}
    hides = BEGIN in node.source or END in node.source
    visible, fault = split_hidden(node.source)
    if node.cell_type != "code":
        return Cell(where, node, meta, visible, fault, hides)
    tree = _tree(node.source)
    if tree is None:
        return Cell(where, node, meta, visible, fault or "son code ne se lit pas", hides)
    if not fault and _tree(visible) is None:
        fault = "sans le bloc caché, son code ne se lit plus"
    calls = list(_calls(tree))
    cards = tuple(_card(name, call) for name, call in calls if name in _kinds() and _exercise(name, call))
    grades, marks = (
        tuple(filter(None, (_exercise(name, call) for name, call in calls if name == kind))) for kind in ("grade", "marking")
    )
    return Cell(where, node, meta, visible, fault, hides, cards, grades, marks)


@cache
def _kinds() -> dict[str, list[str]]:
    """Return the parameters of each call that shows an exercise, by name."""
    methods = {name: list(inspect.signature(call).parameters)[1:] for name, call in inspect.getmembers(TP, inspect.isfunction)}
    return {name: parameters for name, parameters in methods.items() if {"id", "points"} <= set(parameters)}


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "tp":
                yield node.func.attr, node


def _arguments(name: str, call: ast.Call) -> dict[str, ast.expr]:
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return {**dict(zip(_kinds().get(name, ["id"]), call.args, strict=False)), **named}


def _exercise(name: str, call: ast.Call) -> str:
    given = _arguments(name, call).get("id")
    return str(given.value) if isinstance(given, ast.Constant) else ""


def _card(name: str, call: ast.Call) -> Card:
    given = _arguments(name, call)
    hints = given.get("hints")
    empty = hints is None or (isinstance(hints, ast.List | ast.Tuple) and not hints.elts)
    by_hand = _number(given["by_hand"]) if "by_hand" in given else 0.0
    return Card(_exercise(name, call), _number(given.get("points")), by_hand, not empty)


def _number(written: ast.expr | None) -> float | None:
    number = written.value if isinstance(written, ast.Constant) else None
    return float(number) if isinstance(number, int | float) else None


def count_points(number: float) -> str:
    """Return a number of points in French."""
    return f"{write_number(number)} {plural(number, 'point')}"
