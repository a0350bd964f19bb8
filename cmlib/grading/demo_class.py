"""The copies of the sample class: what a class really hands in, or what a clever student would try.

Whatever a student can make with the button is made with it. The rest is what Moodle has of one who went about it otherwise.
"""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from pydantic import JsonValue

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.french import write_number
from cmlib.grading.demo_room import TP, Answers, Room, make_sheet, rewrite_zip, write_notebook, write_sheet
from cmlib.objectives import engagement_rate
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME
from cmlib.tp.handin import RECEIPT_NAME

CONFIDENTIAL = "Ceci est un secret du formateur : 4815162342."
WITNESS = "code-etudiant-execute.txt"
DISPUTED = "celle de « COPIE fausse » est gardée"
CHANGED_SINCE = "Le reçu ne correspond pas aux fichiers du dépôt"
Change = Callable[[NotebookNode], None]
Deposit = Callable[[Room, str, Path], str]
"""Writes what Moodle has of a student in a folder; returns the code of the receipt, empty where the button gave none."""


class Arrival(Enum):
    """How a copy comes to ``submitted/``."""

    PLACED = "placed by the tidying"
    BY_HAND = "refused by the tidying, which tells; put there by the trainer, who reads the student's name on Moodle's folder"
    REFUSED = "refused by the tidying; nobody can grade it"
    DIRECT = "put there by other means: no deposit could carry it"


@dataclass(frozen=True)
class Copy:
    """One copy of the sample class.

    Attributes
    ----------
    student
        Identifier, which tells what is particular about the copy.
    deposit
        Writes it.
    points
        Points expected; None for a copy that must not be scored.
    arrival
        How it comes to be graded.
    tidied
        A piece of what the trainer must read when the deposits are tidied; empty where nothing is to be told.
    told
        Pieces of what the trainer must read when it is graded.
    explained
        A piece of what the student must read on the feedback page.
    """

    student: str
    deposit: Deposit
    points: float | None
    arrival: Arrival = Arrival.PLACED
    tidied: str = ""
    told: tuple[str, ...] = ()
    explained: str = ""


FULL = 16.0
"""Points that the kit gives to the right answers; the others wait for the trainer's reading."""


def sample_class(folder: Path) -> list[Copy]:
    """Return the copies of the class, with what each must get.

    Parameters
    ----------
    folder
        Of the demonstration: it gets a secret of the trainer's, which no copy may make public.
    """
    secret = folder / "secret.txt"
    secret.write_text(CONFIDENTIAL, encoding="utf-8")
    intruders = plant(folder / WITNESS)

    def links(room: Room, student: str, to: Path) -> str:
        for name in ("notes.txt", "carnet.ipynb"):
            (to / name).symlink_to(secret)
        return ""

    nobody, lost = "on ne sait pas de qui il est", ("n’a pas pu être lu",)
    copies = [
        Copy("a.martin", button(right, named=f"a.martin__{TP} (1).zip"), FULL, explained="La valeur est juste"),
        Copy("fausse", button(all_wrong), 0, tidied=DISPUTED, explained="Vous avez fait la moyenne des taux"),
        Copy("moitie", button(half), 3, explained="sans réponse"),
        Copy("deux-fois", twice, FULL, tidied="deux-fois__tp1 (1).zip » est gardé"),
        Copy("retouchee", edited, FULL, tidied=CHANGED_SINCE, told=(CHANGED_SINCE,)),
        Copy("usurpee", borrowed, None, tidied="identité à confirmer", told=("Identité à confirmer",)),
        Copy("voleuse", stolen, FULL, tidied=DISPUTED),
        Copy("supprimees", button(half, delete_cells), 3),
        Copy("deplacees", button(half, reverse_cells), 3),
        Copy("dupliquees", button(half, duplicate_cells), 3),
        Copy("forgees", button(half, forge_cells(folder / WITNESS)), 3),
        Copy("tronquee", cut, None, Arrival.REFUSED, "il en manque une partie"),
        Copy("intrus", both(blank, sheet(half), intruders), 3, tidied="4 autres fichiers écartés"),
        Copy("vierge", blank, 0, Arrival.BY_HAND, nobody, ("aucune réponse",), "(sans réponse)"),
        Copy("carnet-seul", notebook_alone, FULL, tidied="pas de reçu"),
        Copy(
            "abimee-secours",
            both(blank, damaged, sheet(right, BACKUP_NAME)),
            FULL,
            tidied="Les réponses ont été relues",
            told=lost,
            explained="Les réponses ont été relues",
        ),
        Copy("abimee-seule", both(blank, damaged), 0, Arrival.BY_HAND, nobody, lost, "Aucune réponse n’a pu"),
    ]
    if can_link(folder):
        told = ("est un lien vers un autre fichier", "« cmlib.py » ne fait pas partie")
        copies.append(Copy("lien", both(blank, sheet(half), intruders, links), 3, Arrival.DIRECT, told=told))
    return copies


