"""TP 2 from the first click to the graded copy: targets taken up from TP 1, a planning imported and moved, posts written."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.grading.classroom import grade_class
from cmlib.grading.course import Course
from cmlib.grading.deposits import unpack
from cmlib.tp.answers import SHEET_NAME
from cmlib.tp.plannings import Planning, cells_of
from cmlib.tp.sheet import AnswerSheet
from tests.browser.conftest import Lab, card, serious_faults, sign
from tests.browser.test_tp1 import classify, fill_rows
from tests.grading.conftest import course  # noqa: F401 (fixture)

pytestmark = pytest.mark.browser

STUDENT = "n.petit"
PATH = "tp2/tp2.ipynb"
STEPS = {"attirer": "Attirer", "convertir": "Convertir", "conclure": "Conclure", "fideliser": "Fidéliser"}
COLUMNS = dict.fromkeys(("thematique", "cible", "message", "objectif", "kpi", "reseau", "pourquoi"), "")


@pytest.fixture
def answers() -> dict[str, dict[str, str]]:
    return {name: dict(value) for name, value in experts.tp2(case_study(STUDENT, "tp2")).items()}  # type: ignore[call-overload]


@pytest.fixture
def opened(jupyterlab: Lab, answers: dict[str, dict[str, str]]) -> Lab:
    """TP 2 signed, beside a TP 1 whose targets are those of the expert."""
    before = AnswerSheet.open(jupyterlab.work / "tp1", "tp1")
    before.sign(STUDENT)
    before.save("1.3", {**answers["2.0"]})
    jupyterlab.open(PATH)
    jupyterlab.run_all(PATH)
    jupyterlab.page.get_by_label("Votre identifiant").wait_for()
    sign(jupyterlab, STUDENT, "2-6")
    return jupyterlab


def saved(exercise: Locator) -> None:
    exercise.locator(".cm-badge").get_by_text("enregistré à").wait_for()


def choose(exercise: Locator, field: str, option: str) -> None:
    exercise.locator(f".cm-item-{field}").locator(f"input[value='{option}']").check(force=True)


def test_a_student_does_tp_2_from_start_to_end(
    opened: Lab,
    answers: dict[str, dict[str, str]],
    course: Course,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = opened.page
    for name in ("usage", "calcul"):
        field = card(opened, "2-1").locator(f".cm-item-{name} input")
        field.fill(answers["2.1"][name])
        field.blur()
    for name in ("brief", "arcom", "ages"):
        choose(card(opened, "2-1"), name, answers["2.1"][name])
    targets = card(opened, "2-0")
    targets.get_by_role("button", name="Reprendre mes cibles du TP 1").click()
    targets.get_by_text("3 fiches reprises").wait_for()

    themes = card(opened, "2-2")
    first = themes.locator(".cm-keys .cm-row").first.locator('[data-column="1"]')
    first.locator("option", has_text="Camille").wait_for(state="attached")  # the list follows the targets
    fill_rows(themes, answers["2.2"], ["t1", "t2", "t3", "t4"], COLUMNS)
    levers = card(opened, "2-3")
    asked = {lever: step for lever, step in answers["2.3"].items() if levers.locator(f".cm-item-{lever}").count()}
    assert len(asked) == 12
    classify(levers, asked, STEPS)
    funnel = card(opened, "2-3b")
    for name, text in answers["2.3b"].items():
        if name == "goulot":
            choose(funnel, name, text)
        else:
            funnel.locator(f".cm-item-{name} input").fill(text)
            funnel.locator(f".cm-item-{name} input").blur()

    planning = card(opened, "2-4")
    written = Planning("2.4", "", 6, "").gesture(answers["2.4"], {"type": "export", "format": "xlsx"}, [])
    assert written is not None
    book = tmp_path / "planning.xlsx"
    book.write_bytes(written.file[1])
    planning.locator("input[type=file]").set_input_files(book)
    planning.get_by_text("toutes les règles sont tenues").wait_for()
    saved(planning)
    kept = AnswerSheet.open(opened.work / "tp2", "tp2").value("2.4")
    assert isinstance(kept, dict)
    assert sorted(map(str, kept.values())) == sorted(answers["2.4"].values())
    posts = card(opened, "2-5")
    posts.get_by_text(answers["2.2"]["t1.thematique"]).first.wait_for()  # the lines of 2.2, by name
    for place, row in enumerate(("r1", "r2")):
        post = posts.locator(f'[data-row="{row}"]')
        assert post.count() == 1, place
        for entry, text in answers["2.5"].items():
            column = entry.removeprefix(f"{row}.")
            if not entry.startswith(f"{row}."):
                continue
            control = post.locator(f".cm-item-post-{column}").locator("input, textarea, select").first
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(text)
            elif control.get_attribute("type") == "radio":
                post.locator(f".cm-item-post-{column} input[value='{text}']").check(force=True)
            else:
                control.fill(text)
                control.blur()
    steps = card(opened, "2-6")
    for rank, step in enumerate(answers["2.6"]["ordre"].split()):
        shown = steps.locator(".cm-step-row")
        while f"cm-item-{step}" not in (shown.nth(rank).get_attribute("class") or ""):
            steps.locator(f".cm-item-{step} .cm-up").click()
    for choice in card(opened, "bilan").locator("fieldset").all():
        choice.get_by_role("radio", name="oui, sans aide").click()
    header = page.locator(".cm-header")
    header.get_by_text("9 exercices complets sur 9").wait_for()
    for exercise in answers:
        saved(card(opened, exercise.replace(".", "-")))
    opened.save()
    header.get_by_role("button", name="Préparer mon dépôt").click()
    header.get_by_text("Votre copie est prête").wait_for()
    assert serious_faults(page) == []

    deposit = opened.work / "tp2" / f"{STUDENT}__tp2.zip"
    assert (deposit.parent / SHEET_NAME).stat().st_size < 60_000
    (unpacked,) = unpack(course, deposit, "tp2")
    assert unpacked.told == ()
    (outcome,) = grade_class(course, "tp2")
    assert (outcome.score, outcome.waiting) == (17, ("2.2", "2.5"))
    told = Path(outcome.feedback or "").read_text(encoding="utf-8")
    for expected in (
        "Chaque temps fort est préparé, vécu et prolongé.",
        "12 sur 12 bien placés.",
        cells_of(answers["2.4"]["p1"])["title"],
    ):
        assert expected in told.replace("\u00a0", " ") or expected in told
