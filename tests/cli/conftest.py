"""The command line as a person uses it: real commands on a real store, with nothing of the developer's environment."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[1] / "assets" / "cli"
SNAPSHOTS = Path(__file__).parent / "snapshots"
AGENTS = ("harbor.yaml", "lantern.yaml")


@dataclass(frozen=True)
class Done:
    """What a command left behind; the folder and the fingerprint of the base are replaced."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in ``folder``, each as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, **env: str) -> Done:
        """The command ``kb`` with ``words``, its output piped."""
        with self.start(words, env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate(timeout=60)
        return Done(process.returncode, self.scrubbed(out), self.scrubbed(err))

    def in_terminal(self, columns: int, *words: str, **env: str) -> Done:
        """The same in a terminal of so many columns, which shows both outputs together."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        with self.start(words, {"TERM": "xterm-256color", **env}, stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            shown = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        return Done(process.returncode, self.scrubbed(shown.replace(b"\r\n", b"\n")), "")

    def into_closed_pipe(self, *words: str) -> Done:
        """The same where the reader of standard output goes away before anything is written."""
        with self.start(words, {}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.close()
            err = process.stderr.read()
        return Done(process.returncode, "", self.scrubbed(err))

    def start(self, words: tuple[str, ...], env: dict[str, str], **how: object) -> "subprocess.Popen[bytes]":
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        scrubbed = {**kept, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error", **env}
        return subprocess.Popen([sys.executable, "-m", "kb", *words], cwd=self.folder, env=scrubbed, **how)

    def scrubbed(self, text: bytes) -> str:
        plain = text.decode().replace(str(self.folder), "@@ROOT@@")
        return re.sub(r'("base": "|base: )[0-9a-f]{64}', r"\1@@BASE@@", plain)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says when the other end is closed
        return b""


@pytest.fixture
def kb(tmp_path: Path) -> CommandLine:
    """The command line in an empty folder."""
    return CommandLine(tmp_path)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line beside a store that holds harbor and lantern; for commands that write nothing into it."""
    command_line = CommandLine(tmp_path_factory.mktemp("loaded"))
    for name in AGENTS:
        (command_line.folder / name).write_bytes((ASSETS / name).read_bytes())
    assert command_line("load", *AGENTS) == Done(0, "", "2 loaded\n")
    return command_line


@pytest.fixture
def asset(kb: CommandLine) -> Callable[[str], str]:
    """Copies a file of ``tests/assets/cli`` beside the command line and gives its name."""

    def copy(name: str) -> str:
        (kb.folder / name).write_bytes((ASSETS / name).read_bytes())
        return name

    return copy


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Holds a whole output against ``tests/cli/snapshots/<name>.txt``; ``UPDATE_SNAPSHOTS=1`` writes what is new there."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
