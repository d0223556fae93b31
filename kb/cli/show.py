"""``kb show``: everything that the base knows of one node."""

from typing import Annotated

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.run import Run

_KINDS = ("agents", "systems", "threats", "mitigations", "capabilities", "layers", "assessments")
Node = Annotated[str, typer.Argument(metavar="ID", help="qwen3-coder, T2, owasp:T2, L3, sha256:…", autocompletion=ids(*_KINDS))]


def show(run: Run, node: Node) -> None:
    """Show everything that the base knows of one agent, threat, mitigation, layer, ….

        kb show qwen3-coder
        kb show owasp:T2
        kb show qwen3-coder --format json

    Short ids work: T2 is owasp:T2, L3 a layer, ASI02 and AML.T0051 go by their form, and a document is named by the first
    digits of its hash.
    """
    from kb.views.csv import flat
    from kb.views.profile_page import profile_page

    with run.open() as base:
        profile = base.show(node)
    run.emit(profile, lambda terminal: profile_page(profile, terminal), flat(profile), ("field", "value"))


COMMANDS = {"show": lambda: make_command(show, "show")}
