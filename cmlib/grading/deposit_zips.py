"""What a trainer downloads, opened with suspicion: the deposits among the files of a folder, of a zip, of a zip in a zip.

Nobody vouches for these zips. Of each deposit four files are read, each up to its own limit, under the kit's own names; nothing
is ever extracted to the place that a zip gives. One deposit is in memory at a time.

A browser renames what it downloads twice (« tp1 (1).ipynb »): the kit's name is understood, where no file has it. A notebook
without a sheet is a deposit of its own, whatever its name, as soon as one student signs what it carries.
"""

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from cmlib.errors import Explained, reason
from cmlib.french import plural, printable
from cmlib.grading.deposit_owners import Sender, split_moodle
from cmlib.grading.identity import signed_by
from cmlib.grading.intake import NOISE_FOLDERS, NOISE_NAMES, NOISE_PREFIXES
from cmlib.tp.answers import BACKUP_NAME, MAX_NOTEBOOK_BYTES, MAX_SHEET_BYTES, SHEET_NAME, Source, resolve
from cmlib.tp.handin import BROKEN_ZIP, MAX_RECEIPT_BYTES, RECEIPT_NAME, UnreadableZip, read_member
from cmlib.tp.sheet import ASIDE_NAME, read_regular

MAX_ENTRIES = 10_000  # looked at in one folder or one zip
MAX_DIRECTORY_BYTES = 4_000_000  # of a zip's own list of files, which Python reads whole
MAX_ZIP_BYTES = 40_000_000  # of a zip inside another, read into memory
MAX_NESTING = 3  # Moodle's zip, the deposit, and a student who zipped it again
MAX_DEPOSITS = 2_000
MAX_TOTAL_BYTES = 4_000_000_000
MAX_SENDER_DEPOSITS = 50  # from one Moodle folder, which must not use up what is left to the others
MAX_SENDER_BYTES = 200_000_000
MAX_SENTENCES = 5
MAX_SENDER_REFUSED = 10  # told one by one, of one Moodle folder
MAX_REFUSED = 300  # told one by one, of what is in no Moodle folder

_STRAYS = (".json", ".rar", ".7z", ".tar", ".gz", ".tgz")  # handed in instead of a deposit, most likely
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


def find_deposits(source: Path, tp: str, others: Sequence[str] = ()) -> Iterator[Found]:
    """Yield the deposits of a TP in a folder or a zip, readable or not.

    Parameters
    ----------
    others
        The other TPs of the course, to say of a notebook that it is one of theirs.

    Raises
    ------
    Explained
        If there is no such folder nor zip, or if it cannot be looked at.
    """
    explorer = _Explorer(tp, [other for other in others if other != tp])
    if source.is_dir():
        return _without_flood(explorer.explore(list(_in_folder(source)), "", 0))
    if source.is_file():
        source = source.resolve()
        return _without_flood(explorer.open(_on_disk(source, source.parent), source.name, 0))
    raise Explained(f"« {source} » n’existe pas : donnez le dossier ou le zip des dépôts, tel que vous l’avez téléchargé.")


@dataclass
class _Budget:
    """How many deposits and how many bytes may still be read."""

    deposits: int
    bytes: int


