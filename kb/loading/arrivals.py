"""What arriving documents do to the series that they belong to, and to the graph."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.catalog import Catalog
from kb.engines.protocol import Engine
from kb.loading.report import LoadedDocument, Status
from kb.loading.series import winner
from kb.loading.settle import Change, settle
from kb.model.graph import Node, Relation

Standing = dict[str, Node]
"""Series to the Assessment that counts in it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document of the input."""

    path: str
    node: Node
    """Its Assessment."""
    relations: Sequence[Relation] | None
    """What it asserts; ``None`` where the base has the document already, read by the same parser."""


def settle_arrivals(engine: Engine, catalog: Catalog, arrivals: Sequence[Arrival]) -> list[LoadedDocument]:
    """Bring ``arrivals`` into the base in their order; returns what became of each, and of those that they superseded.

    Nothing is written where the base already is as it would be.
    """
    before = _standing(engine, arrivals)
    after, supersedes = _play(before, arrivals)
    change = _change(engine, arrivals, before, after)
    standing = {node.id for node in after.values()}
    change.supersedes = [pair for pair in supersedes if pair[0] in change.added or pair[0] in standing]
    if change.added or change.restored:
        settle(engine, catalog, change)
    return _outcome(arrivals, before, after)


def _play(before: Standing, arrivals: Sequence[Arrival]) -> tuple[Standing, list[tuple[str, str]]]:
    """The standing after ``arrivals`` have come one by one, and each (newer, older) on the way."""
    after, supersedes = dict(before), []
    for arrival in arrivals:
        series = str(arrival.node.properties["series"])
        current = after.get(series)
        if current is None or current.id == arrival.node.id:
            after[series] = arrival.node
        else:
            after[series] = winner(current, arrival.node)
            loser = arrival.node if after[series] is current else current
            supersedes.append((after[series].id, loser.id))
    return after, supersedes


def _standing(engine: Engine, arrivals: Sequence[Arrival]) -> Standing:
    """Series to the Assessment that counts now, for every subject of ``arrivals``."""
    if engine.base is None:
        return {}
    subjects = {str(arrival.node.properties["subject"]) for arrival in arrivals}
    ids = {relation.source for relation in engine.edges("ABOUT", target=subjects)}
    return {str(node.properties["series"]): node for node in engine.nodes("Assessment", ids)}


def _change(engine: Engine, arrivals: Sequence[Arrival], before: Standing, after: Standing) -> Change:
    """The difference between the two standings, with every new document in it, those that lost included."""
    change = Change()
    for arrival in arrivals:
        if arrival.relations is not None:
            change.added.setdefault(arrival.node.id, (arrival.node, arrival.relations))
    if engine.base is not None:
        change.withdrawn = {node.id: node for node in engine.nodes("Assessment", change.added)}
    for series, node in after.items():
        held = before.get(series)
        if node.id in change.added:
            change.in_force.add(node.id)
        elif held is None or held.id != node.id:
            change.restored[node.id] = node
        if held is not None and held.id != node.id and held.id not in change.added:
            change.retired[held.id] = held
    return change


def _outcome(arrivals: Sequence[Arrival], before: Standing, after: Standing) -> list[LoadedDocument]:
    """What became of each arrival, then of the documents that they superseded."""
    held = {node.id for node in before.values()}
    standing = {node.id for node in after.values()}
    seen: set[str] = set()
    documents = []
    for arrival in arrivals:
        node = arrival.node
        fresh = arrival.relations is not None and node.id not in seen
        seen.add(node.id)
        if node.id in standing:
            status: Status = "loaded" if fresh or node.id not in held else "unchanged"
        else:
            status = "superseded" if fresh or node.id in held else "unchanged"
        documents.append(_document(arrival.path, node, status))
    lost = sorted((node for node in before.values() if node.id not in standing | seen), key=lambda node: node.id)
    return documents + [_document(str(node.properties.get("path") or ""), node, "superseded") for node in lost]


def _document(path: str, node: Node, status: Status) -> LoadedDocument:
    return LoadedDocument(path, str(node.properties["kind"]), str(node.properties["subject"]), node.id, status)
