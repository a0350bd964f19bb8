import pytest

from cmlib.errors import InvalidInput
from cmlib.french import untypeset
from cmlib.lessons.demos.phases import PHASES, SKIPS, phases


@pytest.mark.parametrize("skipped", SKIPS)
def test_a_skipped_phase_costs_those_that_follow(skipped: str) -> None:
    figure, told = phases(skipped)
    alt = untypeset(str(figure.get_label()))
    assert all(phase.name in alt and all(done in alt for done in phase.done) for phase in PHASES.values())
    after = list(PHASES)[list(PHASES).index(skipped) + 1 :] if skipped else []
    assert alt.count("conséquence :") == len(after)
    assert ("(sautée)" in alt) == bool(skipped)
    if skipped:
        assert all(PHASES[key].name.lower() in told for key in after)


def test_each_phase_says_what_it_leaves_to_all_that_follow() -> None:
    assert [len(phase.lacking) for phase in PHASES.values()] == [3, 2, 1, 0]


def test_a_phase_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput, match="prenez conception"):
        phases("vacances")
