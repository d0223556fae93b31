"""``report``: everything that somebody who reviews a threat model expects, gathered from the other questions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from kb import __version__
from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.questions.facing import inheritance
from kb.questions.reports.agents import agent_rows, heat_rows, profiles_of, sharing
from kb.questions.reports.cascades import PARTS, system_part
from kb.questions.reports.coverage import coverage_of
from kb.questions.reports.evidence import evidence_of
from kb.questions.reports.findings import RULE, findings_of, recommendation_of
from kb.questions.reports.scope import Scope, scope_of
from kb.questions.reports.sources import catalog_of, documents_of
from kb.questions.reports.unknowns import unknowns_of
from kb.questions.today import today
from kb.questions.watch import Watch

Row = dict[str, Any]
BUDGET = 3
"""Actions that the plan of a report may have, unless it is told another number."""


def report(
    engine: Engine,
    *,
    system: str | None = None,
    agents: Sequence[str] = (),
    budget: int = BUDGET,
    day: str | None = None,
    watch: Watch | None = None,
) -> Row:
    """The report on a system, on some agents and products, or on the only system there is; keys in the documented order.

    ``day`` (ISO 8601) is what it is dated, else :func:`today`; all else follows from the base and the question alone.
    ``watch`` hears what is asked. Raises :class:`~kb.errors.UsageError` where several systems could be meant.
    """
    base = engine.base
    if base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    if budget < 0:
        raise UsageError(f"budget is {budget}, expected 0 or more")
    scope = scope_of(engine, system, agents)
    told = [] if budget == BUDGET else ["--budget", str(budget)]
    found: Row = {
        "title": f"Threat report: {_subject(engine, scope)}",
        "date": day or today(),
        "scope": {"system": scope.system, "agents": list(scope.agents)},
        "command": " ".join(["kb", "report", *scope.words, *told]),
        **_gathered(engine, scope, budget, watch or Watch()),
        "complete": True,
        "truncated_by": None,
        "made_with": f"agent-threat-kb {__version__}",
        "base": base.fingerprint,
        "schema_version": base.schema_version,
    }
    return _headed(found)


def _subject(engine: Engine, scope: Scope) -> str:
    if scope.system is not None:
        (node,) = engine.nodes("System", [scope.system])
        return str(node.properties.get("name") or scope.system)
    named = [str(node.properties.get("name") or agent) for agent, node in scope.agents.items()]
    return ", ".join(named) if len(named) <= 3 else f"{', '.join(named[:2])} and {len(named) - 2} more"


def _gathered(engine: Engine, scope: Scope, budget: int, watch: Watch) -> Row:
    profiles = profiles_of(engine, scope)
    agents = agent_rows(engine, scope, profiles)
    heat, cut = heat_rows(engine, scope)
    shared, left_out = sharing(engine, scope)
    coverage = coverage_of(profiles, shared)
    documents = documents_of(engine, scope, profiles)
    whole = scope.system is not None
    asked, all_parts = count(), PARTS * len(scope.homes)

    def tell(what: str) -> None:
        watch.tell(next(asked), all_parts, what)

    parts = [system_part(engine, home, some, whole=whole, budget=budget, tell=tell) for home, some in scope.homes.items()]
    told = {
        "agents": agents,
        "layers": heat,
        "shared_threats": [row for row in shared if len(row["agents"]) > 1],
        "systems": parts,
        "not_followed": _not_followed(agents),
        "coverage": coverage,
        "assumptions": _assumed(scope, coverage, parts),
        "unknowns": unknowns_of(agents, profiles, shared, documents, parts, _left_out(left_out, cut)),
        "evidence": evidence_of(profiles),
        "sources": {"documents": documents, "catalog": catalog_of(engine)},
    }
    return told | {"names": _names(engine, scope, told)}


def _assumed(scope: Scope, coverage: Row, parts: Sequence[Row]) -> list[Row]:
    """All that was taken for granted, taken out of the parts: ``of`` what, and the ``texts``, each once."""
    assumed = {"coverage": coverage.pop("assumptions"), "what members have": inheritance(next(iter(scope.homes), None))}
    for part in parts:
        cascades = part.pop("assumptions")
        planned = part["plan"].pop("assumptions", [])
        assumed[f"cascades in {part['system']}"] = cascades
        assumed[f"plan for {part['system']}"] = [text for text in planned if text not in cascades]
    return [{"of": of, "texts": list(texts)} for of, texts in assumed.items() if texts]


def _left_out(shared: Sequence[str], layers: Sequence[str]) -> list[str]:
    """What the two questions remark on that count only what documents state or declare."""
    remarks = [f"of shared threats: {remark}" for remark in shared] + [f"of layers: {remark}" for remark in layers]
    return [f"{remark} (counted is what documents state or declare)" for remark in remarks]


def _names(engine: Engine, scope: Scope, told: Row) -> dict[str, str]:
    """Id to name of every agent, threat and control that ``told`` speaks of, as far as they have one; by id."""
    ids = set(_texts(told))
    members = {relation.source for relation in engine.edges("MEMBER_OF", target=list(scope.homes))} if scope.homes else set()
    known = [catalog().node(kind, node_id) for kind in ("Threat", "Mitigation") for node_id in ids & catalog().ids(kind)]
    agents = members | scope.agents.keys() | {row["agent"] for row in told["evidence"]}
    nodes = [node for node in (*engine.nodes("Agent", sorted(agents)), *known) if node]
    found = {node.id: node.properties.get("name") for node in nodes}
    return {node_id: name for node_id, name in sorted(found.items()) if isinstance(name, str)}


def _texts(value: Any) -> Iterator[str]:
    """Every text in ``value``, a JSON-like object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _not_followed(agents: Sequence[Row]) -> list[Row]:
    """The agents from which no cascade was followed as nobody trusts them, with their deployments, whom others may trust."""
    return [
        {"agent": row["agent"], "name": row["name"], "deployed_as": row["deployed_as"]}
        for row in agents
        if row["system"] is None
    ]


def _headed(found: Row) -> Row:
    """``found`` with its summary behind the command, and with what limits cut."""
    cut = [limit for part in found["systems"] for limit in _limits(part)]
    summary = {"rule": RULE, "findings": findings_of(found), "recommendation": recommendation_of(found)}
    head = {name: found[name] for name in ("title", "date", "scope", "command")} | {"summary": summary}
    told = found | {"complete": not cut, "truncated_by": "; ".join(dict.fromkeys(cut)) or None}
    return head | {name: value for name, value in told.items() if name not in head}


def _limits(part: Row) -> list[str]:
    """What cut the answers about one system."""
    limits = (part["truncated_by"], part["plan"].get("truncated_by"))
    return [f"{part['system']}: {limit}" for limit in limits if limit]
