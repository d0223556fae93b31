"""unscored: who has no score, and why."""

from kb.model.aivss import FACTOR_NAMES, VERSIONS
from kb.model.graph import Node, Relation
from kb.questions.unscored import unscored
from oracle.graph import graph_of


def scored(agent, *factors):
    return [Relation("HAS_CAPABILITY", agent, f"aivss:{factor}", {"score": 0.5}, "sha256:0a") for factor in factors]


def agent(agent_id, **figures):
    return Node("Agent", agent_id, {"form": "product", "name": agent_id.upper(), **figures})


def row(agent_id, factor_sum, missing):
    return {"agent": agent_id, "name": agent_id.upper(), "form": "product", "factor_sum": factor_sum, "missing": missing}


def test_an_agent_without_a_score_comes_with_the_inputs_that_are_missing(engine):
    multipliers = {"threat_multiplier": 1.0, "mitigation_factor": 1.0}
    engine.write(
        graph_of(
            *scored("codegen", *FACTOR_NAMES),
            *scored("aider", *VERSIONS["0.8"].factors[1:]),
            Relation("HAS_CAPABILITY", "aider", "aivss:autonomy_of_action", {}, "sha256:0a"),
            nodes=[
                agent("codegen", factor_sum=5.0, **multipliers),
                agent("aider", cvss_base=9.0, mitigation_factor=1.0),
                agent("bare", aivss_version="0.5"),
                agent("whole", aivss=0.0),
            ],
        ).batch()
    )
    assert list(unscored(engine).rows) == [
        row("aider", None, ["threat_multiplier", "autonomy_of_action"]),
        row("bare", None, ["cvss_base", "threat_multiplier", *FACTOR_NAMES]),
        row("codegen", 5.0, ["cvss_base"]),
    ]
