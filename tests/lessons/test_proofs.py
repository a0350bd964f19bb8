"""Figures to quote with their year, and how old they are."""

import pytest

from cmlib.french import untypeset
from cmlib.lessons.demos import proofs
from cmlib.lessons.demos.markup import quotation, table
from tests.lessons.drawing import sentence_of


@pytest.mark.parametrize("year", proofs.YEARS)
@pytest.mark.parametrize("proof", proofs.proofs())
def test_each_proof_says_its_age(proof: str, year: str) -> None:
    page, _ = drawn = proofs.proof_card(proof, year)
    sentence = sentence_of(drawn)
    age = int(year) - int(proofs.proofs()[proof].year[-4:])
    assert (f"a {age} an" in sentence) == (age >= 0)
    assert ("une autre époque" in sentence) == (age >= proofs.OLD)
    assert str(page).count("▶") == 1


def test_the_figures_of_the_course_are_there() -> None:
    assert [untypeset(proof.value) for proof in proofs.proofs().values()] == [
        "63 %",
        "78 %",
        "14 %",
        "66 %",
        "2 %",
        "10 %",
        "50 %",
    ]


def test_what_is_shown_is_escaped() -> None:
    page = table("A & B", ["<i>"], [["<b>"]]) + quotation("<script>")
    assert "<i>" not in page
    assert "<b>" not in page
    assert "<script>" not in page
    assert "&amp;" in page
