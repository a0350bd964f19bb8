"""What a trainer downloads, opened with suspicion: the deposits among the files of a folder, of a zip, of a zip in a zip.

Nobody vouches for these zips. Of each deposit three files are read, each up to its own limit, under the kit's own names; nothing
is ever extracted to the place that a zip gives. One deposit is in memory at a time.
"""

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from cmlib.errors import Explained, reason
from cmlib.french import plural, printable
from cmlib.grading.intake import NOISE_FOLDERS, NOISE_NAMES, NOISE_PREFIXES
from cmlib.tp.answers import MAX_NOTEBOOK_BYTES, MAX_SHEET_BYTES, SHEET_NAME
from cmlib.tp.handin import BROKEN_ZIP, MAX_RECEIPT_BYTES, RECEIPT_NAME, UnreadableZip, read_member
from cmlib.tp.sheet import ASIDE_NAME, read_regular

MAX_ENTRIES = 10_000  # looked at in one folder or one zip
MAX_DIRECTORY_BYTES = 4_000_000  # of a zip's own list of files, which Python reads whole
MAX_ZIP_BYTES = 40_000_000  # of a zip inside another, read into memory
MAX_NESTING = 3  # Moodle's zip, the deposit, and a student who zipped it again
MAX_DEPOSITS = 2_000
MAX_TOTAL_BYTES = 4_000_000_000
MAX_SENTENCES = 5

_STRAYS = (".ipynb", ".json", ".rar", ".7z", ".tar", ".gz", ".tgz")  # handed in instead of a deposit, most likely
_END, _END_64, _END_BYTES = b"PK\5\6", b"PK\6\7", 22
_TAIL_BYTES = 65_557 + 76  # the end of a zip, its longest comment, and what a zip of more than 4 GB has before it


@dataclass(frozen=True)
class Found:
    """A deposit: where it was found, its files by name, what to tell; no files where it is refused."""

    shown: str
    files: dict[str, bytes]
    told: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    """A file of a folder or of a zip: why it is not to be read, if it is not; how it is; where, if it is on the disk."""

    path: PurePosixPath
    problem: str
    read: Callable[[int], bytes]
    file: Path | None = None


def find_deposits(source: Path, tp: str) -> Iterator[Found]:
    """Yield the deposits of a TP in a folder or a zip, readable or not.

    Raises
    ------
    Explained
        If there is no such folder nor zip, or if it cannot be looked at.
    """
    explorer = _Explorer(tp)
    if source.is_dir():
        return explorer.explore(list(_in_folder(source)), "", 0)
    if source.is_file():
        source = source.resolve()
        return explorer.open(_on_disk(source, source.parent), source.name, 0)
    raise Explained(f"« {source} » n’existe pas : donnez le dossier ou le zip des dépôts, tel que vous l’avez téléchargé.")


class _Explorer:
    """Finds the deposits of one TP in folders and zips, within one budget."""

    def __init__(self, tp: str) -> None:
        self._limits = {
            f"{unicodedata.normalize('NFC', tp)}.ipynb": MAX_NOTEBOOK_BYTES,
            SHEET_NAME: MAX_SHEET_BYTES,
            RECEIPT_NAME: MAX_RECEIPT_BYTES,
        }
        self._bytes, self._deposits = MAX_TOTAL_BYTES, MAX_DEPOSITS

    def explore(self, entries: Iterable[_Entry], where: str, depth: int) -> Iterator[Found]:
        """Yield the deposits among files, then those of the zips among them."""
        deposits: dict[PurePosixPath, list[_Entry]] = {}
        others: list[_Entry] = []
        for entry in entries:
            (deposits.setdefault(entry.path.parent, []) if entry.path.name in self._limits else others).append(entry)
        for folder, files in deposits.items():
            beside = [entry for entry in others if entry.path.parent == folder and not _is_zip(entry)]
            yield self._gather(files, beside, _join(where, folder))
        strays = []
        for entry in others:
            if _is_zip(entry):
                yield from self.open(entry, _join(where, entry.path), depth)
            elif entry.path.parent not in deposits and (entry.problem or entry.path.suffix.lower() in _STRAYS):
                strays.append(entry)
        for entry in strays[:MAX_SENTENCES]:
            yield _refused(_join(where, entry.path), entry.problem or "n’est pas un dépôt du kit")
        if more := len(strays[MAX_SENTENCES:]):
            yield _refused(where, f"contient {more} {plural(more, 'autre fichier', 'autres fichiers')} sans dépôt")
        if where and not (deposits or strays or any(map(_is_zip, others))):
            yield _refused(where, "ne contient aucun dépôt du kit")

    def open(self, entry: _Entry, shown: str, depth: int) -> Iterator[Found]:
        """Yield the deposits of a zip."""
        try:
            if entry.problem:
                raise UnreadableZip(entry.problem)
            if depth >= MAX_NESTING:
                raise UnreadableZip("est une archive dans trop d’autres")
            with entry.file.open("rb") if entry.file else io.BytesIO(self._read(entry, MAX_ZIP_BYTES)) as stream:
                if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
                    raise UnreadableZip("contient trop de fichiers")
                with zipfile.ZipFile(stream) as archive:
                    yield from self.explore(_in_zip(archive), shown, depth + 1)
        except UnreadableZip as error:
            yield _refused(shown, str(error))
        except BROKEN_ZIP:
            yield _refused(shown, "n’est pas une archive zip, ou il en manque une partie")

    def _gather(self, entries: list[_Entry], beside: list[_Entry], where: str) -> Found:
        files: dict[str, bytes] = {}
        try:
            if not self._deposits:
                raise UnreadableZip(f"vient après {MAX_DEPOSITS} autres dépôts, trop pour une fois")
            self._deposits -= 1
            for entry in entries:
                name = entry.path.name
                if name in files:
                    raise UnreadableZip(f"contient deux fois « {name} »")
                try:
                    files[name] = self._read(entry, self._limits[name])
                except UnreadableZip as error:
                    raise UnreadableZip(f"a un fichier « {name} » qui {error}") from error
        except UnreadableZip as error:
            return _refused(where, str(error))
        told = [f"« {printable(entry.path.name)} » {entry.problem} : écarté." for entry in beside if entry.problem]
        del told[MAX_SENTENCES:]
        if more := len(beside) - len(told):
            told.append(f"{more} {plural(more, 'autre fichier écarté', 'autres fichiers écartés')}.")
        return Found(where, files, tuple(told))

    def _read(self, entry: _Entry, limit: int) -> bytes:
        if entry.problem:
            raise UnreadableZip(entry.problem)
        content = entry.read(min(limit, self._bytes))
        self._bytes -= len(content)
        return content


