"""``choke_points``: the agents and the trusts that compromise has to pass on its way to an agent, or mostly passes."""

from collections import deque
from collections.abc import Mapping, Set
from typing import Annotated, Any

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.questions.answer import Answer, answer
from kb.questions.cascade import deployed
from kb.questions.facing import System
from kb.questions.kernels.exposure import Wanted
from kb.questions.kernels.exposure_graph import OUTSIDE, ExposureGraph, Key, is_exposure
from kb.questions.kernels.said import assumptions
from kb.questions.kernels.worlds import Worlds
from kb.questions.naming import resolve
from kb.questions.parameters import Says
from kb.questions.plan import ENTRIES, SAMPLES, expanded
from kb.questions.plans.actions import Action
from kb.questions.plans.worlds import FixedWorlds

Hit = Annotated[str, Says("The agent that is to be kept from falling.", kinds=("Agent",), flag="--to")]
Fallen = Annotated[str, Says("The agent that falls first; entries: strangers write.", kinds=("Agent",), flag="--from")]

Place = tuple[str, str]
"""``agent`` and its id, or ``relation`` and ``TRUSTER:TRUSTED``."""
Reaches = Mapping[Place, frozenset[int]]
"""Each place with the arcs, by number, that are gone without it."""


def choke_points(engine: Engine, *, hit: Hit, fallen: Fallen = ENTRIES, system: System = None) -> Answer:
    """The agents and trusts without which compromise comes to an agent less often, or not at all.

    Rows are ``kind`` (``agent`` or ``relation``), ``id`` (of a relation ``TRUSTER:TRUSTED``, all between the two as one; what
    is trusted may be a resource, or ``outside``), ``dominates`` (it lies on every way, so that nothing arrives without it) and
    ``drop`` (by how much the probability that the agent falls is lower where the agent passes nothing on, or the trust is
    severed). Those that dominate come first, then by drop descending. What neither dominates nor lowers anything is left out.
    """
    home = system and resolve(engine, system, ("System",))[1]
    start = OUTSIDE if fallen in (ENTRIES, OUTSIDE) else deployed(engine, fallen, home)
    goal = deployed(engine, hit, home)
    if start == goal:
        raise UsageError(f"{start!r} is both where it starts and what is to be kept", hint="name two agents")
    params = {"hit": goal, "fallen": start, "system": home, "samples": SAMPLES, "seed": 0}
    expansion = expanded(engine, start, Wanted(0.0, home))  # a floor would hide ways, and call too much a dominator
    if not expansion.graph.exposures(goal):
        return answer(engine, "choke_points", params, [], remarks=[f"no way from {start} to {goal}"])
    places = _places(expansion.graph, {start, goal})
    needed = dominators(expansion.graph, goal, places)
    before, drops = _drops(expansion.graph, goal, places, needed)
    rows: list[dict[str, Any]] = [
        {"kind": kind, "id": name, "dominates": (kind, name) in needed, "drop": drop}
        for (kind, name), drop in drops.items()
        if drop or (kind, name) in needed
    ]
    return answer(
        engine,
        "choke_points",
        params,
        sorted(rows, key=lambda row: (not row["dominates"], -row["drop"], row["kind"], row["id"])),
        assumptions=assumptions(expansion, start, start != OUTSIDE, "monte-carlo"),
        remarks=[f"{goal} falls with {before:.4g}, counted in {SAMPLES} worlds; every drop is counted in the same ones"],
    )


def dominators(graph: ExposureGraph, goal: str, places: Reaches) -> frozenset[Place]:
    """Those of ``places`` that lie on every way to the agent ``goal``, exactly: threats and classes of input count.

    All of them lie on any one way, so that few have to be tried.
    """
    way = set(_way(graph, goal) or ())
    tried = {place: reach for place, reach in places.items() if way & reach}
    return frozenset(place for place, reach in tried.items() if _way(graph, goal, reach) is None)


def _places(graph: ExposureGraph, ends: Set[str]) -> Reaches:
    """What can be taken away: agents that pass something on, but for ``ends``, and trusts."""
    found: dict[Place, set[int]] = {}
    for number, arc in enumerate(graph.arcs):
        if arc.source[0] == "out" and arc.source[1] not in ends:
            found.setdefault(("agent", arc.source[1]), set()).add(number)
        for literal in arc.literals:
            if literal.draw[0] == "trust":
                found.setdefault(("relation", f"{literal.draw[1]}:{literal.draw[2]}"), set()).add(number)
    return {place: frozenset(reach) for place, reach in sorted(found.items())}


def _way(graph: ExposureGraph, goal: str, without: Set[int] = frozenset()) -> list[int] | None:
    """The arcs, by number, of a shortest way to ``goal`` that takes none of ``without``; ``None`` where there is none."""
    leaving: dict[Key, list[int]] = {}
    for number, arc in enumerate(graph.arcs):
        if number not in without:
            leaving.setdefault(arc.source, []).append(number)
    came: dict[Key, int | None] = dict.fromkeys(graph.starts)
    waiting = deque(graph.starts)
    while waiting:
        node = waiting.popleft()
        if is_exposure(node) and node[1] == goal:
            return _back(graph, came, node)
        for number in leaving.get(node, ()):
            target = graph.arcs[number].target
            if target not in came:
                came[target] = number
                waiting.append(target)
    return None


def _back(graph: ExposureGraph, came: Mapping[Key, int | None], node: Key) -> list[int]:
    found = []
    number = came[node]
    while number is not None:
        found.append(number)
        number = came[graph.arcs[number].source]
    return found


def _drops(graph: ExposureGraph, goal: str, places: Reaches, needed: Set[Place]) -> tuple[float, dict[Place, float]]:
    """How likely ``goal`` falls, and by how much less without each place, all in the same worlds."""
    taken_away = [Action("sever", name, reach=tuple(sorted(reach))) for (_, name), reach in places.items()]
    worlds = FixedWorlds(graph, taken_away, {goal: 1.0}, Worlds(SAMPLES))
    before = worlds.loss(frozenset()).loss
    most = worlds.most_saved(frozenset())
    drops = {}
    for number, place in enumerate(places):
        if place in needed:
            drops[place] = before
        elif number in most:
            drops[place] = before - worlds.loss(frozenset({number})).loss
    return before, drops
