"""Chains as the answers of cascades show them: one step for each exposure, with every factor and where it comes from."""

from typing import Any

from kb.questions.kernels.chain import Chain
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, RELAY, Arc, ExposureGraph, Key, Literal
from kb.questions.kernels.tables import tables

Row = dict[str, Any]

BY_RESOURCE = 3
"""Parts of the key of a trust in what a resource holds: ``("trust", reader, resource)``."""


def chain_row(expansion: Expansion, chain: Chain) -> Row:
    """``chain``, ``chain_probability``, ``depth`` (hops from agent to agent) and ``layers`` of one most likely chain."""
    steps = chain_steps(expansion, chain)
    layers = [step["layer"] for step in steps if step["layer"]]
    return {
        "chain": steps,
        "chain_probability": chain.probability,
        "depth": sum(step["channel"] is not None for step in steps),
        "layers": [layer for at, layer in enumerate(layers) if at == 0 or layers[at - 1] != layer],
    }


def chain_steps(expansion: Expansion, chain: Chain) -> list[Row]:
    """One row for each exposure on the way; the first is the start, whose factors are null."""
    if not chain.arcs:
        return []
    steps = [_step(expansion, chain.arcs[0].source, ())]
    pending: list[Arc] = []
    for arc in chain.arcs:
        pending.append(arc)
        if arc.target[0] == "exposure":
            steps.append(_step(expansion, arc.target, tuple(pending)))
            pending = []
    return steps


def _step(expansion: Expansion, node: Key, arcs: tuple[Arc, ...]) -> Row:
    agent, threat = node[1], node[2] if node[0] == "exposure" else OUTSIDE
    across = next((arc for arc in arcs if arc.channel), None)
    literals = [literal for arc in arcs for literal in arc.literals]
    trust = next((literal for literal in literals if literal.draw[0] == "trust"), None)
    effect = next((literal for literal in literals if literal.draw[0] in ("arrival", "step")), None)
    layer, layer_source = layer_of(expansion, agent, threat)
    return {
        "agent": agent,
        "threat": None if threat in (RELAY, OUTSIDE) else threat,
        "channel": across.channel if across else None,
        "over": across.target[2] if across else None,
        "through": trust.draw[2] if trust and len(trust.draw) == BY_RESOURCE else None,
        "strength": trust.p if trust else None,
        "susceptibility": effect.p if effect else None,
        "controls": [_control(literal) for literal in literals if literal.draw[0] == "control"],
        "source": "; ".join(_sources(trust, effect)) or None,
        "places": list(across.places) if across else [],
        "layer": layer,
        "layer_source": layer_source,
    }


def _control(literal: Literal) -> Row:
    return {"control": literal.draw[2], "holds": literal.p, "source": literal.source.text}


def _sources(trust: Literal | None, effect: Literal | None) -> list[str]:
    found = [f"strength {trust.source.basis}: {trust.source.text}"] if trust else []
    return found + ([f"susceptibility {effect.source.basis}: {effect.source.text}"] if effect else [])


def layer_of(expansion: Expansion, agent: str, threat: str) -> tuple[str | None, str | None]:
    """The layer of a step: that of the statement it rests on, else the threat's first published one, else ``XL``."""
    member = expansion.members.get(agent)
    faced = member.faced.get(threat) if member else None
    if faced is None:
        return None, None
    if faced.layer and faced.origin in ("stated", "declared"):
        return faced.layer, faced.origin
    layer = tables().layers.get(threat)
    return (layer, "catalogue") if layer else ("XL", "none")


def further_ways(graph: ExposureGraph) -> dict[str, int]:
    """Agent to the number of trusts and resources by which compromise can come to it."""
    found: dict[str, set[Key]] = {}
    for arc in graph.arcs:
        if arc.channel:
            found.setdefault(arc.target[1], set()).update(literal.draw for literal in arc.literals[:1])
    return {agent: len(draws) for agent, draws in found.items()}
