"""What people say of a brand during a year: an ordinary rumour, highlights, the campaign, and the wave of a crisis."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.publications import fill
from cmlib.authoring.brands.source import Source, Texts
from cmlib.authoring.brands.story import DAYS, FIRST_DAY, Story

WEEKDAY = (1.0, 1.0, 1.05, 1.0, 1.1, 0.95, 0.9)
HOURS = (7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 23)
WAVE = (0.45, 0.7, 0.32, 0.2, 0.12, 0.07, 0.04)  # after the peak, day by day: share of the peak still said
MOST_ALIKE = 2  # times that a text may be told again in a year, with other capitals and marks
PEAK = (26, 38)  # negative mentions of the worst day: hypothesis


@dataclass(frozen=True)
class Mention:
    """Somebody said something of the brand; ``tone`` is the label of the listening tool, wrong on irony."""

    moment: datetime
    network: str
    text: str
    author_reach: int
    tone: str


def write_mentions(source: Source, story: Story) -> list[Mention]:
    """Return the mentions of a year, in order of time; no text comes twice."""
    writer = _Writer(source, story)
    for n in range(DAYS):
        _ordinary_day(writer, FIRST_DAY + timedelta(days=n))
    _false_alarm(writer)
    _wave(writer)
    return sorted(writer.written, key=lambda mention: (mention.moment, mention.text))


class _Writer:
    """Writes mentions with a text never used before; people retell a thing with other marks and capitals."""

    def __init__(self, source: Source, story: Story) -> None:
        self.source, self.story = source, story
        self.draw = Draw(f"{story.name}/mentions")
        self.written: list[Mention] = []
        self._used: set[str] = set()
        self._told: Counter[str] = Counter()
        self._left: dict[Texts, list[str]] = {}

    def say(
        self,
        day: date,
        texts: Texts,
        tone: str,
        reach: float = 220,
        hour: int | None = None,
        network: str = "",
        otherwise: Texts = (),
    ) -> None:
        draw = self.draw
        hours = draw.pick(HOURS) if hour is None else hour
        moment = datetime(day.year, day.month, day.day, hours, draw.whole(0, 59))
        followers = max(3, int(reach * draw.lognormal(1.1)))
        where = network or draw.weighted(self.source.year.mentions.networks)
        text = self._text(texts) or (self._text(otherwise) if otherwise else "")
        if text:
            self.written.append(Mention(moment, where, text, followers, tone))

    def _text(self, texts: Texts) -> str:
        for _ in range(3 * len(texts)):
            if not self._left.get(texts):
                self._left[texts] = self.draw.shuffled(texts)
            text = fill(self._left[texts].pop(), self.source.mentions.words, self.draw)
            alike = "".join(sign for sign in text.casefold() if sign.isalnum())
            if self._told[alike] >= MOST_ALIKE:
                continue
            while text in self._used:
                text = _retold(text, self.draw)
            self._told[alike] += 1
            self._used.add(text)
            return text
        return ""  # everything has been said: one mention less


def _retold(text: str, draw: Draw) -> str:
    """Write a text as somebody else would type it."""
    if draw.chance(0.5) and not text[1:2].isupper():
        text = text[:1].lower() + text[1:]
    return text.rstrip(".") + draw.pick(("", " !", "...", " 👀", " 😅", " !!"))


def _ordinary_day(writer: _Writer, day: date) -> None:
    draw, texts, pace = writer.draw, writer.source.mentions, writer.source.year.mentions
    season = writer.source.year.traffic.season[day.month - 1] ** 0.5
    for _ in range(draw.poisson(pace.a_week / 7 * WEEKDAY[day.weekday()] * season)):
        tone = draw.weighted({"positive": pace.positive, "negative": pace.negative, "neutral": 1 - pace.positive - pace.negative})
        if tone == "negative" and draw.chance(0.16):
            writer.say(day, texts.irony, "positive")  # a listening tool takes irony for praise
        else:
            writer.say(day, getattr(texts, tone), tone)
    first, last = writer.story.campaign
    if first <= day <= last:
        for _ in range(draw.poisson(pace.a_week / 7 * 0.5)):
            tone = draw.weighted({"positive": 0.5, "neutral": 0.35, "negative": 0.15})
            writer.say(day, getattr(texts.campaign, tone), tone, otherwise=getattr(texts, tone))
    # A highlight makes much noise and little harm: a peak of volume is not a crisis.
    for event in writer.source.brand.events:
        if event.start <= day <= event.end + timedelta(days=1):
            length = (event.end - event.start).days + 1
            for _ in range(draw.poisson(max(2.0, 10 / length))):
                tone = draw.weighted({"positive": 0.7, "neutral": 0.3})
                writer.say(day, getattr(texts.events, tone), tone, otherwise=getattr(texts, tone))


def _false_alarm(writer: _Writer) -> None:
    """A bad day without a tomorrow: a few complaints at once, which a good eye does not take for the crisis."""
    day = writer.story.boosted + timedelta(days=writer.draw.whole(8, 12))
    for _ in range(3):
        writer.say(day, writer.source.mentions.negative, "negative")


def _wave(writer: _Writer) -> None:
    story, draw, crisis = writer.story, writer.draw, writer.story.crisis
    peak = draw.whole(*PEAK)
    place = (story.peak - story.start).days
    rising = {1: (0.3,), 2: (0.25, 0.6), 3: (0.2, 0.4, 0.65)}[place]
    wave = [*rising, 1.0, *(share for share in WAVE if share != 0.7)]
    for n, share in enumerate(wave):
        day = story.start + timedelta(days=n)
        count = max(6 if n == 0 else 0, round(peak * share * (1.0 if n == place else draw.between(0.9, 1.1))))
        for _ in range(count):
            early = n == 0 or (n < place and draw.chance(0.3))
            hour = draw.pick([h for h in HOURS if h > story.cause.hour]) if n == 0 else None
            network = crisis.post.network if draw.chance(0.55) else ""
            writer.say(day, crisis.alert if early else crisis.anger, "negative", 420, hour, network)
        for _ in range(draw.poisson(1.1 if n >= 1 else 0.2)):
            writer.say(day, crisis.relay, "neutral", 5200)  # local media and large accounts
        for _ in range(draw.poisson(1.2)):
            writer.say(day, crisis.support, "positive")
        if day > story.reply.date():
            for _ in range(draw.poisson(1.3)):
                writer.say(day, crisis.calm, "neutral")
