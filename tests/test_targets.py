"""Segments, affinity, positioning, attitudes: against pandas computations written apart."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cmlib import segments, swot, targets
from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.references import load
from cmlib.segments import are_disjoint, dominant, index_100, overlap, segment, share

USED = ["Facebook", "Instagram", "TikTok", "LinkedIn"]


@st.composite
def surveys(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(15, 90) | st.none(),
                st.sampled_from(["ville", "campagne", None]),
                st.sets(st.sampled_from(USED)),
            ),
            min_size=1,
            max_size=40,
        )
    )
    table = pd.DataFrame(
        [(age, home, "|".join(sorted(used)) or None) for age, home, used in rows], columns=["age", "habitat", "reseaux"]
    )
    return table.astype({"habitat": object, "reseaux": object})


@given(surveys(), st.integers(15, 60), st.integers(0, 40))
def test_segments_and_indices_are_those_of_an_independent_count(survey: pd.DataFrame, low: int, width: int) -> None:
    members = segment(survey, {"age": (low, low + width)})
    expected = survey["age"].between(low, low + width).to_numpy()
    np.testing.assert_array_equal(members, expected)
    assert share(members) == (expected.sum(), expected.mean())
    exploded = survey.assign(inside=expected, who=range(len(survey)))
    exploded = exploded.assign(reseaux=exploded["reseaux"].str.split("|")).explode("reseaux").dropna(subset=["reseaux"])
    assume(exploded["inside"].any())
    inside = exploded[exploded["inside"]]
    own = inside.groupby("reseaux")["who"].nunique() / inside["who"].nunique()
    overall = exploded.groupby("reseaux")["who"].nunique() / exploded["who"].nunique()
    table = index_100(survey, members, "reseaux")
    for network in overall.index:
        assert table.loc[network, "overall"] == pytest.approx(overall[network])
        assert table.loc[network, "share"] == pytest.approx(own.get(network, 0))
        assert table.loc[network, "index"] == pytest.approx(100 * own.get(network, 0) / overall[network])
        assert targets.affinity_in_survey(survey, members, network) == pytest.approx(table.loc[network, "index"])
    everybody = index_100(survey, np.ones(len(survey), dtype=bool), "reseaux")
    assert everybody["index"].to_numpy() == pytest.approx(100)


def test_conditions_add_up_and_a_missing_answer_is_not_one() -> None:
    survey = pd.DataFrame(
        {
            "age": [20, 30, None, 25],
            "habitat": ["ville", "campagne", "ville", None],
            "reseaux": ["TikTok | Facebook", "X", "X", "TikTok"],
        }
    )
    assert segment(survey, {"age": (18, 30), "habitat": {"ville", "campagne"}}).tolist() == [True, True, False, False]
    assert segment(survey, {"reseaux": "TikTok"}).tolist() == [True, False, False, True]
    assert segment(survey, {}).all()
    assert dominant(survey, np.ones(4, dtype=bool), "reseaux", most=1) == ["TikTok", "X"]  # a tie keeps both


def test_overlap_counts_common_respondents() -> None:
    young, urban, old = np.array([1, 1, 0, 0], bool), np.array([0, 1, 1, 0], bool), np.array([0, 0, 0, 1], bool)
    table = overlap({"jeunes": young, "urbains": urban, "seniors": old})
    assert table.to_numpy().tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 1]]
    assert not are_disjoint({"jeunes": young, "urbains": urban}) and are_disjoint({"jeunes": young, "seniors": old})


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: segment(s, {"ages": (1, 2)}), "« ages »"),
        (lambda s: segment(s, {"age": (30, 20)}), "du plus petit au plus grand"),
        (lambda s: segment(s, {"habitat": (1, 2)}), "n’est pas faite de nombres"),
        (lambda s: segment(s, {"habitat": "mer"}), "« mer » n’est pas une réponse .*campagne, ville"),
        (lambda s: segment(s, {"habitat": set()}), "aucune réponse"),
        (lambda s: index_100(s, np.zeros(2, dtype=bool), "habitat"), "Personne du segment"),
        (lambda s: index_100(s, np.ones(3, dtype=bool), "habitat"), "3 répondants et l’enquête 2"),
        (lambda s: index_100(s, np.array([1, 0]), "habitat"), "oui ou non"),
        (lambda s: overlap({}), "aucun segment"),
        (lambda s: share(np.array([], dtype=bool)), "oui ou non"),
        (lambda s: segment(s, {"age": 35}), "« age » : « 35 » n’est pas une condition"),
        (lambda s: segment(s, {"age": None}), "« None » n’est pas une condition"),
        (lambda s: segment(s, {"age": (18,)}), "du plus petit au plus grand"),
        (lambda s: segment(s, {"age": ("a", "b")}), "« a » n’est pas un nombre"),
        (lambda s: segment(s, {"age": (None, 3)}), "une valeur manque"),
        (lambda s: segment(s, {"habitat": {None}}), "« None » n’est pas une réponse"),
        (lambda s: segment(s, None), "il faut un dictionnaire"),
        (lambda s: segment(None, {}), "doit être une table"),
        (lambda s: segment(pd.concat([s, s], axis=1), {"habitat": "ville"}), "2 colonnes « habitat »"),
        (lambda s: dominant(s, np.ones(2, dtype=bool), "habitat", most=-1), r"\(most\)"),
        (lambda s: dominant(s, np.ones(2, dtype=bool), "habitat", most=1.5), r"\(most\)"),
        (lambda s: overlap({"a": None}), "oui ou non"),
        (lambda s: overlap({"a": [[True], [True, False]]}), "une seule liste"),
        (lambda s: overlap(None), "aucun segment"),
        (lambda s: targets.affinity_in_survey(s, np.ones(2, dtype=bool), "mer", "habitat"), "Personne n’utilise"),
    ],
)
def test_what_is_not_in_the_survey_is_refused_by_name(call, said: str) -> None:  # type: ignore[no-untyped-def]
    survey = pd.DataFrame({"age": [20, 30], "habitat": ["ville", "campagne"]})
    with pytest.raises(InvalidInput) as error:
        call(survey)
    assert re.search(said, untypeset(str(error.value)))


def test_the_affinity_of_the_tables_is_that_of_a_count_person_by_person() -> None:
    """LinkedIn: 79 % of users are over 37 (course). People of each age drawn from the census, one by one."""
    population = load("population")
    ages = population[population["criterion"] == "age"]
    people = {}
    for row in ages.to_dict("records"):
        width = int(row["age_max"] - row["age_min"]) + 1
        for age in range(int(row["age_min"]), int(row["age_max"]) + 1):
            people[age] = row["people"] / width
    people = {age: number for age, number in people.items() if 15 <= age <= 99}
    over = sum(number for age, number in people.items() if age >= 38)
    users = {age: 0.79 * n / over if age >= 38 else 0.21 * n / (sum(people.values()) - over) for age, n in people.items()}
    for low, high in ((18, 25), (30, 45), (40, 60), (15, 99)):
        in_users = sum(users[age] for age in range(low, high + 1))
        in_all = sum(people[age] for age in range(low, high + 1)) / sum(people.values())
        (found,) = targets.affinity_in_tables((low, high), "linkedin")
        assert found.base_100 == pytest.approx(100 * in_users / in_all)
    assert "2022" in found.source
    assert targets.affinity_in_tables((15, 99), "instagram")[0].base_100 == pytest.approx(100)
    assert targets.affinity_in_tables((18, 25), "pinterest") == []


def test_a_profile_of_every_age_tells_nothing_and_divides_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"network": "x", "area": "France", "criterion": "age", "group": "tous", "age_min": 15.0, "age_max": 99.0, "share": 1.0}
    tables = {"profils": pd.DataFrame([row | {"year": "2025", "source": "Insee"}]), "population": load("population")}
    monkeypatch.setattr(targets, "load", tables.__getitem__)
    assert targets.affinity_in_tables((18, 25), "x")[0].base_100 == pytest.approx(100)


def test_the_two_sexes_balance() -> None:
    population = load("population").set_index("group")["people"]
    women, men = population["femmes"], population["hommes"]
    for network in ("snapchat", "instagram", "tiktok"):
        (her,), (him,) = targets.affinity_by_sex("femmes", network), targets.affinity_by_sex("hommes", network)
        assert (her.base_100 * women + him.base_100 * men) / (women + men) == pytest.approx(100, abs=0.5)


PERSONA = {"name": "Léa", "age": (18, 25), "situation": "étudiante", "networks": ("instagram",), "motivations": ("le prix",)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "nom"),
        ({"age": (25, 18)}, "du plus jeune"),
        ({"age": (5, 18)}, "au moins égal à 15"),
        ({"networks": ("myspace",)}, "myspace"),
        ({"motivations": ()}, "motivation"),
        ({"motivations": "prix"}, "motivations est une suite de textes"),
        ({"barriers": (None,)}, "barriers est une suite"),
        ({"networks": "instagram"}, "networks est une suite"),
        ({"name": None}, "name"),
        ({"situation": None}, "situation"),
        ({"age": (18,)}, "il faut 2 nombres"),
        ({"age": None}, "âge"),
    ],
)
def test_a_persona_that_is_not_one_is_refused(change: dict[str, object], said: str) -> None:
    assert targets.Persona(**PERSONA).name == "Léa"  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=said):
        targets.Persona(**(PERSONA | change))  # type: ignore[arg-type]


def test_a_positioning_needs_all_its_parts() -> None:
    parts = dict.fromkeys(("brand", "target", "need", "category", "benefit", "proof", "alternative"), "x")
    assert targets.statement(targets.Positioning(**parts)) == "Pour x qui x, x est x qui x, parce que x, contrairement à x."
    for part in parts:
        with pytest.raises(InvalidInput, match=part):
            targets.Positioning(**(parts | {part: " "}))
        with pytest.raises(InvalidInput, match=part):
            targets.Positioning(**(parts | {part: None}))


def test_territories_follow_the_course() -> None:
    assert targets.relational_territory(2, 0.9, sensitive=False) == "radar"
    assert targets.relational_territory(200, 0.2, sensitive=False) == "fonctionnelle"
    assert targets.relational_territory(200, 0.5, sensitive=False) == "aimee"
    assert targets.relational_territory(0, 0.0, sensitive=True) == "sensible"
    with pytest.raises(InvalidInput):
        targets.relational_territory(-1, 0.5, sensitive=False)


def test_attitudes_are_the_four_of_gain_and_loss() -> None:
    found = [targets.attitude(gain, loss) for gain, loss in itertools.product([True, False], repeat=2)]
    assert found == ["hesitants", "receptifs", "opposants", "indifferents"]
    assert next(iter(targets.attitude_matrix({"a": (False, True), "b": (True, False)}).items())) == ("receptifs", ["b"])
    assert segments.OVERREPRESENTED == 120


def test_the_swot_has_one_box_for_each_pair_of_answers() -> None:
    boxes = {swot.category_of(origin, effect) for origin in ("interne", "externe") for effect in ("favorable", "défavorable")}
    assert boxes == set(swot.CATEGORIES)
    for category in swot.CATEGORIES:
        assert swot.category_of(swot.ORIGIN[category], swot.EFFECT[category]) == category  # type: ignore[arg-type]
    entries = [swot.Entry("forces", "Vidéos", "8 %"), swot.Entry("menaces", " vidéos ")]
    assert [entry.text for entry in swot.matrix(entries)["forces"]] == ["Vidéos"]
    problems = swot.matrix_problems(entries)
    assert len(problems) == 4 and "figure deux fois" in problems[-1] and "étayé" in problems[2]
    assert swot.matrix_problems([swot.Entry(category, category, "2025") for category in swot.CATEGORIES]) == []
    assert all(remedy.cause and remedy.solution for remedy in swot.REMEDIES)
    for call in (
        lambda: swot.category_of("dehors", "favorable"),  # type: ignore[arg-type]
        lambda: swot.Entry("atouts", "x"),
        lambda: swot.Entry("forces", " "),
        lambda: swot.Remedy("a", "", "c"),
    ):
        with pytest.raises(InvalidInput):
            call()
