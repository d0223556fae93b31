"""``kb score``: a score without a base."""

import json

import pytest

FACTORS = (
    "autonomy_of_action=1,self_modification=0.5,dynamic_tool_use=1,persistent_memory=1,contextual_awareness=1,"
    "dynamic_identity=1,multi_agent_interactions=1,non_determinism=1,opacity_reflexivity=1,natural_language_interface=0.5"
)
GIVEN = ("--cvss-base", "9.4", "--factors", FACTORS, "--threat-multiplier", "0.97", "--mitigation-factor", "1")


def test_the_first_vector_of_the_standard_as_json(kb):
    done = kb("score", *GIVEN, "--format", "json")
    answer = json.loads(done.out)
    inputs = answer.pop("inputs")
    assert answer == {
        "aars": 0.5238,
        "aivss": 9.9,
        "severity": "Critical",
        "factor_sum": 9.0,
        "version": "0.8",
        "flags": [],
        "complete": True,
        "truncated_by": None,
        "assumptions": [],
        "base": None,
        "schema_version": 1,
    }
    assert (inputs["cvss_base"], inputs["threat_multiplier"], inputs["mitigation_factor"]) == (9.4, 0.97, 1.0)
    assert (done.code, done.err, list(kb.folder.iterdir())) == (0, "", [])


def test_the_page_shows_the_formula_and_what_was_assumed(kb, snapshot):
    snapshot("score", kb("score", *GIVEN[:4]).out)


def test_the_older_version_has_its_own_formula(kb):
    factors = FACTORS.replace("natural_language_interface", "goal_driven_planning")
    done = kb("score", *GIVEN[:2], "--factors", factors, *GIVEN[4:], "--aivss-version", "0.5", "-f", "json")
    answer = json.loads(done.out)
    assert (answer["version"], answer["aars"], answer["aivss"]) == ("0.5", 9.0, 8.9)


def test_a_vector_stands_for_its_score(kb):
    vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    answer = json.loads(kb("score", "--cvss-vector", vector, *GIVEN[2:], "-f", "json").out)
    assert (answer["inputs"]["cvss_base"], answer["inputs"]["cvss_vector"]) == (9.3, vector)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--factors", FACTORS), "a score needs a CVSS base"),
        (("--cvss-base", "high", "--factors", FACTORS), "--cvss-base is 'high', expected a number"),
        (("--cvss-base", "nan", "--factors", FACTORS), "cvss_base is NaN, expected a number, 0 to 10"),
        (("--cvss-base", "9", "--factors", "autonomy=2"), "AIVSS v0.8 needs ten factors; missing: "),
        (("--cvss-base", "9", "--factors", "courage=1"), "--factors: there is no factor 'courage'"),
        (("--cvss-base", "9", "--factors", "autonomy=1,autonomy_of_action=1"), "--factors: autonomy_of_action is given twice"),
    ],
)
def test_what_is_off_is_refused(kb, words, sentence):
    done = kb("score", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {sentence}")
