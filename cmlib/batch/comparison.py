"""Scenarios compared: one ranking per objective, with its uncertainty, as a page, tables and figures."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cmlib.batch.changes import Change, best
from cmlib.batch.folders import RESULTS, forget_pages, write
from cmlib.batch.page import templates
from cmlib.batch.results import GOALS, part_of_draws
from cmlib.charts import style
from cmlib.charts.campaigns import amount, few_lines, new_page, signed
from cmlib.charts.campaigns import write as write_text
from cmlib.charts.style import WIDTH, describe, drawn, legible, text_width, to_html, to_png
from cmlib.french import plural, printable, write_number, write_quantity
from cmlib.spreadsheets import to_csv

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEAD = ("Rang", "Scénario", "Visé", "Attendu", "De", "À", "Chances d’atteindre l’objectif", "Coût", "À essayer d’abord")
COLUMNS = (
    "Objectif", "Unité", "Rang", "Scénario", "Marque", "Visé", "Attendu", "De (5 %)", "À (95 %)",
    "Chances d’atteindre l’objectif", "Coût (€)", "Budget (€)", "À essayer d’abord",
)  # fmt: skip
DRAWN, LISTED = 30, 1000
"""Scenarios of a figure and of the page, at most: the first of the ranking. The tables have them all."""
_COMPARED = ("brand", "draws", "budget", "cost", "goal", "decisions", "changes")


def get_ready() -> None:
    """Import what a comparison needs, at a time when nobody waits for it."""
    import matplotlib.figure
    import matplotlib.style  # noqa: F401
    import openpyxl  # noqa: F401

    templates()


def compared(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a comparison looks at in the results of a scenario: of thousands, the rest need not stay in memory."""
    return {key: results[key] for key in _COMPARED}


def ranked(results: Mapping[str, Mapping[str, Any]], kpi: str) -> list[str]:
    """Return the names of the scenarios that aim at something, the surest to reach its target first.

    Between two as sure, the one expected further beyond its target comes first, then the cheaper, then by name.

    Examples
    --------
    >>> goal = {"kpi": "clients", "target": 10, "expected": 12, "chance": 0.9}
    >>> ranked({"a": {"goal": goal, "cost": 5}, "b": {"goal": goal | {"chance": 1.0}, "cost": 5}}, "clients")
    ['b', 'a']
    """

    def place(name: str) -> tuple[float, float, float, str]:
        goal = results[name]["goal"]
        return -goal["chance"], -goal["expected"] / goal["target"], results[name]["cost"], name

    return sorted((name for name, found in results.items() if found["goal"]["kpi"] == kpi), key=place)


