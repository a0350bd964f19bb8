"""Speed of a chapter: opening it cold, and a slider moved until its picture is drawn anew.

Measured against what one would write without the kit, in the same browser, server and run: a notebook with one figure and
ipywidgets.interact. Medians and 95th percentiles are printed.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.session import spread
from cmlib import lab
from tests.browser.conftest import FLAGS, Lab, chromium, open_cells, running

MOVES = 30
PLAIN = """
import numpy as np
import matplotlib.pyplot as plt
import ipywidgets as widgets
from IPython.display import display
said = widgets.Label()
said.add_class("plain-said")
def draw(beta=30):
    contacts = np.arange(1, 11)
    figure, axes = plt.subplots(figsize=(9.6, 4))
    axes.plot(contacts, 1 - (1 - beta / 100) ** contacts, marker="o")
    axes.set_title(f"beta {beta}")
    plt.show()
    said.value = str(beta)
control = widgets.interactive(draw, beta=(1, 90))
control.children[0].add_class("plain-slider")
display(control, said)
"""


def moved(page: Page, slider: Locator, told: str) -> list[float]:
    """Time from a key on a slider to the text that goes with its new picture, given by a JavaScript expression."""
    times = []
    full = slider.evaluate("node => node.max !== undefined && node.value === node.max")
    for number in range(MOVES):
        before = page.evaluate(told)
        start = time.perf_counter()
        slider.press("ArrowLeft" if (number % 2 == 0) is full else "ArrowRight")
        page.wait_for_function(f"before => {told} !== before", arg=before, timeout=30_000)
        times.append(time.perf_counter() - start)
    return times


def opened(lab_page: Lab, path: str) -> float:
    """Time from « Exécuter toutes les cellules », in a fresh kernel, to an idle kernel."""
    lab_page.open(path)
    start = time.perf_counter()
    lab_page.run_all(path)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder, sync_playwright() as playwright:
        work = Path(folder) / "travail"
        lab.prepare(work)
        with running(work, lab.environment(), Path(folder)) as url:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            context = browser.new_context(viewport={"width": 1300, "height": 1000})
            page = context.new_page()
            one = Lab(page, work, url)
            one.start()
            start = time.perf_counter()
            open_cells(one, [PLAIN], "nu/nu.ipynb")
            cold_plain = time.perf_counter() - start
            page.locator(".plain-slider [role=slider]").wait_for()
            handle = page.locator(".plain-slider [role=slider]").first
            plain = moved(page, handle, "document.querySelector('.plain-said').textContent")
            print(f"carnet nu, une figure           à froid {cold_plain:.1f} s ; curseur {spread(plain)}")
            for number in (1, 2, 3):
                name, page = f"chapitre{number}", context.new_page()
                one = Lab(page, work, url)
                one.start()
                cold = opened(one, f"{name}/{name}.ipynb")
                place = page.locator(".cm-play").evaluate_all(
                    "cards => cards.findIndex(card => card.querySelector('input[type=range]'))"
                )
                slider = page.locator(".cm-play").nth(place).locator("input[type=range]").first
                times = moved(page, slider, f"document.querySelectorAll('.cm-shown .cm-values')[{place}].textContent")
                ratio = statistics.median(times) / statistics.median(plain)
                print(f"{name}, toutes ses cellules  à froid {cold:.1f} s ; curseur {spread(times)}, rapport {ratio:.2f}")
            browser.close()


if __name__ == "__main__":
    main()
