"""The trainer's Lab: formgrader shows each answer as text and each score with its reasons, and asks nothing from a network."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cmlib import lab
from cmlib.authoring.brands.key import boxes
from cmlib.cases import case_study
from cmlib.french import typeset
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from tests import small_tp
from tests.browser.conftest import TOKEN, running
from tests.grading.conftest import HandIn, course, hand_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.browser


def test_formgrader_shows_the_answers_and_takes_a_manual_score(
    browser: Browser,
    course: Course,  # noqa: F811
    hand_in: HandIn,  # noqa: F811
    tmp_path: Path,
) -> None:
    hand_in("a.martin")
    grade_class(course, "tp1")
    with running(course.root, lab.trainers_environment(), tmp_path) as url:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        outside: list[str] = []
        page.on(
            "request", lambda request: None if request.url.startswith((url, "data:", "blob:")) else outside.append(request.url)
        )
        page.goto(f"{url}lab?token={TOKEN}")
        page.get_by_role("menuitem", name="Nbgrader").wait_for()
        page.goto(f"{url}formgrader/gradebook/tp1/tp1")
        page.get_by_text("Submission #1").click()
        case = case_study("a.martin", "tp1")
        page.get_by_role("cell", name=typeset(next(iter(case.findings.values())))).wait_for()
        forces = list(boxes(case).values()).count("forces")
        assert page.get_by_role("cell", name="Forces", exact=True).count() == forces + 1  # and the title of a row in 1.6
        assert page.get_by_text("12 sur 12 bien placés.").count() == 2
        page.locator('#note-1-1[placeholder="2"]').wait_for()  # formgrader has read the automatic score: it listens now
        page.locator("#note-1-1").fill("1.5")
        with page.expect_response(lambda response: "api/grade" in response.url and response.request.method == "PUT"):
            page.locator("#note-1-1").blur()
        page.close()
    assert outside == []
    assert grade_class(course, "tp1")[0].score == 15.5


def test_formgrader_takes_points_and_a_comment_for_a_part_marked_by_reading(
    browser: Browser, clone: Path, folder: Path, tmp_path: Path
) -> None:
    small = small_tp.small_course(clone, folder)
    small_tp.hand_in(small, "a.martin", small_tp.ANSWERS)
    small_tp.hand_in(small, "vierge", {})
    grade_class(small, small_tp.TP)
    with running(small.root, lab.trainers_environment(), tmp_path) as url:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(f"{url}lab?token={TOKEN}")
        page.get_by_role("menuitem", name="Nbgrader").wait_for()
        with small.gradebook() as gradebook:
            ids = {name: gradebook.find_submission(small_tp.TP, name).notebooks[0].id for name in ("a.martin", "vierge")}
        page.goto(f"{url}formgrader/submissions/{ids['vierge']}/")
        page.locator('#grille-1-6[placeholder="0"]').wait_for()
        assert page.locator(".needs_manual_grade").count() == 0
        page.goto(f"{url}formgrader/submissions/{ids['a.martin']}/")
        page.get_by_text(small_tp.SECRET).wait_for()
        page.get_by_text(small_tp.ANSWERS["1.6"]["avis"]).first.wait_for()
        page.locator("#grille-1-6.needs_manual_grade").wait_for()
        for field, typed, kind in (("#grille-1-6", "1.5", "grade"), ("#grille-1-6-comment", "Osez davantage.", "comment")):
            page.locator(field).fill(typed)
            with page.expect_response(lambda response, kind=kind: f"api/{kind}" in response.url and response.ok):  # type: ignore[misc]
                page.locator(field).blur()
        page.locator("#grille-1-6:not(.needs_manual_grade)").wait_for()
        page.close()
    outcome = next(outcome for outcome in grade_class(small, small_tp.TP) if outcome.student == "a.martin")
    assert (outcome.score, outcome.waiting) == (3.5, ("1.4",))
    assert outcome.feedback is not None
    assert "Osez davantage." in outcome.feedback.read_text(encoding="utf-8")
