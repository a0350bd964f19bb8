"""The folder of scenarios that is read, and the folder of reports that is written: nothing of another's is ever touched."""

import hashlib
import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cmlib import __version__
from cmlib.batch.execution import Executed, Task
from cmlib.batch.results import fingerprint, to_json
from cmlib.errors import Explained, reason
from cmlib.french import printable
from cmlib.scenario import Scenario, read_scenario

MARKER = ".cmlib-scenarios"
RESULTS = "resultats.json"
LONGEST = 200
"""Bytes of a scenario's name: files and folders take it, with a few letters more."""
_PAGES = ("index.html", "comparaison.csv", "comparaison.xlsx", "figures")
_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True)
class Job:
    """A scenario to run: its name (that of its file), what it says, the notebook or the draws, what its results depend on."""

    name: str
    scenario: Scenario
    notebook: bytes
    draws: int
    fingerprint: str

    def task(self) -> Task:
        """Return what is sent to whoever runs it."""
        parameters = self.scenario.model_dump(mode="json")
        text = self.notebook.decode()
        return Task(name=self.name, parameters=parameters, notebook=text, draws=self.draws, version=__version__)


def job_of(path: Path, notebook: bytes, draws: int = 0) -> Job:
    """Read a scenario, to report on it, or with a number of draws to simulate it alone.

    Raises
    ------
    Explained
        If the file is not one, or its name cannot be that of a folder of ours.
    """
    if unfit := _unfit(path.stem):
        raise Explained(f"« {printable(path.name)} » : {unfit} ; renommez ce fichier.")
    scenario = read_scenario(path)
    if draws:
        return Job(path.stem, scenario, b"", draws, fingerprint(scenario, f"{draws} draws".encode()))
    return Job(path.stem, scenario, notebook, 0, fingerprint(scenario, notebook))


def _unfit(name: str) -> str:
    if name.casefold() in _PAGES:
        return "ce nom est pris par la comparaison"
    if printable(name) != name:
        return "ce nom contient un signe qui ne s’affiche pas"
    return "ce nom est trop long" if len(name.encode()) > LONGEST else ""


def scenario_files(folder: Path) -> list[Path]:
    """Return the scenarios of a folder, by name.

    Raises
    ------
    Explained
        If it cannot be read, has none, or two have the same name on some computer.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.casefold() in _SUFFIXES and path.name[0] != ".")
    except OSError as error:
        raise Explained(f"« {folder} » n’a pas pu être lu ({reason(error)}) : donnez le dossier des scénarios (.yml).") from error
    if not found:
        raise Explained(f"« {folder} » n’a aucun scénario (.yml) : donnez le dossier qui les contient.")
    seen: dict[str, Path] = {}
    for path in found:
        name = unicodedata.normalize("NFC", path.stem).casefold()
        if name in seen:
            raise Explained(f"« {seen[name].name} » et « {path.name} » ont le même nom : renommez l’un des deux.")
        seen[name] = path
    return found


@contextmanager
def claimed(out: Path, kind: Literal["rapports", "simulations", "scénarios"]) -> Iterator[None]:
    """Keep an output folder for this command: new, empty, or ours already and of the same kind.

    Raises
    ------
    Explained
        If it holds something else, another command is writing in it, or it cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        if not (out / MARKER).is_file():
            if any(out.iterdir()):
                raise Explained(f"« {out} » contient autre chose que des {kind} du kit : choisissez un dossier vide.")
            (out / MARKER).write_text(f"{kind} : dossier de « cmlib scenarios »\n", encoding="utf-8")
        found = printable((out / MARKER).read_text(encoding="utf-8", errors="replace").partition(" ")[0])
        if found != kind:
            raise Explained(f"« {out} » contient des {found}, que cette commande effacerait : choisissez un autre dossier.")
    except OSError as error:
        raise refused(out, error) from error
    lock = FileLock(out / f"{MARKER}.verrou", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Explained(f"Une autre commande écrit déjà dans « {out} » : attendez qu’elle finisse.") from error
    except OSError as error:
        raise refused(out, error) from error
    try:
        yield
    finally:
        lock.release()


def refused(out: Path, error: OSError) -> Explained:
    """Return what is told when a folder cannot be written: what is done stays done."""
    what = reason(error) if error.errno else "ce n’est pas un dossier"
    return Explained(f"« {out} » n’a pas pu être écrit ({what}) : ce qui est fini est gardé ; réglez cela et relancez.")


def write(path: Path, content: bytes) -> None:
    """Write a file beside, then rename it: a reader never sees half of it, and a full disk loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=".cmlib-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def keep(job: Job, done: Executed, out: Path) -> None:
    """Write what a scenario gives in ``out/<name>/``: its results last, which say that the rest is there.

    What it gave before and does not give any more is removed.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    folder = out / job.name
    (folder / RESULTS).unlink(missing_ok=True)
    for suffix, text in (("ipynb", done["notebook"]), ("html", done["html"])):
        path = folder / f"{job.name}.{suffix}"
        if text:
            write(path, text.encode())
        else:
            path.unlink(missing_ok=True)
    if done["error"] or done["results"] is None:
        return
    record = {"name": job.name, "fingerprint": job.fingerprint, "cmlib": __version__, "results": done["results"]}
    record["seal"] = _seal(done["results"])
    write(folder / RESULTS, to_json(record | {"scenario": job.scenario.model_dump(mode="json")}))


def kept(job: Job, out: Path) -> dict[str, Any] | None:
    """Return the results of a scenario already run and unchanged since; None if it has to be run."""
    folder = out / job.name
    try:
        record = json.loads((folder / RESULTS).read_bytes())
        whole = bool(job.draws) or all((folder / f"{job.name}.{suffix}").is_file() for suffix in ("ipynb", "html"))
        same = record["fingerprint"] == job.fingerprint and record["seal"] == _seal(record["results"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):  # cut short, or written by another hand
        return None
    return dict(record["results"]) if same and whole else None


def _seal(results: dict[str, Any]) -> str:
    """Return a hash that tells results that were changed since they were written."""
    return hashlib.sha256(to_json(results)).hexdigest()


def forget_pages(out: Path) -> None:
    """Remove the pages of a former comparison."""
    shutil.rmtree(out / "figures", ignore_errors=True)
