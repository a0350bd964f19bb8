"""TP 2 marked as the class is: every draw can be solved, each criterion takes its own points, marks rank the students."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from cmlib.authoring import experts
from cmlib.authoring.experts.tp2_answers import THEMES
from cmlib.cases import case_study
from cmlib.tp.plannings import cells_of, to_line
from tests.authoring.marker import Answers, Marker, changed, marker, marks_by_name, simulated, total
from tests.conftest import SOAK

AUTOMATIC = 17.0
STUDENT = "a.martin"


@pytest.fixture
def mark(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: None) -> Marker:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    return marker(clone, tmp_path, "tp2")


def expert(student: str) -> Answers:
    return {name: dict(value) for name, value in experts.tp2(case_study(student, "tp2")).items()}  # type: ignore[call-overload]


def test_every_draw_can_be_solved(mark: Marker) -> None:
    missed = {}
    for number in range(500 if SOAK else 18):
        student = f"etudiant.{number}"
        scores = mark(student, expert(student))
        if total(scores) != pytest.approx(AUTOMATIC):
            missed[student] = [(name, one) for name, score in scores.items() for one in score.marks if not one.full]
    assert missed == {}


def test_a_blank_sheet_earns_nothing_and_says_so(mark: Marker) -> None:
    scores = mark(STUDENT, {})
    assert total(scores) == 0
    for score in scores.values():
        assert all("réponse" in one.reason or "publication" in one.reason for one in score.marks)


def planned(change: Callable[[int, dict[str, str]], None]) -> Callable[[Answers], None]:
    """Return what changes the lines of the planning, given their rank in order of date and their texts."""

    def changes(given: Answers) -> None:
        for rank, (line_id, line) in enumerate(list(given["2.4"].items())):
            cells = cells_of(line)
            change(rank, cells)
            given["2.4"][line_id] = to_line(cells)

    return changes


def cut_after(lines: int) -> Callable[[Answers], None]:
    def change(given: Answers) -> None:
        given["2.4"] = dict(list(given["2.4"].items())[:lines])

    return change


def without(ranks: range) -> Callable[[Answers], None]:
    def change(given: Answers) -> None:
        given["2.4"] = {line_id: line for rank, (line_id, line) in enumerate(given["2.4"].items()) if rank not in ranks}

    return change


def at_night(rank: int, cells: dict[str, str]) -> None:
    if rank % 2:
        cells["published"] = f"{cells['published'][:10]} 03:{rank % 60:02}"


def all_sales(rank: int, cells: dict[str, str]) -> None:
    if rank % 2:
        cells["type"] = "Promotion"


def one_type(rank: int, cells: dict[str, str]) -> None:
    cells["type"] = "article"


def on_the_day(rank: int, cells: dict[str, str]) -> None:
    cells["deadlines"] = f"validation {cells['published'][:10]}"


def without_themes(rank: int, cells: dict[str, str]) -> None:
    cells["persona"] = "Personne"


def without_events(rank: int, cells: dict[str, str]) -> None:
    cells["keywords"] = cells["keywords"].split(", ")[0]


def twice(rank: int, cells: dict[str, str]) -> None:
    cells["title"] = "Toujours le même"


@pytest.mark.parametrize(
    ("criterion", "change", "lost"),
    [
        ("2.1 Le brief", changed("2.1", brief="b"), 0.4),
        ("2.1 L’Arcom", changed("2.1", arcom="a"), 0.4),
        ("2.1 Un collègue", changed("2.1", ages="a"), 0.4),
        ("2.2 Quatre thématiques différentes", changed("2.2", t4_thematique=THEMES[2][0]), 0.125),
        ("2.2 Objectif et indicateur cohérents", changed("2.2", t1_kpi="nps"), 0.25),
        ("2.2 Message", changed("2.2", t1_message="court"), 0.125),
        ("2.3b Le goulot", changed("2.3b", goulot="fideliser"), 0.2),
        ("2.3b Ambassadeurs gagnés", changed("2.3b", gain2="0"), 0.3),
        ("2.3b Taux de passage de prospect", changed("2.3b", conclure="99 %"), 0.3),
        ("2.4 Créneaux conseillés", planned(at_night), 0.75),
        ("2.4 Part de promotion", planned(all_sales), 0.25),
        ("2.4 Types variés", planned(one_type), 0.25),
        ("2.4 Échéances internes", planned(on_the_day), 0.5),
        ("2.4 Thématiques servies", planned(without_themes), 0.5),
        ("2.4 Temps forts couverts", planned(without_events), 0.75),
        ("2.4 Aucun doublon", planned(twice), 0.25),
        ("2.6 Ordre", changed("2.6", ordre="s2 s6 s4 s7 s1 s5 s3"), 2 / 21),
    ],
)
def test_each_criterion_takes_its_own_points(
    mark: Marker, criterion: str, change: Callable[[Answers], None], lost: float
) -> None:
    given = expert(STUDENT)
    change(given)
    marks = marks_by_name(mark(STUDENT, given))
    exercise = criterion.split()[0]
    (failed,) = [name for name, one in marks.items() if not one.full and name.split()[0] == exercise]
    assert failed.startswith(criterion)
    assert marks[failed].possible - marks[failed].points == pytest.approx(lost)
    assert len(marks[failed].reason) > 20


def test_a_short_planning_earns_in_proportion_of_its_weeks(mark: Marker) -> None:
    given = expert(STUDENT)
    cut_after(1)(given)
    assert mark(STUDENT, given)["2.4"].value < 0.2


def test_a_hole_breaks_the_silence_alone_or_the_cadence_too(mark: Marker) -> None:
    given = expert(STUDENT)
    without(range(30, 60))(given)
    failed = {one.name for one in mark(STUDENT, given)["2.4"].marks if not one.points}
    assert "Aucun trou" in failed


def test_a_target_that_is_elsewhere_is_told_without_the_figures(mark: Marker) -> None:
    given = expert(STUDENT)
    given["2.0"] |= {f"r{rank}.age": "90 à 99 ans" for rank in (1, 2, 3)}
    reasons = " ".join(one.reason for one in mark(STUDENT, given)["2.2"].marks)
    assert "corrigez son âge" in reasons


LEVELS = (1.0, 0.8, 0.6, 0.4, 0.2)


def test_everybody_is_no_target(mark: Marker) -> None:
    given = expert(STUDENT)
    given["2.0"] |= {f"r{rank}.age": "0 à 120 ans" for rank in (1, 2, 3)}
    told = marks_by_name(mark(STUDENT, given))["2.2 La cible est sur ce réseau"]
    assert told.points == 0 and "décrit toute l’enquête" in told.reason


def test_marks_rank_students_by_level(mark: Marker) -> None:
    marks = [
        (level, total(mark(name, simulated(name, expert(name), level))))
        for level in LEVELS
        for name in (f"e.{n}" for n in range(10))
    ]
    means = [sum(points for level, points in marks if level == wanted) / 10 for wanted in LEVELS]
    assert means == sorted(means, reverse=True)
    assert min(before - after for before, after in pairwise(means)) > 0.5
    assert spearmanr([level for level, _ in marks], [points for _, points in marks]).statistic > 0.9
