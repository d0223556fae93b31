"""``cascade``: if this agent falls, who falls next, along which chain, and how likely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.engines.protocol import Engine
from kb.errors import FacesNothingError, StoreError, UnknownNodeError, UsageError
from kb.questions.kernels.chain import best_chains
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import OUTSIDE, ExposureGraph, Key, exposure
from kb.questions.kernels.likelihood import METHODS, Estimate, Goal, estimate
from kb.questions.kernels.rows import Row, chain_row, further_ways
from kb.questions.kernels.said import assumptions
from kb.questions.kernels.tables import HARM
from kb.questions.kernels.worlds import SAMPLES, Worlds
from kb.questions.naming import resolve, resolve_member
from kb.questions.watch import Watch

FLOOR = 0.001
"""Chains less likely than this are not followed."""
_WORLDS = Worlds()


@dataclass(frozen=True, slots=True)
class Asked:
    """A cascade with every parameter resolved."""

    starts: tuple[Key, ...]
    agent: str
    threats: tuple[str, ...]
    wanted: Wanted
    method: str
    worlds: Worlds
    within: tuple[str, ...]
    watch: Watch = field(default_factory=Watch)


def cascade(
    engine: Engine,
    agent: str,
    *,
    threat: Sequence[str] = (),
    system: str | None = None,
    floor: float = FLOOR,
    method: str = "auto",
    samples: int = SAMPLES,
    seed: int = 0,
    given: Sequence[str] = (),
    sever: Sequence[str] = (),
    assume: Sequence[str] = (),
    max_hops: int | None = None,
    watch: Watch | None = None,
) -> Row:
    """Who falls when ``agent`` (a deployed agent, or ``outside``) does; keys in the documented order.

    Without ``threat`` it falls to everything that it faces. ``given`` (``MITIGATION@AGENT``) and ``sever``
    (``TRUSTER:TRUSTED``) are what-ifs, answered in the same worlds beside what holds. ``assume`` has threats that the agent
    is taken to face. ``max_hops`` counts only ways of at most so many trusts, that in strangers among them. Raises
    :class:`~kb.errors.UsageError` for an agent that faces nothing, a threat that it does not face, and a product, which others
    trust only where it is deployed. Sampled worlds tell ``watch`` how many have been asked, and are as many as it waits for.
    """
    asked = asked_for(engine, agent, threat, system, floor, method, Worlds(samples, seed), assume, max_hops)
    asked = replace(asked, watch=watch or Watch())
    what_if = replace(asked.wanted, given=_given(engine, given, system), severed=_severed(engine, sever, system))
    return followed(engine, asked)[0] if what_if == asked.wanted else _what_if(engine, asked, what_if)


def followed(engine: Engine, asked: Asked) -> tuple[Row, Expansion]:
    """The answer, and what it rests on."""
    expansion = build(engine, asked.starts, asked.wanted)
    return _answer(engine, asked, expansion, _found(expansion, asked, asked.method)), expansion


def asked_for(
    engine: Engine,
    agent: str,
    threat: Sequence[str] = (),
    system: str | None = None,
    floor: float = FLOOR,
    method: str = "auto",
    worlds: Worlds = _WORLDS,
    assume: Sequence[str] = (),
    max_hops: int | None = None,
) -> Asked:
    """What :func:`cascade` asks for, with every parameter resolved; raises what it raises."""
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    if method not in METHODS:
        raise UsageError(f"method is {method!r}, expected {', '.join(METHODS)}")
    if not 0.0 <= floor < 1.0:
        raise UsageError(f"floor is {floor:g}, expected 0 or more and less than 1")
    home = system and resolve(engine, system, ("System",))[1]
    taken = tuple(sorted(resolve(engine, text, ("Threat",))[1] for text in assume))
    if agent == OUTSIDE:
        wanted = Wanted(floor, home, max_hops=max_hops)
        return Asked((exposure(OUTSIDE, OUTSIDE),), OUTSIDE, (), wanted, method, worlds, (home,) if home else ())
    start = deployed(engine, agent, home)
    wanted = Wanted(floor, home, assumed={start: taken} if taken else {}, max_hops=max_hops)
    threats, systems = _start_threats(engine, start, [resolve(engine, text, ("Threat",))[1] for text in threat], wanted)
    starts = tuple(exposure(start, one) for one in threats)
    return Asked(starts, start, threats, wanted, method, worlds, (home,) if home else systems)


def _start_threats(
    engine: Engine, agent: str, threats: Sequence[str], wanted: Wanted
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The threats that the start falls to, and the systems that it belongs to."""
    expansion = Expansion(engine, wanted)
    expansion.read([agent])
    member = expansion.members[agent]
    for threat in threats:
        if threat not in member.faced:
            raise UsageError(f"{agent!r} does not face {threat!r}", hint=f"take it to: --assume {threat}")
    if not member.faced:
        raise FacesNothingError(
            f"{agent!r} faces no threat, so that nothing can start there", hint="take it to: --assume ID, e.g. T12"
        )
    return tuple(sorted(set(threats) or member.faced)), member.systems


