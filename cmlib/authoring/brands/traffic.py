"""Visits, leads, clients and costs, week by week and source by source: what the rest of the year leads to.

Advertising keeps working for some weeks (geometric adstock) and wears out as it grows; talk brings visits; a crisis brings the
curious and sends buyers away. The rates of the course's funnel do the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.mentions import Mention
from cmlib.authoring.brands.publications import Post
from cmlib.authoring.brands.source import Source
from cmlib.authoring.brands.story import LAST_DAY, Story, monday
from cmlib.media import geometric_adstock, michaelis_menten

CARRYOVER = 0.3  # hypothesis: what is left of a week's advertising the week after
FIRST_MONDAY = date(2025, 1, 6)


@dataclass(frozen=True)
class Week:
    """What a source is expected to bring in a week, before each student's own luck: visits, then rates of passage."""

    monday: date
    source: str
    visitors: float
    lead_rate: float
    client_rate: float
    advocate_rate: float
    cost: float
    basket: float


def write_traffic(source: Source, story: Story, posts: Sequence[Post], mentions: Sequence[Mention]) -> list[Week]:
    """Return the weeks of the year, three sources each; the week that was not recorded is missing."""
    traffic, draw = source.year.traffic, Draw(f"{story.name}/trafic")
    mondays = [FIRST_MONDAY + timedelta(weeks=n) for n in range(((LAST_DAY - FIRST_MONDAY).days + 1) // 7)]
    spent: Counter[date] = Counter()
    for post in posts:
        spent[monday(post.moment.date())] += post.spend
    spend = np.array([spent[day] for day in mondays], float)
    talk = Counter(monday(mention.moment.date()) for mention in mentions)
    ordinary = float(np.median([talk[day] for day in mondays]))
    felt = geometric_adstock(spend, CARRYOVER, normalize=True)
    wear = 3 * max(float(spend.max()), 1.0)  # so much spent in a week would bring half of what one expects from it
    brought = michaelis_menten(felt, traffic.visitors["paid_par_euro"] * wear, wear)
    weeks = []
    for day, paid, advertised in zip(mondays, spend, np.asarray(brought), strict=True):
        season = traffic.season[(day + timedelta(days=3)).month - 1]
        crisis = 0 <= (day - monday(story.start)).days <= 21
        campaign = 0.15 if story.campaign[0] <= day <= story.campaign[1] else 0.0
        heard = (talk[day] / ordinary) ** 0.5 if talk[day] else 0.6
        visitors = {
            "paid": float(advertised),
            "owned": traffic.visitors["owned"] * season * (1 + campaign) * draw.between(0.9, 1.1),
            "earned": traffic.visitors["earned"] * season * heard * draw.between(0.9, 1.1),
        }
        # People who come on a recommendation buy more readily; those whom advertising brings, less (hypotheses).
        readiness = {"paid": 0.7, "owned": 1.0, "earned": 1.3}
        costs: dict[str, float] = {"paid": float(paid), "owned": traffic.costs["owned"], "earned": traffic.costs["earned"]}
        if day == story.missing_week:
            continue
        for name, count in visitors.items():
            slump = 0.55 if crisis else 1.0
            weeks.append(
                Week(
                    day,
                    name,
                    count,
                    min(0.6, traffic.rates["prospects"] * readiness[name] * slump),
                    min(0.8, traffic.rates["clients"] * (0.75 if crisis else 1.0)),
                    min(0.8, traffic.rates["ambassadeurs"] * (0.6 if crisis else 1.0)),
                    costs[name],
                    traffic.basket,
                )
            )
    return weeks
