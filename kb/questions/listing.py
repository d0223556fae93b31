"""The nodes of one kind, as ``kb list`` gives them."""

from difflib import get_close_matches
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.schema import NODE_KINDS

PLURALS = {
    **{f"{name.lower()}s": name for name in NODE_KINDS if name != "Capability"},
    "capabilities": "Capability",
    "documents": "Assessment",
}
"""What people may type for more than one node of a kind."""


def node_kind(text: str) -> str:
    """The node kind that ``text`` names, singular or plural, in any case; raises :class:`~kb.errors.UsageError`."""
    words = {name.lower(): name for name in NODE_KINDS} | PLURALS
    kind = words.get(text.lower())
    if kind is None:
        near = get_close_matches(text.lower(), words, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(sorted(PLURALS))}"
        raise UsageError(f"no kind of node {text!r}", hint)
    return kind


def list_nodes(engine: Engine, kind: str) -> list[dict[str, Any]]:
    """``{"id", "name"}``, and ``"form"`` and ``"in_force"`` where nodes of ``kind`` have them, of each node, by id."""
    name = node_kind(kind)
    has = {prop.name for prop in NODE_KINDS[name].properties}
    shown = ["name", *(column for column in ("form", "in_force") if column in has)]
    return [{"id": node.id} | {column: node.properties.get(column) for column in shown} for node in engine.nodes(name)]
