"""Writing one batch inside one transaction. The steps follow the fields of ``Batch``."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Any, TypeVar

from neo4j import ManagedTransaction

from kb.engines.neo4j import statements
from kb.engines.neo4j.values import node_row, relation_row
from kb.engines.protocol import Batch
from kb.errors import SchemaError
from kb.model.fingerprint import fingerprint
from kb.model.graph import CatalogContent, Node, Relation, check_node, check_relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, SCHEMA_VERSION

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

ROWS = 5_000
"""Rows of one UNWIND: more cost the server memory and gain nothing."""


def apply(transaction: ManagedTransaction, batch: Batch) -> None:
    """Do all that ``batch`` says, in the order of its fields, and renew what the base says of itself."""
    writer = _Writer(transaction)
    if batch.catalog is not None:
        writer.replace_catalog(batch.catalog)
    writer.withdraw(list(batch.withdraw))
    writer.set_in_force(list(batch.restore), in_force=True)
    writer.each(statements.uninfer(), batch.uninfer)
    writer.write_nodes(batch.nodes)
    writer.write_relations(batch.relations)
    writer.set_in_force(list(batch.retire), in_force=False)
    writer.remove(batch.remove)
    transaction.run(statements.drop_gone()).consume()
    writer.renew(batch.catalog)


class _Writer:
    """The steps of one batch, over one transaction."""

    def __init__(self, transaction: ManagedTransaction) -> None:
        self.transaction = transaction

    def each(self, statement: str, ids: Iterable[str], **params: Any) -> list[str]:
        """Run ``statement`` on ``ids``, in portions; returns the column ``id`` of its rows, if it has any."""
        found: list[str] = []
        for part in _portions(dict.fromkeys(ids)):
            found += (record["id"] for record in self.transaction.run(statement, ids=part, **params))
        return found

    def write_nodes(self, nodes: Iterable[Node]) -> None:
        """Have ``nodes``; where that changes whether an Assessment is in force, its relations follow."""
        nodes = list(nodes)
        for node in nodes:
            check_node(node)
        for label, group in _grouped(nodes, lambda node: node.kind).items():
            latest = {node.id: node for node in group}
            if label == "Assessment":
                for in_force in (True, False):
                    said = [n.id for n in latest.values() if (n.properties.get("in_force") is not False) == in_force]
                    self.set_in_force(said, in_force=in_force)
            for part in _portions(latest.values()):
                rows = [node_row(node) for node in part]
                self.transaction.run(statements.merge_nodes(NODE_KINDS[label]), rows=rows).consume()

    def write_relations(self, relations: Sequence[Relation]) -> None:
        """Have ``relations``; those that retired documents assert join what they asserted before."""
        for relation in relations:
            check_relation(relation)
        documents = {relation.assessment for relation in relations if relation.assessment is not None}
        missing = documents.difference(self.each(statements.present("Assessment"), documents))
        for relation in relations:
            if relation.assessment in missing:
                raise SchemaError(f"{_named(relation)}: there is no node {relation.assessment!r}")
        retired = set(self.each(statements.retired(), documents))
        groups = _grouped(relations, lambda edge: (edge.kind, edge.end_kind, edge.assessment not in retired))
        for (name, target, in_force), group in groups.items():
            statement = statements.merge_relations(RELATION_KINDS[name], target, in_force=in_force)
            for part in _portions({relation.key: relation for relation in group}.values()):
                self._merge(statement, part)

    def _merge(self, statement: str, relations: Sequence[Relation]) -> None:
        rows = [relation_row(relation) for relation in relations]
        record = self.transaction.run(statement, rows=rows).single(strict=True)
        if record["count"] != len(rows):
            self._refuse(relations)

    def _refuse(self, relations: Sequence[Relation]) -> None:
        """Raise for the first of ``relations`` of which an end does not exist."""
        first = relations[0]
        sources = self.each(statements.present(RELATION_KINDS[first.kind].sources[0]), (r.source for r in relations))
        targets = self.each(statements.present(first.end_kind), (r.target for r in relations))
        for relation in relations:
            for end, there in ((relation.source, sources), (relation.target, targets)):
                if end not in there:
                    raise SchemaError(f"{_named(relation)}: there is no node {end!r}")

    def withdraw(self, ids: Sequence[str]) -> None:
        """Remove the Assessments ``ids``, what they assert, and whatever starts or ends at them."""
        if ids:
            for kind, in_force in product(statements.DOCUMENT_KINDS, (True, False)):
                self.each(statements.delete_asserted(kind, in_force=in_force), ids)
            self.each(statements.delete_assessments(), ids)

    def set_in_force(self, ids: Sequence[str], *, in_force: bool) -> None:
        """Move what the Assessments ``ids`` assert into the graph or out of it, where that is a change."""
        changing = self.each(statements.standing(in_force=in_force), ids)
        if changing:
            for kind in statements.DOCUMENT_KINDS:
                self.each(statements.move(kind, in_force=in_force), changing)
            self.each(statements.set_in_force(), changing, in_force=in_force)

    def remove(self, nodes: Iterable[tuple[str, str]]) -> None:
        """Remove ``nodes``, of which none may have a relation left."""
        for label, group in _grouped(nodes, lambda node: node[0]).items():
            if label not in NODE_KINDS:
                raise SchemaError(f"no node kind {label!r}")
            ids = [node_id for _, node_id in group]
            linked = self.each(statements.linked(label), ids)
            if label == "Assessment":
                for kind, in_force in product(statements.DOCUMENT_KINDS, (True, False)):
                    linked += self.each(statements.asserting(kind, in_force=in_force), ids)
            if linked:
                raise SchemaError(f"{label} {linked[0]!r} cannot be removed: relations still touch it")
            self.each(statements.delete_nodes(label), ids)

    def replace_catalog(self, content: CatalogContent) -> None:
        """Replace the catalogue; a node that has gone stays while a document points at it."""
        for node in content.nodes:
            if node.kind not in NODE_KINDS or not NODE_KINDS[node.kind].catalog:
                raise SchemaError(f"{node.kind} {node.id!r} is no part of a catalogue")
        for relation in content.relations:
            if relation.kind not in RELATION_KINDS or not RELATION_KINDS[relation.kind].catalog:
                raise SchemaError(f"{_named(relation)} is no part of a catalogue")
        for kind in statements.CATALOG_KINDS:
            self.transaction.run(statements.delete_catalog_relations(kind)).consume()
        for node_kind in statements.CATALOG_NODES:
            self.transaction.run(statements.mark_gone(node_kind)).consume()
        self.write_nodes(content.nodes)
        self.write_relations(content.relations)

    def renew(self, catalog: CatalogContent | None) -> None:
        """Write the schema version, the catalogue version and the fingerprint of what is there now."""
        known = self.transaction.run(statements.read_base()).single(strict=True)["properties"]
        version = catalog.version if catalog is not None else str(known.get("catalog_version", ""))
        rows = self.transaction.run(statements.documents_in_force())
        digest = fingerprint(SCHEMA_VERSION, version, [(record["id"], record["parser"]) for record in rows])
        properties = {"schema_version": SCHEMA_VERSION, "catalog_version": version, "fingerprint": digest}
        self.transaction.run(statements.renew_base(), properties=properties).consume()


def _named(relation: Relation) -> str:
    return f"{relation.kind} {relation.source!r} → {relation.target!r}"


def _grouped(values: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return groups


def _portions(values: Iterable[T]) -> Iterator[list[T]]:
    """``values`` in lists of at most :data:`ROWS`."""
    rest = iter(values)
    while part := list(islice(rest, ROWS)):
        yield part
