"""The lint: TP 1 as it is has no problem, and each defect of a mutated copy is found, alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from cmlib.authoring import experts, lint_run
from cmlib.authoring.lint import has_mute_picture, lint_notebook
from cmlib.authoring.lint_cells import BEGIN, END, Finding, Severity, read_notebook, split_hidden
from cmlib.authoring.lint_gradebook import changed_cells, lint_gradebook
from cmlib.authoring.lint_run import Bench, check_tp, lint_runs
from cmlib.cli import main
from cmlib.grading.course import Course
from cmlib.tp.answers import SHEET_NAME, UnreadableSheet

Cells = dict[str, dict[str, Any]]


@pytest.fixture
def course(clone: Path, folder: Path) -> Course:
    shutil.copytree(clone / "solutions" / "tp1", folder / "solutions" / "tp1")
    shutil.copyfile(clone / "nbgrader_config.py", folder / "nbgrader_config.py")
    return Course(folder)


@pytest.fixture
def source(course: Course) -> Path:
    return course.source_folder("tp1") / "tp1.ipynb"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs: what is looked for is in the files."""
    monkeypatch.setattr(lint_run, "lint_runs", lambda *_: [])


def change(source: Path, edit: Callable[[list[dict[str, Any]], Cells], None]) -> None:
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    edit(notebook["cells"], {cell["id"]: cell for cell in notebook["cells"]})
    source.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def problems(findings: list[Finding]) -> list[str]:
    return [f"{finding.where} : {finding.what}" for finding in findings if finding.severity is Severity.PROBLEM]


def swap(name: str, old: str, new: str) -> Callable[[list[dict[str, Any]], Cells], None]:
    def edit(_: list[dict[str, Any]], by_id: Cells) -> None:
        assert old in by_id[name]["source"]
        by_id[name]["source"] = by_id[name]["source"].replace(old, new)

    return edit


def meta(name: str, **changed: object) -> Callable[[list[dict[str, Any]], Cells], None]:
    return lambda _, by_id: by_id[name]["metadata"]["nbgrader"].update(changed)


def put(name: str, **changed: object) -> Callable[[list[dict[str, Any]], Cells], None]:
    return lambda _, by_id: by_id[name].update(changed)


def both(*edits: Callable[[list[dict[str, Any]], Cells], None]) -> Callable[[list[dict[str, Any]], Cells], None]:
    def edit(cells: list[dict[str, Any]], by_id: Cells) -> None:
        for one in edits:
            one(cells, by_id)

    return edit


def delete(name: str) -> Callable[[list[dict[str, Any]], Cells], None]:
    return lambda cells, by_id: cells.remove(by_id[name])


def twice(name: str, new: str) -> Callable[[list[dict[str, Any]], Cells], None]:
    def edit(cells: list[dict[str, Any]], by_id: Cells) -> None:
        copy = json.loads(json.dumps({**by_id[name], "id": new}))
        copy["metadata"]["nbgrader"]["grade_id"] = new
        cells.insert(cells.index(by_id[name]) + 1, copy)

    return edit


