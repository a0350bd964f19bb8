"""Speed of the model: importing it against importing pandas, adstock on a million weeks against scipy's bare lfilter.

Imports are measured in processes of their own, in turn; both adstocks check their input, lfilter does not.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from cmlib import media

IMPORTS = {
    "import cmlib": "import cmlib",
    "les formules": "from cmlib import objectives, reach, media, funnel, stats, attribution",
    "import pandas": "import pandas",
}
RUNS = 15
WEEKS = 1_000_000


def seconds(code: str) -> float:
    """Time of an import inside a fresh interpreter, its start left out."""
    timed = f"import time; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout)


def median(call: Callable[[], object]) -> float:
    """Median time of a call."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure, and print."""
    runs = [{name: seconds(code) for name, code in IMPORTS.items()} for _ in range(RUNS)]
    imported = {name: statistics.median(run[name] for run in runs) for name in IMPORTS}
    pandas = imported["import pandas"]
    for name in ("import cmlib", "les formules"):
        ours = imported[name]
        print(f"{name:20}{1000 * ours:6.1f} ms | import pandas {1000 * pandas:6.1f} ms, rapport {ours / pandas:.3f}")
    spend = np.random.default_rng(0).random(WEEKS)
    bare = median(lambda: lfilter([1.0], [1.0, -0.6], spend))
    window = median(lambda: lfilter(0.6 ** np.arange(12), [1.0], spend))
    for name, call, reference in (
        ("recursive_adstock", lambda: media.recursive_adstock(spend, 0.6), bare),
        ("geometric_adstock", lambda: media.geometric_adstock(spend, 0.6), window),
    ):
        ours = median(call)
        print(f"{name:20}{1000 * ours:6.1f} ms | lfilter       {1000 * reference:6.1f} ms, rapport {ours / reference:.2f}")


if __name__ == "__main__":
    main()
