"""Groups whose commands are made when they are called, so that ``kb --help`` imports none of them."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from kb.cli.exits import ExitCode
from kb.errors import UsageError


class Entry(NamedTuple):
    """One line of a group's listing and how its command is made."""

    summary: str
    """The first sentence of the command's help, without its full stop."""
    make: Callable[[], Any]


def lazy_group(entries: Mapping[str, Entry]) -> type[TyperGroup]:
    """A class of groups whose commands are ``entries``, listed in that order."""

    class LazyGroup(TyperGroup):
        """A group that lists summaries, and makes a command when it is called."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands: dict[str, Any] = dict.fromkeys(entries)

        def list_commands(self, ctx: Any) -> list[str]:
            """The names, in the order of the entries."""
            return list(entries)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """The command ``cmd_name``, made at its first use; ``None`` where there is none."""
            if cmd_name in entries and self.commands[cmd_name] is None:
                self.commands[cmd_name] = entries[cmd_name].make()
            return self.commands.get(cmd_name)

        def get_help_option(self, ctx: Any) -> Any:
            """The option ``--help``; typer asks pydantic about a flag without a default, which doubles a command's start."""
            option = super().get_help_option(ctx)
            if option is not None:
                option.default = False
            return option

        def format_commands(self, ctx: Any, formatter: Any) -> None:
            """Write the listing from the summaries alone."""
            with formatter.section("Commands"):
                formatter.write_dl([(name, entry.summary) for name, entry in entries.items()])

        def main(self, *args: Any, **extra: Any) -> NoReturn:
            """Run the command line and exit; words that it does not take are a :class:`~kb.errors.UsageError`."""
            try:
                code = super().main(*args, **{**extra, "standalone_mode": False})
            except Exception as error:  # typer gives its own classes no public name
                if not hasattr(error, "format_message"):
                    raise
                if type(error).__name__ == "NoArgsIsHelpError":
                    error.show()  # type: ignore[attr-defined]
                    sys.exit(ExitCode.USAGE)
                raise usage_error(error) from error
            sys.exit(code if isinstance(code, int) else ExitCode.ANSWERED)

        def invoke(self, ctx: Any) -> Any:
            """Run the command; older versions of typer end an interrupted one with 1."""
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt:
                raise typer.Exit(ExitCode.INTERRUPTED) from None

    return LazyGroup


_PLAINER = (
    ("Value error, ", ""),
    (". Did you mean", "; did you mean"),
    ("Input should be a valid integer, unable to parse string as an integer", "expected a whole number"),
    ("Input should be a valid number, unable to parse string as a number", "expected a number"),
    ("Input should be greater than or equal to ", "expected at least "),
)
"""What pydantic says on typer's behalf, and what a person would."""


def usage_error(error: Any) -> UsageError:
    """A complaint of typer's about the words of the command line in our form: one line, and where to look."""
    sentence = " ".join(error.format_message().split()).rstrip(".")
    for theirs, ours in _PLAINER:
        sentence = sentence.replace(theirs, ours)
    context = getattr(error, "ctx", None)
    hint = f"see `{context.command_path} --help`" if context else "see `kb --help`"
    return UsageError(f"{sentence[:1].lower()}{sentence[1:]}", hint)
