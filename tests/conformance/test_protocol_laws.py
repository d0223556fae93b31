"""What holds for every graph that the schema allows."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contents import expected, read_all
from kb.engines.protocol import BaseInfo, Batch, Engine
from kb.model.fingerprint import fingerprint
from kb.model.graph import CatalogContent, Node, Relation, check_node, check_relation
from kb.model.schema import RELATION_KINDS, SCHEMA_VERSION
from strategies import IDS, TEXTS, Graph, catalogs, graphs

law = settings(
    max_examples=max(15, settings.default.max_examples // 5),
    deadline=None,  # a server may pause
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],  # each example clears the engine first
)


def rewritten(engine: Engine, *batches: Batch) -> Engine:
    """``engine`` holding what ``batches`` say and nothing else."""
    engine.clear()
    for batch in batches:
        engine.write(batch)
    return engine


def pieces(values: Sequence[object]) -> st.SearchStrategy[list[Sequence[object]]]:
    """``values`` in any order, cut anywhere into three."""
    cuts = st.lists(st.integers(0, len(values)), min_size=2, max_size=2).map(sorted)
    return st.tuples(st.permutations(values), cuts).map(
        lambda drawn: [drawn[0][: drawn[1][0]], drawn[0][drawn[1][0] : drawn[1][1]], drawn[0][drawn[1][1] :]]
    )


def assessments(graph: Graph, *, in_force: bool) -> list[str]:
    return [
        node.id
        for node in graph.nodes
        if node.kind == "Assessment" and (node.properties.get("in_force") is not False) == in_force
    ]


@law
@given(graph=graphs())
def test_graphs_that_are_drawn_fit_the_schema_table(graph: Graph) -> None:
    for node in graph.nodes:
        check_node(node)
    for relation in graph.relations:
        check_relation(relation)


@law
@given(graph=graphs())
def test_what_is_read_is_what_was_written(engine: Engine, graph: Graph) -> None:
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations))
    assert read_all(engine) == expected(graph.nodes, graph.relations)


@law
@given(graph=graphs(), data=st.data())
def test_any_split_and_order_of_batches_gives_the_same_base(engine: Engine, graph: Graph, data: st.DataObject) -> None:
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations))
    whole = read_all(engine), engine.base
    nodes, relations = data.draw(pieces(graph.nodes)), data.draw(pieces(graph.relations))
    rewritten(engine, *(Batch(nodes=part) for part in nodes), *(Batch(relations=part) for part in relations))
    assert (read_all(engine), engine.base) == whole


@law
@given(graph=graphs(), catalog=catalogs("1"), data=st.data())
def test_writing_a_batch_twice_leaves_what_writing_it_once_leaves(
    engine: Engine, graph: Graph, catalog: CatalogContent, data: st.DataObject
) -> None:
    some = st.lists(st.sampled_from([*assessments(graph, in_force=True), *assessments(graph, in_force=False), "none"]))
    batch = Batch(
        catalog=data.draw(st.sampled_from([None, catalog])),
        withdraw=data.draw(some),
        restore=data.draw(some),
        uninfer=data.draw(st.lists(st.sampled_from([node.id for node in graph.nodes]))),
        nodes=graph.nodes,
        relations=graph.relations,
        retire=data.draw(some),
    )
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations), batch)
    once = read_all(engine), engine.base
    engine.write(batch)
    assert (read_all(engine), engine.base) == once


@law
@given(graph=graphs())
def test_retiring_and_restoring_is_the_identity(engine: Engine, graph: Graph) -> None:
    nodes = [_saying_whether_in_force(node) for node in graph.nodes]
    rewritten(engine, Batch(nodes=nodes, relations=graph.relations))
    before = read_all(engine), engine.base
    engine.write(Batch(retire=assessments(graph, in_force=True)))
    asserted = [edge for edge in read_all(engine).in_force if edge.assessment is not None]
    engine.write(Batch(restore=assessments(graph, in_force=True)))
    assert asserted == []
    assert (read_all(engine), engine.base) == before


def _saying_whether_in_force(node: Node) -> Node:
    return replace(node, properties={"in_force": True, **node.properties}) if node.kind == "Assessment" else node


@law
@given(graph=graphs())
def test_a_document_that_is_withdrawn_was_never_there(engine: Engine, graph: Graph) -> None:
    gone = set(assessments(graph, in_force=True))
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations), Batch(withdraw=sorted(gone)))
    nodes = [node for node in graph.nodes if not (node.kind == "Assessment" and node.id in gone)]
    assert read_all(engine) == expected(nodes, [edge for edge in graph.relations if not _touches(edge, gone)])


def _touches(relation: Relation, assessments: set[str]) -> bool:
    """Whether one of ``assessments`` asserts ``relation`` or stands at one of its ends."""
    starts = RELATION_KINDS[relation.kind].sources == ("Assessment",) and relation.source in assessments
    ends = relation.end_kind == "Assessment" and relation.target in assessments
    return starts or ends or relation.assessment in assessments


@law
@given(first=catalogs("1"), second=catalogs("2"))
def test_a_newer_catalogue_leaves_nothing_of_the_older_one(
    engine: Engine, first: CatalogContent, second: CatalogContent
) -> None:
    rewritten(engine, Batch(catalog=second))
    alone = read_all(engine), engine.base
    rewritten(engine, Batch(catalog=first), Batch(catalog=second))
    assert (read_all(engine), engine.base) == alone


@law
@given(graph=graphs(), wanted=st.lists(IDS), in_force=st.booleans(), data=st.data())
def test_filters_select_from_all_relations(
    engine: Engine, graph: Graph, wanted: list[str], in_force: bool, data: st.DataObject
) -> None:
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations))
    ids = st.lists(st.sampled_from([*(node.id for node in graph.nodes), *wanted]))
    filters = {name: data.draw(st.none() | ids) for name in ("source", "target", "assessment")}
    for kind in RELATION_KINDS:
        found = engine.edges(kind, **filters, in_force=in_force)
        everything = engine.edges(kind, in_force=in_force)
        assert found == [
            edge
            for edge in everything
            if all(chosen is None or getattr(edge, name) in chosen for name, chosen in filters.items())
        ]


@law
@given(graph=graphs(), data=st.data())
def test_expanding_a_frontier_finds_the_relations_that_leave_or_enter_it(
    engine: Engine, graph: Graph, data: st.DataObject
) -> None:
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations))
    frontier = data.draw(st.lists(st.sampled_from([*(node.id for node in graph.nodes), "nowhere"])))
    kinds = data.draw(st.lists(st.sampled_from(sorted(RELATION_KINDS))))
    in_force = read_all(engine).in_force
    of_kinds = [edge for edge in in_force if edge.kind in kinds]
    assert engine.expand(frontier, kinds, "out") == [edge for edge in of_kinds if edge.source in frontier]
    assert engine.expand(frontier, kinds, "in") == [edge for edge in of_kinds if edge.target in frontier]


@law
@given(graph=graphs(), version=TEXTS)
def test_the_fingerprint_says_which_documents_are_in_force_under_which_catalogue(
    engine: Engine, graph: Graph, version: str
) -> None:
    rewritten(engine, Batch(nodes=graph.nodes, relations=graph.relations))
    engine.write(Batch(catalog=CatalogContent(version, (), ())))
    pairs = [(node.id, str(node.properties["parser"])) for node in _in_force(graph)]
    assert engine.base == BaseInfo(SCHEMA_VERSION, version, fingerprint(SCHEMA_VERSION, version, pairs))


def _in_force(graph: Graph) -> list[Node]:
    chosen = assessments(graph, in_force=True)
    return [node for node in graph.nodes if node.kind == "Assessment" and node.id in chosen]
