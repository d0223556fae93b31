"""What pictures of cascades and plans share: the agents that fall, what they are reached through, and how likely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.questions.cascade_rows import Row
from kb.questions.chain import Chain, best_chains
from kb.questions.exposure import Expansion
from kb.questions.exposure_graph import OUTSIDE, Key
from kb.questions.picture import Detail, Line, Link
from kb.questions.picture_chains import trail_of
from kb.questions.picture_columns import distances, without_ways_back
from kb.questions.picture_links import links_of_arcs
from kb.questions.picture_sketch import Sketch, Trail, counted, percent

PROBABILITY = "probability of falling"


@dataclass(frozen=True, slots=True)
class Fallen:
    """One agent that can fall."""

    agent: str
    probability: float
    size_text: str
    threats: tuple[str, ...]
    """What it falls to, the likeliest first."""
    lines: tuple[Line, ...]
    role: str = ""


def fall_links(expansion: Expansion, start: str) -> list[Link]:
    """Everything that compromise from ``start`` crosses; what only leads back to who has to have fallen before is left out."""
    links = without_ways_back(start, links_of_arcs(expansion, best_chains(expansion.graph)))
    readers: dict[str, set[str]] = {}
    for link in links:
        readers.setdefault(link.source, set()).add(link.target)
    return [link for link in links if ":" not in link.target or readers.get(link.target, set()) - {link.source}]


def fall_sketches(expansion: Expansion, start: str, fallen: Sequence[Fallen], links: Sequence[Link]) -> list[Sketch]:
    """The start, everybody who can fall and the resources between them, by how many links they are away."""
    chains = best_chains(expansion.graph)
    away = distances([start], ((link.source, link.target) for link in links))
    sketches = [start_sketch(start), *(_fallen(one, away, trail_to(expansion, chains, one.agent)) for one in fallen)]
    agents = {sketch.id for sketch in sketches}
    resources = sorted({end for link in links for end in (link.source, link.target)} - agents)
    return sketches + [_resource(expansion, chains, resource, away[resource]) for resource in resources if resource in away]


def _fallen(one: Fallen, away: Mapping[str, int], trail: Trail | None) -> Sketch:
    return Sketch(
        id=one.agent,
        kind="Agent",
        column=away.get(one.agent, 0),
        role=one.role,
        size=one.probability,
        size_text=one.size_text,
        weight=one.probability,
        trail=trail,
        threats=one.threats,
        details=(Detail("In this answer", one.lines),),
    )


def start_sketch(start: str) -> Sketch:
    """Who falls first: an agent, or strangers, who have no size."""
    if start == OUTSIDE:
        return Sketch(OUTSIDE, OUTSIDE, 0, "start", None, "strangers write what they want", 1.0)
    return Sketch(start, "Agent", 0, "start", 1.0, "falls first: that is what is asked", 1.0)


def trail_to(expansion: Expansion, chains: Mapping[Key, Chain], agent: str) -> Trail | None:
    """The most likely chain to ``agent``, as the cascade names it."""
    ends = [chains[node] for node in expansion.graph.exposures(agent) if node in chains]
    best = max(ends, key=lambda chain: (chain.probability, -len(chain.arcs)), default=None)
    return trail_of(expansion, best) if best else None


def _resource(expansion: Expansion, chains: Mapping[Key, Chain], resource: str, column: int) -> Sketch:
    ways = [chain for node, chain in chains.items() if node[0] == "left" and node[1] == resource]
    best = max(ways, key=lambda chain: (chain.probability, -len(chain.arcs)))
    certainly = "for certain" if best.probability == 1.0 else f"with {best.probability:.4g} or more (its likeliest chain)"
    text = f"something hostile is left in it {certainly}"
    return Sketch(resource, "Resource", column, "", best.probability, text, best.probability, trail_of(expansion, best))


def distance_headings(sketches: Sequence[Sketch], first: str) -> tuple[str, ...]:
    """Headings for columns that say how far spots are from the start."""
    last = max(sketch.column for sketch in sketches)
    return (first, *(counted(column, "step") for column in range(1, last + 1)))


def threat_lines(rows: Sequence[Row]) -> list[Line]:
    """What an agent falls to, each with its probability."""
    return [Line(f"to {row['threat']}: {percent(row['probability'])} ({row['probability']:.4g})") for row in rows]
