"""Where compromise comes to, in many worlds at once.

Each node has a row of bits, one a world. What is new at a node is sent along its links: whole rows where much is new, else the
bytes alone that have something new, those of many nodes together. Nodes that lead to each other in a ring take turns until
nothing is new, and each ring comes after those that lead to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.questions.kernels.draws import WORD, Conditions
from kb.questions.kernels.exposure_graph import ExposureGraph, Key
from kb.questions.kernels.ways import START, Ways

if TYPE_CHECKING:
    import numpy

    from kb.questions.kernels.draws import Bytes, Words

    Rows = numpy.ndarray[Any, numpy.dtype[numpy.intp]]

_BYTES = WORD // 8
_DENSE = 16
"""Where one byte in so many has something new, the whole row is sent."""
_EVENTS = 1 << 14
"""Bytes that are sent at a time, so that they stay near the processor."""


class Reached(Mapping[Key, "Words"]):
    """For each node one bit a world that says whether it is reached; nodes that never are may be missing."""

    def __init__(self, rows: "Words", numbers: Mapping[Key, int]) -> None:
        self.rows = rows
        self.numbers = numbers
        """Node to its row, the same for nodes that are reached in the same worlds."""

    def __getitem__(self, node: Key) -> "Words":
        bits: Words = self.rows[self.numbers[node]]
        return bits

    def __iter__(self) -> Iterator[Key]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


class Links(NamedTuple):
    """The links from each row, one after the other."""

    first: "Rows"
    """Row to its first link; one more at the end."""
    to: "Rows"
    """Link to the row that it leads to."""

    @classmethod
    def of(cls, targets: Sequence[Sequence[int]]) -> "Links":
        """The links from each row to its ``targets``."""
        import numpy

        first = numpy.array([0, *accumulate(map(len, targets))], numpy.intp)
        return cls(first, numpy.array([one for some in targets for one in some], numpy.intp))

    def after(self, rows: "Rows") -> "tuple[Rows, Rows]":
        """Every link from ``rows``, and for each the place in ``rows`` that it starts from."""
        import numpy

        many = self.first[rows + 1] - self.first[rows]
        start = numpy.repeat(numpy.arange(len(rows)), many)
        before = numpy.cumsum(many) - many
        return numpy.arange(len(start)) + (self.first[rows] - before)[start], start


class Spread:
    """A graph, ready to be asked in which worlds of ``seed`` its nodes, or those of ``wanted``, are reached."""

    def __init__(self, graph: ExposureGraph, seed: int, wanted: Iterable[Key] | None = None) -> None:
        ways = Ways(graph, wanted)
        row = {number: at for at, number in enumerate(sorted({START, *ways.numbers.values()}))}
        self.numbers = {node: row[number] for node, number in ways.numbers.items()}
        """Node to its row."""
        self.levels = [ways.levels.get(number, 0) for number in row]
        """Of each row how many rings come before it on the longest way to it."""
        self.rings = frozenset(row[number] for number in ways.rings)
        """Rows that lead back to themselves."""
        links = [ways.links.get(number, ()) for number in row]
        self.sure = Links.of([[row[target] for _, target, literals in some if not literals] for some in links])
        """What follows for certain."""
        self.drawn = Links.of([[row[target] for _, target, literals in some if literals] for some in links])
        """What follows where the group of conditions with the number of the link holds."""
        self.conditions = Conditions(seed, [literals for some in links for _, _, literals in some if literals])
        self.size = 2 * len(row) + len(self.drawn.to)
        """Rows of bits that are held at a time, at most."""

    def reached(self, first: int, count: int) -> Reached:
        """Where nodes are reached in ``count`` words of worlds from number ``first`` on."""
        return Reached(_Run(self, first, count).rows, self.numbers)


class _Run:
    def __init__(self, spread: Spread, first: int, count: int) -> None:
        import numpy

        self.spread = spread
        self.rows = numpy.zeros((len(spread.levels), count), numpy.uint64)
        self.new = numpy.zeros_like(self.rows)
        self.places = numpy.arange(first * _BYTES, (first + count) * _BYTES, dtype=numpy.uint64)
        self.open: dict[int, Words] = {}
        self.waiting: set[int] = set()
        self.turns: list[tuple[int, int, int]] = []
        self.now = (0, 0, -1)
        self._add(START, ~self.rows[START])
        few: list[int] = []
        while self.turns or few:
            if few and (not self.turns or self.turns[0][:2] != self.now[:2]):
                self._send_few(numpy.array(few))
                few = []
                continue
            self.now = heappop(self.turns)
            row = self.now[2]
            self.waiting.discard(row)
            if numpy.count_nonzero(self.new[row].view(numpy.uint8) != 0) * _DENSE < len(self.places):
                few.append(row)
            else:
                self._send(row)

    def _send(self, row: int) -> None:
        """Tell those that follow ``row`` what is new there."""
        new = self.new[row].copy()
        self.new[row] = 0
        sure, drawn = self.spread.sure, self.spread.drawn
        for target in sure.to[sure.first[row] : sure.first[row + 1]].tolist():
            self._add(target, new)
        groups = slice(int(drawn.first[row]), int(drawn.first[row + 1]))
        if groups.start < groups.stop:
            opened = self.open.get(row)
            if opened is None:
                opened = self.spread.conditions.hold(self.places, groups).view(new.dtype)
                if row in self.spread.rings:
                    self.open[row] = opened
            for target, bits in zip(drawn.to[groups].tolist(), opened & new, strict=True):
                self._add(target, bits)

    def _add(self, row: int, bits: "Words") -> None:
        """Let ``row`` be reached in the worlds of ``bits``."""
        new = bits & ~self.rows[row]
        if new.any():
            self.rows[row] |= new
            self.new[row] |= new
            self._wait(row)

    def _send_few(self, rows: "Rows") -> None:
        """The same for the bytes alone that have something new, of all ``rows``, and on from there while it is little."""
        import numpy

        new = self.new[rows].view(numpy.uint8)
        self.new[rows] = 0
        found = numpy.flatnonzero(new != 0)
        bits, (which, at) = new.ravel()[found], numpy.divmod(found, new.shape[1])
        place = rows[which] * new.shape[1] + at
        while len(place):
            parts = [*self._along(self.spread.sure, place, bits), *self._along(self.spread.drawn, place, bits)]
            place, bits = (numpy.concatenate(some) for some in zip(*parts, strict=True))
            if len(place) > _EVENTS:
                numpy.bitwise_or.at(self.new.view(numpy.uint8).ravel(), place, bits)
                for row in numpy.unique(place // new.shape[1]).tolist():
                    self._wait(row)
                return

    def _along(self, links: Links, place: "Rows", bits: "Bytes") -> "Iterator[tuple[Rows, Bytes]]":
        """Sends ``bits``, which are new in the bytes ``place``, along ``links``; the bytes where they are new then."""
        import numpy

        known, size = self.rows.view(numpy.uint8).ravel(), len(self.places)
        sources, at = numpy.divmod(place, size)
        every, starts = links.after(sources)
        for first in range(0, max(1, len(every)), _EVENTS):
            link, start = every[first : first + _EVENTS], starts[first : first + _EVENTS]
            there = links.to[link] * size + at[start]
            coming = bits[start] & ~known[there]
            kept = numpy.flatnonzero(coming)
            there, coming = there[kept], coming[kept]
            if links is self.spread.drawn:
                coming &= self.spread.conditions.hold_each(self.places[at[start[kept]]], link[kept])
            reached = numpy.unique(there[coming != 0])
            before = known[reached]
            numpy.bitwise_or.at(known, there, coming)
            yield reached, known[reached] & ~before

    def _wait(self, row: int) -> None:
        """Have ``row`` tell those that follow in its turn."""
        if row not in self.waiting:
            self.waiting.add(row)
            level, (here, turn, before) = self.spread.levels[row], self.now
            heappush(self.turns, (level, turn + (row <= before) if level == here else 0, row))