NOTEBOOK = "« tp1.ipynb »"
STATIC = {
    "same cell id": (put("fin", id="marque"), NOTEBOOK, "2 cellules s’appellent « marque »"),
    "same grade id": (meta("note-1-5", grade_id="note-1-1"), NOTEBOOK, "2 cellules portent le grade_id « note-1-1 »"),
    "other grade id": (meta("note-1-5", grade_id="note-1-6"), "note-1-5", "son grade_id n’est pas son identifiant"),
    "grade id not a text": (meta("note-1-5", grade_id=["x"]), "note-1-5", "son grade_id"),
    "random id": (put("fin", id="3f9a1c2b"), "3f9a1c2b", "son identifiant ne dit rien"),
    "nbgrader's id": (put("fin", id="cell-3f9a1c2b44d0e1f2"), "cell-3f9a1c2b44d0e1f2", "son identifiant ne dit rien"),
    "no id": (lambda _, by_id: by_id["fin"].pop("id"), "cellule n° ", "elle n’a pas d’identifiant"),
    "other points": (swap("exercice-1-5", "points=2", "points=3"), "note-1-5", "annonce 3 points, la note en donne 2 points"),
    "points by position": (
        put("exercice-1-5", source='tp.classify("1.5", "Douze", 4, tp.case.findings, swot.CATEGORIES, hints=["…"])'),
        "note-1-5",
        "annonce 4 points",
    ),
    "points not a number": (meta("note-1-1", points="2"), "note-1-1", "nbgrader n’y lit pas de points"),
    "visible import of a key": (
        swap("donnees-marque", "tp.brand()", "from cmlib.authoring.brands.key import boxes\ntp.brand()"),
        "donnees-marque",
        "« authoring », hors de tout bloc caché",
    ),
    "visible criteria": (
        swap("donnees-marque", "tp.brand()", "from cmlib.tp import criteria\ntp.brand()"),
        "donnees-marque",
        "criteria », hors de tout bloc caché",
    ),
    "visible key": (
        swap("note-1-1", f"### {END}\ntp.grade", f"### {END}\ntp.marking('1.1')\ntp.grade"),
        "note-1-1",
        "« marking », hors de tout bloc caché",
    ),
    "no hidden block": (
        both(swap("note-1-1", f"### {BEGIN}", ""), swap("note-1-1", f"### {END}", "")),
        "note-1-1",
        "hors de tout bloc caché",
    ),
    "block not closed": (swap("note-1-1", f"### {END}", ""), "note-1-1", "le bloc caché n’est pas fermé"),
    "block not opened": (swap("note-1-1", f"### {BEGIN}", ""), "note-1-1", "un bloc caché se ferme sans s’être ouvert"),
    "nested blocks": (swap("note-1-1", "@tp", f"### {BEGIN}\n@tp"), "note-1-1", "un bloc caché en ouvre un autre"),
    "block in a text": (swap("fin", "## ", f"{BEGIN}\n{END}\n## "), "fin", "nbgrader n’y voit pas une note"),
    "what is left is not Python": (
        swap("note-1-1", f"### {BEGIN}", f"if True:\n    ### {BEGIN}\n    pass\n"),
        "note-1-1",
        "son code ne se lit plus",
    ),
    "not Python": (swap("exercice-1-1", "tp.classify(", "tp.classify(("), "exercice-1-1", "son code ne se lit pas"),
    "question without grade": (delete("note-1-5"), "exercice-1-5", "l’exercice 1.5 n’est noté nulle part"),
    "grade without question": (delete("exercice-1-5"), "note-1-5", "l’exercice 1.5 est noté sans être posé"),
    "not a grade cell": (meta("note-1-5", grade=False), "note-1-5", "nbgrader n’y voit pas une note"),
    "question asked twice": (twice("exercice-1-5", "exercice-bis"), "exercice-bis", "l’exercice 1.5 est posé deux fois"),
    "question graded twice": (twice("note-1-5", "note-bis"), "note-bis", "l’exercice 1.5 est noté deux fois"),
    "no criteria": (swap("note-1-5", '@tp.marking("1.5")', "# rien"), "note-1-5", "l’exercice 1.5 n’a pas de critères"),
    "last line": (swap("note-1-5", 'tp.grade("1.5")', 'tp.grade("1.5");'), "note-1-5", "sa dernière ligne n’est pas"),
    "last line hidden": (
        swap("note-1-5", f'### {END}\ntp.grade("1.5")', f'tp.grade("1.5")\n### {END}'),
        "note-1-5",
        "sa dernière ligne n’est pas",
    ),
    "not locked": (meta("donnees-1-7", locked=False), "donnees-1-7", "elle n’est pas verrouillée"),
    "unknown to nbgrader": (put("donnees-1-7", metadata={}), "donnees-1-7", "elle n’est pas verrouillée"),
    "to fill in": (meta("donnees-1-7", solution=True), "donnees-1-7", "c’est une cellule à compléter"),
    "an execution count": (put("donnees-1-7", execution_count=3), NOTEBOOK, "1 cellule garde des sorties"),
    "outputs": (
        both(*(put(name, outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}]) for name in ("ouvrir", "note-1-1"))),
        NOTEBOOK,
        "2 cellules gardent des sorties",
    ),
    "header": (swap("titre", "**Durée.**", "**Temps.**"), NOTEBOOK, "l’en-tête ne dit pas Durée"),
    "picture in a text": (swap("fin", "## ", "![ ](logo.png)\n\n## "), "fin", "n’a pas de texte de remplacement"),
    "picture in HTML": (swap("fin", "## ", "<img src='logo.png' alt=''>\n\n## "), "fin", "n’a pas de texte de remplacement"),
    "no hints": (swap("exercice-1-1", "hints=", "noun="), "exercice-1-1", "l’exercice 1.1 n’a pas d’indice"),
    "empty hints": (
        lambda _, by_id: by_id["exercice-1-1"].update(
            source=by_id["exercice-1-1"]["source"].split("    hints=")[0] + "    hints=[],\n)"
        ),
        "exercice-1-1",
        "n’a pas d’indice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", STATIC)
