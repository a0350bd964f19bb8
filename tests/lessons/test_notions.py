"""Every notion of the course is taught somewhere: the tables of ``docs/notions`` name the cell, and its words are there."""

import re
from pathlib import Path

import nbformat
import pytest

CLONE = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((CLONE / "notebooks").glob("chapitre*.ipynb"))
LEAST = 40  # notions of a chapter of the course


def notions(chapter: str) -> list[tuple[str, str, str]]:
    """Return the notions of a chapter, the words that teach each one, and the cell that holds them."""
    text = (CLONE / "docs" / "notions" / f"{chapter}.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [(row[0], row[1], row[2].strip("`")) for row in rows[2:]]


def bare(text: str) -> str:
    """Return a text without marks of emphasis, nor any difference between spaces and between quotes."""
    return re.sub(r"[*_`]", "", re.sub(r"\s+", " ", text.replace("'", "’"))).casefold()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_notion_is_missing(path: Path) -> None:
    cells = {cell.id: bare(cell.source) for cell in nbformat.read(path, as_version=4).cells}
    listed = notions(path.stem)
    assert len(listed) >= LEAST
    missing = []
    for notion, words, cell in listed:
        wanted = [bare(part) for part in re.split(r"\s*;\s*|\s…\s", words) if part.strip()]
        if cell not in cells or not wanted or not all(part in cells[cell] for part in wanted):
            missing.append((notion, words, cell))
    assert missing == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_played_and_asks(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    played = [place for place, cell in enumerate(cells) if "lesson.play(" in cell.source]
    asked = re.findall(r"lesson\.(?:ask|sort|find)\(\s*\"([^\"]+)\"", "\n".join(code))
    assert played[0] <= 6  # the reader acts within two minutes
    assert len(played) >= 6
    assert len(asked) == len(set(asked)) >= len(played)
    assert len(re.findall(r"[1-5] sur 5", "\n".join(cell.source for cell in cells))) >= 5
    opening = cells[0].source
    assert all(word in opening for word in ("Objectifs", "Prérequis", "Durée"))
    assert any(
        "ources" in cell.source and re.search(r"20\d\d", cell.source) for cell in cells[-8:] if cell.cell_type == "markdown"
    )
