"""``kb load`` and ``kb forget``: from files to one graph that depends on nothing but the documents in force.

Files are taken whole or left, a chunk of them in one transaction. What a chunk writes rests on what it read, so where
somebody else wrote in between it is worked out again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import PurePath
from typing import TypeVar

from kb.catalog import Catalog
from kb.engines.protocol import Engine
from kb.errors import Fault, InputError, StaleBaseError, UnknownNodeError
from kb.loading.arrivals import Arrival, settle_arrivals
from kb.loading.files import read_bytes, walk
from kb.loading.reader import Source, UnknownKindError, arrivals_from, assessment_id, parser_version
from kb.loading.report import ForgetReport, LoadedDocument, LoadReport, Progress
from kb.loading.series import standing
from kb.loading.settle import Change, settle
from kb.model.graph import Node
from kb.resources import data_dir

CHUNK = 500
"""Files that are read and written together: bounds memory, and what is to be done again when the machine dies."""

_ATTEMPTS = 20
"""How often a write is worked out anew before another writer's activity counts as a fault."""

T = TypeVar("T")


@dataclass(slots=True)
class _Tally:
    """The report in the making."""

    total: int
    progress: Progress | None
    done: int = 0
    documents: list[LoadedDocument] = field(default_factory=list)
    ignored: int = 0
    rejected: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def finish(self, source: Source) -> None:
        """Count one file as done."""
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total, source.path)


