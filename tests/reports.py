"""A small system with all that a report can say: scored and unscored agents, controls, an entry, a shared memory."""

from pathlib import Path
from typing import Any

from kb import KnowledgeBase

ASSESSMENTS = """\
kind: assessment
agent: {id: scribe, name: Scribe}
source: {title: "Scribe, looked at", url: "https://elsewhere.example/scribe", as_of: 2026-11-02}
scores: {autonomy_of_action: 0.8, goal_driven_planning: 0.5, self_modification: 0, dynamic_tool_use: 1,
  persistent_memory: 0.5, contextual_awareness: 0.7, dynamic_identity: 0.2, multi_agent_interactions: 0.4,
  non_determinism: 0.9, opacity_reflexivity: 0.5}
aivss: {version: "0.8", cvss_base: 7.5, threat_multiplier: 0.97, mitigation_factor: 1.0}
layers: [{id: L1, certainty: uncertain}, {id: L3, certainty: mapped}]
threats:
  - {threat: owasp:T2, layer: L3, quote: "it may call any tool"}
  - {threat: llm2025:LLM01, layer: L1, certainty: uncertain}
---
kind: assessment
agent: {id: teller, name: Teller}
scores: {autonomy_of_action: 0.4, dynamic_tool_use: 0.5}
threats: [{threat: owasp:T2}]
"""

SYSTEM = """\
kind: system
id: till
name: Till
source: {title: "The till, as wired", as_of: 2026-11-03}
agents:
  - {id: browser, name: Browser, based_on: scribe, role: reads the mail, entry: [text], criticality: 0.2}
  - {id: planner, name: Planner, role: plans, implements: [owasp:P1.1], faces: [{threat: owasp:T12, susceptibility: 0.5}]}
  - {id: payments, name: Payments, based_on: teller, role: moves money, criticality: 1,
     implements: [{mitigation: aidefend:AID-I-001, coverage: 0.5}]}
integrations:
  - {from: planner, to: browser, channel: delegation, forward: 0.5, backward: 0.8}
  - {from: planner, to: payments, channel: delegation, forward: 0.5, backward: 0}
"""

DAY = "2026-11-21"


def write_documents(folder: Path) -> list[str]:
    """The names of the documents, written into ``folder``."""
    for name, text in (("agents.yaml", ASSESSMENTS), ("till.yaml", SYSTEM)):
        (folder / name).write_text(text, encoding="utf-8")
    return ["agents.yaml", "till.yaml"]


def loaded(folder: Path, *further: str) -> KnowledgeBase:
    """A base in ``folder`` that holds the documents, and the texts of ``further`` ones; whoever asks for it closes it."""
    for name in write_documents(folder):
        assert (folder / name).is_file()
    for number, text in enumerate(further):
        (folder / f"further-{number}.yaml").write_text(text, encoding="utf-8")
    base = KnowledgeBase.open(folder / "kb.db", mode="write")
    done = base.load(sorted(folder.glob("*.yaml")))
    assert not done.rejected, done
    return base


def reported(folder: Path, *further: str, **how: Any) -> dict[str, Any]:
    """The report on the system, or as ``how`` asks."""
    with loaded(folder, *further) as base:
        return base.report(day=DAY, **how)
