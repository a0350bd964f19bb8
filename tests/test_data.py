"""The data are found wherever the kit is, never in the working directory, and regenerate byte for byte."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cmlib import data
from cmlib.authoring.brands import velambule_tables
from cmlib.cases import case_study
from cmlib.errors import Explained
from cmlib.objectives import engagement_rate, share_of_voice


def test_the_generator_reproduces_the_committed_tables_byte_for_byte(clone: Path) -> None:
    committed = clone / "datasets" / "brands" / "velambule"
    tables = velambule_tables()
    assert {path.name for path in committed.glob("*.csv")} == set(tables)
    for name, text in tables.items():
        assert (committed / name).read_bytes() == text.encode(), f"{name}: run « make datasets »"


def test_the_tables_are_a_coherent_year() -> None:
    case = case_study("", "tp1")
    posts = case.posts
    assert posts["published_at"].dt.year.unique().tolist() == [2025]
    assert (posts["reach"] <= posts["impressions"]).all()
    assert (posts[["likes", "comments", "shares", "saves", "clicks", "spend"]] >= 0).all().all()
    assert (posts[["likes", "comments", "shares"]].sum(axis=1) <= posts["reach"]).all()
    assert len(case.mentions) == 12
    assert sorted(case.competitors["type"]) == ["concurrent"] * 3 + ["référence"] * 2


def test_the_trap_of_the_mean_of_rates_cannot_pass_for_the_right_value() -> None:
    posts = case_study("", "tp1").posts_on("Instagram")
    assert abs(engagement_rate(posts) - engagement_rate(posts, aggregate="mean_of_ratios")) > 0.005


def test_the_summary_shown_to_students_leads_to_the_graded_values() -> None:
    case = case_study("", "tp1")
    row = case.interactions_summary().loc["Instagram"]
    assert row["Interactions cumulées"] / row["Portée cumulée"] == pytest.approx(engagement_rate(case.posts_on("Instagram")))
    mentions = case.mentions_summary()
    rivals = mentions[mentions["Type"] == "concurrent"]["Mentions"]
    shown = mentions.loc["Vélambule", "Mentions"] / (mentions.loc["Vélambule", "Mentions"] + rivals.sum())
    others = case.competitors
    assert shown == pytest.approx(share_of_voice(case.mentions["mentions"], others[others["type"] == "concurrent"]["mentions"]))


def test_datasets_may_be_chosen_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "brands").mkdir()
    monkeypatch.setenv("CMLIB_DATASETS", str(folder))
    assert data.datasets() == folder.resolve()
    monkeypatch.setenv("CMLIB_DATASETS", str(folder / "rien"))
    with pytest.raises(Explained, match="CMLIB_DATASETS"):
        data.datasets()


def test_datasets_are_never_taken_from_the_working_directory(folder: Path) -> None:
    """A submission could hold a folder named datasets."""
    forged = folder / "datasets" / "brands" / "velambule"
    forged.mkdir(parents=True)
    (forged / "publications.csv").write_text("date_heure\n", encoding="utf-8")
    code = "from cmlib.cases import case_study; print(len(case_study('', 'tp1').posts))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(case_study("", "tp1").posts)


def test_a_missing_table_or_column_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brand = folder / "brands" / "velambule"
    brand.mkdir(parents=True)
    monkeypatch.setenv("CMLIB_DATASETS", str(folder))
    with pytest.raises(Explained, match="réinstallez"):
        data.load_table("velambule", "mentions")
    pd.DataFrame({"mois": ["2025-01"]}).to_csv(brand / "mentions.csv", index=False)
    with pytest.raises(Explained, match="mentions"):
        data.load_table("velambule", "mentions", data.MENTION_COLUMNS)
