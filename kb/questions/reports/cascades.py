"""The part of a report that follows compromise through one system: rankings, chains, choke points and a plan.

Each figure is that of the question named under ``command``, which gives it again.
"""

from collections.abc import Callable, Sequence
from functools import partial
from shlex import join, quote
from typing import Any, TypeVar

from kb.engines.protocol import Engine
from kb.errors import UsageError
from kb.questions.answer import Answer
from kb.questions.blast_ranking import blast_ranking
from kb.questions.cascade import cascade
from kb.questions.choke_points import choke_points
from kb.questions.kernels.exposure_graph import OUTSIDE
from kb.questions.plan import plan
from kb.questions.reports.chains import costliest, expected_loss
from kb.questions.reports.ranking import ranking_of

Row = dict[str, Any]
Found = TypeVar("Found")

CHAINS = 5
"""Chains from strangers that a report shows, those that cost most."""
STARTS = 3
"""Agents whose own fall a report follows, those that take most along."""
CHAINS_EACH = 3
"""Chains that it shows of each of them."""
CHOKE_POINTS = 10


PARTS = 5
"""How often :func:`system_part` says what it asks next."""


def system_part(
    engine: Engine, system: str, agents: Sequence[str], *, whole: bool, budget: int, tell: Callable[[str], None]
) -> Row:
    """All that a report says of ``agents`` in ``system``; ``whole`` where they are all its members.

    ``tell`` hears what is asked next.
    """
    tell(f"cascades in {system}")
    strangers = cascade(engine, OUTSIDE, system=system)
    tell(f"ranking of {system}")
    ranked = blast_ranking(engine, system=system) if whole else None
    tell(f"worst agents of {system}")
    followed, remarks = _followed(engine, system, agents, ranked)
    ranking = ranking_of(engine, system, agents, strangers, followed, ranked)
    falls = [followed[row["agent"]] for row in ranking["rows"] if row["agent"] in followed and row["blast_radius"]][:STARTS]
    first = strangers if strangers["reached"] else next(iter(falls), strangers)
    start = first["start"]["agent"] if first["reached"] else None
    hit = [row for row in first["reached"] if row["agent"] in agents]
    answers = [strangers, *falls]
    tell(f"choke points of {system}")
    choke = _choke_points(engine, system, start, costliest(hit, 1))
    tell(f"plan for {system}")
    planned = _plan(engine, system, start, () if whole else tuple(agents), budget)
    silent = [] if strangers["reached"] else [f"{system}: strangers reach nobody: no member is an entry that can fall"]
    return {
        "system": system,
        "name": _name(engine, system),
        "agents": list(agents),
        "ranking": ranking,
        "from_outside": _from_outside(strangers, agents, system),
        "from_agents": [_from_agent(answer, system) for answer in falls],
        "choke_points": choke,
        "plan": planned,
        "remarks": [*silent, *remarks],
        "assumptions": list(dict.fromkeys(said for answer in answers for said in answer["assumptions"])),
        "truncated_by": next((answer["truncated_by"] for answer in answers if not answer["complete"]), None),
    }


def _followed(engine: Engine, system: str, agents: Sequence[str], ranked: Answer | None) -> tuple[dict[str, Row], list[str]]:
    """The cascades of the agents that take most along, or of all that were named; and why some have none."""
    named = agents if ranked is None else [row["agent"] for row in ranked.rows if row["blast_radius"]][:STARTS]
    found, remarks = {}, [] if ranked is None else [remark for remark in ranked.remarks if " faces no threat" in remark]
    for agent in named:
        answer, why = tried(partial(cascade, engine, agent, system=system))
        if answer:
            found[agent] = answer
        remarks += [why] if why else []
    return found, remarks


def _name(engine: Engine, system: str) -> str | None:
    (node,) = engine.nodes("System", [system])
    name = node.properties.get("name")
    return name if isinstance(name, str) else None


def _from_outside(strangers: Row, agents: Sequence[str], system: str) -> Row | None:
    """The chains by which strangers cost most; ``None`` where they reach none of ``agents``."""
    hit = [row for row in strangers["reached"] if row["agent"] in agents]
    if not hit:
        return None
    return {
        "command": f"kb cascade outside --system {quote(system)}",
        **_how(strangers),
        "reached": len(hit),
        "chains": costliest(hit, CHAINS),
    }


