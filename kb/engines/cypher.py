"""Cypher that people name or write: the look-ups on every engine, anything else where the engine takes Cypher."""

from collections.abc import Mapping
from typing import Any

from kb.engines.protocol import CypherEngine, Engine, Table
from kb.errors import UsageError
from kb.library import browser_queries, queries

HINT = "only a Neo4j server takes Cypher: --store neo4j://HOST, and kb push URL to bring a base there"


def names() -> list[str]:
    """Every name that :func:`run_named` knows, sorted."""
    return sorted({**queries(), **browser_queries()})


def run_named(engine: Engine, name: str, params: Mapping[str, Any]) -> Table:
    """The answer to the look-up called ``name``; its parameters that are not given are null.

    Raises :class:`~kb.errors.UsageError` for a parameter that it does not have, and where the engine lacks it.
    """
    look_up = queries().get(name) or browser_queries()[name]
    given = {**dict.fromkeys(param.name for param in look_up.params), **params}
    look_up.check(given.keys())
    if name in queries():
        return Table(tuple(column.name for column in look_up.returns), engine.ask(name, given))
    return run_text(engine, look_up.text, given)


def run_text(engine: Engine, text: str, params: Mapping[str, Any]) -> Table:
    """The answer to any Cypher that only reads; :class:`~kb.errors.UsageError` where the engine takes none."""
    if not isinstance(engine, CypherEngine):
        raise UsageError(f"the store {engine.location} takes no Cypher but the look-ups by name: {', '.join(queries())}", HINT)
    return engine.run(text, params)
