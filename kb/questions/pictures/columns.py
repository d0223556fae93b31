"""Where a picture has its spots: how far from the start they are, or in which order compromise can come to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from kb.questions.pictures.picture import Link

Pair = tuple[str, str]


def distances(starts: Iterable[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """The least number of links from one of ``starts`` to each spot that can be reached along ``pairs``."""
    beyond: dict[str, list[str]] = {}
    for source, target in pairs:
        beyond.setdefault(source, []).append(target)
    found = dict.fromkeys(starts, 0)
    frontier = list(found)
    while frontier:
        following = []
        for spot in frontier:
            for other in beyond.get(spot, ()):
                if other not in found:
                    found[other] = found[spot] + 1
                    following.append(other)
        frontier = following
    return found


def without_ways_back(start: str, links: Iterable[Link]) -> list[Link]:
    """``links`` but for those that end where compromise has to have been before.

    All ways from ``start`` to the source of such a link pass its target (which *dominates* it), so that nobody falls by it.
    """
    import networkx

    kept = list(links)
    graph: Any = networkx.DiGraph([(link.source, link.target) for link in kept])
    graph.add_node(start)
    above = dict(networkx.immediate_dominators(graph, start))
    before = {spot: _ancestors(spot, above) for spot in above}
    return [link for link in kept if link.target not in before.get(link.source, ())]


def _ancestors(spot: str, above: Mapping[str, str | None]) -> set[str]:
    """``spot`` and all that dominate it."""
    found: set[str] = set()
    step: str | None = spot
    while step is not None and step not in found:
        found.add(step)
        step = above.get(step)
    return found


def generations(spots: Iterable[str], links: Iterable[Link]) -> dict[str, int]:
    """A column for each spot such that links run to the right, as far as they can.

    Of two agents that trust each other the stronger relation counts; what stays in a circle has one column.
    """
    import networkx

    strongest: dict[Pair, float] = {}
    for link in links:
        pair = (link.source, link.target)
        strongest[pair] = max(strongest.get(pair, 0.0), 1.0 if link.strength is None else link.strength)
    graph: Any = networkx.DiGraph()
    graph.add_nodes_from(spots)
    for (source, target), strength in sorted(strongest.items()):
        other = strongest.get((target, source))
        if other is None or (strength, target) > (other, source):
            graph.add_edge(source, target)
    condensed: Any = networkx.condensation(graph)
    layers = enumerate(networkx.topological_generations(condensed))
    return {spot: column for column, parts in layers for part in parts for spot in condensed.nodes[part]["members"]}
