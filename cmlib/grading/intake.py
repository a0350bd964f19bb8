"""Intake: make a submission safe for nbgrader, which copies every file and follows links before any plug-in runs.

A sound submission is left alone: it holds regular files of known names and a readable notebook. Any other is moved as
it stands to ``received/``, and replaced by a copy of the files that may hold answers. The move comes first, so that a
failure halfway leaves nothing for nbgrader to read.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat.v4
from nbformat.json_compat import ValidationError
from nbformat.validator import get_validator
from nbgrader.utils import parse_utc

from cmlib.errors import Explained
from cmlib.french import plural, printable
from cmlib.tp.answers import MAX_NOTEBOOK_BYTES, UnreadableSheet, load_json
from cmlib.tp.exports import is_export
from cmlib.tp.handin import RECEIPT_NAME
from cmlib.tp.sheet import DAMAGED_PREFIX, LOCK_NAME, TEMPORARY_PREFIX, kind_of, read_regular, replace_file

TIMESTAMP = "timestamp.txt"
RECEIVED = "received"
MAX_DEPTH = 4
MAX_ENTRIES = 5_000  # looked at in one submission
MAX_ANSWER_FILES = 30  # kept of one submission
MAX_TOTAL_BYTES = 60_000_000
MAX_SENTENCES = 5

# What the kit itself, macOS, Windows and Jupyter leave in a folder: put aside without a word.
NOISE_NAMES = {LOCK_NAME, ".DS_Store", "Thumbs.db", "desktop.ini"}
NOISE_PREFIXES = (DAMAGED_PREFIX, TEMPORARY_PREFIX, "._")
NOISE_FOLDERS = {"__MACOSX", "__pycache__"}

_ANSWERS_FIRST = ("sheet", "backup", "notebook", None)

# The dates that nbgrader's collectors write.
_DATE = re.compile(
    r"20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-5][0-9](:[0-6][0-9](\.[0-9]+)?)?( ?[+-][0-9]{2}:?[0-9]{2}| ?UTC| ?Z)?"
)


@dataclass(frozen=True)
class Survey:
    """What lies in a submission folder.

    Attributes
    ----------
    answers
        Regular files that may hold answers, the receipt and the date of deposit, by path inside the folder.
    refused
        One French sentence for each thing put aside that the trainer must know of.
    sound
        Whether nbgrader may read the folder as it is.
    """

    answers: dict[str, bytes]
    refused: list[str]
    sound: bool


def admit(root: Path, student: str, tp: str, release: bytes) -> list[str]:
    """Make ``submitted/<student>/<tp>`` safe to read, and return what was put aside, in French.

    Parameters
    ----------
    root
        The course folder.
    release
        The release notebook: it stands in for a notebook that is missing or unreadable.

    Raises
    ------
    Explained
        If the folder cannot be moved.
    """
    folder = root / "submitted" / student / tp
    survey = survey_folder(folder, tp)
    notes_file = root / RECEIVED / student / f"{tp}.json"
    if survey.sound:
        return _recorded_notes(notes_file, folder)
    put_aside(folder, root / RECEIVED / student / tp)
    for name, content in _flatten(survey.answers, tp).items():
        replace_file(folder / name, content)
    if not (folder / f"{tp}.ipynb").exists():
        replace_file(folder / f"{tp}.ipynb", release)
    record = {"digest": _digest(folder), "notes": survey.refused}
    replace_file(notes_file, json.dumps(record, ensure_ascii=False, indent=1).encode())
    return survey.refused


def before_nbgrader(assignment: str, student: str, notebooks: list[str], **_: object) -> None:
    """Nbgrader's ``Autograde.pre_convert_hook``: admit the copy that is about to be graded, whoever started nbgrader.

    nbgrader only logs what a hook raises, then copies what it finds: whatever fails here, the submission is
    moved away first and no notebook is left to grade.
    """
    from cmlib.grading.course import Course

    folders = {Path(notebook).parent for notebook in notebooks}
    notebooks.clear()
    course = Course(Path.cwd())
    try:
        release = course.release_notebook(assignment).read_bytes()
        for folder in folders:
            admit(course.root, folder.parent.name, assignment, release)
    except BaseException:
        for folder in folders:
            put_aside(folder, course.root / RECEIVED / folder.parent.name / assignment)
        raise
    course.register(assignment)
    notebooks.extend(str(folder / f"{assignment}.ipynb") for folder in folders)


def survey_folder(folder: Path, tp: str) -> Survey:
    """Look at a submission without following a link or opening a special file."""
    if not (_is_plain_directory(folder) and _is_plain_directory(folder.parent)):
        return Survey({}, ["Le dossier de la copie est un lien, il a été écarté : demandez un nouveau dépôt."], sound=False)
    answers: dict[str, bytes] = {}
    refused: list[str] = []
    sound, room = True, MAX_TOTAL_BYTES
    for count, (path, mode) in enumerate(_walk(folder)):
        shown = path.relative_to(folder).as_posix()
        if count >= MAX_ENTRIES:
            refused.append(f"la copie contient plus de {MAX_ENTRIES} fichiers, les suivants n’ont pas été regardés")
            sound = False
            break
        wanted = path.name in (TIMESTAMP, RECEIPT_NAME) or kind_of(path.name) is not None
        problem = _problem_with(mode, wanted, len(answers))
        content = read_regular(path) if wanted and problem is None else None
        if content is not None and len(content) <= min(room, MAX_NOTEBOOK_BYTES):
            room -= len(content)
            answers[shown] = content
            sound = sound and "/" not in shown
            continue
        sound = False
        if not _is_noise(path, mode):
            refused.append(f"« {printable(shown)} » {problem or 'est trop gros'}")
    if TIMESTAMP in answers and not _is_timestamp(answers[TIMESTAMP]):
        del answers[TIMESTAMP]
        refused.append("la date de dépôt est illisible")
        sound = False
    sound = sound and is_sound_notebook(answers.get(f"{tp}.ipynb", b""))
    return Survey(answers, _sentences(refused), sound)


def is_sound_notebook(content: bytes) -> bool:
    """Tell whether nbgrader's reader can open these bytes: a valid notebook of format 4, without a byte order mark."""
    if content.startswith(b"\xef\xbb\xbf"):
        return False
    try:
        notebook = load_json(content)
        minor = notebook.get("nbformat_minor") if isinstance(notebook, dict) else None
        if not isinstance(minor, int) or not 0 <= minor <= nbformat.v4.nbformat_minor or notebook.get("nbformat") != 4:
            return False
        get_validator(4, minor, relax_add_props=True).validate(notebook)
    except (UnreadableSheet, ValidationError, RecursionError):
        return False
    return True


