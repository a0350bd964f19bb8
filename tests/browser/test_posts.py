"""The post composer: two posts written by mouse and keyboard, seen as their network shows them, and back after a restart."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import EXERCISES, Lab, card, kept, open_cells, serious_faults

pytestmark = pytest.mark.browser

CELLS = [
    "from cmlib.tp import open_tp\ntp = open_tp('tp9')",
    """tp.compose_posts('2.5', title='Deux posts', points=4, author='Vélambule', year=2026,
    themes={f't{number}': f'Thématique {number}' for number in (1, 2, 3, 4)},
    statement='Rédigez deux posts, tirés de deux lignes de votre tableau.')""",
]
LINK = "https://exemple.org/une/adresse/tres/longue/vraiment/tres/longue"
TEXT = f"Dimanche, à vélo cargo en famille 🚲 Réservez votre essai avec @lyon : {LINK} #VéloCargo #famille"
NETWORKS = ["Facebook", "Instagram", "TikTok", "LinkedIn", "Snapchat", "YouTube", "X (Twitter)", "Pinterest"]


@pytest.fixture
def posts(jupyterlab: Lab) -> Lab:
    """A notebook with the composer, run."""
    open_cells(jupyterlab, CELLS)
    card(jupyterlab, "2-5").wait_for()
    return jupyterlab


def post(lab: Lab, number: int) -> Locator:
    """Return one of the posts, counted from 1."""
    return card(lab, "2-5").locator(".cm-post").nth(number - 1)


def saved(lab: Lab) -> None:
    """Wait until everything shown is on the disk."""
    card(lab, "2-5").locator(".cm-badge").get_by_text("enregistré à").wait_for()


def photograph(where: Locator, name: str) -> None:
    """Keep a picture of what is seen, where CMLIB_SCREENSHOTS names a folder."""
    if folder := os.environ.get("CMLIB_SCREENSHOTS"):
        where.screenshot(path=Path(folder) / f"{name}.png")


def fill(one: Locator, network: str, text: str = TEXT) -> None:
    """Write a post with the mouse and the keyboard."""
    one.get_by_label("Thématique 2").check()
    one.get_by_label("Réseau", exact=True).select_option(network)
    one.get_by_label("Jour de publication").fill("12/03")
    one.get_by_label("Jour de publication").press("Tab")
    one.get_by_label("Image", exact=True).check()
    one.get_by_label("Texte", exact=True).fill(text)
    one.get_by_label("Appel à l’action").fill("Réservez votre essai")
    one.get_by_label("Texte alternatif").fill("Une mère et ses deux enfants sur un vélo cargo rouge")


def test_two_posts_are_written_seen_and_come_back(posts: Lab) -> None:
    first, second = post(posts, 1), post(posts, 2)
    first.get_by_text("Choisissez un réseau et un jour : les règles en dépendent.").wait_for()
    fill(first, "X (Twitter)")
    assert first.locator(".cm-mock-text").inner_text() == TEXT  # at once: nobody has been asked
    without = len(TEXT) - len(LINK) + 1  # an emoji counts two
    first.get_by_text(f"Signes : {without + 23} sur 280").wait_for()
    first.get_by_text("6 règles respectées sur 6").wait_for()
    assert first.locator(".cm-mark").all_inner_texts() == ["@lyon", LINK, "#VéloCargo", "#famille"]
    assert first.get_by_role("heading").inner_text() == "Publication 1\u00a0: Thématique 2"
    # The second, with the keyboard alone: from the last field of the first, it is the next one.
    first.get_by_label("Texte alternatif").press("Tab")
    keys = posts.page.keyboard
    keys.press("Space")
    keys.press("Tab")
    keys.type("Inst")
    keys.press("Tab")
    keys.type("15 mars")
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowRight")
    keys.press("ArrowRight")  # a video
    keys.press("Tab")
    keys.type("Dimanche, la ville se traverse à vélo. Réservez votre essai, lien dans la bio. #velo <script>alert(1)</script>")
    keys.press("Tab")
    keys.type("Réservez votre essai")
    keys.press("Tab")
    keys.type("Un vélo cargo traverse un pont")
    keys.press("Tab")
    keys.type("2")
    keys.press("Tab")
    second.get_by_text("15 mars 2026").first.wait_for()
    second.get_by_text("changez sa durée").wait_for()  # three seconds at least, on Instagram
    assert "<script>alert(1)</script>" in second.locator(".cm-mock-text").inner_text()
    second.get_by_label("Durée de la vidéo").fill("45 s")
    second.get_by_label("Durée de la vidéo").press("Tab")
    second.get_by_text("7 règles respectées sur 7").wait_for()
    second.get_by_text("▶ Vidéo (durée : 45 s) : Un vélo cargo traverse un pont").wait_for()
    card(posts, "2-5").get_by_text("2 publications remplies.").wait_for()
    photograph(card(posts, "2-5"), "deux-posts")
    # Annuler, then the next morning.
    card(posts, "2-5").get_by_role("button", name="Annuler").click()
    second.get_by_text("changez sa durée").wait_for()
    assert second.get_by_label("Durée de la vidéo").input_value() == "2"
    posts.restart(EXERCISES)
    posts.run_all(EXERCISES)
    first.get_by_text("6 règles respectées sur 6").wait_for()
    assert first.get_by_label("Texte", exact=True).input_value() == TEXT
    assert second.locator(".cm-mock-picture").inner_text().startswith("▶ Vidéo")
    stored = kept(posts, "2.5")
    assert isinstance(stored, dict) and stored["r2.network"] == "instagram" and stored["r2.seconds"] == "2"


def test_a_post_too_long_is_told_and_a_dead_kernel_loses_nothing(posts: Lab) -> None:
    first = post(posts, 1)
    fill(first, "X (Twitter)", "Venez nombreux dimanche à vélo ! " * 10 + "Réservez votre essai")
    first.get_by_text("raccourcissez de 70").wait_for()
    first.locator(".cm-counters .cm-error").get_by_text("Signes : 350 sur 280").wait_for()
    first.get_by_label("Texte alternatif").fill("image image image")
    first.get_by_text("répète un seul mot").wait_for()
    photograph(first, "trop-long")
    first.get_by_label("Texte", exact=True).fill("très long " * 2000)
    first.locator(".cm-mock-text").get_by_text("(la suite n’est pas montrée)").wait_for()
    first.get_by_text("raccourcissez de").wait_for()
    saved(posts)
    posts.restart(EXERCISES)
    first.get_by_label("Texte", exact=True).fill(TEXT)
    assert first.locator(".cm-mock-text").inner_text() == TEXT
    first.get_by_label("Aucun", exact=True).check()
    assert not first.get_by_label("Texte alternatif").is_visible()
    posts.run_all(EXERCISES)
    saved(posts)
    stored = kept(posts, "2.5")
    assert isinstance(stored, dict) and stored["r1.text"] == TEXT and stored["r1.visual"] == "aucun"


def test_each_network_has_its_look_and_everybody_can_use_the_card(posts: Lab) -> None:
    first = post(posts, 1)
    fill(first, "Facebook", f"Dimanche à vélo\n{TEXT}")
    shapes = set()
    for network in NETWORKS:
        first.get_by_label("Réseau", exact=True).select_option(network)
        first.get_by_text(f"Aperçu pour {network}").wait_for()
        first.get_by_text(f"Règles pour {network} au").wait_for()
        mock = first.locator(".cm-mock")
        boxes = [mock.locator(part).bounding_box() for part in (".cm-mock-picture", ".cm-mock-text")]
        assert boxes[0] and boxes[1]
        shape = boxes[0]["width"] / boxes[0]["height"]
        shapes.add((round(shape, 1), boxes[0]["y"] < boxes[1]["y"]))
        photograph(mock, f"apercu-{network.split()[0]}")
    assert shapes == {(1.9, False), (1.8, False), (0.8, True), (0.6, True), (1.8, True), (0.7, True)}
    assert serious_faults(posts.page) == []
    posts.page.set_viewport_size({"width": 700, "height": 900})  # the preview goes under the form
    form, aside = (first.locator(part).bounding_box() for part in (".cm-post-form", ".cm-post-seen"))
    assert form and aside and aside["y"] >= form["y"] + form["height"]
    posts.page.set_viewport_size({"width": 1300, "height": 1000})
    posts.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    posts.page.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    assert serious_faults(posts.page) == []
    first.get_by_label("Texte alternatif").fill("image image image")
    first.get_by_text("répète un seul mot").wait_for()
    assert serious_faults(posts.page) == []
    photograph(first, "sombre")
    photograph(post(posts, 2), "vide")
