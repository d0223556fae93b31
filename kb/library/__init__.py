"""The named look-ups: ``cypher/<name>.cypher``, each with its contract in front, read once and only when asked for."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kb.errors import UsageError
from kb.library.query import Field, Order, Query
from kb.resources import data_dir

__all__ = ["Field", "Order", "Query", "queries", "query"]


@cache
def queries() -> Mapping[str, Query]:
    """Every look-up by name, sorted.

    Raises :class:`~kb.errors.LibraryError` for the first file that breaks its contract.
    """
    from kb.library.parsing import parse  # compiles its patterns; a command that asks nothing does without

    paths = sorted(data_dir("cypher").glob("*.cypher"))
    return MappingProxyType({path.stem: parse(path) for path in paths})


def query(name: str) -> Query:
    """The look-up called ``name``; raises :class:`~kb.errors.UsageError` where there is none."""
    try:
        return queries()[name]
    except KeyError:
        raise UsageError(f"no look-up {name!r}", hint=f"there are {', '.join(queries())}") from None
