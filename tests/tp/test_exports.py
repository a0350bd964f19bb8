"""What a student takes away: whatever the sheet holds, pictures and a page that load nothing; one sentence when it fails."""

import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.utils.capture import capture_output
from PIL import Image

from cmlib.cases import case_study
from cmlib.charts.boards import PersonaCard
from cmlib.errors import Explained
from cmlib.french import untypeset
from cmlib.grading.deposit_zips import find_deposits
from cmlib.swot import CATEGORIES, Entry
from cmlib.tp import exports, open_tp
from cmlib.tp.board_page import Boards, board_page
from cmlib.tp.export_card import links_html
from cmlib.tp.exports import EXPORTS_NAME, gather, picture_name, png_of, write_boards
from cmlib.tp.fields import ChoiceField, Field, MomentField, NumberField, TextField
from cmlib.tp.handin import hand_in
from cmlib.tp.later import WAITING
from cmlib.tp.personas import persona_fields
from cmlib.tp.questions import Question
from cmlib.tp.session import TP
from cmlib.tp.tables import ROWS, Table
from tests.tp.test_session import grading, here, outputs, send, shell  # noqa: F401 (fixtures)
from tests.tp.test_tables import anything, line

DAY = date(2026, 3, 12)
KPIS = {"engagement": "Taux d’engagement par portée", "rythme": "Publications par semaine"}
SWOT = {
    "constat": TextField("Constat", 3, 40),
    "indicateur": ChoiceField("Indicateur", KPIS),
    "valeur": NumberField("Valeur", "%"),
}
GOALS: dict[str, Field] = {
    "rang": NumberField("Rang", ""),
    "famille": ChoiceField("Famille", {"vis": "Visibilité", "opi": "Opinion"}),
    "kpi": TextField("KPI", 1, 12),
    "depart": NumberField("Départ", "%"),
    "cible": NumberField("Valeur visée", "%"),
    "echeance": MomentField("Échéance", year=2026),
}
PEOPLE = {**persona_fields(), "effectif": NumberField("Effectif", ""), "part": NumberField("Part de l’enquête", "%")}
QUESTIONS: dict[str, Question] = {
    "1.6": Table("1.6", "SWOT", 3, "", SWOT, rows=CATEGORIES),
    "1.3": Table("1.3", "Cibles", 3, "", PEOPLE, at_least=2, at_most=3, noun="fiche", cards=True),
    "1.2": Table("1.2", "Objectifs", 3, "", GOALS, at_least=2),
}
ANSWERS: dict[str, dict[str, str]] = {
    "1.6": {
        **line("forces", constat="Les vidéos font réagir", indicateur="engagement", valeur="8,3"),
        **line("faiblesses", constat="Aucun post en août", indicateur="Le rythme", valeur="un peu"),
        **line("opportunites", valeur="34 %"),
    },
    "1.3": {
        ROWS: "r1 r2",
        **line("r1", name="Léa", age="18 à 25 ans", situation="étudiante\nà Grenoble", networks="instagram; x", part="15,5"),
        **line("r1", motivations="le prix\n\naller vite ; être libre", expectations="des conseils", effectif="62"),
        **line("r2", name="Ali", age="la trentaine", networks="Instagram, Minitel"),
    },
    "1.2": {ROWS: "r1", **line("r1", rang="1", famille="opi", kpi="Notoriété", depart="0,8", echeance="1er juillet")},
}
ABOUT = Boards("TP 1. Cibles et SWOT", "Vélambule", "a.martin")
HOSTILE = "</style><script>alert('x')</script><img src=x onerror=alert(1)> & \"oui\" ' {} \x00\x07\ud800 javascript:"
anyone = st.text(max_size=30) | st.sampled_from(["", HOSTILE, "Léa", "con", "../..", "..", "a" * 300, "Œdipe", "N°1/2", "ليا"])


