"""Which node a person means."""

import pytest

from kb.errors import AmbiguousNodeError, UnknownNodeError, UsageError
from kb.model.graph import Node, Relation
from kb.questions.naming import resolve, resolve_member
from oracle.graph import faces, graph_of

EVERY = ("Agent", "Threat", "Mitigation", "Layer", "System")
GRAPH = graph_of(
    faces("qwen3-coder", "owasp:T2"),
    faces("t2", "llm2025:LLM01"),
    faces("planner", "asi:ASI02"),
    Relation("COUNTERS", "aidefend:AID-H-002", "atlas:AML.T0051"),
    *(Relation("MEMBER_OF", f"{system}/{name}", system) for system in ("north", "south") for name in ("planner", "coder")),
    Relation("MEMBER_OF", "north/scout", "north"),
    nodes=[
        Node("Layer", "L3"),
        Node("Agent", "codegen", {"form": "product", "name": "Codegen by Codegen, Inc."}),
        Node("Agent", "north", {"form": "product"}),
        Node("Agent", "loud", {"form": "product", "name": "x" * 100_000}),
    ],
)


@pytest.fixture
def base(engine):
    engine.write(GRAPH.batch())
    return engine


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("qwen3-coder", ("Agent", "qwen3-coder")),
        ("owasp:T2", ("Threat", "owasp:T2")),
        ("asi02", ("Threat", "asi:ASI02")),
        ("AML.T0051", ("Threat", "atlas:AML.T0051")),
        ("AID-H-002", ("Mitigation", "aidefend:AID-H-002")),
        ("L3", ("Layer", "L3")),
        ("scout", ("Agent", "north/scout")),
        ("agent:t2", ("Agent", "t2")),
        ("threat:owasp:T2", ("Threat", "owasp:T2")),
        ("system:north", ("System", "north")),
        ("planner", ("Agent", "planner")),
    ],
)
def test_ids_are_taken_in_full_in_short_and_behind_their_kind(base, text, found):
    assert resolve(base, text, EVERY) == found


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("LLM01", ["llm2025:LLM01", "llm2026:LLM01"]),
        ("t2", ["agent:t2", "owasp:T2"]),
        ("coder", ["north/coder", "south/coder"]),
        ("north", ["agent:north", "system:north"]),
    ],
)
def test_a_name_with_several_readings_is_refused_with_all_of_them(base, text, candidates):
    with pytest.raises(AmbiguousNodeError) as caught:
        resolve(base, text, EVERY)
    assert str(caught.value) == f"{text!r} is ambiguous: {', '.join(candidates)}"


@pytest.mark.parametrize("candidate", ["agent:t2", "owasp:T2", "north/coder", "agent:north", "system:north"])
def test_every_candidate_can_be_typed(base, candidate):
    assert resolve(base, candidate, EVERY)[1] == candidate.removeprefix("agent:").removeprefix("system:")


def test_only_the_kinds_that_are_asked_for_are_looked_at(base):
    assert resolve(base, "t2", ("Threat",)) == ("Threat", "owasp:T2")
    assert resolve(base, "t2", ("Agent",)) == ("Agent", "t2")
    with pytest.raises(UnknownNodeError, match="no layer 'owasp:T2' in the base"):
        resolve(base, "owasp:T2", ("Layer",))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("qwen3", "no agent 'qwen3' in the base; did you mean 'qwen3-coder'?"),
        ("Qwen3-Coder", "no agent 'Qwen3-Coder' in the base; did you mean 'qwen3-coder'?"),
        ("codegen by", "no agent 'codegen by' in the base; did you mean 'codegen'?"),
        ("zzzzzz", "no agent 'zzzzzz' in the base"),
        ("", "no agent '' in the base"),
    ],
)
def test_an_unknown_name_is_an_error_that_names_what_comes_near(base, text, sentence):
    with pytest.raises(UnknownNodeError) as caught:
        resolve(base, text, ("Agent",))
    assert str(caught.value) == sentence


def test_a_member_is_named_for_short_within_its_system(base):
    assert resolve_member(base, "coder", "north") == "north/coder"
    assert resolve_member(base, "planner", "south") == "south/planner"
    assert resolve_member(base, "planner", None) == "planner"
    with pytest.raises(UsageError, match="agent 'codegen' is no member of 'north'") as caught:
        resolve_member(base, "codegen", "north")
    assert caught.value.hint == "its members are north/coder, north/planner, north/scout"
