"""Expert answers to TP 2, from the student's own tables, and a planning that keeps every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import combinations, count, cycle

from pydantic import JsonValue

from cmlib.authoring.experts.cells import row_cells
from cmlib.authoring.tp2_checks import AS_MUCH_AS_ALL, ENOUGH_OF_THEM
from cmlib.cases import Case
from cmlib.french import write_number, write_quantity
from cmlib.funnel import FORWARD, bottleneck, one_point_gains, passages_from_counts
from cmlib.networks import NETWORKS, cadence
from cmlib.planning import Entry
from cmlib.planning_coverage import Theme, within
from cmlib.planning_texts import texts_of
from cmlib.posts import UNCLICKABLE
from cmlib.segments import index_100, segment
from cmlib.texts import plain
from cmlib.tp.network_tables import monthly_use
from cmlib.tp.personas import age_groups
from cmlib.tp.plannings import to_line

NAMES = ("Camille", "Dominique", "Claude")
BRIEF = {"instagram": "c", "facebook": "a", "linkedin": "d"}
LEADS = {
    "attirer": ("l1", "l5", "l8", "l12", "l17"),
    "convertir": ("l3", "l9", "l15", "l16", "l19"),
    "conclure": ("l2", "l6", "l10", "l13", "l18"),
    "fideliser": ("l4", "l7", "l11", "l14", "l20"),
}
LEVER = {"prospect": "convertir", "client": "conclure", "ambassadeur": "fideliser"}
THEMES = (
    ("les gestes du quotidien", "Un geste simple, montré en une minute", "visibilite", "reach"),
    ("les visages de la maison", "Voici qui vous répond et pourquoi", "engagement", "comments"),
    ("vos questions, nos réponses", "Vous demandez, nous répondons sans détour", "opinion", "positive_share"),
    ("les rendez-vous de l’année", "Retenez la date et venez nous voir", "performance", "visits"),
)
REASON = "l’enquête montre que ce groupe y est plus que les autres, et le brief veut le toucher"
FIRST_DAY, WEEKS = date(2026, 1, 5), 26
WEEKLY = {
    "facebook": ((3, "13:00", 1), (5, "15:00", 1), (6, "15:00", 1), (2, "09:00", 2)),
    "instagram": ((1, "12:00", 1), (5, "17:00", 1)),
    "linkedin": ((1, "09:00", 1), (3, "12:30", 1)),
    "tiktok": ((2, "18:00", 1), (5, "18:00", 1)),
    "snapchat": ((2, "22:00", 1), (5, "22:00", 1)),
    "youtube": ((4, "18:00", 1),),
    "x": ((0, "12:00", 1), (2, "12:00", 1), (4, "12:00", 1)),
    "pinterest": ((3, "20:00", 1), (6, "20:00", 1)),
}
"""When an expert posts on each network: weekday, hour, every how many weeks."""
TYPES = ("conseil pratique", "témoignage", "question", "vidéo", "promotion", "interview")


def tp2(case: Case) -> dict[str, JsonValue]:
    """Return the expert answers to TP 2, by exercise."""
    targets = age_groups(case.survey, NAMES)
    chosen = _networks(case, targets)
    themes = [Theme(name, targets[rank]["name"], (network,)) for (name, *_), (rank, network) in zip(THEMES, chosen, strict=False)]
    return {
        "2.0": {
            "lignes": "r1 r2 r3",
            **{key: text for rank, cells in enumerate(targets, start=1) for key, text in row_cells(f"r{rank}", **cells).items()},
        },
        "2.1": {**_panorama(case)},
        "2.2": {**_themes(chosen)},
        "2.3": {lever: step for step, levers in LEADS.items() for lever in levers},
        "2.3b": {**_funnel(case)},
        "2.4": {**dict(zip((f"p{rank}" for rank in count(1)), map(_line, planning(case, themes)), strict=False))},
        "2.5": {"lignes": "r1 r2", **_post("r1", themes[0], POSTS[0]), **_post("r2", themes[1], POSTS[1])},
        "2.6": {"ordre": "s2 s6 s4 s7 s1 s3 s5"},
    }


def planning(case: Case, themes: Sequence[Theme]) -> list[Entry]:
    """Return half a year of publications that serve themes, at the advised times, around the brand's highlights."""
    types, entries = cycle(TYPES), []
    for network in dict.fromkeys(network for theme in themes for network in theme.networks):
        turn = cycle([theme for theme in themes if network in theme.networks])
        days = [
            (FIRST_DAY + timedelta(weeks=week, days=weekday), time.fromisoformat(hour))
            for week in range(WEEKS)
            for weekday, hour, every in WEEKLY[network]
            if week % every == 0
        ]
        for rank, (day, at) in enumerate(sorted(days), start=1):
            theme, kind = next(turn), next(types)
            entries.append(
                Entry(
                    title=f"{kind.capitalize()} (n° {rank})",
                    networks=(network,),
                    day=day,
                    at=at,
                    type=kind,
                    objective="visibilité",
                    market="français, France",
                    persona=theme.persona,
                    keywords=(theme.name.replace(",", ""),),
                    call_to_action="Dites-nous en commentaire",
                    tags=("#maison",),
                    writing_due=day - timedelta(days=5),
                    approval_due=day - timedelta(days=2),
                )
            )
    entries.sort(key=lambda entry: entry.moment)
    return _around(entries, within(case.highlights, entries[0].day, entries[-1].day))  # type: ignore[arg-type]


