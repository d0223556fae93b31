"""One run of a command: the options that all commands share, and where its words go."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kb.cli.output import write_out

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.questions.watch import Watch
    from kb.views.terminal import Terminal

DEFAULT_STORE = "kb.db"
_ASSUMED = 5
"""Assumptions that are said unasked, of a list in which what moves an answer most comes first."""
_IDS = re.compile(r"((?:[^\s,;]+, ){3})((?:[^\s,;]+, )+[^\s,;]+)")
"""Five ids or more in a row."""


def _few(sentence: str) -> str:
    """``sentence`` with three of each row of many ids."""
    return _IDS.sub(lambda row: f"{row[1].removesuffix(', ')} and {row[2].count(',') + 1} more", sentence)


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"
    csv = "csv"


_LONGEST = 80
"""Characters of a file name that is made from the command."""


@dataclass(frozen=True, slots=True)
class Run:
    """The options that all commands share; those that a command does not have are at their defaults."""

    store: str = DEFAULT_STORE
    format: str = Format.table
    output: str = "-"
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False

    def open(self, mode: Any = "read") -> "KnowledgeBase":
        """The base that the user named, to be used in a ``with``."""
        from kb.api import KnowledgeBase

        return KnowledgeBase.open(self.store, mode=mode)

    @property
    def terminal(self) -> "Terminal":
        """What the place that the answer goes to can show."""
        from kb.views.terminal import Terminal, terminal_of

        return terminal_of(sys.stdout, no_color=self.no_color) if self.output == "-" else Terminal()

    def watched(self) -> AbstractContextManager["Watch"]:
        """Somebody who looks on while a long answer is worked out: a bar on standard error, and Ctrl-C for what there is."""
        from kb.cli.watching import watched

        return watched(quiet=self.quiet, no_color=self.no_color)

    def write(self, text: str) -> None:
        """Send ``text`` to standard output, or to the file that the user named, whole or not at all."""
        write_out(self.output, text)

    def write_page(self, text: str, command: str) -> None:
        """Send a page to look at where the user wants it; instead of over a terminal, to a file that ``command`` names."""
        if self.output != "-" or not sys.stdout.isatty():
            self.write(text)
            return
        from kb.model.ids import slugify

        name = f"{slugify(command)[:_LONGEST].strip('-')}.html"
        write_out(name, text)
        self.complain(f"written to {name}; open it in a browser")

    @property
    def wants_rows(self) -> bool:
        """Whether a command whose work is done in silence should list what it did."""
        return self.format != Format.table or self.output != "-" or self.verbose

    def complain(self, *sentences: str) -> None:
        """Say ``sentences`` on standard error, whatever the user wants to hear."""
        from kb.views.terminal import terminal_of, wrapped

        for sentence in sentences:
            print(wrapped(sentence, terminal_of(sys.stderr)), file=sys.stderr)

    def remark(self, *sentences: str) -> None:
        """Say ``sentences`` on standard error, unless the user wants quiet."""
        if not self.quiet:
            self.complain(*sentences)

    def assume(self, assumptions: Sequence[str]) -> None:
        """Say on standard error what an answer takes for granted: what moves it most, unless the user wants more words."""
        shown = [f"assumed: {one}" for one in (assumptions if self.verbose else map(_few, assumptions[:_ASSUMED]))]
        more = len(assumptions) - len(shown)
        self.remark(*shown, *([f"assumed: {more} more, -v; --format json has all"] if more else []))

    def emit(
        self,
        answer: Any,
        page: Callable[["Terminal"], str],
        rows: Sequence[Mapping[str, Any]],
        columns: Sequence[str],
    ) -> None:
        """Write ``answer`` as the user asked: whole as JSON, its ``rows`` as CSV, or the ``page`` that people read."""
        if self.verbose and isinstance(answer, dict) and answer.get("base"):
            self.remark(f"base: {answer['base']} in {self.store}")
        if self.format == Format.json:
            from kb.views.json import to_json

            self.write(to_json(answer))
        elif self.format == Format.csv:
            from kb.views.csv import to_csv

            self.write(to_csv(rows, columns))
        else:
            self.write(page(self.terminal))
