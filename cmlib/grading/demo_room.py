"""Where the sample class works: sheets, notebooks and deposits made as students make them, by the kit's own functions."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import JsonValue

from cmlib.saving import strip_widgets
from cmlib.tp.answers import Answer, Sheet
from cmlib.tp.sheet import AnswerSheet

TP = "tp1"
SIT_DOWN = """
import os
os.chdir({folder!r})
os.environ.pop("JUPYTERHUB_USER", None)  # the trainer's, who may run this on a hub
"""
BUTTON = """
from cmlib.tp.handin import hand_in
print(hand_in(tp.sheet, list(tp._questions.values())).receipt, end="")
"""
"""What a click on « Préparer mon dépôt » runs in the kernel; it prints the code that the student keeps."""

Answers = Mapping[str, JsonValue]


class Room:
    """Where the class works: one kernel, where students sit one after the other, each with a folder of their own.

    Attributes
    ----------
    release
        The notebook that students receive.
    """

    def __init__(self, release: NotebookNode, home: Path, client: NotebookClient) -> None:
        self.release = release
        self._home = home
        self._client = client

    def work(self, student: str, answers: Answers) -> NotebookNode:
        """Answer, run every cell, and return the notebook as JupyterLab saves it, with its recaps."""
        folder = self._home / student
        folder.mkdir()
        self.answer(student, answers)
        worked = deepcopy(self.release)
        self._run(new_notebook(cells=[new_code_cell(SIT_DOWN.format(folder=str(folder)))]))
        self._run(worked)
        strip_widgets({"type": "notebook", "content": worked})
        return worked

    def answer(self, student: str, answers: Answers) -> None:
        """Save answers in the sheet of a student, as cards do."""
        sheet = AnswerSheet.open(self._home / student, TP)
        sheet.sign(student)
        for name, value in answers.items():
            sheet.save(name, value)

    def save(self, student: str, notebook: NotebookNode) -> None:
        """Save the notebook of a student."""
        write_notebook(self._home / student / f"{TP}.ipynb", notebook)

    def click(self) -> str:
        """Let whoever is working click on the button; return the code of the receipt."""
        done = self._run(new_notebook(cells=[new_code_cell(BUTTON)]))
        return str(done.cells[0].outputs[0].text)

    def zip_of(self, student: str) -> Path:
        """Return what the button wrote for a student."""
        return self._home / student / f"{student}__{TP}.zip"

    def _run(self, notebook: NotebookNode) -> NotebookNode:
        self._client.nb = notebook
        self._client.reset_execution_trackers()
        for index, cell in enumerate(notebook.cells):
            self._client.execute_cell(cell, index)
        return notebook


@contextmanager
def open_room(release: NotebookNode) -> Iterator[Room]:
    """Start the kernel of a class, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="cmlib-") as home:
        client = NotebookClient(release, timeout=120, kernel_name="python3", resources={"metadata": {"path": home}})
        client.extra_arguments = ["--Application.log_level=ERROR"]
        client.shutdown_kernel = "immediate"  # it has nothing to save
        with client.setup_kernel():
            yield Room(release, Path(home), client)


def make_sheet(answers: Answers, student: str, revision: int = 1) -> Sheet:
    """Return a sheet as a session would write it."""
    now = datetime.now(UTC)
    return Sheet(TP, student, {name: Answer(revision=revision, saved_at=now, value=value) for name, value in answers.items()})


def write_sheet(path: Path, answers: Answers, student: str) -> None:
    """Write a sheet as a session would."""
    path.write_bytes(make_sheet(answers, student).to_bytes())


def worked_notebook(release: NotebookNode, answers: Answers, student: str) -> NotebookNode:
    """Return the notebook as a session leaves it: run with these answers, so that its recaps carry them."""
    with open_room(release) as room:
        return room.work(student, answers)


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook as it is, even where it is no longer a sound one."""
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def rewrite_zip(zipped: Path, to: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Write a zip anew, with one of its files changed by hand."""
    with zipfile.ZipFile(zipped) as source:
        files = {each: source.read(each) for each in source.namelist()}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
        for each, content in files.items():
            target.writestr(each, change(content) if each == name else content)
