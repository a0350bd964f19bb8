"""Rebuild: the graded copy is the release notebook, and the submission is nothing but answers."""

import json
import shutil
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from cmlib.errors import Explained
from cmlib.grading.course import Course
from cmlib.grading.identity import check_identity, owner_of
from cmlib.grading.intake import TIMESTAMP, admit
from cmlib.tp.answers import SHEET_NAME, Sheet, read_sheet
from cmlib.tp.sheet import replace_file, resolve_folder


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Replace the submitted notebook by the release one and write the validated sheet beside it.

    First of the sanitising chain. Whatever cells a student deleted, moved, duplicated, edited or forged are gone;
    nbgrader then restores the hidden tests from the gradebook. The graded folder keeps the trainer's files alone.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        tp, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        coursedir = self.parent.parent.coursedir
        course = Course(Path(coursedir.root))
        release = course.release_notebook(tp)
        # A second time where the hook has run; the first and only one where a configuration left the hook out.
        notes = admit(course.root, student, tp, release.read_bytes())
        found = resolve_folder(course.root / "submitted" / student / tp, tp)
        check_identity(course.root, tp, student, found.signatures)

        graded = Path(coursedir.format_path(coursedir.autograded_directory, student, tp))
        keep_only_trainer_files(graded, course.source_folder(tp))
        sheet = Sheet(tp, student, found.sheet.answers)
        incidents = [*notes, *found.incidents]
        if not sheet.answers:
            incidents.append("Cette copie ne contient aucune réponse.")
        elif not any(any(names) for names in found.signatures):
            incidents.append("Cette copie n’est pas signée : l’identifiant manque dans l’en-tête du TP.")
        owner = owner_of(student, found.signatures)
        if owner is None:
            incidents.append("Ces réponses portent sur plusieurs études de cas : elles sont notées sur celle de cet identifiant.")
        data = {**sheet.to_json(), "incidents": incidents, "lost": found.lost, "case": owner or student}
        content = (json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n").encode()
        if read_sheet(content, tp) != sheet:
            raise Explained(f"La feuille de « {student} » ne peut pas être récrite sans perte : demandez un nouveau dépôt.")
        replace_file(graded / SHEET_NAME, content)
        return nbformat.read(release, as_version=4), resources


def keep_only_trainer_files(graded: Path, source: Path) -> None:
    """Empty the graded folder of what the submission brought; nbgrader has already put the trainer's files there.

    The date of deposit stays: nbgrader compares it to know whether a newer copy has come.
    """
    graded.mkdir(parents=True, exist_ok=True)
    for path in sorted(graded.rglob("*"), reverse=True):
        twin = source / path.relative_to(graded)
        if path.is_dir() and not path.is_symlink():
            if not twin.is_dir():
                shutil.rmtree(path)
        elif path.suffix == ".ipynb" or path.is_symlink() or not (twin.is_file() or path.relative_to(graded) == Path(TIMESTAMP)):
            path.unlink()
