"""The built-in reference data: layers, threats, mitigations, capabilities and what publications say about them.

Read on first use from ``catalog.json``, which ``python -m kb.catalog.compile`` makes from the tables under ``sources/``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kb.model.graph import CatalogContent, Node, Relation

COMPILED = Path(__file__).parent / "catalog.json"
"""The compiled catalogue, committed beside the code."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The reference data that every base contains, and what the loader and the questions look up in it."""

    content: CatalogContent
    primary_factors: Mapping[str, tuple[str, ...]]
    """Threat id to the AIVSS factors that are primary for the capabilities which expose it on OWASP's decision path.

    A threat whose capabilities have no primary factor is absent.
    """
    maestro_mappings: Mapping[str, tuple[str, tuple[str, ...]]]
    """MAESTRO threat id to its layer and the ``owasp:`` and ``llm2025:`` ids that we infer it to correspond to."""
    cascade: Mapping[str, Any]
    """The tables that cascades run on, by name, as rows of ``sources/cascade.yaml``; read-only all the way down.

    What is a relation in :attr:`content` (``leads_to``, ``needs``) is not repeated.
    """
    _nodes: Mapping[str, Mapping[str, Node]]

    @property
    def version(self) -> str:
        """The day of the last change and a digest of the content, e.g. ``2026-11-21+0a1b2c3d``."""
        return self.content.version

    def node(self, kind: str, node_id: str) -> Node | None:
        """The node of ``kind`` with this full id; ``None`` where the catalogue has none."""
        return self._nodes.get(kind, {}).get(node_id)

    def ids(self, kind: str) -> frozenset[str]:
        """The full ids of every node of ``kind``."""
        return frozenset(self._nodes.get(kind, ()))


@cache
def catalog() -> Catalog:
    """The catalogue, read once a process."""
    data = json.loads(COMPILED.read_bytes())
    nodes = {
        kind: {node_id: Node(kind, node_id, _frozen_lists(properties)) for node_id, properties in entries}
        for kind, entries in data["nodes"].items()
    }
    shared = [_frozen_lists(properties) for properties in data["properties"]]
    relations = [
        Relation(kind, source, target, shared[number])
        for kind, entries in data["relations"].items()
        for source, target, number in entries
    ]
    return Catalog(
        CatalogContent(data["version"], tuple(node for known in nodes.values() for node in known.values()), tuple(relations)),
        _frozen(data["primary_factors"]),
        _frozen(data["maestro_mappings"]),
        _frozen(data["cascade"]),
        nodes,
    )


def _frozen_lists(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in properties.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(part) for name, part in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
