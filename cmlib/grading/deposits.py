"""Deposits: what « Déposer » wrote, as a trainer downloads it, put where nbgrader looks for copies."""

import os
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cmlib.cases import student_key
from cmlib.errors import Explained, InvalidInput, reason
from cmlib.french import printable, write_datetime
from cmlib.grading.course import Course
from cmlib.grading.deposit_zips import Found, find_deposits
from cmlib.grading.intake import RECEIVED, put_aside
from cmlib.tp.answers import SHEET_NAME, Source, resolve
from cmlib.tp.handin import RECEIPT_NAME, Receipt, read_receipt, receipt_code, safe_name
from cmlib.tp.identity import read_student, same
from cmlib.tp.sheet import read_regular, replace_file

CLOCK_MARGIN = timedelta(days=1)


@dataclass(frozen=True)
class Unpacked:
    """What became of one deposit.

    Attributes
    ----------
    source
        Where it was found, as the trainer sees it: « depots.zip/MARTIN Zoé_123_assignsubmission_file_/zoe__tp1.zip ».
    student
        Whose it is; empty where nobody can tell.
    folder
        Where it now is; None if it was refused, or if a more recent one is kept.
    receipt
        The short code that the student was given; empty without a receipt.
    time
        When it was made, for its receipt.
    told
        What the trainer must know, in French, to be typeset where it is shown.
    """

    source: str
    student: str = ""
    folder: Path | None = None
    receipt: str = ""
    time: datetime | None = None
    told: tuple[str, ...] = ()


def unpack(course: Course, source: Path, tp: str) -> list[Unpacked]:
    """Put each deposit of a folder or of a zip into ``submitted/<identifiant>/<tp>/``.

    A copy that is there already is moved to ``received/``, unless its receipt is the more recent one. What a second run
    finds in its place is left alone.

    Parameters
    ----------
    source
        A folder of deposits, Moodle's zip of them, one of them alone.

    Returns
    -------
    list[Unpacked]
        One for each deposit, placed or refused, in the order found.

    Raises
    ------
    Explained
        If there is no such TP or no deposit to be found. A bad deposit never raises, nor stops the others.
    """
    course.source_folder(tp)
    try:
        results: list[Unpacked] = []
        kept: dict[str, int] = {}  # for each student, whose deposit is in place
        for deposit in find_deposits(source, tp):
            results.append(_arranged(course, tp, deposit))
            _tell_of_two(results, kept)
    except OSError as error:
        raise Explained(f"« {source} » ne peut pas être lu ({reason(error)}) : vérifiez ses droits.") from error
    if not results:
        raise Explained(f"Aucun dépôt dans « {source} » : donnez le dossier ou le zip des fichiers « <identifiant>__{tp}.zip ».")
    return results


def _arranged(course: Course, tp: str, found: Found) -> Unpacked:
    """Read a deposit, and put it in its place; whatever goes wrong stays with it."""
    if not found.files:
        return Unpacked(found.shown, told=found.told)
    try:
        known = _identified(tp, found)
        folder, told = _place(course, tp, known, found.files)
    except Explained as error:
        return Unpacked(found.shown, told=(str(error),))
    except OSError as error:
        why = f"« {found.shown} » n’a pas pu être rangé ({reason(error)}) : vérifiez les droits et la place du dossier du cours."
        return Unpacked(found.shown, told=(why,))
    return replace(known, folder=folder, told=(*known.told, *told))


