"""From scenarios to reports: `run_one` for one, `run_all` for a folder, over processes or over a cluster."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cmlib.batch.comparison import compared, get_ready, write_comparison
from cmlib.batch.execution import MISSING, Executed, Task
from cmlib.batch.folders import Job, claimed, job_of, keep, kept, refused, scenario_files
from cmlib.batch.processes import each_in_its_process, simulated, start_server
from cmlib.data import bundled
from cmlib.errors import Explained, reason
from cmlib.french import typeset, untypeset


@dataclass
class Summary:
    """What became of each scenario, by name: run, unchanged since the last time, or failed, with a French sentence."""

    done: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def run_one(scenario: Path, out: Path, notebook: bytes | None = None) -> dict[str, Any]:
    """Run a scenario in a fresh process, and write ``out/<name>/``: executed notebook, page, results.

    Parameters
    ----------
    scenario
        A YAML file, as in ``datasets/scenarios/``.
    out
        Folder of reports.
    notebook
        The report's notebook; that of the kit by default.

    Returns
    -------
    dict
        Its results (`cmlib.batch.results`).

    Raises
    ------
    Explained
        If the file is not a scenario, a cell fails (the notebook is kept), or the folder cannot be written.
    """
    _require_papermill()
    job = job_of(scenario, notebook or report_notebook())
    with claimed(out, "rapports"):
        (_, done), *_ = each_in_its_process([job.task()], 1)
        _keep(job, done, out)
    if done["error"]:
        raise Explained(f"« {job.name} » : {done['error']}")
    return dict(done["results"] or {})


def run_all(
    folder: Path,
    out: Path,
    workers: int = 1,
    scheduler: str | None = None,
    notebook: bytes | None = None,
    draws: int = 0,
    counted: Callable[[int], None] = lambda _: None,
    went: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Run the scenarios of a folder, then compare them; those already run and unchanged since are not run again.

    Parameters
    ----------
    folder, out
        Folder of YAML files, and folder of reports.
    workers
        Processes at the same time, on this computer.
    scheduler
        Address of a Dask scheduler (``tcp://…``): its workers run the scenarios instead.
    notebook
        The report's notebook; that of the kit by default.
    draws
        If not 0, no report: simulate each scenario with so many draws.
    counted, went
        Called with how many scenarios are to be run, then with the name of each that has been.

    Returns
    -------
    Summary
        A scenario that fails stops none of the others.

    Raises
    ------
    Explained
        If the folders, or the cluster, do not serve.
    """
    if not draws:
        _require_papermill()
    content = notebook or report_notebook()
    summary, jobs, results = Summary(), [], {}
    files = scenario_files(folder)
    with claimed(out, "simulations" if draws else "rapports"):
        for path in files:
            try:
                job = job_of(path, content, draws)
            except Explained as error:
                summary.failed[path.stem] = untypeset(str(error))
                continue
            if (found := kept(job, out)) is None:
                jobs.append(job)
            else:
                results[job.name] = compared(found)
                summary.unchanged.append(job.name)
        if jobs and not draws and scheduler is None:
            start_server()
        get_ready()
        counted(len(jobs))
        by_name = {job.name: job for job in jobs}
        for task, done in _mapped(jobs, workers, scheduler):
            name = task["name"]
            _keep(by_name[name], done, out)
            if done["error"] or done["results"] is None:
                summary.failed[name] = f"« {name} » : {done['error']}"
            else:
                summary.done.append(name)
                results[name] = compared(done["results"])
            went(name)
        try:
            write_comparison({name: results[name] for name in sorted(results)}, summary.failed, out)
        except OSError as error:
            raise refused(out, error) from error
    return summary


def report_notebook(path: Path | None = None) -> bytes:
    """Return a report's notebook: the kit's, or one's own, which ends with ``report.results()`` as the kit's does.

    Raises
    ------
    Explained
        If it is not a notebook, or the kit is incomplete.
    """
    source = path or bundled("notebooks") / "scenario.ipynb"
    try:
        content = source.read_bytes()
        found = json.loads(content)
    except OSError as error:
        raise Explained(f"« {source} » n’a pas pu être lu ({reason(error)}) : donnez le carnet (.ipynb) du rapport.") from error
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("nbformat") != 4 or not isinstance(found.get("cells"), list):
        raise Explained(f"« {source.name} » n’est pas un carnet : partez d’une copie de notebooks/scenario.ipynb.")
    return content


def told(summary: Summary) -> str:
    """Say in French what was done, and what failed, one scenario a line."""
    counts = [(len(summary.done), "calculé"), (len(summary.unchanged), "inchangé"), (len(summary.failed), "en échec")]
    total = sum(count for count, _ in counts)
    parts = [f"{count} {word}{'s' if count > 1 and word != 'en échec' else ''}" for count, word in counts if count]
    lines = [f"{total} scénario{'s' if total > 1 else ''} : {', '.join(parts)}."]
    lines += [f"⚠ {said}" for _, said in sorted(summary.failed.items())]
    return typeset("\n".join(lines))


def _mapped(jobs: list[Job], workers: int, scheduler: str | None) -> Iterator[tuple[Task, Executed]]:
    if scheduler is None or not jobs:
        return (simulated if jobs and jobs[0].draws else each_in_its_process)((job.task() for job in jobs), workers)
    from cmlib.batch.cluster import each_on_a_cluster

    return each_on_a_cluster([job.task() for job in jobs], scheduler)


def _keep(job: Job, done: Executed, out: Path) -> None:
    try:
        keep(job, done, out)
    except OSError as error:
        raise refused(out, error) from error


def _require_papermill() -> None:
    from importlib.util import find_spec

    if find_spec("papermill") is None:
        raise Explained(MISSING)
