"""Check a TP of a course folder: its files, its notebook, what it does when it runs, and the gradebook if there is one.

Everything that runs does so in temporary folders, several kernels at a time; nothing is written in the course.
"""

import asyncio
import logging
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbgrader.coursedir import CourseDirectory
from pydantic import JsonValue

from cmlib.authoring import experts
from cmlib.authoring.kit import FORBIDDEN_TEXT
from cmlib.authoring.lint import has_mute_picture, lint_notebook, mute_figure
from cmlib.authoring.lint_cells import Finding, Severity, place, problem, read_notebook, remark, split_hidden
from cmlib.authoring.lint_gradebook import lint_gradebook
from cmlib.authoring.lint_tasks import read_blank_tasks
from cmlib.cases import Case, case_study
from cmlib.errors import reason
from cmlib.french import plural, printable, typeset, write_number
from cmlib.grading.course import Course
from cmlib.grading.execute import problem_with_grade
from cmlib.tp.answers import MAX_NOTEBOOK_BYTES, SHEET_NAME, Answer, Sheet, UnreadableSheet
from cmlib.tp.sheet import kind_of

STUDENTS = ("a.martin", "b.durand", "c.petit")  # three brands
TIMEOUT = 120  # seconds that a cell may take
MAX_TOLD = 200  # characters of an error that are worth reading
LOOKS_LIKE_A_KEY = re.compile(r"^(cles?|keys?)\b|\b(corriges?|corrections?|solutions?|experts?|answers?)\b")
LEFT_BEHIND = (".*", "~$*", "*~", "*.bak", "*.tmp", "*.orig")
NO_ALT = "no alternative text"  # what cmlib.charts.style.to_html says of a figure without
QUIET = logging.Logger("cmlib.lint", logging.CRITICAL + 1)  # what stops a run is told once, as a finding
EXPLAINED = ("Explained", "InvalidInput")  # their message is a French sentence


def known_tps(course: Course) -> list[str]:
    """Return the folders of ``solutions/``, even those whose notebook is missing."""
    return sorted(path.name for path in (course.root / "solutions").iterdir() if path.is_dir() and path.name[0] != ".")


def check_tps(course: Course, tps: Sequence[str], say: Callable[[str], None]) -> int:
    """Check TPs, all by default; say one sentence for each thing found, and return how many are problems."""
    count = 0
    chosen = list(dict.fromkeys(tps)) or known_tps(course)
    for tp in chosen:
        found = check_tp(course, tp)
        problems = sum(finding.severity is Severity.PROBLEM for finding in found)
        for finding in found:
            say(str(finding))
        said = f"✗ {tp} : {problems} {plural(problems, 'problème')}." if problems else f"✓ {tp} : aucun problème."
        say(typeset(printable(said)))
        count += problems
    if not chosen:
        say(typeset("· « solutions/ » : il n’y a encore aucun TP ; créez « solutions/tp1/tp1.ipynb »."))
    return count


def check_tp(course: Course, tp: str, students: Sequence[str] = STUDENTS, timeout: int = TIMEOUT) -> list[Finding]:
    """Return what would hurt a trainer in a TP, problems first.

    Parameters
    ----------
    students, timeout
        Whose cases the expert answers are tried on, and the seconds that a cell may take.
    """
    folder, name = course.root / "solutions" / tp, f"« solutions/{tp}/{tp}.ipynb »"
    path, strays = folder / f"{tp}.ipynb", list[Finding]()
    try:
        if Path(tp).name != tp or not path.is_file():
            advice = f"créez-le, ou vérifiez le nom (TP connus : {', '.join(course.tps()) or 'aucun'})"
            return [problem(name, "ce carnet n’existe pas", advice)]
        strays, kept = read_folder(tp, folder, CourseDirectory(config=course.config()).ignore)
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            raise UnreadableSheet("ce fichier est trop gros pour un carnet")
        notebook = read_notebook(path.read_bytes())
    except (UnreadableSheet, OSError) as error:
        why = str(error) if isinstance(error, UnreadableSheet) else f"il n’a pas pu être lu ({reason(error)})"
        return [*strays, problem(name, why, "reprenez une version saine, par exemple celle de git")]
    found = [*strays, *lint_notebook(tp, notebook), *lint_gradebook(course, tp, notebook)]
    found += _new(found, lint_runs(Bench(tp, notebook, folder, kept, timeout), students))
    return sorted(found, key=lambda finding: finding.severity is Severity.REMARK)


