"""The editor of a planning: six months placed in a few gestures, moved, imported, exported, and back after a restart."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator

from cmlib.french import write_date
from cmlib.planning import COLUMNS
from cmlib.planning_files import planning_in
from cmlib.tp.plannings import MOST_LINES, cells_of
from tests.browser.conftest import EXERCISES, Lab, card, kept, open_cells, serious_faults

pytestmark = pytest.mark.browser

FIXTURES = Path(__file__).parent.parent / "fixtures"
CELLS = [
    "from datetime import date\nfrom cmlib.planning_coverage import Theme\nfrom cmlib.tp import open_tp\ntp = open_tp('tp9')",
    """tp.plan_posts('2.4', title='Planning', points=3, team=14,
    events={'Fête du vélo': (date(2026, 3, 13), date(2026, 3, 17)), 'Rentrée': (date(2026, 9, 5), date(2026, 9, 6))},
    themes=lambda: [Theme('Balade, le dimanche', 'Léa, 28 ans', ('instagram', 'facebook'))], personas=lambda: ['Léa, 28 ans'])""",
]
MARCH = "".join(
    f"{title}\t{networks}\t{day}\t{due}\r\n"
    for title, networks, day, due in (
        ("Titre ou sujet", "Réseaux", "Jour de parution", "Échéances internes"),
        ("Balade", "Instagram, X (Twitter)", "12/03/2026 18:30", "rédaction 05/03/2026, validation 10/03/2026"),
        ("Atelier", "Facebook", "30/03/2026", ""),
        ("Conseil", "Instagram", "16/03/2026 08:00", "validation 13/03/2026"),
    )
)


@pytest.fixture
def planning(jupyterlab: Lab) -> Lab:
    """A notebook with a planning to make, all its cells run."""
    jupyterlab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_cells(jupyterlab, CELLS)
    editor(jupyterlab).wait_for()
    return jupyterlab


def editor(lab: Lab) -> Locator:
    """Return the card of the planning."""
    return card(lab, "2-4")


def button(lab: Lab, name: str) -> Locator:
    """Return a button of the card."""
    return editor(lab).get_by_role("button", name=name)


def field(lab: Lab, label: str) -> Locator:
    """Return a field of the sheet of a publication."""
    return editor(lab).locator(".cm-sheet").get_by_label(label, exact=True)


def chip(lab: Lab, title: str) -> Locator:
    """Return a publication as the month shows it."""
    return editor(lab).locator(".cm-chip", has_text=title).first


def said(lab: Lab, text: str) -> None:
    """Wait until the card says something."""
    editor(lab).locator(".cm-said").get_by_text(text).wait_for()


def saved(lab: Lab) -> None:
    """Wait until everything shown is on the disk."""
    editor(lab).locator(".cm-badge").get_by_text("enregistré à").wait_for()


def lines(lab: Lab) -> list[dict[str, str]]:
    """Return the texts of the publications on the disk, by title."""
    saved(lab)
    stored = kept(lab, "2.4") or {}
    assert isinstance(stored, dict)
    return sorted(map(cells_of, stored.values()), key=lambda cells: cells.get("title", ""))


def line(lab: Lab, title: str) -> dict[str, str]:
    """Return the texts of a publication on the disk."""
    return next(cells for cells in lines(lab) if cells.get("title") == title)


def paste(lab: Lab, text: str) -> None:
    """Paste a block copied from a spreadsheet on the card, outside its fields."""
    lab.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    button(lab, "Ajouter une publication").focus()
    lab.page.keyboard.press("Control+V")


def on(lab: Lab, day: date) -> Locator:
    """Return a day of the month shown."""
    return editor(lab).locator(f'[data-day="{(day - date(1970, 1, 1)).days}"]')


def drag(lab: Lab, title: str, day: date) -> None:
    """Drag a publication to a day of the month shown."""
    target = on(lab, day)
    target.scroll_into_view_if_needed()  # a page that scrolls under a pressed button drags something else
    chip(lab, title).drag_to(target)


def focused(locator: Locator) -> bool:
    """Tell whether an element has the keyboard."""
    return bool(locator.evaluate("node => node === document.activeElement"))


def turn_to(lab: Lab, month: str) -> None:
    """Turn the pages of the calendar until a month."""
    for _ in range(12):
        if editor(lab).locator(".cm-month-name").inner_text() == month:
            return
        button(lab, "Mois suivant").click()
    raise AssertionError(month)


def test_six_months_are_placed_in_a_few_gestures(planning: Lab) -> None:
    editor(planning).get_by_text("jamais plus de 10 jours de silence").wait_for()  # the rules, before one begins
    turn_to(planning, "mars 2026")
    assert editor(planning).locator(".cm-event").all_inner_texts() == ["★\u00a0Fête du vélo", "★\u00a0Fête du vélo"]
    button(planning, "Ajouter le 5 mars 2026").click()
    assert focused(field(planning, "Titre ou sujet"))
    planning.page.keyboard.type("Question du jeudi")
    field(planning, "Partir d’une thématique").select_option("Balade, le dimanche")
    assert field(planning, "Persona ciblé").input_value() == "Léa, 28 ans"
    assert field(planning, "Mots-clés SEO").input_value() == "Balade le dimanche"
    button(planning, "Instagram, jeudi : 9 h–17 h").click()
    button(planning, "cinq et deux jours avant").click()
    expected = {
        "title": "Question du jeudi",
        "persona": "Léa, 28 ans",
        "keywords": "Balade le dimanche",
        "networks": "Facebook, Instagram",
        "published": "05/03/2026 09:00",
        "deadlines": "rédaction 28/02/2026, validation 03/03/2026",
    }
    assert lines(planning) == [expected]

    editor(planning).get_by_text("Répéter cette publication").click()
    series = editor(planning).locator(".cm-repeat")
    series.get_by_text("26 publications").wait_for()
    series.get_by_label("mardi").check()
    field(planning, "Jusqu’au").fill("2026-08-31")
    button(planning, "Poser la série").click()
    said(planning, "51 publications posées. Vous pouvez annuler.")
    assert editor(planning).locator(".cm-sheet").count() == 0
    assert len(lines(planning)) == 51
    last = line(planning, "Question du jeudi (n°\u00a051)")
    assert (last["published"], last["deadlines"]) == ("27/08/2026 09:00", "rédaction 22/08/2026, validation 25/08/2026")

    button(planning, "Annuler").click()  # one gesture
    chip(planning, "Question du jeudi").get_by_text("(n°").wait_for(state="detached")
    assert lines(planning) == [expected]
    chip(planning, "Question du jeudi").press("Enter")
    editor(planning).get_by_text("Répéter cette publication").click()
    field(planning, "Jusqu’au").fill("2026-03-19")
    button(planning, "Poser la série").click()
    said(planning, "3 publications posées")

    chip(planning, "(n°\u00a02)").click()
    field(planning, "Heure").fill("18:00")
    field(planning, "Objectif").fill("faire venir")
    field(planning, "Rédaction pour le").fill("2026-03-01")
    button(planning, "Appliquer à toute la série (3)").click()
    said(planning, "2 autres publications de la série suivent celle-ci")
    assert [(one["published"], one["objective"], one["deadlines"]) for one in lines(planning)] == [
        (
            f"{day:%d/%m/%Y} 18:00",
            "faire venir",
            f"rédaction {write_date(day - timedelta(11))}, validation {write_date(day - timedelta(2))}",
        )
        for day in (date(2026, 3, 5), date(2026, 3, 12), date(2026, 3, 19))
    ]
    planning.restart(EXERCISES)
    planning.run_all(EXERCISES)
    chip(planning, "(n°\u00a03)").click()
    button(planning, "Supprimer la série (3)").click()
    said(planning, "3 publications supprimées")
    assert lines(planning) == []
    button(planning, "Annuler").click()
    chip(planning, "(n°\u00a03)").wait_for()


def test_publications_are_moved_filtered_listed_and_deleted(planning: Lab) -> None:
    paste(planning, MARCH)
    said(planning, "3 publications lues dans « le tableau collé »")
    drag(planning, "Balade", date(2026, 3, 20))
    said(planning, "vendredi 20 mars 2026. Les échéances ont suivi.")
    moved = line(planning, "Balade")
    assert (moved["published"], moved["deadlines"]) == ("20/03/2026 18:30", "rédaction 13/03/2026, validation 18/03/2026")
    workshop = chip(planning, "Atelier")
    workshop.focus()
    planning.page.keyboard.press("Alt+ArrowDown")
    said(planning, "lundi 6 avril 2026")
    planning.page.keyboard.press("Alt+ArrowLeft")
    said(planning, "dimanche 5 avril 2026")
    assert focused(workshop)
    assert editor(planning).locator(".cm-month-name").inner_text() == "avril 2026"
    assert line(planning, "Atelier")["published"] == "05/04/2026"
    planning.page.keyboard.press("ArrowLeft")
    assert focused(button(planning, "Ajouter le 4 avril 2026"))
    planning.page.keyboard.press("ArrowRight")
    planning.page.keyboard.press("Enter")
    assert field(planning, "Jour de parution").input_value() == "2026-04-05"
    button(planning, "Fermer").press("Enter")
    assert focused(workshop)
    button(planning, "Annuler").click()
    on(planning, date(2026, 4, 6)).get_by_text("Atelier").wait_for()
    assert line(planning, "Atelier")["published"] == "06/04/2026"

    exercise = editor(planning)
    exercise.get_by_role("checkbox", name="Facebook (1)").uncheck()
    assert exercise.locator(".cm-chip-title").count() == 0  # in April
    exercise.get_by_role("radio", name="Créneaux").check()
    assert exercise.get_by_role("row", name="lundi").get_by_role("cell").nth(8).inner_text().startswith("1")
    exercise.locator(".cm-shares").get_by_text("Instagram : 50\u202f% dans un créneau conseillé (1 sur 2).").wait_for()
    exercise.get_by_role("radio", name="Liste").check()
    rows = exercise.locator(".cm-list .cm-keys .cm-row")
    assert rows.count() == 2
    assert rows.nth(1).locator(".cm-cell").all_inner_texts()[1:5] == [
        "ven.\u00a020/03/2026",
        "18\u00a0h\u00a030",
        "Instagram, X (Twitter)",
        "Balade",
    ]
    exercise.get_by_label("Tout cocher").check()
    button(planning, "Supprimer les 2 cochées").click()
    assert [one["title"] for one in lines(planning)] == ["Atelier"]
    exercise.get_by_role("checkbox", name="Facebook (1)").check()
    rows.first.click()
    button(planning, "Dupliquer").click()
    said(planning, "Copie ouverte")
    editor(planning).locator(".cm-delete").click()
    said(planning, "1 publication supprimée")
    rows.first.click()
    field(planning, "Jour de parution").fill("")
    field(planning, "Titre ou sujet").focus()
    exercise.locator(".cm-problem").get_by_text("il manque : Jour de parution.").wait_for()
    button(planning, "Fermer").click()
    exercise.get_by_role("radio", name="Mois").check()
    exercise.get_by_text("Sans date (1)").wait_for()
    drag(planning, "Atelier", date(2026, 4, 14))
    said(planning, "« Atelier » : mardi 14 avril 2026.")
    assert line(planning, "Atelier")["published"] == "14/04/2026"


def test_files_come_in_and_go_out(planning: Lab, tmp_path: Path) -> None:
    exercise, page = editor(planning), planning.page
    exercise.get_by_label("Fichier à importer").set_input_files(FIXTURES / "planning-du-kit-libreoffice.xlsx")
    said(planning, "4 publications lues dans « planning-du-kit-libreoffice.xlsx »")
    assert exercise.locator(".cm-month-name").inner_text() == "mars 2026"
    exercise.get_by_label("Fichier à importer").set_input_files(FIXTURES / "tableau-libreoffice.csv")
    said(planning, "tableau-libreoffice.csv")
    assert [one["title"] for one in lines(planning)] == ["'=déjà", "2026", "=1+1", "Minuit"]
    assert line(planning, "Minuit")["published"] == "12/03/2026 à 00:00"
    exercise.get_by_text("Importer, coller depuis un tableur…").click()
    exercise.get_by_role("radio", name="remplacer tout").check()
    exercise.get_by_label("Ou collez ici").fill(MARCH)
    button(planning, "Lire ces lignes").click()
    said(planning, "3 publications lues dans « le tableau collé » ; 4 remplacées. Vous pouvez annuler.")
    assert [one["title"] for one in lines(planning)] == ["Atelier", "Balade", "Conseil"]
    for kind in ("xlsx", "csv", "ics"):
        with page.expect_download() as download:
            button(planning, f"Exporter en .{kind}").click()
        assert download.value.suggested_filename == f"planning.{kind}"
        download.value.save_as(tmp_path / f"planning.{kind}")
        said(planning, f"« planning.{kind} » : 3 publications exportées.")
        content = (tmp_path / f"planning.{kind}").read_bytes()
        assert [entry.title for entry in planning_in(content, f"planning.{kind}")] == ["Balade", "Conseil", "Atelier"]
    events = list(Calendar.from_ical((tmp_path / "planning.ics").read_bytes()).walk("VEVENT"))
    assert [str(event["summary"]) for event in events] == ["Balade", "Conseil", "Atelier"]


def test_nothing_typed_is_lost_nor_overwritten(planning: Lab) -> None:
    exercise, page = editor(planning), planning.page
    paste(planning, MARCH)
    said(planning, "3 publications lues")
    chip(planning, "Balade").click()
    title = field(planning, "Titre ou sujet")
    title.press("End")
    page.keyboard.type(" du ")
    exercise.get_by_role("heading", name="Publication : Balade du").wait_for()  # saved a moment after the last key
    assert line(planning, "Balade du")["networks"] == "Instagram, X (Twitter)"
    page.keyboard.type("dimanche, en")
    field(planning, "Objectif").fill("voir\u2028du monde")
    field(planning, "Type de publication").fill("invitation")
    title.focus()
    assert line(planning, "Balade du dimanche, en")["objective"] == "voir du monde"
    assert int(title.get_attribute("maxlength") or 0) < 450

    planning.restart(EXERCISES)
    exercise.get_by_text("Le noyau ne répond plus").wait_for()
    field(planning, "Action suggérée (CTA)").fill("Inscrivez-vous")
    button(planning, "Fermer").click()
    button(planning, "Exporter en .csv").click()
    said(planning, "Rien n’est exporté")
    chip(planning, "Conseil").press("Alt+ArrowRight")
    planning.run_all(EXERCISES)
    assert line(planning, "Balade du dimanche, en")["call_to_action"] == "Inscrivez-vous"
    assert line(planning, "Conseil")["published"] == "17/03/2026 08:00"

    planning.save()
    other = Lab(page.context.new_page(), planning.work, planning.url)
    other.start()
    other.open(EXERCISES)
    other.run_all(EXERCISES)
    for lab, day in ((other, "2 mars 2026"), (planning, "3 mars 2026")):
        lab.page.bring_to_front()
        button(lab, f"Ajouter le {day}").click()
        field(lab, "Titre ou sujet").fill(f"Du {day}")
        button(lab, "Fermer").click()
        saved(lab)
    other.page.close()
    assert {"Du 2 mars 2026", "Du 3 mars 2026"} <= {one["title"] for one in lines(planning)}


def test_a_year_is_readable_by_everybody(planning: Lab) -> None:
    exercise, page = editor(planning), planning.page
    days = [date(2026, 1, 1) + timedelta(days=number % 300) for number in range(MOST_LINES)]
    rows = [
        f"Publication {rank}\t{('Instagram', 'X')[rank % 2]}\t{write_date(day)} {9 + rank % 8}:0{rank // 300}"
        for rank, day in enumerate(days)
    ]
    paste(planning, "\n".join(["\t".join((COLUMNS["title"], COLUMNS["networks"], COLUMNS["published"])), *rows]))
    said(planning, f"{MOST_LINES} publications lues")
    button(planning, "Ajouter le 8 janvier 2026").click()
    page.keyboard.type("De trop")
    page.keyboard.press("Tab")
    said(planning, f"Un planning prend {MOST_LINES} publications au plus.")
    button(planning, "Fermer").click()
    chip(planning, "Publication 6").click()
    exercise.get_by_text("Répéter cette publication").click()
    for theme, light, views in (
        ("JupyterLab Light", "true", ["Mois", "Liste"]),
        ("JupyterLab Dark", "false", ["Créneaux", "Mois"]),
    ):
        planning.command("apputils:change-theme", {"theme": theme})
        page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
        for view in views:
            exercise.get_by_role("radio", name=view).check()
            assert serious_faults(page) == []
    exercise.get_by_role("radio", name="Liste").check()
    assert exercise.locator(".cm-list .cm-keys .cm-row").count() == MOST_LINES
