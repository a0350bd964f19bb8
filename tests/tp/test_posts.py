"""The post composer: what is kept, what a network says of a post, what posts earn; whatever a sheet holds is survived."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.utils.capture import capture_output

from cmlib.cases import Case, case_study
from cmlib.errors import Explained, InvalidInput
from cmlib.french import untypeset
from cmlib.networks import NETWORKS
from cmlib.posts import Post, check_post, hashtags, length, links, mentions
from cmlib.tp import open_tp
from cmlib.tp.fields import TextField
from cmlib.tp.marks import Criterion, score
from cmlib.tp.post_cards import (
    LEAST_DIFFERENT,
    VISUALS,
    Posts,
    SecondsField,
    findings,
    marks,
    origin,
    post_fields,
    post_of,
    prose,
    seen,
)
from cmlib.tp.post_criteria import alt_kept, call_kept, drawn_from, hashtags_kept, length_kept, link_kept, one_mention
from cmlib.tp.questions import Choice, State
from cmlib.tp.row_criteria import distinct
from cmlib.tp.session import TP
from cmlib.tp.specs import spec_of, status_of
from cmlib.tp.tables import ROWS, Row, Table
from tests.tp.test_session import click, here, send, shell  # noqa: F401 (fixtures)
from tests.tp.test_tables import anything

THEMES = {"t1": "Thématique 1", "t2": "Thématique 2"}
FIELDS = post_fields(THEMES, 2026)
LINE_NETWORKS = {"t1": ("facebook", "x"), "t2": ("instagram",)}
FIRST = {
    "theme": "t1",
    "network": "x",
    "day": "12/03/2026",
    "visual": "image",
    "text": "Dimanche, la ville se traverse à vélo 🚲 Réservez votre essai avec @lyon : https://exemple.org/essai #VéloCargo",
    "call": "Réservez votre essai",
    "alt": "Une mère et ses deux enfants sur un vélo cargo rouge",
}
SECOND = {
    "theme": "Thématique 2",
    "network": "Instagram",
    "day": "15 mars",
    "visual": "video",
    "text": "Samedi matin, trois familles essaient nos vélos sur les quais. Venez les voir : lien dans la bio. #famille",
    "call": "Venez les voir",
    "alt": "Trois vélos cargos roulent le long d’un fleuve",
    "seconds": "45 s",
}


def posts(points: float = 4) -> Posts:
    return Posts("2.5", "Posts", points, "", FIELDS, at_least=2, at_most=2, author="Vélambule")


def value(*rows: dict[str, str]) -> dict[str, str]:
    """Return the stored value of some posts."""
    texts = {f"r{number}.{name}": text for number, row in enumerate(rows, 1) for name, text in row.items()}
    return {ROWS: " ".join(f"r{number}" for number in range(1, len(rows) + 1)), **texts}


RIGHT = value(FIRST, SECOND)


def row_of(**changed: str) -> Row:
    return posts().filled(value({**FIRST, **changed}))[0]


def told(row: Row) -> dict[str, tuple[bool, str]]:
    return {name: (kept, untypeset(sentence)) for name, kept, sentence in findings(row)}


CRITERIA: dict[str, Callable[[float], Criterion]] = {
    "length": lambda points: length_kept(2, points),
    "hashtags": lambda points: hashtags_kept(2, points),
    "link": lambda points: link_kept(2, points),
    "call": lambda points: call_kept(2, points),
    "alt": lambda points: alt_kept(2, points),
    "mention": one_mention,
    "lines": lambda points: drawn_from(lambda theme: LINE_NETWORKS.get(theme, ()), 2, points),
}


def earned(name: str, stored: object) -> float:
    return score(posts(1), stored, (CRITERIA[name](1),)).value


def reason(name: str, stored: object) -> str:
    return untypeset(score(posts(1), stored, (CRITERIA[name](1),)).marks[0].reason)


texts = st.sampled_from(
    [*FIRST.values(), *SECOND.values(), *NETWORKS, *VISUALS, "r1 r2 r3", "-3", "1e300 s", "\0\ud800", "29/02/2027", "#"]
)
entries = st.sampled_from([ROWS, *(f"{row}.{name}" for row in ("r1", "r2", "z9") for name in FIELDS)])


@given(anything | st.dictionaries(entries, anything | texts | st.text()))
def test_whatever_a_sheet_holds_nothing_raises_and_points_stay_in_bounds(stored: object) -> None:
    question = posts()
    kept = question.normalise(stored)
    assert question.normalise(kept) == kept
    assert question.progress(stored) == question.progress(kept)
    assert question.recap(stored) == question.recap(kept)
    status_of(question, stored)
    for name in CRITERIA:
        assert 0 <= earned(name, stored) <= 1
        assert question.filled(stored) or not earned(name, stored)


@given(
    st.text(st.sampled_from("ab é#@＃＠_.-/:?\n\u00a0é🚲👨‍👩‍👧") | st.characters(), max_size=80), st.sampled_from(list(NETWORKS))
)
def test_marks_are_what_the_model_finds(text: str, network: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    page = normal.encode("utf-16-le", "surrogatepass")
    found: dict[str, list[str]] = {"link": [], "hashtag": [], "mention": []}
    place = 0
    for kind, start, end in marks(text):
        assert place <= start < end <= len(page) // 2
        place = end
        found[kind].append(page[2 * start : 2 * end].decode("utf-16-le", "surrogatepass"))
    assert found["link"] == links(normal)
    assert [tag[1:] for tag in found["hashtag"]] == hashtags(text)
    assert {account[1:] for account in found["mention"]} <= set(mentions(text))
    figures = seen(row_of(network=network, text=text))["counters"]
    assert [used for _, used, _ in figures][1:] == [
        len(hashtags(text.strip())),
        len(links(text.strip())),
        len(mentions(text.strip())),
    ]
    assert figures[0][1] == length(text.strip(), network, date(2026, 3, 12))


@given(st.sampled_from(list(NETWORKS)), st.text(max_size=60), st.sampled_from(list(VISUALS)), st.text(max_size=30))
def test_the_card_is_never_kinder_than_the_model(network: str, text: str, visual: str, alt: str) -> None:
    row = row_of(network=network, text=text, visual=visual, alt=alt)
    found = post_of(row)
    assert found is not None
    post, day = found
    shown = told(row)
    for finding in check_post(Post(post.network, post.text, visual != "aucun", post.has_video, post.alt_text), day):
        if not finding.kept and finding.rule != "appel":
            assert not shown[finding.rule][0]
    assert all(sentence.endswith((".", "?", "!")) for _, sentence in shown.values())


def test_two_right_posts_earn_everything_and_a_blank_copy_nothing() -> None:
    for name in CRITERIA:
        assert earned(name, RIGHT) == 1, name
        for blank in (None, {}, {ROWS: "r1 r2"}, 3):
            assert earned(name, blank) == 0
            assert reason(name, blank) == "Pas de réponse."


def test_a_third_post_shares_the_points_with_the_two_asked_for() -> None:
    three = value(FIRST, SECOND, {**FIRST, "text": "trop court"})
    for name in set(CRITERIA) - {"mention"}:
        assert earned(name, three) == pytest.approx(2 / 3, abs=0.01), name
    assert untypeset(posts().progress(three).message).startswith("Publication 3, « Texte » : 2 mots ; demandé : 10 mots au moins")
    many = value(FIRST, SECOND, FIRST)
    assert untypeset(posts().progress(many).message) == "3 publications : gardez-en 2 au plus."


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("length", {"text": "vélo"}, "1 mot ; demandé : 10 mots au moins"),
        ("length", {"text": "vélo " * 40}, "1 mot hors hashtags"),
        ("length", {"text": "vélo, VÉLO ! ve\u0301lo. Velo? " * 4}, "1 mot hors hashtags"),
        ("length", {"text": "#a#b #vélo #cargo #ville #famille #pont #quai #roue #frein #selle #lyon"}, "mot"),
        ("length", {"text": f"{FIRST['text']} {'très ' * 60}"}, "raccourcissez de"),
        ("length", {"text": f"{FIRST['text']} {'long ' * 5000}"}, "raccourcissez de"),
        ("length", {"day": "un jour"}, "date"),
        ("length", {"network": "minitel"}, "n’est pas dans la liste"),
        ("hashtags", {"text": FIRST["text"].replace("#", "")}, "Aucun hashtag"),
        ("hashtags", {"network": "instagram", "text": f"{FIRST['text']} {'#vélo ' * 60}"}, "61 hashtags, 5 au plus"),
        ("link", {"text": FIRST["text"].replace("https://", "").replace(".org", "")}, "n’a pas de lien"),
        ("link", {"network": "instagram"}, "n’est pas cliquable"),
        ("link", {"network": "tiktok", "text": SECOND["text"].replace("bio", "page")}, "dans la bio"),
        ("link", {"network": "tiktok", "text": SECOND["text"].replace("bio", "page #bio")}, "dans la bio"),
        ("call", {"call": "à"}, "est trop court"),
        ("call", {"call": "a"}, "est trop court"),
        ("call", {"call": "Achetez-le maintenant"}, "ne figure pas dans le texte"),
        ("call", {"call": ""}, "n’est pas rempli"),
        ("call", {"call": FIRST["text"]}, "recopie tout le texte"),
        ("call", {"text": FIRST["text"] * 2, "call": FIRST["text"] * 2}, "demandé : de 1 à 15 mots"),
        ("alt", {"alt": "image image image"}, "répète un seul mot"),
        ("alt", {"alt": "Image, IMAGE ; ima\u200bge."}, "répète un seul mot"),
        ("alt", {"alt": FIRST["text"].upper()}, "recopie le texte du post"),
        ("alt", {"alt": "photo"}, "est trop court"),
        ("alt", {"alt": ""}, "manque"),
        ("alt", {"visual": "aucun"}, "Il n’y a ni image ni vidéo"),
        ("alt", {"visual": ""}, "n’est pas rempli"),
        ("alt", {"visual": "video", "alt": "vidéo"}, "Le texte alternatif de la vidéo est trop court"),
        ("alt", {"alt": "une longue description " * 30}, "60 mots au plus"),
        ("lines", {"network": "tiktok"}, "n’est pas celui de la ligne"),
        ("lines", {"theme": "t3"}, "n’est pas dans la liste"),
        ("lines", {"text": ""}, "n’est pas rempli"),
    ],
)
def test_points_that_were_not_earned(name: str, changed: dict[str, str], said: str) -> None:
    wrong = value({**FIRST, **changed}, SECOND)
    assert earned(name, wrong) == 0.5
    assert said in reason(name, wrong)


def test_a_line_that_is_not_filled_in_gives_no_network() -> None:
    criterion = drawn_from(lambda theme: (), 2, 1)
    result = score(posts(1), RIGHT, (criterion,))
    assert result.value == 0 and "n’est pas remplie" in result.marks[0].reason


def test_a_mention_in_one_post_is_enough_and_must_be_in_a_text_that_is_written() -> None:
    assert earned("mention", value(SECOND)) == 0
    assert earned("mention", value({"text": "@lyon"}, SECOND)) == 0
    assert earned("mention", value({**FIRST, "text": FIRST["text"].replace("@lyon", "contact@lyon.fr")}, SECOND)) == 0


def test_the_same_post_twice_says_one_thing() -> None:
    copied = value(FIRST, {**FIRST, "text": unicodedata.normalize("NFD", FIRST["text"].upper())})
    assert score(posts(1), copied, (distinct("Différents", "text", rows=2, points=1),)).value == 0.5


def test_accents_in_two_signs_and_spaces_of_a_word_processor_count_as_others() -> None:
    pasted = {name: unicodedata.normalize("NFD", text.replace(" :", "\u00a0:")) for name, text in FIRST.items()}
    stored = value({**pasted, "network": "x", "call": "Réservez votre\u00a0essai"}, SECOND)
    for name in CRITERIA:
        assert earned(name, stored) == 1, name
    one, other = seen(posts().filled(stored)[0]), seen(posts().filled(RIGHT)[0])
    assert one["counters"] == other["counters"] and one["marks"] == other["marks"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\0\x07\x1b", "\u202eabc", "{{x}}", "'\"><img src=x>"])
def test_what_is_pasted_is_a_text_among_others(hostile: str) -> None:
    stored = value({**FIRST, "text": f"{FIRST['text']} {hostile}"}, SECOND)
    for name in CRITERIA:
        assert earned(name, stored) == 1, name
    assert hostile in posts().recap(stored).rows[4][1]


def test_a_link_counts_for_23_signs_and_an_emoji_for_two() -> None:
    text = FIRST["text"]
    used = len(text) - len("https://exemple.org/essai") + 23 + 1
    assert seen(row_of())["counters"][0] == ["Signes", used, 280]
    assert told(row_of())["longueur"] == (True, f"{used} signes sur 280 pour X (Twitter).")


def test_a_dated_rule_follows_the_day() -> None:
    tags = {"network": "instagram", "text": f"{SECOND['text']} {'#vélo ' * 20}"}
    assert told(row_of(**tags, day="30/11/2025"))["hashtags"][0]
    assert not told(row_of(**tags, day="01/12/2025"))["hashtags"][0]
    assert "2011" in origin("x", date(2016, 1, 1)) and "2011" not in origin("x", date(2026, 1, 1))
    assert "hypothèse" in origin("snapchat", date(2026, 1, 1))


def test_letters_of_which_nothing_is_seen_are_no_words() -> None:
    unseen = " ".join("\u3164" * rank for rank in range(1, 12))
    for name, changed in {"length": {"text": unseen}, "alt": {"alt": unseen}, "call": {"call": "\u3164 \uffa0"}}.items():
        said = {**FIRST, **changed}
        said["text"] += f" {said['call']}"
        assert earned(name, value(said, SECOND)) == 0.5, name
    copied = value(FIRST, {**FIRST, "text": FIRST["text"].replace(" ", " \u3164", 1)})
    assert score(posts(1), copied, (distinct("Différents", "text", rows=2, points=1),)).value == 0.5


def test_while_the_network_or_the_day_is_unknown_only_marks_are_told() -> None:
    for changed in ({"network": ""}, {"day": ""}, {"day": "bientôt"}):
        row = row_of(**changed)
        assert post_of(row) is None and findings(row) == []
        assert list(seen(row)) == ["marks"]
    assert post_of(row_of(visual="video", seconds="-3")) == post_of(row_of(visual="video"))


def test_an_image_has_no_length_and_a_video_s_is_judged() -> None:
    assert "video" not in told(row_of(seconds="900000"))
    short = row_of(network="instagram", visual="video", seconds="2")
    assert told(short)["video"] == (False, "Vidéo de 2 s, de 3 à 900 s pour Instagram : changez sa durée.")


@pytest.mark.parametrize(
    ("typed", "meant"), [("45", 45), ("45 s", 45), ("45\u00a0secondes", 45), ("86400", 86_400), (" 7 sec. ", 7)]
)
def test_seconds_are_read_as_they_are_typed(typed: str, meant: int) -> None:
    assert SecondsField("Durée").read(typed) == meant


@pytest.mark.parametrize("typed", ["0", "-3", "1,5", "une minute", "86401", "9" * 400, "٤٥", ""])
def test_what_is_no_length_is_said(typed: str) -> None:
    with pytest.raises(InvalidInput, match="durée en secondes"):
        SecondsField("Durée").read(typed)


def test_a_post_says_what_it_still_lacks() -> None:
    question = posts()
    assert question.progress({}).message == "2 publications à remplir."
    assert question.progress(RIGHT).state is State.COMPLETE
    no_alt = value(FIRST, {name: text for name, text in SECOND.items() if name != "alt"})
    assert untypeset(question.progress(no_alt).message) == "Publication 2 : reste à remplir « Texte alternatif du visuel »."
    assert question.progress({**no_alt, "r2.visual": "aucun"}).state is State.COMPLETE


def test_the_trainer_reads_a_post_by_column_and_the_rules_that_it_keeps() -> None:
    recap = posts().recap(RIGHT)
    assert recap.head == ("", "Publication 1", "Publication 2")
    assert recap.rows[0] == ("Tiré de la ligne", "Thématique 1", "Thématique 2")
    assert recap.rows[1][2] == "Instagram" and "15 mars 2026" in recap.rows[2][2]
    label, first, second = recap.rows[-1]
    assert label == "Règles" and "✗" not in first + second and len(second.splitlines()) == 7
    assert posts().recap({}).rows == (("Publication", ""),)


def test_words_are_what_is_left_of_a_text_without_its_signs() -> None:
    assert prose("Allez #vélo @lyon exemple.org/#a vite").split() == ["Allez", "vite"]
    assert len(set(prose(FIRST["text"]).split())) >= LEAST_DIFFERENT


def test_rules_are_told_in_words_and_never_depend_on_a_key() -> None:
    for name, criterion in CRITERIA.items():
        rule = criterion(1).told(posts(1))
        assert len(rule) > 20 and not any(f"« {column} »" in rule for column in FIELDS), name
        assert not any(network in rule.casefold() for network in ("instagram", "facebook")), rule


def test_criteria_on_another_kind_are_the_author_s_mistake() -> None:
    other = Choice("1", "", 1, "", {"a": "A", "b": "B"})
    table = Table("1", "", 1, "", {"kpi": TextField("KPI")})
    for criterion in CRITERIA.values():
        for question in (other, table):
            with pytest.raises(Explained, match="cellule de correction"):
                criterion(1)(question, {})
    with pytest.raises(InvalidInput, match="post_fields"):
        Posts("1", "", 1, "", {"text": TextField("Texte")})


def compose(tp: TP, **given: Any) -> None:
    tp.compose_posts("2.5", title="Posts", points=4, **{"themes": THEMES, **given})


def test_a_key_typed_is_counted_by_the_kernel(here: Any) -> None:  # noqa: F811
    with capture_output():
        tp = open_tp("tp9")
        compose(tp, author="Vélambule")
        send(tp, {"type": "set", "entries": value(FIRST), "n": 1}, of="2.5")
    widget = tp._cards["2.5"].widget
    assert widget.spec["kind"] == "posts" and widget.spec["author"] == "Vélambule" and widget.spec["most"] == 2
    assert widget.status["posts"]["r1"]["counters"][0][2] == 280
    assert widget.status["value"]["r1.text"] == FIRST["text"]  # typography leaves it alone: marks are places in it


def test_themes_and_author_may_follow_the_case(here: Any) -> None:  # noqa: F811
    def themes(case: Case) -> dict[str, str]:
        return {"t1": case.brand_id, "t2": "Autre"}

    with capture_output():
        tp = open_tp("tp1")
        compose(tp, themes=themes, author=tp.case.name)
        assert "2.5" not in tp._questions
        assert tp._header is not None
        send(tp, {"type": "sign", "student": "alice", "n": 1}, of="header")
        question = tp._questions["2.5"]
    case = case_study("alice", "tp1")
    assert isinstance(question, Posts) and question.author == case.name
    assert spec_of(question)["fields"][0]["options"][0] == ["t1", case.brand_id]
