"""Nodes and relations as values: what loaders write and engines answer with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kb.errors import SchemaError
from kb.model.schema import NODE_KINDS, RELATION_KINDS, Property, Value

Properties = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its kind, its id (unique within the kind) and its known properties."""

    kind: str
    id: str
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """One assertion: ``source`` stands in relation ``kind`` to ``target``, says ``assessment``."""

    kind: str
    source: str
    target: str
    properties: Properties = field(default_factory=dict)
    assessment: str | None = None
    """Id of the document that asserts it; absent where the catalogue or one of our rules does."""
    target_kind: str = ""
    """The kind of the target node; needs giving only where the relation kind allows several."""

    @property
    def key(self) -> str:
        """The identity of the assertion: 20 hex digits, the same on every engine."""
        return relation_key(self.kind, self.source, self.target, self.properties, self.assessment)

    @property
    def end_kind(self) -> str:
        """The kind of the target node, from the schema table where it leaves no choice."""
        return self.target_kind or RELATION_KINDS[self.kind].targets[0]


@dataclass(frozen=True, slots=True)
class CatalogContent:
    """The whole reference data, as one thing to bring a base up to."""

    version: str
    nodes: Sequence[Node]
    relations: Sequence[Relation]


def relation_key(kind: str, source: str, target: str, properties: Properties, assessment: str | None) -> str:
    """The first 20 hex digits of SHA-256 over kind, ends, identity columns and assessment, joined by U+001F.

    An absent part counts as empty, so that Neo4j never merges on a null property.
    """
    parts = [kind, source, target]
    parts += [str(properties.get(column.name) or "") for column in RELATION_KINDS[kind].identity]
    parts.append(assessment or "")
    return sha256("\x1f".join(parts).encode()).hexdigest()[:20]


def check_node(node: Node) -> None:
    """Raise :class:`SchemaError` unless ``node`` fits the schema table."""
    kind = NODE_KINDS.get(node.kind)
    if kind is None:
        raise SchemaError(f"no node kind {node.kind!r}")
    _check_properties(f"{node.kind} {node.id!r}", kind.properties, node.properties)


def check_relation(relation: Relation) -> None:
    """Raise :class:`SchemaError` unless ``relation`` fits the schema table."""
    kind = RELATION_KINDS.get(relation.kind)
    if kind is None:
        raise SchemaError(f"no relation kind {relation.kind!r}")
    what = f"{relation.kind} {relation.source!r} → {relation.target!r}"
    if relation.end_kind not in kind.targets:
        raise SchemaError(f"{what}: {relation.end_kind!r} is no target of {relation.kind}")
    if kind.catalog and relation.assessment is not None:
        raise SchemaError(f"{what}: no document asserts relations of the catalogue")
    _check_properties(what, kind.properties, relation.properties)
    quotes, places = relation.properties.get("quotes"), relation.properties.get("places")
    if isinstance(quotes, tuple) and isinstance(places, tuple) and len(quotes) != len(places):
        raise SchemaError(f"{what}: {len(quotes)} quotes but {len(places)} places")


_TYPES: Mapping[str, type[Any]] = {"string": str, "integer": int, "float": float, "boolean": bool, "strings": tuple}


def _check_properties(what: str, declared: tuple[Property, ...], given: Properties) -> None:
    table = {prop.name: prop for prop in declared}
    for name in given.keys() - table.keys():
        raise SchemaError(f"{what}: no property {name!r}")
    for name, prop in table.items():
        value = given.get(name)
        if value is None:
            if prop.required:
                raise SchemaError(f"{what}: {name} is missing")
        else:
            _check_value(f"{what}: {name}", prop, value)


def _check_value(what: str, prop: Property, value: Value) -> None:
    expected = _TYPES[prop.type]
    if type(value) is not expected:
        raise SchemaError(f"{what} is {value!r}, expected {prop.type}")
    if prop.allowed and value not in prop.allowed:
        raise SchemaError(f"{what} is {value!r}, expected one of {', '.join(prop.allowed)}")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise SchemaError(f"{what} is {value!r}, beyond 64 bits")
    if isinstance(value, float):
        # written so that NaN fails too
        if not (float("-inf") < value < float("inf")):
            raise SchemaError(f"{what} is {value!r}, expected a finite number")
        if (prop.low is not None and value < prop.low) or (prop.high is not None and value > prop.high):
            raise SchemaError(f"{what} is {value!r}, outside {prop.low}–{prop.high}")
    texts = value if isinstance(value, tuple) else (value,)
    if isinstance(value, tuple) and not all(isinstance(text, str) for text in value):
        raise SchemaError(f"{what} is {value!r}, expected {prop.type}")
    if any(isinstance(text, str) and not _is_storable(text) for text in texts):
        raise SchemaError(f"{what} holds U+0000 or half a surrogate pair")


def _is_storable(text: str) -> bool:
    """Whether every engine can keep ``text`` as it is."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))
