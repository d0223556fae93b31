"""Versions of the file, and what is left on the disk."""

import sqlite3
from pathlib import Path

import pytest

from kb.engines.embedded.engine import EmbeddedEngine
from kb.engines.embedded.files import APPLICATION_ID, MIGRATIONS
from kb.engines.embedded.writing import BULK
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import StoreError
from kb.model.graph import Node, Relation
from kb.model.schema import SCHEMA_VERSION

AGENT = Node("Agent", "planner", {"form": "deployed", "name": "Planner"})


def shout_names(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE agent SET name = upper(name)")


def add_exclamation(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE agent SET name = name || '!'")


def fail_half_way(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM agent")
    raise RuntimeError("half-way")


@pytest.fixture
def location(tmp_path: Path) -> str:
    """A base of version 1 that holds one agent."""
    path = str(tmp_path / "kb.db")
    with EmbeddedEngine(path, mode="write", migrations=()) as engine:
        engine.write(Batch(nodes=[AGENT]))
    return path


def header(path: str) -> tuple[int, int, str]:
    """Application id, schema version and journal mode of the file."""
    connection = sqlite3.connect(path)
    values = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version", "journal_mode")]
    connection.close()
    return values[0], values[1], values[2]


def test_there_is_a_migration_for_every_rise_of_the_schema_version() -> None:
    assert len(MIGRATIONS) + 1 == SCHEMA_VERSION


def test_a_file_says_whose_it_is_and_of_which_version(location: str) -> None:
    assert header(location) == (int.from_bytes(b"kbat", "big"), 1, "delete")


def test_opening_an_older_base_for_writing_brings_it_forward(location: str) -> None:
    with EmbeddedEngine(location, mode="write", migrations=(shout_names,)) as engine:
        assert engine.nodes("Agent", ["planner"])[0].properties["name"] == "PLANNER"
        assert engine.base is not None
        assert engine.base.schema_version == 2
    assert header(location) == (APPLICATION_ID, 2, "delete")


def test_each_migration_runs_once(location: str) -> None:
    steps = (shout_names, add_exclamation)
    for migrations in (steps[:1], steps, steps):
        with EmbeddedEngine(location, mode="write", migrations=migrations):
            pass
    with EmbeddedEngine(location, mode="read", migrations=steps) as engine:
        assert engine.nodes("Agent")[0].properties["name"] == "PLANNER!"


def test_the_fingerprint_of_a_migrated_base_is_that_of_one_written_anew(location: str, tmp_path: Path) -> None:
    migrations = (shout_names,)
    with EmbeddedEngine(str(tmp_path / "new.db"), mode="write", migrations=migrations) as new:
        new.write(Batch(nodes=[AGENT]))
        with EmbeddedEngine(location, mode="write", migrations=migrations) as migrated:
            assert migrated.base == new.base


def test_a_migration_that_fails_leaves_the_base_as_it_was(location: str) -> None:
    with pytest.raises(RuntimeError, match="half-way"):
        EmbeddedEngine(location, mode="write", migrations=(shout_names, fail_half_way))
    with EmbeddedEngine(location, mode="read", migrations=()) as engine:
        assert engine.nodes("Agent") == [AGENT]


def test_a_reader_of_an_older_base_is_told_who_brings_it_forward(location: str) -> None:
    with pytest.raises(StoreError) as raised:
        EmbeddedEngine(location, mode="read", migrations=(shout_names,))
    assert str(raised.value) == f"{location}: is of schema version 1; this kb needs 2"
    assert raised.value.hint == "the next `kb load` into it brings it forward"


def test_the_last_writer_to_leave_leaves_one_file(location: str) -> None:
    beside = Path(location).parent
    first, second = (open_engine(location, mode="write") for _ in range(2))
    first.write(Batch())
    second.write(Batch())
    assert {path.name for path in beside.iterdir()} == {"kb.db", "kb.db-shm", "kb.db-wal"}
    first.close()
    assert header(location)[2] == "wal"
    second.close()
    assert [path.name for path in beside.iterdir()] == ["kb.db"]
    assert header(location)[2] == "delete"


def test_a_bulk_load_makes_the_indexes_that_a_small_one_keeps(tmp_path: Path) -> None:
    nodes = [Node("Agent", f"{number:06}", {"form": "deployed"}) for number in range(BULK)]
    ring = [Relation("TRUSTS", node.id, nodes[at - 1].id, {"channel": "message"}) for at, node in enumerate(nodes)]
    path = str(tmp_path / "bulk.db")
    with open_engine(path, mode="write") as engine:
        engine.write(Batch(nodes=nodes[:1]))
        before = indexes(path)
        engine.write(Batch(nodes=nodes, relations=ring))
        assert engine.edges("TRUSTS") == ring
        assert engine.expand(["000000"], ["TRUSTS"], "in") == [ring[1]]
    assert indexes(path) == before


def indexes(path: str) -> set[str]:
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    connection.close()
    return names
