"""The house keeps its rules: imports go one way, importing is light, the lock pins what pyproject asks."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from cmlib.authoring.environment import environment_yml

FORMULAS = {"costs", "rates", "kpis", "duplication", "reach", "diffusion", "media", "funnel", "attribution", "stats"}

# Each room may import from itself and from the rooms before it.
ROOMS = [
    {"errors", "french", "texts", "inputs", "validation", "spreadsheets", "workbooks", "yaml_files"},
    {"data", "reference_checks", "references"},
    FORMULAS
    | {"objectives", "networks", "posts", "segments", "targets", "swot", "reputation", "responses"}
    | {
        "planning",
        "planning_checks",
        "planning_coverage",
        "planning_calendar",
        "planning_files",
        "planning_texts",
        "noise",
        "scenario",
        "campaign",
        "debrief",
    },
    {"cases"},
    {"charts"},
    {"tp"},
    {"lessons"},
    {"lab", "saving"},
    {"grading", "authoring", "batch"},
    {"cli"},
]
MODEL_NEVER_IMPORTS = {"ipywidgets", "nbgrader", "papermill", "matplotlib", "IPython"}


def room_of(module: str) -> int:
    return next(i for i, room in enumerate(ROOMS) if module.split(".")[1] in room)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_imports_go_one_way(clone: Path) -> None:
    for path in (clone / "cmlib").rglob("*.py"):
        module = ".".join(path.relative_to(clone).with_suffix("").parts)
        if module == "cmlib.__init__":
            continue
        for imported in imports_of(path):
            if imported.startswith("cmlib.") and imported.count(".") >= 1 and imported.split(".")[1] != "__version__":
                assert room_of(imported) <= room_of(module), f"{module} imports {imported}"


def test_the_model_knows_no_front_end(clone: Path) -> None:
    for name in set().union(*ROOMS[:4]):
        package = clone / "cmlib" / name
        for path in package.glob("*.py") if package.is_dir() else [package.with_suffix(".py")]:
            tops = {imported.split(".")[0] for imported in imports_of(path)}
            assert not tops & MODEL_NEVER_IMPORTS, path.name


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = {"numpy", "scipy", "pandas", "matplotlib", "ipywidgets", "papermill", "pydantic"}
    code = f"import sys, cmlib; print(sorted(set(sys.modules) & {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_formulas_load_neither_tables_nor_scipy_before_they_need_it() -> None:
    modules = "objectives, reach, media, funnel, stats, attribution"
    heavy = {"pandas", "matplotlib", "ipywidgets", "scipy"}
    code = f"import sys; from cmlib import {modules}; print(sorted(set(sys.modules) & {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_pins_every_requirement_and_holds_no_address(clone: Path) -> None:
    lock = (clone / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--|\bgit\+|@ ", lock)
    pinned = {normal(match[1]) for match in re.finditer(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    assert len(pinned) <= len(lock.splitlines())
    project = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    missing = [need for need in wanted if normal(re.match(r"[A-Za-z0-9_.-]+", need)[0]) not in pinned]  # type: ignore[index]
    assert not missing


def test_conda_gets_the_same_versions(clone: Path) -> None:
    """Run « make lock » if this fails."""
    pyproject, lock, conda = (
        (clone / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "requirements.lock", "environment.yml")
    )
    assert conda == environment_yml(pyproject, lock)
    pins = dict(re.findall(r"^  - ([a-z0-9_-]+)=([0-9.a-z]+)$", conda, re.MULTILINE))
    needs = tomllib.loads(pyproject)["project"]["dependencies"]
    assert {normal(name) for name in pins} == {"python"} | {normal(re.split(r"[<>=]", need)[0]) for need in needs}
    for name, version in pins.items():
        assert name == "python" or re.search(rf"^{re.escape(name)}=={re.escape(version)}\b", lock, re.MULTILINE | re.IGNORECASE)


def test_no_module_is_two_ideas(clone: Path) -> None:
    long = [path.name for path in (clone / "cmlib").rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert not long


def test_the_page_on_the_model_names_every_formula_and_no_other(clone: Path) -> None:
    page = (clone / "docs" / "modele.md").read_text(encoding="utf-8")
    named = {name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    written = set()
    for module in FORMULAS | {"objectives", "segments", "targets", "reputation"}:
        tree = ast.parse((clone / "cmlib" / f"{module}.py").read_text(encoding="utf-8"))
        written |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    assert named == written


def test_every_formula_says_what_it_refuses_and_gives_an_example(clone: Path) -> None:
    for module in sorted(ROOMS[2]):
        for node in ast.parse((clone / "cmlib" / f"{module}.py").read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                text = ast.get_docstring(node) or ""
                assert ">>>" in text, f"{module}.{node.name}"
                assert "Raises" in text or module not in FORMULAS, f"{module}.{node.name}"
