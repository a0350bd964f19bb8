"""The command line: every command calls one function of the library.

The trainer's commands exist where the trainer's side is installed; the students' kit has ``cmlib lab`` alone.
"""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmlib import __version__
from cmlib.errors import Explained, reason
from cmlib.french import plural, typeset

if TYPE_CHECKING:
    from cmlib.grading.classroom import Outcome
    from cmlib.grading.course import Course

IS_TRAINER = importlib.util.find_spec("cmlib.grading") is not None and importlib.util.find_spec("nbgrader") is not None


_FRENCH = {
    r"\bINTEGER( RANGE)?\b": "N",
    r"\b(PATH|DIRECTORY)\b": "CHEMIN",
    r"\bFILE\b": "FICHIER",
    r"\[required\]": "[obligatoire]",
    r"\[(\d+)<=x<=(\d+)\]": "[de\u00a0\\1\u00a0à\u00a0\\2]",
}
"""What click writes of an option by itself."""


class FrenchFormatter(click.HelpFormatter):
    """Write click's own words in French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Utilisation : ")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Commands": "Commandes"}.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().write_dl([(_in_french(first), _in_french(second)) for first, second in rows], *args, **kwargs)


def _in_french(text: str) -> str:
    for word, french in _FRENCH.items():
        text = re.sub(word, french, text)
    return text


click.Context.formatter_class = FrenchFormatter


class FrenchGroup(click.Group):
    """Print a problem as one French sentence: exit code 1 for an explained one, 2 for a command line that is not understood."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return in_french(super().get_help_option(ctx))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except Explained as error:
            click.echo(f"⚠ {error}", err=True)
            sys.exit(1)
        except click.UsageError as error:
            help_command = f"{error.ctx.command_path if error.ctx else 'cmlib'} --help"
            click.echo(typeset(f"⚠ {told_in_french(error)} Tapez « {help_command} » pour l’aide."), err=True)
            sys.exit(2)
        except click.Abort:
            click.echo("Interrompu.", err=True)
            sys.exit(130)


class FrenchCommand(click.Command):
    """A command whose help option is described in French."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return in_french(super().get_help_option(ctx))


def in_french(option: click.Option | None) -> click.Option | None:
    """Describe click's help option in French."""
    if option is not None:
        option.help = "Affiche cette aide."
    return option


