"""Which sketches a picture shows: siblings as one spot, and of what is too much the start, the goals and the heaviest."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.questions.pictures.picture import Link
from kb.questions.pictures.sketch import MAX_NODES, Scene, Sketch, counted

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


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown, and for whom it stands."""

    kept: Sequence[Sketch]
    groups: Mapping[str, Sequence[Sketch]]
    """The first of each group of siblings to all of them."""
    renamed: Mapping[str, str]
    """Each sketch that is shown, or stood for, to the id of its spot."""
    agents: int
    """How many agents the spots stand for."""
    total: int
    """How many agents there are."""
    spots: int
    """How many spots there are without a cap."""

    @property
    def cut(self) -> str | None:
        """What is left out, for reading; ``None`` where nothing is."""
        if len(self.kept) == self.spots:
            return None
        if self.agents < self.total:
            return f"{self.agents} of {counted(self.total, 'agent')}"
        return f"{len(self.kept)} of {self.spots} spots"

    def group(self, sketch: Sketch) -> Sequence[Sketch]:
        """The siblings that the spot of ``sketch`` stands for; empty where it stands for itself."""
        return self.groups.get(sketch.id, ())


def select(
    engine: Engine, sketches: Sequence[Sketch], links: Sequence[Link], frame: Frame, scenes: Sequence[Scene]
) -> Selection:
    """What ``frame`` has room for."""
    groups = _siblings(engine, sketches, links, scenes) if frame.collapse else {}
    stands = {one.id: first for first, group in groups.items() for one in group}
    drawn = [sketch for sketch in sketches if stands.get(sketch.id, sketch.id) == sketch.id]
    kept = _kept(drawn, stands, frame.max_nodes)
    ids = {sketch.id: _spot_id(sketch.id, groups) for sketch in kept}
    renamed = {sketch.id: ids[stand] for sketch in sketches if (stand := stands.get(sketch.id, sketch.id)) in ids}
    agents = sum(sketch.kind == "Agent" and sketch.id in renamed for sketch in sketches)
    return Selection(kept, groups, renamed, agents, sum(sketch.kind == "Agent" for sketch in sketches), len(drawn))


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
