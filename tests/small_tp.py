"""A TP of three exercises for tests: one marked by its criteria, one half by reading, one by reading alone."""

from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TP = "essai"
HIDDEN = (
    "### BEGIN HIDDEN TESTS\nfrom cmlib.tp.criteria import {0}\n\ntp.marking('{1}', {2})\n### END HIDDEN TESTS\ntp.grade('{1}')"
)
SECRET = "Une bonne réponse parle de la cible."
SCHEME = f"### BEGIN MARK SCHEME\n{SECRET}\n### END MARK SCHEME"


def known_cell(kind: Callable[..., NotebookNode], name: str, source: str, **known: object) -> NotebookNode:
    meta = {"grade": False, "grade_id": name, "locked": True, "solution": False, "task": False, "schema_version": 3, **known}
    return kind(source, id=name, metadata={"nbgrader": meta})


def small_tp() -> NotebookNode:
    """An automatic exercise, one of which half is read, one that is read whole."""
    opening = "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import TextField\n\ntp = open_tp('essai', title='Essai')"
    ask = "tp.write('{}', title='Dire', points=2, by_hand={}, fields={{'{}': TextField('Votre texte')}}, hints=['Osez.'])"
    choice = "tp.choose('1.1', title='Choisir', points=1, options={'oui': 'Oui', 'non': 'Non'}, hints=['Lisez.'])"
    grid = "Grille : le ton (1 point).\n\n| point | pour |\n| --- | --- |\n| 1 | un *ton* juste |"
    key = "chosen({'oui'}, points=1)", "written('texte', points=1)"
    cells = [
        known_cell(new_code_cell, "ouvrir", opening),
        known_cell(new_code_cell, "exercice-1-1", choice),
        known_cell(new_code_cell, "note-1-1", HIDDEN.format("chosen", "1.1", key[0]), grade=True, points=1),
        known_cell(new_code_cell, "exercice-1-4", ask.format("1.4", 1, "texte")),
        known_cell(new_code_cell, "note-1-4", HIDDEN.format("written", "1.4", key[1]), grade=True, points=1),
        known_cell(new_markdown_cell, "grille-1-4", grid, task=True, points=1),
        known_cell(new_code_cell, "exercice-1-6", ask.format("1.6", 2, "avis")),
        known_cell(new_markdown_cell, "grille-1-6", f"Grille : l’avis (2 points).\n\n{SCHEME}", task=True, points=2),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "title": "Essai"})
