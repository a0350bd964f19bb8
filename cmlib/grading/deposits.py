"""Deposits: what the button that hands in wrote, as a trainer downloads it, put where nbgrader looks for copies.

They are read twice: once to know whose each one is and which is kept (`cmlib.grading.deposit_owners` says how), once to put it
in its place. Nothing of a deposit is kept in memory between the two.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cmlib.cases import student_key
from cmlib.errors import Explained, InvalidInput, reason
from cmlib.french import printable, write_datetime
from cmlib.grading.course import Course
from cmlib.grading.deposit_owners import Claim, InPlace, Ruling, Sender, judge, read_senders, sender_of, write_senders
from cmlib.grading.deposit_zips import Found, find_deposits
from cmlib.grading.identity import signed_by
from cmlib.grading.intake import RECEIVED, put_aside
from cmlib.grading.receipts import receipt_doubts
from cmlib.tp.answers import BACKUP_NAME, Resolution, Source, resolve
from cmlib.tp.handin import BUTTON, RECEIPT_NAME, Receipt, read_receipt, receipt_code, safe_name
from cmlib.tp.identity import read_student, same
from cmlib.tp.sheet import kind_of, read_regular, replace_file

_NEVER = datetime.min.replace(tzinfo=UTC)


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
    to_settle
        What the trainer must settle before this copy can be trusted, in French; empty where there is nothing.
    """

    source: str
    student: str = ""
    folder: Path | None = None
    receipt: str = ""
    time: datetime | None = None
    told: tuple[str, ...] = ()
    to_settle: str = ""


@dataclass(frozen=True)
class _Known:
    """What the first reading says of a deposit: its own files by digest, and who sent it when, for `judge`."""

    unpacked: Unpacked
    digests: Mapping[str, str] = field(default_factory=dict)
    sender: Sender | None = None
    last: datetime = _NEVER

    def claim(self) -> Claim:
        time = self.unpacked.time
        return Claim(self.unpacked.source, self.sender, self.digests, (time is not None, time or self.last))


def unpack(course: Course, source: Path, tp: str) -> list[Unpacked]:
    """Put each deposit of a folder or of a zip into ``submitted/<identifiant>/<tp>/``.

    Of several deposits of one student, the latest is kept, if they come from one Moodle folder; where two folders hand in the
    same student's copy, neither beats the other for being later (see `cmlib.grading.deposit_owners`). A copy that is there
    already is moved to ``received/``, unless its receipt is the more recent one. What a second run finds in its place is left
    alone.

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
    senders = read_senders(course.root)
    before = {name: dict(homes) for name, homes in senders.items()}
    try:
        known = [_known(tp, source, found) for found in find_deposits(source, tp, course.tps())]
        if not known:
            raise Explained(
                f"Aucun dépôt dans « {source} » : donnez le dossier ou le zip des fichiers « <identifiant>__{tp}.zip »."
            )
        results, kept = _ruled(course, tp, known, senders.setdefault(tp, {}))
        again = find_deposits(source, tp, course.tps()) if kept else iter(())
        for index, one in enumerate(known):
            found = next(again, None)
            if index in kept:
                results[index] = _arranged(course, tp, results[index], one, found)
                if results[index].folder and one.sender:
                    senders[tp][_home(course, one.unpacked.student)] = one.sender
    except OSError as error:
        raise Explained(f"« {source} » ne peut pas être lu ({reason(error)}) : vérifiez ses droits.") from error
    finally:
        senders = {name: homes for name, homes in senders.items() if homes}
        if senders != before:
            write_senders(course.root, senders)
    return results


def _known(tp: str, source: Path, found: Found) -> _Known:
    """Return what a deposit is; whatever is wrong with it stays with it."""
    if not found.files:
        return _Known(Unpacked(found.shown, told=found.told))
    try:
        return replace(_identified(tp, found), sender=sender_of(source, found.shown))
    except Explained as error:
        return _Known(Unpacked(found.shown, told=(str(error),)))


def _ruled(course: Course, tp: str, known: list[_Known], senders: Mapping[str, Sender]) -> tuple[list[Unpacked], set[int]]:
    """Decide between the deposits of each student; return what to tell of each, and the indices of those to put in place."""
    results = [one.unpacked for one in known]
    groups: dict[str, list[int]] = {}
    sent: dict[Sender, set[str]] = {}
    for index, one in enumerate(known):
        if one.unpacked.student:
            key = student_key(one.unpacked.student)
            groups.setdefault(key, []).append(index)
            if one.sender:
                sent.setdefault(one.sender, set()).add(key)
    busy = {sender for sender, keys in sent.items() if len(keys) > 1}
    kept = set()
    for group in groups.values():
        student = known[group[0]].unpacked.student
        ruling: Ruling = judge(student, [known[index].claim() for index in group], busy, _present(course, tp, student, senders))
        for index, told in zip(group, ruling.told, strict=True):
            results[index] = replace(results[index], told=(*results[index].told, *told), to_settle=ruling.to_settle)
        if ruling.kept is not None:
            kept.add(group[ruling.kept])
    return results, kept


def _present(course: Course, tp: str, student: str, senders: Mapping[str, Sender]) -> InPlace:
    """Return what is in the place of a student's copy."""
    home = _home(course, student)
    folder = course.root / "submitted" / home / tp
    shown = f"submitted/{home}/{tp}/"
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return InPlace(shown)
    contents = {path.name: read_regular(path) for path in folder.iterdir() if kind_of(path.name) or path.name == RECEIPT_NAME}
    present = {name: content for name, content in contents.items() if content is not None}
    return InPlace(shown, _digests(present), senders.get(home))


