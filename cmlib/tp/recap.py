"""The recap of an answer: one output that a person reads and from which a machine recovers the answer.

The same bundle serves the student's notebook (where each save of the notebook carries it along), formgrader and the
feedback page: HTML, plain text, and the answer as a sheet of one answer.
"""

import hashlib
import json
from dataclasses import replace
from html import escape
from typing import Any

from cmlib.french import typeset
from cmlib.tp.answers import ANSWER_MIME, Sheet
from cmlib.tp.display import CELL
from cmlib.tp.questions import Question, State

READING = "cmlib_reading"
"""Where the output of a recap tells the grading side what `reading` returns."""

UNANSWERED = "(sans réponse)"
SHORT = 80  # characters; a longer answer is easier to read without emphasis
FOLDED = "<details class='cm-recap'>"
"""How a recap begins in a session, under its card."""

REOPENED = (
    f"<p>▶ {typeset('Pour reprendre : menu Exécution, « Exécuter toutes les cellules ».')}</p><details class='cm-recap' open>"
)
"""How it begins in a notebook that is reopened, where it stands alone."""


def recap_bundle(question: Question, sheet: Sheet, folded: bool) -> dict[str, Any]:
    """Return the MIME bundle of a question's recap.

    Parameters
    ----------
    question
        The question.
    sheet
        The student's sheet; only this question's answer enters the bundle.
    folded
        Whether the HTML is folded under its title, as in a session where the widget shows the answer already.
    """
    answer = sheet.answers.get(question.id)
    value = answer.value if answer else None
    progress = question.progress(value)
    recap = question.recap(value)
    title = f"Exercice {question.id}. {question.title} — {progress.state.symbol} {progress.state.value}"
    written = _answered if len(recap.head) == 2 else _in_a_table
    table = "".join(
        f"<tr><td style='{CELL}'>{_html(asked)}</td>"
        + "".join(f"<td style='{CELL}'>{written(answer)}</td>" for answer in answers)
        + "</tr>"
        for asked, *answers in recap.rows
    )
    head = "".join(f"<th style='{CELL}'>{_html(column)}</th>" for column in recap.head)
    summary = f"<summary>{_html(title)}</summary>"
    opening = FOLDED if folded else "<details class='cm-recap' open>"
    html = f"{opening}{summary}<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></details>"
    lines = [f"{asked} : {' | '.join(answers) if any(answers) else UNANSWERED}" for asked, *answers in recap.rows]
    plain = "\n".join([title, *lines])
    alone = replace(sheet, answers={question.id: answer} if answer else {}, damaged=())
    return {"text/html": html, "text/plain": typeset(plain), ANSWER_MIME: alone.to_json()}


def reading(question: Question, sheet: Sheet) -> dict[str, dict[str, str | bool]]:
    """Return, as metadata of a recap's output, what decides whether an answer waits for a person who reads it.

    The question alone knows whether a stored value says anything: a sheet may hold words that no field asks for.
    """
    value = sheet.answers[question.id].value if question.id in sheet.answers else None
    said = json.dumps(question.normalise(value), sort_keys=True)
    untouched = question.progress(value).state is State.UNTOUCHED
    digest = hashlib.sha256(said.encode(errors="replace")).hexdigest()
    return {READING: {"exercise": question.id, "untouched": untouched, "digest": digest}}


def _answered(cell: str) -> str:
    if not cell:
        return f"<span style='white-space:nowrap'>{UNANSWERED}</span>"
    tag = "strong" if len(cell) <= SHORT else "span"
    return f"<{tag} style='white-space:pre-line'>{_html(cell)}</{tag}>"


def _in_a_table(cell: str) -> str:
    """Write a cell among many: as little as can be, for a page that holds a thousand of them."""
    return _html(cell).replace("\n", "<br>") if cell else "—"


def _html(text: str) -> str:
    return escape(typeset(text))
