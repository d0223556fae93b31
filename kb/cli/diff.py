"""``kb diff``: what came, went and changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.run import Run
from kb.errors import InputError, UsageError

if TYPE_CHECKING:
    from kb.api import KnowledgeBase

_SQLITE = b"SQLite format 3\0"

Before = Annotated[str | None, typer.Argument(metavar="BEFORE", help="A store, or a document or folder of documents.")]
After = Annotated[str | None, typer.Argument(metavar="AFTER", help="What to set beside it, in the same forms.")]
Agent = Annotated[
    str | None,
    typer.Option("--agent", metavar="ID", help="Its superseded documents against what holds.", autocompletion=ids("agents")),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="AGENT", help="Also who falls otherwise, and along which chains, if it falls.")
]


def diff(run: Run, before: Before = None, after: After = None, agent: Agent = None, fallen: From = None) -> None:
    """Show which nodes, relations and scores came, went and changed.

        kb diff monday.db friday.db
        kb diff desk.yaml desk-next.yaml --from desk/reader
        kb diff --agent codegen

    Documents are loaded into a base of their own that is thrown away; what they are based on has to be among them. Where
    something was read and when, and which document says it, is no difference. --from lists whose probability moves by more
    than 0.01, and the likeliest chains that appear and vanish.
    """
    if agent is not None:
        if before or after or fallen:
            raise UsageError("--agent goes with neither BEFORE and AFTER nor --from")
        with run.open() as base:
            answer = base.diff_of_agent(agent)
    elif before is None or after is None:
        raise UsageError("name BEFORE and AFTER, or --agent ID", hint="for example kb diff monday.db friday.db")
    else:
        with _opened(before) as old, _opened(after) as new:
            answer = old.diff(new, fallen=fallen)
    from kb.views.diff_page import COLUMNS, diff_page, diff_rows

    run.emit(answer, lambda terminal: diff_page(answer, terminal), diff_rows(answer), COLUMNS)
    cut = [f"cut: {answer['truncated_by']}"] if answer["truncated_by"] else []
    run.remark(*answer["remarks"], *cut)
    run.assume(answer["assumptions"])


@contextmanager
def _opened(place: str) -> "Iterator[KnowledgeBase]":
    """The base that ``place`` is, or one that holds the documents there and nothing else."""
    from kb.api import KnowledgeBase

    if "://" in place or not Path(place).exists() or _is_store(Path(place)):
        with KnowledgeBase.open(place) as base:
            yield base
        return
    with TemporaryDirectory() as folder, KnowledgeBase.open(Path(folder, "kb.db"), mode="write") as base:
        report = base.load(place)
        if report.rejected:
            raise InputError(report.rejected)
        if not report.documents:
            raise UsageError(f"{place} holds no document that kb loads")
        yield base


def _is_store(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


COMMANDS = {"diff": lambda: make_command(diff, "diff")}
