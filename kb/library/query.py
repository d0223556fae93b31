"""A look-up as a value: what it asks, takes and returns, and its Cypher."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

FieldType = Literal["string", "integer", "float", "boolean", "list", "set"]


class Field(NamedTuple):
    """A parameter or a column. Any value may be null; a ``set`` is a list without order, answered by code point."""

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

    def decode(self, values: Iterable[Any]) -> dict[str, Any]:
        """One row of an engine as the contract says: ``values`` in the order of :attr:`returns`.

        A boolean may come as 0 or 1, a list or set as JSON text; members of a set are put in order here, by code point,
        because that is the one order that all engines share.
        """
        return {field.name: _decode(field.type, value) for field, value in zip(self.returns, values, strict=True)}


def _decode(kind: FieldType, value: Any) -> Any:
    if kind in ("list", "set"):
        members = json.loads(value) if isinstance(value, str) else list(value or ())
        return sorted(members) if kind == "set" else members
    return bool(value) if kind == "boolean" and value is not None else value
