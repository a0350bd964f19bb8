"""Answers as data: their JSON form, and the pure function that finds them in what a student hands in.

An answer is ``{"revision": 3, "saved_at": "2026-03-12T14:32:05+01:00", "value": …}``; a sheet is
``{"schema": 1, "tp": "tp1", "student": "a.martin", "answers": {"1.5": …}}``. The same form serves the file beside
the notebook, its backup, and the copies that recaps leave inside the notebook.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

SCHEMA = 1
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each former schema, what turns its JSON into the next one's; none so far, schema 1 is the first."""
SHEET_NAME = "reponses.json"
BACKUP_NAME = "reponses.sauvegarde.json"
ANSWER_MIME = "application/vnd.cmlib.answers+json"

MAX_SHEET_BYTES = 5_000_000
MAX_NOTEBOOK_BYTES = 20_000_000
MAX_ANSWER_BYTES = 400_000  # written as JSON: a planning of 300 publications is about 75,000
MAX_DEPTH = 12
MAX_NAME_CHARS = 100
_FIRST_YEAR, _LAST_YEAR = 2000, 2100  # a forged date beyond would not fit in every time zone


class Answer(BaseModel):
    """One answer: a JSON value, a revision that grows at each save, and the time of the save."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    revision: Annotated[int, Field(ge=1, le=2**53, strict=True)]
    saved_at: AwareDatetime
    value: JsonValue

    def order(self) -> tuple[int, datetime, str, str]:
        """Sort key: of two copies of an answer, the greater is the one to keep, whatever the order they come in."""
        return self.revision, self.saved_at, json.dumps(self.value, sort_keys=True), self.saved_at.isoformat()

    def size(self) -> int:
        """Bytes of the value once written."""
        return len(json.dumps(self.value, ensure_ascii=False, allow_nan=False).encode())


@dataclass(frozen=True)
class Sheet:
    """The answers of one student to one TP.

    Attributes
    ----------
    started_at
        When this copy took the place of somebody else's, in the same folder: answers saved before do not count.
    damaged
        Names of the answers that were there but could not be read.
    """

    tp: str
    student: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    started_at: datetime | None = None
    damaged: tuple[str, ...] = field(default=(), compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as JSON data."""
        answers = {name: answer.model_dump(mode="json") for name, answer in sorted(self.answers.items())}
        started = {"started_at": self.started_at.isoformat()} if self.started_at else {}
        return {"schema": SCHEMA, "tp": self.tp, "student": self.student, **started, "answers": answers}

    def to_bytes(self) -> bytes:
        """Return the sheet as it is written on disk."""
        return (json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False) + "\n").encode()


class UnreadableSheet(ValueError):
    """Bytes that are not a sheet; the message says why, in French, after the file's name."""


class ForeignSheet(UnreadableSheet):
    """A sound sheet that is not ours to read or to replace: another TP's, or a newer kit's.

    Attributes
    ----------
    advice
        What to do, in French.
    """

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


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
    header = data if isinstance(data, dict) else {}
    schema = header.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise UnreadableSheet("ce n’est pas une feuille de réponses")
    if schema > SCHEMA:
        raise ForeignSheet(
            "la feuille vient d’une version plus récente du kit",
            "installez la dernière version du kit ; ne déplacez pas ce fichier, il contient vos réponses",
        )
    if not isinstance(header.get("answers", {}), dict):
        raise UnreadableSheet("ce n’est pas une feuille de réponses")
    for older in range(schema, SCHEMA):
        header = MIGRATIONS[older](header)
    name = header.get("tp")
    if not _is_name(name) or not isinstance(header.get("answers", {}), dict):
        raise UnreadableSheet("ce n’est pas une feuille de réponses")
    if name != tp:
        raise ForeignSheet(f"c’est une feuille du TP « {name} »", "déplacez ce fichier, puis relancez le carnet")
    student = header.get("student")
    answers, damaged = {}, []
    for question, raw in header.get("answers", {}).items():
        answer = _answer(raw) if _is_name(question) else None
        if answer is None:
            damaged.append(question if _is_name(question) else "?")
        else:
            answers[question] = answer
    signature = student.strip() if isinstance(student, str) and _is_name(student) else ""
    return Sheet(tp, signature, answers, _moment(header.get("started_at")), tuple(damaged))


def _is_name(text: object) -> bool:
    """Tell whether a text may name something: short, without control codes nor what UTF-8 cannot carry."""
    return isinstance(text, str) and len(text) <= MAX_NAME_CHARS and text.isprintable()


