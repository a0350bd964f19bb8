"""What a student answered in an earlier TP, to take it up in this one: marking reads this TP's sheet alone."""

from pathlib import Path

from cmlib.errors import Explained
from cmlib.tp.identity import same
from cmlib.tp.sheet import AnswerSheet
from cmlib.tp.tables import ROWS


def earlier_rows(folder: Path, tp: str, exercise: str, student: str) -> list[dict[str, str]]:
    """Return the rows of a table filled in in another TP, each as its texts by column.

    Parameters
    ----------
    folder
        Folder of the other TP.
    tp, exercise
        Its short name, and the number of the exercise.
    student
        Who works here.

    Raises
    ------
    Explained
        If there is no such copy, if it is somebody else's, or if nothing was answered there.
    """
    where = f"dans « {folder.parent.name}/{folder.name} »"
    if not folder.is_dir():
        raise Explained(f"Pas de dossier « {folder.name} » à côté de ce TP : prenez les cibles proposées, ou écrivez les vôtres.")
    sheet = AnswerSheet.open(folder, tp)
    if not sheet.sheet.answers:
        raise Explained(f"Aucune réponse {where} : prenez les cibles proposées, ou écrivez les vôtres.")
    if not same(sheet.sheet.student, student):
        signed = sheet.sheet.student or "personne"
        raise Explained(f"La copie {where} est signée {signed}, et vous êtes {student} : rien n’est repris.")
    value = sheet.value(exercise)
    stored = value if isinstance(value, dict) else {}
    listed = stored.get(ROWS)
    rows: dict[str, dict[str, str]] = {row: {} for row in (listed.split() if isinstance(listed, str) else [])}
    for entry, text in stored.items():
        row, _, column = entry.partition(".")
        if column and isinstance(text, str):
            rows.setdefault(row, {})[column] = text
    found = [texts for texts in rows.values() if texts]
    if not found:
        raise Explained(f"L’exercice {exercise} n’a pas de réponse {where} : prenez les cibles proposées, ou écrivez les vôtres.")
    return found
