"""The planning as a calendar (.ics): one event a line, read back from any calendar.

An event's own fields win: its title is SUMMARY, its day DTSTART. In its description, a line « column : text » is read, whether
the calendar keeps it as text or as HTML; the rest of a description (invitations, links) is not part of a planning.
"""

import html
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from cmlib.errors import InvalidInput
from cmlib.french import write_date
from cmlib.planning import COLUMNS, Entry
from cmlib.texts import one_line, plain

_LINES, _BYTES = 60_000, 2_000_000  # a year of planning is ten times smaller
_PARIS = ZoneInfo("Europe/Paris")
_EVENT = timedelta(minutes=30)
_LABELS = {plain(label): column for column, label in COLUMNS.items()}
_TAG = re.compile(
    r"</?(?:a|b|body|br|div|em|font|h[1-6]|head|html|i|li|meta|ol|p|span|strong|table|tbody|td|tr|u|ul)\b[^<>]*>", re.IGNORECASE
)
_BREAK = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RuntimeError, AssertionError)
"""What icalendar raises on a damaged calendar, as fuzzing shows."""


def to_ics(lines: Iterable[tuple[Entry, dict[str, str]]]) -> bytes:
    """Write one event a line, in local time.

    Parameters
    ----------
    lines
        Entries, and the texts of their columns.

    Examples
    --------
    >>> to_ics([])[:15]
    b'BEGIN:VCALENDAR'
    """
    from icalendar import Calendar, Event  # only calendars need it

    calendar = Calendar()
    calendar.add("prodid", "-//cmlib//planning//FR")
    calendar.add("version", "2.0")
    for rank, (entry, cells) in enumerate(lines):
        event = Event()
        event.add("uid", f"{sha256(f'{rank}|{cells}'.encode()).hexdigest()[:32]}@cmlib")
        event.add("dtstamp", datetime.combine(entry.day, time(), ZoneInfo("UTC")))
        event.add("summary", entry.title)
        event.add("description", _description(cells))
        if entry.type:
            event.add("categories", [entry.type])
        event.add("dtstart", entry.day if entry.at is None else entry.moment)
        event.add("dtend", entry.day + timedelta(days=1) if entry.at is None else entry.moment + _EVENT)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def from_ics(content: bytes) -> list[tuple[str, dict[str, str] | InvalidInput]]:
    """Read the events of a calendar: for each, where it is, then the texts of its columns or why it is refused.

    Raises
    ------
    InvalidInput
        If it is not a calendar.

    Examples
    --------
    >>> from_ics(to_ics([]))
    []
    """
    from icalendar import Calendar

    if len(content) > _BYTES or content.count(b"\n") > _LINES:
        raise InvalidInput("il est bien trop grand pour un planning ; exportez une seule année.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "ce n’est pas un agenda .ics lisible, car ses caractères ne sont pas en UTF-8 ; exportez-le de nouveau en UTF-8."
        ) from error
    try:
        events = list(Calendar.from_ical(text).walk("VEVENT"))
    except _BROKEN as error:
        raise InvalidInput("ce n’est pas un agenda .ics lisible ; exportez-le de nouveau.") from error
    found: list[tuple[str, dict[str, str] | InvalidInput]] = []
    for number, event in enumerate(events, start=1):
        title = one_line(str(event.get("summary", "")))
        try:
            cells: dict[str, str] | InvalidInput = _cells(event, title)
        except InvalidInput as error:
            cells = error
        found.append((f"événement {number} ({f'« {title:.80} »' if title else 'sans titre'}) : ", cells))
    return found


def _cells(event: Any, title: str) -> dict[str, str]:
    twice = [name for name in ("summary", "description", "dtstart", "status") if isinstance(event.get(name), list)]
    if twice:
        raise InvalidInput(f"{twice[0].upper()} y figure deux fois ; exportez-le de nouveau.")
    if event.get("rrule") is not None or event.get("rdate") is not None:
        raise InvalidInput("il se répète ; enregistrez chaque date à part.")
    if str(event.get("status", "")).strip().upper() == "CANCELLED":
        raise InvalidInput("il est annulé ; retirez-le de l’agenda avant de l’exporter.")
    cells: dict[str, str] = {}
    for line in _plain_lines(str(event.get("description", ""))):
        label, _, text = line.partition(":")
        column = _LABELS.get(plain(label))
        if column and one_line(text):
            if column in cells:
                raise InvalidInput(f"« {COLUMNS[column]} » figure deux fois dans sa description ; gardez une seule ligne.")
            cells[column] = one_line(text)
    if "networks" not in cells:
        raise InvalidInput("sa description ne dit pas le réseau ; ajoutez-y une ligne « Réseaux : Instagram ».")
    cells.setdefault("type", _categories(event.get("categories")))
    return cells | {"title": title, "published": _moment(event)}


def _moment(event: Any) -> str:
    if event.get("dtstart") is None:
        raise InvalidInput("il n’a pas de date ; donnez-lui-en une.")
    try:
        start = event.decoded("dtstart")
        if isinstance(start, datetime):
            if start.tzinfo is None and "TZID" in event["dtstart"].params:
                raise InvalidInput("son fuseau horaire est inconnu ; enregistrez-le à l’heure de Paris.")
            local = start.astimezone(_PARIS) if start.tzinfo else start
            return f"{write_date(local)} à {local:%H:%M}"
    except InvalidInput:
        raise
    except _BROKEN as error:
        raise InvalidInput("sa date est illisible ; corrigez-la dans l’agenda.") from error
    if not isinstance(start, date):
        raise InvalidInput("sa date est illisible ; corrigez-la dans l’agenda.")
    return write_date(start)


def _categories(given: Any) -> str:
    listed = given if isinstance(given, list) else [given] if given is not None else []
    names = [str(name) for part in listed for name in getattr(part, "cats", [part])]
    return one_line(", ".join(names))


def _description(cells: dict[str, str]) -> str:
    """Write the columns one a line; as HTML when a text would be taken for it, so that it is read back the same."""
    lines = [f"{COLUMNS[column]} : {text}" for column, text in cells.items() if text and column not in ("title", "published")]
    if any(_TAG.search(line) or _ENTITY.search(line) for line in lines):
        return "<br>".join(html.escape(line, quote=False) for line in lines)
    return "\n".join(lines)


def _plain_lines(description: str) -> list[str]:
    if not (_TAG.search(description) or _ENTITY.search(description)):
        return description.splitlines()
    return [html.unescape(line) for line in _TAG.sub("", _BREAK.sub("\n", description)).splitlines()]
