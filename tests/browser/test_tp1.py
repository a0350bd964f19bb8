"""TP 1 from the first click to the last point: done in the page, handed in, graded, read in formgrader, told to the student."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from cmlib import lab
from cmlib.authoring import experts
from cmlib.cases import Case, case_study
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.grading.deposits import unpack
from cmlib.objectives import FAMILIES
from cmlib.swot import CATEGORIES
from cmlib.tp.personas import survey_options
from cmlib.tp.sheet import AnswerSheet
from tests.browser.conftest import PATH, TOKEN, Lab, card, running, sign
from tests.grading.conftest import course  # noqa: F401 (fixture)

pytestmark = pytest.mark.browser

STUDENT = "n.petit"
SEVERAL = {
    "networks": ("reseaux",),
    "expectations": ("attentes",),
    "dislikes": ("aversions",),
    "motivations": ("motivations",),
    "barriers": ("freins_psychologiques", "freins_technologiques"),
}


def entries(answers: dict[str, object], exercise: str) -> dict[str, str]:
    value = answers[exercise]
    assert isinstance(value, dict)
    return value


def classify(exercise: Locator, placed: dict[str, str], labels: dict[str, str]) -> None:
    for item, category in placed.items():
        exercise.locator(f".cm-item-{item}").get_by_role("radio", name=labels[category]).click()


def fill_rows(exercise: Locator, cells: dict[str, str], rows: list[str], columns: dict[str, str]) -> None:
    """Fill in a table, cell by cell; ``columns`` gives the title of each."""
    for entry, text in cells.items():
        row, _, column = entry.partition(".")
        if column not in columns:
            continue
        line = exercise.locator(".cm-keys .cm-row").nth(rows.index(row))
        place = list(columns).index(column)
        control = line.locator(f'[data-column="{place}"]').locator("input, textarea, select")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
            control.blur()


def fill_personas(exercise: Locator, cells: dict[str, str], case: Case) -> None:
    for place, row in enumerate(cells["lignes"].split()):
        persona = exercise.locator(".cm-persona").nth(place)
        for entry, text in cells.items():
            name = entry.removeprefix(f"{row}.")
            if not entry.startswith(f"{row}."):
                continue
            field = persona.locator(f".cm-item-{name}")
            if name not in SEVERAL:
                field.locator("input, textarea").fill(text)
                continue
            if field.locator("summary").count():
                field.locator("summary").click()
            labels = survey_options(case.survey, *SEVERAL[name])
            for option in text.split("; "):
                field.get_by_label(labels[option], exact=True).check()


def test_a_student_does_tp_1_from_start_to_end(
    blank: Lab,
    course: Course,  # noqa: F811
    browser: Browser,
    tmp_path: Path,
) -> None:
    case, answers = case_study(STUDENT, "tp1"), dict(experts.tp1(case_study(STUDENT, "tp1")))
    sign(blank, STUDENT)
    classify(card(blank, "1-1"), entries(answers, "1.1"), FAMILIES)
    goals = {"rang": "", "famille": "", "kpi": "", "depart": "", "cible": "", "echeance": ""}
    fill_rows(card(blank, "1-2"), entries(answers, "1.2"), ["r1", "r2"], goals)
    fill_personas(card(blank, "1-3"), entries(answers, "1.3"), case)
    for exercise in ("1.4", "1.6b", "1.7"):
        for name, text in entries(answers, exercise).items():
            field = card(blank, exercise.replace(".", "-")).locator(f".cm-item-{name}").locator("input, textarea")
            field.fill(text)
            field.blur()
    classify(card(blank, "1-5"), entries(answers, "1.5"), CATEGORIES)
    fill_rows(card(blank, "1-6"), entries(answers, "1.6"), list(CATEGORIES), {"constat": "", "indicateur": "", "valeur": ""})
    fill_rows(card(blank, "1-8"), entries(answers, "1.8"), ["r1", "r2", "r3"], {"faiblesse": "", "cause": "", "solution": ""})
    for choice in card(blank, "bilan").locator("fieldset").all():
        choice.get_by_role("radio", name="oui, sans aide").click()
    header = blank.page.locator(".cm-header")
    header.get_by_text("10 exercices complets sur 10").wait_for()
    for exercise in answers:
        card(blank, exercise.replace(".", "-")).locator(".cm-badge").get_by_text("enregistré").wait_for()
    blank.save()
    header.get_by_role("button", name="Préparer mon dépôt").click()
    header.get_by_text("Votre copie est prête").wait_for()

    deposit = blank.work / Path(PATH).parent / f"{STUDENT}__tp1.zip"
    assert AnswerSheet.open(deposit.parent, "tp1").value("1.8")
    (unpacked,) = unpack(course, deposit, "tp1")
    assert unpacked.told == ()
    (outcome,) = grade_class(course, "tp1")
    assert (outcome.score, outcome.waiting) == (16, ("1.4", "1.6", "1.6b", "1.8"))

    with running(course.root, lab.trainers_environment(), tmp_path) as url:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(f"{url}lab?token={TOKEN}")
        page.get_by_role("menuitem", name="Nbgrader").wait_for()
        page.goto(f"{url}formgrader/gradebook/tp1/tp1")
        page.get_by_text("Submission #1").click()
        for grid, points in (("1-4", "2"), ("1-6", "0.5"), ("1-6b", "0.5"), ("1-8", "1")):
            page.locator(f"#grille-{grid}.needs_manual_grade").wait_for()
            page.locator(f"#grille-{grid}").fill(points)
            with page.expect_response(lambda response: "api/grade" in response.url and response.ok):
                page.locator(f"#grille-{grid}").blur()
        page.locator("#grille-1-4-comment").fill("La preuve est bien choisie.")
        with page.expect_response(lambda response: "api/comment" in response.url and response.ok):
            page.locator("#grille-1-4-comment").blur()
        page.close()
    (outcome,) = grade_class(course, "tp1")
    assert (outcome.score, outcome.waiting, outcome.notes) == (20, (), [])
    told = Path(outcome.feedback or "").read_text(encoding="utf-8")
    for expected in ("La preuve est bien choisie.", "2 lignes justes sur 2.", "12 sur 12 bien placés.", "Grille de 1.4"):
        assert expected in told
    assert "BEGIN" not in told and "http:" not in told
