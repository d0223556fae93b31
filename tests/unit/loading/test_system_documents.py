"""Documents of systems: what a whole one becomes, and every fault at once with its line and remedy."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kb.errors import InputError
from kb.loading.documents import json_schema, parse_documents
from kb.loading.parsed import Member, ParsedSystem, ThreatClaim, Trust, Use
from kb.loading.yaml_source import read_documents

PROJECT = Path(__file__).parents[3]
SCHEMAS = PROJECT / "docs" / "schema"

WHOLE = """\
# A system with everything in it.
kind: system
id: shop
name: The shop
source: {title: Wiring of the shop, as_of: 2026-11-20}
infer: false
agents:
  - id: planner
    name: Planner
    based_on: langgraph
    role: plans
    entry: true
    criticality: 0.4
    scores: {dynamic_tool_use: 1, persistent_memory: null}
    capabilities: [{capability: "cap:language-model", score: 0}]
    implements: [P1.1]
    faces:
      - {threat: T12, layer: L7, susceptibility: 0.4, reason: it reads every message}
      - {threat: T11, polarity: denied, reason: it runs no code}
  - {id: coder, entry: [packages, text]}
  - {id: office/clerk, role: files, entry: false}
integrations:
  - {from: planner, to: coder, channel: delegation, protocol: a2a, authenticated: true, forward: 0.8, backward: 0}
  - {from: coder, to: office/clerk, channel: tool-call}
  - {from: coder, to: office/clerk, channel: message, backward: 0.25}
resources:
  - {id: notes, kind: memory, readers: [coder], writers: [planner], callers: [office/clerk], strength: 0.5}
"""


def trust(truster: str, trusted: str, channel: str, flow: str, over: str, strength: str, source: str, line: int) -> Trust:
    protocol, authenticated = ("a2a", True) if channel == "delegation" else (None, None)
    return Trust(truster, trusted, channel, flow, over, Decimal(strength), source, protocol, authenticated, line)  # type: ignore[arg-type]


def parsed(text: str) -> ParsedSystem:
    (document,) = parse_documents(text.encode(), "s.yaml")
    assert isinstance(document, ParsedSystem)
    return document


def faults(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_documents(text.encode(), "s.yaml")
    return str(caught.value).splitlines()


def wired(*integrations: str, resources: str = "[]") -> str:
    listed = "".join(f"  - {{{integration}}}\n" for integration in integrations)
    head = f"kind: system\nid: s\nagents: [{{id: a}}, {{id: b}}]\nresources: {resources}\nintegrations:\n"
    return head + listed if integrations else head


def test_a_whole_system_becomes_what_it_says() -> None:
    called = "preset call (assumed: a server does what an authorised caller asks)"
    assert parsed(WHOLE) == ParsedSystem(
        series="system:shop",
        subject="shop",
        name="The shop",
        title="Wiring of the shop",
        url=None,
        as_of="2026-11-20",
        line=2,
        infer=False,
        members=(
            Member(
                "shop/planner",
                declared=True,
                line=8,
                name="Planner",
                based_on="langgraph",
                role="plans",
                entries=("text", "content"),
                criticality=Decimal("0.4"),
                factors={"dynamic_tool_use": Decimal(1)},
                capabilities={"cap:language-model": Decimal(0)},
                implements={"owasp:P1.1": None},
                threats=(
                    ThreatClaim(
                        "owasp:T12", "declared", "L7", None, "stated", "it reads every message", 18, Decimal("0.4")
                    ),
                    ThreatClaim("owasp:T11", "declared", None, None, "denied", "it runs no code", 19),
                ),
            ),
            Member("shop/coder", declared=True, line=20, entries=("text", "packages")),
            Member("office/clerk", declared=False, line=21, role="files", entries=()),
        ),
        trusts=(
            trust("shop/coder", "shop/planner", "delegation", "forward", "message", "0.8", "document", 23),
            trust("office/clerk", "shop/coder", "tool-call", "forward", "call", "1.0", called, 24),
            trust(
                "shop/coder", "office/clerk", "tool-call", "backward", "content", "0.3",
                "preset tool-result (injecagent: measured 0.24)", 24,
            ),
            trust(
                "shop/coder", "office/clerk", "tool-call", "backward", "tool", "0.77",
                "preset tool-description (mcptox: measured 0.73)", 24,
            ),
            trust(
                "office/clerk", "shop/coder", "message", "forward", "message", "1.0",
                "preset peer-text (lupinacci: measured 0.82)", 25,
            ),
            trust("shop/coder", "office/clerk", "message", "backward", "message", "0.25", "document", 25),
        ),
        uses=(
            Use("shop/coder", "memory:notes", "read", Decimal("0.5"), 27),
            Use("shop/planner", "memory:notes", "write", None, 27),
            Use("office/clerk", "memory:notes", "call", Decimal("0.5"), 27),
        ),
    )  # fmt: skip


def test_an_integration_without_figures_takes_the_presets_of_its_channel() -> None:
    flows = {
        channel: [
            (found.flow, found.over, float(found.strength))
            for found in parsed(wired(f"from: a, to: b, channel: {channel}")).trusts
        ]
        for channel in ("delegation", "supervision", "message", "handoff", "sequence", "artifact", "tool-call")
    }
    asked = [("forward", "message", 1.0), ("backward", "message", 0.8)]
    assert flows == {
        "delegation": asked,
        "supervision": asked,
        "message": [("forward", "message", 1.0)],
        "handoff": [("forward", "message", 1.0)],
        "sequence": [("forward", "message", 0.75)],
        "artifact": [("forward", "code", 0.6)],
        "tool-call": [("forward", "call", 1.0), ("backward", "content", 0.3), ("backward", "tool", 0.77)],
    }


def test_an_integration_of_strength_0_gives_no_trust() -> None:
    assert parsed(wired("from: a, to: b, channel: message, forward: 0, backward: 0")).trusts == ()


def test_every_fault_of_a_system_is_reported_at_once_by_line_and_with_its_remedy() -> None:
    text = """\
