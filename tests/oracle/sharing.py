"""shared_threats, agents_like, threats_of."""

from oracle.facing import disputed, products, said, wanted
from oracle.graph import Graph, inherited, via


def shared_threats(
    graph: Graph, *, threat=None, agent=None, min_agents=None, loose=False, catalog=None, system=None, **filters
):
    threats, steps = wanted(graph, threat, loose, catalog)
    found = list(said(graph, threats=threats, catalog=catalog, system=system, **filters))
    pairs = products(found)
    rows = []
    for faced in {faced for _, faced in pairs}:
        agents = sorted(who for who, what in pairs if what == faced)
        if len(agents) < (min_agents or (1 if threat else 2)) or (agent and agent not in agents):
            continue
        bases = {(who, product) for (who, what), product in pairs.items() if what == faced and product}
        row = {"threat": faced, "name": graph.name("Threat", faced), "count": len(agents), "agents": agents}
        rows.append(disputed(via(row, [*steps.get(faced, []), *inherited(bases)]), graph, found, system))
    return sorted(rows, key=lambda row: (-row["count"], row["threat"]))


def agents_like(graph: Graph, *, agent, **filters):
    pairs = products(list(said(graph, **filters)))
    mine = {what for who, what in pairs if who == agent}
    rows = []
    for other in {who for who, _ in pairs} - {agent}:
        theirs = {what for who, what in pairs if who == other}
        shared = mine & theirs
        if shared:
            row = {"agent": other, "name": graph.name("Agent", other), "shared": len(shared)}
            row |= {"jaccard": len(shared) / len(mine | theirs), "threats": sorted(shared)}
            rows.append(via(row, inherited({(other, pairs[other, what]) for what in shared if pairs[other, what]})))
    return sorted(rows, key=lambda row: (-row["jaccard"], row["agent"]))


def threats_of(graph: Graph, *, agent, **filters):
    found = [one for one in said(graph, denied=True, **filters) if one.agent == agent]
    found.sort(key=lambda one: (one.threat, one.layer or "", one.polarity, one.origin, one.product or "", one.relation.key))
    return [
        via(
            {
                "threat": one.threat,
                "name": graph.name("Threat", one.threat),
                "layer": one.layer,
                "origin": one.origin,
                "rule": one.relation.properties.get("rule"),
                "certainty": one.certainty,
                "polarity": one.polarity,
                "quotes": list(one.relation.properties.get("quotes") or ()),
                "places": list(one.relation.properties.get("places") or ()),
                "document": one.relation.assessment,
            },
            inherited({(agent, one.product)}) if one.product else [],
        )
        for one in found
    ]
