"""Builds the part of the exposure graph that compromise can reach, by rounds: the neighbours of a whole frontier at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.model.graph import Relation
from kb.questions.kernels.exposure_graph import OUTSIDE, Arc, ExposureGraph, Key, Literal, Source, exposure
from kb.questions.kernels.hops import within_hops
from kb.questions.kernels.member_arcs import SPOKEN_FOR, arrival, within
from kb.questions.kernels.members import Member, read_members, resource_flow
from kb.questions.kernels.tables import tables
from kb.questions.kernels.trust_strength import places, reading_strength, strength, wiring

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
    """Follow no way of more hops than this, see :mod:`kb.questions.kernels.hops`."""

    def __post_init__(self) -> None:
        if self.max_hops is not None and self.max_hops < 1:
            raise UsageError(f"max-hops is {self.max_hops}, expected 1 or more")


def build(engine: Engine, starts: Iterable[Key], wanted: Wanted) -> "Expansion":
    """Everything that compromise reaches from ``starts`` (exposures, or ``outside``), down to the floor."""
    expansion = Expansion(engine, wanted)
    expansion.read(node[1] for node in starts)
    expansion.start(starts)
    rounds = 0
    while rounds != wanted.max_hops and expansion.step():  # each round goes one hop further
        rounds += 1
    expansion.finish()
    if wanted.max_hops is not None:
        expansion.graph = within_hops(expansion.graph, wanted.max_hops)
    return expansion


class _Offer(NamedTuple):
    """A way into an agent that has not been read yet, and need not be while the way is too unlikely."""

    strength: float
    agent: str
    entrance: Key
    connect: Callable[[], None]
    """Adds the arcs of this way, once the agent has been read."""


class Expansion:
    """An exposure graph in the making.

    An agent is read once a way into it stays above the floor by its strength alone. All ways into it that are known then
    become arcs, and so do those that come to be known.
    """

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
        self._offers: dict[Key, list[_Offer]] = {}
        """Node to the ways that start there and are not yet likely enough, the strongest last."""
        self._waiting: dict[str, list[_Offer]] = {}
        self._called: set[str] = set()
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
        """Ask for the neighbours of the frontier, one hop further; whether there was one."""
        frontier = sorted(self._pending - self._expanded)
        self._pending.clear()
        if not frontier and not self._called:
            return False
        if frontier:
            self._expanded.update(frontier)
            self._look_around(frontier)
        called, self._called = sorted(self._called), set()
        self.read(called)
        for agent in called:
            for offer in self._waiting.pop(agent, ()):
                offer.connect()
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
            for arc in within(member):
                self._add(arc)

    def finish(self) -> None:
        """Keep the arcs between reached nodes."""
        best = self.graph.best
        self.graph.arcs = [arc for source in sorted(best) for arc in self._arcs.get(source, ()) if arc.target in best]
        for node in self._offers.keys() & best.keys():
            self._low.update(offer.entrance for offer in self._offers[node] if offer.agent not in self.members)
        self.graph.cut = len(self._low - best.keys())

    def _counts(self, relation: Relation) -> bool:
        truster, trusted = relation.source, relation.target
        inside = self._inside is None or (truster in self._inside and trusted in self._inside)
        return inside and truster != trusted and (truster, trusted) not in self.wanted.severed

    # From one agent to another ------------------------------------------------------------------------------------------

    def _look_around(self, frontier: Sequence[str]) -> None:
        """Get to know the ways that lead from the frontier to others, of those that are one draw the strongest first."""
        shared = self._readers(frontier)
        trusts = [(*strength(r), r) for r in self.engine.expand(frontier, ["TRUSTS"], "in") if self._counts(r)]
        touched: set[Key] = set()
        # wirings that are as strong by name, as chains take the first
        for p, source, relation in sorted(trusts, key=lambda trust: (-trust[0], wiring(trust[2]))):
            name = wiring(relation)[0]
            node: Key = ("out", relation.target, name, "all")
            self._offer(node, p, relation.source, name, partial(self._trust, relation, p, source))
            touched.add(node)
        touched |= self._share(frontier, shared)
        for node in touched:
            self._offers[node].sort(key=attrgetter("strength"))
            self._call(node)

    def _offer(self, node: Key, p: float, agent: str, name: str, connect: Callable[[], None]) -> None:
        """Take down a way of strength ``p`` from ``node`` over class ``name`` into ``agent``."""
        offers = self._offers.setdefault(node, [])
        if agent in self.members:
            connect()
        elif p > 0.0:
            offers.append(_Offer(p, agent, ("in", agent, name, "own"), connect))
            self._waiting.setdefault(agent, []).append(offers[-1])

    def _call(self, node: Key) -> None:
        """Have those agents read that ways from ``node`` lead into, as far as the ways are likely enough."""
        offers, p = self._offers.get(node), self.graph.best.get(node)
        while offers and p is not None and offers[-1].strength * p >= self.wanted.floor:
            agent = offers.pop().agent
            if agent not in self.members:
                self._called.add(agent)

    def _arrive(self, agent: str, name: str) -> bool:
        """Add what hostile input over class ``name`` does at ``agent``; whether it tells who speaks."""
        if (agent, name) not in self._tells:
            arrived = arrival(self.members[agent], name)
            for arc in arrived.arcs:
                self._add(arc)
            self._tells[agent, name] = arrived.tells
        return self._tells[agent, name]

    def _trust(self, relation: Relation, p: float, source: Source) -> None:
        truster, trusted = relation.source, relation.target
        name, channel, flow = wiring(relation)
        literal = Literal(("trust", truster, trusted, channel, flow, name), p, True, source)
        tells, listed = self._arrive(truster, name), places(relation)
        spoken = "own" if tells else "all"
        self._add(Arc(("out", trusted, name, spoken), ("in", truster, name, "own"), (literal,), listed, channel))
        if tells and SPOKEN_FOR in self.members[trusted].faced:
            self._add(Arc(("out", trusted, name, "all"), ("in", truster, name, "named"), (literal,), listed, channel))

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

    def _share(self, frontier: Sequence[str], shared: Sequence[Relation]) -> set[Key]:
        """Carry what fallen agents leave in a resource to those who read it; returns the nodes that ways start from."""
        users: dict[str, dict[str, tuple[float, Source, Relation]]] = {}
        writers: dict[str, set[str]] = {}
        read = [(*reading_strength(r, *self._channel(r.target)), r) for r in shared if r.properties["access"] != "write"]
        for use in sorted(read, key=lambda use: -use[0]):  # the highest that is said of one reader
            users.setdefault(use[2].target, {}).setdefault(use[2].source, use)
        for relation in shared:
            if relation.properties["access"] != "read":
                writers.setdefault(relation.target, set()).add(relation.source)
        for resource, readers in users.items():
            both = readers.keys() & writers.get(resource, set())
            self.crowded = self.crowded or len(both) >= CROWD
            for reader, (p, source, relation) in readers.items():
                others = sorted(writers[resource] - {reader}) if reader in both and len(both) < CROWD else None
                connect = partial(self._read_from, relation, p, source, others)
                self._offer(("left", resource), p, reader, self._channel(resource)[1], connect)
        for agent in frontier:
            for resource in sorted({relation.target for relation in self.members[agent].writes()}):
                self._leave(agent, resource)
        return {("left", resource) for resource in users}

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

    def _read_from(self, relation: Relation, p: float, source: Source, writers: Sequence[str] | None) -> None:
        """``writers`` are the others where the reader is one itself: it is not hit by what it left."""
        reader, resource = relation.source, relation.target
        channel, name = self._channel(resource)
        self._arrive(reader, name)
        left: Key = ("left", resource)
        if writers is not None:
            left = ("left", resource, reader, "others")
            for writer in writers:
                self._add(Arc(("left", resource, writer), left))
        literal = Literal(("trust", reader, resource), p, True, source)
        self._add(Arc(left, ("in", reader, name, "own"), (literal,), places(relation), channel))

    def _enter(self) -> None:
        """Let strangers write to the entries of the system, or of all systems."""
        chosen = None if self.wanted.system is None else [self.wanted.system]
        homes = self.engine.edges("MEMBER_OF", target=chosen)
        if chosen is not None:  # what is an entry of another system is one here, too
            homes = self.engine.edges("MEMBER_OF", source={relation.source for relation in homes})
        self.read({r.source for r in homes if r.properties.get("entry") or r.properties.get("entries")})
        for agent, member in sorted(self.members.items()):
            if (self._inside is None or agent in self._inside) and (agent, OUTSIDE) not in self.wanted.severed:
                for entry in sorted(member.entries):
                    self._stranger(member, entry)

    def _stranger(self, member: Member, entry: str) -> None:
        if entry not in tables().entries:
            return
        name, preset = tables().entries[entry]
        p, source = tables().presets[preset]
        self._arrive(member.id, name)
        literal = Literal(("trust", member.id, OUTSIDE, entry), p, True, source)
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
            self._call(node)
            for arc in self._arcs.get(node, ()):
                self._label(arc.target, -p * arc.probability)
