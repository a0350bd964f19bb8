"""A student's case study, as notebooks and corrections see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from cmlib.cases.assign import assign
from cmlib.cases.brand import Brand, Charter, brand_folder, load_brand
from cmlib.cases.cleaning import cleaned
from cmlib.cases.dashboard import Reading, brand_readings, market_readings, readings_table
from cmlib.cases.draw import own_tables
from cmlib.cases.export import exported
from cmlib.cases.variant import items_asked, variant_tables
from cmlib.errors import Explained, reason
from cmlib.funnel import STATES
from cmlib.noise import uniforms
from cmlib.objectives import INTERACTIONS

TABLE_NAMES = {
    "publications": "Publications",
    "mentions": "Mentions",
    "enquete": "Enquête",
    "trafic": "Trafic",
    "concurrents": "Concurrents",
}
"""Tables of a case by the name of their file, with their French title."""

FUNNEL_COLUMNS = {"visiteur": "visitors", "prospect": "prospects", "client": "clients", "ambassadeur": "advocates"}
"""Column of the traffic that counts each state of the inbound funnel."""


@dataclass(frozen=True)
class Case:
    """A brand and a student's own year of data, made when first asked for.

    Attributes
    ----------
    brand_id
        Name of the brand's folder in ``datasets/brands/``.
    variant
        Number of the base variant, from 0.
    stream
        Name of the student's own stream of luck.
    """

    brand_id: str
    variant: int
    stream: str

    @cached_property
    def brand(self) -> Brand:
        """What everybody may know of the brand."""
        return load_brand(self.brand_id)

    @property
    def name(self) -> str:
        """The brand's name."""
        return self.brand.name

    @property
    def charter(self) -> Charter:
        """Its graphic charter, and its tone."""
        return self.brand.charter

    @property
    def main_network(self) -> str:
        """Its main network, as written: « Instagram »."""
        return self.brand.main_network_name

    @cached_property
    def brief(self) -> str:
        """The brand's brief, in Markdown.

        Raises
        ------
        Explained
            If its file is missing.
        """
        try:
            return (brand_folder(self.brand_id) / "brief.md").read_text(encoding="utf-8")
        except OSError as error:
            raise Explained(f"Le brief de « {self.brand_id} » manque ({reason(error)}) : réinstallez le kit.") from error

    @cached_property
    def exact(self) -> dict[str, pd.DataFrame]:
        """The student's tables before any defect, columns in French: for checks, not for exercises."""
        return own_tables(variant_tables(self.brand_id, self.variant, self.brand), self.brand, self.stream)

    @cached_property
    def raw(self) -> dict[str, pd.DataFrame]:
        """The tables as exported, all text, defects included, by the name of their file (`TABLE_NAMES`)."""
        return exported(self.exact, self.stream)

    @cached_property
    def _read(self) -> dict[str, tuple[pd.DataFrame, list[str]]]:
        return {name: cleaned(name, table) for name, table in self.raw.items()}

    @property
    def posts(self) -> pd.DataFrame:
        """A year of publications, one row each (columns: `cmlib.data.POST_COLUMNS`), impossible rows set aside."""
        return self._read["publications"][0]

    @property
    def mentions(self) -> pd.DataFrame:
        """Mentions of the brand, one row each (columns: `cmlib.data.MENTION_COLUMNS`)."""
        return self._read["mentions"][0]

    @property
    def survey(self) -> pd.DataFrame:
        """The survey, one row a respondent, French columns; several answers are separated by « | »."""
        return self._read["enquete"][0]

    @property
    def traffic(self) -> pd.DataFrame:
        """Traffic, one row a week and source (columns: `cmlib.data.TRAFFIC_COLUMNS`); a week is missing."""
        return self._read["trafic"][0]

    @property
    def competitors(self) -> pd.DataFrame:
        """Competitors, and references from another sector (``type`` tells which)."""
        return self._read["concurrents"][0]

    @cached_property
    def events(self) -> pd.DataFrame:
        """The brand's highlights, last year's and those of the year to plan: ``name``, ``start``, ``end``, ``description``."""
        rows = [
            (event.name, pd.Timestamp(start), pd.Timestamp(end), event.description)
            for event in self.brand.events
            for start, end in ((event.start, event.end), (event.next_start, event.next_end))
        ]
        return pd.DataFrame(rows, columns=["name", "start", "end", "description"]).sort_values("start", ignore_index=True)

    @property
    def notes(self) -> dict[str, list[str]]:
        """What was put right in each table, in French, by the table's title."""
        return {TABLE_NAMES[name]: notes for name, (_, notes) in self._read.items() if notes}

    @cached_property
    def problems(self) -> dict[str, str]:
        """Problems of the brand, by id, in the student's own order."""
        return self._own_order("problemes")

    @cached_property
    def findings(self) -> dict[str, str]:
        """Findings of the audit of its social networks, by id, in the student's own order."""
        return self._own_order("constats")

    def some_of(self, items: Mapping[str, str], count: int, name: str) -> dict[str, str]:
        """Draw some of the items that an exercise may ask about, in the student's own order.

        Parameters
        ----------
        items
            Texts, by id.
        count
            How many.
        name
            Of the draw: two exercises do not draw alike.
        """
        luck = uniforms(f"{self.stream}/{name}", 0, len(items))
        names = list(items)
        return {names[place]: items[names[place]] for place in luck.argsort(kind="stable")[:count]}

    @property
    def highlights(self) -> dict[str, tuple[date, date]]:
        """First and last days of the brand's highlights in the year to plan, by name."""
        return {event.name: (event.next_start, event.next_end) for event in self.brand.events}

    def posts_on(self, network: str) -> pd.DataFrame:
        """Publications on one network, named as written: « Instagram »."""
        return self.posts[self.posts["network"] == network].reset_index(drop=True)

    @property
    def main_posts(self) -> pd.DataFrame:
        """Publications on the main network."""
        return self.posts_on(self.main_network)

    @property
    def own_measures(self) -> tuple[float, float, float, float]:
        """What competitors are compared by: mentions; on the main network, followers, posts a week and interactions a post."""
        posts = self.main_posts
        weeks = (posts["published_at"].max() - posts["published_at"].min()).days / 7
        interactions = float(posts[list(INTERACTIONS)].sum().sum() / len(posts))
        return float(len(self.mentions)), float(posts["followers"].iloc[-1]), len(posts) / weeks, interactions

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
        own = pd.DataFrame([(self.name, "la marque", self.brand.sector, len(self.mentions))], columns=others.columns)
        table = pd.concat([own, others]).set_index("name")
        table.columns = pd.Index(["Type", "Secteur", "Mentions"])
        return table.rename_axis("Nom")

    @property
    def funnel_counts(self) -> dict[str, int]:
        """People counted over the year at each step of the inbound funnel, by state of `cmlib.funnel.STATES` but « perdu »."""
        return {state: int(self.traffic[column].sum()) for state, column in FUNNEL_COLUMNS.items()}

    def funnel_table(self) -> pd.DataFrame:
        """The people counted over the year at each step of the inbound funnel, to show."""
        steps = pd.Index([STATES[state] for state in FUNNEL_COLUMNS], name="Étape")
        return pd.DataFrame({"Personnes": list(self.funnel_counts.values())}, index=steps)

    @cached_property
    def dashboard(self) -> dict[str, Reading]:
        """The brand's indicators for the year, by id."""
        return brand_readings(self)

    @cached_property
    def market(self) -> dict[str, Reading]:
        """Figures of the brand's environment, by id."""
        return market_readings(self)

    def dashboard_table(self) -> pd.DataFrame:
        """The brand's indicators, to show."""
        return readings_table(self.dashboard)

    def market_table(self) -> pd.DataFrame:
        """The figures of its environment, to show."""
        return readings_table(self.market)

    def write(self, folder: Path) -> list[Path]:
        """Write the brief and the tables as exported, as files that a French spreadsheet opens by a double click.

        Raises
        ------
        Explained
            If the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = [folder / "brief.md", *(folder / f"{name}.csv" for name in self.raw)]
            written[0].write_text(self.brief, encoding="utf-8")
            for path, table in zip(written[1:], self.raw.values(), strict=True):
                table.map(_harmless).to_csv(path, sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")
        except OSError as error:
            raise Explained(f"« {folder} » n’a pas pu être écrit ({reason(error)}) : choisissez un autre dossier.") from error
        return written

    def _own_order(self, kind: str) -> dict[str, str]:
        items: Mapping[str, str] = items_asked(self.brand_id, self.variant, kind)
        return self.some_of(items, len(items), kind)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: « @prisalto, c’est combien » begins like one."""
    return f" {text}" if text[:1] in tuple("=+-@") else text


def case_study(student_id: str, tp: str) -> Case:
    """Return the case study of a student.

    Parameters
    ----------
    student_id
        The student's identifier; accents, case and spaces do not count (`cmlib.cases.assign.student_key`).
    tp
        Short name of the TP. The four TPs of a student share brand and data: the last one gathers the others.

    Raises
    ------
    InvalidInput
        If the identifier is empty: nobody has no case, and nobody gets somebody else's.
    """
    return Case(*assign(student_id))
