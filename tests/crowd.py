"""Two bases of one shape: every free text of the one is hostile, every free text of the other a plain name."""

from collections.abc import Sequence

import pytest

from command_line import CommandLine
from hostile import CROWD, PLAIN, documents
from inputs import put


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line beside a store ``kb.db`` with hostile names; for commands that write nothing into it."""
    return _loaded(CommandLine(tmp_path_factory.mktemp("crowd")), CROWD)


@pytest.fixture(scope="session")
def plain_crowd(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The same with plain names."""
    return _loaded(CommandLine(tmp_path_factory.mktemp("plain")), PLAIN)


def _loaded(kb: CommandLine, names: Sequence[str]) -> CommandLine:
    put(kb.folder / "in", documents(names))
    done = kb("load", "in", "--quiet")
    assert (done.code, done.out) == (0, "")
    return kb
