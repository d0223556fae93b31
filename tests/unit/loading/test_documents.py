"""Our own documents: what a whole one becomes, and every fault at once with its line and remedy."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kb.errors import Fault, InputError
from kb.loading.documents import json_schema, parse_documents
from kb.loading.parsed import Figures, ParsedAssessment, ThreatClaim
from kb.loading.yaml_source import read_documents

PROJECT = Path(__file__).parents[3]
SCHEMA = PROJECT / "docs" / "schema" / "assessment.schema.json"
WORST = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"

WHOLE = """\
# An assessment with everything in it.
kind: assessment
agent: {id: codegen, name: Codegen}
source: {url: "https://example.org/codegen", title: Codegen reviewed, as_of: 2026-11-20}
scores:
  autonomy_of_action: 0.8
  persistent_memory: null
  natural_language_interface: 1
aivss:
  version: 0.8
  cvss_base: 8.5
  threat_multiplier: 1.05
  mitigation_factor: 1
  claimed: {factor_sum: 5.2, aars: 1.09, aivss: 9.6, severity: Critical}
layers: [{id: L3}, {id: L4, certainty: uncertain}]
threats:
  - {threat: owasp:T2, layer: L3, certainty: mapped, quote: may run any command}
  - {threat: owasp:T2, layer: L3, certainty: mapped, quote: may send any mail}
  - {threat: T11, polarity: denied}
  - {threat: llm2025:LLM01, layer: XL, polarity: mitigated, certainty: uncertain}
implements: [P1.1, {mitigation: aidefend:AID-H-002, coverage: 0.5}]
capabilities: [cap:code-execution, {capability: cap:multi-agent, score: 0.7}]
"""


def claim(threat: str, line: int, quote: str | None = None, **given: str) -> ThreatClaim:
    origin = "declared" if quote is None else "stated"
    return ThreatClaim(threat, origin, given.get("layer"), given.get("certainty"), given.get("polarity", "stated"), quote, line)


def only_name(agent: str, line: int, **given: object) -> ParsedAssessment:
    return ParsedAssessment(
        "assessment", None, f"assessment:{agent}", agent, None, None, None, None, line, cut=False, **given
    )  # fmt: skip


def faults(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_documents(text.encode(), "a.yaml")
    return str(caught.value).splitlines()


def test_a_whole_document_becomes_what_it_says() -> None:
    assert parse_documents(WHOLE.encode(), "a.yaml") == [
        ParsedAssessment(
            kind="assessment",
            form=None,
            series="assessment:codegen",
            subject="codegen",
            name="Codegen",
            title="Codegen reviewed",
            url="https://example.org/codegen",
            as_of="2026-11-20",
            line=2,
            cut=False,
            factors={"autonomy_of_action": Decimal("0.8"), "natural_language_interface": Decimal(1)},
            figures=Figures(
                aivss_version="0.8",
                cvss_base=Decimal("8.5"),
                threat_multiplier=Decimal("1.05"),
                mitigation_factor=Decimal(1),
                claimed_factor_sum=Decimal("5.2"),
                claimed_aars=Decimal("1.09"),
                claimed_aivss=Decimal("9.6"),
                claimed_severity="Critical",
            ),
            layers={"L3": "mapped", "L4": "uncertain"},
            threats=(
                claim("owasp:T2", 17, "may run any command", layer="L3", certainty="mapped"),
                claim("owasp:T2", 18, "may send any mail", layer="L3", certainty="mapped"),
                claim("owasp:T11", 19, polarity="denied"),
                claim("llm2025:LLM01", 20, layer="XL", certainty="uncertain", polarity="mitigated"),
            ),
            capabilities={"cap:code-execution": None, "cap:multi-agent": Decimal("0.7")},
            implements={"owasp:P1.1": None, "aidefend:AID-H-002": Decimal("0.5")},
        )
    ]


def test_all_but_the_agents_id_may_be_absent_and_is_then_unknown() -> None:
    assert parse_documents(b"kind: assessment\nagent: {id: a}\n", "a.yaml") == [only_name("a", 1)]


def test_a_file_may_hold_several_documents_one_after_the_other_or_as_a_list() -> None:
    one_after_the_other = b"kind: assessment\nagent: {id: a}\n---\n# next\nkind: assessment\nagent: {id: b}\n"
    assert parse_documents(one_after_the_other, "a.yaml") == [only_name("a", 1), only_name("b", 5)]
    as_list = b'[\n {"kind": "assessment", "agent": {"id": "a"}},\n {"kind": "assessment", "agent": {"id": "b"}}\n]'
    assert parse_documents(as_list, "a.json") == [only_name("a", 2), only_name("b", 3)]


def test_the_same_document_in_json_says_the_same_but_for_its_lines() -> None:
    (document,) = read_documents(WHOLE.encode(), "a.yaml")
    (in_yaml,) = parse_documents(WHOLE.encode(), "a.yaml")
    (in_json,) = parse_documents(json.dumps(document.value, default=float, indent=1).encode(), "a.json")
    assert (in_json.factors, in_json.figures, in_json.layers) == (in_yaml.factors, in_yaml.figures, in_yaml.layers)
    assert (in_json.capabilities, in_json.implements) == (in_yaml.capabilities, in_yaml.implements)
    assert [(c.threat, c.layer, c.quote) for c in in_json.threats] == [(c.threat, c.layer, c.quote) for c in in_yaml.threats]


def test_a_vector_without_a_base_score_gives_it() -> None:
    (document,) = parse_documents(
        f"kind: assessment\nagent: {{id: a}}\naivss: {{cvss_vector: '{WORST}/E:U'}}\n".encode(), "a.yaml"
    )
    assert document.figures == Figures(cvss_base=Decimal("10.0"), cvss_vector=f"{WORST}/E:U")


def test_a_year_alone_is_a_day_too() -> None:
    (document,) = parse_documents(b"kind: assessment\nagent: {id: a}\nsource: {as_of: 2026}\n", "a.yaml")
    assert document.as_of == "2026"


def test_every_fault_of_a_file_is_reported_at_once_by_line_and_with_its_remedy() -> None:
    text = """\