def given_boards(answers: dict[str, Any]) -> Boards:
    return gather(QUESTIONS, answers.get, ABOUT, "1.6", "1.3", "1.2")


BOARDS = given_boards(ANSWERS)


class Parts(HTMLParser):
    """The tags and the words of a page, style left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside != "style":
            self.words.append(data)


# --- what is gathered


def test_what_is_readable_is_understood_and_the_rest_shown_as_typed() -> None:
    assert {name: [(entry.text, untypeset(entry.evidence)) for entry in found] for name, found in BOARDS.swot.items()} == {
        "forces": [("Les vidéos font réagir", "Taux d’engagement par portée : 8,3 %")],
        "faiblesses": [("Aucun post en août", "Le rythme : un peu")],
        "opportunites": [("34\u202f%", "")],
        "menaces": [],
    }
    lea, ali = BOARDS.personas
    assert (lea.name, untypeset(lea.age), lea.situation) == ("Léa", "de 18 à 25 ans", "étudiante\nà Grenoble")
    assert lea.networks == ("Instagram", "X (Twitter)")
    assert lea.traits["Motivations"] == ("le prix", "aller vite", "être libre") and lea.traits["Freins"] == ()
    assert {label: untypeset(text) for label, text in lea.extra.items()} == {"Effectif": "62", "Part de l’enquête": "15,5 %"}
    assert (ali.age, ali.networks, ali.extra) == ("la trentaine", ("Instagram, Minitel",), {})
    assert BOARDS.heads == [field.label for field in GOALS.values()]
    assert [untypeset(cell) for cell in BOARDS.objectives[0]] == ["1", "Opinion", "Notoriété", "0,8", "", "1er juillet 2026"]
    assert [sentence.partition(" :")[0] for sentence in BOARDS.missing] == ["Exercice 1.6", "Exercice 1.3", "Exercice 1.2"]


def test_what_is_missing_is_told_by_exercise() -> None:
    assert gather({}, {}.get, ABOUT, "1.6", "1.3", "1.2").missing == [
        "Exercice 1.6 : il n’est pas affiché dans ce carnet, pas d’image.",
        "Exercice 1.3 : il n’est pas affiché dans ce carnet, pas d’image.",
        "Exercice 1.2 : il n’est pas affiché dans ce carnet, pas de tableau.",
    ]
    assert given_boards({}).missing == [
        "Exercice 1.6 : aucun constat, pas d’image.",
        "Exercice 1.3 : aucune fiche, pas d’image.",
        "Exercice 1.2 : aucun objectif, pas de tableau.",
    ]


def test_columns_may_be_others() -> None:
    fields = {"name": TextField("Prénom"), "csp": ChoiceField("CSP", {"e": "Étudiants", "c": "Cadres"}, several=True)}
    fields |= {"barriers": ChoiceField("Freins", {"p": "le prix", "v": "le vol"}, several=True)}
    others: dict[str, Question] = {
        "1.3": Table("1.3", "Cibles", 3, "", fields, noun="fiche", cards=True),
        "1.6": Table(
            "1.6", "SWOT", 3, "", {"constat": TextField("Constat")}, rows={"forces1": "F", "forces2": "F", "autre": "?"}
        ),
        "1.2": Table("1.2", "Objectifs", 1, "", {"kpi": TextField("KPI")}, rows={"a": "Premier objectif"}),
    }
    answers = {
        "1.3": {ROWS: "r1", **line("r1", csp="e; c", barriers="v; p")},
        "1.6": {"forces1.constat": "Un", "forces2.constat": "Deux", "autre.constat": "?"},
        "1.2": {"a.kpi": "Portée"},
    }
    found = gather(others, answers.get, ABOUT, "1.6", "1.3", "1.2")
    assert found.personas[0] == PersonaCard(
        "", networks=None, traits={"Freins": ("le vol", "le prix")}, extra={"CSP": "Étudiants ; Cadres"}
    )
    assert [entry.text for entry in found.swot["forces"]] == ["Un", "Deux"]
    assert (found.heads, found.objectives) == (["Ligne", "KPI"], [["Premier objectif", "Portée"]])


@given(st.dictionaries(st.sampled_from(["1.6", "1.3", "1.2"]), anything | st.dictionaries(
    st.sampled_from([ROWS, "forces.constat", "forces.valeur", "menaces.indicateur", "r1.name", "r1.age", "r1.networks",
                     "r1.barriers", "r2.part", "r1.kpi", "r1.echeance"]), anything | anyone)))  # fmt: skip
def test_whatever_the_sheet_holds_a_page_is_made(answers: dict[str, Any]) -> None:
    found = given_boards(answers)
    page = board_page(found, DAY)
    page.encode()
    check_page(page)


# --- the page


def check_page(page: str) -> None:
    """The page runs nothing, loads nothing, and its tags are ours."""
    parts = Parts(page)
    assert {tag for tag, _ in parts.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "div", "p", "br", "strong"),
        *("h1", "h2", "h3", "h4", "small", "ul", "li", "dl", "dt", "dd", "table", "colgroup", "col", "thead", "tbody", "tr"),
        *("th", "td", "svg", "ellipse", "polyline", "circle"),
    }
    names = {name for _, attributes in parts.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} and not names & {"src", "href", "action", "srcset"}
    assert "url(" not in page and "@import" not in page and "default-src 'none'" in page


def test_hostile_texts_are_words_and_nothing_else() -> None:
    boards = Boards(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        swot={"forces": [Entry("forces", HOSTILE, HOSTILE)]},
        personas=[PersonaCard(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), {HOSTILE: (HOSTILE,)}, {HOSTILE: HOSTILE})],
        heads=[HOSTILE],
        objectives=[[HOSTILE]],
    )
    page = board_page(boards, DAY)
    check_page(page)
    assert page.count("&lt;script&gt;") >= 14 and "\x07" not in page and "\ud800" not in page


def test_the_page_says_all_and_whose_it_is() -> None:
    page = board_page(BOARDS, DAY)
    check_page(page)
    words = untypeset(" ".join(Parts(page).words))
    for told in ("Vélambule", "a.martin", "12 mars 2026", "Matrice SWOT", "Interne", "Externe", "Favorable", "Défavorable"):
        assert told in words
    for told in (
        *CATEGORIES.values(),
        "8,3 %",
        "Le rythme : un peu",
        "Léa",
        "la trentaine",
        "être libre",
        "Notoriété",
        "À compléter",
    ):
        assert told in words
    assert "lang='fr'" in page and page.count("scope='row'") == 2 and page.count("scope='col'") == 2 + len(GOALS)
    assert " :" not in page.split("</style>")[1].replace("' :", "") and "size: A4" in page
    assert "Exercice" not in words  # what is missing is for the card, not for a portfolio


def test_a_part_that_is_empty_is_left_out() -> None:
    page = board_page(Boards("TP 1", "V", "a", objectives=[["x"]], heads=["KPI"]), DAY)
    assert "<h2>Objectifs</h2>" in page and "SWOT" not in page.split("</style>")[1] and "Cible" not in page.split("</style>")[1]


# --- the files


def test_files_are_written_beside_the_notebook_and_replaced(folder: Path) -> None:
    written = write_boards(BOARDS, folder, "tp1", DAY)
    names = ["persona-1-lea.png", "persona-2-ali.png", "swot.png", "tp1.html"]
    assert sorted(path.name for path in (folder / EXPORTS_NAME).iterdir()) == names == sorted(written.files)
    assert [untypeset(what) for what in written.files.values()] == [
        "La SWOT, en image",
        "La fiche de Léa, en image",
        "La fiche d’Ali, en image",
        "La page à imprimer",
    ]
    for name in names[:3]:
        with Image.open(folder / EXPORTS_NAME / name) as picture:
            assert picture.width == 1920
            assert "Vélambule" in picture.info["Description"]  # the alternative text goes with the picture
    fewer = Boards("TP 1", "V", "a", swot={"menaces": [Entry("menaces", "Une")]})
    again = write_boards(fewer, folder, "tp1", DAY)
    assert list(again.files) == ["swot.png", "tp1.html"] and again.former == ("persona-1-lea.png", "persona-2-ali.png")
    assert "Léa" not in (folder / EXPORTS_NAME / "tp1.html").read_text(encoding="utf-8")


@given(anyone, st.integers(1, 12))
def test_every_picture_has_a_name_that_windows_takes(name: str, rank: int) -> None:
    file = picture_name(rank, name)
    assert re.fullmatch(r"persona-[0-9]+(-[a-z0-9]+)*\.png", file) and len(file) < 64


def test_two_personas_of_one_name_have_two_pictures(folder: Path) -> None:
    twins = Boards("TP 1", "V", "a", personas=[PersonaCard("Léa"), PersonaCard("LÉA"), PersonaCard("")])
    written = write_boards(twins, folder, "tp1", DAY)
    assert list(written.files) == ["persona-1-lea.png", "persona-2-lea.png", "persona-3.png", "tp1.html"]
    assert written.files["persona-3.png"] == "La fiche 3, en image"


def test_a_very_long_text_is_still_a_picture_that_opens(folder: Path) -> None:
    boards = given_boards({"1.6": {f"{name}.constat": "mot " * 3000 for name in CATEGORIES}})
    content = png_of(exports.swot_board(boards.swot, "V"))
    with Image.open(BytesIO(content)) as picture:
        assert picture.height <= exports.MOST_PIXELS


def refused(folder: Path, boards: Boards = BOARDS) -> str:
    with pytest.raises(Explained) as found:
        write_boards(boards, folder, "tp1", DAY)
    told = str(found.value)
    assert told.endswith(".") and "\n" not in told and "Errno" not in told
    return untypeset(told)


def test_nothing_to_export_is_one_sentence_and_no_folder(folder: Path) -> None:
    assert refused(folder, given_boards({})).startswith("Rien à exporter")
    assert list(folder.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_told(folder: Path) -> None:
    (folder / EXPORTS_NAME).write_text("mes exports")
    assert "est déjà un fichier" in refused(folder)
    assert (folder / EXPORTS_NAME).read_text() == "mes exports"


def test_a_folder_that_refuses_is_one_sentence_and_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_boards(BOARDS, folder, "tp1", DAY)
    before = (folder / EXPORTS_NAME / "swot.png").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(exports, "replace_file", full)
    assert "disque plein" in refused(folder)
    assert (folder / EXPORTS_NAME / "swot.png").read_bytes() == before


def test_a_folder_in_the_place_of_a_picture_is_told(folder: Path) -> None:
    (folder / EXPORTS_NAME / "swot.png").mkdir(parents=True)
    assert "le refuse" in refused(folder)
    assert [path.name for path in (folder / EXPORTS_NAME).iterdir()] == ["swot.png"]  # and no temporary file


# --- the card


def ask(tp: TP) -> None:
    tp.fill_table("1.6", title="SWOT", points=3, columns=SWOT, rows=CATEGORIES)
    tp.personas("1.3", title="Cibles", points=3, fields=PEOPLE)
    tp.export_boards()


def click(tp: TP, card: Any) -> list[dict[str, Any]]:
    received: list[dict[str, Any]] = []
    card.send = lambda message, buffers=None: received.append(message)
    card._handle_custom_msg({"type": "export", "n": 4}, [])
    return received


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The export cards made, in order."""
    from cmlib.tp import export_card

    made: list[Any] = []
    widget = export_card.CardWidget
    monkeypatch.setattr(export_card, "CardWidget", lambda **known: made.append(widget(**known)) or made[-1])
    return made


