"""``kb forget`` and ``kb load --sync``: withdrawing documents, so that the base is as if they had never been loaded."""

import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import PurePath

from kb.catalog import Catalog
from kb.engines.protocol import BaseInfo, Engine
from kb.errors import InputError, StoreError, UnknownNodeError
from kb.loading.change import Change, rearrange
from kb.loading.files import read_bytes
from kb.loading.insisting import insisting
from kb.loading.reader import assessment_id
from kb.loading.report import ForgetReport, LoadedDocument
from kb.loading.series import loading_order, series_of
from kb.loading.settle import settle
from kb.model.graph import Node


def forget(engine: Engine, catalog: Catalog, targets: Sequence[str]) -> ForgetReport:
    """Withdraw the documents that ``targets`` name: by id, by the path they came from, by a folder above it, or by a copy.

    Of a series the superseded document that stands next counts again. Raises :class:`~kb.errors.UnknownNodeError` for a
    target that names no document, and :class:`~kb.errors.StoreError` where there is no base; then nothing is forgotten.
    """

    def work() -> ForgetReport:
        base = engine.base
        if base is None:
            raise StoreError(engine.location, "there is no base here", "`kb load PATH…` makes one")
        known = engine.nodes("Assessment")
        return _withdraw(engine, catalog, base, known, [node for target in targets for node in _named(known, target)])

    return insisting(work)


def forget_vanished(
    engine: Engine, catalog: Catalog, folder: str, kept: Iterable[str], documents: Iterable[LoadedDocument]
) -> tuple[str, ...]:
    """Withdraw what was loaded from below ``folder`` and is not there now; returns the ids.

    ``kept`` are the paths that are there, ``documents`` those that were read. A file that is there but faulty now, or below
    a folder that could not be listed, has not vanished. Of a file that is there and holds something else now, what it held
    of other series is withdrawn.
    """
    base = engine.base
    if base is None:
        return ()
    top, there = _whole(folder), {_whole(path) for path in kept}
    seen = {document.assessment for document in documents}
    read = {_whole(document.path) for document in documents}
    known = engine.nodes("Assessment")
    current = {series_of(node) for node in known if node.id in seen}
    vanished = []
    for node in known:
        path = _origin(node)
        if path is not None and node.id not in seen and _is_below(path, top):
            gone = path not in there and there.isdisjoint(path.parents) and not os.path.lexists(path)
            if gone or (path in read and series_of(node) not in current):
                vanished.append(node)
    return _withdraw(engine, catalog, base, known, vanished).forgotten if vanished else ()


def _withdraw(engine: Engine, catalog: Catalog, base: BaseInfo, known: Iterable[Node], nodes: Iterable[Node]) -> ForgetReport:
    """Withdraw the Assessments ``nodes`` of all that are ``known``, and let what they superseded count again."""
    change = Change(withdrawn={node.id: node for node in nodes})
    left = {series_of(node) for node in change.withdrawn.values()}
    histories: dict[str, dict[str, Node]] = {}
    for node in sorted(known, key=loading_order):
        if series_of(node) in left and node.id not in change.withdrawn:
            histories.setdefault(series_of(node), {})[node.id] = node
    rearrange(change, (histories[series] for series in sorted(histories)))
    gone = settle(engine, catalog, base, change)
    return ForgetReport(tuple(sorted(change.withdrawn)), tuple(sorted(change.restored)), tuple(sorted(gone)))


# ----------------------------------------------------------------------------------------------------------------------
# Names of documents
# ----------------------------------------------------------------------------------------------------------------------


def _named(known: Sequence[Node], target: str) -> list[Node]:
    """The Assessments that ``target`` names; raises where there is none."""
    exact = [node for node in known if node.id == target]
    if exact:
        return exact
    place = _whole(target)
    below = [node for node in known if (path := _origin(node)) is not None and _is_below(path, place)]
    return below or _copies(known, target) or _raise_unknown(known, target)


def _copies(known: Iterable[Node], target: str) -> list[Node]:
    """The Assessments of a file that holds the same bytes as the file ``target``: it was loaded from another path."""
    if not os.path.isfile(target):
        return []
    try:
        digest = assessment_id(read_bytes(target))
    except InputError:
        return []
    return [node for node in known if node.id.partition("#")[0] == digest]


def _raise_unknown(known: Iterable[Node], target: str) -> list[Node]:
    paths = sorted({str(node.properties.get("path")) for node in known})
    raise UnknownNodeError("document", target, get_close_matches(target[:1000], paths, n=2))


def _whole(path: str) -> PurePath:
    """``path`` from the root of the file system, so that one file has one name."""
    return PurePath(os.path.abspath(path.replace("\0", "")))


def _origin(node: Node) -> PurePath | None:
    """Where the document was loaded from."""
    path = node.properties.get("path")
    return _whole(str(path)) if path else None


def _is_below(path: PurePath, place: PurePath) -> bool:
    return path == place or place in path.parents
