"""A planning as a question: what is kept, what is said, what a gesture adds, what it earns."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.networks import NETWORKS
from cmlib.planning import COLUMNS, Entry
from cmlib.planning_checks import Thresholds, check_planning, covered_events, promotion, silences
from cmlib.planning_coverage import Theme, served, spoken_of
from cmlib.planning_files import planning_in
from cmlib.planning_texts import texts_of
from cmlib.tp.answers import MAX_ANSWER_BYTES, Answer
from cmlib.tp.planning_criteria import RULES, rules_kept
from cmlib.tp.planning_specs import planning_spec, planning_status, rules
from cmlib.tp.plannings import LONGEST_LINE, MOST_LINES, PASTED, Planning, cells_of, read_line, themes_in, to_line
from cmlib.tp.questions import State
from cmlib.tp.tables import Table

SALON = {"Salon du vélo": (date(2026, 2, 6), date(2026, 2, 7))}
SHORT = Thresholds(weeks=2, posts_per_week=3)
PLANNING = Planning("2.4", "Planning", 6, "", thresholds=SHORT, events=SALON, themes=(Theme("à l’abri", "Nora", ("facebook",)),))
BALADE = Entry("Balade", ("facebook",), date(2026, 3, 12), time(9), approval_due=date(2026, 3, 10))
LINE = to_line(texts_of(BALADE))
WEIGHTS = dict.fromkeys(RULES, 1.0)


def test_a_line_keeps_every_column_and_is_read_back() -> None:
    assert cells_of(LINE) == {column: text for column, text in texts_of(BALADE).items() if text}
    assert read_line(LINE) == BALADE
    assert to_line({"title": "À\tvenir\n!"}) == "À venir !"


@given(st.builds(dict, **{column: st.text(max_size=20) for column in COLUMNS}))
def test_any_texts_make_one_line_that_gives_them_back(cells: dict[str, str]) -> None:
    line = to_line(cells)
    assert to_line(cells_of(line)) == line
    assert isinstance(read_line(line), Entry | str)


anything: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(anything | st.dictionaries(st.from_regex("[a-z0-9]{1,3}", fullmatch=True), st.text() | st.just(LINE)))
def test_whatever_a_sheet_holds_is_survived_and_settles(value: object) -> None:
    kept = PLANNING.normalise(value)
    assert PLANNING.normalise(kept) == kept
    PLANNING.recap(value)
    planning_status(PLANNING, value)
    assert (PLANNING.progress(value).state is State.UNTOUCHED) == (not kept)
    assert sum(mark.points for mark in rules_kept(WEIGHTS)(PLANNING, value)) <= sum(WEIGHTS.values())


def test_what_a_line_lacks_is_said() -> None:
    value = {
        "p1": LINE,
        "p2": "Sans date\t\t\t\t\t\t\tFacebook",
        "p3": to_line({"title": "?", "networks": "Bluesky", "published": "1er mai 2026"}),
    }
    problems = PLANNING.problems(value)
    assert problems["p2"] == "il manque : Jour de parution."
    assert "Bluesky" in problems["p3"]
    assert PLANNING.progress(value).message.startswith("2 publications à compléter, comme « Sans date »")
    assert len(PLANNING.recap(value).rows) == 3


def test_an_event_outside_the_period_is_not_asked_and_a_period_without_any_is_told() -> None:
    (told,) = [check.sentence for check in PLANNING.checks({"p1": LINE}) if check.rule == "temps forts"]
    assert "n’en contient aucun" in told
    around = [Entry(f"Salon du vélo {day}", ("facebook",), date(2026, 2, day)) for day in (1, 6, 8)]
    value = {f"p{rank}": to_line(texts_of(entry)) for rank, entry in enumerate(around)}
    assert [check.kept for check in PLANNING.checks(value) if check.rule == "temps forts"] == [True]


def test_a_series_takes_the_place_of_the_line_it_repeats() -> None:
    asked = {"type": "series", "line": LINE, "weekdays": [3], "every": 2, "until": "30/04/2026", "in_place_of": "p7"}
    gesture = PLANNING.gesture({"p7": LINE, "p1": "Autre"}, asked, [])
    assert gesture is not None
    assert gesture.entries["p7"] is None
    placed = [read_line(str(line)) for line in gesture.entries.values() if line]
    assert [entry.day for entry in placed if isinstance(entry, Entry)] == [
        date(2026, 3, 12) + timedelta(weeks=2 * n) for n in range(4)
    ]
    assert gesture.told == "4 publications posées. Vous pouvez annuler."
    for wrong, told in (
        ({"line": "Sans date"}, "La série ne peut pas être posée"),
        ({"until": "bientôt"}, "bientôt"),
        ({"until": "01/01/2026"}, "finit"),
    ):
        with pytest.raises(Explained, match=told):
            PLANNING.gesture({}, asked | wrong, [])


def test_a_file_is_added_once_or_replaces_all() -> None:
    value = {"p1": LINE, "p2": to_line(texts_of(Entry("Autre", ("x",), date(2026, 3, 1))))}
    exported = PLANNING.gesture(value, {"type": "export", "format": "xlsx"}, [])
    assert exported is not None and exported.file[0] == "planning.xlsx" and not exported.entries
    again = PLANNING.gesture(value, {"type": "import", "name": "planning.xlsx"}, [exported.file[1]])
    assert again is not None and not again.entries and "2 y étaient déjà" in again.told
    instead = PLANNING.gesture(value, {"type": "import", "name": "p.xlsx", "replace": True}, [exported.file[1]])
    assert instead is not None and sorted(filter(None, instead.entries.values())) == sorted(value.values())
    assert [line for line in instead.entries.values() if line is None] == [None, None]
    for name, content in (("p.pdf", b""), ("p.csv", b"\xff"), ("p.ics", b"rien")):
        with pytest.raises(Explained, match=f"«.{name}.»"):
            PLANNING.gesture(value, {"type": "import", "name": name}, [content])


def test_a_block_of_a_spreadsheet_is_pasted_with_or_without_its_headers() -> None:
    block = "Titre ou sujet\tRéseaux\tJour de parution\nBalade\tFacebook\t12/03/2026 09:00\nÉté\tX\t1er juillet 2026\n"
    pasted = PLANNING.gesture(None, {"type": "paste", "text": block}, [])
    assert pasted is not None and f"2 publications lues dans « {PASTED} »" in pasted.told
    bare = PLANNING.gesture(None, {"type": "paste", "text": LINE}, [])
    assert bare is not None and list(bare.entries.values()) == [LINE]
    with pytest.raises(Explained, match="Rien n’a été collé"):
        PLANNING.gesture(None, {"type": "paste", "text": " \n"}, [])


def pasted(text: str) -> list[str]:
    gesture = PLANNING.gesture({}, {"type": "paste", "text": text}, [])
    assert gesture is not None
    return [cells_of(str(line))["title"] for line in gesture.entries.values()]


def test_quotes_that_close_no_cell_are_signs_among_others() -> None:
    heads = "Réseaux\tJour de parution\tTitre ou sujet\n"
    assert pasted(f'{heads}X\t12/03/2026\t"Balade\nX\t13/03/2026\tAutre\n') == ['"Balade', "Autre"]
    assert pasted(f'{heads}X\t12/03/2026\t"Balade" du soir\n') == ['"Balade" du soir']
    assert pasted(f'{heads}X\t12/03/2026\t"Balade\ndu ""soir"""\n') == ['Balade du "soir"']
    with pytest.raises(Explained, match="4001 publications"):  # a quote left open before thousands of lines
        pasted(f'{heads}X\t12/03/2026\t"Balade\n' + "X\t13/03/2026\tUne publication parmi beaucoup d’autres\n" * 4000)
    with pytest.raises(Explained, match="n’est pas un tableau"):
        pasted("a" * 200_000)


