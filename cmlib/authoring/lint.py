"""What would hurt a trainer in the source of a TP, found by reading it: pure functions on a notebook and on a list of files.

What must be executed to be known is in `cmlib.authoring.lint_run`.
"""

import ast
import inspect
import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import takewhile
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4.rwbase import rejoin_lines
from nbformat.validator import iter_validate

from cmlib.french import plural, printable, typeset, write_number
from cmlib.tp.answers import UnreadableSheet, load_json
from cmlib.tp.session import TP

OUT_OF = 20.0
HEADER = ("Objectifs", "Prérequis", "Durée", "Barème")
BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"  # what nbgrader looks for, anywhere in a line
KEY = re.compile(
    r"\bmarking\b|\bauthoring\b|\bcmlib\.grading\b|\bcmlib\.tp\.((row_)?criteria|marks)\b"
    r"|\bfrom +cmlib\.tp +import\b.*\b((row_)?criteria|marks)\b|\bfrom +cmlib +import\b.*\bgrading\b"
)
# Words then numbers, « exercice-1-5 »: what Jupyter and nbgrader draw at random mixes digits and letters.
MEANINGFUL = re.compile(r"[A-Za-z]{2,}(-([A-Za-z]+|\d{1,4}[a-z]?))*")
MAX_ID = 39
WORDS = re.compile(r"""\salt\s*=\s*("\s*[^\s"]|'\s*[^\s']|[^\s"'>])""", re.IGNORECASE)
LAST_LINE = re.compile(r"""tp\.grade\((["'])[^"']+\1\)""")


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
    """A call that shows an exercise; ``points`` is None where they are not written as a number."""

    exercise: str
    points: float | None
    hints: bool


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
    def points(self) -> float | None:
        """Points of a grade cell; None if they are not a number."""
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
    visible, hidden, fault = [], False, ""
    for line in source.split("\n"):
        if BEGIN in line:
            fault = fault or ("un bloc caché en ouvre un autre" if hidden else "")
            hidden = True
        elif END in line:
            fault = fault or ("" if hidden else "un bloc caché se ferme sans s’être ouvert")
            hidden = False
        elif not hidden:
            visible.append(line)
    return "\n".join(visible), fault or ("le bloc caché n’est pas fermé" if hidden else "")


def read_cells(tp: str, notebook: nbformat.NotebookNode) -> list[Cell]:
    """Read the cells of a notebook."""
    return [_read_cell(place(tp, node, number), node) for number, node in enumerate(notebook.cells, start=1)]


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
    written, hints = given.get("points"), given.get("hints")
    points = written.value if isinstance(written, ast.Constant) else None
    empty = hints is None or (isinstance(hints, ast.List | ast.Tuple) and not hints.elts)
    number = float(points) if isinstance(points, int | float) else None
    return Card(_exercise(name, call), number, not empty)


def has_mute_picture(html: str) -> bool:
    """Tell whether some HTML shows a picture without alternative text."""
    return any(not WORDS.search(tag) for tag in re.findall(r"<img\b[^>]*", html, re.IGNORECASE))


def mute_figure(where: str) -> Finding:
    """Return what is said of a figure that a screen reader cannot tell."""
    return problem(where, "une figure n’a pas de texte de remplacement", "dites en une phrase ce qu’elle montre")


def lint_notebook(tp: str, notebook: nbformat.NotebookNode) -> list[Finding]:
    """Return what a notebook shows to who reads it."""
    cells = read_cells(tp, notebook)
    return [finding for check in CHECKS for finding in check(f"« {tp}.ipynb »", cells)]


