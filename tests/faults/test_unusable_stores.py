"""Every store that cannot be used says so in words, with exit code 4 and a remedy, and is left as it was."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from contents import expected, read_all
from kb.engines.embedded import files
from kb.engines.embedded.engine import EmbeddedEngine
from kb.engines.protocol import Batch
from kb.engines.registry import Mode, open_engine
from kb.errors import StoreError
from kb.model.graph import Node
from kb.model.schema import SCHEMA_VERSION

AGENTS = [Node("Agent", f"agent-{number:04}", {"form": "product", "name": "x" * 200}) for number in range(1000)]
BOTH: tuple[Mode, ...] = ("read", "write")


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """A base with :data:`AGENTS`."""
    path = tmp_path / "kb.db"
    with open_engine(str(path), mode="write") as engine:
        engine.write(Batch(nodes=AGENTS))
    return path


def refusal(path: Path, mode: Mode) -> tuple[str, str]:
    """What opening ``path`` and reading all of it is refused with: the sentence after the path, and the hint."""
    with pytest.raises(StoreError) as raised, open_engine(str(path), mode=mode) as engine:
        read_all(engine)
    assert raised.value.exit_code == 4
    return str(raised.value).removeprefix(f"{path}: "), raised.value.hint


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize("content", [b"x", b"kind: system\n", b"SQLite format 2\0" * 40, os.urandom(5_000), b"\0" * 8192])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, content: bytes, mode: Mode) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert refusal(path, mode) == ("is no base of kb", "name another file with --store; this one is left as it is")
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize("statement", ["CREATE TABLE meta (one)", "PRAGMA application_id = 7"])
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, statement: str, mode: Mode) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()
    content = path.read_bytes()
    assert refusal(path, mode)[0] == "is no base of kb"
    assert path.read_bytes() == content


def test_an_empty_file_is_a_base_to_be(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    path.touch()
    assert refusal(path, "read") == ("there is no base here", "`kb load PATH…` makes one")
    with open_engine(str(path), mode="write") as engine:
        assert engine.base is None
        engine.write(Batch(nodes=AGENTS))
    with open_engine(str(path), mode="read") as engine:
        assert read_all(engine) == expected(AGENTS, [])


@pytest.mark.parametrize("mode", BOTH)
def test_folders_and_pipes_are_no_files(tmp_path: Path, mode: Mode) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refusal(tmp_path, mode)[0] == "is a folder"
    assert refusal(pipe, mode)[0] == "is no regular file"


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 300), "write")[0] == "cannot be opened: File name too long"
    with pytest.raises(StoreError, match="is no name that a file can have"):
        open_engine("a\0b", mode="write")


def test_a_missing_folder_is_named_before_any_work_is_done(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "kb.db"
    assert refusal(path, "write") == (f"there is no folder '{path.parent}'", "make the folder first")
    assert refusal(path, "read")[0] == "there is no base here"


@pytest.mark.parametrize("mode", BOTH)
def test_a_base_of_a_newer_version_is_refused(location: Path, mode: Mode) -> None:
    with sqlite3.connect(location) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    sentence = f"is of schema version {SCHEMA_VERSION + 1}; this kb knows versions up to {SCHEMA_VERSION}"
    assert refusal(location, mode) == (sentence, "use the newer kb that wrote it")


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize("kept", [600, 4096, 50_000, 0.5, 0.99])
def test_a_base_that_was_cut_off_is_damaged(location: Path, kept: float, mode: Mode) -> None:
    size = location.stat().st_size
    os.truncate(location, int(kept * size) if kept < 1 else int(kept))
    assert refusal(location, mode) == ("is damaged", "restore it from a copy, or remove it and load the documents again")


@pytest.mark.parametrize("mode", BOTH)
def test_a_base_with_garbage_in_its_pages_is_damaged(location: Path, mode: Mode) -> None:
    content = bytearray(location.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    location.write_bytes(content)
    assert refusal(location, mode)[0] == "is damaged"


@pytest.mark.parametrize(
    ("statement", "value"), [("name = CAST(? AS TEXT)", b"\xff\xfe"), ("flags = ?", '["cut o'), ("flags = ?", "7")]
)
def test_a_value_that_is_not_what_we_write_is_damage(location: Path, statement: str, value: object) -> None:
    with sqlite3.connect(location) as connection:
        connection.execute(f"UPDATE agent SET {statement}", (value,))
    connection.close()
    assert refusal(location, "read")[0] == "is damaged"


def test_an_error_that_we_have_no_words_for_is_given_in_those_of_sqlite(location: Path) -> None:
    with sqlite3.connect(location) as connection:
        connection.execute("DROP TABLE agent")
    connection.close()
    assert refusal(location, "read")[0] == "SQLite says: no such table: agent"


def test_a_full_database_says_so_and_keeps_what_it_had(location: Path) -> None:
    connection = sqlite3.connect(location, isolation_level=None)
    connection.execute("PRAGMA max_page_count = 1")  # as many as there are
    full = pytest.raises(StoreError, match="the disk is full; nothing was written")
    with full, files.faults(str(location)), files.transaction(connection):
        connection.execute("UPDATE agent SET name = ?", ("y" * 10_000,))
    connection.close()
    with open_engine(str(location), mode="read") as engine:
        assert read_all(engine) == expected(AGENTS, [])


WRITER_WITHOUT_ROOM = """
import resource, sys
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import StoreError
from kb.model.graph import Node

resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
nodes = [Node("Agent", f"new-{number}", {"form": "product", "name": "y" * 500}) for number in range(20_000)]
with open_engine(sys.argv[1], mode="write") as engine:
    try:
        engine.write(Batch(nodes=nodes))
    except StoreError as error:
        print(error, "|", error.hint)
"""


def run(script: str, path: Path) -> str:
    """What ``script`` prints when it is given ``path``."""
    result = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert result.stderr == ""
    return result.stdout


def test_a_writer_without_room_leaves_the_base_as_it_was(location: Path) -> None:
    said = run(WRITER_WITHOUT_ROOM, location)
    sentence = "the disk failed or is full; nothing was written | look at the disk and run the command again"
    assert said == f"{location}: {sentence}\n"
    with open_engine(str(location), mode="read") as engine:
        assert read_all(engine) == expected(AGENTS, [])


def test_a_first_writer_without_room_leaves_no_file(tmp_path: Path) -> None:
    assert "the disk failed or is full" in run(WRITER_WITHOUT_ROOM, tmp_path / "kb.db")
    assert list(tmp_path.iterdir()) == []


# Where permissions do not bind (root), becomes somebody for whom they do, after everything is imported.
SOMEBODY = """
import os, sys
import kb.engines.embedded.engine
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import StoreError

if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    with open_engine(sys.argv[1], mode=MODE) as engine:
        if MODE == "write":
            engine.write(Batch())
        print(len(engine.nodes("Agent")))
except StoreError as error:
    print(error, "|", error.hint)
"""
READING, WRITING = SOMEBODY.replace("MODE", "'read'"), SOMEBODY.replace("MODE", "'write'")


@pytest.fixture
def guarded(location: Path) -> Path:
    """The base in a folder that nobody may write; its parents can be passed."""
    for folder in location.parents[:3]:
        if folder.owner() == location.owner() and folder != Path(folder.root):
            folder.chmod(folder.stat().st_mode | 0o055)
    location.chmod(0o444)
    location.parent.chmod(0o555)
    yield location
    location.parent.chmod(0o755)


def in_wal_mode(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def test_a_base_can_be_read_where_nothing_can_be_written(guarded: Path) -> None:
    assert run(READING, guarded) == "1000\n"


def test_a_base_at_rest_in_wal_mode_can_be_read_where_nothing_can_be_written(guarded: Path) -> None:
    guarded.parent.chmod(0o755)
    guarded.chmod(0o644)
    in_wal_mode(guarded)
    guarded.chmod(0o444)
    guarded.parent.chmod(0o555)
    assert run(READING, guarded) == "1000\n"


def test_a_base_in_the_middle_of_a_write_is_not_read_past_it(guarded: Path) -> None:
    guarded.parent.chmod(0o755)
    guarded.chmod(0o644)
    connection = sqlite3.connect(guarded, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE agent SET name = 'changed'")
    left_behind = guarded.with_name("copy.db")  # as a writer that died left it: the file, and what waits beside it
    shutil.copy(guarded, left_behind)
    shutil.copy(f"{guarded}-wal", f"{left_behind}-wal")
    connection.close()
    guarded.parent.chmod(0o555)
    hint = "look at the permissions of the file and of its folder"
    assert run(READING, left_behind) == f"{left_behind}: cannot be opened | {hint}\n"


def test_a_base_that_cannot_be_written_says_so(guarded: Path) -> None:
    hint = "look at the permissions of the file and of its folder"
    assert run(WRITING, guarded) == f"{guarded}: cannot be written | {hint}\n"


def test_a_folder_that_cannot_be_written_is_named_before_any_work_is_done(guarded: Path) -> None:
    path = guarded.with_name("new.db")
    assert run(WRITING, path) == f"{path}: the folder '{path.parent}' cannot be written | look at its permissions\n"


def test_a_base_that_may_not_be_read_says_so(guarded: Path) -> None:
    guarded.chmod(0o000)
    assert run(READING, guarded).startswith(f"{guarded}: cannot be opened")


def test_no_file_is_left_where_nothing_was_written(tmp_path: Path) -> None:
    with EmbeddedEngine(str(tmp_path / "kb.db"), mode="write") as engine:
        assert engine.nodes("Agent") == []
        engine.clear()
    assert list(tmp_path.iterdir()) == []
