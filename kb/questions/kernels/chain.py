"""The most likely chain to each node: a lower bound of its probability, with every factor on the way."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Key, Literal


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


class Chains(Mapping[Key, Chain]):
    """The most likely chain to each node that can be reached, put together when it is asked for."""

    def __init__(self, nodes: Collection[Key], before: Mapping[Key, Arc]) -> None:
        self._nodes = nodes
        self._before = before

    def __getitem__(self, node: Key) -> Chain:
        if node not in self._nodes:
            raise KeyError(node)
        arcs = []
        while node in self._before:
            arcs.append(self._before[node])
            node = self._before[node].source
        return Chain(tuple(reversed(arcs)))

    def __iter__(self) -> Iterator[Key]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def best_chains(graph: ExposureGraph) -> Chains:
    """Node to its most likely chain from any start; of equally likely ones the shortest, then the first by ids."""
    outgoing: dict[Key, list[Arc]] = {}
    for arc in graph.arcs:
        outgoing.setdefault(arc.source, []).append(arc)
    before: dict[Key, Arc] = {}
    label: dict[Key, tuple[float, int]] = dict.fromkeys(graph.starts, (-1.0, 0))
    heap = [(-1.0, 0, node) for node in graph.starts]
    done: dict[Key, None] = {}  # in the order in which they were reached
    while heap:
        p, steps, node = heappop(heap)
        if node in done:
            continue
        done[node] = None
        for arc in outgoing.get(node, ()):
            reached = (p * arc.probability, steps + 1)
            if arc.target not in done and reached < label.get(arc.target, (0.0, 0)):
                label[arc.target], before[arc.target] = reached, arc
                heappush(heap, (*reached, arc.target))
    return Chains(done, before)
