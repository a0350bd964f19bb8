"""TP 1 marked as the class is: every draw can be solved, each criterion takes its own points, marks rank the students."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from cmlib.authoring import experts
from cmlib.authoring.experts.tp1_answers import REMEDIES
from cmlib.authoring.tp1_checks import BARRIERS
from cmlib.cases import case_study
from cmlib.french import read_quantity
from cmlib.segments import index_100
from cmlib.texts import plain
from tests.authoring.marker import Answers, Marker, changed, marker, marks_by_name, simulated, total
from tests.conftest import SOAK

AUTOMATIC = 16.0


@pytest.fixture
def mark(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: None) -> Marker:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    return marker(clone, tmp_path, "tp1")


def expert(student: str) -> Answers:
    return {name: dict(value) for name, value in experts.tp1(case_study(student, "tp1")).items()}  # type: ignore[call-overload]


def test_every_draw_can_be_solved(mark: Marker) -> None:
    missed = {}
    for number in range(500 if SOAK else 18):
        student = f"etudiant.{number}"
        scores = mark(student, expert(student))
        if total(scores) != AUTOMATIC:
            missed[student] = [(name, one) for name, score in scores.items() for one in score.marks if not one.full]
    assert missed == {}


def test_a_blank_sheet_earns_nothing_and_says_so(mark: Marker) -> None:
    scores = mark("a.martin", {})
    assert total(scores) == 0
    for score in scores.values():
        assert all("réponse" in one.reason for one in score.marks)
        assert "Pourquoi" in score._repr_html_()


STUDENT = "a.martin"


def misplace(exercise: str, swap: Mapping[str, str]) -> Callable[[Answers], None]:
    """Return what moves the first item that can be to another category."""

    def change(given: Answers) -> None:
        item = next(item for item, category in given[exercise].items() if category in swap)
        given[exercise][item] = swap[given[exercise][item]]

    return change


def both_goals(column: str, *texts: str) -> Callable[[Answers], None]:
    def change(given: Answers) -> None:
        for row, text in zip(("r1", "r2"), texts, strict=True):
            given["1.2"][f"{row}.{column}"] = text or given["1.2"][f"{row}.depart"]

    return change


def same_goal_twice(given: Answers) -> None:
    """Follow one indicator twice, in two ranks."""
    for column in ("famille", "kpi", "depart", "cible"):
        given["1.2"][f"r2.{column}"] = given["1.2"][f"r1.{column}"]


def to_the_tenth(given: Answers) -> None:
    """Round the share of voice to the tenth."""
    given["1.7"]["voix"] = f"{read_quantity(given['1.7']['voix'], '%').value * 100:.1f} %".replace(".", ",")


def one_more(given: Answers) -> None:
    """Count one person too many in each target."""
    for row in ("r1", "r2"):
        count = int(given["1.3"][f"{row}.effectif"].split()[0])
        given["1.3"][f"{row}.effectif"] = str(count + 1)


def same_target_twice(given: Answers) -> None:
    """Describe the same people on both cards."""
    for entry, text in list(given["1.3"].items()):
        if entry.startswith("r1."):
            given["1.3"][f"r2.{entry[3:]}"] = text


def least(column: str, *questions: str) -> Callable[[Answers], None]:
    """Choose on both cards an answer that nothing distinguishes."""

    def change(given: Answers) -> None:
        case = case_study(STUDENT, "tp1")
        fields = {"age": _age(given, "r1"), "other": _age(given, "r2")}
        for row, bounds in zip(("r1", "r2"), fields.values(), strict=True):
            inside = case.survey["age"].between(*bounds).to_numpy()
            table = index_100(case.survey, inside, questions[0])
            chosen = table["count"].idxmin() if column == "networks" else table["index"].idxmin()
            given["1.3"][f"{row}.{column}"] = plain(str(chosen))

    return change


def _age(given: Answers, row: str) -> tuple[float, float]:
    low, high = given["1.3"][f"{row}.age"].removesuffix(" ans").split(" à ")
    return float(low), float(high)


def shifted(exercise: str, entry: str, text: str = "999") -> Callable[[Answers], None]:
    return changed(exercise, **{entry: text})


OTHER_FAMILY = {"visibilite": "opinion", "engagement": "opinion", "opinion": "visibilite", "performance": "visibilite"}
OTHER_ORIGIN = {"forces": "opportunites", "faiblesses": "menaces", "opportunites": "forces", "menaces": "faiblesses"}
OTHER_EFFECT = {"forces": "faiblesses", "faiblesses": "forces", "opportunites": "menaces", "menaces": "opportunites"}


@pytest.mark.parametrize(
    ("criterion", "change", "lost"),
    [
        ("1.1 Classement", misplace("1.1", OTHER_FAMILY), 2 / 6),
        ("1.2 Indicateur de la bonne famille", both_goals("famille", "opinion", "opinion"), 0.75),
        ("1.2 Valeur de départ", both_goals("depart", "3", "3 €"), 0.75),
        ("1.2 Valeur visée", both_goals("cible", "", ""), 0.5),
        ("1.2 Échéance", both_goals("echeance", "01/02/2027", "31/12/2025"), 0.5),
        ("1.2 Priorités", both_goals("rang", "1", "1"), 0.125),
        ("1.2 Deux indicateurs", same_goal_twice, 0.125),
        ("1.3 Effectif et part exacts", one_more, 1),
        ("1.3 Segments", same_target_twice, 0.5),
        ("1.3 Réseaux dominants", least("networks", "reseaux"), 1),
        ("1.3 Motivations surreprésentées", least("motivations", "motivations"), 0.75),
        ("1.3 Freins surreprésentés", least("barriers", *BARRIERS), 0.75),
        ("1.5 Interne ou externe", misplace("1.5", OTHER_ORIGIN), 1 / 12),
        ("1.5 Favorable ou défavorable", misplace("1.5", OTHER_EFFECT), 1 / 12),
        ("1.6 Donnée citée, du bon côté et exacte", shifted("1.6", "forces_valeur"), 0.25),
        ("1.7 Plus long silence sur le réseau principal, d’une publication à la suivante", shifted("1.7", "silence"), 1),
        ("1.7 Part de voix de la marque face à ses concurrents", shifted("1.7", "voix", "99 %"), 1),
        ("1.7 Part de voix de la marque face à ses concurrents", to_the_tenth, 0.5),
        ("1.7 Taux d’engagement par portée du réseau principal sur l’année", shifted("1.7", "engagement", "99 %"), 1),
        ("1.8 Structure", shifted("1.8", "r3_solution", " "), 0.5 / 3),
        ("1.8 Faiblesses différentes", shifted("1.8", "r3_faiblesse", REMEDIES[0][0]), 0.5 / 3),
    ],
)
def test_each_criterion_takes_its_own_points(
    mark: Marker, criterion: str, change: Callable[[Answers], None], lost: float
) -> None:
    given = expert(STUDENT)
    change(given)
    marks = marks_by_name(mark(STUDENT, given))
    assert [name for name, one in marks.items() if not one.full] == [criterion]
    assert marks[criterion].possible - marks[criterion].points == pytest.approx(lost)
    assert len(marks[criterion].reason) > 20


def test_a_target_outside_the_survey_is_told_in_one_sentence(mark: Marker) -> None:
    given = expert(STUDENT)
    given["1.3"]["r1.age"] = "90 à 99 ans"
    reasons = " ".join(one.reason for one in mark(STUDENT, given)["1.3"].marks)
    assert "Fiche 1" in reasons and "Traceback" not in reasons


LEVELS = (1.0, 0.8, 0.6, 0.4, 0.2)


def test_marks_rank_fifty_students_by_level(mark: Marker) -> None:
    marks = [
        (level, total(mark(name, simulated(name, expert(name), level))))
        for level in LEVELS
        for name in (f"e.{n}" for n in range(10))
    ]
    means = [sum(points for level, points in marks if level == wanted) / 10 for wanted in LEVELS]
    assert means == sorted(means, reverse=True)
    assert min(before - after for before, after in pairwise(means)) > 1  # a point at least, each time
    assert spearmanr([level for level, _ in marks], [points for _, points in marks]).statistic > 0.9
