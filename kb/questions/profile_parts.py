"""The parts that the profiles of all nodes are made of: neighbours over a relation kind, as rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from kb.engines.protocol import Direction, Engine
from kb.model.graph import Node, Relation
from kb.model.schema import RELATION_KINDS


class Section(NamedTuple):
    """A list in a profile: the neighbours of the node over one relation kind."""

    key: str
    relation: str
    direction: Direction


def neighbours(engine: Engine, nodes: Sequence[Node], section: Section) -> list[dict[str, Any]]:
    """One row for each relation of ``section``: the other end's ``id`` and ``name``, then the relation's properties.

    Rows of documents say under ``assessment`` which one. Ordered by id, then as the engine orders relations.
    """
    (kind,) = {node.kind for node in nodes}
    relations = engine.expand([node.id for node in nodes], [section.relation], section.direction)
    if section.direction == "in":  # an id may belong to several kinds
        relations = [relation for relation in relations if relation.end_kind == kind]
    names = names_of(engine, relations, "target" if section.direction == "out" else "source")
    rows = [relation_row(relation, names, section.direction) for relation in relations]
    return sorted(rows, key=lambda row: str(row["id"]))


def relation_row(relation: Relation, names: Mapping[str, Any], direction: Direction) -> dict[str, Any]:
    """The other end of ``relation`` and what the relation says; absent is ``None``."""
    kind = RELATION_KINDS[relation.kind]
    other = relation.target if direction == "out" else relation.source
    row: dict[str, Any] = {"id": other, "name": names.get(other)}
    if relation.kind == "TRUSTS":
        row |= {"truster": relation.source, "trusted": relation.target}
    row |= {prop.name: jsonable(relation.properties.get(prop.name)) for prop in kind.properties}
    return row if kind.catalog else row | {"assessment": relation.assessment}


def names_of(engine: Engine, relations: Iterable[Relation], end: Literal["source", "target"]) -> dict[str, Any]:
    """Id to name of the nodes at that end of ``relations``; ``None`` for a node without a name."""
    ids: dict[str, set[str]] = {}
    for relation in relations:
        kind = relation.end_kind if end == "target" else RELATION_KINDS[relation.kind].sources[0]
        ids.setdefault(kind, set()).add(getattr(relation, end))
    return {node.id: node.properties.get("name") for kind, some in ids.items() for node in engine.nodes(kind, sorted(some))}


def jsonable(value: Any) -> Any:
    """A property's value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value
