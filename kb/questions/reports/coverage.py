"""Which of the threats that documents name have a control in place where they are faced, and which controls there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.catalog import catalog
from kb.questions.kernels.tables import countered, effectiveness

Row = dict[str, Any]

SAID = (
    "a control counts against a threat where the catalogue says so of the threat itself or, one close mapping away, of an "
    "entry that it maps to: as cascades and plans count, and wider than kb ask coverage, which takes the threat itself",
    "a control is in place whatever share of the agent it covers, but for a share of 0",
)


def coverage_of(profiles: Mapping[str, Row], shared: Sequence[Row]) -> Row:
    """``controls`` in place at the agents of ``profiles``, and the ``threats`` that they face with who is not covered."""
    placed = {agent: _placed(profile) for agent, profile in profiles.items()}
    threats = [_threat(row, placed) for row in shared]
    return {
        "controls": [row for agent in profiles for row in _controls(agent, profiles[agent], shared)],
        "threats": sorted(threats, key=lambda row: (-len(row["uncovered"]), -len(row["agents"]), row["threat"])),
        "assumptions": list(SAID),
    }


def _placed(profile: Row) -> dict[str, float]:
    """Control in place to the greatest share of the agent that a document gives it."""
    found: dict[str, float] = {}
    for row in profile["implements"]:
        share = 1.0 if row["coverage"] is None else row["coverage"]
        found[row["id"]] = max(share, found.get(row["id"], 0.0))
    return {control: share for control, share in found.items() if share > 0}


def _threat(row: Row, placed: Mapping[str, Mapping[str, float]]) -> Row:
    by = {agent: _against(row["threat"], placed[agent]) for agent in row["agents"]}
    return {
        "threat": row["threat"],
        "name": row["name"],
        "agents": row["agents"],
        "uncovered": [agent for agent, controls in by.items() if not controls],
        "controls": sorted({control for controls in by.values() for control in controls}),
    }


def _against(threat: str, controls: Mapping[str, float]) -> list[str]:
    return [control for control in sorted(controls) if threat in countered().get(control, {})]


def _controls(agent: str, profile: Row, shared: Sequence[Row]) -> list[Row]:
    """The controls that documents place at ``agent``, by id, each with the threats there that it counters."""
    facing = [row["threat"] for row in shared if agent in row["agents"]]
    rows = []
    for row in profile["implements"]:
        node = catalog().node("Mitigation", row["id"])
        holds, source = effectiveness(row["id"])
        against = countered().get(row["id"], {})
        rows.append(
            {
                "agent": agent,
                "control": row["id"],
                "name": row["name"] or (node.properties.get("name") if node else None),
                "coverage": row["coverage"],
                "effectiveness": holds,
                "effectiveness_source": source.text,
                "counters": [{"threat": threat, "counted_against": against[threat]} for threat in facing if threat in against],
                "via": next((step["to"] for step in row["via"] or ()), None),
                "document": row["assessment"],
            }
        )
    return sorted(rows, key=lambda row: row["control"])
