"""Expert answers to TP 1, from the student's own tables."""

from itertools import pairwise

from pydantic import JsonValue

from cmlib.authoring.brands.key import boxes, families
from cmlib.authoring.experts.cells import row_cells
from cmlib.authoring.tp1_checks import BARRIERS, MOST_NETWORKS, SMALLEST
from cmlib.cases import Case
from cmlib.cases.dashboard import Reading
from cmlib.french import write_number, write_quantity
from cmlib.objectives import engagement_rate, share_of_voice
from cmlib.planning import longest_gap
from cmlib.segments import OVERREPRESENTED, Members, dominant, index_100, segment, share
from cmlib.texts import plain

GOALS = (("1", "commentaires", 1.3, "30/06/2026"), ("2", "cac", 0.8, "15 décembre 2026"))
TARGETS = ("Nora", "Basile", "Jeanne")
QUOTED = {"forces": "abonnes", "faiblesses": "conversion", "opportunites": "attente1", "menaces": "concurrent1"}
VALUE = """Aux familles de la ville qui manquent de temps, la marque apporte un service simple, proche et testé, que ses clients
recommandent : le brief le prouve, avec ses chiffres de l’année."""
PLACE = """Face à {rival}, plus suivi mais plus lointain, {brand} est la marque que l’on rencontre, qui répond vite et qui montre
ses gens, pour la cible de la première fiche."""
SCENARIO = """Le premier concurrent ouvre près de chez nous au printemps et offre un mois gratuit à nos abonnés, qui en parlent
dans leurs commentaires."""
PROCEDURE = """La personne chargée des réseaux le signale le jour même ; la direction choisit une réponse sous deux jours ;
l’équipe publie trois portraits de clients dans la semaine, puis mesure les départs."""
REMEDIES = (
    ("des publications irrégulières", "aucun calendrier partagé", "un planning d’un mois"),
    ("des réponses trop lentes", "personne n’en est chargé", "une permanence d’une heure par jour"),
    ("peu de visiteurs deviennent clients", "un parcours trop long", "un lien direct sous chaque post"),
)
AGES = (17, 24, 29, 34, 39, 44, 49, 54, 59, 64)
"""Ages at which an expert tries to cut the survey in two or three."""


def tp1(case: Case) -> dict[str, JsonValue]:
    """Return the expert answers to TP 1, by exercise."""
    posts = case.main_posts
    others = case.competitors
    rivals = others[others["type"] == "concurrent"]["mentions"]
    return {
        "1.1": {**families(case)},
        "1.2": {**_goals(case)},
        "1.3": {**_targets(case)},
        "1.4": {"valeur": VALUE, "place": PLACE.format(brand=case.name, rival=others["name"].iloc[0])},
        "1.5": {**boxes(case)},
        "1.6": {**_swot(case)},
        "1.6b": {"scenario": SCENARIO, "procedure": PROCEDURE},
        "1.7": {
            "engagement": write_quantity(engagement_rate(posts, by="reach"), "%", decimals=2),
            "silence": str(longest_gap(posts["published_at"])),
            "voix": write_quantity(share_of_voice([len(case.mentions)], rivals), "%", decimals=2),
        },
        "1.8": {"lignes": "r1 r2 r3", **_remedies()},
    }


def _remedies() -> dict[str, str]:
    cells = [
        row_cells(f"r{rank}", faiblesse=weakness, cause=cause, solution=solution)
        for rank, (weakness, cause, solution) in enumerate(REMEDIES, start=1)
    ]
    return {entry: text for row in cells for entry, text in row.items()}


def _typed(reading: Reading, value: float | None = None) -> str:
    amount = reading.value if value is None else value
    return write_quantity(amount, reading.unit) if reading.unit else write_number(amount)


def _goals(case: Case) -> dict[str, str]:
    answers = {"lignes": "r1 r2"}
    for (rank, name, change, day), row in zip(GOALS, ("r1", "r2"), strict=True):
        reading = case.dashboard[name]
        answers |= row_cells(
            row, rang=rank, famille=reading.family, kpi=name, depart=_typed(reading),
            cible=_typed(reading, round(reading.value * change, 2 if reading.unit else 0)), echeance=day,
        )  # fmt: skip
    return answers


def _swot(case: Case) -> dict[str, str]:
    readings = {**case.dashboard, **case.market}
    return {
        entry: text
        for box, name in QUOTED.items()
        for entry, text in row_cells(
            box, constat="Ce chiffre dit où en est la marque", indicateur=name, valeur=_typed(readings[name])
        ).items()
    }


def _targets(case: Case) -> dict[str, str]:
    """Cut the survey by age into groups of which each has a motivation and a barrier of its own."""
    ages = case.survey["age"].dropna()
    cuts = [int(ages.min()) - 1, *(age for age in AGES if ages.min() <= age < ages.max()), int(ages.max())]
    told = [(low + 1, high, _told(case, low + 1, high)) for low, high in pairwise(cuts)]
    told += [(low + 1, high, _told(case, low + 1, high)) for low, high in zip(cuts, cuts[2:], strict=False)]
    sound = [(low, high, cells) for low, high, cells in told if cells]
    chosen: list[tuple[int, int, dict[str, str]]] = []
    for low, high, cells in sound:
        if all(high < first or low > last for first, last, _ in chosen) and len(chosen) < 2:
            chosen.append((low, high, cells))
    answers = {"lignes": " ".join(f"r{rank}" for rank in range(1, len(chosen) + 1))}
    for rank, (low, high, cells) in enumerate(chosen, start=1):
        answers |= row_cells(f"r{rank}", name=TARGETS[rank - 1], age=f"{low} à {high} ans", **cells)
    return answers


def _told(case: Case, low: int, high: int) -> dict[str, str]:
    """Return the cells of a card for an age group; empty where the survey says too little of it."""
    survey = case.survey
    members = segment(survey, {"age": (low, high)})
    size, part = share(members)
    if size < SMALLEST:
        return {}
    motivations, barriers = _above(case, members, "motivations"), _above(case, members, *BARRIERS)
    if not motivations or not barriers:
        return {}
    return {
        "effectif": f"{size} personnes",
        "part": write_quantity(part, "%", 1),
        "situation": "vit et travaille dans la région de la marque",
        "networks": "; ".join(map(plain, dominant(survey, members, "reseaux", most=MOST_NETWORKS)[:2])),
        "expectations": plain(dominant(survey, members, "attentes", most=1)[0]),
        "dislikes": plain(dominant(survey, members, "aversions", most=1)[0]),
        "motivations": plain(motivations[0]),
        "barriers": plain(barriers[0]),
    }


def _above(case: Case, members: Members, *questions: str) -> list[str]:
    found = []
    for question in questions:
        index = index_100(case.survey, members, question)["index"]
        found += [str(answer) for answer in index.index[index > OVERREPRESENTED]]
    return found
