"""The exact probability that a node is reached: draws are decided one by one, and what then looks alike is worked out once.

What is worked out is the *rest*: the links that may still matter. They start at a reached node or one that may still be, lead
to one that is not reached and from which the goal may be, and no draw has closed them. Two histories with the same rest are one
state, so that an agent which has had its say counts no more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.questions.kernels.collapse import GOAL, START, Collapsed, collapse
from kb.questions.kernels.exposure_graph import ExposureGraph, Key

LIMIT = 1 << 17
"""States that an exact figure may take."""


class TooManyStates(Exception):  # not an error: the turn at which a method gives way to another
    """Raised where the answer would take more states than allowed."""


QUICK = 5 << 16
"""Looks that an exact answer may take which nobody insisted on: about a second."""
PATIENT = 1 << 24
"""Looks that one may take which somebody insisted on: about half a minute."""


@dataclass(slots=True)
class Budget:
    """How much may still be worked out."""

    states: int = LIMIT
    looks: int | None = None
    """Looks at links, which is what takes the time; ``None`` where only states are counted."""
    taken: int = 0
    """States so far."""

    def spend(self, *, states: int = 0, looks: int = 0) -> None:
        """Count more work; raises :class:`TooManyStates` where not so much is left."""
        self.taken += states
        self.states -= states
        if self.looks is not None:
            self.looks -= looks
        if self.states < 0 or (self.looks is not None and self.looks < 0):
            raise TooManyStates


Known = dict[int, int]
"""Draw to its outcome, as one bit."""


def exact_probability(graph: ExposureGraph, goals: Iterable[Key], budget: Budget) -> float:
    """How likely one of ``goals`` is reached; raises :class:`TooManyStates` beyond the ``budget``."""
    wanted = frozenset(goals)
    if wanted & set(graph.starts):
        return 1.0
    budget.spend(looks=len(graph.arcs))
    collapsed = collapse(graph, wanted, lambda links: budget.spend(looks=links))
    if any(source == START and target == GOAL and not conditions for source, target, conditions in collapsed.links):
        return 1.0
    return min(1.0, _Solver(collapsed, budget).solve())


State = tuple[int, int, tuple[tuple[int, int], ...]]
"""Links that may still matter, their sources that are reached, and what is known of their draws."""


class _Link(NamedTuple):
    """A link with one bit for itself and for each of its ends."""

    number: int
    source: int
    target: int
    conditions: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Rest:
    """What is left to decide after some draws."""

    key: State
    reached: int
    live: Sequence[_Link]
    children: Iterator[tuple[float, Known]]
    total: float = 0.0
    weight: float = 0.0
    """The probability of the child that is being worked out."""


class _Solver:
    def __init__(self, graph: Collapsed, budget: Budget) -> None:
        self.draws = graph.draws
        self.budget = budget
        nodes = sorted({START, GOAL} | {node for link in graph.links for node in link[:2]})
        bit = {node: 1 << at for at, node in enumerate(nodes)}
        self.links = [
            _Link(1 << number, bit[source], bit[target], tuple(conditions.items()))
            for number, (source, target, conditions) in enumerate(graph.links)
        ]
        self.memo: dict[State, float] = {}

    def solve(self) -> float:
        """The probability from the start on; works its way down and back without recursion."""
        first = self._enter(1, {}, self.links)
        if isinstance(first, float):
            return first
        stack = [first]
        while True:
            rest = stack[-1]
            child = next(rest.children, None)
            if child is None:
                stack.pop()
                self.memo[rest.key] = rest.total
                if not stack:
                    return rest.total
                stack[-1].total += stack[-1].weight * rest.total
                continue
            rest.weight, known = child
            result = self._enter(rest.reached, known, rest.live)
            if isinstance(result, float):
                rest.total += rest.weight * result
            else:
                stack.append(result)

    def _enter(self, reached: int, known: Known, links: Sequence[_Link]) -> float | _Rest:
        """The probability where it is known, else what is left to decide."""
        self.budget.spend(looks=len(links))
        reached, live = _settle(reached, known, links)
        if reached & 2:
            return 1.0
        ahead = _grow(reached, [(link.source, link.target) for link in live])
        if not ahead & 2:
            return 0.0
        live = [link for link in live if link.source & ahead]
        behind = _grow(2, [(link.target, link.source) for link in live])
        live = [link for link in live if link.target & behind]
        asked = {draw for link in live for draw, _ in link.conditions}
        known = {draw: outcome for draw, outcome in known.items() if draw in asked}
        numbers = sources = 0
        for link in live:
            numbers |= link.number
            sources |= link.source
        key = (numbers, reached & sources, tuple(sorted(known.items())))
        if key in self.memo:
            return self.memo[key]
        self.budget.spend(states=1)
        link = next(link for link in live if link.source & reached)
        draw = next(draw for draw, _ in link.conditions if draw not in known)
        children = ((share, known | {draw: 1 << bit}) for bit, share in enumerate(self.draws[draw]) if share > 0.0)
        return _Rest(key, reached, live, children)


def _settle(reached: int, known: Known, links: Sequence[_Link]) -> tuple[int, list[_Link]]:
    """``reached`` with what is open for certain, and the links to others that may still open."""
    while True:
        live, before = [], reached
        for link in links:
            if link.target & reached:
                continue
            opened = True
            for draw, mask in link.conditions:
                outcome = known.get(draw)
                if outcome is None:
                    opened = False
                elif not outcome & mask:
                    break
            else:
                if opened and link.source & reached:
                    reached |= link.target
                else:
                    live.append(link)
        if reached == before:
            return reached, live


def _grow(found: int, pairs: list[tuple[int, int]]) -> int:
    """The nodes that pairs lead to from ``found``, one bit each."""
    before = -1
    while before != found:
        before = found
        for source, target in pairs:
            if source & found:
                found |= target
    return found
