"""What the front end is told of a planning: its columns, its rules, what may be proposed; then its lines and what they lack."""

from datetime import time
from typing import Any

from cmlib.french import plural, write_number, write_quantity
from cmlib.networks import NETWORKS, cadence, longest_silence, slots
from cmlib.planning import COLUMNS, TYPES
from cmlib.planning_checks import Thresholds
from cmlib.planning_coverage import MOST_EVENTS
from cmlib.tp.plannings import LONGEST_LINE, MOST_LINES, Planning


def planning_spec(planning: Planning) -> dict[str, Any]:
    """Describe a planning for the front end: everything but its lines."""
    firsts = [days[0] for days in planning.events.values()]
    return {
        "kind": "planning",
        "columns": [[column, label] for column, label in COLUMNS.items()],
        "networks": [[network, name] for network, name in NETWORKS.items()],
        "types": list(TYPES),
        "events": [[name, first.isoformat(), last.isoformat()] for name, (first, last) in planning.events.items()],
        "slots": {
            network: [[slot.weekday, _minutes(slot.start), _minutes(slot.end) or 1440] for slot in slots(network)]
            for network in NETWORKS
        },
        "month": f"{min(firsts).year}-01" if firsts else "",
        "rules": rules(planning.thresholds),
        "most": MOST_LINES,
        "longest": LONGEST_LINE,
    }


def planning_status(planning: Planning, value: object) -> dict[str, Any]:
    """Return what is said of a planning while it is made: lines that are not publications yet, rules, what to start from."""
    return {
        "problems": planning.problems(value),
        "checks": [[check.rule, check.kept, check.sentence] for check in planning.checks(value)],
        "themes": [[theme.name, theme.persona, list(theme.networks)] for theme in planning.themes],
        "personas": list(planning.personas),
    }


def rules(thresholds: Thresholds) -> list[str]:
    """Return the rules of a planning with their thresholds, in French, one a line."""
    least, most = zip(*(cadence(network) for network in NETWORKS), strict=True)
    rhythms = " ; ".join(
        f"{name}, de {write_number(low)} à {write_number(high)}"
        for name, low, high in zip(NETWORKS.values(), least, most, strict=True)
    )
    days = thresholds.lead_days
    pauses = {name: longest_silence(network, thresholds.max_gap) for network, name in NETWORKS.items()}
    longer = [f"{limit} sur {name}" for name, limit in pauses.items() if limit > thresholds.max_gap]
    slower = f" ({', '.join(longer)}, dont le rythme est plus lent)" if longer else ""
    told = [
        f"Le planning couvre au moins {thresholds.weeks} {plural(thresholds.weeks, 'semaine')}.",
        f"Sur chaque réseau retenu, jamais plus de {thresholds.max_gap} jours de silence{slower}.",
        "Publications par semaine, en moyenne et dans la semaine médiane (autant de semaines plus chargées que de moins "
        f"chargées) : {rhythms}.",
        f"Là où un créneau est conseillé, au moins {write_quantity(thresholds.in_slots, '%')} des publications y tombent.",
        f"Au plus {write_quantity(thresholds.promotional, '%')} de promotions et d’offres spéciales.",
        f"Au moins {thresholds.types} types de publication ; à partir de vingt publications, un type doit revenir pour compter.",
        f"La dernière échéance interne tombe au moins {days} {plural(days, 'jour')} avant la parution, la rédaction avant la "
        "validation.",
        f"Chaque thématique a au moins {thresholds.per_theme} {plural(thresholds.per_theme, 'publication')} qui la citent, pour "
        "sa cible et sur l’un de ses réseaux ; une publication n’en sert qu’une.",
        "Chaque temps fort de la période est cité avant, pendant et après, à "
        f"{thresholds.around_event} jours près : dans le titre, l’objectif, un mot-clé ou un mot-clic ; "
        f"une publication parle de {MOST_EVENTS} temps forts au plus.",
        "Sur un réseau, jamais deux fois le même titre, ni deux publications à la même minute.",
    ]
    if thresholds.posts_per_week is not None:
        limit = write_number(thresholds.posts_per_week)
        told.insert(
            3, f"Jamais plus de {limit} publications dans une semaine, tous réseaux confondus : c’est ce que tient l’équipe."
        )
    return told


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
