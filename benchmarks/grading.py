"""Speed of grading: a copy by « cmlib grade », feedback included, against nbgrader's own execution of the same copies."""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.grading.demo import write_sheet
from cmlib.tp.answers import SHEET_NAME

CLONE = Path(__file__).resolve().parents[1]
COPIES = 8
STOCK = "\nc = get_config()\nchain = c.Autograde.autograde_preprocessors\nchain[0] = 'nbgrader.preprocessors.Execute'\n"


def course(folder: Path, config: str = "") -> Course:
    """Return a course folder with its copies, graded once so that the gradebook exists."""
    for name in ("solutions", "exercises"):
        shutil.copytree(CLONE / name, folder / name)
    (folder / "nbgrader_config.py").write_text(
        (CLONE / "nbgrader_config.py").read_text(encoding="utf-8") + config, encoding="utf-8"
    )
    made = Course(folder)
    for number in range(COPIES + 1):
        deposit = folder / "submitted" / f"e{number}" / "tp1"
        deposit.mkdir(parents=True)
        shutil.copyfile(made.release_notebook("tp1"), deposit / "tp1.ipynb")
        write_sheet(deposit / SHEET_NAME, experts.tp1(case_study(f"e{number}", "tp1")), f"e{number}")
    grade_class(made, "tp1", [f"e{COPIES}"])
    return made


def seconds_a_copy(made: Course, students: list[str]) -> list[float]:
    """Return the time of each copy."""
    times = []
    for student in students:
        start = time.perf_counter()
        outcome = grade_class(made, "tp1", [student])[0]
        times.append(time.perf_counter() - start)
        assert outcome.score == outcome.maximum, outcome.notes
    return times


def main() -> None:
    """Measure, and print."""
    students = [f"e{number}" for number in range(COPIES)]
    with tempfile.TemporaryDirectory(prefix="cmlib-") as one, tempfile.TemporaryDirectory(prefix="cmlib-") as two:
        ours = statistics.median(seconds_a_copy(course(Path(one)), students))
        stock = statistics.median(seconds_a_copy(course(Path(two), STOCK), students))
    print(
        f"noter une copie     kit médiane {ours:.2f} s | exécution de nbgrader médiane {stock:.2f} s | rapport {ours / stock:.2f}"
    )


if __name__ == "__main__":
    main()
