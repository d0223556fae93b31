"""coverage, mitigations_for."""

from oracle.facing import disputed, products, said, wanted
from oracle.graph import Graph, inherited, via


def in_place(graph: Graph, mitigation: str, system) -> dict[str, str | None]:
    """Agents that have the control to the product they have it from, ``None`` where it is their own."""
    places: dict[str, list[str | None]] = {}
    for agent, holder, product in graph.holders(system):
        for relation in graph.all("IMPLEMENTS"):
            if (relation.source, relation.target) == (holder, mitigation) and relation.properties.get("coverage") != 0:
                places.setdefault(agent, []).append(product)
    return {agent: None if None in found else min(found) for agent, found in places.items()}


def coverage(graph: Graph, *, threat=None, loose=False, catalog=None, system=None, **filters):
    threats, steps = wanted(graph, threat, loose, catalog)
    found = list(said(graph, threats=threats, catalog=catalog, system=system, **filters))
    pairs = products(found)
    rows = []
    for faced in {what for _, what in pairs}:
        agents = {who for who, what in pairs if what == faced}
        counters = {relation.source for relation in graph.all("COUNTERS") if relation.target == faced}
        used = {one: agents & in_place(graph, one, system).keys() for one in counters}
        covered = {agent for some in used.values() for agent in some}
        row = {
            "threat": faced,
            "name": graph.name("Threat", faced),
            "agents_facing": len(agents),
            "agents_covered": len(covered),
            "uncovered": sorted(agents - covered),
            "mitigations": sorted(one for one, some in used.items() if some),
            "statuses": sorted(
                {
                    relation.properties["status"]
                    for relation in graph.all("COUNTERS")
                    if relation.target == faced and used[relation.source] and relation.properties.get("status")
                }
            ),
        }
        bases = {(who, product) for (who, what), product in pairs.items() if what == faced and product}
        rows.append(disputed(via(row, [*steps.get(faced, []), *inherited(bases)]), graph, found, system))
    return sorted(rows, key=lambda row: (-row["agents_facing"], row["agents_covered"], row["threat"]))


def mitigations_for(graph: Graph, *, target, loose=False, catalog=None, system=None, **filters):
    steps: dict[str, list[dict]] = {}
    if target in graph.ids("Agent"):
        threats = {one.threat for one in said(graph, catalog=catalog, system=system, **filters) if one.agent == target}
    else:
        threats, steps = wanted(graph, target, loose, catalog)
    counters = [relation for relation in graph.all("COUNTERS") if relation.target in threats]
    rows = []
    for mitigation in {relation.source for relation in counters}:
        own = [relation for relation in counters if relation.source == mitigation]
        countered = sorted({relation.target for relation in own})
        degrees = [degree for relation in own if (degree := relation.properties.get("effectiveness")) is not None]
        places = in_place(graph, mitigation, system)
        if target in graph.ids("Agent"):
            places = {agent: product for agent, product in places.items() if agent == target}
        row = {
            "mitigation": mitigation,
            "name": graph.name("Mitigation", mitigation),
            "form": graph.properties("Mitigation", mitigation)["form"],
            "tactic": graph.properties("Mitigation", mitigation).get("tactic"),
            "count": len(countered),
            "threats": countered,
            "effectiveness": max(degrees, default=None),
            "statuses": sorted({status for relation in own if (status := relation.properties.get("status"))}),
            "sources": sorted({source for relation in own for source in relation.properties.get("sources") or ()}),
            "in_place": sorted(places),
        }
        bases = inherited({(agent, product) for agent, product in places.items() if product})
        rows.append(via(row, [*(step for threat in countered for step in steps.get(threat, [])), *bases]))
    return sorted(
        rows,
        key=lambda row: (-row["count"], 1 if row["effectiveness"] is None else -row["effectiveness"], row["mitigation"]),
    )
