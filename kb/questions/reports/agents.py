"""The agents of a report: their scores and why some have none, their layers, and the threats that they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.engines.protocol import Engine
from kb.model.aivss import DEFAULT_VERSION
from kb.questions.agent_profile import agent_profile
from kb.questions.layer_heatmap import layer_heatmap
from kb.questions.reports.scope import Scope
from kb.questions.shared_threats import shared_threats

Row = dict[str, Any]
_FIGURES = ("cvss_base", "threat_multiplier", "mitigation_factor")
Profiles = Mapping[str, Row]
"""Agent id to all that ``kb show`` says of it."""


def profiles_of(engine: Engine, scope: Scope) -> Profiles:
    """The profile of every agent of ``scope``, in its order."""
    return {agent: agent_profile(engine, node)[0] for agent, node in scope.agents.items()}


def agent_rows(engine: Engine, scope: Scope, profiles: Profiles) -> list[Row]:
    """One row for each agent: who it is, its score with what it rests on, or what a score lacks; by id."""
    membership = {
        (relation.source, relation.target): relation.properties
        for relation in engine.edges("MEMBER_OF", source=list(scope.agents))
    }
    homes = {agent: system for system, agents in scope.homes.items() for agent in agents}
    rows = []
    for agent, profile in profiles.items():
        said = membership.get((agent, homes.get(agent, "")), {})
        scores = profile["scores"]
        rows.append(
            {
                "agent": agent,
                "name": profile["name"],
                "form": profile["form"],
                "system": homes.get(agent),
                "based_on": next((row["id"] for row in profile["based_on"]), None),
                "deployed_as": list(scope.deployments.get(agent, ())),
                "role": said.get("role"),
                "entries": list(_texts(said.get("entries"))),
                "criticality": said.get("criticality"),
                "aivss": scores["aivss"],
                "severity": scores["severity"],
                "aivss_version": scores["version"] or DEFAULT_VERSION,
                "version_given": scores["version"] is not None,
                "factor_sum": scores["factor_sum"],
                "cvss_base": scores["cvss_base"],
                "flags": scores["flags"],
                "missing": _missing(scores),
                "claims": scores["claims"],
                "threats": len(_faced(profile)),
                "documents": [row["id"] for row in profile["assessments"]],
            }
        )
    return rows


def _missing(scores: Row) -> list[str]:
    """The inputs that a score lacks, figures first; none where there is a score."""
    if scores["aivss"] is not None:
        return []
    # v0.5 has no mitigation factor
    figures = _FIGURES[:2] if scores["version"] == "0.5" else _FIGURES
    factors = [name for name, score in scores["factors"].items() if score is None]
    return [name for name in figures if scores[name] is None] + factors


def heat_rows(engine: Engine, scope: Scope) -> tuple[list[Row], list[str]]:
    """The cells of ``kb ask layer-heatmap`` of the agents in scope, by agent, then layer; and its remarks."""
    rows: list[Row] = []
    remarks: list[str] = []
    for system, agents in scope.parts:
        found = layer_heatmap(engine, system=system)
        rows += [_without_via(row) for row in found.rows if row["agent"] in agents]
        remarks += found.remarks if _whole(scope, system) else ()
    return sorted(rows, key=lambda row: (row["agent"], row["layer"] or "")), remarks


def sharing(engine: Engine, scope: Scope) -> tuple[list[Row], list[str]]:
    """Every threat that an agent of the scope faces by a text or a declaration, with those agents; and remarks.

    Rows are ``threat``, ``name``, ``agents`` and, where documents differ about some, ``disputed``; by number of agents
    descending, then threat.
    """
    rows: dict[str, Row] = {}
    remarks: list[str] = []
    for system, agents in scope.parts:
        found = shared_threats(engine, min_agents=1, system=system)
        remarks += found.remarks if _whole(scope, system) else ()
        for row in found.rows:
            _join(rows, row, agents)
    ordered = sorted(rows.values(), key=lambda row: (-len(row["agents"]), row["threat"]))
    return [{**row, "agents": sorted(row["agents"])} for row in ordered], remarks


def _join(rows: dict[str, Row], row: Row, agents: Sequence[str]) -> None:
    """Add those of ``agents`` that ``row`` of one part names to the row of its threat."""
    here = [agent for agent in row["agents"] if agent in agents]
    if not here:
        return
    known = rows.setdefault(row["threat"], {"threat": row["threat"], "name": row["name"], "agents": [], "disputed": []})
    known["agents"] += here
    known["disputed"] += [agent for agent in row.get("disputed", ()) if agent in agents]


def _whole(scope: Scope, system: str | None) -> bool:
    """Whether what a question remarks of ``system`` is about the scope, and not about others, too."""
    return scope.system is not None and scope.system == system


def _faced(profile: Row) -> set[str]:
    """The threats that documents state or declare of an agent."""
    return {row["id"] for row in profile["threats"] if row["origin"] != "inferred" and row["polarity"] != "denied"}


def _without_via(row: Row) -> Row:
    return {name: row[name] for name in ("agent", "name", "layer", "count", "certainty")}


def _texts(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
