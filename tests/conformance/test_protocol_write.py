"""What ``write`` does with each part of a batch, shown on the smallest graph that shows it."""

import pytest

from contents import Contents, expected, read_all
from kb.engines.protocol import Batch, Engine
from kb.engines.registry import open_engine
from kb.errors import SchemaError, StaleBaseError, StoreError
from kb.model.graph import CatalogContent, Node, Relation
from kb.model.schema import Value

PLANNER, BROWSER = Node("Agent", "planner", {"form": "deployed"}), Node("Agent", "browser", {"form": "deployed"})
T2, T6 = (Node("Threat", f"owasp:{name}", {"catalog": "owasp", "form": "threat"}) for name in ("T2", "T6"))
LEADS_TO = Relation("LEADS_TO", "owasp:T6", "owasp:T2", {"status": "published", "sources": ("OWASP",)})
CATALOG = CatalogContent("1", (T2, T6), (LEADS_TO,))


def document(name: str, *, in_force: bool = True) -> Node:
    properties: dict[str, Value] = {
        "kind": "page",
        "series": "s",
        "subject": "planner",
        "parser": "page 1",
        "in_force": in_force,
    }
    return Node("Assessment", name, properties)


def faces(assessment: str | None, threat: str = "owasp:T2", **properties: Value) -> Relation:
    return Relation("FACES", "planner", threat, {"origin": "stated", **properties}, assessment)


def trusts(strength: float, **properties: Value) -> Relation:
    return Relation("TRUSTS", "planner", "browser", {"channel": "delegation", "strength": strength, **properties})


def test_a_base_is_nothing_before_the_first_write(engine: Engine) -> None:
    assert engine.base is None
    assert read_all(engine) == Contents([], [], [])
    assert engine.expand(["planner"], ["TRUSTS"], "out") == []


def test_a_batch_of_nothing_makes_a_base(engine: Engine) -> None:
    engine.write(Batch())
    assert engine.base is not None
    assert engine.base.catalog_version == ""


def test_clearing_removes_everything_and_the_base_with_it(engine: Engine) -> None:
    engine.write(Batch(catalog=CATALOG, nodes=[PLANNER]))
    engine.clear()
    assert engine.base is None
    assert read_all(engine) == Contents([], [], [])
    engine.write(Batch(nodes=[BROWSER]))
    assert read_all(engine) == expected([BROWSER], [])


def test_properties_of_a_node_are_replaced_as_a_whole(engine: Engine) -> None:
    engine.write(Batch(nodes=[Node("Agent", "planner", {"form": "product", "name": "Planner", "flags": ("x",)})]))
    engine.write(Batch(nodes=[Node("Agent", "planner", {"form": "deployed", "aivss": 0.0})]))
    assert engine.nodes("Agent") == [Node("Agent", "planner", {"form": "deployed", "aivss": 0.0})]


def test_own_properties_of_a_relation_are_replaced_as_a_whole(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, BROWSER], relations=[trusts(0.1, protocol="a2a"), trusts(0.2, authenticated=False)]))
    assert engine.edges("TRUSTS") == [trusts(0.2, authenticated=False)]
    engine.write(Batch(relations=[trusts(0.3)]))
    assert engine.edges("TRUSTS") == [trusts(0.3)]


def test_identity_columns_and_the_assessment_tell_relations_apart(engine: Engine) -> None:
    relations = [faces(None), faces("sha256:1"), faces("sha256:1", layer="L3"), faces("sha256:1", layer="L4")]
    engine.write(Batch(nodes=[PLANNER, T2, document("sha256:1")], relations=relations))
    assert read_all(engine).in_force == expected([], relations).in_force


def test_absent_and_empty_values_are_not_the_same(engine: Engine) -> None:
    properties = {"form": "product", "name": None, "severity": None, "flags": (), "cvss_base": 0.0}
    engine.write(Batch(nodes=[Node("Agent", "planner", properties)]))
    assert engine.nodes("Agent") == [Node("Agent", "planner", {"form": "product", "flags": (), "cvss_base": 0.0})]


@pytest.mark.parametrize(
    "relation",
    [
        Relation("TRUSTS", "nobody", "planner", {"channel": "message"}),
        Relation("TRUSTS", "planner", "nobody", {"channel": "message"}),
        Relation("TRUSTS", "planner", "planner", {"channel": "message"}, assessment="nobody"),
        Relation("ABOUT", "sha256:1", "nobody", target_kind="System"),
    ],
)
def test_a_relation_without_its_ends_is_refused_by_name_and_nothing_is_written(engine: Engine, relation: Relation) -> None:
    engine.write(Batch(nodes=[PLANNER, document("sha256:1")]))
    before = read_all(engine), engine.base
    with pytest.raises(SchemaError, match=f"^{relation.kind} '{relation.source}' → '{relation.target}': .*'nobody'"):
        engine.write(Batch(nodes=[BROWSER], relations=[relation], retire=["sha256:1"]))
    assert (read_all(engine), engine.base) == before


