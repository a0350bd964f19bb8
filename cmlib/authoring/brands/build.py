"""Writing what students receive of the brands: base variants and texts, under ``datasets/brands/``.

A variant is one JSON file of columns: whole numbers in base 36, as many digits for each (`cmlib.cases.packing`), and for words
a list of them and a rank a row. Texts are shared by the variants of a brand, in an order that tells nothing (that of a hash).
« make datasets » writes everything again, byte for byte.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cmlib.authoring.brands.draw import Draw
from cmlib.authoring.brands.mentions import Mention, write_mentions
from cmlib.authoring.brands.publications import Post, write_posts
from cmlib.authoring.brands.source import Audit, Finding, Problem, Source, read_source
from cmlib.authoring.brands.story import FIRST_DAY, Story, tell
from cmlib.authoring.brands.survey import Person, write_survey
from cmlib.authoring.brands.traffic import Week, write_traffic
from cmlib.cases import BRAND_IDS, VARIANTS
from cmlib.cases.brand import MULTIPLE, SINGLE, Brand
from cmlib.cases.packing import packed
from cmlib.networks import NETWORKS

MIDNIGHT = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)


@dataclass(frozen=True)
class Variant:
    """A base variant as the generator knows it."""

    story: Story
    posts: list[Post]
    mentions: list[Mention]
    people: list[Person]
    weeks: list[Week]


def make_variant(source: Source, variant: int) -> Variant:
    """Make a base variant of a brand."""
    story = tell(source, variant)
    posts = write_posts(source, story)
    mentions = write_mentions(source, story)
    return Variant(story, posts, mentions, write_survey(source, story), write_traffic(source, story, posts, mentions))


def brand_files(source: Source) -> dict[str, str]:
    """Return the generated files of a brand, by their path in its folder."""
    variants = [make_variant(source, number) for number in range(VARIANTS)]
    said = _pool(mention.text for variant in variants for mention in variant.mentions)
    published = _pool(post.text for variant in variants for post in variant.posts)
    files = {
        "textes.json": _json({"publications": published, "mentions": said, **_items(source)}),
    }
    for number, variant in enumerate(variants):
        tables: dict[str, dict[str, Any]] = {
            "publications": _posts(variant.posts, published),
            "mentions": _mentions(variant.mentions, said),
            "enquete": _survey(variant.people, source.brand),
            "trafic": _traffic(variant.weeks),
            "audit": {kind: _chosen(source, kind, f"{variant.story.name}/{kind}") for kind in ("problemes", "constats")},
        }
        written = {
            name: {
                column: packed(values) if isinstance(values, list) and name != "audit" else values
                for column, values in columns.items()
            }
            for name, columns in tables.items()
        }
        files[f"variantes/{number:02d}.json"] = _json(written)
    return files


def write_datasets(datasets: Path) -> list[Path]:
    """Write the generated files of every brand under ``datasets/brands/`` and return their paths.

    Files of a former generation that are generated no more are removed.
    """
    written = []
    for brand_id in BRAND_IDS:
        folder = datasets / "brands" / brand_id
        files = brand_files(read_source(brand_id))
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
        for stray in sorted({*folder.glob("*.csv"), *folder.glob("variantes/*")} - set(written)):
            stray.unlink()
    return written


def items_of(brand_id: str, audit: Audit) -> dict[str, dict[str, Problem | Finding]]:
    """Return the problems and the findings of a brand by id, in the order of ids, which the author drew at random."""
    kinds: dict[str, tuple[Problem | Finding, ...]] = {"problemes": audit.problems, "constats": audit.findings}
    return {
        kind: {f"{brand_id}-{item.id}": item for item in sorted(items, key=lambda item: item.id)} for kind, items in kinds.items()
    }


def _items(source: Source) -> dict[str, dict[str, str]]:
    items = items_of(source.brand_id, source.audit)
    return {kind: {name: item.text for name, item in found.items()} for kind, found in items.items()}


def _chosen(source: Source, kind: str, name: str) -> list[str]:
    """Draw which problems or findings a variant asks about: half of them, whatever their key, as long as every key is there.

    Were each key given its share, comparing the variants would tell which items go together.
    """
    items, draw = items_of(source.brand_id, source.audit)[kind], Draw(name)
    while True:
        chosen = sorted(draw.shuffled(list(items))[: len(items) // 2])
        if {items[item].key for item in chosen} == {item.key for item in items.values()}:
            return chosen


def _pool(texts: Any) -> list[str]:
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).hexdigest())


def _ranks(values: Sequence[str], known: Sequence[str]) -> list[int]:
    rank = {value: place for place, value in enumerate(known)}
    return [rank[value] for value in values]


def _words(values: Sequence[str]) -> dict[str, Any]:
    known = sorted(set(values))
    return {"mots": known, "rangs": packed(_ranks(values, known))}


def _minutes(moments: Sequence[datetime]) -> list[int]:
    return [int((moment - MIDNIGHT).total_seconds()) // 60 for moment in moments]


def _posts(posts: Sequence[Post], texts: Sequence[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {"minute": _minutes([post.moment for post in posts])}
    columns["texte"] = _ranks([post.text for post in posts], texts)
    for name, field in (("reseau", "network"), ("format", "format"), ("theme", "theme"), ("fond", "background"),
                        ("accent", "accent"), ("logo", "logo"), ("image", "image")):  # fmt: skip
        columns[name] = _words([getattr(post, field) for post in posts])
    columns["depense"] = [post.spend for post in posts]
    return columns | {name: [post.counts[name] for post in posts] for name in posts[0].counts}


def _mentions(mentions: Sequence[Mention], texts: Sequence[str]) -> dict[str, Any]:
    return {
        "minute": _minutes([mention.moment for mention in mentions]),
        "reseau": _words([mention.network for mention in mentions]),
        "texte": _ranks([mention.text for mention in mentions], texts),
        "portee_auteur": [mention.author_reach for mention in mentions],
        "tonalite": _words([mention.tone for mention in mentions]),
    }


def _survey(people: Sequence[Person], brand: Brand) -> dict[str, Any]:
    choices = brand.survey.choices
    columns: dict[str, Any] = {"age": [person.age for person in people], "femme": [int(person.woman) for person in people]}
    for name in SINGLE:
        columns[name] = _ranks([person.single[name] for person in people], choices[name])
    for name in MULTIPLE:
        columns[name] = [_mask(person.several[name], choices[name]) for person in people]
    columns["reseaux"] = [_mask(person.networks, list(NETWORKS)) for person in people]
    columns["notoriete"] = [
        sum(known << place for place, known in enumerate((*person.spontaneous, *person.assisted))) for person in people
    ]
    columns["recommandation"] = [person.rating for person in people]
    return columns


def _mask(answers: Sequence[str], known: Sequence[str]) -> int:
    return sum(1 << place for place, answer in enumerate(known) if answer in answers)


def _traffic(weeks: Sequence[Week]) -> dict[str, Any]:
    return {
        "semaine": [(week.monday - FIRST_DAY).days for week in weeks],
        "source": _words([week.source for week in weeks]),
        "visiteurs": [round(week.visitors) for week in weeks],
        **{
            name: [round(getattr(week, field) * 10_000) for week in weeks]
            for name, field in (("prospects", "lead_rate"), ("clients", "client_rate"), ("ambassadeurs", "advocate_rate"))
        },
        "cout": [round(week.cost) for week in weeks],
        "panier": [round(100 * week.basket) for week in weeks],
    }


def _json(content: dict[str, Any]) -> str:
    """Write one column a line: compact, and a change shows where it is."""
    parts = []
    for name, columns in content.items():
        items = columns.items() if isinstance(columns, dict) else enumerate(columns)
        lines = ",\n".join(
            (f"{json.dumps(key)}:" if isinstance(columns, dict) else "")
            + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            for key, value in items
        )
        parts.append(f"{json.dumps(name)}:" + ("{\n" + lines + "\n}" if isinstance(columns, dict) else "[\n" + lines + "\n]"))
    return "{\n" + ",\n".join(parts) + "\n}\n"
