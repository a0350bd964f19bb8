"""Intake: make a submission safe for nbgrader, which copies every file and follows links before any plug-in runs.

A sound submission is left alone: it holds regular files of known names and a readable notebook. Any other is moved as
it stands to ``received/``, and replaced by a copy of the files that may hold answers. The move comes first, so that a
failure halfway leaves nothing for nbgrader to read.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat.v4
from dateutil.parser import ParserError, parse
from nbformat.json_compat import ValidationError
from nbformat.validator import get_validator

from cmlib.errors import Explained
from cmlib.tp.answers import BACKUP_NAME, MAX_NOTEBOOK_BYTES, SHEET_NAME, UnreadableSheet, load_json
from cmlib.tp.sheet import LOCK_NAME, TEMPORARY_PREFIX, read_regular, replace_file

TIMESTAMP = "timestamp.txt"
RECEIVED = "received"
MAX_DEPTH = 4
MAX_FILES = 200


@dataclass(frozen=True)
class Survey:
    """What lies in a submission folder.

    Attributes
    ----------
    answers
        Regular files that may hold answers, by path inside the folder.
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
    """
    folder = root / "submitted" / student / tp
    survey = survey_folder(folder, tp)
    notes_file = root / RECEIVED / student / f"{tp}.json"
    if survey.sound:
        return _recorded_notes(notes_file, folder)
    _put_aside(folder, root / RECEIVED / student / tp)
    folder.mkdir(parents=True)
    for name, content in _flatten(survey.answers, tp).items():
        replace_file(folder / name, content)
    if not (folder / f"{tp}.ipynb").exists():
        replace_file(folder / f"{tp}.ipynb", release)
    record = {"digest": _digest(folder), "notes": survey.refused}
    replace_file(notes_file, json.dumps(record, ensure_ascii=False, indent=1).encode())
    return survey.refused


def before_nbgrader(assignment: str, student: str, notebooks: list[str], **_: object) -> None:
    """Nbgrader's ``Autograde.pre_convert_hook``: admit the copy that is about to be graded, whoever started nbgrader.

    nbgrader only logs what a hook raises: the list of notebooks is emptied first and filled at the end, so that
    a failure leaves it nothing to grade.
    """
    from cmlib.grading.course import Course

    folders = {Path(notebook).parent for notebook in notebooks}
    notebooks.clear()
    course = Course(Path.cwd())
    course.register(assignment)
    release = course.release_notebook(assignment).read_bytes()
    for folder in folders:
        admit(course.root, folder.parent.name, assignment, release)
        notebooks.append(str(folder / f"{assignment}.ipynb"))


def survey_folder(folder: Path, tp: str) -> Survey:
    """Look at a submission without following a link or opening a special file."""
    answers: dict[str, bytes] = {}
    refused: list[str] = []
    sound = _is_plain_directory(folder) and _is_plain_directory(folder.parent)
    if not sound:
        refused.append("Le dossier de la copie est un lien, il a été écarté : demandez un nouveau dépôt.")
    for count, (path, mode) in enumerate(_walk(folder) if sound else ()):
        shown = path.relative_to(folder).as_posix()
        if count >= MAX_FILES:
            refused.append(f"La copie contient plus de {MAX_FILES} fichiers : les suivants ont été écartés.")
            sound = False
            break
        if stat.S_ISLNK(mode):
            refused.append(f"« {shown} » est un lien vers un autre fichier : il a été écarté.")
            sound = False
        elif stat.S_ISDIR(mode):  # hidden by the student's own system, or too deep: never looked into
            sound = False
        elif not stat.S_ISREG(mode):
            refused.append(f"« {shown} » n’est pas un fichier ordinaire : il a été écarté.")
            sound = False
        elif not _may_hold_answers(path.name):
            if not _is_noise(path):
                refused.append(f"« {shown} » ne fait pas partie du TP : il a été écarté.")
            sound = False
        elif (content := read_regular(path)) is not None and len(content) <= MAX_NOTEBOOK_BYTES:
            answers[shown] = content
            sound = sound and "/" not in shown
        else:
            refused.append(f"« {shown} » est trop gros ou illisible : il a été écarté.")
            sound = False
    if TIMESTAMP in answers and not _is_timestamp(answers[TIMESTAMP]):
        del answers[TIMESTAMP]
        refused.append("La date de dépôt est illisible : elle a été écartée.")
        sound = False
    sound = sound and is_sound_notebook(answers.get(f"{tp}.ipynb", b""))
    return Survey(answers, refused, sound)


def is_sound_notebook(content: bytes) -> bool:
    """Tell whether nbgrader's reader can open these bytes: a valid notebook of format 4."""
    try:
        notebook = load_json(content)
        minor = notebook.get("nbformat_minor") if isinstance(notebook, dict) else None
        if (
            minor is None
            or notebook.get("nbformat") != 4
            or not isinstance(minor, int)
            or not 0 <= minor <= nbformat.v4.nbformat_minor
        ):
            return False
        get_validator(4, minor, relax_add_props=True).validate(notebook)
    except (UnreadableSheet, ValidationError, RecursionError):
        return False
    return True


def _flatten(answers: dict[str, bytes], tp: str) -> dict[str, bytes]:
    """Give each admitted file the name under which it will be read; several notebooks all count as sources."""
    flat: dict[str, bytes] = {}
    notebook = f"{tp}.ipynb"
    by_preference = sorted(answers, key=lambda shown: (Path(shown).name != notebook, shown.count("/"), shown))
    for shown in by_preference:
        name = Path(shown).name
        if name.lower().endswith(".ipynb"):
            first = notebook not in flat and is_sound_notebook(answers[shown])
            name = notebook if first else f"carnet-{len(flat)}.ipynb"
        if name not in flat:
            flat[name] = answers[shown]
    return flat


def _walk(folder: Path, depth: int = 0) -> Iterator[tuple[Path, int]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                if depth < MAX_DEPTH and not entry.name.startswith(".") and entry.name != "__MACOSX":
                    yield from _walk(Path(entry.path), depth + 1)
                else:
                    yield Path(entry.path), mode
            else:
                yield Path(entry.path), mode


def _may_hold_answers(name: str) -> bool:
    return name in (SHEET_NAME, BACKUP_NAME, TIMESTAMP) or name.lower().endswith(".ipynb")


def _is_noise(path: Path) -> bool:
    # What the kit itself, macOS and Windows leave in a folder: put aside without a word.
    return path.name in (LOCK_NAME, ".DS_Store", "Thumbs.db", "desktop.ini") or path.name.startswith(
        ("reponses.abime-", TEMPORARY_PREFIX)
    )


def _is_timestamp(content: bytes) -> bool:
    try:
        parse(content.decode().strip())
    except (ParserError, OverflowError, UnicodeDecodeError):
        return False
    return True


def _is_plain_directory(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _put_aside(folder: Path, archive: Path) -> None:
    """Move a submission, as it stands, to the first free name under ``received/``."""
    if folder.parent.is_symlink():
        folder = folder.parent
    archive.parent.mkdir(parents=True, exist_ok=True)
    target, number = archive, 1
    while os.path.lexists(target):
        number += 1
        target = archive.with_name(f"{archive.name}-{number}")
    try:
        folder.rename(target)
    except OSError as error:
        raise Explained(f"La copie « {folder} » ne peut pas être déplacée vers « {target} » : fermez ses fichiers.") from error


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
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
