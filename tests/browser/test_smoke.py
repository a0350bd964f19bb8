"""What a student does: answer, lose the kernel, come back, save, hand in the notebook alone; what it earns."""

import shutil
from pathlib import Path

import pytest

from cmlib import lab
from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.grading.deposits import unpack
from cmlib.swot import CATEGORIES
from cmlib.tp.sheet import AnswerSheet
from tests.browser.conftest import PATH, READY, Lab, sign
from tests.grading.conftest import course  # noqa: F401 (fixture)

pytestmark = pytest.mark.browser


def test_the_home_page_is_in_french_and_leads_to_the_tp(jupyterlab: Lab) -> None:
    page = jupyterlab.page
    assert page.locator(".lm-MenuBar-itemLabel").all_inner_texts()[:2] == ["Fichier", "Édition"]
    names = ("chapitre 1", "chapitre 2", "chapitre 3", "TP 2", "TP 1")
    for name, path in zip(names, ("chapitre1", "chapitre2", "chapitre3", "tp2", "tp1"), strict=True):
        page.get_by_role("link", name=name).click()
        page.wait_for_function(READY, arg=f"{path}/{path}.ipynb", timeout=60_000)
        if name != names[-1]:
            jupyterlab.open(lab.HOME_NOTEBOOK)
    page.get_by_role("menuitem", name="Exécution").click()
    assert page.get_by_role("menuitem", name="Exécuter toutes les cellules", exact=True).is_visible()
    page.keyboard.press("Escape")


def test_answers_given_in_the_browser_become_a_grade(blank: Lab, course: Course) -> None:  # noqa: F811
    page = blank.page
    expert = experts.tp1(case_study("n.petit", "tp1"))
    boxes, numbers = expert["1.5"], expert["1.7"]
    assert isinstance(boxes, dict) and isinstance(numbers, dict)

    assert page.locator(".cm-q-1-5").count() == 0  # nobody's data stand for one's own
    sign(blank, "n.petit")
    page.locator(".cm-header").get_by_text(f"Votre marque : {case_study('n.petit', 'tp1').name}").wait_for()
    card = page.locator(".cm-q-1-5")
    for item, box in boxes.items():
        card.locator(f".cm-item-{item}").get_by_role("radio", name=CATEGORIES[str(box)]).click()
    card.get_by_text("Tout est classé.").wait_for()
    card.get_by_text("enregistré à").wait_for()
    card = page.locator(".cm-q-1-7")
    card.get_by_label("Taux d’engagement").fill("0,0397")
    card.get_by_label("Taux d’engagement").press("Tab")
    card.get_by_text("veut-il dire").first.wait_for()
    for name, text in numbers.items():
        card.locator(f".cm-item-{name} input").fill(str(text))
        card.locator(f".cm-item-{name} input").press("Tab")
    card.get_by_text("Tout est rempli.").wait_for()
    page.locator(".cm-header").get_by_text("2 exercices complets sur 10").wait_for()

    blank.restart(PATH)
    blank.run_all(PATH)
    card = page.locator(".cm-q-1-5")
    card.get_by_text("Tout est classé.").wait_for()
    for item, box in boxes.items():
        assert card.locator(f".cm-item-{item} input:checked").get_attribute("value") == box
    assert page.locator(".cm-q-1-7 .cm-item-voix input").input_value() == str(numbers["voix"]).replace("\u202f", " ")
    page.locator(".cm-header").get_by_text("Vous travaillez en tant que n.petit.").wait_for()
    blank.save()

    page.get_by_role("button", name="Préparer mon dépôt").click()
    page.locator(".cm-deposit").get_by_text("Votre copie est prête").wait_for()
    assert page.locator(".cm-deposit").get_by_text("1.1").first.is_visible()  # what is missing is said
    work = blank.work / "tp1"
    kept = AnswerSheet.open(work, "tp1")
    assert kept.value("1.5") == boxes
    deposit = course.root / "submitted" / "n.petit" / "tp1"
    deposit.mkdir(parents=True)
    shutil.copyfile(work / "tp1.ipynb", deposit / "tp1 (1).ipynb")  # the notebook alone, as a Moodle deposit renames it
    outcome = grade_class(course, "tp1")[0]
    assert outcome.score == 5, outcome.notes
    assert outcome.notes == []
    (unpacked,) = unpack(course, work / "n.petit__tp1.zip", "tp1")
    assert unpacked.folder == deposit
    assert grade_class(course, "tp1")[0].score == 5
    page_text = Path(outcome.feedback or "").read_text(encoding="utf-8")
    assert "12 sur 12 bien placés." in page_text
