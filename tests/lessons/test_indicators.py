"""From a problem to its indicators; from an aim to its proof; what makes people follow a brand."""

import pytest

from cmlib.kpis import FAMILIES, KPIS, RETURNS, SERVICES, family_kpis
from cmlib.lessons.demos import aims, indicators
from tests.lessons.drawing import sentence_of


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("problem", indicators.PROBLEMS)
def test_each_problem_leads_to_its_family_for_each_reader(problem: str, service: str) -> None:
    page, _ = drawn = indicators.indicators_for(problem, service)
    sentence = sentence_of(drawn)
    family = indicators.family_of(problem)
    assert f"« {FAMILIES[family]} »" in sentence
    assert isinstance(page, str)
    assert page.count("<tr>") == 1 + len(family_kpis(family))
    assert page.count("▶") == len(indicators.PROBLEMS[problem].first)
    expected = [name for name in SERVICES[service].kpis if name in family_kpis(family)]
    assert all(KPIS[name].name in sentence for name in expected)
    assert page.count("← votre lecteur") == len(expected)


def test_each_problem_begins_with_indicators_of_its_family() -> None:
    assert {problem.family for problem in indicators.PROBLEMS.values()} == set(FAMILIES)
    for problem in indicators.PROBLEMS.values():
        assert {KPIS[name].family for name in problem.first} == {problem.family}


@pytest.mark.parametrize("view", RETURNS)
def test_each_way_to_judge_says_what_it_measures_and_what_it_does_not(view: str) -> None:
    page, _ = drawn = indicators.ways_to_judge(view)
    sentence = sentence_of(drawn)
    assert f"{len(RETURNS[view].kpis)} indicateurs" in sentence
    assert str(page).count("<li>") == (len(RETURNS[view].signs) or 5)
    assert ("tous en argent" in sentence) == (view == "roi")


@pytest.mark.parametrize("aim", aims.AIMS)
def test_each_aim_has_its_proof(aim: str) -> None:
    page, _ = drawn = aims.three_dimensions(aim)
    sentence = sentence_of(drawn)
    assert str(page).count("<li") == 3
    assert all(KPIS[name].name in sentence for name in aims.AIMS[aim].kpis)


def test_the_course_has_ten_aims_and_eight_reasons() -> None:
    assert (len(aims.AIMS), len(aims.REASONS)) == (10, 8)
    assert [aim for aim in aims.AIMS if "share_of_voice" in aims.AIMS[aim].kpis] == ["veille"]


@pytest.mark.parametrize("post", aims.POSTS)
def test_each_post_marks_the_reasons_that_it_serves(post: str) -> None:
    page, _ = drawn = aims.reasons_served(post)
    served = aims.POSTS[post].serves
    assert str(page).count("▶") == len(served)
    sentence = sentence_of(drawn)
    assert (f"{len(served)} raison" in sentence) == bool(served)
    assert set(served) <= set(aims.REASONS)


def test_one_reason_alone_is_never_served() -> None:
    assert aims.never_served() == ["recommandation"]
