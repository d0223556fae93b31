"""shared-threats: the first question of the design."""

import pytest

from kb.errors import AmbiguousNodeError, UnknownNodeError, UsageError
from kb.model.graph import Node, Relation
from kb.questions.shared_threats import shared_threats
from oracle.graph import faces, graph_of

PRIMARY = {"predicate": "maps_to_primary", "status": "published", "sources": ("OWASP, 2026",)}
LAYERS = [Node("Layer", "L1"), Node("Layer", "L3")]


def rows(engine, **params):
    return list(shared_threats(engine, **params).rows)


def row(threat, *agents, **more):
    return {"threat": threat, "name": f"Threat {threat}", "count": len(agents), "agents": list(agents), **more}


def test_threats_come_by_number_of_agents_then_by_id_with_the_agents_in_order(engine):
    relations = [faces(agent, "owasp:T2") for agent in ("scout", "codegen", "planner")]
    relations += [faces(agent, threat) for agent in ("scout", "codegen") for threat in ("owasp:T11", "asi:ASI02")]
    engine.write(graph_of(*relations, faces("codegen", "owasp:T3")).batch())
    assert rows(engine) == [
        row("owasp:T2", "codegen", "planner", "scout"),
        row("asi:ASI02", "codegen", "scout"),
        row("owasp:T11", "codegen", "scout"),
    ]
    assert rows(engine, min_agents=3) == [row("owasp:T2", "codegen", "planner", "scout")]
    assert rows(engine, min_agents=1)[-1] == row("owasp:T3", "codegen")


def test_an_answer_says_what_it_counted_and_on_which_base(engine):
    engine.write(graph_of(faces("codegen", "owasp:T2"), faces("scout", "owasp:T2", "inferred", rule="scores")).batch())
    assert shared_threats(engine, threat="T2").as_dict() == {
        "question": "shared-threats",
        "params": {
            "threat": "owasp:T2",
            "agent": None,
            "min_agents": 1,
            "loose": False,
            "layer": None,
            "origin": ["stated", "declared"],
            "certainty": ["any"],
            "polarity": ["stated", "mitigated"],
            "catalog": ["owasp", "asi", "llm2025"],
            "system": None,
        },
        "rows": [row("owasp:T2", "codegen")],
        "complete": True,
        "truncated_by": None,
        "assumptions": [],
        "remarks": ["+1 inferred, --origin any"],
        "base": engine.base.fingerprint,
        "schema_version": 1,
    }


def test_an_agent_counts_once_however_many_documents_and_layers_say_so(engine):
    said = [faces("codegen", "owasp:T2", document=document) for document in ("sha256:0a", "sha256:0b")]
    engine.write(graph_of(*said, faces("codegen", "owasp:T2", layer="L3"), faces("scout", "owasp:T2")).batch())
    assert rows(engine) == [row("owasp:T2", "codegen", "scout")]


def test_inferred_threats_count_only_where_asked_for_and_are_counted_in_a_remark_otherwise(engine):
    inferred = [faces(agent, "owasp:T2", "inferred", rule="scores") for agent in ("codegen", "scout", "planner")]
    engine.write(graph_of(*inferred, faces("codegen", "owasp:T2", "declared")).batch())
    assert rows(engine) == []
    assert shared_threats(engine).remarks == ("+3 inferred, --origin any",)
    assert rows(engine, origin="any") == [row("owasp:T2", "codegen", "planner", "scout")]
    assert shared_threats(engine, origin="any").remarks == ()
    assert rows(engine, origin=["inferred", "stated"]) == [row("owasp:T2", "codegen", "planner", "scout")]


def test_layer_certainty_and_polarity_narrow_what_counts(engine):
    both = {"layer": "L3", "certainty": "mapped", "polarity": "stated"}
    engine.write(
        graph_of(
            *(faces(agent, "owasp:T1", **both) for agent in ("codegen", "scout")),
            *(faces(agent, "owasp:T2", **both | {"layer": "L1"}) for agent in ("codegen", "scout")),
            *(faces(agent, "owasp:T3", **both | {"certainty": "uncertain"}) for agent in ("codegen", "scout")),
            *(faces(agent, "owasp:T4", **both | {"polarity": "mitigated"}) for agent in ("codegen", "scout")),
            nodes=LAYERS,
        ).batch()
    )
    names = [f"owasp:T{number}" for number in (1, 2, 3, 4)]
    assert rows(engine) == [row(name, "codegen", "scout") for name in names]
    assert [found["threat"] for found in rows(engine, layer="L3")] == ["owasp:T1", "owasp:T3", "owasp:T4"]
    assert [found["threat"] for found in rows(engine, certainty="mapped")] == ["owasp:T1", "owasp:T2", "owasp:T4"]
    assert [found["threat"] for found in rows(engine, polarity="mitigated")] == ["owasp:T4"]


def test_other_catalogues_count_only_where_asked_for_or_named(engine):
    engine.write(graph_of(*(faces(agent, "maestro:L3-03") for agent in ("codegen", "scout"))).batch())
    shared = [row("maestro:L3-03", "codegen", "scout")]
    assert rows(engine) == []
    assert rows(engine, catalog="maestro") == rows(engine, catalog="any") == rows(engine, threat="L3-03") == shared


