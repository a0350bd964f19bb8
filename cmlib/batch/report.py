"""What ``scenario.ipynb`` shows: a scenario in; what happens, with which uncertainty, what to change, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from cmlib.batch.changes import Change, best, changes
from cmlib.batch.results import GOALS, MIME, part_of_draws, results_of
from cmlib.campaign import LEVELS, MEASURES, Result, simulate
from cmlib.charts import counterfactual_waterfall, poem_mix, scenario_bands, three_week_dashboard
from cmlib.charts.campaigns import amount, signed
from cmlib.data import datasets
from cmlib.debrief import PASSAGES, Debrief, debrief
from cmlib.french import plural, typeset, write_date, write_number, write_quantity
from cmlib.networks import NETWORKS
from cmlib.scenario import Scenario, Weekly, planned_cost, read_scenario, weekly

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWS = 1000
EXAMPLE = "velambule-printemps.yml"
"""What the report tells when it is given no scenario."""

_OF_JUPYTER = ("In", "Out", "exit", "quit", "open", "get_ipython")
_PLAIN = (str, int, float, list, dict)
_RESPONSES = {"reponse": "la marque répond", "silence": "la marque se tait", "suppression": "la marque efface les critiques"}


@dataclass(frozen=True)
class Shown:
    """A piece of the report: what a page shows, and its words alone."""

    html: str
    text: str
    data: Mapping[str, Any] | None = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown: dict[str, Any] = {"text/plain": typeset(self.text), "text/html": self.html}
        return shown if self.data is None else shown | {MIME: dict(self.data)}


@dataclass(frozen=True)
class Report:
    """A scenario simulated, and each piece of what is told about it; the pieces are displayed as they are."""

    scenario: Scenario
    result: Result
    made: Debrief
    tried: tuple[Change, ...]

    def decisions(self) -> Shown:
        """Tell the story, then what is decided and what it costs."""
        plan = self.scenario
        cost = _euros(planned_cost(plan))
        targets = " ; ".join(f"{target.name} ({write_quantity(target.people, 'personnes', 0)})" for target in plan.targets)
        rows = [
            ("Marque", plan.brand.name),
            ("Cibles", targets),
            ("Objectif", f"{self._label} : {self._written(plan.goal.target)}"),
            ("Durée", f"{plan.weeks} {plural(plan.weeks, 'semaine')} à partir du {write_date(plan.start, 'long')}"),
            ("Budget", f"{_euros(plan.budget)}, dont {cost} engagés par les décisions"),
        ]
        rows += [(f"Publicité sur {NETWORKS[line.network]}", _each_week(line.spend, plan.weeks, "€")) for line in plan.paid]
        for page in plan.owned:
            rows.append((f"Publications sur {NETWORKS[page.network]}", _each_week(page.posts, plan.weeks, "publication")))
        if weekly(plan.articles, plan.weeks).any():
            rows.append(("Articles du site", _each_week(plan.articles, plan.weeks, "article")))
        if weekly(plan.earned.relays, plan.weeks).any():
            rows.append(("Relais d’influence", _each_week(plan.earned.relays, plan.weeks, "relais")))
        for lever in plan.levers:
            points = write_quantity(100 * lever.points, plural(100 * lever.points, "point"))
            rows.append((f"Levier pour {PASSAGES[lever.passage]}", f"{points}, {_euros(lever.cost)} en tout"))
        if plan.crisis is not None:
            severity = write_quantity(plan.crisis.severity, "%", 0)
            told = f"semaine {plan.crisis.week}, gravité {severity} ; {_RESPONSES[plan.crisis.response]}"
            rows.append(("Crise prévue", told))
        story, decided = sentences([plan.story] if plan.story else []), table("Ce qui est décidé", ("", ""), rows)
        return Shown(story.html + decided.html, f"{story.text}\n{decided.text}".strip())

    def outcome(self) -> Shown:
        """Say what to expect, with which uncertainty, and the chance to reach the goal."""
        made, goal = self.made, self.scenario.goal
        chance = made.chance or 0.0
        lines = [
            f"{self._label} attendue en fin de campagne : {self._written(made.expected)}."
            if goal.kpi in ("awareness", "reach")
            else f"{self._label}, total attendu de la campagne : {self._written(made.expected)}.",
            f"Neuf fois sur dix, entre {self._written(made.low)} et {self._written(made.high)}, selon la chance.",
            f"L’objectif de {self._written(goal.target)} {_reached(chance, 'est')}.",
        ]
        if made.effects:
            effect = signed(made.expected - made.baseline, GOALS[goal.kpi][1], made.expected)
            cost = _euros(planned_cost(self.scenario))
            lines.append(f"Sans rien décider : {self._written(made.baseline)}. Toutes les décisions : {effect}, pour {cost}.")
        return sentences(lines, strong=2)

    def bands(self) -> "Figure":
        """Draw the goal's measure week by week, with its uncertainty."""
        return scenario_bands({self.scenario.brand.name: self.result}, self.made.measure)

    def mix(self) -> "Figure":
        """Draw where the impressions come from."""
        return poem_mix({self.scenario.brand.name: self.result})

    def dashboard(self) -> "Figure | Shown":
        """Draw the last three weeks; a shorter campaign has none."""
        if self.scenario.weeks < 3:
            return sentences(["Le tableau de bord demande trois semaines : cette campagne est plus courte."])
        return three_week_dashboard(self.result, self.scenario.weeks)

    def spread(self) -> Shown:
        """Show the outcome of each measure: mean, and where nine draws in ten end."""
        kept = ("awareness", "cumulative_reach", "engagements", "visitors", "prospects", "clients", "revenue", "cost", "roas")
        found = results_of(self.scenario, self.result, self.made, self.tried)
        units = dict.fromkeys(("awareness", "cumulative_reach"), "%") | dict.fromkeys(("revenue", "cost"), "€")
        counted = ("engagements", "visitors", "prospects", "clients")
        rows = []
        for measure in kept:
            values = found["measures"][measure]
            like = max(values["mean"], 100.0) if measure in counted else None  # people come whole
            written = [amount(values[key], units.get(measure, ""), like) for key in ("mean", "low", "high")]
            rows.append((MEASURES[measure] + ("" if measure in LEVELS else ", total"), *written))
        caption = "En fin de campagne : l’attendu, et la fourchette de neuf tirages sur dix"
        return table(caption, ("Mesure", "Attendu", "De", "À"), rows, numbers=3)

    def effects(self) -> "Figure | Shown":
        """Draw what each decision brings."""
        made = self.made
        if not made.effects:
            return sentences(["Rien n’est décidé dans ce scénario : il n’y a pas d’effet à attribuer."])
        unit = GOALS[self.scenario.goal.kpi][1]
        title = f"{self._label} : ce que chaque décision apporte, puis la chance du premier tirage"
        return counterfactual_waterfall(
            made.baseline, made.effects, made.joint, made.expected, made.luck, made.actual, unit, title
        )

    def advice(self) -> Shown:
        """Say what to change, and show everything that was tried."""
        unit = GOALS[self.scenario.goal.kpi][1]
        found = best(self.tried, self.made.expected, unit)
        if found is None:
            lead = "Aucun des changements essayés dans le budget n’améliore nettement le résultat"
            lead += ", ou ne rapporte plus qu’il ne coûte." if unit == "€" else "."
        else:
            effect = signed(found.effect, unit, self.made.expected)
            name = f"{found.name[0].lower()}{found.name[1:]}"
            lead = f"À essayer d’abord : {name}. {self._label} : {effect} ; l’objectif {_reached(found.chance, 'serait')}."
        rows = [
            (
                change.name,
                signed(change.effect, unit, self.made.expected),
                signed(change.cost, "€", self.scenario.budget or 1.0),
                part_of_draws(change.chance),
                "oui" if change.affordable else "non",
            )
            for change in self.tried
        ]
        told = sentences([lead], strong=0)
        if not rows:
            return told
        head = ("Changement essayé", "Effet sur l’objectif", "Coût", "Objectif atteint", "Dans le budget")
        shown = table("Un changement à la fois, avec la même chance", head, rows, numbers=3)
        return Shown(told.html + shown.html, f"{told.text}\n{shown.text}")

    def results(self) -> Shown:
        """Carry the results for `cmlib scenarios`, which compares them."""
        found = results_of(self.scenario, self.result, self.made, self.tried)
        told = sentences([f"Résultats de {write_number(self.result.draws)} tirages de chance, graine {self.result.seed}."])
        return Shown(told.html, told.text, found)

    @property
    def _label(self) -> str:
        return GOALS[self.scenario.goal.kpi][0]

    def _written(self, value: float) -> str:
        return amount(value, GOALS[self.scenario.goal.kpi][1])


