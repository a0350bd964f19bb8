"""Reading results: which contents work, where a target reacts, what a prospect and a client cost, and both ROI."""

from typing import TYPE_CHECKING

from cmlib.charts.style import describe, drawn
from cmlib.costs import cac, cpl, net_roi, roas
from cmlib.french import plural, typeset, write_number, write_quantity
from cmlib.kpis import FAMILIES
from cmlib.lessons.demos.brands import brand_names, study
from cmlib.lessons.demos.markup import table
from cmlib.lessons.demos.pages import panels, ranked_bars
from cmlib.lessons.play import Drawn
from cmlib.rates import engagement_rate
from cmlib.segments import segment
from cmlib.targets import affinity_in_survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONTENTS = {"theme": "par thème", "format": "par format", "network": "par plateforme"}
"""How posts are grouped, by column."""

TARGETS = {"jeunes": "moins de 35 ans", "milieu": "35 à 49 ans", "aines": "50 ans et plus"}
"""Targets of the demonstration, by id; the brands' surveys ask adults only."""

MEASURES = {
    "cpl": "coût par prospect (CPL)",
    "cac": "coût d’acquisition d’un client (CAC)",
    "roas": "ROI du cours (ROAS) : chiffre d’affaires / coût",
    "net_roi": "ROI financier : (chiffre d’affaires − coût) / coût",
}
"""What a source of traffic costs or brings, by id."""

SOURCES = {"paid": "publicité (paid)", "owned": "espaces de la marque (owned)", "earned": "bouche-à-oreille (earned)"}

_AGES = {"jeunes": (0, 34), "milieu": (35, 49), "aines": (50, 120)}
_SPELT = {"gites": "gîtes", "soirees": "soirées", "eleveurs": "éleveurs"}  # themes whose id has lost its accents
_FEW = 20  # posts below which a rate is only a hint: a hypothesis of the demonstration


def contents(brand: str, by: str) -> Drawn:
    """Draw the engagement rate by reach of a brand's posts, grouped, the best group first.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    by
        A key of `CONTENTS`.
    """
    found = {_SPELT.get(str(name), str(name)): rows for name, rows in study(brand).posts.groupby(by)}
    rate = {name: engagement_rate(rows) for name, rows in found.items()}
    order = sorted(rate, key=lambda name: rate[name], reverse=True)
    counts = {name: len(found[name]) for name in order}
    best, last = order[0], order[-1]
    title = f"{brand_names()[brand]} : taux d’engagement par personne touchée, {CONTENTS[by]}"
    notes = {name: f"{count} {plural(count, 'publication')}" for name, count in counts.items()}
    few = [name for name in order if counts[name] < _FEW]
    care = f" Prudence : moins de {_FEW} publications pour « {' », « '.join(few)} »." if few else ""
    sentence = (
        f"« {best} » fait réagir {write_quantity(rate[best], '%', 1)} des personnes touchées, « {last} » "
        f"{write_quantity(rate[last], '%', 1)} : {write_number(rate[best] / rate[last], 1)} fois moins.{care}"
    )
    return ranked_bars(title, {name: rate[name] for name in order}, "%", best, notes), sentence


def platforms(brand: str, target: str) -> Drawn:
    """Draw, for the networks of a brand, the affinity of a target with each, and how much its posts make people react.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    target
        A key of `TARGETS`.
    """
    case = study(brand)
    members = segment(case.survey, {"age": _AGES[target]})
    networks = sorted(str(name) for name in case.posts["network"].unique())
    affinity = {name: affinity_in_survey(case.survey, members, name) for name in networks}
    rate = {name: engagement_rate(case.posts_on(name)) for name in networks}
    liked, lively = max(affinity, key=lambda name: affinity[name]), max(rate, key=lambda name: rate[name])
    most = "le plus surreprésentés" if affinity[liked] > 100 else "le moins sous-représentés"
    where = f"{liked} est le réseau où les {TARGETS[target]} sont {most} (indice {affinity[liked]:.0f})"
    lively_rate = write_quantity(rate[lively], "%", 1)
    told = (
        f"{where}, et celui où la marque fait le plus réagir ({lively_rate})."
        if liked == lively
        else f"{where}, mais la marque fait le plus réagir sur {lively} ({lively_rate}) : deux questions, deux réponses."
    )
    size = int(members.sum())
    sentence = f"{told} Enquête : {size} {plural(size, 'personne')} de cet âge sur {len(members)}."
    return _two_panels(f"{brand_names()[brand]}, pour les {TARGETS[target]}", affinity, rate), sentence


