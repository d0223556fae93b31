"""Threats that one document states and another rules out: they count, since that is the careful reading, and are marked."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from kb.engines.protocol import Engine, Row
from kb.model.graph import Relation
from kb.questions.facing import Facing

_SHOWN = 3
"""Disputes that the remark names one by one."""


class Dispute(NamedTuple):
    """An agent that faces a threat, as far as one document goes, and does not, as far as another goes."""

    agent: str
    threat: str
    denials: tuple[Relation, ...]
    """The RULES_OUT relations, which speak of the same layer as a statement that counts, or of no layer in particular."""


def disputes(engine: Engine, facing: Facing, threats: Collection[str], agent: str | None = None) -> list[Dispute]:
    """The disputes about ``threats`` among the assertions that ``facing`` counts, by agent, then threat.

    With ``agent`` (its full id) those of this agent. In a system a member has its product's assertions, stated and ruled out.
    """
    holders = _holders(engine, facing, agent)
    sources = None if holders is None else sorted({holder for some in holders.values() for holder in some})
    denials = engine.edges("RULES_OUT", source=sources, target=sorted(threats)) if threats else []
    holders = holders if holders is not None else {denial.source: [denial.source] for denial in denials}
    denying = {denial.source for denial in denials}
    concerned = {name: some for name, some in holders.items() if denying & set(some)}
    stated = engine.edges("FACES", source=sorted({one for some in concerned.values() for one in some}), target=sorted(threats))
    return [
        Dispute(name, threat, ruled_out)
        for name, some in sorted(concerned.items())
        for threat in sorted(threats)
        if (ruled_out := _denials(name, some, _about(threat, stated), _about(threat, denials), facing))
    ]


def marked(row: Row, found: Iterable[Dispute]) -> Row:
    """``row``, with ``disputed``, the agents about which documents differ, where there are some."""
    agents = [dispute.agent for dispute in found if dispute.threat == row["threat"]]
    return {**row, "disputed": agents} if agents else row


def disputed(found: list[Dispute]) -> list[str]:
    """The remark that names ``found``; none where there is nothing to say."""
    if not found:
        return []
    named = [f"{one.agent} {one.threat} (ruled out by {_place(one.denials[0])})" for one in found[:_SHOWN]]
    rest = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    count = "1 threat" if len(found) == 1 else f"{len(found)} threats"
    return [f"{count} both stated and ruled out, and counted: {', '.join([*named, *rest])}"]


def _holders(engine: Engine, facing: Facing, agent: str | None) -> Mapping[str, list[str]] | None:
    """Each agent that is asked about to itself and the products that it inherits from; ``None`` for all, as they are."""
    if facing.system is None:
        return None if agent is None else {agent: [agent]}
    members = {relation.source for relation in engine.edges("MEMBER_OF", target=[facing.system])}
    asked = sorted(members if agent is None else members & {agent})
    holders = {name: [name] for name in asked}
    if all(system.properties.get("infer") is not False for system in engine.nodes("System", [facing.system])):
        for relation in engine.edges("BASED_ON", source=asked):
            holders[relation.source].append(relation.target)
    return holders


def _about(threat: str, relations: Iterable[Relation]) -> list[Relation]:
    return [relation for relation in relations if relation.target == threat]


def _denials(
    agent: str, holders: Collection[str], stated: Iterable[Relation], denials: Iterable[Relation], facing: Facing
) -> tuple[Relation, ...]:
    """Those of ``denials`` by ``holders`` that stand against something ``stated`` that counts for ``agent``."""
    own = [denial for denial in denials if denial.source in holders]
    counting = [
        claim
        for claim in stated
        if claim.source in holders
        and facing.counts(claim)
        and (claim.source == agent or not any(denial.source == agent and _meets(denial, claim) for denial in own))
    ]
    return tuple(denial for denial in own if any(_meets(denial, claim) for claim in counting))


def _meets(denial: Relation, claim: Relation) -> bool:
    """Whether ``denial`` rules out what ``claim`` states: of the same layer, or of all."""
    return denial.properties.get("layer") in (None, claim.properties.get("layer"))


def _place(denial: Relation) -> str:
    places = denial.properties.get("places")
    return places[0] if isinstance(places, tuple) and places else str(denial.assessment)[:19]