def open_report(parameters: Mapping[str, Any], draws: int = DRAWS) -> Report:
    """Simulate the scenario that the notebook's parameters describe.

    Parameters
    ----------
    parameters
        The notebook's names (``globals()``): those of `cmlib.scenario.Scenario`. None is a field left out; without brand,
        targets nor goal, the rest changes the kit's example. Another name that holds a plain value is a parameter
        that does not exist, and is refused.
    draws
        How many draws of luck.

    Raises
    ------
    ScenarioError
        If the parameters are not a scenario.
    """
    given = {
        name: value
        for name, value in parameters.items()
        if not name.startswith("_") and name not in _OF_JUPYTER and (name in Scenario.model_fields or isinstance(value, _PLAIN))
        if value is not None
    }
    if not given.keys() & {"brand", "targets", "goal"}:
        given = read_scenario(datasets() / "scenarios" / EXAMPLE).model_dump() | given
    scenario = Scenario.model_validate(given)
    result = simulate(scenario, draws)
    return Report(scenario, result, debrief(scenario, draws=draws), tuple(changes(scenario, result)))


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> Shown:
    """Return a table with its caption; the first cell of a line names it, and so many numbers come next."""
    style = "text-align:left;vertical-align:top;padding:4px 16px 4px 0"
    number = style.replace("left", "right")
    styles = [style, *[number] * numbers, *[style] * len(head)]
    named = zip(styles, head, strict=False)
    top = "".join(f"<th scope='col' style='{its}'>{escape(typeset(name))}</th>" for its, name in named) if any(head) else ""
    lines = "".join(
        f"<tr><th scope='row' style='{style}'>{escape(typeset(first))}</th>"
        + "".join(f"<td style='{its}'>{escape(typeset(cell))}</td>" for its, cell in zip(styles[1:], rest, strict=False))
        + "</tr>"
        for first, *rest in rows
    )
    title = f"<caption style='text-align:left;font-weight:bold'>{escape(typeset(caption))}</caption>"
    html = f"<table class='cm-table'>{title}{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{lines}</tbody></table>"
    return Shown(html, "\n".join([caption, *(" | ".join(row) for row in rows)]))


