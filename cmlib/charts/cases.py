"""Figures of a case study: its traffic, its posts, its survey, its competitors."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cmlib.charts import style
from cmlib.charts.campaigns import amount, few_lines
from cmlib.charts.style import BLUE, VERMILION, WIDTH, describe, drawn, legible, new_figure, shorten, text_width
from cmlib.errors import InvalidInput
from cmlib.french import plural, typeset, write_date, write_number, write_quantity
from cmlib.inputs import numbers, vector
from cmlib.rates import INTERACTIONS
from cmlib.segments import Members, index_100

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MONEY = {"revenue": "Chiffre d’affaires", "cost": "Coût"}
_TRAFFIC = {"visitors": "Visiteurs", "prospects": "Prospects", "clients": "Clients", "advocates": "Ambassadeurs", **_MONEY}
_SOURCES = {
    "paid": ("paid (acheté)", VERMILION, "^"),
    "owned": ("owned (comptes de la marque)", BLUE, "o"),
    "earned": ("earned (obtenu par d’autres)", style.GREEN, "s"),
}
_QUESTIONS = {
    "sexe": "Sexe", "csp": "Catégorie socioprofessionnelle", "revenu": "Revenu", "habitat": "Habitat",
    "achat": "Habitudes d’achat", "frequence": "Fréquence d’usage des réseaux", "reseaux": "Réseaux utilisés",
    "interets": "Centres d’intérêt", "attentes": "Attentes", "gouts": "Goûts", "aversions": "Aversions",
    "freins_psychologiques": "Freins psychologiques", "freins_technologiques": "Freins technologiques",
    "spontanee_avant": "Notoriété spontanée, avant", "spontanee_apres": "Notoriété spontanée, après",
    "assistee_avant": "Notoriété assistée, avant", "assistee_apres": "Notoriété assistée, après",
    "recommandation": "Note de recommandation", "motivations": "Motivations",
}  # fmt: skip
_COMPARED = {
    "mentions": "Mentions", "followers": "Abonnés", "posts_per_week": "Publications\npar semaine",
    "interactions_per_post": "Interactions\npar publication",
}  # fmt: skip
_KINDS = {  # of competitors: what they are called, their fill, hatch and edge
    "la marque": ("la marque", BLUE, "", BLUE),
    "concurrent": ("concurrents", "#8fb1dd", "", BLUE),
    "référence": ("références d’un autre secteur", style.PALE_VERMILION, "////", VERMILION),
}
_POSTS: dict[str, tuple[str, dict[str, Any]]] = {
    "sans payer": ("publication non payée", {"marker": "o", "s": 22, "facecolor": "none", "edgecolor": BLUE, "linewidth": 0.9}),
    "en payant": ("publication payée", {"marker": "^", "s": 58, "facecolor": VERMILION, "edgecolor": style.INK, "zorder": 3}),
}
_share = partial(write_quantity, unit="%", decimals=0)
_TITLE: dict[str, Any] = {"x": 0.008, "ha": "left", "size": 11, "weight": "bold"}
_MISSING: dict[str, Any] = {"facecolor": style.PALE_VERMILION, "edgecolor": VERMILION, "linewidth": 0.6, "hatch": "////"}


@drawn
def weekly_traffic(traffic: pd.DataFrame, measure: str = "visitors") -> "Figure":
    """Draw a measure of the traffic week by week, a panel a source, on one scale; a week without data is a gap, not a zero.

    Parameters
    ----------
    traffic
        Columns ``week``, ``source`` (``paid``, ``owned`` or ``earned``) and the measure; a line a week and source.
    measure
        ``visitors``, ``prospects``, ``clients``, ``advocates``, ``revenue`` or ``cost``.

    Returns
    -------
    Figure
        Its alternative text gives the total, the range and the peak of each source, and the weeks without data.

    Raises
    ------
    InvalidInput
        If there is no line, a column is missing, a source or the measure is unknown, a value is missing or negative, a line
        appears twice, or weeks do not begin on the same day.
    """
    if measure not in _TRAFFIC:
        raise InvalidInput(f"« {measure} » n’est pas une mesure du trafic : choisissez parmi {', '.join(_TRAFFIC)}.")
    _check(traffic, ("week", "source", measure), "Trafic")
    values = vector(traffic[measure], f"trafic ({measure})", at_least=0)
    days = [style.day_of(day, "semaines du trafic") for day in traffic["week"]]
    sources = [str(source) for source in traffic["source"]]
    if strange := sorted(set(sources) - set(_SOURCES)):
        raise InvalidInput(f"« {strange[0]} » n’est pas une source de trafic : il faut {', '.join(_SOURCES)}.")
    weeks = [week.date() for week in pd.date_range(min(days), max(days), freq="7D")]
    if odd := sorted(set(days) - set(weeks)):
        raise InvalidInput(f"Trafic : la semaine du {write_date(odd[0])} ne commence pas le même jour que la première.")
    known = dict(zip(zip(sources, days, strict=True), values, strict=True))
    if len(known) < len(days):
        raise InvalidInput("Trafic : une semaine figure deux fois pour une même source ; additionnez ses lignes.")
    label, unit = _TRAFFIC[measure], "€" if measure in _MONEY else ""
    found = {name: np.array([known.get((name, week), np.nan) for week in weeks]) for name in _SOURCES if name in sources}

    figure = new_figure(0.9 + 1.45 * len(found))
    panels = figure.subplots(len(found), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    x = np.array(weeks, dtype="datetime64[h]")
    for axes, (name, series) in zip(panels, found.items(), strict=True):
        title, colour, marker = _SOURCES[name]
        for week in x[np.isnan(series)]:
            axes.axvspan(*(week + np.array([-84, 84])).tolist(), **_MISSING, zorder=0.5)
        axes.fill_between(x.tolist(), series, color=colour, alpha=0.13, linewidth=0)
        axes.plot(x.tolist(), series, color=colour, marker=marker, markersize=3.5, linewidth=1.4)
        axes.set_title(title, size=9.5)
        axes.grid(axis="y")
        style.number_ticks(axes.yaxis)
    style.date_ticks(panels[-1], weeks[0], weeks[-1])
    panels[0].set_ylim(0, max(1.0, float(values.max()) * 1.08))
    figure.suptitle(f"{label}{', en euros,' if unit else ''} par semaine, une même échelle pour chaque source", **_TITLE)
    missing = [week for week, *lacks in zip(weeks, *map(np.isnan, found.values()), strict=True) if any(lacks)]
    told = f"{label} par semaine du {write_date(weeks[0], 'long')} au {write_date(weeks[-1], 'long')}, par source."
    if missing:
        place = (missing[0] - weeks[0]).days / (weeks[-1] - weeks[0]).days
        which = ", ".join(map(style.short_date, missing)) if len(missing) < 4 else f"{len(missing)}, hachurées"
        text = f"{plural(len(missing), 'semaine')} sans mesure : {which}"
        at, side = (place, "right") if place > 0.5 else (max(place, 0.26), "left")  # beside the title of the first panel
        panels[0].text(at, 1.03, typeset(text), transform=panels[0].transAxes, ha=side, size=8.5, color=VERMILION, weight="bold")
        listed = style.enumerate_in_french([f"du {write_date(week, 'long')}" for week in missing])
        told += f" {plural(len(missing), 'Semaine')} sans mesure, {plural(len(missing), 'laissée')} vide : {listed}."
    for name, series in found.items():
        total, low, high = (amount(float(reduce(series)), unit) for reduce in (np.nansum, np.nanmin, np.nanmax))
        told += f" {_SOURCES[name][0].capitalize()} : {total} au total, de {low} à {high} par semaine"
        told += f", le plus la semaine du {write_date(weeks[int(np.nanargmax(series))], 'long')}." if np.nanmax(series) else "."
    return describe(figure, told)


@drawn
def posts_scatter(posts: pd.DataFrame) -> "Figure":
    """Draw each post by its reach and its engagement rate, a panel a network; paid posts have a mark of their own.

    Parameters
    ----------
    posts
        Columns ``network``, ``reach``, ``likes``, ``comments``, ``shares``, ``spend``; a line a post. The rate is that of the
        course: likes, comments and shares over reach.

    Returns
    -------
    Figure
        Its alternative text gives, for each network, the posts, the paid ones, and the medians of both.

    Raises
    ------
    InvalidInput
        If there is no line, a column or a value is missing, a reach is not above 0, or another number is negative.
    """
    _check(posts, ("network", "reach", *INTERACTIONS, "spend"), "Publications")
    reach = vector(posts["reach"], "portée (reach)", above=0)
    rate = sum(vector(posts[name], f"interactions ({name})", at_least=0) for name in INTERACTIONS) / reach
    paid = vector(posts["spend"], "dépense (spend)", at_least=0) > 0
    names = posts["network"].astype(str).to_numpy()
    networks = [str(name) for name in pd.Series(names).value_counts().index]

    columns, rows = min(3, len(networks)), -(-len(networks) // 3)
    figure = new_figure(1.3 + 2.7 * rows)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    told = f"Portée et taux d’engagement par portée de {_count(len(reach), 'publication')}."
    for place, axes in enumerate(panels):
        axes.set_visible(place < len(networks))
        axes.tick_params(labelbottom=place + columns >= len(networks))
    for axes, network in zip(panels, networks, strict=False):
        here = names == network
        head = f"{_count(int(here.sum()), 'publication')}, dont {_count(int((here & paid).sum()), 'payée')}".replace(
            "dont 0", "dont aucune"
        )
        axes.set_title(shorten(legible(network), 26), size=10, pad=19)
        axes.annotate(typeset(head), (0, 1), xytext=(0, 4), xycoords="axes fraction", textcoords="offset points", size=8.5)
        axes.grid()
        told += f" {network} : {head}"
        for kind, (label, look) in _POSTS.items():
            of_kind = here & (paid == (kind == "en payant"))
            axes.scatter(reach[of_kind], rate[of_kind], label=label, **look)
            if of_kind.any():
                middle = amount(float(np.median(reach[of_kind])), ""), amount(float(np.median(rate[of_kind])), "%")
                told += f" ; {kind}, portée médiane {middle[0]} et taux médian {middle[1]}"
        told += "."
    low, high = float(reach.min()) / 1.4, float(reach.max()) * 1.4
    steps = (1,) if high > 200 * low else (1, 3) if high > 20 * low else (1, 2, 5)
    ticks = [step * 10.0**power for power in range(-3, 16) for step in steps if low <= step * 10.0**power <= high]
    panels[0].set_xscale("log")
    panels[0].set_xlim(low, high)
    panels[0].set_xticks(ticks, [style.people(tick) for tick in ticks])
    panels[0].minorticks_off()
    top = max(0.01, float(rate.max()) * 1.08)
    panels[0].set_ylim(-0.02 * top, top)
    style.number_ticks(panels[0].yaxis, "%")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
    figure.supxlabel("portée, en personnes (échelle logarithmique)", size=9, x=0.99, ha="right")
    figure.supylabel("taux d’engagement par portée", size=9)
    figure.suptitle("Portée et taux d’engagement de chaque publication", **_TITLE)
    return describe(figure, told)


@drawn
def survey_answers(survey: pd.DataFrame, column: str, members: Members | None = None) -> "Figure":
    """Draw the answers to a question: the share of those who answered, and the index of a segment where there is one.

    Parameters
    ----------
    survey
        One row a respondent; several answers of one respondent are separated by « | ».
    column
        Question.
    members
        Segment, as `cmlib.segments.segment` returns: its answers are set beside everybody's.

    Returns
    -------
    Figure
        Its alternative text gives the share of each answer, and its index base 100.

    Raises
    ------
    InvalidInput
        As `cmlib.segments.index_100`, or if the survey is empty or the question has more than forty different answers.
    """
    _check(survey, (column,), "Enquête")
    written = survey[column].map(_answer, na_action="ignore")
    compared, chosen = members is not None, np.ones(len(survey), dtype=bool) if members is None else members
    table = index_100(pd.DataFrame({column: written}), chosen, column)
    if len(table) > 40:
        raise InvalidInput(f"La colonne « {column} » a {len(table)} réponses différentes, 40 au plus : regroupez-les d’abord.")
    table = table if compared else table.sort_values("share", ascending=False, kind="stable")
    label, who = _QUESTIONS.get(column, legible(column)), _respondents(written.notna().to_numpy(), members)

    names = [few_lines(legible(answer), 3.2, 9) for answer in table.index]
    side = max(text_width(line, 9) for lines in names for line in lines) + 0.2
    tall, bottom = (0.5 if compared else 0.36) * len(table), 0.5 if compared else 0.2
    height = tall + bottom + 0.75
    figure = new_figure(height, layout=None)
    axes = figure.add_axes((side / WIDTH, bottom / height, 1 - (side + 0.1) / WIDTH, tall / height))
    _bars(axes, table, compared, horizontal=True)
    axes.set_yticks(range(len(table)), ["\n".join(lines) for lines in names], size=9, linespacing=0.95)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, float(table[["share", "overall"]].to_numpy().max()) * (1.25 if compared else 1.12))
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    figure.text(y=1 - 0.25 / height, s=typeset(label), va="center", **_TITLE)
    figure.text(0.008, 1 - 0.5 / height, typeset(f"{who} ; part de ceux qui ont répondu"), size=8.5, va="center")

    parts = [
        f"{answer}, {_share(own)}" + (f" contre {_share(overall)}, indice {index:.0f}" if compared else "")
        for answer, own, overall, index in table[["share", "overall", "index"]].itertuples()
    ]
    return describe(figure, f"{label}. {who}. Part de ceux qui ont répondu : {' ; '.join(parts)}.")


@drawn
def survey_ages(survey: pd.DataFrame, members: Members | None = None) -> "Figure":
    """Draw the ages of a survey by groups of five years, or of ten where twelve groups would not do.

    Parameters
    ----------
    survey, members
        As in `survey_answers`; column ``age``. An age that is not given is left out, and counted.

    Returns
    -------
    Figure
        Its alternative text gives the median age, and the share of each group.

    Raises
    ------
    InvalidInput
        As `cmlib.segments.index_100`, or if the survey is empty, no age is given, or one is not between 0 and 120.
    """
    _check(survey, ("age",), "Enquête")
    given = survey["age"].notna().to_numpy()
    ages = numbers(survey["age"][given], "âge (age)", at_least=0, at_most=120)
    if not ages.size:
        raise InvalidInput("Enquête : aucun âge n’est donné, il en faut au moins un pour dessiner.")
    step = 5 if ages.max() // 5 - ages.min() // 5 < 12 else 10
    firsts = range(int(ages.min()) // step * step, int(ages.max()) + 1, step)
    groups = np.full(len(survey), None, dtype=object)
    groups[given] = [f"{int(age) // step * step}" for age in ages]
    chosen = np.ones(len(survey), dtype=bool) if members is None else members
    table = index_100(pd.DataFrame({"age": groups}), chosen, "age").reindex([str(first) for first in firsts]).fillna(0.0)
    who, compared = _respondents(given, members), members is not None

    figure = new_figure(3.9)
    axes = figure.add_subplot()
    _bars(axes, table, compared, horizontal=False)
    axes.set_xticks(range(len(firsts)), [f"{first}–{first + step - 1}" for first in firsts])
    axes.set_xlabel("âge, en années")
    axes.set_ylabel("part de ceux qui donnent leur âge")
    axes.set_ylim(0, float(table[["share", "overall"]].to_numpy().max()) * 1.12)
    style.number_ticks(axes.yaxis, "%")
    axes.grid(axis="y")
    axes.set_title(typeset(f"Âges par groupe de {step} ans : {who[0].lower()}{who[1:]}"))

    own, every = (f"{write_number(float(np.median(those)), 1)} ans" for those in (ages[np.asarray(chosen)[given]], ages))
    median = f"{own} dans le segment, {every} dans l’enquête" if compared else every
    parts = [
        f"de {first} à {first + step - 1} ans, {_share(inside)}" + (f" contre {_share(overall)}" if compared else "")
        for first, inside, overall in zip(firsts, table["share"], table["overall"], strict=True)
    ]
    return describe(figure, f"{who}. Âge médian : {median}. Part de ceux qui donnent leur âge : {' ; '.join(parts)}.")


@drawn
def competitors_overview(
    competitors: pd.DataFrame, name: str, mentions: float, followers: float, posts_per_week: float, interactions_per_post: float
) -> "Figure":
    """Draw a brand beside its competitors and references of other sectors, a panel a measure.

    Parameters
    ----------
    competitors
        Columns ``name``, ``type`` (``concurrent`` or ``référence``) and the four measures.
    name, mentions, followers, posts_per_week, interactions_per_post
        The brand, and its own measures.

    Returns
    -------
    Figure
        Its alternative text gives every value, and the place of the brand among its competitors.

    Raises
    ------
    InvalidInput
        If there is no line, a column is missing, a type is unknown, or a value is missing or negative.
    """
    _check(competitors, ("name", "type", *_COMPARED), "Concurrents")
    own = (mentions, followers, posts_per_week, interactions_per_post)
    types = competitors["type"].astype(str).tolist()
    if strange := sorted(set(types) - {"concurrent", "référence"}):
        raise InvalidInput(f"« {strange[0]} » n’est pas un type : il faut « concurrent » ou « référence ».")
    order = np.argsort([list(_KINDS).index(kind) for kind in ("la marque", *types)], kind="stable")
    names = [str([name, *competitors["name"]][place]) for place in order]
    kind, rivals = np.array(["la marque", *types])[order], types.count("concurrent")
    y = np.arange(len(names)) + 0.35 * (kind == "référence")

    figure = new_figure(1.5 + 0.36 * len(names))
    panels = figure.subplots(1, len(_COMPARED), sharey=True)
    told = f"{name}, {_count(rivals, 'concurrent')} et {_count(types.count('référence'), 'référence')} d’un autre secteur."
    for axes, (measure, label), mine in zip(panels, _COMPARED.items(), own, strict=True):
        values = vector([mine, *competitors[measure]], f"{measure}, la marque puis les autres", at_least=0)[order]
        for of_kind, (legend, fill, hatch, edge) in _KINDS.items():
            look = {"color": fill, "hatch": hatch, "edgecolor": edge, "linewidth": 0.8, "label": legend}
            axes.barh(y[kind == of_kind], values[kind == of_kind], height=0.6, **look)
        for row, value in enumerate(values):
            look = {"va": "center", "size": 8.5, "weight": "normal" if row else "bold", "textcoords": "offset points"}
            axes.annotate(amount(float(value), ""), (value, y[row]), xytext=(4, 0), **look)
        axes.set_xlim(0, max(1e-9, float(values.max())) * 1.45)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_title(label, size=9.5)
        rank = 1 + int((values[1 : 1 + rivals] > values[0]).sum())
        place = f" ({'1re' if rank == 1 else f'{rank}e'} sur {rivals + 1} sans les références)" if rivals else ""
        listed = ", ".join(f"{other} {amount(float(value), '')}" for other, value in zip(names[1:], values[1:], strict=True))
        told += f" {label.replace(chr(10), ' ')} : {name} {amount(float(values[0]), '')}{place}, {listed}."
    panels[0].set_yticks(y, ["\n".join(few_lines(legible(other), 1.5, 8.5)) for other in names])
    panels[0].set_ylim(y[-1] + 0.5, -0.5)
    panels[0].get_yticklabels()[0].set_weight("bold")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower left", ncols=3, handlelength=2.4)
    figure.suptitle(f"{shorten(legible(name), 40)} face aux concurrents et aux références", **_TITLE)
    return describe(figure, told)


def _check(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    style.check_table(table, columns, what)
    if table.empty:
        raise InvalidInput(f"{what} : la table est vide, il faut au moins une ligne pour dessiner.")


def _count(count: int, noun: str) -> str:
    return f"{write_number(count, 0)} {plural(count, noun)}"


def _answer(value: object) -> str:
    """Write an answer as it is read: « oui » or « non », a number in French."""
    if isinstance(value, bool | np.bool_):
        return "oui" if value else "non"
    return write_number(float(value), 2) if isinstance(value, int | float | np.number) else str(value)


def _respondents(replied: NDArray[np.bool_], members: Members | None) -> str:
    told = f"{_count(int(replied.sum()), 'répondant')} sur {write_number(len(replied), 0)}"
    return told if members is None else f"Segment de {_count(int((replied & members).sum()), 'répondant')}, comparé à {told}"


def _bars(axes: "Axes", table: pd.DataFrame, compared: bool, horizontal: bool) -> None:
    """Draw shares as bars with their labels: one an answer, or one for the segment and one for everybody."""
    draw = axes.barh if horizontal else axes.bar
    x = np.arange(len(table))
    thick = 0.38 if compared else 0.66
    draw(x - thick / 2 * compared, table["share"], thick, color=BLUE, label="segment")
    if compared:
        draw(x + thick / 2, table["overall"], thick, color="#bcd0ec", edgecolor=BLUE, linewidth=0.6, hatch="////", label="tous")
        axes.figure.legend(loc="lower left" if horizontal else "outside lower left", ncols=2)
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center" if horizontal else "bottom", "size": 8}
    look |= {"ha": "left", "xytext": (4, 0)} if horizontal else {"ha": "center", "xytext": (0, 2)}
    for place, share, overall, index in zip(x, table["share"], table["overall"], table["index"], strict=True):
        own = _share(share) + (f", indice {index:.0f}" if compared and horizontal else "")
        texts = [(place - thick / 2 * compared, share, own), (place + thick / 2, overall, _share(overall))][: 1 + compared]
        for rank, (at, value, text) in enumerate(texts):
            axes.annotate(text, (value, at) if horizontal else (at, value), weight="normal" if rank else "bold", **look)
