"""The three findings that head a report, chosen by a rule that the report states, and what it recommends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

Row = dict[str, Any]

MOST = 3
RULE = (
    "The findings are the first three of these that the base has figures for: the agent with the greatest expected loss when "
    "strangers write; the agent that takes most along when it falls; the threat with the most agents that face it and have no "
    "control in place against it, where documents name controls at all; the highest AIVSS score; the threat that most agents "
    "share, unless it is that one; how many agents have no score."
)


def findings_of(report: Mapping[str, Any]) -> list[Row]:
    """At most three: ``finding``, ``text``, ``section`` and ``figures`` (``name``, ``value``, ``low``, ``high``, ``from``)."""
    rules: Sequence[Callable[[Mapping[str, Any]], Row | None]] = (_exposed, _blast, _uncovered, _scored, _shared, _unscored)
    found = (rule(report) for rule in rules)
    return [finding for finding in found if finding is not None][:MOST]


def recommendation_of(report: Mapping[str, Any]) -> Row | None:
    """What the plan that saves most would do, with the loss before and after; ``None`` where there is no plan that helps."""
    plans = [part for part in report["systems"] if part["plan"]["why"] is None and part["plan"]["steps"]]
    if not plans:
        return None
    best = max(plans, key=lambda part: (part["plan"]["before"]["loss"] - part["plan"]["after"]["loss"], part["system"]))
    plan = best["plan"]
    before, after = plan["before"], plan["after"]
    saved = f"{percent(1 - after['loss'] / before['loss'])} less" if before["loss"] else "no less"
    count = len(plan["steps"])
    return {
        "finding": "plan",
        "text": f"{count} action{'s lower' if count > 1 else ' lowers'} the expected loss in {part_name(best)} "
        f"from {before['loss']:.4g} to {after['loss']:.4g} ({saved}); {bound_words(plan)}.",
        "items": [step_words(step, report["names"]) for step in plan["steps"]],
        "section": "plan",
        "figures": [
            _figure("expected loss now", before["loss"], plan["command"], before["low"], before["high"]),
            _figure("expected loss with the plan", after["loss"], plan["command"], after["low"], after["high"]),
            _figure("bound", plan["bound"], plan["command"]),
        ],
    }


def part_name(part: Mapping[str, Any]) -> str:
    """What the system of a part of the report is called."""
    return str(part["name"] or part["system"])


def step_words(step: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One step of a plan: what to do, and where."""
    agent = named(step["agent"], names)
    if step["action"] == "sever":
        return f"sever the trust of {agent} in {named(step['trusted'], names)}"
    control, *others = step["alternatives"]
    instead = (
        f" (or {len(others)} other{'s' * (len(others) > 1)} that stop{'s' * (len(others) == 1)} the same)" if others else ""
    )
    return f"put {called(control, names)}{instead} in place at {agent}"


def bound_words(plan: Mapping[str, Any]) -> str:
    """How good any other plan could be."""
    others = f"no {plan['budget']} of the {plan['considered']} actions considered leave less"
    return others if plan["optimal"] else f"{others} than {plan['bound']:.4g}"


def _figure(name: str, value: Any, source: str, low: float | None = None, high: float | None = None) -> Row:
    return {"name": name, "value": value, "low": low, "high": high, "from": source}


def called(node_id: str, names: Mapping[str, str]) -> str:
    """A node by name and id: ``Tool Misuse (owasp:T2)``."""
    name = names.get(node_id)
    return f"{name} ({node_id})" if name and name != node_id else node_id


def named(agent: str, names: Mapping[str, str]) -> str:
    """An agent by its name alone where no other node of the report has it, else by name and id."""
    alone = sum(name == names.get(agent) for name in names.values()) == 1
    return names[agent] if alone else called(agent, names)


def _ranked(report: Mapping[str, Any], figure: str) -> Iterator[tuple[Row, Row]]:
    """Each part with the row of its ranking that has most of ``figure``, where it is known and not zero."""
    for part in report["systems"]:
        known = [row for row in part["ranking"]["rows"] if row[figure]]
        if known:
            yield part, max(known, key=lambda row: (row[figure], row["agent"]))


