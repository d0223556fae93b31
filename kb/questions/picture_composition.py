"""From sketches to the picture: siblings become one spot, the least likely are left out, and the rest gets its evidence."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.model.graph import Node
from kb.questions.exposure_graph import OUTSIDE
from kb.questions.picture import Detail, Line, Link, Picture, PictureChain, Spot, State
from kb.questions.picture_agents import Dossiers, details_of, read_dossiers
from kb.questions.picture_sketch import MAX_NODES, STRANGERS, LinkKey, Said, Scene, Sketch, Trail, counted, key_of

_FEW = 3
"""From so many siblings on they are one spot."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How much of an answer a picture shows."""

    max_nodes: int = MAX_NODES
    collapse: bool = True

    def __post_init__(self) -> None:
        if self.max_nodes < 1:
            raise UsageError(f"max-nodes is {self.max_nodes}, expected 1 or more")


def composed(
    engine: Engine,
    said: Said,
    sketches: Sequence[Sketch],
    links: Sequence[Link],
    frame: Frame,
    scenes: Sequence[Scene] = (),
    trails: Sequence[Trail] = (),
) -> Picture:
    """The picture of ``sketches`` and the ``links`` between them; its chains are ``trails``, then those of sketches."""
    base = engine.base
    if base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    groups = _siblings(engine, sketches, links, scenes) if frame.collapse else {}
    stands = {member: group[0].id for group in groups.values() for member in (one.id for one in group)}
    drawn = [sketch for sketch in sketches if stands.get(sketch.id, sketch.id) == sketch.id]
    kept = _kept(drawn, stands, frame.max_nodes)
    ids = {sketch.id: _spot_id(sketch.id, groups) for sketch in kept}
    renamed = {sketch.id: ids[stand] for sketch in sketches if (stand := stands.get(sketch.id, sketch.id)) in ids}
    shown_links = _joined(links, renamed)
    numbers = {key_of(link): number for number, link in enumerate(shown_links)}
    own = {sketch.id: _chain(sketch.trail, renamed, numbers) for sketch in kept}
    every = [*(_chain(trail, renamed, numbers) for trail in trails), *own.values()]
    chains = list(dict.fromkeys(chain for chain in every if chain is not None))
    places = {chain: number for number, chain in enumerate(chains)}
    order = {sketch: places[chain] for sketch, chain in own.items() if chain is not None}
    known = read_dossiers(engine, {one.id for sketch in kept for one in groups.get(sketch.id, [sketch]) if one.kind == "Agent"})
    others = _others(engine, kept)
    spots = [_spot(sketch, ids[sketch.id], known, others, groups.get(sketch.id, []), order.get(sketch.id)) for sketch in kept]
    agents = sum(len(groups.get(sketch.id, [sketch])) for sketch in kept if sketch.kind == "Agent")
    total = sum(sketch.kind == "Agent" for sketch in sketches)
    shown = f"{agents} of {counted(total, 'agent')}" if agents < total else f"{len(kept)} of {len(drawn)} spots"
    cut = f"max-nodes {frame.max_nodes}: {shown}" if len(kept) < len(drawn) else None
    return Picture(
        kind=said.kind,
        question=said.question,
        answer=said.answer,
        command=said.command,
        columns=said.columns,
        size_means=said.size_means,
        spots=tuple(_told_apart(spots)),
        links=tuple(shown_links),
        chains=tuple(chains),
        states=tuple(_state(scene, renamed, shown_links) for scene in scenes),
        shown=agents,
        total=total,
        more=f"--max-nodes {len(drawn)}" if cut else None,
        complete=said.complete and not cut,
        truncated_by="; ".join(filter(None, [said.truncated_by, cut])) or None,
        assumptions=said.assumptions,
        base=base.fingerprint,
        schema_version=base.schema_version,
    )


# Siblings -------------------------------------------------------------------------------------------------------------


