"""From a parsed system to the node and the relations that it asserts."""

from collections.abc import Iterator

from kb.loading.assertions import known, traits
from kb.loading.parsed import Member, ParsedSystem, Trust, Use
from kb.model.graph import Node, Relation
from kb.model.schema import Value


def system_assessment(document: ParsedSystem, assessment: str, parser: str, path: str, documents: int = 1) -> Node:
    """The Assessment node of ``document``; ``documents`` is how many its file holds."""
    properties: dict[str, Value] = {
        "kind": document.kind,
        "series": document.series,
        "subject": document.subject,
        "name": document.name,
        "title": document.title,
        "url": document.url,
        "as_of": document.as_of,
        "parser": parser,
        "in_force": True,
        "infer": document.infer,
        "remarks": document.remarks,
        "path": path,
        "documents": documents,
    }
    return Node("Assessment", assessment, known(properties))


def system_relations(document: ParsedSystem, assessment: str, path: str) -> list[Relation]:
    """Every relation that ``document`` asserts, each under the id of its Assessment."""
    relations = [Relation("ABOUT", assessment, document.subject, {}, assessment, "System")]
    for member in document.members:
        relations += _member(member, document.subject, assessment, path)
    relations += (_trust(trust, assessment, path) for trust in document.trusts)
    relations += (_use(use, assessment, path) for use in document.uses)
    return relations


def _member(member: Member, system: str, assessment: str, path: str) -> Iterator[Relation]:
    properties: dict[str, Value] = {
        "name": member.name,
        "role": member.role,
        "entry": None if member.entries is None else bool(member.entries),
        "entries": member.entries,
        "criticality": None if member.criticality is None else float(member.criticality),
    }
    yield Relation("MEMBER_OF", member.id, system, known(properties), assessment)
    if member.based_on is not None:
        yield Relation("BASED_ON", member.id, member.based_on, {}, assessment)
    yield from traits(member.id, member, assessment, path)


def _trust(trust: Trust, assessment: str, path: str) -> Relation:
    properties: dict[str, Value] = {
        "channel": trust.channel,
        "flow": trust.flow,
        "over": trust.over,
        "strength": float(trust.strength),
        "strength_source": trust.strength_source,
        "protocol": trust.protocol,
        "authenticated": trust.authenticated,
        "places": (f"{path}:{trust.line}",),
    }
    return Relation("TRUSTS", trust.truster, trust.trusted, known(properties), assessment)


def _use(use: Use, assessment: str, path: str) -> Relation:
    properties: dict[str, Value] = {
        "access": use.access,
        "strength": None if use.strength is None else float(use.strength),
        "places": (f"{path}:{use.line}",),
    }
    return Relation("USES", use.agent, use.resource, known(properties), assessment)
