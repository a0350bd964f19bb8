"""The SWOT in the two senses of « opportunité », and solutions that act on a cause, or not."""

from itertools import product

import pytest

from cmlib.lessons.demos import findings
from cmlib.swot import CATEGORIES, REMEDIES
from tests.lessons.drawing import sentence_of


@pytest.mark.parametrize("sense", findings.SENSES)
@pytest.mark.parametrize("finding", findings.FINDINGS)
def test_each_finding_is_in_its_box(finding: str, sense: str) -> None:
    figure, _ = drawn = findings.swot_senses(finding, sense)
    assert f"Case : {CATEGORIES[findings.box_in(finding, sense)]}." in sentence_of(drawn)
    assert not isinstance(figure, str)
    assert str(figure.get_label()).count("▶") == 1


def test_the_wide_sense_only_takes_from_weaknesses() -> None:
    assert {findings.FINDINGS[name].box for name in findings.moving()} == {"faiblesses"}
    assert {finding.box for finding in findings.FINDINGS.values()} == set(CATEGORIES)


@pytest.mark.parametrize(("weakness", "solution"), list(product(findings.WEAKNESSES, findings.SOLUTIONS)))
def test_one_solution_acts_on_each_cause(weakness: str, solution: str) -> None:
    sentence = sentence_of(findings.remedy(weakness, solution))
    acts = any(
        (remedy.weakness, remedy.solution) == (findings.WEAKNESSES[weakness], findings.SOLUTIONS[solution]) for remedy in REMEDIES
    )
    assert sentence.startswith("Oui" if acts else "Non")
