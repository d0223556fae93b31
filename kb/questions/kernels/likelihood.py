"""How likely goals are reached, by the method that fits: exact, Monte Carlo, or the most likely chain as a lower bound."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from kb.errors import UsageError
from kb.questions.kernels.chain import best_chains
from kb.questions.kernels.exact import LIMIT, PATIENT, QUICK, Budget, TooManyStates, exact_probability
from kb.questions.kernels.exposure_graph import ExposureGraph, Key
from kb.questions.kernels.spread import Reached
from kb.questions.kernels.worlds import Z95, Worlds, count, reached_in, wilson
from kb.questions.watch import Watch

METHODS = ("auto", "exact", "monte-carlo", "chain")

_BYTE = 255
"""The most that a byte counts to."""

Name = tuple[str, str]
"""(agent, threat), (agent, ``falls``) or (agent, ``harmed``)."""


class Goal(NamedTuple):
    """Nodes one of which is to be reached."""

    name: Name
    nodes: tuple[Key, ...]


class Estimate(NamedTuple):
    """A figure with the ends of its 95 % interval; an exact one has no width, and a lower bound has no upper end."""

    value: float
    low: float
    high: float | None


Estimated = tuple[str, int | None, Mapping[Name, Estimate], Estimate]
"""Method, samples, each goal's estimate, and that of the weighted number of goals reached."""


def estimate(
    graph: ExposureGraph,
    goals: Sequence[Goal],
    weights: Mapping[Name, float],
    method: str,
    worlds: Worlds,
    watch: Watch | None = None,
) -> Estimated:
    """The probability of each goal; ``weights`` has the goals that count for the blast radius.

    Where ``watch`` is stopped, sampled worlds give what the first of them give.
    """
    watch = watch or Watch()
    if method == "chain":
        return _by_chain(graph, goals, weights)
    if method == "monte-carlo":
        return _by_worlds(graph, goals, weights, worlds, watch)
    budget = Budget(looks=QUICK if method == "auto" else PATIENT)
    try:
        found = {goal.name: _exactly(graph, goal, budget, method) for goal in goals}
    except TooManyStates:
        if method == "auto":
            return _by_worlds(graph, goals, weights, worlds, watch)
        raise UsageError(
            f"the exact answer takes more than {budget.taken} states; the limit is {LIMIT} for one figure and about half a "
            "minute of work for all",
            hint="use --method monte-carlo (or auto), or narrow the question with --system, --threat or a higher --floor",
        ) from None
    exact = {name: Estimate(p, p, p) for name, p in found.items()}
    blast = sum(weight * found[name] for name, weight in weights.items())
    return "exact", None, exact, Estimate(blast, blast, blast)


def _exactly(graph: ExposureGraph, goal: Goal, budget: Budget, method: str) -> float:
    if method == "exact":
        budget.states = LIMIT  # for each figure; auto gives way when all of them together take so many
    return exact_probability(graph, goal.nodes, budget)


def _by_chain(graph: ExposureGraph, goals: Sequence[Goal], weights: Mapping[Name, float]) -> Estimated:
    chains = best_chains(graph)
    found = {}
    for goal in goals:
        p = max(chains[node].probability for node in goal.nodes)
        found[goal.name] = Estimate(p, p, None)
    blast = sum(weight * found[name].value for name, weight in weights.items())
    return "chain", None, found, Estimate(blast, blast, None)


def _by_worlds(
    graph: ExposureGraph, goals: Sequence[Goal], weights: Mapping[Name, float], worlds: Worlds, watch: Watch
) -> Estimated:
    hits, sums, squares, asked = dict.fromkeys((goal.name for goal in goals), 0), 0.0, 0.0, 0
    with watch.heeding():
        for size, block in reached_in(graph, worlds, {node for goal in goals for node in goal.nodes}):
            counted, loss = _count(block, goals, weights, size)
            for name, number in counted.items():
                hits[name] += number
            sums, squares, asked = sums + float(loss.sum()), squares + float((loss * loss).sum()), asked + size
            watch.tell(asked, worlds.samples, "worlds")
            if watch.stopped:
                break
    found = {name: Estimate(*_interval(number, asked)) for name, number in hits.items()}
    mean = sums / asked
    half = Z95 * sqrt(max(0.0, squares / asked - mean * mean) / asked)
    return "monte-carlo", asked, found, Estimate(mean, max(0.0, mean - half), min(mean + half, sum(weights.values())))


def _interval(hits: int, samples: int) -> tuple[float, float, float]:
    interval = wilson(hits, samples)
    return interval.probability, interval.low, interval.high


def _count(block: Reached, goals: Sequence[Goal], weights: Mapping[Name, float], size: int) -> tuple[Any, Any]:
    """In how many worlds of a block each goal is reached, and the weight that is reached in each world."""
    import numpy

    found: dict[Name, int] = {}
    counted: dict[frozenset[int], int] = {}
    weighed: dict[float, list[Any]] = {}
    for goal in goals:
        rows = frozenset(block.numbers[node] for node in goal.nodes if node in block.numbers)
        if rows not in counted or goal.name in weights:
            bits = block.rows[next(iter(rows))] if len(rows) == 1 else numpy.bitwise_or.reduce(block.rows[sorted(rows)], axis=0)
            counted[rows] = count(bits)
            if goal.name in weights:
                weighed.setdefault(weights[goal.name], []).append(bits)
        found[goal.name] = counted[rows]
    loss = numpy.zeros(size)
    for weight, some in weighed.items():
        loss += weight * _in_each(some, size)
    return found, loss


def _in_each(rows: Sequence[Any], size: int) -> Any:
    """How many of ``rows`` have the bit of each world."""
    import numpy

    total = numpy.zeros(size, numpy.uint32)
    for first in range(0, len(rows), _BYTE):
        part = numpy.zeros(size, numpy.uint8)
        for bits in rows[first : first + _BYTE]:
            part += numpy.unpackbits(bits.view(numpy.uint8), bitorder="little")
        total += part
    return total
