"""Whose deposit is kept, where a student has several: pure, so that each case can be told on one line of a test.

Within one Moodle folder, or without any, the latest receipt wins; without a receipt, the latest answer. The same copy in the
folders of two Moodle accounts is a matter for the trainer, who is asked; until then the later one never wins for being later:

1. where a copy is in place already, the folder that it came from keeps its place, and goes on updating it;
2. else the only folder that hands in nobody else's copy, if there is just one;
3. else what is in place stays, and where nothing is, nothing is put there;
4. the same files from two folders are put in place once, for the owner by these rules, else for the first one found.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from cmlib.errors import Explained, reason
from cmlib.french import printable
from cmlib.tp.sheet import read_regular, replace_file

SENDERS = "senders.json"
MAX_NAMED = 4  # folders named in one sentence

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d{1,18})_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
_ANONYMOUS = "participant"
_COUNTS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq"}


class Sender(NamedTuple):
    """A Moodle account: « NOM Prénom_123_assignsubmission_file_ » is the name of its folder; anonymous, « Participant_123 »."""

    name: str
    number: str

    def label(self, others: Sequence["Sender"] = ()) -> str:
        """Return the name of the person, with the number where the name does not tell."""
        known = self.name.casefold() != _ANONYMOUS and not any(other.name == self.name for other in others if other != self)
        return self.name if known else f"{self.name}_{self.number}"


@dataclass(frozen=True)
class Claim:
    """A deposit, as what it is worth against another of the same student.

    Attributes
    ----------
    source
        Where it was found.
    digests
        Of each of its files, by name.
    order
        Sort key: whether it has a receipt, then when it was made.
    """

    source: str
    sender: Sender | None
    digests: Mapping[str, str]
    order: tuple[bool, datetime]


@dataclass(frozen=True)
class InPlace:
    """What is in ``submitted/`` already: where, the digests of its files (none where there is nothing), who sent it if known."""

    shown: str
    digests: Mapping[str, str] = field(default_factory=dict)
    sender: Sender | None = None


@dataclass(frozen=True)
class Ruling:
    """What is decided of the deposits of one student.

    Attributes
    ----------
    kept
        Index of the one to put in place; None where none is.
    told
        What to tell of each deposit, in French.
    to_settle
        What the trainer must settle, in French; empty where nothing is disputed.
    """

    kept: int | None
    told: tuple[tuple[str, ...], ...]
    to_settle: str = ""


def split_moodle(name: str) -> tuple[Sender, str] | None:
    """Return whom a file or a folder of Moodle's download comes from, and the name of the file itself; None for any other."""
    match = _MOODLE.fullmatch(name)
    return (Sender(match["name"], match["number"]), match["file"] or "") if match else None


def sender_of(source: Path, shown: str) -> Sender | None:
    """Return the account whose Moodle folder holds a deposit: the outermost one, the others are the student's own doing."""
    parts = [unicodedata.normalize("NFC", printable(part)) for part in source.absolute().parts]
    return next((found[0] for part in [*parts, *shown.split("/")] if (found := split_moodle(part))), None)


def judge(student: str, claims: Sequence[Claim], busy: Set[Sender], present: InPlace) -> Ruling:
    """Decide which of a student's deposits is kept (see the module).

    Parameters
    ----------
    busy
        The accounts that hand in somebody else's copy too.
    """
    senders = list(dict.fromkeys(claim.sender for claim in claims if claim.sender))
    former = _still_the_same(present.sender, senders) if present.digests else None
    rivals = senders if former is None or former in senders else [former, *senders]
    if len(rivals) < 2:
        kept = _latest(claims, range(len(claims)))
        return Ruling(kept, tuple(_told_of(student, claims, index, kept) for index in range(len(claims))))
    alone = [sender for sender in rivals if sender not in busy]
    owner = former or (alone[0] if len(alone) == 1 else None)
    same = all(claim.digests == claims[0].digests for claim in claims)
    same = same and (former in senders or former is None or _is_in_place(claims[0], present))
    own = [index for index, claim in enumerate(claims) if claim.sender == owner and owner]
    there = [index for index, claim in enumerate(claims) if present.digests and _is_in_place(claim, present)]
    kept_one: int | None = (own or there or [0])[0] if same else _latest(claims, own) if own else there[0] if there else None
    return Ruling(kept_one, ((),) * len(claims), _dispute(student, rivals, owner, former, present, same))


def _latest(claims: Sequence[Claim], among: Sequence[int]) -> int:
    """Return the latest deposit; of the same file twice, the first."""
    latest = max(among, key=lambda index: (claims[index].order, index))
    return next(index for index in among if claims[index].digests == claims[latest].digests)


