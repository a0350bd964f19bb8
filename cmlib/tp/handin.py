"""Handing in: one zip beside the notebook, with the notebook, the sheet and a receipt, and nothing else of the folder.

The sheet is what counts; the notebook comes along with the copies that it embeds. The receipt (``recu.json``) says who, when,
which exercises were complete, and the digest of each file: its own digest gives the short code that the student keeps.
"""

import hashlib
import io
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

import cmlib
from cmlib.cases import student_key
from cmlib.errors import InvalidInput, reason
from cmlib.french import write_moment
from cmlib.tp.answers import (
    MAX_NAME_CHARS,
    MAX_SHEET_BYTES,
    SHEET_NAME,
    Answer,
    Sheet,
    Source,
    load_json,
    merge,
    read_sheet,
    resolve,
)
from cmlib.tp.identity import read_student
from cmlib.tp.questions import Question, State
from cmlib.tp.sheet import CHANGED_HANDS, LOCK_NAME, LOCK_SECONDS, AnswerSheet, NotSaved, kind_of, read_regular, replace_file

RECEIPT_NAME = "recu.json"
RECEIPT_SCHEMA = 1
BUTTON = "Préparer mon dépôt"
"""What the button that hands in says, in the header of a TP."""
MAX_RECEIPT_BYTES = 65_536
MAX_RATIO = 300  # of a file above a million bytes; what a session writes is far below
SUSPECT_BYTES = 1_000_000
MAX_IDENTIFIER_BYTES = 80  # in a file name; file systems stop at 255 bytes, Windows at 260 signs for a whole path

_CODE_SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"  # none that is read for another
_CODE_LENGTH = 8
_REFUSED_SIGNS = re.compile(r'[<>:"/\\|?*\[\]]')  # by Windows; the brackets by nbgrader
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_LOOKS_REPLACED = re.compile(r"-[0-9a-f]{8}$", re.IGNORECASE)
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, KeyError)
"""What Python's reader raises on a zip that is not one, or not whole."""


class UnreadableZip(ValueError):
    """A zip, or a file in it, that is not to be read; the message says why, in French, after its name."""


