"""The one exception whose message a person reads."""

import errno


class Explained(Exception):
    """A problem told in one French sentence: what, where, what to do.

    The command line prints the sentence alone; a notebook shows it without a traceback.
    """

    def __str__(self) -> str:
        from cmlib.french import typeset  # french raises these exceptions: it cannot be imported before them

        return typeset(super().__str__())

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the sentence instead of a traceback."""
        return [f"⚠ {self}"]


class InvalidInput(Explained, ValueError):
    """An argument that a function of the model refuses."""


_REASONS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    getattr(errno, "EDQUOT", -1): "quota de disque atteint",
    errno.ENOENT: "introuvable",
    errno.EISDIR: "un dossier est à la place d’un fichier",
    errno.ENOTDIR: "un fichier est à la place d’un dossier",
    errno.EEXIST: "un fichier est à la place d’un dossier",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "lien qui tourne en rond",
}


def reason(error: OSError) -> str:
    """Say in French why a file could not be read or written."""
    return _REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
