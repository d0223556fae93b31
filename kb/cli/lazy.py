"""Groups whose commands are made when they are called, so that ``kb --help`` imports none of them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from kb.cli.exits import ExitCode


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

        def invoke(self, ctx: Any) -> Any:
            """Run the command; older versions of typer end an interrupted one with 1."""
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt:
                raise typer.Exit(ExitCode.INTERRUPTED) from None

    return LazyGroup