def _from_agent(answer: Row, system: str) -> Row:
    start = answer["start"]
    return {
        "agent": start["agent"],
        "threats": start["threats"],
        "command": f"kb cascade {quote(start['agent'])} --system {quote(system)}",
        **_how(answer),
        "blast_radius": answer["blast_radius"],
        "reached": len(answer["reached"]),
        "chains": costliest(answer["reached"], CHAINS_EACH),
    }


def _how(answer: Row) -> Row:
    return {name: answer[name] for name in ("method", "samples", "seed", "truncated_by")}


def _choke_points(engine: Engine, system: str, start: str | None, goals: Sequence[Row]) -> Row:
    """What compromise has to pass, or mostly passes, on its way to the agent whose fall costs most."""
    if start is None or not goals:
        return {"why": "nobody falls to strangers or with an agent, so that there is no way to choke", "rows": []}
    goal = goals[0]["agent"]
    found = choke_points(engine, hit=goal, fallen=start, system=system)
    fallen = [] if start == OUTSIDE else ["--from", start]
    return {
        "why": None,
        "from": start,
        "to": goal,
        "rows": [dict(row) for row in found.rows[:CHOKE_POINTS]],
        "total": len(found.rows),
        "remarks": list(found.remarks),
        "command": join(["kb", "ask", "choke-points", "--to", goal, *fallen, "--system", system]),
    }


def _plan(engine: Engine, system: str, start: str | None, protect: Sequence[str], budget: int) -> Row:
    """The plan of ``kb plan``, with how likely each agent falls before and after it, in the same worlds."""
    if start is None:
        return {"why": "nothing can start: no member is an entry that can fall, and none takes another along"}
    kept = [agent for agent in protect if agent != start]
    if protect and not kept:
        return {"why": f"{start} alone is in scope, and falls first: there is nothing left to protect"}
    found, why = tried(lambda: plan(engine, budget, protect=kept, fallen=start, system=system))
    if found is None:
        return {"why": why}
    protected = [word for agent in kept for word in ("--protect", agent)]
    fallen = [] if start == OUTSIDE else ["--from", start]
    names = (
        *("from", "protected", "budget", "before", "after", "bound", "optimal", "steps", "separation", "considered"),
        *("method", "samples", "seed", "truncated_by", "assumptions"),
    )
    return {
        "why": None,
        **{name: found[name] for name in names},
        "residual": _residual(engine, system, found),
        "command": join(["kb", "plan", "--budget", str(budget), *protected, *fallen, "--system", system]),
    }


def _residual(engine: Engine, system: str, found: Row) -> Row | None:
    """How likely each agent that counts falls ``before`` and ``after`` the plan, by loss before it; ``None`` without a step.

    Sampled in the worlds of the plan, where that was sampled.
    """
    steps = found["steps"]
    if not steps:
        return None
    given = [f"{step['alternatives'][0]}@{step['agent']}" for step in steps if step["action"] == "control"]
    sever = [f"{step['agent']}:{step['trusted']}" for step in steps if step["action"] == "sever"]
    how = {name: found[name] for name in ("method", "samples", "seed")} if found["samples"] else {"method": "auto"}
    answer = cascade(engine, found["from"], system=system, given=given, sever=sever, **how)
    said = {relation.source: relation.properties.get("criticality") for relation in engine.edges("MEMBER_OF", target=[system])}
    rows = [
        {"agent": row["agent"], "criticality": said.get(row["agent"]), "before": row["before"], "after": row["after"]}
        for row in answer["what_if"]["changes"]
        if not found["protected"] or row["agent"] in found["protected"]
    ]
    asked = [word for one in given for word in ("--given", one)] + [word for one in sever for word in ("--sever", one)]
    asked += [word for name, value in how.items() for word in (f"--{name}", str(value))] if found["samples"] else []
    return {
        "rows": sorted(rows, key=lambda row: (-expected_loss(row | {"probability": row["before"]}), row["agent"])),
        **_how(answer),
        "command": join(["kb", "cascade", found["from"], "--system", system, *asked]),
    }


def tried(ask: Callable[[], Found]) -> tuple[Found | None, str | None]:
    """What ``ask`` gives, or why it cannot be asked."""
    try:
        return ask(), None
    except UsageError as error:
        return None, str(error)