def _is_in_place(claim: Claim, present: InPlace) -> bool:
    return claim.digests.items() <= present.digests.items()


def _still_the_same(former: Sender | None, senders: Sequence[Sender]) -> Sender | None:
    """Return a former sender as these deposits know it: Moodle gives the same person another number in another activity."""
    if former is None or former in senders:
        return former
    namesakes = [sender for sender in senders if sender.name == former.name]
    is_known = len(namesakes) == 1 and former.name.casefold() != _ANONYMOUS
    return namesakes[0] if is_known else former


def _told_of(student: str, claims: Sequence[Claim], index: int, kept: int) -> tuple[str, ...]:
    """Tell both of two deposits of one student which one is kept."""
    losers = [other for other in range(len(claims)) if other != kept] if index == kept else [index]
    told = []
    for loser in losers:
        one, winner, where = _short(claims[loser], claims[kept])
        if claims[loser].digests == claims[kept].digests:
            told.append(f"« {one} » est le même fichier que « {winner} »{where}, qui est gardé.")
        else:
            first, second = (one, winner) if loser < kept else (winner, one)
            told.append(f"« {first} » et « {second} »{where} sont deux dépôts de « {student} » : « {winner} » est gardé.")
    return tuple(told)


def _short(one: Claim, other: Claim) -> tuple[str, str, str]:
    """Return how to call two deposits, and where they are: the person whose Moodle folder holds both says more than its path."""
    names = _inside(one.source), _inside(other.source)
    if one.sender and one.sender == other.sender and all(names) and names[0] != names[1]:
        return *names, f" ({one.sender.label()})"
    return one.source, other.source, ""


def _inside(source: str) -> str:
    """Return the part of a path that is inside Moodle's folder; empty where there is none."""
    parts = source.split("/")
    return "/".join(parts[next((at + 1 for at, part in enumerate(parts) if split_moodle(part)), len(parts)) :])


def _dispute(
    student: str, rivals: Sequence[Sender], owner: Sender | None, former: Sender | None, present: InPlace, same: bool
) -> str:
    count = _COUNTS.get(len(rivals), str(len(rivals)))
    names = [f"« {sender.label(rivals)} »" for sender in rivals]
    if len(names) > MAX_NAMED:
        names[MAX_NAMED - 1 :] = ["d’autres"]
    named = f"{', '.join(names[:-1])} et {names[-1]}"
    if same:
        return (
            f"{count.capitalize()} étudiants ont remis le même fichier, la copie de « {student} » : dossiers Moodle {named}. "
            f"Il n’est rangé qu’une fois, pour « {student} » : demandez-leur qui l’a fait."
        )
    what = f"La copie de « {student} » vient de {count} dossiers Moodle, {named}"
    if owner is None and not present.digests:
        return f"{what} : aucune n’est rangée. Demandez-leur de qui elle est, puis relancez la commande sur ce seul dossier."
    if owner is None:
        which = f"celle qui est déjà dans « {present.shown} » y reste"
    elif owner == former:
        which = f"celle de « {owner.label(rivals)} », déjà rangée avant, est gardée"
    else:
        which = f"celle de « {owner.label(rivals)} » est gardée, car ce dossier ne remet qu’elle"
    return (
        f"{what} : {which}. Demandez-leur de qui elle est ; pour en garder une autre, effacez « {present.shown} », puis relancez "
        "la commande sur son seul dossier."
    )


def read_senders(root: Path) -> dict[str, dict[str, Sender]]:
    """Return which account each copy in place came from: for each TP, by the name of the student's folder.

    Raises
    ------
    Explained
        If the file is damaged.
    """
    content = read_regular(root / SENDERS)
    if content is None:
        return {}
    try:
        return TypeAdapter(dict[str, dict[str, Sender]]).validate_json(content)
    except ValueError as error:
        raise Explained(
            f"« {SENDERS} » est abîmé, il dit de quel dossier Moodle vient chaque copie : effacez-le, puis rangez de nouveau."
        ) from error


def write_senders(root: Path, senders: Mapping[str, Mapping[str, Sender]]) -> None:
    """Record which account each copy in place came from.

    Raises
    ------
    Explained
        If it cannot be written.
    """
    try:
        replace_file(root / SENDERS, (json.dumps(senders, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise Explained(f"« {SENDERS} » n’a pas pu être écrit ({reason(error)}) : rangez de nouveau les dépôts.") from error
