"""The recap of an answer: one output that a person reads and from which a machine recovers the answer.

The same bundle serves the student's notebook (where each save of the notebook carries it along), formgrader and the
feedback page: HTML, plain text, and the answer as a sheet of one answer.
"""

from dataclasses import replace
from html import escape
from typing import Any

from cmlib.french import typeset
from cmlib.tp.answers import ANSWER_MIME, Sheet
from cmlib.tp.display import CELL
from cmlib.tp.questions import Question, RecapRow

UNANSWERED = "(sans réponse)"
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
    rows = question.recap(value)
    title = f"Exercice {question.id}. {question.title} — {progress.state.symbol} {progress.state.value}"
    table = "".join(
        f"<tr><td style='{CELL}'>{_html(row.asked)}</td><td style='{CELL}'>{_answered(row)}</td></tr>" for row in rows
    )
    head = "".join(f"<th style='{CELL}'>{column}</th>" for column in ("Question", "Réponse"))
    summary = f"<summary>{_html(title)}</summary>"
    opening = FOLDED if folded else "<details class='cm-recap' open>"
    html = f"{opening}{summary}<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></details>"
    plain = "\n".join([title, *(f"{row.asked} : {row.answered or UNANSWERED}" for row in rows)])
    alone = replace(sheet, answers={question.id: answer} if answer else {}, damaged=())
    return {"text/html": html, "text/plain": typeset(plain), ANSWER_MIME: alone.to_json()}


def _answered(row: RecapRow) -> str:
    if row.answered:
        return f"<strong>{_html(row.answered)}</strong>"
    return f"<span style='white-space:nowrap'>{_html(UNANSWERED)}</span>"


def _html(text: str) -> str:
    return escape(typeset(text))
