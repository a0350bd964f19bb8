"""The command line: one French sentence for a problem, useful exit codes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
from click.testing import CliRunner

from cmlib import __version__
from cmlib.cli import main, scenarios
from cmlib.tp.handin import hand_in as hand_in_zip
from cmlib.tp.sheet import AnswerSheet
from tests.grading.conftest import HandIn, course, expert, hand_in  # noqa: F401 (fixtures)

BATCH = ("scenarios", "run", "ici", "--out", "là")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output.replace("\u00a0", " ")


def test_help_and_version_are_in_french() -> None:
    assert "ouvre JupyterLab" in run("--help")[1]
    assert __version__ in run("--version")[1]


def test_a_command_line_that_is_not_understood_is_one_french_sentence() -> None:
    assert "Il manque TP." in run("grade")[1]
    assert "--inconnue n’existe pas" in run("grade", "tp1", "--inconnue")[1]
    code, said = run("corriger")
    assert (code, "n’existe pas" in said) == (2, True)
    assert "Affiche cette aide." in run("lab", "--help")[1]
    assert "Utilisation" in run("--help")[1]
    assert "Commandes" in run("--help")[1]
    assert "La valeur de --jobs ne convient pas : il faut un nombre entier de 1 à 256." in run(*BATCH, "--jobs", "x")[1]
    assert "La valeur de --course ne convient pas : il faut un dossier qui existe" in run("grade", "tp1", "--course", "/rien")[1]


def test_help_is_in_french_to_the_last_word() -> None:
    said = run("scenarios", "run", "--help")[1]
    assert "[obligatoire]" in said and "[de 1 à 256]" in said and "--notebook CHEMIN" in said and "--jobs N" in said
    for command in (*main.commands.values(), *scenarios.commands.values()):
        told = command.get_help(click.Context(command)).replace("[OPTIONS]", "")
        assert not re.search(r"\b(PATH|INTEGER|RANGE|DIRECTORY|FILE|TEXT|FLOAT|BOOLEAN|required|default)\b", told), told


def test_preparing_the_work_does_not_open_a_lab(folder: Path) -> None:
    code, said = run("lab", "--dossier", str(folder), "--prepare-only")
    assert code == 0
    assert "tp1" in said


def test_a_folder_that_is_not_a_course_is_one_sentence(folder: Path) -> None:
    code, said = run("grade", "tp1", "--course", str(folder))
    assert code == 1
    assert said.startswith("⚠ ")
    assert "Traceback" not in said


def test_grading_prints_the_class_and_writes_the_marks(course, hand_in: HandIn, folder: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    hand_in("a.martin")
    hand_in("b.durand", signed="c.petit")
    code, said = run("grade", "tp1", "--course", str(course.root), "--csv", str(folder / "notes.csv"))
    assert code == 2, said
    assert "16 / 20" in said
    assert "Identité à confirmer" in said
    assert "a.martin;16;20;16;" in (folder / "notes.csv").read_text(encoding="utf-8-sig")
    code, said = run("accept", "tp1", "b.durand", "--course", str(course.root))
    assert code == 0, said
    assert "16 / 20" in said


def test_tidying_deposits_says_where_each_went(course, folder: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    inbox = tmp_path / "dépôts"
    inbox.mkdir()
    sheet = AnswerSheet.open(tmp_path, "tp1")
    sheet.sign("a.martin")
    deposit = hand_in_zip(sheet, [])
    shutil.copyfile(deposit.path, inbox / "a.martin__tp1 (1).zip")
    code, said = run("deposits", "tp1", str(inbox), "--course", str(course.root))
    assert (code, deposit.receipt in said, "1 dépôt, dont 0 non rangé." in said) == (0, True, True), said
    assert (course.root / "submitted" / "a.martin" / "tp1" / "recu.json").is_file()
    (inbox / "b.zip").write_bytes(b"PK")
    code, said = run("deposits", "tp1", str(inbox), "--course", str(course.root))
    assert (code, "demandez un nouveau dépôt" in said) == (2, True), said
    code, said = run("deposits", "tp1", str(folder / "absent.zip"), "--course", str(course.root))
    assert (code, said.startswith("⚠ "), "n’existe pas" in said) == (1, True, True), said


def test_releasing_says_what_was_released(clone: Path, folder: Path) -> None:
    shutil.copytree(clone / "solutions", folder / "solutions")
    assert run("release", "--course", str(folder)) == (0, "tp1 → exercises/tp1\ntp2 → exercises/tp2\n")


def test_the_datasets_command_writes_what_is_committed(clone: Path, folder: Path) -> None:
    assert run("datasets", "--course", str(folder))[0] == 0
    for path in (folder / "datasets").rglob("*.csv"):
        assert path.read_bytes() == (clone / path.relative_to(folder)).read_bytes()


def test_the_command_answers_from_a_console_that_is_not_in_utf8(folder: Path) -> None:
    command = [sys.executable, "-c", "from cmlib.cli import main; main()", "grade", "tp1", "--course", str(folder)]
    done = subprocess.run(command, env={"PYTHONIOENCODING": "ascii", "PATH": ""}, capture_output=True, check=False)
    assert done.returncode == 1
    assert "« solutions »" in done.stderr.decode("utf-8").replace("\u00a0", " ")
