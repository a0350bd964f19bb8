"""Receipts: what one is worth against the files beside it, told when a deposit is tidied and again when the copy is graded."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cmlib.french import printable, write_datetime
from cmlib.tp.handin import RECEIPT_NAME, Receipt, read_receipt, safe_name
from cmlib.tp.identity import same
from cmlib.tp.sheet import read_regular, sources_in

CLOCK_MARGIN = timedelta(days=1)


def receipt_doubts(receipt: Receipt, files: Mapping[str, bytes], now: datetime) -> list[str]:
    """Return what does not fit between a receipt and the files of its copy, one French sentence each."""
    told = []
    if not receipt.matches(files):
        told.append("Le reçu ne correspond pas aux fichiers du dépôt : ils ont changé depuis, demandez à l’étudiant pourquoi.")
    if receipt.time > now + CLOCK_MARGIN:
        when = write_datetime(receipt.time.astimezone())
        told.append(f"Le reçu est daté du {when}, dans le futur : l’horloge du poste n’est pas fiable.")
    return told


def doubts_in(folder: Path, tp: str, student: str) -> list[str]:
    """Return what the receipt of a copy, if it has one, leaves in doubt.

    Parameters
    ----------
    folder
        The copy, as intake has admitted it.
    student
        Whose folder it is.
    """
    content = read_regular(folder / RECEIPT_NAME)
    if content is None:
        return []
    try:
        receipt = read_receipt(content)
    except ValueError:
        return ["Le reçu est illisible : rien ne dit quand cette copie a été déposée."]
    if receipt.tp != tp:
        return [f"Le reçu est celui du TP « {printable(receipt.tp)} » : vérifiez cette copie."]
    told = receipt_doubts(receipt, {source.name: source.content for source in sources_in(folder)}, datetime.now().astimezone())
    if not (same(receipt.student, student) or safe_name(receipt.student) == student):
        told.append(f"Le reçu est au nom de « {receipt.student} » : vérifiez de qui est cette copie.")
    return told
