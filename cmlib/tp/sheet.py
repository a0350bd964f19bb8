"""The answer sheet on disk: one JSON file beside the notebook, replaced whole at each save.

A save takes a lock, re-reads the file, changes one answer, writes a temporary file in the same folder, syncs it and
renames it over the sheet, then does the same for the backup. Two tabs or two kernels never undo each other, and a
power cut leaves the previous sheet or the new one.
"""

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import JsonValue

from cmlib.errors import Explained, reason
from cmlib.tp.answers import (
    BACKUP_NAME,
    MAX_NOTEBOOK_BYTES,
    SHEET_NAME,
    Answer,
    ForeignSheet,
    Resolution,
    Sheet,
    Source,
    UnreadableSheet,
    merge,
    read_sheet,
    resolve,
)

LOCK_NAME = ".reponses.lock"
ASIDE_NAME = "copies-mises-de-cote"
TEMPORARY_PREFIX = ".cmlib-"
DAMAGED_PREFIX = "reponses.abime-"
LOCK_SECONDS = 10
REPLACE_TRIES = 20  # an antivirus or a synchronised folder may hold a file for a moment on Windows
REPLACE_PAUSE = 0.05
CHANGED_HANDS = "Non enregistré : cette copie a changé de main, exécutez de nouveau toutes les cellules."
IS_WINDOWS = os.name == "nt"


class NotSaved(Explained):
    """An answer that could not be written; the previous sheet is intact."""


