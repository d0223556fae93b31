"""What ``nodes``, ``edges``, ``expand`` and ``ask`` answer, to the order of the rows."""

import pytest

from kb.engines.protocol import Batch, Engine
from kb.errors import SchemaError, UsageError
from kb.library import queries
from kb.model.graph import Node, Relation


def agent(name: str) -> Node:
    return Node("Agent", name, {"form": "product"})


def trusts(source: str, target: str, channel: str = "message") -> Relation:
    return Relation("TRUSTS", source, target, {"channel": channel})


@pytest.fixture
def triangle(engine: Engine) -> Engine:
    """``payments`` trusts ``planner`` trusts ``browser``; the document about them names a system like one of them."""
    about = Node("Assessment", "sha256:1", {"kind": "system", "series": "s", "subject": "planner", "parser": "p"})
    engine.write(
        Batch(
            nodes=[agent("payments"), agent("planner"), agent("browser"), Node("System", "planner"), about],
            relations=[
                trusts("planner", "browser"),
                trusts("payments", "planner"),
                trusts("payments", "planner", "artifact"),
                Relation("ABOUT", "sha256:1", "planner", {}, "sha256:1", "Agent"),
                Relation("ABOUT", "sha256:1", "planner", {}, "sha256:1", "System"),
                Relation("MEMBER_OF", "planner", "planner", {"entry": True}, "sha256:1"),
            ],
        )
    )
    return engine


def test_nodes_come_by_id_in_the_order_of_code_points(engine: Engine) -> None:
    names = ["b", "Z", "é", "10", "9", "\U00010000", "\ufb00", "a"]
    engine.write(Batch(nodes=[agent(name) for name in names]))
    in_order = ["10", "9", "Z", "a", "b", "é", "\ufb00", "\U00010000"]
    assert engine.nodes("Agent") == list(map(agent, in_order))
    assert engine.nodes("Agent", ["é", "Z", "é", "unknown"]) == [agent("Z"), agent("é")]
    assert engine.nodes("Agent", []) == []


def test_ids_are_unique_in_their_kind_only(triangle: Engine) -> None:
    assert triangle.nodes("System", ["planner", "browser"]) == [Node("System", "planner")]


def test_an_id_that_could_end_early_finds_nothing(triangle: Engine) -> None:
    odd = ["planner\0", "planner' OR '1'='1", "planner%", 'planner"', "PLANNER", "\ud800", ""]
    assert triangle.nodes("Agent", odd) == []
    assert triangle.edges("TRUSTS", source=odd) == []
    assert triangle.expand(odd, ["TRUSTS"], "in") == []


def test_edges_come_by_source_target_and_key(triangle: Engine) -> None:
    both = sorted([trusts("payments", "planner"), trusts("payments", "planner", "artifact")], key=lambda edge: edge.key)
    assert triangle.edges("TRUSTS") == [*both, trusts("planner", "browser")]
    assert triangle.edges("TRUSTS", source=["payments", "payments"]) == both
    assert triangle.edges("TRUSTS", target=iter(["browser"])) == [trusts("planner", "browser")]
    assert triangle.edges("TRUSTS", source=["payments"], target=["browser"]) == []
    assert triangle.edges("TRUSTS", assessment=["sha256:1"]) == []
    assert triangle.edges("TRUSTS", source=[]) == []


def test_a_relation_names_the_kind_of_its_target_where_there_are_several(triangle: Engine) -> None:
    about = [Relation("ABOUT", "sha256:1", "planner", {}, "sha256:1", kind) for kind in ("Agent", "System")]
    assert triangle.edges("ABOUT", assessment=["sha256:1"]) == about
    assert triangle.expand(["planner"], ["ABOUT"], "in") == about


def test_expanding_takes_one_step_from_the_whole_frontier(triangle: Engine) -> None:
    member = Relation("MEMBER_OF", "planner", "planner", {"entry": True}, "sha256:1")
    kinds = ["TRUSTS", "MEMBER_OF", "TRUSTS"]
    assert triangle.expand(["browser", "planner"], kinds, "out") == [member, trusts("planner", "browser")]
    assert triangle.expand(["browser"], kinds, "in") == [trusts("planner", "browser")]
    assert triangle.expand(["browser"], [], "in") == []


def test_a_kind_that_the_schema_does_not_know_is_an_error(triangle: Engine) -> None:
    with pytest.raises(SchemaError, match="no node kind 'Robot'"):
        triangle.nodes("Robot")
    with pytest.raises(SchemaError, match="no relation kind 'LIKES'"):
        triangle.edges("LIKES")
    with pytest.raises(SchemaError, match="no relation kind 'LIKES'"):
        triangle.expand(["planner"], ["LIKES"], "out")


def test_a_look_up_without_name_or_with_other_parameters_is_an_error(triangle: Engine) -> None:
    with pytest.raises(UsageError, match="no look-up 'shared-threats'"):
        triangle.ask("shared-threats", {})
    with pytest.raises(UsageError, match="'crosswalk' needs 'predicates'"):
        triangle.ask("crosswalk", {"threat": "owasp:T2"})
    with pytest.raises(UsageError, match="'crosswalk' knows no 'colour'"):
        triangle.ask("crosswalk", {"threat": "owasp:T2", "predicates": None, "colour": "red"})


def test_a_look_up_answers_in_json_like_values(engine: Engine) -> None:
    threats = [Node("Threat", name, {"catalog": name[:5], "form": "risk", "name": name}) for name in ("owasp:T2", "asi26:02")]
    mapping = Relation("MAPS_TO", "owasp:T2", "asi26:02", {"predicate": "related", "confidence": 1.0, "sources": ("b", "a")})
    engine.write(Batch(nodes=threats, relations=[mapping]))
    row = {"from": "owasp:T2", "to": "asi26:02", "name": "asi26:02", "predicate": "related", "status": None}
    row |= {"confidence": 1.0, "sources": ["b", "a"], "direction": "out"}
    assert engine.ask("crosswalk", {"threat": "owasp:T2", "predicates": ["related"]}) == [row]
    assert engine.ask("crosswalk", {"threat": "owasp:T2", "predicates": ["other"]}) == []


def test_every_look_up_can_be_asked_of_a_store_without_a_base(engine: Engine) -> None:
    for name, query in queries().items():
        params = {field.name: [] if field.type == "list" else None for field in query.params}
        assert engine.ask(name, params) == []