def write_comparison(results: Mapping[str, Mapping[str, Any]], failed: Mapping[str, str], out: Path) -> None:
    """Write ``index.html``, ``comparaison.csv``, ``comparaison.xlsx`` and ``figures/`` in the folder of reports.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    forget_pages(out)
    groups, rows = [], []
    for kpi, (label, unit) in GOALS.items():
        names = ranked(results, kpi)
        if not names:
            continue
        figure = goal_intervals({name: results[name] for name in names[:DRAWN]}, kpi)
        write(out / "figures" / f"{kpi}.png", to_png(figure))
        groups.append(_group(results, names, kpi, figure))
        for rank, name in enumerate(names, start=1):
            found, goal = results[name], results[name]["goal"]
            values = [goal[key] for key in ("target", "expected", "low", "high", "chance")]
            advice = _advice(found, unit)
            rows.append([label, unit, rank, name, found["brand"], *values, found["cost"], found["budget"], advice])
    told = sorted((printable(name), said) for name, said in failed.items())
    page = templates().get_template("comparison.html.j2").render(groups=groups, failed=told, head=HEAD)
    texts = [[cell if isinstance(cell, str) else write_number(cell, 4) for cell in row] for row in rows]
    write(out / "comparaison.csv", to_csv(COLUMNS, texts))
    write(out / "comparaison.xlsx", _workbook(rows))
    write(out / "index.html", page.encode())


@drawn
def goal_intervals(results: Mapping[str, Mapping[str, Any]], kpi: str) -> "Figure":
    """Draw scenarios that aim at the same thing: expected outcome and where nine draws in ten end, against each target.

    Parameters
    ----------
    results
        By name, results of scenarios (`cmlib.batch.results`), in the order of the lines.
    kpi
        What they aim at.

    Returns
    -------
    Figure
        Its alternative text gives, for each scenario, what is written at the end of its line.
    """
    label = GOALS[kpi][0]
    goals = {name: found["goal"] for name, found in results.items()}
    shares = {name: [goal[key] / goal["target"] for key in ("low", "expected", "high")] for name, goal in goals.items()}
    names = {name: few_lines(legible(name), 2.3, 9) for name in results}
    side = max(text_width(line, 9) for lines in names.values() for line in lines) + 0.3
    ends = {name: f"{part_of_draws(goal['chance'])} des tirages" for name, goal in goals.items()}
    right = max(text_width(text, 9, "bold") for text in ends.values()) + 0.3
    wide, row, top, bottom = WIDTH - side - right, 0.42, 0.75, 0.55
    tall = row * len(results)
    height = top + tall + bottom
    high = max(1.1, *(share[2] for share in shares.values())) * 1.04
    low = max(0.0, min(0.9, *(share[0] for share in shares.values())) - 0.05)

    figure, page = new_page(height)
    title = f"{label} : attendu et fourchette, en part de l’objectif de chaque scénario"
    write_text(page, 0.12, height - 0.22, [legible(title)], 11, weight="bold")
    write_text(page, WIDTH - right + 0.12, height - 0.5, ["objectif atteint dans"], 8.5, color=style.GREY)
    axes = figure.add_axes((side / WIDTH, bottom / height, wide / WIDTH, tall / height))
    told = []
    for rank, (name, (first, middle, last)) in enumerate(shares.items()):
        axes.plot([first, last], [rank, rank], color=style.BLUE, linewidth=3, solid_capstyle="butt")
        axes.plot([middle], [rank], marker="o", markersize=7, color=style.BLUE)
        y = bottom + tall - row * (rank + 0.5)
        write_text(page, side - 0.12, y, names[name], 9, ha="right")
        write_text(page, WIDTH - right + 0.12, y, [legible(ends[name])], 9, weight="bold")
        span = [write_quantity(share, "%", 0) for share in (middle, first, last)]
        told.append(f"{legible(name)} {span[0]} de l’objectif (de {span[1]} à {span[2]}), atteint dans {ends[name]}")
    axes.axvline(1.0, color=style.VERMILION, linewidth=1.4, linestyle=(0, (7, 4)))
    axes.set_ylim(len(results) - 0.5, -0.5)
    axes.set_xlim(low, high)
    axes.set_yticks([])
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    axes.set_xticks(ticks, [legible(write_quantity(float(tick), "%", 0)) for tick in ticks])
    axes.set_xlabel("part de l’objectif (tirets : objectif atteint)")
    axes.grid(axis="x")
    return describe(figure, f"{title}. {' ; '.join(told)}.")


def _group(results: Mapping[str, Mapping[str, Any]], names: list[str], kpi: str, figure: "Figure") -> dict[str, Any]:
    from markupsafe import Markup

    label, unit = GOALS[kpi]
    lines = []
    for rank, name in enumerate(names[:LISTED], start=1):
        found, goal = results[name], results[name]["goal"]
        cells = [amount(goal[key], unit) for key in ("target", "expected", "low", "high")]
        cells += [part_of_draws(goal["chance"]), amount(found["cost"], "€")]
        link = f"{quote(name)}/{RESULTS if found['decisions'] is None else quote(name) + '.html'}"
        lines.append({"rank": rank, "name": name, "cells": cells, "link": link, "advice": _advice(found, unit)})
    picture = Markup(to_html(figure))  # noqa: S704 (our own picture: its alternative text is escaped)
    return {"kpi": kpi, "label": label, "lines": lines, "figure": picture, "head": HEAD, "told": _told(results, names)}


def _told(results: Mapping[str, Mapping[str, Any]], names: list[str]) -> str:
    """Say what the ranking says, and whether luck could change its first place."""
    draws = sorted({results[name]["draws"] for name in names})
    count = f"{write_number(len(names))} {plural(len(names), 'scénario')}, {write_number(draws[0])} tirages"
    count += " ou plus" if draws[1:] else " chacun" if names[1:] else ""
    if len(names) > DRAWN:
        count += f", les {DRAWN} premiers en image"
    if len(names) > LISTED:
        count += f", les {write_number(LISTED)} premiers dans le tableau, tous dans comparaison.csv"
    first = results[names[0]]["goal"]
    reached = f"objectif atteint dans {part_of_draws(first['chance'])} des tirages"
    if len(names) == 1:
        return f"{count} : {reached}."
    said = f"{count}. En tête : « {names[0]} », {reached}. En part de l’objectif de chacun, sa fourchette"
    second = results[names[1]]["goal"]
    if first["low"] / first["target"] > second["high"] / second["target"]:
        return f"{said} est tout entière au-dessus de celle de « {names[1]} »."
    return f"{said} recouvre celle de « {names[1]} » : entre les deux, la chance peut décider."


def _advice(found: Mapping[str, Any], unit: str) -> str:
    expected = found["goal"]["expected"]
    change = best((Change(**tried) for tried in found["changes"] or ()), expected, unit)
    return "" if change is None else f"{change.name} ({signed(change.effect, unit, expected)})"


def _workbook(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Comparaison")
    sheet.freeze_panes = "A2"
    for place in "DEM":
        sheet.column_dimensions[place].width = 34
    for row in [list(COLUMNS), *rows]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that starts like a formula stays a name
            cells.append(cell)
        sheet.append(cells)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
