"""mitigations-for: what weakens a threat, or an agent's threats."""

from kb.model.graph import Node, Relation
from kb.questions.mitigations_for import mitigations_for
from oracle.graph import faces, graph_of


def counters(mitigation, threat, **more):
    return Relation("COUNTERS", mitigation, threat, more)


def row(mitigation, threats, in_place=(), **more):
    plain = {"mitigation": mitigation, "name": f"Control {mitigation}", "form": "technique", "tactic": None}
    plain |= {"count": len(threats), "threats": threats, "effectiveness": None, "statuses": [], "sources": []}
    return plain | {"in_place": list(in_place)} | more


def test_controls_of_a_threat_come_by_effectiveness_with_sources_and_places(engine):
    engine.write(
        graph_of(
            counters("owasp:P1.1", "owasp:T2", status="published", sources=("OWASP", "CSA"), effectiveness=0.25),
            counters("owasp:P1.1", "owasp:T2", status="assumed", sources=("CSA",), effectiveness=0.5),
            counters("owasp:P1.2", "owasp:T2"),
            counters("atlas:AML.M0015", "owasp:T2", effectiveness=0.0),
            counters("owasp:P1.2", "owasp:T3"),
            Relation("IMPLEMENTS", "scout", "owasp:P1.1", {}, "sha256:0a"),
            Relation("IMPLEMENTS", "codegen", "owasp:P1.1", {}, "sha256:0a"),
            Relation("IMPLEMENTS", "codegen", "owasp:P1.2", {"coverage": 0.0}, "sha256:0a"),
        ).batch()
    )
    published = {"effectiveness": 0.5, "statuses": ["assumed", "published"], "sources": ["CSA", "OWASP"]}
    assert list(mitigations_for(engine, target="T2").rows) == [
        row("owasp:P1.1", ["owasp:T2"], ["codegen", "scout"], **published),
        row("atlas:AML.M0015", ["owasp:T2"], effectiveness=0.0),
        row("owasp:P1.2", ["owasp:T2"]),
    ]


def test_controls_of_an_agent_come_by_how_many_of_its_threats_they_counter(engine):
    engine.write(
        graph_of(
            *(faces("codegen", threat) for threat in ("owasp:T2", "owasp:T3")),
            faces("codegen", "owasp:T4", "inferred", rule="scores"),
            counters("owasp:P1.1", "owasp:T3"),
            counters("owasp:P1.2", "owasp:T2"),
            counters("owasp:P1.2", "owasp:T3"),
            counters("owasp:P1.3", "owasp:T4"),
            Relation("IMPLEMENTS", "codegen", "owasp:P1.1", {}, "sha256:0a"),
            Relation("IMPLEMENTS", "scout", "owasp:P1.2", {}, "sha256:0a"),
        ).batch()
    )
    answer = mitigations_for(engine, target="codegen")
    assert list(answer.rows) == [
        row("owasp:P1.2", ["owasp:T2", "owasp:T3"]),
        row("owasp:P1.1", ["owasp:T3"], ["codegen"]),
    ]
    assert answer.remarks == ("+1 inferred, --origin any",)


def test_a_control_reached_over_a_mapping_says_so(engine):
    mapping = {"predicate": "maps_to_primary", "status": "published", "sources": ("OWASP",)}
    engine.write(
        graph_of(
            Relation("MAPS_TO", "asi:ASI02", "owasp:T2", mapping),
            counters("owasp:P1.1", "owasp:T2"),
            counters("owasp:P1.2", "asi:ASI02"),
        ).batch()
    )
    via = [{"relation": "MAPS_TO", "from": "asi:ASI02", "to": "owasp:T2", **mapping, "sources": ["OWASP"]}]
    assert list(mitigations_for(engine, target="ASI02").rows) == [
        row("owasp:P1.1", ["owasp:T2"], via=via),
        row("owasp:P1.2", ["asi:ASI02"]),
    ]


def test_in_a_system_only_its_members_count_with_the_controls_of_their_products(engine):
    engine.write(
        graph_of(
            counters("owasp:P1.1", "owasp:T2"),
            *(Relation("IMPLEMENTS", agent, "owasp:P1.1", {}, "sha256:0a") for agent in ("codegen", "scout")),
            Relation("BASED_ON", "north/coder", "codegen"),
            Relation("MEMBER_OF", "north/coder", "north"),
            Relation("BASED_ON", "south/coder", "codegen"),
            Relation("MEMBER_OF", "south/coder", "south"),
            nodes=[Node("System", "south", {"infer": False})],
        ).batch()
    )
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    expected = [row("owasp:P1.1", ["owasp:T2"], ["north/coder"], via=via)]
    assert list(mitigations_for(engine, target="T2", system="north").rows) == expected
    assert list(mitigations_for(engine, target="T2", system="south").rows) == [row("owasp:P1.1", ["owasp:T2"])]
