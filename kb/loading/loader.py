"""``kb load``: from files to one graph that depends on nothing but the documents in force.

Files are taken whole or left, a chunk of them in one transaction. What a chunk writes rests on what it read, so where
somebody else wrote in between it is worked out again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from kb.catalog import Catalog
from kb.engines.protocol import Engine
from kb.errors import Fault, InputError, UnknownKindError
from kb.loading.arrivals import Arrival, Settled, settle_arrivals
from kb.loading.change import Change
from kb.loading.dangling import dangling
from kb.loading.files import read_bytes, walk
from kb.loading.forgetting import forget_vanished
from kb.loading.insisting import insisting
from kb.loading.reader import Source, arrivals_from, assessment_id, parser_version
from kb.loading.report import LoadedDocument, LoadReport, Progress
from kb.loading.settle import settle
from kb.model.graph import Node
from kb.resources import data_dir

CHUNK_FILES = 500
"""Files that are read and written together at most: bounds memory, and what is to be done again when the machine dies."""

CHUNK_BYTES = 32 * 1024 * 1024
"""Bytes from which on a chunk takes no further file."""


class _File(NamedTuple):
    """A file that could be read."""

    source: Source
    digest: str
    """The Assessment id of its first document."""
    size: int


@dataclass(slots=True)
class _Tally:
    """The report in the making."""

    total: int
    progress: Progress | None
    done: set[str] = field(default_factory=set)
    documents: dict[tuple[str, str], LoadedDocument] = field(default_factory=dict)
    """By path and Assessment, since a document may be loaded in one chunk and superseded in another."""
    ignored: list[str] = field(default_factory=list)
    rejected: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def finish(self, source: Source) -> None:
        """Count one file as done, once."""
        if self.progress and source.path not in self.done:
            self.done.add(source.path)
            self.progress(len(self.done), self.total, source.path)

    def add(self, settled: Settled) -> None:
        """Note what became of a chunk."""
        self.documents |= {(document.path, document.assessment): document for document in settled.documents}
        self.remarks += settled.remarks


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

    With ``seeds`` the assessments and systems that travel with the package are loaded first. With ``sync`` (a folder, loaded
    too) documents that came from below it and are no longer there are forgotten. With ``reinfer`` what rules infer is remade
    for all agents.
    """
    found, faults = walk([*paths, *([] if sync is None else [sync])])
    travelling = _seeds()
    sources = [*(travelling if seeds else ()), *(Source(file.path, file.path, file.named) for file in found)]
    tally = _Tally(len(sources), progress, rejected=list(faults))
    files = [file for source in sources for file in _hashed(source, tally)]
    last = {file.digest: number for number, file in enumerate(files)}
    end = 0
    for chunk in _chunks(files):
        end += len(chunk)
        tally.add(_bring(engine, catalog, chunk, partial(_comes_later, last, end), tally))
    tally.remarks += dangling(engine, tally.documents.values())
    forgotten: tuple[str, ...] = ()
    if sync is not None:
        kept = [source.path for source in (*travelling, *sources)] + [fault.path for fault in faults]
        found_there = list(tally.documents.values())
        forgotten = insisting(lambda: forget_vanished(engine, catalog, sync, kept, found_there))
    if reinfer:
        insisting(lambda: _reinfer(engine, catalog))
    documents = tuple(tally.documents.values())
    return LoadReport(documents, tuple(tally.ignored), tuple(tally.rejected), forgotten, tuple(tally.remarks))


def _seeds() -> list[Source]:
    """The assessments and systems that travel with the package; their paths are shown as they are in the project."""
    top = data_dir("seeds")
    files = [file for folder in ("assessments", "systems") for file in sorted((top / folder).glob("*.yaml"))]
    return [Source(f"seeds/{file.relative_to(top).as_posix()}", str(file), False) for file in files]


def _hashed(source: Source, tally: _Tally) -> Iterator[_File]:
    """The file of ``source``; nothing where it cannot be read."""
    try:
        data = read_bytes(source.place)
    except InputError as error:
        tally.rejected += error.faults
        tally.finish(source)
    else:
        yield _File(source, assessment_id(data), len(data))


def _chunks(files: Iterable[_File]) -> Iterator[list[_File]]:
    chunk: list[_File] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += file.size
        if len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _comes_later(last: Mapping[str, int], end: int, assessment: str) -> bool:
    """Whether the file of ``assessment`` is among those from number ``end`` on; ``last`` has each digest's last number."""
    return last.get(assessment.partition("#")[0], -1) >= end


def _bring(
    engine: Engine, catalog: Catalog, chunk: Sequence[_File], comes_later: Callable[[str], bool], tally: _Tally
) -> Settled:
    """Load ``chunk``; a file that the base has already, read by the parser of today, is not read again."""
    read: dict[Source, list[Arrival]] = {}

    def work() -> Settled:
        base = engine.base
        known = _known(engine, [file.digest for file in chunk])
        arrivals: list[Arrival] = []
        for file in chunk:
            if file.digest in known:
                arrivals += (Arrival(file.source.path, node, None) for node in known[file.digest])
            else:
                if file.source not in read:
                    read[file.source] = _read(file.source, tally)
                arrivals += read[file.source]
            tally.finish(file.source)
        return settle_arrivals(engine, catalog, base, arrivals, comes_later) if arrivals else Settled([], [])

    return insisting(work)


def _known(engine: Engine, firsts: Iterable[str]) -> dict[str, list[Node]]:
    """Id of a file's first document to the Assessments of the file, where the base has them all from the parser of today."""
    known = {node.id: [node] for node in engine.nodes("Assessment", firsts)}
    further = {
        f"{first}#{number}": first for first, (node,) in known.items() for number in range(2, 1 + _documents_in_file(node))
    }
    for node in engine.nodes("Assessment", further):
        known[further[node.id]].append(node)
    return {first: nodes for first, nodes in known.items() if len(nodes) == _documents_in_file(nodes[0]) and _is_current(nodes)}


def _documents_in_file(node: Node) -> int:
    number = node.properties.get("documents")
    return number if isinstance(number, int) else 1


def _is_current(nodes: Iterable[Node]) -> bool:
    return all(node.properties["parser"] == parser_version(str(node.properties["kind"])) for node in nodes)


def _read(source: Source, tally: _Tally) -> list[Arrival]:
    """The documents of one file; one that is ignored or rejected has none."""
    try:
        arrivals = arrivals_from(source, read_bytes(source.place))
    except UnknownKindError as error:
        if source.named:
            tally.rejected += error.faults
        else:
            tally.ignored.append(source.path)
            tally.remarks += (f"ignored {fault}" for fault in error.faults if fault.line)
        return []
    except InputError as error:
        tally.rejected += error.faults
        return []
    for arrival in arrivals:
        remarks = arrival.node.properties.get("remarks")
        if isinstance(remarks, tuple):
            tally.remarks += (f"{source.path}: {remark}" for remark in remarks)
    return arrivals


def _reinfer(engine: Engine, catalog: Catalog) -> None:
    base = engine.base
    if base is not None:
        settle(engine, catalog, base, Change(), [node.id for node in engine.nodes("Agent")])