def load(
    engine: Engine,
    catalog: Catalog,
    paths: Sequence[str],
    *,
    seeds: bool = False,
    sync: str | None = None,
    reinfer: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Load the files and folders ``paths``; returns what became of each document, and every fault.

    With ``seeds`` the assessments that travel with the package are loaded first. With ``sync`` (a folder, loaded too)
    documents that came from below it and are no longer there are forgotten. With ``reinfer`` what rules infer is remade for
    all agents.
    """
    found, faults = walk([*paths, *([] if sync is None else [sync])])
    sources = [*(_seeds() if seeds else ()), *(Source(file.path, file.path, file.named) for file in found)]
    tally = _Tally(len(sources), progress, rejected=list(faults))
    for start in range(0, len(sources), CHUNK):
        arrivals = _arrivals(engine, sources[start : start + CHUNK], tally)
        if arrivals:
            tally.documents += _insisting(partial(settle_arrivals, engine, catalog, arrivals))
    forgotten: tuple[str, ...] = ()
    if sync is not None:
        kept = [source.path for source in sources] + [fault.path for fault in faults]
        forgotten = _insisting(lambda: _forget_vanished(engine, catalog, sync, kept, tally.documents))
    if reinfer and engine.base is not None:
        _insisting(lambda: settle(engine, catalog, Change(), [node.id for node in engine.nodes("Agent")]))
    return LoadReport(tuple(tally.documents), tally.ignored, tuple(tally.rejected), forgotten, tuple(tally.remarks))


def forget(engine: Engine, catalog: Catalog, targets: Sequence[str]) -> ForgetReport:
    """Withdraw the documents that ``targets`` name: by id, by the path they came from, or by a folder above it.

    Of a series the superseded document that stands next counts again. Raises :class:`~kb.errors.UnknownNodeError` for a
    target that names no document; then nothing is forgotten.
    """

    def work() -> ForgetReport:
        known = engine.nodes("Assessment")
        return _withdraw(engine, catalog, [node for target in targets for node in _named(known, target)])

    return _insisting(work)


def _insisting(work: Callable[[], T]) -> T:
    """What ``work`` returns, worked out anew while other writers come in between."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except StaleBaseError:
            continue
    return work()


def _seeds() -> list[Source]:
    """The assessments that travel with the package; their paths are shown as they are in the project."""
    top = data_dir("seeds")
    files = sorted((top / "assessments").glob("*.yaml"))
    return [Source(f"seeds/{file.relative_to(top).as_posix()}", str(file), False) for file in files]


# ----------------------------------------------------------------------------------------------------------------------
# Loading
# ----------------------------------------------------------------------------------------------------------------------


def _arrivals(engine: Engine, sources: Sequence[Source], tally: _Tally) -> list[Arrival]:
    """The documents of ``sources`` in their order; those that the base has from the same parser, as they are there."""
    digests = {source: _digest(source, tally) for source in sources}
    known = _known(engine, [digest for digest in digests.values() if digest])
    arrivals: list[Arrival] = []
    for source, digest in digests.items():
        if digest in known:
            arrivals += (Arrival(source.path, node, None) for node in known[digest])
        elif digest:
            arrivals += _read(source, tally)
        tally.finish(source)
    return arrivals


def _digest(source: Source, tally: _Tally) -> str:
    """The Assessment id of the file's first document; empty where the file cannot be read."""
    try:
        return assessment_id(read_bytes(source.place))
    except InputError as error:
        tally.rejected += error.faults
        return ""


def _known(engine: Engine, firsts: Iterable[str]) -> dict[str, list[Node]]:
    """Id of a file's first document to all Assessments of the file, where the base has them from the parser of today."""
    known: dict[str, list[Node]] = {}
    ids = {first: first for first in firsts} if engine.base is not None else {}
    number = 1
    while ids:
        number += 1
        found = engine.nodes("Assessment", ids)
        current = [node for node in found if node.properties["parser"] == parser_version(str(node.properties["kind"]))]
        for node in current:
            known.setdefault(ids[node.id], []).append(node)
        ids = {f"{ids[node.id]}#{number}": ids[node.id] for node in current}
    return known


def _read(source: Source, tally: _Tally) -> list[Arrival]:
    """The documents of one file; one that is ignored or rejected has none."""
    try:
        arrivals = arrivals_from(source, read_bytes(source.place))
    except UnknownKindError as error:
        if source.named:
            tally.rejected += error.faults
        else:
            tally.ignored += 1
        return []
    except InputError as error:
        tally.rejected += error.faults
        return []
    for arrival in arrivals:
        remarks = arrival.node.properties.get("remarks")
        if isinstance(remarks, tuple):
            tally.remarks += (f"{source.path}: {remark}" for remark in remarks)
    return arrivals


# ----------------------------------------------------------------------------------------------------------------------
# Forgetting
# ----------------------------------------------------------------------------------------------------------------------


def _named(known: Sequence[Node], target: str) -> list[Node]:
    """The Assessments that ``target`` names; raises where there is none."""
    place = PurePath(target)
    found = [node for node in known if node.id == target or _is_below(str(node.properties.get("path") or ""), place)]
    if not found:
        paths = sorted({str(node.properties.get("path")) for node in known})
        raise UnknownNodeError("document", target, get_close_matches(target, paths, n=2))
    return found


def _is_below(path: str, place: PurePath) -> bool:
    return bool(path) and (PurePath(path) == place or place in PurePath(path).parents)


def _forget_vanished(
    engine: Engine, catalog: Catalog, folder: str, kept: Iterable[str], documents: Iterable[LoadedDocument]
) -> tuple[str, ...]:
    """Withdraw what was loaded from below ``folder`` and is not there now; returns the ids.

    A file that is there but faulty now, or below a folder that could not be listed, has not vanished. Of a file that is there
    and holds something else now, what it held of other series is withdrawn.
    """
    if engine.base is None:
        return ()
    there = {PurePath(path) for path in kept}
    seen = {document.assessment for document in documents}
    read = {PurePath(document.path) for document in documents}
    known = engine.nodes("Assessment")
    current = {node.properties["series"] for node in known if node.id in seen}
    vanished = []
    for node in known:
        path = PurePath(str(node.properties.get("path") or ""))
        if node.id not in seen and _is_below(str(path), PurePath(folder)):
            gone = path not in there and there.isdisjoint(path.parents)
            if gone or (path in read and node.properties["series"] not in current):
                vanished.append(node)
    return _withdraw(engine, catalog, vanished).forgotten if vanished else ()


def _withdraw(engine: Engine, catalog: Catalog, nodes: Iterable[Node]) -> ForgetReport:
    """Withdraw the Assessments ``nodes``, and let what they superseded count again."""
    change = Change(withdrawn={node.id: node for node in nodes})
    left = {str(node.properties["series"]) for node in change.withdrawn.values() if node.properties.get("in_force")}
    waiting: dict[str, list[Node]] = {}
    for node in engine.nodes("Assessment"):
        if node.properties["series"] in left and node.id not in change.withdrawn:
            waiting.setdefault(str(node.properties["series"]), []).append(node)
    change.restored = {heir.id: heir for heir in map(standing, waiting.values()) if heir is not None}
    gone = settle(engine, catalog, change)
    return ForgetReport(tuple(sorted(change.withdrawn)), tuple(sorted(change.restored)), tuple(sorted(gone)))
