"""The SQLite tables, derived from the schema table. ``docs/engines.md`` shows them to those who write look-ups.

- ``node (pk, kind, id, gone)`` gives every node, of whatever kind, one integer; ``gone`` marks a catalogue node that the
  catalogue no longer has and a document still points at.
- One table per node kind, named in lower case: ``pk``, ``id`` and a column per property.
- One table per relation kind, named in lower case: ``source``, ``target`` (integers of ``node``), ``key``, ``assessment``
  (integer of the Assessment; NULL where the catalogue or a rule asserts) and a column per property. Its twin
  ``old_<kind>`` holds what retired documents assert. Relations of the catalogue have neither assessment nor twin.
- ``meta``: one row with the catalogue's version and the fingerprint; the schema version is the file's ``user_version``.

Lists of strings are JSON text, booleans 0 or 1, whatever is absent NULL.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from json import JSONDecodeError, JSONDecoder
from json.encoder import encode_basestring
from typing import Any

from kb.errors import SchemaError
from kb.model.graph import Properties
from kb.model.schema import NODE_KINDS, RELATION_KINDS, NodeKind, Property, PropertyType, RelationKind

_decode_json = JSONDecoder().decode

_SQL_TYPES: Mapping[PropertyType, str] = {
    "string": "TEXT",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "INTEGER",
    "strings": "TEXT",
}

_FIXED_TABLES = (
    """CREATE TABLE node (
    pk INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, id)
) STRICT""",
    "CREATE INDEX node_gone ON node (pk) WHERE gone",
    """CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    catalog_version TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) STRICT""",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """How the properties of one kind lie in columns."""

    names: tuple[str, ...]
    known: frozenset[str]
    lists: tuple[int, ...]
    """Places of the columns that hold lists."""
    booleans: tuple[int, ...]

    @classmethod
    def of(cls, properties: Sequence[Property]) -> "Columns":
        """The columns of ``properties``, in their order."""
        names = tuple(prop.name for prop in properties)
        lists = tuple(place for place, prop in enumerate(properties) if prop.type == "strings")
        booleans = tuple(place for place, prop in enumerate(properties) if prop.type == "boolean")
        return cls(names, frozenset(names), lists, booleans)

    def encode(self, properties: Properties) -> list[Any]:
        """The column values of ``properties``; :class:`~kb.errors.SchemaError` where one has no column."""
        if not self.known.issuperset(properties):
            raise SchemaError(f"no property {min(properties.keys() - self.known)!r}")
        values: list[Any] = list(map(properties.get, self.names))
        for place in self.lists:
            texts = values[place]
            if texts is not None:
                values[place] = f"[{','.join(map(encode_basestring, texts))}]"  # json.dumps takes seven times as long
        return values

    def decode(self, values: Sequence[Any]) -> Properties:
        """The properties in column ``values``, without the absent ones."""
        row = list(values)
        for place in self.lists:
            if row[place] is not None:
                row[place] = _texts(row[place])
        for place in self.booleans:
            if row[place] is not None:
                row[place] = bool(row[place])
        return {name: value for name, value in zip(self.names, row, strict=True) if value is not None}

    def sql(self, alias: str) -> str:
        """The columns as a list for SELECT, each led by a comma."""
        return "".join(f", {alias}.{quoted(name)}" for name in self.names)


def _texts(text: str) -> tuple[str, ...]:
    """The strings in the JSON list ``text``; ``JSONDecodeError`` where it is none, which we never write."""
    texts = _decode_json(text)
    if not isinstance(texts, list):
        raise JSONDecodeError("no list", text, 0)
    return tuple(texts)


def quoted(name: str) -> str:
    """``name`` as an SQL identifier; column names such as ``order`` are keywords."""
    return f'"{name}"'


@cache
def columns(kind: str) -> Columns:
    """The property columns of the node or relation kind ``kind``."""
    return Columns.of((NODE_KINDS.get(kind) or RELATION_KINDS[kind]).properties)


def node_kind(name: str) -> NodeKind:
    """The node kind called ``name``; :class:`~kb.errors.SchemaError` where there is none."""
    try:
        return NODE_KINDS[name]
    except KeyError:
        raise SchemaError(f"no node kind {name!r}") from None


def relation_kind(name: str) -> RelationKind:
    """The relation kind called ``name``; :class:`~kb.errors.SchemaError` where there is none."""
    try:
        return RELATION_KINDS[name]
    except KeyError:
        raise SchemaError(f"no relation kind {name!r}") from None


def table(kind: str, *, in_force: bool = True) -> str:
    """The name of the table of ``kind``, or of its twin for what retired documents assert."""
    return kind.lower() if in_force else f"old_{kind.lower()}"


def tables_of(kind: RelationKind) -> tuple[str, ...]:
    """The tables that hold relations of ``kind``: one, and its twin unless the catalogue asserts them."""
    return (table(kind.name),) if kind.catalog else (table(kind.name), table(kind.name, in_force=False))


def indexes(kind: RelationKind, name: str) -> Iterator[tuple[str, str]]:
    """Name and CREATE INDEX of each second index of the relation table ``name``: from the target, from the assessment."""
    yield f"{name}_target", f"CREATE INDEX {name}_target ON {name} (target, source)"
    if not kind.catalog:
        yield (
            f"{name}_assessment",
            f"CREATE INDEX {name}_assessment ON {name} (assessment) WHERE assessment IS NOT NULL",
        )


def create_statements() -> Iterator[str]:
    """The statements that create every table and index, in order."""
    yield from _FIXED_TABLES
    for node in NODE_KINDS.values():
        lines = ("pk INTEGER PRIMARY KEY", "id TEXT NOT NULL UNIQUE", *_property_lines(node.properties))
        yield _create(table(node.name), lines, "STRICT")
    for relation in RELATION_KINDS.values():
        for name in tables_of(relation):
            yield _create(name, _relation_lines(relation), "STRICT, WITHOUT ROWID")
            yield from (sql for _, sql in indexes(relation, name))


def _relation_lines(kind: RelationKind) -> Iterator[str]:
    yield "source INTEGER NOT NULL"
    yield "target INTEGER NOT NULL"
    yield "key TEXT NOT NULL"
    if not kind.catalog:
        yield "assessment INTEGER"
    yield from _property_lines(kind.properties)
    yield "PRIMARY KEY (source, target, key)"


def _property_lines(properties: Iterable[Property]) -> Iterator[str]:
    for prop in properties:
        yield f"{quoted(prop.name)} {_SQL_TYPES[prop.type]}{' NOT NULL' if prop.required else ''}"


def _create(name: str, lines: Iterable[str], options: str) -> str:
    body = ",\n    ".join(lines)
    return f"CREATE TABLE {name} (\n    {body}\n) {options}"
