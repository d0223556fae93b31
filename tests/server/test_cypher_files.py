"""Every file of ``cypher/`` and every statement of the engine on a real server: it warns of nothing, and finds ids by index."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from kb.api import KnowledgeBase
from kb.engines.neo4j import statements
from kb.engines.neo4j.engine import Neo4jEngine
from kb.engines.protocol import Batch, Engine
from kb.library import Query, browser_queries, queries
from kb.model.graph import Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, NodeKind, Property, RelationKind, Value
from server.fixtures import Address

SCAN = "NodeByLabelScan"

WASTEFUL = frozenset(
    {"AllNodesScan", "CartesianProduct", "DirectedRelationshipTypeScan", "UndirectedRelationshipTypeScan", SCAN}
)
"""How no look-up by id begins."""

ABOUT_ALL_OF_A_KIND = {"claims_check", "coverage", "layer_heatmap", "score_ranking", "shared_threats", "unscored"}
"""The files that ask about all agents, threats or documents, and begin with a scan of that label; others start from ids."""


@pytest.fixture
def driver(neo4j_server: Address, neo4j_store: str) -> Iterator[Driver]:
    """A driver that hears every warning, on the seeds and a graph in which every kind and every property occurs."""
    with KnowledgeBase.open(neo4j_store, mode="write") as base:
        base.load(seeds=True)
        base.engine.write(everything())
    with GraphDatabase.driver(neo4j_store, auth=(neo4j_server.user, neo4j_server.password)) as connected:
        connected.execute_query("CREATE (:Gone)")
        connected.execute_query("CALL db.prepareForReplanning(60)")  # the planner goes by counts, which come late by themselves
        yield connected


def everything() -> Batch:
    nodes = [Node(kind.name, "x", filled(kind)) for kind in NODE_KINDS.values()]
    relations = [
        Relation(kind.name, "x", "x", filled(kind), None if kind.catalog else "x", target if len(kind.targets) > 1 else "")
        for kind in RELATION_KINDS.values()
        for target in kind.targets
    ]
    return Batch(nodes=nodes, relations=relations)


def filled(kind: NodeKind | RelationKind) -> dict[str, Value]:
    return {prop.name: value(prop) for prop in kind.properties} | ({"in_force": True} if kind.name == "Assessment" else {})


def value(prop: Property) -> Value:
    values: dict[str, Value] = {"float": 0.5, "integer": 1, "boolean": True, "strings": ("x",), "string": "x"}
    return prop.allowed[0] if prop.allowed else values[prop.type]


def explained(driver: Driver, text: str, params: dict[str, Any]) -> tuple[set[str], list[str]]:
    """The wasteful steps in the plan of ``text``, and what the server warns of."""
    _, summary, _ = driver.execute_query(f"CYPHER replan=force EXPLAIN {text}", params)
    warnings = [status.status_description for status in summary.gql_status_objects if status.is_notification]
    return WASTEFUL.intersection(steps(summary.plan)), warnings


def steps(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from steps(child)


def test_every_file_warns_of_nothing_and_finds_ids_by_index(driver: Driver) -> None:
    files = {**queries(), **browser_queries()}
    found = {name: explained(driver, look_up.text, dict.fromkeys(params(look_up))) for name, look_up in files.items()}
    assert found == {name: ({SCAN} if name in ABOUT_ALL_OF_A_KIND else set(), []) for name in files}


def params(look_up: Query) -> list[str]:
    return [param.name for param in look_up.params]


def test_every_file_is_run_as_it_stands(neo4j_store: str) -> None:
    with Neo4jEngine(neo4j_store, mode="write") as engine:
        engine.write(everything())
        for look_up in (*queries().values(), *browser_queries().values()):
            table = engine.run(look_up.text, dict.fromkeys(params(look_up)) | {"min_agents": 1})
            assert table.columns == tuple(column.name for column in look_up.returns)


def every_statement() -> Iterator[tuple[str, str]]:
    """(name, text) of each statement of the engine, in each of its forms."""
    kinds = {"kind": (NODE_KINDS["Threat"], NODE_KINDS["Agent"]), "label": ("Agent", "Assessment"), "target": ("Agent",)}
    for name, function in inspect.getmembers(statements, inspect.isfunction):
        wanted = inspect.signature(function).parameters
        if function.__module__ != statements.__name__ or name.startswith("_") or name in ("constraints", "relation_type"):
            continue
        forms: list[dict[str, Any]] = [{}]
        for parameter in wanted.values():
            choices: tuple[Any, ...] = {
                "in_force": (True, False),
                "by_id": (True, False),
                "given": tuple(map(frozenset, (["source"], ["target"], ["assessment"], ["source", "target", "assessment"]))),
            }.get(parameter.name, kinds.get(parameter.name, ()))
            if parameter.annotation is RelationKind:
                choices = tuple(RELATION_KINDS.values() if name == "read_edges" else statements.DOCUMENT_KINDS)
            forms = [{**form, parameter.name: choice} for form in forms for choice in choices]
        texts = [function(**form) for form in forms if fits(form)]
        yield from ((name, text) for made in texts for text in ([made] if isinstance(made, str) else made))


def fits(form: dict[str, Any]) -> bool:
    """Whether the engine asks so: what the catalogue asserts has no assessment, and is never out of force."""
    kind = form.get("kind")
    is_catalog = isinstance(kind, RelationKind) and kind.catalog
    return not is_catalog or (form.get("in_force", True) and "assessment" not in form.get("given", ()))


def test_every_statement_of_the_engine_warns_of_nothing_and_scans_only_where_all_is_meant(driver: Driver) -> None:
    found = set()
    for name, text in every_statement():
        given = {name: [] for name in ("ids", "rows", "source", "target", "assessment")} | {"properties": {}, "in_force": True}
        sought, warnings = explained(driver, text, given)
        assert warnings == [], text
        found |= {(name, step) for step in sought}
    assert found - ABOUT_ALL == {("merge_relations", "CartesianProduct")}  # of the one source and the one target of a row


ABOUT_ALL = {
    ("any_node", "AllNodesScan"),
    ("delete_all", "AllNodesScan"),
    ("delete_catalog_relations", "DirectedRelationshipTypeScan"),
    ("delete_catalog_relations", SCAN),
    ("delete_in_portions", "AllNodesScan"),
    ("documents_in_force", SCAN),
    ("drop_gone", SCAN),
    ("mark_gone", SCAN),
    ("read_nodes", SCAN),
}
"""The statements that are about all nodes, or all of a kind, and what they do."""


# ----------------------------------------------------------------------------------------------------------------------
# The bounded questions, on graphs of trust
# ----------------------------------------------------------------------------------------------------------------------


def trusts(truster: str, trusted: str, strength: float | None, channel: str = "message") -> Relation:
    known = {} if strength is None else {"strength": strength}
    return Relation("TRUSTS", truster, trusted, {"channel": channel, "flow": "forward", "over": "message", **known})


def wired(engine: Engine, *relations: Relation) -> None:
    agents = sorted({end for relation in relations for end in (relation.source, relation.target)})
    engine.write(Batch(nodes=[Node("Agent", agent, {"form": "deployed"}) for agent in agents], relations=relations))


def rows(store: str, name: str, relations: list[Relation], **params: str) -> list[tuple[Any, ...]]:
    """The rows without the path, whose agents are held to the chain."""
    with Neo4jEngine(store, mode="write") as engine:
        wired(engine, *relations)
        found = engine.run(browser_queries()[name].text, params).rows
    for row in found:
        assert [node["id"] for node in row["path"][::2]] == row["chain"]
    return [tuple(value for column, value in row.items() if column != "path") for row in found]


CHAIN = [trusts("payments", "planner", 0.5, "delegation"), trusts("planner", "browser", 0.5)]


def test_compromise_runs_from_the_trusted_to_the_truster(neo4j_store: str) -> None:
    assert rows(neo4j_store, "trust_paths", CHAIN, fallen="browser", hit="payments") == [
        (2, 0.25, ["browser", "planner", "payments"], ["message", "delegation"])
    ]
    assert rows(neo4j_store, "trust_paths", CHAIN, fallen="payments", hit="browser") == []
    assert rows(neo4j_store, "cascade_from", CHAIN, fallen="browser") == [
        ("planner", 1, 0.5, ["browser", "planner"], ["message"]),
        ("payments", 2, 0.25, ["browser", "planner", "payments"], ["message", "delegation"]),
    ]
    assert rows(neo4j_store, "cascade_from", CHAIN, fallen="payments") == []


def test_each_agent_is_hit_once_by_its_likeliest_chain(neo4j_store: str) -> None:
    relations = [trusts("d", "a", 0.125), trusts("b", "a", 0.5), trusts("d", "b", 0.5), trusts("d", "b", 0.25, "artifact")]
    assert rows(neo4j_store, "cascade_from", relations, fallen="a") == [
        ("b", 1, 0.5, ["a", "b"], ["message"]),
        ("d", 2, 0.25, ["a", "b", "d"], ["message", "message"]),
    ]
    assert rows(neo4j_store, "trust_paths", relations, fallen="a", hit="d") == [
        (2, 0.25, ["a", "b", "d"], ["message", "message"]),
        (1, 0.125, ["a", "d"], ["message"]),
        (2, 0.125, ["a", "b", "d"], ["message", "artifact"]),
    ]


def test_a_ring_is_gone_round_once_and_an_unknown_strength_gives_no_likelihood(neo4j_store: str) -> None:
    relations = [trusts("b", "a", 0.5), trusts("a", "b", 0.5), trusts("c", "b", None), trusts("a", "c", 1.0)]
    assert rows(neo4j_store, "cascade_from", relations, fallen="a") == [
        ("b", 1, 0.5, ["a", "b"], ["message"]),
        ("c", 2, None, ["a", "b", "c"], ["message", "message"]),
    ]


def test_chains_end_after_five_steps(neo4j_store: str) -> None:
    line = [trusts(after, before, 1.0) for before, after in zip("abcdef", "bcdefg", strict=True)]
    assert [row[0] for row in rows(neo4j_store, "cascade_from", line, fallen="a")] == list("bcdef")
    assert rows(neo4j_store, "trust_paths", line, fallen="a", hit="f") == [(5, 1.0, list("abcdef"), ["message"] * 5)]
    assert rows(neo4j_store, "trust_paths", line, fallen="a", hit="g") == []
