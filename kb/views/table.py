"""Rows as a table for reading. Values are text, never markup; without a terminal's width nothing is wrapped or cut."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from rich import box
from rich.cells import cell_len
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
    if terminal.width is None:  # rich pads lines to the width: so no more of it than the longest one needs
        console.width = max((console.measure(part).maximum for part in parts), default=1)
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def to_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], terminal: Terminal) -> str:
    """``rows`` under their column names; numbers to the right, lists joined by commas, absent is ``–``."""
    rule = box.SIMPLE_HEAD if terminal.width else None  # as wide as the table: no good in a pipe
    table = Table(box=rule, padding=(0, GAP, 0, 0), pad_edge=False, show_edge=False, header_style=HEADING.ansi)
    whole = unbroken(rows, columns, terminal.width or 0)
    for column in columns:
        values = [row.get(column) for row in rows]
        table.add_column(
            Text(column.replace("_", " ")),
            justify="right" if is_numeric(values) else "left",
            overflow="fold",
            no_wrap=terminal.width is None or column in whole,
        )
    for row in rows:
        table.add_row(*(cell(row.get(column)) for column in columns))
    return drawn(terminal, table)


ROOM = 12
"""Width that a column of several words needs at least."""
GAP = 2
"""Columns of the screen between two columns of a table."""


def widest(rows: Sequence[Mapping[str, Any]], column: str) -> int:
    """The width of the longest cell of ``column``, its name included."""
    return max(len(column), *(cell_len(neutral(plain(row.get(column)))) for row in rows), 0)


def in_one_piece(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    """Whether ``column`` holds single words, such as ids, which read badly when they are broken."""
    return not any(" " in plain(row.get(column)) for row in rows)


def unbroken(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], width: int) -> set[str]:
    """The columns that stay in one piece; none where ``width`` has no room for that, so that nothing is cut."""
    words = {column: widest(rows, column) for column in columns if in_one_piece(rows, column)}
    needed = sum(words.values()) + ROOM * (len(columns) - len(words)) + GAP * len(columns)
    return set(words) if needed <= width else set()


def is_numeric(values: Sequence[Any]) -> bool:
    """Whether the present ones of ``values`` are numbers, and there are some."""
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)


def cell(value: Any) -> Text:
    """``value`` in words, in the colour of a word that has one."""
    text = neutral(plain(value))
    ink = _INKS.get(text)
    return Text(text, style=ink.ansi if ink else "")
