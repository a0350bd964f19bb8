"""Tables, persona cards and budgets: what is kept, what is said, what they earn; whatever a sheet holds is survived."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.tp.budget import Budget
from cmlib.tp.fields import ChoiceField, MomentField, NumberField, RangeField, TextField
from cmlib.tp.marks import Criterion, score
from cmlib.tp.personas import persona_fields
from cmlib.tp.questions import Choice, State
from cmlib.tp.row_criteria import (
    all_shared_out,
    among,
    between_days,
    cell,
    close,
    complete,
    distinct,
    each_row,
    share_between,
)
from cmlib.tp.specs import status_of
from cmlib.tp.tables import MOST_ROWS, ROWS, Row, Table

FAMILIES = {"vis": "Visibilité", "opi": "Opinion"}
COLUMNS = {
    "famille": ChoiceField("Famille", FAMILIES),
    "kpi": TextField("KPI", 1, 12),
    "depart": NumberField("Départ", "%"),
    "fin": MomentField("Échéance", year=2026),
}
GOALS = Table("1.2", "Objectifs", 3, "", COLUMNS, at_least=2, at_most=4, optional=frozenset({"fin"}))
SWOT = Table("1.6", "SWOT", 2, "", {"constat": TextField("Constat")}, rows={"forces": "Forces", "menaces": "Menaces"})
BUDGET = Budget("2.3", "Budget", 2, "", {"pub": "Publicité", "outils": "Outils"}, 24_000)
anything: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
entries = st.sampled_from(
    [ROWS, "r1.kpi", "r2.famille", "r2.depart", "b.fin", "forces.constat", "pub", "outils", "r1.rien", ".kpi"]
)
texts = st.sampled_from(["", "8,3 %", "opi", "Opinion", "12/03/2026", "r2 r1 b", "douze", "0,5", "12 k€", "-3"]) | st.text()


def line(row: str, **cells: str) -> dict[str, str]:
    """Return the entries of one row."""
    return {f"{row}.{column}": text for column, text in cells.items()}


RIGHT = {
    ROWS: "r1 r2",
    **line("r1", famille="opi", kpi="Notoriété", depart="8,3 %", fin="1er juillet"),
    **line("r2", famille="Visibilité", kpi="Portée", depart="1,2 %"),
}


@given(anything | st.dictionaries(entries, anything | texts))
def test_whatever_a_sheet_holds_nothing_raises(value: object) -> None:
    for question in (GOALS, SWOT, BUDGET):
        kept = question.normalise(value)
        assert question.normalise(kept) == kept
        assert question.progress(value) == question.progress(kept)
        assert question.recap(value) == question.recap(kept)
        assert question.recap(value).rows
        assert all(isinstance(text, str) for text in kept.values())


def test_a_table_says_what_it_still_lacks() -> None:
    def told(value: object) -> str:
        return untypeset(GOALS.progress(value).message)

    assert told({}) == "2 lignes à remplir."
    assert told({ROWS: "r1 r2 r3"}) == "2 lignes à remplir."  # blank rows are not answers
    assert told(line("r1", famille="opi")) == "Ligne 1 : reste à remplir « KPI », « Départ »."
    first = line("r1", famille="opi", kpi="Notoriété", depart="8,3 %")
    assert told(first) == "1 ligne sur 2."
    assert told({**first, **line("r2", depart="douze")}).startswith("Ligne 2, « Départ » : « douze » n’est pas un nombre")
    assert told(RIGHT) == "2 lignes remplies."
    many = {key: text for row in ("r1", "r2", "r3", "r4", "r5") for key, text in line(row, **RIGHT_CELLS).items()}
    assert told(many) == "5 lignes : gardez-en 4 au plus."
    assert SWOT.progress({"forces.constat": "x"}).message == "1 ligne sur 2."


RIGHT_CELLS = {"famille": "opi", "kpi": "Notoriété", "depart": "8,3 %"}


def test_what_another_tab_typed_in_a_row_of_its_own_is_kept() -> None:
    value = {ROWS: "r1", **line("r1", kpi="Un"), **line("z9", kpi="Deux")}
    assert [row.texts["kpi"] for row in GOALS.filled(value)] == ["Un", "Deux"]


def test_a_text_that_is_cut_is_cut_once() -> None:
    asked = ChoiceField("Choix", {"a": "A", "b": "B"})
    cut = asked.keep(f"{'x' * 499} et la suite")
    assert cut == asked.keep(cut) == "x" * 499


def test_a_choice_is_kept_by_id_however_it_was_pasted() -> None:
    kept = GOALS.normalise(line("r1", famille=" OPINION ", kpi="x"))
    assert kept["r1.famille"] == "opi"
    several = ChoiceField("Réseaux", {"ig": "Instagram", "x": "X, ex-Twitter"}, several=True)
    assert several.keep("Instagram; X, ex-Twitter") == several.keep("instagram, x") == "ig; x"
    assert several.keep("Instagram, Minitel") == "Instagram, Minitel"  # nothing typed is lost
    with pytest.raises(InvalidInput, match="Minitel"):
        several.read("Instagram, Minitel")


@pytest.mark.parametrize("typed", ["25-34", "de 25 à 34 ans", "25 à 34", "25 ans à 34 ans", "25–34 ans", "entre 25 et 34"])
def test_a_range_is_read_as_it_is_typed(typed: str) -> None:
    assert RangeField("Âge", "ans").read(typed) == (25.0, 34.0)


@pytest.mark.parametrize("typed", ["25", "34-25", "jeunes", "25 à 34 €", "de 25"])
def test_what_is_no_range_is_said(typed: str) -> None:
    with pytest.raises(InvalidInput):
        RangeField("Âge", "ans").read(typed)


def test_rows_of_a_file_fill_blank_rows_first() -> None:
    value = {ROWS: "r1 r2 r3", **line("r2", kpi="Là")}
    added = GOALS.added(value, [{"kpi": "Un"}, {"kpi": "Deux", "depart": "3 %"}])
    assert added == {ROWS: "r1 r2 r3", "r1.kpi": "Un", "r3.kpi": "Deux", "r3.depart": "3 %"}
    assert GOALS.added(None, [{"kpi": "a"}, {"kpi": "b"}, {"kpi": "c"}])[ROWS] == "r1 r2 r3"
    with pytest.raises(InvalidInput, match="4 au plus"):
        GOALS.added(value, [{"kpi": str(number)} for number in range(4)])
    assert SWOT.added(None, [{"constat": "a"}, {"constat": "b"}]) == {"forces.constat": "a", "menaces.constat": "b"}
    with pytest.raises(InvalidInput):
        SWOT.added(None, [{"constat": "a"}] * 3)


def test_the_recap_of_cards_has_a_column_a_card() -> None:
    cards = Table("1.3", "Cibles", 4, "", persona_fields(), noun="fiche", cards=True)
    recap = cards.recap({**line("r1", name="Léa"), **line("r2", name="Marc", age="40-50")})
    assert recap.head == ("", "Fiche 1", "Fiche 2")
    assert recap.rows[0] == ("Prénom (inventé)", "Léa", "Marc")
    assert recap.rows[1][2].startswith("de 40 à 50")
    assert GOALS.recap(RIGHT).head == ("Ligne", "Famille", "KPI", "Départ", "Échéance")
    assert GOALS.recap(RIGHT).rows[1][1] == "Visibilité"


def test_a_budget_is_shared_out_to_the_last_cent() -> None:
    def told(value: object) -> str:
        return untypeset(BUDGET.progress(value).message)

    assert told({}) == "24 000 € à répartir."
    assert told({"pub": "12 k€"}) == "Il reste 12 000 € à répartir."
    assert told({"pub": "12 k€", "outils": "12 000,01"}) == "Le total dépasse de 0,01 € le budget à répartir."
    assert told({"pub": "23 999,99 €", "outils": "0,01"}) == "24 000 € répartis, il ne reste rien."
    assert told({"pub": "-1"}).startswith("Publicité : un budget n’est pas négatif")
    assert told({"pub": "8 %"}).startswith("Publicité : « % » n’est pas l’unité demandée")
    assert untypeset(BUDGET.recap({"pub": "6000"}).rows[0][1]).endswith("— 25 %")
    with pytest.raises(InvalidInput):
        Budget("1", "", 1, "", {"a": "A"}, 10)
    with pytest.raises(InvalidInput):
        Budget("1", "", 1, "", {"a": "A", "b": "B"}, 0)


@given(st.lists(st.integers(0, 10_000_00), min_size=2, max_size=6))
def test_amounts_typed_in_french_are_added_exactly(cents: list[int]) -> None:
    if not sum(cents):
        return
    lines = {f"l{rank}": f"Ligne {rank}" for rank in range(len(cents))}
    typed = {f"l{rank}": f"{amount // 100},{amount % 100:02} €" for rank, amount in enumerate(cents)}
    assert Budget("1", "", 1, "", lines, sum(cents) / 100).progress(typed).state is State.COMPLETE
    assert Budget("1", "", 1, "", lines, (sum(cents) + 1) / 100).progress(typed).state is State.INCOMPLETE


def test_a_wrong_amount_leaves_the_others_in_the_balance() -> None:
    assert status_of(BUDGET, {"pub": "douze", "outils": "12 k€"}) == {"amounts": {"outils": 12_000.0}}


def start_of(row: Row) -> float | None:
    return {"opi": 0.083, "vis": 0.0125}.get("".join(row.read("famille") or ()))


MEAN = "Vous avez fait la moyenne des taux."
START = close("depart", start_of, relative=0.05, mistakes={MEAN: lambda row: 0.2})


@pytest.mark.parametrize(
    ("first", "second", "earned", "said"),
    [
        ("8,3 %", "1,2 %", 2, "2 lignes justes sur 2."),
        ("8,3 %", "20 %", 1, MEAN),
        ("8,3 %", "3 %", 1, "Ligne 2 : La valeur ne correspond pas"),
        ("8,3 %", "", 1, "Ligne 2 : « Départ » n’est pas rempli."),
        ("8,3 %", "0,012", 1, "veut-il dire"),
    ],
)
def test_each_row_earns_its_share(first: str, second: str, earned: float, said: str) -> None:
    value = {**RIGHT, "r1.depart": first, "r2.depart": second}
    given_score = score(marked(2), value, (each_row("Départ", START, rows=2, points=2),))
    assert given_score.value == earned
    assert said in untypeset(given_score.marks[0].reason)


def marked(points: float) -> Table:
    return Table("1.2", "Objectifs", points, "", COLUMNS, at_least=2, at_most=4)


def test_filling_in_more_rows_than_asked_earns_no_more() -> None:
    value = {**RIGHT, **line("r3", famille="opi", kpi="a", depart="1 %"), **line("r4", famille="opi", kpi="b", depart="2 %")}
    criterion = each_row("Départ", START, rows=2, points=2)
    assert score(marked(2), value, (criterion,)).value == 1
    assert score(marked(2), {}, (criterion,)).marks[0].reason == "Pas de réponse."


def test_checks_combine_and_tell_their_rule() -> None:
    own = among(
        "famille", lambda row: {"opi"} if "noto" in row.texts.get("kpi", "").casefold() else {"vis"}, "KPI de sa famille", "Non."
    )
    term = between_days("fin", date(2026, 1, 1), date(2026, 12, 31), "L’échéance est hors de l’année.")
    better = cell("depart", "départ positif", lambda meaning, row: meaning.value > 0, "Le départ est nul.")
    criterion = each_row("Objectif", own, term, better, rows=2, points=3)
    value = {**RIGHT, "r2.fin": "03/02/2027"}
    result = score(marked(3), value, (criterion,))
    assert result.value == 1.5
    assert "Ligne 2 : L’échéance est hors de l’année." in untypeset(result.marks[0].reason)
    rule = untypeset(criterion.told(marked(3)))
    assert rule.startswith("part égale pour chacune des 2 lignes : KPI de sa famille ; « Échéance » du 01/01/2026")
    assert untypeset(each_row("Départ", START, rows=1, points=1).told(marked(1))) == "« Départ » à ±5 % près"
    assert START.mistakes == (MEAN,)


def test_rows_that_say_the_same_thing_count_once() -> None:
    same = {**RIGHT, "r2.kpi": " NOTORIÉTÉ !"}
    criterion = distinct("Différents", "kpi", rows=2, points=1)
    assert score(marked(1), RIGHT, (criterion,)).value == 1
    assert score(marked(1), same, (criterion,)).value == 0.5
    assert "disent la même chose" in score(marked(1), same, (criterion,)).marks[0].reason
    one, other = {**RIGHT, "r2.famille": "z"}, {**RIGHT, "r1.famille": "y", "r2.famille": "z"}
    families = distinct("Différents", "famille", rows=2, points=1)
    assert [score(marked(1), value, (families,)).value for value in (RIGHT, one, other)] == [1, 0.5, 0]
    both = distinct("Différents", "kpi", "famille", rows=2, points=1)
    assert score(marked(1), same, (both,)).value == 1
    structure = complete("Structure", "famille", "kpi", rows=2, points=1)
    assert score(marked(1), {**RIGHT, "r2.kpi": " "}, (structure,)).value == 0.5


@pytest.mark.parametrize(
    ("value", "earned"),
    [
        ({}, 0),
        ({"pub": "12 000", "outils": "12 000"}, 2),
        ({"pub": "12 000"}, 1),
        ({"pub": "24 000"}, 1),
        ({"pub": "12 000", "outils": "13 000"}, 0),
        ({"pub": "douze"}, 0),
    ],
)
def test_a_budget_earns_by_its_total_and_its_shares(value: Mapping[str, str], earned: float) -> None:
    criteria = (all_shared_out(1), share_between("pub", 0.4, 0.6, 1, "La publicité pèse trop ou trop peu."))
    assert score(BUDGET, value, criteria).value == earned


@given(st.dictionaries(entries, texts))
def test_points_stay_within_their_bounds_and_a_blank_table_earns_nothing(value: dict[str, str]) -> None:
    criteria: tuple[Criterion, ...] = (
        each_row("Départ", START, rows=2, points=1),
        distinct("Différents", "kpi", rows=2, points=1),
        complete("Structure", "famille", "kpi", rows=2, points=1),
    )
    assert 0 <= score(marked(3), value, criteria).value <= 3
    if not GOALS.filled(value):
        assert score(marked(3), value, criteria).value == 0


def test_a_criterion_on_the_wrong_kind_is_the_author_s_mistake() -> None:
    other = Choice("1", "", 1, "", {"a": "A", "b": "B"})
    for criterion in (
        each_row("x", START, rows=1, points=1),
        distinct("x", "kpi", rows=2, points=1),
        all_shared_out(1),
        share_between("pub", 0, 1, 1, ""),
    ):
        with pytest.raises(Explained, match="cellule de correction"):
            criterion(other, {})
    with pytest.raises(Explained):
        each_row("x", close("autre", start_of), rows=1, points=1)(GOALS, {})
    with pytest.raises(Explained):
        share_between("autre", 0, 1, 1, "")(BUDGET, {})
    for wrong in (lambda: each_row("x", rows=1, points=1), lambda: close("depart", start_of, relative=2)):
        with pytest.raises(InvalidInput):
            wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": {}},
        {"fields": {"a.b": TextField("A")}},
        {"at_least": 0},
        {"at_least": 5, "at_most": 2},
        {"at_most": MOST_ROWS + 1},
        {"rows": {"Forces !": "Forces"}},
        {"optional": frozenset({"z"})},
    ],
)
def test_a_table_that_cannot_be_is_the_author_s_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Table("1", "", 1, "", **{"fields": {"a": TextField("A")}, **wrong})


class Gestures(RuleBasedStateMachine):
    """A student who adds, fills in, empties, duplicates, moves and removes rows, in two tabs; compared with a plain list."""

    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.value: dict[str, str] = {}
        self.expected: list[tuple[str, dict[str, str]]] = []

    def write(self, change: Mapping[str, str | None]) -> None:
        """Merge entries as the sheet does."""
        merged = {**self.value, **change}
        self.value = {entry: text for entry, text in merged.items() if text is not None}

    @initialize(target=rows)
    def first_rows(self) -> Any:
        self.expected = [("r1", {}), ("r2", {})]
        self.write({ROWS: "r1 r2"})
        return multiple("r1", "r2")

    def listed(self) -> dict[str, str | None]:
        return {ROWS: " ".join(row for row, _ in self.expected)}

    @rule(row=rows, column=st.sampled_from(list(COLUMNS)), text=st.sampled_from(["opi", "8,3 %", "douze", "Portée", None]))
    def types(self, row: str, column: str, text: str | None) -> None:
        for known, cells in self.expected:
            if known == row:
                self.write({f"{row}.{column}": text})
                cells.pop(column, None)
                if text:
                    cells[column] = text

    @rule(target=rows, found=st.lists(st.fixed_dictionaries({"kpi": st.sampled_from(["Un", "Deux"])}), min_size=1, max_size=2))
    def imports(self, found: list[dict[str, str]]) -> Any:
        blank = [cells for _, cells in self.expected if not cells]
        free = len(blank) + GOALS.at_most - len(self.expected)
        if len(found) > free:
            with pytest.raises(InvalidInput):
                GOALS.added(self.value, found)
            return multiple()
        added = GOALS.added(self.value, found)
        self.write(added)
        for cells, texts in zip(blank, found, strict=False):
            cells.update(texts)
        new = str(added[ROWS]).split()[len(self.expected) :]
        self.expected += [(row, dict(texts)) for row, texts in zip(new, found[len(blank) :], strict=True)]
        return multiple(*new)

    @rule(row=rows, to=st.integers(0, 3))
    def moves(self, row: str, to: int) -> None:
        kept = [pair for pair in self.expected if pair[0] == row]
        others = [pair for pair in self.expected if pair[0] != row]
        self.expected = others[:to] + kept + others[to:]
        self.write(self.listed())

    @rule(row=rows)
    def removes(self, row: str) -> None:
        gone = {f"{row}.{column}": None for known, cells in self.expected if known == row for column in cells}
        # The page never leaves a table without a row.
        self.expected = [pair for pair in self.expected if pair[0] != row] or [("r9", {})]
        self.write({**self.listed(), **gone})

    @invariant()
    def holds_what_was_typed(self) -> None:
        filled = {row.id: {c: t for c, t in row.texts.items()} for row in GOALS.filled(self.value)}
        assert filled == {row: cells for row, cells in self.expected if cells}
        assert list(filled) == [row for row, cells in self.expected if cells]
        assert GOALS.progress(self.value).state in State


test_gestures = Gestures.TestCase