@pytest.mark.usefixtures("still")
def test_a_defect_is_the_only_problem_found(course: Course, source: Path, defect: str) -> None:
    edit, where, what = STATIC[defect]
    change(source, edit)
    found = problems(check_tp(course, "tp1"))
    assert len(found) == 1, found
    assert where in found[0] and what in found[0]


FILES = {
    SHEET_NAME: "il écraserait les réponses",
    "reponses (1).json": "il écraserait les réponses",
    "brouillon.ipynb": "ce carnet n’a pas le nom du TP",
    "Corrigé_tp1.pdf": "il ressemble à un corrigé",
    "clé.csv": "il ressemble à un corrigé",
    ".DS_Store": "c’est un fichier caché",
    "~$budget.xlsx": "c’est un fichier caché ou provisoire",
    "cmlib.py": "un module Python",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("still")
def test_a_stray_file_is_the_only_problem_found(course: Course, source: Path, name: str) -> None:
    (source.parent / name).write_text("{}", encoding="utf-8")
    found = problems(check_tp(course, "tp1"))
    assert len(found) == 1, found
    assert found[0].startswith(f"« solutions/tp1/{name} » : {FILES[name]}")


@pytest.mark.usefixtures("still")
def test_a_file_is_judged_by_what_it_holds_and_data_are_welcome(course: Course, source: Path) -> None:
    (source.parent / "memo.txt").write_text("tp.marking(…)", encoding="utf-8")
    for name in ("chiffres-cles.csv", "mots-clés.txt", "résolution.md", "données/ventes.csv", ".ipynb_checkpoints/tp1.ipynb"):
        (source.parent / name).parent.mkdir(exist_ok=True)
        (source.parent / name).write_text("a;b", encoding="utf-8")
    assert problems(check_tp(course, "tp1")) == [
        "« solutions/tp1/memo.txt » : il ressemble à un corrigé, et les étudiants le recevraient"
    ]


@pytest.mark.posix
@pytest.mark.usefixtures("still")
def test_a_link_is_found(course: Course, source: Path) -> None:
    (source.parent / "ventes.csv").symlink_to("nulle-part")
    assert "c’est un lien" in problems(check_tp(course, "tp1"))[0]


def test_tp1_as_it_is_has_no_problem_and_nothing_is_written(course: Course, source: Path) -> None:
    before = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
    found = check_tp(course, "tp1")
    assert problems(found) == []
    assert [finding.what for finding in found if "le TP vaut" not in finding.what] == []
    assert {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()} == before


def run(source: Path, students: tuple[str, ...] = ("a.martin",), timeout: int = 60) -> list[Finding]:
    return lint_runs(Bench("tp1", read_notebook(source.read_bytes()), source.parent, [], timeout), students)


def only(found: list[Finding]) -> Finding:
    assert len(set(found)) == 1, [str(finding) for finding in found]
    return found[0]


def test_expert_answers_that_miss_points_on_some_cases(source: Path) -> None:
    change(
        source,
        swap("note-1-1", "key=families(case)", 'key={**families(case), **({} if case.brand_id == "cadrelo" else WRONG(case))}'),
    )
    wrong = (
        "WRONG = lambda case: {next(iter(families(case))): next(f for f in FAMILIES if f != next(iter(families(case).values())))}"
    )
    change(source, swap("note-1-1", "@tp", f"{wrong}\n@tp"))
    finding = only(run(source, ("a.martin", "b.durand")))
    assert finding.where == "« tp1.ipynb », cellule « note-1-1 »"
    assert finding.what == "les réponses exactes n’y valent que 1,67 sur 2 pour « b.durand »"


def test_a_blank_copy_that_earns_points(source: Path) -> None:
    judge = "lambda question, value: [Mark('Cadeau', 2, 2)]"
    gift = f"from cmlib.tp.marks import Criterion, Mark\ngift = Criterion(2, 'un cadeau', {judge})\n@tp"
    change(
        source, both(swap("note-1-1", "@tp", gift), swap("note-1-1", "return [well_placed(", "return [gift] or [well_placed("))
    )
    assert only(run(source)).what == "une copie sans réponse y gagne 2 points"


def test_a_figure_without_words_in_what_is_drawn(source: Path) -> None:
    mute = "def mute(*given):\n    figure = posting_calendar(*given)\n    figure.set_label('')\n    return figure\n\n"
    change(source, lambda _, by_id: by_id["donnees-1-7"].update(source=mute + by_id["donnees-1-7"]["source"]))
    change(source, swap("donnees-1-7", "tp.picture(posting_calendar", "tp.picture(mute"))
    finding = only(run(source))
    assert finding.where.endswith("cellule « donnees-1-7 »")
    assert finding.what == "une figure n’a pas de texte de remplacement"


def test_criteria_that_do_not_make_the_points_of_the_card(source: Path) -> None:
    change(source, swap("note-1-1", "points=2", "points=1"))
    found = set(run(source))
    assert {finding.where for finding in found} == {"« tp1.ipynb », cellule « note-1-1 »"}
    assert "le total des critères est 1, celui de l’exercice 2" in only(list(found)).what


def test_a_name_that_only_the_hidden_block_knows(source: Path) -> None:
    """The source runs, what students receive does not."""
    change(source, swap("ouvrir", "from cmlib import swot\n", ""))
    change(source, swap("note-1-1", f"### {BEGIN}\n", f"### {BEGIN}\nfrom cmlib import swot\n"))
    found = run(source)
    assert {finding.where for finding in found} == {"« tp1.ipynb », cellule « exercice-1-5 »"}
    assert "NameError, name 'swot' is not defined" in found[0].what


def test_a_cell_that_fails_never_ends_or_kills_the_kernel(course: Course, source: Path) -> None:
    for code, told in (
        ("1 / 0", "ZeroDivisionError, division by zero"),
        ("import os; os._exit(1)", "le noyau Python s’est arrêté"),
        ("while True: pass", "elle n’a pas fini en 5 secondes"),
    ):
        change(source, lambda _, by_id: by_id["donnees-marque"].update(source=code))  # noqa: B023 (called at once)
        found = problems(check_tp(course, "tp1", students=("a.martin",), timeout=5))
        assert len(found) == 1
        assert found[0].startswith("« tp1.ipynb », cellule « donnees-marque » : elle échoue avant toute signature")
        assert told in found[0]


def test_expert_answers_that_are_missing_or_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Finding] = []
    assert lint_run.expert_sheets("boxes", ("a.martin",), found)[0] == {}  # imported there, not written there
    assert [finding.severity for finding in found] == [Severity.REMARK]

    def tp1(case: object) -> None:
        raise LookupError("chapitre")

    tp1.__module__ = experts.__name__
    monkeypatch.setattr(experts, "tp1", tp1)
    found = []
    lint_run.expert_sheets("tp1", ("a.martin",), found)
    assert "échouent (LookupError, chapitre)" in problems(found)[0]