@pytest.mark.parametrize(
    "batch",
    [
        Batch(nodes=[Node("Robot", "x")]),
        Batch(nodes=[Node("Agent", "x", {"form": "product", "colour": "red"})]),
        Batch(nodes=[Node("Agent", "x", {"name": "no form"})]),
        Batch(nodes=[Node("Agent", "x", {"form": "product", "aivss": "high"})]),
        Batch(nodes=[Node("Agent", "x", {"form": "product", "name": "\ud800"})]),
        Batch(nodes=[Node("Layer", "x", {"order": 2**63})]),
        Batch(relations=[Relation("LIKES", "planner", "planner")]),
        Batch(relations=[Relation("TRUSTS", "planner", "planner", {"channel": "message", "colour": "red"})]),
        Batch(relations=[Relation("TRUSTS", "planner", "planner", {"strength": 0.5})]),
        Batch(relations=[Relation("MAPS_TO", "owasp:T2", "owasp:T6", {"predicate": "related"}, assessment="sha256:1")]),
        Batch(relations=[Relation("TRUSTS", "planner", "owasp:T2", {"channel": "message"}, target_kind="Threat")]),
        Batch(catalog=CatalogContent("2", (PLANNER,), ())),
        Batch(catalog=CatalogContent("2", (T2,), (faces(None),))),
        Batch(remove=[("Robot", "x")]),
    ],
)
def test_what_the_schema_table_does_not_know_is_refused_and_nothing_is_written(engine: Engine, batch: Batch) -> None:
    engine.write(Batch(nodes=[PLANNER, T2, T6, document("sha256:1")]))
    before = read_all(engine), engine.base
    with pytest.raises(SchemaError):
        engine.write(batch)
    assert (read_all(engine), engine.base) == before


# ----------------------------------------------------------------------------------------------------------------------
# Documents
# ----------------------------------------------------------------------------------------------------------------------


def test_what_a_retired_document_asserts_stays_readable_out_of_force(engine: Engine) -> None:
    nodes, relations = [PLANNER, T2, document("sha256:1"), document("sha256:2")], [faces("sha256:1"), faces("sha256:2")]
    engine.write(Batch(nodes=nodes, relations=relations))
    engine.write(Batch(retire=["sha256:1", "unknown"]))
    nodes[2] = document("sha256:1", in_force=False)
    assert read_all(engine) == expected(nodes, relations)
    assert engine.edges("FACES", in_force=False) == [faces("sha256:1")]


def test_a_document_can_be_written_and_retired_in_one_batch(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, T2, document("sha256:1")], relations=[faces("sha256:1")], retire=["sha256:1"]))
    assert engine.edges("FACES") == []
    assert engine.edges("FACES", in_force=False) == [faces("sha256:1")]


def test_what_is_written_under_a_retired_document_stays_out_of_the_graph(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, T2, T6, document("sha256:1", in_force=False)]))
    engine.write(Batch(relations=[faces("sha256:1")]))
    assert engine.edges("FACES") == []
    assert engine.edges("FACES", in_force=False) == [faces("sha256:1")]


def test_an_assessment_whose_node_says_otherwise_is_retired_or_restored_by_that(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, T2, document("sha256:1")], relations=[faces("sha256:1")]))
    engine.write(Batch(nodes=[document("sha256:1", in_force=False)]))
    assert engine.edges("FACES") == []
    engine.write(Batch(nodes=[document("sha256:1")]))
    assert engine.edges("FACES") == [faces("sha256:1")]
    assert engine.edges("FACES", in_force=False) == []


def test_a_withdrawn_document_leaves_without_trace_and_its_neighbour_stays(engine: Engine) -> None:
    newer, older, other = document("sha256:2"), document("sha256:1", in_force=False), document("sha256:3")
    about = [Relation("ABOUT", node.id, "planner", {}, node.id, "Agent") for node in (newer, older, other)]
    assertions = [faces("sha256:1"), faces("sha256:2"), faces("sha256:3"), Relation("SUPERSEDES", "sha256:2", "sha256:1")]
    engine.write(Batch(nodes=[PLANNER, T2, newer, older, other], relations=[*about, *assertions]))
    engine.write(Batch(withdraw=["sha256:1", "sha256:2", "unknown"]))
    assert read_all(engine) == expected([PLANNER, T2, other], [about[2], faces("sha256:3")])


def test_uninferring_removes_what_no_document_asserts_of_these_agents(engine: Engine) -> None:
    inferred = faces(None, origin="inferred", rule="decision-path")
    of_another = Relation("FACES", "browser", "owasp:T2", {"origin": "inferred"})
    incoming = Relation("TRUSTS", "browser", "planner", {"channel": "message"})
    engine.write(Batch(catalog=CATALOG, nodes=[PLANNER, BROWSER, document("sha256:1")]))
    engine.write(Batch(relations=[inferred, of_another, incoming, trusts(1.0), faces("sha256:1")]))
    engine.write(Batch(uninfer=["planner", "unknown"]))
    kept = [of_another, incoming, faces("sha256:1"), LEADS_TO]
    assert read_all(engine) == expected([PLANNER, BROWSER, T2, T6, document("sha256:1")], kept)


