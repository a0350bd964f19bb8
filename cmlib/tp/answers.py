"""Answers as data: their JSON form, and the pure function that finds them in what a student hands in.

An answer is ``{"revision": 3, "saved_at": "2026-03-12T14:32:05+01:00", "value": …}``; a sheet is
``{"schema": 1, "tp": "tp1", "student": "a.martin", "answers": {"1.5": …}}``. The same form serves the file beside
the notebook, its backup, and the copies that recaps leave inside the notebook.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

SCHEMA = 1
SHEET_NAME = "reponses.json"
BACKUP_NAME = "reponses.sauvegarde.json"
ANSWER_MIME = "application/vnd.cmlib.answers+json"

MAX_SHEET_BYTES = 5_000_000
MAX_NOTEBOOK_BYTES = 50_000_000
MAX_ANSWER_CHARS = 200_000  # written as JSON: a year's planning is about 60,000
MAX_DEPTH = 12

Student = Annotated[str, Field(max_length=100)]


class Answer(BaseModel):
    """One answer: a JSON value, a revision that grows at each save, and the time of the save."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    revision: Annotated[int, Field(ge=1, le=2**53, strict=True)]
    saved_at: AwareDatetime
    value: JsonValue

    def order(self) -> tuple[int, datetime, str]:
        """Sort key: of two copies of an answer, the greater is the one to keep, whatever the order they come in."""
        return self.revision, self.saved_at, json.dumps(self.value, sort_keys=True)


@dataclass(frozen=True)
class Sheet:
    """The answers of one student to one TP."""

    tp: str
    student: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as JSON data."""
        answers = {name: answer.model_dump(mode="json") for name, answer in sorted(self.answers.items())}
        return {"schema": SCHEMA, "tp": self.tp, "student": self.student, "answers": answers}

    def to_bytes(self) -> bytes:
        """Return the sheet as it is written on disk."""
        return (json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n").encode()


class UnreadableSheet(ValueError):
    """Bytes that are not a sheet; the message says why, in French, after the file's name."""


class ForeignSheet(UnreadableSheet):
    """A sound sheet that is not ours to read or to replace: another TP's, or a newer kit's."""


class _Header(BaseModel):
    model_config = ConfigDict(extra="ignore")
    schema_number: Annotated[int, Field(alias="schema", ge=1, strict=True)]
    tp: Annotated[str, Field(min_length=1, max_length=100)]
    student: Student = ""
    answers: dict[Annotated[str, Field(max_length=100)], Any] = {}


def load_json(content: bytes) -> Any:
    """Read JSON that nobody vouches for.

    Raises
    ------
    UnreadableSheet
        If the bytes are not UTF-8, not JSON, or nested beyond reason.
    """

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableSheet("le fichier est abîmé") from error


def read_sheet(content: bytes, tp: str) -> Sheet:
    """Read a sheet of ``tp`` from the bytes of a file; a damaged answer is left out, the others kept.

    Raises
    ------
    UnreadableSheet
        If the bytes are not a sheet of this TP.
    """
    if len(content) > MAX_SHEET_BYTES:
        raise UnreadableSheet("le fichier est trop gros")
    return sheet_from_json(load_json(content), tp)


def sheet_from_json(data: object, tp: str) -> Sheet:
    """Validate JSON data as a sheet of ``tp`` (see `read_sheet`)."""
    try:
        header = _Header.model_validate(data)
    except (ValidationError, RecursionError) as error:
        raise UnreadableSheet("ce n’est pas une feuille de réponses") from error
    if header.schema_number > SCHEMA:
        raise ForeignSheet("la feuille vient d’une version plus récente du kit")
    if header.tp != tp:
        raise ForeignSheet(f"c’est une feuille du TP « {header.tp} »")
    answers = {name: answer for name, raw in header.answers.items() if (answer := _answer(raw)) is not None}
    return Sheet(tp, header.student.strip(), answers)


def _answer(raw: object) -> Answer | None:
    if not _is_shallow(raw, MAX_DEPTH):
        return None
    try:
        answer = Answer.model_validate(raw)
        too_long = len(json.dumps(answer.value, ensure_ascii=False).encode()) > MAX_ANSWER_CHARS
    except ValueError:  # pydantic's ValidationError, or a lone surrogate that UTF-8 cannot carry
        return None
    return None if too_long else answer


def _is_shallow(value: object, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(_is_shallow(inner, depth - 1) for inner in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(inner, depth - 1) for inner in value)
    return True


@dataclass(frozen=True)
class Source:
    """A file that may hold answers: its kind, its name as the student knows it, its bytes."""

    kind: Literal["sheet", "backup", "notebook"]
    name: str
    content: bytes


@dataclass(frozen=True)
class Resolution:
    """What a submission says.

    Attributes
    ----------
    sheet
        The highest valid revision of each answer.
    students
        Every identifier that the sources name, without the empty one.
    incidents
        What could not be read, one French sentence each.
    """

    sheet: Sheet
    students: frozenset[str]
    incidents: tuple[str, ...]


def resolve(sources: Iterable[Source], tp: str) -> Resolution:
    """Find the answers to ``tp`` in the files of a submission, whatever state they are in.

    Pure: the result depends on the bytes alone, not on the order of the sources. Never raises on bad content.
    """
    sheets: list[Sheet] = []
    incidents: list[str] = []
    for source in sources:
        try:
            found = _sheets_in_notebook(source, tp) if source.kind == "notebook" else [read_sheet(source.content, tp)]
        except UnreadableSheet as error:
            incidents.append(f"« {source.name} » n’a pas pu être lu : {error}.")
        else:
            sheets += found
    incidents.sort()
    answers = merge(sheets)
    if incidents:
        recovered = "Les réponses ont été relues dans les autres fichiers." if answers else "Aucune réponse n’a pu être relue."
        incidents.append(recovered)
    students = frozenset(sheet.student for sheet in sheets if sheet.student)
    student = min(students) if len(students) == 1 else ""
    return Resolution(Sheet(tp, student, answers), students, tuple(incidents))


def merge(sheets: Iterable[Sheet]) -> dict[str, Answer]:
    """Keep the highest revision of each answer among several sheets."""
    kept: dict[str, Answer] = {}
    for sheet in sheets:
        for name, answer in sheet.answers.items():
            if name not in kept or answer.order() > kept[name].order():
                kept[name] = answer
    return kept


def _sheets_in_notebook(source: Source, tp: str) -> list[Sheet]:
    if len(source.content) > MAX_NOTEBOOK_BYTES:
        raise UnreadableSheet("le carnet est trop gros")
    notebook = load_json(source.content)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise UnreadableSheet("ce n’est pas un carnet Jupyter")
    sheets = []
    for cell in cells:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            data = output.get("data") if isinstance(output, dict) else None
            if isinstance(data, dict) and ANSWER_MIME in data:
                try:
                    sheets.append(sheet_from_json(data[ANSWER_MIME], tp))
                except UnreadableSheet:
                    continue  # one damaged recap among others: the rest of the notebook still counts
    return sheets
