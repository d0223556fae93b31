"""A Neo4j server of our own for as long as a block runs: ``with Neo4jServer.start() as server: …``."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from server.jars import LOCK, cached_jars

START_SECONDS = 240
"""How long a server may take to start before it is given up: ten times what a busy machine with two cores needs."""


class ServerError(Exception):
    """Raised when a server did not start; the message ends with what it said."""


class Neo4jServer:
    """A Neo4j server in a process of its own, on 127.0.0.1, with an empty database that goes when the server does."""

    uri: str
    """Where it listens, ``bolt://127.0.0.1:PORT``; ``neo4j://`` works as well."""
    user: str
    """Who may log in."""
    password: str
    """Made for this server alone."""
    pid: int
    """The process that is the server."""
    home: Path
    """Its data, and its logs in ``logs/``."""

    def __init__(self, lock: Path, java_options: Sequence[str]) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="kb-neo4j-"))
        self._command = [sys.executable, "-m", "server.process", "--lock", str(lock), "--home", str(self.home)]
        self._command += [f"--java-option={option}" for option in java_options]
        self._port = 0

    @classmethod
    @contextmanager
    def start(cls, lock: Path = LOCK, java_options: Sequence[str] = ()) -> Iterator[Self]:
        """A server that answers, made of the jars that a lock names; it ends with the block.

        Java compiles for a quick start; what is to be measured wants ``-XX:TieredStopAtLevel=4`` among the options.
        """
        cached_jars(lock)
        server = cls(lock, java_options)
        try:
            server._launch()
            yield server
        finally:
            server._end()

    def kill(self) -> None:
        """End the server abruptly, as a failing machine would."""
        self._process.kill()
        self._process.communicate()

    def restart(self) -> None:
        """Start the server that was killed again: the same data, port and password."""
        self._launch()

    def _launch(self) -> None:
        command = [*self._command, "--port", str(self._port)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        with tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,  # what ends a whole group leaves it the time to clear up: it ends with its input
            )
            too_long = threading.Timer(START_SECONDS, self._process.kill)
            too_long.daemon = True
            too_long.start()
            ready = self._process.stdout.readline()
            too_long.cancel()
            if not ready:
                self._process.communicate()
                said.seek(0)
                raise ServerError(f"the Neo4j server did not start: {said.read().decode(errors='replace')[-4000:]}")
        self._remember(json.loads(ready))

    def _remember(self, ready: dict[str, str]) -> None:
        self.uri, self.user, self.pid = ready["uri"], ready["user"], self._process.pid
        self.password = Path(ready["password_file"]).read_text(encoding="utf-8")
        self._port = int(self.uri.rpartition(":")[2])

    def _end(self) -> None:
        self._process.communicate()  # closes its input, which ends it
        shutil.rmtree(self.home, ignore_errors=True)
