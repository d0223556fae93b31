"""The seeds: valid, complete, in nobody else's words, and what the generator writes."""

import csv
import json
import runpy
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generated import system_of
from kb.loading.documents import json_schema, parse_documents
from kb.loading.parsed import ParsedAssessment, ParsedSystem
from kb.loading.yaml_source import read_documents
from kb.model.aivss import FACTOR_NAMES, Score, score
from kb.model.claims import ClaimCheck, Claims, check_claims

PROJECT = Path(__file__).parents[3]
FILES = sorted((PROJECT / "seeds" / "assessments").glob("*.yaml"))
SHARED = PROJECT / ".." / "shared"

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not beside this checkout")


def parsed(path: Path) -> ParsedAssessment:
    (document,) = parse_documents(path.read_bytes(), path.name)
    assert isinstance(document, ParsedAssessment)
    return document


SEEDS = {path.stem: parsed(path) for path in FILES}


def scored(seed: ParsedAssessment) -> Score:
    figures = seed.figures
    assert figures.cvss_base is not None
    assert figures.threat_multiplier is not None
    assert figures.mitigation_factor is not None
    return score(seed.factors, figures.cvss_base, figures.threat_multiplier, figures.mitigation_factor)


SCORED = {slug: seed for slug, seed in SEEDS.items() if seed.figures.claimed_aivss is not None}


def test_each_of_the_85_files_is_about_the_agent_that_it_is_named_after() -> None:
    assert len(SEEDS) == 85
    assert [seed.subject for seed in SEEDS.values()] == list(SEEDS)
    assert (SEEDS["codegen"].name, SEEDS["qwen3-coder"].name) == ("Codegen", "Qwen3\N{NON-BREAKING HYPHEN}Coder")


def test_every_seed_has_the_ten_factors_an_address_and_a_month() -> None:
    assert {tuple(seed.factors) for seed in SEEDS.values()} == {FACTOR_NAMES}
    assert {seed.as_of for seed in SEEDS.values()} == {"2026-11"}
    assert {seed.url for seed in SEEDS.values()} == {
        f"https://agent.distributedapps.ai/directory/{slug}/threat-model" for slug in SEEDS
    }


def test_threats_of_seeds_are_declared_stated_and_without_the_words_of_others() -> None:
    threats = [threat for seed in SEEDS.values() for threat in seed.threats]
    assert Counter((threat.origin, threat.polarity, threat.quote) for threat in threats) == {("declared", "stated", None): 537}


def test_every_seed_fits_the_published_schema() -> None:
    validator = Draft202012Validator(json_schema("assessment"))
    documents = [read_documents(path.read_bytes(), path.name)[0].value for path in FILES]
    assert [list(validator.iter_errors(json.loads(json.dumps(value, default=float)))) for value in documents] == [[]] * 85


def test_the_printed_figures_of_all_53_scored_seeds_follow_from_their_inputs() -> None:
    checks = {}
    for slug, seed in SCORED.items():
        figures = seed.figures
        claims = Claims(figures.claimed_factor_sum, figures.claimed_aars, figures.claimed_aivss, figures.claimed_severity)
        checks[slug] = check_claims(claims, scored(seed))
    assert checks == dict.fromkeys(SCORED, ClaimCheck("hold", ()))
    assert len(checks) == 53


def test_every_scored_seed_is_flagged_for_its_factors() -> None:
    assert Counter(scored(seed).flags for seed in SCORED.values()) == {("factor-set-0.5", "non-conformant"): 53}


def test_the_two_agents_whose_pages_were_read_to_the_end_have_all_seven_layers() -> None:
    certain = {slug: [layer for layer, certainty in SEEDS[slug].layers.items() if certainty == "mapped"] for slug in SEEDS}
    assert {slug for slug, seed in SEEDS.items() if len(seed.layers) == 7} >= {"codegen", "qwen3-coder"}
    assert (certain["codegen"], certain["qwen3-coder"]) == ([], ["L1", "L3", "L7"])


SYSTEMS = {path.stem: path for path in sorted((PROJECT / "seeds" / "systems").glob("*.yaml"))}


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_worked_system_fits_the_schema_and_is_made_with_agents_that_are_assessed(system: str) -> None:
    path = SYSTEMS[system]
    (document,) = parse_documents(path.read_bytes(), path.name)
    (value,) = (found.value for found in read_documents(path.read_bytes(), path.name))
    assert isinstance(document, ParsedSystem)
    assert (document.subject, document.as_of) == (system, "2026-11")
    assert {member.based_on for member in document.members} <= SEEDS.keys()
    assert any(member.entries for member in document.members)
    assert list(Draft202012Validator(json_schema("system")).iter_errors(json.loads(json.dumps(value, default=float)))) == []


def test_a_generated_system_is_the_same_each_time_and_made_with_agents_that_are_assessed() -> None:
    text = system_of(60)
    assert (text, system_of(60, seed=1) == text) == (system_of(60), False)
    (document,) = parse_documents(text.encode(), "generated.yaml")
    assert isinstance(document, ParsedSystem)
    assert (len(document.members), len(document.uses)) == (60, 70)
    assert {member.based_on for member in document.members} <= SEEDS.keys()


@needs_shared
def test_the_figures_are_those_of_the_facts() -> None:
    with (SHARED / "facts" / "assessments.csv").open(encoding="utf-8") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    assert SEEDS.keys() - rows.keys() == {"codegen"}
    for slug, row in rows.items():
        seed = SEEDS[slug]
        assert seed.name == row["name"]
        assert seed.factors == {name: Decimal(row[name]) for name in FACTOR_NAMES}
        assert [seed.figures.cvss_base, seed.figures.claimed_aivss] == [
            Decimal(row[name]) if row[name] else None for name in ("cvss_base", "aivss")
        ]


@needs_shared
def test_the_files_are_what_the_generator_writes() -> None:
    # Names only are compared aloud: the labels of some pages are not to be read.
    generator = runpy.run_path(str(PROJECT / "benchmarks" / "make_seeds.py"))
    written = {f"{seed.slug}.yaml": generator["text_of"](seed) for seed in generator["seeds"]()}
    assert sorted(written) == [path.name for path in FILES]
    assert [path.name for path in FILES if path.read_text(encoding="utf-8") != written[path.name]] == []
