"""Networks and posts: sheets that cite, slots across midnight, posts counted as each network counts."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib import networks
from cmlib.errors import InvalidInput
from cmlib.networks import NETWORKS, Slot, audience_values, cadence, in_advised_slot, network_id, rule, sheet, slots
from cmlib.posts import Post, check_post, hashtags, length, links, mentions

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_has_a_sheet_whose_rows_cite_their_source(network: str) -> None:
    found = sheet(network)
    least, most = found.cadence
    assert found.name == NETWORKS[network] and 0 < least <= most
    for table in (found.audiences, found.profiles, found.advice, found.rules, found.formats, found.engagement, found.costs):
        assert (table["network"] == network).all() and table["source"].str.strip().all()


def test_contradictory_audiences_stay_side_by_side() -> None:
    values = audience_values("France")
    assert {3_700_000, 9_700_000} <= set(values.loc[values["network"] == "linkedin", "value"])
    assert len(values.loc[values["network"] == "facebook"]) >= 3
    assert values["value"].is_monotonic_decreasing
    with pytest.raises(InvalidInput, match="Mars"):
        audience_values("Mars")


def test_the_slot_of_snapchat_crosses_midnight() -> None:
    thursday = datetime(2026, 3, 12)
    for hour, inside in ((21, False), (22, True), (23.5, True), (24, True), (24.5, True), (25, False)):
        assert in_advised_slot("snapchat", thursday + timedelta(hours=hour)) is inside
    assert in_advised_slot("linkedin", datetime(2026, 3, 14, 9)) is False  # a Saturday
    assert in_advised_slot("linkedin", datetime(2026, 3, 13, 9)) is True
    assert in_advised_slot("x", thursday) is None and slots("pinterest") == ()


@given(st.integers(0, 6), st.times(), st.times(), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_a_slot_holds_its_own_minutes_and_no_others(weekday: int, start: time, end: time, moment: datetime) -> None:
    slot = Slot(weekday, start, end, "")
    monday = datetime.combine(moment.date() - timedelta(days=moment.weekday()), time())
    opens = monday + timedelta(days=weekday) + (datetime.combine(date.min, start) - datetime.min)
    lasts = (datetime.combine(date.min, end) - datetime.combine(date.min, start)) % timedelta(days=1) or timedelta(days=1)
    expected = any(opens + week <= moment < opens + week + lasts for week in (timedelta(days=-7), timedelta()))
    assert slot.holds(moment) is expected


def test_rules_change_on_their_day() -> None:
    assert [rule("instagram", "hashtags", day) for day in (date(2025, 11, 30), date(2025, 12, 1))] == [30, 5]
    assert [rule("x", "caracteres", day) for day in (date(2015, 1, 1), TODAY)] == [140, 280]
    assert rule("snapchat", "hashtags", TODAY) is None
    assert cadence("facebook") == (3.5, 7)


@pytest.mark.parametrize("call", [sheet, slots, cadence, networks.network_name, lambda name: rule(name, "hashtags", TODAY)])
def test_an_unknown_network_is_named(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput, match="myspace"):
        call("myspace")


@given(st.sampled_from(list(NETWORKS)), st.booleans())
def test_a_network_is_known_by_its_id_or_its_name(network: str, shout: bool) -> None:
    name = NETWORKS[network]
    assert network_id(f" {name.upper() if shout else name} ") == network_id(network) == network
    with pytest.raises(InvalidInput, match="mastodonte"):
        network_id("mastodonte")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Voir https://exemple.org/a?b=1#c.", ["https://exemple.org/a?b=1#c"]),
        ("www.exemple.fr, et velambule.fr/essai !", ["www.exemple.fr", "velambule.fr/essai"]),
        ("(https://exemple.org)", ["https://exemple.org"]),
        ("Écrivez à contact@velambule.fr", []),
        ("Fin.Le début", []),
        ("« https://exemple.org » 3.14", ["https://exemple.org"]),
        ("rien", []),
        ("bit.ly/abc t.me/abc lnkd.in/abc exemple.dev/x", ["bit.ly/abc", "t.me/abc", "lnkd.in/abc", "exemple.dev/x"]),
        ("youtu.be/x?y, exemple.fr?x=1", ["youtu.be/x?y", "exemple.fr?x=1"]),
        ("vélo.paris blog.exemple.co.uk", ["vélo.paris", "blog.exemple.co.uk"]),
        ("À demain.Fr Bonjour.ca va ? Oh.fr C’est vrai.quoi?oui Voir.Lire/Dire", []),
        ("exemple.ca et Velambule.fr", ["exemple.ca", "Velambule.fr"]),
        ("jean.fr@exemple.fr", []),
        ("https://fr.wikipedia.org/wiki/Lyon_(ville)", ["https://fr.wikipedia.org/wiki/Lyon_(ville)"]),
        ("(voir exemple.org/a(b)).", ["exemple.org/a(b)"]),
        ("https://… www.", []),
    ],
)
def test_links_are_found_as_people_write_them(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_hashtags_and_mentions_are_those_that_networks_see() -> None:
    text = "#Été #vélo_cargo, #2026 n°#1 abc#non https://x.org/#ancre @ville.de.lyon. mail@exemple.fr &#39; @a-b"
    assert hashtags(text) == ["Été", "vélo_cargo"]
    assert mentions(text) == ["ville.de.lyon", "a-b"]
    assert hashtags("#e\u0301te\u0301 ＃vélo") == ["été", "vélo"] and mentions("merci ＠ville") == ["ville"]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Été", 3),
        ("E\u0301te\u0301", 3),  # accents typed apart
        ("🚲", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇫🇷🇧🇪", 4),
        ("❤️", 2),
        ("日本", 4),
        ("« … » – ’", 10),  # « … » counts two
        ("a https://exemple.org/tres/longue/adresse/qui/continue/encore b", 27),
        ("", 0),
        ("1️⃣#️⃣*⃣", 6),
        ("©️", 2),
        ("©", 1),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),  # England
        ("👩🏽‍❤️‍💋‍👨🏽", 2),
        ("\u200d".join("a" * 5000), 9999),  # invisible signs empty nothing
        ("🏻" * 500, 1000),
        ("\ufe0f" * 500, 1000),
        ("\u20e3" * 500, 1000),
        ("bit.ly/abc", 23),
    ],
)
def test_x_counts_signs_in_its_own_way(text: str, counted: int) -> None:
    assert length(text, "x", TODAY) == counted


def test_other_networks_count_each_sign_once_and_links_whole() -> None:
    assert length("日本 https://exemple.org", "instagram", TODAY) == 22


def kept(post: Post, day: date = TODAY) -> dict[str, bool]:
    return {finding.rule: finding.kept for finding in check_post(post, day)}


@pytest.mark.parametrize(
    ("text", "call", "good"),
    [
        ("Écrivez-nous", "é", False),
        ("Écrivez-nous", "Écrivez", True),
        ("Recrivez-nous", "crivez", False),  # a word, not a piece of one
        ("L'essai est gratuit, profitez de l'essai", "Profitez de l’essai", True),
        ("Profitez de l’essai\u202f!", "profitez de l'essai !", True),
        ("Re\u0301servez ici", "Réservez", True),
        ("On y va", "va", False),
        ("On y va", "On y va", True),
        ("C++ ?", "C++ ?", False),
    ],
)
def test_a_call_to_action_is_words_of_the_text(text: str, call: str, good: bool) -> None:
    assert kept(Post("facebook", text, call_to_action=call))["appel"] is good


@pytest.mark.parametrize(
    ("alt", "good"), [(".", False), ("image", False), ("un vélo", False), ("un vélo bleu", True), ("Vélodrome de Lyon", True)]
)
def test_an_alternative_text_describes(alt: str, good: bool) -> None:
    assert kept(Post("facebook", "Venez", has_image=True, alt_text=alt))["alternative"] is good


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"network": None}, "None"),
        ({"network": ["x"]}, "x"),
        ({"text": float("nan")}, r"text.*nan"),
        ({"text": None}, "text"),
        ({"alt_text": None}, "alt_text"),
        ({"call_to_action": None}, "call_to_action"),
        ({"has_image": "oui"}, "has_image"),
        ({"has_video": None}, "has_video"),
    ],
)
def test_a_part_of_a_post_of_another_kind_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        Post(**({"network": "x", "text": "Venez"} | change))


def test_the_day_of_a_rule_is_a_date_or_a_moment() -> None:
    assert rule("instagram", "hashtags", datetime(2025, 11, 30, 23, 59)) == 30
    assert rule("instagram", "hashtags", pd.Timestamp(2025, 12, 1, 8)) == 5
    for day in (None, "2025-12-01", 2025, pd.NaT):
        with pytest.raises(InvalidInput, match=r"\(day\)"):
            rule("instagram", "hashtags", day)  # type: ignore[arg-type]


def test_a_good_post_keeps_every_rule() -> None:
    text = "Dimanche, on roule ensemble. Réservez votre essai ! #vélo @ville"
    post = Post("facebook", text, has_image=True, alt_text="Deux enfants à vélo", call_to_action="réservez votre essai")
    assert all(kept(post).values()) and set(kept(post)) == {"texte", "longueur", "alternative", "appel"}


@pytest.mark.parametrize(
    ("post", "broken"),
    [
        (Post("x", "a" * 281, call_to_action="a"), "longueur"),
        (Post("instagram", "Venez " + "#v " * 6, call_to_action="Venez"), "hashtags"),
        (Post("instagram", "Venez sur velambule.fr", call_to_action="Venez"), "lien"),
        (Post("facebook", "Venez", has_image=True, call_to_action="Venez"), "alternative"),
        (Post("facebook", "Bonjour"), "appel"),
        (Post("facebook", "Bonjour", call_to_action="Venez"), "appel"),
        (Post("facebook", "  ", call_to_action=""), "texte"),
        (Post("x", "Venez", has_video=True, video_seconds=141, call_to_action="Venez"), "video"),
        (Post("pinterest", "Venez", has_video=True, video_seconds=2, call_to_action="Venez"), "video"),
        (Post("youtube", "a" * 5001, call_to_action="a"), "longueur"),
    ],
)
def test_a_broken_rule_is_said_in_one_sentence(post: Post, broken: str) -> None:
    finding = next(finding for finding in check_post(post, TODAY) if finding.rule == broken)
    assert not finding.kept and finding.sentence.endswith(".") and "\n" not in finding.sentence


def test_the_same_post_was_fine_before_the_rule_changed() -> None:
    post = Post("instagram", "Venez " + " ".join(f"#v{letter}" for letter in "abcdefgh"), call_to_action="Venez")
    assert kept(post, date(2025, 6, 1))["hashtags"] and not kept(post)["hashtags"]


@given(st.text(max_size=60), st.sampled_from(list(NETWORKS)))
def test_any_text_is_checked_without_a_stumble(text: str, network: str) -> None:
    assert length(text, network, TODAY) >= 0
    assert all(finding.sentence for finding in check_post(Post(network, text), TODAY))


def test_an_unknown_network_or_a_negative_duration_is_refused() -> None:
    with pytest.raises(InvalidInput, match="myspace"):
        Post("myspace", "Bonjour")
    with pytest.raises(InvalidInput, match="durée"):
        check_post(Post("x", "Venez", has_video=True, video_seconds=-1), TODAY)
