"""What the place that a text goes to can show, and how hostile text is made harmless there."""

import os
import re
import shutil
import textwrap
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a text may make use of. A file and a pipe have no width: lines there are as long as they need to be."""

    width: int | None = None
    """Columns; ``None`` where lines are never cut or wrapped."""
    color: bool = False


def terminal_of(stream: TextIO, *, no_color: bool = False) -> Terminal:
    """The :class:`Terminal` behind ``stream``; plain where ``no_color`` or ``NO_COLOR`` asks for it or ``TERM`` is ``dumb``."""
    if not stream.isatty():
        return Terminal()
    plain = no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Terminal(width=shutil.get_terminal_size().columns, color=not plain)


def wrapped(sentence: str, terminal: Terminal) -> str:
    """``sentence`` with its unsafe characters escaped, and on a screen broken between words only."""
    text = neutral(sentence)
    if terminal.width is None or len(text) < terminal.width:
        return text
    room = max(terminal.width - 1, 1)
    lines = textwrap.wrap(text, room, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that steer a terminal or cannot be seen: controls, bidirectional marks, line separators, invisible characters,
tags, lone surrogates. Left alone are the joiners U+200C and U+200D, which Persian and emoji are written with, and the
format characters that are visible signs, such as U+0600 ARABIC NUMBER SIGN."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def neutral(text: str) -> str:
    r"""``text`` with every unsafe character as a visible escape: ``\x1b``, ``\u202e``, ``\U000e0041``, ``\n``."""
    return UNSAFE.sub(lambda match: _NAMED.get(match[0]) or _escape(ord(match[0])), text)


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
