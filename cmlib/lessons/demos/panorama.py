"""Audiences that contradict each other: every value of a network with what it measures, its year and its source."""

from cmlib.charts import network_panorama
from cmlib.charts.style import enumerate_in_french, people, to_html
from cmlib.errors import InvalidInput
from cmlib.french import plural, write_number, write_quantity
from cmlib.lessons.demos.markup import note, table
from cmlib.networks import NETWORKS, audience_values, network_name
from cmlib.references import load

AREAS = {"France": "en France", "monde": "dans le monde"}
_HEADS = {"France": "En France", "monde": "Dans le monde"}
ALL = "tous"
CHOICES = {ALL: "tous les réseaux", **NETWORKS}


def panorama(network: str, area: str) -> tuple[str, str]:
    """Show the audience of a network, or of all: values in people on a figure, everything that is known in a table.

    Parameters
    ----------
    network
        A key of `CHOICES`.
    area
        A key of `AREAS`.

    Raises
    ------
    InvalidInput
        If the network or the area is unknown.
    """
    if area not in AREAS:
        raise InvalidInput(f"« {area} » n’est pas une zone connue : prenez {', '.join(AREAS)}.")
    if network != ALL:
        network_name(network)
    values = audience_values(area)
    if network != ALL:
        values = values[values["network"] == network]
    if values.empty:
        shown = note(f"Aucune source du kit ne compte les personnes qui utilisent {NETWORKS[network]} {AREAS[area]}.")
    else:
        # On the figure, a source goes by its first word ([D], Arcom); the table has it in full.
        sources = [
            f"{measure} ; {source.split()[0].rstrip(',')}"
            for measure, source in zip(values["measure"], values["source"], strict=True)
        ]
        shown = to_html(network_panorama(values.assign(network=values["name"], source=sources)))
    return shown + _everything(network, area), _sentence(network, area)


def _everything(network: str, area: str) -> str:
    facts = load("audiences")
    known = [*NETWORKS] if network == ALL else [network]
    facts = facts[(facts["area"] == area) & facts["network"].isin(known)]
    if facts.empty:
        return ""
    rows = [
        [
            NETWORKS[str(row["network"])],
            str(row["measure"]),
            _value(row["value"], row["unit"]),
            str(row["year"]),
            str(row["source"]),
        ]
        for row in facts.sort_values("network", key=lambda names: names.map(list(NETWORKS).index), kind="stable").to_dict(
            "records"
        )
    ]
    who = CHOICES[network]
    return table(
        f"Tout ce que les sources disent de {who}, {AREAS[area]}",
        ["Réseau", "Ce qui est mesuré", "Valeur", "Année", "Source"],
        rows,
    )


def _value(value: float, unit: str) -> str:
    if unit == "fraction":
        return write_quantity(value, "%", 1)
    if value >= 1_000_000:
        return f"{people(value)} {'' if unit in ('personnes', 'non précisé') else f'de {unit}'}".strip()
    return f"{write_number(value, 1)} {unit}" if unit != "rang" else f"{write_number(value, 0)}ᵉ"


def _sentence(network: str, area: str) -> str:
    values = audience_values(area)
    if network == ALL:
        apart = {
            str(name): float(rows["value"].max() / rows["value"].min())
            for name, rows in values.groupby("name", sort=False)
            if rows["value"].nunique() > 1
        }
        if not apart:
            return f"{_HEADS[area]}, chaque réseau n’a qu’une valeur en personnes : rien ne permet de la recouper."
        widest = max(apart, key=lambda name: apart[name])
        count = f"{len(apart)} {plural(len(apart), 'réseau a', 'réseaux ont')} des valeurs qui se contredisent"
        who = enumerate_in_french(list(apart))
        times = write_number(apart[widest], 1)
        return f"{_HEADS[area]}, {count} : {who}. Le plus grand écart : {widest}, × {times}."
    own = values[values["network"] == network]
    name = NETWORKS[network]
    if own.empty:
        return f"{name}, {AREAS[area]} : aucune valeur en personnes. Ne citez rien, ou citez ce que la source mesure vraiment."
    if len(own) == 1:
        row = own.iloc[0]
        only = f"{people(float(row['value']))} ({row['measure']}, {row['year']})"
        return f"{name} : une seule valeur, {only}. Rien ne la recoupe : dites-le."
    measures = own["measure"].nunique()
    low, high = float(own["value"].min()), float(own["value"].max())
    kind = f"{measures} mesures différentes" if measures > 1 else "la même mesure, à des dates ou dans des sources différentes"
    return f"{name} : {len(own)} valeurs, de {people(low)} à {people(high)} (× {write_number(high / low, 1)}) ; {kind}."
