"""What is always true of cascades that follow only so many hops."""

from itertools import pairwise, product
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
from oracle.cascade import RELAY, count_worlds, holds, useful, worlds
from oracle.wirings import wirings
from systems import faces, independent, member, trusts, write_system

NAMES = "abcde"
MOST_WORLDS = 600
THREATS = ("owasp:T12", "owasp:T6", "llm2025:LLM01", "owasp:T2", "owasp:T1")
some = st.sampled_from(NAMES)
wired = st.tuples(some, some, st.sampled_from((0.25, 0.5, 1.0))).filter(lambda drawn: drawn[0] != drawn[1])
edges = st.lists(wired, min_size=2, max_size=6, unique_by=lambda edge: edge[:2]).map(
    lambda found: list({edge[:2]: edge for edge in [("a", "z", 0.5), ("c", "b", 0.5), *found]}.values())
)


@st.composite
def systems(draw):
    classes = st.tuples(some, some, st.sampled_from(("message", "call", "content"))).filter(lambda drawn: drawn[0] != drawn[1])
    exposed = draw(st.sets(st.tuples(some, st.sampled_from(THREATS)), min_size=4, max_size=10)) | {("a", "owasp:T12")}
    strength = st.sampled_from((0.25, 0.5, 1.0))
    return [
        *(faces(name, threat, draw(strength)) for name, threat in sorted(exposed)),
        *(trusts(*pair, draw(strength), over=over) for *pair, over in sorted(draw(st.sets(classes, min_size=2, max_size=8)))),
    ]


def asked(relations, question=cascade, to=(), **how):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, relations)
        return question(engine, member("a"), *to, **{"floor": 0.0} | how)


def flat(answer):
    """Probability by agent, and by agent and threat."""
    found = {row["agent"]: row["probability"] for row in answer["reached"]}
    for row in answer["reached"]:
        found |= {(row["agent"], part["threat"]): part["probability"] for part in row["threats"]}
    return found


@settings(max_examples=40, deadline=None)
@given(edges, st.integers(1, 5))
def test_an_agent_falls_in_the_worlds_in_which_so_many_open_edges_lead_to_it(found, most):
    expected: dict[str, float] = {}
    for world in product((True, False), repeat=len(found)):
        graph = nx.DiGraph([edge[:2] for edge, is_open in zip(found, world, strict=True) if is_open])
        graph.add_node("a")
        share = prod(edge[2] if is_open else 1 - edge[2] for edge, is_open in zip(found, world, strict=True))
        for name, length in nx.single_source_shortest_path_length(graph, "a").items():
            if 0 < length <= most and share:
                expected[member(name)] = expected.get(member(name), 0.0) + share
    answer = asked(independent(found), threat=["owasp:T12"], method="exact", max_hops=most)
    assert {row["agent"]: row["probability"] for row in answer["reached"]} == pytest.approx(expected, abs=1e-9)
    assert all(1 <= row["depth"] <= most for row in answer["reached"])


def reached_within(system, begun, most):
    """The probability of each exposure being reached by a way of at most ``most`` trusts, by trying every world."""
    ways = useful(system.ways(), begun)
    found: dict[tuple[str, str], float] = {}
    for share, world in worlds(ways):
        graph = nx.DiGraph()
        graph.add_nodes_from(begun)
        for way in ways:
            if all(holds(one, world) for one in way.conditions):
                length = int(any(one.draw[0] == "trust" for one in way.conditions))
                known = graph.get_edge_data(way.source, way.target, {"length": length})["length"]
                graph.add_edge(way.source, way.target, length=min(length, known))
        lengths = nx.multi_source_dijkstra_path_length(graph, set(begun), cutoff=most, weight="length")
        for node in lengths:
            found[node] = found.get(node, 0.0) + share
    return found


@settings(max_examples=40, deadline=None)
@given(wirings(), st.integers(1, 3))
def test_threats_resources_and_relays_are_followed_so_many_hops_as_brute_force_does(system, most):
    begun = sorted(one for one in system.faces if one[0] == member("a"))
    assume(count_worlds(system, begun) <= MOST_WORLDS)
    expected = {
        (agent, threat): p for (agent, threat), p in reached_within(system, begun, most).items() if agent != member("a")
    }
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        answer = cascade(engine, member("a"), floor=0.0, method="exact", max_hops=most)
    found = {what: p for what, p in flat(answer).items() if isinstance(what, tuple)}
    assert found == pytest.approx({what: p for what, p in expected.items() if what[1] != RELAY}, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(systems(), st.sampled_from(("exact", "chain", "monte-carlo")))
def test_more_hops_than_there_are_places_to_arrive_at_are_as_good_as_no_limit(relations, method):
    how = {"threat": ["owasp:T12"], "method": method, "samples": 512}
    assert flat(asked(relations, max_hops=20, **how)) == pytest.approx(flat(asked(relations, **how)), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(systems())
def test_one_more_hop_never_lowers_a_probability_in_the_same_worlds(relations):
    some_hops = [
        flat(asked(relations, threat=["owasp:T12"], method="monte-carlo", samples=512, max_hops=most)) for most in (1, 2, 3, 4)
    ]
    for fewer, more in pairwise(some_hops):
        assert all(more[what] >= p for what, p in fewer.items())


@settings(max_examples=15, deadline=None)
@given(edges, st.integers(1, 4))
def test_paths_of_so_many_hops_are_the_short_ones_of_all(found, most):
    every = asked(independent(found), paths, [[member("z"), member("b")]], k=50)["paths"]
    short = asked(independent(found), paths, [[member("z"), member("b")]], k=50, max_hops=most)["paths"]
    assert sorted(map(repr, short)) == sorted(repr(path) for path in every if len(path["steps"]) <= most)
