"""An editorial planning to make: one entry of the answer a publication, its eleven columns in one text, separated by tabs.

What the planning is asked is no key: its rules and their thresholds are shown, and checked while it is made.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import count
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import plural, read_date, write_date
from cmlib.planning import COLUMNS, Entry, series, words
from cmlib.planning_checks import DEFAULT, Check, Thresholds, check_planning
from cmlib.planning_coverage import Theme, within
from cmlib.planning_files import UnreadablePlanning, planning_file, planning_in
from cmlib.planning_texts import entry_of, texts_of
from cmlib.spreadsheets import pasted_table
from cmlib.texts import one_line
from cmlib.tp.questions import Gesture, Progress, Question, Recap, State
from cmlib.tp.tables import Row

MOST_LINES = 400  # more than one a day for a year
LONGEST_LINE = 450  # characters: a full planning fits in an answer (`cmlib.tp.answers.MAX_ANSWER_BYTES`)
PASTED = "le tableau collé"
FIRST_READ = ("published", "networks", "title")
_ID = re.compile("[a-z0-9]{1,16}")


def to_line(cells: Mapping[str, str]) -> str:
    r"""Return the texts of the columns as one line.

    Examples
    --------
    >>> to_line({"title": "Balade", "objective": "visibilité"})
    'Balade\t\tvisibilité'
    """
    return "\t".join(one_line(cells.get(column, "")) for column in COLUMNS).rstrip("\t")


def cells_of(line: str) -> dict[str, str]:
    r"""Return the texts of the columns that a line fills in.

    Examples
    --------
    >>> cells_of("Balade\t\tvisibilité")
    {'title': 'Balade', 'objective': 'visibilité'}
    """
    return {column: text for column, text in zip(COLUMNS, map(one_line, line.split("\t")), strict=False) if text}


@lru_cache(maxsize=4 * MOST_LINES)
def tidy_line(line: str) -> str:
    r"""Return a line as the sheet keeps it; remembered, as most lines stay the same.

    Examples
    --------
    >>> tidy_line(" Balade\t\t")
    'Balade'
    """
    return to_line(cells_of(line))


@lru_cache(maxsize=4 * MOST_LINES)
def read_line(line: str) -> Entry | str:
    """Return the publication that a line describes, or why it is not one yet; remembered, as most lines stay the same."""
    cells = {"title": "", **cells_of(line)}
    missing = [COLUMNS[column] for column in ("title", "networks", "published") if not cells.get(column)]
    if missing:
        return f"il manque : {', '.join(missing)}."
    try:
        return entry_of(cells)
    except InvalidInput as error:
        return str(error)


@dataclass(frozen=True)
class Planning(Question):
    """Publications to plan; the value maps an id to a line (`to_line`).

    Attributes
    ----------
    thresholds
        Limits of the rules.
    events
        First and last days of the brand's events, by name; those that the planning can prepare and prolong count.
    themes
        The themes to serve.
    personas
        Names of the targets, to propose.
    year
        Year to plan: what is published in another one does not count; none where it is 0.
    """

    thresholds: Thresholds = DEFAULT
    events: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    themes: Sequence[Theme] = ()
    personas: Sequence[str] = ()
    year: int = 0

    def normalise(self, value: object) -> dict[str, str]:
        stored = value if isinstance(value, dict) else {}
        kept: dict[str, str] = {}
        for line_id, line in stored.items():
            if isinstance(line_id, str) and _ID.fullmatch(line_id) and isinstance(line, str) and len(kept) < MOST_LINES:
                text = tidy_line(line[:LONGEST_LINE])
                if text:
                    kept[line_id] = text
        return kept

    def entries(self, value: object) -> list[Entry]:
        """Return the publications that can be read, in order of date."""
        read = (self._read(line) for line in self.normalise(value).values())
        return sorted((entry for entry in read if isinstance(entry, Entry)), key=lambda entry: entry.moment)

    def _read(self, line: str) -> Entry | str:
        entry = read_line(line)
        if isinstance(entry, Entry) and self.year and entry.day.year != self.year:
            return f"elle paraît en {entry.day.year}, et ce planning est celui de {self.year}."
        return entry

    def problems(self, value: object) -> dict[str, str]:
        """Return why a line is not a publication yet, in French, by id."""
        read = {line_id: self._read(line) for line_id, line in self.normalise(value).items()}
        return {line_id: why for line_id, why in read.items() if isinstance(why, str)}

    def checks(self, value: object) -> list[Check]:
        """Return the rules, and whether the publications that can be read keep them; none for an empty planning.

        Remembered for the last planning: a card asks it twice at each save.
        """
        lines = tuple(self.normalise(value).values())
        if lines not in self._checked:
            self._checked.clear()
            self._checked[lines] = self._check(self.entries(value))
        return self._checked[lines]

    @cached_property
    def _checked(self) -> dict[tuple[str, ...], list[Check]]:
        return {}

    def _check(self, entries: list[Entry]) -> list[Check]:
        if not entries:
            return []
        judged = within(self.events, entries[0].day, entries[-1].day)
        found = check_planning(entries, self.thresholds, judged, self.themes)
        if self.events and not judged:
            found.insert(-1, Check("temps forts", False, "Temps forts à couvrir : la période n’en contient aucun en entier."))
        return found

    def progress(self, value: object) -> Progress:
        lines, problems = self.normalise(value), self.problems(value)
        if not lines:
            return Progress(State.UNTOUCHED, "Votre planning est vide : ajoutez une publication, ou posez une série.")
        if problems:
            first = next(iter(problems))
            title = cells_of(lines[first]).get("title", "sans titre")
            told = f"{len(problems)} {plural(len(problems), 'publication')} à compléter, comme « {title} » : {problems[first]}"
            return Progress(State.INCOMPLETE, told)
        broken = [check for check in self.checks(value) if not check.kept]
        told = f"{len(lines)} {plural(len(lines), 'publication')}"
        if broken:
            return Progress(State.INCOMPLETE, f"{told} ; {len(broken)} {plural(len(broken), 'règle')} à tenir encore.")
        return Progress(State.COMPLETE, f"{told} ; toutes les règles sont tenues.")

    def recap(self, value: object) -> Recap:
        lines = self.normalise(value)
        if not lines:
            return Recap((("Planning", ""),))
        read = {line_id: read_line(line) for line_id, line in lines.items()}
        dated = [(entry.moment, texts_of(entry)) for entry in read.values() if isinstance(entry, Entry)]
        rows = [texts for _, texts in sorted(dated, key=lambda found: found[0])]
        rows += [cells_of(lines[line_id]) for line_id, entry in read.items() if isinstance(entry, str)]
        order = (
            "published",
            "networks",
            "title",
            *(column for column in COLUMNS if column not in ("published", "networks", "title")),
        )
        return Recap(
            tuple(tuple(texts.get(column, "") for column in order) for texts in rows), tuple(COLUMNS[column] for column in order)
        )

    def gesture(self, value: object, asked: Mapping[str, Any], files: Sequence[bytes]) -> Gesture | None:
        match asked:
            case {"type": "series", "line": str(line)}:
                return self._repeated(value, line, asked)
            case {"type": "import", "name": str(name)} if files:
                return self._added(value, planning_in(files[0], name), name, asked.get("replace") is True)
            case {"type": "paste", "text": str(text)}:
                return self._added(value, _pasted(text), PASTED, asked.get("replace") is True)
            case {"type": "export", "format": "xlsx" | "csv" | "ics" as wanted}:
                return self._exported(value, wanted)
        return None

    def _repeated(self, value: object, line: str, asked: Mapping[str, Any]) -> Gesture:
        """Place a series in the place of the line that it repeats, where there is one."""
        first, until, weekdays = read_line(line[:LONGEST_LINE]), asked.get("until"), asked.get("weekdays")
        if isinstance(first, str):
            raise InvalidInput(f"La série ne peut pas être posée : {first}")
        days = [day for day in weekdays if isinstance(day, int)] if isinstance(weekdays, list) else []
        every = asked.get("every") if isinstance(asked.get("every"), int) else 1
        last = read_date(str(until))
        if (last - first.day).days // 7 // max(1, every or 1) * max(1, len(set(days))) > MOST_LINES:  # a year typed wrong
            raise InvalidInput(f"Cette série a plus de {MOST_LINES} publications : avancez sa fin, {write_date(last)}.")
        placed = series(first, last, days, every or 1)
        model = asked.get("in_place_of")
        gone = {model: None} if isinstance(model, str) and model in self.normalise(value) else {}
        told = f"{len(placed)} {plural(len(placed), 'publication posée', 'publications posées')}. Vous pouvez annuler."
        return Gesture(gone | self._new(value, placed, set(gone)), told)

    def _added(self, value: object, found: Sequence[Entry], name: str, replaced: bool) -> Gesture:
        if not found:
            raise InvalidInput(f"« {name} » n’a aucune publication : rien n’a changé.")
        kept = self.normalise(value)
        known = set() if replaced else {line for line in kept.values()}
        new = [entry for entry in found if to_line(texts_of(entry)) not in known]
        gone: dict[str, str | None] = dict.fromkeys(kept) if replaced else {}
        told = f"{len(new)} {plural(len(new), 'publication lue', 'publications lues')} dans « {name} »"
        told += f" ; {len(found) - len(new)} y étaient déjà" if len(new) < len(found) else ""
        told += f" ; {len(gone)} {plural(len(gone), 'remplacée')}" if gone else ""
        return Gesture(gone | self._new(value, new, set(gone)), f"{told}. Vous pouvez annuler." if new or gone else f"{told}.")

    def _new(self, value: object, entries: Iterable[Entry], gone: set[str]) -> dict[str, str | None]:
        """Return the entries that add publications, under ids that are free."""
        taken = set(self.normalise(value))
        free = (f"p{number}" for number in count(1) if f"p{number}" not in taken)
        lines = [to_line(texts_of(entry)) for entry in entries]
        if len(taken) - len(gone) + len(lines) > MOST_LINES:
            raise InvalidInput(f"{len(lines)} publications à ajouter à {len(taken)} : un planning en prend {MOST_LINES} au plus.")
        long = next((line for line in lines if len(line) > LONGEST_LINE), None)
        if long:
            size = f"{len(long)} signes pour {LONGEST_LINE} au plus"
            raise InvalidInput(f"« {cells_of(long)['title']:.60} » est trop longue ({size}) : raccourcissez-la.")
        return dict(zip(free, lines, strict=False))

    def _exported(self, value: object, wanted: str) -> Gesture:
        problems = self.problems(value)
        entries = self.entries(value)
        if not entries:
            raise InvalidInput("Aucune publication n’est complète : il n’y a rien à exporter.")
        name = f"planning.{wanted}"
        told = f"« {name} » : {len(entries)} {plural(len(entries), 'publication exportée', 'publications exportées')}"
        told += f" ; {len(problems)} à compléter {plural(len(problems), 'n’y est', 'n’y sont')} pas" if problems else ""
        return Gesture(told=f"{told}.", file=(name, planning_file(entries, name)))


def _pasted(text: str) -> list[Entry]:
    try:
        return planning_in(pasted_table(text, COLUMNS), f"{PASTED}.csv")
    except UnreadablePlanning as error:
        raise InvalidInput(str(error).replace(f"{PASTED}.csv", PASTED)) from error


def themes_in(rows: Iterable[Row], name: str, persona: str, network: str) -> list[Theme]:
    """Return the themes that a table lists.

    Parameters
    ----------
    rows
        Rows filled in; one whose theme, target or network is missing or cannot be read gives none.
    name, persona, network
        Columns: the theme in words, its target and its network, chosen in lists.
    """
    found = []
    for row in rows:
        if any(column not in row.texts or row.fields[column].judge(row.texts[column])[1] for column in (name, persona, network)):
            continue
        if words(row.texts[name]):
            found.append(Theme(one_line(row.texts[name]), row.fields[persona].show(row.texts[persona]), row.read(network)))
    return found