def told_in_french(error: click.UsageError) -> str:
    """Say in French what click did not understand."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"Il manque {(error.param.human_readable_name or '').upper()}."
    if isinstance(error, click.NoSuchOption):
        return f"L’option {error.option_name} n’existe pas."
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[0] if isinstance(error.param, click.Option) else error.param.human_readable_name.upper()
        kind = error.param.type
        if isinstance(kind, click.IntRange):
            return f"La valeur de {name} ne convient pas : il faut un nombre entier de {kind.min} à {kind.max}."
        if isinstance(kind, click.Path):
            wanted = "un dossier" if kind.dir_okay and not kind.file_okay else "un fichier" if not kind.dir_okay else "un chemin"
            return f"La valeur de {name} ne convient pas : il faut {wanted} qui existe et qui se lit."
        return f"La valeur de {name} ne convient pas : {error.message}"
    return "Cette commande n’existe pas." if "No such command" in error.message else f"Commande mal écrite : {error.message}"


@click.group(cls=FrenchGroup, help="TP de stratégie digitale et de community management.", subcommand_metavar="COMMANDE …")
@click.version_option(__version__, message="cmlib %(version)s", help="Affiche la version.")
def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console or a pipe may not be in UTF-8
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command(
    cls=FrenchCommand,
    help="Prépare le dossier de travail et ouvre JupyterLab sur l’accueil ; les autres options sont celles de JupyterLab.",
    context_settings={"ignore_unknown_options": True},
)
@click.option("--folder", "--dossier", type=click.Path(file_okay=False, path_type=Path), help="Dossier de travail.")
@click.option("--prepare-only", is_flag=True, help="Prépare le dossier sans ouvrir JupyterLab.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path | None, prepare_only: bool, options: tuple[str, ...]) -> None:
    from cmlib import lab as students_lab

    work = (folder or students_lab.default_folder()).resolve()
    copied = students_lab.prepare(work)
    click.echo(f"Dossier de travail : {work}" + (f" (ajouté : {', '.join(copied)})" if copied else ""))
    if not prepare_only:
        sys.exit(students_lab.open_lab(work, *options))


@main.group(
    cls=FrenchGroup, help="Rapports de scénarios : un par fichier YAML, puis leur comparaison.", subcommand_metavar="COMMANDE …"
)
def scenarios() -> None:
    """Leave the work to the commands of the group."""


@scenarios.command(
    "run",
    cls=FrenchCommand,
    help="Calcule le rapport de chaque scénario de DOSSIER, puis les compare ; ceux qui n’ont pas changé ne sont pas recalculés.",
)
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Dossier des rapports : neuf, vide, ou déjà à nous.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Scénarios à la fois ; par défaut, un par cœur.")
@click.option("--notebook", type=click.Path(path_type=Path), help="Votre carnet de rapport, à la place de celui du kit.")
@click.option(
    "--draws", type=click.IntRange(1, 10_000_000), help="Sans rapport : simule seulement, avec tant de tirages par scénario."
)
@click.option("--scheduler", metavar="ADRESSE", help="Ordonnanceur d’un cluster Dask, comme tcp://machine:8786.")
def run_scenarios(
    dossier: Path, out: Path, jobs: int | None, notebook: Path | None, draws: int | None, scheduler: str | None
) -> None:
    from cmlib.batch.processes import cores
    from cmlib.batch.runner import report_notebook, run_all, told

    if notebook and draws:
        raise Explained("« --draws » ne fait pas de rapport : retirez « --notebook », ou « --draws ».")
    report = report_notebook(notebook)

    with click.progressbar(length=1, label="Scénarios", file=sys.stderr) as bar:

        def counted(count: int) -> None:
            bar.length = count

        workers = jobs or cores()
        try:
            summary = run_all(dossier, out, workers, scheduler, report, draws or 0, counted=counted, went=lambda _: bar.update(1))
        except KeyboardInterrupt:
            message = "Interrompu : ce qui est fini est gardé ; relancez la même commande pour continuer."
            raise Explained(message) from None
    click.echo(told(summary))
    click.echo(typeset(f"Comparaison : {out / 'index.html'}"))
    if summary.failed:
        sys.exit(2)


@scenarios.command(
    "grid",
    cls=FrenchCommand,
    help="Écrit un scénario par combinaison des valeurs de la clé « grille » de FICHIER.",
)
@click.argument("fichier", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Dossier des scénarios : neuf, vide, ou déjà à nous.")
def grid_scenarios(fichier: Path, out: Path) -> None:
    from cmlib.batch.grid import expand

    files, left_out = expand(fichier, out)
    click.echo(typeset(f"{len(files)} {plural(len(files), 'scénario')} dans {out}."))
    if left_out:
        count = f"{len(left_out)} {plural(len(left_out), 'combinaison écartée', 'combinaisons écartées')}"
        click.echo(typeset(f"⚠ {count} ; la première : {left_out[0]}"), err=True)


def trainer_command(help: str, passes_options: bool = False) -> Callable[[Callable[..., None]], click.Command]:
    """Declare a command that acts on a course folder; hidden where the trainer's side is not installed."""

    def declare(function: Callable[..., None]) -> click.Command:
        folder = click.option(
            "--course",
            "root",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            default=".",
            help="Dossier du cours (celui de solutions/) ; par défaut, le dossier courant.",
        )
        command = click.command(cls=FrenchCommand, help=help, context_settings={"ignore_unknown_options": passes_options})(
            folder(function)
        )
        if IS_TRAINER:
            main.add_command(command)
        return command

    return declare


@trainer_command("Régénère la version étudiante des TP (exercises/) à partir de solutions/.")
@click.argument("tps", nargs=-1)
def release(root: Path, tps: tuple[str, ...]) -> None:
    course = _course(root)
    for tp in tps or course.tps():
        click.echo(f"{tp} → {course.release(tp).relative_to(course.root)}")


@trainer_command("Cherche dans les TP ce qui gênerait le jour du cours, sans rien modifier ; par défaut, dans tous.")
@click.argument("tps", nargs=-1)
def check(root: Path, tps: tuple[str, ...]) -> None:
    from cmlib.authoring.lint_run import check_tps

    found = check_tps(_course(root), tps, click.echo)
    if found:
        sys.exit(1)


@trainer_command("Range les dépôts téléchargés de Moodle (un dossier ou un zip) dans submitted/<identifiant>/<tp>/.")
@click.argument("tp")
@click.argument("source", type=click.Path(path_type=Path))
def deposits(root: Path, tp: str, source: Path) -> None:
    from cmlib.grading.deposits import unpack
    from cmlib.grading.report import deposit_table

    unpacked = unpack(_course(root), source, tp)
    click.echo(deposit_table(unpacked))
    if any(one.to_settle or not one.student for one in unpacked):  # refused, or disputed: somebody may have no copy here
        sys.exit(2)


@trainer_command("Imprime le barème d’un TP, critère par critère.")
@click.argument("tp")
@click.option("--student", metavar="ID", default="a.martin", help="Étudiant dont le cas sert d’exemple ; par défaut, a.martin.")
@click.option(
    "--html", "page", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path), help="Écrit aussi une page à imprimer."
)
def marking(root: Path, tp: str, student: str, page: Path | None) -> None:
    from cmlib.authoring.marking import marking_page, marking_text
    from cmlib.authoring.marking_run import read_marking

    table = read_marking(_course(root), tp, student)
    click.echo(marking_text(table))
    if page:
        try:
            page.write_text(marking_page(table), encoding="utf-8")
        except OSError as error:
            raise Explained(f"« {page} » n’a pas pu être écrit ({reason(error)}) : relancez avec un autre --html.") from error


