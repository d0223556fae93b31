"""Names as a picture writes them: made harmless, measured, broken into lines and shortened in the middle."""

import unicodedata
from collections.abc import Iterable, Iterator

from kb.views.terminal import neutral

LEFT_OUT = "…"
_MARKS = 4
"""Combining marks that one character keeps; more would climb over the lines around it."""
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]{}/\\ -"), frozenset("mwMW@%—…")
_SPACES = frozenset(" /-_")
_ISOLATE, _POP = "\u2068", "\u2069"
_FULL = 0.35
"""Share of a line from which on it may be broken."""
REGULAR = 0.86
"""Width of regular letters to that of bold ones."""


def legible(text: str) -> str:
    """``text`` with everything visible that cannot be seen or steers its surroundings, and nothing that XML forbids."""
    shown = neutral(text)
    return shown if shown.isascii() else "".join(_bounded(shown.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")))


def isolated(text: str) -> str:
    """``text``, already legible, so that its direction neither takes from nor gives to what stands beside it."""
    return f"{_ISOLATE}{text}{_POP}"


def reads_leftward(text: str) -> bool:
    """Whether any of ``text`` is written from right to left."""
    return any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)


def width_of(text: str, size: float = 13.0) -> float:
    """Pixels that ``text`` takes at a font size of ``size``, in a bold sans-serif font of the wider sort."""
    return sum(map(_em, text)) * size


def lines_of(text: str, room: float, most: int, size: float = 13.0) -> tuple[str, ...]:
    """``text`` on at most ``most`` lines of ``room`` pixels, broken behind blanks, ``/``, ``-`` and ``_`` where that fits.

    What is too long for them loses its middle.
    """
    lines = list(_broken(text[: _longest(room, most, size)], room, size))
    if len(lines) <= most and len(text) <= _longest(room, most, size):
        return tuple(line.strip() for line in lines)
    if most == 1:
        return (shortened(text, room, size),)
    head = lines[: most // 2]
    rest = text[sum(map(len, head)) :]
    return (*(line.strip() for line in head), *_tail(rest, room, most - len(head), size))


def shortened(text: str, room: float, size: float = 13.0) -> str:
    """``text`` in ``room`` pixels, with ``…`` for its middle where it is longer."""
    if len(text) <= _longest(room, 1, size) and width_of(text, size) <= room:
        return text
    half = (room - width_of(LEFT_OUT, size)) / 2
    return f"{_fitting(text, half, size).rstrip()}{LEFT_OUT}{_fitting(reversed(text), half, size)[::-1].lstrip()}"


def _tail(rest: str, room: float, most: int, size: float) -> tuple[str, ...]:
    """What is left of a name on ``most`` lines: the last of them shortened."""
    if most == 1:
        return (shortened(rest.strip(), room, size),)
    first = next(_broken(rest[: _longest(room, 1, size)], room, size))
    return (first.strip(), *_tail(rest[len(first) :], room, most - 1, size))


def _broken(text: str, room: float, size: float) -> Iterator[str]:
    line, width, chance = "", 0.0, 0
    for char in text:
        width += _em(char) * size
        if line and width > room and char != " ":
            at = chance or len(line)
            yield line[:at]
            line = line[at:]
            width, chance = width_of(line + char, size), 0
        line += char
        if width > room * _FULL and (char in _SPACES or unicodedata.east_asian_width(char) in "WF"):
            chance = len(line)
    if line:
        yield line


def _longest(room: float, lines: int, size: float) -> int:
    """More characters than ever fit: what is looked at of a name of any length."""
    return int(lines * room / (0.3 * size)) * (_MARKS + 1) + 1


def _fitting(text: Iterable[str], room: float, size: float) -> str:
    taken = []
    for char in text:
        room -= _em(char) * size
        if room < 0:
            break
        taken.append(char)
    return "".join(taken)


def _bounded(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MARKS:
            yield char


def _em(char: str) -> float:
    if char.isascii():
        return 0.42 if char in _NARROW else 1.02 if char in _WIDE else 0.78 if char.isupper() else 0.7
    if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0xFFFF:
        return 1.3 if ord(char) > 0xFFFF else 1.05
    return 0.0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1.02 if char in _WIDE else 0.78
