"""``kb load`` and ``kb forget``: what is in the base."""

from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.exits import ExitCode
from kb.cli.run import Run

Paths = Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files and folders; folders with all below them.")]
Seeds = Annotated[bool, typer.Option("--seeds", help="Load the assessments and systems that travel with the package.")]
Sync = Annotated[str | None, typer.Option(metavar="DIR", help="Load DIR, and forget what has vanished from it.")]
Reinfer = Annotated[bool, typer.Option("--reinfer", help="Make everything that rules infer anew.")]
Documents = typer.Argument(
    metavar="DOCUMENT|PATH", help="Ids of documents, or where they came from.", autocompletion=ids("assessments")
)


def load(run: Run, paths: Paths = None, seeds: Seeds = False, sync: Sync = None, reinfer: Reinfer = False) -> None:
    """Load threat assessments and systems, from files, folders or the package itself.

        kb load --seeds
        kb load pages/ my-agent.yaml

    Files are recognised by what is in them: threat-model pages as text or HTML, assessments and systems of ours as YAML
    or JSON.
    What is unchanged is skipped; a newer document of the same series takes the place of the older one. A file with a
    fault is left out whole, every fault is reported with its line, and the exit code is 3.
    """
    from kb.errors import UsageError
    from kb.views.progress import progress

    if not (paths or seeds or sync or reinfer):
        raise UsageError("nothing to load", hint="name files or folders, or use --seeds")
    with run.open("write") as base, progress(shown=not run.quiet, no_color=run.no_color) as advance:
        report = base.load(paths or [], seeds=seeds, sync=sync, reinfer=reinfer, progress=advance).as_dict()
    say_load(run, report)
    raise typer.Exit(ExitCode.LEFT_OUT if report["rejected"] else ExitCode.ANSWERED)


def say_load(run: Run, report: dict[str, Any]) -> None:
    """The documents on standard output where somebody asked for them; faults and counts on standard error."""
    from kb.views.load_report import DOCUMENT_COLUMNS, documents_table, fault_lines, summary

    if run.wants_rows:
        run.emit(report, lambda terminal: documents_table(report, terminal), report["documents"], DOCUMENT_COLUMNS)
    run.complain(*fault_lines(report))
    named = [f"ignored {path}" for path in report["ignored_files"]] if run.verbose else []
    run.remark(*report["remarks"], *named, summary(report))


def forget(run: Run, documents: Annotated[list[str], Documents]) -> None:
    """Withdraw documents and all that they assert.

        kb forget pages/qwen3-coder.txt
        kb forget sha256:4f2a…

    A document that a withdrawn one had superseded counts again. An agent of which no document speaks any more leaves.
    """
    from kb.views.load_report import summary
    from kb.views.table import to_table

    with run.open("write") as base:
        report = base.forget(documents).as_dict()
    rows = [{"document": document} for document in report["forgotten"]]
    if run.wants_rows:
        run.emit(report, lambda terminal: to_table(rows, ("document",), terminal), rows, ("document",))
    run.remark(summary(report))


COMMANDS = {"load": lambda: make_command(load, "load"), "forget": lambda: make_command(forget, "forget")}
