import pytest

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.panorama import ALL, AREAS, CHOICES, panorama
from cmlib.networks import NETWORKS, audience_values
from cmlib.references import load


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("network", CHOICES)
def test_every_fact_is_shown_with_its_source(network: str, area: str) -> None:
    shown, told = panorama(network, area)
    facts = load("audiences")
    facts = facts[(facts["area"] == area) & facts["network"].isin(list(NETWORKS) if network == ALL else [network])]
    assert shown.count("<tr>") == (len(facts) + 1 if len(facts) else 0)
    values = audience_values(area)
    here = values if network == ALL else values[values["network"] == network]
    assert ("alt='Audience" in shown) == (len(here) > 0)
    assert told.endswith(".")


def test_the_sentence_tells_how_far_values_are() -> None:
    _, told = panorama("linkedin", "France")
    assert untypeset("2 valeurs, de 3,7 M à 9,7 M (× 2,6) ; 2 mesures différentes") in untypeset(told)
    _, told = panorama(ALL, "France")
    values = audience_values("France").groupby("name")["value"].agg(["min", "max"])
    assert sum(values["max"] > values["min"]) == 5 and told.startswith("En France, 5 réseaux")
    assert "une seule valeur" in panorama("tiktok", "France")[1]
    assert "aucune valeur" in panorama("pinterest", "France")[1]


def test_units_are_written() -> None:
    shown = untypeset(panorama("tiktok", "France")[0])
    assert "270 M de contenus" in shown and "11 Md de cœurs" in shown and "39,4 %" in shown
    assert "2ᵉ" in panorama("facebook", "France")[0]


@pytest.mark.parametrize(("network", "area"), [("minitel", "France"), ("linkedin", "Mars")])
def test_what_does_not_exist_is_refused(network: str, area: str) -> None:
    with pytest.raises(InvalidInput):
        panorama(network, area)
