"""The reference tables load, say where each figure comes from, and keep the contradictions of their sources."""

import re
import shutil
from datetime import date, time
from pathlib import Path

import pandas as pd
import pytest

from cmlib import networks, reference_checks, references
from cmlib.errors import Explained
from cmlib.references import COLUMNS, load, problems

NETWORKS = {"facebook", "instagram", "tiktok", "linkedin", "snapchat", "youtube", "x", "pinterest", "viadeo", "tous"}
WEEKDAYS = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
RULES = {"caracteres", "caracteres_titre", "caracteres_description", "caracteres_abonnes_payants", "caracteres_par_lien"} | {
    "hashtags",
    "shorts_max_s",
    "video_max_s",
    "video_min_s",
    "story_max_s",
}
WRONG = re.compile(r" [:;!?»%€]|« |«[^\u00a0]|[^\u00a0]»|\S[;!?%]|\w'|(?<!\d):(?=\w)|[^\u00a0\d]:")


def values(table: str, column: str, **conditions: object) -> list[float]:
    rows = load(table)
    for name, wanted in conditions.items():
        rows = rows[rows[name] == wanted]
    return rows[column].tolist()


@pytest.fixture
def copy(clone: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trainer's own copy of the tables, chosen by the environment."""
    (folder / "brands").mkdir()
    shutil.copytree(clone / "datasets" / "reperes", folder / "reperes")
    monkeypatch.setenv("CMLIB_DATASETS", str(folder))
    return folder / "reperes"


def test_what_is_remembered_of_a_table_is_that_of_this_copy(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = copy / "cadences.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("facebook,3.5,7,", "facebook,3,5,"), encoding="utf-8")
    assert networks.cadence("facebook") == (3, 5)
    monkeypatch.delenv("CMLIB_DATASETS")
    assert networks.cadence("facebook") == (3.5, 7)


def test_the_folder_holds_the_tables_described_and_no_other(clone: Path) -> None:
    assert {path.name for path in (clone / "datasets" / "reperes").iterdir()} == {f"{name}.csv" for name in COLUMNS}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_loads_with_its_columns_and_every_row_is_sourced(name: str, clone: Path) -> None:
    table = load(name)
    assert len(table)
    assert list(table.columns) == list(COLUMNS[name].values())
    assert problems(table, name) == []
    assert not table.duplicated().any()
    raw = (clone / "datasets" / "reperes" / f"{name}.csv").read_bytes()
    assert raw.decode().split("\n")[0] == ",".join(COLUMNS[name])
    assert b"\r" not in raw and raw.endswith(b"\n") and not raw.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", COLUMNS)
def test_numbers_are_there_and_names_are_the_agreed_ones(name: str) -> None:
    table = load(name)
    numeric = table.select_dtypes("number")
    ages = numeric.columns.isin(["age_min", "age_max"])
    assert numeric.loc[:, ~ages].notna().all().all()
    assert set(table.get("network", pd.Series(dtype=object))) <= NETWORKS
    assert set(table.get("reliability", pd.Series(dtype=object))) <= {"normale", "faible"}
    assert set(table.get("topic", pd.Series(dtype=object))) <= {"objectif", "conseil", "outil"}
    for low, high in (("minimum", "maximum"), ("theta_min", "theta_max"), ("age_min", "age_max")):
        if low in table.columns:
            assert (table[low].isna() == table[high].isna()).all()
            assert (table[low].fillna(0) <= table[high].fillna(0)).all()


@pytest.mark.parametrize("name", COLUMNS)
def test_fractions_are_between_0_and_1(name: str) -> None:
    table = load(name)
    for column in {"share", "rate", "beta", "theta_min", "theta_max"} & set(table.columns):
        assert table[column].between(0, 1).all()
    if name in ("saison", "portee"):
        assert table.select_dtypes("number").stack().between(0, 1).all()
    if "unit" in table.columns:
        shares = table[table["unit"] == "fraction"]
        assert shares.select_dtypes("number").stack().between(0, 1).all()


@pytest.mark.parametrize("name", COLUMNS)
def test_texts_have_french_typography(name: str) -> None:
    table = load(name)
    for column in table.select_dtypes(exclude="number"):
        for text in table[column]:
            assert not WRONG.search(text), text


def test_contradictory_values_are_kept_side_by_side() -> None:
    assert {3_700_000, 9_700_000} <= set(values("audiences", "value", network="linkedin", area="France"))
    assert {610_000_000, 106_000_000, 100_000_000} <= set(values("audiences", "value", network="linkedin", area="monde"))
    assert {35_000_000, 33_000_000, 23_887_780} <= set(values("audiences", "value", network="facebook", area="France"))
    assert {1_600_000_000, 1_300_000_000, 2_200_000_000} <= set(values("audiences", "value", network="facebook", area="monde"))
    assert {0.05, 0.095} <= set(values("memorisation", "beta", medium="affichage"))
    assert {0.15, 0.184} <= set(values("memorisation", "beta", medium="télévision"))
    notes = load("audiences").query("network == 'linkedin' and value in (3700000, 9700000)")["note"]
    assert notes.str.contains("contradiction").all()


def test_a_few_figures_read_again_in_the_sources() -> None:
    assert {13_300_000} <= set(values("audiences", "value", network="snapchat", measure="utilisateurs actifs par jour"))
    assert {500_000_000} <= set(values("audiences", "value", network="instagram", measure="stories par jour"))
    assert {1 + 48 / 60} <= set(values("audiences", "value", measure="temps passé par jour"))
    assert {0.281} <= set(values("audiences", "value", area="France", network="pinterest"))
    assert {0.00063, 0.0015, 0.0507, 0.0829} <= set(values("engagement", "rate", network="facebook"))
    assert {0.065} <= set(values("engagement", "rate", network="linkedin", denominator="impressions"))
    assert {21.98} <= set(values("couts", "minimum", indicator="CPL"))
    assert {round(7.93 * (1 - 0.23), 2)} <= set(values("couts", "minimum", indicator="CPM", network="instagram"))
    assert {27.03} <= set(values("couts", "minimum", reliability="faible", indicator="CPM", network="linkedin"))
    assert {0.67} <= set(values("saison", "rise", network="youtube"))
    assert {0.1351} <= set(values("portee", "maximum", network="instagram"))
    assert {0.8} <= set(values("adstock", "theta_max", medium="télévision"))
    assert {112_300} <= set(values("preuves", "value", subject="prévention santé"))
    assert {3.5} <= set(values("cadences", "minimum", network="facebook"))
    assert {"4:5 à 1,91:1", "9:16"} <= set(values("formats", "aspect_ratio", network="instagram"))
    assert {"Link2Seet", "LeadFuze", "Campaign Manager"} <= set(values("conseils", "text", network="linkedin", topic="outil"))


def test_the_shares_of_the_sexes_make_a_whole() -> None:
    sexes = load("profils").query("criterion == 'sexe'")
    assert set(sexes["group"]) == {"hommes", "femmes"}
    sums = sexes.groupby(["network", "area", "year", "source"])["share"].sum().to_numpy()
    assert len(sums) >= 3
    assert sums == pytest.approx(1)
    assert values("profils", "share", network="snapchat", group="femmes") == [0.61]


def test_the_ages_of_the_population_follow_one_another() -> None:
    ages = load("population").query("criterion == 'age'")
    assert ages["age_min"].iloc[0] == 0 and ages["age_max"].iloc[-1] == 99
    assert (ages["age_min"].iloc[1:].to_numpy() == ages["age_max"].iloc[:-1].to_numpy() + 1).all()
    assert ages["people"].sum() == 64_300_821
    assert values("population", "people", criterion="sexe") == [31_760_210, 33_867_244]


def test_slots_are_days_and_hours() -> None:
    slots = load("creneaux")
    assert set(slots["weekday"]) <= WEEKDAYS
    for moment in [*slots["start"], *slots["end"]]:
        assert time.fromisoformat(moment).isoformat("minutes") == moment
    assert slots.groupby("network").size().to_dict() == {
        "facebook": 5,
        "instagram": 7,
        "linkedin": 15,
        "snapchat": 7,
        "tiktok": 7,
    }
    assert {"snapchat", "tiktok"} <= set(slots[slots["end"] < slots["start"]]["network"])
    assert values("creneaux", "start", network="facebook", weekday="mercredi") == ["09:00"]


def rules_on(day: date) -> pd.DataFrame:
    rules = load("regles")
    return rules[(rules["since"] <= day.isoformat()) & ((rules["until"] == "") | (rules["until"] >= day.isoformat()))]


@pytest.mark.parametrize("day", [date(2017, 11, 6), date(2017, 11, 7), date(2025, 11, 30), date(2025, 12, 1), date(2026, 1, 15)])
def test_one_rule_of_each_kind_holds_on_a_day(day: date) -> None:
    rules = load("regles")
    assert set(rules["rule"]) <= RULES
    for bound in [*rules["since"], *rules["until"]]:
        assert bound == "" or date.fromisoformat(bound).isoformat() == bound
    current = rules_on(day)
    kept = current[~current["note"].str.startswith("autre source")]
    assert not kept.duplicated(["network", "rule"]).any()
    assert set(zip(kept["network"], kept["rule"], strict=True)) == set(zip(current["network"], current["rule"], strict=True))


def test_rules_changed_on_their_day() -> None:
    def limit(network: str, rule: str, day: date) -> list[float]:
        return rules_on(day).query("network == @network and rule == @rule")["value"].tolist()

    assert limit("instagram", "hashtags", date(2025, 11, 30)) == [30]
    assert limit("instagram", "hashtags", date(2025, 12, 1)) == [5]
    assert limit("x", "caracteres", date(2011, 6, 1)) == [140]
    assert limit("x", "caracteres", date(2026, 1, 15)) == [280]
    assert limit("tiktok", "hashtags", date(2025, 9, 30)) == []
    assert limit("tiktok", "hashtags", date(2026, 1, 15)) == [5]


def test_each_caller_gets_its_own_copy() -> None:
    mine = load("saison")
    mine.loc[:, "rise"] = 0.0
    assert values("saison", "rise", network="x") == [0.34]


def test_a_row_without_a_source_is_named_by_its_line() -> None:
    rows = [
        {"year": "2024", "source": "Arcom", "note": ""},
        {"year": "2024", "source": " ", "note": ""},
        {"year": "récente", "source": "un blog", "note": ""},
        {"year": "", "source": "hypothèse pédagogique", "note": ""},
        {"year": "inconnue", "source": "e-marketing.fr", "note": "à dater"},
        {"year": "inconnue", "source": "e-marketing.fr", "note": ""},
        {"year": "12024", "source": "un blog", "note": ""},
    ]
    found = problems(pd.DataFrame(rows), "portee")
    assert [re.sub(r" :.*", "", sentence) for sentence in found] == [
        "portee.csv, ligne 3, colonne « origine »",
        "portee.csv, ligne 4, colonne « annee »",
        "portee.csv, ligne 7, colonne « annee »",
        "portee.csv, ligne 8, colonne « annee »",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("x,0.34,2023,", "x,0.34,,", "saison.csv, ligne 6, colonne « annee »"),
        ("x,0.34,2023,Gupta Media 2023,", "x,0.34,2023,,", "saison.csv, ligne 6, colonne « origine »"),
        ("x,0.34,", "\nx,34 %,", "saison.csv, ligne 7, colonne « hausse » : « 34 % » n’est pas un nombre"),
        ("x,0.34,", 'x,"0,34",', "saison.csv, ligne 6, colonne « hausse »"),
        ("x,0.34,", "x,inf,", "saison.csv, ligne 6, colonne « hausse »"),
        ("x,0.34,", "x,0,34,", "saison.csv, ligne 6 : 6 cellules au lieu de 5"),
        ("reseau,hausse,", "reseau,croissance,", "saison.csv, ligne 1 : il manque la colonne hausse"),
        ("reseau,hausse,", '"reseau,hausse,', "illisible"),
        ("x,0.34,", "x,,", "saison.csv, ligne 6, colonne « hausse » : une cellule vide n’est pas un nombre"),
        ("x,0.34,", "x,-0.34,", "saison.csv, ligne 6, colonne « hausse » : « -0.34 » est négatif"),
        ("x,0.34,", "X,0.34,", "saison.csv, ligne 6, colonne « reseau » : « X » n’est pas prévu"),
        ("x,0.34,2023,", "x,0.34,2099,", "saison.csv, ligne 6, colonne « annee » : 2099 n’est pas encore là"),
    ],
)
def test_a_broken_table_is_one_french_sentence(copy: Path, before: str, after: str, sentence: str) -> None:
    path = copy / "saison.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(Explained) as told:
        load("saison")
    shown = re.sub("[\u00a0\u202f]", " ", str(told.value))
    assert sentence in shown
    assert "\n" not in shown and shown.endswith(".")
    path.write_text(text, encoding="utf-8")
    assert len(load("saison")) == 5  # corrected, the table loads


def refusal(copy: Path, table: str, before: str, after: str) -> str:
    path = copy / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Explained) as told:
        load(table)
    path.write_text(text, encoding="utf-8")
    load(table)
    shown = re.sub("[\u00a0\u202f]", " ", str(told.value))
    assert "\n" not in shown and shown.endswith(".")
    return shown


