"""An exposure graph made ready for many worlds: numbers for nodes, one for those that always fall together, in order."""

from collections.abc import Iterable, Mapping, Sequence

from kb.questions.kernels.draws import certain, impossible
from kb.questions.kernels.exposure_graph import ExposureGraph, Key, Literal

START = 0
"""The number of every node that is reached in all worlds."""
Link = tuple[int, int, tuple[Literal, ...]]
"""From, to, and what has to hold."""


class Ways:
    """The links of ``graph`` that lead to nodes of ``wanted``, or to any where that is ``None``."""

    def __init__(self, graph: ExposureGraph, wanted: Iterable[Key] | None = None) -> None:
        found, links = _numbered(graph)
        stands, links = _united(len(set(found.values())), links)
        self.numbers = {node: stands[number] for node, number in found.items()}
        """Node to its number, the same for nodes that are reached in the same worlds; none for those that never are."""
        if wanted is not None:
            goals = {self.numbers[node] for node in wanted if node in self.numbers}
            useful = _behind(goals, links) | {START}
            links = [link for link in links if link[1] in useful]
            self.numbers = {node: number for node, number in self.numbers.items() if number in useful}
        self.links: dict[int, list[Link]] = {}
        """The links from each number."""
        for link in links:
            self.links.setdefault(link[0], []).append(link)
        rings = _rings({source: [link[1] for link in some] for source, some in self.links.items()})
        self.rings = {number for ring in rings if len(ring) > 1 for number in ring}
        """The numbers that lead back to themselves."""
        self.levels: dict[int, int] = {}
        """Number to the most rings, of one or many, that come before it on a way to it; the same for all of a ring."""
        for ring in rings:
            level = max((self.levels.get(number, 0) for number in ring), default=0)
            self.levels |= dict.fromkeys(ring, level)
            for number in ring:
                for _, target, _ in self.links.get(number, ()):
                    if target not in ring:
                        self.levels[target] = max(level + 1, self.levels.get(target, 0))


def _numbered(graph: ExposureGraph) -> tuple[dict[Key, int], list[Link]]:
    """Numbers for what can be reached, near nodes first, and the links between it."""
    numbers: dict[Key, int] = dict.fromkeys(graph.starts, START)
    leaving: dict[Key, list[tuple[Key, tuple[Literal, ...]]]] = {}
    for arc in graph.arcs:
        asked = tuple(one for one in arc.literals if not certain(one))
        if not asked or not any(map(impossible, asked)):
            leaving.setdefault(arc.source, []).append((arc.target, asked))
    waiting, links, last = list(numbers), [], START
    for node in waiting:
        for target, literals in leaving.get(node, ()):
            if target not in numbers:
                last += 1
                numbers[target] = last
                waiting.append(target)
            links.append((numbers[node], numbers[target], literals))
    return numbers, links


def _united(count: int, links: Sequence[Link]) -> tuple[list[int], list[Link]]:
    """For each number the one that stands for it, and the links between those.

    What is reached in all worlds is the start. What certainty alone leads to is the same as what it comes from, and as all
    else that comes from just the same.
    """
    stands = list(range(count))
    while True:
        known = dict.fromkeys((stands[source], stands[target], literals) for source, target, literals in links)
        sure = {link[:2] for link in known if not link[2]}
        links = [link for link in known if link[0] != link[1] != START and not (link[2] and link[:2] in sure)]
        again = _same(links)
        if not again:
            return stands, links
        for number, other in enumerate(stands):
            while other in again:
                other = again[other]
            stands[number] = other


def _same(links: Iterable[Link]) -> dict[int, int]:
    """Some numbers, each with another one that is reached in the same worlds."""
    sources: dict[int, set[int]] = {}
    drawn: set[int] = set()
    for source, target, literals in links:
        if literals:
            drawn.add(target)
        else:
            sources.setdefault(target, set()).add(source)
    first: dict[frozenset[int], int] = {}
    found = {}
    for target, some in sources.items():
        if START in some:
            found[target] = START
        elif target not in drawn:
            other = min(some) if len(some) == 1 else first.setdefault(frozenset(some), target)
            if other != target:
                found[target] = other
    return found


def _behind(goals: Iterable[int], links: Iterable[Link]) -> set[int]:
    """``goals`` and every number from which links lead there."""
    back: dict[int, list[int]] = {}
    for source, target, _ in links:
        back.setdefault(target, []).append(source)
    found = set(goals)
    waiting = list(found)
    while waiting:
        for source in back.get(waiting.pop(), ()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found


def _rings(leading: Mapping[int, Sequence[int]]) -> list[frozenset[int]]:
    """Strongly connected components (Tarjan 1972) of what START leads to, in topological order; without recursion."""
    index, low = {START: 0}, {START: 0}
    stack, path = [START], [(START, iter(leading.get(START, ())))]
    rings: list[frozenset[int]] = []
    done: set[int] = set()
    while path:
        node, targets = path[-1]
        for target in targets:
            if target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                path.append((target, iter(leading.get(target, ()))))
                break
            if target not in done:
                low[node] = min(low[node], index[target])
        else:
            path.pop()
            if path:
                low[path[-1][0]] = min(low[path[-1][0]], low[node])
            if low[node] == index[node]:
                ring = _popped(stack, node)
                rings.append(ring)
                done |= ring
    return rings[::-1]


def _popped(stack: list[int], last: int) -> frozenset[int]:
    """What lies on ``stack`` down to ``last``, taken away."""
    found: list[int] = []
    while not found or found[-1] != last:
        found.append(stack.pop())
    return frozenset(found)
