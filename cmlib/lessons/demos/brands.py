"""The six invented brands that a chapter plays with, each with one year of data."""

from functools import cache

from cmlib.cases.brand import load_brand
from cmlib.cases.case import Case

IDS = ("velambule", "aubrelle", "cadrelo", "echos-voisins", "prisalto", "valserane")
STREAM = "cours"


@cache
def brand_names() -> dict[str, str]:
    """Return the names of the brands, by id: the options of a control.

    Examples
    --------
    >>> brand_names()["velambule"]
    'Vélambule'
    """
    return {brand: load_brand(brand).name for brand in IDS}


@cache
def study(brand: str) -> Case:
    """Return the year of a brand that everybody sees in the chapters: no student has it."""
    return Case(brand, 0, STREAM)
