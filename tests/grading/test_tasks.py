"""Parts marked by reading, with real nbgrader: who is queued, what the trainer gave, what the student reads."""

import csv
import re
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from cmlib.grading import tasks
from cmlib.grading.classroom import Outcome, accept_identity, grade_class
from cmlib.grading.course import Course, scripts_on_path
from cmlib.grading.report import class_csv, class_table
from tests.grading.test_cycle import run_nbgrader
from tests.small_tp import ANSWERS, SCHEME, SECRET, TP, hand_in, known_cell, small_course

GRADES = ("note-1-1", "note-1-4", "grille-1-4", "grille-1-6")

Verdicts = dict[str, tuple[float | None, float | None, bool]]


@pytest.fixture
def course(clone: Path, folder: Path) -> Course:
    return small_course(clone, folder)


def grade(course: Course) -> dict[str, Outcome]:
    return {outcome.student: outcome for outcome in grade_class(course, TP)}


def verdicts(course: Course, student: str) -> Verdicts:
    """What nbgrader's gradebook says of each grade: automatic, by hand, waiting."""
    with course.gradebook() as gradebook:
        return {
            name: (found.auto_score, found.manual_score, found.needs_manual_grade)
            for name in GRADES
            for found in [gradebook.find_grade(name, TP, TP, student)]
        }


def give(course: Course, student: str, name: str, points: float | None, comment: str | None = None) -> None:
    """What formgrader does when a trainer types points and a comment (its `GradeHandler` and `CommentHandler`)."""
    with course.gradebook() as gradebook:
        found = gradebook.find_grade(name, TP, TP, student)
        found.manual_score = points
        found.needs_manual_grade = points is None and found.auto_score is None
        gradebook.find_comment(name, TP, TP, student).manual_comment = comment
        gradebook.db.commit()


def queue_of_formgrader(course: Course) -> dict[str, bool]:
    """Who waits in formgrader's list of copies, by the API that serves it."""
    with scripts_on_path():
        listed = NbGraderAPI(CourseDirectory(config=course.config())).get_notebook_submissions(TP, TP)
    return {copy["student"]: copy["needs_manual_grade"] for copy in listed}


def page_of(outcome: Outcome) -> str:
    assert outcome.feedback is not None
    return outcome.feedback.read_text(encoding="utf-8").replace("\u00a0", " ").replace("\u202f", " ")


def test_the_mark_scheme_is_for_the_trainer_alone(course: Course) -> None:
    released = course.release_notebook(TP).read_text(encoding="utf-8")
    assert "Grille : l’avis" in released
    assert SECRET not in released and "MARK SCHEME" not in released
    hand_in(course, "alice", ANSWERS)
    outcome = grade(course)["alice"]
    graded = nbformat.read(course.root / "autograded" / "alice" / TP / f"{TP}.ipynb", as_version=4)
    assert SECRET in next(cell.source for cell in graded.cells if cell.id == "grille-1-6")  # what formgrader shows
    page = page_of(outcome)
    assert "Grille : l’avis (2 points)." in page and "<td>un <em>ton</em> juste</td>" in page
    assert SECRET not in page and "MARK SCHEME" not in page


def test_a_blank_answer_is_0_and_an_answered_one_waits(course: Course) -> None:
    hand_in(course, "vierge", {})
    hand_in(course, "efface", {"1.4": {"texte": " \n "}, "1.6": {"intrus": "x"}, "1.1": {"choix": "oui"}})
    hand_in(course, "alice", ANSWERS)
    hand_in(course, "moitie", {"1.4": ANSWERS["1.4"]})
    outcomes = grade(course)
    assert verdicts(course, "vierge") == {name: (0, None, False) for name in GRADES}
    assert verdicts(course, "efface")["grille-1-6"] == verdicts(course, "efface")["grille-1-4"] == (0, None, False)
    assert verdicts(course, "alice")["grille-1-4"] == verdicts(course, "alice")["grille-1-6"] == (None, None, True)
    assert verdicts(course, "moitie")["grille-1-6"] == (0, None, False)
    assert queue_of_formgrader(course) == {"vierge": False, "efface": False, "alice": True, "moitie": True}
    assert {student: outcome.waiting for student, outcome in outcomes.items()} == {
        "vierge": (),
        "efface": (),
        "alice": ("1.4", "1.6"),
        "moitie": ("1.4",),
    }
    assert {outcome.maximum for outcome in outcomes.values()} == {5}
    assert outcomes["alice"].notes == ["Une partie attend votre note dans formgrader : exercices 1.4, 1.6."]
    assert not outcomes["alice"].needs_trainer
    assert "Une partie attend votre note dans formgrader : exercices 1.4, 1.6." in class_table(
        list(outcomes.values()), course.root
    ).replace("\u00a0", " ")
    rows = list(csv.reader(StringIO(class_csv(list(outcomes.values()))), delimiter=";"))
    assert [row[4] for row in rows] == ["À lire", "exercice 1.4, 1.6", "", "exercice 1.4", ""]
    page = page_of(outcomes["alice"])
    assert "Note provisoire : 3 points attendent la lecture de votre formateur." in page
    assert "2 points, en attente de la lecture de votre formateur" in page
    assert "Il n’y avait pas de réponse à lire." in page_of(outcomes["vierge"])
    assert "provisoire" not in page_of(outcomes["vierge"])


