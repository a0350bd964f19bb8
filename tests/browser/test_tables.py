"""Tables, persona cards and budgets: by mouse, by keyboard, from a spreadsheet, and back after a restart."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from cmlib.spreadsheets import to_xlsx
from cmlib.tp.tables import ROWS
from tests.browser.conftest import EXERCISES, Lab, card, kept, open_cells, serious_faults

pytestmark = pytest.mark.browser

FIXTURES = Path(__file__).parent.parent / "fixtures"
CELLS = [
    "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import *\ntp = open_tp('tp9')",
    """tp.fill_table('1.2', title='Objectifs', points=3, at_least=2, at_most=120, optional=['reseaux'], columns={
    'famille': ChoiceField('Famille', {'vis': 'Visibilité', 'opi': 'Opinion', 'per': 'Performance'}),
    'kpi': TextField('KPI', 1, 12), 'depart': NumberField('Départ', '%'), 'cible': NumberField('Valeur visée', '%'),
    'fin': MomentField('Échéance', year=2026), 'raison': TextField('Raison', 2),
    'reseaux': ChoiceField('Réseaux', {'ig': 'Instagram', 'x': 'X', 'fb': 'Facebook'}, several=True)})""",
    """tp.fill_table('1.6', title='SWOT', points=2, rows={'forces': 'Forces', 'menaces': 'Menaces'},
    columns={'constat': TextField('Constat', 2, 12), 'part': NumberField('Part', '%')})""",
    "tp.personas('1.3', title='Cibles', points=4, at_least=2, at_most=3, optional=['dislikes', 'barriers'])",
    """tp.share_out('2.3', title='Budget', points=1, total=24000,
    lines={'pub': 'Publicité', 'contenu': 'Contenus', 'outils': 'Outils'})""",
]
NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell"
TABLE, SWOT, PERSONAS, BUDGET = "1-2", "1-6", "1-3", "2-3"


@pytest.fixture
def tables(jupyterlab: Lab) -> Lab:
    """A notebook with a table of each sort, all its cells run."""
    jupyterlab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_cells(jupyterlab, CELLS)
    card(jupyterlab, BUDGET).wait_for()
    return jupyterlab


def cell(lab: Lab, column: str, line: int, exercise: str = TABLE) -> Locator:
    """Return the control of a cell; a line is counted from 1."""
    label = card(lab, exercise).get_by_label(column, exact=False)
    return card(lab, exercise).locator(".cm-keys .cm-row").nth(line - 1).locator("input, textarea, select, summary").and_(label)


def saved(lab: Lab, exercise: str) -> None:
    """Wait until everything shown is on the disk."""
    card(lab, exercise).locator(".cm-badge").get_by_text("enregistré à").wait_for()


def copy(page: Page, text: str, html: str = "") -> None:
    """Put on the clipboard what a spreadsheet puts there."""
    page.evaluate(
        """([text, html]) => navigator.clipboard.write([new ClipboardItem({
            "text/plain": new Blob([text], {type: "text/plain"}),
            ...(html ? {"text/html": new Blob([html], {type: "text/html"})} : {}),
        })])""",
        [text, html],
    )


def column(lab: Lab, name: str) -> list[str]:
    """Return what the page shows in a column, line by line."""
    place = card(lab, TABLE).locator(".cm-column").all_inner_texts().index(name) - 1
    cells = card(lab, TABLE).locator(f'.cm-cell[data-column="{place}"]').locator("input, textarea, select")
    return [one.input_value() for one in cells.all()]


def rerun(lab: Lab) -> None:
    """Restart the kernel and run all cells, as on the next morning."""
    lab.restart(EXERCISES)
    lab.run_all(EXERCISES)


def test_a_table_is_filled_in_with_the_mouse_and_comes_back(tables: Lab) -> None:
    cell(tables, "Famille", 1).select_option("Opinion")
    cell(tables, "KPI", 1).fill("Notoriété spontanée")
    cell(tables, "Départ", 1).fill("8,3")
    cell(tables, "Valeur visée", 1).fill("12 %")
    cell(tables, "Échéance", 1).fill("1er juillet")
    cell(tables, "Raison", 1).fill("Les familles\nnous ignorent")
    cell(tables, "Réseaux", 1).click()
    card(tables, TABLE).get_by_label("Instagram").check()
    card(tables, TABLE).get_by_text("1 ligne sur 2.").wait_for()
    saved(tables, TABLE)
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict)
    assert (
        stored["r1.fin"] == "1er juillet"
        and stored["r1.raison"] == "Les familles\nnous ignorent"
        and stored["r1.reseaux"] == "ig"
    )
    card(tables, TABLE).get_by_role("button", name="Dupliquer").click()
    card(tables, TABLE).get_by_text("2 lignes remplies.").wait_for()
    rerun(tables)
    card(tables, TABLE).get_by_text("2 lignes remplies.").wait_for()
    assert column(tables, "KPI (de 1 à 12 mots)")[:2] == ["Notoriété spontanée"] * 2
    assert cell(tables, "Réseaux", 2).text_content() == "Instagram"


def test_a_table_is_filled_in_with_the_keyboard_alone(tables: Lab) -> None:
    page = tables.page
    cell(tables, "Famille", 1).focus()
    page.keyboard.press("O")  # the option that begins so
    page.keyboard.press("Tab")
    page.keyboard.type("Notoriété")
    page.keyboard.press("Enter")  # the cell below
    page.keyboard.type("Portée")
    page.keyboard.press("Enter")  # a new line
    page.keyboard.type("Ventes")
    page.keyboard.press("Tab")
    page.keyboard.type("douze")
    page.keyboard.press("Tab")
    card(tables, TABLE).locator(".cm-message").get_by_text("Ligne 3, « Départ »").wait_for()
    assert cell(tables, "Départ", 3).get_attribute("aria-invalid") == "true"
    cell(tables, "KPI", 3).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Notoriété", "Ventes", "Portée"]
    page.keyboard.press("ArrowUp")
    assert cell(tables, "KPI", 1).evaluate("node => node === document.activeElement")
    card(tables, TABLE).get_by_role("button", name="Supprimer").press("Enter")
    saved(tables, TABLE)
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Ventes", "Portée"]
    assert page.locator(NOTEBOOK).count() == len(CELLS)  # JupyterLab has heard none of it
    card(tables, TABLE).get_by_role("button", name="Annuler").press("Enter")
    card(tables, TABLE).locator(".cm-keys .cm-row").nth(2).wait_for()
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Notoriété", "Ventes", "Portée"]


def test_a_block_of_a_spreadsheet_is_pasted_and_undone_in_one_go(tables: Lab) -> None:
    text = (FIXTURES / "bloc-libreoffice.txt").read_text(encoding="utf-8")
    html = (FIXTURES / "bloc-libreoffice.html").read_text(encoding="utf-8")
    copy(tables.page, text, html)
    cell(tables, "Famille", 1).focus()
    tables.page.keyboard.press("Control+V")
    card(tables, TABLE).get_by_text("3 lignes collées. Vous pouvez annuler.").wait_for()
    saved(tables, TABLE)
    assert column(tables, "Famille") == ["opi", "vis", "per"]
    assert column(tables, "Départ (%)") == ["8,30%", "1,25%", "150,00%"]
    assert column(tables, "Échéance") == ["01/07/2026", "16/10/2026", "31/12/2026"]
    assert [cell(tables, "Réseaux", line).text_content() for line in (1, 2, 3)] == ["Instagram\u202f; X", "Facebook", "Choisir…"]
    card(tables, TABLE).get_by_text("3 lignes remplies.").wait_for()
    assert tables.page.locator(NOTEBOOK).count() == len(CELLS)
    card(tables, TABLE).get_by_role("button", name="Annuler").click()
    card(tables, TABLE).get_by_text("2 lignes à remplir.").wait_for()
    assert kept(tables, "1.2") == {}


def test_a_block_with_titles_quotes_and_too_many_columns_is_understood(tables: Lab) -> None:
    copy(tables.page, 'kpi\tRaison\r\n"Taux, dit ""d’engagement"""\t"Sur deux\nlignes"\r\nPortée\tÊtre vus\r\n')
    cell(tables, "Valeur visée", 2).focus()
    tables.page.keyboard.press("Control+V")
    saved(tables, TABLE)
    assert column(tables, "KPI (de 1 à 12 mots)") == ["", 'Taux, dit "d’engagement"', "Portée"]
    assert column(tables, "Raison (2 mots au moins)") == ["", "Sur deux\nlignes", "Être vus"]
    copy(tables.page, "a\tb\tc\td\n" * 3)
    cell(tables, "Constat", 1, SWOT).focus()
    tables.page.keyboard.press("Control+V")
    told = card(tables, SWOT).locator(".cm-said")
    told.get_by_text("1 ligne en trop n’a pas été collée (2 au plus) ; les colonnes qui dépassent").wait_for()