def deployed(engine: Engine, text: str, system: str | None) -> str:
    """The id of the deployed agent that ``text`` names; raises :class:`~kb.errors.UsageError` for a product."""
    home = system and resolve(engine, system, ("System",))[1]
    agent = resolve_member(engine, text, home)
    (node,) = engine.nodes("Agent", [agent])
    if node.properties["form"] == "deployed":
        return agent
    deployments = sorted({relation.source for relation in engine.edges("BASED_ON", target=[agent])})
    hint = (
        f"it is deployed as {', '.join(deployments)}" if deployments else "no system deploys it: load a kind: system document"
    )
    raise UsageError(f"{agent!r} is a product, and what others trust are deployed agents", hint=hint)


def _given(engine: Engine, given: Sequence[str], system: str | None) -> tuple[tuple[str, str], ...]:
    found = []
    for text in given:
        mitigation, at, agent = text.partition("@")
        if not at:
            raise UsageError(f"--given {text!r} is no MITIGATION@AGENT", hint="for example --given owasp:P1.1@planner")
        found.append((resolve(engine, mitigation, ("Mitigation",))[1], deployed(engine, agent, system)))
    return tuple(sorted(found))


def _severed(engine: Engine, sever: Sequence[str], system: str | None) -> frozenset[tuple[str, str]]:
    found = set()
    for text in sever:
        truster, colon, trusted = text.partition(":")
        if not colon:
            raise UsageError(f"--sever {text!r} is no TRUSTER:TRUSTED", hint="for example --sever payments:planner")
        pair = tuple(name if name == OUTSIDE else deployed(engine, name, system) for name in (truster, trusted))
        if pair[1] != OUTSIDE and not any(r.target == pair[1] for r in engine.edges("TRUSTS", source=[pair[0]])):
            raise UnknownNodeError("trust", f"{pair[0]}:{pair[1]}")
        found.add((pair[0], pair[1]))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Found:
    """The estimates of one expansion, and how they were made."""

    method: str
    samples: int | None
    estimates: Mapping[tuple[str, str], Estimate]
    """(agent, threat), (agent, ``falls``) or (agent, ``harmed``) to its probability."""
    blast: Estimate


def _goals(graph: ExposureGraph, start: str) -> list[Goal]:
    goals = []
    for agent in graph.agents():
        if agent == start:
            continue
        nodes = graph.exposures(agent)
        harmful = tuple(node for node in nodes if node[2] in HARM)
        goals.append(Goal((agent, "falls"), tuple(nodes)))
        goals += [Goal((agent, "harmed"), harmful)] if harmful else []
        threats = sorted({node[2] for node in nodes})
        goals += [Goal((agent, threat), tuple(node for node in nodes if node[2] == threat)) for threat in threats]
    return goals


def _found(expansion: Expansion, asked: Asked, method: str) -> Found:
    goals = _goals(expansion.graph, asked.agent)
    weights = {goal.name: _criticality(expansion, goal.name[0]) for goal in goals if goal.name[1] == "falls"}
    return Found(*estimate(expansion.graph, goals, weights, method, asked.worlds, asked.watch))


def _both(now: Expansion, then: Expansion, asked: Asked, method: str) -> tuple[Found, Found]:
    """The estimates of both, in the same worlds even where they were stopped."""
    found = _found(now, asked, method)
    changed = _found(then, _as_many(asked, found) if asked.watch.stopped else asked, method)
    if found.samples and changed.samples and changed.samples < found.samples:
        found = _found(now, _as_many(asked, changed), method)
    return found, changed


