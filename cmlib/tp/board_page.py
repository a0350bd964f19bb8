"""The printable page of a TP 1: the SWOT, the personas, the objectives. One file of HTML that loads nothing and runs nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from cmlib.charts.boards import COLOURS, EFFECTS, ORIGINS, PersonaCard
from cmlib.charts.faces import svg_face
from cmlib.charts.lines import NONE_YET
from cmlib.french import typeset, write_date
from cmlib.swot import CATEGORIES, Entry, category_of
from cmlib.texts import tidy_lines


@dataclass(frozen=True)
class Boards:
    """What a student's TP 1 holds to show, as it reads; any part may be empty.

    Attributes
    ----------
    title, brand, student
        Of the TP, of the case study, who signed.
    swot
        Findings of each box, by id.
    personas
        One card a target.
    objectives
        The rows of the table, under ``heads``.
    missing
        What is not there yet, one French sentence each; the page says nothing of it.
    """

    title: str
    brand: str
    student: str
    swot: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    personas: Sequence[PersonaCard] = ()
    heads: Sequence[str] = ()
    objectives: Sequence[Sequence[str]] = ()
    missing: Sequence[str] = ()


LONGEST_WORD = 20  # signs; « institutionnalisation » is cut at a pinch

_STYLE = """
@page { size: A4; margin: 13mm 14mm; }
* { box-sizing: border-box; }
html { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { font: 10.5pt/1.42 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 182mm; margin: 0 auto; padding: 10mm 0; overflow-wrap: break-word; }
header { display: flex; justify-content: space-between; align-items: flex-end; gap: 8mm; border-bottom: 2.5pt solid #1a1a1a;
  padding-bottom: 3mm; }
h1 { font-size: 24pt; line-height: 1.1; margin: 0; letter-spacing: -.01em; }
header p { margin: 1mm 0 0; color: #595959; }
header .who { text-align: right; flex: none; max-width: 70mm; }
header .who strong { color: #1a1a1a; }
h2 { font-size: 14pt; margin: 8mm 0 3mm; break-after: avoid; }
h3, h4 { margin: 0; }
section { overflow-x: clip; }
p, li, dd, td { white-space: pre-line; }
h1, h3, h4, p, li, dd, .long { overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 4.5mm; }
.none { color: #595959; font-style: italic; margin: 0; }
.swot { border-collapse: separate; border-spacing: 2mm; width: calc(100% + 3.6mm); margin: 0 -2mm; table-layout: fixed; }
.swot col:first-child { width: 12mm; }
.swot thead th { font-size: 11pt; padding: 0; }
.swot tbody th { padding: 0; }
.swot tbody th div { writing-mode: vertical-rl; transform: rotate(180deg); margin: auto; text-align: center; width: 100%;
  display: flex; flex-direction: column; align-items: center; }
.swot small { display: block; font-weight: 400; font-size: 8.5pt; color: #595959; }
.swot tbody td { vertical-align: top; height: 45mm; border: 1pt solid var(--colour); border-top: 5pt solid var(--colour);
  padding: 2.5mm 3.5mm 3.5mm; }
.swot h3 { font-size: 12.5pt; color: var(--colour); margin-bottom: 1.5mm; }
.swot li + li { margin-top: 1.8mm; }
.swot tr { break-inside: avoid; }
.proof { margin: .4mm 0 0; font-size: 9.5pt; color: #595959; padding-left: 4mm; text-indent: -4mm; }
.proof::before { content: "↳ "; }
.persona { display: grid; grid-template-columns: 56mm 1fr; border: 1pt solid #1a1a1a; margin-bottom: 5mm; break-inside: avoid; }
.persona .id { background: #f2f2f2; border-right: 1pt solid #1a1a1a; padding: 4mm; }
.persona .face { display: block; width: 26mm; height: 26mm; margin: 0 auto 1.5mm; clip-path: circle(50%); }
.persona h3 { font-size: 17pt; line-height: 1.15; text-align: center; }
.persona .id > p { text-align: center; margin: .5mm 0 0; }
.persona .age { font-weight: 700; color: #595959; }
.persona dl { margin: 3mm 0 0; }
.persona dt { font-size: 8.5pt; font-weight: 700; color: #595959; margin-top: 2mm; }
.persona dd { margin: 0; }
.chips { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 1.2mm; margin-top: .8mm; }
.chips li { border: .8pt solid #1a1a1a; border-radius: 4mm; padding: .2mm 2.6mm; background: #fff; font-size: 9.5pt; }
.traits { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm 6mm; padding: 4mm 5mm; align-content: start; }
.traits h4 { font-size: 11pt; border-bottom: 1.5pt solid #1a1a1a; padding-bottom: .8mm; margin-bottom: 1.6mm; }
.objectives { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.objectives th, .objectives td { text-align: left; vertical-align: top; padding: 1.6mm 4mm 1.6mm 0;
  border-bottom: .6pt solid #8c8c8c; }
.objectives th { font-size: 9pt; border-bottom: 1.5pt solid #1a1a1a; }
.objectives tr { break-inside: avoid; }
@media print { body { max-width: none; padding: 0; } }
@media screen and (max-width: 600px) { body { padding: 4mm; } .persona, .traits { grid-template-columns: 1fr; }
  .persona .id { border-right: 0; border-bottom: 1pt solid #1a1a1a; } }
"""


def board_page(boards: Boards, day: date) -> str:
    """Return the page of what a TP holds, dated; a part that holds nothing is left out.

    Parameters
    ----------
    boards
        What it holds; texts may come from anywhere, and are escaped.
    day
        The date that the page bears.
    """
    brand = _text(boards.brand) or "TP"
    parts = [_swot(boards.swot), _personas(boards.personas), _objectives(boards.heads, boards.objectives)]
    who = f"<p class='who'><strong>{_text(boards.student)}</strong><br>{_text(write_date(day, 'long'))}</p>"
    return (
        "<!DOCTYPE html>\n<html lang='fr'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{brand} — {_text(boards.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><div><h1>{brand}</h1><p>{_text(boards.title)}</p></div>{who}</header>\n"
        f"<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _swot(boxes: Mapping[str, Sequence[Entry]]) -> str:
    if not any(boxes.values()):
        return ""
    heads = "".join(f"<th scope='col'>{head}<small>{meaning}</small></th>" for head, meaning in EFFECTS.values())
    rows = ""
    for origin, (head, meaning) in ORIGINS.items():
        cells = ""
        for effect in EFFECTS:
            category = category_of(origin, effect)  # type: ignore[arg-type]
            found = "".join(f"<li>{_text(entry.text)}{_proof(entry)}</li>" for entry in boxes.get(category, ()))
            inside = f"<ul>{found}</ul>" if found else f"<p class='none'>{NONE_YET}</p>"
            cells += f"<td style='--colour:{COLOURS[category]}'><h3>{CATEGORIES[category]}</h3>{inside}</td>"
        rows += f"<tr><th scope='row'><div>{head}<small>{meaning}</small></div></th>{cells}</tr>\n"
    columns = "<colgroup><col><col><col></colgroup>"
    return (
        f"<section>\n<h2>Matrice SWOT</h2>\n<table class='swot'>{columns}<thead><tr><td></td>{heads}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table>\n</section>\n"
    )


def _proof(entry: Entry) -> str:
    evidence = _text(entry.evidence)
    return f"<p class='proof'>{evidence}</p>" if evidence else ""


def _personas(cards: Sequence[PersonaCard]) -> str:
    if not cards:
        return ""
    return f"<section>\n<h2>{'Cibles' if len(cards) > 1 else 'Cible'}</h2>\n{''.join(map(_persona, cards))}</section>\n"


def _persona(card: PersonaCard) -> str:
    age, situation = _text(card.age), _text(card.situation)
    facts = ""
    if card.networks is not None:
        facts += f"<dt>Réseaux utilisés</dt><dd>{_listed(card.networks, 'chips')}</dd>"
    facts += "".join(f"<dt>{_text(label)}</dt><dd>{_text(text) or NONE_YET}</dd>" for label, text in card.extra.items())
    traits = "".join(f"<div><h4>{_text(label)}</h4>{_listed(parts)}</div>" for label, parts in card.traits.items())
    return (
        f"<article class='persona'><div class='id'>{svg_face(card.name)}<h3>{_text(card.name) or 'Sans prénom'}</h3>"
        + (f"<p class='age'>{age}</p>" if age else "")
        + (f"<p>{situation}</p>" if situation else "")
        + (f"<dl>{facts}</dl>" if facts else "")
        + f"</div><div class='traits'>{traits}</div></article>\n"
    )


def _objectives(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    if not body:
        return ""
    head = "".join(f"<th scope='col'>{_text(text)}</th>" for text in heads)
    table = f"<table class='objectives'><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
    return f"<section>\n<h2>Objectifs</h2>\n{table}\n</section>\n"


def _cell(text: str) -> str:
    """Return a cell; one that holds a word too long for a column may be cut inside it."""
    longest = max(map(len, text.split()), default=0)
    return f"<td class='long'>{_text(text)}</td>" if longest > LONGEST_WORD else f"<td>{_text(text)}</td>"


def _listed(parts: Sequence[str], look: str = "") -> str:
    items = "".join(f"<li>{_text(part)}</li>" for part in parts)
    return f"<ul{f' class={look!r}' if look else ''}>{items}</ul>" if items else f"<p class='none'>{NONE_YET}</p>"


def _text(text: str) -> str:
    """Return a text, whatever it holds, as HTML with French typography; its line breaks are kept."""
    return escape(typeset(tidy_lines(text)), quote=True)
