"""Figure of what made the outcome of a campaign: what was decided, then luck."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cmlib.charts import style
from cmlib.charts.campaigns import amount, distinct_names, few_lines, legend, new_page, signed, write
from cmlib.charts.style import WIDTH, describe, drawn, legible, text_width, wrap
from cmlib.errors import InvalidInput
from cmlib.french import UNIT_SPELLINGS, write_number
from cmlib.inputs import mapping, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS = {  # of a step of the waterfall: its fill, hatch and edge
    "total": (style.BLUE, "", style.BLUE),
    "ce qui ajoute": ("#bcd0ec", "///", style.BLUE),
    "ce qui retire": (style.PALE_VERMILION, "xxx", style.VERMILION),
}


@drawn
def counterfactual_waterfall(
    baseline: float,
    effects: Mapping[str, float],
    joint: float,
    expected: float,
    luck: float,
    actual: float,
    unit: str,
    title: str,
) -> "Figure":
    """Draw how the outcome of a campaign is made: nothing decided, each decision, what they do together, then luck.

    Parameters
    ----------
    baseline, joint, expected, luck, actual
        Outcome if nothing had been decided; what the decisions add together, beyond the sum of their effects; outcome on
        average; what luck adds; what was obtained.
    effects
        By decision, what it adds or takes away; the largest is drawn first.
    unit
        A key of `cmlib.french.UNIT_SPELLINGS`; a percentage is a fraction, its effects are written in points.
    title
        What the outcome is.

    Returns
    -------
    Figure
        Its alternative text gives every value in the order drawn, and the decision that weighs most.

    Raises
    ------
    InvalidInput
        If there is no decision or the unit is unknown, a number is not one, or they do not add up.
    """
    if unit not in UNIT_SPELLINGS:
        units = ", ".join(key for key in UNIT_SPELLINGS if key)
        raise InvalidInput(f"« {unit} » n’est pas une unité : choisissez parmi {units}.")
    given = mapping(effects, "effets (effects)", "{'publicité': 0.02}")
    if not given or not legible(title):
        raise InvalidInput("Il faut au moins une décision (effects) et un titre (title) pour dessiner.")
    bounds: dict[str, Any] = {"at_least": -1e15, "at_most": 1e15}
    named = zip(distinct_names(given, "décision"), given.values(), strict=True)
    sizes = [(name, number(value, f"effet de {name}", **bounds)) for name, value in named]
    changes = sorted(sizes, key=lambda pair: -abs(pair[1]))
    values = {"baseline": baseline, "joint": joint, "expected": expected, "luck": luck, "actual": actual}
    start, both, mean, chance, end = (number(value, name, **bounds) for name, value in values.items())
    effect = sum(change for _, change in changes)
    tolerance = 1e-6 * max(abs(value) for value in (start, both, mean, chance, end, *(change for _, change in changes)))
    for total, parts, name in ((mean, start + effect + both, "expected"), (end, mean + chance, "actual")):
        if abs(total - parts) > tolerance:
            sums = f"ce qui mène à {name} fait {write_number(parts, 9)} et non {write_number(total, 9)}"
            raise InvalidInput(f"Les valeurs ne s’additionnent pas : {sums}.")

    largest = max(abs(start), abs(mean), abs(end))
    steps = [("sans rien décider", 0.0, start, amount(start, unit, largest))]  # name, from, to, what is written
    for name, change in [*changes, ("effet conjoint", both)]:
        at = steps[-1][2]
        steps.append((name, at, at + change, signed(change, unit, largest)))
    steps += [("attendu", 0.0, mean, amount(mean, unit, largest)), ("chance", mean, end, signed(chance, unit, largest))]
    steps.append(("obtenu", 0.0, end, amount(end, unit, largest)))
    totals = (0, len(steps) - 3, len(steps) - 1)

    head = wrap(legible(title), WIDTH - 1, 11)
    labels = [few_lines(name, 2.3, 9) for name, *_ in steps]
    side = max(text_width(line, 9, "bold") for lines in labels for line in lines) + 0.3
    row, top = 0.5, 0.3 + 0.2 * len(head)
    height = top + row * len(steps) + 0.45
    low, high = (pick(0.0, *(bound for step in steps for bound in step[1:3])) for pick in (min, max))
    wide = WIDTH - side - 0.3 - max(text_width(text, 10, "bold") for *_, text in steps)
    scale = wide / (high - low) if high > low else 0.0
    figure, page = new_page(height)
    write(page, 0.12, height - 0.15 - 0.1 * len(head), head, 11, weight="bold")
    page.plot([side - low * scale] * 2, [height - top, height - top - row * len(steps)], color=style.GREY, linewidth=0.8)
    for rank, ((_, begin, stop, text), lines) in enumerate(zip(steps, labels, strict=True)):
        y = height - top - row * (rank + 0.5)
        kind = "total" if rank in totals else "ce qui ajoute" if stop >= begin else "ce qui retire"
        fill, hatch, edge = _KINDS[kind]
        weight = "bold" if rank in totals else "normal"
        left, right = (side + (pick(begin, stop) - low) * scale for pick in (min, max))
        page.barh(y, right - left, 0.3, left, facecolor=fill, edgecolor=edge, hatch=hatch, linewidth=0.8)
        write(page, side - 0.12, y, lines, ha="right", weight=weight)
        write(page, right + 0.08, y, [text], 10, weight=weight)
        if rank < len(steps) - 1:
            page.plot([side + (stop - low) * scale] * 2, [y - 0.15, y - row + 0.15], color=style.GREY, linewidth=0.8)
    legend(figure, _KINDS)

    told = " ; ".join(f"{name} {text}" for name, _, _, text in steps[1:-4])
    *_, together, average, by_chance, obtained = (text for *_, text in steps)
    return describe(
        figure,
        f"{legible(title).rstrip('.')} : sans rien décider, {steps[0][3]}. Effet de chaque décision, du plus grand au plus "
        f"petit : {told}. Effet conjoint : {together}. Attendu : {average}. Chance : {by_chance}. Obtenu : {obtained}. "
        f"La décision qui pèse le plus : {changes[0][0]}.",
    )
