"""Properties on their way to the server and back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kb.model.graph import Node, Properties, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, Property

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def distinct(ids: Iterable[str]) -> list[str]:
    """``ids`` once each, without those that the wire cannot carry: no node has one."""
    return [text for text in dict.fromkeys(ids) if text.isascii() or not _HALF_PAIR.search(text)]


def as_parameter(value: Any) -> Any:
    """``value`` as a parameter of a look-up; what the wire cannot carry becomes U+0000, which nothing in a base holds."""
    return plain(value if value is None or isinstance(value, str | int | float) else list(value))


def plain(value: Any) -> Any:
    """``value``, made of what JSON has, with U+0000 for what the wire cannot carry."""
    if isinstance(value, str):
        return value if value.isascii() else _HALF_PAIR.sub("\0", value)
    if isinstance(value, list):
        return [plain(member) for member in value]
    return {plain(name): plain(member) for name, member in value.items()} if isinstance(value, dict) else value


def node_row(node: Node) -> list[Any]:
    """The row of ``node`` for ``merge_nodes``."""
    return [node.id, *_complete(NODE_KINDS[node.kind].properties, node.properties)]


def relation_row(relation: Relation) -> list[Any]:
    """The row of ``relation`` for ``merge_relations``."""
    properties = _complete(RELATION_KINDS[relation.kind].properties, relation.properties)
    return [relation.source, relation.target, relation.key, relation.assessment, *properties]


def node_from(kind: str, record: Mapping[str, Any]) -> Node:
    """The node that a row of ``read_nodes`` tells of; what others have added to it is passed over."""
    return Node(kind, record["id"], _known(NODE_KINDS[kind].properties, record["properties"]))


def relation_from(kind: str, record: Mapping[str, Any]) -> Relation:
    """The relation that a row of ``read_edges`` tells of."""
    stored, table = record["properties"], RELATION_KINDS[kind]
    target_kind = record["target_kind"] if len(table.targets) > 1 else ""
    properties = _known(table.properties, stored)
    return Relation(kind, record["source"], record["target"], properties, stored.get("assessment"), target_kind)


def _complete(declared: tuple[Property, ...], given: Properties) -> list[Any]:
    return [_to_server(given.get(prop.name)) for prop in declared]


def _to_server(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _known(declared: tuple[Property, ...], stored: Mapping[str, Any]) -> dict[str, Any]:
    values = ((prop.name, stored.get(prop.name)) for prop in declared)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values if value is not None}