def test_a_paragraph_pasted_in_a_cell_stays_in_it(tables: Lab) -> None:
    copy(tables.page, "Une phrase.\nUne autre.")
    cell(tables, "Raison", 1).focus()
    tables.page.keyboard.press("Control+V")
    cell(tables, "KPI", 1).focus()
    saved(tables, TABLE)
    assert column(tables, "Raison (2 mots au moins)") == ["Une phrase.\nUne autre.", ""]


def test_rows_are_dragged_and_a_file_is_imported(tables: Lab, tmp_path: Path) -> None:
    path = tmp_path / "objectifs de l’année.xlsx"
    path.write_bytes(
        to_xlsx(["Raison", "famille", "KPI"], [["être vus", "Visibilité", "Portée"], ["plaire", "Opinion", "NPS"]], "O")
    )
    exercise = card(tables, TABLE)
    exercise.get_by_label("Fichier à importer").set_input_files(path)
    exercise.get_by_text("2 lignes ajoutées depuis « objectifs de l’année.xlsx ». Vous pouvez annuler.").wait_for()
    assert column(tables, "Famille") == ["vis", "opi"]
    exercise.locator(".cm-row-head").nth(1).drag_to(exercise.locator(".cm-row-head").nth(0))
    exercise.get_by_text("Ligne 1 : place 1 sur 2.").wait_for()
    saved(tables, TABLE)
    assert column(tables, "KPI (de 1 à 12 mots)") == ["NPS", "Portée"]
    wrong = tmp_path / "autre.csv"
    wrong.write_text("Ville;Prix\nParis;3\n", encoding="utf-8")
    exercise.get_by_label("Fichier à importer").set_input_files(wrong)
    exercise.locator(".cm-said").get_by_text("autre.csv").wait_for()
    assert column(tables, "KPI (de 1 à 12 mots)") == ["NPS", "Portée"]