def check_ids(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find ids that are missing, shared, drawn at random, or different from nbgrader's."""
    ids = Counter(cell.node["id"] for cell in cells if cell.node.get("id"))
    grade_ids = Counter(cell.meta["grade_id"] for cell in cells if isinstance(cell.meta.get("grade_id"), str))
    for name, count in ids.items():
        if count > 1:
            yield problem(where, f"{count} cellules s’appellent « {name} »", "donnez à chacune son identifiant")
    for name, count in grade_ids.items():
        if count > 1:
            yield problem(where, f"{count} cellules portent le grade_id « {name} »", "donnez à chacune le sien")
    for cell in cells:
        name, grade_id = cell.node.get("id", ""), cell.meta.get("grade_id")
        if not name:
            yield problem(cell.where, "elle n’a pas d’identifiant", "donnez-lui en un qui parle, par exemple « consigne-1-5 »")
        elif not MEANINGFUL.fullmatch(name) or len(name) > MAX_ID:
            yield problem(cell.where, "son identifiant ne dit rien", "donnez-lui en un qui parle, par exemple « exercice-1-5 »")
        if cell.meta and (not isinstance(grade_id, str) or (name and grade_id != name and grade_ids[grade_id] == 1)):
            yield problem(cell.where, "son grade_id n’est pas son identifiant", "écrivez deux fois le même")


def check_blocks(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find hidden blocks that nbgrader would refuse, and keys that students would receive."""
    for cell in cells:
        if cell.fault:
            yield problem(cell.where, cell.fault, f"vérifiez ses lignes « {BEGIN} » et « {END} », puis sa syntaxe")
        marks_are_wrong = bool(split_hidden(cell.node.source)[1])  # told above, with whatever it uncovers
        if cell.is_code and not marks_are_wrong and (shown := KEY.search(cell.visible)):
            yield problem(
                cell.where, f"les étudiants liraient « {shown[0]} », hors de tout bloc caché", "mettez la clé dans le bloc caché"
            )


def check_points(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find points that are not numbers, that a card and its grade cell do not share, or that do not make 20."""
    announced = {card.exercise: card for cell in cells for card in cell.cards}
    for cell in cells:
        for card in cell.cards:
            if card.points is None:
                yield remark(cell.where, "les points de sa carte ne se lisent pas", "écrivez-les en clair, points=2")
        if cell.is_grade and cell.points is None:
            yield problem(cell.where, "nbgrader n’y lit pas de points", "écrivez un nombre dans ses métadonnées (« points »)")
        for exercise in cell.grades if cell.is_grade and cell.points is not None else ():
            told = announced[exercise].points if exercise in announced else None
            if told is not None and not math.isclose(told, cell.points or 0.0, abs_tol=1e-9):
                yield problem(
                    cell.where,
                    f"la carte de l’exercice {exercise} annonce {_points(told)}, la note en donne {_points(cell.points or 0.0)}",
                    "mettez le même nombre dans la carte, dans les métadonnées de la note et dans les critères",
                )
    given = [cell.points for cell in cells if cell.is_grade or cell.meta.get("task")]
    total = math.fsum(points for points in given if points is not None)
    if None not in given and not math.isclose(total, OUT_OF, abs_tol=1e-9):
        yield remark(where, f"le TP vaut {_points(total)}", "complétez-le, ou laissez la note être ramenée sur 20")


def check_pairs(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find questions without grade, grades without question or key, and grade cells that do not end with their grade."""
    where_shown: dict[str, str] = {}
    where_graded: dict[str, str] = {}
    marked = {exercise for cell in cells for exercise in cell.marks}
    all_read = all(_tree(cell.node.source) is not None for cell in cells if cell.is_code)
    for cell in cells:
        for card in cell.cards:
            if card.exercise in where_shown:
                yield problem(cell.where, f"l’exercice {card.exercise} est posé deux fois", "changez son numéro")
            where_shown.setdefault(card.exercise, cell.where)
        for exercise in cell.grades or (cell.marks if cell.is_grade else ()):
            if exercise in where_graded:
                yield problem(cell.where, f"l’exercice {exercise} est noté deux fois", "supprimez l’une des deux notes")
            where_graded.setdefault(exercise, cell.where)
        if (cell.grades or cell.hides) and not cell.is_grade:
            yield problem(cell.where, "nbgrader n’y voit pas une note", "mettez « grade » à true dans ses métadonnées")
        elif cell.is_grade and not _ends_with_grade(cell):
            yield problem(cell.where, "sa dernière ligne n’est pas « tp.grade(…) »", "écrivez-la seule, après le bloc caché")
    if not all_read:  # what could not be read may hold the other half of a pair: it is told already
        return
    for exercise, where in where_shown.items():
        if exercise not in where_graded:
            yield problem(where, f"l’exercice {exercise} n’est noté nulle part", "ajoutez sa cellule de note")
    for exercise, where in where_graded.items():
        if exercise not in where_shown:
            yield problem(where, f"l’exercice {exercise} est noté sans être posé", "ajoutez sa carte, ou supprimez cette note")
        elif exercise not in marked:
            yield problem(where, f"l’exercice {exercise} n’a pas de critères", f'donnez-les avec tp.marking("{exercise}")')


def _ends_with_grade(cell: Cell) -> bool:
    # A block that is not closed is told as such: what follows it is not missing.
    lines = (cell.node.source if cell.fault else cell.visible).rstrip().split("\n")
    return bool(LAST_LINE.fullmatch(lines[-1]))


def check_locks(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find cells that a student could fill in or change."""
    for cell in cells:
        if cell.meta.get("solution"):
            yield problem(
                cell.where, "c’est une cellule à compléter, et le kit note des feuilles de réponses", "remplacez-la par une carte"
            )
        elif cell.is_code and cell.meta.get("locked") is not True:
            yield problem(cell.where, "elle n’est pas verrouillée", "mettez « locked » à true dans ses métadonnées nbgrader")


def check_clean(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find what an execution left."""
    left = [cell for cell in cells if cell.is_code and (cell.node.outputs or cell.node.execution_count is not None)]
    if left:
        count = len(left)
        told = f"{count} {plural(count, 'cellule garde', 'cellules gardent')} des sorties ou un numéro d’exécution"
        yield problem(where, told, "dans le Lab, effacez toutes les sorties, puis enregistrez")


def check_header(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find what the opening does not say."""
    opening = "\n".join(cell.node.source for cell in takewhile(lambda cell: not cell.is_code, cells))
    missing = [word for word in HEADER if word not in opening]
    if missing:
        yield problem(where, f"l’en-tête ne dit pas {', '.join(missing)}", "écrivez-le dans la première cellule")


def check_help(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find exercises without hints, and pictures in the text without words."""
    for cell in cells:
        for card in cell.cards:
            if not card.hints:
                yield problem(cell.where, f"l’exercice {card.exercise} n’a pas d’indice", "donnez-en un avec hints=[…]")
        if cell.node.cell_type == "markdown":
            text = re.sub(r"^```.*?^```|`[^`\n]*`", "", cell.node.source, flags=re.DOTALL | re.MULTILINE)
            if re.search(r"!\[\s*\][(\[]", text) or has_mute_picture(text):
                yield mute_figure(cell.where)


CHECKS: tuple[Callable[[str, Sequence[Cell]], Iterable[Finding]], ...] = (
    check_ids, check_blocks, check_points, check_pairs, check_locks, check_clean, check_header, check_help,
)  # fmt: skip


def _points(number: float) -> str:
    return f"{write_number(number)} {plural(number, 'point')}"
