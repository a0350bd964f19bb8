"""Each kind of question, answered by mouse and by keyboard, restored after a restart of the kernel."""

import pytest

from tests.browser.conftest import EXERCISES as PATH
from tests.browser.conftest import Lab, card, kept, open_cells, serious_faults

pytestmark = pytest.mark.browser

CELLS = [
    "from cmlib.tp import open_tp\nfrom cmlib.tp.fields import *\ntp = open_tp('tp9')",
    "tp.write('1.4', title='Positionnement', points=2, fields={'valeur': TextField('Proposition de valeur', 5, 80), 'mot': "
    "TextField('En trois mots', 0, 3)}, statement='Deux phrases suffisent.')",
    "tp.dates('3.3', title='La crise', points=1, fields={'debut': MomentField('Premier jour de la vague', year=2025)})",
    "tp.choose('2.1', title='Réseaux', points=1, options={'fb': 'Facebook', 'x': 'X'}, several=True)",
    "tp.fill_in('3.1', title='Mélange', points=1, fields={'ton': ChoiceField('Tonalité', {'p': 'positive', 'n': 'négative'}), "
    "'age': RangeField('Âge', 'ans'), 'jours': ChoiceField('Jours', {str(n): f'le {n}' for n in range(1, 8)}), "
    "'reseaux': ChoiceField('Réseaux', {'fb': 'Facebook', 'x': 'X'}, several=True)})",
    "steps = {'c': 'Agir', 'a': 'Vérifier l’origine', 'd': 'Rendre compte', 'b': 'Reconnaître vite'}\n"
    "tp.order('2.6', title='Répondre à une critique', points=1, items=steps)",
]


@pytest.fixture
def kinds(jupyterlab: Lab) -> Lab:
    """A notebook with a question of each kind, all its cells run."""
    open_cells(jupyterlab, CELLS)
    card(jupyterlab, "2-6").wait_for()
    return jupyterlab


def steps(lab: Lab) -> list[str]:
    return card(lab, "2-6").locator(".cm-step-row .cm-item-text").all_inner_texts()


def test_a_text_is_saved_while_it_is_typed_and_comes_back(kinds: Lab) -> None:
    text = card(kinds, "1-4").get_by_label("Proposition de valeur")
    text.press_sequentially("Des vélos\npour aller")
    card(kinds, "1-4").get_by_text("4 mots (de 5 à 80 mots)").wait_for()
    card(kinds, "1-4").get_by_text("enregistré à").wait_for()  # without leaving the field
    assert kept(kinds, "1.4") == {"valeur": "Des vélos\npour aller"}
    text.press_sequentially(" à l’école, sans voiture")
    card(kinds, "1-4").get_by_label("En trois mots").fill("simple, sûr, gai")
    card(kinds, "1-4").get_by_text("Tout est rempli.").wait_for()
    kinds.restart(PATH)
    kinds.run_all(PATH)
    card(kinds, "1-4").get_by_text("Tout est rempli.").wait_for()
    assert (
        card(kinds, "1-4").get_by_label("Proposition de valeur").input_value() == "Des vélos\npour aller à l’école, sans voiture"
    )
    assert card(kinds, "1-4").get_by_label("En trois mots").input_value() == "simple, sûr, gai"


def test_a_day_is_typed_the_french_way(kinds: Lab) -> None:
    day = card(kinds, "3-3").get_by_label("Premier jour de la vague")
    day.fill("11 juillet")
    day.press("Tab")
    card(kinds, "3-3").get_by_text("compris : 11 juillet 2025").wait_for()
    day.fill("31/02/2025")
    day.press("Tab")
    card(kinds, "3-3").locator(".cm-message").get_by_text("Premier jour de la vague").wait_for()
    assert kept(kinds, "3.3") == {"debut": "31/02/2025"}


def test_steps_are_ordered_by_drag_by_arrows_and_by_buttons(kinds: Lab) -> None:
    exercise = card(kinds, "2-6")
    exercise.get_by_text("Déplacez les étapes").wait_for()
    exercise.locator(".cm-item-a").drag_to(exercise.locator(".cm-item-c"))
    exercise.get_by_text("Un ordre est donné.").wait_for()
    assert steps(kinds) == ["Vérifier l’origine", "Agir", "Rendre compte", "Reconnaître vite"]
    exercise.get_by_role("button", name="Monter : Reconnaître vite").press("ArrowUp")
    exercise.get_by_role("button", name="Monter : Reconnaître vite").press("ArrowUp")
    exercise.get_by_role("button", name="Descendre : Agir").click()
    exercise.get_by_role("button", name="Monter : Agir").click()
    exercise.get_by_text("enregistré à").wait_for()
    assert steps(kinds) == ["Vérifier l’origine", "Reconnaître vite", "Agir", "Rendre compte"]
    assert kept(kinds, "2.6") == {"ordre": "a b c d"}
    kinds.restart(PATH)
    kinds.run_all(PATH)
    exercise.get_by_text("Un ordre est donné.").wait_for()
    assert steps(kinds) == ["Vérifier l’origine", "Reconnaître vite", "Agir", "Rendre compte"]


def test_every_kind_can_be_used_by_everybody(kinds: Lab) -> None:
    assert serious_faults(kinds.page) == []
    kinds.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    kinds.page.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    assert serious_faults(kinds.page) == []
