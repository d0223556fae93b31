"""Monte Carlo: bits that depend on nothing but seed, draw and world; intervals that hold what they promise."""

import pytest

from kb.errors import UsageError
from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Literal, Source
from kb.questions.kernels.likelihood import Goal, estimate
from kb.questions.kernels.worlds import Worlds, reached_in, wilson

S, H, A, B, T = (("node", name) for name in "shabt")


def arc(source, target, p):
    return Arc(source, target, (Literal(("draw", source[1], target[1]), p, True, Source("assumed", "")),))


def stem(p=0.5):
    """A stem that two ways share: T is reached with p · (1 − (1 − 0.9 · 0.8)²)."""
    arcs = [arc(S, H, p), arc(H, A, 0.9), arc(H, B, 0.9), arc(A, T, 0.8), arc(B, T, 0.8)]
    return ExposureGraph((S,), arcs, dict.fromkeys((S, H, A, B, T), 1.0))


def worlds_of(graph, worlds):
    blocks = list(reached_in(graph, worlds))
    return b"".join(block[T].tobytes() for _, block in blocks), sum(size for size, _ in blocks)


def test_more_worlds_begin_with_the_same_worlds():
    few, count = worlds_of(stem(), Worlds(samples=1024))
    many, _ = worlds_of(stem(), Worlds(samples=8192))
    assert count == 1024
    assert many.startswith(few)


def test_blocks_change_nothing(monkeypatch):
    whole = worlds_of(stem(), Worlds(samples=4096))
    monkeypatch.setattr("kb.questions.kernels.worlds._CELLS", 50)  # ten words at a time
    assert worlds_of(stem(), Worlds(samples=4096)) == whole


def test_a_seed_has_worlds_of_its_own():
    assert worlds_of(stem(), Worlds(1024, 0)) != worlds_of(stem(), Worlds(1024, 1))


def test_a_likelier_step_is_open_wherever_a_less_likely_one_is():
    low, _ = worlds_of(stem(0.4), Worlds(4096))
    high, _ = worlds_of(stem(0.6), Worlds(4096))
    assert all(one & other == one for one, other in zip(low, high, strict=True))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    truth = 0.4608
    graph, goals = stem(), [Goal(("t", "falls"), (T,))]
    inside = 0
    for seed in range(1000):
        found = estimate(graph, goals, {}, "monte-carlo", Worlds(1024, seed))[2]["t", "falls"]
        inside += found.low <= truth <= found.high
    assert 930 <= inside <= 970


def test_wilson_is_what_the_textbook_gives():
    """E. B. Wilson 1927; 10 of 20 at 95 % gives 0.2993 to 0.7007."""
    found = wilson(10, 20)
    assert (found.probability, round(found.low, 4), round(found.high, 4)) == (0.5, 0.2993, 0.7007)
    assert (wilson(0, 64).low, wilson(64, 64).high) == (0.0, 1.0)


@pytest.mark.parametrize(("samples", "seed"), [(0, 0), (100, 0), (-64, 0), (64, -1), (64, 1 << 64)])
def test_worlds_that_cannot_be_are_refused(samples, seed):
    with pytest.raises(UsageError):
        Worlds(samples, seed)
