"""What is always true of differences."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.diff import diff
from systems import faces, member, trusts, write_system

NAMES = "sabc"
NOTHING = {"came": [], "went": [], "changed": []}
_strengths = st.sampled_from((0.25, 0.5, 1.0))
systems = st.lists(
    st.one_of(
        st.builds(faces, st.sampled_from(NAMES), st.sampled_from(("owasp:T2", "owasp:T12")), _strengths),
        st.builds(trusts, st.sampled_from("abc"), st.just("s"), _strengths),
    ),
    max_size=8,
    unique_by=lambda relation: relation.key,
).map(lambda found: [*found, faces("s", "owasp:T6", 1.0)])


def mirrored(part):
    """``part`` of a difference with its two sides exchanged, as it is at any depth."""
    if isinstance(part, list):
        return [mirrored(one) for one in part]
    if not isinstance(part, dict):
        return part
    other = {"came": "went", "went": "came", "before": "after", "after": "before"}
    return {name: mirrored(part[other.get(name, name)]) for name in part}


def both_ways(one, other):
    with TemporaryDirectory() as folder, ExitStack() as stack:
        engines = [stack.enter_context(open_engine(str(Path(folder, name)), mode="write")) for name in ("a.db", "b.db")]
        for engine, relations in zip(engines, (one, other), strict=True):
            write_system(engine, relations)
        return [diff(*pair, fallen=member("s")) for pair in (engines, engines[::-1])]


@settings(max_examples=25, deadline=None)
@given(systems)
def test_a_base_does_not_differ_from_itself(relations):
    answer, _ = both_ways(relations, relations)
    assert [answer[part] for part in ("nodes", "relations", "scores")] == [NOTHING] * 3
    assert (answer["cascade"]["moved"], answer["cascade"]["chains"]) == ([], {"came": [], "went": []})


@settings(max_examples=25, deadline=None)
@given(systems, systems)
def test_the_other_way_round_what_came_went(one, other):
    there, back = both_ways(one, other)
    for part in ("before", "after", "nodes", "relations", "scores", "cascade"):
        assert there[part] == mirrored(back)[part]
