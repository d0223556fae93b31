"""The rules that infer threats."""

import pytest

from kb.catalog import Catalog
from kb.loading import unite  # pytest would take a name that begins with Test for a test
from kb.loading.inference import DECISION_PATH, MAESTRO_MAPPING, inferred_threats
from kb.model.graph import CatalogContent, Node, Relation

RULES = Catalog(
    CatalogContent("1", (), ()),
    primary_factors={"owasp:T2": ("dynamic_tool_use",), "owasp:T9": ("dynamic_identity", "autonomy_of_action")},
    maestro_mappings={"maestro:L3-03": ("L3", ("owasp:T2", "owasp:T6"))},
    cascade={},
    _nodes={},
)


def heard(scores: dict[str, float], *relations: Relation) -> unite.Testimony:
    scored = [Relation("HAS_CAPABILITY", "a", f"aivss:{name}", {"score": score}, "d") for name, score in scores.items()]
    return unite.Testimony("a", [Node("Assessment", "d")], [*scored, *relations])


def faces(threat: str, layer: str | None = None, polarity: str | None = None) -> Relation:
    given = {"origin": "stated", "layer": layer, "polarity": polarity}
    return Relation("FACES", "a", threat, {name: value for name, value in given.items() if value}, "d")


def by_path(threat: str) -> Relation:
    properties = {"origin": "inferred", "rule": DECISION_PATH, "certainty": "uncertain", "polarity": "stated"}
    return Relation("FACES", "a", threat, properties)


def by_mapping(polarity: str) -> Relation:
    properties = {"origin": "inferred", "rule": MAESTRO_MAPPING, "certainty": "uncertain", "polarity": polarity, "layer": "L3"}
    return Relation("FACES", "a", "maestro:L3-03", properties)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, []),
        ({"dynamic_tool_use": 0.49}, []),
        ({"dynamic_tool_use": 0.5}, [by_path("owasp:T2")]),
        ({"dynamic_identity": 1.0}, [by_path("owasp:T9")]),
        ({"dynamic_identity": 0.9, "autonomy_of_action": 0.1}, [by_path("owasp:T9")]),
        ({"dynamic_identity": 0.8, "autonomy_of_action": 0.1}, []),
        ({"dynamic_tool_use": 1.0, "dynamic_identity": 1.0}, [by_path("owasp:T2"), by_path("owasp:T9")]),
    ],
)
def test_the_decision_path_takes_the_mean_of_the_factors_that_are_scored(
    scores: dict[str, float], expected: list[Relation]
) -> None:
    assert inferred_threats(heard(scores), RULES) == expected


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([faces("owasp:T2", "L3")], [by_mapping("stated")]),
        ([faces("owasp:T2", "L3", "mitigated")], [by_mapping("mitigated")]),
        ([faces("owasp:T2", "L3", "mitigated"), faces("owasp:T6", "L3")], [by_mapping("stated")]),
        ([faces("owasp:T2", "L4")], []),
        ([faces("owasp:T2")], []),
        ([faces("owasp:T1", "L3")], []),
    ],
)
def test_a_maestro_threat_follows_from_a_threat_that_maps_to_it_at_its_layer(
    relations: list[Relation], expected: list[Relation]
) -> None:
    assert inferred_threats(heard({}, *relations), RULES) == expected


def test_what_a_document_rules_out_is_not_inferred_unless_another_one_says_it() -> None:
    ruled_out = Relation("RULES_OUT", "a", "owasp:T2", {}, "d")

    assert inferred_threats(heard({"dynamic_tool_use": 1.0}, ruled_out), RULES) == []
    assert inferred_threats(heard({"dynamic_tool_use": 1.0}, ruled_out, faces("owasp:T2", "L4")), RULES) == [
        by_path("owasp:T2")
    ]
