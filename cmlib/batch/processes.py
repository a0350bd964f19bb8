"""Scenarios over the processes of this computer; what goes through their pipes is JSON.

A report has a fresh process, forked from a server that has already imported what a report needs. concurrent.futures gives up
everything when one of its processes dies; here a dead process is that of one scenario, and the others go on.

A simulation alone runs our code only and leaves nothing behind: a few processes do them all, hundreds a second.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from cmlib.batch.execution import WARM, Executed, Task, attempt
from cmlib.errors import Explained

ENGINE = "cmlib" if WARM else None
MOST = 60 if sys.platform == "win32" else 256  # Windows waits for 63 things at most


def cores() -> int:
    """Return how many cores this process may use: on a shared machine, fewer than it has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def each_in_its_process(tasks: Iterable[Task], workers: int) -> Iterator[tuple[Task, Executed]]:
    """Run tasks, a few at a time, and give each as soon as it is done.

    Whoever stops before the end (an error, Ctrl-C) stops the processes that are still running.
    """
    context = _context()
    waiting = iter(tasks)
    running: dict[Connection, tuple[Task, BaseProcess]] = {}
    try:
        while True:
            while len(running) < min(workers, MOST) and (task := next(waiting, None)) is not None:
                ours, theirs = context.Pipe()
                process: BaseProcess = context.Process(target=_child, args=(theirs, ENGINE), daemon=True)
                process.start()
                theirs.close()
                running[ours] = task, process
                try:
                    ours.send_bytes(json.dumps(task).encode())
                except OSError:  # it died at once: reading says so
                    continue
            if not running:
                return
            for pipe in [found for found in wait(list(running)) if isinstance(found, Connection)]:
                task, process = running[pipe]
                try:
                    done: Executed = json.loads(pipe.recv_bytes())
                    process.kill()  # it has nothing left to do, but a cell's thread would keep it
                except (EOFError, OSError):
                    process.join()
                    done = died(process.exitcode)
                process.join()
                pipe.close()
                del running[pipe]
                yield task, done
    finally:
        for pipe, (_, process) in running.items():
            process.kill()
            process.join()
            pipe.close()


def simulated(tasks: Iterable[Task], workers: int) -> Iterator[tuple[Task, Executed]]:
    """Simulate tasks, and give each as soon as it is done.

    Raises
    ------
    Explained
        If a process dies: what remains is not done.
    """
    pool = ProcessPoolExecutor(min(workers, MOST), multiprocessing.get_context("spawn"), _leave_interruptions)
    try:
        futures = {pool.submit(attempt, json.dumps(task).encode(), None): task for task in tasks}
        for future in as_completed(futures):
            yield futures.pop(future), json.loads(future.result())
    except BrokenProcessPool as error:
        told = "Un processus s’est arrêté avant la fin, faute de mémoire peut-être : ce qui est fini est gardé"
        raise Explained(f"{told} ; relancez, avec un « --jobs » plus petit.") from error
    finally:
        pool.shutdown(cancel_futures=True)


def start_server() -> None:
    """Let the server get ready while this process does something else; it serves until this process ends."""
    if WARM:
        from multiprocessing import forkserver  # not everywhere

        _context()
        forkserver.ensure_running()


def in_a_process(content: bytes) -> bytes:
    """Run one task given as JSON in a fresh process, wherever we are; return what it gives as JSON."""
    if not multiprocessing.current_process().daemon:
        (_, done), *_ = each_in_its_process([json.loads(content)], 1)
        return json.dumps(done).encode()
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder:  # a Dask worker may not have children of multiprocessing
        task, written = Path(folder) / "task.json", Path(folder) / "done.json"
        task.write_bytes(content)
        command = [sys.executable, "-m", "cmlib.batch.execution", str(task), str(written), ENGINE or ""]
        code = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 (our own)
        return written.read_bytes() if written.is_file() else json.dumps(died(code.returncode)).encode()


def died(code: int | None) -> Executed:
    """Return what a scenario gives whose process ended before its report."""
    return Executed(
        notebook="",
        html="",
        results=None,
        error=f"son processus s’est arrêté avant la fin (code {code}) ; si la mémoire manque, baissez « --jobs ».",
    )


def _context() -> ForkServerContext | SpawnContext:
    if not WARM:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cmlib.batch.preload"])
    return context


def _leave_interruptions() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it decides what to keep


def _child(pipe: Connection, engine: str | None) -> None:
    _leave_interruptions()
    with pipe, suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent was stopped: nobody to tell
        pipe.send_bytes(attempt(pipe.recv_bytes(), engine))
