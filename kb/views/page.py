"""The parts that pages in a terminal are built of: headings, indented blocks, quotes, counts."""

import re
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kb.views.style import HEADING, QUIET
from kb.views.terminal import neutral

GAP = Text("")


def section(title: str, *parts: RenderableType, note: str = "") -> RenderableType:
    """A heading with ``parts`` indented below it, and an empty line after; nothing where there are no parts."""
    if not parts:
        return Group()
    head = Text(neutral(title), style=HEADING.ansi)
    head.append(f"  {neutral(note)}" if note else "", style=f"not bold {QUIET.ansi}")
    return Group(head, indented(Group(*parts), 2), GAP)


def indented(part: RenderableType, columns: int) -> RenderableType:
    """``part`` with ``columns`` of room on its left, in every line."""
    return Padding(part, (0, 0, 0, columns))


def quiet(words: str) -> Text:
    """``words`` for those who look."""
    return Text(neutral(words), style=QUIET.ansi)


def columns(rows: Iterable[Sequence[str | Text]]) -> Table:
    """``rows`` as columns without lines; the first keeps its width, the others give way on a narrow screen."""
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    cells = [[cell if isinstance(cell, Text) else Text(neutral(cell)) for cell in row] for row in rows]
    for number in range(max(map(len, cells), default=0)):
        grid.add_column(no_wrap=number == 0, overflow="fold")
    for row in cells:
        grid.add_row(*row)
    return grid


def counted(number: int, word: str, words: str = "") -> str:
    """``1 threat``, ``2 threats``; ``words`` is a plural that is no mere ``s``."""
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def natural(node_id: str) -> list[tuple[int, str]]:
    """Sort key by which ``owasp:T2`` comes before ``owasp:T11``: what people expect of a list that they read."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", node_id)]
