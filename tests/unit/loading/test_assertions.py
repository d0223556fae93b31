"""From a parsed document to what it asserts."""

from decimal import Decimal

import pytest

from kb.loading.assertions import assessment_node, in_force, out_of_force, relations_of
from kb.loading.parsed import Figures, ParsedAssessment, ThreatClaim
from kb.model.graph import Node, Relation, check_node, check_relation


def parsed(**given: object) -> ParsedAssessment:
    standard = {
        "kind": "assessment",
        "form": None,
        "series": "assessment:a",
        "subject": "a",
        "name": None,
        "title": None,
        "url": None,
        "as_of": None,
        "line": 1,
        "cut": False,
    }
    return ParsedAssessment(**(standard | given))  # type: ignore[arg-type]


def claim(polarity: str = "stated", layer: str | None = "L3", certainty: str | None = "mapped", **given: object) -> ThreatClaim:
    standard = {"threat": "owasp:T2", "origin": "stated", "quote": "the words", "line": 7}
    return ThreatClaim(layer=layer, certainty=certainty, polarity=polarity, **(standard | given))  # type: ignore[arg-type]


ABOUT = Relation("ABOUT", "doc", "a", {}, "doc", "Agent")


def threats(*claims: ThreatClaim) -> list[Relation]:
    about, *relations = relations_of(parsed(threats=claims), "doc", "dir/a.txt")
    assert about == ABOUT
    for relation in relations:
        check_relation(relation)
    return relations


def test_an_empty_document_asserts_only_what_it_is_about() -> None:
    assert relations_of(parsed(), "doc", "a.yaml") == [ABOUT]
    assert assessment_node(parsed(), "doc", "assessment/1", "a.yaml") == Node(
        "Assessment",
        "doc",
        {
            "kind": "assessment",
            "series": "assessment:a",
            "subject": "a",
            "parser": "assessment/1",
            "in_force": True,
            "cut": False,
            "documents": 1,
            "path": "a.yaml",
        },
    )


def test_figures_and_claims_stand_on_the_assessment_and_claims_are_checked() -> None:
    figures = Figures(cvss_base=Decimal("8.5"), claimed_factor_sum=Decimal("5.2"))
    node = assessment_node(parsed(figures=figures, remarks=("odd",), name="A"), "doc", "p/1", "a.yaml", 3)

    check_node(node)
    assert node.properties == {
        "kind": "assessment",
        "series": "assessment:a",
        "subject": "a",
        "name": "A",
        "parser": "p/1",
        "in_force": True,
        "cut": False,
        "cvss_base": 8.5,
        "claimed_factor_sum": 5.2,
        "claims": "unchecked",
        "remarks": ("odd",),
        "documents": 3,
        "path": "a.yaml",
    }


def test_degrees_that_a_document_does_not_give_are_absent_and_never_zero() -> None:
    document = parsed(
        factors={"dynamic_tool_use": Decimal("0")},
        capabilities={"cap:multi-agent": None, "cap:tool-or-code-execution": Decimal("0.7")},
        layers={"L3": "uncertain"},
        implements={"owasp:P1.1": None, "aidefend:AID-H-002": Decimal("0.5")},
    )

    assert relations_of(document, "doc", "a.yaml") == [
        ABOUT,
        Relation("ASSESSED_AT", "a", "L3", {"certainty": "uncertain"}, "doc"),
        Relation("HAS_CAPABILITY", "a", "aivss:dynamic_tool_use", {"score": 0.0}, "doc"),
        Relation("HAS_CAPABILITY", "a", "cap:multi-agent", {}, "doc"),
        Relation("HAS_CAPABILITY", "a", "cap:tool-or-code-execution", {"score": 0.7}, "doc"),
        Relation("IMPLEMENTS", "a", "owasp:P1.1", {}, "doc"),
        Relation("IMPLEMENTS", "a", "aidefend:AID-H-002", {"coverage": 0.5}, "doc"),
    ]


def test_quotes_of_one_threat_at_one_layer_are_one_relation_with_a_place_each() -> None:
    assert threats(claim(), claim(quote="more", line=9), claim()) == [
        Relation(
            "FACES",
            "a",
            "owasp:T2",
            {
                "origin": "stated",
                "layer": "L3",
                "certainty": "mapped",
                "polarity": "stated",
                "quotes": ("the words", "more"),
                "places": ("dir/a.txt:7", "dir/a.txt:9"),
            },
            "doc",
        )
    ]


def test_layers_and_origins_are_statements_of_their_own() -> None:
    relations = threats(claim(), claim(layer=None), claim(origin="declared", quote=None))

    assert [(edge.properties["origin"], edge.properties.get("layer"), edge.properties["quotes"]) for edge in relations] == [
        ("stated", "L3", ("the words",)),
        ("stated", None, ("the words",)),
        ("declared", "L3", ("",)),
    ]


@pytest.mark.parametrize(
    ("claims", "polarity", "quotes"),
    [
        ([claim("mitigated", quote="m"), claim("stated", quote="s")], "stated", ("s",)),
        ([claim("mitigated", quote="m"), claim("denied", quote="d")], "mitigated", ("m",)),
        ([claim("denied", quote="d"), claim("stated", quote="s")], "stated", ("s",)),
    ],
)
def test_a_warning_is_not_lost_to_a_reassurance_in_the_same_place(
    claims: list[ThreatClaim], polarity: str, quotes: tuple[str, ...]
) -> None:
    (relation,) = threats(*claims)

    assert (relation.kind, relation.properties["polarity"], relation.properties["quotes"]) == ("FACES", polarity, quotes)


def test_a_denial_rules_out_where_it_stands_and_nowhere_else() -> None:
    assert threats(claim(), claim("denied", layer=None, quote="none of that", line=3))[1:] == [
        Relation("RULES_OUT", "a", "owasp:T2", {"quotes": ("none of that",), "places": ("dir/a.txt:3",)}, "doc")
    ]


@pytest.mark.parametrize(
    ("certainties", "expected"),
    [
        (["uncertain", "mapped"], "mapped"),
        (["uncertain", None], "uncertain"),
        (["uncertain"], "uncertain"),
        ([None], None),
    ],
)
def test_a_statement_is_as_certain_as_its_most_certain_quote(certainties: list[str | None], expected: str | None) -> None:
    (relation,) = threats(*(claim(certainty=certainty, line=line) for line, certainty in enumerate(certainties, 1)))

    assert relation.properties.get("certainty") == expected


def test_being_in_force_is_the_only_thing_that_superseding_changes() -> None:
    node = Node("Assessment", "doc", {"in_force": True, "path": "a"})

    assert out_of_force(node) == Node("Assessment", "doc", {"in_force": False, "path": "a"})
    assert in_force(out_of_force(node)) == node
