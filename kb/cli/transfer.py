"""``kb push`` and ``kb pull``: a base from one store to another."""

from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.run import Run

Place = Annotated[str, typer.Argument(metavar="URL|PATH", help="The other store: neo4j://HOST, or a file.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Withdraw what the target holds and the source does not.")]


def push(run: Run, place: Place, withdraw: Withdraw = False) -> None:
    """Make another base equal to this one.

        kb push neo4j://localhost

    Documents go over whole, many in one transaction; those that the target has already are passed over, so a push that was
    cut off goes on where it stopped. A target that holds documents which this base has not is refused, unless --withdraw is
    given. User and password come from NEO4J_USERNAME and NEO4J_PASSWORD.
    """
    from kb.views.progress import progress

    with run.open() as base, progress(shown=not run.quiet, no_color=run.no_color) as advance:
        report = base.push(place, withdraw=withdraw, progress=advance).as_dict()
    say_transfer(run, report)


def pull(run: Run, place: Place, withdraw: Withdraw = False) -> None:
    """Make this base equal to another one.

        kb pull neo4j://localhost --store copy.db

    The same as kb push, the other way round: this base is the target.
    """
    from kb.views.progress import progress

    with run.open("write") as base, progress(shown=not run.quiet, no_color=run.no_color) as advance:
        report = base.pull(place, withdraw=withdraw, progress=advance).as_dict()
    say_transfer(run, report)


def say_transfer(run: Run, report: dict[str, Any]) -> None:
    """The counts on standard error; on standard output where somebody asked for them."""
    from kb.views.load_report import summary
    from kb.views.table import to_table

    columns = tuple(report)
    if run.wants_rows:
        run.emit(report, lambda terminal: to_table([report], columns, terminal), [report], columns)
    run.remark(summary(report))


COMMANDS = {"push": lambda: make_command(push, "push"), "pull": lambda: make_command(pull, "pull")}
