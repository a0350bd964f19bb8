"""A quantified objective: an indicator, where it starts, where it must be, when, and in which order of priority.

The catalogue of indicators is `cmlib.kpis`, their formulas `cmlib.rates` and `cmlib.costs`; all are also found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cmlib.costs import cac, cost_per_follower, cpc, cpl, cpm, net_roi, roas
from cmlib.errors import InvalidInput
from cmlib.french import write_date, write_number, write_quantity
from cmlib.inputs import number
from cmlib.kpis import (
    FAMILIES,
    KPIS,
    RETURNS,
    ROI_LIMITS,
    SERVICES,
    Kpi,
    expected_kpis,
    family_kpis,
    kpi,
)
from cmlib.rates import (
    INTERACTIONS,
    conversion_rate,
    ctr,
    engagement_rate,
    growth_rate,
    part,
    positive_share,
    reputation_ratio,
    share_of_voice,
    virality_rate,
)

__all__ = [
    "FAMILIES",
    "INTERACTIONS",
    "KPIS",
    "RETURNS",
    "ROI_LIMITS",
    "SERVICES",
    "Kpi",
    "Objective",
    "cac",
    "conversion_rate",
    "cost_per_follower",
    "cpc",
    "cpl",
    "cpm",
    "ctr",
    "describe",
    "engagement_rate",
    "expected_kpis",
    "family_kpis",
    "growth_rate",
    "kpi",
    "net_roi",
    "part",
    "plan_problems",
    "positive_share",
    "progress",
    "reputation_ratio",
    "roas",
    "share_of_voice",
    "virality_rate",
]


@dataclass(frozen=True)
class Objective:
    """A quantified objective, checked when it is made.

    Attributes
    ----------
    kpi
        Indicator: a key of `KPIS`.
    baseline, target
        Value at the start and value aimed at, in the unit of the indicator; percentages as fractions.
    deadline
        Last day to reach the target.
    rank
        Priority, 1 for the first.

    Raises
    ------
    InvalidInput
        If the indicator is unknown, a value is out of its bounds, the target is not strictly better than the baseline, the
        deadline is not a date, or the rank is not a whole number from 1 on.

    Examples
    --------
    >>> goal = Objective("spontaneous_awareness", baseline=0.12, target=0.15, deadline=date(2026, 12, 31), rank=1)
    >>> goal.target
    0.15
    """

    kpi: str
    baseline: float
    target: float
    deadline: date
    rank: int

    def __post_init__(self) -> None:
        indicator = kpi(self.kpi)
        bounds = {"at_least": indicator.at_least, "at_most": indicator.at_most}
        object.__setattr__(self, "baseline", number(self.baseline, f"{indicator.name}, valeur de départ (baseline)", **bounds))
        object.__setattr__(self, "target", number(self.target, f"{indicator.name}, valeur visée (target)", **bounds))
        object.__setattr__(self, "rank", int(number(self.rank, "priorité (rank)", at_least=1, whole=True)))
        if isinstance(self.deadline, datetime) or not isinstance(self.deadline, date):
            raise InvalidInput(f"{indicator.name} : l’échéance (deadline) est une date, par exemple date(2026, 12, 31).")
        gain = self.target - self.baseline
        if (gain <= 0) if indicator.better == "up" else (gain >= 0):
            way = "supérieure" if indicator.better == "up" else "inférieure"
            raise InvalidInput(
                f"{indicator.name} : la valeur visée ({_write(self.target, indicator)}) doit être strictement {way} "
                f"à la valeur de départ ({_write(self.baseline, indicator)})."
            )


def describe(objective: Objective) -> str:
    """Write an objective as a French sentence.

    Examples
    --------
    >>> goal = Objective("nps", baseline=12, target=20, deadline=date(2026, 12, 31), rank=1)
    >>> describe(goal).replace(chr(160), " ")
    'Priorité 1 : Score de recommandation (NPS), de 12 points à 20 points au plus tard le 31 décembre 2026.'
    """
    indicator = kpi(objective.kpi)
    return (
        f"Priorité {objective.rank}\u00a0: {indicator.name}, de {_write(objective.baseline, indicator)} "
        f"à {_write(objective.target, indicator)} au plus tard le {write_date(objective.deadline, 'long')}."
    )


def progress(objective: Objective, value: float) -> float:
    """Share of the way from the baseline to the target: 0 at the start, 1 at the target, negative if things got worse.

    Parameters
    ----------
    objective
        The objective.
    value
        Value of the indicator now, in its unit.

    Returns
    -------
    float
        A fraction, above 1 beyond the target.

    Raises
    ------
    InvalidInput
        If the value is missing or out of the bounds of the indicator.

    Examples
    --------
    >>> progress(Objective("cpl", baseline=20, target=10, deadline=date(2026, 6, 30), rank=2), value=15)
    0.5
    """
    indicator = kpi(objective.kpi)
    now = number(value, f"{indicator.name}, valeur du jour (value)", at_least=indicator.at_least, at_most=indicator.at_most)
    return (now - objective.baseline) / (objective.target - objective.baseline)


def plan_problems(objectives: Sequence[Objective], start: date, end: date) -> list[str]:
    """Say what is wrong in a set of objectives: deadlines out of the period, ranks that do not follow, indicators used twice.

    Parameters
    ----------
    objectives
        Objectives of a plan, in any order.
    start, end
        First and last day of the plan.

    Returns
    -------
    list of str
        French sentences; empty when all is well.

    Examples
    --------
    >>> goal = Objective("nps", baseline=12, target=20, deadline=date(2027, 1, 31), rank=1)
    >>> len(plan_problems([goal], date(2026, 1, 1), date(2026, 12, 31)))
    1
    """
    problems = []
    for objective in objectives:
        if not start <= objective.deadline <= end:
            problems.append(
                f"{kpi(objective.kpi).name}\u00a0: l’échéance du {write_date(objective.deadline)} est hors du plan, "
                f"qui va du {write_date(start)} au {write_date(end)}."
            )
    ranks = sorted(objective.rank for objective in objectives)
    if ranks != list(range(1, len(ranks) + 1)):
        given = ", ".join(map(str, ranks))
        problems.append(f"Les priorités sont {given}\u00a0: numérotez-les de 1 à {len(ranks)}, chacune une seule fois.")
    names = [objective.kpi for objective in objectives]
    problems += [
        f"{KPIS[name].name}\u00a0: cet indicateur a deux objectifs, gardez-en un."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    return problems


def _write(value: float, indicator: Kpi) -> str:
    if indicator.unit in ("%", "€"):
        return write_quantity(value, indicator.unit)
    return write_quantity(value, indicator.unit) if indicator.unit else write_number(value)
