"""Which assertions about threats count, said as plainly as can be."""

from collections.abc import Iterator
from dataclasses import dataclass

from kb.model.graph import Relation
from oracle.graph import Graph, chosen

CLOSE = {"skos:exactMatch", "renumbered_to", "maps_to_primary", "maps_to_tactic_primary"}


@dataclass(frozen=True)
class Said:
    agent: str
    threat: str
    product: str | None
    polarity: str
    origin: str
    relation: Relation

    @property
    def layer(self) -> str | None:
        return self.relation.properties.get("layer")

    @property
    def certainty(self) -> str | None:
        return self.relation.properties.get("certainty")


def said(
    graph: Graph,
    *,
    layer=None,
    origin=None,
    certainty=None,
    polarity=None,
    catalog=None,
    system=None,
    threats: set[str] | None = None,
    denied: bool = False,
) -> Iterator[Said]:
    """The FACES relations (and where ``denied`` the RULES_OUT relations) that count, with those that members inherit.

    ``threats`` count whatever their catalogue.
    """
    origins = chosen(origin, ["stated", "declared"], ["stated", "declared", "inferred"])
    certainties = chosen(certainty, ["any"], ["mapped", "uncertain", None])
    polarities = chosen(polarity, ["stated", "mitigated"], ["stated", "mitigated"]) | ({"denied"} if denied else set())
    catalogs = chosen(catalog, ["owasp", "asi", "llm2025"], sorted({threat.split(":")[0] for threat in graph.ids("Threat")}))
    for agent, holder, product in graph.holders(system):
        for one in assertions(graph, agent, holder, product):
            wanted = one.threat in threats if threats is not None else one.threat.split(":")[0] in catalogs
            if not wanted or one.origin not in origins or one.polarity not in polarities:
                continue
            if layer not in (None, one.layer) or one.certainty not in certainties:
                continue
            if product and graph.rules_out(agent, one.threat, one.layer):
                continue
            yield one


def assertions(graph: Graph, agent: str, holder: str, product: str | None) -> Iterator[Said]:
    for relation in graph.all("FACES"):
        if relation.source == holder:
            polarity, origin = relation.properties.get("polarity") or "stated", relation.properties["origin"]
            yield Said(agent, relation.target, product, polarity, origin, relation)
    for relation in graph.all("RULES_OUT"):
        if relation.source == holder:
            origin = "stated" if relation.properties.get("quotes") else "declared"
            yield Said(agent, relation.target, product, "denied", origin, relation)


def products(found: list[Said]) -> dict[tuple[str, str], str | None]:
    """(agent, threat) to the product that it is inherited from, the first by id; to ``None`` where the agent has it itself."""
    pairs: dict[tuple[str, str], str | None] = {}
    for pair in {(one.agent, one.threat) for one in found}:
        sources = [one.product for one in found if (one.agent, one.threat) == pair]
        pairs[pair] = None if None in sources else min(sources)
    return pairs


def disputed(row: dict, graph: Graph, found: list[Said], system: str | None) -> dict:
    """``row`` with the agents that face its threat by one of ``found``, and rule out what that one says."""
    holders: dict[str, set[str]] = {}
    for agent, holder, _ in graph.holders(system):
        holders.setdefault(agent, set()).add(holder)
    agents = {
        one.agent
        for one in found
        if one.threat == row["threat"] and any(graph.rules_out(who, one.threat, one.layer) for who in holders[one.agent])
    }
    return {**row, "disputed": sorted(agents)} if agents else row


def mappings(graph: Graph, threat: str, loose: bool) -> list[tuple[str, Relation]]:
    """(the other threat, the relation), in the order that ``via`` and ``crosswalk`` give them."""
    found = [
        (relation.target if relation.source == threat else relation.source, relation)
        for relation in graph.all("MAPS_TO")
        if threat in (relation.source, relation.target) and (loose or relation.properties["predicate"] in CLOSE)
    ]
    return sorted(
        found,
        key=lambda pair: (
            pair[1].source,
            pair[1].target,
            pair[1].properties["predicate"],
            pair[1].properties.get("status") or "",
        ),
    )


def wanted(graph: Graph, threat: str | None, loose: bool, catalog) -> tuple[set[str] | None, dict[str, list[dict]]]:
    """The threats asked for (``None`` for all), and the mappings that lead to those that were not named."""
    if threat is None:
        return None, {}
    catalogs = chosen(catalog, ["owasp", "asi", "llm2025"], [name.split(":")[0] for name in graph.ids("Threat")])
    steps: dict[str, list[dict]] = {}
    for other, relation in mappings(graph, threat, loose):
        if other != threat and other.split(":")[0] in catalogs:
            step = {"relation": "MAPS_TO", "from": relation.source, "to": relation.target}
            step["predicate"] = relation.properties["predicate"]
            step["status"] = relation.properties.get("status")
            step["sources"] = list(relation.properties.get("sources") or ())
            steps.setdefault(other, []).append(step)
    return {threat, *steps}, steps
