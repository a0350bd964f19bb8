"""What would hurt a trainer in the source of a TP, found by reading it: pure functions on the cells of a notebook.

What must be executed to be known is in `cmlib.authoring.lint_run`.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile

import nbformat

from cmlib.authoring.lint_cells import (
    BEGIN,
    END,
    Card,
    Cell,
    Finding,
    all_read,
    count_points,
    problem,
    read_cells,
    remark,
    split_hidden,
)
from cmlib.authoring.lint_tasks import check_tasks, points_by_hand
from cmlib.french import plural

OUT_OF = 20.0
HEADER = ("Objectifs", "Prérequis", "Durée", "Barème")
KEY = re.compile(
    r"\bmarking\b|\bauthoring\b|\bcmlib\.grading\b|\bcmlib\.tp\.((row_)?criteria|marks)\b"
    r"|\bfrom +cmlib\.tp +import\b.*\b((row_)?criteria|marks)\b|\bfrom +cmlib +import\b.*\bgrading\b"
)
# Words then numbers, « exercice-1-5 »: what Jupyter and nbgrader draw at random mixes digits and letters.
MEANINGFUL = re.compile(r"[A-Za-z]{2,}(-([A-Za-z]+|\d{1,4}[a-z]?))*")
MAX_ID = 39
WORDS = re.compile(r"""\salt\s*=\s*("\s*[^\s"]|'\s*[^\s']|[^\s"'>])""", re.IGNORECASE)
LAST_LINE = re.compile(r"""tp\.grade\((["'])[^"']+\1\)""")


def has_mute_picture(html: str) -> bool:
    """Tell whether some HTML shows a picture without alternative text."""
    return any(not WORDS.search(tag) for tag in re.findall(r"<img\b[^>]*", html, re.IGNORECASE))


def mute_figure(where: str) -> Finding:
    """Return what is said of a figure that a screen reader cannot tell."""
    return problem(where, "une figure n’a pas de texte de remplacement", "dites en une phrase ce qu’elle montre")


def lint_notebook(tp: str, notebook: nbformat.NotebookNode) -> list[Finding]:
    """Return what a notebook shows to who reads it."""
    cells = read_cells(tp, notebook)
    return [finding for check in CHECKS for finding in check(f"« {tp}.ipynb »", cells)]


