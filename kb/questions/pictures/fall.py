"""What pictures of cascades and plans share: the agents that fall, what they are reached through, and how likely."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kb.questions.kernels.chain import Chain, best_chains
from kb.questions.kernels.exposure import Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, Key
from kb.questions.kernels.rows import Row
from kb.questions.pictures.chains import trail_of
from kb.questions.pictures.columns import distances, without_ways_back
from kb.questions.pictures.links import links_of_arcs
from kb.questions.pictures.picture import Detail, Line, Link
from kb.questions.pictures.sketch import LinkKey, Sketch, Trail, counted, key_of, percent

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


def fall(expansion: Expansion, start: str, fallen: Sequence[Fallen]) -> tuple[list[Sketch], list[Link]]:
    """The start, everybody who can fall and the resources between them, by how many links they are away; and these links.

    What only leads back to who has to have fallen before is left out, but for what a most likely chain goes along.
    """
    chains = best_chains(expansion.graph)
    trails = {one.agent: trail_to(expansion, chains, one.agent) for one in fallen}
    used = {hop for trail in trails.values() if trail for hop in trail.hops}
    every = links_of_arcs(expansion, chains)
    onward = {key_of(link) for link in _onward(without_ways_back(start, every))}
    links = [link for link in every if key_of(link) in onward | used]
    away = distances([start], ((link.source, link.target) for link in links))
    sketches = [start_sketch(start), *(_fallen(one, away, trails[one.agent]) for one in fallen)]
    agents = {sketch.id for sketch in sketches}
    resources = sorted(({end for link in links for end in (link.source, link.target)} - agents) & away.keys())
    shown = {key_of(link) for link in links}
    left = _trails_left(expansion, chains, shown)
    held = [_resource(resource, away[resource], left.get(resource)) for resource in resources]
    return sketches + held, links


def _onward(links: Sequence[Link]) -> list[Link]:
    """``links`` but for what is left in a resource that nobody but the same agent reads."""
    readers: dict[str, set[str]] = {}
    for link in links:
        readers.setdefault(link.source, set()).add(link.target)
    return [link for link in links if ":" not in link.target or readers.get(link.target, set()) - {link.source}]


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


def _trails_left(expansion: Expansion, chains: Mapping[Key, Chain], shown: Collection[LinkKey]) -> dict[str, Trail]:
    """Resource to the most likely chain, along links that are shown, to what an agent leaves in it."""
    best: dict[str, Trail] = {}
    for node in sorted(node for node in chains if node[0] == "left"):
        trail = trail_of(expansion, chains[node])
        if trail is not None and trail.spots[-1] == node[1] and all(hop in shown for hop in trail.hops):
            earlier = best.get(node[1])
            if earlier is None or (-trail.probability, len(trail.hops)) < (-earlier.probability, len(earlier.hops)):
                best[node[1]] = trail
    return best


def _resource(resource: str, column: int, best: Trail | None) -> Sketch:
    how = f"with {best.probability:.4g} or more (its likeliest chain)" if best and best.probability < 1.0 else "for certain"
    text = f"something hostile is left in it {how}" if best else "something hostile can be left in it"
    size = best.probability if best else None
    return Sketch(resource, "Resource", column, "", size, text, size or 0.0, best)


def distance_headings(sketches: Sequence[Sketch], first: str) -> tuple[str, ...]:
    """Headings for columns that say how far spots are from the start."""
    last = max(sketch.column for sketch in sketches)
    return (first, *(counted(column, "step") for column in range(1, last + 1)))


def threat_lines(rows: Sequence[Row]) -> list[Line]:
    """What an agent falls to, each with its probability."""
    return [Line(f"to {row['threat']}: {percent(row['probability'])} ({row['probability']:.4g})") for row in rows]