kind: system
id: The Shop
infer: yes
agents:
  - {id: planner, based_on: other/planner, criticality: 1.2, entry: [text, cheese]}
  - {id: Coder One, faces: [{threat: owasp:T99}], scores: {Tool Use: 1}}
  - {id: a/b/c, entry: 3, colour: red}
integrations:
  - {from: planner, to: coder, channel: delgation}
  - {to: coder, channel: retrieval, forward: 1.2}
  - {from: planner, to: coder, channel: message, form: x, authenticated: 1}
resources: [{id: notes, kind: notebook}]
"""
    assert faults(text) == [
        "s.yaml:2: id is 'The Shop', expected small letters and digits joined by . _ or -, e.g. 'the-shop'",
        "s.yaml:3: infer is 'yes', expected true or false",
        "s.yaml:5: agents[0].based_on is 'other/planner', a deployed agent; an agent is based on a product, in one step",
        "s.yaml:5: agents[0].entry names 'cheese'; expected one of text, content, knowledge, tools, packages",
        "s.yaml:5: agents[0].criticality is 1.2, expected a number, 0 to 1",
        "s.yaml:6: agents[1].id is 'Coder One', expected small letters and digits joined by . _ or -, "
        "or another system's agent as 'system/agent', e.g. 'coder-one'",
        "s.yaml:6: no key 'Tool Use' in agents[1].scores; did you mean 'dynamic_tool_use'?",
        "s.yaml:6: agents[1].faces[0].threat is 'owasp:T99', no threat of the catalogue; did you mean 'owasp:T9'?",
        "s.yaml:7: agents[2].id is 'a/b/c', expected small letters and digits joined by . _ or -, "
        "or another system's agent as 'system/agent', e.g. 'c'",
        "s.yaml:7: agents[2].entry is 3, expected true, false or a list of text, content, knowledge, tools, packages",
        "s.yaml:7: no key 'colour' in agents[2]; the keys are id, name, based_on, role, entry, criticality, scores, "
        "capabilities, implements, faces",
        "s.yaml:9: integrations[0].channel is 'delgation', no channel; did you mean 'delegation'?",
        "s.yaml:10: integrations[1].from is missing",
        "s.yaml:10: integrations[1].channel is 'retrieval', which goes through a resource; "
        "list its readers and writers under resources",
        "s.yaml:10: integrations[1].forward is 1.2, expected a number, 0 to 1",
        "s.yaml:11: integrations[2].authenticated is 1, expected true or false",
        "s.yaml:11: no key 'form' in integrations[2]; did you mean 'from'?",
        "s.yaml:12: resources[0].kind is 'notebook', expected 'tool', 'mcp', 'memory', 'data' or 'model'",
    ]


def test_what_only_the_whole_document_shows_is_reported_at_once_too() -> None:
    text = """\
kind: system
id: s
agents:
  - {id: planner, implements: [P1.1, owasp:P1.1]}
  - {id: coder, faces: [{threat: T2}, {threat: owasp:T2}, {threat: T3, polarity: denied, susceptibility: 1}]}
  - {id: coder}
  - {id: s/tester}
  - {id: other/clerk, role: files, name: Clerk, faces: [{threat: T2}]}
integrations:
  - {from: planner, to: planer, channel: message}
  - {from: coder, to: coder, channel: handoff}
  - {from: planner, to: coder, channel: message}
  - {from: coder, to: planner, channel: message}
  - {from: planner, to: coder, channel: message, forward: 0.3}
