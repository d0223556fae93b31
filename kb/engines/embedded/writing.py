"""Writing one batch, inside a transaction that somebody else commits. The steps follow the fields of ``Batch``."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from kb.engines.embedded.reading import id_list
from kb.engines.embedded.tables import columns, indexes, node_kind, relation_kind, table, tables_of
from kb.engines.protocol import Batch
from kb.errors import SchemaError
from kb.model.fingerprint import fingerprint
from kb.model.graph import CatalogContent, Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, RelationKind

BULK = 10_000
"""From this many rows on, an empty table is filled before its second indexes are made."""

Ids = Mapping[str, int]
"""Id to integer, of one node kind."""

_DOCUMENT_KINDS = tuple(kind for kind in RELATION_KINDS.values() if not kind.catalog)
_CATALOG_KINDS = tuple(kind for kind in RELATION_KINDS.values() if kind.catalog)
_MEMBERS = "(SELECT value FROM json_each(?))"


def apply(connection: sqlite3.Connection, batch: Batch, version: int) -> None:
    """Do all that ``batch`` says, in the order of its fields, and renew the fingerprint for schema ``version``."""
    if batch.catalog is not None:
        _replace_catalog(connection, batch.catalog)
    _withdraw(connection, batch.withdraw)
    _set_in_force(connection, batch.restore, in_force=True)
    _uninfer(connection, batch.uninfer)
    _write_nodes(connection, batch.nodes)
    _write_relations(connection, batch.relations)
    _set_in_force(connection, batch.retire, in_force=False)
    _remove(connection, batch.remove)
    _drop_gone(connection)
    _renew_fingerprint(connection, batch.catalog, version)


# ----------------------------------------------------------------------------------------------------------------------
# Nodes
# ----------------------------------------------------------------------------------------------------------------------


def _write_nodes(connection: sqlite3.Connection, nodes: Iterable[Node]) -> None:
    """Have ``nodes``, the last one of each id; where that changes whether an Assessment is in force, its relations follow."""
    for kind, group in _by_kind(nodes).items():
        latest = {node.id: node for node in group}
        if kind == "Assessment":
            for in_force in (True, False):
                said = [node.id for node in latest.values() if (node.properties.get("in_force") is not False) == in_force]
                _set_in_force(connection, said, in_force=in_force)
        ordered = [latest[node_id] for node_id in sorted(latest)]
        connection.executemany(
            "INSERT INTO node (kind, id) VALUES (?, ?) ON CONFLICT DO UPDATE SET gone = 0",
            ((kind, node.id) for node in ordered),
        )
        numbers, cols = _numbers(connection, kind, latest), columns(kind)
        places = ", ".join("?" * (2 + len(cols.names)))
        connection.executemany(
            f"INSERT OR REPLACE INTO {table(kind)} VALUES ({places})",
            [(numbers[node.id], node.id, *cols.encode(node.properties)) for node in ordered],
        )


def _by_kind(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node_kind(node.kind).name, []).append(node)
    return groups


def _numbers(connection: sqlite3.Connection, kind: str, ids: Iterable[str]) -> Ids:
    """The integers of those of ``ids`` that exist as nodes of ``kind``."""
    query = "SELECT n.id, n.pk FROM json_each(?) f CROSS JOIN node n ON n.kind = ? AND n.id = f.value"
    return dict(connection.execute(query, (id_list(ids), kind)))


def _remove(connection: sqlite3.Connection, nodes: Iterable[tuple[str, str]]) -> None:
    """Remove ``nodes``, of which none may have a relation left."""
    groups: dict[str, list[str]] = {}
    for kind, node_id in nodes:
        groups.setdefault(node_kind(kind).name, []).append(node_id)
    for kind, ids in groups.items():
        numbers = _numbers(connection, kind, ids)
        linked = _linked(connection, kind, numbers.values())
        for node_id, number in numbers.items():
            if number in linked:
                raise SchemaError(f"{kind} {node_id!r} cannot be removed: relations still touch it")
        _delete_nodes(connection, kind, numbers.values())


def _delete_nodes(connection: sqlite3.Connection, kind: str, numbers: Iterable[int]) -> None:
    members = _number_list(numbers)
    connection.execute(f"DELETE FROM {table(kind)} WHERE pk IN {_MEMBERS}", (members,))
    connection.execute(f"DELETE FROM node WHERE pk IN {_MEMBERS}", (members,))


def _linked(connection: sqlite3.Connection, kind: str, numbers: Iterable[int]) -> set[int]:
    """Those of the nodes ``numbers``, all of ``kind``, that a relation starts or ends at, or that assert one."""
    members, linked = _number_list(numbers), set[int]()
    for name, column in _touching(kind):
        query = f"SELECT f.value FROM json_each(?) f WHERE EXISTS (SELECT 1 FROM {name} t WHERE t.{column} = f.value)"
        linked.update(number for (number,) in connection.execute(query, (members,)))
    return linked


def _touching(kind: str) -> list[tuple[str, str]]:
    """Each (table, column) where a node of ``kind`` may stand in a relation."""
    places = []
    for relation in RELATION_KINDS.values():
        ends = {"source": relation.sources, "target": relation.targets}
        if not relation.catalog:
            ends["assessment"] = ("Assessment",)
        places += [(name, column) for name in tables_of(relation) for column, kinds in ends.items() if kind in kinds]
    return places


# ----------------------------------------------------------------------------------------------------------------------
# Relations
# ----------------------------------------------------------------------------------------------------------------------


def _write_relations(connection: sqlite3.Connection, relations: Sequence[Relation]) -> None:
    """Have ``relations``, the last one of each identity; what retired documents assert joins what they asserted before."""
    numbers = _end_numbers(connection, relations)
    retired = {pk for (pk,) in connection.execute("SELECT pk FROM assessment WHERE in_force = 0")}
    for name, group in groupby(sorted(relations, key=attrgetter("kind")), attrgetter("kind")):
        kind = relation_kind(name)
        rows = _rows(kind, group, numbers)
        if kind.catalog:
            _insert(connection, kind, table(name), rows)
        else:
            asserted_by = 3
            _insert(connection, kind, table(name), [row for row in rows if row[asserted_by] not in retired])
            old = [row for row in rows if row[asserted_by] in retired] if retired else []
            _insert(connection, kind, table(name, in_force=False), old)


def _end_numbers(connection: sqlite3.Connection, relations: Iterable[Relation]) -> dict[str, Ids]:
    """By node kind, the integers of all nodes that ``relations`` name."""
    wanted: dict[str, set[str]] = {kind: set() for kind in NODE_KINDS}
    for relation in relations:
        kind = relation_kind(relation.kind)
        if relation.end_kind not in kind.targets:
            raise SchemaError(f"{_named(relation)}: {relation.end_kind!r} is no target of {relation.kind}")
        wanted[kind.sources[0]].add(relation.source)
        wanted[relation.end_kind].add(relation.target)
        if relation.assessment is not None:
            wanted["Assessment"].add(relation.assessment)
    return {kind: _numbers(connection, kind, ids) for kind, ids in wanted.items() if ids}


def _rows(kind: RelationKind, relations: Iterable[Relation], numbers: Mapping[str, Ids]) -> list[tuple[Any, ...]]:
    """The table rows of ``relations``, all of ``kind``, in the order of the primary key."""
    encode, sources, first_target = columns(kind.name).encode, numbers[kind.sources[0]], kind.targets[0]
    rows = []
    for relation in relations:
        try:
            target = numbers[relation.target_kind or first_target][relation.target]
            row = [sources[relation.source], target, relation.key]
            if not kind.catalog:
                row.append(None if relation.assessment is None else numbers["Assessment"][relation.assessment])
        except KeyError as error:
            raise SchemaError(f"{_named(relation)}: there is no node {error.args[0]!r}") from None
        if kind.catalog and relation.assessment is not None:
            raise SchemaError(f"{_named(relation)}: no document asserts relations of the catalogue")
        rows.append((*row, *encode(relation.properties)))
    rows.sort(key=itemgetter(0, 1, 2))
    return rows


def _named(relation: Relation) -> str:
    return f"{relation.kind} {relation.source!r} → {relation.target!r}"


def _insert(connection: sqlite3.Connection, kind: RelationKind, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    is_bulk = len(rows) >= BULK and connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is None
    if is_bulk:
        for index, _ in indexes(kind, name):
            connection.execute(f"DROP INDEX {index}")
    connection.executemany(f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    if is_bulk:
        for _, create in indexes(kind, name):
            connection.execute(create)


def _uninfer(connection: sqlite3.Connection, agents: Iterable[str]) -> None:
    """Remove the outgoing relations of ``agents`` that no document asserts."""
    members = _number_list(_numbers(connection, "Agent", agents).values())
    for kind in _DOCUMENT_KINDS:
        if "Agent" in kind.sources:
            query = f"DELETE FROM {table(kind.name)} WHERE source IN {_MEMBERS} AND assessment IS NULL"
            connection.execute(query, (members,))


# ----------------------------------------------------------------------------------------------------------------------
# Documents
# ----------------------------------------------------------------------------------------------------------------------


def _withdraw(connection: sqlite3.Connection, assessments: Iterable[str]) -> None:
    """Remove ``assessments``, what they assert, and whatever starts or ends at them."""
    numbers = _numbers(connection, "Assessment", assessments).values()
    if numbers:
        members = _number_list(numbers)
        for name, column in _touching("Assessment"):
            connection.execute(f"DELETE FROM {name} WHERE {column} IN {_MEMBERS}", (members,))
        _delete_nodes(connection, "Assessment", numbers)


def _set_in_force(connection: sqlite3.Connection, assessments: Iterable[str], *, in_force: bool) -> None:
    """Move what ``assessments`` assert into the graph or out of it, where that is a change."""
    query = f"SELECT pk FROM assessment WHERE id IN {_MEMBERS} AND (in_force IS NOT 0) <> ?"
    members = _number_list(pk for (pk,) in connection.execute(query, (id_list(assessments), in_force)))
    if members == "[]":
        return
    for kind in _DOCUMENT_KINDS:
        came, goes = table(kind.name, in_force=not in_force), table(kind.name, in_force=in_force)
        chosen = f"FROM {came} WHERE assessment IN {_MEMBERS}"
        connection.execute(f"INSERT OR REPLACE INTO {goes} SELECT * {chosen}", (members,))
        connection.execute(f"DELETE {chosen}", (members,))
    connection.execute(f"UPDATE assessment SET in_force = ? WHERE pk IN {_MEMBERS}", (in_force, members))


def _number_list(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


# ----------------------------------------------------------------------------------------------------------------------
# The catalogue
# ----------------------------------------------------------------------------------------------------------------------


def _replace_catalog(connection: sqlite3.Connection, content: CatalogContent) -> None:
    for node in content.nodes:
        if not node_kind(node.kind).catalog:
            raise SchemaError(f"{node.kind} {node.id!r} is no part of a catalogue")
    for relation in content.relations:
        if not relation_kind(relation.kind).catalog:
            raise SchemaError(f"{_named(relation)} is no part of a catalogue")
    for kind in _CATALOG_KINDS:
        connection.execute(f"DELETE FROM {table(kind.name)}")
    connection.execute(f"UPDATE node SET gone = 1 WHERE kind IN {_CATALOG_NODES}")
    _write_nodes(connection, content.nodes)
    _write_relations(connection, content.relations)


_CATALOG_NODES = f"({', '.join(repr(kind.name) for kind in NODE_KINDS.values() if kind.catalog)})"


def _drop_gone(connection: sqlite3.Connection) -> None:
    """Remove the nodes that the catalogue no longer has, now that nothing points at them."""
    gone: dict[str, list[int]] = {}
    for kind, number in connection.execute("SELECT kind, pk FROM node WHERE gone"):
        gone.setdefault(kind, []).append(number)
    for kind, numbers in gone.items():
        linked = _linked(connection, kind, numbers)
        _delete_nodes(connection, kind, [number for number in numbers if number not in linked])


def _renew_fingerprint(connection: sqlite3.Connection, catalog: CatalogContent | None, version: int) -> None:
    known = connection.execute("SELECT catalog_version FROM meta").fetchone()
    catalog_version = catalog.version if catalog is not None else known[0] if known else ""
    in_force = connection.execute("SELECT id, parser FROM assessment WHERE in_force IS NOT 0").fetchall()
    row = (catalog_version, fingerprint(version, catalog_version, in_force))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (1, ?, ?)", row)
