"""Speed of the simulator: campaign-weeks per second against a plain Python loop of the same model; memory against draws.

The loop is the one that checks the simulator in the tests. Peak memory is that of a process of its own for each number of draws.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from cmlib.campaign import simulate
from cmlib.scenario import read_scenario
from tests.plain_campaign import campaign

SCENARIO = Path(__file__).parents[1] / "datasets" / "scenarios" / "velambule-printemps.yml"
DRAWS = (1_000, 10_000, 100_000, 1_000_000)


def peak(draws: int) -> tuple[float, float]:
    """Return the peak memory in megabytes and the seconds of a simulation, in a fresh process."""
    done = subprocess.run([sys.executable, __file__, str(draws)], capture_output=True, text=True, check=True)
    memory, seconds = done.stdout.split()
    return float(memory), float(seconds)


def main() -> None:
    """Measure, and print."""
    scenario = read_scenario(SCENARIO)
    simulate(scenario, 10)
    ours, loops = [], []
    for turn in range(5):
        start = time.perf_counter()
        simulate(scenario, 4_096)
        ours.append(4_096 * scenario.weeks / (time.perf_counter() - start))
        start = time.perf_counter()
        for draw in range(10):
            campaign(scenario, 10 * turn + draw, scenario.seed)
        loops.append(10 * scenario.weeks / (time.perf_counter() - start))
    fast, slow = median(ours), median(loops)
    print(f"semaines de campagne par seconde   kit {fast:10,.0f} | boucle Python {slow:7,.0f}, rapport {fast / slow:.0f}")
    for draws in DRAWS:
        memory, seconds = peak(draws)
        print(f"{draws:9,} tirages   mémoire {memory:5.0f} Mo, {seconds:6.2f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        begin = time.perf_counter()
        simulate(read_scenario(SCENARIO), int(sys.argv[1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - begin)
    else:
        main()
