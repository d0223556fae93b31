"""layer-heatmap: layers against agents, or against threats."""

import pytest

from kb.errors import UsageError
from kb.model.graph import Node, Relation
from kb.questions.layer_heatmap import layer_heatmap
from oracle.graph import faces, graph_of

GRAPH = graph_of(
    faces("codegen", "owasp:T2", layer="L3", certainty="uncertain"),
    faces("codegen", "owasp:T2", "declared", layer="L3"),
    faces("codegen", "owasp:T3", layer="L3", certainty="mapped"),
    faces("codegen", "owasp:T2"),
    faces("scout", "owasp:T2", layer="L3", certainty="uncertain"),
    faces("scout", "owasp:T4", "inferred", layer="L3", rule="scores"),
    Relation("ASSESSED_AT", "scout", "L1", {"certainty": "mapped"}, "sha256:0a"),
)


def test_a_cell_of_an_agent_counts_its_threats_and_a_summary_has_no_layer(engine):
    engine.write(GRAPH.batch())
    answer = layer_heatmap(engine)
    assert list(answer.rows) == [
        {"layer": None, "agent": "codegen", "name": "CODEGEN", "count": 1, "certainty": None},
        {"layer": "L1", "agent": "scout", "name": "SCOUT", "count": 0, "certainty": "mapped"},
        {"layer": "L3", "agent": "codegen", "name": "CODEGEN", "count": 2, "certainty": "mapped"},
        {"layer": "L3", "agent": "scout", "name": "SCOUT", "count": 1, "certainty": "uncertain"},
    ]
    assert answer.remarks == ("+1 inferred, --origin any",)


def test_a_cell_of_a_threat_counts_the_agents_that_face_it(engine):
    engine.write(GRAPH.batch())
    assert list(layer_heatmap(engine, by="threats").rows) == [
        {"layer": None, "threat": "owasp:T2", "name": "Threat owasp:T2", "count": 1, "certainty": None},
        {"layer": "L3", "threat": "owasp:T2", "name": "Threat owasp:T2", "count": 2, "certainty": "uncertain"},
        {"layer": "L3", "threat": "owasp:T3", "name": "Threat owasp:T3", "count": 1, "certainty": "mapped"},
    ]


def test_there_is_nothing_else_to_stand_against_the_layers(engine):
    engine.write(GRAPH.batch())
    with pytest.raises(UsageError, match="by is 'mitigations', expected agents or threats"):
        layer_heatmap(engine, by="mitigations")


def test_documents_that_are_cut_are_counted(engine):
    cut = {"kind": "page", "series": "page:scout:full", "subject": "scout", "parser": "page 1", "cut": True}
    document = Node("Assessment", "sha256:0c", cut)
    engine.write(graph_of(Relation("ABOUT", "sha256:0c", "scout", {}, "sha256:0c", "Agent"), nodes=[document]).batch())
    assert layer_heatmap(engine).remarks == ("1 document is cut before its end; layers that it never reached are absent",)
