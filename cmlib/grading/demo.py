"""A sample class, from deposit to feedback, in a folder of its own: what a trainer can watch before trusting the kit.

Each copy is something that a class really hands in, or that a clever student would try. The run checks its own
outcome: a grade, a message or a leak that is not the expected one makes it fail.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from pydantic import JsonValue

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.french import plural, typeset, write_number
from cmlib.grading.classroom import Outcome, grade_class
from cmlib.grading.course import Course
from cmlib.grading.report import class_table
from cmlib.objectives import engagement_rate
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME, Answer, Sheet

TP = "tp1"
CONFIDENTIAL = "Ceci est un secret du formateur : 4815162342."
WITNESS = "code-etudiant-execute.txt"
Answers = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Copy:
    """One copy of the sample class.

    Attributes
    ----------
    student
        Identifier, which tells what is particular about the copy.
    hand_in
        Writes the deposit in a folder.
    points
        Points expected; None for a copy that must not be scored.
    told
        A piece of what the trainer must read about it.
    explained
        A piece of what the student must read on the feedback page.
    """

    student: str
    hand_in: Callable[[Path], None]
    points: float | None
    told: str = ""
    explained: str = ""


def run_demo(course: Course, folder: Path, say: Callable[[str], None]) -> int:
    """Play the whole cycle in ``folder`` and check it.

    Parameters
    ----------
    course
        Where the TP comes from; nothing is written there.
    folder
        Emptied, then filled as a course folder with its own gradebook.
    say
        Receives what to print.

    Returns
    -------
    int
        0 if everything is as expected, else 1.
    """
    _empty(folder)
    shutil.copytree(course.root / "solutions", folder / "solutions")
    shutil.copyfile(course.root / "nbgrader_config.py", folder / "nbgrader_config.py")
    demo = Course(folder)
    say(f"1. Publication : {demo.release(TP).relative_to(folder)}")
    copies = sample_class(demo, folder)
    for copy in copies:
        deposit = folder / "submitted" / copy.student / TP
        deposit.mkdir(parents=True)
        copy.hand_in(deposit)
    say(typeset(f"2. Dépôts : {len(copies)} {plural(len(copies), 'copie')} dans submitted/"))
    say("3. Correction par nbgrader…\n")
    outcomes = grade_class(demo, TP)
    say(class_table(outcomes, folder))
    faults = check(copies, outcomes, folder)
    say("")
    for fault in faults:
        say(typeset(f"✗ {fault}"))
    if not faults:
        say(f"✓ Les {len(copies)} copies ont la note, le message et la discrétion attendus (dossier {folder.name}/).")
    return 1 if faults else 0


def sample_class(course: Course, folder: Path) -> list[Copy]:
    """Return the copies of the class, with what each must get."""
    release = nbformat.read(course.release_notebook(TP), as_version=4)
    secret = folder / "secret.txt"
    secret.write_text(CONFIDENTIAL, encoding="utf-8")

    def session(student: str, name: str = f"{TP}.ipynb") -> Callable[[Path], None]:
        return lambda to: nbformat.write(worked_notebook(release, right(student), student), to / name)

    def sheet(kind: Callable[[str], Answers], student: str, name: str = SHEET_NAME) -> Callable[[Path], None]:
        return lambda to: write_sheet(to / name, kind(student), student)

    def notebook(change: Callable[[NotebookNode], None] = lambda _: None) -> Callable[[Path], None]:
        return lambda to: write_changed(release, change, to / f"{TP}.ipynb")

    def damaged(to: Path) -> None:
        (to / SHEET_NAME).write_bytes(b'{"schema": 1, "tp": "tp1", "answers": {"1.1"\xff')

    def intruders(to: Path) -> None:
        code = f"open({str(folder / WITNESS)!r}, 'w').write('vu')\n"
        for name in ("cmlib.py", "kit.py", "sitecustomize.py", "json.py"):
            (to / name).write_text(code, encoding="utf-8")

    def link(to: Path) -> None:
        (to / "notes.txt").symlink_to(secret)
        (to / "carnet.ipynb").symlink_to(secret)

    copies = [
        Copy("exacte", both(session("exacte"), sheet(right, "exacte")), 7, explained="La valeur est juste"),
        Copy("fausse", both(notebook(), sheet(all_wrong, "fausse")), 0, explained="Vous avez fait la moyenne des taux"),
        Copy("moitie", both(notebook(), sheet(half, "moitie")), 3, explained="sans réponse"),
        Copy("vierge", notebook(), 0, explained="(sans réponse)"),
        Copy("carnet-seul", session("carnet-seul", f"{TP} (1).ipynb"), 7),
        Copy(
            "abimee-secours",
            both(notebook(), damaged, sheet(right, "abimee-secours", BACKUP_NAME)),
            7,
            told="n’a pas pu être lu",
            explained="Les réponses ont été relues",
        ),
        Copy("abimee-seule", both(notebook(), damaged), 0, told="n’a pas pu être lu", explained="Aucune réponse n’a pu"),
        Copy("supprimees", both(notebook(delete_cells), sheet(half, "supprimees")), 3),
        Copy("deplacees", both(notebook(reverse_cells), sheet(half, "deplacees")), 3),
        Copy("dupliquees", both(notebook(duplicate_cells), sheet(half, "dupliquees")), 3),
        Copy("forgees", both(notebook(forge_cells(folder / WITNESS)), sheet(half, "forgees")), 3),
        Copy("intrus", both(notebook(), sheet(half, "intrus"), intruders), 3, told="« cmlib.py » ne fait pas partie"),
        Copy("usurpee", both(notebook(), sheet(right, "exacte")), None, told="Identité à confirmer"),
        Copy("lien", both(notebook(), sheet(half, "lien"), link), 3, told="est un lien vers un autre fichier"),
    ]
    return copies if can_link(folder) else [copy for copy in copies if copy.student != "lien"]


def check(copies: list[Copy], outcomes: list[Outcome], folder: Path) -> list[str]:
    """Compare the class with what is expected; return one French sentence for each fault."""
    faults = []
    by_student = {outcome.student: outcome for outcome in outcomes}
    if set(by_student) != {copy.student for copy in copies}:
        faults.append("Des copies manquent au tableau.")
    for copy in copies:
        outcome = by_student.get(copy.student)
        if outcome is None:
            continue
        if outcome.score != copy.points:
            faults.append(f"{copy.student} : {_shown(outcome.score)} au lieu de {_shown(copy.points)}.")
        if typeset(copy.told) not in typeset(" ".join(outcome.notes)):
            faults.append(f"{copy.student} : le formateur ne lit pas « {copy.told} ».")
        if (outcome.feedback is None) != (copy.points is None):
            faults.append(f"{copy.student} : la page de retour manque, ou n’aurait pas dû être écrite.")
        if outcome.feedback:
            page = outcome.feedback.read_text(encoding="utf-8")
            if typeset(copy.explained) not in page:
                faults.append(f"{copy.student} : l’étudiant ne lit pas « {copy.explained} ».")
            leaked = [word for word in ("HIDDEN", "tp.marking", "well_placed", "http:", "https:") if word in page]
            if leaked:
                faults.append(f"{copy.student} : la page de retour laisse voir {', '.join(leaked)}.")
    if (folder / WITNESS).exists():
        faults.append("Du code d’étudiant a été exécuté.")
    for step in ("autograded", "feedback", "submitted"):
        for path in sorted((folder / step).rglob("*")):
            if path.is_file() and CONFIDENTIAL.encode() in path.read_bytes():
                faults.append(f"Le secret du formateur est dans {path.relative_to(folder)}.")
    return faults


def right(student: str) -> Answers:
    """Return what a student who gets everything right answers, on their own case."""
    return experts.tp1(case_study(student, TP))


def half(student: str) -> Answers:
    """Return the first half of each classification and one number of three."""
    kept: dict[str, JsonValue] = {}
    for name, value in right(student).items():
        assert isinstance(value, dict)
        kept[name] = dict(list(value.items())[: 1 if name == "1.7" else len(value) // 2])
    return kept


def all_wrong(student: str) -> Answers:
    """Return answers that are wrong everywhere: opposite boxes, and the mean of rates for the engagement rate."""
    opposite = {"forces": "menaces", "menaces": "forces", "faiblesses": "opportunites", "opportunites": "faiblesses"}
    other = {"visibilite": "opinion", "engagement": "opinion", "opinion": "visibilite", "performance": "visibilite"}
    expert = right(student)
    families, boxes = expert["1.1"], expert["1.5"]
    assert isinstance(families, dict) and isinstance(boxes, dict)
    mean = engagement_rate(case_study(student, TP).main_posts, by="reach", aggregate="mean_of_ratios")
    return {
        "1.1": {item: other[str(family)] for item, family in families.items()},
        "1.5": {item: opposite[str(box)] for item, box in boxes.items()},
        "1.7": {"engagement": f"{write_number(100 * mean)} %", "silence": "3 jours", "voix": "99 %"},
    }


def both(*writers: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return a deposit made of several."""

    def write(to: Path) -> None:
        for writer in writers:
            writer(to)

    return write