def value(brand: str, measure: str) -> Drawn:
    """Draw what each source of traffic cost or brought over the year.

    Parameters
    ----------
    brand
        A key of `cmlib.lessons.demos.brands.brand_names`.
    measure
        A key of `MEASURES`.
    """
    found = by_source(brand, measure)
    cheaper = measure in ("cpl", "cac")
    order = sorted(found, key=lambda source: found[source], reverse=not cheaper)
    best, worst = order[0], order[-1]
    unit = "€" if cheaper else "%" if measure == "net_roi" else ""
    values = {SOURCES[source]: found[source] for source in order}
    if cheaper:
        what = "prospect" if measure == "cpl" else "client"
        sentence = (
            f"Un {what} venu par « {SOURCES[worst]} » coûte {write_quantity(found[worst], '€')}, contre "
            f"{write_quantity(found[best], '€')} par « {SOURCES[best]} »."
        )
    elif measure == "roas":
        sentence = f"1 € engagé dans « {SOURCES[best]} » donne {write_quantity(found[best], '€')} de chiffre d’affaires ; dans « {SOURCES[worst]} », {write_quantity(found[worst], '€')}."  # noqa: E501
    else:
        losing = [SOURCES[source] for source in order if found[source] < 0]
        lost = f"à perte : {', '.join(losing)}" if losing else "aucune source n’est à perte"
        sentence = f"Le ROI financier retire la mise : c’est le ROI du cours moins 1. Ici, {lost}."
    sentence += " Chaque vente est comptée à la source de la visite, qui n’est pas toujours celle qui a décidé l’achat."
    return ranked_bars(f"{brand_names()[brand]} : {MEASURES[measure]}", values, unit, SOURCES[best]), sentence


def by_source(brand: str, measure: str) -> dict[str, float]:
    """Return a measure of `MEASURES` for each source of traffic, over the year.

    Examples
    --------
    >>> found = by_source("velambule", "roas")
    >>> found["earned"] > found["paid"]
    True
    """
    sums = study(brand).traffic.groupby("source")[["prospects", "clients", "revenue", "cost"]].sum()
    formulas = {
        "cpl": (cpl, "cost", "prospects"),
        "cac": (cac, "cost", "clients"),
        "roas": (roas, "revenue", "cost"),
        "net_roi": (net_roi, "revenue", "cost"),
    }
    formula, above, below = formulas[measure]
    return {source: float(formula(sums[above][source], sums[below][source])) for source in SOURCES}


def dashboard(brand: str) -> Drawn:
    """Show the indicators of a brand for the year, by family of objectives."""
    readings = list(study(brand).dashboard.values())
    order = sorted(readings, key=lambda reading: list(FAMILIES).index(reading.family))
    rows = [[reading.label, reading.shown, FAMILIES[reading.family], _WAY[reading.better]] for reading in order]
    head = ("Indicateur", "Valeur", "Famille", "On veut qu’il…")
    down = sum(reading.better == "down" for reading in readings)
    sentence = (
        f"{len(readings)} indicateurs, quatre familles : {down} {plural(down, 'doit', 'doivent')} baisser, les autres monter. "
        "Aucun ne dit seul si l’année est bonne."
    )
    return table(f"{brand_names()[brand]}, tableau de bord de 2025 (marque et données inventées)", head, rows), sentence


_WAY = {"up": "monte", "down": "baisse"}


@drawn
def _two_panels(title: str, affinity: dict[str, float], rate: dict[str, float]) -> "Figure":
    figure, (left, right) = panels(0.5 * len(rate) + 1.0, columns=2, left=1.2, above=0.7, below=0.1, sharey=True)
    names = list(rate)
    drawn_as = (
        (left, affinity, "indice d’affinité (100 : comme tous)", [f"{affinity[name]:.0f}" for name in names]),
        (right, rate, "taux d’engagement par personne touchée", [write_quantity(rate[name], "%", 1) for name in names]),
    )
    for axes, values, label, said in drawn_as:
        best = max(values, key=lambda name: values[name])
        axes.barh(
            range(len(names)), [values[name] for name in names], 0.6, color=["#0f4b98" if n == best else "#8fb1dd" for n in names]
        )
        for row, words in enumerate(said):
            weight = "bold" if names[row] == best else "normal"
            axes.annotate(words, (values[names[row]], row), xytext=(5, 0), textcoords="offset points", va="center", weight=weight)
        axes.set_xlim(0, max(values.values()) * 1.2)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_title(typeset(label), size=10, y=1.02)
    left.set_ylim(len(names) - 0.5, -0.5)
    left.axvline(100, color="#595959", linestyle=":", linewidth=1.2)
    left.set_yticks(range(len(names)), names, size=10)
    figure.suptitle(typeset(title), x=0.008, y=0.98, va="top", ha="left", size=11, weight="bold")
    told = " ; ".join(f"{name}, indice {affinity[name]:.0f}, engagement {write_quantity(rate[name], '%', 1)}" for name in names)
    return describe(figure, f"{title}. {told}.")
