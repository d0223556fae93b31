"""The command line as a person uses it: real commands on a real store, with nothing of the developer's environment."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path


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
