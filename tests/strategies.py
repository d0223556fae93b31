"""Hypothesis strategies for any graph that the schema allows, derived from the schema table."""

from dataclasses import dataclass

from hypothesis import strategies as st

from kb.model.graph import CatalogContent, Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS, NodeKind, Property, RelationKind, Value

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
"""Strings that the schema allows: all but surrogates and U+0000."""

IDS = st.one_of(st.sampled_from(["a", "b", "B", "a/b", "é", "\U0001f40d", "ﬀ", "x'y\"z", "10", "9"]), TEXTS.filter(bool))
"""Ids, few enough to meet, with some whose order by code point is not that of UTF-16 or of a dictionary."""


@dataclass(frozen=True)
class Graph:
    """A graph with every id unique in its kind and every relation unique by its identity."""

    nodes: tuple[Node, ...]
    relations: tuple[Relation, ...]


def values(prop: Property) -> st.SearchStrategy[Value]:
    """Any legal value of ``prop``."""
    if prop.allowed:
        return st.sampled_from(prop.allowed)
    if prop.type == "float":
        return st.floats(prop.low, prop.high, allow_nan=False, allow_infinity=False)
    by_type: dict[str, st.SearchStrategy[Value]] = {
        "string": TEXTS,
        "integer": st.integers(-(2**63), 2**63 - 1),
        "boolean": st.booleans(),
        "strings": st.lists(TEXTS, max_size=3).map(tuple),
    }
    return by_type[prop.type]


@st.composite
def properties(draw: st.DrawFn, kind: NodeKind | RelationKind) -> dict[str, Value]:
    """Properties of ``kind``: the required ones, and any of the others."""
    drawn = {prop.name: draw(values(prop)) for prop in kind.properties if prop.required or draw(st.booleans())}
    if {"quotes", "places"} <= drawn.keys():
        both = min(len(drawn["quotes"]), len(drawn["places"]))
        drawn["quotes"], drawn["places"] = drawn["quotes"][:both], drawn["places"][:both]
    return drawn


@st.composite
def nodes(draw: st.DrawFn, kind: NodeKind) -> Node:
    """A node of ``kind``."""
    return Node(kind.name, draw(IDS), draw(properties(kind)))


@st.composite
def relations(draw: st.DrawFn, kind: RelationKind, ids: dict[str, list[str]]) -> Relation:
    """A relation of ``kind`` between nodes that exist: ``ids`` by node kind."""
    target_kind = draw(st.sampled_from([target for target in kind.targets if ids[target]]))
    asserted_by = [None] if kind.catalog else [None, *ids["Assessment"]]
    return Relation(
        kind.name,
        draw(st.sampled_from(ids[kind.sources[0]])),
        draw(st.sampled_from(ids[target_kind])),
        draw(properties(kind)),
        draw(st.sampled_from(asserted_by)),
        target_kind if len(kind.targets) > 1 else "",
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any small graph that the schema allows, out of a few node kinds and a few relation kinds."""
    kinds = draw(st.sets(st.sampled_from(sorted(NODE_KINDS)), min_size=1, max_size=4))
    drawn = [node for kind in sorted(kinds) for node in draw(st.lists(nodes(NODE_KINDS[kind]), min_size=1, max_size=3))]
    unique = {(node.kind, node.id): node for node in drawn}
    ids: dict[str, list[str]] = {kind: [] for kind in NODE_KINDS}
    for kind, node_id in unique:
        ids[kind].append(node_id)
    possible = [kind for kind in RELATION_KINDS.values() if ids[kind.sources[0]] and any(map(ids.get, kind.targets))]
    if not possible:
        return Graph(tuple(unique.values()), ())
    chosen = draw(st.lists(st.sampled_from(possible), max_size=6))
    asserted = [draw(relations(kind, ids)) for kind in chosen]
    identities = {(relation.kind, relation.end_kind, relation.key): relation for relation in asserted}
    return Graph(tuple(unique.values()), tuple(identities.values()))


def catalogs(version: str) -> st.SearchStrategy[CatalogContent]:
    """The part of a graph that a catalogue may state, called ``version``."""
    return graphs().map(lambda graph: _catalog_of(graph, version))


def _catalog_of(graph: Graph, version: str) -> CatalogContent:
    stated = [node for node in graph.nodes if NODE_KINDS[node.kind].catalog]
    between = [relation for relation in graph.relations if RELATION_KINDS[relation.kind].catalog]
    return CatalogContent(version, stated, between)
