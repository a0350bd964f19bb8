"""The chapters in a real JupyterLab: every control moves its picture, a question answers at once, nothing bars the way."""

import pytest
from playwright.sync_api import Locator, expect

from cmlib.tp.sheet import AnswerSheet
from tests.browser.conftest import Lab, serious_faults

pytestmark = pytest.mark.browser

VALUES = """
(place) => {
  const cards = [...document.querySelectorAll('.cm-play')];
  const shown = [...document.querySelectorAll('.cm-shown .cm-values')];
  return [cards.length, shown.length, shown[place]?.textContent ?? ''];
}
"""


def opened(lab: Lab, chapter: str) -> Locator:
    """Open a chapter as a student does, run it, and return its demonstrations."""
    path = f"{chapter}/{chapter}.ipynb"
    lab.open(path)
    lab.run_all(path)
    plays = lab.page.locator(".cm-play")
    plays.first.wait_for()
    return plays


def settle(lab: Lab, place: int, before: str) -> str:
    """Wait until the settings written under a picture are no longer what they were."""
    lab.page.wait_for_function(
        "([place, before]) => document.querySelectorAll('.cm-shown .cm-values')[place].textContent !== before",
        arg=[place, before],
    )
    return str(lab.page.evaluate(VALUES, place)[2])


@pytest.mark.parametrize("chapter", ["chapitre1", "chapitre2", "chapitre3"])
def test_every_control_moves_its_picture(jupyterlab: Lab, chapter: str) -> None:
    plays = opened(jupyterlab, chapter)
    count, pictures, _ = jupyterlab.page.evaluate(VALUES, 0)
    assert count == pictures == plays.count() >= 6
    for place in range(count):
        play = plays.nth(place)
        told = str(jupyterlab.page.evaluate(VALUES, place)[2])
        for slider in play.locator("input[type=range]").all():
            at_the_end = slider.evaluate("node => node.value === node.max")
            slider.press("ArrowLeft" if at_the_end else "ArrowRight")
            told = settle(jupyterlab, place, told)
        for choice in play.locator("select").all():
            last = choice.evaluate("node => node.selectedIndex === node.options.length - 1")
            choice.press("ArrowUp" if last else "ArrowDown")
            told = settle(jupyterlab, place, told)
        expect(play.locator(".cm-badge")).not_to_have_class("cm-badge cm-error")
    assert jupyterlab.page.locator(".cm-shown img:not([alt])").count() == 0
    assert serious_faults(jupyterlab.page) == []


def test_a_question_answers_at_once_and_is_kept(jupyterlab: Lab) -> None:
    opened(jupyterlab, "chapitre1")
    card = (
        jupyterlab.page.locator(".cm-card[aria-label^='Exercice']").filter(has=jupyterlab.page.locator("input[type=radio]")).first
    )
    name = (card.get_attribute("aria-label") or "").removeprefix("Exercice ")
    for option in card.locator(".cm-option").all():
        option.click()
        if card.get_by_text("Juste.").count() or card.get_by_text("Tout est juste.").count():
            break
        card.locator(".cm-badge").get_by_text("enregistré à").wait_for()
    assert AnswerSheet.open(jupyterlab.work / "chapitre1", "chapitre1").value(name)
    jupyterlab.restart("chapitre1/chapitre1.ipynb")
    jupyterlab.run_all("chapitre1/chapitre1.ipynb")
    expect(jupyterlab.page.locator(f".cm-card[aria-label='Exercice {name}'] input:checked")).not_to_have_count(0)
