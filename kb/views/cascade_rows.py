"""Cascades as flat rows, for CSV; without what pages in a terminal need."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def cascade_rows(answer: Row) -> list[dict[str, Any]]:
    """One flat row for each agent: what CSV holds."""
    rows = answer["starts"] if "into" in answer else answer["reached"]
    names = (
        "agent",
        "probability",
        "low",
        "high",
        "harmed",
        "criticality",
        "chain_probability",
        "depth",
        "layers",
        "further_ways",
    )
    return [{name: row[name] for name in names} | {"chain": [step["agent"] for step in hops(row["chain"])]} for row in rows]


def hops(chain: Sequence[Row]) -> Iterator[Row]:
    """The steps with which a chain comes to another agent, the start first."""
    return (step for at, step in enumerate(chain) if at == 0 or step["channel"] is not None)
