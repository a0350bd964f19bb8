"""Speed of a session: from a click to « enregistré » on the page, and a cold « Exécuter toutes les cellules ».

Measured against what one would write without the kit: a plain ipywidgets form of the same twelve rows whose observer
writes all answers as JSON. Same browser, same server, same run; medians and 95th percentiles are printed.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, sync_playwright

from cmlib import lab
from tests.browser.conftest import FLAGS, PATH, READY, Lab, chromium, running, sign

CLICKS = 40
COLD_RUNS = 5
PLAIN = """
import json
from pathlib import Path
import ipywidgets as widgets
rows = [widgets.ToggleButtons(options=["Forces", "Faiblesses", "Opportunités", "Menaces"], value=None) for _ in range(12)]
status = widgets.Label()
def save(change):
    Path("plain.json").write_text(json.dumps([row.value for row in rows]))
    status.value = f"sauve {change['owner'].model_id} {change['new']}"
for row in rows:
    row.observe(save, "value")
form = widgets.VBox([*rows, status])
form.add_class("plain-form")
form
"""


def spread(seconds: list[float]) -> str:
    """Return the median and the 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return f"médiane {1000 * statistics.median(ordered):5.0f} ms, p95 {1000 * ordered[int(0.95 * (len(ordered) - 1))]:5.0f} ms"


def clicks_of_the_kit(page: Page) -> list[float]:
    """Time from a click to its acknowledgement shown by the card."""
    card = page.locator(".cm-q-1-5")
    times = []
    for number in range(CLICKS):
        box = card.locator(".cm-item").nth(number % 12).locator("input").nth(number // 12 % 4)
        box.scroll_into_view_if_needed()
        start = time.perf_counter()
        box.click()
        page.wait_for_function("() => /enregistré/.test(document.querySelector('.cm-q-1-5 .cm-badge').textContent)")
        times.append(time.perf_counter() - start)
    return times


def clicks_of_a_plain_form(page: Page) -> list[float]:
    """Time from a click to the text that the observer writes after saving."""
    form = page.locator(".plain-form")
    times = []
    for number in range(CLICKS):
        label = page.locator(".plain-form .widget-label").last
        before = label.inner_text()
        button = form.locator(".widget-toggle-buttons").nth(number % 12).locator("button").nth(number // 12 % 4)
        button.scroll_into_view_if_needed()
        start = time.perf_counter()
        button.click()
        page.wait_for_function(
            "(before) => [...document.querySelectorAll('.plain-form .widget-label')].at(-1).textContent !== before", arg=before
        )
        times.append(time.perf_counter() - start)
    return times


def cold_run(opened: Lab, path: str, last: str) -> float:
    """Time of a Run All in a fresh kernel, until the last widget is on the page."""
    opened.restart(path)
    opened.command("notebook:clear-all-cell-outputs")
    start = time.perf_counter()
    opened.command("notebook:run-all-cells")
    opened.page.locator(last).wait_for()
    opened.page.wait_for_function(READY, arg=path)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder, sync_playwright() as playwright:
        work = Path(folder) / "travail"
        lab.prepare(work)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=[new_code_cell(PLAIN)], metadata=kernel), work / "plain.ipynb")
        with running(work, lab.environment(), Path(folder)) as url:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            opened = Lab(browser.new_page(viewport={"width": 1300, "height": 1000}), work, url)
            opened.start()
            opened.open("plain.ipynb")
            plain_cold = [cold_run(opened, "plain.ipynb", ".plain-form") for _ in range(COLD_RUNS)]
            plain = clicks_of_a_plain_form(opened.page)
            opened.open(PATH)
            opened.run_all(PATH)
            sign(opened, "alice")
            kit_cold = [cold_run(opened, PATH, ".cm-q-1-7") for _ in range(COLD_RUNS)]
            kit = clicks_of_the_kit(opened.page)
            browser.close()
        saved = json.loads((work / "tp1" / "reponses.json").read_text(encoding="utf-8"))
        assert saved["answers"]["1.5"]["revision"] == CLICKS, "a click was not saved"
    print(f"clic → enregistré   kit {spread(kit)} | formulaire ipywidgets {spread(plain)}")
    print(f"                    rapport des médianes {statistics.median(kit) / statistics.median(plain):.2f}")
    print(f"Exécuter tout       kit {spread(kit_cold)} | formulaire ipywidgets {spread(plain_cold)}")
    print(f"                    rapport des médianes {statistics.median(kit_cold) / statistics.median(plain_cold):.2f}")


if __name__ == "__main__":
    main()
