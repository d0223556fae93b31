"""Pages to look at, drawn by the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import CommandLine, Done
from inputs import put

DESK = """
kind: system
id: desk
name: Desk
infer: false
agents:
  - {id: reader, name: Leser für Größen, faces: [{threat: llm2025:LLM01, susceptibility: 0.8}]}
  - id: planner
    name: 計画エージェント
    implements: [owasp:P1.1]
    faces: [{threat: owasp:T6, susceptibility: 0.6}, {threat: owasp:T2, susceptibility: 0.5}]
  - id: payments
    name: سارة الوكيل
    criticality: 0.9
    faces: [{threat: owasp:T6, susceptibility: 0.5}, {threat: owasp:T2, susceptibility: 0.4}]
integrations:
  - {from: reader, to: planner, channel: message, forward: 0.5}
  - {from: planner, to: payments, channel: message, forward: 1}
  - {from: planner, to: payments, channel: tool-call, forward: 0.5, backward: 0}
"""
"""The system that docs/cascade.md works by hand, its agents with names that not everybody types."""

Drawing = Callable[..., Path]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line beside a store with the desk."""
    kb = CommandLine(tmp_path_factory.mktemp("desk"))
    put(kb.folder, {"desk.yaml": DESK})
    assert kb("load", "desk.yaml") == Done(0, "", "1 loaded\n")
    return kb


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line beside a store with the seeds."""
    kb = CommandLine(tmp_path_factory.mktemp("worked"))
    assert kb("load", "--seeds", "-q").code == 0
    return kb


@pytest.fixture(scope="session")
def drawn() -> Drawing:
    """Runs a command that writes a file, once however often it is asked for, and gives the file."""
    files: dict[tuple[Path, tuple[str, ...]], Path] = {}

    def draw(kb: CommandLine, *words: str, ending: str = "html") -> Path:
        key = kb.folder, words
        if key not in files:
            path = kb.folder / f"{len(files)}.{ending}"
            done = kb(*words, "-o", path.name, "-q")
            assert (done.code, done.out, done.err) == (0, "", "")
            files[key] = path
        return files[key]

    return draw
