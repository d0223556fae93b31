"""A base as a value, read through the protocol only, and what a graph looks like once it is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.engines.protocol import Engine
from kb.model.graph import Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS


@dataclass(frozen=True)
class Contents:
    """All that a base holds, in the order that engines answer in."""

    nodes: list[Node]
    in_force: list[Relation]
    out_of_force: list[Relation]


def read_all(engine: Engine) -> Contents:
    """Everything in the base of ``engine``."""
    return Contents(
        [node for kind in sorted(NODE_KINDS) for node in engine.nodes(kind)],
        [edge for kind in sorted(RELATION_KINDS) for edge in engine.edges(kind)],
        [edge for kind in sorted(RELATION_KINDS) for edge in engine.edges(kind, in_force=False)],
    )


def expected(nodes: Iterable[Node], relations: Iterable[Relation]) -> Contents:
    """What a base holds into which ``nodes`` and ``relations`` were written, and nothing else."""
    ordered = sorted(nodes, key=lambda node: (node.kind, node.id))
    retired = {node.id for node in ordered if node.kind == "Assessment" and node.properties.get("in_force") is False}
    edges = sorted(relations, key=order)
    return Contents(
        ordered,
        [edge for edge in edges if edge.assessment not in retired],
        [edge for edge in edges if edge.assessment in retired],
    )


def order(relation: Relation) -> tuple[str, str, str, str, str]:
    """The sort key of relations of several kinds."""
    return relation.kind, relation.source, relation.target, relation.key, relation.end_kind
