"""HTML markup reduced to what carries text, so that no parser can be led astray by the rest.

A tree of HTML takes time that grows with the square of its depth, and of the number of attributes in a tag (half a megabyte
of nested ``<div>`` takes 15 seconds), so comments, scripts, attributes and inline tags go before the tree is built.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from kb.errors import Fault, InputError

MAX_TAGS = 200_000
"""Tags of any kind in a file, those in scripts not counted; keeps the time for hostile markup below two seconds."""

MAX_BLOCKS = 20_000
"""Block elements in a file: a threat-model page has some hundreds. A tree of as many, however deep, takes half a second."""

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
"""Elements that start a line of their own; all others run on within one, as in page text."""

_HIDDEN = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in (
        "button",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    )
}
"""Elements that are dropped with all they hold, each to the pattern of its end."""

_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_TAG_END = re.compile(r""">|=\s*(["'])""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z:]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_LONGEST_LINK = 4096
"""Characters of a ``<link>`` or ``<meta>`` tag; a longer one is not looked into."""

OPEN, CLOSE = "\ue000", "\ue001"
"""What stands around the number of a line, in private characters that are taken out of the source."""


class Markup(NamedTuple):
    """A file of HTML without what carries no text."""

    html: str
    """Block tags without attributes, and text; before each stretch of text the number of its line between OPEN and CLOSE."""
    address: str | None
    """The page's own address, as its head gives it."""


class _Piece(NamedTuple):
    """A stretch of the source: text, or one tag."""

    text: str
    start: int
    tag: str
    """Lower-case name of the tag, with ``/`` before it at its end; empty for text."""


def reduced(source: str, path: str) -> Markup:
    """The markup of ``source``; raises :class:`~kb.errors.InputError` where it holds more blocks than :data:`MAX_BLOCKS`."""
    source = source.replace(OPEN, " ").replace(CLOSE, " ")
    parts: list[str] = []
    addresses: dict[str, str] = {}
    line, counted, tags, blocks = 1, 0, 0, 0
    for piece in _pieces(source):
        line, counted = line + source.count("\n", counted, piece.start), piece.start
        tags += bool(piece.tag)
        if not piece.tag:
            parts.append(_numbered(piece.text, line))
        elif piece.tag in ("link", "meta"):
            addresses |= _address(piece.text)
        elif piece.tag.removeprefix("/") in BLOCKS:
            blocks += not piece.tag.startswith("/")
            parts.append(f"<{piece.tag}>")
        if blocks > MAX_BLOCKS or tags > MAX_TAGS:
            raise InputError([Fault(path, line, f"more than {MAX_BLOCKS:,} elements of HTML; a page has some hundreds")])
    return Markup("".join(parts), addresses.get("canonical") or addresses.get("og:url"))


def _pieces(source: str) -> Iterator[_Piece]:
    """The text and the tags of ``source``, in one pass; a comment, tag or script that never ends takes the rest with it."""
    position = 0
    while match := _TAG_START.search(source, position):
        start = match.start()
        if start > position:
            yield _Piece(source[position:start], position, "")
        closing = source.startswith("/", start + 1)
        name = _NAME.match(source, start + 1 + closing)
        if name is not None:
            end = _tag_end(source, name.end())
            tag = name[0].lower()
            if end:
                yield _Piece(source[start:end], start, "/" * closing + tag)
            if end and not closing and (hidden := _HIDDEN.get(tag)):
                ending = hidden.search(source, end)
                end = ending.start() if ending else 0
        elif source.startswith("<!--", start):
            end = _after(source, "-->", start + 2)
        else:
            end = _after(source, ">", start + 1)
        if not end:
            return
        position = end
    yield _Piece(source[position:], position, "")


def _tag_end(source: str, position: int) -> int:
    """The place after the tag that ``position`` lies in: its ``>`` outside of quoted values; 0 where it has none."""
    while match := _TAG_END.search(source, position):
        if not match[1]:
            return match.end()
        position = _after(source, match[1], match.end())
        if not position:
            return 0
    return 0


def _after(source: str, mark: str, position: int) -> int:
    """The place after the next ``mark``; 0 where there is none."""
    found = source.find(mark, position)
    return found + len(mark) if found >= 0 else 0


def _numbered(text: str, line: int) -> str:
    """``text``, which begins in ``line``, with the number of the line before its first character that is not blank."""
    text = text.replace("<", "&lt;")
    blank = len(text) - len(text.lstrip())
    return f"{text[:blank]}{OPEN}{line + text.count(chr(10), 0, blank)}{CLOSE}{text[blank:]}" if blank < len(text) else text


def _address(tag: str) -> dict[str, str]:
    """The address that a ``<link rel="canonical">`` or ``<meta property="og:url">`` gives, by the name of what gives it."""
    if len(tag) > _LONGEST_LINK:
        return {}
    given = {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(tag)}
    name = given.get("rel") or given.get("property") or given.get("name") or ""
    address = given.get("href") or given.get("content") or ""
    known = name.lower() in ("canonical", "og:url") and address.startswith(("http://", "https://"))
    return {name.lower(): address} if known else {}
