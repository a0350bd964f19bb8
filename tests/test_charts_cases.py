"""Figures of a case study: what they tell follows the tables, a missing week is a gap, nothing judges a post."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cmlib import charts
from cmlib.cases.brand import CORNERS, IMAGES, Charter, Palette
from cmlib.cases.case import Case
from cmlib.charts.visuals import PICTURES
from cmlib.errors import InvalidInput
from cmlib.french import typeset, untypeset, write_date, write_number
from cmlib.segments import segment
from tests.test_charts import alt, contrast, png, texts

BRANDS = {"cadrelo": 3, "echos-voisins": 0, "prisalto": 7}
HOSTILE = "<script>alert('x')</script> & \"$5$\" 🚲 : 100 % !"


@cache
def case(brand: str) -> Case:
    return Case(brand, BRANDS[brand], "essai")


def young(survey: pd.DataFrame) -> Any:
    return segment(survey, {"age": (18, 40)})


def compared(brand: str) -> Figure:
    its = case(brand)
    return charts.competitors_overview(its.competitors, its.name, len(its.mentions), 6543, 2.5, 31.4)


def traffic(weeks: int = 6, missing: tuple[int, ...] = (2,)) -> pd.DataFrame:
    rows = [
        (date(2025, 1, 6) + timedelta(weeks=week), source, 10 * week + scale, 1.5 * week)
        for week in range(weeks)
        for source, scale in (("paid", 0), ("owned", 500), ("earned", 100))
        if week not in missing
    ]
    return pd.DataFrame(rows, columns=["week", "source", "visitors", "revenue"])


POSTS = pd.DataFrame(
    {
        "network": ["Instagram"] * 3 + ["TikTok"],
        "reach": [100, 200, 5000, 50],
        "likes": [4, 8, 50, 0],
        "comments": [1, 2, 0, 0],
        "shares": [0, 0, 0, 0],
        "spend": [0, 0, 80.5, 0],
    }
)
SURVEY = pd.DataFrame(
    {
        "age": [19.0, 24, 31, 33, np.nan, 47],
        "gouts": ["sport | nature", "sport", None, "nature", "sport", HOSTILE.replace("|", "")],
        "spontanee_avant": [True, False, False, False, True, False],
        "recommandation": [9.0, 10, np.nan, 9, 7, 9],
    }
)
RIVALS = pd.DataFrame(
    [("Rival", "concurrent", 20, 200, 2.0, 8), (HOSTILE, "référence", 5, 50, 0.5, 2)],
    columns=["name", "type", "mentions", "followers", "posts_per_week", "interactions_per_post"],
)
EVENTS = pd.DataFrame(
    [
        ("Salon", date(2026, 3, 25), date(2026, 3, 27)),
        ("Veille", date(2025, 12, 30), date(2026, 1, 2)),
        ("Rentrée", date(2026, 8, 31), date(2026, 9, 4)),
        (HOSTILE * 3, date(2026, 12, 31), date(2026, 12, 31)),
        ("Ailleurs", date(2027, 3, 1), date(2027, 3, 2)),
    ],
    columns=["name", "start", "end"],
)

SAMPLES: dict[str, Callable[[], Figure]] = {
    **{f"traffic-{brand}": lambda brand=brand: charts.weekly_traffic(case(brand).traffic) for brand in BRANDS},
    **{f"posts-{brand}": lambda brand=brand: charts.posts_scatter(case(brand).posts) for brand in BRANDS},
    **{f"ages-{brand}": lambda brand=brand: charts.survey_ages(case(brand).survey) for brand in BRANDS},
    **{f"rivals-{brand}": lambda brand=brand: compared(brand) for brand in BRANDS},
    **{f"events-{brand}": lambda brand=brand: charts.events_year(case(brand).events, 2026) for brand in BRANDS},
    **{
        f"{column}-{brand}": lambda brand=brand, column=column: charts.survey_answers(
            case(brand).survey, column, young(case(brand).survey)
        )
        for brand in BRANDS
        for column in ("csp", "reseaux", "attentes", "freins_psychologiques")
    },
    "traffic-revenue": lambda: charts.weekly_traffic(case("cadrelo").traffic, "revenue"),
    "traffic-early": lambda: charts.weekly_traffic(traffic(missing=(1,))),
    "traffic-many": lambda: charts.weekly_traffic(traffic(52, (3, 4, 9, 30, 31))),
    "traffic-two": lambda: charts.weekly_traffic(traffic(52, (3, 9))),
    "traffic-one": lambda: charts.weekly_traffic(traffic(1, ())),
    "traffic-zero": lambda: charts.weekly_traffic(traffic().query("source == 'paid'").assign(visitors=0)),
    "posts-few": lambda: charts.posts_scatter(POSTS),
    "posts-one": lambda: charts.posts_scatter(POSTS.tail(1).assign(network=HOSTILE)),
    "posts-eight": lambda: charts.posts_scatter(
        pd.concat([POSTS.assign(network=f"Réseau n° {rank}", reach=POSTS["reach"] * 10 ** (rank % 3)) for rank in range(8)])
    ),
    "answers-all": lambda: charts.survey_answers(case("prisalto").survey, "interets"),
    "answers-few": lambda: charts.survey_answers(SURVEY, "gouts"),
    "answers-yes": lambda: charts.survey_answers(SURVEY, "spontanee_avant"),
    "answers-numbers": lambda: charts.survey_answers(SURVEY, "recommandation", SURVEY["age"].notna().to_numpy()),
    "ages-segment": lambda: charts.survey_ages(case("prisalto").survey, young(case("prisalto").survey)),
    "ages-wide": lambda: charts.survey_ages(pd.DataFrame({"age": [3, 20, 99.0]})),
    "rivals-hostile": lambda: charts.competitors_overview(RIVALS, HOSTILE, 0, 0, 0, 0),
    "events-long": lambda: charts.events_year(EVENTS.head(3).assign(start=date(2026, 1, 1), end=date(2026, 12, 30)), 2026),
    "events-hostile": lambda: charts.events_year(EVENTS, 2026),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    return {name: draw() for name, draw in SAMPLES.items()}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_is_cut_or_covers_another(name: str, drawn: dict[str, Figure]) -> None:
    figure = drawn[name]
    assert figure.get_size_inches()[0] <= 9.6 and png(figure).startswith(b"\x89PNG")
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 + 0.5 and box.x1 <= figure.bbox.x1 + 0.5, f"{text!r} leaves the figure"
        assert figure.bbox.y0 <= box.y0 + 0.5 and box.y1 <= figure.bbox.y1 + 0.5, f"{text!r} leaves the figure"
    for (one, first), (other, second) in combinations(boxes, 2):
        width = min(first.x1, second.x1) - max(first.x0, second.x0)
        height = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert width <= 0.5 or height <= 0.5, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", SAMPLES)
def test_words_have_french_typography(name: str, drawn: dict[str, Figure]) -> None:
    label = str(drawn[name].get_label())
    assert label.endswith(".") and ".." not in label and "\n" not in label and "nan" not in label
    for text in [label, *(text.get_text() for text in texts(drawn[name]))]:
        assert typeset(text) == text and not re.search(r" [:;!?%»€]|« |[0-9]\.[0-9]|  ", text), text


# --- traffic


@pytest.mark.parametrize("brand", BRANDS)
def test_the_traffic_tells_totals_peaks_and_the_week_without_data(brand: str) -> None:
    table = case(brand).traffic
    told = alt(charts.weekly_traffic(table))
    for source, rows in table.groupby("source"):
        series = rows.set_index("week")["visitors"]
        shown = re.search(rf"{str(source).capitalize()} \([^)]*\) : ([\d ]+) au total, de ([\d ]+) à ([\d ]+) par semaine", told)
        assert shown and [int(part.replace(" ", "")) for part in shown.groups()] == [series.sum(), series.min(), series.max()]
        assert f"{shown[0]}, le plus la semaine du {write_date(series.idxmax().date(), 'long')}." in told
    every = pd.date_range(table["week"].min(), table["week"].max(), freq="7D")
    (lost,) = set(every) - set(table["week"])
    assert f"Semaine sans mesure, laissée vide : du {write_date(lost.date(), 'long')}." in told


def test_a_missing_week_is_a_gap_and_never_a_zero() -> None:
    figure = charts.weekly_traffic(traffic())
    assert len(figure.axes) == 3
    for axes in figure.axes:
        (line,) = axes.lines
        drawn_values = np.asarray(line.get_ydata(), dtype=float)
        assert np.isnan(drawn_values).tolist() == [False, False, True, False, False, False]
        (band,) = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
        middle = band.get_x() + band.get_width() / 2
        assert middle == pytest.approx(axes.convert_xunits(date(2025, 1, 20))) and band.get_width() == pytest.approx(7)
    assert figure.axes[0].lines[0].get_ydata()[0] == 0  # a week at zero is drawn
    assert "semaine sans mesure : 20 janv." in [untypeset(text.get_text()) for text in texts(figure)]
    whole = charts.weekly_traffic(traffic(missing=()))
    assert "sans mesure" not in alt(whole) and not any(axes.patches for axes in whole.axes)
    many = charts.weekly_traffic(traffic(20, (3, 4, 9, 12)))
    assert "semaines sans mesure : 4, hachurées" in [untypeset(text.get_text()) for text in texts(many)]


def test_a_source_that_lacks_a_week_has_a_gap_of_its_own() -> None:
    figure = charts.weekly_traffic(traffic(missing=()).drop(index=3))  # paid, second week
    assert [len(axes.patches) for axes in figure.axes] == [1, 0, 0]


# --- posts


@pytest.mark.parametrize("brand", BRANDS)
def test_the_scatter_tells_medians_of_paid_and_organic_posts(brand: str) -> None:
    posts = case(brand).posts
    told = alt(charts.posts_scatter(posts))
    assert f"de {len(posts)} publications." in told
    rates = (posts["likes"] + posts["comments"] + posts["shares"]) / posts["reach"]
    for network, rows in posts.groupby("network"):
        part = re.search(rf" {re.escape(str(network))} : (.*?)\.(?: |$)", told)
        assert part and part[1].startswith(f"{len(rows)} publications, dont {(rows['spend'] > 0).sum() or 'aucune'} payée")
        organic = rows["spend"] == 0
        middle = rows.loc[organic, "reach"].median()
        rate = 100 * rates[rows.index][organic].median()
        digits = max(2 - int(np.floor(np.log10(rate))), 0)
        shown = f"portée médiane {write_number(middle, 0 if middle >= 100 else 1)} et taux médian {write_number(rate, digits)} %"
        assert untypeset(shown) in part[1]


def test_paid_posts_have_a_mark_of_their_own() -> None:
    figure = charts.posts_scatter(POSTS)
    organic, paid = [found for found in figure.axes[0].collections if isinstance(found, PathCollection)]
    assert len(organic.get_offsets()) == 2 and len(paid.get_offsets()) == 1  # type: ignore[arg-type]
    assert not np.array_equal(organic.get_paths()[0].vertices, paid.get_paths()[0].vertices)
    assert np.asarray(paid.get_offsets())[0].tolist() == [5000, 0.01]
    assert "TikTok : 1 publication, dont aucune payée ; sans payer, portée médiane 50 et taux médian 0 %." in alt(figure)


# --- survey


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("column", ["gouts", "csp", "freins_technologiques"])
def test_the_answers_tell_shares_and_indexes(brand: str, column: str) -> None:
    survey = case(brand).survey
    split = survey[column].dropna().str.split("|").map(lambda parts: {untypeset(part) for part in parts})
    inside = young(survey)
    told, beside = (alt(charts.survey_answers(survey, column, members)) for members in (None, inside))
    assert f"{len(split)} répondants sur {len(survey)}. " in told
    own = split[inside[split.index]]
    for answer in set().union(*split):
        share, of_own = (found.map(lambda parts, answer=answer: answer in parts).mean() for found in (split, own))
        assert f" {answer}, {round(float(share), 2) * 100:.0f} %" in told
        first, second = (f"{round(float(value), 2) * 100:.0f} %" for value in (of_own, share))
        assert f" {answer}, {first} contre {second}, indice {100 * of_own / share:.0f}" in beside


def test_answers_are_sorted_and_read_in_french() -> None:
    assert "non, 67 % ; oui, 33 %." in alt(charts.survey_answers(SURVEY, "spontanee_avant"))
    assert "9, 60 % ; 10, 20 % ; 7, 20 %." in alt(charts.survey_answers(SURVEY, "recommandation"))
    told = alt(charts.survey_answers(SURVEY, "gouts", SURVEY["age"].lt(30).to_numpy()))
    assert told.startswith(
        "Goûts. Segment de 2 répondants, comparé à 5 répondants sur 6. Part de ceux qui ont répondu : sport, 100 %"
    )


@pytest.mark.parametrize("brand", BRANDS)
def test_ages_are_counted_by_group(brand: str) -> None:
    survey = case(brand).survey
    ages = survey["age"].dropna()
    told = alt(charts.survey_ages(survey))
    assert told.startswith(
        f"{len(ages)} répondants sur {len(survey)}. Âge médian : {untypeset(write_number(ages.median(), 1))} ans."
    )
    found = {int(low): (int(high), int(share)) for low, high, share in re.findall(r"de (\d+) à (\d+) ans, (\d+) %", told)}
    for low, (high, share) in found.items():
        step = 5 if ages.max() // 5 - ages.min() // 5 < 12 else 10
        assert high == low + step - 1 and low % step == 0
        assert share == round(round(float(ages.between(low, high).mean()), 2) * 100)
    assert min(found) <= ages.min() and max(high for high, _ in found.values()) >= ages.max()


def test_ages_of_a_segment_stand_beside_everybodys() -> None:
    told = alt(charts.survey_ages(SURVEY, np.array([True, True, False, False, True, False])))
    assert told.startswith(
        "Segment de 2 répondants, comparé à 5 répondants sur 6. Âge médian : 21,5 ans dans le segment, 31 ans dans"
    )
    assert "de 15 à 19 ans, 50 % contre 20 %" in told and "de 25 à 29 ans, 0 % contre 0 %" in told
    assert "de 0 à 9 ans" in alt(charts.survey_ages(pd.DataFrame({"age": [3, 99.0]})))


# --- competitors, highlights


@pytest.mark.parametrize("brand", BRANDS)
def test_the_overview_tells_values_and_places(brand: str) -> None:
    others = case(brand).competitors
    own = {"mentions": len(case(brand).mentions), "followers": 6543, "posts_per_week": 2.5, "interactions_per_post": 31.4}
    told = alt(compared(brand))
    assert told.startswith(f"{untypeset(case(brand).name)}, 3 concurrents et 2 références d’un autre secteur.")
    rivals = others[others["type"] == "concurrent"]
    for (measure, mine), label in zip(own.items(), ("Mentions", "Abonnés", "par semaine", "par publication"), strict=True):
        rank = 1 + int((rivals[measure] > mine).sum())
        part = told.split(f"{label} : ")[1]
        assert f"({rank}{'re' if rank == 1 else 'e'} sur 4 sans les références)" in part.split(")")[0] + ")"
    for _, row in others.iterrows():
        assert f"{untypeset(row['name'])} {untypeset(write_number(row['followers'], 0))}" in told


def test_references_are_told_apart_by_more_than_a_colour() -> None:
    hatches = {patch.get_hatch() for patch in compared("cadrelo").axes[0].patches}
    assert len(hatches) == 2
    assert {"la marque", "concurrents", "références d’un autre secteur"} <= {
        text.get_text() for text in texts(compared("cadrelo"))
    }


def test_the_highlights_of_a_year_are_told_with_the_quiet_months() -> None:
    told = alt(charts.events_year(EVENTS.iloc[:3], 2026))
    assert told.startswith("3 temps forts en 2026 : Veille, du 30 décembre 2025 au 2 janvier 2026 ; Salon, du 25 mars 2026 au 27")
    quiet = "février, avril, mai, juin, juillet, octobre, novembre et décembre"
    assert told.endswith(f"Mois sans temps fort : {quiet}.")
    shown = [untypeset(text.get_text()) for text in texts(charts.events_year(EVENTS, 2026))] + [
        untypeset(text.get_text()) for axes in charts.events_year(EVENTS, 2026).axes for text in axes.texts
    ]
    assert "Salon, 25–27 mars" in shown and "Rentrée, 31 août – 4 sept." in shown and "Veille, 30 déc. 2025 – 2 janv." in shown
    assert alt(charts.events_year(EVENTS, 2025)).startswith("1 temps fort en 2025 : Veille")
    for brand in BRANDS:
        events = case(brand).events
        assert alt(charts.events_year(events, 2026)).startswith(f"{(events['start'].dt.year == 2026).sum()} temps forts en 2026")


def test_each_highlight_is_drawn_on_its_days() -> None:
    axes: Axes = charts.events_year(EVENTS, 2026).axes[0]
    salon = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_height() == 0.5][1]
    assert salon.get_x() == (date(2026, 3, 25) - date(2026, 1, 1)).days and salon.get_width() >= 3


# --- pictures of posts


def visuals(**changes: object) -> pd.DataFrame:
    row = {"id": "P001", "published_at": pd.Timestamp("2025-01-02 16:20"), "background": "#27476E", "accent": "#E8772E"}
    return pd.DataFrame([row | {"logo": "bas-gauche", "image": "portrait"} | changes])


def pictures(html: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(html).findall(".//svg")


@pytest.mark.parametrize("brand", BRANDS)
def test_each_post_has_its_picture_described(brand: str) -> None:
    posts = case(brand).posts.head(60)
    html = charts.thumbnails(posts, case(brand).charter)
    found = pictures(html)
    assert len(found) == len(posts)
    for svg, (_, post) in zip(found, posts.iterrows(), strict=True):
        label = untypeset(svg.attrib["aria-label"])
        assert svg.attrib["role"] == "img"
        assert label.startswith(
            f"Visuel de {post['id']}, {write_date(post['published_at'].date(), 'long')} : {IMAGES[post['image']]}, "
        )
        assert f"fond {post['background']}, accent {post['accent']}, " in label
        assert label.endswith(f"logo {CORNERS[post['logo']]}" if post["logo"] in CORNERS else "aucun logo")
        fills = [shape.attrib["fill"] for shape in svg.findall("rect")[:2]]
        assert fills == [post["background"], post["accent"]]
        assert (svg.find("g[@transform]/circle[@r='11.5']") is not None) == (post["logo"] in CORNERS)
    assert "http" not in html and "href" not in html and "url(" not in html and "<img" not in html


def test_a_picture_says_the_same_whether_it_follows_the_charter_or_not() -> None:
    """What departs is to be seen by the student, never marked."""
    charter = case("cadrelo").charter
    other = charter.model_copy(update={"logo": "haut-droite", "images": charter.refused_images, "refused_images": charter.images})
    table = visuals(image="montage", background="#39FF14")
    assert charts.thumbnails(table, charter) == charts.thumbnails(table, other)
    assert not re.search("charte|écart|hors|interdit|erreur", charts.thumbnails(table, charter).split("<svg")[1])


def test_kinds_places_and_colours_all_look_different() -> None:
    charter = case("cadrelo").charter
    looks = [{"image": image} for image in IMAGES if image != "portrait"]
    looks += [{"logo": place} for place in (*CORNERS, "absent") if place != "bas-gauche"]
    looks += [{"background": "#27476F"}, {"accent": "#E8772F"}, {}]
    drawings = set()
    for look in looks:
        (svg,) = pictures(charts.thumbnails(visuals(**look), charter))
        del svg.attrib["aria-label"]
        drawings.add(ElementTree.tostring(svg))
    assert len(drawings) == len(looks) and set(PICTURES) == set(IMAGES)


def test_hostile_texts_are_escaped() -> None:
    charter = case("cadrelo").charter
    html = charts.thumbnails(visuals(id=HOSTILE, text=HOSTILE), charter)
    assert "<script" not in html and "&lt;script" in html and len(pictures(html)) == 1
    nasty = charter.model_copy(
        update={
            "tone": HOSTILE, "typography": "\u202f\x07" + HOSTILE,
            "colours": Palette(fonds={HOSTILE: "#000000", "b": "#ffffff"}, accents={"c": "#ff0000"}),
        }
    )  # fmt: skip
    html = charts.charter_card(nasty, HOSTILE)
    assert "<script" not in html and "\x07" not in html and "&lt;script" in html
    pictures(html)


@pytest.mark.parametrize("brand", BRANDS)
def test_the_card_shows_the_whole_charter(brand: str) -> None:
    charter: Charter = case(brand).charter
    html = charts.charter_card(charter, case(brand).name)
    root = ElementTree.fromstring(html)
    words = untypeset(" ".join(root.itertext()))
    colours = charter.colours.backgrounds | charter.colours.accents
    for told in (
        *colours,
        *colours.values(),
        charter.typography,
        charter.tone,
        f"toujours {CORNERS[charter.logo]}",
        case(brand).name,
    ):
        assert untypeset(told) in words
    labels = [untypeset(svg.attrib["aria-label"]) for svg in root.findall(".//svg")]
    assert labels == [
        f"Visuel dont le logo est {CORNERS[charter.logo]}",
        *(IMAGES[kind] for kind in (*charter.images, *charter.refused_images)),
    ]
    assert all(f"background:{code}" in html for code in colours.values())


def test_what_is_written_stands_out() -> None:
    assert contrast("#1a1a1a", "#ffffff") >= 4.5 and "background:#ffffff;color:#1a1a1a" in charts.thumbnails(
        visuals(), case("cadrelo").charter
    )
    for background in ("#27476E", "#9BA1A4", "#39FF14", "#777777", "#767676", "#D81E5B", "#6A00F4", "#FF7A00", "#4F9D86"):
        (svg,) = pictures(charts.thumbnails(visuals(background=background), case("cadrelo").charter))
        lines = [shape.attrib["stroke"] for shape in svg.findall("path") if shape.attrib["d"].startswith("M38 100")]
        assert len(lines) == 1 and contrast(lines[0], background) >= 4, background


# --- what is refused

CHARTER = case("cadrelo").charter


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: charts.weekly_traffic(traffic().head(0)), "Trafic : la table est vide"),
        (lambda: charts.weekly_traffic(traffic().drop(columns="week")), "il manque la colonne week"),
        (lambda: charts.weekly_traffic(traffic(), "clients"), "il manque la colonne clients"),
        (lambda: charts.weekly_traffic(traffic(), "vues"), "« vues » n’est pas une mesure du trafic"),
        (lambda: charts.weekly_traffic(traffic().assign(source="radio")), "« radio » n’est pas une source"),
        (lambda: charts.weekly_traffic(traffic().assign(visitors=-1)), "au moins égal à 0"),
        (lambda: charts.weekly_traffic(traffic().assign(visitors=np.nan)), "une valeur manque"),
        (lambda: charts.weekly_traffic(pd.concat([traffic(), traffic().head(1)])), "figure deux fois"),
        (lambda: charts.weekly_traffic(traffic().assign(week=[date(2025, 1, 6 + day) for day in range(15)])), "le même jour"),
        (lambda: charts.weekly_traffic(traffic().assign(week="janvier")), "absente ou illisible"),
        (lambda: charts.posts_scatter(POSTS.head(0)), "Publications : la table est vide"),
        (lambda: charts.posts_scatter(POSTS.drop(columns=["spend", "likes"])), "il manque les colonnes likes, spend"),
        (lambda: charts.posts_scatter(POSTS.assign(reach=0)), "supérieur à 0"),
        (lambda: charts.posts_scatter(None), "il faut une table"),  # type: ignore[arg-type]
        (lambda: charts.survey_answers(SURVEY.head(0), "gouts"), "Enquête : la table est vide"),
        (lambda: charts.survey_answers(SURVEY, "goûts"), "il manque la colonne goûts"),
        (lambda: charts.survey_answers(SURVEY, "gouts", np.zeros(6, dtype=bool)), "Personne du segment"),
        (lambda: charts.survey_answers(SURVEY, "gouts", np.ones(5, dtype=bool)), "Ce segment a 5 répondants"),
        (lambda: charts.survey_answers(pd.DataFrame({"a": range(41)}), "a"), "41 réponses différentes, 40 au plus"),
        (lambda: charts.survey_ages(SURVEY.drop(columns="age")), "il manque la colonne age"),
        (lambda: charts.survey_ages(SURVEY.assign(age=np.nan)), "aucun âge n’est donné"),
        (lambda: charts.survey_ages(SURVEY.assign(age=1987)), "au plus égal à 120"),
        (lambda: charts.survey_ages(SURVEY, np.ones(5, dtype=bool)), "Ce segment a 5 répondants"),
        (lambda: charts.competitors_overview(RIVALS.head(0), "X", 1, 1, 1, 1), "Concurrents : la table est vide"),
        (lambda: charts.competitors_overview(RIVALS.drop(columns="type"), "X", 1, 1, 1, 1), "il manque la colonne type"),
        (lambda: charts.competitors_overview(RIVALS.assign(type="ami"), "X", 1, 1, 1, 1), "« ami » n’est pas un type"),
        (lambda: charts.competitors_overview(RIVALS, "X", -1, 1, 1, 1), "au moins égal à 0"),
        (lambda: charts.events_year(EVENTS.head(0), 2026), "Temps forts : la table est vide"),
        (lambda: charts.events_year(EVENTS.drop(columns="end"), 2026), "il manque la colonne end"),
        (lambda: charts.events_year(EVENTS, 2031), "Aucun temps fort en 2031"),
        (lambda: charts.events_year(EVENTS, 20.5), "nombre"),  # type: ignore[arg-type]
        (lambda: charts.events_year(EVENTS.assign(end=date(2020, 1, 1)), 2026), "finit avant de commencer"),
        (lambda: charts.events_year(EVENTS.assign(start=pd.NaT), 2026), "absente ou illisible"),
        (lambda: charts.thumbnails(visuals().head(0), CHARTER), "Visuels : la table est vide"),
        (lambda: charts.thumbnails(visuals().drop(columns="logo"), CHARTER), "il manque la colonne logo"),
        (lambda: charts.thumbnails(visuals(published_at=pd.NaT), CHARTER), "(publication P001)"),
        (lambda: charts.thumbnails(visuals(background="rouge"), CHARTER), "P001, fond : « rouge » n’est pas une couleur"),
        (lambda: charts.thumbnails(visuals(accent='"/><script>'), CHARTER), 'accent : « "/><script> » n’est pas une couleur'),
        (lambda: charts.thumbnails(visuals(logo="milieu"), CHARTER), "P001, logo : « milieu » n’existe pas"),
        (lambda: charts.thumbnails(visuals(image=None), CHARTER), "P001, image : « None » n’existe pas"),
        (
            lambda: charts.charter_card(
                CHARTER.model_copy(update={"colours": Palette(fonds={"a": "red;", "b": "#000000"}, accents={"c": "#000000"})}),
                "X",
            ),
            "« red; » n’est pas une couleur",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(draw: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw()
    assert told in untypeset(str(refused.value))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
