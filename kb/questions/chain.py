"""The most likely chain to each node: a lower bound of its probability, with every factor on the way."""

from dataclasses import dataclass
from heapq import heappop, heappush

from kb.questions.exposure_graph import Arc, ExposureGraph, Key, Literal


@dataclass(frozen=True, slots=True)
class Chain:
    """Arcs that join, from a start."""

    arcs: tuple[Arc, ...]

    @property
    def literals(self) -> tuple[Literal, ...]:
        """The conditions of the whole chain, each draw once: of two on one draw the narrower."""
        found: dict[tuple[Key, bool], Literal] = {}
        for arc in self.arcs:
            for literal in arc.literals:
                key = (literal.draw, literal.below)
                if key not in found or literal.probability < found[key].probability:
                    found[key] = literal
        return tuple(found.values())

    @property
    def probability(self) -> float:
        """How often the whole chain is open."""
        product = 1.0
        for literal in self.literals:
            product *= literal.probability
        return product


def best_chains(graph: ExposureGraph) -> dict[Key, Chain]:
    """Node to its most likely chain from any start; of equally likely ones the shortest, then the first by ids."""
    outgoing: dict[Key, list[Arc]] = {}
    for arc in graph.arcs:
        outgoing.setdefault(arc.source, []).append(arc)
    before: dict[Key, Arc] = {}
    label: dict[Key, tuple[float, int]] = dict.fromkeys(graph.starts, (-1.0, 0))
    heap = [(-1.0, 0, node) for node in graph.starts]
    done: set[Key] = set()
    while heap:
        p, steps, node = heappop(heap)
        if node in done:
            continue
        done.add(node)
        for arc in outgoing.get(node, ()):
            reached = (p * arc.probability, steps + 1)
            if arc.target not in done and reached < label.get(arc.target, (0.0, 0)):
                label[arc.target], before[arc.target] = reached, arc
                heappush(heap, (*reached, arc.target))
    return {node: _back(node, before) for node in done}


def _back(node: Key, before: dict[Key, Arc]) -> Chain:
    arcs = []
    while node in before:
        arcs.append(before[node])
        node = before[node].source
    return Chain(tuple(reversed(arcs)))
