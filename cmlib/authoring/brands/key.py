"""What the trainer knows of a student's case: the story of its base variant, and the keys of the texts to classify.

The hidden block of a grade cell calls it; the students' kit does not carry it. The id, the text and
the key of a problem are on one line of ``audit.yml``: lines may be moved, added or mended, an answer keeps its meaning.
"""

from functools import cache

from cmlib.authoring.brands.build import Variant, items_of, make_variant
from cmlib.authoring.brands.source import Source, read_audit, read_source
from cmlib.cases import Case


def families(case: Case) -> dict[str, str]:
    """Return the family of objectives of each problem that a case shows, by id."""
    return _keys(case, "problemes", case.problems)


def boxes(case: Case) -> dict[str, str]:
    """Return the box of the SWOT of each finding that a case shows, by id."""
    return _keys(case, "constats", case.findings)


def behind(case: Case) -> Variant:
    """Return what the generator knows of a case: its story, and its tables before the student's draw."""
    return _variant(case.brand_id, case.variant)


def _keys(case: Case, kind: str, shown: dict[str, str]) -> dict[str, str]:
    items = items_of(case.brand_id, read_audit(case.brand_id))[kind]
    return {name: items[name].key for name in shown}


@cache
def _source(brand_id: str) -> Source:
    return read_source(brand_id)


@cache
def _variant(brand_id: str, variant: int) -> Variant:
    return make_variant(_source(brand_id), variant)
