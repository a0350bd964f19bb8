"""Speed of a batch of scenarios: reports per minute against papermill's stock engine, in a loop and in two threads.

The three write the executed notebook; ours writes its page and its results too. Peak memory is that of the largest process.
`python benchmarks/scenarios.py 1000` measures a thousand scenarios as well.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import papermill
import yaml

from cmlib.batch.runner import run_all

CLONE = Path(__file__).parents[1]
NOTEBOOK = CLONE / "notebooks" / "scenario.ipynb"
SCENARIO = CLONE / "datasets" / "scenarios" / "velambule-printemps.yml"
STOCK = 6  # reports of the stock engine a turn
TURNS = 3


def stock(workers: int) -> None:
    """Run reports with papermill's stock engine, and print its seconds; without « cwd », which threads cannot share."""
    parameters = json.loads(json.dumps(yaml.safe_load(SCENARIO.read_text(encoding="utf-8")), default=str))

    with tempfile.TemporaryDirectory() as folder:

        def run(rank: int) -> None:
            target = Path(folder) / f"{rank}.ipynb"
            papermill.execute_notebook(NOTEBOOK, target, parameters | {"seed": rank}, progress_bar=False)

        start = time.perf_counter()
        if workers == 1:
            for rank in range(STOCK):
                run(rank)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(run, range(STOCK)))
        print(time.perf_counter() - start)


def measured(what: str, count: int) -> list[float]:
    """Return what `stock` or `batch` prints, in a process of its own: its kernels may grumble, nothing is shared."""
    done = subprocess.run([sys.executable, __file__, what, str(count)], capture_output=True, text=True, check=True)
    return [float(value) for value in done.stdout.split()]


def batch(count: int) -> None:
    """Run a batch with a process per core, from nothing, and print its seconds and peak memory in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scenarios"
        place.mkdir()
        for rank in range(count):
            text = SCENARIO.read_text(encoding="utf-8").replace("seed: 2026", f"seed: {rank}")
            (place / f"s{rank}.yml").write_text(text, encoding="utf-8")
        start = time.perf_counter()
        summary = run_all(place, Path(folder) / "out", workers=os.cpu_count() or 1)
        seconds = time.perf_counter() - start
    assert len(summary.done) == count, summary.failed
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(seconds, peak / 1024)


def main(counts: list[int]) -> None:
    """Measure, and print."""
    loops, threads, fast = [], [], []
    for _ in range(TURNS):
        loops.append(60 * STOCK / measured("--stock", 1)[0])
        threads.append(60 * STOCK / measured("--stock", 2)[0])
        fast.append(60 * 24 / measured("--batch", 24)[0])
    kit, loop, two = median(fast), median(loops), median(threads)
    print(f"rapports par minute   kit (24, démarrage compris) {kit:4.0f}", end="")
    print(f" | papermill, une boucle {loop:4.1f}, rapport {kit / loop:4.1f}", end="")
    print(f" | papermill, deux fils {two:5.1f}, rapport {kit / two:4.1f}")
    for count in counts:
        seconds, memory = measured("--batch", count)
        print(
            f"{count:5} scénarios   {1000 * seconds / count:6.0f} ms chacun, {seconds:6.1f} s en tout, mémoire {memory:5.0f} Mo"
        )


if __name__ == "__main__":
    if "--batch" in sys.argv:
        batch(int(sys.argv[-1]))
    elif "--stock" in sys.argv:
        stock(int(sys.argv[-1]))
    else:
        main([12, 100, *map(int, sys.argv[1:])])
