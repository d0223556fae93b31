"""Running the look-ups: ``<name>.sql`` beside this module is the twin of ``cypher/<name>.cypher``."""

import json
import sqlite3
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kb.engines.protocol import Row
from kb.library import query


def ask(connection: sqlite3.Connection, name: str, params: Mapping[str, Any]) -> list[Row]:
    """The rows of the look-up ``name``, in its order. Lists among ``params`` reach the SQL as JSON text."""
    contract = query(name)
    contract.check(params.keys())
    cursor = connection.execute(statement(name), {param: _as_sql(value) for param, value in params.items()})
    return [contract.decode(values) for values in cursor.fetchall()]


@cache
def statement(name: str) -> str:
    """The SQL of the look-up ``name``, which is one that the library knows."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _as_sql(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else json.dumps(list(value))
