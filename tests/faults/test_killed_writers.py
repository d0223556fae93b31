"""A base is whole or as before, whatever dies, with real processes killed in the middle of a write."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contents import Contents, expected, read_all
from kb.engines.embedded.engine import EmbeddedEngine
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import StoreError
from kb.model.graph import Node

# Writes 20,000 nodes, far more than SQLite's cache holds, and never comes to the end of its batch.
STUCK_WRITER = """
import sys, time
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.model.graph import Node

class Endless(list):
    def __iter__(self):
        print("in the middle", flush=True)
        time.sleep(600)
        return super().__iter__()

with open_engine(sys.argv[1], mode="write") as engine:
    nodes = [Node("Agent", f"agent-{number}", {"form": "product", "name": "x" * 500}) for number in range(20_000)]
    engine.write(Batch(nodes=nodes, relations=Endless()))
"""

# Writes documents one after the other and says so after each.
DILIGENT_WRITER = """
import sys
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.model.graph import Node, Relation

with open_engine(sys.argv[1], mode="write") as engine:
    for number in range(100_000):
        pair = [Node("Agent", f"{number}-{side}", {"form": "product", "name": "x" * 2_000}) for side in "ab"]
        trust = Relation("TRUSTS", pair[0].id, pair[1].id, {"channel": "message"})
        engine.write(Batch(nodes=pair, relations=[trust]))
        print(number, flush=True)
"""

BEFORE = [Node("Agent", "before", {"form": "product"})]


@contextmanager
def running(script: str, location: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes to ``location``; killed at the end where it still lives."""
    with subprocess.Popen([sys.executable, "-c", script, str(location)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said_so(process: subprocess.Popen[str], lines: int = 1) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(lines)]


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "kb.db"


def test_a_base_is_as_before_when_its_writer_is_killed(location: Path) -> None:
    with open_engine(str(location), mode="write") as engine:
        engine.write(Batch(nodes=BEFORE))
    with running(STUCK_WRITER, location) as process:
        assert said_so(process) == ["in the middle"]
        kill(process)
    with open_engine(str(location), mode="read") as engine:
        assert read_all(engine) == expected(BEFORE, [])
    with open_engine(str(location), mode="write") as engine:
        assert read_all(engine) == expected(BEFORE, [])


def test_there_is_no_base_when_the_first_writer_is_killed(location: Path) -> None:
    with running(STUCK_WRITER, location) as process:
        assert said_so(process) == ["in the middle"]
        assert location.stat().st_size > 0  # the cache has overflowed into the file
        kill(process)
    with pytest.raises(StoreError, match="there is no base here"):
        open_engine(str(location), mode="read")
    with open_engine(str(location), mode="write") as engine:
        assert engine.base is None
        engine.write(Batch(nodes=BEFORE))
        assert read_all(engine) == expected(BEFORE, [])


@pytest.mark.parametrize("written", [1, 4, 9])
def test_a_base_holds_whole_batches_only_wherever_its_writer_was_killed(location: Path, written: int) -> None:
    with running(DILIGENT_WRITER, location) as process:
        assert said_so(process, written) == [str(number) for number in range(written)]
        kill(process)
    with open_engine(str(location), mode="read") as engine:
        pairs = [(edge.source, edge.target) for edge in engine.edges("TRUSTS")]
        agents = [node.id for node in engine.nodes("Agent")]
    numbers = sorted(int(source.removesuffix("-a")) for source, _ in pairs)
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= written
    assert agents == sorted(name for pair in pairs for name in pair)


def test_readers_go_on_while_somebody_writes(location: Path) -> None:
    with open_engine(str(location), mode="write") as engine:
        engine.write(Batch(nodes=BEFORE))
    with running(STUCK_WRITER, location) as process:
        assert said_so(process) == ["in the middle"]
        with open_engine(str(location), mode="read") as reader:
            assert read_all(reader) == expected(BEFORE, [])


def test_a_second_writer_is_told_that_the_base_is_locked(location: Path) -> None:
    with open_engine(str(location), mode="write") as engine:
        engine.write(Batch(nodes=BEFORE))
    with running(STUCK_WRITER, location) as process:
        assert said_so(process) == ["in the middle"]
        with EmbeddedEngine(str(location), mode="write", busy_seconds=0.05) as second:
            with pytest.raises(StoreError, match="locked by another writer") as raised:
                second.write(Batch())
            assert read_all(second) == expected(BEFORE, [])
    assert (raised.value.exit_code, raised.value.hint) == (4, "try again when that one is done")


def test_a_writer_that_finds_a_first_write_under_way_is_told_that_the_base_is_locked(location: Path) -> None:
    with running(STUCK_WRITER, location) as process:
        assert said_so(process) == ["in the middle"]
        locked = pytest.raises(StoreError, match="locked by another writer")
        with locked, EmbeddedEngine(str(location), mode="write", busy_seconds=0.05) as second:
            second.write(Batch())


def test_what_was_written_after_a_killed_writer_counts(location: Path) -> None:
    with running(DILIGENT_WRITER, location) as process:
        assert said_so(process, 3) == ["0", "1", "2"]
        kill(process)
    with open_engine(str(location), mode="write") as engine:
        engine.clear()
        engine.write(Batch(nodes=BEFORE))
    assert [path.name for path in location.parent.iterdir()] == ["kb.db"]
    with open_engine(str(location), mode="read") as engine:
        assert read_all(engine) == Contents(BEFORE, [], [])
