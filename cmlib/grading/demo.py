"""A sample class, from deposit to feedback, in a folder of its own: what a trainer can watch before trusting the kit.

Each copy is something that a class really hands in, or that a clever student would try. The run checks its own
outcome: a deposit, a grade, a message or a leak that is not the expected one makes it fail.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat

from cmlib.french import typeset, write_number
from cmlib.grading.classroom import Outcome, grade_class
from cmlib.grading.course import Course
from cmlib.grading.demo_class import CHANGED_SINCE, CONFIDENTIAL, WITNESS, Arrival, Copy, half, right, sample_class
from cmlib.grading.demo_room import TP, make_sheet, open_room, worked_notebook, write_sheet
from cmlib.grading.deposits import Unpacked, unpack
from cmlib.grading.report import class_table, deposit_table
from cmlib.tp.handin import RECEIPT_NAME, read_receipt

__all__ = ["half", "make_sheet", "right", "run_demo", "worked_notebook", "write_sheet"]

DEPOSITS = "depots"


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
    copies = sample_class(folder)
    say(typeset(f"2. Dépôts : {len(copies)} étudiants travaillent, Moodle rend {DEPOSITS}/…"))
    codes = hand_in_all(demo, copies)
    say(typeset(f"3. Rangement, comme « cmlib deposits {TP} {DEPOSITS} » :\n"))
    unpacked = unpack(demo, folder / DEPOSITS, TP)
    say(deposit_table(unpacked))
    faults = check_deposits(copies, codes, unpacked, folder)
    for copy in copies:
        if copy.arrival is Arrival.BY_HAND:
            shutil.copytree(_moodle_folder(copies, copy, folder), folder / "submitted" / copy.student / TP)
    by_hand = ", ".join(copy.student for copy in copies if copy.arrival in (Arrival.BY_HAND, Arrival.DIRECT))
    say(typeset(f"\n4. Copies mises à la main dans submitted/<identifiant>/{TP}/ : {by_hand}"))
    say("5. Correction par nbgrader…\n")
    outcomes = grade_class(demo, TP)
    say(class_table(outcomes, folder))
    faults += check(copies, outcomes, folder)
    say("")
    for fault in faults:
        say(typeset(f"✗ {fault}"))
    if not faults:
        say(f"✓ Les {len(unpacked)} dépôts sont rangés ou refusés comme attendu, avec les reçus que le bouton avait donnés.")
        say(f"✓ Les {len(outcomes)} copies ont la note, le message et la discrétion attendus (dossier {folder.name}/).")
    return 1 if faults else 0


def hand_in_all(course: Course, copies: Sequence[Copy]) -> dict[str, str]:
    """Let everybody work and hand in; return the codes of the receipts that the button gave, by student."""
    release = nbformat.read(course.release_notebook(TP), as_version=4)
    codes = {}
    with open_room(release) as room:
        for copy in copies:
            if copy.arrival is Arrival.DIRECT:
                to = course.root / "submitted" / copy.student / TP
            else:
                to = _moodle_folder(copies, copy, course.root)
            to.mkdir(parents=True)
            codes[copy.student] = copy.deposit(room, copy.student, to)
    return codes


def check_deposits(copies: Sequence[Copy], codes: Mapping[str, str], unpacked: Sequence[Unpacked], folder: Path) -> list[str]:
    """Compare the tidying with what is expected; return one French sentence for each fault."""
    faults = []
    by_folder: dict[str, list[Unpacked]] = {_moodle_folder(copies, copy, folder).name: [] for copy in copies}
    for one in unpacked:
        by_folder[one.source.split("/")[0]].append(one)
    for copy, found in zip(copies, by_folder.values(), strict=True):
        placed = [one for one in found if one.folder]
        there = folder / "submitted" / copy.student / TP
        if [one.folder for one in placed] != ([there] if copy.arrival is Arrival.PLACED else []):
            faults.append(f"{copy.student} : le dépôt n’est pas là où il est attendu, ou n’a pas été refusé.")
        told = typeset(" ".join(sentence for one in found for sentence in (*one.told, one.to_settle)).strip())
        if typeset(copy.tidied) not in told or (told and not copy.tidied):
            faults.append(f"{copy.student} : au rangement, le formateur lit « {told} » et non « {copy.tidied} ».")
        if placed and codes[copy.student]:
            files = {path.name: path.read_bytes() for path in there.iterdir()}
            receipt = read_receipt(files.pop(RECEIPT_NAME))
            if placed[0].receipt != codes[copy.student] or receipt.matches(files) != (copy.tidied != CHANGED_SINCE):
                faults.append(f"{copy.student} : le reçu n’est pas celui de l’étudiant, ou ne correspond pas à ses fichiers.")
    return faults


def check(copies: Sequence[Copy], outcomes: Sequence[Outcome], folder: Path) -> list[str]:
    """Compare the grades with what is expected; return one French sentence for each fault."""
    faults = []
    by_student = {outcome.student: outcome for outcome in outcomes}
    if set(by_student) != {copy.student for copy in copies if copy.arrival is not Arrival.REFUSED}:
        faults.append("Des copies manquent au tableau, ou n’auraient pas dû y être.")
    for copy in copies:
        outcome = by_student.get(copy.student)
        if outcome is None:
            continue
        if outcome.score != copy.points:
            faults.append(f"{copy.student} : {_shown(outcome.score)} au lieu de {_shown(copy.points)}.")
        read = typeset(" ".join(outcome.notes))
        faults += [f"{copy.student} : le formateur ne lit pas « {piece} »." for piece in copy.told if typeset(piece) not in read]
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


def _moodle_folder(copies: Sequence[Copy], copy: Copy, folder: Path) -> Path:
    """Return where Moodle puts what a student hands in."""
    return folder / DEPOSITS / f"COPIE {copy.student}_{101 + copies.index(copy)}_assignsubmission_file_"


def _empty(folder: Path) -> None:
    if folder.exists():
        for path in folder.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def _shown(points: float | None) -> str:
    return "non notée" if points is None else write_number(points)
