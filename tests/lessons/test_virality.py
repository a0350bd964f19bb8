"""Sharing on both sides of R = 1, checked by chains drawn at random; Bass's curve."""

import numpy as np

from cmlib.lessons.demos import virality
from tests.lessons.helpers import every, one


def test_every_bound_draws() -> None:
    every(virality.chain, (0.0, 0.95, 1.0, 1.05, 2.0), (1.0, 2.0, 50.0))
    every(virality.adoption, (0.5, 10.0), (0.0, 60.0))


def test_total_below_the_threshold_is_that_of_chains_drawn_at_random() -> None:
    luck = np.random.default_rng(7)
    sizes = []
    for _ in range(4000):
        living = total = 5
        while living:
            living = int(luck.poisson(0.75 * living))
            total += living
        sizes.append(total)
    said, sentence = one(virality.chain, 0.75, 5.0)
    assert "20 partages en tout" in sentence and "20 partages en tout" in said
    assert abs(np.mean(sizes) - 20) < 1


def test_doubling_is_told() -> None:
    sentence = one(virality.chain, 0.9, 20.0)[1]
    assert "200 partages en tout" in sentence and "R vaut 0,95" in sentence
    assert "400 partages en tout" in one(virality.chain, 0.95, 20.0)[1]
    assert "Avec 1 personne au départ, elle compte en moyenne 1 partage en tout" in one(virality.chain, 0.0, 1.0)[1]


def test_extinction_above_the_threshold_is_that_of_chains_drawn_at_random() -> None:
    luck = np.random.default_rng(7)
    dead = 0
    for _ in range(3000):
        living = 1
        while 0 < living < 200:
            living = int(luck.poisson(1.5 * living))
        dead += living == 0
    assert abs(dead / 3000 - 0.42) < 0.03
    assert "s’éteint malgré tout 42 % du temps" in one(virality.chain, 1.5, 1.0)[1]
    assert "s’éteint malgré tout 1 % du temps" in one(virality.chain, 1.5, 5.0)[1]
    assert "moins d’une fois sur cent" in one(virality.chain, 2.0, 5.0)[1]


def test_at_the_threshold_the_chain_dies_without_a_mean() -> None:
    said, sentence = one(virality.chain, 1.0, 5.0)
    assert sentence.startswith("R = 1, juste le seuil") and "sans limite" in said and "100 %" in said


def test_bass_peaks_where_imitation_wins() -> None:
    peak = np.log(0.30 / 0.02) / 0.32
    assert f"culmine en semaine {round(peak)} ;" in one(virality.adoption, 2.0, 30.0)[1]
    alone = 1 - np.exp(-0.05 * virality.WEEKS)
    said, sentence = one(virality.adoption, 5.0, 0.0)
    assert "décroît dès le lancement" in sentence and f"{100 * alone:.1f}".replace(".", ",") in sentence
    assert "pas de sommet" in said
    assert "culmine en semaine" in one(virality.adoption, 0.5, 60.0)[1]
