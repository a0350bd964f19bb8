"""Files, names, results and notebooks that nobody should write: one sentence each, and the other scenarios are done."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_notebook
from openpyxl import load_workbook

from cmlib.batch import folders, processes
from cmlib.batch.grid import expand
from cmlib.batch.results import are_results, results_of
from cmlib.batch.runner import run_all
from cmlib.campaign import simulate
from cmlib.cli import main
from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.scenario import read_scenario
from tests.batch.conftest import SHORT, Scenarios

TINY = SHORT["targets"][0] | {"people": 1e-300}
MERGES = "a: &a {k: 1}\n" + "".join(
    f"{after}: &{after} {{<<: [{', '.join(['*' + one] * 9)}]}}\n" for one, after in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start: 2026-02-30\n", "ligne 1 : « 2026-02-30 » ne se lit pas"),
        ("seed: 1\nbudget: 2\nseed: 3\n", "ligne 3 : « seed » est écrit deux fois"),
        ("seed: !!int abc\n", "ligne 1 : « abc » ne se lit pas"),
        ("seed: !!timestamp abc\n", "ligne 1 : « abc » ne se lit pas"),
        ("seed: 0x" + "f" * 5000 + "\n", "ne se lit pas"),
        ("brand: " + "[" * 5000 + "]" * 5000 + "\n", "pas du YAML lisible"),
        ("brand: !!python/object/apply:os.getcwd []\n", "pas du YAML lisible"),
        (MERGES, "trop de clés fusionnées"),
        ("# " + "x" * 1_000_000 + "\n", "plus de 1 Mo"),
        ("x\x1b: 1\n", "pas du YAML lisible"),
        ('"x\\e\\n": 1\nbrand: {name: a}\n', "ce champ"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_file_that_cannot_be_read_stops_no_other(text: str, said: str, scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(bon={}), folder / "r"
    (place / "faux.yml").write_text(text, encoding="utf-8")
    summary = run_all(place, out, draws=20)
    assert summary.done == ["bon"] and said in summary.failed["faux"]
    assert summary.failed["faux"].isprintable() and len(summary.failed["faux"]) < 300


def test_a_file_in_another_encoding_is_told(scenarios: Scenarios, folder: Path) -> None:
    place = scenarios(bon={})
    (place / "faux.yml").write_bytes((place / "bon.yml").read_text(encoding="utf-8").encode("utf-16"))
    assert "enregistrez-le en UTF-8" in run_all(place, folder / "r", draws=20).failed["faux"]


@pytest.mark.posix
def test_what_is_not_a_file_is_not_waited_for(scenarios: Scenarios, folder: Path) -> None:
    place = scenarios(bon={})
    os.mkfifo(place / "tube.yml")
    (place / "dossier.yml").mkdir()
    (place / "boucle.yml").symlink_to("boucle.yml")
    summary = run_all(place, folder / "r", draws=20)
    assert summary.done == ["bon"] and "n’est pas un fichier" in summary.failed["tube"] == summary.failed["dossier"].replace(
        "dossier.yml", "tube.yml"
    )
    assert "tourne en rond" in summary.failed["boucle"]


@pytest.mark.posix
@pytest.mark.parametrize("name", ["figures", "Index.html", "comparaison.csv", "esc\x1b[31m", "octet\udcff", "long" * 60])
def test_a_name_that_cannot_be_a_folder_of_ours_is_told(name: str, scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(bon={}), folder / "r"
    (place / f"{name}.yml").write_bytes((place / "bon.yml").read_bytes())
    summary = run_all(place, out, draws=20)
    assert summary.done == ["bon"] and "renommez ce fichier" in summary.failed[name]
    assert (out / "figures" / "awareness.png").is_file() and (out / "index.html").is_file()


@pytest.mark.parametrize(
    "change",
    [{"start": "9999-12-31"}, {"goal": {"kpi": "clients", "target": 1e-320}}, {"targets": [TINY]}],
    ids=["date", "cible", "personnes"],
)  # fmt: skip
def test_values_that_no_simulation_takes_stop_no_other(change: dict[str, Any], scenarios: Scenarios, folder: Path) -> None:
    summary = run_all(scenarios(bon={}, faux=change), folder / "r", draws=20)
    assert summary.done == ["bon"] and list(summary.failed) == ["faux"]


def test_a_control_code_in_a_brand_stays_out_of_the_tables(scenarios: Scenarios, folder: Path) -> None:
    out = folder / "r"
    assert run_all(scenarios(bon={"brand": {"name": "a\x1b[31m\x00b"}}), out, draws=20).done == ["bon"]
    rows = list(load_workbook(out / "comparaison.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert str(rows[1][3]).isprintable()


@pytest.mark.parametrize("change", ["absents", "liste", "faussés", "profond"])
def test_results_that_were_altered_are_made_again(change: str, scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(bon={}), folder / "r"
    run_all(place, out, draws=20)
    kept = out / "bon" / folders.RESULTS
    before = kept.read_bytes()
    record = json.loads(before)
    if change == "absents":
        del record["results"]
    elif change == "liste":
        record["results"] = [1]
    else:
        record["results"]["goal"]["chance"] = "certaine"
    kept.write_text("[" * 100_000 if change == "profond" else json.dumps(record), encoding="utf-8")
    assert run_all(place, out, draws=20).done == ["bon"] and kept.read_bytes() == before


def test_a_lock_that_cannot_be_made_is_told(scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(Explained, match="lecture seule"):
        run_all(scenarios(bon={}), folder / "r", draws=20)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--jobs", "0"], "--jobs ne convient pas : il faut un nombre entier de 1 à 256"),
        (["--draws", "abc"], "--draws ne convient pas : il faut un nombre entier"),
        (["--scheduler", "machine"], "« machine » n’est pas l’adresse d’un cluster Dask"),
        (["--scheduler", ""], "n’est pas l’adresse d’un cluster Dask"),
    ],
)
def test_an_option_that_does_not_serve_is_told_in_french(
    options: list[str], said: str, scenarios: Scenarios, folder: Path
) -> None:
    done = CliRunner().invoke(main, ["scenarios", "run", str(scenarios(bon={})), "--out", str(folder / "r"), *options])
    assert done.exit_code in (1, 2) and said in untypeset(done.output)


def test_a_grid_removes_its_own_files_only(scenarios: Scenarios, folder: Path) -> None:
    source, out = scenarios(**{"essai[1]": {"grille": {"seed": [1, 2, 3]}}}) / "essai[1].yml", folder / "g"
    expand(source, out)
    (out / "essai[1]-perso.yml").write_text("à moi", encoding="utf-8")
    scenarios(**{"essai[1]": {"grille": {"seed": [1]}}})
    expand(source, out)
    assert {path.name for path in out.glob("*.yml")} == {"essai[1]-1.yml", "essai[1]-perso.yml"}


ODD = ({"goal": None}, {"brand": 3}, {"cost": float("nan")}, {"weekly": {"clients": [float("inf")]}}, {"schema": 0})


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_results_that_cannot_be_compared_are_none(odd: dict[str, Any], scenarios: Scenarios) -> None:
    scenario = read_scenario(scenarios(bon={}) / "bon.yml")
    whole = results_of(scenario, simulate(scenario, 10))
    assert are_results(whole) and not are_results(whole | odd)
    assert not any(are_results(wrong) for wrong in (None, [], {}, {"schema": 1}, whole | {"goal": whole["goal"] | {"kpi": "x"}}))


def test_a_notebook_that_shows_no_real_results_stops_no_other(scenarios: Scenarios, folder: Path) -> None:
    show = "display({'application/vnd.cmlib.resultats+json': {'schema': 1}}, raw=True)"
    cells = [new_code_cell("seed: int = None", metadata={"tags": ["parameters"]}, id="seed"), new_code_cell(show, id="faux")]
    summary = run_all(scenarios(bon={}), folder / "r", notebook=nbformat.writes(new_notebook(cells=cells)).encode())
    assert "sans résultats" in summary.failed["bon"]


@pytest.mark.posix
def test_cells_that_leave_or_show_anything_stop_no_other(scenarios: Scenarios, folder: Path, notebook: Path) -> None:
    place, out = scenarios(bon={}, fil={"seed": 91}, rien={"seed": 92}, faux={"seed": 93}, signe={"seed": 94}), folder / "r"
    report = nbformat.read(notebook, as_version=4)
    trap = """
