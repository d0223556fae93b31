"""``kb push`` and ``kb pull``: one base made equal to another, on whatever engines, a portion in one transaction.

What the target already holds is not written again, so a transfer that was cut off goes on where it stopped. Between the
first portion and the last, readers of the target see a part of the base.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from kb.engines.protocol import Batch, Engine
from kb.errors import StaleBaseError, StoreError
from kb.loading.insisting import insisting
from kb.loading.report import Progress
from kb.model.graph import CatalogContent, Node, Relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS

DOCUMENTS = 200
"""Documents of one portion, with all that they assert."""

NODES = 2_000
"""Other nodes of one portion, with the relations that rules infer from them."""

_SUBJECTS = tuple(kind.name for kind in NODE_KINDS.values() if not kind.catalog and kind.name != "Assessment")
_SAID = tuple(kind for kind in RELATION_KINDS.values() if not kind.catalog)
_BETWEEN_DOCUMENTS = frozenset(kind.name for kind in _SAID if kind.targets == ("Assessment",))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TransferReport:
    """What became of a transfer."""

    copied: int
    """Documents that the target did not have, or not as the source has them."""
    unchanged: int
    """Documents that it had."""
    withdrawn: int
    """Documents that it had and the source has not."""
    base: str
    """The fingerprint that both have now."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, in documented key order."""
        return {"copied": self.copied, "unchanged": self.unchanged, "withdrawn": self.withdrawn, "base": self.base}


def transfer(source: Engine, target: Engine, *, withdraw: bool = False, progress: Progress | None = None) -> TransferReport:
    """Make the base of ``target`` equal to that of ``source``.

    A target that holds documents which the source has not is refused with :class:`~kb.errors.StoreError` and left as it is,
    unless it may ``withdraw`` them. ``progress`` hears of documents. Where somebody writes to either side
    meanwhile, what is left to do is worked out again.
    """
    copied: set[str] = set()
    return insisting(lambda: _Transfer(source, target, copied).run(withdraw, progress))


class _Transfer:
    """One attempt; ``copied`` lives on from one to the next."""

    def __init__(self, source: Engine, target: Engine, copied: set[str]) -> None:
        self.source, self.target, self.copied = source, target, copied
        self.documents = source.nodes("Assessment")
        self.there = {node.id: node for node in target.nodes("Assessment")}

    def run(self, withdraw: bool, progress: Progress | None) -> TransferReport:
        base = self.source.base
        if base is None:
            raise StoreError(self.source.location, "there is no base here", "make one with: kb load PATH…")
        before = self.target.base
        self.expects = before.fingerprint if before else ""
        others = sorted(self.there.keys() - {node.id for node in self.documents})
        if others and not withdraw:
            raise StoreError(
                self.target.location,
                f"holds {len(others)} documents that {self.source.location} has not, {others[0]} for one",
                "withdraw them there with --withdraw, or bring them here first with: kb load PATH…",
            )
        if before is None or before.catalog_version != base.catalog_version:
            self._write(Batch(catalog=self._catalog(base.catalog_version)))
        if kept := self._kept_by_documents():
            self._write(Batch(nodes=kept))
        self._withdraw(others)
        for nodes in _portions((node for kind in _SUBJECTS for node in self.source.nodes(kind)), NODES):
            self._write(Batch(nodes=nodes))
        self._copy_documents(progress)
        self._copy_the_rest()
        after = self.source.base
        if after is None or after.fingerprint != self.expects:
            raise StaleBaseError(self.source.location, "somebody has written to it meanwhile", "run the command again")
        return TransferReport(len(self.copied), len(self.documents) - len(self.copied), len(others), self.expects)

    def _write(self, batch: Batch) -> None:
        """Write ``batch`` where nobody else has written since the last one."""
        self.target.write(replace(batch, expects=self.expects))
        base = self.target.base
        self.expects = base.fingerprint if base else ""

    def _catalog(self, version: str) -> CatalogContent:
        nodes = [node for kind in NODE_KINDS.values() if kind.catalog for node in self.source.nodes(kind.name)]
        relations = [edge for kind in RELATION_KINDS.values() if kind.catalog for edge in self.source.edges(kind.name)]
        return CatalogContent(version, nodes, relations)

    def _kept_by_documents(self) -> list[Node]:
        """Nodes of the source that its catalogue no longer has, but its documents do."""
        found = []
        for kind in (kind.name for kind in NODE_KINDS.values() if kind.catalog):
            there = {node.id for node in self.target.nodes(kind)}
            found += [node for node in self.source.nodes(kind) if node.id not in there]
        return found

    def _withdraw(self, others: Sequence[str]) -> None:
        """Withdraw the documents ``others``, and the agents, systems and resources that only they spoke of."""
        gone = []
        for kind in _SUBJECTS:
            kept = {node.id for node in self.source.nodes(kind)}
            gone += [(kind, node.id) for node in self.target.nodes(kind) if node.id not in kept]
        if others or gone:
            self._write(Batch(withdraw=others, uninfer=[name for kind, name in gone if kind == "Agent"], remove=gone))

    def _copy_documents(self, progress: Progress | None) -> None:
        """Copy each document that the target lacks, whole, with what it asserts of anything but other documents."""
        total, done = len(self.documents), 0
        for portion in _portions(self.documents, DOCUMENTS):
            missing = [node for node in portion if not _is_same(node, self.there.get(node.id))]
            if missing:
                ids = [node.id for node in missing]
                outdated = [name for name in ids if name in self.there]
                said = [edge for edge in self._asserted(ids) if edge.kind not in _BETWEEN_DOCUMENTS]
                self._write(Batch(withdraw=outdated, nodes=missing, relations=said))
                self.copied.update(ids)
            for node in portion:
                done += 1
                if progress:
                    progress(done, total, str(node.properties.get("path") or node.id))

    def _asserted(self, ids: Sequence[str]) -> Iterator[Relation]:
        for kind in _SAID:
            for in_force in (True, False):
                yield from self.source.edges(kind.name, assessment=ids, in_force=in_force)

    def _copy_the_rest(self) -> None:
        """What documents say of other documents, and what no document says: rules do."""
        for portion in _portions((node.id for node in self.documents), DOCUMENTS):
            between = [edge for edge in self._asserted(portion) if edge.kind in _BETWEEN_DOCUMENTS]
            self._write(Batch(relations=between))
        for kind in ("Assessment", *_SUBJECTS):
            for portion in _portions((node.id for node in self.source.nodes(kind)), NODES):
                said = [
                    edge
                    for relation in _SAID
                    if kind in relation.sources
                    for edge in self.source.edges(relation.name, source=portion)
                    if edge.assessment is None
                ]
                self._write(Batch(uninfer=portion if kind == "Agent" else (), relations=said))


def _is_same(node: Node, other: Node | None) -> bool:
    """Whether ``other`` is the document ``node``, read by the same parser and as much in force."""
    if other is None:
        return False
    return all(node.properties.get(name) == other.properties.get(name) for name in ("parser", "in_force"))


def _portions(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