def _exposed(report: Mapping[str, Any]) -> Row | None:
    part, row = max(_ranked(report, "loss"), key=lambda pair: pair[1]["loss"], default=(None, None))
    if part is None or row is None:
        return None
    name, source = named(row["agent"], report["names"]), (part["from_outside"] or part["ranking"])["command"]
    given = "assumed, as no document gives one" if row["criticality"] is None else "as documents give it"
    criticality = 1.0 if row["criticality"] is None else row["criticality"]
    return {
        "finding": "exposed",
        "text": f"{name} is where strangers cost most: when they write to the entries of {part_name(part)}, it falls in "
        f"{percent(row['exposure'])} of all cases and is made to do harm in {percent(row['harmed'])}. With a criticality of "
        f"{criticality:g} ({given}) that is an expected loss of {row['loss']:.4g}.",
        "section": "cascades",
        "figures": [
            _figure("probability of falling", row["exposure"], source, row["exposure_low"], row["exposure_high"]),
            _figure("probability of being harmed", row["harmed"], source),
            _figure("times criticality, expected loss", row["loss"], source),
        ],
    }


def percent(share: float | None) -> str:
    """``share`` in whole per cent; what is not quite none or all does not read so."""
    if share is None:
        return "an unknown share"
    whole = round(100 * share)
    if whole in (0, 100) and share not in (0.0, 1.0):
        return "under 1\u202f%" if whole == 0 else "over 99\u202f%"
    return f"{whole}\u202f%"


def _blast(report: Mapping[str, Any]) -> Row | None:
    part, row = max(_ranked(report, "blast_radius"), key=lambda pair: pair[1]["blast_radius"], default=(None, None))
    if part is None or row is None:
        return None
    falls = next((one for one in part["from_agents"] if one["agent"] == row["agent"]), None)
    first = falls["chains"][0] if falls and falls["chains"] else None
    names = report["names"]
    most = f", {named(first['agent'], names)} most of all: it falls along in {percent(first['probability'])}" if first else ""
    source = falls["command"] if falls else part["ranking"]["command"]
    reached = f"{falls['reached']} agents can" if falls else "other agents can"
    return {
        "finding": "blast",
        "text": f"If {named(row['agent'], names)} falls, most falls with it: {reached}, with an expected loss of "
        f"{row['blast_radius']:.4g}{most}.",
        "section": "cascades",
        "figures": [_figure("blast radius", row["blast_radius"], source, row["low"], row["high"])],
    }


def _barest(report: Mapping[str, Any]) -> Row | None:
    """The threat that most agents face without a control, where documents name controls at all."""
    found = (row for row in report["coverage"]["threats"] if row["uncovered"])
    return next(found, None) if report["coverage"]["controls"] else None


def _uncovered(report: Mapping[str, Any]) -> Row | None:
    row = _barest(report)
    if row is None:
        return None
    facing, bare = f"{len(row['agents'])} of {len(report['agents'])} agents", len(row["uncovered"])
    return {
        "finding": "uncovered",
        "text": f"{called(row['threat'], report['names'])} is faced by {facing}; for {bare} of these no document names a "
        "control in place that counters it.",
        "section": "coverage",
        "figures": [
            _figure("agents that face it", len(row["agents"]), "documents in force"),
            _figure("of these without a control", bare, "documents in force and the catalogue"),
        ],
    }


def _scored(report: Mapping[str, Any]) -> Row | None:
    scored = [row for row in report["agents"] if row["aivss"] is not None]
    if not scored:
        return None
    row = max(scored, key=lambda row: row["aivss"])  # of equals the first by id
    alike = sum(other["aivss"] == row["aivss"] for other in scored) - 1
    who = f" and {alike} other{'s' if alike > 1 else ''} score" if alike else " scores"
    return {
        "finding": "score",
        "text": f"{named(row['agent'], report['names'])}{who} highest: AIVSS {row['aivss']:.1f}, {row['severity']}, by version "
        f"{row['aivss_version']}.",
        "section": "agents",
        "figures": [_figure("AIVSS", row["aivss"], f"kb show {quote(row['agent'])}")],
    }


def _shared(report: Mapping[str, Any]) -> Row | None:
    barest = _barest(report)
    row = next((row for row in report["shared_threats"] if barest is None or row["threat"] != barest["threat"]), None)
    if row is None:
        return None
    return {
        "finding": "shared",
        "text": f"{called(row['threat'], report['names'])} is faced by {len(row['agents'])} of {len(report['agents'])} agents: "
        "one control, one advisory or one incident concerns them all.",
        "section": "shared",
        "figures": [_figure("agents that face it", len(row["agents"]), "documents in force")],
    }


def _unscored(report: Mapping[str, Any]) -> Row | None:
    without = [row for row in report["agents"] if row["aivss"] is None]
    if not without:
        return None
    return {
        "finding": "unscored",
        "text": f"{len(without)} of {len(report['agents'])} agents have no AIVSS score, since documents do not give what it "
        "needs.",
        "section": "unknowns",
        "figures": [_figure("agents without a score", len(without), "kb ask unscored")],
    }
