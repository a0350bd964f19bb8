"""What a report says: weeks, chances, and a change that is worth its cost."""

import pytest

from cmlib.batch.changes import Change, best
from cmlib.batch.report import open_report
from cmlib.french import untypeset

NOTHING_REACHED = {"goal": {"kpi": "awareness", "target": 0.9}}
BRAND = {
    "brand": {"name": "Aubrelle", "followers": {"facebook": 900}, "awareness": 0.2, "visits": 100, "basket": 40},
    "targets": [{"name": "voisins", "people": 8000, "usage": {"facebook": 0.7}}],
    "budget": 2000,
    "weeks": 4,
}


@pytest.mark.parametrize(
    ("spend", "said"),
    [
        (60, "60 € par semaine, 240 € en tout"),
        (12.5, "12,50 € par semaine, 50 € en tout"),
        ([0, 60, 80, 0], "de 60 € à 80 € par semaine, 140 € en tout, semaines 2 à 3"),
        ([0, 0, 80, 0], "80 € par semaine, 80 € en tout, semaine 3"),
        ([60, 0, 60, 0], "60 € par semaine, 120 € en tout, sur 2 semaines"),
    ],
)
def test_what_is_spent_is_told_with_its_weeks(spend: float | list[float], said: str) -> None:
    report = open_report(BRAND | NOTHING_REACHED | {"paid": [{"network": "facebook", "spend": spend}]}, draws=20)
    assert f"Publicité sur Facebook | {said}\n" in f"{untypeset_lines(report.decisions().text)}\n"


def test_the_story_comes_first_and_stays_text() -> None:
    told = "Une crémerie <b>et</b> son budget : que choisir ?"
    shown = open_report(BRAND | NOTHING_REACHED | {"story": told}, draws=20).decisions()
    assert untypeset_lines(shown.text).startswith(f"{told}\nCe qui est décidé") and "&lt;b&gt;et&lt;/b&gt;" in shown.html
    assert open_report(BRAND | NOTHING_REACHED, draws=20).decisions().text.startswith("Ce qui est décidé")


def test_a_goal_out_of_reach_is_a_sentence_and_the_decisions_are_set_against_nothing_decided() -> None:
    report = open_report(BRAND | NOTHING_REACHED | {"paid": [{"network": "facebook", "spend": 60}]}, draws=20)
    said = untypeset_lines(report.outcome().text)
    assert "L’objectif de 90 % n’est atteint dans aucun tirage." in said
    assert "Sans rien décider : 20 %. Toutes les décisions : +" in said
    assert "l’objectif ne serait atteint dans aucun tirage." in untypeset_lines(report.advice().text)


def test_a_change_that_costs_more_than_it_earns_is_not_advised() -> None:
    dear, fair = Change("plus", 50.0, 100.0, 0.6, True), Change("autre", 20.0, 0.0, 0.5, True)
    assert best([dear, fair], 1000.0, "€") == fair
    assert best([dear, fair], 1000.0, "") == dear
    assert best([dear], 1000.0, "€") is None


def untypeset_lines(text: str) -> str:
    """Return a text with plain spaces, line by line."""
    return "\n".join(map(untypeset, text.splitlines()))
