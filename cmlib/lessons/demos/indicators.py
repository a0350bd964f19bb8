"""From a problem to the indicators that tell whether it is solved, and from the return on investment to other returns."""

from typing import NamedTuple

from cmlib.french import plural
from cmlib.kpis import FAMILIES, KPIS, RETURNS, ROI_LIMITS, SERVICES, Kpi, family_kpis
from cmlib.lessons.demos.markup import table, text
from cmlib.lessons.play import Drawn


class Problem(NamedTuple):
    """A problem of an invented brand, the family of objectives that answers it, and the indicators to begin with."""

    text: str
    family: str
    first: tuple[str, ...]


PROBLEMS = {
    "quartier": Problem(
        "Nos publications n’arrivent pas jusqu’aux habitants du quartier.", "visibilite", ("reach", "impressions")
    ),
    "oubli": Problem("On nous voit une fois, puis on nous oublie.", "visibilite", ("frequency", "memorised_reach")),
    "silence": Problem(
        "Des milliers de personnes voient nos recettes, presque personne ne réagit.", "engagement", ("engagement_rate_by_reach",)
    ),
    "questions": Problem("Les questions posées sous nos publications restent sans suite.", "engagement", ("response_rate",)),
    "nom": Problem(
        "Interrogés, les parents ne citent jamais notre nom.", "opinion", ("spontaneous_awareness", "aided_awareness")
    ),
    "image": Problem("On nous croit chers et industriels.", "opinion", ("positive_share", "flash_poll")),
    "panier": Problem("Les visiteurs du site remplissent un panier, puis s’en vont.", "performance", ("conversion_rate",)),
    "argent": Problem("Nous ne savons pas si la publicité nous rapporte.", "performance", ("net_roi", "roas", "cac")),
}
"""Problems of « La Marmite du Coin », an invented brand of meals delivered to homes."""

SERVICES_ASKED = {name: service.name for name, service in SERVICES.items()}


def indicators_for(problem: str, service: str) -> Drawn:
    """Show the indicators of the family that answers a problem, those to begin with first.

    Parameters
    ----------
    problem
        A key of `PROBLEMS`.
    service
        Who reads the report: a key of `cmlib.kpis.SERVICES`.

    Examples
    --------
    >>> page, sentence = indicators_for("nom", "presse")
    >>> "Notoriété spontanée" in sentence
    True
    """
    asked = PROBLEMS[problem]
    family = family_kpis(asked.family)
    order = [*asked.first, *(name for name in family if name not in asked.first)]
    rows = [_row(KPIS[name], name, service) for name in order]
    caption = f"Famille « {FAMILIES[asked.family]} » : {len(order)} indicateurs, ceux qui répondent au problème en tête"
    head = ["Indicateur", "Ce qu’il dit", "Calcul", "Divisé par", "Attendu par (cours)"]
    page = table(caption, head, rows, marked=range(len(asked.first)))

    names = " et ".join(f"« {KPIS[name].name} »" for name in asked.first[:2])
    told = f"Ce problème relève de la famille « {FAMILIES[asked.family]} ». Commencez par {names}. "
    shared = [KPIS[name].name for name in SERVICES[service].kpis if name in family]
    reader = SERVICES[service].name
    if not SERVICES[service].kpis:
        told += f"{reader} : le cours n’y attache aucun indicateur, à vous de choisir d’après vos objectifs."
    elif not shared:
        told += (
            f"{reader} : aucun des indicateurs attendus n’est dans cette famille ; il faudra expliquer pourquoi vous la suivez."
        )
    else:
        told += (
            f"{reader} : {len(shared)} {plural(len(shared), 'indicateur attendu', 'indicateurs attendus')} dans cette famille "
        )
        told += f"({', '.join(shared)})."
    return page, told


def family_of(problem: str) -> str:
    """Return the family of objectives (a key of `cmlib.kpis.FAMILIES`) that answers a problem.

    Examples
    --------
    >>> family_of("image")
    'opinion'
    """
    return PROBLEMS[problem].family


def ways_to_judge(view: str) -> Drawn:
    """Show what a way to judge a presence on social media asks, measures, and leaves to the eye.

    Parameters
    ----------
    view
        A key of `cmlib.kpis.RETURNS`.

    Examples
    --------
    >>> ways_to_judge("roe")[1].startswith("Retour sur engagement")
    True
    """
    judged = RETURNS[view]
    found = [KPIS[name] for name in judged.kpis]
    rows = [[found_one.name, FAMILIES[found_one.family], found_one.formula] for found_one in found]
    page = table(f"{judged.name} : « {judged.question} »", ["Indicateur", "Famille", "Calcul"], rows)
    seen = "".join(f"<li>{text(sign)}</li>" for sign in judged.signs)
    if seen:
        page += f"<p>{text('Ce qu’aucun calcul ne donne, et qu’il faut aller lire :')}</p><ul>{seen}</ul>"
    else:
        limits = "".join(f"<li>{text(limit)}</li>" for limit in ROI_LIMITS)
        page += f"<p>{text('Ses cinq limites :')}</p><ul>{limits}</ul>"
    money = sum(
        "€" in (KPIS[name].unit, KPIS[name].denominator) or KPIS[name].function.startswith("costs.") for name in judged.kpis
    )
    amount = "tous" if money == len(found) else money or "aucun"
    told = f"{judged.name} : {len(found)} indicateurs, {amount} en argent ; "
    told += (
        f"{len(judged.signs)} {plural(len(judged.signs), 'signe')} à lire soi-même." if seen else "il ne dit rien de la relation."
    )
    return page, told


VIEWS = {name: f"{view.name} ({name.upper()})" for name, view in RETURNS.items()}


def _row(kpi: Kpi, name: str, service: str) -> list[str]:
    wanted = [who.name for key, who in SERVICES.items() if name in who.kpis]
    mine = name in SERVICES[service].kpis
    expected = ", ".join(wanted) if wanted else "aucun service"
    return [
        kpi.name,
        kpi.definition,
        kpi.formula,
        kpi.denominator or "rien : c’est un compte",
        f"{expected} ← votre lecteur" if mine else expected,
    ]
