"""The rows of an answer for reading: a table, and below each row what no column has room for."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kb.views.page import indented, quiet
from kb.views.style import HEADING
from kb.views.table import GAP, ROOM, cell, drawn, in_one_piece, is_numeric, to_table, widest
from kb.views.terminal import Terminal, neutral
from kb.views.words import plain

Rows = Sequence[Mapping[str, Any]]

_EMPTY: tuple[Any, ...] = (None, [], [""])
_LIST_SHARE = 3
"""A list that takes more than one part in so many of the screen's width goes below its row."""


def answer_table(rows: Rows, columns: Sequence[str], terminal: Terminal) -> str:
    """``rows`` as a table. In a pipe each row is one line and lists come last, so that no column grows for them.

    On a screen columns that are empty in every row are left out, and those that have no room stand below their row.
    """
    if not rows:
        return "no rows\n"
    if terminal.width is None:
        return to_table(rows, sorted(columns, key=lambda column: _is_list(rows, column)), terminal)
    filled = [column for column in columns if column == columns[0] or any(row.get(column) not in _EMPTY for row in rows)]
    beside = _beside(rows, filled, terminal.width)
    below = [column for column in filled if column not in beside]
    return _with_rest_below(rows, beside, below, terminal) if below else to_table(rows, filled, terminal)


def _is_list(rows: Rows, column: str) -> bool:
    return any(isinstance(row.get(column), list | tuple) for row in rows)


def _beside(rows: Rows, columns: Sequence[str], width: int) -> dict[str, int]:
    """The columns that fit beside each other, from the left, each with its width; at least the first."""
    fitting: dict[str, int] = {}
    for column in columns:
        size = widest(rows, column)
        least = size if in_one_piece(rows, column) else min(size, ROOM)
        too_long = _is_list(rows, column) and size > width // _LIST_SHARE
        if not fitting or (not too_long and sum(fitting.values()) + GAP * len(fitting) + least <= width):
            fitting[column] = min(least, width)
    spare = width - sum(fitting.values()) - GAP * (len(fitting) - 1)
    for column in fitting:
        more = min(spare, widest(rows, column) - fitting[column])
        fitting[column] += max(more, 0)
        spare -= max(more, 0)
    return fitting


def _with_rest_below(rows: Rows, beside: Mapping[str, int], below: Sequence[str], terminal: Terminal) -> str:
    numeric = {column for column in beside if is_numeric([row.get(column) for row in rows])}
    heads = [Text(column.replace("_", " "), style=HEADING.ansi) for column in beside]
    parts: list[RenderableType] = [_line(heads, beside, numeric)]
    for row in rows:
        parts += [_line([cell(row.get(column)) for column in beside], beside, numeric), _rest(row, below)]
    return drawn(terminal, *parts)


def _line(cells: Sequence[Text], widths: Mapping[str, int], numeric: set[str]) -> Table:
    """One row; all rows are cut from the same widths."""
    grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    for column, width in widths.items():
        grid.add_column(width=width, justify="right" if column in numeric else "left", overflow="fold")
    grid.add_row(*cells)
    return grid


def _rest(row: Mapping[str, Any], below: Sequence[str]) -> RenderableType:
    """What a row has no column for: one list as it is, all else behind its name."""
    known = [column for column in below if row.get(column) not in _EMPTY]
    facts = [Text.assemble(quiet(f"{column.replace('_', ' ')} "), neutral(plain(row[column]))) for column in known]
    if len(below) == 1 and known and isinstance(row[known[0]], list | tuple):
        facts = [Text(neutral(plain(row[known[0]])))]
    return indented(quiet(" · ").join(facts), 4) if facts else Group()
