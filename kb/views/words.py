"""Values in words: what a person reads for absent, yes and no, lists, and the steps that led to a row."""

import re
from collections.abc import Mapping
from typing import Any

NO_SCORE = "no score"
"""What stands where a band would, of an agent without a score: not the band ``None``."""
STRANGERS = "strangers"
"""What ``outside`` is called."""
MAESTRO_LAYERS = tuple(f"L{number}" for number in range(1, 8))
"""The seven layers, in their order; what crosses them all (``XL``) is none of them."""

_DECIMALS = 4
_HASH = re.compile(r"^(sha256:[0-9a-f]{12})[0-9a-f]{52}(?=$|#\d+$)")


def plain(value: Any) -> str:
    """``value`` in words: ``yes`` and ``no``, ``–`` for what is absent or empty, lists with commas, four decimals at most."""
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _step(value) if {"relation", "from", "to"} <= value.keys() else _fields(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(part) for part in value)
    if isinstance(value, float):
        return str(round(value, _DECIMALS))
    return short_hash(value) if isinstance(value, str) else str(value)


def with_evidence(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """``row`` with its quotes told apart, ``“one” | “another”``, and each of its places once; other rows as they are."""
    if not {"quotes", "places"} <= row.keys():
        return row
    quotes = " | ".join(f"“{quote}”" for quote in row["quotes"])
    return {**row, "quotes": [quotes] if quotes else [], "places": list(dict.fromkeys(row["places"]))}


def short_hash(text: str) -> str:
    """The id of a document with 12 digits of its hash, which `kb show` takes; any other text as it is."""
    return _HASH.sub(r"\1", text)


def _step(value: Mapping[str, Any]) -> str:
    """A relation that led to a row: ``asi:ASI02 MAPS_TO owasp:T2 (maps_to_primary)``."""
    predicate = value.get("predicate")
    return f"{value['from']} {value['relation']} {value['to']}" + (f" ({predicate})" if predicate else "")


def _fields(value: Mapping[str, Any]) -> str:
    return " ".join(f"{name.replace('_', ' ')} {plain(part)}" for name, part in value.items() if part is not None)
