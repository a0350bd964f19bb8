"""The two maps of the course, everywhere on them."""

from itertools import product

import pytest

from cmlib.lessons.demos import matrices
from tests.lessons.drawing import edges, sentence_of


@pytest.mark.parametrize("sensitive", matrices.SECTORS)
@pytest.mark.parametrize(("mentions", "defended"), [*edges((0, matrices.MOST_MENTIONS), (0, 100)), (5, 50), (4, 50), (5, 45)])
def test_each_place_of_the_map_has_its_territory(mentions: float, defended: float, sensitive: str) -> None:
    sentence = sentence_of(matrices.territory(mentions, defended, sensitive))
    if sensitive == "oui":
        wanted = "Marque sensible"
    elif mentions < 5:
        wanted = "Marque sous le radar"
    else:
        wanted = "Marque aimée" if defended >= 50 else "Marque fonctionnelle"
    assert sentence.startswith(wanted)
    assert ("hypothèse" in sentence) == (sensitive == "non")


@pytest.mark.parametrize(("regulars", "parents", "neighbours"), list(product(matrices.PERCEPTIONS, repeat=3)))
def test_publics_are_met_in_the_order_of_the_course(regulars: str, parents: str, neighbours: str) -> None:
    _, sentence = matrices.attitudes(regulars, parents, neighbours)
    order = [name for name in ("réceptifs", "hésitants", "indifférents", "opposants") if f", {name} →" in sentence]
    assert [sentence.index(f", {name} →") for name in order] == sorted(sentence.index(f", {name} →") for name in order)
    assert ("Aucun réceptif" in sentence) == ("gain" not in (regulars, parents, neighbours))


@pytest.mark.parametrize("seen", matrices.PERCEPTIONS)
def test_three_publics_in_one_box_are_drawn(seen: str) -> None:
    assert "clients réguliers, parents du quartier et restaurateurs voisins" in sentence_of(matrices.attitudes(seen, seen, seen))