def check_ids(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find ids that are missing, shared, drawn at random, or different from nbgrader's."""
    ids = Counter(cell.node["id"] for cell in cells if cell.node.get("id"))
    grade_ids = Counter(cell.meta["grade_id"] for cell in cells if isinstance(cell.meta.get("grade_id"), str))
    for name, count in ids.items():
        if count > 1:
            yield problem(where, f"{count} cellules s’appellent « {name} »", "donnez à chacune son identifiant")
    for name, count in grade_ids.items():
        if count > 1:
            yield problem(where, f"{count} cellules portent le grade_id « {name} »", "donnez à chacune le sien")
    for cell in cells:
        name, grade_id = cell.node.get("id", ""), cell.meta.get("grade_id")
        if not name:
            yield problem(cell.where, "elle n’a pas d’identifiant", "donnez-lui en un qui parle, par exemple « consigne-1-5 »")
        elif not MEANINGFUL.fullmatch(name) or len(name) > MAX_ID:
            yield problem(cell.where, "son identifiant ne dit rien", "donnez-lui en un qui parle, par exemple « exercice-1-5 »")
        if cell.meta and (not isinstance(grade_id, str) or (name and grade_id != name and grade_ids[grade_id] == 1)):
            yield problem(cell.where, "son grade_id n’est pas son identifiant", "écrivez deux fois le même")


def check_blocks(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find hidden blocks that nbgrader would refuse, and keys that students would receive."""
    for cell in cells:
        if cell.fault:
            yield problem(cell.where, cell.fault, f"vérifiez ses lignes « {BEGIN} » et « {END} », puis sa syntaxe")
        marks_are_wrong = bool(split_hidden(cell.node.source)[1])  # told above, with whatever it uncovers
        if cell.is_code and not marks_are_wrong and (shown := KEY.search(cell.visible)):
            yield problem(
                cell.where, f"les étudiants liraient « {shown[0]} », hors de tout bloc caché", "mettez la clé dans le bloc caché"
            )


def check_points(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find points that are not numbers, that a card and its grade cell do not share, or that do not make 20."""
    announced = {card.exercise: card for cell in cells for card in cell.cards}
    for cell in cells:
        for card in cell.cards:
            if card.automatic is None:
                yield remark(cell.where, "les points de sa carte ne se lisent pas", "écrivez-les en clair, points=2")
        if (cell.is_grade or cell.is_task) and cell.points is None:
            yield problem(cell.where, "nbgrader n’y lit pas de points", "écrivez un nombre dans ses métadonnées (« points »)")
        for exercise in cell.grades if cell.is_grade and cell.points is not None else ():
            said = announced.get(exercise)
            if said and not _agree(said, cell.points or 0.0, points_by_hand(cells, exercise)):
                told = f"annonce {count_points(said.automatic or 0.0)}{' hors de ce qui est lu' if said.by_hand else ''}"
                yield problem(
                    cell.where,
                    f"la carte de l’exercice {exercise} {told}, la note en donne {count_points(cell.points or 0.0)}",
                    "mettez le même nombre dans la carte, dans les métadonnées de la note et dans les critères",
                )
    given = [cell.points for cell in cells if cell.is_grade or cell.is_task]
    total = math.fsum(points for points in given if points is not None)
    if None not in given and not math.isclose(total, OUT_OF, abs_tol=1e-9):
        yield remark(where, f"le TP vaut {count_points(total)}", "complétez-le, ou laissez la note être ramenée sur 20")


def _agree(card: Card, graded: float, read: float) -> bool:
    """Tell whether a card and its grade cell say the same; where all adds up but ``by_hand``, the grid is told instead."""
    if card.automatic is None or card.points is None:
        return True
    return any(math.isclose(*pair, abs_tol=1e-9) for pair in ((card.automatic, graded), (card.points, graded + read)))


def check_pairs(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find questions without grade, grades without question or key, and grade cells that do not end with their grade."""
    where_shown: dict[str, str] = {}
    where_graded: dict[str, str] = {}
    marked = {exercise for cell in cells for exercise in cell.marks}
    for cell in cells:
        for card in cell.cards:
            if card.exercise in where_shown:
                yield problem(cell.where, f"l’exercice {card.exercise} est posé deux fois", "changez son numéro")
            where_shown.setdefault(card.exercise, cell.where)
        for exercise in cell.grades or (cell.marks if cell.is_grade else ()):
            if exercise in where_graded:
                yield problem(cell.where, f"l’exercice {exercise} est noté deux fois", "supprimez l’une des deux notes")
            where_graded.setdefault(exercise, cell.where)
        if (cell.grades or cell.hides) and not cell.is_grade:
            yield problem(cell.where, "nbgrader n’y voit pas une note", "mettez « grade » à true dans ses métadonnées")
        elif cell.is_grade and not cell.is_task and not _ends_with_grade(cell):
            yield problem(cell.where, "sa dernière ligne n’est pas « tp.grade(…) »", "écrivez-la seule, après le bloc caché")
    if not all_read(cells):
        return
    # Read by the trainer alone, or for the student's own use, worth nothing.
    others = {card.exercise for cell in cells for card in cell.cards if card.is_read_alone or card.points == 0}
    for exercise, where in where_shown.items():
        if exercise not in where_graded and exercise not in others:
            yield problem(where, f"l’exercice {exercise} n’est noté nulle part", "ajoutez sa cellule de note")
    for exercise, where in where_graded.items():
        if exercise not in where_shown:
            yield problem(where, f"l’exercice {exercise} est noté sans être posé", "ajoutez sa carte, ou supprimez cette note")
        elif exercise not in marked:
            yield problem(where, f"l’exercice {exercise} n’a pas de critères", f'donnez-les avec tp.marking("{exercise}")')


def _ends_with_grade(cell: Cell) -> bool:
    # A block that is not closed is told as such: what follows it is not missing.
    lines = (cell.node.source if cell.fault else cell.visible).rstrip().split("\n")
    return bool(LAST_LINE.fullmatch(lines[-1]))


def check_locks(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find cells that a student could fill in or change."""
    for cell in cells:
        if cell.meta.get("solution"):
            yield problem(
                cell.where, "c’est une cellule à compléter, et le kit note des feuilles de réponses", "remplacez-la par une carte"
            )
        elif cell.is_code and cell.meta.get("locked") is not True:
            yield problem(cell.where, "elle n’est pas verrouillée", "mettez « locked » à true dans ses métadonnées nbgrader")


def check_clean(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find what an execution left."""
    left = [cell for cell in cells if cell.is_code and (cell.node.outputs or cell.node.execution_count is not None)]
    if left:
        count = len(left)
        told = f"{count} {plural(count, 'cellule garde', 'cellules gardent')} des sorties ou un numéro d’exécution"
        yield problem(where, told, "dans le Lab, effacez toutes les sorties, puis enregistrez")


def check_header(where: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find what the opening does not say."""
    opening = "\n".join(cell.node.source for cell in takewhile(lambda cell: not cell.is_code, cells))
    missing = [word for word in HEADER if word not in opening]
    if missing:
        yield problem(where, f"l’en-tête ne dit pas {', '.join(missing)}", "écrivez-le dans la première cellule")


def check_help(_: str, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Find exercises without hints, and pictures in the text without words."""
    for cell in cells:
        for card in cell.cards:
            if not card.hints and card.points != 0:
                yield problem(cell.where, f"l’exercice {card.exercise} n’a pas d’indice", "donnez-en un avec hints=[…]")
        if cell.node.cell_type == "markdown":
            text = re.sub(r"^```.*?^```|`[^`\n]*`", "", cell.node.source, flags=re.DOTALL | re.MULTILINE)
            if re.search(r"!\[\s*\][(\[]", text) or has_mute_picture(text):
                yield mute_figure(cell.where)


CHECKS: tuple[Callable[[str, Sequence[Cell]], Iterable[Finding]], ...] = (
    check_ids, check_blocks, check_points, check_pairs, check_tasks, check_locks, check_clean, check_header, check_help,
)  # fmt: skip
