"""The named look-ups: ``cypher/<name>.cypher``, each with its contract in front, read once and only when asked for."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kb.errors import UsageError
from kb.library.query import Field, Order, Query
from kb.resources import data_dir

__all__ = ["SCHEMA_STEM", "Field", "Order", "Query", "browser_queries", "queries", "query"]

SCHEMA_STEM = "schema"
"""The file among them that asks nothing: constraints and indexes of a Neo4j database, generated from the schema table."""


@cache
def queries() -> Mapping[str, Query]:
    """Every look-up by name, sorted.

    Raises :class:`~kb.errors.LibraryError` for the first file that breaks its contract.
    """
    return _parsed("*.cypher")


@cache
def browser_queries() -> Mapping[str, Query]:
    """The bounded questions for people with a Neo4j server, by name, sorted: ``cypher/browser``. They have no twin."""
    return _parsed("browser/*.cypher")


def _parsed(pattern: str) -> Mapping[str, Query]:
    from kb.library.parsing import parse  # compiles its patterns; a command that asks nothing does without

    paths = sorted(path for path in data_dir("cypher").glob(pattern) if path.stem != SCHEMA_STEM)
    return MappingProxyType({path.stem: parse(path) for path in paths})


def query(name: str) -> Query:
    """The look-up called ``name``; raises :class:`~kb.errors.UsageError` where there is none."""
    try:
        return queries()[name]
    except KeyError:
        raise UsageError(f"no look-up {name!r}", hint=f"there are {', '.join(queries())}") from None