def test_a_threat_finds_agents_through_one_primary_mapping_and_says_which(engine):
    mapping = Relation("MAPS_TO", "asi:ASI02", "owasp:T2", PRIMARY)
    engine.write(graph_of(mapping, faces("codegen", "owasp:T2"), faces("scout", "asi:ASI02")).batch())
    via = {"relation": "MAPS_TO", "from": "asi:ASI02", "to": "owasp:T2", **PRIMARY, "sources": ["OWASP, 2026"]}
    assert rows(engine, threat="asi:ASI02") == [row("asi:ASI02", "scout"), row("owasp:T2", "codegen", via=[via])]
    assert rows(engine, threat="owasp:T2") == [row("asi:ASI02", "scout", via=[via]), row("owasp:T2", "codegen")]


@pytest.mark.parametrize("predicate", ["maps_to", "related", "maps_to_contributing", "skos:relatedMatch"])
def test_other_mappings_count_only_where_loose(engine, predicate):
    mapping = Relation("MAPS_TO", "asi:ASI02", "owasp:T2", {"predicate": predicate})
    engine.write(graph_of(mapping, faces("codegen", "owasp:T2")).batch())
    via = {"relation": "MAPS_TO", "from": "asi:ASI02", "to": "owasp:T2", "predicate": predicate, "status": None, "sources": []}
    assert rows(engine, threat="ASI02") == []
    assert rows(engine, threat="ASI02", loose=True) == [row("owasp:T2", "codegen", via=[via])]


def test_mappings_are_never_followed_in_a_chain(engine):
    chain = [Relation("MAPS_TO", *pair, PRIMARY) for pair in (("asi:ASI02", "owasp:T2"), ("owasp:T2", "llm2025:LLM06"))]
    engine.write(graph_of(*chain, faces("codegen", "llm2025:LLM06")).batch())
    assert rows(engine, threat="ASI02", loose=True) == []


def test_an_agent_narrows_to_the_threats_that_it_faces_itself(engine):
    engine.write(
        graph_of(
            *(faces(agent, "owasp:T2") for agent in ("codegen", "scout")),
            *(faces(agent, "owasp:T3") for agent in ("planner", "scout")),
            faces("codegen", "owasp:T4"),
        ).batch()
    )
    assert rows(engine, agent="codegen") == [row("owasp:T2", "codegen", "scout")]
    assert rows(engine, agent="codegen", threat="T3") == []


def test_members_of_a_system_inherit_what_their_product_faces_but_for_what_they_rule_out(engine):
    engine.write(
        graph_of(
            *(faces("codegen", threat) for threat in ("owasp:T1", "owasp:T2", "owasp:T3")),
            faces("codegen", "owasp:T3", layer="L3"),
            faces("north/planner", "owasp:T2", "declared"),
            faces("scout", "owasp:T2"),
            Relation("BASED_ON", "north/coder", "codegen"),
            Relation("RULES_OUT", "north/coder", "owasp:T1"),
            Relation("RULES_OUT", "north/coder", "owasp:T3", {"layer": "L3"}),
            Relation("MEMBER_OF", "north/coder", "north"),
            Relation("MEMBER_OF", "north/planner", "north"),
        ).batch()
    )
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    assert rows(engine, system="north", min_agents=1) == [
        row("owasp:T2", "north/coder", "north/planner", via=via),
        row("owasp:T3", "north/coder", via=via),
    ]
    assert rows(engine, system="north", agent="planner") == [row("owasp:T2", "north/coder", "north/planner", via=via)]
    assert rows(engine) == [row("owasp:T2", "codegen", "north/planner", "scout")]


def test_nothing_is_inherited_in_a_system_that_infers_nothing(engine):
    relations = [Relation("BASED_ON", "north/coder", "codegen"), Relation("MEMBER_OF", "north/coder", "north")]
    system = Node("System", "north", {"infer": False})
    engine.write(graph_of(*relations, faces("codegen", "owasp:T2"), nodes=[system]).batch())
    assert rows(engine, system="north", min_agents=1) == []


def test_an_unknown_name_is_an_error_and_never_an_empty_answer(engine):
    engine.write(graph_of(faces("qwen3-coder", "owasp:T2"), Relation("MEMBER_OF", "north/coder", "north")).batch())
    with pytest.raises(UnknownNodeError, match="no agent 'qwen-coder' in the base; did you mean 'qwen3-coder'"):
        shared_threats(engine, agent="qwen-coder")
    with pytest.raises(AmbiguousNodeError, match="'LLM01' is ambiguous: llm2025:LLM01, llm2026:LLM01"):
        shared_threats(engine, threat="LLM01")
    with pytest.raises(UsageError, match="agent 'qwen3-coder' is no member of 'north'"):
        shared_threats(engine, agent="qwen3-coder", system="north")


@pytest.mark.parametrize("params", [{"origin": "guessed"}, {"min_agents": 0}, {"catalog": "owsap"}, {"certainty": "sure"}])
def test_a_word_outside_its_list_is_an_error(engine, params):
    engine.write(graph_of(faces("codegen", "owasp:T2")).batch())
    with pytest.raises(UsageError):
        shared_threats(engine, **params)


def test_a_threat_that_one_document_states_and_another_rules_out_counts_and_is_marked(engine):
    denial = {"quotes": ("no physical output",), "places": ("page.txt:9",)}
    engine.write(
        graph_of(
            *(faces(agent, "owasp:T2", layer="L3") for agent in ("codegen", "scout", "aider")),
            Relation("RULES_OUT", "codegen", "owasp:T2", denial, "sha256:0b"),
            Relation("RULES_OUT", "scout", "owasp:T2", {"layer": "L1"}, "sha256:0b"),
        ).batch()
    )
    answer = shared_threats(engine)
    assert list(answer.rows) == [row("owasp:T2", "aider", "codegen", "scout", disputed=["codegen"])]
    assert answer.remarks == ("1 threat both stated and ruled out, and counted: codegen owasp:T2 (ruled out by page.txt:9)",)
