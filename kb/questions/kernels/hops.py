"""An exposure graph unfolded by hops, so that every way in it has at most so many.

A hop is one trust: of an agent in another one, in what a resource holds, or in strangers. In each world a node of the
unfolded graph is reached where a way of at most so many hops leads to what it stands for; the draws are those of the graph.
"""

from heapq import heappop, heappush

from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Key


def within_hops(graph: ExposureGraph, most: int) -> ExposureGraph:
    """What of ``graph`` is reached with at most ``most`` hops: a copy of each node for each number of hops on the way to it.

    The copy without a hop has the key of the node, those beyond have ``hop 1``, ``hop 2``, … behind it. There is none beyond
    the number of hops with which a node is reached whatever the draws.
    """
    outgoing: dict[Key, list[Arc]] = {}
    for arc in graph.arcs:
        outgoing.setdefault(arc.source, []).append(arc)
    certain = _certain(graph, outgoing)
    best: dict[Key, float] = {}
    arcs: list[Arc] = []
    heap = [(-1.0, 0, node) for node in graph.starts]
    while heap:
        p, hops, node = heappop(heap)
        source = _copy(node, hops)
        if source in best:
            continue
        best[source] = -p
        for arc in outgoing.get(node, ()):
            there = hops + _is_hop(arc)
            if there > min(most, certain.get(arc.target, most)) or (there == most and arc.target[0] in ("out", "left")):
                continue
            arcs.append(Arc(source, _copy(arc.target, there), arc.literals, arc.places, arc.channel))
            heappush(heap, (p * arc.probability, there, arc.target))
    return ExposureGraph(graph.starts, arcs, best, graph.cut)


def _is_hop(arc: Arc) -> bool:
    """Whether somebody trusts along ``arc``; what is left in a resource is trusted where it is read."""
    return arc.target[0] == "in"


def _copy(node: Key, hops: int) -> Key:
    return (*node, f"hop {hops}") if hops else node


def _certain(graph: ExposureGraph, outgoing: dict[Key, list[Arc]]) -> dict[Key, int]:
    """The nodes that are reached in every world, with the fewest hops that do."""
    found: dict[Key, int] = {}
    heap = [(0, node) for node in graph.starts]
    while heap:
        hops, node = heappop(heap)
        if node not in found:
            found[node] = hops
            for arc in outgoing.get(node, ()):
                if arc.probability == 1.0:
                    heappush(heap, (hops + _is_hop(arc), arc.target))
    return found