@pytest.mark.parametrize(
    ("table", "before", "after", "sentence"),
    [
        # a date or an hour as a spreadsheet writes it
        ("regles", ",2025-11-30,", ",30/11/2025,", "regles.csv, ligne 5, colonne « jusqua » : « 30/11/2025 » n’est pas une date"),
        ("regles", ",2025-12-01,", ",20251201,", "colonne « depuis »"),
        ("regles", ",2025-12-01,", ",2025-12-32,", "colonne « depuis »"),
        ("creneaux", "mercredi,09:00,10:00,9h", "mercredi,9:00,10:00,9h", "ligne 2, colonne « debut » : « 9:00 »"),
        ("creneaux", "mercredi,09:00,10:00,9h", "mercredi,09:00,9h,9h", "ligne 2, colonne « fin » : « 9h »"),
        ("creneaux", "mercredi,09:00,10:00,9h", "mercredi,,10:00,9h", "ligne 2, colonne « debut » : une cellule vide"),
        ("creneaux", "mercredi,09:00,10:00,9h", "mercredi,24:00,10:00,9h", "colonne « debut »"),
        # a word that is not allowed
        ("creneaux", "facebook,mercredi", "facebook,Mercredi", "ligne 2, colonne « jour » : « Mercredi »"),
        ("creneaux", "facebook,mercredi", "facebook,mecredi", "colonne « jour »"),
        ("audiences", "facebook,France,comptes,", "facebok,France,comptes,", "colonne « reseau » : « facebok »"),
        ("conseils", "facebook,objectif,vie", "Facebook,objectif,vie", "colonne « reseau » : « Facebook »"),
        ("conseils", "facebook,objectif,vie", "facebook,objectifs,vie", "colonne « rubrique »"),
        ("regles", "instagram,hashtags,30,", "instagram,hashtag,30,", "colonne « regle » : « hashtag »"),
        ("regles", "5,hashtags,2025-12", "5,hashtag,2025-12", "colonne « unite »"),
        ("engagement", "facebook,abonnés,0.00063", "facebook,abonnes,0.00063", "colonne « denominateur » : « abonnes »"),
        ("engagement", "facebook,abonnés,0.00063", "facebook,,0.00063", "colonne « denominateur » : une cellule vide"),
        ("profils", "snapchat,France,sexe,femmes", "snapchat,France,sexe,Femmes", "colonne « groupe »"),
        ("preuves", "0.63,fraction", "0.63,%", "colonne « unite »"),
        # a number that is missing or cannot be
        ("audiences", "comptes,23887780,", "comptes,,", "colonne « valeur » : une cellule vide"),
        ("audiences", "0.82,fraction", "82,fraction", "colonne « valeur » : « 82 » dépasse 1"),
        ("profils", ",13,24,0.9,", ",13,24,90,", "colonne « part » : « 90 » dépasse 1"),
        ("profils", ",13,24,0.9,", ",24,13,0.9,", "« age_min » (24) dépasse « age_max » (13)"),
        ("profils", "femmes,,,0.61", "femmes,15,,0.61", "colonne « age_min »"),
        ("engagement", ",0.00063,", ",6.3,", "colonne « taux »"),
        ("memorisation", "cinéma,0.75,", "cinéma,75,", "colonne « beta »"),
        ("adstock", "télévision,0.3,0.8", "télévision,0.8,0.3", "« theta_min » (0.8) dépasse « theta_max » (0.3)"),
        ("portee", "0.086,0.086", "0.086,8.6", "colonne « maximum » : « 8.6 » dépasse 1"),
        ("couts", "5,12,US$", "12,5,US$", "« minimum » (12) dépasse « maximum » (5)"),
        ("simulateur", "facebook,ctr,0.0042", "facebook,ctr,42", "colonne « valeur » : « 42 » dépasse 1"),
        ("population", "hommes,,,31760210", "hommes,,,0", "colonne « effectif »"),
        ("population", "15,19,3889075", "15,21,3889075", "population.csv, lignes 3 et 4 : les âges"),
        ("population", ",80,99,", ",80,90,", "doivent couvrir 15 à 99 ans"),
        # two rows where one holds
        ("cadences", "pinterest,1,14", "facebook,1,14", "cadences.csv, lignes 2 et 9 : « facebook » figure deux fois"),
        ("cadences", "pinterest,1,14", "tous,1,14", "colonne « reseau » : « tous »"),
        ("regles", "autre source\u00a0: 60", "60", "regles.csv, lignes 18 et 19 : deux règles hashtags pour youtube"),
        ("regles", ",2025-11-30,", ",2025-12-01,", "regles.csv, lignes 5 et 6 : deux règles hashtags pour instagram"),
        ("regles", ",2017-11-06,2011", ",,2011", "deux règles caracteres pour x"),
        ("regles", "2025-12-01,,2025", "2025-12-01,2025-11-01,2025", "« depuis » (2025-12-01) dépasse « jusqua » (2025-11-01)"),
        # an origin that says nothing
        ("saison", "2023,Gupta Media 2023,mesuré", "2023,?,mesuré", "colonne « origine »"),
        ("saison", "2023,Gupta Media 2023,mesuré", "2023,2015,mesuré", "colonne « origine »"),
        ("saison", "2023,Gupta Media 2023,mesuré", "2023,\u200b,mesuré", "colonne « origine »"),
    ],
)
def test_a_slip_of_a_trainer_is_named_with_its_line(copy: Path, table: str, before: str, after: str, sentence: str) -> None:
    assert sentence in refusal(copy, table, before, after)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_without_rows_is_refused(copy: Path, name: str) -> None:
    path = copy / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(Explained, match="aucune ligne"):
        load(name)