class _Explorer:
    """Finds the deposits of one TP in folders and zips, within one budget."""

    def __init__(self, tp: str, others: Sequence[str]) -> None:
        self._tp, self._others = tp, others
        self._notebook = f"{unicodedata.normalize('NFC', tp)}.ipynb"
        self._limits = {
            self._notebook: MAX_NOTEBOOK_BYTES,
            SHEET_NAME: MAX_SHEET_BYTES,
            BACKUP_NAME: MAX_SHEET_BYTES,
            RECEIPT_NAME: MAX_RECEIPT_BYTES,
        }
        self._total = _Budget(MAX_DEPOSITS, MAX_TOTAL_BYTES)
        self._budgets: dict[Sender, _Budget] = {}

    def explore(self, entries: Iterable[_Entry], where: str, depth: int) -> Iterator[Found]:
        """Yield the deposits among files, then those of the zips among them."""
        folders: dict[PurePosixPath, list[_Entry]] = {}
        for entry in entries:
            folders.setdefault(entry.path.parent, []).append(entry)
        deposits = {folder: own for folder, files in folders.items() if (own := self._own(files))}
        for folder, own in deposits.items():
            used = {id(entry) for group in own.values() for entry in group}
            beside = [entry for entry in folders[folder] if id(entry) not in used and not _is_zip(entry)]
            yield self._gather(own, beside, _join(where, folder))
        strays: list[tuple[_Entry, str]] = []
        others = [entry for folder, files in folders.items() for entry in files if folder not in deposits or _is_zip(entry)]
        notebooks = 0
        for entry in others:
            if _is_zip(entry):
                yield from self.open(entry, _join(where, entry.path), depth)
            elif entry.path.suffix.lower() == ".ipynb":
                alone = self._alone(entry, _join(where, entry.path), self._others if len(strays) < MAX_SENTENCES else ())
                if isinstance(alone, Found):
                    notebooks += 1
                    yield alone
                else:
                    strays.append((entry, alone))
            elif entry.problem or entry.path.suffix.lower() in _STRAYS:
                strays.append((entry, entry.problem or "n’est pas un dépôt du kit"))
        for entry, problem in strays[:MAX_SENTENCES]:
            yield _refused(_join(where, entry.path), problem)
        if more := len(strays[MAX_SENTENCES:]):
            yield _refused(where, f"contient {more} {plural(more, 'autre fichier', 'autres fichiers')} sans dépôt")
        if where and not (deposits or notebooks or strays or any(map(_is_zip, others))):
            yield _refused(where, "ne contient aucun dépôt du kit")

    def open(self, entry: _Entry, shown: str, depth: int) -> Iterator[Found]:
        """Yield the deposits of a zip."""
        try:
            if entry.problem:
                raise UnreadableZip(entry.problem)
            if depth >= MAX_NESTING:
                raise UnreadableZip("est une archive dans trop d’autres")
            with entry.file.open("rb") if entry.file else io.BytesIO(self._read(entry, shown, MAX_ZIP_BYTES)) as stream:
                if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
                    raise UnreadableZip("contient trop de fichiers")
                with zipfile.ZipFile(stream) as archive:
                    yield from self.explore(_in_zip(archive), shown, depth + 1)
        except UnreadableZip as error:
            yield _refused(shown, str(error))
        except BROKEN_ZIP:
            yield _refused(shown, "n’est pas une archive zip, ou il en manque une partie")

    def _own(self, files: list[_Entry]) -> dict[str, list[_Entry]]:
        """Return the kit's files among those of a folder, by the kit's names; none where there are but notebooks."""
        named: dict[str, list[_Entry]] = {}
        renamed: dict[str, list[_Entry]] = {}
        for entry in files:
            name = entry.path.name
            if name in self._limits:
                named.setdefault(name, []).append(entry)
            else:
                usual = re.sub(r" ?\(\d+\)(?=\.\w+$)", "", name).casefold()
                renamed.setdefault(next((known for known in self._limits if known.casefold() == usual), ""), []).append(entry)
        renamed.pop("", None)
        own = {**{name: entries for name, entries in renamed.items() if len(entries) == 1}, **named}
        return own if own.keys() - {self._notebook} else {}

    def _alone(self, entry: _Entry, shown: str, tps: Sequence[str]) -> Found | str:
        """Return the deposit that a notebook without a sheet is, or why it is not one."""
        try:
            self._check_room(shown)
            content = self._read(entry, shown, MAX_NOTEBOOK_BYTES)
        except UnreadableZip as error:
            return str(error)
        found = resolve([Source("notebook", self._notebook, content)], self._tp)
        if signed_by(found):
            self._count(shown)
            return Found(shown, {self._notebook: content}, ())
        if found.incidents and not found.sheet.answers:
            return "est un carnet illisible, on ne sait pas de qui il est"
        if any(any(names) for names in found.signatures):
            return "porte plusieurs signatures, on ne sait pas de qui il est"
        for other in tps:
            if signed_by(resolve([Source("notebook", self._notebook, content)], other)):
                return f"est un carnet du TP « {other} »"
        return "n’est signé par personne, on ne sait pas de qui il est"

    def _gather(self, own: dict[str, list[_Entry]], beside: list[_Entry], where: str) -> Found:
        files: dict[str, bytes] = {}
        try:
            self._check_room(where)
            self._count(where)
            for name, entries in own.items():
                if len(entries) > 1:
                    raise UnreadableZip(f"contient deux fois « {name} »")
                try:
                    files[name] = self._read(entries[0], where, self._limits[name])
                except UnreadableZip as error:
                    raise UnreadableZip(f"a un fichier « {printable(entries[0].path.name)} » qui {error}") from error
        except UnreadableZip as error:
            return _refused(where, str(error))
        told = [f"« {printable(entry.path.name)} » {entry.problem} : écarté." for entry in beside if entry.problem]
        del told[MAX_SENTENCES:]
        if more := len(beside) - len(told):
            told.append(f"{more} {plural(more, 'autre fichier écarté', 'autres fichiers écartés')}.")
        return Found(where, files, tuple(told))

    def _budgets_of(self, shown: str) -> tuple["_Budget", ...]:
        sender = _sender(shown)
        if sender is None:
            return (self._total,)
        return self._total, self._budgets.setdefault(sender, _Budget(MAX_SENDER_DEPOSITS, MAX_SENDER_BYTES))

    def _check_room(self, shown: str) -> None:
        if any(budget.deposits <= 0 for budget in self._budgets_of(shown)):
            raise UnreadableZip("vient après beaucoup d’autres dépôts, trop pour une fois")

    def _count(self, shown: str) -> None:
        for budget in self._budgets_of(shown):
            budget.deposits -= 1

    def _read(self, entry: _Entry, shown: str, limit: int) -> bytes:
        if entry.problem:
            raise UnreadableZip(entry.problem)
        budgets = self._budgets_of(shown)
        content = entry.read(min(limit, *(budget.bytes for budget in budgets)))
        for budget in budgets:
            budget.bytes -= len(content)
        return content


