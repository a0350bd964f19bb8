"""A line of the planning as the texts of its eleven columns, and back: what every file format writes and reads."""

import re
import unicodedata
from datetime import date, time
from typing import Any

from cmlib.errors import InvalidInput
from cmlib.french import read_date, read_datetime, write_date
from cmlib.networks import NETWORKS, network_id
from cmlib.planning import COLUMNS, Entry

_DEADLINES = (("writing_due", "rédaction"), ("approval_due", "validation"))
_DUE = re.compile(r"\s*(?:(?P<writing>r[ée]daction|[ée]criture)\b|(?P<approval>validation)\b)?\s*:?(?P<day>.*)", re.IGNORECASE)


def texts_of(entry: Entry) -> dict[str, str]:
    """Return the texts of the columns of an entry.

    Examples
    --------
    >>> texts_of(Entry("Balade", ("x",), date(2026, 3, 12)))["published"]
    '12/03/2026'
    """
    moment = write_date(entry.day) + (f" {entry.at:%H:%M}" if entry.at is not None else "")
    if entry.at == time():
        moment = f"{write_date(entry.day)} à 00:00"  # a spreadsheet takes « 12/03/2026 00:00 » for a day without time
    dues = [(label, getattr(entry, field)) for field, label in _DEADLINES]
    return {
        "title": entry.title,
        "type": entry.type,
        "objective": entry.objective,
        "market": entry.market,
        "persona": entry.persona,
        "keywords": ", ".join(entry.keywords),
        "call_to_action": entry.call_to_action,
        "networks": ", ".join(NETWORKS[network] for network in entry.networks),
        "tags": ", ".join(entry.tags),
        "published": moment,
        "deadlines": ", ".join(f"{label} {write_date(due)}" for label, due in dues if due is not None),
    }


def entry_of(cells: dict[str, str]) -> Entry:
    """Make an entry of the texts of its columns.

    Raises
    ------
    InvalidInput
        If a text is not understood; the sentence names its column.

    Examples
    --------
    >>> entry_of({"title": "Balade", "networks": "X", "published": "12 mars 2026 à 9 h"}).at
    datetime.time(9, 0)
    """
    fields: dict[str, Any] = {}
    for column, text in cells.items():
        try:
            match column:
                case "published":
                    fields["day"], fields["at"] = _read_moment(text)
                case "deadlines":
                    fields |= _dues(text)
                case "networks":
                    fields["networks"] = tuple(network_id(part) for part in re.split(r"[,;/]|\bet\b", text) if part.strip())
                case "keywords" | "tags":
                    fields[column] = tuple(part for part in re.split("[,;]", text) if part.strip())
                case _:
                    fields[column] = text
        except InvalidInput as error:
            raise InvalidInput(f"colonne « {COLUMNS[column]} » : {error}") from error
    return Entry(**fields)


def _read_moment(text: str) -> tuple[date, time | None]:
    if re.search(r":[0-9]{2}:(?!00)[0-9]{2}\b", text):
        raise InvalidInput(f"« {text} » : une publication est programmée à la minute ; retirez les secondes.")
    if re.fullmatch(r"\s*[0-9]{1,2} ?[hH:].*", text):
        raise InvalidInput(f"« {text} » est une heure sans jour ; écrivez par exemple 12/03/2026 à 14:30.")
    if re.search(r"[0-9] ?[h:H]", text):
        moment = read_datetime(text)
        return moment.date(), moment.time()
    return read_date(text), None


def _dues(text: str) -> dict[str, date]:
    """Read « rédaction 02/03/2026, validation 04/03/2026 »; two bare dates are these, in order; a lone one is the approval."""
    dues: dict[str, date] = {}
    bare = []
    for part in filter(str.strip, re.split("[,;]", unicodedata.normalize("NFC", text))):
        match = _DUE.fullmatch(part)
        day = read_date(match["day"] if match else part)
        field = "" if not match else "writing_due" if match["writing"] else "approval_due" if match["approval"] else ""
        if field in dues:
            raise InvalidInput(f"« {text} » donne deux fois la même échéance ; gardez-en une.")
        if field:
            dues[field] = day
        else:
            bare.append(day)
    if len(bare) == 1 and "approval_due" not in dues:
        return dues | {"approval_due": bare[0]}
    if len(bare) == 2 and not dues and bare[0] <= bare[1]:
        return {"writing_due": bare[0], "approval_due": bare[1]}
    if bare:
        raise InvalidInput(f"« {text} » peut se lire de deux façons ; écrivez « rédaction 02/03/2026, validation 04/03/2026 ».")
    return dues
