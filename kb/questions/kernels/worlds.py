"""Monte Carlo: the same question asked of many worlds at once, 64 to a word.

The bits of a draw depend on the seed, the draw's key and the number of the world alone, and a draw falls below ``p`` where its
32 bits do: so a what-if is asked of the same worlds, and what can only help compromise does so in every single one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from kb.errors import UsageError
from kb.questions.kernels.draws import WORD, Draws
from kb.questions.kernels.exposure_graph import ExposureGraph, Key
from kb.questions.kernels.spread import Reached, Spread

if TYPE_CHECKING:
    import numpy

    Words = numpy.ndarray[Any, numpy.dtype[numpy.uint64]]

SAMPLES = 65_536
_CELLS = 1 << 23
"""Words that a block may take: 64 MiB."""
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


def reached_in(graph: ExposureGraph, worlds: Worlds, wanted: Iterable[Key] | None = None) -> Iterator[tuple[int, Reached]]:
    """Block by block: the number of worlds in it, and where its nodes, or those of ``wanted``, are reached."""
    spread = Spread(graph, worlds.seed, wanted)
    words = worlds.samples // WORD
    size = max(1, min(words, _BLOCK, _CELLS // spread.size))
    for first in range(0, words, size):
        count = min(size, words - first)
        yield count * WORD, spread.reached(first, count)


def draws(worlds: Worlds) -> Draws:
    """The draws of all ``worlds`` at once."""
    return Draws(worlds.seed, 0, worlds.samples // WORD)


def count(words: "Words") -> int:
    """The number of bits that are set."""
    import numpy

    return int(numpy.bitwise_count(words).sum()) if hasattr(numpy, "bitwise_count") else _slow_count(words)


def _slow_count(words: "Words") -> int:
    """The same for versions of numpy before 2."""
    import numpy

    return int(numpy.unpackbits(words.view(numpy.uint8)).sum())
