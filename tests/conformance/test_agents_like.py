"""agents-like: who shares most with an agent."""

import pytest

from kb.errors import UnknownNodeError
from kb.model.graph import Node, Relation
from kb.questions.agents_like import agents_like
from oracle.graph import faces, graph_of


def test_agents_come_by_overlap_with_what_is_shared(engine):
    engine.write(
        graph_of(
            *(faces("codegen", threat) for threat in ("owasp:T1", "owasp:T2", "owasp:T3")),
            *(faces("scout", threat) for threat in ("owasp:T2", "owasp:T1", "owasp:T4", "owasp:T5")),
            *(faces("planner", threat) for threat in ("owasp:T3", "maestro:L3-03")),
            faces("aider", "owasp:T3"),
            faces("loner", "owasp:T9"),
        ).batch()
    )
    assert list(agents_like(engine, agent="codegen").rows) == [
        {"agent": "scout", "name": "SCOUT", "shared": 2, "jaccard": 0.4, "threats": ["owasp:T1", "owasp:T2"]},
        {"agent": "aider", "name": "AIDER", "shared": 1, "jaccard": 1 / 3, "threats": ["owasp:T3"]},
        {"agent": "planner", "name": "PLANNER", "shared": 1, "jaccard": 1 / 3, "threats": ["owasp:T3"]},
    ]


def test_an_agent_that_faces_nothing_shares_nothing_and_the_answer_says_so(engine):
    inferred = [faces(agent, "owasp:T2", "inferred", rule="scores") for agent in ("codegen", "scout")]
    engine.write(graph_of(*inferred).batch())
    answer = agents_like(engine, agent="codegen")
    assert answer.rows == ()
    assert answer.remarks == (
        "codegen faces no such threat itself, so that nothing is shared",
        "+1 inferred, --origin any",
    )


def test_in_a_system_members_are_compared_with_what_they_inherit(engine):
    engine.write(
        graph_of(
            faces("codegen", "owasp:T2"),
            faces("north/planner", "owasp:T2"),
            Relation("BASED_ON", "north/coder", "codegen"),
            *(Relation("MEMBER_OF", agent, "north") for agent in ("north/coder", "north/planner")),
        ).batch()
    )
    shared = {"shared": 1, "jaccard": 1.0, "threats": ["owasp:T2"]}
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    coder = {"agent": "north/coder", "name": "NORTH/CODER", **shared, "via": via}
    assert list(agents_like(engine, agent="planner", system="north").rows) == [coder]
    codegen = {"agent": "codegen", "name": "CODEGEN", **shared}
    assert list(agents_like(engine, agent="planner").rows) == [codegen]


def test_layer_certainty_polarity_and_origin_narrow_both_sides(engine):
    words = {"layer": "L3", "certainty": "mapped", "polarity": "mitigated"}
    other = {"layer": "L1", "certainty": "uncertain", "polarity": "stated"}
    engine.write(
        graph_of(
            *(faces("codegen", f"owasp:T{number}", **words) for number in (1, 2)),
            faces("scout", "owasp:T1", **words),
            *(faces("scout", f"owasp:T{3 + place}", **words | {name: other[name]}) for place, name in enumerate(other)),
            faces("scout", "owasp:T6", "declared", **words),
            nodes=[Node("Layer", "L3")],
        ).batch()
    )

    def jaccard(**params):
        return [row["jaccard"] for row in agents_like(engine, agent="codegen", **params).rows]

    assert jaccard() == [1 / 6]
    assert (
        jaccard(layer="L3") == jaccard(certainty="mapped") == jaccard(polarity="mitigated") == jaccard(origin="stated") == [0.2]
    )
    assert jaccard(layer="L3", certainty="mapped", polarity="mitigated", origin="stated") == [0.5]


def test_an_unknown_agent_is_an_error(engine):
    engine.write(graph_of(faces("codegen", "owasp:T2")).batch())
    with pytest.raises(UnknownNodeError, match="no agent 'codgen' in the base; did you mean 'codegen'"):
        agents_like(engine, agent="codgen")
