"""The schema table of the graph for reading: as tables, as Markdown for the docs, as a Mermaid figure, as plain data."""

from collections.abc import Iterable, Sequence
from typing import Any

from kb.model.schema import NODE_KINDS, RELATION_KINDS, SCHEMA_VERSION, NodeKind, Property, RelationKind
from kb.views.table import drawn, to_table
from kb.views.terminal import Terminal
from kb.views.words import plain


def schema_answer() -> dict[str, Any]:
    """The schema as data; keys in documented order."""
    return {
        "nodes": [
            {"kind": kind.name, "meaning": kind.meaning, "catalog": kind.catalog, "properties": _properties(kind.properties)}
            for kind in NODE_KINDS.values()
        ],
        "relations": [
            {
                "kind": kind.name,
                "from": list(kind.sources),
                "to": list(kind.targets),
                "meaning": kind.meaning,
                "catalog": kind.catalog,
                "identity": [prop.name for prop in kind.identity],
                "properties": _properties(kind.properties),
            }
            for kind in RELATION_KINDS.values()
        ],
        "complete": True,
        "truncated_by": None,
        "assumptions": [],
        "base": None,
        "schema_version": SCHEMA_VERSION,
    }


def _properties(properties: Iterable[Property]) -> list[dict[str, Any]]:
    return [
        {
            "name": prop.name,
            "type": prop.type,
            "meaning": prop.meaning,
            "required": prop.required,
            "allowed": list(prop.allowed),
            "low": prop.low,
            "high": prop.high,
        }
        for prop in properties
    ]


PROPERTY_COLUMNS = ("kind", "name", "type", "required", "allowed", "low", "high", "meaning")


def property_rows() -> list[dict[str, Any]]:
    """One row for each property of each kind, nodes first, in the order of the schema table."""
    kinds: tuple[NodeKind | RelationKind, ...] = (*NODE_KINDS.values(), *RELATION_KINDS.values())
    return [{"kind": kind.name, **row} for kind in kinds for row in _properties(kind.properties)]


def schema_page(terminal: Terminal) -> str:
    """Node kinds and relation kinds as two tables, for reading in a terminal."""
    nodes = to_table(_node_rows(), ("node", "is", "properties"), terminal)
    relations = to_table(_relation_rows(), ("relation", "from_→_to", "says", "properties"), terminal)
    note = drawn(terminal, "* takes part in the identity of a relation, beside its kind, its ends and its document")
    return f"{nodes}\n{relations}\n{note}"


def to_markdown() -> str:
    """Both tables and every property, as the body of ``docs/schema.md``."""
    return "\n".join(
        [
            "## Nodes",
            "",
            *_markdown_table(("node", "is", "properties"), _node_rows()),
            "",
            "## Relations",
            "",
            "Properties with `*` take part in the identity of a relation, beside its kind, its ends and its document.",
            "",
            *_markdown_table(("relation", "from_→_to", "says", "properties"), _relation_rows()),
            "",
            "## Properties",
            "",
            *_markdown_table(PROPERTY_COLUMNS, property_rows()),
            "",
        ]
    )


def to_mermaid() -> str:
    """A Mermaid flowchart: a box for each node kind, an arrow for each relation kind."""
    lines = ["flowchart LR"]
    lines += [f'    {kind.name}["{kind.name}"]' for kind in NODE_KINDS.values()]
    for relation in RELATION_KINDS.values():
        lines += [f"    {source} -->|{relation.name}| {target}" for source in relation.sources for target in relation.targets]
    return "\n".join(lines) + "\n"


def _node_rows() -> list[dict[str, Any]]:
    return [
        {"node": kind.name, "is": kind.meaning, "properties": [prop.name for prop in kind.properties]}
        for kind in NODE_KINDS.values()
    ]


def _relation_rows() -> list[dict[str, Any]]:
    return [
        {
            "relation": kind.name,
            "from_→_to": f"{' or '.join(kind.sources)} → {' or '.join(kind.targets)}",
            "says": kind.meaning,
            "properties": [*(f"{prop.name}*" for prop in kind.identity), *(prop.name for prop in kind.own)],
        }
        for kind in RELATION_KINDS.values()
    ]


def _markdown_table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = [[column.replace("_", " ") for column in columns], ["---"] * len(columns)]
    lines += [[plain(row[column]).replace("|", "\\|") for column in columns] for row in rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