def button(answers: Callable[[str], Answers], change: Change | None = None, named: str = "") -> Deposit:
    """Return a deposit made with the button, in a notebook that the student may have changed; a browser may rename it."""

    def write(room: Room, student: str, to: Path) -> str:
        notebook = room.work(student, answers(student))
        if change:
            change(notebook)
        room.save(student, notebook)
        code = room.click()
        shutil.copyfile(room.zip_of(student), to / (named or room.zip_of(student).name))
        return code

    return write


def twice(room: Room, student: str, to: Path) -> str:
    """Hand in half of the answers, then, notebook not saved again, the whole; by their names, the second zip comes first."""
    button(half)(room, student, to)
    room.answer(student, right(student))
    code = room.click()
    shutil.copyfile(room.zip_of(student), to / f"{student}__{TP} (1).zip")
    return code


def edited(room: Room, student: str, to: Path) -> str:
    """Hand in half of the answers, then write the whole into the zip, by hand."""
    code = button(half)(room, student, to)
    whole = make_sheet(right(student), student, revision=2).to_bytes()
    rewrite_zip(room.zip_of(student), to / f"{student}__{TP}.zip", SHEET_NAME, lambda _: whole)
    return code


def borrowed(room: Room, student: str, to: Path) -> str:
    """Hand in the zip of a friend, with one's own name on the receipt."""
    zipped = to / f"{student}__{TP}.zip"
    rewrite_zip(room.zip_of("a.martin"), zipped, RECEIPT_NAME, lambda old: old.replace(b"a.martin", student.encode()))
    return ""


def stolen(room: Room, student: str, to: Path) -> str:
    """Hand in one's own zip, and beside it a friend's with a later receipt, to take the place of the friend's own."""
    code = button(right)(room, student, to)
    friend = "fausse"
    later = (datetime.now().astimezone() + timedelta(hours=1)).isoformat()
    rewrite_zip(
        room.zip_of(friend),
        to / f"{friend}__{TP}.zip",
        RECEIPT_NAME,
        lambda old: json.dumps({**json.loads(old), "time": later}).encode(),
    )
    return code


def cut(room: Room, student: str, to: Path) -> str:
    """Hand in a zip that has lost its end on the way."""
    content = room.zip_of("a.martin").read_bytes()
    (to / f"{student}__{TP}.zip").write_bytes(content[: len(content) // 2])
    return ""


def notebook_alone(room: Room, student: str, to: Path) -> str:
    """Hand in the notebook alone, as a second download is named."""
    write_notebook(to / f"{TP} (1).ipynb", room.work(student, right(student)))
    return ""


def blank(room: Room, student: str, to: Path) -> str:
    """Hand in the notebook as it was received."""
    write_notebook(to / f"{TP}.ipynb", room.release)
    return ""


def sheet(answers: Callable[[str], Answers], name: str = SHEET_NAME) -> Deposit:
    """Return a deposit that is a sheet."""

    def write(room: Room, student: str, to: Path) -> str:
        write_sheet(to / name, answers(student), student)
        return ""

    return write


def damaged(room: Room, student: str, to: Path) -> str:
    """Hand in a sheet that nobody can read."""
    (to / SHEET_NAME).write_bytes(b'{"schema": 1, "tp": "tp1", "answers": {"1.1"\xff')
    return ""


def plant(trap: Path) -> Deposit:
    """Return a deposit of modules that would write a file, if Python took them for the kit's or for its own."""

    def write(room: Room, student: str, to: Path) -> str:
        for name in ("cmlib.py", "kit.py", "sitecustomize.py", "json.py"):
            (to / name).write_text(f"open({str(trap)!r}, 'w').write('vu')\n", encoding="utf-8")
        return ""

    return write


def both(*deposits: Deposit) -> Deposit:
    """Return a deposit made of several, none of them by the button."""

    def write(room: Room, student: str, to: Path) -> str:
        return "".join(deposit(room, student, to) for deposit in deposits)

    return write


def right(student: str) -> Answers:
    """Return what a student who gets everything right answers, on their own case."""
    return experts.tp1(case_study(student, TP))


def half(student: str) -> Answers:
    """Return the first half of the two classifications and one number of three: what a student does in half an hour."""
    kept: dict[str, JsonValue] = {}
    answers = right(student)
    for name in ("1.1", "1.5", "1.7"):
        value = answers[name]
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
            "import cmlib.tp.marks\ncmlib.tp.marks.Score.value = property(lambda self: 20.0)"
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
