"""``blast_ranking``: which agents take most along when they fall, and which fall most easily."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Protocol

from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.questions.answer import Answer, answer
from kb.questions.facing import System
from kb.questions.kernels.chain import best_chains
from kb.questions.kernels.exact import PATIENT, QUICK, Budget, TooManyStates, exact_probability
from kb.questions.kernels.exposure import Expansion, Wanted
from kb.questions.kernels.exposure_graph import OUTSIDE, ExposureGraph, Key, exposure
from kb.questions.kernels.likelihood import METHODS, Estimate
from kb.questions.kernels.said import assumptions
from kb.questions.kernels.worlds import Worlds, wilson
from kb.questions.naming import resolve
from kb.questions.parameters import Says
from kb.questions.plans.actions import weights
from kb.questions.plans.exact import STATES
from kb.questions.plans.worlds import FixedWorlds
from kb.questions.watch import Watch

SAMPLES = 8_192
"""Worlds that agents are compared in where nobody says how many; fewer than a cascade asks, as each agent asks all of them."""
Method = Annotated[str, Says("How likely things are: auto takes exact where that is quick.", choices=METHODS)]
Samples = Annotated[int, Says("Worlds of Monte Carlo, a multiple of 64.", type=int)]

_WHOLLY = "each agent in turn is wholly taken: every threat that it faces is there from the start"
Falls = Mapping[str, Estimate]
"""Agent to how likely it falls."""


class Starts(Protocol):
    """Ways of saying what follows from a start."""

    def falls(self, starts: Sequence[Key]) -> Falls:
        """How likely each agent falls."""

    def radius(self, starts: Sequence[Key], apart: str) -> Estimate:
        """The sum of probability times criticality over all agents but ``apart``."""


def blast_ranking(
    engine: Engine, *, system: System = None, method: Method = "auto", samples: Samples = SAMPLES, watch: Watch | None = None
) -> Answer:
    """The agents of a system, or of all, by what falls with them and by how easily they fall.

    Rows are ``agent``, ``name``, ``blast_radius`` (the sum of probability times criticality over the others if it falls to
    all that it faces) with the ends of its 95 % interval, ``low`` and ``high``, and ``exposure`` (the probability that it falls
    when strangers write to the entries) with ``exposure_low`` and ``exposure_high``; by blast radius descending, then
    exposure. No way is too unlikely to be followed. A figure is absent where nothing can start.
    """
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    if method not in METHODS:
        raise UsageError(f"method is {method!r}, expected {', '.join(METHODS)}")
    worlds, watch = Worlds(samples), watch or Watch()
    home = system and resolve(engine, system, ("System",))[1]
    members = sorted({relation.source for relation in engine.edges("MEMBER_OF", target=None if home is None else [home])})
    expansion = expanded(engine, members, home)
    how, estimates = _estimated(expansion, members, method, worlds, watch)
    names = {node.id: node.properties.get("name") for node in engine.nodes("Agent", members)}
    rows = [{"agent": agent, "name": names[agent]} | figures for agent, figures in estimates.items()]
    remarks = [] if _strangers(expansion) else ["strangers reach nobody: no member is an entry that can fall"]
    silent = [agent for agent in members if not expansion.members[agent].faced]
    remarks += [f"{agent} faces no threat, so that nothing can start there" for agent in silent]
    sampled = {"samples": samples, "seed": 0} if how == "monte-carlo" else {"samples": None, "seed": None}
    ranking = answer(
        engine,
        "blast_ranking",
        {"system": home, "method": how, **sampled},
        sorted(rows, key=_order),
        assumptions=[_WHOLLY, *assumptions(expansion, OUTSIDE, False, how)] if len(silent) < len(members) else [],
        remarks=remarks,
    )
    if len(rows) == len(members):
        return ranking
    return replace(ranking, complete=False, truncated_by=f"interrupted after {len(rows)} of {len(members)} agents")


def expanded(engine: Engine, members: Sequence[str], home: str | None) -> Expansion:
    """Everything that can follow from any of ``members``, and from strangers: read once, whoever falls first."""
    expansion = Expansion(engine, Wanted(0.0, home))
    expansion.read(members)
    starts = [exposure(OUTSIDE, OUTSIDE), *(node for agent in members for node in wholly(expansion, agent))]
    expansion.start(starts)
    while expansion.step():
        pass
    expansion.finish()
    return expansion


def wholly(expansion: Expansion, agent: str) -> list[Key]:
    """Where it starts if ``agent`` falls to all that it faces."""
    return [exposure(agent, threat) for threat in sorted(expansion.members[agent].faced)]


def _strangers(expansion: Expansion) -> bool:
    """Whether strangers reach an agent that can fall."""
    return any(arc.source == exposure(OUTSIDE, OUTSIDE) for arc in expansion.graph.arcs)


def _estimated(
    expansion: Expansion, members: Sequence[str], method: str, worlds: Worlds, watch: Watch
) -> tuple[str, dict[str, dict[str, float | None]]]:
    """The method that fits, and the figures of each agent; of those that ``watch`` waits for."""
    counting = weights(expansion, expansion.graph.agents())
    if method in ("auto", "exact"):
        try:
            budget = Budget(STATES, 4 * QUICK if method == "auto" else PATIENT)
            if method == "auto" and members:  # one start tells what all of them will take
                share = Budget(STATES, 8 * QUICK // (len(members) + 1))
                _Exactly(expansion.graph, counting, share).falls(wholly(expansion, members[0]))
            return "exact", _figures(expansion, members, _Exactly(expansion.graph, counting, budget), watch)
        except TooManyStates:
            if method == "exact":
                hint = "use --method monte-carlo (or auto), or narrow the question with --system"
                raise UsageError(
                    "the exact ranking takes more than about half a minute of work, the limit", hint=hint
                ) from None
    if method == "chain":
        return method, _figures(expansion, members, _ByChain(expansion.graph, counting), watch)
    return "monte-carlo", _figures(expansion, members, _InWorlds(expansion.graph, counting, worlds), watch)


def _figures(
    expansion: Expansion, members: Sequence[str], estimates: Starts, watch: Watch
) -> dict[str, dict[str, float | None]]:
    absent: Mapping[str, Estimate | None] = {}
    exposed = estimates.falls([exposure(OUTSIDE, OUTSIDE)]) if _strangers(expansion) else absent
    unreached = Estimate(0.0, 0.0, 0.0) if exposed else None
    found: dict[str, dict[str, float | None]] = {}
    with watch.heeding():
        for agent in members:
            starts = wholly(expansion, agent)
            radius = estimates.radius(starts, agent) if starts else None
            own = dict(zip(("blast_radius", "low", "high"), radius or (None,) * 3, strict=True))
            strangers = exposed.get(agent, unreached) or (None,) * 3
            found[agent] = own | dict(zip(("exposure", "exposure_low", "exposure_high"), strangers, strict=True))
            watch.tell(len(found), len(members), "agents")
            if watch.stopped:
                break
    return found


class _Exactly:
    def __init__(self, graph: ExposureGraph, counting: Mapping[str, float], budget: Budget) -> None:
        self.graph, self.counting, self.budget = graph, counting, budget
        self.nodes = {agent: graph.exposures(agent) for agent in counting}

    def falls(self, starts: Sequence[Key]) -> Falls:
        graph = ExposureGraph(tuple(starts), self.graph.arcs)
        found = {agent: exact_probability(graph, nodes, self.budget) for agent, nodes in self.nodes.items()}
        return {agent: Estimate(p, p, p) for agent, p in found.items()}

    def radius(self, starts: Sequence[Key], apart: str) -> Estimate:
        lost = sum(self.counting[agent] * p.value for agent, p in self.falls(starts).items() if agent != apart)
        return Estimate(lost, lost, lost)


class _ByChain:
    def __init__(self, graph: ExposureGraph, counting: Mapping[str, float]) -> None:
        self.graph, self.counting = graph, counting
        self.nodes = {agent: graph.exposures(agent) for agent in counting}

    def falls(self, starts: Sequence[Key]) -> Falls:
        chains = best_chains(ExposureGraph(tuple(starts), self.graph.arcs))
        best = {agent: [chains[node].probability for node in nodes if node in chains] for agent, nodes in self.nodes.items()}
        return {agent: Estimate(max(found), max(found), None) for agent, found in best.items() if found}

    def radius(self, starts: Sequence[Key], apart: str) -> Estimate:
        lost = sum(self.counting[agent] * p.value for agent, p in self.falls(starts).items() if agent != apart)
        return Estimate(lost, lost, None)


class _InWorlds:
    def __init__(self, graph: ExposureGraph, counting: Mapping[str, float], worlds: Worlds) -> None:
        self.worlds = worlds
        self.fixed = FixedWorlds(graph, (), counting, worlds)

    def falls(self, starts: Sequence[Key]) -> Falls:
        hits = {agent: bits.bit_count() for agent, bits in self.fixed.fallen(starts).items()}
        found = {agent: wilson(number, self.worlds.samples) for agent, number in hits.items()}
        return {agent: Estimate(one.probability, one.low, one.high) for agent, one in found.items()}

    def radius(self, starts: Sequence[Key], apart: str) -> Estimate:
        lost = self.fixed.loss_from(starts, apart)
        return Estimate(lost.loss, lost.low, lost.high)


def estimates_in_worlds(expansion: Expansion, graph: ExposureGraph, worlds: Worlds) -> Starts:
    """What follows from any start in ``graph``, that of ``expansion`` or a variation of it, counted in ``worlds``."""
    return _InWorlds(graph, weights(expansion, expansion.graph.agents()), worlds)


def _order(row: dict[str, Any]) -> tuple[float, float, str]:
    """What is absent comes last."""
    absent = -1.0
    radius, exposed = (absent if row[name] is None else row[name] for name in ("blast_radius", "exposure"))
    return -radius, -exposed, row["agent"]
