"""What the answers of cascades take for granted, in full sentences."""

from kb.questions.cascade_tables import UNKNOWN
from kb.questions.exposure import CROWD, Expansion
from kb.questions.exposure_graph import OUTSIDE, Literal

ALWAYS = (
    "susceptibilities are AIVSS means read as probabilities; they move answers most",
    "that two agents on one model fall together is not modelled",
    "threats read in texts hardly move cascades; what documents rule out and declared susceptibilities do",
    "each draw is made once: a chain does not weaken with its length beyond its factors, as measured attacks do",
    "whoever steers what an agent says steers what it gives back as a tool's result (content), too",
)
"""True of every answer."""


def assumptions(expansion: Expansion, start: str, whole: bool, method: str) -> list[str]:
    """Everything that this answer takes for granted, each default that it used among them."""
    literals = {literal for arc in expansion.graph.arcs for literal in arc.literals}
    said = [f"{start} is wholly taken: every threat that it faces is there from the start"] if whole else []
    said += hops_said(expansion.wanted.max_hops)
    said += _entries(expansion, start) + _strengths(literals) + _susceptibilities(literals) + _controls(literals)
    reached = [agent for agent in expansion.graph.agents() if agent != start]
    unsaid = [agent for agent in reached if expansion.members[agent].criticality is None]
    said += [f"criticality 1 of {_few(unsaid)}, as no document gives one"] if unsaid else []
    said += (
        [f"where {CROWD} agents or more read and write one resource, what one left itself counts too"]
        if _crowded(expansion)
        else []
    )
    said += ["probabilities are those of the most likely chain alone, a lower bound"] if method == "chain" else []
    return said + list(ALWAYS)


def hops_said(most: int | None) -> list[str]:
    """That only ways of at most so many hops are followed, where that was asked for."""
    if most is None:
        return []
    counted = "one hop" if most == 1 else f"{most} hops"
    return [f"no way of more than {counted} is followed, as was asked for; longer ones are not impossible"]


def _strengths(literals: set[Literal]) -> list[str]:
    trusted = [literal for literal in literals if literal.draw[0] == "trust" and literal.source.basis != "document"]
    return [f"strength {p:g} of {text}" for text, p in sorted({(literal.source.text, literal.p) for literal in trusted})]


def _entries(expansion: Expansion, start: str) -> list[str]:
    members = [expansion.members[agent] for agent in sorted(expansion.members)] if start == OUTSIDE else []
    unsaid = [source.text for member in members for source in member.entries.values() if source.basis == "assumed"]
    return list(dict.fromkeys(unsaid))


def _susceptibilities(literals: set[Literal]) -> list[str]:
    unknown: dict[str, set[str]] = {}
    for literal in literals:
        if literal.draw[0] == "step" and literal.source.basis == "assumed":
            unknown.setdefault(literal.draw[2], set()).add(literal.draw[1])
        elif literal.draw[0] == "arrival" and literal.source.basis == "assumed":
            unknown.setdefault(f"what comes over {literal.draw[2]}", set()).add(literal.draw[1])
    return [
        f"susceptibility {UNKNOWN:g} to {what} of {_few(sorted(agents))}: no scored factor"
        for what, agents in sorted(unknown.items())
    ]


def _controls(literals: set[Literal]) -> list[str]:
    used = sorted({(literal.draw[2], literal.source.text) for literal in literals if literal.draw[0] == "control"})
    return [f"effectiveness of {mitigation} by its tactic: {text}" for mitigation, text in used]


def _few(names: list[str], shown: int = 3) -> str:
    return ", ".join(names[:shown]) + (f" and {len(names) - shown} more" if len(names) > shown else "")


def _crowded(expansion: Expansion) -> bool:
    return expansion.crowded
