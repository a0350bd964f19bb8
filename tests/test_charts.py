"""Figures: what they tell in words, that every eye can read them, that no text is cut or covered."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import combinations
from time import perf_counter

import matplotlib
import matplotlib.style
import numpy as np
import pandas as pd
import pytest
from colorspacious import cspace_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from cmlib import charts
from cmlib.charts import style
from cmlib.errors import InvalidInput
from cmlib.french import typeset, untypeset
from cmlib.funnel import bottleneck, passages_from_counts


@dataclass
class Crisis:
    start: date
    peak: date
    end: date | None


def year_of_posts(seed: int = 1, number: int = 130) -> list[datetime]:
    random = np.random.default_rng(seed)
    return [
        datetime(2025, 1, 1, int(np.clip(random.normal(15, 4), 0, 23)), int(random.integers(60))) + timedelta(days=int(day))
        for day in random.integers(0, 365, number)
    ]


SLOTS = {
    0: [(time(11), time(13)), (time(18), time(20, 30))],
    2: [(time(9), time(12))],
    4: [(time(22), time(1))],
    5: [(time(10), time(10, 30))],
    6: [(time(20), time(2))],
}
SWOT = {
    "forces": [
        "Les vidéos de témoignages font réagir bien plus que celles de produits : 8,3 % d’engagement par portée contre 2,1 %.",
        "Communauté de parents très soudée sur Instagram",
        "Atelier ouvert au public chaque samedi, souvent photographié par les clients",
    ],
    "faiblesses": [f"Constat n° {rank} : fréquence de publication irrégulière, aucun post en août" for rank in range(1, 15)],
    "opportunites": [
        "La métropole subventionne l’achat d’un vélo cargo (voir https://www.exemple-metropole.fr/"
        + "aides-a-l-achat-de-velos-" * 6
        + ")",
        "Budget $ 50 et $ 60 🚲 offert aux associations",
    ],
    "menaces": [],
}
AUDIENCES = pd.DataFrame(
    [
        ("Facebook", 50_000_000, "2024", "Arcom, visiteurs par mois"),
        ("Facebook", 48_900_000, "2024", "Médiamétrie, Internet global"),
        ("Facebook", 33_150_000, "2025", "We Are Social / Meltwater (lareclame.fr)"),
        ("YouTube", 50_000_000, "2024", "Arcom, visiteurs par mois"),
        ("Instagram", 40_000_000, "2024", "Arcom"),
        ("Instagram", 27_600_000, "2023", "We Are Social"),
        ("Snapchat", 27_000_000, "2025", "Snap, portée publicitaire"),
        ("TikTok", 25_200_000, "2025", "We Are Social"),
        ("TikTok", 22_000_000, "2024", "Digimind"),
        ("TikTok", 14_900_000, "2022", "Harris Interactive"),
        ("LinkedIn", 9_700_000, "2025", "un blog d’agence sans méthode publiée, repris partout"),
        ("LinkedIn", 3_700_000, "2023", "Médiamétrie"),
        ("X (Twitter)", 12_000_000, "2024", "Arcom"),
        ("Pinterest", 850_000, "2022", "Pinterest"),
    ],
    columns=["network", "value", "year", "source"],
)
FUNNEL = {"visiteur": 12_480, "prospect": 998, "client": 212, "ambassadeur": 31}
REACHES = 0.9 * (1 - 0.72 ** np.arange(1, 13))
CRISIS = Crisis(date(2026, 3, 9), date(2026, 3, 11), date(2026, 3, 24))
EVENTS = {
    "Assises nationales de la mobilité à vélo": date(2026, 3, 30),
    "Salon du vélo": date(2026, 4, 2),
    "Fête des Mères": date(2026, 5, 31),
    "Mai à vélo": date(2026, 5, 1),
    "Rentrée": date(2026, 6, 28),
}


def opinions(days: int = 120) -> pd.DataFrame:
    random = np.random.default_rng(3)
    means = {"positive": 20, "neutral": 35, "negative": 6}
    table = pd.DataFrame(
        {name: random.poisson(mean, 120) for name, mean in means.items()}, pd.date_range("2026-01-05", periods=120)
    )
    table.loc["2026-03-09":"2026-03-24", "negative"] += (180 * np.exp(-np.arange(16) / 4)).astype(int)  # type: ignore[misc]
    return table.head(days)


def planning() -> dict[str, list[date]]:
    start = date(2026, 3, 2)
    return {
        "Instagram": [start + timedelta(days=shift) for shift in range(0, 120, 3) if not 40 < shift < 60],
        "TikTok": [start + timedelta(days=shift) for shift in range(1, 120, 7)],
        "LinkedIn": [start + timedelta(days=shift) for shift in (0, 12, 24, 35, 70, 118)],
        "X (Twitter)": [],
        "Facebook": [start + timedelta(days=4)],
    }


SAMPLES: dict[str, Callable[[], Figure]] = {
    "calendar": lambda: charts.posting_calendar([post.date() for post in year_of_posts()], "Instagram"),
    "swot": lambda: charts.swot_grid(SWOT),
    "panorama": lambda: charts.network_panorama(AUDIENCES),
    "panorama-long": lambda: charts.network_panorama(
        AUDIENCES.assign(
            network=AUDIENCES["network"] + " (et ses filiales en Europe)",
            source="Support de cours « stratégie digitale et community management », relayé par une agence",
            year="2022 (document ; année des valeurs inconnue)",
        )
    ),
    "panorama-zero": lambda: charts.network_panorama(AUDIENCES.head(2).assign(value=0)),
    "panorama-one": lambda: charts.network_panorama(AUDIENCES.tail(1)),
    "heatmap": lambda: charts.posting_heatmap(year_of_posts(), SLOTS, "Instagram"),
    "heatmap-plain": lambda: charts.posting_heatmap(year_of_posts(number=20_000)),
    "funnel": lambda: charts.funnel_chart(FUNNEL),
    "funnel-wide": lambda: charts.funnel_chart({"visiteur": 900, "prospect": 880, "client": 860, "ambassadeur": 850}),
    "reach": lambda: charts.reach_curve(REACHES, 1 - (1 - 0.1) ** np.arange(1, 13)),
    "reach-close": lambda: charts.reach_curve(REACHES, REACHES * 0.99),
    "reach-one": lambda: charts.reach_curve([0.3]),
    "reach-long": lambda: charts.reach_curve(0.6 * (1 - 0.97 ** np.arange(1, 151))),
    "sentiment": lambda: charts.sentiment_timeline(opinions(), CRISIS),
    "sentiment-open": lambda: charts.sentiment_timeline(opinions(70), Crisis(date(2026, 3, 9), date(2026, 3, 11), None)),
    "sentiment-one": lambda: charts.sentiment_timeline(opinions(1)),
    "planning": lambda: charts.planning_view(planning(), EVENTS),
    "planning-year": lambda: charts.planning_view({"Instagram": [post.date() for post in year_of_posts(number=40)]}),
    "planning-day": lambda: charts.planning_view({"Instagram": [date(2026, 5, 4)]}, {"Lancement": date(2026, 5, 4)}),
    "planning-years": lambda: charts.planning_view({"Blog": [date(2023, 1, 4), date(2026, 11, 30)]}, EVENTS, max_gap=1000.5),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Figure]:
    return {name: draw() for name, draw in SAMPLES.items()}


def png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return buffer.getvalue()


def alt(figure: Figure) -> str:
    return untypeset(str(figure.get_label()))


def texts(figure: Figure) -> list[Text]:
    """Return the texts that show."""
    found: list[Text] = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        found += axes.texts
        if isinstance(axes, Axes) and axes.axison:
            found += [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
            for axis in (axes.xaxis, axes.yaxis):
                if axis.get_visible():
                    low, high = sorted(axis.get_view_interval())
                    shown = [tick for tick in axis.get_major_ticks() if low - 1e-9 <= tick.get_loc() <= high + 1e-9]
                    found += [axis.label, *(tick.label1 for tick in shown)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_figure_renders_within_the_page(name: str, drawn: dict[str, Figure]) -> None:
    assert drawn[name].get_size_inches()[0] <= 9.6
    assert png(drawn[name]).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_is_cut_or_covers_another(name: str, drawn: dict[str, Figure]) -> None:
    figure = drawn[name]
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    assert boxes
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, f"{text!r} leaves the figure"
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, f"{text!r} leaves the figure"
    for (one, first), (other, second) in combinations(boxes, 2):
        width = min(first.x1, second.x1) - max(first.x0, second.x0)
        height = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert width <= 0.5 or height <= 0.5, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", SAMPLES)
def test_words_have_french_typography(name: str, drawn: dict[str, Figure]) -> None:
    for text in [str(drawn[name].get_label()), *(text.get_text() for text in texts(drawn[name]))]:
        assert not re.search(r" [:;!?%»€]|« |[^\s\u202f][;!?]|[0-9]\.[0-9]|nan|  ", text.replace("https://", "")), text
        assert typeset(text) == text
    label = str(drawn[name].get_label())
    assert label.endswith(".") and ".." not in label and "\n" not in label


@pytest.mark.parametrize("name", ["heatmap", "panorama", "planning"])
def test_the_session_keeps_its_settings_and_has_no_say_in_ours(name: str, drawn: dict[str, Figure]) -> None:
    before = {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != "backend"}
    expected = png(SAMPLES[name]())
    assert {key: matplotlib.rcParams[key] for key in before} == before
    with matplotlib.style.context(["dark_background", {"font.size": 20, "font.family": "serif", "xtick.labelsize": 20}]):
        assert png(SAMPLES[name]()) == expected


def test_no_figure_goes_through_pyplot() -> None:
    code = (
        "import sys, cmlib.charts as charts; assert 'matplotlib' not in sys.modules; charts.reach_curve([0.1, 0.2]);"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- colours


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        part = rgb(colour)
        return float(np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_knows_the_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", [*style.PALETTE, style.GREY])
def test_lines_and_words_stand_out_on_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("fill", style.FILLS)
def test_words_stand_out_on_fills(fill: str) -> None:
    assert contrast(fill, style.FILLS[fill]) >= 4.5


@pytest.mark.parametrize("vision", [None, "deuteranomaly", "protanomaly", "tritanomaly"])
def test_every_eye_tells_any_two_colours_apart(vision: str | None) -> None:
    def seen(colour: str) -> np.ndarray:
        space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        as_seen = np.clip(cspace_convert(rgb(colour), space, "sRGB1"), 0, 1) if vision else rgb(colour)
        return np.asarray(cspace_convert(as_seen, "sRGB1", "CAM02-UCS"))

    for one, other in combinations(style.PALETTE, 2):
        assert np.linalg.norm(seen(one) - seen(other)) >= 15, (one, other)


@pytest.mark.parametrize("vision", [None, "deuteranomaly", "protanomaly", "tritanomaly"])
def test_steps_of_the_heatmap_go_darker(vision: str | None) -> None:
    space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
    lightness = [
        cspace_convert(np.clip(cspace_convert(rgb(fill), space, "sRGB1"), 0, 1) if vision else rgb(fill), "sRGB1", "CAM02-UCS")[0]
        for fill in style.BLUES
    ]
    assert (np.diff(lightness) < -7).all()


# --- what is told


def test_the_calendar_tells_every_day() -> None:
    figure = charts.posting_calendar([datetime(2025, 3, 4, 9), date(2025, 3, 4), date(2025, 8, 20)], "Instagram")
    assert alt(figure).startswith("Calendrier 2025 des publications sur Instagram, 2 jours avec une publication : janv. aucun")
    assert "mars 4 ;" in alt(figure) and "août 20 ;" in alt(figure)
    assert "1 jour avec" in alt(charts.posting_calendar(np.array(["2025-03-04"], dtype="datetime64[D]"), "X"))


def test_the_swot_tells_every_finding_and_the_empty_boxes() -> None:
    figure = charts.swot_grid(SWOT)
    assert alt(figure).startswith("Matrice SWOT de 19 constats. Forces (interne, favorable), 3 : Les vidéos")
    assert "Menaces (externe, défavorable) : case vide." in alt(figure)
    shown = [untypeset(text.get_text()) for text in texts(figure)]
    assert "Constat n° 14" in alt(figure)
    left = next(int(match[1]) for text in shown if (match := re.fullmatch(r"… et (\d+) autres", text)))
    assert sum(text.startswith("Constat n°") for text in shown) + left == 14
    assert {"Case vide", "interne", "externe", "favorable", "défavorable", "Faiblesses (14)"} <= set(shown)


@pytest.mark.parametrize("dpi", [72, 100, 110, 144])
def test_what_a_box_holds_stays_within_its_edges(dpi: int) -> None:
    wide = {"forces": ["MW" * 300, "illisible " * 60], "menaces": ["É" * 500]}
    for figure in (charts.swot_grid(SWOT), charts.swot_grid(wide)):
        figure.set_dpi(dpi)
        figure.draw_without_rendering()
        boxes = [patch.get_window_extent() for patch in figure.axes[0].patches]
        for text in figure.axes[0].texts:
            extent = text.get_window_extent()
            if text.get_text() not in ("interne", "externe", "favorable", "défavorable"):
                assert sum(box.contains(*extent.min) and box.contains(*extent.max) for box in boxes) == 1, text.get_text()


def test_the_panorama_names_who_disagrees_and_by_how_much() -> None:
    told = alt(charts.network_panorama(AUDIENCES))
    assert "Audience de 8 réseaux, 14 valeurs. La plus grande : Facebook, 50 M." in told
    assert "LinkedIn de 3,7 M à 9,7 M (écart de 6 M)" in told
    disagree = told.split("Valeurs qui diffèrent d’une source à l’autre")[1]
    assert "YouTube" not in disagree and "Pinterest" not in disagree
    assert "Pinterest, 850 000 (Pinterest, 2022)" in told
    assert "Aucun réseau n’a de valeurs qui diffèrent d’une source à l’autre." in alt(charts.network_panorama(AUDIENCES.tail(3)))
    shown = [untypeset(text.get_text()) for text in texts(charts.network_panorama(AUDIENCES))]
    assert "3,7 M (Médiamétrie, 2023)" in shown


def test_networks_are_sorted_by_their_largest_value() -> None:
    axes = charts.network_panorama(AUDIENCES.iloc[::-1]).axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[2:] == ["Instagram", "Snapchat", "TikTok", "X (Twitter)", "LinkedIn", "Pinterest"]


def test_the_heatmap_tells_the_peak_and_the_advised_times() -> None:
    friday, saturday = datetime(2026, 3, 13, 22, 15), datetime(2026, 3, 14, 0, 59)
    figure = charts.posting_heatmap([friday, friday, saturday, datetime(2026, 3, 14, 1)], SLOTS, "TikTok")
    assert "4 au total ; le plus dans une heure : 2 (vendredi 22 h)" in alt(figure)
    assert "vendredi 2, samedi 2, dimanche 0" in alt(figure)
    assert "Dans un créneau conseillé : 3 sur 4 (75 %)." in alt(figure)
    assert "conseillé" not in alt(charts.posting_heatmap([friday]))


def test_a_slot_that_crosses_midnight_goes_on_next_day() -> None:
    figure = charts.posting_heatmap([datetime(2026, 3, 13, 12)], {6: [(time(22), time(1))]})
    outlines = [line.get_xydata() for line in figure.axes[0].lines if len(line.get_xdata()) == 4]
    sunday, monday = (np.asarray(outline) for outline in outlines)
    assert sunday[:, 1].mean() == pytest.approx(6) and sunday[:, 0].max() == 24
    assert monday[:, 1].mean() == pytest.approx(0) and monday[:, 0].min() == 0 and monday[:, 0].max() == pytest.approx(0.95)
    until_midnight = charts.posting_heatmap([datetime(2026, 3, 13, 12)], {6: [(time(22), time(0))]})
    assert sum(len(line.get_xdata()) >= 4 for line in until_midnight.axes[0].lines) == 1


def test_the_funnel_tells_counts_rates_and_the_bottleneck() -> None:
    told = alt(charts.funnel_chart(FUNNEL))
    assert "visiteurs 12 480, prospects 998, clients 212, ambassadeurs 31" in told
    assert "de visiteur à prospect 8 %, de prospect à client 21,2 %, de client à ambassadeur 14,6 %" in told
    assert "le plus étroit : de visiteur à prospect." in told
    narrow = bottleneck(passages_from_counts(FUNNEL))
    assert f"le plus étroit : de {narrow.start} à {narrow.end}." in told
    other = charts.funnel_chart(FUNNEL | {"client": 20, "ambassadeur": 10})
    assert "le plus étroit : de prospect à client." in alt(other)
    assert [untypeset(text.get_text()) for text in texts(other) if "goulot" in text.get_text()] == ["↓ 2 % passent : goulot"]


def test_the_reach_curve_tells_what_the_last_insertion_brings() -> None:
    told = alt(charts.reach_curve([0.3, 0.45, 0.5], [0.1, 0.19, 0.271]))
    assert "3 insertions : 30 % de la cible après la première, 50 % après la dernière ; la 3e insertion apporte 5 points" in told
    assert "la 2e en apportait 15. Mémorisation : 10 % après la première, 27,1 % après la dernière." in told
    assert alt(charts.reach_curve([0.3])) == "Courbe de portée, 1 insertion : 30 % de la cible après la première."


def test_the_sentiment_timeline_tells_the_crisis() -> None:
    days = pd.DataFrame(
        {"positive": [5, 1, 2], "neutral": [5, 1, 8], "negative": [0, 8, 0]}, pd.date_range("2026-03-01", periods=3)
    )
    told = alt(charts.sentiment_timeline(days, Crisis(date(2026, 3, 2), date(2026, 3, 2), None)))
    assert told.startswith("Mentions du 1er mars 2026 au 3 mars 2026 : 30 au total, 8 positives, 14 neutres, 8 négatives.")
    assert "Le plus de négatives : 8 le 2 mars 2026." in told
    assert (
        "Crise du 2 mars 2026 à la fin des données, pic le 2 mars 2026 ; part des négatives : 40 % pendant, 0 % hors crise."
        in told
    )
    assert "Crise" not in alt(charts.sentiment_timeline(days.iloc[::-1]))


def test_the_planning_tells_silences_and_events() -> None:
    told = alt(charts.planning_view(planning(), EVENTS))
    assert "LinkedIn : 6 jours, du 02/03/2026 au 28/06/2026, 5 silences de plus de 10 jours, le plus long de 48 jours" in told
    assert "X (Twitter) : aucune publication." in told
    assert "Facebook : 1 jour, le 06/03/2026." in told
    assert "Mai à vélo le 1er mai 2026" in told
    assert "aucun silence de plus de 50 jours" in alt(charts.planning_view(planning(), max_gap=50))


days_of_a_year = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(max_examples=12)
@given(
    st.dictionaries(st.sampled_from(["Instagram", "TikTok", "X"]), st.lists(days_of_a_year, min_size=1, unique=True), min_size=1)
)
def test_the_planning_counts_every_day(dates: dict[str, list[date]]) -> None:
    told = alt(charts.planning_view(dates))
    assert f", {sum(map(len, dates.values()))} jour" in told
    for name, days in dates.items():
        assert f" {name} : {len(days)} jour" in told


@settings(max_examples=12)
@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), min_size=1))
def test_the_heatmap_counts_every_post(moments: list[datetime]) -> None:
    figure = charts.posting_heatmap(moments)
    assert f" : {len(moments)} au total" in alt(figure)
    assert sum(int(text.get_text()) for text in figure.axes[0].texts) == len(moments)
    by_day = alt(figure).split("Par jour : ")[1]
    assert sum(map(int, re.findall(r"\d+", by_day))) == len(moments)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 4)), max_size=12))
def test_stacked_labels_never_meet(labels: list[tuple[float, float]]) -> None:
    found = style.levels([start for start, _ in labels], [width for _, width in labels])
    for ((one, width), level), ((other, _), higher) in combinations(sorted(zip(labels, found, strict=True)), 2):
        assert (
            other >= one + width or level > higher or (one == other and level != higher)
        )  # the left one is above: its line goes down before the other's text


@given(st.text("abcdefghij MW€é’-", max_size=300), st.floats(0.5, 5))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = style.wrap(text, width, 9)
    assert all(style.text_width(line, 9) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (850_000, "850 000"), (3_700_000, "3,7 M"), (999_999, "1 M"), (1_250_000_000, "1,25 Md"), (999_990_000, "1 Md")],
)
def test_people_are_written_in_short(value: float, written: str) -> None:
    assert untypeset(style.people(value)) == written


def test_ticks_are_written_in_french(drawn: dict[str, Figure]) -> None:
    labels = [label.get_text() for label in drawn["reach-close"].axes[0].get_yticklabels()]
    assert "20 %" in map(untypeset, labels) and "20 %" not in labels
    assert "10\u00a0M" in [label.get_text() for label in drawn["panorama"].axes[0].get_xticklabels()]
    assert "avr." in [label.get_text() for label in drawn["planning"].axes[0].get_xticklabels()]


def test_large_numbers_and_single_ones_are_written_in_french() -> None:
    day = pd.DataFrame({"positive": [1], "neutral": [0], "negative": [1]}, pd.to_datetime(["2026-03-01"]))
    assert "2 au total, 1 positive, 0 neutre, 1 négative." in alt(charts.sentiment_timeline(day))
    assert "la 10 000e insertion apporte" in alt(charts.reach_curve(np.linspace(0, 0.9, 10_000)))
    days = [date(2000, 1, 1) + timedelta(days=2 * rank) for rank in range(4000)]
    assert "X : 4 000 jours, du" in alt(charts.planning_view({"X": days}))
    averages = {"visiteur": 20.5, "prospect": 5, "client": 0.2, "ambassadeur": 0.1}
    assert "visiteurs 20,5, prospects 5, clients 0,2, ambassadeurs 0,1." in alt(charts.funnel_chart(averages))


def test_a_swot_of_endless_findings_is_drawn_soon() -> None:
    started = perf_counter()
    figure = charts.swot_grid({box: ["constat sans fin " * 600, "a" * 10_000] * 10 for box in SWOT})
    assert perf_counter() - started < 20  # a second or two on a plain machine; it took a minute
    assert "Matrice SWOT de 80 constats." in alt(figure) and alt(figure).count("a" * 10_000) == 40


# --- what is refused

ONE_DAY = [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: charts.posting_calendar([], "X"), "aucune date"),
        (lambda: charts.posting_calendar([pd.NaT], "X"), "absente ou illisible"),
        (lambda: charts.posting_calendar(["12/03/2026"], "X"), "absente ou illisible"),
        (lambda: charts.posting_calendar([date(2025, 1, 1), date(2026, 1, 1)], "X"), "une seule année"),
        (lambda: charts.swot_grid({}), "SWOT est vide"),
        (lambda: charts.swot_grid({"forces": [" "]}), "SWOT est vide"),
        (lambda: charts.swot_grid({"force": ["a"]}), "n’est pas une case"),
        (lambda: charts.swot_grid({"forces": [None]}), "Case « forces » de la SWOT : il faut une liste de textes"),  # type: ignore[list-item]
        (lambda: charts.swot_grid({"forces": "abc"}), "il faut une liste de textes"),
        (lambda: charts.swot_grid(None), "(entries)"),  # type: ignore[arg-type]
        (lambda: charts.network_panorama(None), "Audiences : il faut une table"),  # type: ignore[arg-type]
        (lambda: charts.network_panorama(pd.concat([AUDIENCES, AUDIENCES[["year"]]], axis=1)), "figure deux fois"),
        (lambda: charts.sentiment_timeline(None), "Mentions par jour : il faut une table"),  # type: ignore[arg-type]
        (lambda: charts.posting_calendar(None, "X"), "n’est pas une liste (publications)"),  # type: ignore[arg-type]
        (lambda: charts.posting_heatmap(None), "n’est pas une liste (publications)"),  # type: ignore[arg-type]
        (lambda: charts.planning_view(None), "(dates)"),  # type: ignore[arg-type]
        (lambda: charts.planning_view({"X": None}), "n’est pas une liste (X)"),  # type: ignore[dict-item]
        (lambda: charts.planning_view({"X": [date(1, 1, 1)]}), "L’année 1 (X) est hors de 1900 à 2100"),
        (lambda: charts.planning_view({"X": [date(9999, 12, 31)]}), "L’année 9999 (X)"),
        (lambda: charts.planning_view({"X": ONE_DAY}, {"Salon": date(9999, 1, 1)}), "L’année 9999 (Salon)"),
        (lambda: charts.funnel_chart({state: count / 1e5 for state, count in FUNNEL.items()}), "au moins une personne"),
        (lambda: charts.network_panorama(AUDIENCES.head(0)), "vide"),
        (lambda: charts.network_panorama(AUDIENCES.drop(columns="source")), "il manque la colonne source"),
        (lambda: charts.network_panorama(AUDIENCES.assign(value=np.nan)), "une valeur manque"),
        (lambda: charts.network_panorama(AUDIENCES.assign(value=-1)), "au moins égal à 0"),
        (lambda: charts.network_panorama(AUDIENCES.assign(source=None)), "ne se cite pas"),
        (lambda: charts.posting_heatmap([]), "aucune publication"),
        (lambda: charts.posting_heatmap(ONE_DAY), "heure de publication manque"),
        (lambda: charts.posting_heatmap([pd.NaT]), "heure de publication manque"),
        (lambda: charts.posting_heatmap([datetime(2026, 1, 1)], {7: [(time(1), time(2))]}), "jour de la semaine"),
        (lambda: charts.funnel_chart({}), "les perdus s’en déduisent"),
        (lambda: charts.funnel_chart(FUNNEL | {"prospect": 0}), "aucun prospect"),
        (lambda: charts.reach_curve([]), "vide"),
        (lambda: charts.reach_curve([0.5, 0.4]), "ne peut pas baisser"),
        (lambda: charts.reach_curve([50]), "au plus égal à 1"),
        (lambda: charts.reach_curve([0.5], [0.1, 0.2]), "il faut 1 nombre"),
        (lambda: charts.sentiment_timeline(opinions(0)), "vide"),
        (lambda: charts.sentiment_timeline(opinions().drop(columns="neutral")), "il manque la colonne neutral"),
        (lambda: charts.sentiment_timeline(pd.concat([opinions(3), opinions(3)])), "deux fois"),
        (lambda: charts.sentiment_timeline(opinions(3).reset_index(drop=True)), "illisible"),
        (lambda: charts.sentiment_timeline(opinions(30), CRISIS), "La crise doit commencer"),
        (lambda: charts.planning_view({}), "planning est vide"),
        (lambda: charts.planning_view({"X": []}), "planning est vide"),
        (lambda: charts.planning_view({"X": [pd.NaT]}), "illisible"),
        (lambda: charts.planning_view({"X": ONE_DAY}, {"Salon": None}), "illisible"),
        (lambda: charts.planning_view({"X": ONE_DAY}, max_gap=0), "supérieur à 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(draw: Callable[[], Figure], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw()
    assert told in untypeset(str(refused.value))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_a_notebook_shows_the_figure_with_its_alternative_text() -> None:
    """Without pyplot, IPython would print « <Figure size …> »."""
    from IPython.core.formatters import DisplayFormatter

    bundle, _ = DisplayFormatter().format(charts.reach_curve([0.3, 0.42]))
    assert bundle["text/html"].startswith("<img ") and "alt='Courbe de portée" in bundle["text/html"]
