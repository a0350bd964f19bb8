"""The survey explored by mouse and by keyboard, kept over a restart, and following who signs."""

import json

import pytest
from playwright.sync_api import Locator, expect

from cmlib.french import NNBSP
from cmlib.tp.explorer_card import KEPT_NAME
from tests.browser.conftest import EXERCISES as PATH
from tests.browser.conftest import Lab, open_cells, serious_faults

pytestmark = pytest.mark.browser

CELLS = ["from cmlib.tp import open_tp\ntp = open_tp('tp9')", "tp.explore_survey()"]


def sign(lab: Lab, student: str) -> None:
    header = lab.page.locator(".cm-header")
    header.locator("input").fill(student)
    header.locator("button[type=submit]").click()
    header.get_by_text(f"Vous travaillez en tant que {student}.").wait_for()


@pytest.fixture
def opened(jupyterlab: Lab) -> Lab:
    """A notebook with the explorer, as alice sees it."""
    open_cells(jupyterlab, CELLS)
    jupyterlab.page.get_by_text("Vos données s’affichent dès que").wait_for()
    assert jupyterlab.page.locator(".cm-explorer").count() == 0
    sign(jupyterlab, "alice")
    explorer(jupyterlab).wait_for()
    return jupyterlab


def explorer(lab: Lab) -> Locator:
    return lab.page.locator(".cm-explorer")


def filtered(lab: Lab, name: str) -> Locator:
    """Open a filter, and return it."""
    found = explorer(lab).locator(f".cm-filter-{name}")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def said(lab: Lab, text: str) -> None:
    explorer(lab).locator(".cm-who-box .cm-sentence").get_by_text(text, exact=True).wait_for()


def size(lab: Lab) -> str:
    return explorer(lab).locator(".cm-who-box .cm-size").inner_text()


def test_by_mouse(opened: Lab) -> None:
    card = explorer(opened)
    said(opened, "Toute l’enquête")
    assert size(opened) == f"400 personnes, 100{NNBSP}% des 400 interrogées"
    filtered(opened, "sexe").get_by_label("femme").check()
    said(opened, "Femmes")
    filtered(opened, "csp").get_by_label("cadres").check()
    assert card.locator("details.cm-filter[open]").count() == 1
    count = filtered(opened, "csp").locator("label", has_text="employés").locator(".cm-count").inner_text()
    filtered(opened, "csp").get_by_label("employés").check()
    said(opened, "Femmes, employés ou cadres")
    both = int(size(opened).split()[0])
    card.get_by_role("button", name="Retirer : cadres").click()
    said(opened, "Femmes, employés")
    assert size(opened).split()[0] == count
    assert both > int(count)
    card.locator(".cm-thumbs").scroll_into_view_if_needed()
    thumb = card.locator(".cm-thumbs").bounding_box()
    assert thumb is not None
    opened.page.mouse.move(thumb["x"] + thumb["width"] - 22, thumb["y"] + 22)
    opened.page.mouse.down()
    opened.page.mouse.move(thumb["x"] + 40, thumb["y"] + 22, steps=8)
    opened.page.mouse.up()
    card.locator(".cm-who-box .cm-warning").get_by_text("trop peu pour conclure").wait_for()
    card.get_by_role("button", name="Tout effacer").click()
    said(opened, "Toute l’enquête")


