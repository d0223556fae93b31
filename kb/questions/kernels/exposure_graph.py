"""What spreads, as a graph: nodes that compromise can reach, and arcs that are open where their draws fall right.

A world is one outcome of every draw. In a world a node is reached where open arcs lead to it from a start. Each uncertain
thing is one draw, however many arcs ask for it.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, ...]
"""What a node or a draw is of, in ids: the same in every graph that has it, whatever order it was built in."""


class Source(NamedTuple):
    """Where a figure comes from."""

    basis: str
    """``document``, ``preset``, ``factors``, ``tactic``, ``catalogue`` or ``assumed``."""
    text: str
    """The place, the publication, the factors or the reason."""


class Literal(NamedTuple):
    """One condition of an arc: that a draw, uniform over 0–1, falls below ``p``; or not, where it is a control that holds."""

    draw: Key
    """``("trust", …)``, ``("arrival", agent, class)``, ``("step", agent, threat)`` or ``("control", agent, mitigation)``."""
    p: float
    below: bool
    source: Source

    @property
    def probability(self) -> float:
        """How often the condition holds."""
        return self.p if self.below else 1.0 - self.p


@dataclass(frozen=True, slots=True)
class Arc:
    """Compromise of ``source`` gives compromise of ``target`` where every condition holds."""

    source: Key
    target: Key
    literals: tuple[Literal, ...] = ()
    places: tuple[str, ...] = ()
    """``path:line`` of the wiring that it stands for."""
    channel: str = ""
    """How the two agents are wired, of an arc that runs from one to another."""

    @property
    def probability(self) -> float:
        """How often the arc is open."""
        product = 1.0
        for literal in self.literals:
            product *= literal.probability
        return product


@dataclass(slots=True)
class ExposureGraph:
    """The part that compromise can reach from the starts."""

    starts: tuple[Key, ...] = ()
    arcs: list[Arc] = field(default_factory=list)
    best: dict[Key, float] = field(default_factory=dict)
    """Node to the probability of the best chain to it, as far as it was followed."""
    cut: int = 0
    """How many nodes were left out because their best chain falls below the floor."""

    _sorted: tuple[int, dict[str, list[Key]]] = field(default=(-1, {}), repr=False, compare=False)
    """The exposures by agent, and how many nodes there were when they were sorted; nodes only ever come in addition."""

    def exposures(self, agent: str) -> list[Key]:
        """The exposures of ``agent`` that were reached, by threat."""
        return list(self._by_agent().get(agent, ()))

    def agents(self) -> list[str]:
        """Every agent with an exposure that was reached, by id."""
        return sorted(self._by_agent())

    def _by_agent(self) -> dict[str, list[Key]]:
        size, found = self._sorted
        if size != len(self.best):
            found = {}
            for node in sorted(filter(is_exposure, self.best)):
                found.setdefault(node[1], []).append(node)
            self._sorted = len(self.best), found
        return found


RELAY = "relay"
"""In place of a threat: an agent without a model that hands on what came in, and does not itself fall."""

OUTSIDE = "outside"
"""The pseudo-agent whose text and content strangers write."""


def exposure(agent: str, threat: str) -> Key:
    """The node of ``agent`` fallen to ``threat``."""
    return ("exposure", agent, threat)


def is_exposure(node: Key) -> bool:
    """Whether ``node`` is an agent fallen to a threat: neither strangers nor what only hands on."""
    return node[0] == "exposure" and node[2] not in (RELAY, OUTSIDE)
