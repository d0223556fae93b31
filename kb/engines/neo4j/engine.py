"""The Neo4j engine: a database of a Neo4j 5 server, Community, Enterprise or Aura."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Self, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, GraphDatabase, ManagedTransaction, Session

from kb.engines.neo4j import statements
from kb.engines.neo4j.faults import faults, shown
from kb.engines.neo4j.values import node_from, relation_from
from kb.engines.neo4j.writing import apply
from kb.engines.protocol import BaseInfo, Batch, Direction, Row
from kb.errors import SchemaError, StaleBaseError, StoreError
from kb.library import query
from kb.model.graph import Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, SCHEMA_VERSION, NodeKind, RelationKind

OLDEST_SERVER = (5, 23)
"""The first version that knows every form of Cypher which this engine and ``cypher/`` use; 5.26 is the long-term one."""

_PATIENCE = 4.0
"""Seconds until a server counts as unreachable."""

T = TypeVar("T")


class Neo4jEngine:
    """A base in a database of the server at ``location``, opened for reading or for writing.

    User, password and database are those of the environment: ``NEO4J_USERNAME`` (or ``NEO4J_USER``), ``NEO4J_PASSWORD``,
    ``NEO4J_DATABASE``; everything else (routing, TLS) is said by the scheme. Raises :class:`~kb.errors.StoreError` where the
    server cannot be reached or used, or the database holds nodes of somebody else.
    """

    def __init__(self, location: str, *, mode: Literal["read", "write"]) -> None:
        self._location = shown(location)
        if self._location.lower() != location.lower():
            raise StoreError(self._location, "the address holds credentials", "set NEO4J_USERNAME and NEO4J_PASSWORD instead")
        self._mode = mode
        self._database = os.environ.get("NEO4J_DATABASE") or None
        with faults(self._location):
            self._driver = _driver(location)
            try:
                self._check()
            except BaseException:
                self._driver.close()
                raise

    def _check(self) -> None:
        self._driver.verify_connectivity()
        agent = self._driver.get_server_info().agent
        version = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
        if version is None or (int(version[1]), int(version[2])) < OLDEST_SERVER:
            least = ".".join(map(str, OLDEST_SERVER))
            raise StoreError(self._location, f"the server is {agent}, this needs Neo4j {least} or newer", "upgrade the server")
        base = self.base
        if base is not None and base.schema_version > SCHEMA_VERSION:
            raise StoreError(self._location, "the base was written by a newer version of kb", "upgrade agent-threat-kb")
        if base is None and self._read(_holds_nodes):
            raise StoreError(
                self._location,
                "the database holds nodes, but no base of ours",
                "use an empty database (NEO4J_DATABASE); nothing of it was touched",
            )
        if base is None and self._mode == "read":
            raise StoreError(self._location, "there is no base in this database", "make one with: kb load PATH…")

    @property
    def location(self) -> str:
        """The address that the user named, without credentials."""
        return self._location

    @property
    def base(self) -> BaseInfo | None:
        """What the base says of itself; ``None`` while nothing has ever been written."""
        return self._read(_base_info)

    def write(self, batch: Batch) -> None:
        """Write ``batch`` in one transaction: all of it or, whatever dies, nothing."""
        if self._mode != "write":
            raise StoreError(self._location, "was opened for reading only")

        def work(transaction: ManagedTransaction) -> None:
            base = _info(transaction.run(statements.lock_base()).single(strict=True)["properties"])
            if batch.expects is not None and batch.expects != (base.fingerprint if base else ""):
                raise StaleBaseError(self._location, "somebody else has written to it meanwhile", "run the command again")
            apply(transaction, batch)

        with faults(self._location), self._session(WRITE_ACCESS) as session:
            if session.execute_read(_base_info) is None:
                for statement in statements.constraints():
                    session.run(statement).consume()
            session.execute_write(work)

    def nodes(self, kind: str, ids: Iterable[str] | None = None) -> list[Node]:
        """The nodes of ``kind`` with one of ``ids`` (all where ``None``), by id."""
        statement = statements.read_nodes(_node_kind(kind), by_id=ids is not None)
        records = self._run(statement, {} if ids is None else {"ids": list(dict.fromkeys(ids))})
        return sorted((node_from(kind, record) for record in records), key=lambda node: node.id)

    def edges(
        self,
        kind: str,
        *,
        source: Iterable[str] | None = None,
        target: Iterable[str] | None = None,
        assessment: Iterable[str] | None = None,
        in_force: bool = True,
    ) -> list[Relation]:
        """The relations of ``kind`` that fit every filter given, by (source, target, key)."""
        relation_kind = _relation_kind(kind)
        filters = {"source": source, "target": target, "assessment": assessment}
        given = {name: list(dict.fromkeys(ids)) for name, ids in filters.items() if ids is not None}
        if relation_kind.catalog and (not in_force or "assessment" in given):
            return []
        records = self._run(statements.read_edges(relation_kind, frozenset(given), in_force=in_force), given)
        found = [relation_from(kind, record) for record in records]
        return sorted(found, key=lambda edge: (edge.source, edge.target, edge.key, edge.target_kind))

    def expand(self, ids: Iterable[str], kinds: Sequence[str], direction: Direction) -> list[Relation]:
        """Every relation of ``kinds`` one step from the frontier ``ids``, by (kind, source, target, key)."""
        frontier = list(ids)
        end = {"out": "source", "in": "target"}[direction]
        return [edge for kind in sorted(set(kinds)) for edge in self.edges(kind, **{end: frontier})]  # type: ignore[arg-type]

    def ask(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of the look-up ``cypher/<name>.cypher``, in the order that the file declares."""
        contract = query(name)
        contract.check(params.keys())
        columns = [field.name for field in contract.returns]
        records = self._run(contract.text, {name: _as_cypher(value) for name, value in params.items()})
        return contract.in_order(contract.decode(record[column] for column in columns) for record in records)

    def clear(self) -> None:
        """Remove everything; :attr:`base` is ``None`` afterwards."""
        if self._mode != "write":
            raise StoreError(self._location, "was opened for reading only")
        with faults(self._location), self._session(WRITE_ACCESS) as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _session(self, access: str) -> Session:
        return self._driver.session(database=self._database, default_access_mode=access)

    def _read(self, work: Callable[[ManagedTransaction], T]) -> T:
        with faults(self._location), self._session(READ_ACCESS) as session:
            return session.execute_read(work)

    def _run(self, statement: str, params: Mapping[str, Any]) -> list[Any]:
        return self._read(lambda transaction: list(transaction.run(statement, params)))  # type: ignore[arg-type]