def make_sheet(answers: Answers, student: str) -> Sheet:
    """Return a sheet as a session would write it."""
    now = datetime.now(UTC)
    return Sheet(TP, student, {name: Answer(revision=1, saved_at=now, value=value) for name, value in answers.items()})


def write_sheet(path: Path, answers: Answers, student: str) -> None:
    """Write a sheet as a session would."""
    path.write_bytes(make_sheet(answers, student).to_bytes())


def worked_notebook(release: NotebookNode, answers: Answers, student: str) -> NotebookNode:
    """Return the notebook as a session leaves it: run with these answers, so that its recaps carry them."""
    worked = deepcopy(release)
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder:
        write_sheet(Path(folder) / SHEET_NAME, answers, student)
        client = NotebookClient(worked, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
        client.extra_arguments = ["--Application.log_level=ERROR"]
        client.execute()
    return worked


def write_changed(release: NotebookNode, change: Callable[[NotebookNode], None], path: Path) -> None:
    """Write the release notebook with its cells changed by a student."""
    changed = deepcopy(release)
    change(changed)
    path.write_text(json.dumps(changed, ensure_ascii=False, indent=1), encoding="utf-8")


def delete_cells(notebook: NotebookNode) -> None:
    """Delete every grade cell and the card of the last exercise."""
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("note-") and cell.id != "exercice-1-7"]


