"""The recap of an answer: one output that a person reads and from which a machine recovers the answer.

The same bundle serves the student's notebook (where each save of the notebook carries it along), formgrader and the
feedback page: HTML, plain text, and the answer as a sheet of one answer.
"""

from html import escape
from typing import Any

from cmlib.french import typeset
from cmlib.tp.answers import ANSWER_MIME, Sheet
from cmlib.tp.display import CELL
from cmlib.tp.questions import Question, RecapRow

UNANSWERED = "(sans réponse)"


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
    summary = f"Récapitulatif de l’exercice {question.id}, enregistré dans le carnet" if folded else title
    opening = "" if folded else " open"
    head = "".join(f"<th style='{CELL}'>{column}</th>" for column in ("Question", "Réponse"))
    html = (
        f"<details class='cm-recap'{opening}><summary>{_html(summary)}</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></details>"
    )
    plain = "\n".join([title, *(f"{row.asked} : {row.answered or UNANSWERED}" for row in rows)])
    alone = Sheet(sheet.tp, sheet.student, {question.id: answer} if answer else {})
    return {"text/html": html, "text/plain": typeset(plain), ANSWER_MIME: alone.to_json()}


def _answered(row: RecapRow) -> str:
    if row.answered:
        return f"<strong>{_html(row.answered)}</strong>"
    return f"<span style='white-space:nowrap'>{_html(UNANSWERED)}</span>"


def _html(text: str) -> str:
    return escape(typeset(text))
