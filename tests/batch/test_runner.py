"""A folder of scenarios: run, resumed, refused; nothing of another's touched, nothing lost."""

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
from nbformat.v4 import new_code_cell
from openpyxl import load_workbook

from cmlib.batch import folders, processes, runner
from cmlib.batch.runner import run_all, run_one
from cmlib.cli import main
from cmlib.errors import Explained
from cmlib.french import untypeset
from tests.batch.conftest import CHANGES, Scenarios


def written(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def results(out: Path) -> dict[str, bytes]:
    return {name: content for name, content in written(out).items() if name.endswith(".json")}


def command(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["scenarios", *map(str, arguments)])
    return done.exit_code, untypeset(done.output.replace("\n", " "))


def test_three_scenarios_by_two_processes_then_resumed(scenarios: Scenarios, folder: Path) -> None:
    out, place = folder / "rapports", scenarios()
    seen: list[str] = []
    summary = run_all(place, out, workers=2, went=seen.append)
    assert sorted(summary.done) == sorted(seen) == sorted(CHANGES) and not summary.failed
    for name in CHANGES:
        page = (out / name / f"{name}.html").read_text(encoding="utf-8")
        assert page.count("<img") == page.count("alt='") == 4 and "http" not in page.replace("http-equiv", "")
        assert "open_report" not in page
        nbformat.validate(nbformat.read(out / name / f"{name}.ipynb", as_version=4))
    index = (out / "index.html").read_text(encoding="utf-8")
    assert index.index("vif") < index.index("calme") and "silence/silence.html" in index
    rows = list(load_workbook(out / "comparaison.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[1:4:2] for row in rows[1:]] == [("%", "vif"), ("%", "calme"), (None, "silence")] and isinstance(rows[1][6], float)
    assert (out / "comparaison.csv").read_text(encoding="utf-8-sig").count("\n") == 4

    before = results(out)
    (place / "vif.yml").write_text("# relu\n" + (place / "vif.yml").read_text(encoding="utf-8"), encoding="utf-8")
    assert sorted(run_all(place, out, workers=2).unchanged) == sorted(CHANGES)
    scenarios(vif={"seed": 4})
    (out / "calme" / "calme.html").unlink()
    summary = run_all(place, out, workers=2)
    assert (sorted(summary.done), summary.unchanged) == (["calme", "vif"], ["silence"])
    after = results(out)
    assert {name for name in before if before[name] != after[name]} == {"vif/resultats.json"}


def test_without_a_warm_server_the_stock_engine_gives_the_same_results(
    scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = scenarios(vif=CHANGES["vif"], cher={"budget": 10})
    run_all(place, folder / "chaud")
    monkeypatch.setattr(processes, "WARM", False)  # as on Windows and macOS
    monkeypatch.setattr(processes, "ENGINE", None)
    summary = run_all(place, folder / "ordinaire")
    assert summary.done == ["vif"] and list(summary.failed) == ["cher"]
    assert results(folder / "ordinaire") == results(folder / "chaud")
    executed = nbformat.read(folder / "ordinaire" / "vif" / "vif.ipynb", as_version=4)
    assert "iopub.execute_input" in executed.cells[1].metadata.execution, "a kernel has run it"


def test_a_failing_scenario_is_told_and_the_others_are_done(scenarios: Scenarios, folder: Path, notebook: Path) -> None:
    place, out = scenarios(bon={}, faux={"seed": 99}, mort={"seed": 98}, sorti={"seed": 97}), folder / "r"
    (place / "vide.yml").write_text("", encoding="utf-8")
    (place / "inconnu.yml").write_text((place / "bon.yml").read_text(encoding="utf-8") + "humeur: 1\n", encoding="utf-8")
    report = nbformat.read(notebook, as_version=4)
    trap = "import os, sys\nif seed == 99: 1 / 0\nif seed == 98: os._exit(9)\nif seed == 97: sys.exit()"
    report.cells.insert(3, new_code_cell(trap, id="piege"))
    summary = run_all(place, out, workers=2, notebook=nbformat.writes(report).encode())
    assert summary.done == ["bon"]
    assert "ZeroDivisionError" in summary.failed["faux"] and "ouvrez-le" in summary.failed["faux"]
    assert "code 9" in summary.failed["mort"] and "sans résultats" in summary.failed["sorti"]
    assert "commence par des champs" in summary.failed["vide"]
    assert "humeur" in summary.failed["inconnu"]
    assert all("\n" not in said for said in summary.failed.values())
    assert "ZeroDivisionError" in (out / "faux" / "faux.ipynb").read_text(encoding="utf-8")
    assert not (out / "faux" / "resultats.json").exists()
    assert "À corriger" in (out / "index.html").read_text(encoding="utf-8")


def test_the_command_says_what_failed_and_exits_with_two(scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(bon={}, cher={"budget": 10}), folder / "r"
    code, said = command("run", place, "--out", out, "--jobs", 2)
    assert code == 2 and "2 scénarios : 1 calculé, 1 en échec." in said and "cher.yml" in said and "Traceback" not in said
    (place / "cher.yml").unlink()
    code, said = command("run", place, "--out", out)
    assert code == 0 and "1 scénario : 1 inchangé." in said


def test_a_simulation_alone_gives_what_the_report_gives(scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(), folder / "r"
    assert len(run_all(place, out).done) == len(CHANGES)
    reported = {name: json.loads(content)["results"] for name, content in results(out).items()}
    before = written(out)
    code, said = command("run", place, "--out", out, "--draws", 1000)
    assert code == 1 and "contient des rapports, que cette commande effacerait" in said and written(out) == before
    out = folder / "simulations"
    code, said = command("run", place, "--out", out, "--draws", 1000, "--jobs", 2)
    assert code == 0 and "3 calculés" in said
    for name, content in results(out).items():
        alone = {"decisions": None, "changes": None}
        assert json.loads(content)["results"] == reported[name] | alone
    left = {name for name in written(out) if name.endswith((".ipynb", ".html"))}
    assert left == {"index.html"}
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="vif/resultats.json"' in page and untypeset(page).count("1 000 tirages") == 2
    assert "3 inchangés" in command("run", place, "--out", out, "--draws", 1000)[1]
    assert "3 calculés" in command("run", place, "--out", out, "--draws", 1001)[1]
    assert command("run", place, "--out", out, "--draws", 0)[0] == 2


def test_a_simulation_whose_process_dies_keeps_what_is_done(scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(**{f"s{rank}": {"seed": rank} for rank in range(40)}), folder / "r"

    def went(_: str) -> None:
        for process in multiprocessing.active_children():
            process.kill()

    with pytest.raises(Explained, match="ce qui est fini est gardé"):
        run_all(place, out, workers=2, draws=4000, went=went)
    kept = len(results(out))
    summary = run_all(place, out, workers=2, draws=4000)
    assert 0 < kept == len(summary.unchanged) and len(summary.done) == 40 - kept


def test_a_report_of_ones_own(scenarios: Scenarios, folder: Path, notebook: Path) -> None:
    report = nbformat.read(notebook, as_version=4)
    report.cells.insert(4, new_code_cell("print('vu par l’agence')", id="agence"))
    mine, place, out = folder / "à moi.ipynb", scenarios(bon={}), folder / "r"
    nbformat.write(report, mine)
    assert command("run", place, "--out", out, "--notebook", mine)[0] == 0
    assert "vu par l’agence" in (out / "bon" / "bon.html").read_text(encoding="utf-8")
    assert "1 calculé" in command("run", place, "--out", out)[1], "the kit's own report is another one"
    mine.write_text("[]", encoding="utf-8")
    for given, wrong, why in (
        (mine, (), "n’est pas un carnet"),
        (folder / "rien", (), "(introuvable)"),
        (notebook, ("--draws", 10), "ne fait pas de rapport"),
    ):
        code, said = command("run", place, "--out", out, "--notebook", given, *wrong)
        assert code == 1 and why in said and "Traceback" not in said, said


def test_one_scenario_alone(scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = folder / "r"
    found = run_one(scenarios() / "calme.yml", out)
    assert found == json.loads((out / "calme" / "resultats.json").read_bytes())["results"]
    monkeypatch.setattr(processes.multiprocessing.current_process(), "_config", {"daemon": True})
    job = folders.job_of(scenarios() / "calme.yml", runner.report_notebook())
    elsewhere = json.loads(processes.in_a_process(json.dumps(job.task()).encode()))  # as a Dask worker under its nanny
    assert elsewhere["results"] == found


@pytest.mark.parametrize("case", ["étranger", "fichier", "aucun", "absent", "double", "occupé"])
def test_folders_that_do_not_serve_are_refused_and_left_alone(case: str, scenarios: Scenarios, folder: Path) -> None:
    place, out = scenarios(bon={}), folder / "r"
    if case == "étranger":
        out.mkdir()
        (out / "thèse.docx").write_text("travail")
    elif case == "fichier":
        out.write_text("travail")
    elif case == "aucun":
        (place / "bon.yml").unlink()
    elif case == "absent":
        place = folder / "nulle-part"
    elif case == "double":
        (place / "Bon.yaml").write_text("")
    before = written(folder)
    said = {
        "étranger": "contient autre chose", "fichier": "n’a pas pu être écrit", "aucun": "n’a aucun scénario",
        "absent": "(introuvable)", "double": "le même nom", "occupé": "Une autre commande écrit déjà",
    }[case]  # fmt: skip
    if case == "occupé":
        with folders.claimed(out, "rapports"), pytest.raises(Explained, match=said):
            run_all(place, out)
        return
    with pytest.raises(Explained) as error:
        run_all(place, out)
    assert said in untypeset(str(error.value)) and written(folder) == before


def test_a_full_disk_keeps_what_is_done(scenarios: Scenarios, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, out = scenarios(), folder / "r"
    write = folders.write

    def full(path: Path, content: bytes) -> None:
        if path.name == "silence.html":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(folders, "write", full)
    with pytest.raises(Explained, match="disque plein"):
        run_all(place, out)
    assert (out / "calme" / "resultats.json").is_file() and not (out / "silence" / "resultats.json").exists()
    monkeypatch.undo()
    assert run_all(place, out).unchanged == ["calme"]


@pytest.mark.posix
@pytest.mark.parametrize("draws", [0, 3000])
def test_ctrl_c_keeps_what_is_done_and_leaves_no_process(scenarios: Scenarios, folder: Path, draws: int) -> None:
    place, out = scenarios(), folder / "r"
    code = (
        "import os, signal, sys; from pathlib import Path; from cmlib.batch import runner; from cmlib.cli import main\n"
        "real = runner.run_all\n"
        "def run_all(*given, went, **named):\n"
        "    return real(*given, went=lambda name: (went(name), os.kill(os.getpid(), signal.SIGINT)), **named)\n"
        "runner.run_all = run_all\n"
        "if __name__ == '__main__': main()"
    )
    script = folder / "lance.py"
    script.write_text(code, encoding="utf-8")
    line = [sys.executable, str(script), "scenarios", "run", str(place), "--out", str(out), "--jobs", "1"]
    line += ["--draws", str(draws)] if draws else []
    done = subprocess.run(line, capture_output=True, check=False, cwd=folder)
    said = untypeset(done.stderr.decode())
    assert done.returncode == 1 and "Interrompu : ce qui est fini est gardé" in said and "Traceback" not in said, said
    assert len(results(out)) == 1
    assert sorted(run_all(place, out, draws=draws).unchanged) == ["calme"]
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN and os.name == "posix"


def test_without_papermill_the_command_says_what_to_install(scenarios: Scenarios, folder: Path) -> None:
    code = "import sys; sys.modules['papermill'] = None\nfrom cmlib.cli import main; main()"
    line = [sys.executable, "-c", code, "scenarios", "run", str(scenarios()), "--out", str(folder / "r")]
    done = subprocess.run(line, capture_output=True, check=False)
    said = untypeset(done.stderr.decode())
    assert done.returncode == 1 and 'pip install "cmlib[batch]"' in said and "Traceback" not in said, said
    assert subprocess.run([*line, "--draws", "10"], capture_output=True, check=False).returncode == 0
    loaded = "import sys, cmlib.cli, cmlib.batch.runner; print({'papermill', 'distributed'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_names_from_a_file_stay_text(scenarios: Scenarios, folder: Path) -> None:
    brand: dict[str, Any] = {"name": "=1+1<script>alert(1)</script>"}
    place, out = scenarios(**{"=cmd": {"brand": brand}}), folder / "r"
    assert run_all(place, out).done == ["=cmd"]
    for page in (out / "index.html", out / "=cmd" / "=cmd.html"):
        assert "<script>" not in page.read_text(encoding="utf-8")
    sheet = load_workbook(out / "comparaison.xlsx").active
    assert [cell.data_type for cell in next(sheet.iter_rows(min_row=2))][3:5] == ["s", "s"]  # type: ignore[union-attr]
    assert ";=" not in (out / "comparaison.csv").read_text(encoding="utf-8-sig")