def _as_many(asked: Asked, found: Found) -> Asked:
    """The same for as many worlds as ``found`` was estimated in, which nobody stops."""
    return replace(asked, worlds=replace(asked.worlds, samples=found.samples or SAMPLES), watch=Watch())


def _criticality(expansion: Expansion, agent: str) -> float:
    given = expansion.members[agent].criticality
    return 1.0 if given is None else given


def _rows(expansion: Expansion, asked: Asked, found: Found) -> list[Row]:
    graph, chains = expansion.graph, best_chains(expansion.graph)
    ways = further_ways(graph)
    rows = []
    for agent in graph.agents():
        if agent == asked.agent:
            continue
        falls = found.estimates[agent, "falls"]
        harmed = found.estimates.get((agent, "harmed"))
        threats: list[Row] = [
            {"threat": threat, "probability": found.estimates[agent, threat].value}
            for threat in sorted({node[2] for node in graph.exposures(agent)})
        ]
        best = max((chains[node] for node in graph.exposures(agent)), key=lambda chain: (chain.probability, -len(chain.arcs)))
        rows.append(
            {
                "agent": agent,
                "probability": falls.value,
                "low": falls.low,
                "high": falls.high,
                "harmed": harmed.value if harmed else 0.0,
                "criticality": expansion.members[agent].criticality,
                "threats": sorted(threats, key=lambda row: (-row["probability"], row["threat"])),
                **chain_row(expansion, best),
                "further_ways": max(0, ways.get(agent, 0) - 1),
            }
        )
    return sorted(rows, key=lambda row: (-row["probability"], row["agent"]))


def _answer(engine: Engine, asked: Asked, expansion: Expansion, found: Found) -> Row:
    base, graph = engine.base, expansion.graph
    assert base is not None  # noqa: S101  # asked_for looked
    stopped = found.samples is not None and found.samples < asked.worlds.samples
    cut = [f"floor {asked.wanted.floor:g}: {graph.cut} places not followed"] if graph.cut else []
    cut += [f"interrupted after {found.samples} of {asked.worlds.samples} worlds"] if stopped else []
    return {
        "start": {"agent": asked.agent, "threats": list(asked.threats), "within": list(asked.within)},
        "method": found.method,
        "samples": found.samples,
        "seed": None if found.samples is None else asked.worlds.seed,
        "max_hops": asked.wanted.max_hops,
        "reached": _rows(expansion, asked, found),
        "blast_radius": {"value": found.blast.value, "low": found.blast.low, "high": found.blast.high},
        "complete": not cut,
        "truncated_by": "; ".join(cut) or None,
        "assumptions": assumptions(expansion, asked.agent, bool(asked.threats) and len(asked.threats) > 1, found.method),
        "base": base.fingerprint,
        "schema_version": base.schema_version,
    }


def _what_if(engine: Engine, asked: Asked, wanted: Wanted) -> Row:
    """The answer under ``wanted``, each agent with what it is without, and the one that holds beside it."""
    now, then = build(engine, asked.starts, asked.wanted), build(engine, asked.starts, wanted)
    found, changed = _both(now, then, asked, asked.method)
    if found.method != changed.method:  # only one fitted the exact method: ask both in the same worlds
        found, changed = _both(now, then, asked, "monte-carlo")
    before = {row["agent"]: row for row in _rows(now, asked, found)}
    answer = _answer(engine, replace(asked, wanted=wanted), then, changed)
    after = {row["agent"]: row for row in answer["reached"]}
    gone = [agent for agent in before if agent not in after]
    moved = [
        (
            after[agent]["probability"] if agent in after else 0.0,
            before[agent]["probability"] if agent in before else 0.0,
            agent,
        )
        for agent in (*after, *gone)
    ]
    changes = [
        {"agent": agent, "before": was, "after": is_now}
        for is_now, was, agent in sorted(moved, key=lambda m: (m[0] - m[1], m[2]))
    ]
    what_if = {
        "given": [f"{mitigation}@{agent}" for mitigation, agent in wanted.given],
        "severed": [f"{truster}:{trusted}" for truster, trusted in sorted(wanted.severed)],
        "blast_radius_before": found.blast.value,
        "changes": changes,
    }
    own = ("start", "method", "samples", "seed", "max_hops", "reached", "blast_radius")
    return {name: answer[name] for name in own} | {"what_if": what_if} | {k: v for k, v in answer.items() if k not in own}
