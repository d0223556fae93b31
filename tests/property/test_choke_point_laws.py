"""What is always true of choke points."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.choke_points import choke_points
from oracle.cascade import OUTSIDE, Described, useful
from oracle.wirings import wirings
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


@contextmanager
def whole(system):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        yield engine


def dominating(system, goal, fallen):
    assume(fallen == "v/a" or any(said.get("entries") for said in system.members.values()))
    with whole(system) as engine:
        rows = choke_points(engine, hit=goal, fallen=fallen).rows
    return {(row["kind"], row["id"]) for row in rows if row["dominates"]}


def needed(system, goal, fallen):
    """The places without whose ways networkx finds no way to ``goal``, of those that lie between."""
    starts = [OUTSIDE] if fallen == "outside" else [one for one in system.faces if one[0] == fallen]
    ways = useful(system.ways(), starts)
    at = {way: set(places(way)) for way in ways}
    between = set().union(*at.values()) - {("agent", fallen), ("agent", goal)} if at else set()
    if not reachable(ways, starts, goal):
        return set()
    return {place for place in between if not reachable([way for way in ways if place not in at[way]], starts, goal)}


def places(way):
    """The agent that passes something on, if it does, and the trusts that ``way`` takes."""
    if way.source[0] != way.target[0] and way.source != OUTSIDE:
        yield "agent", way.source[0]
    for draw in (one.draw for one in way.conditions):
        if draw[0] == "trust":
            yield "relation", f"{draw[1]}:{draw[2]}"


def reachable(ways, starts, goal):
    graph = nx.DiGraph((way.source, way.target) for way in ways)
    graph.add_nodes_from(starts)
    found = set().union(*(nx.descendants(graph, start) for start in starts))
    return any(agent == goal and ":" in threat for agent, threat in found)  # a threat's id: what only hands on has none


@settings(max_examples=60, deadline=None)
@given(wirings(), st.sampled_from("bcd"), st.sampled_from(("v/a", "outside")))
def test_what_dominates_is_what_networkx_cannot_do_without(system, goal, fallen):
    assume(member(goal) in system.agents)
    assert dominating(system, member(goal), fallen) == needed(system, member(goal), fallen)


@settings(max_examples=20, deadline=None)
@given(wirings(), st.sampled_from("bcd"), st.sampled_from(("v/a", "outside")))
def test_without_a_dominator_its_target_falls_by_no_method(system, goal, fallen):
    assume(member(goal) in system.agents)
    for place in sorted(dominating(system, member(goal), fallen)):
        left, severed = cut(system, place)
        for method in ("exact", "monte-carlo", "chain"):
            with whole(left) as engine:
                answer = cascade(engine, fallen, floor=0.0, method=method, samples=64, sever=severed)
            assert member(goal) not in {row["agent"] for row in answer["reached"]}


def cut(system, place):
    """``system`` without what an agent passes on, or without a reader's trust in a resource; or the trust to sever."""
    kind, name = place
    truster, _, trusted = name.partition(":")
    if kind == "relation" and (trusted == "outside" or trusted.startswith("v/")):
        return system, [name]
    if kind == "agent":
        relations = [r for r in system.relations if r.kind != "TRUSTS" or r.target != name]
        left = [part for r in relations for part in without_access(r, "write", r.source == name)]
    else:
        left = [
            part for r in system.relations for part in without_access(r, "read", (r.source, r.target) == (truster, trusted))
        ]
    once = {(r.kind, r.source, r.target, r.key): r for r in left}
    return Described(list(once.values()), system.infer, system.members), []


def without_access(relation, access, concerned):
    """``relation``, which no longer writes, or reads, if it is a use that is concerned."""
    if relation.kind != "USES" or not concerned or relation.properties["access"] not in (access, "call"):
        return [relation]
    other = {"read": "write", "write": "read"}[access]
    if relation.properties["access"] == access:
        return []
    return [replace(relation, properties={**relation.properties, "access": other})]