def test_every_network_of_the_kit_has_its_cadence(copy: Path) -> None:
    path = copy / "cadences.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("tiktok")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(Explained, match=r"il manque la ligne du réseau .*tiktok"):
        load("cadences")


def test_a_table_separated_by_semicolons_says_how_to_save_it(copy: Path) -> None:
    path = copy / "cadences.csv"
    text = path.read_text(encoding="utf-8")
    for separator, called in ((";", "points-virgules"), ("\t", "tabulations")):
        path.write_text(text.replace(",", separator), encoding="utf-8")
        with pytest.raises(Explained, match=rf"cadences\.csv, ligne 1.*séparées par des {called}.; enregistrez.*virgule"):
            load("cadences")


def test_sources_and_notes_are_read_in_any_case_and_with_accents_typed_apart(copy: Path) -> None:
    path = copy / "regles.csv"
    text = path.read_text(encoding="utf-8").replace("autre source\u00a0: 60", "Autre\u00a0source : 60")
    path.write_text(text.replace('2025-12-01,,2025,"', '2025-12-01,,,"Hypothe\u0300se : '), encoding="utf-8")
    assert networks.rule("youtube", "hashtags", date(2026, 1, 1)) == 15
    assert networks.rule("instagram", "hashtags", date(2026, 1, 1)) == 5
    assert values("regles", "source", network="instagram", rule="hashtags")[1].startswith("Hypothèse")  # type: ignore[attr-defined]


