"""agents-at: who was assessed at a layer."""

import pytest

from kb.errors import UnknownNodeError
from kb.model.graph import Relation
from kb.questions.agents_at import agents_at
from oracle.graph import graph_of


def at(agent, layer, certainty, document):
    return Relation("ASSESSED_AT", agent, layer, {"certainty": certainty}, document)


GRAPH = graph_of(
    at("codegen", "L3", "uncertain", "sha256:0b"),
    at("codegen", "L3", "mapped", "sha256:0a"),
    at("aider", "L3", "uncertain", "sha256:0c"),
    at("scout", "L1", "mapped", "sha256:0d"),
    Relation("BASED_ON", "north/coder", "codegen"),
    Relation("MEMBER_OF", "north/coder", "north"),
)
AIDER = {"agent": "aider", "name": "AIDER", "certainty": "uncertain", "documents": ["sha256:0c"]}
CODEGEN = {"agent": "codegen", "name": "CODEGEN", "certainty": "mapped", "documents": ["sha256:0a", "sha256:0b"]}


def test_one_document_that_commits_itself_makes_an_agent_mapped(engine):
    engine.write(GRAPH.batch())
    assert list(agents_at(engine, layer="l3").rows) == [AIDER, CODEGEN]
    assert list(agents_at(engine, layer="L3", certainty="uncertain").rows) == [AIDER]


def test_members_of_a_system_have_the_layers_of_their_product(engine):
    engine.write(GRAPH.batch())
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    coder = {**CODEGEN, "agent": "north/coder", "name": "NORTH/CODER", "via": via}
    assert list(agents_at(engine, layer="L3", system="north").rows) == [coder]


def test_an_unknown_layer_is_an_error(engine):
    engine.write(GRAPH.batch())
    with pytest.raises(UnknownNodeError, match="no layer 'L9' in the base"):
        agents_at(engine, layer="L9")