kind: assessment
agnet: {id: x}
agent: {name: 7, id: Über Agent}
source: {url: "javascript:alert(1)", as_of: 2026-13-01, tilte: x}
scores:
  autonomy_of_action: 1.7
  Tool Use: 0.5
  dynamic_tool_use: .nan
  opacity_reflexivity: "0.5"
aivss: {version: 0.9, cvss_base: 11, threat_multiplier: -1, claimed: [], cvss_vector: 3}
layers: [{id: L9}, L2]
threats:
  - {threat: owasp:T99, polarity: no}
  - {threat: LLM01}
implements: [aidefnd:AID-H-002, {mitigation: aidefend:AID-H-002, coverage: 5}]
capabilities: {a: 1}
---
kind: assesment
---
- 7
- kind: system
- agent: {id: x}
- {kind: assessment, agent: {id: x}, capabilities: [aivss:dynamic_identity, cap:multiagent]}
"""
    assert faults(text) == [
        "a.yaml:2: no key 'agnet'; did you mean 'agent'?",
        "a.yaml:3: agent.id is 'Über Agent', expected small letters and digits joined by . _ or -, e.g. 'uber-agent'",
        "a.yaml:3: agent.name is 7, expected text; write it in quotes",
        "a.yaml:4: source.url is 'javascript:alert(1)', expected an address that begins with https:// or http://",
        "a.yaml:4: source.as_of is '2026-13-01', expected a day as 2026-11-20, or 2026-11, or 2026",
        "a.yaml:4: no key 'tilte' in source; did you mean 'title'?",
        "a.yaml:6: scores.autonomy_of_action is 1.7, expected a number, 0 to 1",
        "a.yaml:7: no key 'Tool Use' in scores; did you mean 'dynamic_tool_use'?",
        "a.yaml:8: scores.dynamic_tool_use is '.nan', expected a number, 0 to 1",
        "a.yaml:9: scores.opacity_reflexivity is '0.5', expected a number, 0 to 1",
        "a.yaml:10: aivss.version is '0.9', expected '0.8' or '0.5'",
        "a.yaml:10: aivss.cvss_base is 11, expected a number, 0 to 10",
        "a.yaml:10: aivss.cvss_vector is 3, expected text; write it in quotes",
        "a.yaml:10: aivss.threat_multiplier is -1, expected a number, 0 or more",
        "a.yaml:10: aivss.claimed is a list, expected a mapping of keys and values",
        "a.yaml:11: layers[0].id is 'L9', no layer of the catalogue; see `kb list layer`",
        "a.yaml:11: layers[1] is 'L2', expected a mapping of keys and values",
        "a.yaml:13: threats[0].threat is 'owasp:T99', no threat of the catalogue; did you mean 'owasp:T9'?",
        "a.yaml:13: threats[0].polarity is 'no', expected 'stated', 'mitigated' or 'denied'",
        "a.yaml:14: threats[1].threat is 'LLM01', which may be llm2025:LLM01 or llm2026:LLM01; write one of them",
        "a.yaml:15: implements[0].mitigation is 'aidefnd:AID-H-002', no mitigation of the catalogue; "
        "did you mean 'aidefend:AID-H-002'?",
        "a.yaml:15: implements[1].coverage is 5, expected a number, 0 to 1",
        "a.yaml:16: capabilities is a mapping, expected a list",
        "a.yaml:18: kind is 'assesment'; did you mean 'assessment'?",
        "a.yaml:20: a document is a mapping that begins with `kind: assessment` or `kind: system`",
        "a.yaml:21: id is missing",
        "a.yaml:21: agents is missing",
        "a.yaml:22: kind is missing; write `kind: assessment` or `kind: system`",
        "a.yaml:23: capabilities[0].capability is 'aivss:dynamic_identity', an AIVSS factor; write it under scores",
        "a.yaml:23: capabilities[1].capability is 'cap:multiagent', no capability of the catalogue; "
        "did you mean 'cap:multi-agent'?",
    ]


def test_what_stands_twice_is_a_fault_that_names_both_lines() -> None:
    text = """\
