"""What sets of actions leave of the loss, exactly, and how much any further action could save at most."""

from collections.abc import Iterator, Mapping, Sequence

from kb.questions.kernels.exact import Budget, exact_probability
from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Key, Literal, Source, is_exposure
from kb.questions.plans.actions import Action
from kb.questions.plans.worlds import Loss, Taken

LOOKS = 1 << 20
"""Looks at links that an exact plan may take which nobody insisted on: a few seconds."""
STATES = 1 << 20
"""States that one may take whoever insists."""


class ExactLosses:
    """A graph whose losses are worked out, as :class:`~kb.questions.plans.worlds.FixedWorlds` counts them.

    An agent that actions save in a world has fallen there without them, by some open way; each of its open ways is stopped by
    one of the actions. So one of them holds there and stops an open way. Hence, with g(a) = Σ criticality × P(a holds) ×
    P(an open way of the agent passes what a stops), the loss after any set A is at least loss − Σ g(a), a in A.
    """

    def __init__(
        self, graph: ExposureGraph, actions: Sequence[Action], criticality: Mapping[str, float], budget: Budget
    ) -> None:
        self.actions = actions
        self.size = len(graph.arcs)
        self._graph = graph
        self._budget = budget
        self._criticality = criticality
        self._nodes: dict[str, list[Key]] = {agent: [] for agent in criticality}
        for node in sorted(graph.best):
            if is_exposure(node) and node[1] in criticality:
                self._nodes[node[1]].append(node)

    def loss(self, taken: Taken) -> Loss:
        """What is lost with ``taken`` in place; raises :class:`~kb.questions.kernels.exact.TooManyStates` beyond the budget."""
        lost = self._expected(self._with(taken), self._nodes)
        return Loss(lost, lost, lost)

    def most_saved(self, taken: Taken) -> dict[int, float]:
        """Each action that could still save something, with g(action) where ``taken`` is in place; most first."""
        arcs = self._with(taken)
        found = {}
        for number, action in enumerate(self.actions):
            if number not in taken:
                through = {agent: [_beyond(node) for node in nodes] for agent, nodes in self._nodes.items()}
                found[number] = action.holds * self._expected(list(_passing(arcs, frozenset(action.reach))), through)
        return dict(sorted(((a, most) for a, most in found.items() if most > 0.0), key=lambda item: (-item[1], item[0])))

    def _expected(self, arcs: Sequence[tuple[int, Arc]], nodes: Mapping[str, Sequence[Key]]) -> float:
        graph = ExposureGraph(self._graph.starts, [arc for _, arc in arcs])
        return sum(weight * exact_probability(graph, nodes[agent], self._budget) for agent, weight in self._criticality.items())

    def _with(self, taken: Taken) -> list[tuple[int, Arc]]:
        """The arcs with their numbers, without those that are severed, and with the controls in place."""
        stopping: dict[int, list[Action]] = {}
        for action in map(self.actions.__getitem__, sorted(taken)):
            for number in action.reach:
                stopping.setdefault(number, []).append(action)
        kept = []
        for number, arc in enumerate(self._graph.arcs):
            placed = stopping.get(number, ())
            if not any(action.kind == "sever" for action in placed):
                failing = (Literal(one.draw, one.holds, False, Source("assumed", "as planned")) for one in placed)
                kept.append((number, Arc(arc.source, arc.target, (*arc.literals, *failing))))
        return kept


def _passing(arcs: Sequence[tuple[int, Arc]], reach: frozenset[int]) -> Iterator[tuple[int, Arc]]:
    """The same arcs, and copies of what lies behind those of ``reach``: reached by a way that passes one of them."""
    for number, arc in arcs:
        yield number, arc
        yield number, Arc(_beyond(arc.source), _beyond(arc.target), arc.literals)
        if number in reach:
            yield number, Arc(arc.source, _beyond(arc.target), arc.literals)


def _beyond(node: Key) -> Key:
    return (*node, "beyond")