def _without_flood(deposits: Iterator[Found]) -> Iterator[Found]:
    """Yield deposits; of what is refused in one Moodle folder, the first ones, then how many more."""
    refused: dict[Sender | None, list[str]] = {}
    for found in deposits:
        if found.files:
            yield found
            continue
        sender = _sender(found.shown)
        shown = refused.setdefault(sender, [])
        shown.append(found.shown)
        if len(shown) <= (MAX_SENDER_REFUSED if sender else MAX_REFUSED):
            yield found
    for sender, shown in refused.items():
        if more := len(shown[MAX_SENDER_REFUSED if sender else MAX_REFUSED :]):
            where = "/".join(shown[0].split("/")[: _depth(shown[0])]) if sender else "dossier"
            yield _refused(where, f"contient encore {more} {plural(more, 'fichier refusé', 'fichiers refusés')}")


def _depth(shown: str) -> int:
    """Return how many parts of a path lead to Moodle's folder."""
    return next((at + 1 for at, part in enumerate(shown.split("/")) if split_moodle(part)), 0)


def _sender(shown: str) -> Sender | None:
    depth = _depth(shown)
    found = split_moodle(shown.split("/")[depth - 1]) if depth else None
    return found[0] if found else None


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

    return _Entry(_foldered(shown), problem, read, path)


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
        path = _foldered(path)
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


def _foldered(path: PurePosixPath) -> PurePosixPath:
    """Return the path that a file would have in Moodle's folders, where Moodle was asked to name files instead of folders."""
    found = split_moodle(path.name)
    if found is None or not found[1]:
        return path
    return path.parent / path.name.removesuffix(found[1]) / found[1]


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
