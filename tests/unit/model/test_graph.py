from hashlib import sha256

import pytest

from kb.errors import SchemaError
from kb.model.graph import Node, Relation, check_node, check_relation, relation_key
from kb.model.schema import Value


def faces(**properties: Value) -> Relation:
    return Relation("FACES", "codegen", "owasp:T2", {"origin": "stated", **properties}, "sha256:1")


def agent(**properties: Value) -> Node:
    return Node("Agent", "codegen", {"form": "product", **properties})


def test_the_key_is_made_of_kind_ends_identity_columns_and_assessment() -> None:
    text = "FACES\x1fcodegen\x1fowasp:T2\x1fstated\x1f\x1fdecision-path\x1fsha256:1"
    relation = faces(rule="decision-path", certainty="mapped", layer=None)
    assert relation.key == sha256(text.encode()).hexdigest()[:20]
    assert relation.key == relation_key("FACES", "codegen", "owasp:T2", relation.properties, "sha256:1")
    assert relation.key == faces(rule="decision-path", certainty="uncertain").key
    assert relation.key != faces(rule="decision-path", layer="L3").key


def test_the_target_kind_comes_from_the_schema_table_where_it_leaves_no_choice() -> None:
    assert faces().end_kind == "Threat"
    assert Relation("ABOUT", "sha256:1", "s", target_kind="System").end_kind == "System"


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (Node("Robot", "x"), "no node kind 'Robot'"),
        (Node("Agent", "x"), "Agent 'x': form is missing"),
        (agent(colour="red"), "Agent 'codegen': no property 'colour'"),
        (agent(name=7), "Agent 'codegen': name is 7, expected string"),
        (agent(flags=("a", 1)), "Agent 'codegen': flags is ('a', 1), expected strings"),
        (agent(flags=["a"]), "Agent 'codegen': flags is ['a'], expected strings"),
        (agent(cvss_base=7), "Agent 'codegen': cvss_base is 7, expected float"),
        (agent(cvss_base=10.5), "Agent 'codegen': cvss_base is 10.5, outside 0–10"),
        (agent(cvss_base=float("nan")), "Agent 'codegen': cvss_base is nan, expected a finite number"),
        (agent(factor_sum=float("inf")), "Agent 'codegen': factor_sum is inf, expected a finite number"),
        (agent(severity="Severe"), "Agent 'codegen': severity is 'Severe', expected one of None, Low, Medium, High, Critical"),
        (agent(name="a\0b"), "Agent 'codegen': name holds U+0000 or half a surrogate pair"),
        (Node("Layer", "L1", {"order": 2**63}), "Layer 'L1': order is 9223372036854775808, beyond 64 bits"),
        (agent(flags=("a", "\ud800")), "Agent 'codegen': flags holds U+0000 or half a surrogate pair"),
    ],
)
def test_a_node_that_does_not_fit_says_why(node: Node, sentence: str) -> None:
    with pytest.raises(SchemaError) as raised:
        check_node(node)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("relation", "sentence"),
    [
        (Relation("LIKES", "a", "b"), "no relation kind 'LIKES'"),
        (Relation("USES", "a", "b", {"access": "read"}, target_kind="Agent"), "USES 'a' → 'b': 'Agent' is no target of USES"),
        (Relation("USES", "a", "b"), "USES 'a' → 'b': access is missing"),
        (faces(quotes=("a", "b"), places=("x:1",)), "FACES 'codegen' → 'owasp:T2': 2 quotes but 1 places"),
        (
            Relation("AT_LAYER", "owasp:T2", "L3", {}, "sha256:1"),
            "AT_LAYER 'owasp:T2' → 'L3': no document asserts relations of the catalogue",
        ),
    ],
)
def test_a_relation_that_does_not_fit_says_why(relation: Relation, sentence: str) -> None:
    with pytest.raises(SchemaError) as raised:
        check_relation(relation)
    assert str(raised.value) == sentence


def test_whatever_fits_passes() -> None:
    check_node(agent(name=None, cvss_base=0.0, flags=(), severity="None"))
    check_relation(faces(quotes=("naïve \U0001f40d",), places=("x:1",), layer="L3"))
