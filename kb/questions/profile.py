"""What does the base know of this one node? One dictionary for each kind of node, with its neighbours."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import AmbiguousNodeError, StoreError, UnknownNodeError
from kb.model.graph import Node
from kb.model.schema import NODE_KINDS
from kb.questions.agent_profile import agent_profile
from kb.questions.naming import resolve
from kb.questions.profile_parts import Section, jsonable, neighbours

KINDS = ("Agent", "System", "Threat", "Mitigation", "Capability", "Layer", "Resource", "Assessment")
"""Where an id is looked for."""


SECTIONS: Mapping[str, Sequence[Section]] = {
    "System": (Section("members", "MEMBER_OF", "in"), Section("assessments", "ABOUT", "in")),
    "Threat": (
        Section("layers", "AT_LAYER", "out"),
        Section("agents", "FACES", "in"),
        Section("ruled_out_by", "RULES_OUT", "in"),
        Section("maps_to", "MAPS_TO", "out"),
        Section("mapped_from", "MAPS_TO", "in"),
        Section("mitigations", "COUNTERS", "in"),
        Section("capabilities", "EXPLOITS", "out"),
        Section("leads_to", "LEADS_TO", "out"),
        Section("led_to_by", "LEADS_TO", "in"),
    ),
    "Mitigation": (Section("counters", "COUNTERS", "out"), Section("agents", "IMPLEMENTS", "in")),
    "Capability": (Section("threats", "EXPLOITS", "in"), Section("agents", "HAS_CAPABILITY", "in")),
    "Layer": (Section("threats", "AT_LAYER", "in"), Section("agents", "ASSESSED_AT", "in")),
    "Resource": (Section("agents", "USES", "in"),),
    "Assessment": (
        Section("subjects", "ABOUT", "out"),
        Section("supersedes", "SUPERSEDES", "out"),
        Section("superseded_by", "SUPERSEDES", "in"),
    ),
}
"""The lists in the profile of each kind but Agent, which has its own form."""


def profile(engine: Engine, text: str) -> dict[str, Any]:
    """All that the base knows of the node that ``text`` names, with what every answer has.

    An assessment may be named by the first digits of its hash, ``sha256:`` included. Raises
    :class:`~kb.errors.UnknownNodeError` and :class:`~kb.errors.AmbiguousNodeError` as
    :func:`~kb.questions.naming.resolve` does.
    """
    base = engine.base
    if base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load --seeds")
    node = _named(engine, text)
    if node.kind == "Agent":
        own, assumptions = agent_profile(engine, node)
    else:
        own, assumptions = _plain_profile(engine, node), []
    return {
        **own,
        "complete": True,
        "truncated_by": None,
        "assumptions": assumptions,
        "base": base.fingerprint,
        "schema_version": base.schema_version,
    }


def _named(engine: Engine, text: str) -> Node:
    if text.startswith("sha256:"):
        digits, _, number = text.partition("#")
        fitting = [node for node in engine.nodes("Assessment") if _fits(node.id, digits, number)]
        if len(fitting) > 1:
            raise AmbiguousNodeError(text, [node.id for node in fitting])
        if fitting:
            return fitting[0]
    try:
        kind, node_id = resolve(engine, text, KINDS)
    except UnknownNodeError as error:
        raise UnknownNodeError("node", text, error.args[2]) from None  # eight kinds by name would help nobody
    return engine.nodes(kind, [node_id])[0]


def _fits(node_id: str, digits: str, number: str) -> bool:
    """Whether ``node_id`` is document ``number`` of a file whose hash starts with ``digits``."""
    whole, _, own_number = node_id.partition("#")
    return whole.startswith(digits) and own_number == number


def _plain_profile(engine: Engine, node: Node) -> dict[str, Any]:
    """The id, the kind, every property of the kind (absent is ``None``) and the lists of :data:`SECTIONS`."""
    answer: dict[str, Any] = {"id": node.id, "kind": node.kind}
    for prop in NODE_KINDS[node.kind].properties:
        name = "document_kind" if prop.name == "kind" else prop.name
        answer[name] = jsonable(node.properties.get(prop.name))
    for section in SECTIONS[node.kind]:
        answer[section.key] = neighbours(engine, [node], section)
    return answer