def test_the_networks_and_days_checked_are_those_of_the_kit() -> None:
    assert tuple(networks.NETWORKS) == reference_checks.NETWORK_IDS
    assert networks.WEEKDAYS == reference_checks.WEEKDAYS


def test_a_file_saved_by_a_spreadsheet_still_loads(copy: Path) -> None:
    """A byte order mark, Windows line ends, a blank line at the end."""
    path = copy / "saison.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n,,,,\r\n")
    assert values("saison", "rise", network="x") == [0.34]


def test_a_missing_unknown_or_unreadable_table_is_one_french_sentence(copy: Path) -> None:
    with pytest.raises(Explained, match="audiences"):
        load("audience")
    (copy / "couts.csv").unlink()
    with pytest.raises(Explained, match=r"couts\.csv.*réinstallez"):
        load("couts")
    (copy / "portee.csv").write_bytes("réseau".encode("latin-1"))
    with pytest.raises(Explained, match="illisible"):
        load("portee")
    (copy / "formats.csv").write_bytes(b"")
    with pytest.raises(Explained, match="ligne 1"):
        load("formats")
    (copy / "adstock.csv").unlink()
    (copy / "adstock.csv").mkdir()
    with pytest.raises(Explained, match="ne s’ouvre pas"):
        load("adstock")


def test_the_module_stays_short() -> None:
    assert len(Path(references.__file__).read_text(encoding="utf-8").splitlines()) < 200
