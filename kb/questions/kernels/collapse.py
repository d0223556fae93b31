"""A reached part of an exposure graph made small without loss: only what decides whether a goal is reached."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Key, Literal

START, GOAL = 0, 1
Conditions = dict[int, int]
"""Draw to the outcomes that fulfil the condition, one bit each."""
Link = tuple[int, int, Conditions]


@dataclass(frozen=True, slots=True)
class Collapsed:
    """A graph of numbers: node 0 is every start at once, node 1 every goal."""

    links: Sequence[Link]
    draws: Mapping[int, Sequence[float]]
    """Draw to the probabilities of its outcomes."""


def collapse(graph: ExposureGraph, goals: Iterable[Key], looked: Callable[[int], None] = lambda _: None) -> Collapsed:
    """What of ``graph`` decides whether one of ``goals`` is reached; ``looked`` is told of each look at so many links.

    What is on no way from a start to a goal is dropped; nodes that certainty joins become one; conditions that only one arc
    asks for become one draw, and so do arcs beside each other and arcs in a row.
    """
    numbers: dict[Key, int] = dict.fromkeys(graph.starts, START) | dict.fromkeys(goals, GOAL)
    for arc in graph.arcs:
        for node in (arc.source, arc.target):
            numbers.setdefault(node, len(numbers) + 2)
    draws, outcomes = _outcomes(graph.arcs)
    links = [
        (numbers[arc.source], numbers[arc.target], _conditions(arc.literals, outcomes))
        for arc in graph.arcs
        if arc.probability > 0.0
    ]
    small = _Collapse(links, draws, looked)
    small.run()
    return Collapsed(sorted(small.links, key=lambda link: link[:2]), small.draws)


def _outcomes(arcs: Sequence[Arc]) -> tuple[dict[int, Sequence[float]], dict[Key, tuple[int, list[float]]]]:
    """Each draw's number, the thresholds that arcs ask of it, and the probabilities of the ranges between them."""
    asked: dict[Key, set[float]] = {}
    for arc in arcs:
        for literal in arc.literals:
            if literal.probability < 1.0:
                asked.setdefault(literal.draw, set()).add(literal.p)
    known = {draw: (number, sorted(asked[draw])) for number, draw in enumerate(sorted(asked))}
    draws: dict[int, Sequence[float]] = {}
    for number, cuts in known.values():
        ends = [0.0, *cuts, *([1.0] if cuts[-1] < 1.0 else [])]
        draws[number] = [high - low for low, high in pairwise(ends)]
    return draws, known


def _conditions(literals: Sequence[Literal], outcomes: Mapping[Key, tuple[int, list[float]]]) -> Conditions:
    found: Conditions = {}
    for literal in literals:
        if literal.probability < 1.0:
            number, cuts = outcomes[literal.draw]
            below = (2 << cuts.index(literal.p)) - 1
            every = (1 << (len(cuts) + 1)) - 1
            mask = below if literal.below else every & ~below
            found[number] = found.get(number, every) & mask
    return found


