"""Cascades by brute force: every world there is, and in each the exposures that networkx finds reachable.

For systems that infer nothing: what agents face and how susceptible they are is declared, and every strength is given.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from math import prod

import networkx as nx

from kb.catalog import catalog
from kb.model.graph import Relation
from kb.questions.cascade_tables import countered, effectiveness

Exposure = tuple[str, str]
OWN_NAME = "owasp:T9"


def reached(relations: Sequence[Relation], starts: Sequence[Exposure]) -> dict[Exposure | str, float]:
    """The probability of each exposure, and of each agent falling to anything."""
    found: dict[Exposure | str, float] = {}
    for share, world in worlds(relations):
        graph = nx.DiGraph()
        graph.add_nodes_from(starts)
        graph.add_edges_from(open_steps(relations, world))
        nodes = set().union(*(nx.descendants(graph, start) | {start} for start in starts))
        for what in nodes | {agent for agent, _ in nodes}:
            found[what] = found.get(what, 0.0) + share
    return found


def worlds(relations: Sequence[Relation]) -> Iterator[tuple[float, dict]]:
    """Every outcome of all draws, each draw as a number that stands for the range it falls in, with its probability."""
    cuts: dict[tuple, set[float]] = {}
    faces = susceptibilities(relations)
    for relation in of(relations, "TRUSTS"):
        cuts.setdefault(("trust", relation.key), set()).add(relation.properties["strength"])
        for threat in classes()[relation.properties["over"]]:
            if (relation.source, threat) in faces:
                draw = ("arrival", relation.source, relation.properties["over"])
                cuts.setdefault(draw, set()).add(faces[relation.source, threat])
    for (agent, threat), susceptibility in faces.items():
        cuts.setdefault(("step", agent, threat), set()).add(susceptibility)
    for relation in of(relations, "IMPLEMENTS"):
        cuts.setdefault(("control", relation.source, relation.target), set()).add(effectiveness(relation.target)[0])
    ranges = []
    for draw, values in cuts.items():
        ends = [0.0, *sorted(values | {1.0})]
        ranges.append([(draw, (low + high) / 2, high - low) for low, high in pairwise(ends) if high > low])
    for outcome in product(*ranges):
        yield prod(share for _, _, share in outcome), {draw: u for draw, u, _ in outcome}


def open_steps(relations: Sequence[Relation], world: dict) -> Iterator[tuple[Exposure, Exposure]]:
    """The steps from exposure to exposure that are open in ``world``."""
    faces = susceptibilities(relations)
    for agent, threat in faces:
        for step in catalog().content.relations:
            if step.kind == "LEADS_TO" and step.source == threat and (agent, step.target) in faces:
                taken = world["step", agent, step.target] < faces[agent, step.target]
                if taken and not held(relations, world, agent, {step.target}, speaker=None):
                    yield (agent, threat), (agent, step.target)
    for trust in of(relations, "TRUSTS"):
        over = trust.properties["over"]
        if world["trust", trust.key] >= trust.properties["strength"]:
            continue
        for agent, threat in faces:
            if agent != trust.target or over not in steered(threat):
                continue
            if held(relations, world, trust.source, set(classes()[over]), speaker=threat):
                continue
            for hit in classes()[over]:
                if (trust.source, hit) in faces and world["arrival", trust.source, over] < faces[trust.source, hit]:
                    yield (agent, threat), (trust.source, hit)


def held(relations: Sequence[Relation], world: dict, agent: str, threats: set[str], speaker: str | None) -> bool:
    """Whether a control in place stops this; one that proves who speaks lets through a fallen member in its own name."""
    proving = {name for row in catalog().cascade["authenticates"] for name in row["mitigations"]}
    for relation in of(relations, "IMPLEMENTS"):
        control = relation.target
        if relation.source != agent or not threats & set(countered().get(control, ())):
            continue
        if control in proving and speaker not in (None, OWN_NAME):
            continue
        if world["control", agent, control] < effectiveness(control)[0]:
            return True
    return False


def susceptibilities(relations: Sequence[Relation]) -> dict[Exposure, float]:
    return {(r.source, r.target): r.properties["susceptibility"] for r in of(relations, "FACES")}


def of(relations: Sequence[Relation], kind: str) -> list[Relation]:
    return [relation for relation in relations if relation.kind == kind]


def classes() -> dict[str, tuple[str, ...]]:
    return {row["class"]: row["threats"] for row in catalog().cascade["arrives_as"]}


def steered(threat: str) -> set[str]:
    rows = [set(row["classes"]) for row in catalog().cascade["steers"] if row["threat"] == threat]
    return set().union(*(classes | ({"content"} if "message" in classes else set()) for classes in rows))
