"""``kb show``: everything about one node, as a page, as JSON and as CSV."""

import json
from pathlib import Path

from kb.model.aivss import VERSIONS

ASSETS = Path(__file__).parents[1] / "assets"


def test_an_agent_is_a_page_in_a_pipe_as_wide_as_it_needs_to_be(loaded, snapshot):
    done = loaded("show", "harbor")
    assert (done.code, done.err) == (0, "")
    snapshot("show_harbor", done.out)


def test_an_agent_is_a_coloured_page_that_fits_a_terminal(loaded, snapshot):
    done = loaded.in_terminal(80, "show", "harbor")
    assert done.code == 0
    snapshot("show_harbor_80", done.out)


def test_an_agent_without_a_cvss_base_has_no_score_and_says_why(loaded, snapshot):
    done = loaded("show", "lantern")
    assert (done.code, done.err) == (0, "")
    snapshot("show_lantern", done.out)


def test_a_threat_is_a_page_with_who_faces_it_and_numbered_sources(loaded, snapshot):
    done = loaded.in_terminal(100, "show", "T6", "--no-color")
    assert done.code == 0
    snapshot("show_T6", done.out)


def test_the_json_of_an_agent_is_whole(loaded, snapshot):
    done = loaded("show", "harbor", "--format", "json")
    assert (done.code, done.err) == (0, "")
    snapshot("show_harbor_json", done.out)


def test_the_json_of_an_agent_has_what_others_rely_on(loaded):
    profile = json.loads(loaded("show", "lantern", "-f", "json").out)
    assert profile["scores"] == {
        "factors": {
            "autonomy_of_action": 0.4,
            "self_modification": None,
            "dynamic_tool_use": None,
            "persistent_memory": 0.9,
            "contextual_awareness": None,
            "dynamic_identity": None,
            "multi_agent_interactions": None,
            "non_determinism": None,
            "opacity_reflexivity": None,
            "natural_language_interface": None,
        },
        "factor_sum": None,
        "cvss_base": None,
        "threat_multiplier": None,
        "mitigation_factor": None,
        "aars": None,
        "aivss": None,
        "severity": None,
        "claimed": {"factor_sum": None, "aars": None, "aivss": None, "severity": None},
        "claims": None,
        "claim_faults": [],
        "version": None,
        "cvss_vector": None,
        "flags": ["non-conformant"],
        "sources": dict.fromkeys(("autonomy_of_action", "persistent_memory"), profile["assessments"][0]["id"]),
        "other_factors": {},
    }
    assert [(row["id"], row["certainty"]) for row in profile["layers"]] == [("L3", "mapped")]
    stated = [row for row in profile["threats"] if row["origin"] != "inferred"]
    assert [(row["id"], row["layer"], row["origin"], row["certainty"], row["polarity"], row["quote"]) for row in stated] == [
        ("owasp:T2", "L3", "declared", "uncertain", "stated", None),
        ("owasp:T6", "L3", "declared", "mapped", "stated", None),
    ]
    assert (profile["complete"], profile["truncated_by"], profile["schema_version"]) == (True, None, 1)


def test_a_threat_that_is_ruled_out_is_listed_as_denied(loaded):
    profile = json.loads(loaded("show", "harbor", "-f", "json").out)
    assert [(row["id"], row["layer"], row["quote"]) for row in profile["threats"] if row["polarity"] == "denied"] == [
        ("owasp:T1", "L2", "It keeps no memory between tickets.")
    ]


PROBE = """\
kind: assessment
agent: {id: probe, name: Probe}
scores: {autonomy_of_action: 0.7, goal_driven_planning: 0.5, natural_language_interface: 1}
aivss: {version: "0.8", cvss_base: 8.5, threat_multiplier: 1.1, mitigation_factor: 0.5}
threats:
  - {threat: owasp:T2, layer: L3, quote: It runs tools.}
  - {threat: owasp:T2, polarity: denied, quote: It runs no tools.}
implements: [{mitigation: owasp:P1.1, coverage: 0}, {mitigation: owasp:P1.2}]
"""


def test_a_page_marks_what_departs_from_the_standard_what_is_disputed_and_what_covers_nothing(kb, snapshot):
    (kb.folder / "probe.yaml").write_text(PROBE, encoding="utf-8")
    assert kb("load", "probe.yaml").code == 0
    snapshot("show_probe", kb("show", "probe").out)


def test_a_page_says_which_layers_a_document_that_is_cut_never_reached(kb):
    page = ASSETS / "pages" / "harbour-pilot.full.txt"
    whole = page.read_text(encoding="utf-8")
    (kb.folder / "page.txt").write_text(whole[: whole.index("L4")], encoding="utf-8")
    assert kb("load", "page.txt").code == 0
    assert "  L4, L5, L6, L7 not reached: the document is cut before its end" in kb("show", "harbour-pilot").out.splitlines()


def test_the_ten_factors_are_those_that_count_and_another_stands_beside_them(kb):
    (kb.folder / "probe.yaml").write_text(PROBE, encoding="utf-8")
    assert kb("load", "probe.yaml").code == 0
    scores = json.loads(kb("show", "probe", "-f", "json").out)["scores"]
    assert tuple(scores["factors"]) == VERSIONS["0.8"].factors
    assert (scores["factors"]["natural_language_interface"], scores["other_factors"]) == (1.0, {"goal_driven_planning": 0.5})


def test_the_csv_of_an_agent_names_each_figure_by_its_path(loaded):
    lines = loaded("show", "harbor", "-f", "csv").out.splitlines()
    assert lines[0] == "field,value"
    assert {"scores.aivss,9.2", "scores.factors.self_modification,0.0", "layers.2.id,L3"} <= set(lines)


def test_a_document_is_named_by_the_first_digits_of_its_hash(loaded):
    (document,) = json.loads(loaded("show", "lantern", "-f", "json").out)["assessments"]
    shown = json.loads(loaded("show", document["id"][:14], "-f", "json").out)
    assert (shown["id"], shown["document_kind"], shown["subject"], shown["path"]) == (
        document["id"],
        "assessment",
        "lantern",
        "lantern.yaml",
    )


def test_every_kind_of_node_can_be_shown(loaded):
    for node in ("owasp:P3.1.4", "L3", "cap:multi-agent", "aivss:self_modification"):
        done = loaded("show", node)
        assert (done.code, done.err) == (0, "")
        assert node in done.out.splitlines()[0]


def test_one_question_has_the_same_bytes_every_time(loaded):
    assert loaded("show", "harbor", "-f", "json") == loaded("show", "harbor", "-f", "json")
