"""Writing a change of documents together with everything that rests on it, in one transaction.

What an agent's node says (united figures, recomputed score) and the threats that rules infer for it are derived from the
documents in force, and for a deployed agent from those of its product too. So whenever these change, both are made anew for
the agents concerned, in the same batch. Agents, systems and resources are there while a document speaks of them: marked as
former where only superseded documents do, and gone where none does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from kb.catalog import Catalog
from kb.engines.protocol import BaseInfo, Batch, Engine
from kb.loading.afterwards import Afterwards
from kb.loading.assertions import in_force, out_of_force
from kb.loading.change import Change
from kb.loading.inference import inferred_threats
from kb.loading.testimonies import testimonies
from kb.loading.unite import former_agent, united_agent
from kb.model.graph import Node, Relation


@dataclass(slots=True)
class _Derived:
    """What a batch says beside the documents themselves."""

    nodes: list[Node] = field(default_factory=list)
    inferred: list[Relation] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    """(kind, id) of nodes that no document speaks of any more."""


def settle(engine: Engine, catalog: Catalog, base: BaseInfo | None, change: Change, also: Iterable[str] = ()) -> frozenset[str]:
    """Write ``change``, and derive its agents and those in ``also`` anew; returns the ids of agents that left.

    ``base`` is what the base said of itself before anything was read that ``change`` rests on. A base that is new, or of
    another catalogue, is brought to ``catalog`` in the same transaction, and all its agents with it.
    """
    outdated = base is None or base.catalog_version != catalog.version
    changed = set(also)
    if base is not None and outdated:
        changed |= {node.id for node in engine.nodes("Agent")}
    after, derived = Afterwards(engine, change), _Derived()
    touched = _agents(after, changed)
    _derive_agents(after, catalog, touched, derived)
    _derive_systems(after, derived)
    _derive_resources(after, derived)
    engine.write(
        Batch(
            expects=base.fingerprint if base else "",
            catalog=catalog.content if outdated else None,
            withdraw=sorted(change.withdrawn),
            restore=sorted(change.restored),
            uninfer=sorted(touched),
            nodes=[*_assessments(change), *derived.nodes],
            relations=[
                *(relation for _, relations in change.added.values() for relation in relations),
                *(Relation("SUPERSEDES", newer, older, {}, newer) for newer, older in change.supersedes),
                *derived.inferred,
            ],
            retire=sorted(change.retired.keys() | (change.added.keys() - change.in_force)),
            remove=derived.gone,
        )
    )
    return frozenset(node_id for kind, node_id in derived.gone if kind == "Agent")


def _agents(after: Afterwards, changed: Collection[str]) -> set[str]:
    """``changed`` and every agent whose node or inferred threats the documents of the change may alter."""
    told = set(changed) | _subjects(after.change, of_systems=False)
    touched = told | {relation.source for relation in after.said("BASED_ON", target=told)}
    systems = _system_documents(after.change)
    touched |= {relation.source for relation in after.told("MEMBER_OF", systems)}
    return touched | {relation.target for relation in after.told("BASED_ON", systems)}


def _derive_agents(after: Afterwards, catalog: Catalog, touched: Collection[str], derived: _Derived) -> None:
    heard = testimonies(after, touched)
    silent = {agent for agent in touched if not heard[agent].documents}
    named = {relation.target for relation in after.said("BASED_ON", target=silent)}
    former = {relation.target for relation in after.past("BASED_ON", target=silent)}
    former |= {relation.source for relation in after.past("MEMBER_OF", source=silent)}
    for agent in sorted(touched):
        if agent not in silent or agent in named:
            derived.nodes.append(united_agent(heard[agent]))
            derived.inferred += inferred_threats(heard[agent], catalog)
        elif agent in former:
            derived.nodes.append(former_agent(agent))
        else:
            derived.gone.append(("Agent", agent))


def _derive_systems(after: Afterwards, derived: _Derived) -> None:
    systems = _subjects(after.change, of_systems=True)
    about = {relation.target: relation for relation in after.said("ABOUT", target=systems) if relation.end_kind == "System"}
    documents = after.documents(str(relation.source) for relation in about.values())
    for system in sorted(systems):
        if system in about:
            said = documents[about[system].source].properties
            derived.nodes.append(
                Node("System", system, {"name": said.get("name") or system, "infer": said.get("infer") is not False})
            )
        else:
            derived.gone.append(("System", system))


def _derive_resources(after: Afterwards, derived: _Derived) -> None:
    resources = {relation.target for relation in after.told("USES", _system_documents(after.change))}
    used = {relation.target for relation in after.said("USES", target=resources)}
    former = {relation.target for relation in after.past("USES", target=resources)}
    for resource in sorted(resources):
        form, _, name = resource.partition(":")
        if resource in used | former:
            properties = {"name": name, "form": form if resource in used else "former"}
            derived.nodes.append(Node("Resource", resource, properties))
        else:
            derived.gone.append(("Resource", resource))


def _documents(change: Change) -> list[Node]:
    """Every Assessment that comes, goes or changes places."""
    nodes = [node for node, _ in change.added.values()]
    return [*nodes, *change.retired.values(), *change.restored.values(), *change.withdrawn.values()]


def _subjects(change: Change, *, of_systems: bool) -> set[str]:
    """The systems, or else the agents, that the documents of ``change`` are about."""
    return {str(node.properties["subject"]) for node in _documents(change) if _is_of_system(node) == of_systems}


def _system_documents(change: Change) -> set[str]:
    return {node.id for node in _documents(change) if _is_of_system(node)}


def _is_of_system(node: Node) -> bool:
    return node.properties["kind"] == "system"


def _assessments(change: Change) -> list[Node]:
    """The Assessment nodes of ``change`` as they are afterwards."""
    added = [node if key in change.in_force else out_of_force(node) for key, (node, _) in change.added.items()]
    return [*added, *(in_force(node) for node in change.restored.values()), *map(out_of_force, change.retired.values())]
