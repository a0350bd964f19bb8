"""The persona card: the fields that the course gives a target, and the answers of a survey as their options."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cmlib.networks import NETWORKS
from cmlib.segments import answers
from cmlib.targets import TRAITS
from cmlib.texts import plain
from cmlib.tp.fields import ChoiceField, Field, RangeField, TextField

if TYPE_CHECKING:
    import pandas as pd


def persona_fields(options: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, Field]:
    """Return the fields of a persona card.

    Parameters
    ----------
    options
        For a trait, or for « networks », the answers to choose from, label by id; a trait without options is written freely,
        one to a line.
    """
    given = options or {}
    fields: dict[str, Field] = {
        "name": TextField("Prénom (inventé)", 1, 3),
        "age": RangeField("Âge", "ans"),
        "situation": TextField("Situation", 3, 25),
        "networks": ChoiceField("Réseaux utilisés", given.get("networks", NETWORKS), several=True),
    }
    for trait, label in TRAITS.items():
        fields[trait] = ChoiceField(label, given[trait], several=True) if trait in given else TextField(label, 1, 60)
    return fields


def survey_options(survey: "pd.DataFrame", *columns: str) -> dict[str, str]:
    """Return the answers of a survey to one question or several, the most frequent first, as the options of a field."""
    counts = Counter(answer for column in columns for given in answers(survey, column) for answer in given)
    return {plain(answer): answer for answer, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))}


def age_groups(survey: "pd.DataFrame", names: Sequence[str]) -> list[dict[str, str]]:
    """Return a target for each name, cut by age alone into groups of about the same size: targets for who has none.

    Returns
    -------
    list of dict
        Texts of a persona card, by column: ``name``, ``age``, ``situation``.
    """
    ages = survey["age"].dropna()
    cuts = [
        int(ages.min()),
        *(round(float(ages.quantile(rank / len(names)))) for rank in range(1, len(names))),
        int(ages.max()) + 1,
    ]
    return [
        {
            "name": name,
            "age": f"{low} à {high - 1} ans",
            "situation": f"a entre {low} et {high - 1} ans et suit des marques sur les réseaux",
        }
        for name, (low, high) in zip(names, pairwise(cuts), strict=True)
    ]