def sentences(lines: Sequence[str], strong: int | None = None) -> Shown:
    """Return sentences, one of them in bold."""
    told = [escape(typeset(line)) for line in lines]
    html = "".join(f"<p>{f'<strong>{line}</strong>' if rank == strong else line}</p>" for rank, line in enumerate(told))
    return Shown(html, "\n".join(lines))


def _each_week(value: Weekly, weeks: int, unit: str) -> str:
    values = weekly(value, weeks)
    active = values.nonzero()[0]
    low, high = (float(values[active].min()), float(values[active].max())) if active.size else (0.0, 0.0)
    total = float(values.sum())
    if unit == "€":
        told, first, last = _euros(total), _euros(low), _euros(high)
    else:
        told = write_quantity(total, plural(total, unit, unit if unit == "relais" else None))
        first, last = write_quantity(low, ""), write_quantity(high, "")
    each = f"{first if low == high else f'de {first} à {last}'} par semaine, {told} en tout"
    if active.size in (0, weeks):
        return each
    start, end = int(active[0]) + 1, int(active[-1]) + 1
    if end - start + 1 > active.size:
        return f"{each}, sur {active.size} semaines"
    return f"{each}, {f'semaine {start}' if start == end else f'semaines {start} à {end}'}"


def _euros(value: float) -> str:
    """Write euros, with cents only if there are any."""
    return amount(value, "€", 100.0 if value == round(value) else None)


def _reached(share: float, verb: str) -> str:
    if share <= 0:
        return f"{'n’est' if verb == 'est' else f'ne {verb}'} atteint dans aucun tirage"
    if share >= 1:
        return f"{verb} atteint dans tous les tirages"
    return f"{verb} atteint dans {part_of_draws(share)} des tirages"
