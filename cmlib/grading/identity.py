"""Whose copy is it? A sheet that names another student is not scored until the trainer rules."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from cmlib.cases import student_key
from cmlib.errors import Explained, InvalidInput
from cmlib.tp.answers import Resolution
from cmlib.tp.identity import same
from cmlib.tp.sheet import replace_file

RULINGS = "identities.json"


class IdentityToConfirm(Explained):
    """A copy that names somebody else than the student who handed it in."""


def check_identity(root: Path, tp: str, student: str, signatures: Iterable[frozenset[str]]) -> None:
    """Let a copy through if it names its own student, nobody, or somebody whom the trainer has accepted.

    Parameters
    ----------
    root
        The course folder, where the rulings are kept.
    student
        Who handed the copy in, for nbgrader.
    signatures
        For each answer, the identifiers under which the copy carries it (see `cmlib.tp.answers.Resolution`).

    Raises
    ------
    IdentityToConfirm
        If it names somebody else.
    """
    known = [student, *_rulings(root).get(tp, {}).get(student, [])]
    # An answer that its own student signs in one file and a former identifier in another is the student's.
    others = sorted({name for names in signatures if not any(_is_of(name, known) for name in names) for name in names})
    if others:
        raise IdentityToConfirm(
            f"Identité à confirmer : la copie déposée par « {student} » est signée « {' », « '.join(others)} ». Si elle est "
            f"bien de « {student} », lancez : cmlib accept {tp} {_argument(student)}"
        )


def signed_by(found: Resolution) -> str:
    """Return the one student whose copy this is, for its own signatures; empty where there is none, or several.

    Who mended a mistake in the identifier still has it in the older recaps of the notebook.
    """
    if found.sheet.student:
        return found.sheet.student
    owners: dict[str, str] = {}
    for name in sorted({name for names in found.signatures for name in names if name}):
        if all(not names or any(_is_of(other, [name]) for other in names) for names in found.signatures):
            with suppress(InvalidInput):  # what is no identifier
                owners.setdefault(student_key(name), name)
    return next(iter(owners.values())) if len(owners) == 1 else ""


def accept(root: Path, tp: str, student: str, named: Iterable[str]) -> None:
    """Record the trainer's ruling: the copy is the student's, in spite of the names that it carries."""
    rulings = _rulings(root)
    rulings.setdefault(tp, {})[student] = sorted(named)
    replace_file(root / RULINGS, (json.dumps(rulings, ensure_ascii=False, indent=1) + "\n").encode())


def owner_of(student: str, signatures: Iterable[frozenset[str]]) -> str | None:
    """Return whose case study the answers of a copy speak of; None if they speak of several.

    An answer that the student signs, or that nobody signs, is on the student's own data. One that only another identifier
    signs, which the trainer has accepted, was made with that identifier's data. The header of a file has no say: only the
    signatures that go with the answers do, those that `check_identity` has judged.

    Parameters
    ----------
    student, signatures
        As in `check_identity`, which has let the copy through.
    """
    owners: dict[str, str] = {}
    for names in signatures:
        owner = student if not names or any(_is_of(name, [student]) for name in names) else min(names)
        try:
            owners.setdefault(student_key(owner), owner)
        except InvalidInput:  # signed with what is no identifier
            owners.setdefault(student_key(student), student)
    if len(owners) > 1:
        return None
    return next(iter(owners.values()), student)


def _rulings(root: Path) -> dict[str, dict[str, list[str]]]:
    path = root / RULINGS
    if not path.is_file():
        return {}
    try:
        return TypeAdapter(dict[str, dict[str, list[str]]]).validate_json(path.read_bytes())
    except ValueError as error:
        raise Explained(f"« {RULINGS} » est abîmé : corrigez-le ou effacez-le, puis acceptez de nouveau les copies.") from error


def _argument(text: str) -> str:
    """Quote an identifier so that the command can be pasted, in a Unix shell as in a Windows one."""
    return text if re.fullmatch(r"[\w.@-]+", text) else f'"{text}"'


def _is_of(name: str, known: list[str]) -> bool:
    return not name or any(same(name, other) for other in known)
