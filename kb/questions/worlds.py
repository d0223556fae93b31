"""Monte Carlo: the same question asked of many worlds at once, 64 to a word.

The bits of a draw depend on the seed, the draw's key and the number of the world alone, and a draw falls below ``p`` where its
32 bits do: so a what-if is asked of the same worlds, and what can only help compromise does so in every single one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from typing import TYPE_CHECKING, Any

from kb.errors import UsageError
from kb.questions.exposure_graph import Arc, ExposureGraph, Key, Literal

if TYPE_CHECKING:
    import numpy

    Words = numpy.ndarray[Any, numpy.dtype[numpy.uint64]]

SAMPLES = 65_536
WORD = 64
_CELLS = 1 << 23
"""Words that the reached nodes may take at a time: 64 MiB."""
_BLOCK = 1 << 10
"""Words of each node at a time: few enough that somebody who waits hears something, and many enough to be quick."""
Z95 = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share of the worlds, with the ends of an interval."""

    probability: float
    low: float
    high: float


def wilson(hits: int, samples: int, z: float = Z95) -> Interval:
    """The share ``hits`` of ``samples`` with its Wilson score interval."""
    share, square = hits / samples, z * z
    middle = (share + square / (2 * samples)) / (1 + square / samples)
    half = z / (1 + square / samples) * sqrt(share * (1 - share) / samples + square / (4 * samples * samples))
    return Interval(share, 0.0 if hits == 0 else max(0.0, middle - half), 1.0 if hits == samples else min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Worlds:
    """Which worlds to ask."""

    samples: int = SAMPLES
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < WORD or self.samples % WORD:
            raise UsageError(f"samples is {self.samples}, expected a multiple of {WORD} from {WORD} on")
        if not 0 <= self.seed < 1 << 64:
            raise UsageError(f"seed is {self.seed}, expected 0 to 2^64 - 1")


def reached_in(graph: ExposureGraph, worlds: Worlds) -> Iterator[tuple[int, "Mapping[Key, Words]"]]:
    """Block by block: the number of worlds in it, and for each node one bit a world that says whether it is reached."""
    outgoing: dict[Key, list[Arc]] = {}
    for arc in graph.arcs:
        outgoing.setdefault(arc.source, []).append(arc)
    words = worlds.samples // WORD
    size = max(1, min(words, _BLOCK, _CELLS // max(1, len(graph.best))))
    for first in range(0, words, size):
        count = min(size, words - first)
        yield count * WORD, _reached(graph.starts, outgoing, _Draws(worlds.seed, first, count))


def draws(worlds: Worlds) -> "_Draws":
    """The draws of all ``worlds`` at once."""
    return _Draws(worlds.seed, 0, worlds.samples // WORD)


def count(words: "Words") -> int:
    """The number of bits that are set."""
    import numpy

    return int(numpy.bitwise_count(words).sum()) if hasattr(numpy, "bitwise_count") else _slow_count(words)


def _slow_count(words: "Words") -> int:
    """The same for versions of numpy before 2."""
    import numpy

    return int(numpy.unpackbits(words.view(numpy.uint8)).sum())


def _reached(starts: Sequence[Key], outgoing: Mapping[Key, Sequence[Arc]], draws: "_Draws") -> "dict[Key, Words]":
    reached = {node: draws.always() for node in starts}
    waiting = dict.fromkeys(starts)
    while waiting:
        node = next(iter(waiting))
        del waiting[node]
        for arc in outgoing.get(node, ()):
            coming = reached[node]
            for literal in arc.literals:
                coming = coming & draws.holds(literal)
            there = reached.get(arc.target)
            new = coming if there is None else coming | there
            if new.any() if there is None else (new != there).any():
                reached[arc.target] = new
                waiting[arc.target] = None
    return reached


class _Draws:
    """The bits of draws in ``count`` words from number ``first`` on."""

    def __init__(self, seed: int, first: int, count: int) -> None:
        self.seed, self.first, self.count = seed, first, count
        self._bits: dict[tuple[Key, float], Words] = {}

    def always(self) -> "Words":
        """Every bit set."""
        import numpy

        return numpy.full(self.count, 0xFFFF_FFFF_FFFF_FFFF, numpy.uint64)

    def holds(self, literal: Literal) -> "Words":
        """Where a condition holds."""
        bits = self._bits.get((literal.draw, literal.p))
        if bits is None:
            bits = self._bits[literal.draw, literal.p] = self._below(literal.draw, literal.p)
        return bits if literal.below else ~bits

    def _below(self, draw: Key, p: float) -> "Words":
        """Where the draw, 32 bits a world, falls below ``p``."""
        import numpy

        key = int.from_bytes(sha256("\x1f".join((str(self.seed), *draw)).encode()).digest()[:16], "little")
        stream = numpy.random.Philox(key=key)
        # four raw values of 64 bits, eight worlds, to a step of the counter
        stream.advance(self.first * WORD // 8)
        u = stream.random_raw(self.count * WORD // 2).view(numpy.uint32)
        return numpy.packbits(u < numpy.uint64(round(p * 2**32)), bitorder="little").view(numpy.uint64)
