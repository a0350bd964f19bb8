"""The report as papermill's users run it, and our engine against the stock one: same outputs, same errors."""

import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines
from papermill.iorw import read_yaml_file

from cmlib.batch.engines.inprocess import InProcessEngine
from cmlib.batch.page import results_in
from cmlib.scenario import Scenario
from tests.batch.conftest import Scenarios


def told(notebook: Any) -> list[Any]:
    """Return what a reader sees of each code cell: number, source, outputs; each stream in one piece."""
    shown = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            outputs: list[Any] = []
            for output in cell.outputs:
                same = [shown for shown in outputs if shown.get("name") == output.get("name", "")]
                if same:
                    same[0]["text"] += output.text
                else:
                    outputs.append(dict(output))
            shown.append((cell.execution_count, cell.source, outputs, cell.metadata.papermill.status))
    return shown


def run(source: Path | Any, target: Path, engine: str | None, parameters: dict[str, Any] | None = None) -> tuple[Any, str]:
    error = ""
    try:
        papermill.execute_notebook(source, target, parameters, engine_name=engine, progress_bar=False, cwd=target.parent)
    except papermill.PapermillExecutionError as raised:
        error = f"{raised.ename}: {raised.evalue}"
    return nbformat.read(target, as_version=4), error


def test_each_parameter_has_a_type_a_help_and_a_field(notebook: Path) -> None:
    parameters = papermill.inspect_notebook(notebook)
    assert set(parameters) == set(Scenario.model_fields)
    assert all(found["inferred_type_name"] != "None" and len(found["help"]) > 20 for found in parameters.values())


def test_the_engine_is_found_by_papermill_itself() -> None:
    assert papermill_engines.get_engine("cmlib") is InProcessEngine


def test_plain_papermill_and_our_engine_write_the_same_report(notebook: Path, scenarios: Scenarios, folder: Path) -> None:
    parameters = read_yaml_file(str(scenarios() / "silence.yml"))
    stock, stock_error = run(notebook, folder / "stock.ipynb", None, parameters)
    ours, our_error = run(notebook, folder / "ours.ipynb", "cmlib", parameters)
    assert (stock_error, our_error) == ("", "")
    assert told(stock) == told(ours)
    assert stock.metadata.language_info == ours.metadata.language_info
    results = results_in(stock)
    assert results is not None and results["goal"]["kpi"] == "clients"
    assert results["changes"][0]["name"] == "Répondre à la crise"
    html = "".join(str(output.get("data", {}).get("text/html", "")) for *_, outputs, _ in told(stock) for output in outputs)
    assert html.count("<img") == html.count("alt='") == 4


FAILING = {
    "exception": ["print('avant')\n1 + 1", "def half(x):\n    return x / 0\nhalf(1)", "print('jamais')"],
    "sortie": ["import sys\nprint('avant', file=sys.stderr)", "raise SystemExit(3)", "print('jamais')"],
    "sortie-nette": ["print('avant')", "raise SystemExit", "print('jamais')"],
    "syntaxe": ["x = = 1"],
    "affichage": [
        "from IPython.display import HTML, clear_output, display\nhandle = display(HTML('<b>a</b>'), display_id='x')",
        "handle.update(HTML('<b>b</b>'))\nprint('perdu')\nclear_output(wait=True)\nprint('gardé')\n'fin'",
        "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint(__name__, get_ipython() is not None)\n_",
        "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png')",
        "# seulement un commentaire",
        "",
    ],
}


@pytest.mark.filterwarnings("ignore:To exit:UserWarning")  # what IPython says of SystemExit
@pytest.mark.parametrize("name", FAILING)
def test_what_fails_fails_the_same_way(name: str, folder: Path) -> None:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    source = folder / "essai.ipynb"
    cells = [new_code_cell(source, id=f"cellule-{rank}") for rank, source in enumerate(FAILING[name])]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), source)
    kept = sys.stdout, sys.stderr, sys.displayhook, sys.modules["__main__"]
    (stock, stock_error), (ours, our_error) = (run(source, folder / f"{engine}.ipynb", engine) for engine in (None, "cmlib"))
    assert (sys.stdout, sys.stderr, sys.displayhook, sys.modules["__main__"]) == kept
    assert stock_error == our_error
    seen = [told(found) for found in (stock, ours)]
    for cells_told in seen:
        for _, _, outputs, _ in cells_told:
            outputs[:] = [output for output in outputs if "To exit: use" not in output.get("text", "")]  # it names its file
    assert seen[0] == seen[1]


def test_a_bad_parameter_is_one_french_sentence_with_both_engines(notebook: Path, folder: Path) -> None:
    bad = {"budget": -1}
    (stock, stock_error), (ours, our_error) = (run(notebook, folder / f"{name}.ipynb", name, bad) for name in (None, "cmlib"))
    assert stock_error == our_error
    assert stock_error == "ScenarioError: budget\u00a0: -1\u202f; il faut un nombre au moins égal à 0."
    _, error = run(notebook, folder / "inconnu.ipynb", "cmlib", {"humeur": 3})
    assert error.startswith("ScenarioError: humeur")
    assert told(stock) == told(ours)