def test_only_a_node_without_relations_can_be_removed(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, BROWSER], relations=[trusts(1.0)]))
    for kind, node_id in (("Agent", "planner"), ("Agent", "browser")):
        with pytest.raises(SchemaError, match=f"{kind} '{node_id}' cannot be removed"):
            engine.write(Batch(remove=[(kind, node_id)]))
    engine.write(Batch(uninfer=["planner"], remove=[("Agent", "planner"), ("Agent", "unknown")]))
    assert read_all(engine) == expected([BROWSER], [])


def test_a_node_that_a_retired_document_speaks_of_cannot_be_removed(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER, T2, document("sha256:1", in_force=False)], relations=[faces("sha256:1")]))
    for kind, node_id in (("Agent", "planner"), ("Threat", "owasp:T2"), ("Assessment", "sha256:1")):
        with pytest.raises(SchemaError, match=f"{kind} '{node_id}' cannot be removed"):
            engine.write(Batch(remove=[(kind, node_id)]))


# ----------------------------------------------------------------------------------------------------------------------
# The catalogue, and the state that a batch expects
# ----------------------------------------------------------------------------------------------------------------------


def test_a_newer_catalogue_replaces_the_older_one(engine: Engine) -> None:
    engine.write(Batch(catalog=CATALOG))
    renamed = Node("Threat", "owasp:T2", {"catalog": "owasp", "form": "threat", "name": "Tool Misuse"})
    engine.write(Batch(catalog=CatalogContent("2", (renamed,), ())))
    assert engine.base is not None
    assert engine.base.catalog_version == "2"
    assert read_all(engine) == expected([renamed], [])


def test_a_threat_that_has_gone_stays_while_a_document_points_at_it(engine: Engine) -> None:
    known = [PLANNER, document("sha256:1", in_force=False), T2]
    engine.write(Batch(catalog=CATALOG, nodes=known[:2], relations=[faces("sha256:1")]))
    engine.write(Batch(catalog=CatalogContent("2", (), ())))
    assert read_all(engine) == expected(known, [faces("sha256:1")])
    engine.write(Batch(withdraw=["sha256:1"]))
    assert read_all(engine) == expected([PLANNER], [])


def test_a_batch_that_expects_another_state_of_the_base_is_refused(engine: Engine) -> None:
    engine.write(Batch(expects="", nodes=[PLANNER]))
    assert engine.base is not None
    first = engine.base.fingerprint
    engine.write(Batch(expects=first, nodes=[document("sha256:1")]))
    before = read_all(engine), engine.base
    for stale in (first, ""):
        with pytest.raises(StaleBaseError):
            engine.write(Batch(expects=stale, nodes=[BROWSER]))
    assert (read_all(engine), engine.base) == before
    engine.write(Batch(nodes=[BROWSER]))
    assert engine.nodes("Agent") == [BROWSER, PLANNER]


def test_the_first_write_may_expect_that_there_is_no_base(engine: Engine) -> None:
    with pytest.raises(StaleBaseError):
        engine.write(Batch(expects="0" * 64, nodes=[PLANNER]))
    assert engine.base is None


def test_of_two_first_writers_the_second_sees_what_the_first_has_written(engine: Engine) -> None:
    with open_engine(engine.location, mode="write") as other:
        assert other.base is None
        engine.write(Batch(expects="", nodes=[PLANNER]))
        with pytest.raises(StaleBaseError):
            other.write(Batch(expects="", nodes=[BROWSER]))
        assert other.base == engine.base
        assert read_all(other) == expected([PLANNER], [])
        other.write(Batch(nodes=[BROWSER]))
    assert read_all(engine) == expected([BROWSER, PLANNER], [])


def test_an_engine_for_reading_sees_what_others_write_and_writes_nothing(engine: Engine) -> None:
    engine.write(Batch(nodes=[PLANNER]))
    with open_engine(engine.location, mode="read") as reader:
        assert reader.nodes("Agent") == [PLANNER]
        engine.write(Batch(nodes=[BROWSER]))
        assert reader.nodes("Agent") == [BROWSER, PLANNER]
        for refused in (lambda: reader.write(Batch()), reader.clear):
            with pytest.raises(StoreError, match="opened for reading"):
                refused()
    assert engine.nodes("Agent") == [BROWSER, PLANNER]


def test_reading_a_store_that_holds_no_base_is_an_error(engine: Engine) -> None:
    with pytest.raises(StoreError, match="no base here") as raised:
        open_engine(engine.location, mode="read")
    assert raised.value.exit_code == 4
    assert "kb load PATH" in raised.value.hint
    engine.write(Batch())
    engine.clear()
    with pytest.raises(StoreError, match="no base here"):
        open_engine(engine.location, mode="read")
