"""What the fork server does once, so that each scenario starts in a few hundredths of a second.

Only the fork server imports this module: it sets how many threads numpy's libraries start, before they are loaded.
"""

import gc
import os
import signal
import sys

IN_SERVER = any("multiprocessing.forkserver" in word for word in sys.orig_argv)  # and not some reader of this module

if IN_SERVER:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it
    for _library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(_library, "1")  # a fork is safe while its parent has a single thread
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import click  # noqa: E402, F401 (the command that a child finds in its main module)

from cmlib import __version__  # noqa: E402
from cmlib.batch import execution  # noqa: E402
from cmlib.data import bundled  # noqa: E402


def warm_up() -> None:
    """Write a first report, for nothing: what it imports, reads and compiles, the next ones find done."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import nbformat  # noqa: F401 (its checker tries that module, which builds a grammar for a second: notebooks have no use of it)

    del sys.modules["rfc3987_syntax"]
    plan = {
        "brand": {"name": "Essai"},
        "targets": [{"name": "essai", "people": 1000, "usage": {"facebook": 0.5}}],
        "goal": {"kpi": "clients", "target": 1},
        "budget": 1000,
        "weeks": 3,
        "paid": [{"network": "facebook", "spend": 10}],
    }
    notebook = (bundled("notebooks") / "scenario.ipynb").read_text(encoding="utf-8")
    execution.execute({"name": "essai", "parameters": plan, "notebook": notebook, "draws": 0, "version": __version__}, "cmlib")
    gc.collect()
    gc.freeze()  # what is already here is never looked at again: its pages stay shared
    gc.set_threshold(100_000)  # a scenario's process ends before it has much to collect


if IN_SERVER:
    warm_up()
