"""Segments of the survey, and positionings that their proof backs, or not."""

from itertools import product

import pytest

from cmlib.lessons.demos import audiences
from tests.lessons.drawing import sentence_of

JOBS = audiences.choices("csp", "toutes")
HOMES = audiences.choices("habitat", "tous")


@pytest.mark.parametrize("age", audiences.AGES)
@pytest.mark.parametrize("job", JOBS)
def test_every_segment_says_its_size_even_empty(age: str, job: str) -> None:
    sentence = sentence_of(audiences.segment_answers(age, job, audiences.EVERYBODY, "reseaux"))
    table = audiences.survey()
    low, high = (0, 200) if age == "tous" else map(int, age.split("-"))
    who = table["age"].between(low, high) if age != "tous" else table["age"].notna() | True
    count = int((who & ((table["csp"] == job) if job != "tous" else True)).sum())
    assert f"{count} personne" in sentence
    assert ("Moins de 30" in sentence or "Élargissez" in sentence) == (count < 30)


@pytest.mark.parametrize("column", audiences.QUESTIONS)
@pytest.mark.parametrize("home", HOMES)
def test_every_question_of_every_home_draws(home: str, column: str) -> None:
    sentence = sentence_of(audiences.segment_answers("tous", "tous", home, column))
    assert ("indice" in sentence) is True


def test_the_answers_that_the_chapter_asks_for_are_alone_at_the_top() -> None:
    table = audiences.survey()
    barriers = "freins_psychologiques"
    assert audiences.respondents("35-49", "tous", "petite couronne") == int(
        (table["age"].between(35, 49) & (table["habitat"] == "petite couronne")).sum()
    )
    top = audiences.highest("tous", "retraités", "tous", barriers)
    replied = table[table[barriers].notna()]

    def lift(answer: str) -> float:
        gives = replied[barriers].str.contains(answer, regex=False)
        return float(gives[replied["csp"] == "retraités"].mean() / gives.mean())

    lifts = {answer: lift(answer) for answer in audiences.choices(barriers, "") if answer != audiences.EVERYBODY}
    assert max(lifts, key=lambda answer: lifts[answer]) == top
    assert sorted(lifts.values())[-2] < 0.95 * lifts[top]


@pytest.mark.parametrize(("target", "benefit", "proof"), list(product(audiences.TARGETS, audiences.BENEFITS, audiences.PROOFS)))
def test_a_proof_backs_its_own_benefit(target: str, benefit: str, proof: str) -> None:
    page, _ = drawn = audiences.positioning(target, benefit, proof)
    assert sentence_of(drawn).startswith("La preuve soutient" if benefit == proof else "La preuve ne porte pas")
    assert audiences.TARGETS[target] in str(page)
