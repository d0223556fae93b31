"""What arriving documents do to the series that they belong to, and to the graph."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from unicodedata import normalize

from kb.catalog import Catalog
from kb.engines.protocol import BaseInfo, Engine
from kb.loading.change import Change, documents_about, rearrange
from kb.loading.report import LoadedDocument, Status
from kb.loading.series import loading_order, series_of, winner
from kb.loading.settle import settle
from kb.model.graph import Node, Relation

History = dict[str, Node]
"""The Assessments of one series by id, in the order of their loading."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document of the input."""

    path: str
    node: Node
    """Its Assessment."""
    relations: Sequence[Relation] | None
    """What it asserts; ``None`` where the base has the document already, read by the same parser."""


class Settled(NamedTuple):
    """What became of arrivals."""

    documents: list[LoadedDocument]
    """The arrivals in their order, then the documents that they superseded."""
    remarks: list[str]


def _never(_: str) -> bool:
    return False


def settle_arrivals(
    engine: Engine,
    catalog: Catalog,
    base: BaseInfo | None,
    arrivals: Sequence[Arrival],
    comes_later: Callable[[str], bool] = _never,
) -> Settled:
    """Bring ``arrivals`` into the base in their order.

    ``base`` is what the base said of itself before the arrivals were looked up in it. ``comes_later`` says of an Assessment
    whether the input holds it further on. Nothing is written where the base already is as it would be.
    """
    change = Change()
    for arrival in arrivals:
        if arrival.relations is not None:
            change.added.setdefault(arrival.node.id, (arrival.node, arrival.relations))
    change.withdrawn = {node.id: node for node in engine.nodes("Assessment", change.added)}
    concerned = [arrival.node for arrival in arrivals] + [*change.withdrawn.values()]
    stored = documents_about(engine, {str(node.properties["subject"]) for node in concerned})
    histories = _histories(stored, arrivals, change, comes_later)
    standing = rearrange(change, (histories[series] for series in sorted({*map(series_of, concerned)} & histories.keys())))
    _stamp(change, arrivals, stored)
    if change.added or change.restored or (base is not None and base.catalog_version != catalog.version):
        settle(engine, catalog, base, change)
    outcome = _outcome(arrivals, stored, standing, change)
    remarks = [*_namings(arrivals, stored), *_outdone(arrivals, outcome, histories, standing)]
    return Settled(outcome, remarks)


def _histories(
    stored: Sequence[Node], arrivals: Iterable[Arrival], change: Change, comes_later: Callable[[str], bool]
) -> dict[str, History]:
    """Series to its history after ``arrivals``, each of which moves to the end of its own.

    A document that the base has already stays where it is while the one that counts instead of it comes later in the same
    input: else a folder that holds both would change the base each time that it is loaded.
    """
    histories: dict[str, History] = {}
    for node in sorted(stored, key=loading_order):
        if node.id not in change.withdrawn:
            histories.setdefault(series_of(node), {})[node.id] = node
    counting = {series_of(node): node for node in stored if node.properties.get("in_force")}
    for arrival in arrivals:
        series = series_of(arrival.node)
        current = counting.get(series)
        stays = current is not None and comes_later(current.id) and winner(arrival.node, current) is current
        if arrival.relations is None and stays:
            continue
        history = histories.setdefault(series, {})
        history.pop(arrival.node.id, None)
        history[arrival.node.id] = change.added[arrival.node.id][0] if arrival.node.id in change.added else arrival.node
    return histories


def _stamp(change: Change, arrivals: Iterable[Arrival], stored: Iterable[Node]) -> None:
    """Note when what is loaded now was loaded: in the order of ``arrivals``, and after all that is ``stored``.

    So what a series comes to can be worked out again later, also where clocks are coarse or were put back.
    """
    moment = datetime.now(UTC)
    latest = max((str(node.properties.get("loaded_at") or "") for node in stored), default="")
    if latest:
        moment = max(moment, datetime.fromisoformat(latest) + timedelta(microseconds=1))
    for arrival in arrivals:
        key, moment = arrival.node.id, moment + timedelta(microseconds=1)
        if key in change.added:
            node, relations = change.added[key]
            change.added[key] = _stamped(node, moment), relations
        elif key in change.restored:
            change.restored[key] = _stamped(change.restored[key], moment)


def _stamped(node: Node, moment: datetime) -> Node:
    return replace(node, properties={**node.properties, "loaded_at": moment.isoformat(timespec="microseconds")})


# ----------------------------------------------------------------------------------------------------------------------
# Saying what happened
# ----------------------------------------------------------------------------------------------------------------------


def _outcome(
    arrivals: Iterable[Arrival], stored: Iterable[Node], standing: frozenset[str], change: Change
) -> list[LoadedDocument]:
    """What became of each arrival, then of the documents that they superseded."""
    held = {node.id for node in stored if node.properties.get("in_force")}
    seen: set[str] = set()
    documents = []
    for arrival in arrivals:
        node = arrival.node
        fresh = arrival.relations is not None and node.id not in seen
        seen.add(node.id)
        if node.id in standing:
            status: Status = "loaded" if fresh or node.id not in held | change.added.keys() else "unchanged"
        else:
            status = "superseded" if fresh or node.id in held - change.added.keys() else "unchanged"
        documents.append(_document(arrival.path, node, status))
    lost = [node for key, node in sorted(change.retired.items()) if key not in seen]
    return documents + [_document(str(node.properties.get("path") or ""), node, "superseded") for node in lost]


def _outdone(
    arrivals: Sequence[Arrival], outcome: Sequence[LoadedDocument], histories: Mapping[str, History], standing: frozenset[str]
) -> Iterator[str]:
    """A remark on each arrival that is superseded from the start because it speaks for an earlier day, and by what."""
    for arrival, document in zip(arrivals, outcome, strict=False):
        if document.status == "superseded" and arrival.relations is not None:
            history = histories[series_of(arrival.node)]
            heir = next(node for key, node in history.items() if key in standing)
            days = heir.properties.get("as_of"), arrival.node.properties.get("as_of")
            if all(days) and days[0] != days[1]:
                path = heir.properties.get("path") or heir.id
                yield f"{arrival.path}: as of {days[1]} it is superseded by {path}, which counts: it is as of {days[0]}"


def _document(path: str, node: Node, status: Status) -> LoadedDocument:
    return LoadedDocument(path, str(node.properties["kind"]), str(node.properties["subject"]), node.id, status)


def _namings(arrivals: Iterable[Arrival], stored: Iterable[Node]) -> Iterator[str]:
    """A remark on each new document that gives its agent another name than a document before it."""
    named: dict[str, tuple[str, str]] = {}
    for node in sorted(stored, key=loading_order):
        _note_name(named, node)
    for arrival in arrivals:
        name, subject = arrival.node.properties.get("name"), str(arrival.node.properties["subject"])
        if arrival.relations is not None and name and subject in named:
            other, path = named[subject]
            if _folded(other) != _folded(str(name)):
                yield f"{arrival.path}: {subject} is called {name!r} here and {other!r} in {path}; both are taken as one agent"
        _note_name(named, arrival.node)


def _note_name(named: dict[str, tuple[str, str]], node: Node) -> None:
    if name := node.properties.get("name"):
        named.setdefault(str(node.properties["subject"]), (str(name), str(node.properties.get("path") or "")))


def _folded(name: str) -> str:
    """``name`` without what only typography tells apart: case, widths, kinds of hyphens and spaces."""
    return re.sub(r"[\s\u2010-\u2015-]+", " ", normalize("NFKC", name).casefold()).strip()
