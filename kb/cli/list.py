"""``kb list``: all nodes of one kind."""

from typing import Annotated

import typer

from kb.cli.command import make_command
from kb.cli.completion import kinds
from kb.cli.run import Run

Kind = Annotated[str, typer.Argument(metavar="KIND", help="agents, threats, mitigations, layers …", autocompletion=kinds)]


def list_nodes(run: Run, kind: Kind) -> None:
    """List all nodes of one kind.

        kb list agents
        kb list threats --format csv

    KIND is agents, assessments, capabilities, layers, mitigations, resources, systems or threats, in the singular or the
    plural; documents are assessments. JSON is a bare array of {"id", "name", "form"?}, of assessments with "in_force": whether
    the document counts, or another one of its series does.
    """
    from kb.views.table import to_table

    with run.open() as base:
        rows = base.list(kind)
    columns = tuple(rows[0]) if rows else ("id", "name")
    run.emit(rows, lambda terminal: to_table(rows, columns, terminal), rows, columns)


COMMANDS = {"list": lambda: make_command(list_nodes, "list")}