def _identified(tp: str, found: Found) -> Unpacked:
    """Return whose a deposit is, when it was made, and what its receipt is worth."""
    told = list(found.told)
    receipt: Receipt | None = None
    contents = {name: content for name, content in found.files.items() if name != RECEIPT_NAME}
    if not contents:
        raise Explained(
            f"« {found.shown} » n’a ni feuille de réponses ni carnet, il n’est pas rangé : demandez un nouveau dépôt."
        )
    try:
        receipt = read_receipt(found.files[RECEIPT_NAME])
    except KeyError:
        told.append("Le dépôt n’a pas de reçu : il n’a pas été fait par le bouton « Déposer », ou il a été refait à la main.")
    except ValueError:
        told.append("Le reçu est illisible : l’identité est lue dans la feuille.")
    if receipt and receipt.tp != tp:
        raise Explained(f"« {found.shown} » est un dépôt du TP « {printable(receipt.tp)} » : il n’est pas rangé dans « {tp} ».")
    sources = [Source("sheet" if name == SHEET_NAME else "notebook", name, content) for name, content in contents.items()]
    resolution = resolve(sources, tp)
    signed = resolution.sheet.student
    told += resolution.incidents
    if receipt and not receipt.matches(contents):
        told.append("Le reçu ne correspond pas aux fichiers du dépôt : ils ont changé depuis, demandez à l’étudiant pourquoi.")
    if receipt and signed and not same(receipt.student, signed):
        told.append(f"Le reçu est au nom de « {receipt.student} », la feuille au nom de « {signed} » : identité à confirmer.")
    if receipt and receipt.time > datetime.now().astimezone() + CLOCK_MARGIN:
        when = write_datetime(receipt.time.astimezone())
        told.append(f"Le reçu est daté du {when}, dans le futur : l’horloge du poste n’est pas fiable.")
    try:
        student = receipt.student if receipt else read_student(signed)
    except InvalidInput as error:
        why = resolution.incidents[0] if resolution.incidents else "rien n’y est signé"
        raise Explained(f"« {found.shown} » n’est pas rangé, on ne sait pas de qui il est ({why.rstrip('.')}).") from error
    code = receipt_code(found.files[RECEIPT_NAME]) if receipt else ""
    return Unpacked(found.shown, student, None, code, receipt.time if receipt else None, tuple(told))


def _place(course: Course, tp: str, known: Unpacked, files: dict[str, bytes]) -> tuple[Path | None, list[str]]:
    """Put a deposit into ``submitted/``; None where a more recent one stays."""
    home = _home(course, known.student)
    folder = course.root / "submitted" / home / tp
    shown, told = f"submitted/{home}/{tp}/", []
    if not same(home, known.student):
        told.append(f"L’identifiant « {known.student} » ne peut pas nommer un dossier : la copie est dans « {shown} ».")
    linked = folder.is_symlink() or folder.parent.is_symlink()
    present = {} if linked else {name: read_regular(folder / name) for name in (*files, RECEIPT_NAME)}
    if present and all(present[name] == content for name, content in files.items()):
        return folder, [*told, f"Ce dépôt est déjà dans « {shown} »."]
    try:
        former = read_receipt(present.get(RECEIPT_NAME) or b"").time
    except ValueError:
        former = None
    if former and (known.time is None or known.time < former):
        which = f"{'plus récent' if known.time else 'qui a un reçu'} ({write_datetime(former.astimezone())})"
        return None, [*told, f"Un dépôt {which} est dans « {shown} » : celui-ci n’est pas repris."]
    received = course.root / RECEIVED
    received.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".cmlib-", dir=received) as work:
        staged = Path(work) / tp
        staged.mkdir()
        for name, content in files.items():  # whole before anything moves
            replace_file(staged / name, content)
        if linked or (os.path.lexists(folder) and any(folder.iterdir())):
            put_aside(folder, received / home / tp)
            told.append(f"La copie qui était dans « {shown} » est maintenant dans « {RECEIVED}/{home}/ ».")
        folder.mkdir(parents=True, exist_ok=True)
        folder.rmdir()
        staged.rename(folder)
    return folder, told


def _home(course: Course, student: str) -> str:
    """Return the name of a student's folder: the one that is there already, under whatever spelling, else a safe one."""
    submitted = course.root / "submitted"
    names = sorted(path.name for path in submitted.iterdir()) if submitted.is_dir() else []
    safe = safe_name(student)
    return safe if safe in names else next((name for name in names if same(name, student)), safe)


def _tell_of_two(results: list[Unpacked], kept: dict[str, int]) -> None:
    """Tell both of two deposits of one student which one is kept."""
    last = len(results) - 1
    new = results[last]
    if not new.student:
        return
    key = student_key(new.student)
    before = kept.get(key)
    if before is None or new.folder:
        kept[key] = last
    if before is None:
        return
    old = results[before]
    winner = new if new.folder else old
    end = f"« {winner.source} » est gardé" if winner.folder else "ni l’un ni l’autre n’est gardé"
    told = f"« {old.source} » et « {new.source} » sont deux dépôts de « {new.student} » : {end}."
    for index, one in ((before, old), (last, new)):
        results[index] = replace(one, folder=one.folder if one is winner else None, told=(*one.told, told))
