"""A student's case study: a brand and its tables."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cmlib.data import COMPETITOR_COLUMNS, MENTION_COLUMNS, POST_COLUMNS, load_table, load_texts
from cmlib.objectives import INTERACTIONS

BRANDS = {"velambule": "Vélambule"}


@dataclass(frozen=True)
class Case:
    """A brand and its tables, loaded when first asked for.

    Attributes
    ----------
    brand_id
        Name of its folder in ``datasets/brands/``.
    """

    brand_id: str

    @property
    def brand(self) -> str:
        """The brand's name."""
        return BRANDS[self.brand_id]

    @cached_property
    def posts(self) -> pd.DataFrame:
        """A year of publications, one row each (columns: `cmlib.data.POST_COLUMNS`)."""
        posts = load_table(self.brand_id, "publications", POST_COLUMNS)
        return posts.assign(published_at=pd.to_datetime(posts["published_at"], format="%Y-%m-%d %H:%M"))

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Mentions of the brand, one row a month (``month``, ``mentions``)."""
        return load_table(self.brand_id, "mentions", MENTION_COLUMNS)

    @cached_property
    def competitors(self) -> pd.DataFrame:
        """Competitors, and references from another sector (``type`` tells which)."""
        return load_table(self.brand_id, "concurrents", COMPETITOR_COLUMNS)

    @cached_property
    def problems(self) -> dict[str, str]:
        """Problems of the brand, by id."""
        return load_texts(self.brand_id, "problemes")

    @cached_property
    def findings(self) -> dict[str, str]:
        """Findings of the audit of its social networks, by id."""
        return load_texts(self.brand_id, "constats")

    def posts_on(self, network: str) -> pd.DataFrame:
        """Publications on one network."""
        return self.posts[self.posts["network"] == network].reset_index(drop=True)

    def interactions_summary(self) -> pd.DataFrame:
        """Totals by network, in French: what an engagement rate is computed from, and what it is not."""
        posts = self.posts.assign(interactions=self.posts[list(INTERACTIONS)].sum(axis=1))
        posts["rate"] = posts["interactions"] / posts["reach"] * 100
        table = posts.groupby("network").agg(
            posts=("reach", "size"), reach=("reach", "sum"), interactions=("interactions", "sum"), rate=("rate", "mean")
        )
        table.columns = pd.Index(
            ["Publications", "Portée cumulée", "Interactions cumulées", "Moyenne des taux de chaque publication (%)"]
        )
        return table.rename_axis("Réseau")

    def mentions_summary(self) -> pd.DataFrame:
        """Mentions over the year of the brand, its competitors and the references of other sectors, in French."""
        others = self.competitors[["name", "type", "sector", "mentions"]]
        own = pd.DataFrame([(self.brand, "la marque", "", int(self.mentions["mentions"].sum()))], columns=others.columns)
        table = pd.concat([own, others]).set_index("name")
        table.columns = pd.Index(["Type", "Secteur", "Mentions"])
        return table.rename_axis("Nom")


def case_study(student_id: str, tp: str) -> Case:
    """Return the case study of a student for a TP. The kit has one brand so far: everybody's."""
    return Case("velambule")
