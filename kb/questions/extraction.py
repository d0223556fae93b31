"""The graph, or a part of it, as networkx knows it."""

from typing import TYPE_CHECKING

from kb.engines.protocol import Engine
from kb.model.schema import NODE_KINDS, RELATION_KINDS

if TYPE_CHECKING:
    import networkx


def to_networkx(engine: Engine) -> "networkx.MultiDiGraph[tuple[str, str]]":
    """Everything in force: nodes ``(kind, id)`` with their properties, relations under their ``key``.

    A relation's attributes are its properties, its ``kind`` and its ``assessment``.
    """
    import networkx

    graph: networkx.MultiDiGraph[tuple[str, str]] = networkx.MultiDiGraph()
    for kind in NODE_KINDS:
        graph.add_nodes_from(((kind, node.id), dict(node.properties)) for node in engine.nodes(kind))
    for name, relation_kind in RELATION_KINDS.items():
        (source_kind,) = relation_kind.sources
        for relation in engine.edges(name):
            graph.add_edge(
                (source_kind, relation.source),
                (relation.end_kind, relation.target),
                key=relation.key,
                **{**relation.properties, "kind": name, "assessment": relation.assessment},
            )
    return graph