def put_aside(folder: Path, archive: Path) -> None:
    """Move a submission, as it stands, to the first free name under ``received/``; leave an empty folder in its place.

    Raises
    ------
    Explained
        If it cannot be moved.
    """
    moved = folder.parent if folder.parent.is_symlink() else folder
    archive.parent.mkdir(parents=True, exist_ok=True)
    target, number = archive, 1
    while os.path.lexists(target):
        number += 1
        target = archive.with_name(f"{archive.name}-{number}")
    try:
        moved.rename(target)
    except OSError as error:
        raise Explained(f"La copie « {folder} » ne peut pas être déplacée vers « {target} » : fermez ses fichiers.") from error
    folder.mkdir(parents=True)


def _problem_with(mode: int, wanted: bool, kept: int) -> str | None:
    if stat.S_ISLNK(mode):
        return "est un lien vers un autre fichier"
    if not stat.S_ISREG(mode):
        return "n’est pas un fichier ordinaire"
    if not wanted:
        return "ne fait pas partie du TP"
    return "est de trop : la copie contient déjà beaucoup de carnets et de feuilles" if kept >= MAX_ANSWER_FILES else None


def _sentences(refused: list[str]) -> list[str]:
    told = [f"{reason[0].upper()}{reason[1:]} : écarté." for reason in refused[:MAX_SENTENCES]]
    more = len(refused) - len(told)
    return [*told, f"{more} {plural(more, 'autre fichier écarté', 'autres fichiers écartés')}."] if more > 0 else told


def _flatten(answers: dict[str, bytes], tp: str) -> dict[str, bytes]:
    """Give each admitted file the name under which it will be read: every notebook and every sheet stays a source."""
    flat: dict[str, bytes] = {}
    notebook = f"{tp}.ipynb"
    for shown in sorted(answers, key=lambda shown: (Path(shown).name != notebook, shown.count("/"), shown)):
        name = printable(Path(shown).name)
        if name == RECEIPT_NAME and name in flat:  # of another deposit, whose sheet is a source already
            continue
        if kind_of(name) == "notebook":
            if notebook not in flat and is_sound_notebook(answers[shown]):
                name = notebook
            elif name == notebook:
                name = f"copie de {notebook}"
        taken = {other.casefold() for other in flat}
        stem, number = Path(name).stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){Path(shown).suffix}"
        flat[name] = answers[shown]
    return flat


def _walk(folder: Path, depth: int = 0) -> Iterator[tuple[Path, int]]:
    """Yield what a folder holds, files first, then each subfolder and what it holds."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries]
    found.sort(key=lambda item: (_ANSWERS_FIRST.index(kind_of(item[0])), item[0]))
    for name, mode in found:
        if not stat.S_ISDIR(mode):
            yield folder / name, mode
    for name, mode in found:
        if stat.S_ISDIR(mode):
            yield folder / name, mode
            if depth < MAX_DEPTH and not name.startswith(".") and name not in NOISE_FOLDERS:
                yield from _walk(folder / name, depth + 1)


def _is_noise(path: Path, mode: int) -> bool:
    if stat.S_ISDIR(mode):  # looked into already, or nobody's answers
        return kind_of(path.name) is None
    return stat.S_ISREG(mode) and (path.name in NOISE_NAMES or path.name.startswith(NOISE_PREFIXES) or is_export(path))


def _is_timestamp(content: bytes) -> bool:
    try:
        text = content.decode("ascii").strip()
        return bool(_DATE.fullmatch(text)) and parse_utc(text) is not None
    except ValueError:
        return False


def _is_plain_directory(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _recorded_notes(notes_file: Path, folder: Path) -> list[str]:
    """Return the notes of an earlier intake, if the folder is still the one that it made."""
    content = read_regular(notes_file)
    if content is None:
        return []
    record = json.loads(content)
    return list(record["notes"]) if record["digest"] == _digest(folder) else []


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        content = read_regular(path) or b""
        digest.update(path.name.encode(errors="replace") + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()
