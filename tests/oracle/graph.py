"""A graph as two plain lists, and the few words that every definition of a question needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb.engines.protocol import Batch
from kb.model.graph import CatalogContent, Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS


@dataclass
class Graph:
    nodes: list[Node] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def batch(self) -> Batch:
        """What has to be written for an engine to hold the same graph."""
        known = [node for node in self.nodes if NODE_KINDS[node.kind].catalog]
        mapped = [relation for relation in self.relations if RELATION_KINDS[relation.kind].catalog]
        return Batch(
            catalog=CatalogContent("test", known, mapped),
            nodes=[node for node in self.nodes if node not in known],
            relations=[relation for relation in self.relations if relation not in mapped],
        )

    def all(self, kind: str) -> list[Relation]:
        return [relation for relation in self.relations if relation.kind == kind]

    def properties(self, kind: str, node_id: str):
        return next(node.properties for node in self.nodes if (node.kind, node.id) == (kind, node_id))

    def name(self, kind: str, node_id: str) -> str | None:
        return self.properties(kind, node_id).get("name")

    def ids(self, kind: str) -> list[str]:
        return sorted(node.id for node in self.nodes if node.kind == kind)

    def holders(self, system: str | None) -> Iterator[tuple[str, str, str | None]]:
        """(agent, whose relations count as its own, the product if it inherits them)."""
        agents = self.ids("Agent")
        if system is not None:
            agents = sorted({relation.source for relation in self.all("MEMBER_OF") if relation.target == system})
        for agent in agents:
            yield agent, agent, None
            if system is not None and self.properties("System", system).get("infer") is not False:
                for product in sorted({relation.target for relation in self.all("BASED_ON") if relation.source == agent}):
                    yield agent, product, product

    def rules_out(self, agent: str, threat: str, layer: str | None) -> bool:
        return any(
            (relation.source, relation.target) == (agent, threat) and relation.properties.get("layer") in (None, layer)
            for relation in self.all("RULES_OUT")
        )


def graph_of(*relations: Relation, nodes: Sequence[Node] = ()) -> Graph:
    """The graph of ``relations``: nodes that are not given have an id, and beside it only what they must have."""
    known = {(node.kind, node.id): node for node in nodes}
    for relation in relations:
        for kind, node_id in (
            (RELATION_KINDS[relation.kind].sources[0], relation.source),
            (relation.end_kind, relation.target),
            ("Assessment", relation.assessment),
        ):
            if node_id is not None and (kind, node_id) not in known:
                known[kind, node_id] = Node(kind, node_id, _least(kind, node_id))
    return Graph(list(known.values()), list(relations))


def _least(kind: str, node_id: str) -> dict:
    prefix = node_id.partition(":")[0]
    return {
        "Agent": {"form": "deployed" if "/" in node_id else "product", "name": node_id.upper()},
        "Threat": {"catalog": prefix, "form": "threat", "name": f"Threat {node_id}"},
        "Mitigation": {"catalog": prefix, "form": "technique", "name": f"Control {node_id}"},
        "Assessment": {"kind": "page", "series": node_id, "subject": "codegen", "parser": "page 1"},
        "Layer": {"name": f"Layer {node_id}"},
    }.get(kind, {})


def faces(agent: str, threat: str, origin: str = "stated", document: str | None = "sha256:0a", **properties) -> Relation:
    return Relation("FACES", agent, threat, {"origin": origin, **properties}, None if origin == "inferred" else document)


def chosen(given: str | Sequence[str] | None, default: Sequence[str], every: Sequence[str | None]) -> set[str | None]:
    """The words that count: the default where none is given, every one where ``any`` is."""
    words = [given] if isinstance(given, str) else list(given or default)
    return set(every) if "any" in words else set(words)


def via(row: dict, steps: Sequence[dict]) -> dict:
    return {**row, "via": list(steps)} if steps else row


def inherited(pairs: set[tuple[str, str]]) -> list[dict]:
    return [{"relation": "BASED_ON", "from": agent, "to": product} for agent, product in sorted(pairs)]
