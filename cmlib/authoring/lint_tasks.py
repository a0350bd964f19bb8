"""What would hurt a trainer in the parts marked by reading: the grids of a TP, and the cards that announce them."""

import math
import re
from collections.abc import Iterator, Sequence

import nbformat

from cmlib.authoring.lint_cells import Card, Cell, Finding, all_read, count_points, place, problem, split_scheme
from cmlib.grading.tasks import BEGIN_SCHEME, END_SCHEME, PREFIX, exercise_of, readings_of, task_id

# What an author writes above an answer; « mots-clés » and « un texte corrigé » are no key.
ANSWER = re.compile(
    r"\bréponses? (attendues?|types?|exactes?)\b|\bbonnes? réponses?\b|\bcorrigé(-| )type\b|\b(corrigé|solution|clé)\s*:"
    r"|\btp\.marking\b|\bcmlib\.authoring\b",
    re.IGNORECASE,
)


def points_by_hand(cells: Sequence[Cell], exercise: str) -> float:
    """Return the points that the grids of an exercise give."""
    return math.fsum(cell.points or 0.0 for cell in cells if cell.is_task and cell.meta.get("grade_id") == task_id(exercise))


def check_tasks(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find grids that nbgrader or a student would read otherwise than meant, and points by hand that have no grid."""
    for cell in cells:
        yield from _scheme(cell)
        if cell.is_task:
            yield from _task(cell)
    if all_read(cells):
        yield from _pairs(cells)


def _scheme(cell: Cell) -> Iterator[Finding]:
    visible, fault = split_scheme(cell.node.source)
    marks = f"« ### {BEGIN_SCHEME} » et « ### {END_SCHEME} »"
    if not cell.is_task:
        if visible != cell.node.source:
            advice = "mettez « task » à true dans ses métadonnées, ou enlevez ces lignes"
            yield problem(cell.where, "un corrigé n’est caché que dans une grille", advice)
    elif fault:
        yield problem(cell.where, fault, f"vérifiez ses lignes {marks}")
    elif shown := ANSWER.search(visible):
        told = f"les étudiants liraient « {shown[0].strip()} », hors du corrigé caché"
        yield problem(cell.where, told, f"mettez le corrigé entre {marks}")
    elif not re.search(r"\w", visible):
        yield problem(cell.where, "les étudiants n’y liraient aucune grille", "écrivez ce qui donne des points")


def _task(cell: Cell) -> Iterator[Finding]:
    if cell.node.cell_type != "markdown" or cell.is_grade:
        advice = "faites-en un texte, « grade » à false dans ses métadonnées"
        yield problem(cell.where, "une grille est un texte, que nbgrader ne note pas lui-même", advice)
    if cell.meta.get("locked") is not True:
        yield problem(cell.where, "cette grille n’est pas verrouillée", "mettez « locked » à true dans ses métadonnées nbgrader")


def _pairs(cells: Sequence[Cell]) -> Iterator[Finding]:
    """Compare each grid with its exercise, and each exercise of which a part is read with its grid."""
    cards = {card.exercise: (place, card) for place, cell in enumerate(cells) for card in cell.cards}
    graded = {exercise: place for place, cell in enumerate(cells) for exercise in cell.grades}
    named = {task_id(exercise): exercise for exercise in cards}
    grids = {str(cell.meta.get("grade_id")): cell for cell in cells if cell.is_task}
    for number, cell in enumerate(cells):
        name = str(cell.meta.get("grade_id"))
        if not cell.is_task:
            continue
        if name not in named:
            told = f"cette grille ne renvoie à aucun exercice ({exercise_of(name)})"
            yield problem(cell.where, told, f"appelez-la comme lui, « {PREFIX}1-4 » pour l’exercice 1.4")
        elif number < max(cards[named[name]][0], graded.get(named[name], 0)):
            told = f"cette grille vient avant l’exercice {named[name]}, ou avant sa note"
            yield problem(cell.where, told, "mettez-la après la carte et la note")
        else:
            yield from _points(cell, cards[named[name]][1])
    for exercise, (number, card) in cards.items():
        if card.by_hand and task_id(exercise) not in grids:
            told = f"{count_points(card.by_hand)} de l’exercice {exercise} se donnent à la lecture, et il n’a pas de grille"
            yield problem(cells[number].where, told, f"ajoutez la cellule « {task_id(exercise)} »")
        if card.by_hand and card.automatic is not None and card.automatic < -1e-9:
            told = f"l’exercice {exercise} vaut {count_points(card.points or 0.0)}, et by_hand en donne davantage"
            yield problem(cells[number].where, told, "by_hand est une part de points")


def _points(grid: Cell, card: Card) -> Iterator[Finding]:
    if card.by_hand is None or grid.points is None or math.isclose(card.by_hand, grid.points, abs_tol=1e-9):
        return
    said = f"donne {count_points(card.by_hand)} à la lecture" if card.by_hand else "ne donne rien à la lecture"
    told = f"la carte de l’exercice {card.exercise} {said}, la grille {count_points(grid.points)}"
    yield problem(grid.where, told, "mettez le même nombre dans by_hand et dans les métadonnées de la grille")


def read_blank_tasks(tp: str, graded: nbformat.NotebookNode) -> Iterator[Finding]:
    """Tell which parts of a copy without answers, once graded, would still wait for the trainer."""
    readings = readings_of(graded)
    for number, cell in enumerate(graded.cells, start=1):
        meta = cell.metadata.get("nbgrader")
        reading = readings.get(str(meta.get("grade_id"))) if isinstance(meta, dict) and meta.get("task") else None
        if reading and not reading["untouched"]:
            told = "une copie sans réponse y attendrait votre lecture"
            yield problem(place(tp, cell, number), told, "vérifiez l’état que son exercice donne à une réponse vide")