resources:
  - {id: notes, kind: memory, readers: [planner, nobody, planner]}
  - {id: notes, kind: memory, writers: [coder]}
  - {id: empty, kind: data}
"""
    assert faults(text) == [
        "s.yaml:4: owasp:P1.1 for the second time; the first is in line 4",
        "s.yaml:5: owasp:T2 for the second time; the first is in line 5",
        "s.yaml:5: owasp:T3 is denied, so it has no susceptibility; remove one of the two",
        "s.yaml:6: coder for the second time; the first is in line 5",
        "s.yaml:7: agents[3].id is 's/tester'; write 'tester'",
        "s.yaml:8: agents[4].name: other/clerk is declared by the document of system 'other'; "
        "only role, entry and criticality stand here",
        "s.yaml:8: agents[4].faces: other/clerk is declared by the document of system 'other'; "
        "only role, entry and criticality stand here",
        "s.yaml:10: integrations[0].to is 'planer', no agent of this document; did you mean 'planner'?",
        "s.yaml:11: coder is wired to itself; an integration joins two agents",
        "s.yaml:14: s/coder trusts s/planner over message (forward, message) for the second time; the first is in line 12",
        "s.yaml:16: planner for the second time; the first is in line 16",
        "s.yaml:16: resources[0].readers[1] is 'nobody', no agent of this document; list it under agents",
        "s.yaml:17: memory:notes for the second time; the first is in line 16",
        "s.yaml:18: nobody uses data:empty; give it readers, writers or callers",
    ]


def test_a_system_has_at_least_one_agent() -> None:
    assert faults("kind: system\nid: s\nagents: []\n") == ["s.yaml:3: agents is empty; a system has at least one agent"]


def test_the_published_schema_is_the_one_in_the_docs_and_is_a_schema() -> None:
    assert json.loads((SCHEMAS / "system.schema.json").read_text(encoding="utf-8")) == json_schema("system")
    Draft202012Validator.check_schema(json_schema("system"))
    Draft202012Validator.check_schema(json_schema())


def valid(text: str) -> bool:
    (document,) = read_documents(text.encode(), "s.yaml")
    value = json.loads(json.dumps(document.value, default=float))
    alone, among_all = (Draft202012Validator(json_schema(kind)).is_valid(value) for kind in ("system", None))
    assert alone == among_all
    return alone


def test_the_published_schema_accepts_what_the_loader_accepts() -> None:
    assert valid(WHOLE)
    assert valid("{kind: system, id: s, agents: [{id: a}]}")


@pytest.mark.parametrize(
    "change",
    [
        "colour: red", "infer: yes", "agents: [{name: x}]", "agents: [{id: A}]", "agents: [{id: a, criticality: 2}]",
        "agents: [{id: a, based_on: s/b}]", "agents: [{id: a, entry: [cheese]}]", "agents: [{id: a, faces: [{layer: L1}]}]",
        "integrations: [{from: a, to: b}]", "integrations: [{from: a, to: b, channel: post}]",
        "integrations: [{from: a, to: b, channel: message, forward: 1.2}]", "resources: [{id: r}]",
        "resources: [{id: r, kind: memory, readers: a}]",
    ],
)  # fmt: skip
def test_the_published_schema_and_the_loader_refuse_the_same(change: str) -> None:
    agents = "" if change.startswith("agents") else "agents: [{id: a}, {id: b}]\n"
    text = f"kind: system\nid: s\n{agents}{change}\n"
    assert not valid(text)
    assert len(faults(text)) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.floats(-1, 2, width=16) | st.sampled_from(["a", "b", "T2", "memory"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=4), children, max_size=3),
    max_leaves=6,
)
inner = ("id", "from", "to", "channel", "forward", "kind", "readers", "faces", "threat", "entry", "scores", "based_on")
parts = anything | st.dictionaries(st.sampled_from(inner), anything, max_size=4)


@given(
    st.dictionaries(
        st.sampled_from(["id", "infer", "agents", "integrations", "resources"]), parts | st.lists(parts, max_size=3)
    )
)
def test_whatever_stands_under_the_keys_is_read_or_refused_as_the_schema_would(values: dict[str, object]) -> None:
    document = {"kind": "system", "id": "s", "agents": [{"id": "a"}], **values}
    fits = Draft202012Validator(json_schema("system")).is_valid(document)
    try:
        read = len(parse_documents(json.dumps(document, indent=1).encode(), "s.json")) == 1
    except InputError:
        read = False
    assert fits or not read


def test_ten_thousand_integrations_of_unknown_agents_are_all_named_and_the_first_hundred_with_a_suggestion() -> None:
    found = faults(wired(*(f"from: a, to: b{number}, channel: message" for number in range(10_000))))
    assert len(found) == 10_000
    assert sum("did you mean" in fault for fault in found) <= 100
