"""What is always true of cascades."""

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from oracle.cascade import reached, worlds
from systems import faces, implements, member, trusts, write_system

MOST_WORLDS = 1000
THREATS = ("owasp:T12", "owasp:T6", "llm2025:LLM01", "owasp:T2", "owasp:T9", "owasp:T3")
CLASSES = ("message", "content", "call", "memory")
CONTROLS = ("owasp:P1.1", "owasp:P4.1", "owasp:P2.1", "aidefend:AID-H-002")
STRENGTHS = (0.25, 0.5, 1.0)


@st.composite
def systems(draw):
    names = ["a", "b", "c", "d"][: draw(st.integers(2, 4))]
    exposed = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(THREATS)), min_size=2, max_size=7, unique=True))
    wired = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from(CLASSES)),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    relations = [faces("a", "owasp:T12", 1.0), faces("a", "owasp:T6", 0.5)]
    relations += [
        faces(name, threat, draw(st.sampled_from(STRENGTHS)))
        for name, threat in exposed
        if (name, threat) not in (("a", "owasp:T12"), ("a", "owasp:T6"))
    ]
    relations += [
        trusts(one, other, draw(st.sampled_from(STRENGTHS)), over=over, channel="delegation")
        for one, other, over in wired
        if one != other
    ]
    placed = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(CONTROLS)), max_size=2, unique=True))
    return relations + [implements(name, control) for name, control in placed]


def answered(relations, **how):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, relations)
        return cascade(engine, member("a"), threat=["owasp:T12"], **{"floor": 0.0, **how})


def flat(answer):
    found = {row["agent"]: row["probability"] for row in answer["reached"]}
    for row in answer["reached"]:
        found |= {(row["agent"], part["threat"]): part["probability"] for part in row["threats"]}
    return found


def few_worlds(relations):
    return sum(1 for _ in islice(worlds(relations), MOST_WORLDS + 1)) <= MOST_WORLDS


@settings(max_examples=60, deadline=None)
@given(systems())
def test_exact_is_what_brute_force_finds(relations):
    assume(few_worlds(relations))
    expected = reached(relations, [(member("a"), "owasp:T12")])
    others = {what: p for what, p in expected.items() if (what if isinstance(what, str) else what[0]) != member("a")}
    assert flat(answered(relations, method="exact")) == {
        what: pytest.approx(p, abs=1e-9) for what, p in others.items() if p > 0
    }


@settings(max_examples=40, deadline=None)
@given(systems())
def test_a_chain_is_at_most_as_likely_as_the_whole(relations):
    for row in answered(relations, method="exact")["reached"]:
        assert 0 < row["chain_probability"] <= row["probability"] + 1e-12


@settings(max_examples=30, deadline=None)
@given(systems(), st.sampled_from(CONTROLS), st.sampled_from("bcd"))
def test_a_control_never_raises_a_probability_in_the_same_worlds(relations, control, name):
    before = flat(answered(relations, method="monte-carlo", samples=1024))
    after = flat(answered([*relations, implements(name, control)], method="monte-carlo", samples=1024))
    assert all(after.get(what, 0.0) <= p for what, p in before.items())
    assert after.keys() <= before.keys()


@settings(max_examples=30, deadline=None)
@given(systems(), st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from(CLASSES))
def test_a_trust_never_lowers_a_probability_in_the_same_worlds(relations, one, other, over):
    assume(one != other)
    before = flat(answered(relations, method="monte-carlo", samples=1024))
    after = flat(answered([*relations, trusts(one, other, 0.5, over=over)], method="monte-carlo", samples=1024))
    assert all(after[what] >= p for what, p in before.items())


@settings(max_examples=20, deadline=None)
@given(systems())
def test_the_order_of_what_is_written_changes_nothing(relations):
    assert answered(relations)["reached"] == answered(relations[::-1])["reached"]
