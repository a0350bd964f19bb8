"""What a planning earns: its rules, which are no secret, each in proportion to the weeks that are filled."""

from collections.abc import Mapping
from datetime import timedelta

from cmlib.errors import Explained
from cmlib.french import plural
from cmlib.tp.marks import Criterion, Mark
from cmlib.tp.plannings import Planning
from cmlib.tp.questions import Question

RULES = {
    "horizon": "Horizon",
    "silences": "Aucun trou",
    "cadence": "Cadence de chaque réseau",
    "equipe": "Tenable par l’équipe",
    "creneaux": "Créneaux conseillés",
    "promotion": "Part de promotion",
    "varietes": "Types variés",
    "echeances": "Échéances internes",
    "thematiques": "Thématiques servies",
    "temps forts": "Temps forts couverts",
    "doublons": "Aucun doublon",
}
"""What each rule of `cmlib.planning_checks` is called."""

NO_OBJECT = {"creneaux": "Aucun créneau n’est conseillé pour ces réseaux.", "temps forts": "La marque n’a pas de temps fort."}
"""Rules that a planning may keep for want of anything to judge, and what is said then."""


def rules_kept(weights: Mapping[str, float]) -> Criterion:
    """Give the points of each rule that a planning keeps, in proportion to its weeks with a publication, of those asked for.

    Three publications break no rhythm and repeat no title: a short planning earns little, whatever the rule. Themes count one by
    one, and events moment by moment; the other rules are kept or not.

    Parameters
    ----------
    weights
        Points of each rule, by id (`RULES`).
    """
    if not weights or set(weights) - set(RULES):
        raise Explained(f"Une règle de planning est l’une de : {', '.join(RULES)}. Corrigez la cellule de correction.")
    total = sum(weights.values())

    def judge(question: Question, value: object) -> list[Mark]:
        if not isinstance(question, Planning):
            raise Explained(f"Exercice {question.id} : ce n’est pas un planning. Corrigez la cellule de correction.")
        entries = question.entries(value)
        if not entries:
            return [Mark(RULES[rule], 0, points, "Aucune publication complète.") for rule, points in weights.items()]
        found = {check.rule: check for check in question.checks(value)}
        asked = question.thresholds.weeks
        filled = min(len({entry.day - timedelta(days=entry.day.weekday()) for entry in entries}), asked)
        scale = f" Semaines avec une publication : {filled} sur {asked}." if filled < asked else ""
        marks = []
        for rule, points in weights.items():
            check = found.get(rule)
            if check is None and rule not in NO_OBJECT:
                marks.append(Mark(RULES[rule], 0, points, "Rien à juger : l’exercice dont cette règle dépend n’est pas rempli."))
                continue
            share, why = (check.share, check.sentence) if check else (1.0, NO_OBJECT[rule])
            marks.append(Mark(RULES[rule], points * share * filled / asked, points, f"{why}{scale}" if share else why))
        return marks

    def told(question: Question) -> str:
        weeks = question.thresholds.weeks if isinstance(question, Planning) else 0
        return f"chaque règle, à proportion des semaines qui ont une publication, sur {weeks} {plural(weeks, 'semaine')}"

    return Criterion(total, told, judge)
