"""The fewest relations of trust without which some agents cannot fall, whatever the draws."""

from collections.abc import Iterable
from typing import Any

from kb.questions.kernels.exposure_graph import ExposureGraph, Key, is_exposure
from kb.questions.plans.actions import severable

Pair = tuple[str, str]


def separation(graph: ExposureGraph, goals: Iterable[str]) -> list[Pair] | None:
    """The (truster, trusted) pairs of a minimum cut between the starts and the agents ``goals``, by id.

    All relations between two agents are one. ``None`` where severed trust cannot separate them: what strangers send and what
    lies in resources stays. An agent passes on whatever comes in, so that fewer pairs may do where it does not.
    """
    import networkx

    network: Any = networkx.DiGraph()
    start, end = "start", "end"  # no place: a tuple
    for node in graph.starts:
        network.add_edge(start, _place(node))
    for arc in graph.arcs:
        source, target = _place(arc.source), _place(arc.target)
        if source == target:
            continue
        pair = severable(arc)
        if pair is None:
            network.add_edge(source, target)
            network[source][target].pop("capacity", None)  # without one it cannot be cut
        elif not network.has_edge(source, target):
            network.add_edge(source, target, capacity=1, pair=pair)
    wanted = set(goals)
    for agent in sorted({node[1] for node in graph.best if is_exposure(node) and node[1] in wanted}):
        network.add_edge(("agent", agent), end)
    if start not in network or end not in network:
        return []
    try:
        _, (near, _) = networkx.minimum_cut(network, start, end)
    except networkx.NetworkXUnbounded:
        return None
    cut = [said["pair"] for source, target, said in network.edges(data=True) if source in near and target not in near]
    return sorted(cut)


def _place(node: Key) -> Key:
    """The agent of a node, or what lies in a resource."""
    return node if node[0] == "left" else ("agent", node[1])
