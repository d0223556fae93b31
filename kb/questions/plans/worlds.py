"""What sets of actions leave of the loss, in fixed worlds, and how much any further action could save in them at most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import log, sqrt
from typing import TYPE_CHECKING, Any

from kb.questions.kernels.exposure_graph import ExposureGraph, Key, Literal, Source, is_exposure
from kb.questions.kernels.worlds import Z95, Worlds, draws
from kb.questions.plans.actions import Action

if TYPE_CHECKING:
    import numpy

    Shares = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

Bits = int
"""One bit a world. A whole number of Python's takes a fraction of the time of an array as short as these."""
Taken = frozenset[int]
"""Actions that are taken, by number."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The mean of Σ criticality of the fallen over all worlds, with the ends of its 95 % interval."""

    loss: float
    low: float
    high: float


@dataclass(slots=True)
class _Way:
    target: int
    open: Bits
    stopping: tuple[int, ...]
    """The actions that stop it where they hold."""
    cost: float
    """−log of the share of the worlds in which it is open."""


class FixedWorlds:
    """A graph in worlds drawn once.

    Of every fallen agent in every world one way is kept by which it fell, its *witness*. Whoever wants to save the agent in
    that world has to stop this way too: a set of actions saves it only if one of them is on the way and holds there. Hence,
    with g(a) = mean over the worlds of the criticality of the agents whose witness a stops, the loss after any set A is at
    least loss − Σ g(a), a in A. This holds whatever the actions do together, though what they save together may well be more
    than the sum of what each saves alone.
    """

    def __init__(
        self, graph: ExposureGraph, actions: Sequence[Action], criticality: Mapping[str, float], worlds: Worlds
    ) -> None:
        self.actions = actions
        self.worlds = worlds
        self._draws = draws(worlds)
        self._every = (1 << worlds.samples) - 1
        self._holds = [self._held(action) for action in actions]
        self._numbers: dict[Key, int] = {}
        self._starts = tuple(self._number(node) for node in graph.starts)
        self._ranked: dict[tuple[int, ...], dict[int, int]] = {}
        self._ways: dict[int, list[_Way]] = {}
        stopping: dict[int, list[int]] = {}
        for number, action in enumerate(actions):
            for reached in action.reach:
                stopping.setdefault(reached, []).append(number)
        for number, arc in enumerate(graph.arcs):
            self._add(arc.source, arc.target, arc.literals, tuple(stopping.get(number, ())))
        for node in graph.best:
            if is_exposure(node) and node[1] in criticality:
                self._add(node, ("falls", node[1]), (), ())
        self._agents = tuple(criticality)
        self._criticality = {self._number(("falls", agent)): weight for agent, weight in criticality.items()}
        self._drop()
        self.size = sum(map(len, self._ways.values()))

    def loss(self, taken: Taken) -> Loss:
        """What is lost with ``taken`` in place."""
        reached, _ = self._spread(taken)
        return self._loss(reached, self._criticality)

    def fallen(self, starts: Iterable[Key]) -> dict[str, Bits]:
        """The worlds in which each agent that counts falls where it starts at ``starts`` and not where the graph does."""
        reached, _ = self._spread(frozenset(), tuple(self._number(node) for node in starts))
        return {agent: reached.get(self._number(("falls", agent)), 0) for agent in self._agents}

    def loss_from(self, starts: Iterable[Key], apart: str) -> Loss:
        """What is lost then, but for the agent ``apart``."""
        fallen = {self._number(("falls", agent)): bits for agent, bits in self.fallen(starts).items() if agent != apart}
        return self._loss(fallen, {node: self._criticality[node] for node in fallen})

    def _loss(self, reached: Mapping[int, Bits], criticality: Mapping[int, float]) -> Loss:
        lost = self._lost(reached, criticality)
        mean, half = float(lost.mean()), Z95 * float(lost.std()) / sqrt(len(lost))
        return Loss(mean, max(0.0, mean - half), min(mean + half, sum(criticality.values())))

    def most_saved(self, taken: Taken) -> dict[int, float]:
        """Each action that could still save something, with g(action) where ``taken`` is in place; most first."""
        import numpy

        reached, trace = self._spread(taken)
        lost = self._lost(reached, self._criticality)
        samples = self.worlds.samples
        holding = [None if held is None else self._each(held) for held in self._holds]
        below: dict[int, Shares] = {node: numpy.full(samples, weight) for node, weight in self._criticality.items()}
        saved: dict[int, Shares] = {}
        for source, way, bits in reversed(trace):
            if way.target not in below:
                continue
            some = numpy.flatnonzero(self._each(bits))
            carried = below[way.target][some]
            below.setdefault(source, numpy.zeros(samples))[some] += carried
            for action in way.stopping:
                if action not in taken:
                    held = holding[action]
                    part = carried if held is None else carried * held[some]
                    saved.setdefault(action, numpy.zeros(samples))[some] += part
        means = {action: float(numpy.minimum(part, lost).mean()) for action, part in saved.items()}
        return dict(sorted(((a, mean) for a, mean in means.items() if mean > 0.0), key=lambda item: (-item[1], item[0])))

    def _held(self, action: Action) -> Bits | None:
        if action.kind == "sever":
            return None
        return self._drawn(Literal(action.draw, action.holds, True, Source("assumed", "as planned")))

    def _drawn(self, literal: Literal) -> Bits:
        return int.from_bytes(self._draws.holds(literal).tobytes(), "little")

    def _number(self, node: Key) -> int:
        return self._numbers.setdefault(node, len(self._numbers))

    def _add(self, source: Key, target: Key, literals: Iterable[Literal], stopping: tuple[int, ...]) -> None:
        bits = self._every
        for literal in literals:
            bits &= self._drawn(literal)
        if bits:
            way = _Way(self._number(target), bits, stopping, -log(bits.bit_count() / self.worlds.samples))
            self._ways.setdefault(self._number(source), []).append(way)

    def _drop(self) -> None:
        """Forget what leads to nothing that counts."""
        back: dict[int, set[int]] = {}
        for source, ways in self._ways.items():
            for way in ways:
                back.setdefault(way.target, set()).add(source)
        useful, waiting = set(self._criticality), list(self._criticality)
        while waiting:
            for source in back.get(waiting.pop(), ()):
                if source not in useful:
                    useful.add(source)
                    waiting.append(source)
        self._ways = {
            source: [way for way in ways if way.target in useful] for source, ways in self._ways.items() if source in useful
        }

    def _ranks(self, starts: tuple[int, ...]) -> dict[int, int]:
        """The places by their likeliest chain from ``starts``: in this order most of what comes to one is there at once."""
        if starts not in self._ranked:
            ranks = self._ranked[starts] = {}
            waiting = [(0.0, node) for node in sorted(starts)]
            while waiting:
                cost, node = heappop(waiting)
                if node not in ranks:
                    ranks[node] = len(ranks)
                    for way in self._ways.get(node, ()):
                        heappush(waiting, (cost + way.cost, way.target))
        return self._ranked[starts]

    def _spread(
        self, taken: Taken, starts: tuple[int, ...] | None = None
    ) -> tuple[dict[int, Bits], list[tuple[int, _Way, Bits]]]:
        """The worlds in which each node is reached; and the way by which it was, each world once, in order."""
        starts = self._starts if starts is None else starts
        ranks = self._ranks(starts)
        reached = dict.fromkeys(starts, self._every)
        trace: list[tuple[int, _Way, Bits]] = []
        fresh = dict(reached)
        waiting = sorted((ranks[node], node) for node in fresh)
        while waiting:
            _, source = heappop(waiting)
            news = fresh.pop(source)
            for way in self._ways.get(source, ()):
                there = reached.get(way.target, 0)
                coming = news & way.open & ~there
                for action in way.stopping if coming else ():
                    if action in taken:
                        held = self._holds[action]
                        coming = 0 if held is None else coming & ~held
                if coming:
                    reached[way.target] = there | coming
                    trace.append((source, way, coming))
                    if way.target in fresh:
                        fresh[way.target] |= coming
                    else:
                        fresh[way.target] = coming
                        heappush(waiting, (ranks[way.target], way.target))
        return reached, trace

    def _lost(self, reached: Mapping[int, Bits], criticality: Mapping[int, float]) -> "Shares":
        import numpy

        lost: Shares = numpy.zeros(self.worlds.samples)
        for node, weight in criticality.items():
            if node in reached:
                lost += weight * self._each(reached[node])
        return lost

    def _each(self, bits: Bits) -> Any:
        """One number a world, 0 or 1."""
        import numpy

        packed = numpy.frombuffer(bits.to_bytes(self.worlds.samples // 8, "little"), numpy.uint8)
        return numpy.unpackbits(packed, bitorder="little")
