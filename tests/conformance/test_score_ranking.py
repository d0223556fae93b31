"""score-ranking: who scores highest."""

from kb.model.graph import Node
from kb.questions.score_ranking import score_ranking
from oracle.graph import graph_of


def agent(agent_id, **figures):
    return Node("Agent", agent_id, {"form": "product", "name": agent_id.upper(), **figures})


def row(agent_id, aivss, severity, **more):
    plain = {"agent": agent_id, "name": agent_id.upper(), "aivss": aivss, "severity": severity, "factor_sum": None}
    return plain | {"cvss_base": None, "aivss_version": "0.8", "version_given": False, "flags": []} | more


SCORED = graph_of(
    nodes=[
        agent("scout", aivss=9.4, severity="Critical"),
        agent("aider", aivss=9.4, severity="Critical", factor_sum=7.5, cvss_base=9.0, aivss_version="0.8", flags=("clamped",)),
        agent("zero", aivss=0.0, severity="None"),
        agent("codegen", factor_sum=5.2),
    ]
)
AIDER = row("aider", 9.4, "Critical", factor_sum=7.5, cvss_base=9.0, version_given=True, flags=["clamped"])


def test_the_highest_come_first_and_the_unscored_are_only_counted(engine):
    engine.write(SCORED.batch())
    answer = score_ranking(engine)
    assert list(answer.rows) == [AIDER, row("scout", 9.4, "Critical"), row("zero", 0.0, "None")]
    assert answer.assumptions == ("AIVSS v0.8, the default, for 2 agents of which no document names a version",)
    assert answer.remarks == ("1 without a score: ask unscored",)


def test_a_severity_narrows_the_ranking(engine):
    engine.write(SCORED.batch())
    assert list(score_ranking(engine, severity="None").rows) == [row("zero", 0.0, "None")]
    assert list(score_ranking(engine, severity=["High", "Critical"]).rows) == [AIDER, row("scout", 9.4, "Critical")]