def _siblings(
    engine: Engine, sketches: Sequence[Sketch], links: Sequence[Link], scenes: Sequence[Scene]
) -> dict[str, list[Sketch]]:
    """The first of each group to the group: agents of one column, alike in neighbours, severity, size and states."""
    beside: dict[str, set[Hashable]] = {}
    for link in links:
        strength = None if link.strength is None else round(link.strength, 2)
        beside.setdefault(link.source, set()).add(("to", link.target, link.kind, link.channel, strength))
        beside.setdefault(link.target, set()).add(("from", link.source, link.kind, link.channel, strength))
    free = [sketch for sketch in sketches if sketch.kind == "Agent" and not sketch.role]
    severities = {node.id: node.properties.get("severity") for node in engine.nodes("Agent", sorted(s.id for s in free))}
    groups: dict[Hashable, list[Sketch]] = {}
    for sketch in free:
        alike = (sketch.column, frozenset(beside.get(sketch.id, ())), severities.get(sketch.id), _rounded(sketch.size))
        groups.setdefault((*alike, sketch.apart, *(_in_scene(scene, sketch.id) for scene in scenes)), []).append(sketch)
    return {group[0].id: group for group in groups.values() if len(group) >= _FEW}


def _rounded(size: float | None) -> float | None:
    return None if size is None else round(size, 2)


def _in_scene(scene: Scene, agent: str) -> Hashable:
    size, _ = scene.sizes.get(agent, (None, ""))
    return _rounded(size), scene.placed.get(agent), tuple(sorted(pair for pair in scene.severed if agent in pair))


def _spot_id(sketch: str, groups: Mapping[str, Sequence[Sketch]]) -> str:
    return f"{sketch}+{len(groups[sketch]) - 1}" if sketch in groups else sketch


# What is left out -----------------------------------------------------------------------------------------------------


def _kept(sketches: Sequence[Sketch], stands: Mapping[str, str], most: int) -> list[Sketch]:
    """The start and the goals, then the heaviest, each with the chain that leads there; in the order of ``sketches``."""
    if len(sketches) <= most:
        return list(sketches)
    known = {sketch.id for sketch in sketches}
    kept = {sketch.id for sketch in sketches if sketch.role}
    for sketch in sorted(sketches, key=lambda sketch: (-sketch.weight, sketch.column, sketch.id)):
        way = {stands.get(spot, spot) for spot in sketch.trail.spots} & known if sketch.trail else set()
        with_it = kept | way | {sketch.id}
        if len(with_it) <= most:
            kept = with_it
    return [sketch for sketch in sketches if sketch.id in kept]


# The parts ------------------------------------------------------------------------------------------------------------


def _joined(links: Iterable[Link], renamed: Mapping[str, str]) -> list[Link]:
    """The links between spots that are shown, those of siblings as one."""
    found: dict[LinkKey, Link] = {}
    for link in links:
        if link.source in renamed and link.target in renamed:
            moved = replace(link, source=renamed[link.source], target=renamed[link.target])
            if moved.source != moved.target:
                earlier = found.setdefault(key_of(moved), moved)
                if (moved.probability or 0.0) > (earlier.probability or 0.0):
                    found[key_of(moved)] = moved
    return [found[key] for key in sorted(found)]


def _chain(trail: Trail | None, renamed: Mapping[str, str], numbers: Mapping[LinkKey, int]) -> PictureChain | None:
    """``trail`` along what is shown; ``None`` where a part of it is not."""
    if trail is None or any(spot not in renamed for spot in trail.spots):
        return None
    hops = [(renamed[source], renamed[target], kind, channel) for source, target, kind, channel in trail.hops]
    if any(hop not in numbers for hop in hops):
        return None
    spots = tuple(renamed[spot] for spot in trail.spots)
    return PictureChain(spots, tuple(numbers[hop] for hop in hops), trail.probability, trail.factors, trail.layers)