if seed == 91: import threading as _t; _t.Thread(target=_t.Event().wait).start()
if seed == 92: import os as _o, shutil as _s; _s.rmtree(_o.getcwd())
if seed == 93: get_ipython().display_pub.publish({"application/vnd.cmlib.resultats+json": {"goal": float("nan")}})
if seed == 94: print("\\ud800")
"""
    report.cells.insert(3, new_code_cell(trap, id="piege"))
    summary = run_all(place, out, workers=2, notebook=nbformat.writes(report).encode())
    assert sorted(summary.done) == ["bon", "faux", "fil"] and sorted(summary.failed) == ["rien", "signe"]
    assert all("a échoué" in said for said in summary.failed.values())


@pytest.mark.posix
def test_the_server_that_gets_ready_leaves_ctrl_c_to_its_parent() -> None:
    read = "import signal, cmlib.batch.preload; assert (signal.getsignal(signal.SIGINT) is signal.SIG_IGN) == {}"
    for code in (f"import multiprocessing.forkserver, {read.format(True)[7:]}", read.format(False)):
        subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.posix
def test_a_process_whose_parent_was_stopped_says_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    ours, theirs = multiprocessing.Pipe()
    ours.close()
    processes._child(theirs, processes.ENGINE)
    assert theirs.closed
    signal.signal(signal.SIGINT, before)
