"""What systems refer to and nothing is loaded of: legal, since it may be loaded later, but worth a remark."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from kb.engines.protocol import Engine
from kb.loading.catalog_ids import nearest
from kb.loading.report import LoadedDocument
from kb.model.graph import Relation

_MOST = 20
"""Remarks for which the nearest id is looked up."""


def dangling(engine: Engine, documents: Iterable[LoadedDocument]) -> Iterator[str]:
    """A remark on each product and each agent of another system that the systems among ``documents`` name and nobody describes.

    Read when everything is loaded, so that the order of files brings no remark.
    """
    paths = {found.assessment: found.path for found in documents if found.kind == "system" and found.status == "loaded"}
    if not paths:
        return
    based = engine.edges("BASED_ON", assessment=paths)
    members = engine.edges("MEMBER_OF", assessment=paths)
    yield from _unassessed(engine, based, paths)
    yield from _undeclared(engine, members, paths)


def _unassessed(engine: Engine, based: Collection[Relation], paths: Mapping[str, str]) -> Iterator[str]:
    products = {relation.target for relation in based}
    about = engine.edges("ABOUT", target=products)
    missing = products - {relation.target for relation in about if relation.end_kind == "Agent"}
    if not missing:
        return
    known = [node.id for node in engine.nodes("Agent") if node.properties["form"] == "product" and node.id not in missing]
    for number, relation in enumerate(relation for relation in based if relation.target in missing):
        near = nearest(relation.target, known) if number < _MOST else None
        hint = f"; did you mean {near!r}?" if near else ""
        path = paths[relation.assessment or ""]
        yield f"{path}: {relation.source} is based on {relation.target!r}, of which no assessment is loaded{hint}"


def _undeclared(engine: Engine, members: Collection[Relation], paths: Mapping[str, str]) -> Iterator[str]:
    taken_in = [relation for relation in members if _owner(relation) != relation.target]
    owners = engine.edges("MEMBER_OF", target={_owner(relation) for relation in taken_in})
    declared = {relation.source for relation in owners if _owner(relation) == relation.target}
    for number, relation in enumerate(relation for relation in taken_in if relation.source not in declared):
        near = nearest(relation.source, declared) if number < _MOST else None
        hint = f"; did you mean {near!r}?" if near else ""
        path = paths[relation.assessment or ""]
        yield f"{path}: {relation.target} takes in {relation.source!r}, which no loaded system deploys{hint}"


def _owner(relation: Relation) -> str:
    return relation.source.partition("/")[0]
