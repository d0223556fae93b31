"""The command line in folders of its own, and what it is to say."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import CommandLine, Done

ASSETS = Path(__file__).parents[1] / "assets" / "cli"
SNAPSHOTS = Path(__file__).parent / "snapshots"
AGENTS = ("harbor.yaml", "lantern.yaml")


@pytest.fixture
def kb(tmp_path: Path) -> CommandLine:
    """The command line in an empty folder."""
    return CommandLine(tmp_path)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line beside a store that holds harbor and lantern; for commands that write nothing into it."""
    command_line = CommandLine(tmp_path_factory.mktemp("loaded"))
    for name in AGENTS:
        (command_line.folder / name).write_bytes((ASSETS / name).read_bytes())
    assert command_line("load", *AGENTS) == Done(0, "", "2 loaded\n")
    return command_line


@pytest.fixture
def asset(kb: CommandLine) -> Callable[[str], str]:
    """Copies a file of ``tests/assets/cli`` beside the command line and gives its name."""

    def copy(name: str) -> str:
        (kb.folder / name).write_bytes((ASSETS / name).read_bytes())
        return name

    return copy


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Holds a whole output against ``tests/cli/snapshots/<name>.txt``; ``UPDATE_SNAPSHOTS=1`` writes what is new there."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