def test_by_keyboard(opened: Lab) -> None:
    card, keys = explorer(opened), opened.page.keyboard
    card.get_by_label("Âge minimal, curseur").focus()
    for _ in range(9):
        keys.press("ArrowRight")
    said(opened, "25 ans et plus")
    card.get_by_label("Âge maximal", exact=True).fill("34")
    keys.press("Enter")
    said(opened, "25 à 34 ans")
    card.locator(".cm-filter-reseaux summary").focus()
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    card.locator(".cm-chip").nth(1).wait_for()
    keys.press("Space")
    said(opened, "25 à 34 ans")
    card.get_by_label("Question").focus()
    keys.type("Goûts")
    card.get_by_role("region", name="Réponses : Goûts").wait_for()
    card.get_by_label("indice").focus()
    keys.press("ArrowRight")
    counts = card.locator(".cm-answers tbody tr td:nth-of-type(2)")
    expect(card.get_by_label("fréquence")).to_be_checked()
    opened.page.wait_for_function("() => !document.querySelector('.cm-explorer.cm-waiting')")
    shown = [int(text) for text in counts.all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    card.get_by_label("Croiser avec").select_option("sexe")
    crossed = card.get_by_role("region", name="Goûts, selon : Sexe")
    crossed.get_by_role("row", name="femme").wait_for()
    card.get_by_role("button", name="Retirer : 25 à 34 ans").focus()
    keys.press("Enter")
    said(opened, "Toute l’enquête")
    assert opened.page.evaluate("document.activeElement.closest('.cm-explorer') !== null")


def test_segments_are_kept_over_a_restart(opened: Lab) -> None:
    card = explorer(opened)
    card.get_by_label("Âge maximal", exact=True).fill("30")
    card.get_by_label("Âge maximal", exact=True).press("Enter")
    said(opened, "30 ans et moins")
    card.get_by_label("Nom du segment affiché").fill("Jeunes")
    card.get_by_label("Nom du segment affiché").press("Enter")
    card.get_by_role("article", name="Jeunes").get_by_text("C’est le segment affiché.").wait_for()
    card.get_by_role("button", name="Retirer : 30 ans et moins").click()
    filtered(opened, "csp").get_by_label("cadres").check()
    said(opened, "Cadres")
    card.get_by_role("button", name="Garder ce segment").click()
    card.get_by_text("Ces segments se chevauchent").wait_for()
    named = card.get_by_role("article", name="Segment 1").get_by_label("Nom du segment 2")
    named.fill("Cadres")
    named.press("Tab")
    card.get_by_role("article", name="Cadres").wait_for()
    card.locator("summary", has_text="Comparer leurs réponses").click()
    card.get_by_role("columnheader", name="Cadres").wait_for()
    opened.restart(PATH)
    card.get_by_text("les nombres ne suivent plus vos filtres").wait_for()
    opened.run_all(PATH)
    card.get_by_role("article", name="Jeunes").wait_for()
    said(opened, "Cadres")  # what was looked at, too
    assert card.get_by_text("les nombres ne suivent plus vos filtres").count() == 0
    card.get_by_role("button", name="Retirer le segment Cadres").click()
    card.get_by_role("article", name="Cadres").wait_for(state="detached")
    card.get_by_role("button", name="Afficher le segment Jeunes").click()
    said(opened, "30 ans et moins")
    stored = json.loads((opened.work / "tp9" / KEPT_NAME).read_bytes())
    assert [segment["name"] for segment in stored["alice"]] == ["Jeunes"]
    assert "Jeunes" not in (opened.work / "tp9" / "reponses.json").read_text(encoding="utf-8")


def test_it_follows_a_corrected_signature(opened: Lab) -> None:
    before = filtered(opened, "achat").locator("label").all_inner_texts()
    opened.page.get_by_role("button", name="Corriger mon identifiant").click()
    sign(opened, "bob")
    expect(explorer(opened).locator(".cm-filter-achat")).not_to_have_attribute("open", "")  # another card, as it is at first
    assert filtered(opened, "achat").locator("label").all_inner_texts() != before
    assert explorer(opened).count() == 1
    said(opened, "Toute l’enquête")
    filtered(opened, "achat").locator("input").first.check()
    explorer(opened).locator(".cm-chip").wait_for()


def test_it_can_be_used_by_everybody(opened: Lab) -> None:
    card = explorer(opened)
    filtered(opened, "csp").get_by_label("cadres").check()
    card.get_by_label("Croiser avec").select_option("sexe")
    card.get_by_role("button", name="Garder ce segment").click()
    card.get_by_role("article").wait_for()
    card.get_by_role("region", name="selon : Sexe").wait_for()
    assert serious_faults(opened.page) == []
    targets = ":is(button, summary, select, label:has(> input), input[type=text], input[type=number])"
    small = opened.page.evaluate(
        """(targets) => [...document.querySelectorAll(`.cm-explorer ${targets}`)]
        .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
        .map((node) => node.outerHTML)""",
        targets,
    )
    assert small == []
    opened.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    opened.page.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    assert serious_faults(opened.page) == []
