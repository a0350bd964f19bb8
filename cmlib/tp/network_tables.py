"""What the sourced tables say of networks, as tables to show beside an exercise: each value with its year and its source."""

from collections.abc import Sequence

import pandas as pd

from cmlib.french import write_number, write_quantity
from cmlib.networks import NETWORKS, WEEKDAYS, audience_values, cadence, slots
from cmlib.references import load

MONTHLY_USE = "usage mensuel"
"""How the measure of the table ``audiences`` begins that gives the share of Internet users, one a network."""


def audiences_table(area: str = "France") -> pd.DataFrame:
    """Return the audiences of networks in people, contradictory values side by side, with what each one measures."""
    found = audience_values(area)
    return pd.DataFrame(
        {
            "Mesure": found["measure"].tolist(),
            "Personnes": [f"{write_number(value / 1e6)} M" for value in found["value"]],
            "Année": found["year"].tolist(),
            "Origine": found["source"].tolist(),
        },
        index=pd.Index(found["name"], name="Réseau"),
    )


def monthly_use() -> dict[str, float]:
    """Return the share of French Internet users aged 16 to 64 who use each network every month, a fraction, by id."""
    found = _monthly_use()
    return {str(row["network"]): float(row["value"]) for _, row in found.iterrows()}


def monthly_use_table() -> pd.DataFrame:
    """Return `monthly_use` as a table to show."""
    source = _monthly_use().iloc[0]
    shares = monthly_use()
    return pd.DataFrame(
        {
            "Part": [write_quantity(share, "%", 1) for share in shares.values()],
            "Année": source["year"],
            "Origine": source["source"],
        },
        index=pd.Index([NETWORKS[network] for network in shares], name="Réseau"),
    )


def rhythms_table(networks: Sequence[str] = tuple(NETWORKS)) -> pd.DataFrame:
    """Return how often to post on each network, and when, as the course advises: a day a column."""
    rows = {}
    for network in networks:
        least, most = cadence(network)
        days: dict[int, list[str]] = {weekday: [] for weekday in range(7)}
        for slot in slots(network):
            days[slot.weekday].append(f"{slot.start:%H:%M}–{slot.end:%H:%M}")
        rows[NETWORKS[network]] = [
            f"{write_number(least)} à {write_number(most)}",
            *(" ; ".join(days[weekday]) or "–" for weekday in range(7)),
        ]
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["Publications par semaine", *(day.capitalize() for day in WEEKDAYS)]
    ).rename_axis("Réseau")


def _monthly_use() -> pd.DataFrame:
    table = load("audiences")
    return table[table["measure"].str.startswith(MONTHLY_USE)]
