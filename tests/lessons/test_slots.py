import pytest

from cmlib.cases.brand import load_brand
from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.slots import BRANDS, heatmap, moments, share_of_week
from cmlib.networks import NETWORKS, in_advised_slot, slots


def test_brands_have_their_name() -> None:
    assert {brand: load_brand(brand).name for brand in BRANDS} == BRANDS


def test_the_share_of_the_week_is_that_of_the_slots() -> None:
    assert share_of_week("linkedin") == 5 * 4 / 168
    assert share_of_week("facebook") == 5 / 168
    assert share_of_week("tiktok") == 7 * 7 / 168
    assert share_of_week("pinterest") is None


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("brand", BRANDS)
def test_posts_in_a_slot_are_counted(brand: str, network: str) -> None:
    shown, told = heatmap(brand, network)
    posted = moments(brand, network)
    assert ("alt='Publications" in shown) == bool(posted)
    assert ("<caption " in shown) == bool(slots(network))
    if posted and slots(network):
        inside = sum(bool(in_advised_slot(network, moment)) for moment in posted)
        assert untypeset(f"{inside} des {len(posted)} publications") in untypeset(told)


def test_what_the_chapter_asks_has_the_answer_it_gives() -> None:
    assert untypeset("76,5 %") in untypeset(heatmap("cadrelo", "linkedin")[1])
    assert untypeset("11,9 % de la semaine") in untypeset(heatmap("cadrelo", "linkedin")[1])
    assert untypeset("18,5 %") in untypeset(heatmap("velambule", "instagram")[1])


@pytest.mark.parametrize(("brand", "network"), [("inconnue", "instagram"), ("velambule", "minitel")])
def test_what_does_not_exist_is_refused(brand: str, network: str) -> None:
    with pytest.raises(InvalidInput):
        heatmap(brand, network)
