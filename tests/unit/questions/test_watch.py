"""Answers that are stopped on the way: right for as far as they came."""

import pytest

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.cascade_into import cascade_into
from kb.questions.watch import Watch
from systems import independent, member, write_system

BLOCK = 1 << 16
"""Worlds after which somebody hears how far it is."""
EDGES = [("a", "b", 0.5), ("b", "c", 0.5), ("a", "c", 0.25), ("c", "b", 0.5)]


class Impatient(Watch):
    """Stops the work the first time that it hears something."""

    def tell(self, done, total, what):
        self.stopped = True


@pytest.fixture
def engine(tmp_path):
    with open_engine(str(tmp_path / "kb.db"), mode="write") as opened:
        write_system(opened, independent(EDGES))
        yield opened


def stopped(answer, by):
    return answer | {"complete": False, "truncated_by": by}


@pytest.mark.parametrize("what_if", [{}, {"sever": ["v/c:v/b"]}])
def test_an_answer_stopped_after_some_worlds_is_that_of_so_many(engine, what_if):
    how = {"threat": ["owasp:T12"], "method": "monte-carlo", **what_if}
    answer = cascade(engine, member("a"), samples=4 * BLOCK, watch=Impatient(), **how)
    assert answer == stopped(
        cascade(engine, member("a"), samples=BLOCK, **how), f"interrupted after {BLOCK} of {4 * BLOCK} worlds"
    )


def test_starts_that_were_not_asked_are_left_out(engine):
    every = cascade_into(engine, member("c"))
    answer = cascade_into(engine, member("c"), watch=Impatient())
    assert answer["truncated_by"] == "interrupted after 1 of 2 starts"
    assert answer["starts"] == [row for row in every["starts"] if row["agent"] == member("a")]


def test_work_is_heard_of_in_worlds_and_in_cascades(engine):
    heard = []
    watch = Watch(lambda *told: heard.append(told))
    cascade(engine, member("a"), method="monte-carlo", samples=3 * BLOCK, watch=watch)
    cascade_into(engine, member("c"), watch=watch)
    assert heard == [
        *((done * BLOCK, 3 * BLOCK, "worlds") for done in (1, 2, 3)),
        *((done, 2, "cascades") for done in (1, 2)),
    ]
    assert not watch.heeded
