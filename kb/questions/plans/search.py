"""The best set of at most so many actions: greedily, then by a search that leaves out only what is proven to be no better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import comb
from typing import Protocol

from kb.questions.plans.actions import Action
from kb.questions.plans.worlds import Loss, Taken
from kb.questions.watch import Watch

SETS = 100_000
"""Sets up to which the search goes on until the best one is proven."""
WORK = 120_000
"""Ways looked at beyond which a search of more sets than that gives up and reports its bound."""
_NOISE = 1e-12
"""Relative difference of two losses below which they are one: what adding in another order makes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A set of actions in the order in which they help most."""

    taken: tuple[int, ...]
    losses: tuple[Loss, ...]
    """What is lost before, and after each action."""
    bound: float
    """No set of so many actions leaves less, in these worlds."""
    optimal: bool


class Losses(Protocol):
    """What sets of actions leave, in fixed worlds or exactly."""

    actions: Sequence[Action]
    size: int
    """How much one loss takes, in ways looked at."""

    def loss(self, taken: Taken) -> Loss:
        """What is lost with ``taken`` in place."""

    def most_saved(self, taken: Taken) -> Mapping[int, float]:
        """Each action that could still save something, with the g of it that bounds what sets save; most first."""


@dataclass(slots=True)
class _Search:
    worlds: Losses
    watch: Watch
    left: float
    """Ways that may still be looked at; infinite where the best set is to be proven whatever it takes."""
    losses: dict[Taken, Loss] = field(default_factory=dict)
    saved: dict[Taken, Mapping[int, float]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether no more is to be looked at."""
        return self.left <= 0 or self.watch.stopped

    def loss(self, taken: Taken) -> float:
        """What is lost with ``taken``, looked up once."""
        if taken not in self.losses:
            self.left -= self.worlds.size
            self.losses[taken] = self.worlds.loss(taken)
        return self.losses[taken].loss

    def most_saved(self, taken: Taken) -> Mapping[int, float]:
        """What each action could still save, looked up once; most first."""
        if taken not in self.saved:
            self.left -= 8 * self.worlds.size  # it takes that much longer
            self.saved[taken] = self.worlds.most_saved(taken)
        return self.saved[taken]


def search(worlds: Losses, budget: int, *, certain: int = SETS, work: int = WORK, watch: Watch | None = None) -> Plan:
    """The best plan of at most ``budget`` actions that was found, and how much better one can be.

    The best there is, where there are at most ``certain`` sets; else what ``work`` ways looked at bring. Plans of 1, 2, …
    actions are looked for in turn, each starting from the one before: so a larger budget is never worse. Where ``watch`` is
    stopped, the best plan by then is given, with a bound of the whole budget.
    """
    watch = watch or Watch()
    with watch.heeding():
        return _search(worlds, budget, watch, certain, work)


def _search(worlds: Losses, budget: int, watch: Watch, certain: int, work: int) -> Plan:
    usable = worlds.most_saved(frozenset())
    sets = sum(comb(len(worlds.actions), size) for size in range(min(budget, len(worlds.actions)) + 1))
    looking = _Search(worlds, watch, float("inf") if sets <= certain else float(work))
    looking.saved[frozenset()] = usable
    best: Taken = frozenset()
    bound, proven = looking.loss(best), True
    for size in range(1, budget + 1):
        if watch.stopped:
            most = list(usable.values())[:budget]
            bound, proven = max(0.0, looking.loss(frozenset()) - sum(most)), False
            break
        best, bound, proven = _best(looking, best, size)
        watch.tell(size, budget, "actions")
    order, losses = _ordered(looking, best)
    return Plan(order, losses, min(bound, losses[-1].loss), proven)


def _best(looking: _Search, before: Taken, size: int) -> tuple[Taken, float, bool]:
    """The best set of ``size`` actions or fewer, a loss that none of them goes below, and whether that is the set's own.

    Sets wait by the least loss that they and what they grow to can leave. Let S be one of them, with r actions to come, and g
    its actions in falling order. What S grows to is told apart by the first of this order that it holds, the i-th, say. Each of
    those leaves at least loss(S) − (g[i] + … + g[i+r−1]), see :class:`~kb.questions.plans.worlds.FixedWorlds`; so once this is
    no less than the best loss known, none of them is needed. One that holds no action with g above 0 leaves what S leaves.
    """
    best = _grown(looking, before)
    nothing: Taken = frozenset()
    ticks = count()
    heap: list[tuple[float, int, Taken, Taken, Sequence[tuple[int, float]], int]] = []

    def wait(taken: Taken, gone: Taken, order: Sequence[tuple[int, float]], at: int) -> None:
        if at < len(order):
            least = looking.loss(taken) - sum(saved for _, saved in order[at : at + size - len(taken)])
            heappush(heap, (max(0.0, least), next(ticks), taken, gone, order, at))

    wait(nothing, nothing, list(looking.most_saved(nothing).items()), 0)
    while heap:
        least, _, taken, gone, order, at = heappop(heap)
        if not _less(least, looking.loss(best)):
            break
        if looking.over:
            return best, least, False
        wait(taken, gone, order, at + 1)
        grown = taken | {order[at][0]}
        if _less(looking.loss(grown), looking.loss(best)):
            best = grown
        if len(grown) < size:
            elsewhere = gone.union(action for action, _ in order[: at + 1])
            onward = [(action, saved) for action, saved in looking.most_saved(grown).items() if action not in elsewhere]
            wait(grown, elsewhere, onward, 0)
    return best, looking.loss(best), True


def _grown(looking: _Search, taken: Taken) -> Taken:
    """``taken`` with the action that helps it most; as it is where none does.

    An action that was not looked at saves no more than g, so that those behind the best one in the order of g need no look.
    """
    best = taken
    for action, saved in looking.most_saved(taken).items():
        if looking.watch.stopped or not _less(looking.loss(taken) - saved, looking.loss(best)):
            break
        if _less(looking.loss(taken | {action}), looking.loss(best)):
            best = taken | {action}
    return best


def _ordered(looking: _Search, best: Taken) -> tuple[tuple[int, ...], tuple[Loss, ...]]:
    """The actions of ``best``, at each turn the one that leaves the least, with what is lost before and after each."""
    order: list[int] = []
    while len(order) < len(best):
        order.append(min(sorted(best.difference(order)), key=lambda action: looking.loss(frozenset((*order, action)))))
    looking.loss(best)
    return tuple(order), tuple(looking.losses[frozenset(order[:length])] for length in range(len(order) + 1))


def _less(one: float, other: float) -> bool:
    return one < other - _NOISE * max(1.0, other)
