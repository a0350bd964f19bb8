"""Who is at the keyboard: asked once, remembered in the working folder, taken from JupyterHub where there is one."""

import csv
import os
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cmlib.cases import student_key
from cmlib.errors import InvalidInput
from cmlib.tp.answers import MAX_NAME_CHARS
from cmlib.tp.sheet import read_regular, replace_file

MEMORY_NAME = ".identifiant"
CLASS_LIST_NAME = "liste.csv"
CLASS_LIST_COLUMN = "identifiant"
HOME_NOTEBOOK = "accueil.ipynb"


def read_student(name: object) -> str:
    """Return an identifier as it is kept: composed accents, single spaces.

    Raises
    ------
    InvalidInput
        If it is empty, too long, or holds something that cannot be seen.
    """
    student = " ".join(unicodedata.normalize("NFC", name).split()) if isinstance(name, str) else ""
    if not student:
        raise InvalidInput("L’identifiant est vide : écrivez celui que votre formateur vous a donné.")
    if len(student) > MAX_NAME_CHARS or not student.isprintable():
        raise InvalidInput("Cet identifiant est trop long ou contient un signe invisible : retapez-le.")
    student_key(student)
    return student


def same(one: str, other: str) -> bool:
    """Tell whether two identifiers are the same person, who has one case study (see `cmlib.cases.student_key`)."""
    try:
        return student_key(one) == student_key(other)
    except InvalidInput:  # one of them is nobody's
        return one == other


def expected_student(folder: Path) -> str:
    """Return who should be at the keyboard: JupyterHub's user, else the last one who signed in this working folder."""
    if from_hub():
        return from_hub()
    try:
        remembered = (_read(folder.parent / MEMORY_NAME) or b"").decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return _valid(remembered) if len(remembered.splitlines()) == 1 else ""


def from_hub() -> str:
    """Return JupyterHub's user, or nothing outside a hub."""
    return _valid(os.environ.get("JUPYTERHUB_USER", ""))


def remember(folder: Path, student: str) -> None:
    """Remember who signed, for the other TPs of the same working folder (the one that holds the home notebook)."""
    if (folder.parent / HOME_NOTEBOOK).is_file():
        with suppress(OSError):  # a convenience: asking again does no harm
            replace_file(folder.parent / MEMORY_NAME, student.encode())


def class_list(folder: Path) -> list[str]:
    """Return the identifiers of ``liste.csv``, beside the notebook or in the working folder; empty where there is none."""
    for path in (folder / CLASS_LIST_NAME, folder.parent / CLASS_LIST_NAME):
        names = read_class_list(path)
        if names:
            return names
    return []


def read_class_list(path: Path) -> list[str]:
    """Return the identifiers of a class list: its column named « identifiant », or its first one; empty if there is none."""
    rows = _rows(_read(path) or b"")
    if not rows:
        return []
    head = [cell.strip().casefold() for cell in rows[0]]
    column = head.index(CLASS_LIST_COLUMN) if CLASS_LIST_COLUMN in head else 0
    body = rows[1:] if CLASS_LIST_COLUMN in head else rows
    return [name for row in body if len(row) > column and (name := _valid(row[column]))]


def confused(names: Iterable[str]) -> list[list[str]]:
    """Return the identifiers of a list that are one and the same student for the kit, group by group."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(student_key(name), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _rows(content: bytes) -> list[list[str]]:
    """Return the rows of a list, as Excel or a text editor saves it: UTF-8 or Windows, semicolons, commas or tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.lower().startswith("sep=")]
    if not lines:
        return []
    delimiter = max(";,\t", key=lines[0].count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:  # no list of a class
        return []


def _read(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except OSError:
        return None


def _valid(name: str) -> str:
    try:
        return read_student(name)
    except InvalidInput:
        return ""
