"""How a report calls things: agents and threats by name and id, counts, figures with their intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.views.report.blocks import Code, Piece, Words

_LONGEST = 240
"""Characters of a name or quote that a document shows; JSON has all."""


def node_words(node_id: str, names: Mapping[str, str]) -> Words:
    """A threat or control by name and id."""
    name = names.get(node_id)
    return [clipped(name), " ", Code(node_id)] if name and name != node_id else [Code(node_id)]


def agent_words(agent: str, names: Mapping[str, str]) -> Words:
    """An agent by name and id; strangers by that word."""
    return ["strangers"] if agent == "outside" else node_words(agent, names)


def short_name(agent: str, names: Mapping[str, str]) -> str:
    """An agent by its name alone, where its id stands nearby."""
    return "strangers" if agent == "outside" else clipped(names.get(agent) or agent)


def listed(agents: Sequence[str], names: Mapping[str, str]) -> Words:
    """Agents by name, or by id where they have none or share it."""
    words: list[Piece] = []
    for agent in agents:
        alike = sum(name == names.get(agent) for name in names.values())
        words += [", "] if words else []
        words.append(clipped(names[agent]) if alike == 1 else Code(agent))
    return words


def document_numbers(report: Mapping[str, Any]) -> dict[str, int]:
    """The documents of ``report`` to the numbers that it cites them by."""
    return {row["id"]: row["number"] for row in report["sources"]["documents"]}


def clipped(text: str) -> str:
    """``text``, without its end where it is longer than a document should show."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def how_many(number: int, word: str) -> str:
    """``1 agent``, ``2 agents``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def probability(value: float | None) -> str:
    """Four decimals, as every other answer shows it; ``unknown`` for what is not known."""
    return "unknown" if value is None else f"{value:.4f}"


def interval(low: float | None, high: float | None) -> str:
    """The ends of the 95 % interval, or that there is none as the figure is exact."""
    if low is None:
        return "–"
    if high is None:
        return f"at least {low:.4f}"
    return "exact" if low == high else f"{low:.4f} to {high:.4f}"


def method(row: Mapping[str, Any]) -> str:
    """How a cascade was worked out."""
    if row["samples"]:
        return f"{row['method']}, {row['samples']:,} worlds, seed {row['seed']}, 95 % intervals"
    return str(row["method"])
