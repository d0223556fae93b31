"""What is always true of the expansion, which reads an agent only where a way into it is likely enough."""

from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.model.graph import Relation
from kb.questions.kernels.exposure import Wanted, build
from kb.questions.kernels.exposure_graph import exposure, is_exposure
from systems import DOCUMENT, faces, implements, member, trusts, write_system

NAMES = "abcdef"
THREATS = ("owasp:T12", "owasp:T6", "owasp:T9", "owasp:T1", "owasp:T2")
CLASSES = ("message", "content", "memory")
STRENGTHS = (0.0, 0.1, 0.25, 0.6, 1.0)


def uses(name, resource, access, strength):
    said = {"access": access, "strength": strength}
    return Relation("USES", member(name), resource, {k: v for k, v in said.items() if v is not None}, DOCUMENT)


names, strengths = st.sampled_from(NAMES), st.sampled_from(STRENGTHS)
exposed = st.lists(
    st.builds(faces, st.sampled_from(NAMES[1:]), st.sampled_from(THREATS), strengths), max_size=12, unique_by=lambda r: r.key
)
wired = st.lists(
    st.builds(lambda one, other, p, over: trusts(one, other, p, over=over), names, names, strengths, st.sampled_from(CLASSES)),
    min_size=2,
    max_size=12,
    unique_by=lambda r: r.key,
).map(lambda some: [r for r in some if r.source != r.target])
used = st.lists(
    st.builds(
        uses, names, st.sampled_from(("memory:notes", "tool:mail")), st.sampled_from(("read", "write", "call")), strengths
    ),
    max_size=6,
    unique_by=lambda r: r.key,
)
placed = st.lists(st.builds(implements, names, st.sampled_from(("owasp:P1.1", "aidefend:AID-H-004.003"))), max_size=1)
systems = st.tuples(exposed, wired, used, placed).map(lambda parts: [faces("a", "owasp:T12"), *chain(*parts)])


def expanded(relations, *floors):
    """What compromise of ``a`` reaches, down to each of ``floors``."""
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, relations, members={name: {} for name in NAMES})
        return [build(engine, [exposure(member("a"), "owasp:T12")], Wanted(floor)) for floor in floors]


@settings(max_examples=40, deadline=None)
@given(systems, st.sampled_from((0.01, 0.05, 0.2)))
def test_a_floor_leaves_out_nothing_whose_best_chain_is_as_likely(relations, floor):
    whole, part = (expansion.graph for expansion in expanded(relations, 0.0, floor))
    assert {node: p for node, p in part.best.items() if is_exposure(node)} == {
        node: p for node, p in whole.best.items() if is_exposure(node) and p >= floor
    }
    assert {(arc.source, arc.target, arc.literals) for arc in part.arcs if is_exposure(arc.target)} == {
        (arc.source, arc.target, arc.literals)
        for arc in whole.arcs
        if is_exposure(arc.target) and arc.source in part.best and arc.target in part.best
    }


@settings(max_examples=25, deadline=None)
@given(systems, st.sampled_from((0.01, 0.05, 0.2)))
def test_only_agents_that_some_way_leads_into_are_read(relations, floor):
    whole, part = expanded(relations, 0.0, floor)
    entered = {node[1] for node in part.graph.best if node[0] == "in"} | {member("a")}
    assert entered <= part.members.keys() <= whole.members.keys()
    # a way may seem likely enough that is closed to what the trusted agent sends in its own name
    arrived = {arc.target[1] for arc in whole.graph.arcs if arc.target[0] == "in"} | {member("a")}
    assert part.members.keys() <= arrived


@settings(max_examples=25, deadline=None)
@given(systems, st.sampled_from((0.01, 0.05, 0.2)))
def test_what_is_left_out_does_not_depend_on_the_order_of_writing(relations, floor):
    (one,), (other,) = expanded(relations, floor), expanded(relations[::-1], floor)
    assert one.graph == other.graph
    assert one.members.keys() == other.members.keys()
