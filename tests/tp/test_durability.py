"""What the page has confirmed survives: kill -9, two writers, a full disk, a read-only folder, corruption, restarts.

Counts are small here and large under « make soak ».
"""

import json
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cmlib.errors import Explained
from cmlib.tp import answers as answers_module
from cmlib.tp.answers import BACKUP_NAME, SHEET_NAME, read_sheet, resolve
from cmlib.tp.sheet import AnswerSheet, NotSaved, sources_in
from tests.conftest import SOAK

# Saves as fast as it can, and says each confirmed save on its standard output, as the page shows « enregistré ».
WRITER = """
import sys
from pathlib import Path
from cmlib.tp.sheet import AnswerSheet
sheet = AnswerSheet.open(Path(sys.argv[1]), "tp1")
number = int(sys.argv[2])
while True:
    sheet.save("1.1", {"n": str(number)})
    print(number, flush=True)
    number += 1
"""


@pytest.mark.posix
def test_kill_nine_loses_no_confirmed_answer(folder: Path) -> None:
    """Killed at random moments, many times over the same folder."""
    kills, number = (1000 if SOAK else 12), 0
    chance = random.Random(20261121)
    for _ in range(kills):
        command = [sys.executable, "-c", WRITER, str(folder), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            confirmed = [int(writer.stdout.readline()) for _ in range(chance.randint(1, 12))]
            writer.send_signal(signal.SIGKILL)
            confirmed += [int(line) for line in writer.stdout.read().split()]
        reopened = AnswerSheet.open(folder, "tp1")
        assert reopened.notices == []
        value = reopened.value("1.1")
        assert isinstance(value, dict)
        # The killed save may have reached the disk before it was said: one more, never one less.
        assert int(str(value["n"])) in (confirmed[-1], confirmed[-1] + 1)
        number = int(str(value["n"])) + 1


TWO_HUNDRED = """
import sys
from pathlib import Path
from cmlib.tp.sheet import AnswerSheet
sheet = AnswerSheet.open(Path(sys.argv[1]), "tp1")
for number in range(200):
    sheet.save_entries("1.1", {f"{sys.argv[2]}-{number}": "oui"})
"""


def test_two_processes_of_two_hundred_saves_keep_four_hundred(folder: Path) -> None:
    commands = [[sys.executable, "-c", TWO_HUNDRED, str(folder), name] for name in ("a", "b")]
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    kept = AnswerSheet.open(folder, "tp1").sheet.answers["1.1"]
    assert isinstance(kept.value, dict)
    assert len(kept.value) == 400
    assert kept.revision == 400


UNPRIVILEGED = """
import os, sys, tempfile
from pathlib import Path
from cmlib.tp.sheet import AnswerSheet, NotSaved
with tempfile.TemporaryDirectory() as warm:  # everything is imported while root may still read the library
    AnswerSheet.open(Path(warm), "tp1").save("1.1", "é")
    str(NotSaved("essai"))
if os.geteuid() == 0:  # root ignores permissions: become somebody who does not
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sheet = AnswerSheet.open(Path(sys.argv[1]), "tp1")
try:
    sheet.save("1.1", {"n": "nouveau"})
except NotSaved as error:
    print("refus", error)
else:
    print("enregistré")
print(sheet.value("1.1"))
"""


def as_somebody_else(folder: Path) -> str:
    """Save as a user without rights."""
    command = [sys.executable, "-c", UNPRIVILEGED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that another user can reach."""
    path = tmp_path_factory.mktemp("public")
    for parent in [path, *path.parents]:
        if parent.owner() == path.owner() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    return path


@pytest.mark.posix
def test_a_read_only_folder_is_said_and_keeps_what_was_there(public: Path) -> None:
    AnswerSheet.open(public, "tp1").save("1.1", {"n": "avant"})
    (public / ".reponses.lock").chmod(0o644)
    public.chmod(0o555)
    said = as_somebody_else(public)
    assert said.startswith("refus Non enregistré")
    assert "accès refusé" in said
    assert "{'n': 'avant'}" in said


@pytest.mark.posix
def test_a_sheet_that_cannot_be_read_is_never_replaced(public: Path) -> None:
    sheet = AnswerSheet.open(public, "tp1")
    sheet.save("1.1", {"n": "avant"})
    (public / BACKUP_NAME).unlink()
    (public / ".reponses.lock").unlink()
    (public / SHEET_NAME).chmod(0o600)
    public.chmod(0o777)
    before = (public / SHEET_NAME).read_bytes()
    said = as_somebody_else(public)
    assert said.startswith("refus Non enregistré")
    assert (public / SHEET_NAME).read_bytes() == before


@pytest.mark.posix
def test_a_full_disk_is_said_and_keeps_what_was_there(folder: Path) -> None:
    """The real refusal of a system call, by a limit on the size of files."""
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom cmlib.tp.sheet import AnswerSheet, NotSaved\n"
        "sheet = AnswerSheet.open(Path(sys.argv[1]), 'tp1')\nsheet.save('1.1', 'avant')\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "try:\n    sheet.save('1.1', 'x' * 50_000)\nexcept NotSaved as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Non enregistré")
    assert AnswerSheet.open(folder, "tp1").value("1.1") == "avant"
    assert not list(folder.glob(".cmlib-*"))


def test_fuzzed_sheets_give_no_traceback(folder: Path) -> None:
    """A sheet bitten, cut, doubled or scrambled opens, saves, and what is read is what was valid."""
    sheet = AnswerSheet.open(folder, "tp1")
    for number in range(6):
        sheet.save(f"1.{number}", {"a": "é" * 20, "n": str(number)})
    sound = (folder / SHEET_NAME).read_bytes()
    chance = random.Random(20261121)
    for _ in range(2000 if SOAK else 300):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            kind = chance.randrange(4)
            at = chance.randrange(len(data))
            if kind == 0:
                data[at] = chance.randrange(256)
            elif kind == 1:
                del data[at : at + chance.randint(1, 60)]
            elif kind == 2:
                data[at:at] = data[chance.randrange(len(data)) :][: chance.randint(1, 40)]
            else:
                data[at:at] = chance.choice([b"1e999", b"\\ud800", b"null", b"{", b'"', b"[[[[", b"\x00"])
            if not data:
                break
        (folder / SHEET_NAME).write_bytes(bytes(data))
        (folder / BACKUP_NAME).unlink(missing_ok=True)
        try:
            opened = AnswerSheet.open(folder, "tp1")
            opened.save("1.9", {"x": "y"})
        except (NotSaved, Explained):
            continue  # a sheet that says it is another TP's or a newer kit's: told in one sentence, left alone
        assert read_sheet((folder / SHEET_NAME).read_bytes(), "tp1").answers["1.9"].value == {"x": "y"}
        for aside in folder.glob("reponses.abime-*.json"):
            aside.unlink()


def test_an_older_schema_migrates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day schema 2 renames a field, sheets of schema 1 are read through the migration and written anew."""
    AnswerSheet.open(folder, "tp1").save("1.1", "ancien")
    monkeypatch.setattr(answers_module, "SCHEMA", 2)

    def rename(data: dict[str, object]) -> dict[str, object]:
        return {**data, "answers": {f"ex-{name}": record for name, record in dict(data["answers"]).items()}}  # type: ignore[call-overload]

    monkeypatch.setattr(answers_module, "MIGRATIONS", {1: rename})
    sheet = AnswerSheet.open(folder, "tp1")
    assert sheet.value("ex-1.1") == "ancien"
    sheet.save("ex-1.5", "nouveau")
    written = json.loads((folder / SHEET_NAME).read_text(encoding="utf-8"))
    assert written["schema"] == 2
    assert set(written["answers"]) == {"ex-1.1", "ex-1.5"}


class Sessions(RuleBasedStateMachine):
    """Edits, restarts and corruptions in any order: the last confirmed value of each answer is never lost.

    At most one of the two files is damaged at a time, as a disk or a synchronised folder does.
    """

    @initialize(base=st.just(None))
    def start(self, base: None) -> None:
        import tempfile

        self.folder = Path(tempfile.mkdtemp(prefix="cmlib-"))
        self.sheets = [AnswerSheet.open(self.folder, "tp1")]
        self.confirmed: dict[str, object] = {}

    @rule(name=st.sampled_from(["1.1", "1.5"]), value=st.text("abé%", max_size=4), tab=st.integers(0, 3))
    def edit(self, name: str, value: str, tab: int) -> None:
        self.sheets[tab % len(self.sheets)].save(name, value)
        self.confirmed[name] = value

    @rule()
    def open_another_tab(self) -> None:
        self.sheets.append(AnswerSheet.open(self.folder, "tp1"))

    @rule()
    def restart(self) -> None:
        self.sheets = [AnswerSheet.open(self.folder, "tp1")]

    @rule(which=st.sampled_from([SHEET_NAME, BACKUP_NAME]), damage=st.sampled_from([b"", b"\xff", b"{", b"null", None]))
    def damage(self, which: str, damage: bytes | None) -> None:
        path = self.folder / which
        other = self.folder / (BACKUP_NAME if which == SHEET_NAME else SHEET_NAME)
        if path.exists() and other.exists() and not resolve(sources_in(self.folder), "tp1").incidents:
            path.unlink() if damage is None else path.write_bytes(damage)

    @rule()
    def leave_an_interrupted_write(self) -> None:
        (self.folder / f".cmlib-{SHEET_NAME}.99.tmp").write_bytes(b"{")

    @invariant()
    def nothing_confirmed_is_lost(self) -> None:
        if hasattr(self, "folder"):
            kept = AnswerSheet.open(self.folder, "tp1")
            assert {name: kept.value(name) for name in self.confirmed} == self.confirmed

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


Sessions.TestCase.settings = settings(max_examples=300 if SOAK else 15, stateful_step_count=20, deadline=None)
TestSessions = Sessions.TestCase
