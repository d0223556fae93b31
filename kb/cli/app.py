"""The frame of the command line: what commands there are, and the options that stand before them."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from kb.cli.command import help_text
from kb.cli.lazy import Entry, lazy_group


def _from(module: str, name: str) -> Callable[[], Any]:
    """Make the command ``name`` of ``kb.cli.<module>``."""
    return lambda: import_module(f"kb.cli.{module}").COMMANDS[name]()


COMMANDS = {
    name: Entry(summary, _from(module, name))
    for name, module, summary in (
        ("load", "load", "Load threat assessments and systems, from files, folders or the package itself"),
        ("forget", "load", "Withdraw documents and all that they assert"),
        ("list", "list", "List all nodes of one kind"),
        ("show", "show", "Show everything that the base knows of one agent, threat, mitigation, layer, …"),
        ("ask", "ask", "Ask a question: who shares a threat, what is uncovered, what maps to what"),
        ("cascade", "cascade", "Say who falls next when an agent falls, along which chain, and how likely"),
        ("paths", "cascade", "Show the most likely chains of trust from one agent to others"),
        ("plan", "plan", "Find the few controls and severed relations of trust that lower the expected loss most"),
        ("map", "map", "Draw a picture of an answer: who falls, along which paths, who shares a threat, a system"),
        ("report", "report", "Write a report to hand over: findings, scores, cascades, a plan, what is assumed and unknown"),
        ("diff", "diff", "Show which nodes, relations and scores came, went and changed"),
        ("score", "score", "Compute an OWASP AIVSS score from its inputs"),
        ("push", "transfer", "Make another base equal to this one"),
        ("pull", "transfer", "Make this base equal to another one"),
        ("cypher", "cypher", "Run Cypher that only reads on a Neo4j server, or a look-up by name on any store"),
        ("schema", "schema", "Print the schema of the graph, or of the documents that kb loads"),
        ("doctor", "doctor", "Check the installation and the store"),
    )
}
"""Every command with the sentence that the listing shows; a test holds it against the command's own help."""


SHARED_FLAGS = ("-q", "--quiet", "-v", "--verbose", "--no-color", "--debug")
SHARED_VALUES = ("--store", "-f", "--format", "-o", "--output")
"""The options that all commands share, and that may stand before the command as well."""


def run_app(words: Sequence[str]) -> None:
    """Run the command line ``words`` and exit."""
    # typer lets pydantic look at its two completion options, which would double the time of every `kb COMMAND --help`
    completion = "_KB_COMPLETE" in os.environ or not any(word in COMMANDS for word in words)
    root_command(completion=completion)(shared_behind(words), prog_name="kb")


def root_command(*, completion: bool) -> Any:
    """The command ``kb``, with the options that install a shell's completion where ``completion`` asks for them."""
    app = typer.Typer(
        name="kb",
        cls=lazy_group(COMMANDS),
        callback=_root,
        help=help_text(_root.__doc__ or ""),
        add_completion=completion,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    return typer.main.get_command(app)


def shared_behind(words: Sequence[str]) -> list[str]:
    """``words`` with the shared options that stand before the command moved behind its own words."""
    rest, moved = list(words), []
    while rest:
        name, equals, _ = rest[0].partition("=")
        if rest[0] in SHARED_FLAGS or (name in SHARED_VALUES and equals):
            moved.append(rest.pop(0))
        elif name in SHARED_VALUES:
            moved += rest[:2]
            rest = rest[2:]
        else:
            break
    end = rest.index("--") if "--" in rest else len(rest)
    return rest[:end] + moved + rest[end:]


def _version(asked: bool) -> None:
    if asked:
        from kb import __version__

        typer.echo(f"kb {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """A graph-backed threat knowledge base for AI agents.

        kb load --seeds
        kb ask shared-threats
        kb show qwen3-coder

    The options that all commands share (--store, --format, --output, --quiet, --verbose, --no-color, --debug) may stand
    before the command as well as behind it.
    """
