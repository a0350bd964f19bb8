"""A table to fill in: fields as columns, rows that one adds, or rows that are given. A persona is a row shown as a card.

The value maps « lignes » to the ids of the rows, in order, separated by spaces, and « ligne.colonne » to the text typed there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural
from cmlib.texts import plain
from cmlib.tp.fields import Field
from cmlib.tp.questions import Gesture, Progress, Question, Recap, State

ROWS = "lignes"
MOST_ROWS = 200
_ROW_ID = re.compile("[a-z0-9]{1,16}")


@dataclass(frozen=True)
class Row:
    """A row in which something was typed.

    Attributes
    ----------
    label
        What it is called: its heading where it is given, else « Ligne 2 ».
    texts
        What was typed, by column.
    fields
        The columns.
    """

    id: str
    label: str
    texts: Mapping[str, str]
    fields: Mapping[str, Field]

    def read(self, column: str) -> Any:
        """Return the meaning of a cell, or None where nothing was typed.

        Raises
        ------
        InvalidInput
            If what was typed has no meaning, or two.
        """
        return self.fields[column].read(self.texts[column]) if column in self.texts else None


@dataclass(frozen=True)
class Table(Question):
    """Rows to fill in.

    Attributes
    ----------
    fields
        The columns; an id holds no full stop.
    rows
        Headings of the rows, by id, where they are given; else rows are added, moved and removed.
    at_least, at_most
        How many rows are asked for, where they are not given.
    optional
        Columns that may stay empty.
    noun
        What a row is called, a feminine noun: « ligne », « fiche ».
    cards
        Whether each row is shown as a card.
    starts
        Rows to begin with, by what the button says: a function that returns the texts of each, by column, or raises
        `cmlib.errors.Explained` where there are none.
    """

    fields: Mapping[str, Field]
    rows: Mapping[str, str] = field(default_factory=dict)
    at_least: int = 1
    at_most: int = MOST_ROWS
    optional: frozenset[str] = frozenset()
    noun: str = "ligne"
    cards: bool = False
    starts: Mapping[str, Callable[[], Sequence[Mapping[str, str]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.fields or any("." in name for name in self.fields) or set(self.optional) - set(self.fields):
            raise InvalidInput(f"L’exercice {self.id} demande au moins une colonne, d’identifiant sans point.")
        if not 1 <= self.at_least <= self.at_most <= MOST_ROWS:
            raise InvalidInput(f"L’exercice {self.id} demande de 1 à {MOST_ROWS} lignes, du moins au plus.")
        if not all(_ROW_ID.fullmatch(row) for row in self.rows):
            raise InvalidInput(f"L’exercice {self.id} : un identifiant de ligne est fait de lettres minuscules et de chiffres.")

    def order(self, value: object) -> list[str]:
        """Return the ids of the rows as shown, blank ones included; before any answer, those that wait to be filled in."""
        if self.rows:
            return list(self.rows)
        return self.normalise(value).get(ROWS, "").split() or [f"r{number}" for number in range(1, self.at_least + 1)]

    def normalise(self, value: object) -> dict[str, str]:
        stored = value if isinstance(value, dict) else {}
        order = list(self.rows) or self._stored_order(stored)
        kept = {ROWS: " ".join(order)} if order and not self.rows else {}
        for row in order:
            for column, asked in self.fields.items():
                typed = stored.get(f"{row}.{column}")
                text = asked.keep(typed) if isinstance(typed, str) else ""
                if text:
                    kept[f"{row}.{column}"] = text
        return kept

    def _stored_order(self, stored: Mapping[object, object]) -> list[str]:
        listed = stored.get(ROWS)
        order = [row for row in listed.split() if _ROW_ID.fullmatch(row)] if isinstance(listed, str) else []
        # A row that another tab filled in while this one listed its own is shown too: nothing typed is lost.
        for entry, text in stored.items():
            row, _, column = entry.partition(".") if isinstance(entry, str) else ("", "", "")
            if column in self.fields and _ROW_ID.fullmatch(row) and isinstance(text, str) and text.strip():
                order.append(row)
        return list(dict.fromkeys(order))[:MOST_ROWS]

    def filled(self, value: object) -> list[Row]:
        """Return the rows in which something was typed, in order."""
        kept, found = self.normalise(value), []
        for number, row in enumerate(self.order(value), start=1):
            texts = {column: kept[f"{row}.{column}"] for column in self.fields if f"{row}.{column}" in kept}
            if texts:
                found.append(Row(row, self.rows.get(row) or f"{self.noun.capitalize()} {number}", texts, self.fields))
        return found

    def problems(self, value: object) -> dict[str, str]:
        """Return why a cell cannot be read, in French, by entry."""
        return {f"{row.id}.{column}": why for row in self.filled(value) for column, why in _unreadable(row)}

    def progress(self, value: object) -> Progress:
        rows = self.filled(value)
        asked = len(self.rows) or self.at_least
        if not rows:
            return Progress(State.UNTOUCHED, f"{asked} {plural(asked, self.noun)} à remplir.")
        for row in rows:
            for column, why in _unreadable(row):
                return Progress(State.INCOMPLETE, f"{row.label}, « {self.fields[column].label} » : {why}")
        for row in rows:
            missing = [self.fields[column].label for column in self.fields if column not in {*row.texts, *self.optional}]
            if missing:
                return Progress(State.INCOMPLETE, f"{row.label} : reste à remplir « {' », « '.join(missing)} ».")
        if len(rows) < asked:
            return Progress(State.INCOMPLETE, f"{len(rows)} {plural(len(rows), self.noun)} sur {asked}.")
        if len(rows) > self.at_most and not self.rows:
            return Progress(State.INCOMPLETE, f"{len(rows)} {plural(len(rows), self.noun)} : gardez-en {self.at_most} au plus.")
        return Progress(State.COMPLETE, f"{len(rows)} {plural(len(rows), f'{self.noun} remplie', f'{self.noun}s remplies')}.")

    def recap(self, value: object) -> Recap:
        rows = self.filled(value)
        if not rows:
            return Recap(((self.noun.capitalize(), ""),))
        answers = [[asked.recap(row.texts.get(column, "")) for column, asked in self.fields.items()] for row in rows]
        labels, columns = [row.label for row in rows], [asked.label for asked in self.fields.values()]
        if self.cards:  # one column a card: few of them, with many fields
            table = tuple((label, *(answer[place] for answer in answers)) for place, label in enumerate(columns))
            return Recap(table, ("", *labels))
        return Recap(
            tuple((label, *answer) for label, answer in zip(labels, answers, strict=True)),
            (self.noun.capitalize(), *columns),
        )

    def gesture(self, value: object, asked: Mapping[str, Any], files: Sequence[bytes]) -> Gesture | None:
        name = asked.get("name")
        if asked.get("type") == "import" and isinstance(name, str) and files:
            return self._imported(value, name, files[0])
        rank, starts = asked.get("rank"), list(self.starts.values())
        if asked.get("type") == "start" and isinstance(rank, int) and 0 <= rank < len(starts):
            return self._started(value, starts[rank]())
        return None

    def _imported(self, value: object, name: str, content: bytes) -> Gesture:
        """Add the rows of a file, or say why they cannot be."""
        from cmlib.spreadsheets import read_table  # few sessions read a spreadsheet

        headers = {column: field.label for column, field in self.fields.items()}
        found = [texts for _, texts in read_table(content, name, headers, noun="tableau")]
        if not found:
            raise InvalidInput(f"« {name} » n’a aucune ligne sous ses titres : rien n’a été ajouté.")
        rows = f"{len(found)} {plural(len(found), self.noun)}"
        told = f"{rows} {plural(len(found), 'ajoutée')} depuis « {name} ». Vous pouvez annuler."
        return Gesture(self.added(value, found), told)

    def _started(self, value: object, found: Sequence[Mapping[str, str]]) -> Gesture:
        """Put rows in the place of those that are there."""
        known = [{column: text for column, text in texts.items() if column in self.fields} for texts in found]
        gone = dict.fromkeys(self.normalise(value))
        rows = f"{len(known)} {plural(len(known), self.noun)}"
        return Gesture(gone | self.added(None, known), f"{rows} {plural(len(known), 'reprise')}. Vous pouvez annuler.")

    def added(self, value: object, found: Iterable[Mapping[str, str]]) -> dict[str, str | None]:
        """Return the entries that add rows found in a file: blank rows are filled in first, then others are added.

        Parameters
        ----------
        value
            The stored value.
        found
            For each row, its texts by column.

        Raises
        ------
        InvalidInput
            If the table cannot take so many rows.
        """
        found = list(found)
        taken = {row.id for row in self.filled(value)}
        order = self.order(value)
        blank = [row for row in order if row not in taken]
        new = list(_new_ids(order, 0 if self.rows else len(found) - len(blank)))
        most = len(self.rows) or self.at_most
        if len(found) > len(blank) + len(new) or len(order) + len(new) > most:
            raise InvalidInput(
                f"{len(found)} {plural(len(found), self.noun)} à ajouter à {len(taken)} : ce tableau en prend {most} au plus."
            )
        entries: dict[str, str | None] = {} if self.rows else {ROWS: " ".join([*order, *new])}
        for row, texts in zip([*blank, *new], found, strict=False):
            entries |= {f"{row}.{column}": text for column, text in texts.items()}
        return entries


def options_of(rows: Sequence[Row], column: str, waiting: Mapping[str, str]) -> dict[str, str]:
    """Return rows of another exercise as the options of a list: what each is called, by id.

    Parameters
    ----------
    rows
        Rows filled in.
    column
        What a row is called by; its own label where that is empty, after it where two are called alike. Whatever is typed, no
        two options read alike: a list refuses that.
    waiting
        What is shown of rows that are not filled in yet, by id: two at least.
    """
    called = {row.id: row.texts.get(column, "").strip() or row.label for row in rows}
    counts = Counter(map(plain, called.values()))
    labels = {row.id: row.label for row in rows}
    options = dict(waiting) | {
        row: name if counts[plain(name)] == 1 and plain(name) else f"{name} ({labels[row]})" for row, name in called.items()
    }
    read: set[str] = set()
    for rank, (row, name) in enumerate(list(options.items()), start=1):
        while plain(name) in read:  # « Nora (Fiche 1) » may be a name that somebody typed
            name = f"{name} ({rank})"
        options[row] = name
        read.add(plain(name))
    return options


def _new_ids(taken: Iterable[str], wanted: int) -> Iterator[str]:
    known = set(taken)
    free = (f"r{number}" for number in count(1) if f"r{number}" not in known)
    for _ in range(wanted):
        yield next(free)


def _unreadable(row: Row) -> Iterator[tuple[str, str]]:
    for column, text in row.texts.items():
        _, why = row.fields[column].judge(text)
        if why:
            yield column, why
