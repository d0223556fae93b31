"""The server that the engine is tried on: it starts, guards itself and leaves nothing behind."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import AuthError, ServiceUnavailable

from server.jars import read_lock
from server.launch import Neo4jServer

PATIENCE_SECONDS = 60


def driver(server: Neo4jServer) -> Driver:
    return GraphDatabase.driver(server.uri, auth=(server.user, server.password))


def test_it_answers(own_server: Neo4jServer) -> None:
    with driver(own_server) as connected:
        assert connected.execute_query("RETURN 1 AS one").records[0].data() == {"one": 1}


def test_it_is_the_community_edition_that_the_lock_names(own_server: Neo4jServer, pytestconfig: pytest.Config) -> None:
    with driver(own_server) as connected:
        query = "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions, edition"
        (component,) = connected.execute_query(query).records
    (version,) = component["versions"]
    assert f"org/neo4j/neo4j/{version}/neo4j-{version}.jar" in read_lock(pytestconfig.getoption("neo4j_lock"))
    assert component["edition"] == "community"


def test_it_answers_a_client_that_asks_for_routes(own_server: Neo4jServer) -> None:
    uri = own_server.uri.replace("bolt://", "neo4j://")
    with GraphDatabase.driver(uri, auth=(own_server.user, own_server.password)) as connected:
        assert connected.execute_query("RETURN 1 AS one").records[0].data() == {"one": 1}


@pytest.mark.parametrize("password", ["neo4j", "password", ""])
def test_it_refuses_a_wrong_password(own_server: Neo4jServer, password: str) -> None:
    with GraphDatabase.driver(own_server.uri, auth=(own_server.user, password)) as connected, pytest.raises(AuthError):
        connected.verify_connectivity()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells the sockets of a process in files")
def test_it_listens_on_loopback_alone_and_talks_to_nobody(own_server: Neo4jServer) -> None:
    sockets = _tcp_sockets(own_server.pid)
    port = int(own_server.uri.rpartition(":")[2])
    assert ("127.0.0.1", port) in sockets
    assert {address for address, _ in sockets} == {"127.0.0.1"}


def test_its_data_survive_a_kill_and_nothing_survives_its_end() -> None:
    with Neo4jServer.start() as server:
        uri, home = server.uri, server.home
        with driver(server) as connected:
            connected.execute_query("CREATE (:Survivor {id: 1})")
        server.kill()
        with driver(server) as connected, pytest.raises(ServiceUnavailable):
            connected.verify_connectivity()
        server.restart()
        assert server.uri == uri
        with driver(server) as connected:
            assert connected.execute_query("MATCH (n) RETURN labels(n) AS labels, n.id AS id").records[0].data() == {
                "labels": ["Survivor"],
                "id": 1,
            }
    assert not home.exists()
    assert not _runs(server.pid)


def test_in_the_foreground_it_says_what_to_export_and_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "server"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        word, *assignments = starter.stdout.readline().split()
        said = dict(assignment.split("=", 1) for assignment in assignments)
        assert (word, list(said)) == ("export", ["NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD"])
        with GraphDatabase.driver(said["NEO4J_URI"], auth=(said["NEO4J_USERNAME"], said["NEO4J_PASSWORD"])) as connected:
            connected.verify_connectivity()
        starter.kill()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []
    with GraphDatabase.driver(said["NEO4J_URI"]) as connected, pytest.raises(ServiceUnavailable):
        connected.verify_connectivity()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _tcp_sockets(pid: int) -> set[tuple[str, int]]:
    """The local addresses and ports of all TCP sockets of a process."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since the directory was read
            inodes.add(os.readlink(descriptor))
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {_address(row[1]) for row in rows if f"socket:[{row[9]}]" in inodes}


def _address(encoded: str) -> tuple[str, int]:
    """``0100007F:1F90``, or the same mapped into IPv6, is 127.0.0.1 port 8080."""
    address, port = encoded.split(":")
    return ".".join(str(part) for part in reversed(bytes.fromhex(address[-8:]))), int(port, 16)
