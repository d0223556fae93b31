"""The bits of draws against a definition in plain numbers, and their independence of what else is asked."""

from hashlib import sha256

import numpy
import pytest

from kb.questions.kernels.draws import Conditions, Draws
from kb.questions.kernels.exposure_graph import Literal, Source

MASK = (1 << 64) - 1
DRAW = ("trust", "v/b", "v/a", "message")


def split_mix(seed, number):
    """Output ``number`` of SplitMix64 from ``seed``; Steele, Lea and Flood 2014, constants of Vigna's splitmix64.c."""
    z = (seed + number * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
    return z ^ z >> 31


def number_in(world, seed=0, draw=DRAW):
    digest = sha256("\x1f".join((str(seed), *draw)).encode()).digest()
    first, second = (int.from_bytes(digest[at : at + 8], "little") for at in (0, 8))
    high = split_mix(first, world // 8) >> 8 * (world % 8) & 0xFF
    return high << 24 | split_mix(second, world) >> 40


def literal(p, draw=DRAW, below=True):
    return Literal(draw, p, below, Source("assumed", ""))


def bits(words):
    return numpy.unpackbits(words.view(numpy.uint8), bitorder="little").astype(bool).tolist()


def test_the_generator_is_the_published_one():
    assert [split_mix(1234567, number) for number in (1, 2, 3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


@pytest.mark.parametrize("p", [0.0, 1e-9, 0.001, 1 / 3, 0.5, 0.8, 0.9999, 1.0])
@pytest.mark.parametrize("first", [0, 7])
def test_a_draw_falls_below_p_where_its_32_bits_do(p, first):
    worlds = range(first * 64, (first + 64) * 64)
    expected = [number_in(world) < round(p * 2**32) for world in worlds]
    assert bits(Draws(0, first, 64).holds(literal(p))) == expected
    assert bits(Draws(0, first, 64).holds(literal(p, below=False))) == [not one for one in expected]


def test_a_draw_is_the_same_whatever_is_asked_beside_it():
    other = ("step", "v/b", "owasp:T2")
    groups = [[literal(0.3), literal(0.9, other)], [literal(0.7)], [literal(0.2)], [literal(0.4, other, below=False)]]
    conditions, places = Conditions(0, groups), numpy.arange(3, 40, dtype=numpy.uint64)
    rows = conditions.hold(places)
    for group, row in enumerate(rows):
        alone = Conditions(0, [groups[group]])
        assert row.tolist() == alone.hold(places)[0].tolist() == conditions.hold(places, slice(group, group + 1))[0].tolist()
        assert row.tolist() == conditions.hold_each(places, numpy.full(len(places), group)).tolist()


def test_seeds_have_bits_of_their_own():
    held = bits(Draws(1, 0, 4).holds(literal(0.5)))
    assert held == [number_in(world, seed=1) < 1 << 31 for world in range(256)]
    assert held != bits(Draws(0, 0, 4).holds(literal(0.5)))