def test_the_card_waits_for_a_signature_writes_on_a_click_and_says_what_is_missing(here: Path, cards: list[Any]) -> None:  # noqa: F811
    with capture_output() as captured:
        tp = open_tp("tp1", "TP 1. Cibles et SWOT")
        ask(tp)
    assert WAITING in "".join(output.get("text/html", "") for output in outputs(captured))
    with capture_output():
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        send(tp, {"type": "set", "entries": ANSWERS["1.6"]}, of="1.6")
    assert not (here / EXPORTS_NAME).exists()  # nothing before a click
    with capture_output() as captured:
        assert click(tp, cards[-1]) == [{"type": "ack", "n": 4, "saved": True}]
    assert sorted(path.name for path in (here / EXPORTS_NAME).iterdir()) == ["swot.png", "tp1.html"]
    page = (here / EXPORTS_NAME / "tp1.html").read_text(encoding="utf-8")
    assert case_study("alice", "tp1").name in page and "alice" in page
    status = cards[-1].status
    assert untypeset(status["told"][0]).startswith("2 fichiers écrits dans le dossier « exports »")
    assert "Exercice 1.3 : aucune fiche, pas d’image." in map(untypeset, status["missing"])
    assert "Exercice 1.2 : il n’est pas affiché dans ce carnet, pas de tableau." in map(untypeset, status["missing"])
    html = "".join(output.get("text/html", "") for output in outputs(captured))
    assert "<a href='exports/swot.png'>La SWOT, en image (swot.png)</a>" in html


