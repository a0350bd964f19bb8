"""The lint of parts marked by reading: the small TP is sound, and each defect of a copy is found, alone."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from cmlib.authoring import experts, lint_run
from cmlib.authoring.lint import lint_notebook
from cmlib.authoring.lint_cells import Finding, Severity
from cmlib.authoring.lint_run import Bench, lint_runs
from cmlib.authoring.lint_tasks import read_blank_tasks
from cmlib.tp.recap import READING
from tests.small_tp import SCHEME, TP, known_cell, small_tp

Cells = dict[str, NotebookNode]
Edit = Callable[[NotebookNode, Cells], None]


def found_in(*edits: Edit) -> list[str]:
    notebook = small_tp()
    for edit in edits:
        edit(notebook, {cell.id: cell for cell in notebook.cells})
    return told(lint_notebook(TP, notebook))


def told(findings: list[Finding]) -> list[str]:
    """Problems; the small TP has no header."""
    return [f"{f.where} : {f.what}" for f in findings if f.severity is Severity.PROBLEM and "l’en-tête" not in f.what]


def swap(name: str, old: str, new: str) -> Edit:
    def edit(_: NotebookNode, by_id: Cells) -> None:
        assert old in by_id[name].source
        by_id[name].source = by_id[name].source.replace(old, new)

    return edit


def meta(name: str, **changed: object) -> Edit:
    return lambda _, by_id: by_id[name].metadata.nbgrader.update(changed)


def text(name: str, source: str) -> Edit:
    return lambda _, by_id: by_id[name].update(source=source)


def move(name: str, to: int) -> Edit:
    def edit(notebook: NotebookNode, by_id: Cells) -> None:
        notebook.cells.remove(by_id[name])
        notebook.cells.insert(to, by_id[name])

    return edit


def delete(name: str) -> Edit:
    return lambda notebook, by_id: notebook.cells.remove(by_id[name])


def add(name: str) -> Edit:
    cell = known_cell(new_markdown_cell, name, "Grille : encore", task=True, points=1)
    return lambda notebook, _: notebook.cells.append(cell)


DEFECTS = {
    "no grid": (delete("grille-1-4"), "exercice-1-4", "1 point de l’exercice 1.4 se donnent à la lecture"),
    "no grid for a whole exercise": (delete("grille-1-6"), "exercice-1-6", "2 points de l’exercice 1.6 se donnent"),
    "grid of nobody": (add("grille-1-9"), "grille-1-9", "ne renvoie à aucun exercice (1.9)"),
    "grid of an exercise without": (add("grille-1-1"), "grille-1-1", "1.1 ne donne rien à la lecture, la grille 1 point"),
    "second grid": (add("grille-1-4b"), "grille-1-4b", "ne renvoie à aucun exercice"),
    "before its exercise": (move("grille-1-4", 3), "grille-1-4", "vient avant l’exercice 1.4, ou avant sa note"),
    "before its grade": (move("grille-1-4", 4), "grille-1-4", "vient avant l’exercice 1.4, ou avant sa note"),
    "other points": (meta("grille-1-6", points=1), "grille-1-6", "1.6 donne 2 points à la lecture, la grille 1 point"),
    "by_hand forgotten": (
        swap("exercice-1-4", ", by_hand=1", ""),
        "grille-1-4",
        "1.4 ne donne rien à la lecture, la grille 1 point",
    ),
    "more than it is worth": (
        swap("exercice-1-6", "points=2, by_hand=2", "points=1, by_hand=2"),
        "exercice-1-6",
        "vaut 1 point, et by_hand en donne davantage",
    ),
    "points of the card": (
        swap("exercice-1-4", "points=2", "points=3"),
        "note-1-4",
        "annonce 2 points hors de ce qui est lu, la note en donne 1 point",
    ),
    "points that nobody gives": (
        swap("exercice-1-6", "points=2", "points=3"),
        "exercice-1-6",
        "l’exercice 1.6 n’est noté nulle part",
    ),
    "not locked": (meta("grille-1-6", locked=False), "grille-1-6", "cette grille n’est pas verrouillée"),
    "points not a number": (meta("grille-1-6", points="2"), "grille-1-6", "nbgrader n’y lit pas de points"),
    "graded by nbgrader": (meta("grille-1-6", grade=True), "grille-1-6", "une grille est un texte"),
    "empty": (text("grille-1-4", " \n--\n"), "grille-1-4", "n’y liraient aucune grille"),
    "nothing but its scheme": (text("grille-1-6", SCHEME), "grille-1-6", "n’y liraient aucune grille"),
    "key in sight": (
        swap("grille-1-4", "Grille", "Réponse attendue\u00a0: le ton.\n\nGrille"),
        "grille-1-4",
        "liraient « Réponse attendue », hors du corrigé caché",
    ),
    "scheme not closed": (swap("grille-1-6", "### END MARK SCHEME", ""), "grille-1-6", "le corrigé caché n’est pas fermé"),
    "scheme not opened": (
        swap("grille-1-6", "### BEGIN MARK SCHEME", ""),
        "grille-1-6",
        "un corrigé caché se ferme sans s’être ouvert",
    ),
    "scheme elsewhere": (swap("note-1-1", "tp.grade", f"'''\n{SCHEME}\n'''\ntp.grade"), "note-1-1", "caché que dans une grille"),
}


def test_the_small_tp_is_sound() -> None:
    assert found_in() == []
    assert found_in(swap("grille-1-4", "Grille", "Des mots-clés bien choisis, un texte corrigé\u00a0?\n\nGrille")) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_the_only_problem_found(defect: str) -> None:
    edit, where, what = DEFECTS[defect]
    found = found_in(edit)
    assert len(found) == 1, found
    assert where in found[0] and what in found[0]


def test_what_cannot_be_read_is_not_guessed() -> None:
    assert found_in(swap("exercice-1-6", "by_hand=2", "by_hand=1 + 1")) == []
    assert len(found_in(swap("exercice-1-6", "tp.write(", "tp.write((("))) == 1
    for strange in ([], None, 3):
        assert found_in(meta("grille-1-6", grade_id=strange))


def test_experts_and_a_blank_copy_are_judged_on_what_criteria_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def essai(case: object) -> dict[str, object]:
        return {"1.1": {"choix": "oui"}, "1.4": {"texte": "Un texte."}}

    essai.__module__ = experts.__name__
    monkeypatch.setattr(experts, TP, essai, raising=False)
    assert lint_runs(Bench(TP, small_tp(), tmp_path, [], 60), ("a.martin",)) == []
    monkeypatch.setattr(experts, TP, lambda case: {}, raising=False)
    found = lint_run.expert_sheets(TP, ("a.martin",), [])
    assert found[0] == {}


def test_a_blank_copy_that_would_wait_for_a_reader_is_told() -> None:
    notebook = small_tp()
    for name, untouched in (("1.4", True), ("1.6", False)):
        card = next(cell for cell in notebook.cells if cell.id == f"exercice-{name.replace('.', '-')}")
        metadata = {READING: {"exercise": name, "untouched": untouched, "digest": ""}}
        card.outputs = [new_output("display_data", {}, metadata=metadata)]
    found = told(list(read_blank_tasks(TP, nbformat.from_dict(notebook))))
    assert len(found) == 1
    assert "grille-1-6" in found[0] and "attendrait votre lecture" in found[0]
