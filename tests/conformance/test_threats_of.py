"""threats-of: what is said of one agent, word by word."""

from kb.model.graph import Node, Relation
from kb.questions.threats_of import threats_of
from oracle.graph import faces, graph_of

QUOTES = {"quotes": ("it may run any tool", "tools are open"), "places": ("page.txt:12", "page.txt:30")}


def row(threat, origin="stated", polarity="stated", **more):
    plain = {"threat": threat, "name": f"Threat {threat}", "layer": None, "origin": origin, "rule": None, "certainty": None}
    return plain | {"polarity": polarity, "quotes": [], "places": [], "document": "sha256:0a"} | more


def test_every_assertion_is_a_row_with_its_words_and_its_document(engine):
    engine.write(
        graph_of(
            faces("codegen", "owasp:T2", layer="L3", certainty="mapped", polarity="mitigated", **QUOTES),
            faces("codegen", "owasp:T2"),
            faces("codegen", "owasp:T2", "declared", "sha256:0b"),
            faces("codegen", "owasp:T11", certainty="uncertain"),
            faces("scout", "owasp:T3"),
        ).batch()
    )
    quotes = {name: list(texts) for name, texts in QUOTES.items()}
    assert list(threats_of(engine, agent="codegen").rows) == [
        row("owasp:T11", certainty="uncertain"),
        row("owasp:T2", "declared", document="sha256:0b"),
        row("owasp:T2"),
        row("owasp:T2", polarity="mitigated", layer="L3", certainty="mapped", **quotes),
    ]


def test_what_a_document_rules_out_is_listed_as_denied_and_is_not_counted_as_faced(engine):
    words = {"quotes": ("no memory",), "places": ("page.txt:9",)}
    engine.write(
        graph_of(
            Relation("RULES_OUT", "codegen", "owasp:T1", {"layer": "L2", **words}, "sha256:0a"),
            Relation("RULES_OUT", "codegen", "owasp:T3", {}, "sha256:0a"),
            faces("codegen", "owasp:T1", "inferred", rule="scores"),
        ).batch()
    )
    answer = threats_of(engine, agent="codegen")
    assert list(answer.rows) == [
        row("owasp:T1", polarity="denied", layer="L2", quotes=["no memory"], places=["page.txt:9"]),
        row("owasp:T3", "declared", "denied"),
    ]
    assert answer.remarks == ("+1 inferred, --origin any",)


def test_an_inferred_threat_names_its_rule(engine):
    engine.write(graph_of(faces("codegen", "owasp:T2", "inferred", rule="scores", certainty="uncertain")).batch())
    inferred = row("owasp:T2", "inferred", rule="scores", certainty="uncertain", document=None)
    assert list(threats_of(engine, agent="codegen", origin="inferred").rows) == [inferred]


def test_remarks_count_what_other_catalogues_and_systems_would_add(engine):
    engine.write(
        graph_of(
            faces("north/coder", "maestro:L3-03", "declared"),
            *(faces("codegen", threat) for threat in ("owasp:T1", "owasp:T2")),
            Relation("BASED_ON", "north/coder", "codegen"),
            Relation("MEMBER_OF", "north/coder", "north"),
        ).batch()
    )
    answer = threats_of(engine, agent="coder")
    assert answer.rows == ()
    assert answer.remarks == ("+1 in other catalogues, --catalog any", "+2 inherited, --system north")
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    inherited = threats_of(engine, agent="coder", system="north")
    assert list(inherited.rows) == [row("owasp:T1", via=via), row("owasp:T2", via=via)]
    assert inherited.assumptions == ("a member has what its product has (BASED_ON, one step) but for what it rules out itself",)


def test_a_product_named_by_two_documents_of_a_system_is_inherited_from_once(engine):
    engine.write(
        graph_of(
            faces("codegen", "owasp:T1"),
            *(Relation("BASED_ON", "north/coder", "codegen", {}, document) for document in ("sha256:0a", "sha256:0b")),
            Relation("MEMBER_OF", "north/coder", "north"),
        ).batch()
    )
    via = [{"relation": "BASED_ON", "from": "north/coder", "to": "codegen"}]
    assert list(threats_of(engine, agent="coder", system="north").rows) == [row("owasp:T1", via=via)]


def test_a_layer_of_which_no_document_speaks_is_no_layer_without_threats(engine):
    cut = {"kind": "page", "series": "page:scout:full", "subject": "scout", "parser": "page 1", "cut": True}
    engine.write(
        graph_of(
            Relation("ABOUT", "sha256:0c", "scout", {}, "sha256:0c", "Agent"),
            Relation("ASSESSED_AT", "scout", "L1", {"certainty": "mapped"}, "sha256:0c"),
            nodes=[Node("Assessment", "sha256:0c", cut), Node("Layer", "L5", {"name": "Layer L5"})],
        ).batch()
    )
    unreached = "1 document is cut before its end; layers that it never reached are absent"
    assert threats_of(engine, agent="scout", layer="L1").remarks == (unreached,)
    assert threats_of(engine, agent="scout", layer="L5").remarks == ("scout: no document in force speaks of L5", unreached)