def test_a_series_whose_end_is_a_century_away_is_refused_at_once() -> None:
    asked = {"type": "series", "line": LINE, "weekdays": [0, 1, 2, 3, 4, 5, 6], "until": "31/12/2062"}
    with pytest.raises(InvalidInput, match="avancez sa fin, 31/12/2062"):
        PLANNING.gesture({}, asked, [])


def test_an_agenda_is_what_a_calendar_reads() -> None:
    exported = PLANNING.gesture({"p1": LINE, "p2": "à finir"}, {"type": "export", "format": "ics"}, [])
    assert exported is not None
    (event,) = icalendar.Calendar.from_ical(exported.file[1]).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart").date()) == ("Balade", date(2026, 3, 12))
    assert "1 à compléter n’y est pas" in exported.told
    assert planning_in(exported.file[1], "planning.ics") == [BALADE]
    with pytest.raises(InvalidInput, match="rien à exporter"):
        PLANNING.gesture({"p1": "à finir"}, {"type": "export", "format": "csv"}, [])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"type": "export", "format": "exe"},
        {"type": "series"},
        {"type": "import", "name": "a.csv"},
        {"type": "paste", "text": 3},
    ],
)
def test_what_is_no_gesture_does_nothing(asked: dict[str, object]) -> None:
    assert PLANNING.gesture({"p1": LINE}, asked, []) is None


