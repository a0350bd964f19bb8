"""The execution of one scenario: a task in, what it gives out, both as JSON so that any machine can do it.

`execute` is the only function that runs a notebook, and the only one that simulates without; a laptop maps it over processes, a
cluster over machines.
"""

import json
import logging
import random
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, TypedDict

from cmlib import __version__
from cmlib.batch.page import report_page, results_in
from cmlib.batch.results import results_of
from cmlib.campaign import simulate
from cmlib.errors import Explained
from cmlib.french import printable, untypeset
from cmlib.scenario import Scenario

WARM = sys.platform == "linux"
"""Where cells run in the forked process itself; elsewhere a fork is not safe, and the stock engine is used."""
MISSING = '« cmlib scenarios » a besoin de papermill, qui n’est pas installé : lancez « pip install "cmlib[batch]" ».'


class Task(TypedDict):
    """A scenario to run: its name, its parameters as JSON values, the version of cmlib that asks; and how.

    The text of the report's notebook; or, where it is empty, how many draws to simulate without any report.
    """

    name: str
    parameters: dict[str, Any]
    notebook: str
    draws: int
    version: str


class Executed(TypedDict):
    """What a task gives: the executed notebook and its page, if any, and its results; or why not, in French with plain spaces."""

    notebook: str
    html: str
    results: dict[str, Any] | None
    error: str


def execute(task: Task, engine: str | None = None) -> Executed:
    """Run the notebook of a scenario in this process, or simulate it alone.

    Parameters
    ----------
    task
        What to run.
    engine
        Name of a papermill engine; the stock one by default.

    Raises
    ------
    Explained
        If papermill is not installed, or cmlib is of another version here than where the task was made.
    """
    if task["version"] != __version__:
        raise Explained(f"Cette machine a cmlib {__version__}, et non {task['version']} : installez-y la même version.")
    if not task["notebook"]:
        scenario = Scenario.model_validate(task["parameters"])
        return Executed(notebook="", html="", results=results_of(scenario, simulate(scenario, task["draws"])), error="")
    try:
        import nbformat
        from papermill import PapermillExecutionError, execute_notebook

        from cmlib.batch.engines import inprocess
    except ImportError as error:
        raise Explained(MISSING) from error
    from papermill.engines import papermill_engines

    papermill_engines.register("cmlib", inprocess.InProcessEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)  # « unknown parameter »: the notebook says it better
    error_said = ""
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder:
        source, target = Path(folder) / "scenario.ipynb", Path(folder) / "rapport.ipynb"
        source.write_text(task["notebook"], encoding="utf-8")
        try:
            execute_notebook(
                source,
                target,
                task["parameters"],
                engine_name=engine,
                kernel_name="python3",  # whatever environment wrote the notebook
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                cwd=folder,
            )
        except PapermillExecutionError as error:
            error_said = _said(error)
        notebook = nbformat.read(target, as_version=4)
    notebook.metadata.papermill.update(input_path="scenario.ipynb", output_path=f"{task['name']}.ipynb")
    results = None if error_said else results_in(notebook)
    if results is None and not error_said:
        error_said = "le carnet s’est terminé sans résultats ; sa dernière cellule doit être « report.results() »."
    html = "" if error_said else report_page(notebook, _title(task))
    return Executed(notebook=nbformat.writes(notebook) + "\n", html=html, results=results, error=error_said)


def _said(error: Any) -> str:
    """Say in one sentence what a cell raised; ours are sentences already."""
    said = printable(untypeset(str(error.evalue))) or "sans message"
    if error.ename in ("ScenarioError", "InvalidInput", "Explained"):
        return said
    return f"la cellule n° {error.exec_count} du carnet a échoué ({error.ename} : {said[:200]}) ; ouvrez-le pour voir où."


def _title(task: Task) -> str:
    brand = task["parameters"].get("brand")
    return f"{brand['name']} : {task['name']}" if isinstance(brand, dict) and "name" in brand else task["name"]


def attempt(content: bytes, engine: str | None) -> bytes:
    """Run a task given as JSON, and return what it gives as JSON; an explained problem is one of them."""
    import numpy as np

    random.seed()
    np.random.seed()  # a forked process has its parent's state
    try:
        done = execute(json.loads(content), engine)
    except Explained as error:
        done = Executed(notebook="", html="", results=None, error=untypeset(str(error)))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told with its place, and the other scenarios go on)
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} : {printable(str(error))[:200] or 'sans message'}"
        where = f"{Path(place.filename).name}, ligne {place.lineno}"
        told = f"son calcul a échoué ({said} ; {where}) ; changez ce scénario ou son carnet, ou signalez-le."
        done = Executed(notebook="", html="", results=None, error=told)
    return json.dumps(done).encode()


if __name__ == "__main__":  # a fresh process where none can be forked: a task in a file, what it gives in another
    read, written, chosen = sys.argv[1:]
    Path(written).write_bytes(attempt(Path(read).read_bytes(), chosen or None))
