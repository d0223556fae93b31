"""What cascades need to know of agents: what they face and why, their scores, controls and wiring; read a frontier at a time.

A deployed agent has what its product has, as far as nothing of its own stands against it, unless its system infers nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.engines.protocol import Engine
from kb.model.graph import Relation
from kb.model.precedence import rank
from kb.questions.kernels.exposure_graph import Source
from kb.questions.kernels.tables import CODE, MEMORY, MODEL, tables

_SAID = ("BASED_ON", "FACES", "HAS_CAPABILITY", "IMPLEMENTS", "MEMBER_OF", "RULES_OUT", "USES")
_INHERITED = ("FACES", "HAS_CAPABILITY", "IMPLEMENTS", "RULES_OUT")
_RESOURCE_FLOWS = {"memory": ("shared-memory", "memory"), "data": ("retrieval", "memory")}
_SHARED_TOOL = ("shared-tool", "content")


@dataclass(frozen=True, slots=True)
class Faced:
    """That an agent faces a threat, and how it came about."""

    origin: str
    source: Source
    susceptibility: float | None = None
    """As a document declares it; ``None`` where it comes from the factors."""
    layer: str | None = None
    via: str | None = None
    """The product that it is inherited from."""


@dataclass(slots=True)
class Member:
    """One agent as a cascade sees it."""

    id: str
    deployed: bool
    faced: dict[str, Faced] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    """AIVSS factor to score; own ones replace the product's."""
    controls: dict[str, tuple[float, Source]] = field(default_factory=dict)
    """Mitigation in place to its coverage."""
    without_model: bool = False
    """Whether a document says that it has no language model of its own."""
    entries: dict[str, Source] = field(default_factory=dict)
    """What of strangers reaches it."""
    systems: tuple[str, ...] = ()
    criticality: float | None = None
    uses: tuple[Relation, ...] = ()

    def reads(self) -> list[Relation]:
        """Where it acts on what others left."""
        return [relation for relation in self.uses if relation.properties["access"] in ("read", "call")]

    def writes(self) -> list[Relation]:
        """Where it leaves something."""
        return [relation for relation in self.uses if relation.properties["access"] in ("write", "call")]


def read_members(engine: Engine, ids: Iterable[str], assumed: Mapping[str, Sequence[str]]) -> dict[str, Member]:
    """The agents of ``ids`` that the base holds; ``assumed`` has threats that they are taken to face."""
    nodes = {node.id: node for node in engine.nodes("Agent", sorted(ids))}
    relations = engine.expand(sorted(nodes), _SAID, "out")
    silent = _silent_systems(engine, relations)
    # what an agent is wired over says what it faces only where that is inferred
    relations += engine.expand(sorted(nodes.keys() - silent), ("TRUSTS",), "out")
    own = _by_source(relations)
    products = {r.source: r.target for r in relations if r.kind == "BASED_ON" and r.source not in silent}
    inherited = _by_source(engine.expand(sorted(set(products.values())), _INHERITED, "out"))
    ranks = _ranks(
        engine, [r for some in (own, inherited) for kinds in some.values() for group in kinds.values() for r in group]
    )
    resources = _resources(engine, relations)
    found = {}
    for agent, node in nodes.items():
        product = products.get(agent)
        said = _Said(own.get(agent, {}), inherited.get(product or "", {}), product, agent not in silent, ranks, resources)
        found[agent] = _member(agent, str(node.properties["form"]) == "deployed", said, assumed.get(agent, ()))
    return found


ByKind = dict[str, list[Relation]]


def _by_source(relations: Iterable[Relation]) -> dict[str, ByKind]:
    found: dict[str, ByKind] = {}
    for relation in relations:
        found.setdefault(relation.source, {}).setdefault(relation.kind, []).append(relation)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    own: ByKind
    inherited: ByKind
    product: str | None
    infer: bool
    ranks: Mapping[str, Any]
    resources: Mapping[str, str]

    def all(self, kind: str) -> list[tuple[Relation, str | None]]:
        """Relations of ``kind``: inherited ones first, each group from the least to the most trusted document."""
        return [
            (relation, via)
            for group, via in ((self.inherited.get(kind, ()), self.product), (self.own.get(kind, ()), None))
            for relation in (sorted(group, key=self._standing, reverse=True) if len(group) > 1 else group)
        ]

    def _standing(self, relation: Relation) -> tuple[Any, str]:
        return self.ranks.get(relation.assessment or "", (9, 0, "")), relation.key


def _silent_systems(engine: Engine, relations: Sequence[Relation]) -> set[str]:
    """The agents of which a system says that nothing is inferred in it."""
    homes = [relation for relation in relations if relation.kind == "MEMBER_OF"]
    silent = {
        node.id
        for node in engine.nodes("System", sorted({relation.target for relation in homes}))
        if node.properties.get("infer") is False
    }
    return {relation.source for relation in homes if relation.target in silent}


def _ranks(engine: Engine, relations: Sequence[Relation]) -> dict[str, Any]:
    documents = sorted({relation.assessment for relation in relations if relation.assessment})
    return {node.id: rank(node.properties, node.id) for node in engine.nodes("Assessment", documents)}