kind: assessment
agent: {id: x}
layers:
  - {id: L3}
  - {id: L4}
  - {id: L3, certainty: uncertain}
threats:
  - {threat: T1}
  - {threat: owasp:T1, polarity: denied}
  - {threat: T2, quote: a}
  - {threat: T2, quote: b}
  - {threat: T2, quote: a}
  - {threat: T2, layer: L3, quote: a}
implements:
  - P1.1
  - {mitigation: owasp:P1.1, coverage: 1}
capabilities: [cap:multi-agent, cap:multi-agent]
"""
    assert faults(text) == [
        "a.yaml:6: L3 for the second time; the first is in line 4",
        "a.yaml:9: owasp:T1 stands in line 8 with another polarity or certainty",
        "a.yaml:12: owasp:T2 for the second time; the first is in line 10",
        "a.yaml:16: owasp:P1.1 for the second time; the first is in line 15",
        "a.yaml:17: cap:multi-agent for the second time; the first is in line 17",
    ]


@pytest.mark.parametrize(
    ("aivss", "fault"),
    [
        (
            f"{{cvss_base: 5, cvss_vector: '{WORST}'}}",
            "aivss.cvss_base is 5, but the base score of cvss_vector is 10.0; remove the wrong one",
        ),
        (
            "{cvss_vector: 'CVSS:3.1/AV:N'}",
            "aivss.cvss_vector: 'CVSS:3.1/AV:N' is no CVSS v4.0 vector; AIVSS needs v4.0, "
            "scores of older versions are no input for it",
        ),
    ],
)
def test_a_vector_has_to_be_of_cvss_4_and_to_agree_with_its_score(aivss: str, fault: str) -> None:
    assert faults(f"kind: assessment\nagent: {{id: x}}\naivss: {aivss}") == [f"a.yaml:3: {fault}"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n---\n"])
def test_a_file_without_a_document_is_a_fault_of_the_file(text: str) -> None:
    assert faults(text) == ["a.yaml: the file holds no document"]


def test_one_fault_leaves_the_whole_file_out() -> None:
    with pytest.raises(InputError) as caught:
        parse_documents(f"{WHOLE}---\nkind: assessment\n".encode(), "a.yaml")
    assert caught.value.faults == (Fault("a.yaml", 24, "agent is missing"),)


def test_names_that_would_break_a_terminal_are_shown_escaped() -> None:
    assert faults('kind: assessment\nagent: {id: "\\e[31m\\u202e</script>"}') == [
        r"a.yaml:2: agent.id is '\x1b[31m\u202e</script>', "
        "expected small letters and digits joined by . _ or -, e.g. '31m-script'"
    ]


def test_ten_thousand_unknown_ids_are_all_named_and_the_first_hundred_with_a_suggestion() -> None:
    entries = "".join(f"- {{threat: 'owasp:T2{number:05}'}}\n" for number in range(10_000))
    found = faults(f"kind: assessment\nagent: {{id: x}}\nthreats:\n{entries}")
    assert len(found) == 10_000
    assert [fault.endswith("did you mean 'owasp:T2'?") for fault in found].count(True) <= 100


def test_the_published_schema_is_the_one_in_the_docs_and_is_a_schema() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema("assessment")
    Draft202012Validator.check_schema(json_schema("assessment"))


def valid(text: str) -> bool:
    (document,) = read_documents(text.encode(), "a.yaml")
    return Draft202012Validator(json_schema("assessment")).is_valid(json.loads(json.dumps(document.value, default=float)))


def test_the_published_schema_accepts_what_the_loader_accepts() -> None:
    assert valid(WHOLE)
    assert valid("{kind: assessment, agent: {id: a}}")


@pytest.mark.parametrize(
    "change",
    [
        "agnet: {}", "scores: {courage: 1}", "scores: {dynamic_identity: 1.7}", "scores: {dynamic_identity: .nan}",
        "aivss: {cvss_base: 10.1}", "aivss: {threat_multiplier: -1}", "aivss: {version: '1.0'}",
        "aivss: {claimed: {severity: Bad}}",
        "layers: {id: L1}", "layers: [{certainty: mapped}]", "layers: [{id: L1, certainty: sure}]",
        "threats: [{threat: T1, polarity: no}]",
        "threats: [{layer: L1}]", "threats: [{threat: T1, quote: ''}]", "implements: [{coverage: 1}]",
        "implements: [{mitigation: P1.1, coverage: 2}]", "capabilities: [1]", "source: {as_of: November}", "source: {url: 'ftp://x'}",
    ],
)  # fmt: skip
def test_the_published_schema_and_the_loader_refuse_the_same(change: str) -> None:
    text = f"kind: assessment\nagent: {{id: a}}\n{change}\n"
    assert not valid(text)
    assert [fault[:9] for fault in faults(text)] == ["a.yaml:3:"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats(-1, 11, width=16) | st.text(max_size=8) | st.just("T2"),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
keys = ("agent", "source", "scores", "aivss", "layers", "threats", "implements", "capabilities")
inner = (
    "id",
    "name",
    "url",
    "as_of",
    "version",
    "cvss_vector",
    "claimed",
    "threat",
    "layer",
    "quote",
    "mitigation",
    "dynamic_identity",
)
parts = anything | st.dictionaries(st.sampled_from(inner), anything, max_size=3)


@given(st.dictionaries(st.sampled_from(keys), parts | st.lists(parts, max_size=3)))
def test_whatever_stands_under_the_keys_is_read_or_refused_as_the_schema_would(values: dict[str, object]) -> None:
    document = {"kind": "assessment", "agent": {"id": "a"}, **values}
    fits = Draft202012Validator(json_schema("assessment")).is_valid(document)
    try:
        read = len(parse_documents(json.dumps(document, indent=1).encode(), "a.json")) == 1
    except InputError:
        read = False
    assert fits or not read
