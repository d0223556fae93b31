"""Writing a change of documents together with everything that rests on it, in one transaction.

What an agent's node says (united figures, recomputed score) and the threats that rules infer for it are derived from the
documents in force. So whenever these change, both are made anew for the agents concerned, in the same batch.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.catalog import Catalog
from kb.engines.protocol import BaseInfo, Batch, Engine
from kb.loading.assertions import in_force, out_of_force
from kb.loading.inference import inferred_threats
from kb.loading.series import standing
from kb.loading.unite import Testimony, united_agent
from kb.model.graph import Node, Relation

_KINDS = ("FACES", "HAS_CAPABILITY", "RULES_OUT")


@dataclass(slots=True)
class Change:
    """Documents that come, go and change places; empty to begin with."""

    added: dict[str, tuple[Node, Sequence[Relation]]] = field(default_factory=dict)
    """Assessment id to its node and what it asserts."""
    in_force: set[str] = field(default_factory=set)
    """Ids of added documents that count afterwards; the others are superseded from the start."""
    retired: dict[str, Node] = field(default_factory=dict)
    """Documents that counted before and do not afterwards, but stay readable."""
    restored: dict[str, Node] = field(default_factory=dict)
    """Retired documents that count again."""
    withdrawn: dict[str, Node] = field(default_factory=dict)
    """Documents that leave without trace."""
    supersedes: list[tuple[str, str]] = field(default_factory=list)
    """(winner, loser) ids, where the winner counts of all documents of its series; it takes them along when it is retired."""


def documents_about(engine: Engine, subjects: Collection[str]) -> list[Node]:
    """The Assessments of ``subjects`` that the base has, also those that are superseded."""
    both = (engine.edges("ABOUT", target=subjects, in_force=counts) for counts in (True, False))
    return engine.nodes("Assessment", {relation.source for relations in both for relation in relations})


def rearrange(change: Change, histories: Iterable[Mapping[str, Node]]) -> frozenset[str]:
    """Say in ``change`` which documents come to count, or cease to; returns the ids of all that count in the end.

    ``histories`` hold for each series concerned the documents that it has afterwards, in the order of their loading.
    """
    counting = set()
    for history in histories:
        heir = standing(history.values()).id
        counting.add(heir)
        change.supersedes += ((heir, key) for key in history if key != heir)
        for key, node in history.items():
            counted = key not in change.added and node.properties.get("in_force") is True
            if key != heir and counted:
                change.retired[key] = node
            elif key == heir and key in change.added:
                change.in_force.add(key)
            elif key == heir and not counted:
                change.restored[key] = node
    return frozenset(counting)


def settle(engine: Engine, catalog: Catalog, base: BaseInfo | None, change: Change, also: Iterable[str] = ()) -> frozenset[str]:
    """Write ``change``, and derive its agents and those in ``also`` anew; returns the ids of agents that left.

    ``base`` is what the base said of itself before anything was read that ``change`` rests on. A base that is new, or of
    another catalogue, is brought to ``catalog`` in the same transaction, and all its agents with it.
    """
    outdated = base is None or base.catalog_version != catalog.version
    touched = _subjects(change) | set(also)
    if base is not None and outdated:
        touched |= {node.id for node in engine.nodes("Agent")}
    testimonies = _testimonies(engine, change, touched)
    gone = frozenset(agent for agent, testimony in testimonies.items() if not testimony.documents)
    present = [testimony for agent, testimony in sorted(testimonies.items()) if agent not in gone]
    engine.write(
        Batch(
            expects=base.fingerprint if base else "",
            catalog=catalog.content if outdated else None,
            withdraw=sorted(change.withdrawn),
            restore=sorted(change.restored),
            uninfer=sorted(touched),
            nodes=[*_assessments(change), *(united_agent(testimony) for testimony in present)],
            relations=[
                *(relation for _, relations in change.added.values() for relation in relations),
                *(Relation("SUPERSEDES", newer, older, {}, newer) for newer, older in change.supersedes),
                *(relation for testimony in present for relation in inferred_threats(testimony, catalog)),
            ],
            retire=sorted(change.retired.keys() | (change.added.keys() - change.in_force)),
            remove=[("Agent", agent) for agent in sorted(gone)],
        )
    )
    return gone


def _subjects(change: Change) -> set[str]:
    nodes = [node for node, _ in change.added.values()]
    nodes += [*change.retired.values(), *change.restored.values(), *change.withdrawn.values()]
    return {str(node.properties["subject"]) for node in nodes}


def _assessments(change: Change) -> list[Node]:
    """The Assessment nodes of ``change`` as they are afterwards."""
    added = [node if key in change.in_force else out_of_force(node) for key, (node, _) in change.added.items()]
    return [*added, *(in_force(node) for node in change.restored.values()), *map(out_of_force, change.retired.values())]


def _testimonies(engine: Engine, change: Change, agents: Collection[str]) -> dict[str, Testimony]:
    """What the documents that will be in force say of each of ``agents``."""
    documents, relations = _unchanged(engine, change, agents) if agents else ([], [])
    documents += (in_force(node) for node in change.restored.values())
    documents += (change.added[key][0] for key in change.in_force)
    if change.restored:
        relations += (edge for kind in _KINDS for edge in engine.edges(kind, assessment=change.restored, in_force=False))
    relations += (edge for key in change.in_force for edge in change.added[key][1] if edge.kind in _KINDS)
    by_subject: dict[str, list[Node]] = {agent: [] for agent in agents}
    for document in documents:
        by_subject[str(document.properties["subject"])].append(document)
    by_source: dict[str, list[Relation]] = {agent: [] for agent in agents}
    for relation in relations:
        by_source[relation.source].append(relation)
    return {agent: Testimony(agent, by_subject[agent], by_source[agent]) for agent in agents}


def _unchanged(engine: Engine, change: Change, agents: Collection[str]) -> tuple[list[Node], list[Relation]]:
    """The documents about ``agents`` that are in force before and after, and what they assert."""
    leaving = change.retired.keys() | change.withdrawn.keys() | change.added.keys()
    about = (relation for relation in engine.edges("ABOUT", target=agents) if relation.end_kind == "Agent")
    staying = {relation.source for relation in about} - leaving
    relations = [edge for kind in _KINDS for edge in engine.edges(kind, source=agents) if edge.assessment in staying]
    return engine.nodes("Assessment", staying), relations
