"""The starter queries of ``docs/neo4j.md`` answer on the seeds, and the server has nothing to warn of."""

import re
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from kb.api import KnowledgeBase
from server.fixtures import Address

ROOT = Path(__file__).parents[2]
STARTERS = re.findall(
    r"^( *)```cypher\n(.*?)^\1```$", (ROOT / "docs" / "neo4j.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)

COLUMNS = [
    ["shared"],
    ["threat", "name", "agents"],
    ["a", "r", "other"],
    ["agent", "aivss", "cvss_base", "factor_sum", "severity"],
    ["mitigation", "name", "status", "sources"],
    ["mapped"],
    ["path"],
    ["wiring"],
    ["truster", "trusted", "channel", "strength"],
    ["document", "truster", "trusted", "places"],
]


def test_every_starter_query_answers_without_a_warning(
    neo4j_server: Address, neo4j_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with KnowledgeBase.open(neo4j_store, mode="write") as base:
        base.load("seeds/systems", seeds=True)
    with GraphDatabase.driver(neo4j_store, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        answers = [driver.execute_query(text) for _, text in STARTERS]
    assert [answer.keys for answer in answers] == COLUMNS
    for answer in answers:
        assert answer.records, answer.summary.query
        assert [status for status in answer.summary.gql_status_objects if status.is_notification] == [], answer.summary.query
