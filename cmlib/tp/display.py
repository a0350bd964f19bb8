"""Static pieces of a TP page: headings, figures, tables."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from cmlib.french import plural, typeset, write_number
from cmlib.networks import NETWORKS
from cmlib.tp.later import WAITING

CELL = "text-align:left;vertical-align:top;padding:2px 16px 2px 0"
"""Style of a table's cell, inline: formgrader and the feedback page each have a style sheet of their own."""

if TYPE_CHECKING:
    from pandas import DataFrame

    from cmlib.cases import Case


def heading_bundle(heading: str, notes: Iterable[str]) -> dict[str, str]:
    """Return the head of a graded copy: whose it is, and what its reader must know."""
    lines = [typeset(heading), *(typeset(f"⚠ {note}") for note in notes)]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {"text/plain": "\n".join(lines), "text/html": f"<div class='cm-heading'>{html}</div>"}


def place_html(title: str) -> str:
    """Return what stands in the place of an exercise, or of data, until somebody signs."""
    heading = f"<h3>{escape(typeset(title))}</h3>" if title else ""
    return f"<div class='cm-place' style='border-left:4px solid #999;padding-left:12px'>{heading}<p>{typeset(WAITING)}</p></div>"


def brand_html(case: "Case") -> str:
    """Return the presentation of a brand, its brief to unfold, and what was put right in its data."""
    brand, team = case.brand, case.brand.team
    networks = ", ".join(NETWORKS[name] for name in brand.networks)
    budget = f"{write_number(brand.annual_budget, 0)} €"
    hours = f"{write_number(team.people)} {plural(team.people, 'personne')}, {write_number(team.hours_a_week)} h par semaine"
    told = [
        f"<strong>{escape(brand.name)}</strong>. {escape(brand.presentation)}",
        f"Réseaux : {networks}. Réseau principal : <strong>{escape(case.main_network)}</strong>.",
        f"Équipe : {hours} pour les réseaux sociaux. Budget de communication : {budget} par an.",
    ]
    notes = "".join(f"<li>{escape(title)} : {escape(note)}</li>" for title, found in case.notes.items() for note in found)
    unfolded = {
        "Lire le brief de la marque": brief_html(case.brief),
        "Ce qui a été corrigé dans les données": f"<ul>{typeset(notes)}</ul>",
    }
    details = "".join(f"<details><summary>{title}</summary>{text}</details>" for title, text in unfolded.items())
    return "<div class='cm-brand'>" + "".join(f"<p>{typeset(line)}</p>" for line in told) + details + "</div>"


def brief_html(brief: str) -> str:
    """Return a brief as HTML: titles, paragraphs, lists, bold and italics, nothing else."""
    from mistune import html  # comes with JupyterLab

    return str(html(escape(brief, quote=False)))


def table_html(table: "DataFrame", caption: str) -> str:
    """Return a table with its caption; numbers are written in French."""
    shown = table.map(lambda cell: write_number(float(cell), 2) if isinstance(cell, int | float) else str(cell))
    html = shown.to_html(border=0, classes="cm-table", justify="right")
    return html.replace("<thead>", f"<caption style='text-align:left'>{escape(typeset(caption))}</caption><thead>", 1)
