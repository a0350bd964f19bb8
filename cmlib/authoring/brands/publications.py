"""The posts of a year: when, where, what about, with what picture, and how people responded.

Orders of magnitude: organic reach by follower on Facebook 1.65-2.2 % (Vervocity 2025), on Instagram 13.51 % (Socialinsider
2022). Everything else is a pedagogical hypothesis, said so in ``datasets/README.md``.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.source import SLOT, NetworkYear, PostText, Source
from cmlib.authoring.brands.story import DAYS, FIRST_DAY, LAST_DAY, Story
from cmlib.cases.brand import CORNERS, Charter, Network

FORMAT_LIFT = {
    "photo": 0.9, "vidéo": 1.3, "carrousel": 1.1, "réel": 1.7, "lien": 0.6, "texte": 0.8, "document": 1.2, "story": 0.7,
}  # fmt: skip
"""Reach of a format against the others: hypotheses."""

GAUDY = ("#D81E5B", "#6A00F4", "#00C2A8", "#FF7A00", "#2B2B2B", "#39FF14", "#E5FF00", "#00A2FF", "#FF2D2D", "#FF4FD8")
"""Colours of a post that somebody made in a hurry."""

FAR_APART = 190  # redmean distance from which nobody takes a colour for another (out of 765): hypothesis

OFF_CHARTER = 0.09  # hypothesis: about one post in eleven departs from the graphic charter
PEOPLE_PER_EURO = (24, 38)  # people reached by a euro: a CPM of 10 to 15 € at a frequency near 3 (hypothesis)


@dataclass(frozen=True)
class Post:
    """A post of the base variant, and what the trainer alone knows of it (``departure``, ``off_tone``)."""

    moment: datetime
    network: str
    format: str
    theme: str
    text: str
    background: str
    accent: str
    logo: str
    image: str
    departure: str
    off_tone: bool
    spend: int
    counts: dict[str, int]


@dataclass(frozen=True)
class _Idea:
    """What a post will say, before it has a picture and a public."""

    moment: datetime
    network: Network
    format: str
    theme: str
    text: PostText
    spend: int = 0
    stir: float = 1.0


def write_posts(source: Source, story: Story) -> list[Post]:
    """Return the posts of a year, in order of time."""
    draw = Draw(f"{story.name}/publications")
    teller = _Teller(source, draw)
    ideas = [
        idea
        for network in source.brand.networks
        for idea in (*_ordinary(source, story, teller, draw, network), *_advertised(source, story, teller, draw, network))
    ]
    ideas += _around_events(source, story, teller, draw)
    ideas += _crisis(source, story, draw)
    return sorted((_post(source, draw, idea) for idea in ideas), key=lambda post: (post.moment, post.network))


class _Teller:
    """Gives texts of each kind, none again before the others of its kind have been used."""

    def __init__(self, source: Source, draw: Draw) -> None:
        self._words, self._draw = source.posts.words, draw
        self._left: dict[str, list[PostText]] = {}

    def tell(self, kind: str, texts: tuple[PostText, ...]) -> PostText:
        if not self._left.get(kind):
            self._left[kind] = self._draw.shuffled(texts)
        chosen = self._left[kind].pop()
        return chosen.model_copy(update={"text": fill(chosen.text, self._words, self._draw)})


def fill(text: str, words: dict[str, tuple[str, ...]], draw: Draw) -> str:
    """Replace each word in braces by one of its list; the first letter stays a capital if the text begins with it."""
    filled = SLOT.sub(lambda match: draw.pick(words[match[1]]), text)
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def _ordinary(source: Source, story: Story, teller: _Teller, draw: Draw, network: Network) -> Iterator[_Idea]:
    year = source.year.networks[network]
    weights = {name: theme.weight for name, theme in source.year.themes.items()}
    boosted = False
    for day in _days(year, draw):
        theme = draw.weighted(weights)
        text = teller.tell(theme, source.posts.themes[theme])
        # The post that somebody paid to promote, outside the campaign, on the main network: nothing else says it was paid.
        boost = network == source.brand.main_network and not boosted and day >= story.boosted and theme != "promotion"
        boosted = boosted or boost
        spend = 5 * draw.whole(16, 36) if boost else 0
        yield _Idea(_at(day, draw, year), network, draw.weighted(year.formats), theme, text, spend)


def _advertised(source: Source, story: Story, teller: _Teller, draw: Draw, network: Network) -> Iterator[_Idea]:
    plan = source.year.campaign
    if network not in plan.networks:
        return
    first, last = story.campaign
    weeks = ((last - first).days + 1) // 7
    share = story.budget / len(plan.networks) / weeks
    for week in range(weeks):
        day = first + timedelta(days=7 * week + draw.whole(0, 3))
        year = source.year.networks[network]
        spend = max(5, 5 * round(share * draw.between(0.75, 1.25) / 5))
        text = teller.tell("campagne", source.posts.campaign)
        yield _Idea(_at(day, draw, year), network, draw.weighted(year.formats), "campagne", text, spend)


def _around_events(source: Source, story: Story, teller: _Teller, draw: Draw) -> Iterator[_Idea]:
    """Before, during and after each highlight; one in three is forgotten on one network: a weakness to find."""
    for event in source.brand.events:
        texts = source.posts.events[event.id]
        length = (event.end - event.start).days
        phases = {
            "avant": (event.start - timedelta(days=draw.whole(4, 9)), texts.before),
            "pendant": (event.start + timedelta(days=draw.whole(0, length)), texts.during),
            "apres": (event.end + timedelta(days=draw.whole(1, 4)), texts.after),
        }
        for network in source.brand.networks[:2]:
            year = source.year.networks[network]
            for phase, (day, told) in phases.items():
                silent = year.silence[0] <= day <= year.silence[1]
                if silent or not FIRST_DAY <= day <= LAST_DAY or draw.chance(0.18):
                    continue
                image = "evenement" if "evenement" in source.brand.charter.images else source.brand.charter.images[0]
                options = tuple(PostText(texte=text, images=(image,)) for text in told)
                text = teller.tell(f"{event.id}/{phase}", options)
                yield _Idea(_at(day, draw, year), network, draw.weighted(year.formats), "temps fort", text, 0, 1.25)


def _crisis(source: Source, story: Story, draw: Draw) -> Iterator[_Idea]:
    post = story.crisis.post
    cause = PostText(texte=story.crisis.post.text, images=(post.image,))
    yield _Idea(story.cause, post.network, post.format, post.theme, cause, 0, 2.4)
    reply = PostText(texte=story.crisis.reply, images=(source.brand.charter.images[0],))
    form = "texte" if "texte" in source.year.networks[post.network].formats else post.format
    yield _Idea(story.reply, post.network, form, post.theme, reply, 0, 1.6)


def _days(year: NetworkYear, draw: Draw) -> Iterator[date]:
    gap = 7 / year.posts_a_week
    day = FIRST_DAY + timedelta(days=draw.whole(1, max(1, round(gap))))
    while day <= LAST_DAY:
        if year.silence[0] <= day <= year.silence[1]:
            day = year.silence[1] + timedelta(days=1)
            continue
        yield day
        day += timedelta(days=max(1, round(gap * draw.between(0.55, 1.45))))


def _at(day: date, draw: Draw, year: NetworkYear) -> datetime:
    return datetime(day.year, day.month, day.day, draw.pick(year.hours), draw.pick((0, 0, 5, 15, 20, 30, 40, 45)))


def _post(source: Source, draw: Draw, idea: _Idea) -> Post:
    charter = source.brand.charter
    # The post of a crisis looks ordinary: its fault is in what it says.
    kinds: list[Callable[[Charter, Draw, dict[str, str]], None]] = [_foreign_colours, _misplaced_logo, _refused_image]
    look = {
        "background": draw.pick(list(charter.colours.backgrounds.values())),
        "accent": draw.pick(list(charter.colours.accents.values())),
        "logo": charter.logo,
        "image": draw.pick(idea.text.images),
    }
    departs = draw.chance(OFF_CHARTER) and idea.stir < 1.5
    kind = draw.pick(kinds)
    if departs:
        kind(charter, draw, look)
    return Post(
        **look,
        departure=kind.__name__.strip("_") if departs else "",
        off_tone=idea.text.off_tone,
        moment=idea.moment,
        network=idea.network,
        format=idea.format,
        theme=idea.theme,
        text=idea.text.text,
        spend=idea.spend,
        counts=_counts(source, draw, idea),
    )


def foreign_colours(charter: Charter) -> list[str]:
    """Return the colours that a careful eye cannot take for one of the charter's."""
    own = (*charter.colours.backgrounds.values(), *charter.colours.accents.values())
    return [code for code in GAUDY if all(_apart(code, other) >= FAR_APART for other in own)]