@trainer_command("Écrit les chapitres du cours en pages à lire sans rien installer, dans build/site/.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Dossier des pages ; par défaut, build/site/.")
def site(root: Path, out: Path | None) -> None:
    from cmlib.authoring.site import build_site

    pages = build_site(root / "notebooks", out or root / "build" / "site", click.echo)
    click.echo(f"Site prêt : {pages[0]}")


@trainer_command("Note toutes les copies d’un TP (submitted/<identifiant>/<tp>/) et écrit les pages de retour.")
@click.argument("tp")
@click.argument("students", nargs=-1)
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Écrit aussi les notes dans ce fichier.")
def grade(root: Path, tp: str, students: tuple[str, ...], csv_file: Path | None) -> None:
    from cmlib.grading.classroom import grade_class, students_of
    from cmlib.grading.report import class_csv, class_table

    course = _course(root)
    count = len(students) or len(students_of(course, tp))
    with click.progressbar(length=count, label="Correction", file=sys.stderr) as bar:
        outcomes = grade_class(course, tp, students or None, graded=lambda _: bar.update(1))
    click.echo(class_table(outcomes, course.root))
    if csv_file:
        try:
            csv_file.write_text(class_csv(outcomes), encoding="utf-8", newline="")
        except OSError as error:
            raise Explained(f"« {csv_file} » n’a pas pu être écrit ({reason(error)}) : relancez avec un autre --csv.") from error
    _exit_if_something_is_left(outcomes)


@trainer_command("Accepte la copie d’un étudiant malgré le nom qu’elle porte, et la note.")
@click.argument("tp")
@click.argument("student")
def accept(root: Path, tp: str, student: str) -> None:
    from cmlib.grading.classroom import accept_identity
    from cmlib.grading.report import class_table

    course = _course(root)
    outcomes = [accept_identity(course, tp, student)]
    click.echo(class_table(outcomes, course.root))
    _exit_if_something_is_left(outcomes)


@trainer_command("Joue le cycle complet sur une classe d’exemple, dans build/demo/, et vérifie chaque note.")
def demo(root: Path) -> None:
    from cmlib.grading.demo import run_demo

    sys.exit(run_demo(_course(root), root.resolve() / "build" / "demo", click.echo))


@trainer_command("Régénère les tables des marques (datasets/).")
def datasets(root: Path) -> None:
    from cmlib.authoring.brands.build import write_datasets

    for path in write_datasets(root.resolve() / "datasets"):
        click.echo(path.relative_to(root.resolve()))


@trainer_command(
    "Dit quelle marque a chacun, d’après une liste de classe qu’il vérifie ; pour un seul, tout ce qui est vrai de son cas."
)
@click.argument("students", nargs=-1)
@click.option(
    "--list", "--liste", "listed", type=click.Path(path_type=Path), help="Liste de classe (CSV à colonne « identifiant »)."
)
@click.option("--to", "--vers", "folder", type=click.Path(path_type=Path), help="Écrit aussi brief et tables dans ce dossier.")
def cases(root: Path, students: tuple[str, ...], listed: Path | None, folder: Path | None) -> None:
    from cmlib.authoring.casebook import check_distinct, facts, folder_name, read_students, who_has_what
    from cmlib.cases import case_study

    names = [*students, *(read_students(listed) if listed else [])]
    if not names:
        raise Explained("Il manque un identifiant (cmlib cases a.martin) ou une liste de classe (cmlib cases --liste liste.csv).")
    check_distinct(names)
    if not listed and len(names) == 1:
        click.echo("\n".join(typeset(f"{title} : {text}") for title, text in facts(names[0])))
    else:
        click.echo(who_has_what(names))
    for name in names if folder else []:
        case_study(name, "").write(Path(folder or ".") / folder_name(name))


@trainer_command("Ouvre le Lab du formateur, où formgrader montre les copies notées.", passes_options=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def formgrader(root: Path, options: tuple[str, ...]) -> None:
    from cmlib import lab as trainers_lab

    course = _course(root)
    sys.exit(trainers_lab.open_formgrader(course.root, *options))


@trainer_command("Récrit environment.yml d’après requirements.lock.")
def environment(root: Path) -> None:
    from cmlib.authoring.environment import write_environment

    click.echo(write_environment(root.resolve()).name)


@trainer_command("Prépare dans build/kit/ ce que reçoivent les étudiants : le kit, sans les corrigés.")
def kit(root: Path) -> None:
    from cmlib.authoring.kit import build_kit

    click.echo(f"Kit prêt : {build_kit(root.resolve(), root.resolve() / 'build' / 'kit')}")


def _course(root: Path) -> "Course":
    from cmlib.grading.course import Course

    if not (root / "solutions").is_dir():
        raise Explained(
            f"« {root.resolve()} » n’est pas un dossier de cours (il n’a pas de « solutions ») : indiquez-le avec --course."
        )
    return Course(root)


def _exit_if_something_is_left(outcomes: "list[Outcome]") -> None:
    if any(outcome.needs_trainer for outcome in outcomes):
        sys.exit(2)
