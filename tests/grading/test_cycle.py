"""The whole cycle with real nbgrader: what a class hands in becomes the right grades, whoever starts nbgrader."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import replace
from html import escape
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils

from cmlib.authoring import experts
from cmlib.cases import case_study
from cmlib.errors import Explained
from cmlib.french import typeset, write_quantity
from cmlib.grading import intake
from cmlib.grading.classroom import Outcome, accept_identity, grade_class
from cmlib.grading.course import Course
from cmlib.grading.demo import check_deposits, half, run_demo, write_sheet
from cmlib.grading.demo_class import Copy, blank
from cmlib.grading.deposits import Unpacked
from cmlib.grading.report import class_table
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME
from cmlib.tp.handin import RECEIPT_NAME
from cmlib.tp.handin import hand_in as hand_in_zip
from cmlib.tp.sheet import AnswerSheet
from tests.grading.conftest import HandIn, expert


def edit(course: Course, tp: str, cell_id: str, old: str, new: str) -> None:
    """Change the source of a cell of a TP, as its author would."""
    path = course.root / "solutions" / tp / f"{tp}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


def scores(course: Course, student: str) -> dict[str, float | None]:
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission("tp1", student)
        return {grade.name: grade.auto_score for grade in submission.notebooks[0].grades}


def by_student(outcomes: list[Outcome]) -> dict[str, float | None]:
    return {outcome.student: outcome.score for outcome in outcomes}


def test_the_sample_class_gets_what_it_deserves(course: Course, tmp_path: Path) -> None:
    said: list[str] = []
    before = snapshot(course.root)
    assert run_demo(course, tmp_path / "demo", said.append) == 0, "\n".join(said)
    assert snapshot(course.root) == before
    told = "\n".join(said)
    assert "usurpee" in told
    assert "\ufffd" not in told
    with zipfile.ZipFile(next((tmp_path / "demo" / "depots").rglob("a.martin__tp1 (1).zip"))) as archive:
        receipt = json.loads(archive.read(RECEIPT_NAME))
    assert (receipt["student"], receipt["complete"]) == ("a.martin", sorted(experts.tp1(case_study("a.martin", "tp1"))))


def test_the_sample_class_fails_where_the_tidying_is_not_as_expected(tmp_path: Path) -> None:
    copies, codes = [Copy("zoe", blank, 16)], {"zoe": ""}
    placed = Unpacked("COPIE zoe_101_assignsubmission_file_/zoe__tp1.zip", "zoe", tmp_path / "submitted" / "zoe" / "tp1")
    assert check_deposits(copies, codes, [placed], tmp_path) == []
    lost, warned = replace(placed, folder=None), replace(placed, told=("Le reçu est illisible.",))
    for wrong in ([], [lost], [placed, placed], [warned]):
        assert len(check_deposits(copies, codes, wrong, tmp_path)) == 1
    assert len(check_deposits([replace(copies[0], tidied="abîmé")], codes, [placed], tmp_path)) == 1


def test_the_sample_class_fails_where_a_receipt_is_not_the_student_s(tmp_path: Path) -> None:
    there = tmp_path / "submitted" / "zoe" / "tp1"
    there.mkdir(parents=True)
    sheet = AnswerSheet.open(tmp_path, "tp1")
    sheet.sign("zoe")
    deposit = hand_in_zip(sheet, [])
    with zipfile.ZipFile(deposit.path) as archive:
        archive.extractall(there)
    placed = Unpacked("COPIE zoe_101_assignsubmission_file_/zoe__tp1.zip", "zoe", there, deposit.receipt)
    copies, codes = [Copy("zoe", blank, 16)], {"zoe": deposit.receipt}
    assert check_deposits(copies, codes, [placed], tmp_path) == []
    assert "le reçu" in check_deposits(copies, {"zoe": "AAAAAAAA"}, [placed], tmp_path)[0]
    write_sheet(there / SHEET_NAME, {}, "zoe.")
    assert "le reçu" in check_deposits(copies, codes, [placed], tmp_path)[0]


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_grades_are_the_same_cell_by_cell_with_plain_execute(course: Course, hand_in: HandIn, tmp_path: Path) -> None:
    """On honest copies our execution changes nothing to nbgrader's own verdict."""
    hand_in("exacte")
    hand_in("moitie", half("moitie"))
    grade_class(course, "tp1")
    ours = {student: scores(course, student) for student in ("exacte", "moitie")}

    plain = Course(tmp_path / "plain")
    shutil.copytree(course.root, plain.root, ignore=shutil.ignore_patterns("gradebook.db", "autograded", "feedback"))
    with (plain.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(
            "c = get_config()\nchain = c.Autograde.autograde_preprocessors\nchain[0] = 'nbgrader.preprocessors.Execute'\n"
        )
    grade_class(plain, "tp1")
    assert {student: scores(plain, student) for student in ("exacte", "moitie")} == ours
    notes = {"note-1-1": 2, "note-1-2": 3, "note-1-3": 4, "note-1-5": 2, "note-1-6": 1, "note-1-7": 3, "note-1-8": 1}
    assert ours["exacte"] == notes | dict.fromkeys(("grille-1-4", "grille-1-6", "grille-1-6b", "grille-1-8"))
    assert ours["moitie"] == dict.fromkeys(ours["exacte"], 0) | {"note-1-1": 1, "note-1-5": 1, "note-1-7": 1}


def run_nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": os.pathsep.join([scripts, os.environ["PATH"]])}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.posix
def test_stock_nbgrader_gives_the_same_grades_and_never_follows_a_link(course: Course, hand_in: HandIn, tmp_path: Path) -> None:
    """A trainer who types « nbgrader autograde », or clicks in formgrader, is as safe: the configuration does it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret du formateur", encoding="utf-8")
    secret.chmod(0o600)
    hand_in("exacte")
    (hand_in("lien") / "notes.txt").symlink_to(secret)
    (hand_in("intrus") / "cmlib.py").write_text("raise SystemExit('volé')", encoding="utf-8")
    done = run_nbgrader(course, "autograde", "tp1")
    assert done.returncode == 0, done.stderr
    assert {student: sum(filter(None, scores(course, student).values())) for student in ("exacte", "lien", "intrus")} == {
        "exacte": 16,
        "lien": 16,
        "intrus": 16,
    }
    assert sorted(path.name for path in (course.root / "autograded" / "lien" / "tp1").iterdir()) == [SHEET_NAME, "tp1.ipynb"]
    assert secret.stat().st_mode & 0o777 == 0o600
    assert run_nbgrader(course, "generate_feedback", "tp1").returncode == 0
    page = (course.root / "feedback" / "lien" / "tp1" / "tp1.html").read_text(encoding="utf-8")
    assert "est un lien vers un autre fichier" in page
    assert "secret du formateur" not in page


def test_a_copy_signed_by_another_waits_for_the_trainer(course: Course, hand_in: HandIn) -> None:
    hand_in("bob", signed="alice")
    hand_in("carole", signed=" CAROLE ")
    outcomes = {outcome.student: outcome for outcome in grade_class(course, "tp1")}
    assert outcomes["carole"].score == 16
    assert outcomes["bob"].score is None
    assert outcomes["bob"].needs_trainer
    assert not (course.root / "autograded" / "bob").is_dir() or not any((course.root / "autograded" / "bob").iterdir())
    assert accept_identity(course, "tp1", "bob").score == 16
    assert by_student(grade_class(course, "tp1")) == {"bob": 16, "carole": 16}
    hand_in("bob", signed="david")
    assert grade_class(course, "tp1", ["bob"])[0].score is None
    assert all(score is None for score in scores(course, "bob").values())
    with pytest.raises(Explained, match="n’a pas de copie"):
        accept_identity(course, "tp1", "personne")


def test_the_header_of_a_file_does_not_choose_the_data(course: Course, hand_in: HandIn) -> None:
    """Somebody else's answers, signed by oneself in a backup, under a blank sheet in the name of the other."""
    deposit = hand_in("tricheur", answers=expert("victime"), signed="tricheur")
    shutil.copyfile(deposit / SHEET_NAME, deposit / BACKUP_NAME)
    write_sheet(deposit / SHEET_NAME, {}, "victime")
    hand_in("alice")  # an old sheet, signed with a mistake, beside right answers
    honest = course.root / "submitted" / "alice" / "tp1"
    shutil.move(honest / SHEET_NAME, honest / BACKUP_NAME)
    write_sheet(honest / SHEET_NAME, {}, "alcie")
    outcomes = by_student(grade_class(course, "tp1"))
    assert outcomes["alice"] == 16
    assert (outcomes["tricheur"] or 0) < 6  # the form of 1.8, a deadline: what no data decide


def test_two_identifiers_of_one_student_are_told(course: Course, hand_in: HandIn) -> None:
    hand_in("André")
    hand_in("ANDRE", signed="André")
    for outcome in grade_class(course, "tp1"):
        assert outcome.needs_trainer
        assert "Même étudiant que" in " ".join(outcome.notes)


def test_a_key_mended_after_grading_regrades_the_class(course: Course, hand_in: HandIn) -> None:
    hand_in("exacte")
    assert grade_class(course, "tp1")[0].score == 16
    edit(course, "tp1", "note-1-1", "key=families(case)", 'key=dict.fromkeys(families(case), "opinion")')
    opinions = list(expert("exacte")["1.1"].values()).count("opinion")  # type: ignore[attr-defined]
    assert grade_class(course, "tp1")[0].score == pytest.approx(14 + 2 * opinions / 6, abs=0.005)


@pytest.mark.parametrize(("saved_elsewhere", "score"), [(False, 0), (True, 16)])
def test_a_sheet_cut_short_waits_for_the_trainer_unless_another_file_has_its_answers(
    course: Course, hand_in: HandIn, saved_elsewhere: bool, score: float
) -> None:
    sheet = hand_in("exacte") / SHEET_NAME
    whole = sheet.read_bytes()
    sheet.write_bytes(whole[:-40])  # the lid was closed, then the file copied by hand
    if saved_elsewhere:
        (sheet.parent / "reponses (1).json").write_bytes(whole)
    outcome = grade_class(course, "tp1")[0]
    assert (outcome.score, outcome.needs_trainer) == (score, not saved_elsewhere)
    said = "Les réponses ont été relues dans les autres fichiers." if saved_elsewhere else "Aucune réponse n’a pu être relue."
    assert said in outcome.notes
    assert ("⚠" in class_table([outcome], course.root)) == (not saved_elsewhere)


def test_cells_added_after_grading_are_refused_in_one_sentence(course: Course, hand_in: HandIn) -> None:
    hand_in("exacte")
    grade_class(course, "tp1")
    path = course.root / "solutions" / "tp1" / "tp1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "note-1-1"]
    nbformat.write(notebook, path)
    course.release("tp1")
    with pytest.raises(Explained, match="sous un autre nom"):
        grade_class(course, "tp1")


def test_an_outdated_release_is_refused_in_one_sentence(course: Course, hand_in: HandIn) -> None:
    hand_in("exacte")
    edit(course, "tp1", "exercice-1-1", "Six problèmes", "Les six problèmes")
    with pytest.raises(Explained, match="cmlib release tp1"):
        grade_class(course, "tp1")


@pytest.mark.parametrize(
    ("last_line", "score", "told"),
    [
        ("None", 0, "ne rend pas de note"),
        ("float('nan')", 0, "n’est pas comprise"),
        ("-1", 0, "n’est pas comprise"),
        ("2.0000000000000004", 0, "n’est pas comprise"),
        ("'1,5'", 0, "n’est pas une note"),
        ("float('inf')", 0, "n’est pas comprise"),
        ("1 / 0", 0, "ZeroDivisionError"),
        ("import sys; print('bruit', file=sys.stderr); tp.grade('1.1')", 2, ""),
        ("import warnings; warnings.warn('vieilli', DeprecationWarning); tp.grade('1.1')", 2, ""),
    ],
)
def test_a_grade_cell_of_the_trainer_fails_closed_and_is_reported(
    course: Course, hand_in: HandIn, last_line: str, score: float, told: str
) -> None:
    edit(course, "tp1", "note-1-1", '\ntp.grade("1.1")', f"\n{last_line}")
    course.release("tp1")
    hand_in("exacte")
    outcome = grade_class(course, "tp1")[0]
    assert scores(course, "exacte")["note-1-1"] == score
    assert outcome.score == 14 + score
    assert outcome.needs_trainer == bool(told)
    assert told in " ".join(outcome.notes)
    assert outcome.feedback is not None
    page = outcome.feedback.read_text(encoding="utf-8")
    assert ("a échoué : votre formateur" in page.replace("\u00a0", " ")) == bool(told)
    assert "Traceback" not in page


def test_a_key_that_has_vanished_gives_no_points(course: Course, hand_in: HandIn) -> None:
    edit(course, "tp1", "note-1-5", '@tp.marking("1.5")\n', "")
    hand_in("exacte")
    outcome = grade_class(course, "tp1")[0]
    assert outcome.score == 14
    assert "la clé manque" in " ".join(outcome.notes)


def test_feedback_tells_why_and_nothing_else(course: Course, hand_in: HandIn) -> None:
    case = case_study("exacte", "tp1")
    too_wide = len(case.mentions) / (len(case.mentions) + case.competitors["mentions"].sum())
    voice = write_quantity(too_wide, "%")
    answers = {**expert("exacte"), "1.1": {}, "1.7": {"engagement": "<script>alert(1)</script>", "voix": voice}}
    hand_in("exacte", answers)
    page = (grade_class(course, "tp1")[0].feedback or Path()).read_text(encoding="utf-8")
    assert "références d’un autre secteur" in page
    assert "<script" not in page
    assert not re.search(r"https?:|src=(?!.data:)|@import|url\(", page)
    source = (course.root / "solutions" / "tp1" / "tp1.ipynb").read_text(encoding="utf-8")
    hidden = next("".join(cell["source"]) for cell in json.loads(source)["cells"] if cell["id"] == "note-1-1")
    assert "HIDDEN" in hidden
    for line in hidden.splitlines():
        assert len(line.strip()) < 8 or line.strip() not in page


def test_formgrader_shows_each_answer_as_text(course: Course, hand_in: HandIn) -> None:
    hand_in("exacte")
    grade_class(course, "tp1")
    graded = nbformat.read(course.root / "autograded" / "exacte" / "tp1" / "tp1.ipynb", as_version=4)
    shown = {cell.id: cell.outputs for cell in graded.cells if cell.cell_type == "code"}
    assert "Forces" in shown["exercice-1-5"][0].data["text/html"]
    finding = next(iter(case_study("exacte", "tp1").findings.values()))
    assert escape(typeset(finding)) in shown["exercice-1-5"][0].data["text/html"]
    assert "Critère" in shown["note-1-5"][0].data["text/html"]
    assert [utils.is_locked(cell) for cell in graded.cells if cell.cell_type == "code"] == [True] * len(shown)


def test_manual_points_survive_a_second_grading(course: Course, hand_in: HandIn) -> None:
    hand_in("exacte")
    grade_class(course, "tp1")
    with course.gradebook() as gradebook:
        gradebook.find_grade("note-1-1", "tp1", "tp1", "exacte").manual_score = 1.5
        gradebook.db.commit()
    outcome = grade_class(course, "tp1")[0]
    assert outcome.score == 15.5
    assert outcome.feedback is not None
    assert "Note ajustée" in outcome.feedback.read_text(encoding="utf-8")


def test_a_class_with_nobody_or_an_unknown_tp_is_one_sentence(course: Course) -> None:
    with pytest.raises(Explained, match="Aucune copie"):
        grade_class(course, "tp1")
    with pytest.raises(Explained, match="Il n’y a pas de TP"):
        grade_class(course, "tp9")


def test_a_sheet_left_in_the_source_folder_is_refused(course: Course, hand_in: HandIn) -> None:
    """nbgrader would copy it over every submission."""
    hand_in("exacte")
    (course.root / "solutions" / "tp1" / SHEET_NAME).write_text("{}", encoding="utf-8")
    with pytest.raises(Explained, match="écraserait"):
        grade_class(course, "tp1")


def test_a_cell_to_fill_in_is_refused_by_the_release(course: Course) -> None:
    path = course.root / "solutions" / "tp1" / "tp1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "exercice-1-1").metadata.nbgrader.update(solution=True, locked=False)
    nbformat.write(notebook, path)
    before = course.release_notebook("tp1").read_bytes()
    with pytest.raises(Explained, match="exercice-1-1"):
        course.release("tp1")
    assert course.release_notebook("tp1").read_bytes() == before


def test_trainer_files_reach_the_graded_copy(course: Course, hand_in: HandIn) -> None:
    (course.root / "solutions" / "tp1" / "images").mkdir()
    (course.root / "solutions" / "tp1" / "images" / "logo.txt").write_text("formateur", encoding="utf-8")
    course.release("tp1")
    deposit = hand_in("exacte")
    (deposit / "images").mkdir()
    (deposit / "images" / "logo.txt").write_text("étudiant", encoding="utf-8")
    assert grade_class(course, "tp1")[0].score == 16
    graded = course.root / "autograded" / "exacte" / "tp1" / "images" / "logo.txt"
    assert graded.read_text(encoding="utf-8") == "formateur"


@pytest.mark.posix
def test_ten_broken_copies_never_stop_a_class(course: Course, hand_in: HandIn) -> None:
    """Monday morning: every healthy copy has its grade, every broken one its sentence, and no traceback anywhere."""
    for student in ("a.saine", "m.saine", "z.saine"):
        hand_in(student)
    (hand_in("dossier-json") / SHEET_NAME).unlink()
    (course.root / "submitted" / "dossier-json" / "tp1" / SHEET_NAME).mkdir()
    (hand_in("date") / "timestamp.txt").write_text("12:3012345678901212345678901220260101T", encoding="utf-8")
    admitted = hand_in("regarnie")
    (admitted / ".reponses.lock").touch()
    infinite = hand_in("infinie")
    sheet = json.loads((infinite / SHEET_NAME).read_text(encoding="utf-8"))
    sheet["answers"]["z"] = {"revision": 1, "saved_at": "2026-01-01T12:00:00Z", "value": "INFINI"}
    (infinite / SHEET_NAME).write_text(json.dumps(sheet).replace('"INFINI"', "1e999"), encoding="utf-8")
    marked = hand_in("bom")
    (marked / "tp1.ipynb").write_bytes(b"\xef\xbb\xbf" + (marked / "tp1.ipynb").read_bytes())
    (course.root / "submitted" / "vide" / "tp1").mkdir(parents=True)
    hand_in("cro[chet]")
    hand_in("sans nom", signed="")
    hand_in("marie d’arc")
    (course.root / "submitted" / os.fsdecode(b"Cl\xe9a") / "tp1").mkdir(parents=True)
    (course.root / "submitted" / "perdue").mkdir()
    (course.root / "submitted" / "perdue" / "tp1.ipynb").write_bytes(course.release_notebook("tp1").read_bytes())
    (course.root / "submitted" / "__MACOSX" / "tp1").mkdir(parents=True)

    outcomes = {outcome.student: outcome for outcome in grade_class(course, "tp1")}
    (admitted / "images").mkdir()
    again = {outcome.student: outcome for outcome in grade_class(course, "tp1", ["regarnie", "infinie"])}

    full = ["a.saine", "m.saine", "z.saine", "date", "regarnie", "infinie", "bom", "sans nom", "marie d’arc"]
    assert {student: outcomes[student].score for student in full} == dict.fromkeys(full, 16)
    assert {student: outcome.score for student, outcome in again.items()} == {"regarnie": 16, "infinie": 16}
    told = {student: " ".join(outcome.notes) for student, outcome in outcomes.items()}
    assert outcomes["dossier-json"].score == 0
    assert outcomes["vide"].score == 0
    assert "aucune réponse" in told["vide"]
    assert "La réponse z" in told["infinie"]
    assert "n’est pas signée" in told["sans nom"]
    assert outcomes["cro[chet]"].score is None
    assert "renommez-le" in told["cro[chet]"]
    assert outcomes["Cl\udce9a"].score is None
    assert outcomes["perdue"].score is None
    assert "mal rangée" in told["perdue"]
    assert "__MACOSX" not in outcomes
    table = class_table(list(outcomes.values()), course.root)
    assert "Traceback" not in table
    assert table.encode()


def test_a_copy_that_nobody_foresaw_stays_alone(course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in("a.saine")
    hand_in("b.imprévue")

    def broken(folder: Path, tp: str) -> object:
        if folder.parent.name == "b.imprévue":
            raise ZeroDivisionError("imprévu")
        return survey(folder, tp)

    survey = intake.survey_folder
    monkeypatch.setattr(intake, "survey_folder", broken)
    outcomes = {outcome.student: outcome for outcome in grade_class(course, "tp1")}
    assert outcomes["a.saine"].score == 16
    assert outcomes["b.imprévue"].score is None
    assert "nbgrader.log" in outcomes["b.imprévue"].notes[0]
    assert "ZeroDivisionError: imprévu" in (course.root / "nbgrader.log").read_text(encoding="utf-8")


@pytest.mark.posix
def test_stock_nbgrader_copies_nothing_when_the_hook_fails(course: Course, hand_in: HandIn, tmp_path: Path) -> None:
    """nbgrader goes on after a hook that fails: nothing must be left for it to follow."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret du formateur", encoding="utf-8")
    deposit = hand_in("lien")
    (deposit / "notes.txt").symlink_to(secret)
    shutil.rmtree(course.root / "exercises")
    done = run_nbgrader(course, "autograde", "tp1")
    assert done.returncode != 0
    assert list(deposit.iterdir()) == []
    assert (
        "notes.txt" not in done.stderr.split("Pre-convert hook failed")[-1].split("Copying")[-1] or "Copying" not in done.stderr
    )
    assert not (course.root / "autograded" / "lien" / "tp1").exists()


def test_lateness_counts_in_the_table_as_on_the_page(course: Course, hand_in: HandIn) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    course.register("tp1")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("tp1", duedate="2026-01-01 12:00:00 UTC")
    (hand_in("retard") / "timestamp.txt").write_text("2026-02-01 12:00:00 UTC", encoding="utf-8")
    outcome = grade_class(course, "tp1")[0]
    assert outcome.score == 0
    assert any("Retard" in note for note in outcome.notes)
    assert "0 / 20" in Path(outcome.feedback or "").read_text(encoding="utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["cours [M1]", "cours?", "50% fini"])
def test_a_course_folder_that_nbgrader_cannot_search_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Explained, match="renommez ce dossier"):
        Course(tmp_path / name)


def test_damaged_rulings_are_one_sentence_a_copy(course: Course, hand_in: HandIn) -> None:
    hand_in("a.martin")
    (course.root / "identities.json").write_text('["mauvaise forme"]', encoding="utf-8")
    assert "identities.json" in grade_class(course, "tp1")[0].notes[0]


def test_the_command_to_accept_can_be_pasted(course: Course, hand_in: HandIn) -> None:
    hand_in("123", signed="x")
    hand_in("marie d", signed="x")
    told = [outcome.notes[0] for outcome in grade_class(course, "tp1")]
    assert told[0].endswith("cmlib accept tp1 123")
    assert told[1].endswith('cmlib accept tp1 "marie d"')