class _Collapse:
    def __init__(self, links: list[Link], draws: dict[int, Sequence[float]], looked: Callable[[int], None]) -> None:
        self.links = links
        self.looked = looked
        self.draws = draws
        self._unused = count(max(draws, default=-1) + 1)

    def run(self) -> None:
        """Repeat until nothing changes."""
        size = -1
        while size != len(self.links):
            size = len(self.links)
            self.looked(size)
            self._drop()
            self._join_private()
            self._beside()
            self._contract()
        self._drop()
        self._join_private()

    def _drop(self) -> None:
        """Keep the links on a way from the start to the goal, those of certainty without conditions."""
        links = [link for link in self.links if link[1] != START and link[0] != GOAL and link[0] != link[1]]
        ahead = _reach(START, [(source, target) for source, target, _ in links])
        behind = _reach(GOAL, [(target, source) for source, target, _ in links])
        self.links = [link for link in links if link[0] in ahead and link[1] in behind]

    def _join_private(self) -> None:
        """Make the conditions that only one link asks for one draw of two outcomes."""
        uses = Counter(draw for link in self.links for draw in link[2])
        for at, (source, target, conditions) in enumerate(self.links):
            private = [draw for draw in conditions if uses[draw] == 1]
            if private:
                p = 1.0
                for draw in private:
                    p *= sum(share for bit, share in enumerate(self.draws[draw]) if conditions[draw] >> bit & 1)
                rest = {draw: mask for draw, mask in conditions.items() if uses[draw] > 1}
                if p < 1.0:
                    rest[self._draw(p)] = 1
                self.links[at] = (source, target, rest)

    def _draw(self, p: float) -> int:
        number = next(self._unused)
        self.draws[number] = (p, 1.0 - p)
        return number

    def _beside(self) -> None:
        """Make links between the same two nodes one where nothing else asks for their draws; drop those that repeat another."""
        uses = Counter(draw for link in self.links for draw in link[2])
        kept: list[Link] = []
        seen: set[tuple[int, int, frozenset[tuple[int, int]]]] = set()
        misses: dict[tuple[int, int], float] = {}
        certain = {(source, target) for source, target, conditions in self.links if not conditions}
        for source, target, conditions in self.links:
            if conditions and (source, target) in certain:
                continue
            if len(conditions) == 1 and uses[next(iter(conditions))] == 1:
                ((draw, mask),) = conditions.items()
                p = sum(share for bit, share in enumerate(self.draws[draw]) if mask >> bit & 1)
                misses[source, target] = misses.get((source, target), 1.0) * (1.0 - p)
            elif (source, target, frozenset(conditions.items())) not in seen:
                seen.add((source, target, frozenset(conditions.items())))
                kept.append((source, target, conditions))
        for (source, target), miss in misses.items():
            kept.append((source, target, {self._draw(1.0 - miss): 1} if miss > 0.0 else {}))
        self.links = kept

    def _contract(self) -> None:
        """Join the ends of certain links where that loses nothing, and links in a row."""
        while self._contract_one():
            self.looked(len(self.links))

    def _contract_one(self) -> bool:
        """Join the ends of certain links where a node leads to nothing else, or is reached from nothing else.

        All at once: no two of these joins spoil each other.
        """
        into, out = Counter(link[1] for link in self.links), Counter(link[0] for link in self.links)
        gone: dict[int, int] = {}
        for source, target, conditions in self.links:
            if conditions or source == GOAL or target == START or _last(gone, source) == _last(gone, target):
                continue
            if (target == GOAL or out[source] == 1) and source != START and source not in gone:
                gone[source] = target
            elif (source == START or into[target] == 1) and target != GOAL and target not in gone:
                gone[target] = source
        if gone:
            moved = ((_last(gone, source), _last(gone, target), rest) for source, target, rest in self.links)
            self.links = [link for link in moved if link[0] != link[1]]
            return True
        return self._in_a_row(into, out)

    def _in_a_row(self, into: Mapping[int, int], out: Mapping[int, int]) -> bool:
        """Make links one that lead from one to the next and nowhere else."""
        between = {node for node in into if node not in (START, GOAL) and into[node] == 1 and out.get(node) == 1}
        following = {source: (target, conditions) for source, target, conditions in self.links if source in between}
        kept: list[Link] = []
        for source, target, conditions in self.links:
            if source not in between:
                whole = dict(conditions)
                while target in between:
                    target, more = following[target]
                    for draw, mask in more.items():
                        whole[draw] = whole.get(draw, -1) & mask
                kept.append((source, target, whole))
        changed = len(kept) < len(self.links)
        self.links = kept
        return changed


def _last(gone: dict[int, int], node: int) -> int:
    """What ``node`` is joined into in the end; later look-ups are shorter."""
    last = node
    while last in gone:
        last = gone[last]
    while node != last:
        gone[node], node = last, gone[node]
    return last


def _reach(start: int, pairs: Iterable[tuple[int, int]]) -> set[int]:
    beyond: dict[int, list[int]] = {}
    for source, target in pairs:
        beyond.setdefault(source, []).append(target)
    found, waiting = {start}, [start]
    while waiting:
        for node in beyond.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
