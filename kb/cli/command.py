"""Functions as commands: what all commands share is said here once and reaches them as one :class:`~kb.cli.run.Run`."""

import inspect
import os
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from kb.cli.run import DEFAULT_STORE, Format, Run

_STORE_HELP = "The base: a file, or the address of a server.  [env var: KB_STORE; default: kb.db]"
_FORMAT_HELP = "table for reading, the others for programs."
_VERBOSE_HELP = "Also say which base answered, and what became of each document."
_OUTPUT_HELP = "Write to FILE, whole or not at all."


def _shared(formats: type[StrEnum], format_help: str, store: bool) -> list[inspect.Parameter]:
    """The options that a command with ``formats`` shares with all others, as parameters of a function."""
    options: dict[str, tuple[Any, Any, Any]] = {
        "store": (str | None, typer.Option("--store", metavar="PATH|URL", help=_STORE_HELP), None),
        "format": (formats, typer.Option("-f", "--format", help=format_help), next(iter(formats))),
        "output": (str, typer.Option("-o", "--output", metavar="FILE|-", help=_OUTPUT_HELP, show_default=False), "-"),
        "quiet": (bool, typer.Option("-q", "--quiet", help="No remarks and no progress, only errors."), False),
        "verbose": (bool, typer.Option("-v", "--verbose", help=_VERBOSE_HELP), False),
        "no_color": (bool, typer.Option("--no-color", help="No colours.  [env var: NO_COLOR]"), False),
        "debug": (bool, typer.Option("--debug", help="Let an error through as a traceback."), False),
    }
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])
        for name, (kind, option, default) in options.items()
        if store or name != "store"
    ]


def make_command(
    function: Callable[..., None],
    name: str,
    *,
    formats: type[StrEnum] = Format,
    format_help: str = _FORMAT_HELP,
    store: bool = True,
    help: str | None = None,
) -> Any:
    """The command ``name`` that calls ``function(run, …)`` with the function's further parameters.

    ``formats`` are the words that ``--format`` knows, the default first, and ``format_help`` explains them; ``store`` is
    whether the command uses a base.
    """
    own = [parameter for parameter in inspect.signature(function, eval_str=True).parameters.values() if parameter.name != "run"]
    shared = _shared(formats, format_help, store)

    def call(**given: Any) -> None:
        options = {parameter.name: given.pop(parameter.name) for parameter in shared}
        function(_run(options), **given)

    parameters = [*(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own), *shared]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name=name, help=help_text(help or inspect.getdoc(function) or ""))(call)
    return typer.main.get_command(app)


def help_text(docstring: str) -> str:
    """``docstring`` as help: indented paragraphs, which are examples, keep their lines."""
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(f"\b\n{part}" if part.startswith("    ") else part for part in paragraphs)


def _run(options: dict[str, Any]) -> Run:
    """The run that ``options`` ask for; the store is the one named here, else by ``KB_STORE``, else ``kb.db``."""
    return Run(
        store=options.get("store") or os.environ.get("KB_STORE") or DEFAULT_STORE,
        format=str(options["format"]),
        output=options["output"],
        quiet=options["quiet"],
        verbose=options["verbose"],
        no_color=options["no_color"],
    )
