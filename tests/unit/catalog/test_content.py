"""What the compiled catalogue holds: exact counts, references, sources, sentences of our own."""

import subprocess
import sys
from collections import Counter

import pytest

from kb.catalog import catalog
from kb.model.graph import check_node, check_relation
from kb.model.schema import NODE_KINDS, RELATION_KINDS

CONTENT = catalog().content
SUMMARISED = ("owasp", "asi", "llm2025", "llm2026")


def test_it_holds_these_nodes() -> None:
    counts = Counter((node.kind, node.properties.get("catalog"), node.properties.get("form")) for node in CONTENT.nodes)
    assert counts == {
        ("Capability", None, None): 20,
        ("Layer", None, None): 8,
        ("Mitigation", "aidefend", "technique"): 88,
        ("Mitigation", "aidefend", "sub-technique"): 213,
        ("Mitigation", "atlas", "mitigation"): 35,
        ("Mitigation", "owasp", "playbook"): 6,
        ("Mitigation", "owasp", "step"): 18,
        ("Mitigation", "owasp", "leaf"): 106,
        ("Threat", "aivss", "risk"): 10,
        ("Threat", "asi", "risk"): 10,
        ("Threat", "atlas", "tactic"): 16,
        ("Threat", "atlas", "technique"): 101,
        ("Threat", "atlas", "sub-technique"): 69,
        ("Threat", "llm2025", "risk"): 10,
        ("Threat", "llm2026", "risk"): 10,
        ("Threat", "maestro", "threat"): 55,
        ("Threat", "owasp", "threat"): 17,
    }


def test_it_holds_these_relations() -> None:
    assert Counter((relation.kind, relation.properties["status"]) for relation in CONTENT.relations) == {
        ("AT_LAYER", "published"): 105,
        ("AT_LAYER", "inferred"): 7,
        ("COUNTERS", "published"): 4086,
        ("COUNTERS", "inferred"): 415,
        ("EXPLOITS", "published"): 19,
        ("EXPLOITS", "inferred"): 48,
        ("EXPLOITS", "assumed"): 18,
        ("LEADS_TO", "published"): 18,
        ("LEADS_TO", "inferred"): 18,
        ("LEADS_TO", "assumed"): 8,
        ("MAPS_TO", "published"): 169,
        ("MAPS_TO", "inferred"): 92,
    }


def test_its_mappings_keep_the_words_of_the_publications() -> None:
    predicates = Counter(relation.properties["predicate"] for relation in CONTENT.relations if relation.kind == "MAPS_TO")
    assert predicates == {
        "maps_to": 82,
        "maps_to_contributing": 19,
        "maps_to_primary": 8,
        "maps_to_tactic_primary": 13,
        "related": 107,
        "renumbered_to": 9,
        "skos:broadMatch": 3,
        "skos:narrowMatch": 4,
        "skos:relatedMatch": 16,
    }


def test_capabilities_are_the_eleven_factors_and_nine_abilities() -> None:
    assert catalog().ids("Capability") == {
        "aivss:autonomy_of_action",
        "aivss:contextual_awareness",
        "aivss:dynamic_identity",
        "aivss:dynamic_tool_use",
        "aivss:goal_driven_planning",
        "aivss:multi_agent_interactions",
        "aivss:natural_language_interface",
        "aivss:non_determinism",
        "aivss:opacity_reflexivity",
        "aivss:persistent_memory",
        "aivss:self_modification",
        "cap:autonomous-planning",
        "cap:code-execution",
        "cap:human-in-the-loop",
        "cap:identity-and-auth",
        "cap:language-model",
        "cap:memory",
        "cap:memory-or-rag",
        "cap:multi-agent",
        "cap:tool-or-code-execution",
    }


def test_layers_come_in_the_order_of_maestro() -> None:
    layers = sorted((node for node in CONTENT.nodes if node.kind == "Layer"), key=lambda node: node.properties["order"])
    assert [(node.id, node.properties["order"], node.properties["name"]) for node in layers] == [
        ("L1", 1, "Foundation Models"),
        ("L2", 2, "Data Operations"),
        ("L3", 3, "Agent Frameworks"),
        ("L4", 4, "Deployment and Infrastructure"),
        ("L5", 5, "Evaluation and Observability"),
        ("L6", 6, "Security and Compliance"),
        ("L7", 7, "Agent Ecosystem"),
        ("XL", 8, "Cross-Layer Threats"),
    ]


def test_every_node_and_relation_fits_the_schema() -> None:
    for node in CONTENT.nodes:
        check_node(node)
        assert NODE_KINDS[node.kind].catalog
    for relation in CONTENT.relations:
        check_relation(relation)
        assert RELATION_KINDS[relation.kind].catalog


def test_every_reference_resolves() -> None:
    ids = {(node.kind, node.id) for node in CONTENT.nodes}
    ends = {(RELATION_KINDS[relation.kind].sources[0], relation.source) for relation in CONTENT.relations}
    ends |= {(relation.end_kind, relation.target) for relation in CONTENT.relations}
    parents = {(node.kind, node.properties["parent"]) for node in CONTENT.nodes if "parent" in node.properties}
    assert ends | parents <= ids


def test_every_threat_of_the_tables_resolves() -> None:
    threats = catalog().ids("Threat")
    mapped = {threat for _, found in catalog().maestro_mappings.values() for threat in found}
    assert mapped | catalog().maestro_mappings.keys() | catalog().primary_factors.keys() <= threats
    tables = catalog().cascade
    named = {row["threat"] for table in ("steers", "exploits") for row in tables[table]}
    named |= {threat for table in ("arrives_as", "unscored") for row in tables[table] for threat in row["threats"]}
    assert named <= threats
    assert {control for row in tables["authenticates"] for control in row["mitigations"]} <= catalog().ids("Mitigation")