def test_a_full_planning_fits_in_an_answer_and_no_more_is_added() -> None:
    full = {f"p{rank}": LINE for rank in range(MOST_LINES)}
    with pytest.raises(InvalidInput, match=f"un planning en prend {MOST_LINES} au plus"):
        PLANNING.gesture(full, {"type": "paste", "text": LINE.replace("Balade", "Autre")}, [])
    long = LINE.replace("Balade", "B" * LONGEST_LINE)
    with pytest.raises(InvalidInput, match="trop longue"):
        PLANNING.gesture({}, {"type": "paste", "text": long}, [])
    longest = {f"p{rank:03}": "é" * LONGEST_LINE for rank in range(MOST_LINES)}
    assert PLANNING.normalise(longest) == longest
    assert Answer(revision=1, saved_at=datetime.now(UTC), value=longest).size() <= MAX_ANSWER_BYTES


def test_rules_are_told_with_their_thresholds_and_each_is_judged() -> None:
    told = " ".join(rules(SHORT))
    for words in ("2 semaines", "10 jours", "70 %", "30 %", "Facebook, de 3,5 à 7", "3 publications dans une semaine"):
        assert words in untypeset(told)
    spec = planning_spec(PLANNING)
    assert spec["events"] == [["Salon du vélo", "2026-02-06", "2026-02-07"]] and spec["month"] == "2026-01"
    assert [22 * 60, 60] in [slot[1:] for slot in spec["slots"]["snapchat"]]
    assert set(spec["slots"]) == set(NETWORKS)


def test_each_rule_earns_in_proportion_of_the_weeks_that_are_filled() -> None:
    marks = {mark.name: mark for mark in rules_kept(WEIGHTS)(PLANNING, {"p1": LINE})}
    assert marks["Aucun doublon"].points == pytest.approx(0.5)
    assert "1 sur 2" in marks["Aucun doublon"].reason
    assert marks["Horizon"].points == 0
    assert rules_kept(WEIGHTS)(PLANNING, None)[0].reason == "Aucune publication complète."
    alone = Planning("2.4", "Planning", 6, "")
    assert {mark.name: mark for mark in rules_kept(WEIGHTS)(alone, {"p1": LINE})}["Thématiques servies"].points == 0
    with pytest.raises(Explained, match="Une règle de planning"):
        rules_kept({"orthographe": 1})


def test_themes_are_those_that_can_be_read() -> None:
    from cmlib.tp.fields import ChoiceField, TextField

    table = Table(
        "2.2",
        "",
        1,
        "",
        {
            "t": TextField("Thème", 1, 8),
            "c": ChoiceField("Cible", {"r1": "Nora", "r2": "Basile"}),
            "n": ChoiceField("Réseau", NETWORKS),
        },
        rows={"t1": "1", "t2": "2", "t3": "3"},
    )
    value = {"t1.t": "à l’abri", "t1.c": "r2", "t1.n": "x", "t2.t": "sans cible", "t3.t": "?!", "t3.c": "r1", "t3.n": "x"}
    assert themes_in(table.filled(value), "t", "c", "n") == [Theme("à l’abri", "Basile", ("x",))]


