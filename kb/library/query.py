"""A look-up as a value: what it asks, takes and returns, and its Cypher."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kb.errors import UsageError

FieldType = Literal["string", "integer", "float", "boolean", "list", "set", "path"]


class Field(NamedTuple):
    """A parameter or a column. Any value may be null; a ``set`` is a list without order, answered by code point.

    A ``path`` is what Neo4j Browser draws; only the questions in ``cypher/browser`` have one.
    """

    name: str
    type: FieldType


class Order(NamedTuple):
    """One column that the rows are ordered by."""

    column: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One named look-up."""

    name: str
    """The stem of its file, e.g. ``shared_threats``."""
    asks: str
    """The question in plain words."""
    params: tuple[Field, ...]
    """What it takes; every parameter is given at every call, with null for "no matter which"."""
    returns: tuple[Field, ...]
    """Its columns, in the order of the RETURN clause."""
    order: tuple[Order, ...]
    """The order of its rows; together the columns tell any two rows apart."""
    text: str
    """The whole file, front matter included: it is valid Cypher as it stands."""
    path: Path
    """Where it was read."""

    def check(self, params: Collection[str]) -> None:
        """Raise :class:`~kb.errors.UsageError` unless exactly the declared parameters are given."""
        declared = {field.name for field in self.params}
        for word, odd in (("needs", declared.difference(params)), ("knows no", set(params) - declared)):
            if odd:
                raise UsageError(f"the look-up {self.name!r} {word} {', '.join(map(repr, sorted(odd)))}")

    def in_order(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """``rows`` in the declared order: texts by code point, and null as the empty text or the least number.

        Databases differ in where they put nulls and how they compare texts.
        """
        types = {field.name: field.type for field in self.returns}
        ordered = list(rows)
        for column, descending in reversed(self.order):
            least: Any = float("-inf") if types[column] in ("integer", "float", "boolean") else ""
            ordered.sort(key=partial(_known, column, least), reverse=descending)
        return ordered

    def decode(self, values: Iterable[Any]) -> dict[str, Any]:
        """One row of an engine as the contract says: ``values`` in the order of :attr:`returns`.

        A boolean may come as 0 or 1, a list or set as JSON text; members of a set are put in order here, by code point,
        because that is the one order that all engines share.
        """
        return {field.name: _decode(field.type, value) for field, value in zip(self.returns, values, strict=True)}


def _known(column: str, least: Any, row: Mapping[str, Any]) -> Any:
    return least if row[column] is None else row[column]


def _decode(kind: FieldType, value: Any) -> Any:
    if kind in ("list", "set"):
        members = json.loads(value) if isinstance(value, str) else list(value or ())
        return sorted(members) if kind == "set" else members
    return bool(value) if kind == "boolean" and value is not None else value