def test_points_and_comment_hold_as_long_as_the_answer_does(course: Course) -> None:
    hand_in(course, "alice", ANSWERS)
    grade(course)
    give(course, "alice", "grille-1-4", 0.5, "Le ton est juste.\nAllez **plus loin**.")
    give(course, "alice", "grille-1-6", 2)
    assert not queue_of_formgrader(course)["alice"]
    outcome = grade(course)["alice"]
    assert (outcome.score, outcome.notes, outcome.waiting) == (4.5, [], ())
    assert verdicts(course, "alice")["grille-1-4"] == (None, 0.5, False)
    page = page_of(outcome)
    assert "Partie lue par votre formateur : 0,5 / 1 point" in page
    assert "Le ton est juste.<br />\nAllez <strong>plus loin</strong>." in page
    assert "18 / 20" in page and "provisoire" not in page

    hand_in(course, "alice", {**ANSWERS, "1.4": {"texte": "Un tout autre texte."}})
    for _ in range(2):  # until the trainer has ruled
        outcome = grade(course)["alice"]
        assert verdicts(course, "alice")["grille-1-4"] == (None, 0.5, True)
        assert verdicts(course, "alice")["grille-1-6"] == (None, 2, False)
        assert outcome.score == 4.5
        assert outcome.waiting == ("1.4",)
        assert outcome.notes == [
            "La réponse, ou ce qu’elle vaut, a changé depuis votre note, à confirmer dans formgrader : exercice 1.4."
        ]
        assert "À confirmer par votre formateur" in page_of(outcome)
    give(course, "alice", "grille-1-4", 1)
    assert grade(course)["alice"].score == 5


def test_an_answer_after_a_blank_waits_and_a_blank_after_points_too(course: Course) -> None:
    hand_in(course, "tardive", {})
    hand_in(course, "retire", ANSWERS)
    grade(course)
    give(course, "retire", "grille-1-6", 2)
    give(course, "tardive", "grille-1-4", 0.5)  # a gift
    assert grade(course)["tardive"].score == 0.5
    hand_in(course, "tardive", ANSWERS)
    hand_in(course, "retire", {})
    outcomes = grade(course)
    assert verdicts(course, "tardive")["grille-1-6"] == (None, None, True)
    assert verdicts(course, "tardive")["grille-1-4"] == (None, 0.5, True)
    assert verdicts(course, "retire")["grille-1-6"] == (0, 2, True)  # what a trainer gave is the trainer's to take back
    assert outcomes["retire"].waiting == ("1.6",)
    give(course, "retire", "grille-1-6", None)
    assert (grade(course)["retire"].score, queue_of_formgrader(course)["retire"]) == (0, False)


def test_a_grid_worth_other_points_is_read_again(course: Course) -> None:
    hand_in(course, "alice", ANSWERS)
    grade(course)
    give(course, "alice", "grille-1-4", 1)
    give(course, "alice", "grille-1-6", 2)
    source = course.source_folder(TP) / f"{TP}.ipynb"
    text = source.read_text(encoding="utf-8").replace("points=2, by_hand=2", "points=3, by_hand=3")
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells[-1].metadata.nbgrader.points = 3
    nbformat.write(notebook, source)
    course.release(TP)
    outcome = grade(course)["alice"]
    assert (outcome.maximum, outcome.waiting) == (6, ("1.6",))