def test_a_copied_table_goes_to_a_spreadsheet(tables: Lab) -> None:
    cell(tables, "Constat", 1, SWOT).fill('Des photos "vraies"')
    cell(tables, "Part", 1, SWOT).fill("8,3 %")
    saved(tables, SWOT)
    card(tables, SWOT).get_by_role("button", name="Copier le tableau").click()
    card(tables, SWOT).get_by_text("Tableau copié").wait_for()
    assert tables.page.evaluate("navigator.clipboard.readText()") == 'Constat\tPart\n"Des photos ""vraies"""\t8,3 %\n\t'


def test_personas_are_written_as_cards(tables: Lab) -> None:
    first = card(tables, PERSONAS).locator(".cm-persona").nth(0)
    first.get_by_label("Prénom").fill("Léa")
    first.get_by_label("Âge").fill("25-34")
    first.get_by_label("Situation").fill("mère de deux enfants")
    first.locator(".cm-item-networks summary").click()  # eight of them: a long list unfolds
    first.get_by_label("Instagram").check()
    first.locator(".cm-item-networks summary").get_by_text("Instagram").wait_for()
    first.get_by_label("Attentes").fill("du concret")
    first.get_by_label("Motivations").fill("gagner du temps")
    card(tables, PERSONAS).get_by_role("heading", name="Léa").wait_for()
    first.get_by_text("compris : de 25 à 34 ans").wait_for()
    first.get_by_role("button", name="Dupliquer").click()
    second = card(tables, PERSONAS).locator(".cm-persona").nth(1)
    second.get_by_label("Prénom").fill("Marc")
    second.get_by_role("button", name="Monter").press("Enter")
    card(tables, PERSONAS).get_by_text("fiches remplies.").wait_for()
    assert card(tables, PERSONAS).get_by_role("heading", level=4).all_inner_texts()[:2] == ["Marc", "Léa"]
    rerun(tables)
    card(tables, PERSONAS).get_by_role("heading", name="Marc").wait_for()
    card(tables, PERSONAS).locator(".cm-persona").nth(2).get_by_role("button", name="Supprimer").click()
    card(tables, PERSONAS).get_by_text("2 fiches remplies.").wait_for()


def test_a_budget_is_shared_out_by_slider_by_typing_and_by_what_is_left(tables: Lab) -> None:
    budget = card(tables, BUDGET)
    budget.get_by_label("Publicité, curseur").press("End")
    budget.get_by_text("24\u202f000\u00a0€ répartis, il ne reste rien.").wait_for()
    budget.get_by_label("Publicité", exact=True).fill("12 k€")
    budget.get_by_label("Publicité", exact=True).press("Enter")
    budget.get_by_text("Il reste 12\u202f000\u00a0€ à répartir.").wait_for()
    budget.get_by_label("Contenus, curseur").press("ArrowRight")
    budget.get_by_text("Il reste 11\u202f900\u00a0€ à répartir.").wait_for()
    budget.get_by_role("button", name="Mettre le reste : Outils").click()
    budget.get_by_text("répartis, il ne reste rien.").wait_for()
    budget.get_by_label("Outils", exact=True).fill("99 999")
    budget.get_by_label("Outils", exact=True).press("Enter")
    budget.get_by_text("Le total dépasse de").wait_for()
    rerun(tables)
    budget.get_by_text("Le total dépasse de").wait_for()
    assert budget.get_by_label("Publicité", exact=True).input_value() == "12 k€"


