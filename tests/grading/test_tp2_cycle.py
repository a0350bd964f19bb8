"""TP 2 with real nbgrader: what a class hands in becomes the right grades, hostile plannings included."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.tp.answers import SHEET_NAME, Answer, Sheet


def hand_in(course: Course, student: str, given: dict[str, Any]) -> None:
    deposit = course.root / "submitted" / student / "tp2"
    deposit.mkdir(parents=True)
    shutil.copyfile(course.release_notebook("tp2"), deposit / "tp2.ipynb")
    kept = {name: Answer(revision=1, saved_at=datetime.now(UTC), value=value) for name, value in given.items()}
    (deposit / SHEET_NAME).write_bytes(Sheet("tp2", student, kept).to_bytes())


def expert(student: str) -> dict[str, Any]:
    return dict(experts.tp2(case_study(student, "tp2")))


def test_a_class_gets_what_it_deserves(course: Course) -> None:
    hand_in(course, "alice", expert("alice"))
    hand_in(course, "bruno", {})
    rhythm = {f"p{rank}": f"a\t\t\t\t\t\t\tInstagram\t\t{rank % 28 + 1:02}/0{rank // 28 + 1}/2026" for rank in range(200)}
    hostile = {"p1": "=1+1\t<script>alert(1)</script>\t\t\t\t\t\tX\t\t12/03/2026", "é" * 40: "x", "p2": 7, "p3": "\x00\x07"}
    hand_in(course, "chloe", expert("chloe") | {"2.4": rhythm})
    hand_in(course, "denis", expert("denis") | {"2.4": hostile, "2.2": {"t1.cible": "r9", "t1.reseau": "myspace"}, "2.0": []})
    found = {outcome.student: outcome for outcome in grade_class(course, "tp2")}
    assert not [outcome.student for outcome in found.values() if outcome.needs_trainer]
    assert (found["alice"].score, found["alice"].waiting) == (17, ("2.2", "2.5"))
    assert (found["bruno"].score, found["bruno"].waiting) == (0, ())
    scores = {name: outcome.score or 0.0 for name, outcome in found.items()}
    assert 11 < scores["chloe"] < 15  # one title two hundred times: neither themes, nor events, nor types, nor deadlines
    assert 4 < scores["denis"] < 9
    told = Path(found["denis"].feedback or "").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in told and "<script>alert" not in told
    whole = Path(found["alice"].feedback or "").read_text(encoding="utf-8")
    assert "Chaque temps fort est préparé" in whole and "BEGIN" not in whole and "http:" not in whole
