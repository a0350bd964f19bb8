"""``environment.yml`` for conda: what a student needs, at the versions of the lock."""

import re
import tomllib
from pathlib import Path

from packaging.markers import Marker

PYTHON = "3.11"
# What every marker of the lock is judged by: a student's machine. The platform never matters for a direct dependency.
STUDENT = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.9", "sys_platform": "win32", "os_name": "nt"}


def environment_yml(pyproject: str, lock: str) -> str:
    """Return the text of ``environment.yml``.

    Parameters
    ----------
    pyproject, lock
        Texts of ``pyproject.toml`` and ``requirements.lock``.

    Raises
    ------
    KeyError
        If the lock does not pin a dependency.
    """
    pinned = {}
    for line in lock.splitlines():
        requirement, _, marker = line.partition(";")
        if not marker or Marker(marker).evaluate(STUDENT):
            name, _, version = requirement.strip().partition("==")
            pinned[_normal(name)] = version
    needs = tomllib.loads(pyproject)["project"]["dependencies"]
    names = sorted(re.split(r"[<>=!~ ]", need, maxsplit=1)[0] for need in needs)
    lines = [f"  - {name.lower()}={pinned[_normal(name)]}" for name in names]
    head = [
        "# Engendré par « make lock » : les versions de requirements.lock.",
        "name: cmlib",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
    ]
    return "\n".join([*head, "dependencies:", f"  - python={PYTHON}", "  - pip", *lines]) + "\n"


def write_environment(root: Path) -> Path:
    """Write ``environment.yml`` in a clone and return its path."""
    path = root / "environment.yml"
    texts = [(root / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "requirements.lock")]
    path.write_text(environment_yml(*texts), encoding="utf-8", newline="\n")
    return path


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
