"""Rows as a table for reading. Values are text, never markup; without a terminal's width nothing is wrapped or cut."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from kb.views.style import CERTAINTY, HEADING, SEVERITY, STATE
from kb.views.terminal import Terminal, neutral
from kb.views.words import plain

_UNBOUND = 1_000_000
"""Columns of a pipe: more than any line needs, as rich wants a number."""


_INKS = {**SEVERITY, **{word: ink for word, ink in CERTAINTY.items() if word}, **STATE}
"""The values that have a colour wherever they stand."""


def drawn(terminal: Terminal, *parts: RenderableType) -> str:
    """``parts`` one below the other as text for ``terminal``, without trailing blanks."""
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=terminal.width or _UNBOUND,
        force_terminal=terminal.color,
        color_system="auto" if terminal.color else None,
        no_color=not terminal.color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def to_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], terminal: Terminal) -> str:
    """``rows`` under their column names; numbers to the right, lists joined by commas, absent is ``–``."""
    rule = box.SIMPLE_HEAD if terminal.width else None  # as wide as the table: no good in a pipe
    table = Table(box=rule, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style=HEADING.ansi)
    for column in columns:
        values = [row.get(column) for row in rows]
        table.add_column(
            Text(column.replace("_", " ")),
            justify="right" if _numeric(values) else "left",
            overflow="fold",
            no_wrap=terminal.width is None,
        )
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    return drawn(terminal, table)


def _numeric(values: Sequence[Any]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)


def _cell(value: Any) -> Text:
    text = neutral(plain(value))
    ink = _INKS.get(text)
    return Text(text, style=ink.ansi if ink else "")
