"""Cascades by brute force: every world there is, and in each the exposures that networkx finds reachable.

Written from the design's words and not from the kernels: what agents face, which ways compromise can take, and the draws that
have to fall right for each. The catalogue's tables are read as they stand; nothing else is shared with the questions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise, product
from math import prod
from statistics import fmean
from typing import NamedTuple

import networkx as nx

from kb.catalog import catalog
from kb.model.graph import Relation

Exposure = tuple[str, str]
"""An agent and a threat; or an agent without a model that hands on what came in; or strangers."""

OUTSIDE, RELAY = ("outside", ""), "hands on"
OWN_NAME = "owasp:T9"
HARM = {"owasp:T2", "owasp:T3", "owasp:T11", "owasp:T17", "llm2025:LLM02"}
HANDED_ON = {"message", "content", "memory", "call"}
MODEL, CODE, MEMORY = "cap:language-model", "cap:code-execution", "cap:memory"
CLOSE = {"maps_to_primary", "maps_to_tactic_primary", "renumbered_to", "skos:exactMatch"}


class Condition(NamedTuple):
    """That a draw, uniform over 0 to 1, falls below ``p``; or, of a control that has to fail, not."""

    draw: tuple[str, ...]
    p: float
    below: bool = True


class Way(NamedTuple):
    """Compromise of one exposure is compromise of another where every condition holds."""

    source: Exposure
    target: Exposure
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Described:
    """One system ``v``: what documents say of it, whether anything is inferred, and its members' properties by local name."""

    relations: Sequence[Relation]
    infer: bool = False
    members: Mapping[str, Mapping] = field(default_factory=dict)

    def of(self, kind: str, agent: str | None = None) -> list[Relation]:
        return [r for r in self.relations if r.kind == kind and agent in (None, r.source)]

    @cached_property
    def agents(self) -> list[str]:
        ends = {end for r in self.relations for end in (r.source, r.target) if end.startswith("v/")}
        return sorted(ends | {f"v/{name}" for name in self.members})

    def lacks(self, agent: str) -> set[str]:
        return {r.target for r in self.of("HAS_CAPABILITY", agent) if r.properties["score"] == 0.0 and r.target[:4] == "cap:"}

    def entries(self, agent: str) -> Sequence[str]:
        return self.members.get(agent[2:], {}).get("entries", ())

    @cached_property
    def faces(self) -> dict[Exposure, float]:
        """Every exposure that there can be, with its susceptibility."""
        found = {}
        for agent in self.agents:
            declared = {r.target: r.properties.get("susceptibility") for r in self.of("FACES", agent)}
            wired = {threat for name in self.wired_over(agent) for threat in arrives_as(name)} if self.infer else set()
            wired -= {r.target for r in self.of("RULES_OUT", agent)}
            wired -= {threat for threat in wired if needs(threat) & self.lacks(agent) & {MODEL, CODE, MEMORY}}
            for threat in wired | declared.keys():
                given = declared.get(threat)
                found[agent, threat] = self.amplified(agent, threat) if given is None else given
        return found

    def wired_over(self, agent: str) -> set[str]:
        classes = {r.properties["over"] for r in self.of("TRUSTS", agent)}
        classes |= {row["class"] for row in table("entries") if row["entry"] in self.entries(agent)}
        reads = [r.target for r in self.of("USES", agent) if r.properties["access"] != "write"]
        return classes | {shared_as(resource)[1] for resource in reads if shared_as(resource)}

    def amplified(self, agent: str, threat: str) -> float:
        """The mean of the scored factors that the threat exploits; half where none is scored, never below a twentieth."""
        scores = {r.target.partition(":")[2]: r.properties["score"] for r in self.of("HAS_CAPABILITY", agent)}
        factors = [name for row in table("exploits") if row["threat"] == threat for name in row["factors"] if name in scores]
        return max(0.05, fmean(scores[name] for name in factors)) if factors else 0.5

    def ways(self) -> Iterator[Way]:
        """Every way that compromise can take, from exposure to exposure."""
        for agent, threat in self.faces:
            for following in leads_to(threat):
                hit = (agent, following)
                if hit in self.faces and following != threat:
                    taken = Condition(("step", *hit), self.faces[hit])
                    yield Way((agent, threat), hit, (taken, *self.failing(agent, {following}, proving=True)))
        for trust in self.of("TRUSTS"):
            over = trust.properties["over"]
            draw = ("trust", trust.source, trust.target, trust.properties["channel"], trust.properties["flow"], over)
            trusted = Condition(draw, self.strength(trust))
            for speaker in self.sending(trust.target, over):
                yield from self.into(trust.source, over, speaker, trusted, proving=speaker[1] == OWN_NAME)
        yield from self.through_resources()
        for row in table("entries"):
            for agent in self.agents:
                if row["entry"] in self.entries(agent):
                    trusted = Condition(("trust", agent, "outside", row["entry"]), preset(row["preset"]))
                    yield from self.into(agent, row["class"], OUTSIDE, trusted, proving=False)

    def through_resources(self) -> Iterator[Way]:
        """From whoever leaves something in a resource to whoever reads it, but not back to the same agent."""
        uses = self.of("USES")
        for reading, writing in product(uses, uses):
            reader, resource = reading.source, reading.target
            if reading.properties["access"] == "write" or writing.properties["access"] == "read" or not shared_as(resource):
                continue
            if writing.target == resource and writing.source != reader:
                channel, over = shared_as(resource)
                strength = reading.properties.get("strength")
                usual = next(row for row in table("channels") if row["channel"] == channel)["backward"][0]["preset"]
                trusted = Condition(("trust", reader, resource), preset(usual) if strength is None else strength)
                for left_as in ("memory",) if over == "memory" else ("call", "content"):
                    for speaker in self.sending(writing.source, left_as):
                        yield from self.into(reader, over, speaker, trusted, proving=False)

    def sending(self, agent: str, over: str) -> Iterator[Exposure]:
        """The states of ``agent`` in which somebody else decides what it emits over a class."""
        for other, threat in self.faces:
            if other == agent and over in steered(threat):
                yield agent, threat
        if MODEL in self.lacks(agent) and over == "content":
            yield agent, RELAY

    def into(self, agent: str, over: str, speaker: Exposure, trusted: Condition, *, proving: bool) -> Iterator[Way]:
        """What hostile input over a class can do at ``agent`` if it acts on it."""
        stopped = self.failing(agent, set(arrives_as(over)), proving=proving)
        for threat in arrives_as(over):
            if (agent, threat) in self.faces:
                realised = Condition(("arrival", agent, over), self.faces[agent, threat])
                yield Way(speaker, (agent, threat), (trusted, *stopped, realised))
        if MODEL in self.lacks(agent) and over in HANDED_ON:
            yield Way(speaker, (agent, RELAY), (trusted, *stopped))

    def failing(self, agent: str, threats: set[str], *, proving: bool) -> tuple[Condition, ...]:
        """That no control in place that counters one of ``threats`` holds; ``proving``: even one that proves who speaks."""
        proofs = {name for row in table("authenticates") for name in row["mitigations"]}
        return tuple(
            Condition(("control", agent, r.target), effectiveness(r.target) * r.properties.get("coverage", 1.0), below=False)
            for r in self.of("IMPLEMENTS", agent)
            if threats & counters(r.target) and (proving or r.target not in proofs)
        )

    def strength(self, trust: Relation) -> float:
        """As documents say, the highest where they differ; else the preset of the channel."""
        same = [r for r in self.of("TRUSTS", trust.source) if r.key == trust.key or _wired_alike(r, trust)]
        return max(_strength(r) for r in same)


