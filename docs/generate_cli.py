"""Writes the generated parts of ``docs/cli.md``: the table of exit codes and the help of every command.

``python docs/generate_cli.py`` renews the file; ``tests/docs/test_cli_page.py`` holds it against this.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["COLUMNS"] = "100"

from kb.cli.app import root_command
from kb.cli.exits import ExitCode

PAGE = Path(__file__).parent / "cli.md"


def rendered(page: str) -> str:
    """``page`` with what stands between ``<!-- begin X -->`` and ``<!-- end X -->`` made anew."""
    for name, text in {"exit codes": exit_codes(), "commands": commands()}.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->\n"
        page = re.sub(f"({re.escape(begin)}).*?({re.escape(end)})", lambda match: match[1] + text + match[2], page, flags=re.S)  # noqa: B023
    return page


def exit_codes() -> str:
    """Every exit code with what it says, as a table."""
    rows = [f"| {code.value} | {code.meaning} |" for code in ExitCode]
    return "\n".join(["| code | says |", "| ---: | --- |", *rows]) + "\n"


def commands() -> str:
    """The help of ``kb`` and of every command below it, each under its own heading."""
    return "\n".join(
        f"## {words}\n\n```text\n{text}\n```\n" for words, text in helps(root_command(completion=True), "kb", None)
    )


def helps(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    """The words that call ``command`` and its help, then those of its own commands, in their order."""
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    yield context.command_path, command.get_help(context)
    for below in getattr(command, "commands", ()):
        yield from helps(command.get_command(context, below), below, context)


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
