"""coverage: threats faced against controls in place."""

from kb.model.graph import Relation
from kb.questions.coverage import ASSUMPTION, coverage
from oracle.graph import faces, graph_of


def row(threat, facing, covered, uncovered, mitigations, **more):
    return {
        "threat": threat,
        "name": f"Threat {threat}",
        "agents_facing": facing,
        "agents_covered": covered,
        "uncovered": uncovered,
        "mitigations": mitigations,
        "statuses": [],
        **more,
    }


def test_an_agent_is_covered_where_it_has_a_control_that_counters_the_threat(engine):
    engine.write(
        graph_of(
            *(faces(agent, "owasp:T2") for agent in ("codegen", "scout", "aider")),
            faces("codegen", "owasp:T3"),
            faces("scout", "owasp:T6", "inferred", rule="scores"),
            Relation("COUNTERS", "owasp:P1.1", "owasp:T2", {"status": "inferred"}),
            Relation("COUNTERS", "owasp:P1.2", "owasp:T2", {"status": "published"}),
            Relation("IMPLEMENTS", "codegen", "owasp:P1.1", {}, "sha256:0a"),
            Relation("IMPLEMENTS", "scout", "owasp:P1.2", {"coverage": 0.0}, "sha256:0a"),
            Relation("IMPLEMENTS", "planner", "owasp:P1.2", {}, "sha256:0a"),
        ).batch()
    )
    answer = coverage(engine)
    assert list(answer.rows) == [
        row("owasp:T2", 3, 1, ["aider", "scout"], ["owasp:P1.1"], statuses=["inferred"]),
        row("owasp:T3", 1, 0, ["codegen"], []),
    ]
    assert answer.assumptions == (ASSUMPTION,)
    assert answer.remarks == ("+1 inferred, --origin any",)


def test_a_threat_is_followed_over_a_mapping_but_its_controls_are_not(engine):
    mapping = {"predicate": "maps_to_primary"}
    engine.write(
        graph_of(
            faces("codegen", "owasp:T2"),
            Relation("MAPS_TO", "asi:ASI02", "owasp:T2", mapping),
            Relation("COUNTERS", "aidefend:AID-H-002", "asi:ASI02"),
            Relation("IMPLEMENTS", "codegen", "aidefend:AID-H-002", {}, "sha256:0a"),
        ).batch()
    )
    via = [{"relation": "MAPS_TO", "from": "asi:ASI02", "to": "owasp:T2", **mapping, "status": None, "sources": []}]
    assert list(coverage(engine, threat="ASI02").rows) == [row("owasp:T2", 1, 0, ["codegen"], [], via=via)]


def test_a_member_has_the_controls_of_its_product(engine):
    engine.write(
        graph_of(
            faces("codegen", "owasp:T2"),
            Relation("COUNTERS", "owasp:P1.1", "owasp:T2"),
            Relation("IMPLEMENTS", "codegen", "owasp:P1.1", {"coverage": 0.5}, "sha256:0a"),
            Relation("BASED_ON", "north/coder", "codegen"),
            Relation("MEMBER_OF", "north/coder", "north"),
        ).batch()
    )
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    assert list(coverage(engine, system="north").rows) == [row("owasp:T2", 1, 1, [], ["owasp:P1.1"], via=via)]
