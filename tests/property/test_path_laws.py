"""What is always true of paths."""

from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.paths import paths
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