def test_a_failure_is_told_in_the_card(here: Path, cards: list[Any]) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        ask(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        assert click(tp, cards[-1])[0]["saved"] is False
    assert "Rien à exporter" in cards[-1].status["error"] and cards[-1].status["told"] == []
    tp.sheet.on_hold = "Non enregistré : dites d’abord qui vous êtes."
    click(tp, cards[-1])
    assert untypeset(cards[-1].status["error"]) == tp.sheet.on_hold
    assert not (here / EXPORTS_NAME).exists()


def test_nothing_is_shown_under_grading(grading: Path) -> None:  # noqa: F811
    from cmlib.tp.answers import SHEET_NAME, Sheet

    (grading / SHEET_NAME).write_bytes(Sheet("tp1", "alice").to_bytes())
    with capture_output():
        tp = open_tp("tp1")
    with capture_output() as captured:
        tp.export_boards()
    assert captured.outputs == [] and captured.stdout == "" and not (grading / EXPORTS_NAME).exists()


def test_links_are_relative_and_escaped(folder: Path) -> None:
    written = exports.Written({"persona-1-a.png": "La fiche de <b>"}, ())
    assert links_html(written) == (
        "<ul class='cm-files'><li><a href='exports/persona-1-a.png'>La fiche de &lt;b&gt; (persona-1-a.png)</a></li></ul>"
    )


# --- the deposit


def test_exports_are_no_part_of_a_deposit(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        ask(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        send(tp, {"type": "set", "entries": ANSWERS["1.6"]}, of="1.6")
    alone = set(zipfile.ZipFile(hand_in(tp.sheet, list(QUESTIONS.values())).path).namelist())
    write_boards(BOARDS, here, "tp1", DAY)
    with zipfile.ZipFile(hand_in(tp.sheet, list(QUESTIONS.values())).path) as archive:
        assert set(archive.namelist()) == alone and not any("exports" in name for name in alone)


def test_exports_in_a_folder_handed_in_whole_are_nobody_s_deposit(here: Path) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp1")
        ask(tp)
        send(tp, {"type": "sign", "student": "alice"}, of="header")
        send(tp, {"type": "set", "entries": ANSWERS["1.6"]}, of="1.6")
    before = list(find_deposits(here, "tp1"))
    write_boards(BOARDS, here, "tp1", DAY)
    after = list(find_deposits(here, "tp1"))
    assert before and [(found.files, found.told) for found in after] == [(found.files, found.told) for found in before]
