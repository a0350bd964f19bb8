"""The crises of the brands: counted on their mentions, answered by the rules, recovered from by the model."""

import pytest

from cmlib.lessons.demos import crisis
from cmlib.lessons.demos.brands import IDS, brand_names, study
from tests.lessons.helpers import every, one

DELAYS = (1.0, 24.0, crisis.NEVER)


def test_every_brand_and_choice_draws() -> None:
    every(crisis.year, IDS, crisis.VIEWS)
    every(crisis.aftermath, IDS, crisis.REACTIONS)
    every(crisis.clock, ("velambule",), DELAYS, DELAYS, ("complete",), ("rien",), ("meme",))
    every(crisis.clock, ("aubrelle",), (6.0,), (24.0,), crisis.MANNERS, crisis.REMOVED, crisis.PLACES)
    every(crisis.clock, IDS, (1.0,), (96.0,), ("complete",), ("rien",), ("meme",))


@pytest.mark.parametrize("brand", IDS)
def test_the_clock_counts_the_negative_mentions_of_the_crisis(brand: str) -> None:
    mentions, found = study(brand).mentions, crisis.story(brand)
    days = mentions["published_at"].dt.date
    inside = mentions[(days >= found.crisis.start) & (days <= found.crisis.end) & (mentions["sentiment"] == "negative")]
    assert found.hours.size == len(inside) and found.hours[0] == 0
    since = inside["published_at"] - inside["published_at"].min()
    early = int((since.dt.total_seconds() <= 24 * 3600).sum())
    said, sentence = one(crisis.clock, brand, 6.0, 24.0, "complete", "rien", "meme")
    assert f"{brand_names()[brand]} : {len(inside)} critiques" in sentence and sentence.endswith(f"il y en a {early}.")
    assert "Accusé de réception : 6 h" in said and f"réponse de fond : 24 h, {early} critiques" in said


def test_a_reply_by_the_rules_breaks_none() -> None:
    shown, _ = crisis.clock("aubrelle", 6.0, 24.0, "complete", "injures", "meme")
    assert isinstance(shown, str) and "Aucune règle n’est enfreinte." in shown and "<li>" not in shown


def test_each_fault_is_named_once() -> None:
    shown, sentence = crisis.clock("aubrelle", crisis.NEVER, crisis.NEVER, "defense", "critiques", "ailleurs")
    assert isinstance(shown, str) and shown.count("<li>") == 6 and "6 critiques licites" in shown
    assert "Vous ne dites rien" in sentence
    shown, _ = crisis.clock("aubrelle", 1.0, 1.0, "complete", "rien", "meme")
    assert isinstance(shown, str) and shown.count("<li>") == 1 and "vérifiez les faits" in shown


def test_an_answer_before_its_acknowledgement_acknowledges() -> None:
    shown, _ = crisis.clock("aubrelle", 50.0, 10.0, "complete", "rien", "meme")
    assert isinstance(shown, str) and "Aucune règle n’est enfreinte." in shown


def test_the_year_tells_its_crisis() -> None:
    said, sentence = one(crisis.year, "valserane", "annee")
    assert "dure 8 jours et culmine le 13 juillet 2025, avec 32 critiques" in sentence
    assert "83 % avant, 13 % pendant, 78 % après" in sentence
    assert said.startswith("Mentions du 1er janvier 2025")
    assert one(crisis.year, "valserane", "crise")[0].startswith("Mentions du 26 juin 2025 au 31 juillet 2025")


def test_only_one_crisis_is_in_full_summer() -> None:
    """What the first question of the chapter says."""
    assert [brand for brand in IDS if crisis.story(brand).crisis.peak.month in (7, 8)] == ["valserane"]


@pytest.mark.parametrize("brand", IDS)
def test_the_model_answers_as_its_half_lives_say(brand: str) -> None:
    severity = crisis.fall(brand)
    usual = 0.7
    for reaction, half, worse in (("reponse", 1.5, 1.0), ("silence", 5.0, 1.0), ("suppression", 5.0, 1.3)):
        tone = crisis.tone_after(severity, reaction)
        hit = min(1.0, severity * worse)
        expected = [usual * (1 - hit * 0.5 ** (week / half)) for week in range(10)]
        assert list(tone[:2]) == pytest.approx([usual] * 2) and list(tone[2:12]) == pytest.approx(expected)
        weeks = next(week for week in range(100) if usual * hit * 0.5 ** (week / half) <= 0.05)
        assert crisis.weeks_to_recover(tone) == weeks
        assert f"en {weeks} semaines" in one(crisis.aftermath, brand, reaction)[1]


def test_a_tone_that_never_comes_back_is_told() -> None:
    assert crisis.weeks_to_recover(crisis.tone_after(0.8, "silence")[:10]) is None
    assert "plus de" in crisis._when(None)


def test_at_two_days_less_than_a_quarter_of_the_criticism_is_online() -> None:
    """What the chapter says of Prisalto."""
    hours = crisis.story("prisalto").hours
    assert int((hours <= 48).sum()) == 26 and 26 / hours.size < 0.25