def _resources(engine: Engine, relations: Sequence[Relation]) -> dict[str, str]:
    """Resource to its form, from its id where it gives none."""
    ids = sorted({relation.target for relation in relations if relation.kind == "USES"})
    return {node.id: str(node.properties.get("form") or node.id.partition(":")[0]) for node in engine.nodes("Resource", ids)}


def resource_flow(form: str) -> tuple[str, str] | None:
    """The channel and class over which readers of a resource of ``form`` are reached; ``None`` for a model."""
    return None if form == "model" else _RESOURCE_FLOWS.get(form, _SHARED_TOOL)


def _member(agent: str, deployed: bool, said: _Said, assumed: Sequence[str]) -> Member:
    member = Member(agent, deployed)
    member.uses = tuple(said.own.get("USES", ()))
    for relation, _ in said.all("HAS_CAPABILITY"):
        score = relation.properties.get("score")
        if relation.target.startswith("aivss:") and isinstance(score, float):
            member.scores[relation.target.removeprefix("aivss:")] = score
    for relation, _ in said.all("IMPLEMENTS"):
        coverage = relation.properties.get("coverage")
        known = isinstance(coverage, float)
        member.controls[relation.target] = (
            float(coverage) if isinstance(coverage, float) else 1.0,
            Source("document" if known else "assumed", "coverage" if known else "whole coverage"),
        )
    _at_home(member, said)
    _facing(member, said, assumed)
    return member


def _at_home(member: Member, said: _Said) -> None:
    """Systems, entries and criticality."""
    homes = [relation for relation, _ in said.all("MEMBER_OF")]
    member.systems = tuple(sorted({relation.target for relation in homes}))
    for relation in homes:
        criticality, entries = relation.properties.get("criticality"), relation.properties.get("entries")
        if isinstance(criticality, float):
            member.criticality = max(member.criticality or 0.0, criticality)
        if isinstance(entries, tuple) and entries:
            member.entries |= {entry: Source("document", f"an entry of {relation.target}") for entry in entries}
        elif relation.properties.get("entry"):
            member.entries["text"] = Source(
                "assumed", f"{member.id} is an entry of {relation.target}, which does not say for what: taken as text"
            )


def _facing(member: Member, said: _Said, assumed: Sequence[str]) -> None:
    """What ``member`` faces: by rules first, so that what documents say replaces it."""
    capable = {relation.target: relation.properties.get("score") for relation, _ in said.all("HAS_CAPABILITY")}
    member.without_model = capable.get(MODEL) == 0.0
    own_out = {relation.target for relation in said.own.get("RULES_OUT", ())}
    out = own_out | {relation.target for relation in said.inherited.get("RULES_OUT", ())}
    absent = {name for name in (MODEL, CODE, MEMORY) if capable.get(name) == 0.0}
    if said.infer:
        for threat, source in _wired(member, said):
            if threat not in out and not absent.intersection(tables().needs.get(threat, ())):
                member.faced[threat] = Faced("inferred", source)
    for relation, via in said.all("FACES"):
        faced, threat = _said_faced(relation, via), relation.target
        gated = MODEL in absent and MODEL in tables().needs.get(threat, ()) and (via or faced.origin == "inferred")
        if faced.origin == "inferred" and (not said.infer or threat in out or threat in member.faced):
            continue
        if not gated and not (via and threat in own_out):
            member.faced[threat] = _kept(member.faced.get(threat), faced)
    for threat in assumed:
        member.faced.setdefault(threat, Faced("assumed", Source("assumed", "as asked for")))


def _kept(before: Faced | None, now: Faced) -> Faced:
    """``now``, with the susceptibility and the layer that another statement gave and this one does not."""
    if before is None or before.origin == "inferred":
        return now
    susceptibility = before.susceptibility if now.susceptibility is None else now.susceptibility
    return Faced(now.origin, now.source, susceptibility, now.layer or before.layer, now.via)


def _said_faced(relation: Relation, via: str | None) -> Faced:
    said = relation.properties
    places = said.get("places")
    place = str(places[0]) if isinstance(places, tuple) and places else ""
    text = str(said.get("rule")) if said["origin"] == "inferred" else place or str(relation.assessment)
    susceptibility, layer = said.get("susceptibility"), said.get("layer")
    return Faced(
        str(said["origin"]),
        Source("rule" if said["origin"] == "inferred" else "document", text),
        susceptibility if isinstance(susceptibility, float) else None,
        str(layer) if layer else None,
        via,
    )


def _wired(member: Member, said: _Said) -> list[tuple[str, Source]]:
    """The threats that come with what the agent is wired over, by class and threat."""
    classes = {str(r.properties.get("over") or "message") for r in said.own.get("TRUSTS", ())}
    classes |= {tables().entries[entry][0] for entry in member.entries if entry in tables().entries}
    flows = (resource_flow(said.resources.get(relation.target, "")) for relation in member.reads())
    classes |= {flow[1] for flow in flows if flow}
    return [
        (threat, Source("rule", f"wired over {name}"))
        for name in sorted(classes)
        for threat in tables().arrives_as.get(name, ())
    ]