def _moment(raw: object) -> datetime | None:
    try:
        moment = TypeAdapter(AwareDatetime).validate_python(raw)
    except ValueError:
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _answer(raw: object) -> Answer | None:
    if not _is_shallow(raw, MAX_DEPTH):
        return None
    try:
        answer = Answer.model_validate(raw)
        if not _FIRST_YEAR <= answer.saved_at.year <= _LAST_YEAR:
            return None
        # ValueError: what pydantic refuses, an infinity, a lone surrogate that UTF-8 cannot carry
        too_long = answer.size() > MAX_ANSWER_BYTES
    except ValueError:
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
    signatures
        For each of these answers, the identifiers under which it was found (« » where unsigned); for a blank
        submission, one set of all the identifiers that it carries.
    incidents
        What could not be read, one French sentence each.
    lost
        Whether answers were there that nothing has replaced: a file from which nothing was read and no other has any, a
        damaged answer. A score may then say less than the student's work.
    """

    sheet: Sheet
    signatures: tuple[frozenset[str], ...]
    incidents: tuple[str, ...]
    lost: bool


def resolve(sources: Iterable[Source], tp: str) -> Resolution:
    """Find the answers to ``tp`` in the files of a submission, whatever state they are in.

    Pure: the result depends on the bytes alone, not on the order of the sources. Never raises on bad content.
    """
    found: list[tuple[Source, Sheet]] = []
    incidents: set[str] = set()
    unread = False
    for source in sources:
        try:
            sheets = _sheets_in_notebook(source, tp) if source.kind == "notebook" else [read_sheet(source.content, tp)]
        except UnreadableSheet as error:
            incidents.add(f"« {source.name} » n’a pas pu être lu : {error}.")
            unread = True
        else:
            found += [(source, sheet) for sheet in sheets]
    started = max((sheet.started_at for _, sheet in found if sheet.started_at), default=None)
    for source, sheet in found:
        if source.kind == "sheet" and _since(started, sheet).answers != sheet.answers:
            incidents.add(
                f"« {source.name} » contient des réponses d’avant le début de cette copie : elles ne sont pas reprises."
            )
    found = [(source, _since(started, sheet)) for source, sheet in found]
    answers = merge(sheet for _, sheet in found)
    too_long = _drop_what_is_too_long(answers)
    lost = unread and not answers
    for source, sheet in found:
        for name in set(sheet.damaged) - set(answers):
            lost = True
            incidents.add(f"La réponse {name} de « {source.name} » est abîmée : elle n’a pas pu être lue.")
    told = sorted(incidents)
    if unread:
        told.append("Les réponses ont été relues dans les autres fichiers." if answers else "Aucune réponse n’a pu être relue.")
    if too_long:
        told.append(f"Les réponses sont trop longues : {', '.join(too_long)} n’ont pas été gardées.")
    signed = [frozenset(sheet.student for _, sheet in found if sheet.answers.get(name) == kept) for name, kept in answers.items()]
    everybody = frozenset(sheet.student for _, sheet in found if sheet.student)
    signatures = tuple(signed) if answers else (everybody,) if everybody else ()
    return Resolution(Sheet(tp, _signature(found), answers, started), signatures, tuple(told), lost)


def _since(started: datetime | None, sheet: Sheet) -> Sheet:
    """Leave out the answers of whoever had this folder before; a sheet of theirs loses its signature with them."""
    if started is None or sheet.started_at == started:
        return sheet
    answers = {name: answer for name, answer in sheet.answers.items() if answer.saved_at >= started}
    return replace(sheet, answers=answers, student=sheet.student if answers else "", damaged=())


def _signature(found: list[tuple[Source, Sheet]]) -> str:
    """Return who signs: the sheet's own student, who may have mended a mistake that an older copy still carries."""
    for kind in ("sheet", "backup", "notebook"):
        names = {sheet.student for source, sheet in found if source.kind == kind and sheet.student}
        if names:
            return min(names) if len(names) == 1 else ""
    return ""


def _drop_what_is_too_long(answers: dict[str, Answer]) -> list[str]:
    """Drop the longest answers until a sheet can hold the rest; only a forged submission comes to that."""
    lost = []
    by_size = sorted(answers, key=lambda name: (answers[name].size(), name))
    while sum(answers[name].size() + 300 for name in by_size) > MAX_SHEET_BYTES:
        lost.append(by_size.pop())
        del answers[lost[-1]]
    return sorted(lost)


def merge(sheets: Iterable[Sheet]) -> dict[str, Answer]:
    """Keep the highest revision of each answer among several sheets."""
    kept: dict[str, Answer] = {}
    for sheet in sheets:
        for name, answer in sheet.answers.items():
            if name not in kept or answer.order() > kept[name].order():
                kept[name] = answer
    return dict(sorted(kept.items()))


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
