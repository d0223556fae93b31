"""What the answers of cascades take for granted, in full sentences: what moves them most comes first."""

from collections.abc import Iterable, Sequence

from kb.questions.kernels.exposure import CROWD, Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, Literal
from kb.questions.kernels.tables import UNKNOWN

FIRST = "susceptibilities are AIVSS means read as probabilities; they move answers most"
LAST = (
    "each draw is made once: a chain does not weaken with its length beyond its factors, as measured attacks do",
    "whoever steers what an agent says steers what it gives back as a tool's result (content), too",
    "that two agents on one model fall together is not modelled",
    "threats read in texts hardly move cascades; what documents rule out and declared susceptibilities do",
)
"""With :data:`FIRST`, what is true of every answer."""


def assumptions(expansion: Expansion, start: str, whole: bool, method: str) -> list[str]:
    """Everything that an answer takes for granted, each default that it used among them: one sentence for all of a kind."""
    said = [f"{start} is wholly taken: every threat that it faces is there from the start"] if whole else []
    return said + assumptions_of([expansion], start, method)


def assumptions_of(expansions: Sequence[Expansion], start: str, method: str) -> list[str]:
    """The same for an answer that rests on several, whatever of them is wholly taken."""
    literals = {literal for one in expansions for arc in one.graph.arcs for literal in arc.literals}
    crowded = any(expansion.crowded for expansion in expansions)
    return [
        *hops_said(expansions[0].wanted.max_hops),
        *(["probabilities are those of the most likely chain alone, a lower bound"] if method == "chain" else []),
        FIRST,
        *_strengths(literals),
        *_susceptibilities(literals),
        *_controls(literals),
        *_entries(expansions, start),
        *_criticalities(expansions, start),
        *([f"where {CROWD} agents or more read and write one resource, what one left itself counts too"] if crowded else []),
        *LAST,
    ]


def hops_said(most: int | None) -> list[str]:
    """That only ways of at most so many hops are followed, where that was asked for."""
    if most is None:
        return []
    counted = "one hop" if most == 1 else f"{most} hops"
    return [f"no way of more than {counted} is followed, as was asked for; longer ones are not impossible"]


def _strengths(literals: Iterable[Literal]) -> list[str]:
    """Each preset that stands in for what no document gives, with who measured it."""
    found = set()
    for literal in literals:
        if literal.draw[0] == "trust" and literal.source.basis != "document":
            name, _, source = literal.source.text.partition(": ")
            found.add(
                f"{literal.p:g} of {name} ({source.partition(' (')[0] if literal.source.basis == 'preset' else 'assumed'})"
            )
    return [f"strength by preset, where no document gives one: {', '.join(sorted(found, reverse=True))}"] if found else []


def _susceptibilities(literals: Iterable[Literal]) -> list[str]:
    unknown: dict[str, set[str]] = {}
    for literal in literals:
        if literal.draw[0] == "step" and literal.source.basis == "assumed":
            unknown.setdefault(literal.draw[2], set()).add(literal.draw[1])
        elif literal.draw[0] == "arrival" and literal.source.basis == "assumed":
            unknown.setdefault(f"what comes over {literal.draw[2]}", set()).add(literal.draw[1])
    parts = [f"to {what} of {', '.join(sorted(agents))}" for what, agents in sorted(unknown.items())]
    return [f"susceptibility {UNKNOWN:g}, as no factor is scored: {'; '.join(parts)}"] if parts else []


def _controls(literals: Iterable[Literal]) -> list[str]:
    used: dict[str, set[str]] = {}
    for literal in literals:
        if literal.draw[0] == "control":
            used.setdefault(literal.source.text, set()).add(literal.draw[2])
    parts = [f"{', '.join(sorted(mitigations))}: {text}" for text, mitigations in sorted(used.items())]
    return [f"effectiveness by tactic of {'; '.join(parts)}"] if parts else []


def _entries(expansions: Sequence[Expansion], start: str) -> list[str]:
    members = {member.id: member for one in expansions for member in one.members.values()} if start == OUTSIDE else {}
    unsaid = [name for name, one in sorted(members.items()) if any(s.basis == "assumed" for s in one.entries.values())]
    return [f"strangers write text to {', '.join(unsaid)}: no document says what they send"] if unsaid else []


def _criticalities(expansions: Sequence[Expansion], start: str) -> list[str]:
    reached = {agent: one.members[agent] for one in expansions for agent in one.graph.agents() if agent != start}
    unsaid = sorted(agent for agent, member in reached.items() if member.criticality is None)
    return [f"criticality 1 of {', '.join(unsaid)}, as no document gives one"] if unsaid else []
