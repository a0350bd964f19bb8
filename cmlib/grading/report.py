"""The class on one page: tables in the terminal, a file for the trainer's spreadsheet."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from cmlib.french import NBSP, plural, printable, typeset, write_number
from cmlib.grading.classroom import Outcome
from cmlib.grading.deposits import Unpacked


def class_table(outcomes: Sequence[Outcome], root: Path) -> str:
    """Return the class as text: student, points, mark out of 20, path of the feedback, then what calls for attention."""
    rows = [("Étudiant", "Points", "Note / 20", "Page de retour")]
    for outcome in outcomes:
        page = outcome.feedback.relative_to(root).as_posix() if outcome.feedback else "—"
        rows.append((printable(outcome.student), _points(outcome), mark_out_of_20(outcome), printable(page)))
    lines = _aligned(rows)
    noted = [outcome for outcome in outcomes if outcome.notes]
    if noted:
        lines += ["", typeset("À savoir :")]
        for outcome in noted:
            sign = "⚠" if outcome.needs_trainer else "·"
            lines += [f"  {sign} {printable(outcome.student)}{NBSP}: {typeset(printable(note))}" for note in outcome.notes]
    waiting = sum(outcome.score is None for outcome in outcomes)
    total = f"{len(outcomes)} {plural(len(outcomes), 'copie')}, dont {waiting} non {plural(waiting, 'notée')}."
    return "\n".join([*lines, "", total])


def deposit_table(unpacked: Sequence[Unpacked]) -> str:
    """Return the deposits as text: in whose name each is now, its receipt, where it was found, then what calls for attention."""
    rows = [("Étudiant", "Reçu", "Dépôt")]
    told: dict[str, list[str]] = {}  # what is said of several deposits is said once, of whom it is said
    to_settle: dict[str, None] = {}
    for one in unpacked:
        student = printable(one.student)
        rows.append((student if one.folder else "—", one.receipt or "—", printable(one.source)))
        for sentence in one.told:
            if student not in told.setdefault(sentence, []):
                told[sentence].append(student)
        if one.to_settle:
            to_settle.setdefault(one.to_settle)
    lines = _aligned(rows)
    if told or to_settle:
        lines += ["", typeset("À savoir :"), *(f"  ⚠ {typeset(printable(sentence))}" for sentence in to_settle)]
        for sentence, students in told.items():
            head = f"· {', '.join(students)}{NBSP}:" if all(students) else "⚠"
            lines.append(f"  {head} {typeset(printable(sentence))}")
    left = sum(one.folder is None for one in unpacked)
    total = f"{len(unpacked)} {plural(len(unpacked), 'dépôt')}, dont {left} non {plural(left, 'rangé')}."
    return "\n".join([*lines, "", total])


def class_csv(outcomes: Sequence[Outcome]) -> str:
    """Return the marks as a CSV that Excel opens in French: semicolons, decimal commas, a byte order mark."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Étudiant", "Points", "Sur", "Note / 20", "À lire", "À savoir"))
    for outcome in outcomes:
        points = "" if outcome.score is None else _plain(outcome.score)
        to_read = f"exercice {', '.join(outcome.waiting)}" if outcome.waiting else ""  # « 1.4 » alone is a date for Excel
        row = (outcome.student, points, _plain(outcome.maximum), mark_out_of_20(outcome), to_read, " ".join(outcome.notes))
        writer.writerow([_harmless(printable(cell)) for cell in row])
    return "\ufeff" + buffer.getvalue()


def mark_out_of_20(outcome: Outcome) -> str:
    """Return the mark on the French scale, or a dash for a copy that is not scored."""
    return "—" if outcome.score is None or not outcome.maximum else _plain(20 * outcome.score / outcome.maximum)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table, the first row ruled off as its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return lines


def _points(outcome: Outcome) -> str:
    return f"{'—' if outcome.score is None else _plain(outcome.score)} / {_plain(outcome.maximum)}"


def _plain(number: float) -> str:
    return write_number(number, 2)


def _harmless(cell: str) -> str:
    # A spreadsheet runs a cell that starts like a formula: student identifiers come from outside.
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