def _others(engine: Engine, sketches: Iterable[Sketch]) -> dict[tuple[str, str], Node]:
    """The nodes of all sketches but agents and strangers, by kind and id."""
    ids: dict[str, list[str]] = {}
    for sketch in sketches:
        if sketch.kind not in ("Agent", OUTSIDE):
            ids.setdefault(sketch.kind, []).append(sketch.id)
    return {(kind, node.id): node for kind, some in ids.items() for node in engine.nodes(kind, sorted(some))}


def _spot(
    sketch: Sketch,
    spot_id: str,
    known: Dossiers,
    others: Mapping[tuple[str, str], Node],
    group: Sequence[Sketch],
    chain: int | None,
) -> Spot:
    plain = Spot(
        id=spot_id,
        label=_label(sketch, known, others),
        kind=sketch.kind,
        column=sketch.column,
        role=sketch.role,
        certainty=sketch.certainty or None,
        size=sketch.size,
        size_text=sketch.size_text,
        threats=sketch.threats or (),
        chain=chain,
        details=sketch.details,
    )
    dossier = known.agents.get(sketch.id) if sketch.kind == "Agent" else None
    if dossier is None:
        return plain
    full = replace(
        plain,
        severity=dossier.severity,
        certainty=dossier.certainty if sketch.certainty == "" else sketch.certainty,
        threats=dossier.threats if sketch.threats is None else sketch.threats,
        layers=dossier.layers,
        details=(*sketch.details, *details_of(known, sketch.id)),
    )
    return _grouped(full, known, group) if group else full


def _grouped(spot: Spot, known: Dossiers, group: Sequence[Sketch]) -> Spot:
    """``spot`` standing for all of ``group``, whose evidence is that of the first."""
    lines = tuple(Line(f"{known.agents[one.id].name or one.id} ({one.id})", one.size_text or None) for one in group)
    return replace(
        spot,
        label=f"{spot.label} +{len(group) - 1}",
        members=tuple(one.id for one in group),
        threats=tuple(sorted({threat for one in group for threat in _threats(one, known)})),
        layers=tuple(sorted({layer for one in group for layer in known.agents[one.id].layers})),
        details=(Detail(f"{len(group)} agents alike; what follows is of {group[0].id}", lines), *spot.details),
    )


def _threats(sketch: Sketch, known: Dossiers) -> tuple[str, ...]:
    return known.agents[sketch.id].threats if sketch.threats is None else sketch.threats


def _label(sketch: Sketch, known: Dossiers, others: Mapping[tuple[str, str], Node]) -> str:
    if sketch.kind == OUTSIDE:
        return STRANGERS
    if sketch.kind == "Agent":
        return known.agents[sketch.id].name or sketch.id.rpartition("/")[2]
    node = others.get((sketch.kind, sketch.id))
    name = node.properties.get("name") if node else None
    return f"{sketch.id} {name}" if sketch.kind == "Threat" and name else sketch.id


def _told_apart(spots: Sequence[Spot]) -> list[Spot]:
    """``spots`` in their order, those of one label with their ids behind it."""
    labels = Counter(spot.label for spot in spots)
    apart = [replace(spot, label=f"{spot.label} ({spot.id})") if labels[spot.label] > 1 else spot for spot in spots]
    return sorted(apart, key=lambda spot: (spot.column, spot.id))


def _state(scene: Scene, renamed: Mapping[str, str], links: Sequence[Link]) -> State:
    severed = {(renamed.get(trusted, trusted), renamed.get(truster, truster)) for truster, trusted in scene.severed}
    return State(
        scene.name,
        scene.text,
        {renamed[agent]: said for agent, said in sorted(scene.sizes.items()) if agent in renamed},
        tuple(n for n, link in enumerate(links) if link.kind == "TRUSTS" and (link.source, link.target) in severed),
        {renamed[agent]: controls for agent, controls in sorted(scene.placed.items()) if agent in renamed},
    )
