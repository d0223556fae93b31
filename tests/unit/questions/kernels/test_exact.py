"""The exact kernel against brute force, on graphs with cycles, shared draws, certain arcs and several ranges to a draw."""

from itertools import pairwise, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.questions.kernels.exact import Budget, TooManyStates, exact_probability
from kb.questions.kernels.exposure_graph import Arc, ExposureGraph, Literal, Source
from kb.questions.kernels.likelihood import Goal, estimate
from kb.questions.kernels.worlds import Worlds

NODES = [("node", str(number)) for number in range(7)]
literals = st.builds(
    lambda draw, p, below: Literal(("draw", str(draw)), p, below, Source("assumed", "")),
    st.integers(0, 5),
    st.sampled_from((0.2, 0.5, 0.7, 1.0)),
    st.booleans(),
)
arcs = st.lists(
    st.builds(
        lambda source, target, conditions: Arc(source, target, tuple(conditions)),
        st.sampled_from(NODES[:-1]),
        st.sampled_from(NODES[1:]),
        st.lists(literals, max_size=2, unique_by=lambda literal: literal.draw),
    ),
    min_size=3,
    max_size=14,
)


def brute_force(found, start, goal):
    cuts = {}
    for arc in found:
        for literal in arc.literals:
            cuts.setdefault(literal.draw, {0.0, 1.0}).add(literal.p)
    ranges = [[(draw, low, high - low) for low, high in pairwise(sorted(values))] for draw, values in cuts.items()]
    total = 0.0
    for world in product(*ranges):
        share, u = 1.0, {}
        for draw, low, width in world:
            share, u[draw] = share * width, low
        graph = nx.DiGraph()
        graph.add_nodes_from(NODES)
        graph.add_edges_from(
            (arc.source, arc.target) for arc in found if all((u[one.draw] < one.p) == one.below for one in arc.literals)
        )
        total += share * nx.has_path(graph, start, goal)
    return total


@settings(max_examples=150, deadline=None)
@given(arcs)
def test_exact_is_what_brute_force_finds(found):
    graph = ExposureGraph((NODES[0],), found, {})
    assert exact_probability(graph, [NODES[-1]], Budget()) == pytest.approx(brute_force(found, NODES[0], NODES[-1]), abs=1e-12)


def test_a_budget_that_does_not_suffice_is_refused():
    ends = [("node", str(number)) for number in range(12)]
    found = [
        Arc(one, other, (Literal(("draw", one[1], other[1]), 0.5, True, Source("assumed", "")),))
        for one in ends
        for other in ends
        if one != other
    ]
    with pytest.raises(TooManyStates):
        exact_probability(ExposureGraph((ends[0],), found, {}), [ends[-1]], Budget(50))


def test_a_long_row_takes_no_recursion_and_few_states():
    ends = [("node", str(number)) for number in range(3000)]
    found = [Arc(one, other, (Literal(("draw", one[1]), 0.999, True, Source("assumed", "")),)) for one, other in pairwise(ends)]
    budget = Budget(1000)
    assert exact_probability(ExposureGraph((ends[0],), found, {}), [ends[-1]], budget) == pytest.approx(0.999**2999)


def test_making_a_graph_small_is_work_that_counts():
    """A ladder of certain steps down and likely ones back folds up, but only in many rounds."""
    ends = [("node", f"{number:03}") for number in range(300)]
    back = [Literal(("draw", end[1]), 0.5, True, Source("assumed", "")) for end in ends]
    found = [Arc(one, other) for one, other in pairwise(ends)]
    found += [Arc(ends[number], ends[number - 2], (back[number],)) for number in range(2, 300)]
    graph = ExposureGraph((ends[0],), found, {})
    assert exact_probability(graph, [ends[-1]], Budget()) == 1.0
    with pytest.raises(TooManyStates):
        exact_probability(graph, [ends[-1]], Budget(looks=2 * len(found)))


def test_an_exact_answer_that_takes_too_much_is_refused_with_its_states_and_a_remedy(monkeypatch):
    ends = [("exposure", str(number), "owasp:T12") for number in range(12)]
    found = [
        Arc(one, other, (Literal(("draw", one[1], other[1]), 0.5, True, Source("assumed", "")),))
        for one in ends
        for other in ends
        if one != other
    ]
    graph, goal = ExposureGraph((ends[0],), found, dict.fromkeys(ends, 1.0)), Goal(("11", "falls"), (ends[-1],))
    monkeypatch.setattr("kb.questions.kernels.likelihood.PATIENT", 10_000)  # half a minute is too long for a test
    with pytest.raises(UsageError) as refused:
        estimate(graph, [goal], {}, "exact", Worlds())
    assert str(refused.value) == (
        "the exact answer takes more than 287 states; "
        "the limit is 131072 for one figure and about half a minute of work for all"
    )
    assert refused.value.hint == (
        "use --method monte-carlo (or auto), or narrow the question with --system, --threat or a higher --floor"
    )
    assert estimate(graph, [goal], {}, "auto", Worlds())[0] == "monte-carlo"
