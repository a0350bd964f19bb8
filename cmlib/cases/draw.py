"""A student's own numbers: the counts of a base variant, stretched by the student's luck.

Only what formulas judge is drawn: counts, amounts, who answers the survey, which mentions the tool has caught. What happened, in
which order and why, is the variant's. Luck comes from raw bits (`cmlib.noise`) and from inverse distribution functions.
"""

import numpy as np
import pandas as pd

from cmlib.cases.brand import Brand
from cmlib.inputs import Array
from cmlib.noise import uniforms

RESPONDENTS = 400
CAUGHT = 0.94  # share of the mentions that a listening tool catches: hypothesis


def own_tables(base: dict[str, pd.DataFrame], brand: Brand, stream: str) -> dict[str, pd.DataFrame]:
    """Return a student's tables, exact and complete, from those of a base variant.

    Parameters
    ----------
    base
        As `cmlib.cases.variant.variant_tables` returns them; left as they are.
    stream
        Name of the student's stream (`cmlib.cases.assign.Assignment`).

    Returns
    -------
    dict
        The tables of ``base`` and ``concurrents``.
    """
    posts = _posts(base["publications"], stream)
    return {
        "publications": posts,
        "mentions": _mentions(base["mentions"], stream),
        "enquete": _survey(base["enquete"], stream),
        "trafic": _traffic(base["trafic"], posts, base["publications"], stream),
        "concurrents": _competitors(brand, stream),
    }


def _factors(stream: str, name: str, count: int, spread: float) -> Array:
    """Return factors from 1 − spread to 1 + spread: products of exact numbers, the same on every machine."""
    return 1 + spread * (2 * uniforms(f"{stream}/{name}", 0, count) - 1)


def _poisson(stream: str, name: str, means: Array) -> Array:
    """Return counts by the inverse of Poisson's distribution function."""
    wanted = uniforms(f"{stream}/{name}", 0, means.size)
    counts, term = np.zeros(means.size), np.exp(-means)
    total = term.copy()
    most = 10 * means + 100
    while (short := (wanted > total) & (counts < most)).any():
        counts[short] += 1
        term = np.where(short, term * means / np.maximum(counts, 1), term)
        total = np.where(short, total + term, total)
    return counts


def _posts(base: pd.DataFrame, stream: str) -> pd.DataFrame:
    table, count = base.copy(), len(base)
    networks = sorted(base["reseau"].unique())
    size = dict(zip(networks, _factors(stream, "abonnes", len(networks), 0.12), strict=True))
    scale = base["reseau"].map(size).to_numpy(float)
    reach = scale * _factors(stream, "portee", count, 0.18)
    table["abonnes"] = np.floor(base["abonnes"] * scale).astype(int)
    table["portee"] = np.maximum(20, np.floor(base["portee"] * reach)).astype(int)
    repeated = base["impressions"] / base["portee"] * _factors(stream, "impressions", count, 0.05)
    table["impressions"] = np.floor(table["portee"] * np.maximum(1.02, repeated)).astype(int)
    reacted = reach * _factors(stream, "interactions", count, 0.22)
    for name in ("jaime", "commentaires", "partages", "enregistrements"):
        table[name] = np.floor(base[name] * reacted * _factors(stream, name, count, 0.08)).astype(int)
    room = table["portee"] - table["commentaires"] - table["partages"]
    table["jaime"] = np.minimum(table["jaime"], np.maximum(0, room))
    table["clics"] = np.minimum(np.floor(base["clics"] * reach * _factors(stream, "clics", count, 0.2)), table["portee"]).astype(
        int
    )
    # Amounts to the half euro, as invoices of small campaigns are.
    spend = base["depense"] * _factors(stream, "budget", 1, 0.15) * _factors(stream, "depense", count, 0.06)
    table["depense"] = np.round(spend * 2) / 2
    table.insert(0, "id", [f"P{rank:03d}" for rank in range(1, count + 1)])
    return table


def _mentions(base: pd.DataFrame, stream: str) -> pd.DataFrame:
    caught = uniforms(f"{stream}/mentions", 0, len(base)) < CAUGHT
    heard = np.maximum(1, np.floor(base["portee_auteur"] * _factors(stream, "portee_auteur", len(base), 0.25))).astype(int)
    return base.assign(portee_auteur=heard)[caught].reset_index(drop=True)