def _driver(location: str) -> Driver:
    user = os.environ.get("NEO4J_USERNAME") or os.environ.get("NEO4J_USER")
    password = os.environ.get("NEO4J_PASSWORD")
    return GraphDatabase.driver(
        location,
        auth=(user or "neo4j", password) if password else None,
        connection_timeout=_PATIENCE,
        connection_acquisition_timeout=_PATIENCE,
        max_transaction_retry_time=30,
        user_agent="agent-threat-kb",
        notifications_min_severity="OFF",  # a label that no node has yet is worth a warning to the server, not to our user
    )


def _info(properties: Mapping[str, Any]) -> BaseInfo | None:
    """What the Base node says; ``None`` for one that a first write has just made."""
    if "fingerprint" not in properties:
        return None
    return BaseInfo(properties["schema_version"], properties["catalog_version"], properties["fingerprint"])


def _base_info(transaction: ManagedTransaction) -> BaseInfo | None:
    record = transaction.run(statements.read_base()).single()
    return None if record is None else _info(record["properties"])


def _holds_nodes(transaction: ManagedTransaction) -> bool:
    return transaction.run("MATCH (n) RETURN n.id AS id LIMIT 1").single() is not None


def _node_kind(kind: str) -> NodeKind:
    if kind not in NODE_KINDS:
        raise SchemaError(f"no node kind {kind!r}")
    return NODE_KINDS[kind]


def _relation_kind(kind: str) -> RelationKind:
    if kind not in RELATION_KINDS:
        raise SchemaError(f"no relation kind {kind!r}")
    return RELATION_KINDS[kind]


def _as_cypher(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else list(value)