def test_no_assertion_is_made_twice() -> None:
    assert len({relation.key for relation in CONTENT.relations}) == len(CONTENT.relations)


def test_every_node_names_a_source() -> None:
    assert [node.id for node in CONTENT.nodes if not node.properties.get("sources")] == []


def test_every_relation_names_as_many_licences_as_sources() -> None:
    lengths = {(len(relation.properties["sources"]), len(relation.properties["licences"])) for relation in CONTENT.relations}
    assert lengths == {(1, 1), (2, 2)}


def test_every_row_of_the_cascade_tables_has_a_status_and_a_source() -> None:
    rows = [row for table in catalog().cascade.values() for row in table]
    assert {row["status"] for row in rows} == {"inferred", "assumed"}
    assert all(row["sources"] for row in rows)


def test_rows_that_differ_in_their_source_alone_are_one_relation() -> None:
    found = [
        relation.properties
        for relation in CONTENT.relations
        if (relation.kind, relation.source, relation.target) == ("AT_LAYER", "owasp:T6", "XL")
    ]
    assert found == [
        {
            "status": "published",
            "sources": (
                "OWASP agentic-threat-modeling MAESTRO playbook v1.0.0 (2026-02-13) ch.03",
                "OWASP Multi-Agentic System Threat Modelling Guide v1.0 (2025-04) layer table",
            ),
            "licences": ("CC-BY-SA-4.0", "CC-BY-SA-4.0"),
        }
    ]


@pytest.mark.parametrize("prefix", SUMMARISED)
def test_every_entry_is_summed_up_in_one_sentence_of_our_own(prefix: str) -> None:
    threats = [node for node in CONTENT.nodes if node.properties.get("catalog") == prefix and node.kind == "Threat"]
    assert [node.id for node in threats if not _is_one_short_sentence(node.properties.get("summary"))] == []


def test_every_layer_and_capability_is_summed_up_in_one_sentence_of_our_own() -> None:
    nodes = [node for node in CONTENT.nodes if node.kind in {"Layer", "Capability"}]
    assert [node.id for node in nodes if not _is_one_short_sentence(node.properties.get("summary"))] == []


def _is_one_short_sentence(summary: object) -> bool:
    return isinstance(summary, str) and 4 <= len(summary.split()) <= 25 and summary[-1] == "." and ". " not in summary


def test_primary_factors_are_those_of_the_decision_path() -> None:
    planning = ("autonomy_of_action", "goal_driven_planning")
    assert catalog().primary_factors == {
        "owasp:T1": ("persistent_memory",),
        "owasp:T2": ("dynamic_tool_use",),
        "owasp:T3": ("dynamic_tool_use", "dynamic_identity"),
        "owasp:T4": ("dynamic_tool_use",),
        "owasp:T5": ("persistent_memory",),
        "owasp:T6": planning,
        "owasp:T7": planning,
        "owasp:T8": planning,
        "owasp:T9": ("dynamic_identity",),
        "owasp:T11": ("dynamic_tool_use",),
        "owasp:T12": ("multi_agent_interactions",),
        "owasp:T13": ("multi_agent_interactions",),
        "owasp:T14": ("multi_agent_interactions",),
        "owasp:T16": ("dynamic_tool_use", "dynamic_identity"),
        "owasp:T17": ("dynamic_tool_use",),
    }


def test_a_maestro_threat_says_its_layer_and_what_it_maps_to() -> None:
    assert catalog().maestro_mappings["maestro:L3-03"] == ("L3", ("llm2025:LLM01", "llm2025:LLM05", "owasp:T11"))
    assert "maestro:L7-08" not in catalog().maestro_mappings


def test_a_node_is_found_by_its_kind_and_full_id() -> None:
    node = catalog().node("Mitigation", "owasp:P1.1.1")
    assert node is not None
    assert node.properties == {
        "name": "Minimise tool access",
        "catalog": "owasp",
        "form": "leaf",
        "tactic": "proactive",
        "parent": "owasp:P1.1",
        "sources": ("OWASP Agentic AI Threats and Mitigations v1.1 (2025-12)",),
    }


@pytest.mark.parametrize(("kind", "node_id"), [("Threat", "owasp:T18"), ("Threat", "owasp:P1"), ("Agent", "owasp:T1")])
def test_a_node_that_is_not_there_is_none(kind: str, node_id: str) -> None:
    assert catalog().node(kind, node_id) is None


def test_one_version_of_atlas_is_carried() -> None:
    atlas = {threat for threat in catalog().ids("Threat") if threat.startswith("atlas:")}
    replaced = {"atlas:AML.T0019", "atlas:AML.T0058", "atlas:AML.T0104"}
    assert replaced <= atlas
    assert not {f"atlas:AML.T0115.00{digit}" for digit in "012"} & atlas


def test_the_cascade_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalog().cascade["presets"] = ()  # type: ignore[index]
    with pytest.raises(TypeError):
        catalog().cascade["presets"][0]["strength"] = 0.0


def test_importing_the_package_reads_neither_the_catalogue_nor_a_heavy_module() -> None:
    script = (
        "import sys, kb.catalog; print(kb.catalog.catalog.cache_info().currsize, {'yaml', 'pydantic'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "0 set()\n"
