"""Draws as bits: in which worlds a draw falls below a probability.

The number of a draw in a world has 32 bits, from two streams of SplitMix64 that begin where SHA-256 of seed and draw says.
Output ``n`` of the first stream has the highest 8 bits for worlds 8n to 8n + 7; output ``w`` of the second one the other 24 of
world ``w``, which matter to one world in 256. Any output can be had without those before it, so that only worlds are asked
that compromise comes to.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kb.questions.kernels.exposure_graph import Key, Literal

if TYPE_CHECKING:
    import numpy

    Words = numpy.ndarray[Any, numpy.dtype[numpy.uint64]]
    Bytes = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]
    Rows = numpy.ndarray[Any, numpy.dtype[numpy.intp]]
    Flags = numpy.ndarray[Any, numpy.dtype[numpy.bool_]]

ALWAYS = 1 << 32
"""The limit that every draw falls below."""
_HALF = 0.5 / ALWAYS
"""Up to here a limit is rounded to one that no draw falls below."""
WORD = 64
"""Worlds to a word."""
_LANES = 8
"""Worlds to a byte, and bytes to an output of the generator."""
_GAMMA = 0x9E37_79B9_7F4A_7C15
"""The step from state to state of SplitMix64 (Steele, Lea, Flood 2014), an odd number near 2^64 through the golden ratio."""
_EVERY_LANE = 0x0101_0101_0101_0101
_ALL = slice(None)
_AT_ONCE = 1 << 13
"""Outputs that are worked out at a time, so that they stay near the processor."""


def limit(p: float) -> int:
    """``p`` as a limit for 32 bits: the draw falls below ``p`` where its bits are less."""
    return round(p * ALWAYS)


def certain(literal: Literal) -> bool:
    """Whether ``literal`` holds in every world."""
    return literal.p >= 1.0 - _HALF if literal.below else literal.p <= _HALF


def impossible(literal: Literal) -> bool:
    """Whether ``literal`` holds in no world."""
    return literal.p <= _HALF if literal.below else literal.p >= 1.0 - _HALF


class Conditions:
    """Groups of literals, to be asked where all of a group hold."""

    def __init__(self, seed: int, groups: Sequence[Sequence[Literal]]) -> None:
        import numpy

        rows = [literal for group in groups for literal in group]
        self._ends = numpy.array([0, *accumulate(map(len, groups))])
        self._starts, self._tails = _streams(seed, [literal.draw for literal in rows])
        limits = numpy.array([limit(literal.p) for literal in rows], numpy.uint64)
        self._high = (limits >> numpy.uint64(24)).astype(numpy.uint8)
        self._low = limits & numpy.uint64(0xFF_FFFF)
        self._not = numpy.array([0x00 if literal.below else 0xFF for literal in rows], numpy.uint8)
        new = [at == 0 or literal.draw != rows[at - 1].draw for at, literal in enumerate(rows)]
        self._draw = numpy.cumsum(new)
        """The same number for literals of one draw that follow each other."""

    def hold(self, places: "Words", groups: slice = _ALL) -> "Bytes":
        """A row of bytes for each of ``groups``: bit ``i`` is set where it holds in world 8 · place + ``i``."""
        import numpy

        first, last, _ = groups.indices(len(self._ends) - 1)
        rows = slice(int(self._ends[first]), int(self._ends[last]))
        step = max(1, _AT_ONCE // (rows.stop - rows.start))
        parts = [self._some(places[at : at + step], rows) for at in range(0, len(places), step)]
        bits = parts[0] if len(parts) == 1 else numpy.concatenate(parts, axis=1)
        if len(bits) == last - first:
            return bits
        return numpy.bitwise_and.reduceat(bits, self._ends[first:last] - rows.start, axis=0)

    def hold_each(self, places: "Words", groups: "Rows") -> "Bytes":
        """One byte for each of ``groups``, at the place beside it."""
        import numpy

        first, many = self._ends[groups], self._ends[groups + 1] - self._ends[groups]
        bits = self._each(places, first)
        for further in range(1, int(many.max(initial=0))):
            some = numpy.flatnonzero(many > further)
            bits[some] &= self._each(places[some], first[some] + further)
        return bits

    def _some(self, places: "Words", rows: slice) -> "Bytes":
        import numpy

        starts, draw = self._starts[rows], self._draw[rows]
        repeats = draw[-1] - draw[0] + 1 < len(draw)
        if repeats:
            starts = starts[numpy.searchsorted(draw, numpy.arange(draw[0], draw[-1] + 1))]
        lanes = _mixed(starts[:, None] + places * numpy.uint64(_GAMMA)).view(numpy.uint8)
        if repeats:
            lanes = lanes[draw - draw[0]]
        high = self._high[rows, None]
        below = lanes < high
        undecided = _set_lanes(lanes == high)
        row, at = numpy.divmod(undecided, lanes.shape[1])
        below.ravel()[undecided] = self._rest(row + rows.start, places[at // _LANES], at)
        return numpy.packbits(below, bitorder="little").reshape(len(high), len(places)) ^ self._not[rows, None]

    def _each(self, places: "Words", rows: "Rows") -> "Bytes":
        import numpy

        lanes = _mixed(self._starts[rows] + places * numpy.uint64(_GAMMA)).view(numpy.uint8)
        high = (self._high[rows].astype(numpy.uint64) * numpy.uint64(_EVERY_LANE)).view(numpy.uint8)
        below = lanes < high
        undecided = _set_lanes(lanes == high)
        which = undecided // _LANES
        below[undecided] = self._rest(rows[which], places[which], undecided)
        return numpy.packbits(below, bitorder="little") ^ self._not[rows]

    def _rest(self, rows: "Rows", places: "Words", lanes: "Rows") -> "Flags":
        """Whether the lower 24 bits of draws are below those of the limits, where the highest 8 are the same."""
        import numpy

        worlds = places * numpy.uint64(_LANES) + (lanes % _LANES).astype(numpy.uint64)
        rest = _mixed(self._tails[rows] + worlds * numpy.uint64(_GAMMA)) >> numpy.uint64(24 + 16)
        return rest < self._low[rows]


def _set_lanes(lanes: "Flags") -> "Rows":
    """The places of what is true of ``lanes``, few of which are; looks at eight at a time."""
    import numpy

    some = numpy.flatnonzero(lanes.view(numpy.uint64).ravel() != 0)
    row, lane = numpy.nonzero(lanes.reshape(-1, _LANES)[some])
    return some[row] * _LANES + lane


def _streams(seed: int, draws: Sequence[Key]) -> "tuple[Words, Words]":
    """Where the two streams of each draw begin."""
    import numpy

    digests = dict.fromkeys(draws, b"")
    for draw in digests:
        digests[draw] = sha256("\x1f".join((str(seed), *draw)).encode()).digest()[:16]
    both = numpy.frombuffer(b"".join(map(digests.__getitem__, draws)), "<u8").astype(numpy.uint64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def _mixed(state: "Words") -> "Words":
    """The outputs of SplitMix64 for its states, in their place and as little-endian bytes."""
    import numpy

    shifted = numpy.empty_like(state)
    for shift, factor in ((30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB)):
        state ^= numpy.right_shift(state, numpy.uint64(shift), out=shifted)
        state *= numpy.uint64(factor)
    state ^= numpy.right_shift(state, numpy.uint64(31), out=shifted)
    return state.astype("<u8", copy=False)


class Draws:
    """The bits of draws in ``count`` words from number ``first`` on, each worked out once."""

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
            below = literal._replace(below=True)
            bits = self._bits[literal.draw, literal.p] = self._asked(below)
        return bits if literal.below else ~bits

    def places(self) -> "Words":
        """The numbers of all bytes."""
        import numpy

        return numpy.arange(self.first * _LANES, (self.first + self.count) * _LANES, dtype=numpy.uint64)

    def _asked(self, literal: Literal) -> "Words":
        import numpy

        if certain(literal):
            return self.always()
        if impossible(literal):
            return ~self.always()
        bits: Words = Conditions(self.seed, [[literal]]).hold(self.places())[0].view(numpy.uint64)
        return bits
