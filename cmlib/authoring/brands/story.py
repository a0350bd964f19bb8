"""What happens to a brand during the year of one base variant: the campaign, the crisis, the week without data.

The tables are written from it (`publications`, `mentions`, `survey`, `traffic`), which is what makes them agree. It is the
generator's knowledge: nothing of it is in what students receive.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.source import Crisis, Source, Window
from cmlib.data import YEAR

FIRST_DAY = date(YEAR, 1, 1)
LAST_DAY = date(YEAR, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1

Verdict = Literal["mcnemar_only", "both", "neither"]
"""Who says that the gain of awareness is significant: McNemar's test alone (the trap of two proportions), both tests, neither."""


@dataclass(frozen=True)
class Story:
    """The year of one base variant.

    Attributes
    ----------
    name
        Name of its streams of luck: brand and variant.
    campaign
        First and last day of the paid campaign, whole weeks.
    budget
        Euros of advertising over the campaign.
    crisis
        Its author's texts.
    cause
        When the post that it is born from was published.
    start, peak
        First day of the wave, day of the most negative mentions.
    reply
        When the brand answers.
    missing_week
        Monday of the week for which the traffic was not recorded.
    boosted
        Day of the ordinary post that somebody paid to promote, outside the campaign.
    verdict
        What the tests must say of the gain of assisted awareness.
    """

    name: str
    campaign: Window
    budget: int
    crisis: Crisis
    cause: datetime
    start: date
    peak: date
    reply: datetime
    missing_week: date
    boosted: date
    verdict: Verdict


def tell(source: Source, variant: int) -> Story:
    """Draw the story of a base variant."""
    name = f"{source.brand_id}/{variant:02d}"
    draw = Draw(f"{name}/histoire")
    campaign = _whole_weeks(draw.pick(source.year.campaign.windows))
    crisis = draw.pick(source.mentions.crises)
    start = _crisis_start(source, draw, campaign, crisis)
    peak = start + timedelta(days=draw.whole(1, 3))
    cause = datetime(start.year, start.month, start.day, draw.whole(7, 10), draw.pick((0, 10, 20, 30, 40, 50)))
    replied = peak + timedelta(days=draw.whole(0, 1))
    missing = _quiet_monday(draw, campaign, start)
    boosted = _quiet_monday(draw, campaign, start, away=missing) + timedelta(days=draw.whole(1, 4))
    return Story(
        name=name,
        campaign=campaign,
        budget=50 * draw.whole(source.year.campaign.budget[0] // 50, source.year.campaign.budget[1] // 50),
        crisis=crisis,
        cause=cause,
        start=start,
        peak=peak,
        reply=datetime(replied.year, replied.month, replied.day, draw.whole(17, 19), draw.pick((5, 15, 25, 35, 45))),
        missing_week=missing,
        boosted=boosted,
        verdict=draw.weighted({"mcnemar_only": 5, "both": 2, "neither": 3}),
    )


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _whole_weeks(window: Window) -> Window:
    first = monday(window[0])
    weeks = max(1, round(((window[1] - first).days + 1) / 7))
    return first, first + timedelta(days=7 * weeks - 1)


def _crisis_start(source: Source, draw: Draw, campaign: Window, crisis: Crisis) -> date:
    """Pick a day far enough from the campaign, and when the network of the crisis is not silent."""
    far = timedelta(days=18)
    silent = source.year.networks[crisis.post.network].silence
    days = [
        day
        for first, last in source.year.crises.windows
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if not campaign[0] - far <= day <= campaign[1] + timedelta(days=8)
        and not silent[0] - timedelta(days=4) <= day <= silent[1]
        and not any(event.start - timedelta(days=3) <= day <= event.end + timedelta(days=1) for event in source.brand.events)
    ]
    if not days:
        raise ValueError(f"{source.brand_id}: no day is left for a crisis with the campaign of {campaign}")
    return draw.pick(days)


def _quiet_monday(draw: Draw, campaign: Window, crisis: date, away: date | None = None) -> date:
    """Pick a Monday of an ordinary week: neither campaign nor crisis, nor an end of the year, nor near ``away``."""
    mondays = [monday(FIRST_DAY) + timedelta(weeks=n) for n in range(3, 48)]
    far = timedelta(days=24)
    return draw.pick(
        [
            day
            for day in mondays
            if not campaign[0] - far <= day <= campaign[1] + far
            and abs(day - crisis) > far
            and (away is None or abs(day - away) > far)
        ]
    )
