"""When a brand posts, and when the course advises to: weekday by hour."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from functools import lru_cache

from cmlib.cases.case import Case
from cmlib.charts import posting_heatmap
from cmlib.charts.style import to_html
from cmlib.errors import InvalidInput
from cmlib.french import plural, write_number, write_quantity
from cmlib.lessons.demos.markup import note, table
from cmlib.networks import NETWORKS, WEEKDAYS, Slot, network_name, slots

BRANDS = {
    "velambule": "Vélambule",
    "aubrelle": "Fromagerie Aubrelle",
    "cadrelo": "Cadrélo",
    "echos-voisins": "Les Échos voisins",
    "prisalto": "Prisalto",
    "valserane": "Pays de Valserane",
}
"""The invented brands of the case studies."""


_WEEK = [datetime(2025, 1, 6 + day, hour, minute) for day in range(7) for hour in range(24) for minute in range(0, 60, 15)]


@lru_cache
def moments(brand: str, network: str) -> tuple[datetime, ...]:
    """Return when a brand posted on a network in its invented year.

    Raises
    ------
    InvalidInput
        If the brand or the network is unknown.
    """
    if brand not in BRANDS:
        raise InvalidInput(f"« {brand} » n’est pas une marque du kit : prenez {', '.join(BRANDS)}.")
    posts = Case(brand, 0, "cours").posts
    return tuple(posts.loc[posts["network"] == network_name(network), "published_at"].dt.to_pydatetime())


def share_of_week(network: str) -> float | None:
    """Return the share of the week that advised times cover; None where none is advised.

    Examples
    --------
    >>> share_of_week("snapchat")
    0.125
    """
    advised = slots(network)
    return _inside(_WEEK, advised) / len(_WEEK) if advised else None


def heatmap(brand: str, network: str) -> tuple[str, str]:
    """Count the posts of a brand by weekday and hour, advised times outlined.

    Parameters
    ----------
    brand
        A key of `BRANDS`.
    network
        A key of `cmlib.networks.NETWORKS`.
    """
    posted = moments(brand, network)
    advised = slots(network)
    name, who = NETWORKS[network], BRANDS[brand]
    by_day: dict[int, list[tuple[time, time]]] = {}
    for slot in advised:
        by_day.setdefault(slot.weekday, []).append((slot.start, slot.end))
    if posted:
        shown = to_html(posting_heatmap(posted, by_day, f"{name} ({who}, données inventées)"))
    else:
        shown = note(f"{who} ne publie pas sur {name} : il n’y a rien à compter. Choisissez un autre réseau ou une autre marque.")
    if advised:
        rows = [
            [day.capitalize(), " ; ".join(f"{_hour(start)} – {_hour(end)}" for start, end in by_day.get(rank, [])) or "aucun"]
            for rank, day in enumerate(WEEKDAYS)
        ]
        shown += table(f"Créneaux conseillés sur {name} ({advised[0].source})", ["Jour", "Créneaux"], rows)
    return shown, _sentence(posted, network, who)


def _sentence(posted: tuple[datetime, ...], network: str, who: str) -> str:
    name, covered = NETWORKS[network], share_of_week(network)
    count = f"{write_number(len(posted), 0)} {plural(len(posted), 'publication')}"
    if covered is None:
        return f"{who} sur {name} : {count}. Le cours ne conseille aucun créneau pour {name}, et nous n’en inventons pas."
    week = f"les créneaux conseillés couvrent {write_quantity(covered, '%', 1)} de la semaine"
    if not posted:
        return f"{who} n’a rien publié sur {name} ; {week}."
    inside = _inside(posted, slots(network))
    share = write_quantity(inside / len(posted), "%", 1)
    return f"{who} sur {name} : {write_number(inside, 0)} des {count} dans un créneau conseillé ({share}) ; {week}."


def _inside(posted: Iterable[datetime], advised: Sequence[Slot]) -> int:
    return sum(any(slot.holds(moment) for slot in advised) for moment in posted)


def _hour(at: time) -> str:
    return f"{at.hour} h{f' {at.minute:02d}' if at.minute else ''}"
