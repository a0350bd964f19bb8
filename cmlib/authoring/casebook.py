"""The trainer's view of the cases: who has which, and what is true of a student's."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from cmlib.authoring.brands.key import behind
from cmlib.cases import Case, case_study
from cmlib.errors import Explained
from cmlib.french import write_date, write_datetime, write_quantity
from cmlib.objectives import engagement_rate, share_of_voice
from cmlib.planning import longest_gap
from cmlib.stats import mcnemar, two_proportion_ztest
from cmlib.tp.identity import confused, read_class_list

SAID = {
    "mcnemar_only": "significatif par McNemar (le bon test : même panel), pas par la comparaison de deux proportions",
    "both": "significatif par les deux tests",
    "neither": "non significatif",
}
DEPARTURES = {"foreign_colours": "couleurs", "misplaced_logo": "logo", "refused_image": "image"}


def read_students(path: Path) -> list[str]:
    """Return the identifiers of a class list, checked.

    Raises
    ------
    Explained
        If the list cannot be read or is empty, or if two of its identifiers are one student for the kit.
    """
    if not path.is_file():
        raise Explained(f"« {path} » n’existe pas : donnez une liste de classe (CSV, colonne « identifiant »).")
    names = read_class_list(path)
    if not names:
        raise Explained(f"« {path.name} » ne contient aucun identifiant : il faut un CSV avec une colonne « identifiant ».")
    check_distinct(names, path.name)
    return names


def check_distinct(names: Sequence[str], where: str = "") -> None:
    """Check that no two identifiers are one student for the kit.

    Raises
    ------
    Explained
        If two are: the sentence names them.
    """
    groups = [" = ".join(group) for group in confused(names)]
    if groups:
        raise Explained(
            f"{f'« {where} » : ' if where else ''}{' ; '.join(groups)} sont le même étudiant pour le kit (ni accents, "
            "ni majuscules, ni espaces ne comptent). Donnez-leur des identifiants distincts."
        )


def who_has_what(students: Iterable[str]) -> str:
    """Return a table of the students and their brands, in French."""
    rows = [("Étudiant", "Marque", "Variante")]
    rows += [(student, case.name, f"{case.variant:02d}") for student, case in ((name, case_study(name, "")) for name in students)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def folder_name(student: str) -> str:
    """Return a name for a student's folder, safe on any system and inside the folder where it is made."""
    return re.sub(r"[^\w@-]+", "_", student).strip("_") or "etudiant"


def facts(student: str) -> list[tuple[str, str]]:
    """Return what is true of a student's case, traps included: for the trainer alone.

    Raises
    ------
    InvalidInput
        If the identifier is empty.
    """
    case = case_study(student, "")
    return [("Marque", f"{case.name}, variante {case.variant:02d}"), *_numbers(case), *_story(case)]


def _numbers(case: Case) -> list[tuple[str, str]]:
    posts, survey, others = case.main_posts, case.survey, case.competitors
    rivals = others[others["type"] == "concurrent"]["mentions"]
    before, after = survey["assistee_avant"], survey["assistee_apres"]
    won, lost = int((~before & after).sum()), int((before & ~after).sum())
    kept, never = int((before & after).sum()), int((~before & ~after).sum())
    same_panel = float(mcnemar([[kept, lost], [won, never]]).pvalue)
    two_samples = float(two_proportion_ztest([int(after.sum()), int(before.sum())], [len(survey)] * 2).pvalue)
    return [
        (
            f"Taux d’engagement par portée, {case.main_network}",
            f"{_percent(engagement_rate(posts))} (rapport des sommes) ; moyenne des taux : "
            f"{_percent(engagement_rate(posts, aggregate='mean_of_ratios'))}",
        ),
        (f"Plus long silence, {case.main_network}", f"{longest_gap(posts['published_at'])} jours"),
        (
            "Part de voix",
            f"{_percent(share_of_voice([len(case.mentions)], rivals))} ; avec les références, à tort : "
            f"{_percent(share_of_voice([len(case.mentions)], others['mentions']))}",
        ),
        (
            "Notoriété assistée",
            f"{_percent(float(before.mean()))} puis {_percent(float(after.mean()))} ({won} gagnés, {lost} perdus) ; McNemar : "
            f"p = {write_quantity(same_panel, '', 4).strip()} ; deux proportions, à tort : p = "
            f"{write_quantity(two_samples, '', 4).strip()}",
        ),
    ]


def _story(case: Case) -> list[tuple[str, str]]:
    known = behind(case)
    story = known.story
    boosted = next(post for post in known.posts if post.spend and post.theme != "campagne")
    off = [f"P{rank:03d} ({DEPARTURES[post.departure]})" for rank, post in enumerate(known.posts, start=1) if post.departure]
    return [
        ("Gain de notoriété", SAID[story.verdict]),
        ("Campagne payante", f"du {_day(story.campaign[0])} au {_day(story.campaign[1])}"),
        ("Crise", f"{story.crisis.summary} Publication du {_moment(story.cause)}"),
        ("Début et pic de la crise", f"{_day(story.start)} et {_day(story.peak)} ; réponse le {_moment(story.reply)}"),
        ("Semaine sans mesure", f"celle du {_day(story.missing_week)}"),
        ("Publication sponsorisée parmi les ordinaires", f"{_moment(boosted.moment)}, thème {boosted.theme}"),
        ("Visuels hors charte", ", ".join(off)),
    ]


def _percent(share: float) -> str:
    return write_quantity(share, "%")


def _day(day: date) -> str:
    return write_date(day)


def _moment(moment: datetime) -> str:
    return write_datetime(moment)