def reverse_cells(notebook: NotebookNode) -> None:
    """Turn the notebook upside down."""
    notebook.cells.reverse()


def duplicate_cells(notebook: NotebookNode) -> None:
    """Paste every cell twice, ids included."""
    notebook.cells = [deepcopy(cell) for cell in notebook.cells for _ in range(2)]


def forge_cells(witness: Path) -> Callable[[NotebookNode], None]:
    """Rewrite the grade cells to give themselves full marks, and add cells that tamper with the library."""

    def change(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            if cell.id.startswith("note-"):
                cell.source = f"open({str(witness)!r}, 'w').write('vu')\n{cell.metadata.nbgrader.points}"
                cell.metadata.nbgrader.points = 100
        tamper = (
            f"open({str(witness)!r}, 'w').write('vu')\n"
            "import cmlib.tp.marks\ncmlib.tp.marks.Score.value = property(lambda self: 7.0)"
        )
        forged = new_code_cell(tamper)
        forged.metadata["nbgrader"] = {
            "grade": False, "grade_id": "ouvrir", "locked": True, "solution": False, "task": False, "schema_version": 3,
        }  # fmt: skip
        notebook.cells.insert(0, forged)

    return change


def can_link(folder: Path) -> bool:
    """Tell whether this machine lets a program make symbolic links (Windows asks for a right)."""
    probe = folder / ".lien"
    try:
        probe.symlink_to(folder)
    except OSError:
        return False
    probe.unlink()
    return True


def _empty(folder: Path) -> None:
    if folder.exists():
        for path in folder.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def _shown(points: float | None) -> str:
    return "non notée" if points is None else write_number(points)
