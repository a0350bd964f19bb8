"""A papermill engine that runs the cells in this very process: no kernel to start, no message to pass.

Outputs and errors are those of the stock engine. A process runs one notebook, then ends: what a cell leaves behind
(options, modules, files open) must not reach the next notebook.
"""

import builtins
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager
from traitlets import Type
from traitlets.config import Config

BACKEND = "module://matplotlib_inline.backend_inline"


class Outputs:
    """What the cell being run shows, as a notebook keeps it."""

    def __init__(self) -> None:
        self.cell: list[NotebookNode] = []
        self.count = 0
        self._named: dict[str, list[NotebookNode]] = {}
        self._clear_next = False

    def start(self, cell: NotebookNode, count: int) -> None:
        """Show in a cell from now on; it has a number."""
        self.cell, self.count, self._clear_next = cell.outputs, count, False

    def add(self, output: NotebookNode, name: str | None = None) -> None:
        """Show something; what has a name may be replaced later."""
        if self._clear_next:
            self.clear()
        last = self.cell[-1] if self.cell else None
        if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
            last.text += output.text
            return
        self.cell.append(output)
        if name is not None:
            self.update(name, output)
            self._named.setdefault(name, []).append(output)

    def update(self, name: str, output: NotebookNode) -> None:
        """Replace what was shown under a name."""
        for shown in self._named.get(name, []):
            shown.update(data=output.data, metadata=output.metadata)

    def clear(self, wait: bool = False) -> None:
        """Forget what the cell has shown, now or when it shows something else."""
        self._clear_next = wait
        if not wait:
            self.cell.clear()


class _Stream(TextIOBase):
    """Standard output or error, kept in the cell."""

    encoding = "UTF-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    def write(self, text: str) -> int:
        if text:
            self._outputs.add(new_output("stream", name=self._name, text=text))
        return len(text)

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        output = new_output("display_data", data=json_clean(encode_images(data)), metadata=json_clean(metadata or {}))
        name = (transient or {}).get("display_id")
        if update and name is not None:
            self.shell.outputs.update(name, output)
        else:
            self.shell.outputs.add(output, name)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class _Results(DisplayHook):
    shell: Any

    def write_output_prompt(self) -> None:
        """Leave the prompt to the notebook."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        data, metadata = json_clean(encode_images(format_dict)), json_clean(md_dict or {})
        shown = new_output("execute_result", data=data, metadata=metadata, execution_count=self.shell.outputs.count)
        self.shell.outputs.add(shown)

    def finish_displayhook(self) -> None:
        """Write no end of line."""
        self._is_active = False


class Shell(InteractiveShell):
    """IPython without a terminal nor a kernel: what it shows goes into cells."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(XCachingCompiler)  # cells have the names that the stock kernel gives them

    def __init__(self, **settings: Any) -> None:
        self.outputs = Outputs()
        super().__init__(**settings)  # type: ignore[no-untyped-call]

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb))

    def init_sys_modules(self) -> None:
        """Make the notebook's own module the main one: undone by `_session`."""
        sys.modules[self.user_module.__name__] = self.user_module


@contextmanager
def _session() -> Iterator[Shell]:
    """Give a fresh shell, then put back everything it took over in the process."""
    kept = {name: getattr(sys, name) for name in ("stdout", "stderr", "displayhook", "excepthook")}
    names = ("display", "get_ipython", "_")
    main, known = sys.modules["__main__"], {name: vars(builtins)[name] for name in names if name in vars(builtins)}
    backend = os.environ.get("MPLBACKEND")
    os.environ.setdefault("MPLBACKEND", BACKEND)
    settings = Config({"HistoryManager": {"enabled": False}, "HistoryAccessor": {"enabled": False}})
    InteractiveShell.clear_instance()
    with tempfile.TemporaryDirectory(prefix="cmlib-") as folder:
        try:
            shell = Shell.instance(config=settings, ipython_dir=folder)
            sys.stdout, sys.stderr = _Stream(shell.outputs, "stdout"), _Stream(shell.outputs, "stderr")
            yield shell
        finally:
            for name, value in kept.items():
                setattr(sys, name, value)
            for name in names:
                vars(builtins).pop(name, None)
            vars(builtins).update(known)
            sys.modules["__main__"] = main
            if backend is None:
                os.environ.pop("MPLBACKEND", None)
            Shell.clear_instance()


def run_cell(shell: Shell, cell: NotebookNode) -> bool:
    """Run a cell; tell whether the notebook goes on."""
    if cell.cell_type != "code" or not cell.source.strip():
        return True
    cell.outputs = []
    cell.execution_count = shell.execution_count
    shell.outputs.start(cell, cell.execution_count)
    done = shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
    return bool(done.success) or "raises-exception" in cell.metadata.get("tags", [])


class InProcessEngine(Engine):  # type: ignore[misc]
    """Engine « cmlib »: ``papermill --engine cmlib``."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:
        """Run the cells in order, until one fails."""
        with _session() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                went_well = False
                try:
                    nb_man.cell_start(cell, index)
                    went_well = run_cell(shell, cell)
                    if not went_well:
                        nb_man.cell_exception(cell, cell_index=index)
                finally:
                    nb_man.cell_complete(cell, cell_index=index)
                if not went_well:
                    break
        version = ".".join(map(str, sys.version_info[:3]))
        nb_man.nb.metadata["language_info"] = {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
            "version": version,
        }
