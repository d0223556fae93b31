"""What is always true of choke points."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.choke_points import choke_points
from systems import faces, member, trusts, write_system

THREATS = ("owasp:T12", "owasp:T6", "llm2025:LLM01", "owasp:T2")
NAMES = "abcde"


@st.composite
def systems(draw):
    some = st.sampled_from((0.25, 0.5, 1.0))
    faced = draw(st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(THREATS)), min_size=4, max_size=12))
    ends = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(("message", "call", "content")))
    wired = draw(st.sets(ends.filter(lambda end: end[0] != end[1]), min_size=3, max_size=9))
    return [faces(name, threat, draw(some)) for name, threat in sorted({*faced, ("a", "owasp:T12"), ("e", "owasp:T6")})] + [
        trusts(one, other, draw(some), over=over, channel="delegation") for one, other, over in sorted(wired)
    ]


@contextmanager
def written(relations):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, relations, members={name: {} for name in NAMES})
        yield engine


def likelihood(relations):
    """How likely ``e`` falls if ``a`` does, exactly."""
    with written(relations) as engine:
        reached = cascade(engine, member("a"), floor=0.0, method="exact")["reached"]
    return next((row["probability"] for row in reached if row["agent"] == member("e")), 0.0)


def without(relations):
    """Each agent that may be taken away and each trust, with the relations that are left."""
    pairs = {(r.source, r.target) for r in relations if r.kind == "TRUSTS"}
    for name in "bcd":
        yield ("agent", member(name)), [r for r in relations if r.kind != "TRUSTS" or r.target != member(name)]
    for pair in sorted(pairs):
        yield ("relation", ":".join(pair)), [r for r in relations if (r.source, r.target) != pair]


@settings(max_examples=40, deadline=None)
@given(systems())
def test_without_a_dominator_nothing_falls_and_without_anything_else_something_may(relations):
    with written(relations) as engine:
        rows = choke_points(engine, hit=member("e"), fallen=member("a")).rows
    dominating = {(row["kind"], row["id"]) for row in rows if row["dominates"]}
    stopping = {place for place, left in without(relations) if likelihood(left) == 0.0}
    assert dominating == (stopping if likelihood(relations) else set())


@settings(max_examples=40, deadline=None)
@given(systems())
def test_no_drop_is_negative_and_those_of_dominators_are_alike_and_the_largest(relations):
    with written(relations) as engine:
        rows = choke_points(engine, hit=member("e"), fallen=member("a")).rows
    dominating = {row["drop"] for row in rows if row["dominates"]}
    others = [row["drop"] for row in rows if not row["dominates"]]
    assert len(dominating) <= 1
    assert all(0.0 < drop <= max(dominating, default=1.0) for drop in others)
    assert others == sorted(others, reverse=True)
