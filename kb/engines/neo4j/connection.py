"""One database of one server: who enters, how long anything may take, and whether the server is new enough."""

import logging
import os
import re
from collections.abc import Callable
from typing import TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, GraphDatabase, ManagedTransaction, Session

from kb.engines.neo4j.faults import faults
from kb.errors import StoreError

OLDEST_SERVER = (5, 23)
"""The first version that knows every form of Cypher which this engine and ``cypher/`` use; 5.26 is the long-term one."""

CONNECT_SECONDS = 4.0
"""How long a server may keep silent before it counts as unreachable."""

RETRY_SECONDS = 15.0
"""How long a transaction is tried again when a server that was reached drops out or asks for it."""

T = TypeVar("T")

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver warns of reaches our user as an error, once


class Connection:
    """The database that ``NEO4J_DATABASE`` names (else the user's own) of the server at ``location``, reached and checked.

    Each session sees what the ones before it wrote, on whatever member of a cluster. Raises
    :class:`~kb.errors.StoreError` where the server cannot be reached or is too old.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._database = os.environ.get("NEO4J_DATABASE") or None
        self._bookmarks = GraphDatabase.bookmark_manager()
        with faults(location):
            self._driver = _driver(location)
            try:
                self._driver.verify_connectivity()
                require_version(location, self._driver.get_server_info().agent)
            except BaseException:
                self._driver.close()
                raise

    def read(self, work: Callable[[ManagedTransaction], T]) -> T:
        """What ``work`` returns in a transaction that cannot write."""
        with faults(self.location), self._session(READ_ACCESS) as session:
            return session.execute_read(work)

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """What ``work`` returns in a transaction that is whole or was never there; ``work`` may be called again."""
        with faults(self.location), self._session(WRITE_ACCESS) as session:
            return session.execute_write(work)

    def write_apart(self, statement: str) -> None:
        """Run a ``statement`` that makes transactions of its own."""
        with faults(self.location), self._session(WRITE_ACCESS) as session:
            session.run(statement).consume()

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()

    def _session(self, access: str) -> Session:
        return self._driver.session(database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks)


def require_version(location: str, agent: str) -> None:
    """Raise :class:`~kb.errors.StoreError` unless the server that calls itself ``agent`` is a Neo4j that is new enough."""
    version = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_SERVER:
        least = ".".join(map(str, OLDEST_SERVER))
        sentence = f"the server is {agent or 'of no name'}, this needs Neo4j {least} or newer"
        raise StoreError(location, sentence, "upgrade the server")


def _driver(location: str) -> Driver:
    user = os.environ.get("NEO4J_USERNAME") or os.environ.get("NEO4J_USER")
    password = os.environ.get("NEO4J_PASSWORD")
    return GraphDatabase.driver(
        location,
        auth=(user or "neo4j", password) if password else None,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=CONNECT_SECONDS,
        max_transaction_retry_time=RETRY_SECONDS,
        user_agent="agent-threat-kb",
        notifications_min_severity="OFF",  # a label that no node has yet is worth a warning to the server, not to our user
    )
