"""What is always true of paths."""

from itertools import groupby
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.paths import paths
from oracle.wirings import wirings
from systems import independent, member, write_system

NAMES = "sabct"
edges = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from((0.3, 0.55, 0.8, 1.0))),
    min_size=1,
    max_size=9,
    unique_by=lambda edge: edge[:2],
).map(lambda found: [edge for edge in found if edge[0] != edge[1]] + [("s", "a", 0.7), ("b", "t", 0.9)])


@settings(max_examples=40, deadline=None)
@given(edges, st.integers(1, 6))
def test_the_paths_are_the_likeliest_of_all_simple_ones(found, k):
    merged = list({edge[:2]: edge for edge in found}.values())
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(merged)
    every = sorted(
        (prod(graph[a][b]["weight"] for a, b in nx.utils.pairwise(way)) for way in nx.all_simple_paths(graph, "s", "t")),
        reverse=True,
    )
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, independent(merged))
        answer = paths(engine, member("s"), [member("t")], k=k, floor=0.0)
    assert [path["probability"] for path in answer["paths"]] == [pytest.approx(p) for p in every[:k]]
    for path in answer["paths"]:
        steps = path["steps"]
        ways = [steps[0]["from"].partition("/")[2], *(step["to"].partition("/")[2] for step in steps)]
        assert len(set(ways)) == len(ways)
        assert prod(graph[a][b]["weight"] for a, b in nx.utils.pairwise(ways)) == pytest.approx(path["probability"])


@settings(max_examples=40, deadline=None)
@given(wirings(), st.sampled_from("bcd"), st.sampled_from((member("a"), "outside")))
def test_the_best_path_is_the_most_likely_chain_where_that_passes_each_agent_once(system, goal, fallen):
    assume(member(goal) in system.agents)
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        found = [path["probability"] for path in paths(engine, fallen, [member(goal)], floor=0.0)["paths"]]
        reached = cascade(engine, fallen, floor=0.0, method="exact")["reached"]
    row = next((row for row in reached if row["agent"] == member(goal)), None)
    assert found == sorted(found, reverse=True)
    if row is None:
        assert found == []
        return
    assert all(0.0 < p <= row["chain_probability"] + 1e-12 for p in found)
    assert row["chain_probability"] <= row["probability"] + 1e-12
    passed = [agent for agent, _ in groupby(step["agent"] for step in row["chain"])]
    if len(set(passed)) == len(passed):
        assert found[0] == pytest.approx(row["chain_probability"], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(wirings(), st.sampled_from("bcd"))
def test_a_path_joins_and_is_as_likely_as_its_factors_say(system, goal):
    assume(member(goal) in system.agents)
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        answer = paths(engine, member("a"), [member(goal)], floor=0.0)
    for path in answer["paths"]:
        steps = path["steps"]
        assert (steps[0]["from"], steps[-1]["to"]) == (member("a"), member(goal))
        assert all(one["to"] == other["from"] for one, other in nx.utils.pairwise(steps))
        assert path["probability"] == pytest.approx(prod(factors(steps)), abs=1e-12)


def factors(steps):
    """What a chain's probability is the product of: a control that it has to pass twice counts once."""
    controls = {}
    for step in steps:
        for part in (*step["inside"], step):
            yield 1.0 if part["susceptibility"] is None else part["susceptibility"]
            at = step["from"] if part is not step else step["to"]
            controls |= {(at, control["control"]): control["holds"] for control in part["controls"]}
        yield step["strength"]
    yield from (1.0 - holds for holds in controls.values())