def reached(system: Described, starts: Sequence[Exposure]) -> dict[tuple[str, str] | str, float]:
    """The probability of each exposure, of each agent falling to anything, and (``harmed``, agent) of its being harmed."""
    ways = useful(system.ways(), starts)
    found: dict[tuple[str, str] | str, float] = {}
    for share, world in worlds(ways):
        graph = nx.DiGraph()
        graph.add_nodes_from(starts)
        graph.add_edges_from((way.source, way.target) for way in ways if all(holds(one, world) for one in way.conditions))
        nodes = set().union(*(nx.descendants(graph, start) | {start} for start in starts))
        fallen = {node for node in nodes if node[1] and node[1] != RELAY}
        harmed = {("harmed", agent) for agent, threat in fallen if threat in HARM}
        for what in fallen | {agent for agent, _ in fallen} | harmed:
            found[what] = found.get(what, 0.0) + share
    return found


def useful(ways: Iterator[Way], starts: Sequence[Exposure]) -> list[Way]:
    """The ways that are open in some world and that start where compromise can come at all."""
    possible = [way for way in ways if all(one.p > 0.0 if one.below else one.p < 1.0 for one in way.conditions)]
    graph = nx.DiGraph((way.source, way.target) for way in possible)
    graph.add_nodes_from(starts)
    there = set().union(*(nx.descendants(graph, start) | {start} for start in starts))
    return [way for way in possible if way.source in there]


