"""The tests empty only what is theirs, and a server that was named and is not there is no reason to pass."""

from collections.abc import Iterator

import pytest
from neo4j import Driver

from server.fixtures import MARKER, Address, address_of, claim, empty, is_ours, named_address
from server.launch import Neo4jServer


@pytest.fixture
def address(own_server: Neo4jServer) -> Address:
    return address_of(own_server)


@pytest.fixture
def driver(address: Address) -> Iterator[Driver]:
    """A driver to a database of nobody, which is ours again afterwards."""
    with address.driver() as connected:
        connected.execute_query("MATCH (n) DETACH DELETE n")
        connected.execute_query(f"DROP INDEX {MARKER} IF EXISTS")
        yield connected
        connected.execute_query("MATCH (n) DETACH DELETE n")
        claim(address)


def nodes(driver: Driver) -> list[list[str]]:
    return [record["labels"] for record in driver.execute_query("MATCH (n) RETURN labels(n) AS labels ORDER BY labels").records]


def test_an_empty_database_becomes_ours_once_and_for_all(address: Address, driver: Driver) -> None:
    assert not is_ours(driver, None)
    claim(address)
    claim(address)
    assert is_ours(driver, None)
    assert nodes(driver) == []


def test_a_database_with_nodes_of_a_stranger_is_refused_and_left_alone(address: Address, driver: Driver) -> None:
    driver.execute_query("CREATE (:Customer)")
    with pytest.raises(PermissionError, match="not of these tests"):
        claim(address)
    with pytest.raises(PermissionError, match="does not carry the marker"):
        empty(driver, None)
    assert nodes(driver) == [["Customer"]]
    assert not is_ours(driver, None)


def test_what_tests_left_in_a_database_of_ours_is_emptied(address: Address, driver: Driver) -> None:
    claim(address)
    driver.execute_query("CREATE (:Agent)-[:TRUSTS]->(:Agent)")
    claim(address)
    empty(driver, None)
    assert nodes(driver) == []
    assert is_ours(driver, None)


def test_a_named_server_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    with pytest.raises(ConnectionError, match=r"the Neo4j at bolt://127\.0\.0\.1:1 does not let us in"):
        claim(named_address())


def test_a_named_server_with_another_password_is_an_error(address: Address) -> None:
    with pytest.raises(ConnectionError, match="does not let us in"):
        claim(address._replace(password="another"))


def test_the_environment_names_a_database_as_for_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    assert named_address() is None
    monkeypatch.setenv("NEO4J_URI", "neo4j://127.0.0.1:7687")
    assert named_address() == Address("neo4j://127.0.0.1:7687", "neo4j", "", None)
    monkeypatch.setenv("NEO4J_USER", "alias")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    monkeypatch.setenv("NEO4J_DATABASE", "tests")
    assert named_address() == Address("neo4j://127.0.0.1:7687", "alias", "secret", "tests")
    monkeypatch.setenv("NEO4J_USERNAME", "named")
    assert named_address().user == "named"
