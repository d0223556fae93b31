"""score_ranking, unscored, claims_check."""

from kb.model.aivss import FACTOR_NAMES, VERSIONS
from oracle.graph import Graph, chosen


def score_ranking(graph: Graph, *, severity=None):
    bands = chosen(severity, ["any"], ["None", "Low", "Medium", "High", "Critical", None])
    agents = [node for node in graph.nodes if node.kind == "Agent" and node.properties.get("aivss") is not None]
    agents.sort(key=lambda node: (-node.properties["aivss"], node.id))
    figures = ("name", "aivss", "severity", "factor_sum", "cvss_base", "aivss_version")
    return [
        {"agent": node.id}
        | {name: node.properties.get(name) for name in figures}
        | {"aivss_version": node.properties.get("aivss_version", "0.8"), "version_given": "aivss_version" in node.properties}
        | {"flags": list(node.properties.get("flags") or ())}
        for node in agents
        if node.properties.get("severity") in bands
    ]


def unscored(graph: Graph):
    rows = []
    for agent in graph.ids("Agent"):
        known = graph.properties("Agent", agent)
        if known.get("aivss") is None:
            row = {"agent": agent, "name": known.get("name"), "form": known["form"], "factor_sum": known.get("factor_sum")}
            rows.append({**row, "missing": missing(graph, agent)})
    return rows


def missing(graph: Graph, agent: str) -> list[str]:
    known = graph.properties("Agent", agent)
    scored = {
        relation.target.removeprefix("aivss:")
        for relation in graph.all("HAS_CAPABILITY")
        if relation.source == agent and relation.target.startswith("aivss:") and "score" in relation.properties
    }
    version = known.get("aivss_version") or "0.8"
    figures = ["cvss_base", "threat_multiplier"] + (["mitigation_factor"] if version == "0.8" else [])
    pages = "goal_driven_planning" in scored and "natural_language_interface" not in scored
    factors = FACTOR_NAMES if pages else VERSIONS[version].factors
    return [name for name in figures if name not in known] + [name for name in factors if name not in scored]


def claims_check(graph: Graph, *, agent=None):
    documents = [node for node in graph.nodes if node.kind == "Assessment" and node.properties.get("claims") == "differ"]
    rows = [
        {
            "assessment": node.id,
            "agent": node.properties["subject"],
            "name": node.properties.get("name"),
            "series": node.properties["series"],
            "url": node.properties.get("url"),
            "faults": list(node.properties.get("claim_faults") or ()),
        }
        for node in documents
        if node.properties.get("in_force") is not False and agent in (None, node.properties["subject"])
    ]
    return sorted(rows, key=lambda row: (row["agent"], row["assessment"]))