def _in_folder(folder: Path) -> Iterator[_Entry]:
    """Yield the files of a folder, links never followed."""
    count = 0
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            entry = _on_disk(Path(parent) / name, folder)
            if not _is_noise(entry.path):
                count += 1
                if count > MAX_ENTRIES:
                    raise Explained(f"« {folder} » contient plus de {MAX_ENTRIES} fichiers : gardez-y les seuls dépôts.")
                yield entry
    for error in closed:
        yield replace(_on_disk(Path(error.filename), folder), problem=f"ne peut pas être lu ({reason(error)})")


def _on_disk(path: Path, folder: Path) -> _Entry:
    shown = PurePosixPath(unicodedata.normalize("NFC", path.relative_to(folder).as_posix()))
    mode = path.lstat().st_mode
    problem = "est un lien vers un autre fichier" if stat.S_ISLNK(mode) else "" if stat.S_ISREG(mode) else "n’est pas un fichier"

    def read(limit: int) -> bytes:
        try:
            content = read_regular(path)
        except OSError as error:
            raise UnreadableZip(f"ne peut pas être lu ({reason(error)})") from error
        if content is None or len(content) > limit:
            raise UnreadableZip("est trop gros")
        return content

    return _Entry(shown, problem, read, path)


def _in_zip(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    """Yield the files of a zip, with what is wrong with each."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_ENTRIES:
        raise UnreadableZip("contient trop de fichiers")
    for member in members:
        name = unicodedata.normalize("NFC", member.filename.replace("\\", "/"))
        path = PurePosixPath(name)
        kind = stat.S_IFMT(member.external_attr >> 16)
        problem = ""
        if path.is_absolute() or ".." in path.parts or re.match("[A-Za-z]:", name):
            problem = "a un chemin qui sort de l’archive"
        elif kind not in (0, stat.S_IFREG):
            problem = "est un lien vers un autre fichier" if kind == stat.S_IFLNK else "n’est pas un fichier"
        if problem or not _is_noise(path):
            yield _Entry(path, problem, partial(read_member, archive, member))


def _directory_bytes(stream: io.BufferedIOBase) -> int:
    """Return the size that a zip gives to its own list of files, before Python reads it."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL_BYTES))
    tail = stream.read()
    at = len(tail) - _END_BYTES
    if not (at >= 0 and tail.startswith(_END, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise zipfile.BadZipFile
    if at >= 76 and tail.startswith(_END_64, at - 20):
        return int(struct.unpack_from("<Q", tail, at - 76 + 40)[0])
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _is_noise(path: PurePosixPath) -> bool:
    """Tell what is nobody's deposit: what systems leave behind, and copies put aside, which may be somebody else's."""
    folders = path.parts[:-1]
    if any((part.startswith(".") and part != "..") or part in NOISE_FOLDERS or part == ASIDE_NAME for part in folders):
        return True
    return path.name in NOISE_NAMES or path.name.startswith((".", *NOISE_PREFIXES))


def _is_zip(entry: _Entry) -> bool:
    return entry.path.suffix.lower() == ".zip"


def _join(where: str, path: PurePosixPath) -> str:
    return printable("/".join(part for part in (where, path.as_posix()) if part not in ("", "."))) or "dossier"


def _refused(shown: str, problem: str) -> Found:
    return Found(shown, {}, (f"« {shown} » {problem} : demandez un nouveau dépôt.",))
