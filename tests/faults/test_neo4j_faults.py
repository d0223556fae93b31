"""A server that cannot be used, drops out or is shared: an error with what to do, nothing half-written, no password shown."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from neo4j import Driver

from contents import read_all
from inputs import document, put, small_catalog, state
from kb.catalog import catalog
from kb.engines.neo4j import connection
from kb.engines.registry import open_engine
from kb.errors import StoreError
from kb.loading import loader
from server.fixtures import Address
from server.launch import Neo4jServer


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_says_nothing_cannot_be_reached(silent: str, scheme: str) -> None:
    assert connection.CONNECT_SECONDS < 5
    with pytest.raises(StoreError, match="cannot be reached") as raised:
        open_engine(f"{scheme}://{silent}", mode="read")
    assert raised.value.exit_code == 4


def test_a_wrong_password_names_the_variables(neo4j_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-secret")
    with pytest.raises(StoreError) as raised:
        open_engine(neo4j_store, mode="write")
    assert str(raised.value) == f"{neo4j_store}: the server does not know this user and password"
    assert raised.value.hint == "set NEO4J_USERNAME and NEO4J_PASSWORD"


def test_a_database_that_is_not_there_is_named_as_such(neo4j_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_DATABASE", "nosuch")
    with pytest.raises(StoreError, match="the server has no database of that name") as raised:
        open_engine(neo4j_store, mode="write")
    assert "NEO4J_DATABASE" in raised.value.hint


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_database_of_somebody_else_is_refused_and_left_alone(neo4j_store: str, neo4j_driver: Driver, mode: str) -> None:
    neo4j_driver.execute_query("CREATE (:Customer {id: 'x'})-[:OWNS]->(:Agent {id: 'hers'})")
    before = everything_in(neo4j_driver)
    with pytest.raises(StoreError) as raised:
        open_engine(neo4j_store, mode=mode)
    assert str(raised.value) == f"{neo4j_store}: the database holds nodes, but no base of ours"
    assert everything_in(neo4j_driver) == before


def everything_in(driver: Driver) -> list[dict[str, object]]:
    indexes = driver.execute_query("SHOW INDEXES YIELD name RETURN name ORDER BY name").records
    nodes = driver.execute_query("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties ORDER BY labels").records
    return [record.data() for record in (*indexes, *nodes)]


def test_a_base_of_a_newer_kb_is_refused(neo4j_store: str, neo4j_driver: Driver) -> None:
    neo4j_driver.execute_query("CREATE (:Base {id: 'kb', schema_version: 99, catalog_version: '1', fingerprint: 'x'})")
    with pytest.raises(StoreError, match="is of schema version 99; this kb knows versions up to"):
        open_engine(neo4j_store, mode="write")


def test_a_clearing_that_died_is_finished_by_the_next_write(neo4j_store: str, neo4j_driver: Driver, tmp_path: Path) -> None:
    neo4j_driver.execute_query("CREATE (:Base {id: 'kb'}), (:Agent {id: 'left-over', form: 'product'})")
    with open_engine(neo4j_store, mode="write") as engine:
        assert engine.base is None
        loader.load(engine, small_catalog(), put(tmp_path, {"a.yaml": document("a")}))
        assert [node.id for node in engine.nodes("Agent")] == ["a"]


def test_a_base_that_is_too_large_for_one_transaction_is_cleared_in_portions(neo4j_store: str, neo4j_driver: Driver) -> None:
    with open_engine(neo4j_store, mode="write") as engine:
        loader.load(engine, catalog(), [], seeds=True)
        neo4j_driver.execute_query("UNWIND range(1, 20000) AS n CREATE (:Agent {id: toString(n), form: 'product'})")
        engine.clear()
        assert engine.base is None
    assert neo4j_driver.execute_query("MATCH (n) RETURN count(n) AS nodes").records[0]["nodes"] == 0


def test_no_command_shows_the_password(neo4j_server: Address, neo4j_store: str, silent: str) -> None:
    secret = "hidden-from-everybody"
    wrong = {**os.environ, **neo4j_server.environment(), "NEO4J_PASSWORD": secret}
    stores = (neo4j_store, f"neo4j://neo4j:{secret}@127.0.0.1:1", f"neo4j://neo4j:{secret}@127.0.0.1:{secret}")
    for words in (*(["list", "agents", "--store", store] for store in stores), ["doctor", "--store", f"bolt://{silent}"]):
        command = [sys.executable, "-m", "kb", *words, "--verbose"]
        done = subprocess.run(command, env=wrong, capture_output=True, text=True, check=False)
        assert secret not in done.stdout + done.stderr
        assert done.returncode == 4, done.stderr


# ----------------------------------------------------------------------------------------------------------------------
# Servers that drop out, and writers that meet
# ----------------------------------------------------------------------------------------------------------------------


def agents(*names: str) -> dict[str, str]:
    return {f"{name}.yaml": document(name, body="threats: [{threat: owasp:T2}]\n") for name in names}


def loaded_alone(tmp_path: Path, paths: list[str]) -> object:
    """The state of an embedded base into which ``paths`` were loaded, and nothing went wrong."""
    with open_engine(str(tmp_path / "alone.db"), mode="write") as engine:
        loader.load(engine, small_catalog(), paths)
        return state(engine)


def test_a_server_that_drops_out_leaves_no_half_file_and_a_second_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_FILES", 10)
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    paths = put(tmp_path, agents(*(f"agent-{number:02}" for number in range(40))))
    with Neo4jServer.start() as server:
        address = Address(server.uri, server.user, server.password, None)
        for name, value in address.environment().items():
            monkeypatch.setenv(name, value)

        def drop(done: int, _total: int, _path: str) -> None:
            if done == 25:
                server.kill()

        with open_engine(server.uri, mode="write") as engine, pytest.raises(StoreError, match="cannot be reached"):
            loader.load(engine, small_catalog(), paths, progress=drop)
        server.restart()
        with open_engine(server.uri, mode="write") as engine:
            there = [node.id for node in engine.nodes("Agent")]
            assert there == [f"agent-{number:02}" for number in range(20)]
            assert len(read_all(engine).in_force) == 2 * len(there)  # ABOUT and FACES of each
            report = loader.load(engine, small_catalog(), paths).as_dict()
            assert (report["loaded"], report["unchanged"]) == (20, 20)
            assert state(engine) == loaded_alone(tmp_path, paths)


def test_writers_that_meet_work_out_again_what_they_write(
    neo4j_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "CHUNK_FILES", 1)
    first, second = put(tmp_path, agents("a", "b", "c", "d")), put(tmp_path, agents("e", "f", "g", "h"))
    reports = []

    def write(paths: list[str]) -> None:
        with open_engine(neo4j_store, mode="write") as engine:
            reports.append(loader.load(engine, small_catalog(), paths).as_dict()["loaded"])

    threads = [Thread(target=write, args=[paths]) for paths in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reports == [4, 4]
    with open_engine(neo4j_store, mode="read") as engine:
        assert state(engine) == loaded_alone(tmp_path, first + second)
