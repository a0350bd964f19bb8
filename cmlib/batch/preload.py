"""What the fork server imports once, so that each scenario starts in a few hundredths of a second.

Only the fork server imports this module: it sets how many threads numpy's libraries start, before they are loaded.
"""

import gc
import os
import sys

for _library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")  # a fork is safe while its parent has a single thread
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import click  # noqa: E402, F401 (the command that a child finds in its main module)

from cmlib.batch import execution, report  # noqa: E402
from cmlib.batch.page import templates  # noqa: E402
from cmlib.charts.style import to_html  # noqa: E402


def warm_up() -> None:
    """Do once what a first report pays for: imports, fonts, tables, templates."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import mistune
    import nbformat  # noqa: F401 (its checker tries that module, which builds a grammar for a second: notebooks have no use of it)

    del sys.modules["rfc3987_syntax"]
    import cmlib.batch.engines.inprocess  # noqa: F401

    goal, targets = {"kpi": "clients", "target": 1}, [{"name": "essai", "people": 1000, "usage": {"facebook": 0.5}}]
    plan = {"brand": {"name": "Essai"}, "targets": targets, "goal": goal, "budget": 1000, "weeks": 3}
    done = report.open_report(plan | {"paid": [{"network": "facebook", "spend": 10}]}, draws=2)
    for figure in (done.bands(), done.mix(), done.dashboard(), done.effects()):
        if not isinstance(figure, report.Shown):
            to_html(figure)
    for name in ("report.html.j2", "comparison.html.j2"):
        templates().get_template(name)
    mistune.create_markdown(plugins=["table"])("essai")
    gc.collect()
    gc.freeze()  # what is already here is never looked at again: its pages stay shared
    gc.set_threshold(100_000)  # a scenario's process ends before it has much to collect


if __name__ != "__main__" and execution.WARM:
    warm_up()
