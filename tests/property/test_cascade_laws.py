"""What is always true of cascades."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.api import KnowledgeBase
from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from kb.questions.kernels.exposure import Wanted, build
from kb.questions.kernels.exposure_graph import exposure, is_exposure
from kb.questions.kernels.worlds import Worlds, reached_in
from oracle.cascade import OUTSIDE, Described, count_worlds, reached
from oracle.wirings import CONTROLS, NAMES, STARTS, THREATS, WIRINGS, trust, uses, wirings
from systems import faces, implements, member, write_system

MOST_WORLDS = 600
starts = st.sampled_from([("v/a", []), *(("v/a", [threat]) for threat in STARTS), ("outside", [])])
"""Who falls, and to what; to everything where no threat is named."""


@contextmanager
def written(system):
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        write_system(engine, system.relations, infer=system.infer, members=system.members)
        yield engine


def answered(system, start=("v/a", []), **how):
    with written(system) as engine:
        return cascade(engine, start[0], **{"threat": start[1], "floor": 0.0, **how})


def flat(answer):
    """Every figure of an answer by what it is the probability of."""
    found = {row["agent"]: row["probability"] for row in answer["reached"]}
    for row in answer["reached"]:
        found |= {(row["agent"], part["threat"]): part["probability"] for part in row["threats"]}
        found |= {("harmed", row["agent"]): row["harmed"]} if row["harmed"] else {}
    return found


def begun(system, start):
    """The exposures that are there from the beginning."""
    agent, threats = start
    if agent == "outside":
        return [OUTSIDE]
    return sorted(one for one in system.faces if one[0] == agent and (not threats or one[1] in threats))


def others(found, start):
    return {what: p for what, p in found.items() if start[0] not in (what if isinstance(what, tuple) else (what,))}


def close(found):
    return {what: pytest.approx(p, abs=1e-9) for what, p in found.items()}


def in_worlds(system, samples=1024):
    """Each exposure that ``a`` can lead to, with one bit a world that says whether it does."""
    with written(system) as engine:
        expansion = build(engine, [exposure("v/a", threat) for threat in STARTS], Wanted(0.0))
        ((_, block),) = reached_in(expansion.graph, Worlds(samples))
    return {node: int.from_bytes(bits.tobytes(), "little") for node, bits in block.items() if is_exposure(node)}


def with_more(system, *relations):
    """``system`` with ``relations``, but for those whose identity it has."""
    known = {(r.kind, r.source, r.target, r.key) for r in system.relations}
    new = [r for r in relations if (r.kind, r.source, r.target, r.key) not in known]
    assume(new)
    return replace(system, relations=[*system.relations, *new])


def never_fewer(before, after):
    return all(bits & after.get(node, 0) == bits for node, bits in before.items())


@settings(max_examples=80, deadline=None)
@given(wirings(), starts)
def test_exact_is_what_brute_force_finds(system, start):
    assume(count_worlds(system, begun(system, start)) <= MOST_WORLDS)
    answer = answered(system, start, method="exact")
    expected = others(reached(system, begun(system, start)), start)
    assert flat(answer) == close(expected)
    costs = {member(name): said.get("criticality", 1.0) for name, said in system.members.items()}
    radius = sum(p * costs[agent] for agent, p in expected.items() if isinstance(agent, str))
    assert answer["blast_radius"]["value"] == pytest.approx(radius, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(wirings(), starts)
def test_a_chain_is_at_most_as_likely_as_the_whole(system, start):
    exactly = answered(system, start, method="exact")
    assert all(0 < row["chain_probability"] <= row["probability"] + 1e-12 for row in exactly["reached"])
    bound = {row["agent"]: row["chain_probability"] for row in exactly["reached"]}
    assert {row["agent"]: row["probability"] for row in answered(system, start, method="chain")["reached"]} == bound


@settings(max_examples=20, deadline=None)
@given(wirings(), st.sampled_from(NAMES), st.sampled_from(("exact", "monte-carlo", "chain")))
def test_backwards_each_start_has_what_the_cascade_from_it_says(system, name, method):
    hit, how = member(name), {"floor": 0.0, "method": method, "samples": 256}
    others = sorted({agent for agent, _ in system.faces} - {hit})
    assume(hit in system.agents and others)
    with written(system) as engine:
        starts = {row["agent"]: row for row in KnowledgeBase(engine).cascade_into(hit, **how)["starts"]}
        ahead = {other: {row["agent"]: row for row in cascade(engine, other, **how)["reached"]} for other in others}
    own = ("probability", "low", "high", "harmed", "threats", "chain", "chain_probability")
    assert {other: approx(some(row, own)) for other, row in starts.items()} == {
        other: some(reached[hit], own) for other, reached in ahead.items() if hit in reached
    }


def some(row, names):
    return {name: row[name] for name in names}


@settings(max_examples=30, deadline=None)
@given(wirings(), st.sampled_from(CONTROLS), st.sampled_from("abcd"))
def test_a_control_never_raises_a_probability_in_any_world(system, control, name):
    more = with_more(system, implements(name, control))
    assert never_fewer(in_worlds(more), in_worlds(system))


@settings(max_examples=30, deadline=None)
@given(wirings(), st.permutations(NAMES), st.sampled_from(WIRINGS), st.sampled_from((0.5, None)))
def test_a_trust_never_lowers_a_probability_in_any_world(system, names, wiring, strength):
    more = with_more(system, trust(names[0], names[1], wiring, strength))
    assert never_fewer(in_worlds(system), in_worlds(more))


@settings(max_examples=30, deadline=None)
@given(wirings(), st.sampled_from(NAMES), st.sampled_from(THREATS), st.sampled_from((0.05, 0.5, 1.0)))
def test_a_threat_never_lowers_a_probability_in_any_world(system, name, threat, susceptibility):
    assume((member(name), threat) not in system.faces)
    assert never_fewer(in_worlds(system), in_worlds(with_more(system, faces(name, threat, susceptibility))))


@settings(max_examples=30, deadline=None)
@given(
    wirings(),
    st.sampled_from(NAMES),
    st.sampled_from(("memory:notes", "mcp:desk")),
    st.sampled_from(("read", "write", "call")),
    st.sampled_from((0.1, 0.9, None)),
)
def test_a_use_of_a_resource_never_lowers_a_probability_in_any_world(system, name, resource, access, strength):
    assert never_fewer(in_worlds(system), in_worlds(with_more(system, uses(name, resource, access, strength))))


@settings(max_examples=30, deadline=None)
@given(wirings(), st.data())
def test_the_order_of_what_is_written_changes_nothing(system, data):
    shuffled = replace(system, relations=data.draw(st.permutations(system.relations)))
    assert answered(system) == answered(shuffled)


@settings(max_examples=30, deadline=None)
@given(wirings(), starts, st.sampled_from(("exact", "monte-carlo")), st.sampled_from("bcd"))
def test_a_what_if_of_what_holds_changes_nothing(system, start, method, name):
    held = replace(system, relations=[*system.relations, implements(name, "owasp:P6.3")])
    plain = answered(held, start, method=method, samples=1024)
    what_if = answered(held, start, method=method, samples=1024, given=[f"owasp:P6.3@{member(name)}"])
    said = what_if.pop("what_if")
    assert all(change["before"] == change["after"] for change in said["changes"])
    assert said["blast_radius_before"] == plain["blast_radius"]["value"]
    assert flat(what_if) == flat(plain)


@settings(max_examples=30, deadline=None)
@given(wirings(), starts, st.permutations(NAMES), st.sampled_from(("exact", "chain")))
def test_other_names_change_no_figure(system, start, names, method):
    called = {member(old): member(new) for old, new in zip(NAMES, names, strict=True)} | {"outside": "outside"}
    renamed = Described(
        [relabelled(r, called, {"memory:notes": "memory:zz", "data:wiki": "data:0"}) for r in system.relations],
        system.infer,
        {called[member(name)].partition("/")[2]: said for name, said in system.members.items()},
    )
    before, after = answered(system, start, method=method), answered(renamed, (called[start[0]], start[1]), method=method)
    own = ("probability", "harmed", "criticality", "chain_probability", "depth", "further_ways")
    assert {row["agent"]: approx({name: row[name] for name in own}) for row in after["reached"]} == {
        called[row["agent"]]: {name: row[name] for name in own} for row in before["reached"]
    }
    assert flat(after) == close({renamed_figure(what, called): p for what, p in flat(before).items()})
    assert after["blast_radius"]["value"] == pytest.approx(before["blast_radius"]["value"], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(wirings(), starts, st.sampled_from(("exact", "chain")))
def test_names_in_the_same_order_give_the_same_answer_in_other_names(system, start, method):
    called = dict(zip("abcd", ("a1", "ab", "kind-of", "z.9"), strict=True))
    other = Described(
        [
            relabelled(r, {member(a): member(b) for a, b in called.items()}, {"memory:notes": "memory:of-theirs"})
            for r in system.relations
        ],
        system.infer,
        {called[name]: said for name, said in system.members.items()},
    )
    first = answered(system, start, method=method)
    then = answered(other, (member(called["a"]) if start[0] == "v/a" else "outside", start[1]), method=method)
    text = re.sub(r"\bv/([abcd])\b(?![.\w-])", lambda found: f"v/{called[found[1]]}", json.dumps(first))
    expected = json.loads(text.replace("memory:notes", "memory:of-theirs")) | {"base": then["base"]}
    assert then == expected


def relabelled(relation, agents, resources):
    target = agents.get(relation.target) or resources.get(relation.target, relation.target)
    return replace(relation, source=agents[relation.source], target=target)


def renamed_figure(what, called):
    return called[what] if isinstance(what, str) else tuple(called.get(part, part) for part in what)


def approx(row):
    return {name: pytest.approx(value, abs=1e-9) if isinstance(value, float) else value for name, value in row.items()}
