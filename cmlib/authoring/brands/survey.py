"""The survey: a panel asked before the campaign and again after it, made of the author's segments.

The panel is larger than what a student receives: each is given `cmlib.cases.draw.RESPONDENTS` of its people.
"""

from dataclasses import dataclass, replace

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.source import Segment, Source
from cmlib.authoring.brands.story import Story, Verdict
from cmlib.cases.brand import MULTIPLE, SINGLE

PANEL = 460
BASE, STRONG, WEAK = 0.2, 0.58, 0.06
"""Probability that somebody gives an answer: ordinarily, where the segment is strong, where it is weak (hypotheses)."""

CHANGES: dict[Verdict, tuple[tuple[int, int], tuple[int, int]]] = {
    # People won and people lost by the campaign, among 400: chosen so that the two tests say what the verdict says.
    "mcnemar_only": ((36, 38), (14, 15)),
    "both": ((52, 58), (10, 13)),
    "neither": ((23, 26), (17, 20)),
}


@dataclass(frozen=True)
class Person:
    """A member of the panel; ``segment`` is known to the trainer alone."""

    segment: str
    age: int
    woman: bool
    single: dict[str, str]
    several: dict[str, tuple[str, ...]]
    networks: tuple[str, ...]
    rating: int
    assisted: tuple[bool, bool] = (False, False)
    spontaneous: tuple[bool, bool] = (False, False)


def write_survey(source: Source, story: Story) -> list[Person]:
    """Return the panel, in an order that tells nothing."""
    draw = Draw(f"{story.name}/enquete")
    people: list[Person] = []
    segments = source.year.survey.segments
    for place, segment in enumerate(segments):
        left = PANEL - len(people) if place == len(segments) - 1 else round(PANEL * segment.share)
        people += [_person(source, segment, draw) for _ in range(left)]
    return _aware(source, story, draw, draw.shuffled(people))


def _person(source: Source, segment: Segment, draw: Draw) -> Person:
    choices = source.brand.survey.choices
    low, high = segment.age
    youngest = min(other.age[0] for other in source.year.survey.segments)
    oldest = max(other.age[1] for other in source.year.survey.segments)
    # Ages gather in the middle of a segment, and its edges are soft, as in life.
    age = round((draw.between(low, high) + draw.between(low, high)) / 2 + draw.between(-6, 6))
    several = {
        name: tuple(
            answer
            for answer in choices[name]
            if draw.chance(
                STRONG if answer in segment.strong.get(name, ()) else WEAK if answer in segment.weak.get(name, ()) else BASE
            )
        )
        for name in MULTIPLE
    }
    return Person(
        segment=segment.name,
        age=min(max(age, youngest), oldest),
        woman=draw.chance(segment.women),
        single={
            name: draw.weighted({answer: getattr(segment, name).get(answer, 1.0) for answer in choices[name]}) for name in SINGLE
        },
        several=several,
        networks=tuple(network for network, share in segment.networks.items() if draw.chance(share)),
        rating=min(10, max(0, round(segment.rating + 1.7 * (draw.uniform() + draw.uniform() + draw.uniform() - 1.5) * 1.6))),
    )


def _aware(source: Source, story: Story, draw: Draw, people: list[Person]) -> list[Person]:
    """Give each person an awareness before and after; the numbers of people won and lost are those of the verdict."""
    gains = {segment.name: segment.gain for segment in source.year.survey.segments}
    scale = len(people) / 400
    (least_won, most_won), (least_lost, most_lost) = CHANGES[story.verdict]
    won, lost = round(draw.whole(least_won, most_won) * scale), round(draw.whole(least_lost, most_lost) * scale)
    order = draw.shuffled(range(len(people)))
    level = draw.between(0.9, 1.1)  # a variant's own
    known = round(source.year.survey.awareness["assistee"] * level * len(people))
    before = set(order[:known])
    # Those whom the campaign suited are the first to have noticed it.
    unaware = sorted(order[known:], key=lambda i: -gains[people[i].segment] * draw.uniform())
    gained, forgot = set(unaware[:won]), set(order[:lost])
    after = (before - forgot) | gained
    spontaneous = round(source.year.survey.awareness["spontanee"] * level * len(people))
    named_before = set(draw.shuffled(sorted(before - forgot))[:spontaneous])
    named_lost = set(draw.shuffled(sorted(named_before))[: lost // 4])
    named_won = set(draw.shuffled(sorted(after - named_before))[: won // 3])
    named_after = (named_before - named_lost) | named_won
    return [
        replace(person, assisted=(i in before, i in after), spontaneous=(i in named_before, i in named_after))
        for i, person in enumerate(people)
    ]
