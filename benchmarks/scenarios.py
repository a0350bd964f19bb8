"""Speed of a batch of scenarios: reports per minute against papermill's stock engine, in a loop and in two threads.

The three write the executed notebook; ours writes its page and its results too. Memory is the peak of all its processes together,
each shared page counted once (PSS), looked at every second.
`python benchmarks/scenarios.py 1000` measures a thousand scenarios as well.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median

import papermill
import psutil
import yaml

from cmlib.batch.runner import run_all

CLONE = Path(__file__).parents[1]
NOTEBOOK = CLONE / "notebooks" / "scenario.ipynb"
SCENARIO = CLONE / "datasets" / "scenarios" / "velambule-printemps.yml"
STOCK = 6  # reports of the stock engine a turn
BATCH = 100  # ours
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


def measured(what: str, count: int, watched: bool = False) -> tuple[float, float]:
    """Return the seconds that `stock` or `batch` prints, in a process of its own, and its peak memory in megabytes if watched."""
    command = [sys.executable, __file__, what, str(count)]
    peak = 0
    with tempfile.TemporaryFile("w+") as told:
        process = psutil.Popen(command, stdout=told, stderr=subprocess.DEVNULL)  # kernels grumble
        while watched and process.poll() is None:  # watching costs a few hundredths
            peak = max(peak, memory(process))
            time.sleep(1)
        process.wait()
        assert process.returncode == 0
        told.seek(0)
        return float(told.read()), peak / 2**20


def memory(process: psutil.Process) -> int:
    """Return the bytes of a process and of those that it started."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.Error):  # it has just ended
            total += one.memory_full_info().pss
    return total


def batch(count: int) -> None:
    """Run a batch with a process per core, from nothing, and print its seconds."""
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
    print(seconds)


def main(counts: list[int]) -> None:
    """Measure, and print; the kit's reports per minute include its start and the comparison."""
    loops, threads, fast = [], [], []
    for _ in range(TURNS):
        loops.append(60 * STOCK / measured("--stock", 1)[0])
        threads.append(60 * STOCK / measured("--stock", 2)[0])
        fast.append(60 * BATCH / measured("--batch", BATCH)[0])
    kit, loop, two = median(fast), median(loops), median(threads)
    print(
        f"rapports par minute   kit ({BATCH}) {kit:4.0f} | papermill, une boucle {loop:4.1f}, rapport {kit / loop:4.1f}", end=""
    )
    print(f" | papermill, deux fils {two:5.1f}, rapport {kit / two:4.1f}")
    for count in counts:
        seconds, peak = measured("--batch", count, watched=True)
        each, ratio = 1000 * seconds / count, 60 * count / seconds / loop
        print(f"{count:5} scénarios   {each:6.0f} ms chacun, {seconds:6.1f} s, rapport {ratio:4.1f}, mémoire {peak:5.0f} Mo")


if __name__ == "__main__":
    if "--batch" in sys.argv:
        batch(int(sys.argv[-1]))
    elif "--stock" in sys.argv:
        stock(int(sys.argv[-1]))
    else:
        main([12, 100, *map(int, sys.argv[1:])])
