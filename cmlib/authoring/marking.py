"""The marking of a TP, criterion by criterion: what its criteria say, as a table on the screen or as a page to print.

What a criterion says of itself holds neither a value of the key nor what goes where. What must be run to be known is in
`cmlib.authoring.marking_run`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby, zip_longest
from math import fsum
from pathlib import Path
from textwrap import wrap

from IPython.display import display
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cmlib.errors import Explained
from cmlib.french import plural, printable, typeset, untypeset, write_number
from cmlib.tp.session import TP

TEMPLATES = Path(__file__).parent / "templates"
MIME = "application/vnd.cmlib.marking+json"
WIDTH = 120
COLUMNS = {"Critère": 36, "Points": 6, "Noté par": 11, "Règle": WIDTH - 61}  # and two spaces before each


@dataclass(frozen=True)
class Row:
    """What one criterion is worth, and its rule; ``by`` is « automatique » or « formateur »."""

    exercise: str
    title: str
    criterion: str
    points: float
    by: str
    rule: str
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkingTable:
    """The marking of a TP, as tried on the case of a student."""

    title: str
    student: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> str:
        """What the TP is worth, in French."""
        automatic = _sum(row for row in self.rows if row.by == "automatique")
        by_hand = _sum(row for row in self.rows if row.by == "formateur")
        if not by_hand:
            return f"Total : {in_points(automatic)}, donnés automatiquement."
        return (
            f"Total : {in_points(automatic + by_hand)}, dont {in_points(automatic)} {plural(automatic, 'automatique')} "
            f"et {in_points(by_hand)} {plural(by_hand, 'donné')} par le formateur."
        )

    @property
    def exercises(self) -> Iterator[tuple[str, list[Row]]]:
        """The rows of each exercise, under what is said of it: its number, its title, its points."""
        for (exercise, title), found in groupby(self.rows, key=lambda row: (row.exercise, row.title)):
            rows = list(found)
            yield f"{' '.join(filter(None, (exercise, title)))} — {in_points(_sum(rows))}", rows


def show_marking(tp: object) -> None:
    """Display what the criteria of a TP say: the last cell that `cmlib.authoring.marking_run` runs.

    Raises
    ------
    Explained
        If there is no TP, or if an exercise has no criteria.
    """
    if not isinstance(tp, TP):
        raise Explained("il n’ouvre aucun TP, écrivez « tp = open_tp(…) » dans sa première cellule de code")
    rows, titles = list[Row](), dict[str, str]()
    for question, criteria in tp.marked():
        titles[question.id] = untypeset(question.title)
        if question.automatic and not criteria:
            raise Explained(f'l’exercice {question.id} n’a pas de critères, donnez-les avec tp.marking("{question.id}", …)')
        for criterion in criteria:
            rule, mistakes = untypeset(criterion.told(question)), tuple(map(untypeset, criterion.mistakes))
            for mark in criterion(question, None):
                name = untypeset(mark.name)
                rows.append(Row(question.id, titles[question.id], name, mark.possible, "automatique", rule, mistakes))
    display({MIME: {"title": untypeset(tp.title), "titles": titles, "rows": [asdict(row) for row in rows]}}, raw=True)


def marking_text(marking: MarkingTable) -> str:
    """Return a marking as a text of `WIDTH` columns."""
    lines = [
        *wrap(_clean(f"Barème : {marking.title}"), WIDTH),
        "",
        *_line(tuple(COLUMNS)),
        *_line(tuple("─" * width for width in COLUMNS.values())),
    ]
    for heading, rows in marking.exercises:
        lines += ["", *wrap(_clean(heading), WIDTH)]
        for row in rows:
            known = [f"{plural(len(row.mistakes), 'Erreur reconnue', 'Erreurs reconnues')} :"] if row.mistakes else []
            rule = "\n".join([row.rule, *known, *(f"· {sentence}" for sentence in row.mistakes)])
            lines += _line((row.criterion, write_number(row.points), row.by, rule))
    lines += ["", typeset(marking.total), _clean(f"Lu avec le cas de « {marking.student} ».")]
    return "\n".join(line.rstrip() for line in lines)


def marking_page(marking: MarkingTable) -> str:
    """Return a marking as one HTML page to print: it loads nothing."""
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    templates.filters["typeset"] = _clean
    templates.filters["number"] = write_number
    return templates.get_template("marking.html.j2").render(marking=marking)


def in_points(number: float) -> str:
    """Write a number of points."""
    return f"{write_number(number)} {plural(number, 'point')}"


def _sum(rows: Iterable[Row]) -> float:
    return fsum(row.points for row in rows)


def _line(cells: tuple[str, ...]) -> list[str]:
    """Return a row of the table, on as many lines as its longest cell needs."""
    columns = list(COLUMNS.items())
    parts = [
        [line for paragraph in cell.split("\n") for line in wrap(_clean(paragraph), width)]
        for cell, (_, width) in zip(cells, columns, strict=True)
    ]
    lines = zip_longest(*parts, fillvalue="")
    return [
        "".join(
            "  " + (part.rjust(width) if name == "Points" else part.ljust(width))
            for part, (name, width) in zip(line, columns, strict=True)
        )
        for line in lines
    ]


def _clean(text: str) -> str:
    """Return what an author wrote fit for a screen and for a page, in French typography."""
    return typeset(printable(text))
