"""What every engine can do. Each method's docstring is a law, and ``tests/conformance`` holds every engine to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self, runtime_checkable

from kb.model.graph import CatalogContent, Node, Relation

Row = dict[str, Any]
"""One row of a look-up: column name to JSON-like value."""

Direction = Literal["out", "in"]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query that people wrote: rows in the order in which the server gave them."""

    columns: tuple[str, ...]
    rows: list[Row]
    """By column; nodes are their properties with ``labels``, relations theirs with ``type`` and both ends, a path is a list."""


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """What a base says of itself; read in constant time."""

    schema_version: int
    catalog_version: str
    fingerprint: str
    """SHA-256 over schema version, catalogue version and the sorted (Assessment id, parser version) in force, 64 hex digits."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written in one transaction. The parts apply in the order of the fields."""

    expects: str | None = None
    """The fingerprint that the base must still have: what the batch was computed from. ``""`` stands for no base at all, and
    ``None`` for whatever there is."""
    catalog: CatalogContent | None = None
    """Replaces all catalogue nodes and relations. A catalogue node that has gone stays while a document still points at it."""
    withdraw: Sequence[str] = ()
    """Assessments that leave without trace: node, relations in force and out of force, and SUPERSEDES from and to them."""
    restore: Sequence[str] = ()
    """Retired assessments whose relations count again; their node's ``in_force`` becomes true."""
    uninfer: Sequence[str] = ()
    """Agents whose outgoing relations without an assessment (the inferred ones) are removed."""
    nodes: Sequence[Node] = ()
    """Nodes to have; properties of a node that exists are replaced as a whole. An Assessment that says ``in_force: False`` is
    retired by that, one that does not is restored."""
    relations: Sequence[Relation] = ()
    """Relations to have, merged by ``key``: own properties of one that exists are replaced as a whole. Their ends and their
    assessment exist or are in ``nodes``; what a retired assessment asserts stays out of the graph."""
    retire: Sequence[str] = ()
    """Assessments whose relations leave the graph but stay readable with ``in_force=False``; after ``relations``, so that
    a document which is superseded from the start is written and retired in one batch. Their node's ``in_force`` becomes
    false."""
    remove: Sequence[tuple[str, str]] = ()
    """(kind, id) of nodes to remove; each has no relation left when its turn comes."""


class Engine(Protocol):
    """A store of one graph. Ids and rows come back sorted by code point, so that every engine answers with the same bytes.

    Absent properties are left out of what comes back, and a relation names its ``target_kind`` where its kind allows several.
    Unknown kinds raise :class:`~kb.errors.SchemaError`; ids that the base does not hold are passed over, also in a batch's
    ``withdraw``, ``restore``, ``uninfer``, ``retire`` and ``remove``.
    """

    @property
    def location(self) -> str:
        """The path or address that the user named."""
        ...

    @property
    def base(self) -> BaseInfo | None:
        """What the base says of itself; ``None`` while nothing has ever been written."""
        ...

    def write(self, batch: Batch) -> None:
        """Write ``batch`` in one transaction: all of it or, whatever dies, nothing.

        Writing the same batch twice leaves what writing it once leaves. The fingerprint is renewed in the same transaction.
        Raises :class:`~kb.errors.StoreError` where the store cannot be written, :class:`~kb.errors.StaleBaseError` where the
        base is no longer the one that the batch ``expects``, :class:`~kb.errors.SchemaError` where a relation's end is missing
        or a node to remove still has relations.
        """
        ...

    def nodes(self, kind: str, ids: Iterable[str] | None = None) -> list[Node]:
        """The nodes of ``kind`` with one of ``ids`` (all where ``None``), by id. Unknown ids are passed over."""
        ...

    def edges(
        self,
        kind: str,
        *,
        source: Iterable[str] | None = None,
        target: Iterable[str] | None = None,
        assessment: Iterable[str] | None = None,
        in_force: bool = True,
    ) -> list[Relation]:
        """The relations of ``kind`` that fit every filter given, by (source, target, key).

        ``in_force=False`` reads those of retired assessments instead.
        """
        ...

    def expand(self, ids: Iterable[str], kinds: Sequence[str], direction: Direction) -> list[Relation]:
        """Every relation of ``kinds`` one step from the frontier ``ids``, by (kind, source, target, key).

        Costs what the answer costs, not what the base holds.
        """
        ...

    def ask(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of the look-up ``cypher/<name>.cypher``, in the order that the file declares.

        Raises :class:`~kb.errors.UsageError` for an unknown name or a parameter missing or too many.
        """
        ...

    def clear(self) -> None:
        """Remove everything; :attr:`base` is ``None`` afterwards."""
        ...

    def close(self) -> None:
        """Let go of files and connections; the engine is not used afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


@runtime_checkable
class CypherEngine(Engine, Protocol):
    """An engine that also takes any Cypher; not all do, and nothing of ours rests on it."""

    def run(self, text: str, params: Mapping[str, Any]) -> Table:
        """What the server answers to Cypher that only reads.

        Raises :class:`~kb.errors.StoreError` where the text is faulty, or would write: then nothing is written.
        """
        ...
