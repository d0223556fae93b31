"""HTML of a threat-model page as page text: a line for each block, inline text run together, table rows as ``| a | b |``."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import MissingExtraError
from kb.loading.html_markup import BLOCKS, CLOSE, OPEN, reduced

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_DROPPED = frozenset({"nav", "head", "dialog", "menu"})
"""Elements around the page's own text."""

_TEXT = "-text"
"""What the parser calls a stretch of text."""

_NUMBER = re.compile(f"{OPEN}([0-9]+){CLOSE}")


class PageText(NamedTuple):
    """The text of a page that was HTML."""

    text: str
    numbers: tuple[int, ...]
    """For each line of the text the line of the file in which it begins."""
    url: str | None
    """The page's address, as its head gives it."""


def page_text(source: str, path: str) -> PageText:
    """The text of the HTML ``source``.

    Raises :class:`~kb.errors.MissingExtraError` where the extra ``html`` is not installed, and
    :class:`~kb.errors.InputError` where it holds more elements than any threat-model page.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise MissingExtraError("reading HTML pages", "html") from error
    markup = reduced(source, path)
    body = LexborHTMLParser(markup.html).body
    writer = _Writer()
    for node, opens in _events(body) if body is not None else ():
        writer.take(node, opens)
    writer.end_line()
    return PageText("\n".join(text for text, _ in writer.lines), tuple(number for _, number in writer.lines), markup.address)


def _events(root: "LexborNode") -> Iterator[tuple["LexborNode", bool]]:
    """Each node below ``root`` as it begins (``True``) and, where it is an element, as it ends; not recursive."""
    waiting: list[tuple[LexborNode, bool]] = [(root, True)]
    while waiting:
        node, opens = waiting.pop()
        if node.tag in _DROPPED:
            continue
        yield node, opens
        if opens and node.tag != _TEXT:
            waiting.append((node, False))
            waiting += [(child, True) for child in reversed(list(node.iter(include_text=True)))]


class _Writer:
    """Lines in the making, from the events of a tree."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []
        """Text of each line that is not blank, and where it begins in the file."""
        self._here = 1
        self._parts: list[str] = []
        self._number: int | None = None
        self._cells: list[str] = []
        self._rows = 0
        """How many rows of tables are open; within one, blocks start no line."""
        self._verbatim = 0
        """How many ``pre`` elements are open, in which line breaks count."""

    def take(self, node: "LexborNode", opens: bool) -> None:
        """Write what ``node`` adds at its begin (``opens``) or its end."""
        if node.tag == _TEXT:
            self._write(node.text_content or "")
        elif node.tag == "tr":
            self._row(opens)
        elif self._rows:
            if node.tag in ("td", "th") and self._rows == 1:
                self._end_cell()
            elif node.tag in BLOCKS:
                self._parts.append(" ")
        elif node.tag in BLOCKS:
            self.end_line()
            self._verbatim += (1 if opens else -1) if node.tag == "pre" else 0

    def end_line(self) -> None:
        """Close the line that is being written."""
        text = self._taken()
        if text:
            self.lines.append((text, self._number or self._here))
        self._number = None

    def _write(self, text: str) -> None:
        for index, part in enumerate(_NUMBER.split(text)):
            if index % 2:
                self._here = int(part)
                continue
            for place, row in enumerate(part.split("\n") if self._verbatim and not self._rows else [part]):
                if place:
                    self.end_line()
                    self._here += 1
                self._parts.append(row)
                if self._number is None and row.strip():
                    self._number = self._here

    def _row(self, opens: bool) -> None:
        if opens and not self._rows:
            self.end_line()
        self._rows += 1 if opens else -1
        if self._rows:
            return
        if not opens:
            self._end_cell()
            cells, self._cells = self._cells, []
            several = len(cells) > 1
            self._parts = [f"| {' | '.join(cells)} |" if several else "".join(cells)]
            self.end_line()

    def _end_cell(self) -> None:
        text = self._taken()
        if text:
            self._cells.append(text)

    def _taken(self) -> str:
        """What was written since the last line or cell, with runs of blanks as one."""
        text = " ".join("".join(self._parts).split())
        self._parts = []
        return text