@pytest.mark.usefixtures("still")
@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own, when no copy was ever graded
def test_a_graded_tp_that_gained_or_lost_cells_cannot_be_graded_again(clone: Path, course: Course, source: Path) -> None:
    course.release("tp1")
    course.register("tp1")
    with course.gradebook() as gradebook:
        gradebook.add_student("a.martin")
    change(source, swap("titre", "Objectifs", "Objectifs "))
    change(source, twice("donnees-1-7", "donnees-bis"))
    change(source, delete("donnees-marque"))
    assert problems(check_tp(course, "tp1")) == []  # nothing is graded yet
    with course.gradebook() as gradebook:
        gradebook.add_submission("tp1", "a.martin")
    before = (course.root / "gradebook.db").read_bytes()
    found = check_tp(course, "tp1")
    told = "« tp1.ipynb » : des copies sont déjà notées, et il a depuis gagné « donnees-bis » et perdu « donnees-marque »"
    assert problems(found) == [told]
    assert "« tp1b »" in found[0].advice
    shutil.copyfile(clone / "solutions" / "tp1" / "tp1.ipynb", source)
    change(source, swap("note-1-1", "Demandez-vous", "Cherchez"))  # another text in the same cells can be graded again
    assert problems(check_tp(course, "tp1")) == []
    assert (course.root / "gradebook.db").read_bytes() == before
    (course.root / "gradebook.db").write_bytes(b"rien de tel" * 500)
    assert problems(list(lint_gradebook(course, "tp1", read_notebook(source.read_bytes())))) == [
        "« gradebook.db » : le carnet de notes n’a pas pu être lu"
    ]


def test_a_cell_that_becomes_a_grade_is_a_change() -> None:
    assert "gagné « a »" in next(changed_cells("tp1", ({"a"}, set()), ({"a"}, {"a"}))).what
    assert not list(changed_cells("tp1", ({"a"}, set()), ({"a"}, set())))