def _apart(one: str, other: str) -> float:
    """Distance of two colours as an eye sees it, roughly: redmean (T. Riemersma, « Colour metric », CompuPhase)."""
    first, second = ([int(code[place : place + 2], 16) for place in (1, 3, 5)] for code in (one, other))
    red, green, blue = (a - b for a, b in zip(first, second, strict=True))
    mean = (first[0] + second[0]) / 2
    return math.sqrt((2 + mean / 256) * red**2 + 4 * green**2 + (2 + (255 - mean) / 256) * blue**2)


def _foreign_colours(charter: Charter, draw: Draw, look: dict[str, str]) -> None:
    foreign = foreign_colours(charter)
    look["background"] = draw.pick(foreign)
    look["accent"] = draw.pick([code for code in foreign if code != look["background"]])


def _misplaced_logo(charter: Charter, draw: Draw, look: dict[str, str]) -> None:
    look["logo"] = draw.pick(["absent", *(corner for corner in CORNERS if corner != charter.logo)])


def _refused_image(charter: Charter, draw: Draw, look: dict[str, str]) -> None:
    look["image"] = draw.pick(charter.refused_images)


def _counts(source: Source, draw: Draw, idea: _Idea) -> dict[str, int]:
    year = source.year.networks[idea.network]
    first, last = year.followers
    elapsed = (idea.moment.date() - FIRST_DAY).days / (DAYS - 1)
    followers = int(first + (last - first) * elapsed**1.2)
    theme = source.year.themes.get(idea.theme)
    spread = draw.lognormal(0.45)
    organic = followers * year.reach * FORMAT_LIFT.get(idea.format, 1.0) * spread * idea.stir
    reach = max(20, int(organic + idea.spend * draw.between(*PEOPLE_PER_EURO)))
    # The wider a post spreads, the less each person it reaches reacts: that is what parts the two ways to aggregate.
    rate = year.engagement * (theme.lift if theme else 0.9) * draw.lognormal(0.25) * spread**-0.4
    interactions = min(int((organic + 0.18 * (reach - organic)) * rate * idea.stir), reach)
    # What angers people is commented and shared more than it is liked.
    angry = idea.stir > 1.5
    comments = int(interactions * (draw.between(0.3, 0.4) if angry else draw.between(0.05, 0.14)))
    shares = int(interactions * (draw.between(0.2, 0.3) if angry else draw.between(0.03, 0.1)))
    return {
        "impressions": int(reach * draw.between(1.08, 1.55)),
        "portee": reach,
        "jaime": interactions - comments - shares,
        "commentaires": comments,
        "partages": shares,
        "enregistrements": int(interactions * draw.between(0.01, 0.12)),
        "clics": int(reach * draw.between(0.003, 0.016) * (2 if idea.format == "lien" or idea.theme == "campagne" else 1)),
        "abonnes": followers,
    }
