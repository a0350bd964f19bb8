"""A TP marked with its source's own cells, in this process: what nbgrader does in a kernel, a hundred times faster."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from IPython.utils.capture import capture_output

from cmlib.tp.answers import SHEET_NAME, Answer, Sheet
from cmlib.tp.marks import Mark, Score
from cmlib.tp.session import TP

Answers = dict[str, dict[str, str]]
Marker = Callable[[str, Mapping[str, Any]], dict[str, Score]]


def marker(clone: Path, folder: Path, tp: str) -> Marker:
    """Return what marks answers; the working folder is ``folder``, and ``NBGRADER_EXECUTION`` says autograde."""
    cells = nbformat.read(clone / "solutions" / tp / f"{tp}.ipynb", as_version=4).cells
    code = [compile(cell.source, cell.id, "exec") for cell in cells if cell.cell_type == "code"]

    def marked(student: str, given: Mapping[str, Any]) -> dict[str, Score]:
        kept = {name: Answer(revision=1, saved_at=datetime.now(UTC), value=value) for name, value in given.items()}
        (folder / SHEET_NAME).write_bytes(Sheet(tp, student, kept).to_bytes())
        names: dict[str, Any] = {}
        with capture_output():
            for cell in code:
                exec(cell, names)
        opened: TP = names["tp"]
        scores = {question.id: opened.grade(question.id) for question, criteria in opened.marked() if criteria}
        return {name: score for name, score in scores.items() if isinstance(score, Score)}

    return marked


def total(scores: Mapping[str, Score]) -> float:
    return sum(score.value for score in scores.values())


def marks_by_name(scores: Mapping[str, Score]) -> dict[str, Mark]:
    return {f"{exercise} {one.name}": one for exercise, score in scores.items() for one in score.marks}


def changed(exercise: str, **entries: str) -> Callable[[Answers], None]:
    """Return what replaces entries of an answer; « r1_depart » is the cell r1.depart."""

    def change(given: Answers) -> None:
        given[exercise] |= {entry.replace("_", ".", 1): text for entry, text in entries.items()}

    return change


def simulated(student: str, right: Answers, level: float) -> Answers:
    """Return what a student of some level answers: each entry is right with that chance, else wrong, or left empty."""
    luck = random.Random(f"{student}/{level}")
    for exercise, entries in right.items():
        pool = [text for entry, text in entries.items() if entry != "lignes"]
        for entry in [entry for entry in entries if entry != "lignes"]:
            if luck.random() >= level:
                entries[entry] = luck.choice([*pool, "7", ""])
        right[exercise] = {entry: text for entry, text in entries.items() if text}
    return right
