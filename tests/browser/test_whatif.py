"""The what-if of the funnel by keyboard and by typing, brought back to the year, and usable by everybody."""

import pytest
from playwright.sync_api import Locator, expect

from cmlib.french import untypeset
from tests.browser.conftest import EXERCISES as PATH
from tests.browser.conftest import Lab, open_cells, serious_faults

pytestmark = pytest.mark.browser

YEAR = {"visiteur": 40_000, "prospect": 3_000, "client": 600, "ambassadeur": 90}
CELLS = ["from cmlib.tp import open_tp\ntp = open_tp('tp9')", f"tp.what_if({YEAR})"]


@pytest.fixture
def opened(jupyterlab: Lab) -> Lab:
    """A notebook with the what-if of a small year."""
    open_cells(jupyterlab, CELLS)
    card(jupyterlab).wait_for()
    return jupyterlab


def card(lab: Lab) -> Locator:
    return lab.page.locator(".cm-whatif")


def passage(lab: Lab, name: str) -> Locator:
    return card(lab).get_by_role("group", name=name, exact=True)


def shown(lab: Lab, *people: str) -> None:
    """Wait until these people are supposed at each step."""
    expect(card(lab).locator(".cm-supposed strong")).to_have_text([text.replace(" ", "\u202f") for text in people])


def small_targets(lab: Lab) -> object:
    """Return the controls that a finger would miss."""
    return lab.page.evaluate(
        """() => [...document.querySelectorAll(".cm-whatif :is(button, input)")]
        .filter((node) => { const box = node.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5; })
        .map((node) => node.outerHTML)"""
    )


def test_points_move_the_people_for_everybody(opened: Lab) -> None:
    keys = opened.page.keyboard
    shown(opened, "40 000", "3 000", "600", "90")
    visits = passage(opened, "visiteur → prospect")
    slider, field = visits.get_by_role("slider"), visits.get_by_role("textbox")
    slider.focus()
    for _ in range(10):
        keys.press("ArrowRight")
    shown(opened, "40 000", "3 400", "680", "102")
    expect(field).to_have_value("+1")
    expect(slider).to_have_attribute("aria-valuetext", "+1 point")
    told = card(opened).locator(".cm-sentence")
    expect(told).to_contain_text("400 prospects de plus")
    assert untypeset(told.inner_text()).startswith("Pour les mêmes 40 000 visiteurs : 400 prospects de plus, 80 clients de plus")
    filled = visits.locator("xpath=following-sibling::*[1]").locator(".cm-gauge span")
    opened.page.wait_for_function("(bars) => bars[0].offsetWidth > bars[1].offsetWidth", arg=filled.element_handles())

    field.fill("1,5")
    keys.press("Enter")
    shown(opened, "40 000", "3 600", "720", "108")
    expect(field).to_have_value("+1,5")
    expect(slider).to_have_value("1.5")
    visits.get_by_role("button", name="retirer 0,1 point").click()
    expect(field).to_have_value("+1,4")
    shown(opened, "40 000", "3 560", "712", "106,8")

    field.fill("beaucoup")
    keys.press("Tab")
    visits.get_by_text("n’est pas un nombre").wait_for()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("beaucoup")
    passage(opened, "prospect → client").get_by_role("button", name="ajouter 0,1 point").click()
    shown(opened, "40 000", "3 560", "715,6", "107,3")
    expect(field).to_have_value("beaucoup")
    assert serious_faults(opened.page) == []
    assert small_targets(opened) == []
    opened.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    opened.page.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    assert serious_faults(opened.page) == []
    field.fill("12")
    keys.press("Enter")
    visits.get_by_text("+5 est retenu").wait_for()
    expect(field).to_have_value("+5")

    card(opened).get_by_role("button", name="Revenir à la réalité").click()
    shown(opened, "40 000", "3 000", "600", "90")
    expect(told).to_contain_text("Rien ne change")
    expect(field).to_have_value("0")
    expect(slider).to_have_value("0")

    opened.restart(PATH)
    card(opened).get_by_text("les nombres ne suivent plus vos curseurs").wait_for()
    opened.run_all(PATH)
    shown(opened, "40 000", "3 000", "600", "90")
    assert card(opened).get_by_text("les nombres ne suivent plus vos curseurs").count() == 0
