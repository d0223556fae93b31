"""From sketches to the picture: what is shown of them gets its evidence, and chains and states are said in its terms."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kb.engines.protocol import Engine
from kb.model.graph import Node
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.pictures.agents import Dossiers, details_of, read_dossiers
from kb.questions.pictures.picture import Detail, Line, Link, Picture, PictureChain, Spot, State
from kb.questions.pictures.selection import Frame, Selection, select
from kb.questions.pictures.sketch import STRANGERS, LinkKey, Said, Scene, Sketch, Trail, key_of


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
    assert base is not None  # noqa: S101  # whoever asked the question looked
    selection = select(engine, sketches, links, frame, scenes)
    drawn = _joined(links, selection.renamed)
    chains, chain_of = _chains(selection, trails, drawn)
    cut = f"max-nodes {frame.max_nodes}: {selection.cut}" if selection.cut else None
    return Picture(
        kind=said.kind,
        question=said.question,
        answer=said.answer,
        command=said.command,
        columns=said.columns,
        size_means=said.size_means,
        spots=tuple(_told_apart(_spots(engine, selection, chain_of))),
        links=tuple(drawn),
        chains=tuple(chains),
        states=tuple(_state(scene, selection.renamed, drawn) for scene in scenes),
        shown=selection.agents,
        total=selection.total,
        more=f"--max-nodes {selection.spots}" if cut else None,
        complete=said.complete and not cut,
        truncated_by="; ".join(filter(None, [said.truncated_by, cut])) or None,
        assumptions=said.assumptions,
        base=base.fingerprint,
        schema_version=base.schema_version,
    )


def _chains(selection: Selection, trails: Sequence[Trail], links: Sequence[Link]) -> tuple[list[PictureChain], dict[str, int]]:
    """The chains that are shown whole, ``trails`` first, and sketch to the number of its own."""
    numbers = {key_of(link): number for number, link in enumerate(links)}
    own = {sketch.id: _chain(sketch.trail, selection.renamed, numbers) for sketch in selection.kept}
    every = [*(_chain(trail, selection.renamed, numbers) for trail in trails), *own.values()]
    places: dict[PictureChain, int] = {}
    for chain in every:
        if chain is not None:
            places.setdefault(chain, len(places))
    return list(places), {sketch: places[chain] for sketch, chain in own.items() if chain is not None}


def _spots(engine: Engine, selection: Selection, chain_of: Mapping[str, int]) -> list[Spot]:
    every = [one for sketch in selection.kept for one in selection.group(sketch) or (sketch,)]
    known = read_dossiers(engine, [one.id for one in every if one.kind == "Agent"])
    others = _others(engine, selection.kept)
    found = []
    for sketch in selection.kept:
        spot = _spot(sketch, selection.renamed[sketch.id], known, others)
        group = selection.group(sketch)
        found.append(replace(_grouped(spot, known, group) if group else spot, chain=chain_of.get(sketch.id)))
    return found


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


def _spot(sketch: Sketch, spot_id: str, known: Dossiers, others: Mapping[tuple[str, str], Node]) -> Spot:
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
        details=sketch.details,
    )
    dossier = known.agents.get(sketch.id) if sketch.kind == "Agent" else None
    if dossier is None:
        return plain
    return replace(
        plain,
        severity=dossier.severity,
        certainty=dossier.certainty if sketch.certainty == "" else sketch.certainty,
        threats=dossier.threats if sketch.threats is None else sketch.threats,
        layers=dossier.layers,
        details=(*sketch.details, *details_of(known, sketch.id)),
    )


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
