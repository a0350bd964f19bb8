"""Speed of a case study: one student's tables, and those of a class of five hundred.

Measured against what one would do without the kit: five CSV files prepared for each student, read by pandas with the same
conversions (dates, decimals, duplicates). Same run, same students; medians are printed.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from cmlib.cases import Case, case_study

STUDENTS = [f"etudiant{number}" for number in range(500)]
COLD = "import time; t = time.perf_counter(); from cmlib.cases import case_study; c = case_study('alice', 'tp1'); c.posts; c.problems; c.brief; print(time.perf_counter() - t)"  # noqa: E501


def everything(case: Case) -> None:
    """Make all that a TP may show of a case."""
    for table in (case.posts, case.mentions, case.survey, case.traffic, case.competitors, case.events):
        assert len(table)
    assert case.problems and case.findings and case.brief


def read_files(folder: Path) -> None:
    """Read a student's prepared files as one would."""
    for name, dates in (("publications", "date_heure"), ("mentions", "date_heure"), ("trafic", "semaine")):
        table = pd.read_csv(folder / f"{name}.csv", sep=";", decimal=",", encoding="utf-8-sig").drop_duplicates()
        table[dates] = pd.to_datetime(table[dates], dayfirst=True, format="mixed")
    for name in ("enquete", "concurrents"):
        pd.read_csv(folder / f"{name}.csv", sep=";", decimal=",", encoding="utf-8-sig")
    (folder / "brief.md").read_text(encoding="utf-8")


def timed(act: Callable[[], None]) -> float:
    """Return how long something takes, in seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print."""
    cold = [
        float(subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True).stdout) for _ in range(5)
    ]
    print(f"premier cas, imports compris   {1000 * statistics.median(cold):6.0f} ms (promesse : moins de 1 000)")
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder:
        sample = STUDENTS[:40]
        for student in sample:
            case_study(student, "tp1").write(Path(folder) / student)
        kit, files = [], []
        for student in sample:
            kit.append(timed(lambda student=student: everything(case_study(student, "tp1"))))
            files.append(timed(lambda student=student: read_files(Path(folder) / student)))
        weight = sum(path.stat().st_size for path in Path(folder).rglob("*.csv")) / len(sample)
    ours, theirs = statistics.median(kit), statistics.median(files)
    print(f"un étudiant                    kit {1000 * ours:6.1f} ms | fichiers préparés lus par pandas {1000 * theirs:6.1f} ms")
    print(f"                               rapport des médianes {ours / theirs:.2f}")
    whole = timed(lambda: [everything(case_study(student, "tp1")) for student in STUDENTS] and None)
    print(f"cinq cents étudiants           {whole:6.1f} s, {1000 * whole / len(STUDENTS):.1f} ms chacun")
    variants = sum(path.stat().st_size for path in (Path(__file__).parents[1] / "datasets" / "brands").rglob("*.*"))
    prepared = weight * len(STUDENTS)
    print(
        f"sur le disque                  {variants / 1e6:.1f} Mo pour tous, contre {prepared / 1e6:.0f} Mo de fichiers préparés"
    )


if __name__ == "__main__":
    main()