def test_a_student_changes_nothing_to_the_grid_nor_to_its_points(course: Course) -> None:
    """The task cell deleted, edited, copied under another name, and an output that says « untouched » or the contrary."""

    def delete(notebook: NotebookNode) -> None:
        notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("grille-")]

    def edit(notebook: NotebookNode) -> None:
        for cell in notebook.cells[5::2]:
            cell.source = "Grille : 2 points à tous."
            cell.metadata.nbgrader.update(points=100, locked=False, task=False)
        notebook.cells.append(cell_of_mine("grille-1-1"))

    def cell_of_mine(name: str) -> NotebookNode:
        return known_cell(new_markdown_cell, name, "Grille : encore", task=True, points=50)

    def forge(notebook: NotebookNode) -> None:
        metadata = {tasks.READING: {"exercise": "1.6", "untouched": False, "digest": "0" * 64}}
        notebook.cells[6].outputs = [nbformat.v4.new_output("display_data", {"text/plain": "lu"}, metadata=metadata)]

    for student, change, answers in (("a", delete, ANSWERS), ("b", edit, ANSWERS), ("c", forge, {})):
        path = hand_in(course, student, answers)
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)
    outcomes = grade(course)
    assert {outcome.maximum for outcome in outcomes.values()} == {5}
    assert outcomes["a"].waiting == outcomes["b"].waiting == ("1.4", "1.6")
    assert (outcomes["c"].score, outcomes["c"].waiting) == (0, ())
    assert "à tous" not in page_of(outcomes["b"]) and "encore" not in page_of(outcomes["b"])
    give(course, "a", "grille-1-6", 2)
    assert grade(course)["a"].score == 4


def test_a_copy_that_was_refused_keeps_the_points_of_its_answer(course: Course) -> None:
    hand_in(course, "bob", ANSWERS)
    grade(course)
    give(course, "bob", "grille-1-4", 1)
    hand_in(course, "bob", ANSWERS, signed="alice")
    assert grade(course)["bob"].score is None
    assert [waits for _, _, waits in verdicts(course, "bob").values()] == [True, True, False, True]
    outcome = accept_identity(course, TP, "bob")
    assert (outcome.score, outcome.waiting) == (3, ("1.6",))


def test_a_comment_is_inert(course: Course) -> None:
    comment = (
        "<script>alert(1)</script> <img src=x onerror=alert(2)>\n\n![pixel](https://espion.example/p.png) "
        "[lien](javascript:alert(3)) [cours](https://cours.example/?a=1&b=2) & 3 < 4\n\n<style>@import url(x)</style>"
    )
    hand_in(course, "alice", ANSWERS)
    grade(course)
    give(course, "alice", "grille-1-6", 1, comment)
    page = page_of(grade(course)["alice"])
    assert "&lt;script&gt;" in page and "&lt;style&gt;" in page and "3 &lt; 4" in page
    assert not re.search(r"<(script|img|a|iframe|link|object)\b", page)
    assert "cours (https://cours.example/?a=1&amp;b=2)" in page
    assert "pixel" in page and "espion.example" not in page


def test_stock_nbgrader_says_the_same_and_a_scheme_may_be_mended(course: Course) -> None:
    """Who types « nbgrader autograde », or clicks in formgrader, has the same queue; a new scheme reaches formgrader alone."""
    hand_in(course, "vierge", {})
    hand_in(course, "alice", ANSWERS)
    assert run_nbgrader(course, "autograde", TP).returncode == 0
    assert queue_of_formgrader(course) == {"vierge": False, "alice": True}
    give(course, "alice", "grille-1-6", 2)
    source = course.source_folder(TP) / f"{TP}.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace(SECRET, "Une autre."), encoding="utf-8")
    assert grade(course)["alice"].waiting == ("1.4",)
    assert run_nbgrader(course, "generate_feedback", TP, "--force").returncode == 0
    graded, page = (course.root / step / "alice" / TP for step in ("autograded", "feedback"))
    assert "Une autre." in (graded / f"{TP}.ipynb").read_text(encoding="utf-8")
    told = (page / f"{TP}.html").read_text(encoding="utf-8")
    assert "Une autre." not in told and "en attente de la lecture" in told


def test_a_card_that_fails_leaves_its_task_to_a_person(course: Course) -> None:
    source = course.source_folder(TP) / f"{TP}.ipynb"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("tp.write('1.6'", "assert not tp.grading\\ntp.write('1.6'"), encoding="utf-8")
    course.release(TP)
    hand_in(course, "vierge", {})
    outcome = grade(course)["vierge"]
    assert outcome.waiting == ("1.6",)
    assert outcome.needs_trainer


def test_what_is_shown_of_a_grid_stops_at_a_scheme_that_is_not_closed() -> None:
    assert tasks.visible_grid(f"Grille : ton\n### {tasks.BEGIN_SCHEME}\nclé") == "Grille : ton"
    assert tasks.visible_grid(f"a\n{SCHEME}\nb") == "a\nb"
