"""``kb report``: everything that somebody who reviews a threat model expects, as one file to hand over."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.run import Run

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.questions.pictures.picture import Picture

_MAX_NODES = 40
"""Spots of a picture in a report: what a page of paper can show."""


class ReportFormat(StrEnum):
    """How a report is written."""

    html = "html"
    markdown = "markdown"
    json = "json"


Agents = Annotated[
    list[str] | None,
    typer.Argument(metavar="AGENT", help="Agents or products, instead of a whole system.", autocompletion=ids("agents")),
]
System = Annotated[
    str | None,
    typer.Option("--system", metavar="ID", help="The system; else the only one there is.", autocompletion=ids("systems")),
]
Budget = Annotated[int, typer.Option("--budget", metavar="N", help="Plan at most so many actions.")]


def report(run: Run, agents: Agents = None, system: System = None, budget: Budget = 3) -> None:
    """Write a report to hand over: findings, scores, cascades, a plan, what is assumed and unknown.

        kb report --system ticket-to-merge -o report.html
        kb report codegen qwen3-coder --format markdown
        kb report --system ticket-to-merge --budget 5 --format json

    The HTML page is one file without script or reference to another place, and prints to a good PDF; instead of to a
    terminal it goes to a file, which is named. SOURCE_DATE_EPOCH sets the date.
    """
    with run.open() as base, run.watched() as watch:
        found = base.report(agents or (), system=system, budget=budget, watch=watch)
        pictures = {} if run.format == ReportFormat.json else _pictures(base, found)
    text = _written(found, pictures, run.format)
    if run.format == ReportFormat.html:
        run.write_page(text, found["command"])
    else:
        run.write(text)
    run.remark(*([f"cut: {found['truncated_by']}"] if found["truncated_by"] else []))


def _pictures(base: "KnowledgeBase", found: dict[str, Any]) -> "dict[str, Picture]":
    """The picture of who falls in each system of the report, from strangers or else from who takes most along."""
    starts = {
        part["system"]: "outside" if part["from_outside"] else next((one["agent"] for one in part["from_agents"]), None)
        for part in found["systems"]
    }
    return {
        system: base.picture("cascade", agent=start, system=system, max_nodes=_MAX_NODES)
        for system, start in starts.items()
        if start is not None
    }


def _written(found: dict[str, Any], pictures: "dict[str, Picture]", form: str) -> str:
    if form == ReportFormat.json:
        from kb.views.json import to_json

        return to_json(found)
    from kb.views.report.document import report_document
    from kb.views.report.picture import drawing_of

    document = report_document(found, {system: drawing_of(picture) for system, picture in pictures.items()})
    if form == ReportFormat.markdown:
        from kb.views.report.markdown import to_markdown

        return to_markdown(document)
    from kb.views.report.page import to_page

    return to_page(document)


_HELP = "html is a page to read and print, markdown is for documents, json for programs."
COMMANDS = {"report": lambda: make_command(report, "report", formats=ReportFormat, format_help=_HELP)}
