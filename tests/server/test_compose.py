"""What docker-compose.yml promises: the version that is tested, this machine alone, and no password that is known."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.jars import LOCK, read_lock

FILE = Path(__file__).parents[2] / "docker-compose.yml"


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_the_server_is_the_one_of_the_lock(compose: dict[str, Any]) -> None:
    (path,) = [path for path in read_lock(LOCK) if path.startswith("org/neo4j/neo4j/")]
    assert compose["services"]["neo4j"]["image"] == f"neo4j:{path.split('/')[3]}-community"


def test_its_ports_are_on_loopback(compose: dict[str, Any]) -> None:
    assert compose["services"]["neo4j"]["ports"] == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]


def test_its_password_comes_from_the_environment_or_it_does_not_start(compose: dict[str, Any]) -> None:
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?[^}]+\}", compose["services"]["neo4j"]["environment"]["NEO4J_AUTH"])


def test_it_is_healthy_when_it_answers_a_query(compose: dict[str, Any]) -> None:
    kind, command = compose["services"]["neo4j"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert re.fullmatch(r'cypher-shell .* "RETURN 1"', command)


def test_its_data_are_in_a_volume_with_a_name(compose: dict[str, Any]) -> None:
    assert compose["services"]["neo4j"]["volumes"] == ["neo4j-data:/data"]
    assert "neo4j-data" in compose["volumes"]
