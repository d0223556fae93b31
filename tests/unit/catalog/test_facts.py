"""The tables say what the facts say that they were made from, where these are at hand."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.catalog import catalog
from kb.catalog.compile.sources import table

FACTS = Path(__file__).parents[3] / ".." / "shared" / "facts"
PREFIXES = {
    "OWASP-T": "owasp:",
    "OWASP-PLAYBOOK": "owasp:",
    "ASI": "asi:",
    "LLM2025": "llm2025:",
    "LLM2026": "llm2026:",
    "ATLAS": "atlas:",
    "AIDEFEND": "aidefend:",
    "AIVSS-CR": "aivss:",
    "MAESTRO-THREAT": "maestro:",
    "MAESTRO": "",
}
LEFT_OUT = {"AVE", "IBM", "NHI", "MAS", "PB", "COSAI", "MCP2025"}
KINDS = {"at_layer": "AT_LAYER", "mitigates": "COUNTERS", "defends_against": "COUNTERS"}
NO_RELATION = {"at_layer_in_example", "replaced_by", "succeeded_by"}
OURS = "agent-threat-kb (inferred by name and scope)"
FACTORS = {
    "au": "autonomy_of_action",
    "sm": "self_modification",
    "to": "dynamic_tool_use",
    "me": "persistent_memory",
    "co": "contextual_awareness",
    "id": "dynamic_identity",
    "ma": "multi_agent_interactions",
    "nd": "non_determinism",
    "op": "opacity_reflexivity",
}

pytestmark = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the facts that the tables were made from are not beside the project"
)


def _rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tables() -> Any:
    return yaml.safe_load((FACTS / "cascade_tables.yaml").read_text(encoding="utf-8"))


def _id(text: str) -> str:
    prefix, _, local = text.partition(":")
    return PREFIXES[prefix] + local.removeprefix("MAESTRO-")


def _threat(short: str) -> str:
    return f"llm2025:{short}" if short.startswith("LLM") else f"owasp:{short}"


def _prefixes(row: Mapping[str, str]) -> set[str]:
    return {row["threat_id_a"].partition(":")[0], row["threat_id_b"].partition(":")[0]}


def test_the_crosswalk_is_carried_row_by_row() -> None:
    said = Counter()
    for row in _rows("crosswalk.csv"):
        word = row["relation"]
        if _prefixes(row) & LEFT_OUT or word in NO_RELATION:
            continue
        kind = KINDS.get(word, "MAPS_TO")
        title = OURS if row["source"].startswith("this research") else row["source"]
        licence = "Apache-2.0" if row["source_licence"] == "none" else row["source_licence"]
        said[
            kind,
            _id(row["threat_id_a"]),
            _id(row["threat_id_b"]),
            word if kind == "MAPS_TO" else None,
            row["status"],
            float(row["confidence"]) if row["confidence"] else None,
            title,
            licence,
        ] += 1
    carried = Counter(
        (
            relation.kind,
            relation.source,
            relation.target,
            relation.properties.get("predicate"),
            relation.properties["status"],
            relation.properties.get("confidence"),
            *origin,
        )
        for relation in catalog().content.relations
        if relation.kind in {"AT_LAYER", "MAPS_TO"}
        or (relation.kind == "COUNTERS" and relation.properties["status"] == "published")
        for origin in zip(relation.properties["sources"], relation.properties["licences"], strict=True)
    )
    assert carried == said


def test_what_is_left_out_is_counted() -> None:
    prefixes, words, total = Counter(), Counter(), 0
    for row in _rows("crosswalk.csv"):
        total += 1
        foreign = [
            prefix for prefix in (row[end].partition(":")[0] for end in ("threat_id_a", "threat_id_b")) if prefix in LEFT_OUT
        ]
        if foreign:
            prefixes[foreign[0]] += 1
        elif row["relation"] in NO_RELATION:
            words[row["relation"]] += 1
    left_out = table("left_out")
    assert left_out == {
        "rows_read": total,
        "prefixes": {prefix: prefixes[prefix] for prefix in left_out["prefixes"]},
        "words": words,
    }
    assert left_out["prefixes"].keys() == LEFT_OUT
    assert sum(prefixes.values()) == 920


@pytest.mark.parametrize(
    ("file", "kind", "prefix", "column", "name"),
    [
        ("owasp_agentic.csv", "Threat", "owasp", "id", "name"),
        ("asi_top10.csv", "Threat", "asi", "id", "name"),
        ("llm_top10.csv", "Threat", "llm2025", "id", "name"),
        ("llm_top10_2026.csv", "Threat", "llm2026", "id", "name"),
        ("aivss_core_risks.csv", "Threat", "aivss", "id", "name"),
        ("maestro_threats.csv", "Threat", "maestro", "local_id", "name"),
        ("aidefend.csv", "Mitigation", "aidefend", "id", "name"),
        ("atlas_mitigations.csv", "Mitigation", "atlas", "id", "name"),
    ],
)
def test_entries_have_the_names_of_their_catalogue(file: str, kind: str, prefix: str, column: str, name: str) -> None:
    published = {f"{prefix}:{row[column].removeprefix('MAESTRO-')}": row[name] for row in _rows(file)}
    assert _names(kind, prefix) == published


def test_atlas_threats_are_its_techniques_with_their_full_names_and_its_tactics() -> None:
    published = {f"atlas:{row['id']}": row["full_name"] for row in _rows("atlas.csv")}
    published |= {f"atlas:{row['id']}": row["name"] for row in _rows("atlas_tactics.csv")}
    assert _names("Threat", "atlas") == published


def test_playbooks_have_their_steps_and_the_steps_their_leaves() -> None:
    published = {f"owasp:{row['playbook_id']}": row["playbook_name"] for row in _rows("owasp_mitigations.csv")}
    published |= {f"owasp:{row['step_id']}": row["step_name"] for row in _rows("owasp_mitigations.csv")}
    published |= {f"owasp:{row['id']}": row["label_own_words"] for row in _rows("owasp_controls.csv")}
    assert _names("Mitigation", "owasp") == published


def _names(kind: str, prefix: str) -> dict[str, Any]:
    nodes = (node for node in catalog().content.nodes if node.kind == kind and node.properties["catalog"] == prefix)
    return {node.id: node.properties["name"] for node in nodes}


def test_what_aidefend_says_of_its_controls_is_kept() -> None:
    published = {
        f"aidefend:{row['id']}": (
            row["kind"],
            row["tactic"],
            tuple(row["pillars"].split(";")),
            f"aidefend:{row['parent_id']}" if row["parent_id"] else None,
        )
        for row in _rows("aidefend.csv")
    }
    nodes = [node for node in catalog().content.nodes if node.properties.get("catalog") == "aidefend"]
    columns = ("form", "tactic", "pillars", "parent")
    assert {node.id: tuple(node.properties.get(name) for name in columns) for node in nodes} == published


def test_steps_and_leaves_counter_what_their_playbook_counters() -> None:
    published = {
        (f"owasp:{row['id']}", f"owasp:{threat}")
        for row in _rows("owasp_controls.csv")
        for threat in row["t_ids_of_playbook"].split(";")
    }
    published |= {
        (f"owasp:{row['step_id']}", f"owasp:{threat}")
        for row in _rows("owasp_mitigations.csv")
        for threat in row["t_ids"].split(";")
    }
    counters = (relation for relation in catalog().content.relations if relation.kind == "COUNTERS")
    assert {(found.source, found.target) for found in counters if found.properties["status"] == "inferred"} == published


def test_layers_have_the_names_of_maestro() -> None:
    layers = {node.id: node.properties["name"] for node in catalog().content.nodes if node.kind == "Layer"}
    assert layers == {row["id"]: row["name_csa"] for row in _rows("maestro_layers.csv")}


def _exploited(role: str) -> set[tuple[str, str]]:
    exploits = (relation for relation in catalog().content.relations if relation.kind == "EXPLOITS")
    return {(found.source, found.target) for found in exploits if found.properties["role"] == role}


def test_capabilities_expose_what_the_decision_path_says() -> None:
    rows = _rows("capability_preconditions.csv")
    assert _exploited("exposes") == {(_id(row["threat_id"]), f"cap:{row['capability'].replace('_', '-')}") for row in rows}


def test_factors_matter_for_the_capabilities_that_the_facts_give() -> None:
    factors = table("owasp_aivss")["factors"]
    ours = {
        (entry["name"], capability.replace("-", "_"), strength)
        for entry in factors.values()
        for strength in ("primary", "supporting")
        for capability in entry.get(strength, ())
    }
    assert ours == {(row["aivss_factor"], row["capability"], row["strength"]) for row in _rows("factor_capability.csv")}


def test_the_steps_inside_an_agent_are_those_that_were_tried() -> None:
    tried = {
        (_threat(start), _threat(end)): str(ground)
        for start, ends in _tables()["leads_to"].items()
        for end, ground in ends.items()
    }
    steps = {
        (relation.source, relation.target): relation.properties["status"]
        for relation in catalog().content.relations
        if relation.kind == "LEADS_TO"
    }
    assert steps.keys() == tried.keys()
    assert {ends for ends, status in steps.items() if status == "assumed"} == {
        ends for ends, ground in tried.items() if ground.startswith("A ")
    }


def test_printed_mechanisms_are_those_of_the_causal_edges() -> None:
    printed = {
        (row["from_id"], row["to_id"]): row["mechanism_own_words"].partition(" (")[0].removeprefix("MAS hijacking: ")
        for row in _rows("causal_edges.csv")
    }
    steps = [
        step for step in table("cascade")["leads_to"] if step["status"] == "published" and "cross 7" not in step["sources"][0]
    ]
    assert {(step["from"], step["to"]): step["mechanism"] for step in steps} == {
        (step["from"], step["to"]): printed[step["from"].partition(":")[2], step["to"].partition(":")[2]] for step in steps
    }


def test_needs_are_those_that_were_tried() -> None:
    assert _exploited("needs") == {
        (_threat(short), capability) for capability, shorts in _tables()["needs"].items() for short in shorts
    }


def test_exploited_factors_are_those_that_were_tried() -> None:
    tried = _tables()["exploits"]
    tried |= {"LLM09": tried["T5"], "LLM08": tried["LLM04"]}
    tried.pop("unscored")
    assert _exploited("exploits") == {
        (_threat(short), f"aivss:{FACTORS[code]}") for short, codes in tried.items() for code in codes
    }


def test_steering_is_what_was_tried() -> None:
    tried = _tables()["steers"]
    tried |= {"LLM03": tried["T17"], "LLM08": tried["T1"], "LLM09": tried["T5"]}
    ours = {row["threat"]: list(row["classes"]) for row in catalog().cascade["steers"]}
    assert ours == {_threat(short): classes for short, classes in tried.items()}


def test_arrivals_are_those_that_were_tried() -> None:
    ours = {row["class"]: list(row["threats"]) for row in catalog().cascade["arrives_as"]}
    assert ours == {name: [_threat(short) for short in shorts] for name, shorts in _tables()["arrives_as"].items()}


def test_presets_are_those_that_were_tried() -> None:
    ours = {row["preset"]: (row.get("measured"), row["strength"]) for row in catalog().cascade["presets"]}
    assert ours == {name: (row.get("measured"), row["strength"]) for name, row in _tables()["presets"].items()}


def test_channels_are_those_that_were_tried() -> None:
    tried = _tables()["channels"]
    tried |= {"supervision": tried["delegation"], "handoff": tried["message"]}
    ours = {
        row["channel"]: {
            flow: [[way["class"], way["preset"]] for way in row[flow]] for flow in ("forward", "backward") if row[flow]
        }
        for row in catalog().cascade["channels"]
    }
    assert ours == tried


def test_entries_are_those_that_were_tried() -> None:
    ours = {row["entry"]: [row["class"], row["preset"]] for row in catalog().cascade["entries"]}
    assert ours == _tables()["entries"]


def test_effectiveness_is_what_was_tried() -> None:
    ours = {tactic: row["effectiveness"] for row in catalog().cascade["effectiveness"] for tactic in row["tactics"]}
    tried = _tables()["effectiveness"]
    assert ours == tried | {"proactive": tried["Harden"], "detective": tried["Detect"], "reactive": tried["Evict"]}


def test_controls_that_prove_who_speaks_are_those_that_were_tried() -> None:
    (row,) = catalog().cascade["authenticates"]
    tried = [f"aidefend:{short}" if short.startswith("AID") else f"owasp:{short}" for short in _tables()["authenticates"]]
    assert list(row["mitigations"]) == tried
