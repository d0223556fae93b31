"""The base as it will be once a change is written, read before it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kb.engines.protocol import Engine
from kb.loading.assertions import in_force
from kb.loading.change import Change
from kb.model.graph import Node, Relation


@dataclass
class Afterwards:
    """What documents say after ``change``; what rules infer is no part of it."""

    engine: Engine
    change: Change
    _retold: dict[str, list[Relation]] = field(default_factory=dict)

    def said(
        self, kind: str, *, source: Collection[str] | None = None, target: Collection[str] | None = None
    ) -> list[Relation]:
        """The relations of ``kind`` that documents in force assert, from one of ``source`` or to one of ``target``."""
        staying = (edge for edge in self._stored(kind, source, target) if edge.assessment not in self._leaving)
        returning = [*self._of_restored(kind), *self._of_added(kind, counting=True)]
        return [*staying, *_fitting(returning, source, target)]

    def past(
        self, kind: str, *, source: Collection[str] | None = None, target: Collection[str] | None = None
    ) -> list[Relation]:
        """The same of documents that others superseded."""
        stored = self._stored(kind, source, target, in_force=False)
        old = [edge for edge in stored if edge.assessment not in self.change.restored and edge.assessment not in self._replaced]
        old += (edge for edge in self._stored(kind, source, target) if edge.assessment in self.change.retired)
        return old + _fitting(self._of_added(kind, counting=False), source, target)

    def told(self, kind: str, documents: Collection[str]) -> Iterator[Relation]:
        """The relations of ``kind`` that ``documents``, any of the change or the base, assert before or after."""
        for key in documents:
            if key in self.change.added:
                yield from (edge for edge in self.change.added[key][1] if edge.kind == kind)
        for counts in (True, False):
            yield from self.engine.edges(kind, assessment=documents, in_force=counts)

    def documents(self, ids: Iterable[str]) -> dict[str, Node]:
        """Those Assessments ``ids`` that are in force, as they will be."""
        wanted = set(ids)
        found = {key: node for key, (node, _) in self.change.added.items() if key in wanted & self.change.in_force}
        found |= {key: in_force(node) for key, node in self.change.restored.items() if key in wanted}
        return found | {node.id: node for node in self.engine.nodes("Assessment", wanted - found.keys() - self._leaving)}

    @cached_property
    def _replaced(self) -> frozenset[str]:
        return frozenset(self.change.withdrawn.keys() | self.change.added.keys())

    @cached_property
    def _leaving(self) -> frozenset[str]:
        return self._replaced | self.change.retired.keys()

    def _stored(
        self, kind: str, source: Collection[str] | None, target: Collection[str] | None, *, in_force: bool = True
    ) -> Iterator[Relation]:
        edges = self.engine.edges(kind, source=source, target=target, in_force=in_force)
        return (edge for edge in edges if edge.assessment is not None)

    def _of_restored(self, kind: str) -> list[Relation]:
        if self.change.restored and kind not in self._retold:
            self._retold[kind] = self.engine.edges(kind, assessment=self.change.restored, in_force=False)
        return self._retold.get(kind, [])

    def _of_added(self, kind: str, *, counting: bool) -> list[Relation]:
        return self._added_by_kind.get((kind, counting), [])

    @cached_property
    def _added_by_kind(self) -> Mapping[tuple[str, bool], list[Relation]]:
        found: dict[tuple[str, bool], list[Relation]] = {}
        for key, (_, relations) in self.change.added.items():
            for relation in relations:
                found.setdefault((relation.kind, key in self.change.in_force), []).append(relation)
        return found


def _fitting(relations: Iterable[Relation], source: Collection[str] | None, target: Collection[str] | None) -> list[Relation]:
    return [
        relation
        for relation in relations
        if (source is None or relation.source in source) and (target is None or relation.target in target)
    ]
