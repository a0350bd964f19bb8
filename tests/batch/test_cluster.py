"""The same scenarios on a laptop and on a cluster that loses a machine: the same results, byte for byte."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.iorw import read_yaml_file

from cmlib.batch import cluster, folders
from cmlib.batch.page import results_in
from cmlib.batch.results import to_json
from cmlib.batch.runner import run_all, run_one
from cmlib.errors import Explained
from tests.batch.conftest import CHANGES, Scenarios
from tests.batch.test_runner import results

Server = Callable[..., tuple[subprocess.Popen[str], str]]
WITHOUT = "import sys; sys.modules['cmlib'] = None; from distributed.cli.dask_worker import main; main()"
"""A worker that has Dask and not cmlib."""
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """Start a part of a Dask cluster, and give what it says from a word on; it ends with the test."""
    with ExitStack() as running:

        def start(kind: str, awaited: str, *options: str) -> tuple[subprocess.Popen[str], str]:
            line = [
                sys.executable,
                *(["-c", WITHOUT] if kind == "stranger" else ["-m", f"distributed.cli.dask_{kind}"]),
                *options,
                *LOCAL,
            ]
            process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, cwd=folder)
            running.callback(end, process)
            assert process.stderr is not None
            said = next(text for text in process.stderr if awaited in text)
            return process, said.partition(awaited)[2].strip()

        yield start


def end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    assert process.stderr is not None
    for _ in process.stderr:  # what it still says must be read for it to end
        pass
    process.stderr.close()
    process.wait()


@pytest.mark.posix
def test_papermill_a_laptop_and_a_cluster_that_loses_a_worker_agree(
    server: Server, scenarios: Scenarios, folder: Path, notebook: Path
) -> None:
    place = scenarios()
    assert run_all(place, folder / "ici", workers=2).failed == {}
    _, address = server("scheduler", "Scheduler at:", "--port", "0")
    lost, _ = server("worker", "Registered to:", address, "--no-nanny", "--nthreads", "1")
    server("worker", "Registered to:", address, "--no-nanny", "--nthreads", "1")

    def went(_: str) -> None:
        lost.kill()  # whatever it was running is given to the other one

    summary = run_all(place, folder / "là-bas", scheduler=address, went=went)
    assert sorted(summary.done) == sorted(CHANGES) and lost.wait() == -9
    assert results(folder / "là-bas") == results(folder / "ici")
    for where, scheduler in (("simulés là-bas", address), ("simulés ici", None)):
        assert len(run_all(place, folder / where, draws=5000, scheduler=scheduler).done) == len(CHANGES)
    assert results(folder / "simulés là-bas") == results(folder / "simulés ici")
    parameters = read_yaml_file(str(place / "vif.yml"))
    papermill.execute_notebook(notebook, folder / "seul.ipynb", parameters, progress_bar=False, cwd=folder)
    alone = results_in(nbformat.read(folder / "seul.ipynb", as_version=4))
    assert alone is not None and to_json(alone) == to_json(run_one(place / "vif.yml", folder / "encore"))


def test_a_cluster_that_does_not_serve_is_one_sentence(
    server: Server, scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, out = scenarios(bon={}), folder / "r"
    monkeypatch.setattr(cluster, "TIMEOUT", 0.2)
    for address, why in (("tcp://127.0.0.1:1", "ne répond pas"), ("n’importe quoi", "n’est pas l’adresse")):
        with pytest.raises(Explained, match=why):
            run_all(place, out, scheduler=address)
    monkeypatch.undo()
    _, address = server("scheduler", "Scheduler at:", "--port", "0")
    with pytest.raises(Explained, match="aucune machine au travail"):
        run_all(place, out, scheduler=address)
    server("worker", "Registered to:", address, "--no-nanny", "--nthreads", "1")
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with pytest.raises(Explained, match=r"et cette machine 9\.9"):
        run_all(place, out, scheduler=address)
    monkeypatch.setattr(folders, "__version__", "9.9")  # a worker that came later: the task itself refuses
    monkeypatch.setattr(cluster, "_check_versions", lambda _: None)
    assert "installez-y la même version" in run_all(place, out, scheduler=address).failed["bon"]


def test_a_machine_without_cmlib_is_one_sentence(
    server: Server, scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = server("scheduler", "Scheduler at:", "--port", "0")
    server("stranger", "Registered to:", address, "--no-nanny", "--nthreads", "1")
    with pytest.raises(Explained, match="n’a pas cmlib"):
        run_all(scenarios(bon={}), folder / "r", scheduler=address)
    monkeypatch.setattr(cluster, "_check_versions", lambda _: None)  # it came later
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(Explained, match="plus aucune machine au travail"):
        run_all(scenarios(bon={}), folder / "r", scheduler=address)
