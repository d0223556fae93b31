"""The Neo4j database that tests may fill and empty: the one that the environment names, or a server of our own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from server.jars import LOCK
from server.launch import Neo4jServer

MARKER = "tests_of_agent_threat_kb_may_empty_this_database"
"""The name of an index, which is there where the tests may delete every node. It is no node, so it is in nobody's way."""


class Address(NamedTuple):
    """Where a database is, and who may enter."""

    uri: str
    user: str
    password: str
    database: str | None
    """The name of the database; None for the user's home database."""

    def driver(self) -> Driver:
        """A driver, open until it is closed."""
        return GraphDatabase.driver(self.uri, auth=(self.user, self.password), notifications_min_severity="OFF")

    def environment(self) -> dict[str, str]:
        """The variables by which the ``kb`` command enters."""
        names = {"NEO4J_USERNAME": self.user, "NEO4J_PASSWORD": self.password, "NEO4J_DATABASE": self.database or ""}
        return {"NEO4J_URI": self.uri, **names}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--neo4j-lock", type=Path, default=LOCK, help="the jars of our own Neo4j server (default: %(default)s)")


@pytest.fixture(scope="session")
def own_server(request: pytest.FixtureRequest) -> Iterator[Neo4jServer]:
    """The one Neo4j server that this run starts, if any test asks for it."""
    with Neo4jServer.start(request.config.getoption("neo4j_lock")) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_server(request: pytest.FixtureRequest) -> Address:
    """A database that carries our marker: of ``NEO4J_URI`` where that is set (unreachable is an error), else our own."""
    address = named_address() or address_of(request.getfixturevalue("own_server"))
    claim(address)
    return address


@pytest.fixture(scope="session")
def neo4j_driver(neo4j_server: Address) -> Iterator[Driver]:
    """The way to the server past our engine, for the whole run."""
    with neo4j_server.driver() as driver:
        yield driver


@pytest.fixture
def neo4j_store(neo4j_server: Address, neo4j_driver: Driver, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server on which there is nothing but our marker; the environment says how to enter."""
    empty(neo4j_driver, neo4j_server.database)
    for name, value in neo4j_server.environment().items():
        monkeypatch.setenv(name, value)
    return neo4j_server.uri


def address_of(server: Neo4jServer) -> Address:
    """The database of a server of our own."""
    return Address(server.uri, server.user, server.password, None)


def named_address() -> Address | None:
    """What the environment names, with the variables of the ``kb`` command; None without ``NEO4J_URI``."""
    told = os.environ.get
    if not told("NEO4J_URI"):
        return None
    user = told("NEO4J_USERNAME") or told("NEO4J_USER") or "neo4j"
    return Address(told("NEO4J_URI", ""), user, told("NEO4J_PASSWORD", ""), told("NEO4J_DATABASE") or None)


def claim(address: Address) -> None:
    """Put our marker into an empty database; refuse one that holds nodes and no marker, which is somebody's."""
    try:
        with address.driver() as driver:
            driver.verify_connectivity()
            if not is_ours(driver, address.database):
                if _count(driver, address.database):
                    raise PermissionError(f"{address.uri} holds nodes that are not of these tests: name an empty database")
                query = f"CREATE INDEX {MARKER} FOR (n:TestMarker) ON (n.id)"
                driver.execute_query(query, database_=address.database)
    except (DriverError, Neo4jError) as error:
        raise ConnectionError(f"the Neo4j at {address.uri} does not let us in: {error}") from error


def is_ours(driver: Driver, database: str | None) -> bool:
    """Whether the database carries our marker."""
    query = "SHOW INDEXES YIELD name WHERE name = $name"
    return bool(driver.execute_query(query, name=MARKER, database_=database).records)


def empty(driver: Driver, database: str | None) -> None:
    """Delete every node and relation of a database that carries our marker; constraints and indexes stay."""
    if not is_ours(driver, database):
        raise PermissionError("the database does not carry the marker of these tests")
    driver.execute_query("MATCH (n) DETACH DELETE n", database_=database)


def _count(driver: Driver, database: str | None) -> int:
    return driver.execute_query("MATCH (n) RETURN count(n) AS nodes", database_=database).records[0]["nodes"]