def test_everybody_can_use_them_in_light_and_in_dark(tables: Lab) -> None:
    cell(tables, "Départ", 1).fill("douze")
    cell(tables, "Réseaux", 1).click()
    assert serious_faults(tables.page) == []
    tables.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    tables.page.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    assert serious_faults(tables.page) == []


def test_a_pasted_block_is_shown_where_the_keyboard_is_and_wins_over_what_was_just_typed(tables: Lab) -> None:
    copy(tables.page, "Portée\t2 %\r\nVentes\t3 %\r\n\t\r\n\t\r\n")
    cell(tables, "KPI", 1).focus()
    tables.page.keyboard.type("abc")
    tables.page.keyboard.press("Control+V")
    card(tables, TABLE).get_by_text("2 lignes collées. Vous pouvez annuler.").wait_for()  # blank lines are not rows
    tables.page.wait_for_timeout(1000)  # longer than the pause after which a text is saved
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Portée", "Ventes"]
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict) and stored["r1.kpi"] == "Portée"


def test_one_cell_is_pasted_on_a_list(tables: Lab) -> None:
    copy(tables.page, "opinion\r\n")
    cell(tables, "Famille", 1).focus()
    tables.page.keyboard.press("Control+V")
    saved(tables, TABLE)
    assert column(tables, "Famille") == ["opi", ""]


def test_a_list_with_a_stranger_keeps_what_it_names_when_one_more_is_ticked(tables: Lab) -> None:
    copy(tables.page, "Facebook ; Snapchat")
    cell(tables, "Réseaux", 1).focus()
    tables.page.keyboard.press("Control+V")
    saved(tables, TABLE)
    cell(tables, "Réseaux", 1).click()
    box = card(tables, TABLE).get_by_role("checkbox", name="Instagram")
    box.check()
    card(tables, TABLE).get_by_role("button", name="Annuler").and_(enabled(tables)).wait_for()
    saved(tables, TABLE)
    assert cell(tables, "Réseaux", 1).text_content() == "Instagram\u202f; Facebook"
    card(tables, TABLE).get_by_role("button", name="Annuler").click()
    tables.page.wait_for_function("(box) => !box.checked", arg=box.element_handle())


def enabled(lab: Lab) -> Locator:
    """Return what has not been greyed out."""
    return lab.page.locator(":not([aria-disabled=true])")


def test_the_keyboard_is_never_left_nowhere(tables: Lab) -> None:
    exercise = card(tables, TABLE)
    cell(tables, "KPI", 2).fill("Ventes")
    saved(tables, TABLE)
    exercise.get_by_role("button", name="Monter").press("Enter")
    assert exercise.get_by_role("button", name="Descendre").evaluate("node => node === document.activeElement")
    undo = exercise.get_by_role("button", name="Annuler")
    undo.press("Enter")  # the move, then what was typed: nothing is left to take back
    undo.press("Enter")
    exercise.locator(".cm-undo[aria-disabled=true]").wait_for()
    assert undo.evaluate("node => node === document.activeElement")


def test_jupyterlab_hears_no_shortcut_but_saves_the_cell_being_typed(tables: Lab) -> None:
    runs = "() => window.jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.executionCount)"
    before = tables.page.evaluate(runs)
    controls = [cell(tables, "Famille", 1), cell(tables, "KPI", 1), card(tables, BUDGET).get_by_label("Outils, curseur")]
    for control in controls:
        for key in ("Control+Enter", "Shift+Enter", "Control+Z", "Control+B", "d", "d"):
            control.press(key)
            assert control.evaluate("node => node === document.activeElement") or key == "Shift+Enter"
    assert tables.page.evaluate(runs) == before
    assert tables.page.locator(NOTEBOOK).count() == len(CELLS)
    cell(tables, "Départ", 1).fill("8,3 %")
    cell(tables, "Départ", 1).press("Control+S")
    saved(tables, TABLE)
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict) and stored["r1.depart"] == "8,3 %"


