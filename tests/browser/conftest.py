"""A real JupyterLab, as « cmlib lab » opens it, in a real Chromium. One server and one browser for all tests."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from cmlib import lab
from cmlib.tp.sheet import AnswerSheet

TOKEN = "essai"
PATH = "tp1/tp1.ipynb"
EXERCISES = "tp9/tp9.ipynb"
NUMBERS = count()
READY = """
(path) => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const session = panel?.context?.path === path && panel.context.isReady && panel.context.sessionContext;
  const kernel = session && session.isReady && session.session?.kernel;
  return Boolean(kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle');
}
"""
# What Chromium must not do on its own: the tests assert that nothing leaves this machine.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of the system's Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def expected(error: str) -> bool:
    """Tell whether JupyterLab itself says this: the front end of another tab's widget, in a kernel that two tabs share."""
    return error.startswith("Comm not found for comm id")


@dataclass
class Lab:
    """A page of JupyterLab and its working folder."""

    page: Page
    work: Path
    url: str

    def start(self) -> None:
        """Open JupyterLab on the home notebook, in a workspace of its own: no tab left open by another test."""
        self.page.goto(f"{self.url}lab/workspaces/essai-{next(NUMBERS)}/tree/{lab.HOME_NOTEBOOK}?token={TOKEN}")
        self.page.wait_for_function(READY, arg=lab.HOME_NOTEBOOK, timeout=60_000)
        self.page.evaluate("() => window.jupyterapp.restored.then(() => null)")

    def open(self, path: str) -> None:
        """Open a notebook and wait until its kernel answers."""
        self.command("docmanager:open", {"path": path})
        self.page.wait_for_function(READY, arg=path, timeout=60_000)

    def command(self, name: str, arguments: dict[str, object] | None = None) -> None:
        """Run a command of JupyterLab: its names do not depend on the language."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)", [name, arguments or {}]
        )

    def run_all(self, path: str) -> None:
        """Run all cells, and wait for the kernel to be idle again."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(READY, arg=path, timeout=60_000)

    def restart(self, path: str) -> None:
        """Restart the kernel, as the menu does, without its dialog."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
        self.page.wait_for_function(READY, arg=path, timeout=60_000)

    def shut_down(self) -> None:
        """Stop every kernel, as closing the lid for the night does."""
        self.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")

    def save(self) -> None:
        """Save the notebook."""
        self.command("docmanager:save")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a test that says what is missing; required in CI."""
    path = chromium()
    if path is None:
        message = "Chromium manque : les essais dans un navigateur ne sont pas passés (installez le paquet « chromium »)."
        if os.environ.get("CMLIB_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab on a folder with spaces and accents, stopped by its own process at the end."""
    work = tmp_path_factory.mktemp("lab") / "Été à l’école" / "travail"
    lab.prepare(work)
    with running(work, lab.environment(), work.parent) as url:
        yield url, work


@contextmanager
def running(folder: Path, environment: dict[str, str], private: Path) -> Iterator[str]:
    """Run JupyterLab on a folder and yield its address; the machine's own settings have no say in it."""
    port = free_port()
    options = [
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]
    surroundings = {**environment, "JUPYTER_CONFIG_DIR": str(private / "config")}
    with (private / "lab.log").open("wb") as log:
        process = subprocess.Popen(lab.command(folder, *options), env=surroundings, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers, at most a minute; a server that has died is said at once."""
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("JupyterLab did not start: see lab.log") from error
            process_pause()
        else:
            return


def process_pause() -> None:
    """Leave the server time to start between two attempts."""
    time.sleep(0.1)


@pytest.fixture
def jupyterlab(browser: Browser, server: tuple[str, Path]) -> Iterator[Lab]:
    """A fresh page on a fresh working folder; at the end, no request has left this machine and the console holds no error."""
    url, work = server
    for path in work.iterdir():  # the folder itself stays: the server lives in it
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    lab.prepare(work)
    context = browser.new_context(viewport={"width": 1300, "height": 1000}, locale="fr-FR")
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((url, "data:", "blob:")) else outside.append(request.url))
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" and not expected(message.text) else None
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened = Lab(page, work, url)
    opened.start()
    yield opened
    opened.shut_down()
    context.close()
    assert outside == []
    assert errors == []


@pytest.fixture
def blank(jupyterlab: Lab) -> Lab:
    """TP 1 opened as on the first day, all its cells run."""
    jupyterlab.open(PATH)
    jupyterlab.run_all(PATH)
    jupyterlab.page.get_by_label("Votre identifiant").wait_for()
    return jupyterlab


def sign(opened: Lab, student: str, last: str = "1-7") -> None:
    """Write one's identifier in the header, and wait for one's own exercises."""
    opened.page.get_by_label("Votre identifiant").fill(student)
    opened.page.get_by_role("button", name="Valider").click()
    opened.page.locator(".cm-header").get_by_text(f"Vous travaillez en tant que {student}.").wait_for()
    opened.page.locator(f".cm-q-{last}").wait_for()


def open_cells(opened: Lab, sources: list[str], name: str = EXERCISES) -> None:
    """Write a notebook of these cells, by default as « tp9 », open it and run it."""
    path = opened.work / name
    path.parent.mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=kernel), path)
    opened.open(name)
    opened.run_all(name)


def card(opened: Lab, exercise: str) -> Locator:
    """Return the card of an exercise, « 2-6 »."""
    return opened.page.locator(f".cm-q-{exercise}")


def kept(opened: Lab, exercise: str) -> object:
    """Return what the sheet on the disk holds for an exercise, « 2.6 »."""
    return AnswerSheet.open(opened.work / "tp9", "tp9").value(exercise)


def serious_faults(page: Page) -> list[tuple[str, str, str]]:
    """Return what would stop somebody who cannot see, or cannot use a mouse, from using the cards."""
    found = Axe().run(page, context={"include": [[".cm-card"]]}).response["violations"]
    serious = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [(fault["id"], fault["nodes"][0]["html"], fault["help"]) for fault in serious]


@pytest.fixture
def signed(blank: Lab) -> Lab:
    """TP 1 as alice begins it."""
    sign(blank, "alice")
    return blank