def test_a_theme_is_served_for_its_target_on_its_network() -> None:
    serving = Entry("Pluie", ("facebook",), date(2026, 3, 12), persona="nora", keywords=("À l’abri",))
    elsewhere = Entry("Pluie", ("x",), date(2026, 3, 13), persona="Nora", keywords=("à l’abri",))
    (check,) = [c for c in check_planning([serving, elsewhere], SHORT, themes=PLANNING.themes) if c.rule == "thematiques"]
    assert not check.kept and "« à l’abri » (1 sur 4)" in untypeset(check.sentence)


def test_what_the_statement_promises_of_the_rules_holds() -> None:
    theme = Theme("vos questions, nos réponses")
    cut = Entry("Jeudi", ("x",), date(2026, 3, 12), keywords=("vos questions", "nos réponses"))
    (check,) = [
        one
        for one in check_planning([cut], Thresholds(per_theme=1), themes=[theme, Theme("ailleurs")])
        if one.rule == "thematiques"
    ]
    assert not check.kept and check.share == 0.5  # a comma cuts a name in two keywords, and themes count one by one
    monthly = [Entry(f"Vidéo {week}", ("youtube",), date(2026, 1, 5) + timedelta(weeks=week)) for week in range(0, 25, 4)]
    assert silences(monthly, 10).kept
    assert not silences([*monthly, Entry("X", ("x",), date(2026, 1, 5))], 10).kept
    flash = [Entry(f"Vente {day}", ("x",), date(2026, 3, day), type="Promo flash") for day in (1, 2)]
    assert not promotion(flash, 0.3).kept
    event = {"Salon du vélo": (date(2026, 2, 6), date(2026, 2, 7))}
    before = [Entry("Salon du vélo", ("x",), date(2026, 2, 1))]
    assert covered_events(before, event, 14).share == pytest.approx(1 / 3)
    assert "pendant, après" in covered_events(before, event, 14).sentence


def test_a_planning_made_in_libreoffice_is_pasted_as_it_is_imported(clone: Path) -> None:
    """The block is LibreOffice's own text of the sheet, cells as they are shown and tabs between them, as on its clipboard."""
    fixtures = clone / "tests" / "fixtures"
    book = (fixtures / "planning-libreoffice.xlsx").read_bytes()
    imported = PLANNING.gesture(None, {"type": "import", "name": "planning.xlsx"}, [book])
    block = (fixtures / "planning-libreoffice-colle.txt").read_text(encoding="utf-8")
    pasted = PLANNING.gesture(None, {"type": "paste", "text": block}, [])
    assert imported is not None and pasted is not None and imported.entries == pasted.entries
    assert len(pasted.entries) >= 3


def test_a_publication_of_another_year_or_that_cites_everything_counts_for_little() -> None:
    of_2026 = replace(PLANNING, year=2026)
    late = to_line(texts_of(replace(BALADE, day=date(2027, 3, 12), approval_due=None)))
    assert of_2026.problems({"p1": LINE, "p2": late}) == {"p2": "elle paraît en 2027, et ce planning est celui de 2026."}
    assert len(of_2026.entries({"p1": LINE, "p2": late})) == 1
    every = Entry("Tout", ("x",), date(2026, 3, 1), keywords=("salon", "fête", "rentrée", "les gestes", "les visages"))
    assert served([every], [Theme("les visages"), Theme("les gestes")]) == {"les visages": 1, "les gestes": 0}
    events = {name: date(2026, 3, 2) for name in ("Salon", "Fête", "Rentrée")}
    assert {said.before for said in spoken_of([every], events, 14).values()} == {0}
    two = replace(every, keywords=("salon", "fête"))
    assert [said.before for said in spoken_of([two], events, 14).values()] == [1, 1, 0]
