"""crosswalk: what other catalogues call a threat."""

import pytest

from kb.errors import UnknownNodeError
from kb.model.graph import Relation
from kb.questions.crosswalk import crosswalk
from oracle.graph import graph_of

GRAPH = graph_of(
    Relation(
        "MAPS_TO", "asi:ASI02", "owasp:T2", {"predicate": "maps_to_primary", "status": "published", "sources": ("B", "A")}
    ),
    Relation("MAPS_TO", "owasp:T2", "atlas:AML.T0053", {"predicate": "skos:exactMatch", "confidence": 0.9}),
    Relation("MAPS_TO", "owasp:T2", "llm2025:LLM06", {"predicate": "related"}),
    Relation("MAPS_TO", "asi:ASI02", "owasp:T4", {"predicate": "maps_to_primary"}),
)
INTO = {"from": "asi:ASI02", "to": "owasp:T2", "name": "Threat asi:ASI02", "predicate": "maps_to_primary"}
INTO |= {"status": "published", "confidence": None, "sources": ["B", "A"], "direction": "in"}
OUT = {"from": "owasp:T2", "to": "atlas:AML.T0053", "name": "Threat atlas:AML.T0053", "predicate": "skos:exactMatch"}
OUT |= {"status": None, "confidence": 0.9, "sources": [], "direction": "out"}
LOOSE = {**OUT, "to": "llm2025:LLM06", "name": "Threat llm2025:LLM06", "predicate": "related", "confidence": None}


def test_mappings_count_in_both_directions_exact_and_primary_ones_first_of_all(engine):
    engine.write(GRAPH.batch())
    answer = crosswalk(engine, threat="T2")
    assert list(answer.rows) == [INTO, OUT]
    assert answer.remarks == ("+1 contributing, related or unspecified, --loose",)
    assert answer.params == {"threat": "owasp:T2", "loose": False}


def test_loose_gives_every_mapping(engine):
    engine.write(GRAPH.batch())
    answer = crosswalk(engine, threat="T2", loose=True)
    assert list(answer.rows) == [INTO, OUT, LOOSE]
    assert answer.remarks == ()


def test_an_unknown_threat_is_an_error(engine):
    engine.write(GRAPH.batch())
    with pytest.raises(UnknownNodeError, match="no threat 'T99' in the base"):
        crosswalk(engine, threat="T99")
