"""What a row of a reference table may hold: known ids, dates and hours as written there, numbers within bounds, a source.

A row is a dict of texts by French column, as in the file. Each check yields French sentences that name the file, the line
and the column; `cmlib.references.load` refuses the table with the first one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise

from cmlib.french import printable, untypeset

NETWORK_IDS = ("facebook", "instagram", "tiktok", "linkedin", "snapchat", "youtube", "x", "pinterest")
"""Networks of the kit, in the order of `cmlib.networks.NETWORKS` (which has their names)."""

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

RULES = (
    *("caracteres", "caracteres_titre", "caracteres_description", "caracteres_abonnes_payants", "caracteres_par_lien"),
    *("hashtags", "video_min_s", "video_max_s", "shorts_max_s", "story_max_s"),
)

NUMERIC = {"valeur", "age_min", "age_max", "part", "effectif", "minimum", "maximum"}
NUMERIC |= {"taux", "hausse", "beta", "theta_min", "theta_max"}

_UNSAID = ("non précisé",)
_ALLOWED = {  # by column
    "reseau": (*NETWORK_IDS, "viadeo", "tous"),
    "jour": WEEKDAYS,
    "regle": RULES,
    "rubrique": ("objectif", "conseil", "outil"),
    "critere": ("age", "sexe"),
    "fiabilite": ("normale", "faible"),
    "indicateur": ("CPM", "CPC", "CPL", "CTR", "CVR"),
    "denominateur": ("abonnés", "impressions", "portée", *_UNSAID),
}
_UNITS = {  # by table; elsewhere (preuves, modele) a unit is free
    "audiences": (
        *["personnes", "comptes", "contenus", "cœurs", "fraction", "ans", "minutes", "heures", "rang", "réseaux"],
        *_UNSAID,
    ),
    "cadences": ("publications par semaine",),
    "couts": ("US$", "€", "fraction"),
    "regles": ("caractères", "hashtags", "secondes"),
}
_FRACTIONS = {"part", "taux", "beta", "theta_min", "theta_max"}
_SHARES_OF_A_NETWORK = {"ctr", "portee_organique", "engagement", "memorisation"}  # parameters of the table simulateur
_RANGES = (("minimum", "maximum"), ("theta_min", "theta_max"), ("age_min", "age_max"), ("depuis", "jusqua"))
_UNIQUE = {"cadences": ("reseau",), "modele": ("parametre",), "simulateur": ("reseau", "parametre")}
_SEXES = ("femmes", "hommes")
_PEOPLE = (15, 99)  # ages that the population must cover: those of `cmlib.targets`

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)
_LEAST_LETTERS = 3  # of an origin

Row = tuple[int, Mapping[str, str]]
"""Line of the file, and cells by French column."""


def normal(text: str) -> str:
    """Return a text fit for comparison: accents in one sign, plain spaces, no capital.

    Examples
    --------
    >>> normal("Hypothe\u0300se")
    'hypothèse'
    """
    return unicodedata.normalize("NFC", untypeset(text)).casefold()


def is_rival(note: str) -> bool:
    """Tell whether a row gives the value of another source, kept beside the one that holds.

    Examples
    --------
    >>> is_rival("Autre source : 60 selon d’autres"), is_rival("depuis 2017")
    (True, False)
    """
    return normal(note).startswith("autre source")


def source_problem(place: str, year: str, source: str, note: str) -> str | None:
    """Say why a row has no source; None if it has one (see `cmlib.references.problems`).

    Examples
    --------
    >>> source_problem("portee.csv, ligne 2", "2011", "Insee", "")
    """
    hypothesis = normal(source).startswith("hypothèse")
    if sum(map(str.isalpha, source)) < _LEAST_LETTERS:
        return f"{place}, colonne « origine » : dites d’où vient la valeur, ou écrivez « hypothèse »."
    years = [int(found) for found in _YEAR.findall(year)]
    if years and max(years) > date.today().year:
        return f"{place}, colonne « annee » : {max(years)} n’est pas encore là ; corrigez l’année."
    if not (years or hypothesis or (normal(year) == "inconnue" and "à dater" in normal(note))):
        rule = "donnez l’année, ou écrivez « inconnue » ici et « à dater » en remarque"
        return f"{place}, colonne « annee » : {rule}, ou commencez l’origine par « hypothèse »."
    return None


def table_problems(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """Say in French what is wrong in a reference table, line by line; then, if its lines are right, between its lines.

    Parameters
    ----------
    name
        The table's name.
    rows
        Its rows, all with every column of the table.

    Examples
    --------
    >>> row = {"reseau": "facebok", "hausse": "0.5", "annee": "2023", "origine": "Gupta Media", "remarque": ""}
    >>> next(table_problems("saison", [(2, row)]))[:60]
    'saison.csv, ligne 2, colonne « reseau » : « facebok » n’est '
    """
    if not rows:
        yield f"{name}.csv : la table n’a aucune ligne sous son en-tête ; ajoutez-en une, ou réinstallez le kit."
    found = [sentence for line, row in rows for sentence in _row_problems(f"{name}.csv, ligne {line}", name, row)]
    yield from found
    if found:
        return
    yield from _repeated(name, rows)
    if name == "cadences":
        yield from (
            f"cadences.csv : il manque la ligne du réseau « {network} » ; ajoutez-la, avec son origine."
            for network in sorted(set(NETWORK_IDS) - {row["reseau"] for _, row in rows})
        )
    if name == "regles":
        yield from _rival_rules(rows)
    if name == "population":
        yield from _population_gaps(rows)


def _row_problems(place: str, name: str, row: Mapping[str, str]) -> Iterator[str]:
    found = [*_word_problems(place, name, row), *_number_problems(place, name, row)]
    yield from found or _range_problems(place, row)
    unsourced = source_problem(place, row["annee"], row["origine"], row["remarque"])
    if unsourced:
        yield unsourced


def _word_problems(place: str, name: str, row: Mapping[str, str]) -> Iterator[str]:
    allowed = dict(_ALLOWED) | ({"unite": _UNITS[name]} if name in _UNITS else {})
    if name == "cadences":
        allowed["reseau"] = NETWORK_IDS
    for column in allowed.keys() & row.keys():
        if row[column] not in allowed[column]:
            yield f"{place}, colonne « {column} » : {_said(row[column])} n’est pas prévu ; écrivez {', '.join(allowed[column])}."
    if row.get("critere") == "sexe" and row["groupe"] not in _SEXES:
        yield f"{place}, colonne « groupe » : {_said(row['groupe'])} n’est pas prévu ; écrivez {', '.join(_SEXES)}."
    if name == "preuves" and row["unite"] in ("", "%"):
        yield f"{place}, colonne « unite » : écrivez l’unité ; une part s’écrit « fraction », entre 0 et 1."
    for column in ("debut", "fin"):
        if column in row and not _HOUR.fullmatch(row[column]):
            yield f"{place}, colonne « {column} » : {_said(row[column])} n’est pas une heure ; écrivez HH:MM, par exemple 09:00."
    for column in ("depuis", "jusqua"):
        if row.get(column) and not _is_iso(row[column]):
            advice = "écrivez AAAA-MM-JJ, par exemple 2025-12-01 (dans un tableur, donnez à la colonne le format texte)"
            yield f"{place}, colonne « {column} » : {_said(row[column])} n’est pas une date ; {advice}."


def _number_problems(place: str, name: str, row: Mapping[str, str]) -> Iterator[str]:
    for column in sorted(NUMERIC & row.keys()):
        cell, where = row[column], f"{place}, colonne « {column} »"
        ageless = column in ("age_min", "age_max") and row.get("critere") == "sexe"
        if ageless and cell:
            yield f"{where} : un groupe par sexe n’a pas d’âge ; videz la cellule."
        elif not ageless and not _NUMBER.fullmatch(cell):
            yield f"{where} : {_said(cell)} n’est pas un nombre (chiffres sans espace, point pour la décimale) ; corrigez-le."
        elif cell and float(cell) < 0:
            yield f"{where} : « {cell} » est négatif ; corrigez la valeur."
        elif cell and float(cell) > 1 and _is_fraction(name, column, row):
            yield f"{where} : « {cell} » dépasse 1 ; une part s’écrit entre 0 et 1 (35 % s’écrit 0.35)."
        elif column == "effectif" and float(cell) == 0:
            yield f"{where} : un groupe a au moins une personne ; corrigez la valeur."


def _is_fraction(name: str, column: str, row: Mapping[str, str]) -> bool:
    unit = row.get("unite") == "fraction" and column in ("valeur", "minimum", "maximum")
    return column in _FRACTIONS or name == "portee" or unit or (name == "simulateur" and row["parametre"] in _SHARES_OF_A_NETWORK)


def _range_problems(place: str, row: Mapping[str, str]) -> Iterator[str]:
    for low, high in _RANGES:
        if row.get(low) and row.get(high):
            upside_down = row[low] > row[high] if low == "depuis" else float(row[low]) > float(row[high])
            if upside_down:
                yield f"{place} : « {low} » ({row[low]}) dépasse « {high} » ({row[high]}) ; inversez les deux."


def _repeated(name: str, rows: Sequence[Row]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        key = tuple(row[column] for column in _UNIQUE.get(name, ()))
        if key and key in seen:
            twice = f"{_said(', '.join(key))} figure deux fois"
            yield f"{name}.csv, lignes {seen[key]} et {line} : {twice} ; gardez une seule des deux lignes."
        seen.setdefault(key, line)


def _rival_rules(rows: Sequence[Row]) -> Iterator[str]:
    """Refuse two rules of a network that hold on a same day, none of them marked as that of another source."""
    held = [(line, row) for line, row in rows if not is_rival(row["remarque"])]
    for (line, row), (other, rival) in combinations(held, 2):
        same = (row["reseau"], row["regle"]) == (rival["reseau"], rival["regle"])
        last, first = min(row["jusqua"] or "9", rival["jusqua"] or "9"), max(row["depuis"], rival["depuis"])
        if same and first <= last:
            advice = "fermez l’une (« jusqua ») ou commencez une remarque par « autre source »"
            what = f"{row['regle']} pour {row['reseau']}"
            yield f"regles.csv, lignes {line} et {other} : deux règles {what} valent un même jour ; {advice}."


def _population_gaps(rows: Sequence[Row]) -> Iterator[str]:
    """Refuse a population whose ages overlap or leave a hole, or where a sex is missing: shares of it would be wrong."""
    ages = sorted((float(row["age_min"]), float(row["age_max"]), line) for line, row in rows if row["critere"] == "age")
    for (_, end, line), (start, _, other) in pairwise(ages):
        if start != end + 1:
            yield f"population.csv, lignes {line} et {other} : les âges se recouvrent ou laissent un trou ; corrigez les bornes."
    if not ages or ages[0][0] > _PEOPLE[0] or ages[-1][1] < _PEOPLE[1]:
        yield f"population.csv : les âges doivent couvrir {_PEOPLE[0]} à {_PEOPLE[1]} ans ; complétez les lignes « age »."
    if sorted(row["groupe"] for _, row in rows if row["critere"] == "sexe") != list(_SEXES):
        yield "population.csv : il faut une ligne « femmes » et une ligne « hommes » de critère « sexe » ; corrigez-les."


def _is_iso(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _said(cell: str) -> str:
    shown = printable(cell)
    return f"« {shown if len(shown) <= 40 else f'{shown[:39]}…'} »" if cell else "une cellule vide"
