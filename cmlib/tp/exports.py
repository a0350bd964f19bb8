"""What a student takes away from TP 1: the SWOT and each persona as pictures, and all of it on one page to print.

A half-filled sheet gives what it holds: a cell that cannot be read is shown as it was typed, and what lacks is told.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cmlib.charts.boards import PersonaCard, persona_sheet, swot_board
from cmlib.errors import Explained, reason
from cmlib.swot import CATEGORIES, Entry
from cmlib.targets import TRAITS
from cmlib.texts import bare, one_line, tidy_lines
from cmlib.tp.board_page import Boards, board_page
from cmlib.tp.fields import ChoiceField
from cmlib.tp.questions import Question, State
from cmlib.tp.sheet import replace_file
from cmlib.tp.tables import Row, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPORTS_NAME = "exports"
SWOT_PICTURE = "swot.png"
DPI = 200  # a picture prints sharp across a page
WELL_SEEN = 100  # dots an inch, under which letters get wider than they were measured
MOST_PIXELS, FORMAT_LIMIT = 16_000, 60_000  # of height: a page of sheer length stays a picture that opens
LONGEST_SLUG = 40

_PERSONA_PICTURE = re.compile(r"persona-[0-9]+(-[a-z0-9-]+)?\.png")
_WHO = ("name", "age", "situation", "networks")


@dataclass(frozen=True)
class Written:
    """What an export wrote.

    Attributes
    ----------
    files
        What each file is, by its name in the folder ``exports``.
    former
        Pictures that another export left there, and that this one did not write.
    """

    files: Mapping[str, str]
    former: tuple[str, ...]


def gather(
    questions: Mapping[str, Question],
    value: Callable[[str], object],
    boards: Boards,
    swot: str,
    personas: str,
    objectives: str,
) -> Boards:
    """Return what three exercises hold, in words.

    Parameters
    ----------
    questions
        Those shown so far, by id.
    value
        Returns the stored value of an exercise.
    boards
        Title, brand and student; the rest is replaced.
    swot, personas, objectives
        Exercises: a table whose rows are the four boxes, persona cards, a table. Their columns may be fewer or more.
    """
    missing: list[str] = []

    def rows_of(id: str, nothing: str) -> tuple[Table | None, list[Row]]:
        table = questions.get(id)
        if not isinstance(table, Table):
            missing.append(f"Exercice {id} : il n’est pas affiché dans ce carnet, {nothing.rpartition(', ')[2]}.")
            return None, []
        rows, progress = table.filled(value(id)), table.progress(value(id))
        if not rows:
            missing.append(f"Exercice {id} : {nothing}.")
        elif progress.state is not State.COMPLETE:
            missing.append(f"Exercice {id} : {progress.message}")
        return table, rows

    _, boxes = rows_of(swot, "aucun constat, pas d’image")
    _, cards = rows_of(personas, "aucune fiche, pas d’image")
    table, goals = rows_of(objectives, "aucun objectif, pas de tableau")
    heads = [table.noun.capitalize()] * bool(table.rows) + [asked.label for asked in table.fields.values()] if table else []
    return Boards(
        title=boards.title,
        brand=boards.brand,
        student=boards.student,
        swot=_entries(boxes),
        personas=[_card(row) for row in cards],
        heads=heads,
        objectives=[[row.label] * bool(table and table.rows) + [shown(row, column) for column in row.fields] for row in goals],
        missing=missing,
    )


def write_boards(boards: Boards, folder: Path, tp: str, day: date) -> Written:
    """Write the pictures and the page in the folder ``exports``, each whole or not at all, over those of a former export.

    Parameters
    ----------
    folder
        Where the notebook is.
    tp
        Short name of the TP: that of the page.

    Raises
    ------
    Explained
        If there is nothing to export, or the folder refuses.
    """
    named = {SWOT_PICTURE: "La SWOT, en image"} if any(boards.swot.values()) else {}
    pictures: dict[str, Callable[[], Figure]] = {name: lambda: swot_board(boards.swot, boards.brand) for name in named}
    for rank, card in enumerate(boards.personas, start=1):
        name = picture_name(rank, card.name)
        named[name] = f"La fiche {_of(card.name)}, en image" if one_line(card.name) else f"La fiche {rank}, en image"
        pictures[name] = lambda card=card: persona_sheet(card, boards.brand)  # type: ignore[misc]
    if not (pictures or boards.objectives):
        raise Explained("Rien à exporter pour l’instant : remplissez d’abord une ligne d’un de ces exercices.")
    files = {name: png_of(draw()) for name, draw in pictures.items()}  # all drawn before the first is written
    page = f"{tp}.html"
    named[page] = "La page à imprimer"
    files[page] = board_page(boards, day).encode("utf-8", errors="replace")
    exports = folder / EXPORTS_NAME
    try:
        exports.mkdir(exist_ok=True)
        for name, content in files.items():
            replace_file(exports / name, content)
        found = sorted(path.name for path in exports.iterdir())
    except FileExistsError as error:
        raise Explained(
            f"L’export n’est pas écrit, « {EXPORTS_NAME} » est déjà un fichier à côté du carnet : renommez-le, puis recommencez."
        ) from error
    except OSError as error:
        raise Explained(
            f"L’export n’est pas écrit en entier, le dossier « {EXPORTS_NAME} » le refuse ({reason(error)}) : fermez ses "
            "fichiers s’ils sont ouverts, vérifiez ses droits et la place, puis recommencez."
        ) from error
    ours = [name for name in found if name == SWOT_PICTURE or _PERSONA_PICTURE.fullmatch(name)]
    return Written(named, tuple(name for name in ours if name not in files))


def picture_name(rank: int, name: str) -> str:
    """Return the file name of a persona's picture: letters that every system takes, and a rank that tells two apart.

    Examples
    --------
    >>> picture_name(1, "Léa"), picture_name(2, "../Œdipe & Fils"), picture_name(3, "ليا")
    ('persona-1-lea.png', 'persona-2-oedipe-fils.png', 'persona-3.png')
    """
    letters = bare(name.casefold().replace("œ", "oe").replace("æ", "ae"))
    slug = re.sub("[^a-z0-9]+", "-", letters)[:LONGEST_SLUG].strip("-")
    return f"persona-{rank}-{slug}.png" if slug else f"persona-{rank}.png"


def is_export(path: PurePath) -> bool:
    """Tell whether a file is one that an export wrote, by its name and its folder: nobody's answers.

    Examples
    --------
    >>> is_export(PurePath("tp1/exports/swot.png")), is_export(PurePath("tp1/swot.png"))
    (True, False)
    """
    return path.parent.name == EXPORTS_NAME and path.suffix in (".png", ".html")


def png_of(figure: "Figure") -> bytes:
    """Return a figure as a picture, which carries its alternative text as its description."""
    buffer = BytesIO()
    height = figure.get_size_inches()[1]
    dpi = min(DPI, max(WELL_SEEN, MOST_PIXELS / height), FORMAT_LIMIT / height)
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Description": str(figure.get_label()), "Software": None})
    return buffer.getvalue()


def shown(row: Row, column: str) -> str:
    """Return how a cell reads: what was understood, else what was typed, as it was; empty where nothing was."""
    text = row.texts.get(column, "")
    meaning, problem = row.fields[column].judge(text) if text else ("", "")
    return tidy_lines(text if problem or not meaning else meaning)


def _entries(rows: Sequence[Row]) -> dict[str, list[Entry]]:
    """Return the findings of each box; a row is that of a box by its id, which a number may follow."""
    found: dict[str, list[Entry]] = {category: [] for category in CATEGORIES}
    for row in rows:
        category = row.id.rstrip("0123456789")
        texts = {column: text for column in row.fields if (text := shown(row, column))}
        finding = texts.pop("constat", "")
        evidence = " : ".join(texts.pop(column) for column in ("indicateur", "valeur") if column in texts)
        evidence = " ; ".join(filter(None, [evidence, *texts.values()]))
        if category in found and (finding or evidence):
            found[category].append(Entry(category, finding or evidence, evidence if finding else ""))
    return found


def _card(row: Row) -> PersonaCard:
    networks = _parts(row, "networks") if "networks" in row.fields else None
    traits = {asked.label: _parts(row, column) for column, asked in row.fields.items() if column in TRAITS}
    others = {asked.label: shown(row, column) for column, asked in row.fields.items() if column not in (*_WHO, *TRAITS)}
    name, age, situation = (shown(row, column) if column in row.fields else "" for column in ("name", "age", "situation"))
    return PersonaCard(one_line(name), age, situation, networks, traits, {label: text for label, text in others.items() if text})


def _parts(row: Row, column: str) -> tuple[str, ...]:
    """Return what a cell lists: the options chosen, or what is written one to a line."""
    asked, text = row.fields[column], row.texts.get(column, "")
    if isinstance(asked, ChoiceField) and text and not asked.judge(text)[1]:
        return tuple(asked.options[option] for option in asked.read(text))
    return tuple(part for piece in re.split(r"[\n;]", text) if (part := one_line(piece)))


def _of(name: str) -> str:
    """Write « de Léa », « d’Ali »."""
    return f"d’{name}" if bare(name[:1]).casefold() in tuple("aeiouœ") else f"de {name}"
