"""resolve(): the pure function from what a student hands in to answers."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.tp.answers import (
    ANSWER_MIME,
    MAX_ANSWER_BYTES,
    MAX_SHEET_BYTES,
    SCHEMA,
    Answer,
    ForeignSheet,
    Sheet,
    Source,
    UnreadableSheet,
    merge,
    read_sheet,
    resolve,
)

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
answers = st.builds(
    Answer,
    revision=st.integers(1, 5),
    saved_at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
    value=values,
)
sheets = st.builds(
    Sheet, st.just("tp1"), st.sampled_from(["", "a.martin"]), st.dictionaries(st.sampled_from(["1.1", "1.5", "1.7"]), answers)
)


def answer(value: object, revision: int = 1) -> Answer:
    return Answer(revision=revision, saved_at=NOON, value=value)  # type: ignore[arg-type]


def notebook(*sheets: Sheet) -> bytes:
    outputs = [{"output_type": "display_data", "data": {ANSWER_MIME: sheet.to_json()}, "metadata": {}} for sheet in sheets]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"outputs": outputs}]}).encode()


def sources(sheet: bytes = b"", backup: bytes = b"", book: bytes = b"") -> list[Source]:
    return [
        Source("sheet", "reponses.json", sheet),
        Source("backup", "reponses.sauvegarde.json", backup),
        Source("notebook", "tp1.ipynb", book),
    ]


@given(sheets)
def test_a_sheet_written_is_the_sheet_read(sheet: Sheet) -> None:
    assert read_sheet(sheet.to_bytes(), "tp1") == sheet


@given(sheets, sheets, sheets)
def test_resolve_does_not_depend_on_the_order_nor_on_repetition(a: Sheet, b: Sheet, c: Sheet) -> None:
    files = sources(a.to_bytes(), b.to_bytes(), notebook(c))
    found = resolve(files, "tp1")
    assert all(resolve(order, "tp1") == found for order in permutations(files))
    assert resolve([*files, *files], "tp1").sheet.answers == found.sheet.answers
    assert found.incidents == ()


@given(sheets, sheets)
def test_the_highest_revision_of_each_answer_wins(a: Sheet, b: Sheet) -> None:
    merged = merge([a, b])
    assert set(merged) == set(a.answers) | set(b.answers)
    for name, kept in merged.items():
        assert all(name not in sheet.answers or kept.revision >= sheet.answers[name].revision for sheet in (a, b))
        assert any(sheet.answers.get(name) == kept for sheet in (a, b))


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_make_resolve_raise(a: bytes, b: bytes, c: bytes) -> None:
    assert resolve(sources(a, b, c), "tp1").sheet.answers == {}


@given(st.dictionaries(st.sampled_from(["schema", "tp", "student", "answers", "cells"]), values))
def test_no_json_makes_resolve_raise(data: dict[str, object]) -> None:
    content = json.dumps(data).encode()
    resolve(sources(content, content, content), "tp1").sheet.to_bytes()


def test_the_backup_and_the_notebook_stand_in_for_a_damaged_sheet() -> None:
    damaged = Sheet("tp1", "", {"1.1": answer("perdu", 9)}).to_bytes()[:-20]
    found = resolve(
        sources(
            damaged, Sheet("tp1", "", {"1.1": answer("secours", 2)}).to_bytes(), notebook(Sheet("tp1", "", {"1.5": answer("x")}))
        ),
        "tp1",
    )
    assert {name: kept.value for name, kept in found.sheet.answers.items()} == {"1.1": "secours", "1.5": "x"}
    assert "« reponses.json » n’a pas pu être lu" in found.incidents[0]


def test_one_damaged_answer_does_not_cost_the_others() -> None:
    data = Sheet("tp1", "", {"1.1": answer("bon"), "1.5": answer("abîmé")}).to_json()
    data["answers"]["1.5"]["revision"] = "deux"
    assert set(read_sheet(json.dumps(data).encode(), "tp1").answers) == {"1.1"}


def test_one_damaged_recap_does_not_cost_the_others() -> None:
    book = json.loads(notebook(Sheet("tp1", "", {"1.1": answer("bon")}), Sheet("tp1", "", {"1.5": answer("x")})))
    book["cells"][0]["outputs"][1]["data"][ANSWER_MIME] = ["forgé"]
    book["cells"] += [None, {"outputs": None}, {"outputs": [None, {"data": 3}]}]
    assert set(resolve(sources(book=json.dumps(book).encode()), "tp1").sheet.answers) == {"1.1"}


@pytest.mark.parametrize(
    "record",
    [
        {"revision": 0, "saved_at": NOON.isoformat(), "value": 1},
        {"revision": 10**30, "saved_at": NOON.isoformat(), "value": 1},
        {"revision": True, "saved_at": NOON.isoformat(), "value": 1},
        {"revision": 1, "saved_at": "hier", "value": 1},
        {"revision": 1, "saved_at": "2026-03-12T12:00:00", "value": 1},
        {"revision": 1, "value": 1},
        {"revision": 1, "saved_at": NOON.isoformat()},
        {"revision": 1, "saved_at": NOON.isoformat(), "value": "a" * (MAX_ANSWER_BYTES + 1)},
        {"revision": 1, "saved_at": NOON.isoformat(), "value": "\ud800"},
        {"revision": 1, "saved_at": NOON.isoformat(), "value": json.loads("[" * 50 + "]" * 50)},
        None,
        [],
        "texte",
    ],
)
def test_a_record_that_makes_no_sense_is_left_out(record: object) -> None:
    content = json.dumps({"schema": 1, "tp": "tp1", "answers": {"1.1": record}}).encode()
    assert read_sheet(content, "tp1").answers == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"schema": 1}',
        b'{"schema": 1, "tp": "tp1", "answers": {"1.1": NaN}}',
        b"[" * 100_000,
        b" " * (MAX_SHEET_BYTES + 1),
        b'{"schema": 1, "tp": "tp1", "answers": ' + b"9" * 6000 + b"}",
    ],
)
def test_what_is_not_a_sheet_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableSheet):
        read_sheet(content, "tp1")


def test_a_sheet_of_another_tp_or_of_a_newer_kit_is_told_apart() -> None:
    with pytest.raises(ForeignSheet, match="tp2"):
        read_sheet(Sheet("tp2").to_bytes(), "tp1")
    newer = {**Sheet("tp1").to_json(), "schema": SCHEMA + 1}
    with pytest.raises(ForeignSheet, match="plus récente"):
        read_sheet(json.dumps(newer).encode(), "tp1")


def test_a_sheet_saved_by_a_windows_editor_is_read() -> None:
    sheet = Sheet("tp1", "", {"1.1": answer("é")})
    assert read_sheet(b"\xef\xbb\xbf" + sheet.to_bytes().replace(b"\n", b"\r\n"), "tp1") == sheet


def test_every_name_that_the_sources_carry_is_reported() -> None:
    found = resolve(sources(Sheet("tp1", "b.durand").to_bytes(), book=notebook(Sheet("tp1", "a.martin"))), "tp1")
    assert found.signatures == (frozenset({"a.martin", "b.durand"}),)
    assert found.sheet.student == "b.durand"
