"""What the answers of cascades take for granted, in full sentences: what moves them most comes first."""

from collections.abc import Iterable

from kb.questions.kernels.exposure import CROWD, Expansion
from kb.questions.kernels.exposure_graph import OUTSIDE, Literal
from kb.questions.kernels.tables import UNKNOWN

FIRST = "susceptibilities are AIVSS means read as probabilities; they move answers most"
CROWDED = f"where {CROWD} agents or more read and write one resource, what one left itself counts too"
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
    grounds = Grounds(start)
    grounds.add(expansion)
    return said + grounds.said(method)


class Grounds:
    """What an answer takes for granted that rests on several expansions, none of which is kept."""

    def __init__(self, start: str = "") -> None:
        self._start = start
        self._literals: set[Literal] = set()
        self._unsaid: set[str] = set()
        self._entered: set[str] = set()
        self._crowded = False
        self._most: int | None = None

    def add(self, expansion: Expansion) -> None:
        """Take in what ``expansion`` takes for granted."""
        self._literals |= {one for arc in expansion.graph.arcs for one in arc.literals if one.source.basis != "document"}
        reached = {agent: expansion.members[agent] for agent in expansion.graph.agents() if agent != self._start}
        self._unsaid |= {agent for agent, member in reached.items() if member.criticality is None}
        if self._start == OUTSIDE:
            self._entered |= {
                name
                for name, member in expansion.members.items()
                if any(source.basis == "assumed" for source in member.entries.values())
            }
        self._crowded = self._crowded or expansion.crowded
        self._most = expansion.wanted.max_hops

    def said(self, method: str) -> list[str]:
        """The sentences, for an answer by ``method``."""
        return [
            *hops_said(self._most),
            *(["probabilities are those of the most likely chain alone, a lower bound"] if method == "chain" else []),
            FIRST,
            *_strengths(self._literals),
            *_susceptibilities(self._literals),
            *_controls(self._literals),
            *_of("strangers write text to {}: no document says what they send", self._entered),
            *_of("criticality 1 of {}, as no document gives one", self._unsaid),
            *([CROWDED] if self._crowded else []),
            *LAST,
        ]


def _of(sentence: str, agents: Iterable[str]) -> list[str]:
    named = ", ".join(sorted(agents))
    return [sentence.format(named)] if named else []


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
        if literal.draw[0] == "trust":
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
