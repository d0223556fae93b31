"""The Neo4j engine: a database of a Neo4j 5 server, Community, Enterprise or Aura."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self

from neo4j import ManagedTransaction

from kb.engines.neo4j import statements
from kb.engines.neo4j.connection import Connection
from kb.engines.neo4j.faults import checked_location
from kb.engines.neo4j.results import table_of
from kb.engines.neo4j.values import as_parameter, distinct, node_from, plain, relation_from
from kb.engines.neo4j.writing import apply
from kb.engines.protocol import BaseInfo, Batch, Direction, Row, Table
from kb.errors import SchemaError, StaleBaseError, StoreError
from kb.library import query
from kb.model.graph import Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, SCHEMA_VERSION, NodeKind, RelationKind


class Neo4jEngine:
    """A base in a database of the server at ``location``, opened for reading or for writing.

    User, password and database are those of the environment: ``NEO4J_USERNAME`` (or ``NEO4J_USER``), ``NEO4J_PASSWORD``,
    ``NEO4J_DATABASE``; everything else (routing, TLS) is said by the scheme. Raises :class:`~kb.errors.StoreError` where the
    server cannot be reached or used, or the database holds nodes of somebody else.
    """

    def __init__(self, location: str, *, mode: Literal["read", "write"]) -> None:
        self._location = checked_location(location)
        self._mode = mode
        self._prepared = False
        self._connection = Connection(self._location)
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def _check(self) -> None:
        base = self.base
        if base is not None and base.schema_version > SCHEMA_VERSION:
            sentence = f"is of schema version {base.schema_version}; this kb knows versions up to {SCHEMA_VERSION}"
            raise StoreError(self._location, sentence, "use the newer kb that wrote it")
        if base is None and self._connection.read(_is_foreign):
            raise StoreError(
                self._location,
                "the database holds nodes, but no base of ours",
                "use an empty database (NEO4J_DATABASE); nothing of this one was touched",
            )
        if base is None and self._mode == "read":
            raise StoreError(self._location, "there is no base here", "make one with: kb load PATH… or kb load --seeds")

    @property
    def location(self) -> str:
        """The address that the user named, without credentials."""
        return self._location

    @property
    def base(self) -> BaseInfo | None:
        """What the base says of itself; ``None`` while nothing has ever been written."""
        return self._connection.read(_base_info)

    def write(self, batch: Batch) -> None:
        """Write ``batch`` in one transaction: all of it or, whatever dies, nothing."""
        self._require_writing()
        self._prepare()

        def work(transaction: ManagedTransaction) -> None:
            base = _info(transaction.run(statements.lock_base()).single(strict=True)["properties"])
            if batch.expects is not None and batch.expects != (base.fingerprint if base else ""):
                raise StaleBaseError(self._location, "somebody else has written to it meanwhile", "run the command again")
            apply(transaction, batch)

        self._connection.write(work)

    def _require_writing(self) -> None:
        if self._mode != "write":
            raise StoreError(self._location, "was opened for reading only")

    def _prepare(self) -> None:
        """Before the first write: finish a clearing that died, and have constraints and indexes."""
        if not self._prepared:
            if self._connection.read(_is_half_cleared):
                self.clear()
            self._connection.write(_have_constraints)
            self._prepared = True

    def nodes(self, kind: str, ids: Iterable[str] | None = None) -> list[Node]:
        """The nodes of ``kind`` with one of ``ids`` (all where ``None``), by id."""
        statement = statements.read_nodes(_node_kind(kind), by_id=ids is not None)
        records = self._run(statement, {} if ids is None else {"ids": distinct(ids)})
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
        given = {name: distinct(ids) for name, ids in filters.items() if ids is not None}
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
        records = self._run(contract.text, {name: as_parameter(value) for name, value in params.items()})
        return contract.in_order(contract.decode(record[column] for column in columns) for record in records)

    def run(self, text: str, params: Mapping[str, Any]) -> Table:
        """What the server answers to Cypher that only reads."""
        given = {name: plain(value) for name, value in params.items()}
        return self._connection.read(lambda transaction: table_of(transaction.run(plain(text), given)))

    def clear(self) -> None:
        """Remove everything; :attr:`base` is ``None`` afterwards.

        A large base goes in portions, so that it fits the server's memory: from the first on there is no base any more, and
        where that dies, the next write finishes it.
        """
        self._require_writing()
        while self._connection.write(_clear_some):
            for statement in statements.delete_in_portions():
                self._connection.write_apart(statement)

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _run(self, statement: str, params: Mapping[str, Any]) -> list[Any]:
        return self._connection.read(lambda transaction: list(transaction.run(statement, params)))  # type: ignore[arg-type]


def _info(properties: Mapping[str, Any]) -> BaseInfo | None:
    """What the Base node says; ``None`` for one that a first write has just made, or that is being cleared."""
    if "fingerprint" not in properties:
        return None
    return BaseInfo(properties["schema_version"], properties["catalog_version"], properties["fingerprint"])


def _base_info(transaction: ManagedTransaction) -> BaseInfo | None:
    record = transaction.run(statements.read_base()).single()
    return None if record is None else _info(record["properties"])


def _is_half_cleared(transaction: ManagedTransaction) -> bool:
    record = transaction.run(statements.read_base()).single()
    return record is not None and _info(record["properties"]) is None


def _is_foreign(transaction: ManagedTransaction) -> bool:
    """Whether there are nodes, and none of them says that the database is ours."""
    has_base = transaction.run(statements.read_base()).single() is not None
    return not has_base and transaction.run(statements.any_node()).single() is not None


def _clear_some(transaction: ManagedTransaction) -> bool:
    """Remove everything and return False; where it is too much for one transaction, only the base, and return True."""
    is_large = _count(transaction) > statements.PORTION
    transaction.run(statements.forget_base() if is_large else statements.delete_all()).consume()
    return bool(is_large)


def _count(transaction: ManagedTransaction) -> int:
    """How many nodes and relations there are."""
    return sum(transaction.run(statement).single(strict=True)["count"] for statement in statements.counts())


def _have_constraints(transaction: ManagedTransaction) -> None:
    """Make the constraints and indexes that the database lacks; none where it has them, since that waits for every reader."""
    there = {record["name"] for record in transaction.run(statements.index_names())}
    for name, statement in statements.constraints().items():
        if name not in there:
            transaction.run(statement).consume()


def _node_kind(kind: str) -> NodeKind:
    if kind not in NODE_KINDS:
        raise SchemaError(f"no node kind {kind!r}")
    return NODE_KINDS[kind]


def _relation_kind(kind: str) -> RelationKind:
    if kind not in RELATION_KINDS:
        raise SchemaError(f"no relation kind {kind!r}")
    return RELATION_KINDS[kind]
