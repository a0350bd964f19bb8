"""Speed of each kind of question: from an action to « enregistré » on the page, a hundred-row table included.

Measured against what one would write without the kit, in the same browser, server and run: ipywidgets fields whose observer
writes all answers as JSON, one of them a grid of a hundred rows. Medians and 95th percentiles are printed.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.session import spread
from cmlib import lab
from tests.browser.conftest import FLAGS, Lab, card, chromium, open_cells, running

ACTIONS = 30
ROWS = 100
POSTS = 300
COLUMNS = 8
PLAIN = f"""
import json
from pathlib import Path
import ipywidgets as widgets
def form(name, fields):
    status = widgets.Label()
    def save(change):
        Path(name + ".json").write_text(json.dumps([field.value for field in fields]))
        status.value = f"sauve {{change['new']}}"
    for field in fields:
        field.observe(save, "value")
    status.add_class("plain-said")
    layout = widgets.Layout(grid_template_columns="repeat({COLUMNS}, 130px)", overflow="auto")
    box = widgets.VBox([status, widgets.GridBox(fields, layout=layout)])
    box.add_class("plain-" + name)
    return box
text = lambda: widgets.Text(continuous_update=False, layout=widgets.Layout(width="120px"))
display(form("form", [text() for _ in range(3)]))
display(form("table", [text() for _ in range({ROWS * COLUMNS})]))
"""
KINDS = [
    "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import *\ntp = open_tp('tp9')",
    "tp.classify('1.1', 'Classer', 1, items={f'i{n}': f'Constat {n}' for n in range(12)}, into={'a': 'Force', 'b': 'Menace'})",
    "tp.choose('1.2', 'Choisir', 1, options={'a': 'Une', 'b': 'Deux'}, several=True)",
    "tp.numbers('1.3', 'Nombres', 1, fields={'a': ('Taux', '%'), 'b': ('Part', '%')})",
    "tp.write('1.4', 'Texte', 1, fields={'a': TextField('Texte', 3, 200)})",
    "tp.dates('1.5', 'Date', 1, fields={'a': MomentField('Jour', year=2026)})",
    "tp.order('1.6', 'Ordre', 1, items={name: f'Étape {name}' for name in 'abcde'})",
    "tp.personas('1.7', 'Personas', 1, at_least=2)",
    "tp.share_out('1.8', 'Budget', 1, lines={'a': 'Publicité', 'b': 'Contenus'}, total=10000)",
    "tp.fill_table('1.9', 'Tableau', 1, columns={'a': TextField('Objet', 1, 9), 'b': NumberField('Part', '%')}, at_least=4)",
    f"""types, networks = ({{f'{{kind[0]}}{{n}}': f'{{kind}} {{n}}' for n in range(30)}} for kind in ('Type', 'Réseau'))
columns = {{'sujet': TextField('Sujet', 1, 9), 'type': ChoiceField('Type', types), 'reseaux': ChoiceField('Où', networks, True),
    'cible': TextField('Cible', 1, 6), 'jour': MomentField('Jour', 'datetime', 2026), 'budget': NumberField('Budget', '€'),
    'part': NumberField('Part', '%'), 'cta': TextField('CTA', 2)}}