def _arranged(course: Course, tp: str, ruled: Unpacked, known: _Known, found: Found | None) -> Unpacked:
    """Put a deposit in its place; whatever goes wrong stays with it."""
    files = {name: content for name, content in found.files.items() if name in known.digests} if found else {}
    if found is None or found.shown != ruled.source or _digests(files) != known.digests:
        raise Explained(f"« {ruled.source} » a changé pendant le rangement : relancez la commande quand tout est téléchargé.")
    try:
        folder, told = _place(course, tp, ruled, files)
    except Explained as error:
        return Unpacked(ruled.source, told=(str(error),))
    except OSError as error:
        why = f"« {ruled.source} » n’a pas pu être rangé ({reason(error)}) : vérifiez les droits et la place du dossier du cours."
        return Unpacked(ruled.source, told=(why,))
    return replace(ruled, folder=folder, told=(*ruled.told, *told))


def _identified(tp: str, found: Found) -> _Known:
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
        told.append(f"Déposé sans le bouton « {BUTTON} » : pas de reçu.")
    except ValueError:
        told.append("Le reçu est illisible : l’identité est lue dans les réponses.")
    if receipt and receipt.tp != tp:
        raise Explained(f"« {found.shown} » est un dépôt du TP « {printable(receipt.tp)} » : il n’est pas rangé dans « {tp} ».")
    if why := _why_not_its_backup(tp, contents, receipt):
        del contents[BACKUP_NAME]
        told.append(why)
    resolution = _resolved(tp, contents)
    signed = signed_by(resolution)
    told += resolution.incidents
    told += receipt_doubts(receipt, contents, datetime.now().astimezone()) if receipt else []
    if receipt and signed and not same(receipt.student, signed):
        told.append(f"Le reçu est au nom de « {receipt.student} », la feuille au nom de « {signed} » : identité à confirmer.")
    try:
        student = receipt.student if receipt else read_student(signed)
    except InvalidInput as error:
        why = resolution.incidents[0] if resolution.incidents else "rien n’y est signé"
        raise Explained(f"« {found.shown} » n’est pas rangé, on ne sait pas de qui il est ({why.rstrip('.')}).") from error
    code = receipt_code(found.files[RECEIPT_NAME]) if receipt else ""
    files = {name: content for name, content in found.files.items() if name in contents or name == RECEIPT_NAME}
    last = max((answer.saved_at for answer in resolution.sheet.answers.values()), default=_NEVER)
    unpacked = Unpacked(found.shown, student, None, code, receipt.time if receipt else None, tuple(told))
    return _Known(unpacked, _digests(files), None, last)


def _why_not_its_backup(tp: str, contents: Mapping[str, bytes], receipt: Receipt | None) -> str:
    """Return why the backup beside a copy is left out of it; empty where it is the copy's own, or where there is none."""
    others = {name: content for name, content in contents.items() if name != BACKUP_NAME}
    if BACKUP_NAME not in contents or not others:
        return ""
    if receipt and receipt.matches(others):
        return f"« {BACKUP_NAME} » n’est pas dans le reçu, qui correspond aux autres fichiers : écarté."
    signed = signed_by(_resolved(tp, {BACKUP_NAME: contents[BACKUP_NAME]}))
    owner = receipt.student if receipt else signed_by(_resolved(tp, others))
    if signed and owner and not same(signed, owner):
        return f"« {BACKUP_NAME} » est signé « {signed} », et non « {owner} » : écarté."
    return ""


def _resolved(tp: str, contents: Mapping[str, bytes]) -> Resolution:
    return resolve([Source(kind, name, content) for name, content in contents.items() if (kind := kind_of(name))], tp)


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


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
