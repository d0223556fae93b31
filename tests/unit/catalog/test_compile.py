"""What is committed is what the tables say; and what the tables may not say."""

from hashlib import sha256
from pathlib import Path

import pytest

from kb.catalog import COMPILED
from kb.catalog.compile.compiled import as_bytes, check, compiled
from kb.catalog.compile.page import renew
from kb.catalog.compile.relations import kind_of
from kb.catalog.compile.sources import Origin, table
from kb.errors import SchemaError
from kb.model.graph import Node, Relation

ROOT = Path(__file__).parents[3]


def test_the_committed_catalogue_is_what_the_tables_compile_to() -> None:
    assert COMPILED.read_bytes() == as_bytes(compiled())


def test_the_page_is_what_the_tables_say() -> None:
    page = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")
    assert renew(page) == page


def test_a_part_of_the_page_that_nothing_generates_is_refused() -> None:
    with pytest.raises(KeyError, match="weather"):
        renew("<!-- generated: weather -->\n<!-- end -->\n")


def test_the_version_is_the_day_of_the_tables_and_a_digest_of_the_content() -> None:
    content = compiled()
    version = content.pop("version")
    assert version == f"{table('publications')['as_of']}+{sha256(as_bytes(content)).hexdigest()[:8]}"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("at_layer", "AT_LAYER"),
        ("mitigates", "COUNTERS"),
        ("defends_against", "COUNTERS"),
        ("maps_to", "MAPS_TO"),
        ("maps_to_tactic_primary", "MAPS_TO"),
        ("related", "MAPS_TO"),
        ("skos:exactMatch", "MAPS_TO"),
        ("renumbered_to", "MAPS_TO"),
    ],
)
def test_a_word_of_the_crosswalk_stands_for_one_kind(word: str, kind: str) -> None:
    assert kind_of(word) == kind


@pytest.mark.parametrize("word", ["at_layer_in_example", "replaced_by", "succeeded_by", "instance_of", ""])
def test_another_word_stands_for_none(word: str) -> None:
    with pytest.raises(ValueError, match="stands for no kind of relation"):
        kind_of(word)


def test_an_origin_is_a_publication_and_the_spot_in_it() -> None:
    assert Origin.read("owasp-asi ASI03") == Origin(
        "OWASP Top 10 for Agentic Applications 2026 (2025-12-09), ASI03", "CC-BY-SA-4.0"
    )
    assert Origin.read("atlas") == Origin("MITRE ATLAS data v5.6.0", "Apache-2.0")


def test_an_origin_that_is_no_publication_is_refused() -> None:
    with pytest.raises(KeyError, match="hearsay"):
        Origin.read("hearsay chapter 3")


THREAT = Node("Threat", "owasp:T1", {"catalog": "owasp", "form": "threat"})


def test_a_relation_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no Layer 'L9'"):
        check([THREAT], [Relation("AT_LAYER", "owasp:T1", "L9", {"status": "published"})])


def test_a_parent_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no Threat 'owasp:T0'"):
        check([Node("Threat", "owasp:T1", {**THREAT.properties, "parent": "owasp:T0"})], [])


def test_two_nodes_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one id"):
        check([THREAT, THREAT], [])


def test_what_the_schema_refuses_is_refused() -> None:
    with pytest.raises(SchemaError, match="catalog is missing"):
        check([Node("Threat", "owasp:T1", {"form": "threat"})], [])
