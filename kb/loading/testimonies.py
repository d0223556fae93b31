"""All that the documents in force say of some agents, gathered in as many reads as there are kinds of relations."""

from collections.abc import Collection, Iterable, Mapping

from kb.loading.afterwards import Afterwards
from kb.loading.unite import Testimony, is_deployed
from kb.model.graph import Node, Relation

_KINDS = ("FACES", "HAS_CAPABILITY", "RULES_OUT", "MEMBER_OF", "TRUSTS", "USES")


def testimonies(after: Afterwards, agents: Collection[str]) -> dict[str, Testimony]:
    """What is said of each of ``agents``; a deployed one has beside it what is said of the product that it inherits from."""
    based_on = {relation.source: relation.target for relation in after.said("BASED_ON", source=agents)}
    everyone = {*agents, *based_on.values()}
    relations = [relation for kind in _KINDS for relation in after.said(kind, source=everyone)]
    spoken = _documents(after, everyone, relations)
    infers = _infers(after, relations)
    by_source: dict[str, list[Relation]] = {agent: [] for agent in everyone}
    for relation in relations:
        by_source[relation.source].append(relation)
    alone = {agent: Testimony(agent, spoken[agent], by_source[agent], infers=infers.get(agent, True)) for agent in everyone}
    return {agent: _with_product(alone[agent], alone.get(based_on.get(agent, ""))) for agent in agents}


def _with_product(testimony: Testimony, product: Testimony | None) -> Testimony:
    if product is None or not testimony.infers:
        return testimony
    return Testimony(testimony.agent, testimony.documents, testimony.relations, product)


def _documents(after: Afterwards, agents: Collection[str], relations: Iterable[Relation]) -> dict[str, list[Node]]:
    """Agent to the Assessments that speak of it: of a product those about it, of a deployed agent all that assert something."""
    about = after.said("ABOUT", target={agent for agent in agents if not is_deployed(agent)})
    pairs = {(relation.target, relation.source) for relation in about if relation.end_kind == "Agent"}
    pairs |= {(relation.source, relation.assessment or "") for relation in relations if is_deployed(relation.source)}
    known = after.documents(assessment for _, assessment in pairs)
    found: dict[str, list[Node]] = {agent: [] for agent in agents}
    for agent, assessment in sorted(pairs):
        found[agent].append(known[assessment])
    return found


def _infers(after: Afterwards, relations: Iterable[Relation]) -> Mapping[str, bool]:
    """Member to whether something is inferred and inherited for it: where all its systems let it be."""
    members = [(relation.source, relation.target) for relation in relations if relation.kind == "MEMBER_OF"]
    about = after.said("ABOUT", target={system for _, system in members})
    documents = after.documents(relation.source for relation in about if relation.end_kind == "System")
    silent = {str(node.properties["subject"]) for node in documents.values() if node.properties.get("infer") is False}
    found: dict[str, bool] = {}
    for agent, system in members:
        found[agent] = found.get(agent, True) and system not in silent
    return found
