"""Which engines there are, and which one a location means."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from kb.engines.protocol import Engine
from kb.errors import StoreError

Mode = Literal["read", "write"]

_NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def _embedded(location: str, mode: Mode) -> Engine:
    from kb.engines.embedded.engine import EmbeddedEngine  # an engine that is not used is not imported

    return EmbeddedEngine(location, mode=mode)


def _neo4j(location: str, mode: Mode) -> Engine:
    from kb.engines.neo4j.engine import Neo4jEngine

    return Neo4jEngine(location, mode=mode)


ENGINES: Mapping[str, Callable[[str, Mode], Engine]] = MappingProxyType({"embedded": _embedded, "neo4j": _neo4j})
"""Every engine by name, as what opens a location with it."""

SCHEMES: Mapping[str, str] = MappingProxyType(dict.fromkeys(_NEO4J_SCHEMES, "neo4j"))
"""The engine that the scheme of a URL stands for; a location without scheme is a path, and embedded."""


def open_engine(location: str, *, mode: Mode) -> Engine:
    """The engine that ``location`` (a path, or a URL such as ``neo4j://host``) stands for, open.

    ``mode="read"`` needs a base there, ``mode="write"`` makes one with the first write. Raises
    :class:`~kb.errors.StoreError` where the store cannot be used.
    """
    scheme, separator, _ = location.partition("://")
    name = SCHEMES.get(scheme.lower()) if separator else "embedded"
    if name is None:
        hint = f"use a path, or one of {', '.join(SCHEMES)}"
        raise StoreError(f"{scheme}://…", "there is no engine for this kind of address", hint)
    return ENGINES[name](location, mode)
