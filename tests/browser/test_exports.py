"""The SWOT and the personas, exported by one click: the files are there, their links open in JupyterLab, the page prints."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import EXERCISES, Lab, card, open_cells, serious_faults

pytestmark = pytest.mark.browser

CELLS = [
    "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import *\ntp = open_tp('tp9', title='TP 1. Cibles et SWOT')",
    """tp.fill_table('1.6', title='SWOT', points=2,
    columns={'constat': TextField('Constat', 2, 12), 'valeur': NumberField('Part', '%')},
    rows={'forces': 'Forces', 'faiblesses': 'Faiblesses', 'opportunites': 'Opportunités', 'menaces': 'Menaces'})""",
    "tp.personas('1.3', title='Cibles', points=4, at_least=2, at_most=3)",
    "tp.export_boards()",
]
BUTTON = "Exporter ma SWOT et mes cibles"


@pytest.fixture
def signed_tables(jupyterlab: Lab) -> Lab:
    """A signed notebook with a SWOT to fill in, personas, and the card that exports."""
    open_cells(jupyterlab, CELLS)
    page = jupyterlab.page
    card(jupyterlab, "1-6").wait_for()
    assert page.get_by_role("button", name=BUTTON).count() == 0  # it waits for a signature
    page.get_by_label("Votre identifiant").fill("alice")
    page.get_by_role("button", name="Valider").click()
    page.get_by_role("button", name=BUTTON).wait_for()
    return jupyterlab


def test_one_click_exports_and_links_open_in_jupyterlab(signed_tables: Lab, browser: Browser, tmp_path: Path) -> None:
    lab, page = signed_tables, signed_tables.page
    export = page.locator(".cm-export")
    exports = lab.work / "tp9" / "exports"
    page.get_by_role("button", name=BUTTON).click()
    export.get_by_text("Rien à exporter pour l’instant").wait_for()
    export.get_by_text("Exercice 1.3 : aucune fiche, pas d’image.").wait_for()

    card(lab, "1-6").get_by_label("Constat", exact=False).first.press_sequentially("Les vidéos font réagir")
    card(lab, "1-3").get_by_label("Prénom", exact=False).first.press_sequentially("Léa")
    for exercise in ("1-6", "1-3"):
        card(lab, exercise).locator(".cm-badge").get_by_text("enregistré à").wait_for()
    page.get_by_role("button", name=BUTTON).press("Enter")
    export.get_by_text("3 fichiers écrits dans le dossier").wait_for()
    assert sorted(path.name for path in exports.iterdir()) == ["persona-1-lea.png", "swot.png", "tp9.html"]
    export.get_by_text("Exercice 1.2 : il n’est pas affiché dans ce carnet, pas de tableau.").wait_for()
    html = (exports / "tp9.html").read_text(encoding="utf-8")
    assert "Les vidéos font réagir" in html and "Léa" in html and "alice" in html

    assert serious_faults(page) == []
    links = page.locator(".cm-files a")
    expect(links).to_have_text(
        ["La SWOT, en image (swot.png)", "La fiche de Léa, en image (persona-1-lea.png)", "La page à imprimer (tp9.html)"]
    )
    links.nth(1).click()
    page.locator(".jp-ImageViewer img").wait_for()
    lab.command("docmanager:open", {"path": EXERCISES})
    links.nth(2).click()
    page.frame_locator(".jp-HTMLViewer iframe").get_by_role("heading", name="Matrice SWOT").wait_for()

    printed = browser.new_page()
    asked: list[str] = []
    printed.on("request", lambda request: asked.append(request.url))
    printed.goto((exports / "tp9.html").as_uri())
    assert len(asked) == 1  # the page itself: it loads nothing
    assert printed.pdf(path=tmp_path / "tp9.pdf", prefer_css_page_size=True).startswith(b"%PDF")
    printed.close()

    shutil.rmtree(exports)
    lab.command("docmanager:open", {"path": EXERCISES})
    lab.run_all(EXERCISES)
    expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPrompt").last).to_have_text(f"[{2 * len(CELLS)}]:")
    assert not exports.exists()  # running every cell writes nothing
