"""``paths``: the most likely chains of trust from one agent to another, agent by agent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.questions.cascade import FLOOR, deployed
from kb.questions.kernels.chain import Chain, best_chains
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import OUTSIDE, Arc, ExposureGraph, Key, exposure, is_exposure
from kb.questions.kernels.rows import Row, chain_steps
from kb.questions.kernels.said import assumptions, hops_said
from kb.questions.kernels.tables import controls_over, tables
from kb.questions.naming import resolve

PATHS = 5
_TRIED = 50
"""Paths that are looked at for each one asked for; among those that come first by their trusts alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best paths from an agent to others, as chains."""

    start: str
    goals: tuple[str, ...]
    expansion: Expansion
    whole: bool
    """Whether the start faces something; if not, everything that it gives out is taken to be hostile."""
    chains: tuple[Chain, ...]
    """The likeliest first."""
    tried_all: bool
    wanted: Wanted
    max_hops: int | None
    """The paths have at most so many; the expansion is not cut by it."""


def paths(
    engine: Engine,
    fallen: str,
    hit: Sequence[str],
    *,
    k: int = PATHS,
    system: str | None = None,
    floor: float = FLOOR,
    max_hops: int | None = None,
) -> Row:
    """The ``k`` most likely simple paths of agents by which ``fallen``, wholly taken, takes one of ``hit`` along.

    A path is as likely as the best chain along it; with ``max_hops`` it has at most so many trusts. Where there is none,
    ``remarks`` say whether there is one the other way.
    """
    return answered(engine, find_paths(engine, fallen, hit, k=k, system=system, floor=floor, max_hops=max_hops))


def find_paths(
    engine: Engine, fallen: str, hit: Sequence[str], *, k: int, system: str | None, floor: float, max_hops: int | None = None
) -> Found:
    """What :func:`paths` answers with, before it is put into rows."""
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    if k < 1:
        raise UsageError(f"-k is {k}, expected 1 or more")
    home = system and resolve(engine, system, ("System",))[1]
    start = OUTSIDE if fallen == OUTSIDE else deployed(engine, fallen, home)
    goals = [deployed(engine, one, home) for one in hit]
    if start in goals:
        raise UsageError(f"{start!r} is both ends of the path", hint="name two agents")
    if not goals:
        raise UsageError("no agent to be hit", hint="for example kb paths browser payments,ledger")
    if max_hops is not None and max_hops < 1:
        raise UsageError(f"max-hops is {max_hops}, expected 1 or more")
    wanted = Wanted(floor, home)
    expansion, whole = _taken(engine, start, wanted)
    chains, tried_all = _best_paths(expansion.graph, start, goals, k, max_hops)
    return Found(start, tuple(goals), expansion, whole, tuple(chains), tried_all, wanted, max_hops)


def answered(engine: Engine, found: Found) -> Row:
    """``found`` as rows; keys in the documented order."""
    base, graph, start = engine.base, found.expansion.graph, found.start
    assert base is not None  # noqa: S101  # find_paths looked
    remarks = [] if found.chains else [_nothing(engine, found)]
    cut = [f"floor {found.wanted.floor:g}: {graph.cut} places not followed"] if graph.cut else []
    cut += [] if found.tried_all else [f"{_TRIED} paths looked at for each one asked for"]
    said = hops_said(found.max_hops) + assumptions(found.expansion, start, found.whole and start != OUTSIDE, "chain")
    if not found.whole:
        said.insert(0, f"{start} faces no threat; everything that it gives out is taken to be hostile")
    return {
        "from": start,
        "to": list(found.goals),
        "max_hops": found.max_hops,
        "paths": [{"probability": one.probability, "steps": path_steps(found.expansion, one)} for one in found.chains],
        "complete": not cut,
        "truncated_by": "; ".join(cut) or None,
        "assumptions": said,
        "remarks": remarks,
        "base": base.fingerprint,
        "schema_version": base.schema_version,
    }


def path_steps(expansion: Expansion, chain: Chain) -> list[Row]:
    """One row for each hop from agent to agent.

    ``inside`` has the steps within the agent that it starts from, which count in the probability.
    """
    rows: list[Row] = []
    inside: list[Row] = []
    steps = chain_steps(expansion, chain)
    last = steps[0]["agent"]
    for step in steps[1:]:
        if step["channel"] is None:
            inside.append({name: step[name] for name in ("threat", "susceptibility", "controls", "source")})
            continue
        own = ("threat", "channel", "over", "through", "strength", "susceptibility", "controls", "source", "places", "layer")
        rows.append(
            {"from": last, "to": step["agent"]}
            | {name: step[name] for name in own}
            | {"inside": inside, "control": _control(expansion, step, chain.probability)}
        )
        last, inside = step["agent"], []
    return rows


def _control(expansion: Expansion, step: Row, probability: float) -> Row | None:
    """What one more control would do to this path where this step arrives: any of the most effective ones; ``None`` without."""
    best, choice = controls_over(step["over"])
    choice = tuple(one for one in choice if one not in expansion.members[step["agent"]].controls)
    if not choice:
        return None
    return {"agent": step["agent"], "any_of": list(choice), "effectiveness": best, "probability": probability * (1.0 - best)}


def _taken(engine: Engine, start: str, wanted: Wanted) -> tuple[Expansion, bool]:
    """What follows when ``start`` is wholly taken, and whether it faces something."""
    if start == OUTSIDE:
        return build(engine, [exposure(OUTSIDE, OUTSIDE)], wanted), True
    expansion = Expansion(engine, wanted)
    expansion.read([start])
    faced = expansion.members[start].faced
    starts: list[Key] = [exposure(start, threat) for threat in faced]
    if not starts:
        starts = [("out", start, name, spoken) for name in sorted(tables().arrives_as) for spoken in ("all", "own")]
    return build(engine, starts, wanted), bool(faced)


def _nothing(engine: Engine, found: Found) -> str:
    start, goals = found.start, found.goals
    if any(found.expansion.graph.exposures(goal) for goal in goals):
        return f"every path from {start} to {', '.join(goals)} is longer than --max-hops {found.max_hops}"
    none = f"no path from {start} to {', '.join(goals)}"
    for goal in goals:
        back, _ = _taken(engine, goal, found.wanted)
        if back.graph.exposures(start):
            return f"{none}; there is one the other way: kb paths {goal} {start}"
    return f"{none}, nor the other way"


def _best_paths(
    graph: ExposureGraph, start: str, goals: Sequence[str], k: int, max_hops: int | None
) -> tuple[list[Chain], bool]:
    """The best chain along each of the ``k`` best paths, and whether no better one can have been missed.

    Paths come by Yen's algorithm in the order of a bound, their trusts and arrivals alone, until the bound falls below the
    least chain that is kept.
    """
    within, across = _parted(graph)
    found: list[Chain] = []
    for tried, (bound, agents) in enumerate(_by_bound(across, start, goals)):
        if len(found) >= k and bound <= found[k - 1].probability:
            return found[:k], True
        if tried >= _TRIED * k:
            return found[:k], False
        chain = None if max_hops is not None and len(agents) > max_hops + 1 else _along(graph, agents, within, across)
        if chain is not None:
            found.append(chain)
            found.sort(key=lambda chain: (-chain.probability, len(chain.arcs), [arc.target for arc in chain.arcs]))
    return found[:k], True


Crossings = dict[tuple[str, str], list[Arc]]


def _parted(graph: ExposureGraph) -> tuple[dict[str, list[Arc]], Crossings]:
    """The arcs within each agent, and those from agent to agent, straight or through what they share."""
    within: dict[str, list[Arc]] = {}
    left: dict[Key, list[Arc]] = {}
    for arc in graph.arcs:
        if arc.source[0] == "left":
            left.setdefault(arc.source, []).append(arc)
        elif not _leaves(arc):
            within.setdefault(arc.source[1], []).append(arc)
    across: Crossings = {}
    for arc in graph.arcs:
        if _leaves(arc):
            for end in _through(arc, left):
                pair = (arc.source[1], end.target[1])
                across.setdefault(pair, []).append(Arc(arc.source, end.target, end.literals, end.places, end.channel))
    return within, across


def _leaves(arc: Arc) -> bool:
    """Whether ``arc`` runs from an agent, or from strangers, to others or to what they share."""
    return arc.source[0] == "out" or arc.source == exposure(OUTSIDE, OUTSIDE)


def _through(arc: Arc, left: dict[Key, list[Arc]]) -> Iterator[Arc]:
    """The arcs into agents that ``arc`` leads to, over what is left in resources."""
    if arc.target[0] != "left":
        yield arc
        return
    for following in left.get(arc.target, ()):
        yield from _through(following, left)


def _by_bound(across: Crossings, start: str, goals: Sequence[str]) -> Iterator[tuple[float, list[str]]]:
    """Simple paths of agents, the highest product of trust strengths first; parallel relations count as their best."""
    import networkx

    graph: Any = networkx.DiGraph()
    for (source, target), arcs in sorted(across.items()):
        if source != target:
            graph.add_edge(source, target, weight=-log(max(arc.probability for arc in arcs)))
    end = ("goal",)  # no agent: a tuple
    for goal in goals:
        if goal in graph:
            graph.add_edge(goal, end, weight=0.0)
    if start not in graph or end not in graph or not networkx.has_path(graph, start, end):
        return
    for nodes in networkx.shortest_simple_paths(graph, start, end, weight="weight"):
        bound = 1.0
        for one, other in pairwise(nodes[:-1]):
            bound *= max(arc.probability for arc in across[one, other])
        yield bound, nodes[:-1]


def _along(graph: ExposureGraph, agents: Sequence[str], within: dict[str, list[Arc]], across: Crossings) -> Chain | None:
    """The most likely chain that passes through exactly these agents in this order."""
    arcs = [arc for agent in agents for arc in within.get(agent, ())]
    for one, other in pairwise(agents):
        arcs += [arc for arc in across[one, other] if arc.target[1] == other]
    chains = best_chains(ExposureGraph(graph.starts, arcs, graph.best))
    ends = [chain for node, chain in chains.items() if is_exposure(node) and node[1] == agents[-1]]
    return max(ends, key=lambda chain: (chain.probability, -len(chain.arcs)), default=None)
