"""The links of pictures, each drawn as compromise flows; relations of one channel between the same two are one link."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.engines.protocol import Engine
from kb.model.graph import Relation
from kb.questions.kernels.chain import Chain
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, Arc, Key, is_exposure
from kb.questions.kernels.members import resource_flow
from kb.questions.kernels.tables import tables
from kb.questions.pictures.chains import hop_of, resource_channel
from kb.questions.pictures.picture import Detail, Line, Link
from kb.questions.pictures.sketch import LinkKey

_READS, _WRITES = ("read", "call"), ("write", "call")


@dataclass(slots=True)
class _Wire:
    """What several relations say of one link."""

    strength: float | None = None
    strength_source: str | None = None
    threats: set[str] = field(default_factory=set)
    best: tuple[bool, float] | None = None
    """Of the best chain along it: whether somebody falls by it, which counts before handing on, and how likely."""
    lines: list[Line] = field(default_factory=list)

    def stronger(self, strength: float | None, source: str | None) -> None:
        """Keep ``strength`` where it is the highest so far."""
        if strength is not None and (self.strength is None or strength > self.strength):
            self.strength, self.strength_source = strength, source

    def says(self, line: Line) -> None:
        """Add ``line`` unless it is known."""
        if line not in self.lines:
            self.lines.append(line)

    def link(self, key: LinkKey) -> Link:
        """The finished link."""
        source, target, kind, channel = key
        layers = {layer for threat in self.threats if (layer := tables().layers.get(threat))}
        return Link(
            source,
            target,
            kind,
            channel,
            self.strength,
            self.strength_source,
            tuple(sorted(self.threats)),
            tuple(sorted(layers)),
            self.best[1] if self.best else None,
            (Detail("Wiring", tuple(self.lines)),) if self.lines else (),
        )


def _finished(wires: Mapping[LinkKey, _Wire]) -> list[Link]:
    return [wires[key].link(key) for key in sorted(wires)]


# From a cascade -------------------------------------------------------------------------------------------------------


def links_of_arcs(expansion: Expansion, chains: Mapping[Key, Chain]) -> list[Link]:
    """Everything that compromise crosses in ``expansion``, with the best chain along it; ``chains`` is its best ones.

    No chain goes along a link whose source is best reached through its target: its probability is ``None``.
    """
    outgoing: dict[Key, list[Arc]] = {}
    for arc in expansion.graph.arcs:
        outgoing.setdefault(arc.source, []).append(arc)
    read = {arc.source[1] for arc in expansion.graph.arcs if arc.source[0] == "left" and hop_of(arc)}
    wires: dict[LinkKey, _Wire] = {}
    fallen = {node[1:3] for node in expansion.graph.best if is_exposure(node)}
    for arc in expansion.graph.arcs:
        hop = hop_of(arc)
        if hop is not None and (arc.target[0] != "left" or hop[1] in read):
            _cross(wires.setdefault(hop, _Wire()), arc, _along(arc, chains, outgoing), fallen)
    return _finished(wires)


def _cross(wire: _Wire, arc: Arc, best: tuple[bool, float] | None, fallen: Collection[Key]) -> None:
    trust = next((literal for literal in arc.literals if literal.draw[0] == "trust"), None)
    name = arc.target[2] if arc.target[0] == "in" else arc.source[2]
    source = f"{trust.source.basis}: {trust.source.text}" if trust else None
    said = f"{name}: strength {trust.p:g}" if trust else f"{name}, left there for others"
    wire.says(Line(said, source))
    for place in arc.places:
        wire.says(Line("wired", place))
    wire.stronger(trust.p if trust else None, source)
    if arc.target[0] == "in":
        agent, arriving = arc.target[1], tables().arrives_as.get(name, ())
        wire.threats |= {threat for threat in arriving if (agent, threat) in fallen}
    if best is not None:
        wire.best = max(best, wire.best or best)


def _along(arc: Arc, chains: Mapping[Key, Chain], outgoing: Mapping[Key, Sequence[Arc]]) -> tuple[bool, float] | None:
    """Of the best chain to ``arc``, along it and to what it does where it arrives: whether that is a fall, and how likely."""
    before = chains[arc.source].arcs
    if any(arc.target[1] in (step.source[1], step.target[1]) for step in before):
        return None
    if arc.target[0] == "left":
        return False, Chain((*before, arc)).probability
    ways = [(arc, entering, *more) for entering in outgoing.get(arc.target, ()) for more in _ends(entering, outgoing)]
    return max(((is_exposure(way[-1].target), Chain((*before, *way)).probability) for way in ways), default=None)


def _ends(entering: Arc, outgoing: Mapping[Key, Sequence[Arc]]) -> list[tuple[Arc, ...]]:
    """The likeliest arc on from where ``entering`` leads, to a fall where there is one; none where there is none at all."""
    further = outgoing.get(entering.target, ())
    return [(max(further, key=lambda arc: (is_exposure(arc.target), arc.probability)),)] if further else []


# From the base --------------------------------------------------------------------------------------------------------


def wiring(engine: Engine, agents: Iterable[str]) -> list[Relation]:
    """The TRUSTS among ``agents`` and the USES of them, as the base has them."""
    ids = sorted(set(agents))
    among = set(ids)
    found = engine.expand(ids, ["TRUSTS", "USES"], "out")
    return [relation for relation in found if relation.kind == "USES" or relation.target in among]


def links_of_relations(relations: Iterable[Relation]) -> list[Link]:
    """The links that TRUSTS, USES, BASED_ON and MEMBER_OF (what strangers reach) stand for, trusted before truster."""
    wires: dict[LinkKey, _Wire] = {}
    for relation in relations:
        if relation.kind == "TRUSTS":
            _trust(wires, relation)
        elif relation.kind == "USES":
            _use(wires, relation)
        elif relation.kind == "BASED_ON":
            said = Line("made with it, and inherits what documents say of it", None)
            wires.setdefault((relation.target, relation.source, "BASED_ON", ""), _Wire()).says(said)
        elif relation.kind == "MEMBER_OF":
            _entries(wires, relation)
    return _finished(wires)


def _trust(wires: dict[LinkKey, _Wire], relation: Relation) -> None:
    said = relation.properties
    channel, name = str(said["channel"]), str(said.get("over") or "message")
    wire = wires.setdefault((relation.target, relation.source, "TRUSTS", channel), _Wire())
    strength, source = said.get("strength"), said.get("strength_source")
    source = f"document: {', '.join(_places(relation))}" if source == "document" and _places(relation) else source
    given = strength if isinstance(strength, float) else None
    words = [name, str(said.get("flow") or ""), f"strength {given:g}" if given is not None else "strength not given"]
    words += [str(said["protocol"])] if said.get("protocol") else []
    words += ["authenticated" if said["authenticated"] else "not authenticated"] if "authenticated" in said else []
    wire.says(Line(", ".join(filter(None, words)), str(source) if source else None))
    for place in _places(relation):
        wire.says(Line("wired", place))
    wire.stronger(given, str(source) if source else None)
    wire.threats |= set(tables().arrives_as.get(name, ()))


def _use(wires: dict[LinkKey, _Wire], relation: Relation) -> None:
    """Who writes hands on to the resource, and the resource to who reads; who calls does both."""
    channel, access = resource_channel(relation.target), str(relation.properties["access"])
    if access in _WRITES:
        wire = wires.setdefault((relation.source, relation.target, "USES", channel), _Wire())
        for place in _places(relation) or (None,):
            wire.says(Line(f"{access}s it", place))
    if access in _READS:
        wire = wires.setdefault((relation.target, relation.source, "USES", channel), _Wire())
        flow = resource_flow(relation.target.partition(":")[0])
        if flow is not None:
            _act(wire, relation, *flow)
        for place in _places(relation) or (None,):
            wire.says(Line(f"{access}s it", place))


def _act(wire: _Wire, relation: Relation, channel: str, name: str) -> None:
    """That a reader acts on what others left: as strongly as a document says, else by the preset."""
    given = relation.properties.get("strength")
    strength, source = tables().presets[tables().flows[channel, "backward", name]]
    shown = f"{source.basis}: {source.text}"
    if isinstance(given, float):
        strength, shown = given, f"document: {', '.join(_places(relation)) or relation.assessment}"
    wire.says(Line(f"{name}: strength {strength:g}", shown))
    wire.stronger(strength, shown)
    wire.threats |= set(tables().arrives_as.get(name, ()))


def _entries(wires: dict[LinkKey, _Wire], relation: Relation) -> None:
    entries = relation.properties.get("entries")
    assumed = not entries and bool(relation.properties.get("entry"))
    for entry in entries if isinstance(entries, tuple) and entries else ("text",) if assumed else ():
        if entry in tables().entries:
            name, preset = tables().entries[entry]
            strength, source = tables().presets[preset]
            wire = wires.setdefault((OUTSIDE, relation.source, "TRUSTS", f"{OUTSIDE}-{entry}"), _Wire())
            wire.says(Line(f"{name}: strength {strength:g}", f"{source.basis}: {source.text}"))
            why = f"{relation.target} does not say for what: taken as text" if assumed else f"an entry of {relation.target}"
            wire.says(Line("strangers reach it", why))
            wire.stronger(strength, f"{source.basis}: {source.text}")
            wire.threats |= set(tables().arrives_as.get(name, ()))


def _places(relation: Relation) -> tuple[str, ...]:
    places = relation.properties.get("places")
    return places if isinstance(places, tuple) else ()
