"""Running the look-ups: ``<name>.sql`` beside this module is the twin of ``cypher/<name>.cypher``."""

import json
import sqlite3
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kb.engines.protocol import Row
from kb.errors import UsageError
from kb.library import query


def ask(connection: sqlite3.Connection, name: str, params: Mapping[str, Any]) -> list[Row]:
    """The rows of the look-up ``name``, in its order. Lists among ``params`` reach the SQL as JSON text."""
    contract = query(name)
    declared = {field.name for field in contract.params}
    for word, odd in (("needs", declared - params.keys()), ("knows no", params.keys() - declared)):
        if odd:
            raise UsageError(f"the look-up {name!r} {word} {', '.join(map(repr, sorted(odd)))}")
    cursor = connection.execute(statement(name), {param: _as_sql(value) for param, value in params.items()})
    return [contract.decode(values) for values in cursor.fetchall()]


@cache
def statement(name: str) -> str:
    """The SQL of the look-up ``name``, which is one that the library knows."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _as_sql(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else json.dumps(list(value))