def _new(known: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """Leave out what an execution says of a cell in which something has been told already: most often its consequence."""
    told = {finding.where for finding in known if finding.severity is Severity.PROBLEM}
    new: list[Finding] = []
    for finding in found:
        if finding.where not in told:
            new.append(finding)
            told |= {finding.where} if finding.severity is Severity.PROBLEM else set()
    return list(dict.fromkeys(new))


def read_folder(tp: str, folder: Path, ignored: Sequence[str]) -> tuple[list[Finding], list[Path]]:
    """Return what should not be in the folder of a TP, and the files that go with its notebook.

    Parameters
    ----------
    ignored
        Patterns of the names that nbgrader leaves out by itself.
    """
    found, kept = [], []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(fnmatch(part, pattern) for part in inside.parts for pattern in ignored) or inside == Path(f"{tp}.ipynb"):
            continue
        told = _why_stray(inside, path)
        if told and not any(part.startswith(".") for part in inside.parts[:-1]):  # the hidden folder is told
            found.append(problem(f"« solutions/{tp}/{inside.as_posix()} »", *told))
        elif not told and path.is_file():
            kept.append(path)
    return found, kept


def _why_stray(inside: Path, path: Path) -> tuple[str, str] | None:
    away = "déplacez-le hors de ce dossier"
    kind = kind_of(inside.name)
    name = "".join(sign for sign in unicodedata.normalize("NFKD", inside.name.casefold()) if not unicodedata.combining(sign))
    if path.is_symlink():
        return "c’est un lien vers un autre fichier", "remplacez-le par une copie du fichier"
    if any(fnmatch(inside.name, pattern) for pattern in LEFT_BEHIND):
        return "c’est un fichier caché ou provisoire, que les étudiants recevraient", "supprimez-le"
    if path.is_dir():
        return None
    if kind in ("sheet", "backup"):
        return "il écraserait les réponses de tous les étudiants", away
    if kind == "notebook":
        return "ce carnet n’a pas le nom du TP", away
    if inside.suffix.lower() in (".py", ".pyc"):
        return "un module Python à côté du carnet n’est pas lu à la correction, et peut en cacher un autre", away
    if LOOKS_LIKE_A_KEY.search(re.sub(r"[_\W\d]+", " ", name)) or _holds_a_key(path):
        return "il ressemble à un corrigé, et les étudiants le recevraient", away
    return None


def _holds_a_key(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return any(text in content for text in (*FORBIDDEN_TEXT, b"cmlib.authoring"))


@dataclass(frozen=True)
class Run:
    """An execution of a notebook: its cells with their outputs, and what stopped it."""

    notebook: nbformat.NotebookNode
    stopped: tuple[int, str] | None = None

    def errors(self, tp: str) -> Iterator[tuple[nbformat.NotebookNode, str, str]]:
        """Yield the cells that failed, their place and why; after one that others need, the others are not looked at."""
        for number, cell in enumerate(self.notebook.cells, start=1):
            if self.stopped and number == self.stopped[0]:
                yield cell, place(tp, cell, number), self.stopped[1]
                return
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    yield cell, place(tp, cell, number), _told(output)
                    if not _is_grade(cell):
                        return


def _is_grade(cell: nbformat.NotebookNode) -> bool:
    meta = cell.metadata.get("nbgrader")
    return isinstance(meta, dict) and bool(meta.get("grade"))


def _told(output: Mapping[str, Any]) -> str:
    name, value = str(output["ename"]), " ".join(str(output["evalue"]).split())
    text = value if name in EXPLAINED else f"{name}, {value}"
    return (text[:MAX_TOLD] + "…" if len(text) > MAX_TOLD else text).rstrip(". ")


@dataclass(frozen=True)
class Bench:
    """What is needed to run a TP anywhere: its notebook, and the files of its folder that go with it."""

    tp: str
    notebook: nbformat.NotebookNode
    folder: Path
    files: Sequence[Path]
    timeout: int = TIMEOUT

    def grade(self, student: str, answers: Mapping[str, JsonValue]) -> Run:
        """Run the source as nbgrader does, on the answers of a student."""
        return self._run(self.notebook, student, answers, ["--InteractiveShellApp.ignore_cwd=True"], grading=True)

    def open(self, student: str, answers: Mapping[str, JsonValue]) -> Run:
        """Run what students receive as a session does; without a name, as for the first time."""
        released = deepcopy(self.notebook)
        for cell in released.cells:
            cell.source = split_hidden(cell.source)[0]
        return self._run(released, student, answers, [], grading=False)

    def _run(
        self, notebook: nbformat.NotebookNode, student: str, answers: Mapping[str, JsonValue], options: list[str], grading: bool
    ) -> Run:
        ran, last = deepcopy(notebook), 1
        environment = {name: value for name, value in os.environ.items() if name != "NBGRADER_EXECUTION"}
        environment |= {"NBGRADER_EXECUTION": "autograde"} if grading else {}

        def starts(cell_index: int, **_: object) -> None:
            nonlocal last
            last = cell_index + 1

        with tempfile.TemporaryDirectory(prefix="cmlib-", ignore_cleanup_errors=True) as work:
            for path in self.files:
                copy = Path(work) / path.relative_to(self.folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            if student:
                now = datetime.now(UTC)
                saved = {name: Answer(revision=1, saved_at=now, value=value) for name, value in answers.items()}
                (Path(work) / SHEET_NAME).write_bytes(Sheet(self.tp, student, saved).to_bytes())
            client = NotebookClient(
                ran,
                timeout=self.timeout,
                kernel_name="python3",
                allow_errors=True,
                shutdown_kernel="immediate",
                on_cell_start=starts,
                log=QUIET,
                resources={"metadata": {"path": work}},
            )
            client.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--Application.log_level=ERROR", *options]
            try:
                _run(partial(client.async_execute, env=environment))
            except TimeoutError:
                return Run(ran, (last, f"elle n’a pas fini en {self.timeout} secondes"))
            except (RuntimeError, OSError, KeyError):
                return Run(ran, (last, "le noyau Python s’est arrêté"))
        return Run(ran)


def _run(execute: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Run to the end; in a thread if this one runs a loop already, as a notebook's does."""

    def run() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # what zmq asks for on Windows
            runner.run(execute())

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        run()
    else:
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(run).result()


def lint_runs(bench: Bench, students: Sequence[str] = STUDENTS) -> list[Finding]:
    """Return what is found by opening a TP, then by grading expert answers and a blank copy."""
    found, first = list[Finding](), students[0]
    sheets, where = expert_sheets(bench.tp, students, found)
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        unsigned = pool.submit(bench.open, "", {})
        signed = pool.submit(bench.open, first, sheets.get(first, {}))
        blank = pool.submit(bench.grade, first, {})
        experts_ran = {student: pool.submit(bench.grade, student, sheet) for student, sheet in sheets.items()}
    found += read_session(bench.tp, unsigned.result(), "avant toute signature")
    found += read_session(bench.tp, signed.result(), f"une fois le TP signé « {first} »")
    found += read_blank(bench.tp, blank.result())
    found += read_experts(bench.tp, {student: ran.result() for student, ran in experts_ran.items()}, where)
    return found


def expert_sheets(tp: str, students: Sequence[str], found: list[Finding]) -> tuple[dict[str, dict[str, JsonValue]], str]:
    """Return the expert answers of each student, and where they are written; tell in ``found`` what goes wrong."""
    where = f"cmlib.authoring.experts.{tp}"
    write: Callable[[Case], dict[str, JsonValue]] | None = getattr(experts, tp, None)
    if not str(getattr(write, "__module__", "")).startswith(experts.__name__) or write is None:
        found.append(
            remark(
                where, "ce TP n’a pas de réponses exactes, sa clé n’est pas essayée", "écrivez-les dans cmlib/authoring/experts/"
            )
        )
        return {}, where
    sheets = {}
    for student in students:
        try:
            sheets[student] = write(case_study(student, tp))
        except Exception as error:  # noqa: BLE001 (whatever an author's function may raise is told)
            told = _told({"ename": type(error).__name__, "evalue": str(error)})
            found.append(
                problem(where, f"les réponses exactes de « {student} » échouent ({told})", "corrigez cmlib/authoring/experts/")
            )
            break
    return sheets, where


def read_session(tp: str, run: Run, when: str) -> Iterator[Finding]:
    """Tell what a student would meet on opening the TP: a failure, a warning, a figure that has no words."""
    failed = set()
    for _, where, told in run.errors(tp):
        failed.add(where)
        if NO_ALT in told:
            yield mute_figure(where)
        else:
            yield problem(where, f"elle échoue {when} ({told})", "corrigez-la, puis exécutez tout le carnet")
    for number, cell in enumerate(run.notebook.cells, start=1):
        where = place(tp, cell, number)
        if where in failed:
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if any(mime.startswith("image/") for mime in data) or has_mute_picture(str(data.get("text/html", ""))):
                yield mute_figure(where)
            if output.get("name") == "stderr":
                first = " ".join(output.text.split())[:MAX_TOLD]
                yield remark(where, f"les étudiants y liraient un avertissement ({first})", "voyez d’où il vient")


def read_blank(tp: str, run: Run) -> Iterator[Finding]:
    """Tell what fails when a copy without answers is graded, what it earns, and what would wait to be read."""
    yield from _failures(tp, run)
    yield from read_blank_tasks(tp, run.notebook)
    for where, _, earned in _grades(tp, run):
        if earned > 0:
            told = f"une copie sans réponse y gagne {write_number(earned)} {plural(earned, 'point')}"
            yield problem(where, told, "faites que ses critères ne donnent rien sans réponse")


def read_experts(tp: str, runs: Mapping[str, Run], written: str) -> Iterator[Finding]:
    """Tell what fails when expert answers are graded, and which points they miss."""
    missed: dict[str, list[str]] = {}
    for student, run in runs.items():
        yield from _failures(tp, run)
        for where, points, earned in _grades(tp, run):
            if earned < points:
                missed.setdefault(where, []).append(f"{write_number(earned)} sur {write_number(points)} pour « {student} »")
    for where, told in missed.items():
        yield problem(where, f"les réponses exactes n’y valent que {', '.join(told)}", f"comparez ses critères à {written}")


def _failures(tp: str, run: Run) -> Iterator[Finding]:
    for _, where, told in run.errors(tp):
        yield problem(where, f"elle échoue à la correction ({told})", "corrigez-la : elle vaudrait 0 à toute la classe")
    for cell, where in _grade_cells(tp, run):
        if (fault := problem_with_grade(cell)) is not None:
            yield problem(where, fault, "finissez-la par tp.grade(…), et vérifiez ses points")


def _grades(tp: str, run: Run) -> Iterator[tuple[str, float, float]]:
    for cell, where in _grade_cells(tp, run):
        results = [output for output in cell.outputs if output.output_type == "execute_result"]
        if results and problem_with_grade(cell) is None:
            yield where, float(cell.metadata.nbgrader.points), float(results[0].data["text/plain"])


def _grade_cells(tp: str, run: Run) -> Iterator[tuple[nbformat.NotebookNode, str]]:
    """Yield the grade cells that could be run: those of a run that went to its end, with points."""
    if run.stopped or any(not _is_grade(cell) for cell, _, _ in run.errors(tp)):
        return
    for number, cell in enumerate(run.notebook.cells, start=1):
        if cell.cell_type == "code" and _is_grade(cell) and isinstance(cell.metadata.nbgrader.get("points"), int | float):
            yield cell, place(tp, cell, number)
