"""The same scenarios on an existing Dask cluster: workers run, the client writes.

Tasks and what they give are JSON. A worker that dies gives its scenarios back to the others. Every worker must have this
version of cmlib, which is checked before anything is sent, and again by each task.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from cmlib import __version__
from cmlib.batch.execution import Executed, Task, attempt
from cmlib.batch.processes import died, in_a_process
from cmlib.errors import Explained
from cmlib.french import printable

RETRIES = 3
TIMEOUT = 10  # seconds to find the scheduler
PATIENCE = 60  # seconds without news before asking whether there is still a machine, then for one to come back
_ADDRESS = re.compile(r"(tcp|tls|wss?|ucx)://[^\s/:]+:\d{1,5}|(tcp|tls|wss?|ucx)://\[[0-9a-fA-F:.%]+\]:\d{1,5}")
MISSING = '« --scheduler » a besoin de Dask, qui n’est pas installé : lancez « pip install "cmlib[batch,cluster]" ».'


def each_on_a_cluster(tasks: list[Task], scheduler: str) -> Iterator[tuple[Task, Executed]]:
    """Run tasks on a cluster, and give each as soon as it is done.

    Raises
    ------
    Explained
        If Dask is not installed, the scheduler does not answer, it has no worker or has lost them all, or one has another
        version of cmlib.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.client import FutureCancelledError
    except ImportError as error:
        raise Explained(MISSING) from error
    if not _ADDRESS.fullmatch(scheduler):  # distributed would take its time, and a traceback, to refuse it
        raise Explained(f"« {printable(scheduler)} » n’est pas l’adresse d’un cluster Dask : écrivez tcp://machine:8786.")
    try:
        client = Client(scheduler, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise Explained(f"« {scheduler} » ne répond pas : vérifiez l’adresse du cluster Dask (tcp://machine:8786).") from error
    with client:
        _check_versions(client)
        futures = {
            client.submit(
                run_task, json.dumps(task).encode(), key=f"cmlib-{rank}-{task['name']}", retries=RETRIES, pure=False
            ): task
            for rank, task in enumerate(tasks)
        }
        for future in _as_completed(client, futures):
            task = futures.pop(future)
            try:
                done: Executed = json.loads(future.result())
            except (KilledWorker, FutureCancelledError, OSError):  # no machine has finished it
                done = died(None)
                done["error"] = "aucune machine du cluster ne l’a fini ; relancez la commande, ou sans « --scheduler »."
            future.release()
            yield task, done


def _as_completed(client: Any, futures: Collection[Any]) -> Iterator[Any]:
    """Give futures as they end; a machine that cannot even read a task leaves the cluster, and the last one leaves us waiting."""
    from distributed import as_completed

    while futures:  # whoever iterates takes away those that are done
        try:
            yield from as_completed(list(futures), timeout=PATIENCE, loop=client.loop)
        except TimeoutError:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as error:
                told = "Le cluster n’a plus aucune machine au travail : ce qui est fini est gardé"
                raise Explained(f"{told} ; relancez quand une machine qui a cmlib sera revenue.") from error


def run_task(content: bytes) -> bytes:
    """Run a task on a worker: a notebook in a fresh process, a simulation, which leaves nothing behind, in the worker itself."""
    return in_a_process(content) if json.loads(content)["notebook"] else attempt(content, None)


def version() -> str:
    """Return the version of cmlib on a worker."""
    return __version__


def _check_versions(client: Any) -> None:
    found = client.run(version, on_error="return")
    if any(not isinstance(one, str) for one in found.values()):
        raise Explained(
            f"Une machine du cluster n’a pas cmlib : installez-y « cmlib[batch,cluster]=={__version__} », puis relancez."
        )
    if not found:
        raise Explained("Ce cluster n’a aucune machine au travail : lancez « dask worker » sur au moins une, puis recommencez.")
    other = sorted({one for one in found.values() if one != __version__})
    if other:
        raise Explained(
            f"Le cluster a cmlib {', '.join(other)} et cette machine {__version__} : installez partout la même version."
        )
