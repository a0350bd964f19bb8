"""A course folder like a trainer's, and copies like students'."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.grading.course import Course
from cmlib.grading.demo import write_sheet
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.handin import hand_in as hand_in_zip
from cmlib.tp.sheet import AnswerSheet

HandIn = Callable[..., Path]
Make = Callable[..., Path]


@pytest.fixture
def course(clone: Path, folder: Path) -> Course:
    """A course folder with TP 1, no gradebook yet, in a path with spaces and accents."""
    for name in ("solutions", "exercises"):
        shutil.copytree(clone / name, folder / name)
    shutil.copyfile(clone / "nbgrader_config.py", folder / "nbgrader_config.py")
    return Course(folder)


def expert(student: str) -> dict[str, object]:
    """Expert answers to TP 1 on a student's own case."""
    return dict(experts.tp1(case_study(student, "tp1")))


@pytest.fixture
def hand_in(course: Course) -> HandIn:
    """Write a deposit, by default expert answers to the case of whoever signs; return its folder."""

    def write(student: str, answers: object = None, signed: str | None = None) -> Path:
        answers = expert(signed or student) if answers is None else answers
        deposit = course.root / "submitted" / student / "tp1"
        deposit.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(course.release_notebook("tp1"), deposit / "tp1.ipynb")
        write_sheet(deposit / SHEET_NAME, answers, student if signed is None else signed)  # type: ignore[arg-type]
        return deposit

    return write


@pytest.fixture
def make(course: Course, tmp_path: Path) -> Make:
    """Hand in as a session does; return the zip."""

    def write(student: str = "zoe", answers: object = None, tp: str = "tp1", with_notebook: bool = True) -> Path:
        folder = tmp_path / "travail" / student.replace("/", "_") / tp
        folder.mkdir(parents=True, exist_ok=True)
        if with_notebook:
            (folder / f"{tp}.ipynb").write_bytes(course.release_notebook("tp1").read_bytes())
        sheet = AnswerSheet.open(folder, tp)
        sheet.sign(student)
        for name, value in ({"1.1": {"p1": "opinion"}} if answers is None else answers).items():  # type: ignore[attr-defined]
            sheet.save(name, value)
        return hand_in_zip(sheet, []).path

    return write


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """What the trainer has downloaded."""
    path = tmp_path / "Téléchargements"
    path.mkdir()
    return path
