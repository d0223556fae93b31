"""agents_at, layer_heatmap."""

from oracle.facing import said
from oracle.graph import Graph, chosen, inherited, via


def surest(certainties) -> str | None:
    return next((word for word in ("mapped", "uncertain") if word in certainties), None)


def assessed(graph: Graph, system):
    """(agent, product, relation) for every ASSESSED_AT that counts."""
    for agent, holder, product in graph.holders(system):
        for relation in graph.all("ASSESSED_AT"):
            if relation.source == holder:
                yield agent, product, relation


def agents_at(graph: Graph, *, layer, certainty=None, system=None):
    certainties = chosen(certainty, ["any"], ["mapped", "uncertain", None])
    rows = []
    there = [one for one in assessed(graph, system) if one[2].target == layer]
    for agent in sorted({who for who, _, _ in there}):
        own = [(product, relation) for who, product, relation in there if who == agent]
        sources = [product for product, _ in own]
        row = {
            "agent": agent,
            "name": graph.name("Agent", agent),
            "certainty": surest([relation.properties.get("certainty") for _, relation in own]),
            "documents": sorted({relation.assessment for _, relation in own if relation.assessment}),
        }
        if row["certainty"] in certainties:
            rows.append(via(row, [] if None in sources else inherited({(agent, min(sources))})))
    return rows


def layer_heatmap(graph: Graph, *, by="agents", certainty=None, system=None, **filters):
    certainties = chosen(certainty, ["any"], ["mapped", "uncertain", None])
    said_there = [
        (one.layer, one.threat, one.agent, one.certainty, one.product)
        for one in said(graph, certainty=certainty, system=system, **filters)
    ]
    if by == "agents":
        said_there += [
            (relation.target, None, agent, relation.properties.get("certainty"), product)
            for agent, product, relation in assessed(graph, system)
            if relation.properties.get("certainty") in certainties
        ]
    rows = []
    for layer, cell in {(one[0], one[2] if by == "agents" else one[1]) for one in said_there}:
        there = [one for one in said_there if (one[0], one[2] if by == "agents" else one[1]) == (layer, cell)]
        counted = {one[1] if by == "agents" else one[2] for one in there} - {None}
        bases = set()
        for pair in {(one[1], one[2]) for one in there}:
            sources = [one[4] for one in there if (one[1], one[2]) == pair]
            if None not in sources:
                bases.add((pair[1], min(sources)))
        kind = "Agent" if by == "agents" else "Threat"
        row = {"layer": layer, by[:-1]: cell, "name": graph.name(kind, cell), "count": len(counted)}
        rows.append(via({**row, "certainty": surest([one[3] for one in there])}, inherited(bases)))
    return sorted(rows, key=lambda row: (row["layer"] or "", row[by[:-1]]))
