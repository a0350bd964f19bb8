"""What a student can read of the year before setting objectives: the brand's indicators, and what happens around it.

Every value comes from the student's own tables by a formula of the model. What an exercise asks to compute (engagement rate,
share of voice) is not given here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cmlib.costs import cac, cpl
from cmlib.french import write_number, write_quantity
from cmlib.kpis import KPIS
from cmlib.rates import conversion_rate, positive_share
from cmlib.segments import answers
from cmlib.stats import nps

if TYPE_CHECKING:
    from cmlib.cases.case import Case

PROMOTER, PASSIVE = 9, 7
"""Marks from which one recommends, and from which one does not dissuade (Reichheld, 2003)."""


@dataclass(frozen=True)
class Reading:
    """A figure that the student's tables hold, rounded as it is shown: who copies what is shown is exactly right.

    Attributes
    ----------
    label
        What it is, in French, the network or the competitor included.
    value, unit
        In the model's convention (a percentage is a fraction); a unit is a key of `cmlib.french.UNIT_SPELLINGS`.
    kpi
        The indicator, a key of `cmlib.kpis.KPIS`; empty for a figure of the environment.
    """

    label: str
    value: float
    unit: str
    kpi: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", round(self.value, 4 if self.unit == "%" else 2))

    @property
    def family(self) -> str:
        """Family of objectives of the indicator; empty for a figure of the environment."""
        return KPIS[self.kpi].family if self.kpi else ""

    @property
    def better(self) -> Literal["up", "down"]:
        """Where the brand wants it to go."""
        return KPIS[self.kpi].better if self.kpi else "up"

    @property
    def shown(self) -> str:
        """The value in French, two decimals at most."""
        return write_quantity(self.value, self.unit) if self.unit else write_number(self.value)


def brand_readings(case: "Case") -> dict[str, Reading]:
    """Return the brand's indicators for the year, by id, two or more for each family of objectives."""
    posts, survey, network = case.main_posts, case.survey, case.main_network
    traffic = case.traffic[["visitors", "prospects", "clients", "cost"]].sum()
    tone = case.mentions["sentiment"].value_counts()
    marks = survey["recommandation"].dropna()
    promoters, passives = int((marks >= PROMOTER).sum()), int(((marks >= PASSIVE) & (marks < PROMOTER)).sum())
    score = nps(promoters, passives, len(marks) - promoters - passives).score
    positive = float(positive_share(int(tone.get("positive", 0)), int(tone.get("negative", 0))))
    year = "sur l’année"
    return {
        "abonnes": Reading(f"Abonnés sur {network}, fin décembre", float(posts["followers"].iloc[-1]), "", "followers"),
        "impressions": Reading(f"Impressions sur {network}, {year}", float(posts["impressions"].sum()), "", "impressions"),
        "commentaires": Reading(f"Commentaires sur {network}, {year}", float(posts["comments"].sum()), "", "comments"),
        "partages": Reading(f"Partages sur {network}, {year}", float(posts["shares"].sum()), "", "shares"),
        "spontanee": Reading(
            "Notoriété spontanée, après la campagne", float(survey["spontanee_apres"].mean()), "%", "spontaneous_awareness"
        ),
        "assistee": Reading(
            "Notoriété assistée, après la campagne", float(survey["assistee_apres"].mean()), "%", "aided_awareness"
        ),
        "recommandation": Reading("Score de recommandation (NPS)", float(score), "points", "nps"),
        "tonalite": Reading(
            f"Part de mentions positives parmi celles qui prennent parti, {year}", positive, "%", "positive_share"
        ),
        "conversion": Reading(
            f"Taux de conversion : clients / visiteurs du site, {year}",
            float(conversion_rate(traffic["clients"], traffic["visitors"])),
            "%",
            "conversion_rate",
        ),
        "prospects": Reading(f"Prospects, {year}", float(traffic["prospects"]), "", "leads"),
        "cpl": Reading(f"Coût par prospect, {year}", float(cpl(traffic["cost"], traffic["prospects"])), "€", "cpl"),
        "cac": Reading(f"Coût d’acquisition d’un client, {year}", float(cac(traffic["cost"], traffic["clients"])), "€", "cac"),
    }


def market_readings(case: "Case") -> dict[str, Reading]:
    """Return figures of the brand's environment, by id: its competitors, and the people asked."""
    others = case.competitors
    rivals = others[others["type"] == "concurrent"].sort_values("followers", ascending=False, kind="stable")
    found = {
        f"concurrent{rank}": Reading(f"Abonnés de {row['name']}, concurrent", float(row["followers"]), "")
        for rank, row in enumerate(rivals.to_dict("records"), start=1)
    }
    for name, column, what in (
        ("reseau", "reseaux", "utilisent {}"),
        ("attente", "attentes", "attendent : {}"),
        ("aversion", "aversions", "n’aiment pas : {}"),
        ("frein", "freins_psychologiques", "sont retenues par : {}"),
    ):
        given = [replied for replied in answers(case.survey, column) if replied]
        counts = pd.Series([answer for replied in given for answer in sorted(replied)]).value_counts()
        for rank, (answer, count) in enumerate(counts.head(2).items(), start=1):
            label = f"Personnes interrogées qui {what.format(answer)}"
            found[f"{name}{rank}"] = Reading(label, float(count) / len(given), "%")
    return found


def readings_table(readings: dict[str, Reading]) -> pd.DataFrame:
    """Return readings as a table to show: what, and the value."""
    return pd.DataFrame(
        {"Valeur": [reading.shown for reading in readings.values()]},
        index=pd.Index([reading.label for reading in readings.values()], name="Indicateur"),
    )
