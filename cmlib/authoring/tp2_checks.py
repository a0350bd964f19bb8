"""What TP 2 asks of its table of themes: checks for the hidden blocks, from the student's own survey."""

from collections.abc import Mapping

from cmlib.authoring.tp1_checks import members_of
from cmlib.cases import Case
from cmlib.errors import InvalidInput
from cmlib.kpis import KPIS
from cmlib.networks import NETWORKS
from cmlib.segments import index_100
from cmlib.texts import plain
from cmlib.tp.row_criteria import Check, cell
from cmlib.tp.tables import Row

AS_MUCH_AS_ALL = 100.0
"""Index from which a target uses a network at least as much as everybody asked: a hypothesis of the course, told."""
ENOUGH_OF_THEM = 0.3
"""Share of a target below which a network reaches too few of it: a hypothesis of the course, told."""


def same_family() -> Check:
    """Ask that the indicator be one of the family of the objective."""
    return cell(
        "kpi",
        "indicateur de la famille de l’objectif",
        lambda chosen, row: KPIS[chosen[0]].family == row.read("objectif")[0],
        "Cet indicateur ne mesure pas cet objectif : relisez la définition des quatre familles.",
        needs=("objectif",),
    )


def where_the_target_is(case: Case, targets: Mapping[str, Row]) -> Check:
    """Ask that the network be one that the target uses at least as much as everybody, and enough of it.

    Parameters
    ----------
    targets
        Cards of the targets, by id: what the answers of the table name.
    """

    def right(chosen: tuple[str, ...], row: Row) -> bool:
        target = targets.get(row.read("cible")[0])
        if target is None:
            raise InvalidInput("La cible de cette ligne n’a pas de fiche en 2.0 : remplissez-la.")
        index, part = affinity(case, target, NETWORKS[chosen[0]])
        return index >= AS_MUCH_AS_ALL and part >= ENOUGH_OF_THEM

    return cell(
        "reseau",
        f"réseau d’indice {AS_MUCH_AS_ALL:.0f} au moins, utilisé par {ENOUGH_OF_THEM:.0%} de la cible au moins".replace(
            "%", " %"
        ),
        right,
        "Dans votre enquête, cette cible est ailleurs : comparez, dans l’explorateur, l’indice et la part de chaque réseau.",
        needs=("cible",),
    )


def affinity(case: Case, target: Row, network: str) -> tuple[float, float]:
    """Return the index base 100 of a network in a target, and the share of the target that uses it; nought where nobody does.

    Raises
    ------
    InvalidInput
        If the card does not say who the target is, or says everybody.
    """
    members = members_of(case.survey, target)
    if not members.any():
        raise InvalidInput("La fiche de cette cible ne décrit personne de l’enquête : corrigez son âge.")
    if members[case.survey["age"].notna()].all():
        raise InvalidInput("La fiche de cette cible décrit toute l’enquête : resserrez-la, par l’âge, la catégorie ou l’habitat.")
    table = index_100(case.survey, members, "reseaux")
    known = {plain(str(answer)): answer for answer in table.index}
    if plain(network) not in known:
        return 0.0, 0.0
    row = table.loc[known[plain(network)]]
    return float(row["index"]), float(row["share"])