def _in_range(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2100:  # beyond, it would not fit in every time zone
        raise ValueError("year")
    return moment


class Receipt(BaseModel):
    """What ``recu.json`` says.

    Attributes
    ----------
    files
        SHA-256 of each file handed in, by name.
    complete, incomplete
        Identifiers of the exercises.
    kit
        Version of the kit.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_: Annotated[int, Field(alias="schema", strict=True, ge=RECEIPT_SCHEMA, le=RECEIPT_SCHEMA)]
    tp: Annotated[str, Field(max_length=MAX_NAME_CHARS)]
    student: Annotated[str, AfterValidator(read_student)]
    time: Annotated[AwareDatetime, AfterValidator(_in_range)]
    kit: str = ""
    files: dict[str, str]
    complete: list[str] = []
    incomplete: list[str] = []

    def matches(self, files: Mapping[str, bytes]) -> bool:
        """Tell whether what was handed in is all among these files, unchanged, and whether the others change no answer.

        Names do not count: intake renames a notebook that nbgrader cannot open, and puts a blank one in its place.
        """
        listed = {name: content for name, content in files.items() if _sha256(content) in self.files.values()}
        if {_sha256(content) for content in listed.values()} != set(self.files.values()):
            return False
        return len(listed) == len(files) or _answers(listed, self.tp) == _answers(files, self.tp)


@dataclass(frozen=True)
class Deposit:
    """What handing in made; the sentences are in French, to be typeset where they are shown.

    Attributes
    ----------
    path
        The zip.
    missing
        One sentence for each exercise that is not complete.
    receipt
        The short code that the student keeps.
    told
        Where the file is, and what to do with it.
    """

    path: Path
    missing: tuple[str, ...]
    receipt: str
    told: str


def hand_in(sheet: AnswerSheet, questions: Sequence[Question]) -> Deposit:
    """Write the zip to hand in, in the folder of the TP; it takes the place of the former one.

    Parameters
    ----------
    sheet
        The sheet of the session. It is read again on disk, where another tab may have written; nothing in it changes.
    questions
        Every question of the TP. One that is not complete is told, and does not stop the deposit.

    Raises
    ------
    NotSaved
        If nobody has signed, if the copy has changed hands, or if the zip cannot be written; the former zip is intact.
    Explained
        If the folder holds another TP's sheet, or the identifier names nobody.
    """
    if sheet.on_hold:
        raise NotSaved(sheet.on_hold)
    try:
        with FileLock(sheet.folder / LOCK_NAME, timeout=LOCK_SECONDS):
            current = _current(sheet)
            if not current.student:
                raise NotSaved("Le dépôt attend votre signature : écrivez votre identifiant dans l’en-tête du TP, puis déposez.")
            path = deposit_path(sheet.folder, current.student, sheet.tp)
            files, notice = _files(sheet.folder, current)
            states = {question.id: question.progress(_value(current, question.id)) for question in questions}
            complete = [id for id, progress in states.items() if progress.state is State.COMPLETE]
            now = datetime.now().astimezone()
            receipt = _receipt_bytes(current, files, complete, [id for id in states if id not in complete], now)
            others = {other.name for other in sheet.folder.iterdir() if other.name.endswith(deposit_suffix(sheet.tp))}
            replace_file(path, _zip({**files, RECEIPT_NAME: receipt}, now))
    except Timeout as error:
        raise NotSaved("Le dépôt n’a pas été écrit : un autre onglet écrit dans ce TP, réessayez dans un instant.") from error
    except OSError as error:
        raise NotSaved(
            f"Le dépôt n’a pas été écrit, le dossier du TP refuse l’écriture ({reason(error)}) : libérez de la place ou vérifiez "
            "ses droits, puis déposez de nouveau."
        ) from error
    except InvalidInput:  # an identifier that names nobody: already explained
        raise
    except ValueError as error:
        raise NotSaved("Le dépôt n’a pas été écrit, un signe ne peut pas être gardé : retapez votre identifiant.") from error
    missing = [
        f"Exercice {question.id}, « {question.title} » : {states[question.id].message}"
        for question in questions
        if question.id not in complete
    ]
    code = receipt_code(receipt)
    told = [
        f"Votre copie est prête : le fichier « {path.name} » est dans le dossier du TP.",
        f"Déposez-le tel quel, sans le décompresser, là où votre formateur le demande. Reçu : {code}.",
        notice,
        "D’autres dépôts sont dans ce dossier : ne vous trompez pas de fichier." if others - {path.name} else "",
    ]
    return Deposit(path, tuple(missing), code, " ".join(sentence for sentence in told if sentence))


def stale(sheet: AnswerSheet) -> str:
    """Return a French sentence if an answer has changed since the last deposit; empty if not, or if there is none."""
    if not sheet.sheet.student:
        return ""
    try:
        path = deposit_path(sheet.folder, sheet.sheet.student, sheet.tp)
        if path.is_symlink() or not path.is_file():
            return ""
        with zipfile.ZipFile(path) as archive:
            receipt = read_receipt(read_member(archive, archive.getinfo(RECEIPT_NAME), MAX_RECEIPT_BYTES))
            deposited = read_sheet(read_member(archive, archive.getinfo(SHEET_NAME), MAX_SHEET_BYTES), sheet.tp)
    except BROKEN_ZIP:
        return "Le dernier dépôt est illisible : déposez de nouveau."
    before, after = ({name: answer.value for name, answer in one.answers.items()} for one in (deposited, sheet.sheet))
    if before == after:
        return ""
    moment, now = receipt.time.astimezone(), datetime.now().astimezone()
    when = f"{moment:%H:%M}" if moment.date() == now.date() else write_moment(moment, now)
    return f"Vous avez changé une réponse depuis le dernier dépôt ({when}) : déposez de nouveau."


def deposit_path(folder: Path, student: str, tp: str) -> Path:
    """Return where the zip of a student is written."""
    return folder / f"{safe_name(student)}{deposit_suffix(tp)}"


def deposit_suffix(tp: str) -> str:
    """Return how the names of the zips of a TP end."""
    return f"__{unicodedata.normalize('NFC', tp)}.zip"


def safe_name(student: str) -> str:
    """Return an identifier as a file or a folder can carry it, on Windows too; two students never share one.

    Where a sign had to be replaced, a hash of the student tells it from another.

    Raises
    ------
    InvalidInput
        If it names nobody.

    Examples
    --------
    >>> safe_name("zoé.martin")
    'zoé.martin'
    >>> safe_name("a/b") == safe_name("a:b")
    False
    """
    student = read_student(student)
    safe = _REFUSED_SIGNS.sub("_", student)
    safe = re.sub(r"^\.", "_", re.sub(r"[. ]$", "_", safe))
    if _DEVICE.match(safe) or safe.casefold() == "__macosx":
        safe = f"_{safe}"
    while len(safe.encode()) > MAX_IDENTIFIER_BYTES:
        safe = safe[:-1]
    if safe == student and not _LOOKS_REPLACED.search(safe):
        return safe
    return f"{safe.rstrip('. ')}-{hashlib.sha256(student_key(student).encode()).hexdigest()[:8]}"


def receipt_code(receipt: bytes) -> str:
    """Return the short code of a receipt: eight signs that nobody reads for others."""
    number = int.from_bytes(hashlib.sha256(receipt).digest()[:16], "big")
    return "".join(_CODE_SIGNS[number // len(_CODE_SIGNS) ** place % len(_CODE_SIGNS)] for place in range(_CODE_LENGTH))


def read_receipt(content: bytes) -> Receipt:
    """Read a receipt that nobody vouches for.

    Raises
    ------
    ValueError
        If it is not one.
    """
    if len(content) > MAX_RECEIPT_BYTES:
        raise ValueError("size")
    return Receipt.model_validate(load_json(content))


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Read a file of a zip, whatever the zip pretends.

    Raises
    ------
    UnreadableZip
        If it is encrypted, damaged, compressed beyond reason, or holds more than ``limit`` bytes.
    """
    if member.flag_bits & 0x1:
        raise UnreadableZip("est protégé par un mot de passe")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableZip("est comprimé d’une façon que le kit ne lit pas")
    if member.file_size > limit:
        raise UnreadableZip("est trop gros")
    if member.file_size > max(SUSPECT_BYTES, MAX_RATIO * member.compress_size):
        raise UnreadableZip("est comprimé au-delà du raisonnable")
    try:
        with archive.open(member) as file:
            content = file.read(limit + 1)
    except BROKEN_ZIP as error:
        raise UnreadableZip("est abîmé") from error
    if len(content) != member.file_size:
        raise UnreadableZip("est abîmé")
    return content


def _current(sheet: AnswerSheet) -> Sheet:
    """Return the session's sheet with what another tab may have written since."""
    on_disk = AnswerSheet.open(sheet.folder, sheet.tp, sheet_alone=True).sheet
    mine = sheet.sheet
    if on_disk.started_at not in (None, mine.started_at):
        raise NotSaved(CHANGED_HANDS)
    return Sheet(sheet.tp, on_disk.student or mine.student, merge([mine, on_disk]), mine.started_at)


def _files(folder: Path, sheet: Sheet) -> tuple[dict[str, bytes], str]:
    """Return what is handed in, and a sentence where the notebook is left out."""
    name = f"{sheet.tp}.ipynb"
    shown = unicodedata.normalize("NFC", name)
    files = {SHEET_NAME: sheet.to_bytes()}
    try:
        notebook = read_regular(folder / name)
    except OSError:
        notebook = b""
    if notebook is None:
        return files, f"Le carnet « {shown} » n’est pas dans le dossier : le dépôt contient vos réponses, sans lui."
    found = resolve([Source("notebook", shown, notebook)], sheet.tp)
    if found.incidents:
        return files, f"Le carnet « {shown} » est illisible : le dépôt contient vos réponses, sans lui."
    started = sheet.started_at
    carried = found.sheet.answers.values()
    if started and found.sheet.started_at != started and any(answer.saved_at < started for answer in carried):
        told = "montre encore les réponses d’une autre personne : le dépôt contient vos réponses, sans lui."
        return files, f"Le carnet « {shown} » n’a pas été enregistré et {told} Enregistrez-le, puis déposez de nouveau."
    return {shown: notebook, **files}, ""


def _receipt_bytes(
    sheet: Sheet, files: Mapping[str, bytes], complete: Sequence[str], incomplete: Sequence[str], now: datetime
) -> bytes:
    receipt = {
        "schema": RECEIPT_SCHEMA,
        "tp": sheet.tp,
        "student": read_student(sheet.student),
        "time": now.isoformat(),
        "kit": cmlib.__version__,
        "files": {name: _sha256(content) for name, content in sorted(files.items())},
        "complete": list(complete),
        "incomplete": list(incomplete),
    }
    return (json.dumps(receipt, ensure_ascii=False, indent=1) + "\n").encode()


def _zip(files: Mapping[str, bytes], now: datetime) -> bytes:
    """Return the bytes of the zip: the same files at the same time give the same bytes on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, date_time=max(now.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return buffer.getvalue()


def _value(sheet: Sheet, question: str) -> object:
    answer = sheet.answers.get(question)
    return answer.value if answer else None


def _answers(files: Mapping[str, bytes], tp: str) -> Mapping[str, Answer]:
    sources = [Source(kind, name, content) for name, content in files.items() if (kind := kind_of(name))]
    return resolve(sources, tp).sheet.answers


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
