"""Where compromise comes to in worlds, against a search in each world alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.questions.kernels.draws import Draws
from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Literal, Source
from kb.questions.kernels.spread import Spread

WORDS = 3
NODES = [("node", str(number)) for number in range(7)]
literals = st.builds(
    lambda draw, p, below: Literal(("draw", str(draw)), p, below, Source("assumed", "")),
    st.integers(0, 6),
    st.sampled_from((0.0, 0.01, 0.2, 1 / 3, 0.5, 1.0)),
    st.booleans(),
)
graphs = st.builds(
    lambda starts, arcs: ExposureGraph(tuple(starts), arcs),
    st.lists(st.sampled_from(NODES), min_size=1, max_size=2, unique=True),
    st.lists(
        st.builds(
            lambda source, target, conditions: Arc(source, target, tuple(conditions)),
            st.sampled_from(NODES),
            st.sampled_from(NODES),
            st.lists(literals, max_size=3),
        ),
        max_size=20,
    ),
)


def one_by_one(graph, first):
    """For each node the worlds in which it is reached, one bit each, by a search in every world."""
    draws = Draws(0, first, WORDS)
    held = [[int.from_bytes(draws.holds(one).tobytes(), "little") for one in arc.literals] for arc in graph.arcs]
    found = dict.fromkeys(NODES, 0)
    for world in range(WORDS * 64):
        fallen = set(graph.starts)
        opened = [arc for arc, bits in zip(graph.arcs, held, strict=True) if all(one >> world & 1 for one in bits)]
        while new := {arc.target for arc in opened if arc.source in fallen} - fallen:
            fallen |= new
        for node in fallen:
            found[node] |= 1 << world
    return {node: bits for node, bits in found.items() if bits}


def at_once(spread, first):
    reached = spread.reached(first, WORDS)
    found = {node: int.from_bytes(reached[node].tobytes(), "little") for node in reached}
    return {node: bits for node, bits in found.items() if bits}


@settings(max_examples=150, deadline=None)
@given(graphs, st.sampled_from((0, 5)))
def test_every_world_is_what_its_draws_open(graph, first):
    assert at_once(Spread(graph, 0), first) == one_by_one(graph, first)


@settings(max_examples=60, deadline=None)
@given(graphs, st.sampled_from(NODES))
def test_what_leads_nowhere_that_is_asked_for_changes_nothing(graph, goal):
    whole, part = at_once(Spread(graph, 0), 0), at_once(Spread(graph, 0, [goal]), 0)
    assert part.get(goal) == whole.get(goal)
    assert part.items() <= whole.items()
