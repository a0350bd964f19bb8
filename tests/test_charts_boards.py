"""Boards that a student keeps: every word shows inside its box, the alternative text has them all, a grey print reads."""

import re
from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from cmlib import charts
from cmlib.charts.boards import COLOURS, PersonaCard, card_of
from cmlib.charts.faces import face, svg_face
from cmlib.charts.lines import BAND, NONE_YET, SIZES
from cmlib.errors import InvalidInput
from cmlib.french import typeset, untypeset
from cmlib.swot import CATEGORIES, Entry, matrix
from cmlib.targets import Persona
from tests.test_charts import alt, contrast, png, texts

LONG = "Un constat qui n’en finit pas, avec une adresse https://www.exemple.fr/" + "tres-long-" * 30 + " ; puis 100 % de mots. "
BOARD = matrix(
    [
        Entry("forces", "Les vidéos de témoignages font réagir", "Taux d’engagement par portée : 8,3 %"),
        Entry("forces", "Communauté soudée sur Instagram"),
        Entry("faiblesses", "Aucune publication en août", "1,2 publication par semaine"),
        Entry("opportunites", "La métropole subventionne l’achat d’un vélo cargo", "Intention d’achat : 34 %"),
    ]
)
LEA = Persona(
    "Léa",
    (18, 25),
    "étudiante à Grenoble",
    ("instagram", "x"),
    expectations=("des conseils concrets",),
    dislikes=("les publicités insistantes",),
    motivations=("le prix", "aller plus vite"),
    barriers=("la peur du vol",),
)
HALF = PersonaCard("", networks=None, traits={"Attentes": (), "Motivations": (LONG * 3,), "Freins": ("Bla bla " * 300,)})
SAMPLES: dict[str, Callable[[], Figure]] = {
    "swot": lambda: charts.swot_board(BOARD, "Vélambule"),
    "swot-one": lambda: charts.swot_board({"menaces": [Entry("menaces", "Un concurrent")]}, "Les Échos voisins"),
    "swot-long": lambda: charts.swot_board({name: [Entry(name, LONG * 4, LONG)] * 3 for name in CATEGORIES}, "Vélambule " * 20),
    "swot-signs": lambda: charts.swot_board({"forces": [Entry("forces", "$5$ 🚲 \x07 <b>", "\n\t« oui »")]}, "$a$"),
    "persona": lambda: charts.persona_sheet(LEA, "Vélambule", {"Effectif": "62 personnes, 15,5 % de l’enquête"}),
    "persona-bare": lambda: charts.persona_sheet(PersonaCard("Ali"), "Vélambule"),
    "persona-half": lambda: charts.persona_sheet(HALF, "Vélambule"),
    "persona-long": lambda: charts.persona_sheet(
        PersonaCard(LONG, LONG, LONG * 5, (LONG, "X", *"abcdefghij"), {LONG: (LONG,), "Freins": ()}, {LONG: LONG, "CSP": ""}),
        LONG,
    ),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    return {name: draw() for name, draw in SAMPLES.items()}


def check_nothing_is_cut(figure: Figure) -> None:
    """Every text is in the figure, in the box where it begins, and on no other text."""
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    panels = [patch.get_window_extent() for patch in figure.axes[0].patches if patch.get_gid() == "panel"]
    assert boxes and panels
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, f"{text!r} leaves the figure"
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, f"{text!r} leaves the figure"
        for panel in panels:
            if panel.contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2):
                assert panel.contains(*box.min) and panel.contains(*box.max), f"{text!r} leaves its box"
    rows = sorted(boxes, key=lambda item: item[1].y0)
    for (one, first), (other, second) in pairwise(rows) if len(rows) > 200 else combinations(rows, 2):
        width = min(first.x1, second.x1) - max(first.x0, second.x0)
        height = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert width <= 0.5 or height <= 0.5, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_cut_whatever_its_length(name: str, drawn: dict[str, Figure]) -> None:
    assert drawn[name].get_size_inches()[0] <= 9.6 and png(drawn[name]).startswith(b"\x89PNG")
    check_nothing_is_cut(drawn[name])


@pytest.mark.parametrize("dpi", [100, 110, 200])
def test_nothing_is_cut_at_any_resolution(dpi: int) -> None:
    for name in ("swot", "persona-half"):
        figure = SAMPLES[name]()
        figure.set_dpi(dpi)
        check_nothing_is_cut(figure)


words = st.text(st.sampled_from("abcéW il,;:!?«»%€’-0123\n\u00a0\u202f🚲$\\_^{}"), min_size=1, max_size=400).filter(str.strip)


@given(st.lists(st.tuples(st.sampled_from(list(CATEGORIES)), words, words | st.just("")), min_size=1, max_size=6), words)
def test_no_swot_is_ever_cut(found: list[tuple[str, str, str]], brand: str) -> None:
    check_nothing_is_cut(charts.swot_board(matrix([Entry(*entry) for entry in found]), brand))


lists = st.lists(words, max_size=4).map(tuple)


@given(
    st.builds(
        PersonaCard,
        words | st.just(""),
        words | st.just(""),
        words | st.just(""),
        lists | st.none(),
        st.dictionaries(words, lists, max_size=5),
        st.dictionaries(words, words, max_size=3),
    ),
    words,
)
def test_no_persona_is_ever_cut(card: PersonaCard, brand: str) -> None:
    check_nothing_is_cut(charts.persona_sheet(card, brand))