def _around(entries: list[Entry], events: Mapping[str, tuple[date, date]]) -> list[Entry]:
    """Name each highlight in the last publication before it, all those during it, and the first one after it."""
    named: dict[int, list[str]] = {}
    for name, (first, last) in events.items():
        before = [rank for rank, entry in enumerate(entries) if entry.day < first][-1:]
        during = [rank for rank, entry in enumerate(entries) if first <= entry.day <= last]
        after = [rank for rank, entry in enumerate(entries) if entry.day > last][:1]
        for rank in (*before, *during, *after):
            named.setdefault(rank, []).append(name.replace(",", ""))
    return [
        replace(entry, keywords=(*entry.keywords, *named[rank])) if rank in named else entry for rank, entry in enumerate(entries)
    ]


def _line(entry: Entry) -> str:
    return to_line(texts_of(entry))


def _networks(case: Case, targets: Sequence[Mapping[str, str]]) -> list[tuple[int, str]]:
    """Choose, for four themes, a target and a network where it is: two networks at most, that the team can sustain."""
    fit = []
    for rank, target in enumerate(targets):
        low, high = (int(word) for word in target["age"].split() if word.isdigit())
        table = index_100(case.survey, segment(case.survey, {"age": (low, high)}), "reseaux")
        uses = {plain(str(answer)): row for answer, row in table.iterrows()}
        for network, name in NETWORKS.items():
            row = uses.get(plain(name))
            if row is not None and row["index"] >= AS_MUCH_AS_ALL and row["share"] >= ENOUGH_OF_THEM:
                fit.append((rank, network))
    known = {network for _, network in fit}
    own = [network for network in case.brand.networks if network in known]
    order = [*own, *sorted(known - set(own))]
    most = case.brand.team.posts_a_week - 0.5  # three and a half posts a week are four, one week in two
    pairs = [pair for pair in combinations(order, 2) if sum(cadence(network)[0] for network in pair) <= most]
    kept = [place for place in fit if place[1] in (pairs[0] if pairs else order[:1])]
    return [kept[place % len(kept)] for place in range(len(THEMES))]


def _panorama(case: Case) -> dict[str, str]:
    main = case.brand.main_network
    change = 17 / 12 - 1 if main == "instagram" else 13.3 / 20.4
    return {
        "usage": write_quantity(monthly_use()[main], "%", 1),
        "calcul": write_quantity(change, "%", 1),
        "brief": BRIEF[main],
        "arcom": "d",
        "ages": "b",
    }


def _themes(chosen: Sequence[tuple[int, str]]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for place, ((name, message, goal, kpi), (rank, network)) in enumerate(zip(THEMES, chosen, strict=True), start=1):
        answers |= row_cells(
            f"t{place}",
            thematique=name,
            cible=f"r{rank + 1}",
            message=message,
            objectif=goal,
            kpi=kpi,
            reseau=network,
            pourquoi=REASON,
        )
    return answers


def _funnel(case: Case) -> dict[str, str]:
    counts = case.funnel_counts
    passages = passages_from_counts(counts)
    gains = one_point_gains(passages, "ambassadeur", visitors=counts["visiteur"])
    answers = {LEVER[end]: write_quantity(passages[start][end], "%", 2) for start, end in FORWARD.items()}
    answers |= {f"gain{rank}": write_number(gain, 1) for rank, gain in enumerate(gains.values(), start=1)}
    return answers | {"goulot": LEVER[bottleneck(passages).end]}


POSTS = (
    ("Le geste du jour, avec @la.maison.des.voisins : une minute, et c’est fait.", "Essayez ce soir", "#gestesimple"),
    ("Chaque samedi, quelqu’un de l’équipe raconte sa semaine, sans apprêt ni secret.", "Posez votre question", "#coulisses"),
)
"""Beginning of each post, its call to action, its hashtag."""


def _post(row: str, theme: Theme, written: tuple[str, str, str]) -> dict[str, str]:
    (network,), (opening, call, hashtag) = theme.networks, written
    link = "le lien est dans notre profil" if network in UNCLICKABLE else "tout est sur exemple.org/essai"
    return row_cells(
        row, theme=row.replace("r", "t"), network=network, day="12/03/2026", visual="image", call=call,
        text=f"{opening} {call}, {link}. {hashtag}",
        alt="Deux mains règlent une sangle sur un établi en bois",
    )  # fmt: skip