class AnswerSheet:
    """The sheet of one TP in one folder.

    Parameters
    ----------
    folder
        Where the notebook is.
    tp
        Short name of the TP, for example ``tp1``.

    Attributes
    ----------
    sheet
        The answers as last read or written.
    notices
        What the reader must know about the opening (a damaged file set aside…), in French.
    expected
        Who signs at the first save, where the sheet names nobody yet.
    on_hold
        Why nothing may be written for now, in French; empty when it may.
    """

    def __init__(self, folder: Path, tp: str) -> None:
        self.folder = folder.resolve()
        self.tp = tp
        self.path = self.folder / SHEET_NAME
        self.sheet = Sheet(tp)
        self.notices: list[str] = []
        self.expected = ""
        self.on_hold = ""

    @classmethod
    def open(cls, folder: Path, tp: str, sheet_alone: bool = False) -> "AnswerSheet":
        """Read the sheet, its backup and the notebook's own copy, and keep the highest revision of each answer.

        Parameters
        ----------
        sheet_alone
            Read nothing but the sheet: under grading, the trusted side has already resolved the submission into it.

        Raises
        ------
        Explained
            If the sheet belongs to another TP or to a newer kit: it is left alone.
        """
        opened = cls(folder, tp)
        opened._refuse_foreign_sheet()
        try:
            sources = sources_in(opened.folder)
        except OSError as error:
            raise Explained(f"Le dossier du TP ne peut pas être lu ({reason(error)}) : vérifiez ses droits.") from error
        found = resolve([source for source in sources if source.kind == "sheet" or not sheet_alone], tp)
        opened.sheet = found.sheet
        opened.notices = list(found.incidents)
        return opened

    @property
    def student(self) -> str:
        """Who works here: who signed, else who will at the first save; empty when nobody has said."""
        return self.sheet.student or self.expected

    def value(self, name: str) -> JsonValue:
        """Return the value of an answer, or None."""
        answer = self.sheet.answers.get(name)
        return answer.value if answer else None

    def save(self, name: str, value: JsonValue) -> Answer:
        """Write one answer, and return it once it is on disk.

        Raises
        ------
        NotSaved
            If it could not be written; the previous sheet is intact.
        """
        return self._save(name, lambda _: value)

    def save_entries(self, name: str, entries: Mapping[str, str | None]) -> Answer:
        """Write some entries of an answer made of entries; None removes one (see `save` for what it raises).

        Two tabs that fill in two entries of the same answer both keep theirs.
        """

        def change(last: JsonValue) -> JsonValue:
            kept = {**(last if isinstance(last, dict) else {}), **entries}
            return {entry: value for entry, value in kept.items() if value is not None}

        return self._save(name, change)

    def sign(self, student: str) -> None:
        """Write the student's identifier in the sheet (see `save` for what it raises)."""
        self._write(lambda current: replace(current, student=student.strip()))

    def start_over(self, student: str) -> Path:
        """Put the whole copy aside, and start a blank one for ``student``.

        Returns
        -------
        Path
            Where the former copy now is: sheet, backup and notebooks.

        Raises
        ------
        NotSaved
            If it could not be put aside, or the new sheet not written; the former one is intact.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self.folder / ASIDE_NAME / f"copie-{stamp}"
        try:
            with FileLock(self.folder / LOCK_NAME, timeout=LOCK_SECONDS):
                aside.mkdir(parents=True)
                for path in sorted(self.folder.iterdir()):
                    if kind_of(path.name) and path.is_file() and not path.is_symlink():
                        shutil.copyfile(path, aside / path.name)  # whole: what cannot be copied stops everything here
                # From now on: what older copies carry, in the notebook for one, no longer counts here.
                blank = Sheet(self.tp, student, {}, datetime.now(UTC))
                replace_file(self.path, blank.to_bytes())
                with suppress(OSError):  # the next save tries the backup again
                    replace_file(self.folder / BACKUP_NAME, blank.to_bytes())
        except (Timeout, OSError) as error:
            raise NotSaved("La copie n’a pas pu être mise de côté : vérifiez les droits et la place du dossier du TP.") from error
        self.sheet, self.notices, self.expected = blank, [], ""
        return aside

    def _save(self, name: str, change: Callable[[JsonValue], JsonValue]) -> Answer:
        def changed(current: Sheet) -> Sheet:
            last = current.answers.get(name)
            revision = last.revision + 1 if last else 1
            now = datetime.now().astimezone()
            moment = max(now, current.started_at) if current.started_at else now  # a clock set back must not lose it
            answer = Answer(revision=revision, saved_at=moment, value=change(last.value if last else None))
            return replace(current, answers={**current.answers, name: answer})

        self._write(changed)
        return self.sheet.answers[name]

    def _write(self, change: Callable[[Sheet], Sheet]) -> None:
        if self.on_hold:
            raise NotSaved(self.on_hold)
        try:
            with FileLock(self.folder / LOCK_NAME, timeout=LOCK_SECONDS):
                self._refuse_foreign_sheet()
                on_disk = resolve_folder(self.folder, self.tp, with_notebooks=False).sheet
                if on_disk.started_at not in (None, self.sheet.started_at):
                    # Another tab has put our copy aside: nothing of ours goes into the newcomer's.
                    self.sheet, self.on_hold = on_disk, CHANGED_HANDS
                    raise NotSaved(self.on_hold)
                student = on_disk.student or self.sheet.student or self.expected
                known = Sheet(self.tp, student, merge([self.sheet, on_disk]), self.sheet.started_at)
                changed = change(known)
                # What is written must be what a reader will accept: refuse it now rather than lose it later.
                content = changed.to_bytes()
                if read_sheet(content, self.tp) != changed:
                    raise NotSaved("Cette réponse est trop longue pour être enregistrée : raccourcissez-la.")
                self._set_aside_what_would_be_lost(changed)
                replace_file(self.path, content)
                self.sheet = changed
                with suppress(OSError):  # saved already; the next save tries the backup again
                    replace_file(self.folder / BACKUP_NAME, content)
        except Timeout as error:
            raise NotSaved("Non enregistré : un autre onglet écrit dans ce TP, réessayez dans un instant.") from error
        except OSError as error:
            raise NotSaved(
                f"Non enregistré : le dossier du TP refuse l’écriture ({reason(error)}). Libérez de la place ou vérifiez ses "
                "droits, puis répondez de nouveau."
            ) from error
        except ValueError as error:
            raise NotSaved(
                "Non enregistré : cette réponse contient un caractère que le fichier ne peut pas garder, retapez-la."
            ) from error

    def _refuse_foreign_sheet(self) -> None:
        try:
            read_sheet(read_regular(self.path) or b"", self.tp)
        except ForeignSheet as error:
            raise NotSaved(f"« {SHEET_NAME} » ne peut pas servir ici ({error}) : {error.advice}.") from error
        except (UnreadableSheet, OSError):
            return  # resolve tells; what a save would destroy is set aside first

    def _set_aside_what_would_be_lost(self, changed: Sheet) -> None:
        """Keep a copy of what the next write would destroy without having read it, and sweep an interrupted write."""
        for path in (self.path, self.folder / BACKUP_NAME):
            content = read_regular(path)
            if content is None:
                continue
            try:
                known = read_sheet(content, self.tp)
                lost = bool(known.damaged) or (bool(known.answers) and known.started_at != changed.started_at)
            except UnreadableSheet:
                lost = True
            if lost:
                stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
                replace_file(self.folder / f"{DAMAGED_PREFIX}{stamp}.json", content)
        for leftover in self.folder.glob(f"{TEMPORARY_PREFIX}*.tmp"):  # we hold the lock: nobody is writing it
            leftover.unlink(missing_ok=True)


def resolve_folder(folder: Path, tp: str, with_notebooks: bool = True) -> Resolution:
    """Resolve the answers found in a folder: the sheet, its backup and the copies inside notebooks."""
    return resolve(sources_in(folder, with_notebooks), tp)


def sources_in(folder: Path, with_notebooks: bool = True) -> list[Source]:
    """Return the files of a folder that may hold answers; links and special files are never followed."""
    sources = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        kind = kind_of(path.name)
        if kind is None or (kind == "notebook" and not with_notebooks):
            continue
        try:
            content = read_regular(path)
        except OSError:
            content = b""  # there, but unreadable: resolve says so
        if content is not None:
            sources.append(Source(kind, path.name, content))
    return sources


def kind_of(name: str) -> Literal["sheet", "backup", "notebook"] | None:
    """Tell what a file may hold, by its name: a sheet downloaded twice is still a sheet (« reponses (1).json »)."""
    lower = name.lower()
    if name == SHEET_NAME:
        return "sheet"
    if lower.endswith(".ipynb") and not name.startswith("."):
        return "notebook"
    if lower.startswith("reponses") and lower.endswith(".json") and not lower.startswith(DAMAGED_PREFIX):
        return "backup"
    return None


def read_regular(path: Path) -> bytes | None:
    """Read a regular file without following a link; None where there is none.

    At most one byte more than any file of ours may hold is read: the size is judged by the reader.

    Raises
    ------
    OSError
        If there is one but it cannot be read: unreadable is not absent.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if path.is_symlink():
        return None
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO) or path.is_dir():
            return None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_NOTEBOOK_BYTES + 1)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even if the power goes."""
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        for attempt in range(REPLACE_TRIES):
            try:
                temporary.replace(path)
                break
            except PermissionError:
                if not IS_WINDOWS or attempt == REPLACE_TRIES - 1:
                    raise
                time.sleep(REPLACE_PAUSE)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name == "posix":  # make the rename itself durable
        with suppress(OSError):  # some network disks refuse it: the file itself is written
            directory = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