@pytest.mark.parametrize("name", [name for name in SAMPLES if "long" not in name and "signs" not in name])
def test_words_have_french_typography(name: str, drawn: dict[str, Figure]) -> None:
    for text in [str(drawn[name].get_label()), *(text.get_text() for text in texts(drawn[name]))]:
        assert not re.search(r" [:;!?%»€]|« |[0-9]\.[0-9]|nan|  ", text), text
        assert typeset(text) == text
    label = str(drawn[name].get_label())
    assert label.endswith(".") and ".." not in label and "\n" not in label


# --- what is told and shown


def test_the_swot_tells_every_finding_its_evidence_and_the_empty_boxes() -> None:
    told = alt(charts.swot_board(BOARD, "Vélambule"))
    assert told.startswith(
        "SWOT de Vélambule, 4 constats. Forces (interne, favorable), 2 : Les vidéos de témoignages font réagir (T"
    )
    assert "8,3 %) ; Communauté soudée sur Instagram. Faiblesses (interne, défavorable), 1 : " in told
    assert told.endswith("Menaces (externe, défavorable) : case vide.")


def test_the_swot_shows_its_axes_and_every_word() -> None:
    shown = [untypeset(text.get_text()) for text in texts(charts.swot_board(BOARD, "Vélambule"))]
    assert {"SWOT — Vélambule", "Favorable", "Défavorable", "Interne", "Externe", *CATEGORIES.values(), NONE_YET} <= set(shown)
    assert " ".join(shown).count("↳") == 3 and "Communauté soudée sur Instagram" in " ".join(shown)


def test_a_long_text_is_written_whole_in_smaller_letters_then_on_a_taller_figure() -> None:
    def sizes(repeated: int) -> tuple[float, float, str]:
        figure = charts.swot_board({"forces": [Entry("forces", "quelques mots de plus " * repeated)]}, "V")
        inside = [text for text in figure.axes[0].texts if "mots" in text.get_text()]
        return min(text.get_size() for text in inside), figure.get_size_inches()[1], " ".join(t.get_text() for t in inside)

    short, middling, long = sizes(2), sizes(30), sizes(130)
    assert short[0] == SIZES[0] > middling[0] > long[0] == SIZES[-1]
    assert short[1] == middling[1] < long[1]
    assert long[2].split() == ("quelques mots de plus " * 130).split()


def test_a_persona_is_told_whole() -> None:
    told = alt(charts.persona_sheet(LEA, "Vélambule", {"Effectif": "62 personnes, 15,5 % de l’enquête"}))
    assert told == (
        "Fiche d’une cible de Vélambule : Léa, de 18 à 25 ans, étudiante à Grenoble. Réseaux : Instagram, X (Twitter). "
        "Attentes : des conseils concrets. Aversions : les publicités insistantes. Motivations : le prix ; aller plus vite. "
        "Freins : la peur du vol. Effectif : 62 personnes, 15,5 % de l’enquête."
    )
    assert card_of(LEA, {"CSP": "Étudiants"}).extra == {"CSP": "Étudiants"}


def test_a_half_filled_persona_says_what_is_to_be_filled_in() -> None:
    figure = charts.persona_sheet(PersonaCard(" ", traits={"Attentes": ()}), "Vélambule")
    shown = [text.get_text() for text in texts(figure)]
    assert shown.count(NONE_YET) == 2 and "Sans prénom" in shown  # networks, expectations
    assert alt(figure) == "Fiche d’une cible de Vélambule : sans nom. Réseaux : à compléter. Attentes : à compléter."
    assert "Réseaux" not in alt(charts.persona_sheet(HALF, "V"))


# --- what is printed


def test_titles_stand_out_in_colour_and_in_grey() -> None:
    for colour in COLOURS.values():
        assert contrast(colour, "#ffffff") >= 4.5
        grey = round(0.299 * int(colour[1:3], 16) + 0.587 * int(colour[3:5], 16) + 0.114 * int(colour[5:], 16))
        assert contrast(f"#{grey:02x}{grey:02x}{grey:02x}", "#ffffff") >= 4.3  # a printer's grey is a shade off


def test_every_box_is_named_in_its_band(drawn: dict[str, Figure]) -> None:
    axes = drawn["swot"].axes[0]
    bands: list[Any] = [patch for patch in axes.patches if patch.get_height() == pytest.approx(BAND)]  # type: ignore[attr-defined]
    assert len(bands) == len(CATEGORIES)


def test_a_face_is_that_of_its_name_and_looks_the_same_on_a_page() -> None:
    assert face("Léa") == face(" léa ") and len({tuple(face(name)) for name in map(str, range(60))}) > 8
    drawing = ElementTree.fromstring(svg_face("Léa", 'Léa & "x"').replace("<svg", "<svg xmlns='http://www.w3.org/2000/svg'"))
    assert drawing.attrib["aria-label"] == 'Léa & "x"'
    assert len([shape for shape in drawing if shape.tag.endswith("ellipse")]) == len(face("Léa"))
    assert 'aria-hidden="true"' in svg_face("\ud800")


# --- what is refused


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: charts.swot_board({}, "V"), "La SWOT est vide"),
        (lambda: charts.swot_board({"forces": []}, "V"), "La SWOT est vide"),
        (lambda: charts.swot_board({"atouts": []}, "V"), "« atouts » n’est pas une case"),
        (lambda: charts.swot_board({"forces": ["un texte"]}, "V"), "il faut une liste de constats"),  # type: ignore[list-item]
        (lambda: charts.swot_board({"forces": "un texte"}, "V"), "il faut une liste de constats"),  # type: ignore[dict-item]
        (lambda: charts.swot_board(["forces"], "V"), "cases de la SWOT"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(draw: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw()
    assert told in untypeset(str(refused.value))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