tp.fill_table('2.4', 'Cent lignes', 1, columns=columns, at_least={ROWS}, at_most=120)""",
    "tp.plan_posts('2.6', 'Une année', 1, events={}, team=14)",
    "tp.compose_posts('2.5', 'Deux posts', 1, themes={'t1': 'Une', 't2': 'Deux'}, author='Vélambule')",
]
YEAR = "\n".join(
    "\t".join(
        (
            f"Conseil numéro {n}",
            *(
                "conseil pratique",
                "visibilité",
                "français",
                "Léa",
                "vélo, école",
                "Réservez votre essai",
                "Instagram",
                "#famille",
            ),
            f"{date(2026, 1, 5) + timedelta(days=n):%d/%m/%Y} {9 + n % 8:02}:00",
            f"validation {date(2026, 1, 3) + timedelta(days=n):%d/%m/%Y}",
        )
    )
    for n in range(POSTS)
)
BLOCK = "\n".join(
    "\t".join(
        (
            f"Publication {n}",
            "Type 3",
            "Réseau 1; Réseau 2",
            "Léa",
            f"{n % 28 + 1}/03/2026 14:30",
            "12,50 €",
            "8,3 %",
            "Venir voir",
        )
    )
    for n in range(ROWS)
)


def saved(opened: Lab, exercise: str, act: Callable[[int], None], prepare: Callable[[int], None] = lambda _: None) -> list[float]:
    """Time from an action on a card to « enregistré », the revision on the disk growing each time."""
    times = []
    done = f"() => /enregistré/.test(document.querySelector('.cm-q-{exercise} .cm-badge').textContent)"
    for number in range(ACTIONS):
        prepare(number)
        start = time.perf_counter()
        act(number)
        opened.page.wait_for_function(done, timeout=30_000)
        times.append(time.perf_counter() - start)
    return times


def plain(page: Page, name: str, place: int) -> list[float]:
    """Time of a field of a plain form, from leaving it to the text that its observer writes after saving."""
    box, times = page.locator(f".plain-{name} input").nth(place), []
    for number in range(ACTIONS):
        box.fill(f"essai {number}")
        start = time.perf_counter()
        box.blur()
        said = f"sauve essai {number}"
        page.wait_for_function(f"() => document.querySelector('.plain-{name} .plain-said').textContent === '{said}'")
        times.append(time.perf_counter() - start)
    return times


def field(opened: Lab, exercise: str, selector: str, text: str) -> list[float]:
    """Time of a typed field: typing is not counted, leaving the field is."""
    box = card(opened, exercise).locator(selector).first
    return saved(opened, exercise, lambda _: box.blur(), lambda number: box.fill(text.format(number % 28 + 1)))


def kinds(opened: Lab) -> dict[str, list[float]]:
    """Measure every kind of card."""
    page = opened.page
    boxes = card(opened, "1-1").locator("input")
    options = card(opened, "1-2").locator("input")
    down, up = (card(opened, "1-6").locator(f".cm-item-a {name}") for name in (".cm-down", ".cm-up"))
    times = {
        "classement": saved(opened, "1-1", lambda n: boxes.nth(n % 24).click()),
        "choix": saved(opened, "1-2", lambda n: options.nth(n % 2).click()),
        "nombre": field(opened, "1-3", "input", "{} %"),
        "texte": field(opened, "1-4", "textarea", "Texte numéro {} de l’essai"),
        "date": field(opened, "1-5", "input", "{}/03/2026"),
        "ordre": saved(opened, "1-6", lambda n: (down, up)[n % 2].click()),
        "persona": field(opened, "1-7", "input[type=text]", "Léa {}"),
        "budget": field(opened, "1-8", "input[type=text]", "{}00 €"),
        "tableau de 4 lignes": field(opened, "1-9", ".cm-keys input", "Objet {}"),
    }
    big = card(opened, "2-4")
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)
    big.locator(".cm-keys input").first.focus()
    start = time.perf_counter()
    page.keyboard.press("Control+V")
    page.wait_for_function("() => /enregistré/.test(document.querySelector('.cm-q-2-4 .cm-badge').textContent)")
    times[f"collage de {ROWS} lignes"] = [time.perf_counter() - start]
    times[f"tableau de {ROWS} lignes, cellule"] = field(
        opened, "2-4", ".cm-keys .cm-row:nth-child(50) [data-column='5'] input", "{},50 €"
    )
    big.locator(".cm-keys .cm-row").nth(49).locator("input").first.focus()
    times[f"tableau de {ROWS} lignes, ligne déplacée"] = saved(
        opened, "2-4", lambda n: big.get_by_role("button", name=("Monter", "Descendre")[n % 2]).click()
    )
    year = card(opened, "2-6")
    year.get_by_text("Importer, coller depuis un tableur").click()
    page.evaluate("text => navigator.clipboard.writeText(text)", YEAR)
    year.get_by_role("button", name="Ajouter une publication").focus()
    start = time.perf_counter()
    page.keyboard.press("Control+V")
    page.wait_for_function("() => /enregistré/.test(document.querySelector('.cm-q-2-6 .cm-badge').textContent)")
    times[f"collage de {POSTS} publications"] = [time.perf_counter() - start]
    moved = year.locator(".cm-chip").nth(9)
    moved.focus()
    keys = ("Alt+ArrowRight", "Alt+ArrowLeft")
    times[f"planning de {POSTS} publications, une déplacée"] = saved(opened, "2-6", lambda n: page.keyboard.press(keys[n % 2]))
    times["post, texte"] = field(opened, "2-5", "textarea", "Essai numéro {} : réservez votre essai #vélo")
    return times


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder, sync_playwright() as playwright:
        work = Path(folder) / "travail"
        lab.prepare(work)
        with running(work, lab.environment(), Path(folder)) as url:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            context = browser.new_context(
                viewport={"width": 1300, "height": 1000}, permissions=["clipboard-read", "clipboard-write"]
            )
            opened = Lab(context.new_page(), work, url)
            opened.start()
            open_cells(opened, [PLAIN], "nu/nu.ipynb")
            opened.page.locator(".plain-table").wait_for()
            form, grid = plain(opened.page, "form", 0), plain(opened.page, "table", 400)
            open_cells(opened, KINDS)
            card(opened, "2-4").wait_for()
            times = kinds(opened)
            revision = json.loads((work / "tp9" / "reponses.json").read_text(encoding="utf-8"))["answers"]["2.4"]["revision"]
            assert revision >= 2 * ACTIONS, "an action was not saved"
            browser.close()
    print(f"formulaire ipywidgets          {spread(form)}")
    print(f"grille ipywidgets {ROWS} × {COLUMNS}      {spread(grid)}")
    for name, measured in times.items():
        base = grid if str(ROWS) in name else form
        ratio = statistics.median(measured) / statistics.median(base)
        print(f"{name:38} {spread(measured)} | rapport des médianes {ratio:.2f}")


if __name__ == "__main__":
    main()