def _survey(base: pd.DataFrame, stream: str) -> pd.DataFrame:
    """Keep some of the panel: the numbers of people won and lost by the campaign hardly move, so that its verdict holds."""
    moved = base["assistee_avant"] * 2 + base["assistee_apres"]
    sizes = {kind: int((moved == kind).sum()) for kind in (1, 2, 0, 3)}
    kept = {kind: round(size * RESPONDENTS / len(base)) for kind, size in sizes.items()}
    for kind, luck in zip((1, 2), uniforms(f"{stream}/panel", 0, 2), strict=True):
        kept[kind] = min(sizes[kind], max(0, kept[kind] + int(luck * 3) - 1))
    largest = max((0, 3), key=lambda kind: sizes[kind])
    kept[largest] += RESPONDENTS - sum(kept.values())
    order = pd.Series(uniforms(f"{stream}/enquete", 0, len(base)))
    chosen = sorted(place for kind, count in kept.items() for place in order[moved == kind].nsmallest(count).index)
    table = base.iloc[chosen].reset_index(drop=True)
    table.insert(0, "repondant", [f"R{rank:03d}" for rank in range(1, len(table) + 1)])
    return table


def _traffic(base: pd.DataFrame, posts: pd.DataFrame, before: pd.DataFrame, stream: str) -> pd.DataFrame:
    count = len(base)
    weeks = (posts["date_heure"] - pd.to_timedelta(posts["date_heure"].dt.day_of_week, unit="D")).dt.normalize()
    paid = (base["source"] == "paid").to_numpy()
    spent = base["semaine"].map(posts["depense"].groupby(weeks).sum()).fillna(0).to_numpy(float)
    pushed = float(posts["depense"].sum() / before["depense"].sum())
    sources = ("owned", "earned", "paid")
    size = dict(zip(sources, _factors(stream, "sources", 3, 0.12), strict=True))
    scale = base["source"].map(size).to_numpy(float) * np.where(paid, pushed, 1.0)
    visitors = np.round(base["visiteurs"].to_numpy(float) * scale * _factors(stream, "visiteurs", count, 0.06))
    rates = _factors(stream, "taux", 3, 0.1)
    leads = np.minimum(visitors, _poisson(stream, "prospects", visitors * base["prospects"].to_numpy(float) * rates[0]))
    clients = np.minimum(leads, _poisson(stream, "clients", leads * base["clients"].to_numpy(float) * rates[1]))
    advocates = np.minimum(clients, _poisson(stream, "ambassadeurs", clients * base["ambassadeurs"].to_numpy(float) * rates[2]))
    basket = base["panier"].to_numpy(float) * _factors(stream, "panier", 1, 0.08) * _factors(stream, "paniers", count, 0.15)
    fixed = np.round(base["cout"].to_numpy(float) * _factors(stream, "couts", 1, 0.1) * _factors(stream, "cout", count, 0.03), 2)
    return pd.DataFrame(
        {
            "semaine": base["semaine"],
            "source": base["source"],
            "visiteurs": visitors.astype(int),
            "prospects": leads.astype(int),
            "clients": clients.astype(int),
            "ambassadeurs": advocates.astype(int),
            "chiffre_affaires": np.round(clients * basket, 2),
            "cout": np.where(paid, spent, fixed),
        }
    )


def _competitors(brand: Brand, stream: str) -> pd.DataFrame:
    others = brand.competitors
    luck = {
        name: _factors(stream, f"concurrents/{name}", len(others), 0.15)
        for name in ("mentions", "abonnes", "rythme", "reactions")
    }
    return pd.DataFrame(
        {
            "nom": [other.name for other in others],
            "type": [other.kind for other in others],
            "secteur": [other.sector for other in others],
            "mentions": np.floor([other.mentions for other in others] * luck["mentions"]).astype(int),
            "abonnes": np.floor([other.followers for other in others] * luck["abonnes"]).astype(int),
            "publications_par_semaine": np.round([other.posts_a_week for other in others] * luck["rythme"], 1),
            "interactions_par_publication": np.round([other.interactions_a_post for other in others] * luck["reactions"], 1),
            "point_fort": [other.strength for other in others],
        }
    )
