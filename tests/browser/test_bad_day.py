"""A student's bad day: the kernel dies, the lid closes, the PC is shared; the page tells the truth and loses nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator

from cmlib.cases import case_study
from cmlib.tp.sheet import ASIDE_NAME, AnswerSheet
from tests.browser.conftest import PATH, Lab, sign

pytestmark = pytest.mark.browser


def problem(student: str, place: int) -> str:
    """The id of a problem of a student's case."""
    return list(case_study(student, "tp1").problems)[place]


FIRST, SECOND, THIRD = (problem("alice", place) for place in range(3))


def card(lab: Lab, exercise: str) -> Locator:
    return lab.page.locator(f".cm-q-{exercise}")


def choose(lab: Lab, item: str, category: str) -> None:
    card(lab, "1-1").locator(f".cm-item-{item}").get_by_role("radio", name=category).click()


def test_when_the_kernel_is_lost_the_page_says_so_and_takes_up_what_was_typed(signed: Lab) -> None:
    choose(signed, FIRST, "Opinion")
    card(signed, "1-1").get_by_text("enregistré à").wait_for()
    signed.restart(PATH)
    card(signed, "1-1").get_by_text("Le noyau ne répond plus").wait_for()
    assert not card(signed, "1-1").get_by_text("enregistré à").is_visible()
    choose(signed, SECOND, "Engagement")
    card(signed, "1-7").get_by_label("Part de voix").fill("17,9 %")
    card(signed, "1-7").get_by_label("Part de voix").press("Tab")
    card(signed, "1-7").get_by_text("Le noyau ne répond plus").wait_for()
    signed.run_all(PATH)
    card(signed, "1-7").get_by_text("enregistré à").wait_for()
    card(signed, "1-1").get_by_text("enregistré à").wait_for()
    kept = AnswerSheet.open(signed.work / "tp1", "tp1")
    assert kept.value("1.1") == {FIRST: "opinion", SECOND: "engagement"}
    assert kept.value("1.7") == {"voix": "17,9 %"}


def test_a_reopened_notebook_shows_its_recap_and_how_to_go_on(signed: Lab) -> None:
    choose(signed, FIRST, "Opinion")
    card(signed, "1-1").get_by_text("enregistré à").wait_for()
    signed.save()
    assert card(signed, "1-1").is_visible()
    signed.shut_down()
    signed.command("application:close")
    signed.command("docmanager:open", {"path": PATH})
    page = signed.page
    page.get_by_text("Pour reprendre").first.wait_for()
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.locator(".jp-OutputArea").get_by_role("cell", name="Opinion").first.is_visible()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.sessionContext.isReady")
    signed.run_all(PATH)
    assert card(signed, "1-1").locator(f".cm-item-{FIRST} input:checked").get_attribute("value") == "opinion"


def test_somebody_else_sits_down_at_a_shared_pc(blank: Lab) -> None:
    page = blank.page
    sign(blank, "alice")
    choose(blank, FIRST, "Opinion")
    card(blank, "1-1").get_by_text("enregistré à").wait_for()
    page.get_by_role("button", name="Ce n’est pas moi").click()
    page.get_by_role("button", name="Mettre cette copie de côté").click()
    sign(blank, "bob")
    assert card(blank, "1-1").locator("input:checked").count() == 0
    choose(blank, problem("bob", 1), "Engagement")
    card(blank, "1-1").get_by_text("enregistré à").wait_for()
    kept = AnswerSheet.open(blank.work / "tp1", "tp1")
    assert (kept.sheet.student, kept.value("1.1")) == ("bob", {problem("bob", 1): "engagement"})
    assert len(list((blank.work / "tp1" / ASIDE_NAME).iterdir())) == 1


def test_the_keyboard_alone_is_enough(blank: Lab) -> None:
    page = blank.page
    page.get_by_label("Votre identifiant").focus()
    page.keyboard.type("clara")
    page.keyboard.press("Enter")
    page.get_by_text("Vous travaillez en tant que clara.").wait_for()
    page.get_by_role("button", name="Exercice 1.1, pas commencé").press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    card(blank, "1-1").get_by_text("4 problèmes restent à classer.").wait_for()
    card(blank, "1-1").locator("summary").first.press("Enter")
    card(blank, "1-1").get_by_text("Indice 2").wait_for()
    card(blank, "1-1").get_by_text("enregistré à").wait_for()
    card(blank, "1-1").get_by_role("button", name="Annuler la dernière réponse").press("Enter")
    card(blank, "1-1").get_by_text("5 problèmes restent à classer.").wait_for()
    assert AnswerSheet.open(blank.work / "tp1", "tp1").value("1.1") == {problem("clara", 0): "engagement"}
    before = (blank.work / "tp1" / "tp1.ipynb").stat().st_mtime_ns
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    assert (blank.work / "tp1" / "tp1.ipynb").stat().st_mtime_ns > before


def test_two_tabs_of_one_tp_keep_each_other_s_answers(signed: Lab) -> None:
    other = signed.page.context.new_page()
    second = Lab(other, signed.work, signed.url)
    second.start()
    second.open(PATH)
    second.run_all(PATH)
    other.locator(".cm-q-1-1").wait_for()
    choose(second, FIRST, "Opinion")
    card(second, "1-1").get_by_text("enregistré à").wait_for()
    other.close()
    kept = AnswerSheet.open(signed.work / "tp1", "tp1")
    kept.save_entries("1.1", {THIRD: "opinion"})  # a second kernel, at the same moment
    choose_again = AnswerSheet.open(signed.work / "tp1", "tp1")
    assert choose_again.value("1.1") == {FIRST: "opinion", THIRD: "opinion"}


@pytest.mark.parametrize("look", ["clair", "sombre", "200 %"])
def test_no_serious_accessibility_violation(signed: Lab, look: str) -> None:
    page = signed.page
    if look == "sombre":
        signed.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
        page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    if look == "200 %":
        page.set_viewport_size({"width": 650, "height": 500})  # what 1300 × 1000 becomes at 200 %
    try:
        choose(signed, FIRST, "Opinion")
        card(signed, "1-1").get_by_text("enregistré à").wait_for()
        # Our cards alone: JupyterLab's own page is not ours to mend.
        results = Axe().run(page, context={"include": [[".cm-card"]]})
        serious = [found for found in results.response["violations"] if found["impact"] in ("serious", "critical")]
        assert serious == [], [(found["id"], found["nodes"][0]["html"], found["help"]) for found in serious]
        width = card(signed, "1-1").evaluate("(node) => [node.scrollWidth, node.clientWidth]")
        assert width[0] <= width[1]
    finally:
        signed.command("apputils:change-theme", {"theme": "JupyterLab Light"})
