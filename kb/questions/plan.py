"""``plan``: the few controls and severed relations of trust that lower the expected loss most."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.questions.cascade import FLOOR, deployed
from kb.questions.kernels.exact import PATIENT, Budget, TooManyStates
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import OUTSIDE, ExposureGraph, exposure
from kb.questions.kernels.said import assumptions
from kb.questions.kernels.worlds import Worlds
from kb.questions.naming import resolve
from kb.questions.plans.actions import Action, actions, counted, weights
from kb.questions.plans.exact import LOOKS, STATES, ExactLosses
from kb.questions.plans.search import Plan, search
from kb.questions.plans.separation import separation
from kb.questions.plans.worlds import FixedWorlds, Loss
from kb.questions.watch import Watch

ENTRIES = "entries"
"""Where strangers come in; what a plan starts from unless it is told an agent."""
SAMPLES = 8_192
"""Worlds that plans are compared in; fewer than a cascade asks, as each set of actions asks all of them."""
PLAN_METHODS = ("auto", "exact", "monte-carlo")
Row = dict[str, Any]

_SAID = (
    "what a control or severed trust costs, or breaks, is not modelled; each control at each agent holds or not by itself",
    "considered are OWASP playbook steps, AIDEFEND techniques, and sub-techniques where no technique helps as much, as far as "
    "they prevent something and an integrator can deploy them (app, data, infra); not controls that only prove who speaks, nor "
    "ATLAS mitigations, which state no tactic",
    "what strangers send and what lies in resources cannot be severed",
)


def plan(
    engine: Engine,
    budget: int,
    *,
    protect: Sequence[str] = (),
    fallen: str = ENTRIES,
    system: str | None = None,
    sever: bool = True,
    floor: float = FLOOR,
    samples: int = SAMPLES,
    seed: int = 0,
    max_hops: int | None = None,
    method: str = "auto",
    watch: Watch | None = None,
) -> Row:
    """At most ``budget`` actions that leave the least Σ P × criticality over ``protect``, or all but the start.

    ``fallen`` is an agent, wholly taken, or ``entries``: strangers at the entries of the system. Without ``sever`` only
    controls are considered. ``bound`` is a loss that no set of so many of the considered actions goes below, in the sampled
    worlds where losses are counted there: proven in :mod:`~kb.questions.plans.exact` and :mod:`~kb.questions.plans.worlds`;
    where ``optimal`` is true it is that of the plan itself.
    ``watch`` hears for how many actions the best are known, and may have the best plan so far.
    Raises :class:`~kb.errors.UsageError` where nothing can start or nothing is left to protect.
    """
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    if budget < 0:
        raise UsageError(f"budget is {budget}, expected 0 or more")
    worlds = Worlds(samples, seed)
    if method not in PLAN_METHODS:
        raise UsageError(f"method is {method!r}, expected {', '.join(PLAN_METHODS)}")
    if not 0.0 <= floor < 1.0:
        raise UsageError(f"floor is {floor:g}, expected 0 or more and less than 1")
    home = system and resolve(engine, system, ("System",))[1]
    start = OUTSIDE if fallen in (ENTRIES, OUTSIDE) else deployed(engine, fallen, home)
    chosen = sorted({deployed(engine, agent, home) for agent in protect})
    if start in chosen:
        raise UsageError(f"{start!r} is where it starts, and cannot be protected", hint="name another --from, or --protect")
    expansion = expanded(engine, start, Wanted(floor, home, max_hops=max_hops))
    losable = [agent for agent in chosen or expansion.graph.agents() if agent != start]
    counting = weights(expansion, (agent for agent in losable if agent in expansion.graph.agents()))
    considered = actions(expansion, counting, sever=sever)
    how, found = _searched(expansion.graph, considered, counting, worlds, budget, method, watch)
    cut = [f"floor {floor:g}: {expansion.graph.cut} places not followed"] if expansion.graph.cut else []
    cut += ["interrupted before the best plan was found"] if watch and watch.stopped and not found.optimal else []
    pairs = separation(expansion.graph, counting)
    said = assumptions(expansion, start, start != OUTSIDE, how)
    return {
        "budget": budget,
        "from": start,
        "protected": chosen,
        "before": _loss(found.losses[0]),
        "after": _loss(found.losses[-1]),
        "bound": found.bound,
        "optimal": found.optimal,
        "steps": _steps(expansion, considered, found),
        "separation": None if pairs is None else [{"agent": truster, "trusted": trusted} for truster, trusted in pairs],
        "considered": len(considered),
        "method": how,
        "samples": None if how == "exact" else samples,
        "seed": None if how == "exact" else seed,
        "max_hops": max_hops,
        "complete": not cut,
        "truncated_by": "; ".join(cut) or None,
        "assumptions": [*said, *_SAID],
        "base": engine.base.fingerprint,
        "schema_version": engine.base.schema_version,
    }


def _searched(
    graph: ExposureGraph,
    considered: Sequence[Action],
    counting: Mapping[str, float],
    worlds: Worlds,
    budget: int,
    method: str,
    watch: Watch | None,
) -> tuple[str, Plan]:
    """The method that fits and what it finds: exact where that is quick, or wanted."""
    if method != "monte-carlo":
        try:
            if method == "auto":  # what is lost now tells what all that has to be tried will take
                share = LOOKS // (3 * len(considered) + 1)
                ExactLosses(graph, considered, counting, Budget(STATES, share)).loss(frozenset())
            allowed = Budget(STATES, LOOKS if method == "auto" else PATIENT)
            return "exact", search(ExactLosses(graph, considered, counting, allowed), budget, watch=watch)
        except TooManyStates:
            if method == "exact":
                hint = "use --method monte-carlo (or auto), or narrow the question with --system, --protect or a higher --floor"
                raise UsageError("the exact plan takes more than about half a minute of work, the limit", hint=hint) from None
    return "monte-carlo", search(FixedWorlds(graph, considered, counting, worlds), budget, watch=watch)


def expanded(engine: Engine, start: str, wanted: Wanted) -> Expansion:
    """What follows where ``start`` is wholly taken, or strangers write; :class:`~kb.errors.UsageError` where nothing can."""
    if start != OUTSIDE:
        reader = Expansion(engine, wanted)
        reader.read([start])
        threats = sorted(reader.members[start].faced)
        if not threats:
            raise UsageError(f"{start!r} faces no threat, so that nothing can start there", hint="name another --from")
        return build(engine, [exposure(start, threat) for threat in threats], wanted)
    expansion = build(engine, [exposure(OUTSIDE, OUTSIDE)], wanted)
    if not any(member.entries for member in expansion.members.values()):
        raise UsageError("no agent is an entry, so that strangers reach nobody", hint="say where it starts: --from AGENT")
    return expansion


def _loss(loss: Loss) -> Row:
    return {"loss": loss.loss, "low": loss.low, "high": loss.high}


def _steps(expansion: Expansion, considered: Sequence[Action], found: Plan) -> list[Row]:
    rows = []
    for number, loss in zip(found.taken, found.losses[1:], strict=True):
        action = considered[number]
        only = action.alternatives[0] if len(action.alternatives) == 1 else None
        rows.append(
            {
                "action": action.kind,
                "control": only,
                "agent": action.agent,
                "trusted": action.trusted or None,
                "alternatives": list(action.alternatives),
                "effectiveness": action.holds if action.kind == "control" else None,
                "counters": counted(action, expansion.graph.arcs) if action.kind == "control" else [],
                "loss_after": loss.loss,
            }
        )
    return rows
