"""What `nbgrader_config.py` sets: one call, so that a course folder of any trainer needs two lines."""

from traitlets.config import Config


def configure(c: Config) -> None:
    """Set nbgrader up for answer sheets.

    Parameters
    ----------
    c
        The configuration that ``get_config()`` returns in ``nbgrader_config.py``.
    """
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "exercises"
    c.CourseDirectory.solution_directory = "corriges"  # « solution » beside « solutions » would confuse everybody

    # Before nbgrader copies a file: links, special files and whatever is not an answer are put aside.
    c.Autograde.pre_convert_hook = "cmlib.grading.intake.before_nbgrader"
    # The submitted notebook is thrown away here: Rebuild returns the release notebook, with the answers beside it.
    # ClearOutput and DeduplicateIds have nothing left to clean.
    c.Autograde.sanitize_preprocessors = [
        "cmlib.grading.rebuild.Rebuild",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",  # restores the hidden tests from the gradebook
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        "cmlib.grading.execute.ExecuteLocked",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        # With the scores just saved, since nbgrader's own step passes over task cells; before what a late copy loses is
        # computed from their sum.
        "cmlib.grading.tasks.SettleTasks",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # Only the trainer's cells run: what they write to stderr is a library's warning, never a student's failure.
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = r"(?s).*"

    c.GenerateFeedback.exporter_class = "cmlib.grading.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["cmlib.grading.feedback.GetVerdicts"]

    # zip_collect keeps only notebooks by default: the sheets would be lost.
    c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json", ".txt"]

    c.ClearSolutions.code_stub = {"python": "# Votre réponse ici\nraise NotImplementedError()"}
    c.ClearSolutions.text_stub = "Votre réponse ici"
    c.OverwriteCells.missing_cell_notification = "Cette cellule ({cell_id}) manquait dans la copie : elle a été remise.\n\n"
    c.Validator.changed_warning = "CELLULES MODIFIÉES : ces cellules de correction ne sont plus celles du TP."
    c.Validator.failed_warning = "CORRECTION EN ERREUR : ces cellules ont échoué."
    c.Validator.passed_warning = "Tout s’exécute sans erreur."
