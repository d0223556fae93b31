"""What a server answers to a query that people wrote, as values that JSON and tables can show."""

from collections.abc import Mapping
from typing import Any

from neo4j import Result
from neo4j.graph import Node, Path, Relationship

from kb.engines.protocol import Table


def table_of(result: Result) -> Table:
    """All that ``result`` holds."""
    columns = tuple(result.keys())
    return Table(columns, [{column: shown(record[column]) for column in columns} for record in result])


def shown(value: Any) -> Any:
    """``value`` made of strings, numbers, booleans, null, lists and objects alone."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **_properties(value)}
    if isinstance(value, Relationship):
        ends = {end: node.get("id") for end, node in zip(("source", "target"), value.nodes, strict=True) if node is not None}
        return {"type": value.type, **ends, **_properties(value)}
    if isinstance(value, Path):
        steps = [step for pair in zip(value.relationships, value.nodes[1:], strict=True) for step in pair]
        return [shown(step) for step in (value.start_node, *steps)]
    if isinstance(value, Mapping):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(item) for item in value]
    return value.iso_format() if hasattr(value, "iso_format") else str(value)  # moments and durations, points, bytes


def _properties(entity: Node | Relationship) -> dict[str, Any]:
    return {name: shown(entity[name]) for name in sorted(entity.keys())}
