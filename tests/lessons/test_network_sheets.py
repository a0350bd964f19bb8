from html import escape

import pytest

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.network_sheets import DAYS, RULES, network_sheet
from cmlib.networks import NETWORKS, sheet
from cmlib.references import load


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_sheet_has_all_that_is_known(network: str, day: str) -> None:
    shown, told = network_sheet(network, day)
    known = sheet(network)
    sourced = known.advice.groupby(["topic", "year", "source"]).ngroups
    lines = sourced + sum(map(len, (known.profiles, known.engagement, known.organic_reach))) + 1 + bool(known.slots)
    first = untypeset(shown.split("</table>")[0])
    assert first.count("<tr>") == lines + 1
    assert all(escape(untypeset(text)) in first for text in known.advice["text"])
    assert untypeset(told).startswith(f"{NETWORKS[network]} : ")
    goals = int((known.advice["topic"] == "objectif").sum())
    assert ("aucun objectif" in told) == (goals == 0)


def test_rules_change_with_the_day() -> None:
    def limits(network: str, day: str) -> str:
        return untypeset(network_sheet(network, day)[1])

    assert "30 hashtags" in limits("instagram", "2025-11-30") and "5 hashtags" in limits("instagram", "2025-12-01")
    assert "140 caractères" in limits("x", "2017-11-06") and "280 caractères" in limits("x", "2017-11-07")


def test_every_rule_has_a_french_name() -> None:
    assert set(load("regles")["rule"]) <= set(RULES)


def test_what_the_chapter_asks_has_the_answer_it_gives() -> None:
    silent = {network for network in NETWORKS if "aucun objectif" in network_sheet(network, "2025-12-01")[1]}
    assert silent == {"youtube", "pinterest"}
    rates = sheet("facebook").engagement.set_index("source")["rate"]
    assert rates["Buffer"] / rates["Rival IQ"] == pytest.approx(80.5, abs=0.05)


@pytest.mark.parametrize(("network", "day"), [("minitel", "2025-12-01"), ("x", "hier")])
def test_what_does_not_exist_is_refused(network: str, day: str) -> None:
    with pytest.raises(InvalidInput):
        network_sheet(network, day)
