"""crosswalk."""

from oracle.facing import mappings
from oracle.graph import Graph


def crosswalk(graph: Graph, *, threat, loose=False):
    return [
        {
            "from": relation.source,
            "to": relation.target,
            "name": graph.name("Threat", other),
            "predicate": relation.properties["predicate"],
            "status": relation.properties.get("status"),
            "confidence": relation.properties.get("confidence"),
            "sources": list(relation.properties.get("sources") or ()),
            "direction": "out" if relation.source == threat else "in",
        }
        for other, relation in mappings(graph, threat, loose)
    ]
