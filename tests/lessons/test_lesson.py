"""What every chapter is made of: controls, demonstrations, questions that answer at once, pages without a kernel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from cmlib.authoring.site import build_site, page_of
from cmlib.charts import funnel_chart
from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.kpis import KPIS
from cmlib.lessons import open_lesson
from cmlib.lessons.checks import CheckedChoice, CheckedClassification, CheckedNumber, answer_of
from cmlib.lessons.controls import Select, Slider
from cmlib.lessons.lesson import STATIC
from cmlib.lessons.play import Play
from cmlib.tp.fields import NumberField
from cmlib.tp.questions import State
from cmlib.tp.sheet import AnswerSheet

WHY = "Deux fois deux font quatre."
CHOICE = CheckedChoice(
    "q", "Question", 0, "?", {"a": "Quatre", "b": "Cinq"}, right=frozenset("a"), why=WHY, instead={"b": "Recomptez."}
)
SORTED = CheckedClassification(
    "s", "Tri", 0, "?", {"x": "Un", "y": "Deux"}, {"i": "Impair", "p": "Pair"}, key={"x": "i", "y": "p"}, why=WHY
)
NUMBER = CheckedNumber("n", "Nombre", 0, "?", {"reponse": NumberField("Taux", "%")}, expected=0.08, tolerance=0.001, why=WHY)
VISITS = Slider("Prospects", 20, 200, 1, 80)


@pytest.fixture(autouse=True, scope="module")
def shell() -> Iterator[None]:
    """What `display` needs to publish anything."""
    InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield
    InteractiveShell.clear_instance()


def draw(prospects: float, where: str = "a") -> tuple[Any, str]:
    counts = {"visiteur": 1000, "prospect": prospects, "client": 20, "ambassadeur": 5}
    return funnel_chart(counts), f"Il y a {prospects:.0f} prospects ({where})."


@given(st.none() | st.booleans() | st.text() | st.floats() | st.integers() | st.just(10**400))
def test_a_control_survives_whatever_the_page_says(given_value: object) -> None:
    assert 20 <= VISITS.read(given_value) <= 200
    assert Select("Où", {"a": "A", "b": "B"}, "b").read(given_value) in ("a", "b")


def test_a_control_that_makes_no_sense_is_refused() -> None:
    for wrong in ((20, 10, 1, 15), (0, 10, 0, 5), (0, 10, 1, 11)):
        with pytest.raises(InvalidInput):
            Slider("x", *wrong)
    with pytest.raises(InvalidInput, match="unité"):
        Slider("x", 0, 10, 1, 5, "parsec")
    with pytest.raises(InvalidInput):
        Select("x", {"a": "A"})
    assert untypeset(Slider("Taux", 0, 100, 1, 8, "%").show(8)) == "8 %"


def test_a_demonstration_redraws_the_figure_that_the_notebook_keeps() -> None:
    play = Play("essai", "Titre", "Que se passe-t-il ?", draw, {"prospects": VISITS, "where": Select("Où", {"a": "A", "b": "B"})})
    with capture_output() as captured:
        play.show(static=False)
        assert not play._act({"type": "look", "values": 3}, [])
        assert play._act({"type": "look", "values": {"prospects": 120, "where": "b"}}, [])
    shown = [output.data.get("text/html", "") for output in captured.outputs]
    assert "prospects 80" in shown[1] and "alt='" in shown[1]
    assert "120 prospects (b)" in shown[-1] and "Où\xa0: B" in shown[-1]
    with capture_output():
        play._act({"type": "look", "values": {"prospects": 10**9}}, [])
    assert play.values == {"prospects": 200, "where": "a"}
    assert "<h4>" in play.html(static=True)


def test_what_cannot_be_drawn_is_said_in_french() -> None:
    def refuse(prospects: float) -> tuple[str, str]:
        if prospects > 100:
            raise InvalidInput("Trop de prospects : réduisez-les.")
        return "<p>bien</p>", "Voyez."

    play = Play("essai", "Titre", "?", refuse, {"prospects": VISITS})
    with capture_output():
        play.show(static=False)
        assert not play._act({"type": "look", "values": {"prospects": 150}}, [])
        assert "Trop de prospects" in play.widget.status["error"]
        assert play._act({"type": "look", "values": {"prospects": 50}}, [])
    assert play.widget.status["error"] == ""


@pytest.mark.parametrize(
    ("question", "value", "state", "told"),
    [
        (CHOICE, None, State.UNTOUCHED, "Choisissez"),
        (CHOICE, {"choix": "a"}, State.COMPLETE, f"Juste. {WHY}"),
        (CHOICE, {"choix": "b"}, State.INCOMPLETE, "Recomptez."),
        (SORTED, {"x": "i"}, State.INCOMPLETE, "1 élément reste à classer"),
        (SORTED, {"x": "i", "y": "p"}, State.COMPLETE, WHY),
        (SORTED, {"x": "p", "y": "p"}, State.INCOMPLETE, "à revoir : « Un »"),
        (NUMBER, {"reponse": "8 %"}, State.COMPLETE, WHY),
        (NUMBER, {"reponse": "0,08"}, State.INCOMPLETE, ""),
        (NUMBER, {"reponse": "9 %"}, State.INCOMPLETE, "n’est pas la valeur attendue"),
    ],
)
def test_an_answer_is_judged_at_once(question: Any, value: object, state: State, told: str) -> None:
    progress = question.progress(value)
    assert progress.state is state
    assert told in untypeset(progress.message)
    assert WHY in answer_of(question)


def test_a_question_without_a_sound_answer_is_refused() -> None:
    with pytest.raises(InvalidInput):
        CheckedChoice("q", "", 0, "", {"a": "A", "b": "B"}, right=frozenset("z"))
    with pytest.raises(InvalidInput):
        CheckedClassification("q", "", 0, "", {"x": "X"}, {"a": "A", "b": "B"}, key={})


def ask_everything(lesson: Any) -> None:
    lesson.ask("q", "Deux fois deux ?", {"a": "Quatre", "b": "<b>Cinq</b>"}, "a", WHY)
    lesson.sort("s", "Pairs ?", SORTED.items, SORTED.categories, SORTED.key, WHY)
    lesson.find("n", "Quel taux ?", "Taux", "%", 0.08, 0.001, WHY)


def test_answers_are_kept_beside_the_chapter_and_come_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delenv(STATIC, raising=False)
    with capture_output():
        lesson = open_lesson("chapitre1")
        ask_everything(lesson)
    assert lesson.sheet is not None
    lesson.sheet.save("q", {"choix": "a"})
    assert AnswerSheet.open(folder / "reponses-chapitre1", "chapitre1").value("q") == {"choix": "a"}
    with capture_output():
        again = open_lesson("chapitre1")
    assert again.sheet is not None and again.sheet.value("q") == {"choix": "a"}
    (folder / "chapitre2").mkdir()
    monkeypatch.chdir(folder / "chapitre2")
    with capture_output():
        assert open_lesson("chapitre2").sheet.folder.name == "chapitre2"  # type: ignore[union-attr]


def test_a_folder_that_cannot_be_written_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delenv(STATIC, raising=False)
    (folder / "reponses-chapitre1").write_text("pris")
    with pytest.raises(Explained, match="refuse l’écriture"):
        open_lesson("chapitre1")


def test_a_page_without_a_kernel_holds_the_answers_folded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv(STATIC, "1")
    with capture_output() as captured:
        lesson = open_lesson("chapitre1")
        ask_everything(lesson)
        lesson.play("essai", "Titre", "?", draw, prospects=VISITS)
        lesson.glossary()
    html = "".join(output.data["text/html"] for output in captured.outputs)
    assert list(folder.iterdir()) == []
    assert html.count("<details>") == 3 and WHY in html and "<b>Cinq" not in html
    assert html.count("lang='en'") == len(KPIS)


def test_a_site_runs_each_chapter_and_loads_nothing(folder: Path) -> None:
    cells = [
        new_markdown_cell(
            "# Chapitre 1. Essai\n\nVoir le [chapitre 2](../chapitre2/chapitre2.ipynb) et le [TP](../tp1/tp1.ipynb)."
        ),
        new_markdown_cell("## Être vu\n\n<script>alert(1)</script>"),
        new_code_cell("from cmlib.lessons import open_lesson\nlesson = open_lesson('chapitre1')"),
        new_code_cell("lesson.ask('q', 'Deux fois deux ?', {'a': 'Quatre', 'b': 'Cinq'}, 'a', 'Comptez.')"),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "chapitre1.ipynb")
    home, page = build_site(folder, folder / "site")
    text = page.read_text(encoding="utf-8")
    assert "<a href='chapitre2.html'>" in text and "tp1.ipynb" not in text
    assert "<h2 id='etre-vu'>" in text and 'href="#etre-vu"' in text
    assert "<script" not in text and "src='http" not in text and "Voir la réponse" in text
    assert "Chapitre 1. Essai" in home.read_text(encoding="utf-8")


def test_a_heading_is_told_as_it_is_written_and_has_an_anchor_of_its_own() -> None:
    cells = [new_markdown_cell('# Le "R&D"\n\n## A & B'), new_markdown_cell("## A & B\n\n## 🚲\n\n## *Gras*")]
    chapter = page_of("chapitre1", new_notebook(cells=cells))
    assert chapter.title == 'Le "R&D"'
    assert chapter.sections == (("a-b", "A & B"), ("a-b-2", "A & B"), ("partie", "🚲"), ("gras", "Gras"))
    assert "<h2 id='a-b-2'>A &amp; B</h2>" in chapter.html


def test_a_site_says_which_cell_fails(folder: Path) -> None:
    with pytest.raises(Explained, match="aucun chapitre"):
        build_site(folder, folder / "site")
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0", id="division")]), folder / "chapitre1.ipynb")
    with pytest.raises(Explained, match="division"):
        build_site(folder, folder / "site")
    assert not (folder / "site").exists()
