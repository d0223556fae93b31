"""Builds the part of the exposure graph that compromise can reach, by rounds: the neighbours of a whole frontier at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.graph import Relation
from kb.questions.cascade_tables import RELAYED, countered, effectiveness, tables
from kb.questions.exposure_graph import OUTSIDE, RELAY, Arc, ExposureGraph, Key, Literal, Source, exposure
from kb.questions.hops import within_hops
from kb.questions.members import Member, read_members, resource_flow

SPOKEN_FOR = "owasp:T9"
"""Somebody speaks in the agent's name: the one arrival that a proof of who speaks can stop."""
CROWD = 64
"""From so many agents on that both read and write one resource, what an agent left itself counts as left by others."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to follow, and the what-ifs."""

    floor: float = 0.001
    system: str | None = None
    """Only members of this system."""
    given: tuple[tuple[str, str], ...] = ()
    """(mitigation, agent): controls that are taken to be in place, whole."""
    severed: frozenset[tuple[str, str]] = frozenset()
    """(truster, trusted): trust that is taken to be gone."""
    assumed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Agent to threats that it is taken to face."""
    max_hops: int | None = None
    """Follow no way of more hops than this, see :mod:`kb.questions.hops`."""

    def __post_init__(self) -> None:
        if self.max_hops is not None and self.max_hops < 1:
            raise UsageError(f"max-hops is {self.max_hops}, expected 1 or more")


def build(engine: Engine, starts: Iterable[Key], wanted: Wanted) -> "Expansion":
    """Everything that compromise reaches from ``starts`` (exposures, or ``outside``), down to the floor."""
    expansion = Expansion(engine, wanted)
    expansion.read(node[1] for node in starts if node[0] == "exposure")
    expansion.start(starts)
    rounds = 0
    while rounds != wanted.max_hops and expansion.step():  # each round goes one hop further
        rounds += 1
    expansion.finish()
    if wanted.max_hops is not None:
        expansion.graph = within_hops(expansion.graph, wanted.max_hops)
    return expansion


class Expansion:
    """An exposure graph in the making."""

    def __init__(self, engine: Engine, wanted: Wanted) -> None:
        self.engine = engine
        self.wanted = wanted
        self.graph = ExposureGraph()
        self.members: dict[str, Member] = {}
        """Every agent that was read, by id."""
        self.crowded = False
        """Whether a resource has so many users that what an agent left itself counts as left by others."""
        self._forms: dict[str, str] = {}
        self._arcs: dict[Key, list[Arc]] = {}
        self._known: set[tuple[Key, Key, tuple[Key, ...]]] = set()
        self._heap: list[tuple[float, Key]] = []
        self._pending: set[str] = set()
        self._expanded: set[str] = set()
        self._shared: set[str] = set()
        self._tells: dict[tuple[str, str], bool] = {}
        self._low: set[Key] = set()
        self._inside: frozenset[str] | None = None
        if wanted.system is not None:
            homes = engine.edges("MEMBER_OF", target=[wanted.system])
            self._inside = frozenset(relation.source for relation in homes)

    def start(self, starts: Iterable[Key]) -> None:
        """Take ``starts`` for reached."""
        self.graph.starts = tuple(sorted(starts))
        for node in self.graph.starts:
            self._label(node, 1.0)
        if ("exposure", OUTSIDE, OUTSIDE) in self.graph.starts:
            self._enter()
        self._settle()

    def step(self) -> bool:
        """Ask for the neighbours of the frontier; whether there was one."""
        frontier = sorted(self._pending - self._expanded)
        self._pending.clear()
        if not frontier:
            return False
        self._expanded.update(frontier)
        trusts = [r for r in self.engine.expand(frontier, ["TRUSTS"], "in") if self._counts(r.source, r.target)]
        shared = self._readers(frontier)
        self.read({relation.source for relation in (*trusts, *shared)})
        # the highest of what documents give one trust first; wirings that are as strong by name, as chains take the first
        for relation in sorted(trusts, key=lambda r: (-self._strength(r)[0], _wiring(r))):
            self._trust(relation)
        self._share(frontier, shared)
        self._settle()
        return True

    def read(self, ids: Iterable[str]) -> None:
        """Get to know agents, and what spreads within them."""
        new = {agent for agent in ids if agent not in self.members and agent != OUTSIDE}
        for agent, member in read_members(self.engine, new, self.wanted.assumed).items():
            for mitigation, place in self.wanted.given:
                if place == agent:
                    member.controls[mitigation] = (1.0, Source("assumed", "as asked for, whole coverage"))
            self.members[agent] = member
            self._within(member)

    def finish(self) -> None:
        """Keep the arcs between reached nodes."""
        best = self.graph.best
        self.graph.arcs = [arc for source in sorted(best) for arc in self._arcs.get(source, ()) if arc.target in best]
        self.graph.cut = len(self._low - best.keys())

    def susceptibility(self, agent: str, threat: str) -> tuple[float, Source]:
        """How likely hostile input realises ``threat`` at ``agent``, and how that came about."""
        member = self.members[agent]
        faced = member.faced[threat]
        if faced.susceptibility is not None:
            return faced.susceptibility, Source("document", f"declared, {faced.source.text}")
        return tables().susceptibility(threat, member.scores)

    def _counts(self, truster: str, trusted: str) -> bool:
        inside = self._inside is None or (truster in self._inside and trusted in self._inside)
        return inside and truster != trusted and (truster, trusted) not in self.wanted.severed

    # Within one agent ---------------------------------------------------------------------------------------------------

    def _within(self, member: Member) -> None:
        agent, faced = member.id, member.faced
        for threat in sorted(faced):
            for other in tables().leads_to.get(threat, ()):
                if other in faced and other != threat:
                    self._add(Arc(exposure(agent, threat), ("stepping", agent, other)))
            self._speak(agent, threat)
        stepped = {other for threat in faced for other in tables().leads_to.get(threat, ()) if other in faced}
        for threat in sorted(stepped):
            s, source = self.susceptibility(agent, threat)
            literals = (Literal(("step", agent, threat), s, True, source), *self._controls(member, {threat}))
            self._add(Arc(("stepping", agent, threat), exposure(agent, threat), literals))
        if member.without_model:
            self._add(Arc(exposure(agent, RELAY), ("out", agent, "content", "all")))
            self._add(Arc(exposure(agent, RELAY), ("out", agent, "content", "own")))

    def _speak(self, agent: str, threat: str) -> None:
        for name in sorted(tables().steered.get(threat, ())):
            self._add(Arc(exposure(agent, threat), ("out", agent, name, "all")))
            if threat != SPOKEN_FOR:
                self._add(Arc(exposure(agent, threat), ("out", agent, name, "own")))

    def _controls(self, member: Member, threats: Iterable[str], *, proving: bool = True) -> tuple[Literal, ...]:
        """That no control in place at ``member`` which counters one of ``threats`` holds."""
        found = []
        for mitigation, (coverage, source) in sorted(member.controls.items()):
            if not proving and mitigation in tables().authenticates:
                continue
            if not countered().get(mitigation, {}).keys().isdisjoint(threats):
                held, why = effectiveness(mitigation)
                text = Source(why.basis, f"{why.text}, {source.text} {coverage:g}")
                found.append(Literal(("control", member.id, mitigation), held * coverage, False, text))
        return tuple(literal for literal in found if literal.p > 0)

    def _arrive(self, member: Member, name: str) -> bool:
        """Say what hostile input over class ``name`` does at ``member``; whether it tells who speaks."""
        agent, threats = member.id, tables().arrives_as.get(name, ())
        if (agent, name) in self._tells:
            return self._tells[agent, name]
        arrived, proving = ("arrived", agent, name), self._controls(member, threats)
        plain = self._controls(member, threats, proving=False)
        self._add(Arc(("in", agent, name, "own"), arrived, plain))
        if plain != proving:
            self._add(Arc(("in", agent, name, "named"), arrived, proving))
        for threat in threats:
            if threat in member.faced:
                s, source = self.susceptibility(agent, threat)
                self._add(Arc(arrived, exposure(agent, threat), (Literal(("arrival", agent, name), s, True, source),)))
        if member.without_model and name in RELAYED:
            self._add(Arc(arrived, exposure(agent, RELAY)))
        self._tells[agent, name] = plain != proving
        return plain != proving

    # From one agent to another ------------------------------------------------------------------------------------------

    def _trust(self, relation: Relation) -> None:
        said, (truster, trusted) = relation.properties, (relation.source, relation.target)
        if truster not in self.members:
            return
        name, channel, flow = _wiring(relation)
        strength, source = self._strength(relation)
        literal = Literal(("trust", truster, trusted, channel, flow, name), strength, True, source)
        places = said.get("places")
        listed = places if isinstance(places, tuple) else ()
        tells = self._arrive(self.members[truster], name)
        spoken = "own" if tells else "all"
        self._add(Arc(("out", trusted, name, spoken), ("in", truster, name, "own"), (literal,), listed, channel))
        if tells and SPOKEN_FOR in self.members[trusted].faced:
            self._add(Arc(("out", trusted, name, "all"), ("in", truster, name, "named"), (literal,), listed, channel))

    def _strength(self, relation: Relation) -> tuple[float, Source]:
        """How strong a trust is: as its relation says, which may name a preset; else by the preset of its wiring."""
        name, channel, flow = _wiring(relation)
        given, presets = relation.properties.get("strength"), tables().presets
        named = str(relation.properties.get("strength_source") or "").removeprefix("preset ").partition(" ")[0]
        strength, source = presets[named if named in presets else tables().flows.get((channel, flow, name), "peer-text")]
        if not isinstance(given, float):
            return strength, source
        return given, source if named in presets else Source("document", _place(relation))

    def _readers(self, frontier: Sequence[str]) -> list[Relation]:
        """USES relations of all resources that the frontier writes, those not asked for before."""
        written = {relation.target for agent in frontier for relation in self.members[agent].writes()}
        for node in self.engine.nodes("Resource", sorted(written - self._forms.keys())):
            self._forms[node.id] = str(node.properties.get("form") or node.id.partition(":")[0])
        new = [
            resource for resource in sorted(written) if resource not in self._shared and resource_flow(self._forms[resource])
        ]
        self._shared.update(new)
        return [r for r in self.engine.expand(new, ["USES"], "in") if self._inside is None or r.source in self._inside]

    def _share(self, frontier: Sequence[str], shared: Sequence[Relation]) -> None:
        """Carry what fallen agents leave in a resource to those who read it."""
        users: dict[str, dict[str, Relation]] = {}
        for relation in sorted(shared, key=lambda r: -self._reading(r)[0]):  # the highest that is said of one reader
            if relation.properties["access"] != "write":
                users.setdefault(relation.target, {}).setdefault(relation.source, relation)
        for resource, readers in users.items():
            writers = {r.source for r in shared if r.target == resource and r.properties["access"] != "read"}
            both = readers.keys() & writers
            self.crowded = self.crowded or len(both) >= CROWD
            for reader, relation in readers.items():
                if reader in self.members:
                    self._read_from(resource, reader, relation, writers if reader in both and len(both) < CROWD else None)
        for agent in frontier:
            for resource in sorted({relation.target for relation in self.members[agent].writes()}):
                self._leave(agent, resource)

    def _reading(self, relation: Relation) -> tuple[float, Source]:
        """How strong an agent's trust in what a resource holds is: as its relation says, else by the preset of the channel."""
        given = relation.properties.get("strength")
        if isinstance(given, float):
            return given, Source("document", _place(relation))
        channel, name = self._channel(relation.target)
        return tables().presets[tables().flows[channel, "backward", name]]

    def _channel(self, resource: str) -> tuple[str, str]:
        """The channel and the class over which readers of ``resource`` are reached."""
        flow = resource_flow(self._forms[resource])
        assert flow is not None  # noqa: S101  # resources without one are not asked for
        return flow

    def _leave(self, agent: str, resource: str) -> None:
        flow = resource_flow(self._forms[resource])
        for name in () if flow is None else ("memory",) if flow[1] == "memory" else ("call", "content"):
            self._add(Arc(("out", agent, name, "all"), ("left", resource, agent)))
        self._add(Arc(("left", resource, agent), ("left", resource)))

    def _read_from(self, resource: str, reader: str, relation: Relation, writers: Iterable[str] | None) -> None:
        """``writers`` are named where the reader is one of them: it is not hit by what it left itself."""
        channel, name = self._channel(resource)
        strength, source = self._reading(relation)
        places = relation.properties.get("places")
        listed = places if isinstance(places, tuple) else ()
        self._arrive(self.members[reader], name)
        literal = Literal(("trust", reader, resource), strength, True, source)
        left: Key = ("left", resource)
        if writers is not None:
            left = ("left", resource, reader, "others")
            for writer in sorted(writers):
                if writer != reader:
                    self._add(Arc(("left", resource, writer), left))
        self._add(Arc(left, ("in", reader, name, "own"), (literal,), listed, channel))

    def _enter(self) -> None:
        """Let strangers write to the entries of the system, or of all systems."""
        chosen = None if self.wanted.system is None else [self.wanted.system]
        self.read({relation.source for relation in self.engine.edges("MEMBER_OF", target=chosen)})
        for agent, member in sorted(self.members.items()):
            if (self._inside is None or agent in self._inside) and (agent, OUTSIDE) not in self.wanted.severed:
                for entry in sorted(member.entries):
                    self._stranger(member, entry)

    def _stranger(self, member: Member, entry: str) -> None:
        if entry not in tables().entries:
            return
        name, preset = tables().entries[entry]
        strength, source = tables().presets[preset]
        self._arrive(member, name)
        literal = Literal(("trust", member.id, OUTSIDE, entry), strength, True, source)
        self._add(Arc(exposure(OUTSIDE, OUTSIDE), ("in", member.id, name, "own"), (literal,), (), f"outside-{entry}"))

    # Labels -------------------------------------------------------------------------------------------------------------

    def _add(self, arc: Arc) -> None:
        identity = (arc.source, arc.target, tuple(literal.draw for literal in arc.literals))
        if identity in self._known or arc.probability == 0.0:
            return
        self._known.add(identity)
        self._arcs.setdefault(arc.source, []).append(arc)
        if arc.source in self.graph.best:
            self._label(arc.target, self.graph.best[arc.source] * arc.probability)

    def _label(self, node: Key, p: float) -> None:
        if p < self.wanted.floor:
            self._low.add(node)
        elif p > self.graph.best.get(node, 0.0):
            self.graph.best[node] = p
            heappush(self._heap, (-p, node))

    def _settle(self) -> None:
        while self._heap:
            p, node = heappop(self._heap)
            if -p < self.graph.best[node]:
                continue
            if node[0] == "out":
                self._pending.add(node[1])
            for arc in self._arcs.get(node, ()):
                self._label(arc.target, -p * arc.probability)


def _wiring(relation: Relation) -> tuple[str, str, str]:
    """Class, channel and flow of a TRUSTS relation."""
    said = relation.properties
    return str(said.get("over") or "message"), str(said["channel"]), str(said.get("flow") or "forward")


def _place(relation: Relation) -> str:
    """Where a relation is said, as exactly as is known."""
    places = relation.properties.get("places")
    return places[0] if isinstance(places, tuple) and places else str(relation.assessment)