def ranges(ways: Sequence[Way]) -> dict[tuple[str, ...], list[tuple[float, float]]]:
    """Each draw with the ranges in which no condition tells one value from another: a value in it, and its width."""
    cuts: dict[tuple[str, ...], set[float]] = {}
    for way in ways:
        for one in way.conditions:
            cuts.setdefault(one.draw, {0.0, 1.0}).add(one.p)
    found = {draw: [((low + high) / 2, high - low) for low, high in pairwise(sorted(ends))] for draw, ends in cuts.items()}
    return {draw: parts for draw, parts in found.items() if len(parts) > 1}


def worlds(ways: Sequence[Way]) -> Iterator[tuple[float, dict[tuple[str, ...], float]]]:
    """Every outcome of all draws that ways ask for, with its probability; draws that cannot fall otherwise are left out."""
    drawn = ranges(ways)
    for outcome in product(*drawn.values()):
        yield prod(share for _, share in outcome), {draw: u for draw, (u, _) in zip(drawn, outcome, strict=True)}


def count_worlds(system: Described, starts: Sequence[Exposure]) -> int:
    """How many outcomes :func:`worlds` gives."""
    return prod(len(parts) for parts in ranges(useful(system.ways(), starts)).values())


def holds(condition: Condition, world: Mapping[tuple[str, ...], float]) -> bool:
    return (world.get(condition.draw, 0.5) < condition.p) is condition.below


def table(name: str) -> Sequence[Mapping]:
    return catalog().cascade[name]


@cache
def leads_to(threat: str) -> set[str]:
    return {r.target for r in catalog().content.relations if (r.kind, r.source) == ("LEADS_TO", threat)}


@cache
def arrives_as(over: str) -> Sequence[str]:
    return next(row["threats"] for row in table("arrives_as") if row["class"] == over)


@cache
def steered(threat: str) -> set[str]:
    """The classes of what an agent emits that whoever realised ``threat`` decides; who steers messages steers results, too."""
    classes = {name for row in table("steers") if row["threat"] == threat for name in row["classes"]}
    return classes | ({"content"} if "message" in classes else set())


@cache
def needs(threat: str) -> set[str]:
    relations = catalog().content.relations
    return {r.target for r in relations if (r.kind, r.source) == ("EXPLOITS", threat) and r.properties["role"] == "needs"}


@cache
def preset(name: str) -> float:
    return next(row["strength"] for row in table("presets") if row["preset"] == name)


def shared_as(resource: str) -> tuple[str, str] | None:
    """The channel and the class over which readers of a resource are reached."""
    kind = resource.partition(":")[0]
    return (
        None
        if kind == "model"
        else {"memory": ("shared-memory", "memory"), "data": ("retrieval", "memory")}.get(kind, ("shared-tool", "content"))
    )


@cache
def counters(mitigation: str) -> set[str]:
    """What a control counters by the catalogue, and what maps closely to or from that."""
    relations = catalog().content.relations
    direct = {r.target for r in relations if (r.kind, r.source) == ("COUNTERS", mitigation)}
    pairs = [{r.source, r.target} for r in relations if r.kind == "MAPS_TO" and r.properties["predicate"] in CLOSE]
    return direct.union(*(pair for pair in pairs if pair & direct))


@cache
def effectiveness(mitigation: str) -> float:
    tactic = catalog().node("Mitigation", mitigation).properties["tactic"]
    return next(row["effectiveness"] for row in table("effectiveness") if tactic in row["tactics"])


def _wired_alike(one: Relation, other: Relation) -> bool:
    same = ("channel", "flow", "over")
    return one.target == other.target and all(one.properties[name] == other.properties[name] for name in same)


def _strength(trust: Relation) -> float:
    said = trust.properties
    if said.get("strength") is not None:
        return said["strength"]
    row = next(row for row in table("channels") if row["channel"] == said["channel"])
    return preset(next(part["preset"] for part in row[said["flow"]] if part["class"] == said["over"]))