def test_undoing_while_the_kernel_is_lost_forgets_nothing(tables: Lab) -> None:
    cell(tables, "KPI", 1).fill("Portée")
    saved(tables, TABLE)
    tables.restart(EXERCISES)
    cell(tables, "KPI", 2).fill("Ventes")
    cell(tables, "Départ", 2).fill("3 %")
    card(tables, TABLE).get_by_role("button", name="Annuler").click()
    tables.run_all(EXERCISES)
    saved(tables, TABLE)
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict)
    assert (stored["r1.kpi"], stored["r2.kpi"], stored["r2.depart"]) == ("Portée", "Ventes", "3 %")


def test_what_is_wrong_with_a_file_is_said_each_time(tables: Lab, tmp_path: Path) -> None:
    exercise, file = card(tables, TABLE), card(tables, TABLE).get_by_label("Fichier à importer")
    files = {"titres.csv": (b"KPI;Raison\n", "n’a aucune ligne"), "gros.csv": (b"KPI;Raison\n" + b"a" * 12_000_000, "5 Mo")}
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    for name in ("titres.csv", "titres.csv", "gros.csv", "titres.csv"):
        file.set_input_files(tmp_path / name)
        exercise.locator(".cm-said").get_by_text(name).and_(exercise.get_by_text(files[name][1])).wait_for()
    tables.restart(EXERCISES)
    file.set_input_files(tmp_path / "titres.csv")
    exercise.get_by_text("« titres.csv » n’est pas importé").wait_for()


def test_a_text_dragged_to_another_cell_moves_no_row(tables: Lab) -> None:
    cell(tables, "KPI", 1).fill("Portée")
    cell(tables, "KPI", 2).fill("Ventes")
    saved(tables, TABLE)
    cell(tables, "KPI", 2).dblclick()
    cell(tables, "KPI", 2).drag_to(cell(tables, "Raison", 1), source_position={"x": 25, "y": 22})
    tables.page.wait_for_timeout(1000)
    saved(tables, TABLE)
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict)
    assert stored[ROWS] == "r1 r2" and stored["r1.raison"] == "Ventes"


def test_a_wrong_amount_leaves_the_others_in_the_balance(tables: Lab) -> None:
    budget = card(tables, BUDGET)
    budget.get_by_label("Contenus", exact=True).fill("12 000")
    budget.get_by_label("Publicité", exact=True).fill("douze")
    budget.get_by_label("Publicité", exact=True).press("Tab")
    budget.locator(".cm-message").get_by_text("n’est pas un nombre").wait_for()
    budget.get_by_role("button", name="Mettre le reste : Outils").click()
    saved(tables, BUDGET)
    assert kept(tables, "2.3") == {"contenu": "12 000", "pub": "douze", "outils": "12\u202f000"}


def test_rows_added_in_two_tabs_are_both_kept(tables: Lab) -> None:
    cell(tables, "KPI", 1).fill("Portée")
    saved(tables, TABLE)
    tables.save()
    page = tables.page.context.new_page()
    other = Lab(page, tables.work, tables.url)
    other.start()
    other.open(EXERCISES)
    other.run_all(EXERCISES)
    for lab, text in ((other, "Ventes"), (tables, "Notoriété")):
        lab.page.bring_to_front()
        card(lab, TABLE).get_by_role("button", name="Ajouter une ligne").click()
        lab.page.keyboard.press("Tab")
        lab.page.keyboard.type(text)
        lab.page.keyboard.press("Tab")
        lab.page.wait_for_timeout(500)
        saved(lab, TABLE)
    page.close()
    stored = kept(tables, "1.2")
    assert isinstance(stored, dict)
    assert {text for entry, text in stored.items() if entry.endswith(".kpi")} == {"Portée", "Ventes", "Notoriété"}


def test_what_is_done_while_the_kernel_is_lost_is_seen_at_once_and_kept(tables: Lab) -> None:
    exercise = card(tables, TABLE)
    cell(tables, "KPI", 1).fill("Portée")
    saved(tables, TABLE)
    tables.restart(EXERCISES)
    cell(tables, "KPI", 2).fill("De trop")
    exercise.get_by_role("button", name="Ajouter une ligne").click()
    copy(tables.page, "Ventes\t2 %\r\nAvis\t3 %\r\n")
    cell(tables, "KPI", 3).focus()
    tables.page.keyboard.press("Control+V")
    exercise.get_by_role("button", name="Dupliquer").click()
    cell(tables, "KPI", 2).focus()
    exercise.get_by_role("button", name="Supprimer").click()
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Portée", "Ventes", "Ventes", "Avis"]
    tables.run_all(EXERCISES)
    saved(tables, TABLE)
    assert column(tables, "KPI (de 1 à 12 mots)") == ["Portée", "Ventes", "Ventes", "Avis"]
    assert column(tables, "Départ (%)") == ["", "2 %", "2 %", "3 %"]