CELL = {"cell_type": "markdown", "metadata": {}, "source": ""}
BASE = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
HOSTILE = [
    b"",
    b"\xff\xfe",
    b"ceci n'est pas du JSON",
    b"null",
    b"[]",
    b'{"cells": []}',
    b'{"nbformat": 3, "worksheets": []}',
    b"[" * 100_000,
    json.dumps({**BASE, "cells": [1]}).encode(),
    json.dumps({**BASE, "cells": [{**CELL, "id": 3}]}).encode(),
    json.dumps({**BASE, "cells": [{**CELL, "source": 3}]}).encode(),
    json.dumps({**BASE, "cells": [{**CELL, "cell_type": "code"}]}).encode(),
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_a_notebook_is_one_problem(course: Course, source: Path, content: bytes) -> None:
    source.write_bytes(content)
    assert len(check_tp(course, "tp1")) == 1
    with pytest.raises(UnreadableSheet):
        read_notebook(content)


@pytest.mark.parametrize("nbgrader", [3, [], {"grade": True}, {"grade": True, "grade_id": None, "points": True}, {"grade_id": 3}])
def test_what_nbgrader_never_wrote_is_read_all_the_same(nbgrader: object) -> None:
    cell = {**CELL, "cell_type": "code", "outputs": [], "execution_count": None, "id": "a", "metadata": {"nbgrader": nbgrader}}
    for text in ("\0", "(" * 5000, "%matplotlib inline\n!ls", "tp.classify(*x, **y)", "tp.numbers(3, points='2')"):
        content = json.dumps({**BASE, "cells": [{**cell, "source": text}]}).encode()
        assert lint_notebook("tp1", read_notebook(content))


def test_an_empty_folder_or_an_unknown_tp_is_one_sentence(course: Course) -> None:
    (course.root / "solutions" / "tp2").mkdir()
    assert lint_run.known_tps(course) == ["tp1", "tp2"]
    for tp in ("tp2", "tp9", "", "..", "../tp1", "\0", "x" * 5000):
        assert problems(check_tp(course, tp)) == [f"« solutions/{tp}/{tp}.ipynb » : ce carnet n’existe pas"] or len(tp) == 5000
    assert len(check_tp(course, "x" * 5000)) == 1


def test_the_hidden_block_is_read_as_nbgrader_reads_it() -> None:
    assert split_hidden(f"a\n# {BEGIN}\nb\n# {END}\nc") == ("a\nc", "")
    assert split_hidden(f"a\n# {BEGIN}\nb")[0] == "a"


@pytest.mark.parametrize(
    ("html", "mute"),
    [
        ("<img src='a'>", True),
        ('<IMG alt="">', True),
        ("<img data-alt='x'>", True),
        ("<img alt='  '>", True),
        ("<img src='a' alt='Un graphique'>", False),
        ("<p>rien</p>", False),
    ],
)
def test_a_picture_needs_words(html: str, mute: bool) -> None:
    assert has_mute_picture(html) is mute


def test_a_card_worth_nothing_needs_neither_grade_nor_hint() -> None:
    own = "tp.fill_in('bilan', title='Auto-bilan', points={points}, fields={{}})"
    for points, told in ((0, False), (1, True)):
        notebook = new_notebook(cells=[new_code_cell(own.format(points=points), id="exercice-bilan")])
        said = " ".join(str(finding) for finding in lint_notebook("tp1", notebook))
        assert ("n’est noté nulle part" in said) is told
        assert ("n’a pas d’indice" in said) is told


def check(course: Course, *tps: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *tps, "--course", str(course.root)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.mark.usefixtures("still")
def test_the_command_tells_all_in_french_and_fails_on_a_problem(course: Course, source: Path) -> None:
    code, said = check(course)
    assert code == 0
    assert said.splitlines() == ["✓ tp1\u00a0: aucun problème."]
    (course.root / "solutions" / "tp2").mkdir()
    code, said = check(course)
    assert code == 1
    assert "✗ tp2\u00a0: 1 problème." in said
    assert check(course, "tp1", "tp1")[1].count("✓ tp1") == 1
    shutil.rmtree(course.root / "solutions" / "tp1")
    shutil.rmtree(course.root / "solutions" / "tp2")
    assert check(course) == (
        0,
        "· «\u00a0solutions/\u00a0»\u00a0: il n’y a encore aucun TP\u202f; créez «\u00a0solutions/tp1/tp1.ipynb\u00a0».\n",
    )
